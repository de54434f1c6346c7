/* Readings that the concentrator has of measurement points: registers of now, of a midnight, of a month's end.
 *
 * A set is asked in as few requests as the terminal manages: so many points that the answer stays within 1 KB, at most
 * 16, fewer when the terminal shows that it cannot. A request that is denied as a whole is asked again in halves, so
 * that one bad point does not hide the others; after a silence a single point is asked, to tell a request that is too
 * large from a terminal that is gone. The points still to be asked are those in order.body.points. */
#include "dialog/q376_session_internal.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/q376/q376_request.h"

#define ANSWER_SIZE 1000    /* of an answer, besides shell and AUX */
#define ANSWER_CUT_SIZE 512 /* an answer of so many bytes that lacks its last points was cut by its terminal */
#define BATCH_TRIES 2       /* of a request for several points */
#define STRIKE_LIMIT 2      /* full requests that fail where smaller ones do not: the limit is halved */
#define SILENCE_LIMIT 2     /* single points without any answer: the terminal is gone */
#define FUNCTIONS_OF_POINT 3

/* What is asked for a point, and how large the answer is with four tariffs. The second row of a pair holds the older
 * functions, for terminals that deny those of the first. */
static const struct reading {
    uint8_t operation;
    bool is_electricity;
    bool is_fallback;
    uint8_t afn;
    uint8_t answer_size;
    uint8_t functions[FUNCTIONS_OF_POINT]; /* 0: none */
} rows[] = {
    { LINE_READ_CURRENT, true, false, Q376_AFN_CURRENT, 141, { 129, 131, 25 } },
    { LINE_READ_CURRENT, true, true, Q376_AFN_CURRENT, 166, { 33, 25, 0 } },
    { LINE_READ_CURRENT, false, false, Q376_AFN_CURRENT, 35, { 129, 0, 0 } },
    { LINE_READ_CURRENT, false, true, Q376_AFN_CURRENT, 95, { 33, 0, 0 } },
    { LINE_READ_DAILY, true, false, Q376_AFN_HISTORY, 76, { 161, 163, 0 } },
    { LINE_READ_DAILY, true, true, Q376_AFN_HISTORY, 98, { 1, 0, 0 } },
    { LINE_READ_DAILY, false, false, Q376_AFN_HISTORY, 38, { 161, 0, 0 } },
    { LINE_READ_DAILY, false, true, Q376_AFN_HISTORY, 98, { 1, 0, 0 } },
    { LINE_READ_MONTHLY, true, false, Q376_AFN_HISTORY, 74, { 177, 179, 0 } },
    { LINE_READ_MONTHLY, true, true, Q376_AFN_HISTORY, 97, { 17, 0, 0 } },
    { LINE_READ_MONTHLY, false, false, Q376_AFN_HISTORY, 37, { 177, 0, 0 } },
    { LINE_READ_MONTHLY, false, true, Q376_AFN_HISTORY, 97, { 17, 0, 0 } },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

_Static_assert(ROW_COUNT <= 16, "a bit each in functions_known");

static size_t row_of(const struct q376_session *session, bool is_fallback)
{
    struct q376_reading_wish wish = q376_reading_wish_of(session);
    size_t row = 0;

    while (row < ROW_COUNT - 1 &&
           (rows[row].operation != session->order.operation || rows[row].is_fallback != is_fallback ||
            rows[row].is_electricity != (wish.kind == DEVICE_KIND_ELECTRICITY)))
        row++;
    return row;
}

static bool is_known(const struct q376_session *session, size_t row)
{
    return (session->functions_known >> row & 1) != 0;
}

/* The order's midnight: its own, or so many freezes ago. */
static int64_t midnight_of(const struct q376_session *session, int64_t now_ms)
{
    const struct line_order *order = &session->order;
    int32_t zone_offset_s = session->record.zone_offset_s;
    int back = order->back > 0 ? order->back - 1 : 0;
    int64_t today = calendar_local_day(now_ms / 1000, zone_offset_s);

    if (order->operation == LINE_READ_CURRENT || order->time_s != 0)
        return order->time_s;
    return calendar_midnight(
        order->operation == LINE_READ_DAILY ? today - back : calendar_month_start_after(today, -back), zone_offset_s);
}

/* Td_d and Td_m name what the midnight ends: the day, or the month, before it. */
static struct item_time mark_of(const struct q376_session *session, int64_t now_ms)
{
    int64_t day = calendar_local_day(midnight_of(session, now_ms), session->record.zone_offset_s) - 1;
    struct calendar_date date = calendar_date_of_day(day);
    bool is_day = session->order.operation == LINE_READ_DAILY;
    struct item_time mark;

    memset(&mark, 0, sizeof mark);
    mark.year = (uint16_t)date.year;
    mark.month = (uint8_t)date.month;
    mark.day = is_day ? (uint8_t)date.day_of_month : 0;
    mark.parts = is_day ? ITEM_TIME_DAY : ITEM_TIME_MONTH;
    return mark;
}

static unsigned batch_of(const struct q376_session *session, const struct reading *row)
{
    unsigned fit = ANSWER_SIZE / row->answer_size, batch = session->batch_limit;

    while (batch > fit)
        batch /= 2;
    if (session->work.batch != 0 && session->work.batch < batch)
        batch = session->work.batch;
    return batch;
}

/* The first points that are left. */
static void points_choose(struct q376_session *session, unsigned limit)
{
    struct q376_work *work = &session->work;

    work->asked_count = 0;
    work->answered = 0;
    work->answer_size = 0;
    work->has_register = 0;
    for (unsigned point = 1; point <= Q376_POINT_LIMIT && work->asked_count < limit; point++)
        if (q376_point_is_in(session->order.body.points, point))
            work->asked[work->asked_count++] = (uint16_t)point;
}

/* Each point and function has a unit of its own, and its own time mark: the standard leaves open in which order the
 * data of a unit of several points stand, and whether its mark stands once. What belongs to a point stays together, so
 * that an answer that a terminal cuts lacks whole points. */
static void units_put(const struct q376_session *session, const struct reading *row, struct writer *units,
                      int64_t now_ms)
{
    const struct q376_work *work = &session->work;
    struct item_time mark = mark_of(session, now_ms);

    for (unsigned i = 0; i < work->asked_count; i++)
        for (size_t f = 0; f < FUNCTIONS_OF_POINT && row->functions[f] != 0; f++) {
            int result = session->order.operation == LINE_READ_CURRENT
                             ? q376_unit_put(work->asked[i], row->functions[f], units)
                         : session->order.operation == LINE_READ_DAILY
                             ? q376_day_put(work->asked[i], row->functions[f], &mark, units)
                             : q376_month_put(work->asked[i], row->functions[f], &mark, units);
            units->overflow = units->overflow || result != 0; /* a midnight that the standard cannot say */
        }
}

static bool is_set(const struct q376_session *session)
{
    return session->order.device_id == 0;
}

static uint8_t points_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    bool can_fall_back = is_known(session, row_of(session, true)) && !is_known(session, row_of(session, false));
    size_t row = row_of(session, work->is_fallback || can_fall_back);

    if (!is_set(session) && session->order.measurement_point == 0) {
        q376_order_end(session, LINE_PROBLEM_NOT_FILED);
        return 0;
    }
    work->is_fallback = rows[row].is_fallback;
    points_choose(session, batch_of(session, &rows[row]));
    if (work->asked_count == 0) {
        /* Of a set each point without data was told by itself. */
        session->problem = is_set(session) || work->found > 0 ? LINE_PROBLEM_NONE : work->problem;
        return 0;
    }
    work->try_limit = work->asked_count > 1 ? BATCH_TRIES : Q376_SESSION_TRIES;
    units_put(session, &rows[row], units, now_ms);
    return rows[row].afn;
}

