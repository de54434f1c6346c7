/* Interval values: the energy curve (AFN 0D F101) of each point, in pieces that a terminal's buffer holds. */
#include "dialog/q376_session_internal.h"

#include "codec/q376/q376_name.h"
#include "codec/q376/q376_request.h"

#define ENERGY_CURVE 101
#define PIECE_VALUES 96 /* of a request: a day of quarters of an hour, 384 bytes */

/* Freeze density of an interval; 0: the standard has none. */
static uint8_t density_of(unsigned interval_min)
{
    static const uint8_t densities[] = { 1, 2, 3, 254, 255 };

    for (size_t i = 0; i < sizeof densities; i++)
        if (interval_min != 0 && q376_density_minutes(densities[i]) == interval_min)
            return densities[i];
    return 0;
}

static unsigned point_first(const struct q376_session *session)
{
    unsigned point = 1;

    while (point <= Q376_POINT_LIMIT && !q376_point_is_in(session->order.body.points, point))
        point++;
    return point;
}

static uint8_t curve_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    const struct line_order *order = &session->order;
    uint8_t density = density_of(order->interval_min);
    unsigned point = point_first(session), left = (unsigned)(order->count - work->index);
    int64_t start_s = order->time_s + (int64_t)work->index * order->interval_min * 60;
    struct item_time start = item_time_of_unix(start_s + session->record.zone_offset_s);

    (void)now_ms;
    if (density == 0 || order->count == 0) {
        q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
        return 0;
    }
    if (point > Q376_POINT_LIMIT) {
        session->problem = order->device_id == 0 || work->found > 0 ? LINE_PROBLEM_NONE : work->problem;
        return 0;
    }
    start.is_utc = 0;
    start.parts = ITEM_TIME_MINUTE;
    work->asked[0] = (uint16_t)point;
    work->asked_count = (uint8_t)(left < PIECE_VALUES ? left : PIECE_VALUES);
    return q376_curve_put(point, ENERGY_CURVE, &start, density, work->asked_count, units) == 0 ? Q376_AFN_HISTORY : 0;
}

/* The piece is through; so is the point, when it was the last piece. */
static bool piece_end(struct q376_session *session, unsigned found, enum line_problem problem, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    bool is_point_over = work->index + work->asked_count >= session->order.count;

    if (is_point_over && found == 0 && session->order.device_id == 0 &&
        !q376_problem_offer(session, work->asked[0], problem, now_ms))
        return false;
    work->index = is_point_over ? 0 : (uint16_t)(work->index + work->asked_count);
    work->has_register = found > 0 && !is_point_over;
    work->problem = (uint8_t)problem;
    work->is_amid = !is_point_over;
    if (is_point_over)
        q376_point_put(session->order.body.points, work->asked[0], false);
    return true;
}

static bool curve_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    struct q376_reading_wish wish = q376_reading_wish_of(session);
    struct q376_reading_found found;

    if (!q376_readings_tell(session, frame, &wish, &found, now_ms))
        return false;
    bool has_some = found.count > 0 || session->work.has_register;
    if (is_last && !piece_end(session, has_some, LINE_PROBLEM_NO_DATA, now_ms))
        return false;
    if (!is_last)
        session->work.has_register = has_some;
    session->work.found = (uint16_t)(session->work.found + (found.count > 0));
    return true;
}

static bool curve_fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    if (problem != LINE_PROBLEM_DENIED) {
        q376_order_end(session, problem);
        return true;
    }
    return piece_end(session, session->work.has_register, problem, now_ms);
}

const struct q376_procedure q376_curve_procedure = {
    .is_divisible = true, .ask = curve_ask, .take = curve_take, .fail = curve_fail
};
