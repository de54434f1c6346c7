/* The concentrator's own clock and its reading tasks. */
#include "dialog/q376_session_internal.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_data.h"
#include "codec/q376/q376_request.h"

#define CLOCK_FUNCTION 2     /* AFN 0C */
#define SCHEDULE_FUNCTION 33 /* AFN 04 */
#define CLOCK_TOLERANCE_S 60 /* between the clock read back and ours: the way there and back */
#define EVERY_DAY 0x7FFFFFFF /* bit 0: the 1st */
#define CARRIER_PORT 31

enum { PHASE_SET, PHASE_READ, PHASE_DONE };

static bool is_setting(const struct line_order *order)
{
    return order->operation == LINE_CLOCK_SET ||
           (order->operation == LINE_COMMAND && order->body.command.operation == DOWNLINK_SET_CLOCK);
}

/* All that a concentrator has of its own at this moment is its clock. */
static bool is_reading(const struct line_order *order)
{
    return order->operation == LINE_CLOCK_READ || order->operation == LINE_READ_CURRENT ||
           (order->operation == LINE_COMMAND && order->body.command.operation == DOWNLINK_READ_NOW);
}

static uint8_t clock_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    struct item_time now = item_time_of_unix(now_ms / 1000 + session->record.zone_offset_s);

    if (!is_setting(&session->order) && !is_reading(&session->order)) {
        q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
        return 0;
    }
    if (work->phase == PHASE_SET && is_reading(&session->order))
        work->phase = PHASE_READ;
    if (work->phase == PHASE_DONE) {
        session->problem = work->problem;
        return 0;
    }
    now.is_utc = 0;
    if (work->phase == PHASE_SET)
        return q376_clock_put(&now, units) == 0 ? Q376_AFN_CONTROL : 0;
    return q376_unit_put(0, CLOCK_FUNCTION, units) == 0 ? Q376_AFN_CURRENT : 0;
}

/* Keep the only moment of the frame. */
static int clock_keep(void *context, const struct q376_field *field, const struct item *item, unsigned depth)
{
    (void)field;
    (void)depth;
    *(struct item *)context = *item;
    return 0;
}

static bool clock_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    static const struct item_uplink_context by = { .kind = DEVICE_KIND_ELECTRICITY };
    struct item_uplink_context here = by;
    struct item item;
    const struct q376_visitor visitor = { .context = &item, .value = clock_keep };
    struct uplink uplink = q376_uplink_begin(session, UPLINK_REPORT, 0, now_ms);
    struct q376_work *work = &session->work;

    (void)is_last;
    if (work->phase == PHASE_SET) {
        work->phase = PHASE_READ;
        return true;
    }
    memset(&item, 0, sizeof item);
    (void)q376_data_walk(frame, &visitor);
    here.zone_offset_s = session->record.zone_offset_s;
    here.time_s = now_ms / 1000;
    if (item_uplink_convert(&item, &here, &uplink.items[0]) == 0) {
        int64_t difference_s = uplink.items[0].value - now_ms / 1000;
        bool is_right = -CLOCK_TOLERANCE_S <= difference_s && difference_s <= CLOCK_TOLERANCE_S;
        uplink.item_count = 1;
        if (!q376_uplink_offer(session, &uplink))
            return false;
        work->problem = is_setting(&session->order) && !is_right ? LINE_PROBLEM_PARTIAL : LINE_PROBLEM_NONE;
    } else {
        work->problem = LINE_PROBLEM_CLOCK;
    }
    work->phase = PHASE_DONE;
    return true;
}

const struct q376_procedure q376_clock_procedure = { .ask = clock_ask, .take = clock_take };

static struct item number_item(int64_t value)
{
    struct item item;

    memset(&item, 0, sizeof item);
    item.kind = ITEM_KIND_NUMBER;
    item.value = value;
    return item;
}

static struct item time_item(int64_t second_of_day, enum item_time_part parts)
{
    struct item item;

    memset(&item, 0, sizeof item);
    item.kind = ITEM_KIND_TIME;
    item.time.parts = (uint8_t)parts;
    item.time.day = parts == ITEM_TIME_OF_MONTH ? 1 : 0;
    item.time.hour = (uint8_t)(second_of_day / 3600);
    item.time.minute = (uint8_t)(second_of_day / 60 % 60);
    return item;
}

/* F33 of one port: read every day at the time of day of time_s, every interval_min, at any hour of the day. */
static uint8_t schedule_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    const struct line_order *order = &session->order;
    int32_t second = calendar_second_of_day(order->time_s, session->record.zone_offset_s);
    struct item items[] = {
        number_item(1), /* ports */
        number_item(order->port != 0 ? order->port : CARRIER_PORT),
        number_item(0), /* control word */
        number_item(EVERY_DAY),
        time_item(second, ITEM_TIME_OF_DAY),
        number_item(order->interval_min),
        time_item(second, ITEM_TIME_OF_MONTH), /* clock broadcast: the 1st, at that time */
        number_item(1),                        /* periods */
        time_item(0, ITEM_TIME_OF_DAY),
        time_item(23 * 3600 + 59 * 60, ITEM_TIME_OF_DAY),
    };
    size_t used;

    (void)now_ms;
    if (session->work.phase == PHASE_DONE)
        return 0;
    items[2].kind = items[3].kind = ITEM_KIND_FLAGS;
    if (order->interval_min == 0 || order->interval_min > UINT8_MAX ||
        q376_unit_put(0, SCHEDULE_FUNCTION, units) != 0 ||
        q376_data_encode(Q376_AFN_SET, false, SCHEDULE_FUNCTION, items, sizeof items / sizeof items[0], &used, units) !=
            0) {
        q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
        return 0;
    }
    return Q376_AFN_SET;
}

static bool schedule_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    (void)frame;
    (void)is_last;
    (void)now_ms;
    session->work.phase = PHASE_DONE;
    return true;
}

const struct q376_procedure q376_schedule_procedure = { .ask = schedule_ask, .take = schedule_take };