/* A point is done with; of a set the core is told why it has no reading. */
static bool point_tell(struct q376_session *session, unsigned point, enum line_problem problem, int64_t now_ms)
{
    return !is_set(session) || q376_problem_offer(session, point, problem, now_ms);
}

static void point_done(struct q376_session *session, unsigned point)
{
    q376_point_put(session->order.body.points, point, false);
}

/* The number of points that this answer is about: all that were asked, unless the terminal cut it where its buffer
 * ended. What is left out behind the last answered point is then asked again. */
static unsigned answered_end(const struct q376_work *work, uint32_t answered, size_t size)
{
    unsigned end = work->asked_count;

    if (answered == 0 || size < ANSWER_CUT_SIZE)
        return end;
    while ((answered >> (end - 1) & 1) == 0)
        end--;
    return end;
}

/* Points of a request that failed are asked in smaller ones until all of them are through. */
static void success_note(struct q376_session *session)
{
    struct q376_work *work = &session->work;

    work->silences = 0;
    if (work->batch == 0 && work->asked_count > 1)
        session->batch_strikes = 0;
    /* Only a smaller request that is answered shows that the larger one was too large: a terminal that denies everything,
     * because its archive is still empty, is asked for as much as before. */
    if (work->batch != 0 && work->probe == 0 && session->batch_strikes >= STRIKE_LIMIT) {
        session->batch_limit = work->batch;
        session->batch_strikes = 0;
    }
    if (work->probe != 0)
        work->batch = work->probe;
    work->probe = 0;
    if (work->asked[work->asked_count - 1] >= work->suspect_end)
        work->batch = 0;
}

/* The answer is complete: what it lacks has no data.
 * returns  false: the core takes no more */
static bool answer_end(struct q376_session *session, uint32_t answered, bool has_register, size_t size, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    size_t row = row_of(session, work->is_fallback);
    unsigned end = answered_end(work, answered, size);
    bool tries_older = !has_register && !work->is_fallback && !is_known(session, row);

    for (unsigned i = 0; i < end && !tries_older; i++)
        if ((answered >> i & 1) == 0 && !point_tell(session, work->asked[i], LINE_PROBLEM_NO_DATA, now_ms))
            return false;
    work->is_fallback = tries_older;
    if (tries_older)
        return true;
    if (has_register)
        session->functions_known = (uint16_t)(session->functions_known | 1u << row);
    for (unsigned i = 0; i < end; i++)
        point_done(session, work->asked[i]);
    if (answered == 0)
        work->problem = LINE_PROBLEM_NO_DATA;
    success_note(session);
    return true;
}

static bool points_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    struct q376_reading_wish wish = q376_reading_wish_of(session);
    struct q376_reading_found found;
    uint32_t answered = work->answered;
    size_t size = work->answer_size + frame->units.size;

    wish.time_s = midnight_of(session, now_ms);
    if (session->order.operation == LINE_READ_CURRENT)
        wish.time_s = 0;
    if (!q376_readings_tell(session, frame, &wish, &found, now_ms))
        return false;
    for (unsigned i = 0; i < work->asked_count; i++)
        if (q376_point_is_in(found.points, work->asked[i]))
            answered |= UINT32_C(1) << i;
    bool has_register = found.has_register || work->has_register;
    if (is_last && !answer_end(session, answered, has_register, size, now_ms))
        return false;
    work->found = (uint16_t)(work->found + (answered != work->answered));
    work->answered = answered;
    work->has_register = has_register;
    work->answer_size = (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX);
    return true;
}

/* Several points at once were too many, or one of them is bad. */
static void batch_fail(struct q376_session *session, enum line_problem problem)
{
    struct q376_work *work = &session->work;
    uint8_t half = work->asked_count / 2;

    if (work->batch == 0) {
        work->suspect_end = work->asked[work->asked_count - 1];
        if (session->batch_strikes < STRIKE_LIMIT)
            session->batch_strikes++;
    }
    work->probe = problem == LINE_PROBLEM_NO_ANSWER ? half : 0;
    work->batch = problem == LINE_PROBLEM_NO_ANSWER ? 1 : half;
}

/* What came in the first frames of an answer that then broke off is not asked again. */
static void answered_done(struct q376_session *session)
{
    struct q376_work *work = &session->work;

    for (unsigned i = 0; i < work->asked_count; i++)
        if ((work->answered >> i & 1) != 0)
            point_done(session, work->asked[i]);
}

static bool points_fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    bool is_silent = problem == LINE_PROBLEM_NO_ANSWER;

    if (problem == LINE_PROBLEM_PASSWORD) {
        q376_order_end(session, problem);
        return true;
    }
    if (work->asked_count > 1) {
        answered_done(session);
        batch_fail(session, problem);
        return true;
    }
    if (!is_silent && !work->is_fallback && !is_known(session, row_of(session, false))) {
        work->is_fallback = 1;
        return true;
    }
    if (!point_tell(session, work->asked[0], problem, now_ms))
        return false;
    point_done(session, work->asked[0]);
    if (!is_silent) { /* this was what was wrong with the request that failed */
        session->batch_strikes = 0;
        work->batch = 0;
    }
    work->is_fallback = 0;
    work->problem = (uint8_t)problem;
    work->silences = is_silent ? (uint8_t)(work->silences + 1) : 0;
    if (work->silences >= SILENCE_LIMIT || (is_silent && !is_set(session)))
        q376_order_end(session, problem);
    return true;
}

const struct q376_procedure q376_points_procedure = {
    .is_divisible = true, .ask = points_ask, .take = points_take, .fail = points_fail
};
