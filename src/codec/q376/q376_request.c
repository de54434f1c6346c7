#include "codec/q376/q376_request.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_format.h"

/* Function codes of C. */
enum { RESET = 1, NO_REPLY = 4, LINK_TEST = 9, CLASS_1 = 10, CLASS_2 = 11 };
enum { CONFIRM = 0, USER_DATA = 8, LINK_STATUS = 11 };

/* Functions that are written here by name. */
enum { ALL_CONFIRMED = 1, ALL_DENIED = 2, CONFIRMED_EACH = 3 }; /* AFN 00 */
enum { REMOTE_TRIP = 1, SET_CLOCK = 31 };                       /* AFN 05 */
enum { IMPORTANT_EVENTS = 1, GENERAL_EVENTS = 2 };              /* AFN 0E */

#define TERMINAL_PRIMARY (Q376_CONTROL_UPLINK | Q376_CONTROL_PRIMARY)
#define SINGLE_FRAME (Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL)
#define LIMIT_NIBBLE 15

static struct q376_frame frame_begin(const struct q376_exchange *exchange, unsigned control, uint8_t afn,
                                     unsigned sequence, struct span units)
{
    const struct q376_setting setting = q376_setting_default();
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.protocol = exchange->protocol;
    frame.control = (uint8_t)control;
    frame.address = exchange->address;
    frame.afn = afn;
    frame.sequence = (uint8_t)(sequence | (exchange->sequence & (unsigned)Q376_SEQUENCE_NUMBER));
    frame.units = units;
    if (q376_password_size(&setting, frame.protocol, frame.control, afn) > 0)
        frame.password = exchange->password;
    frame.has_time_tag = exchange->has_time_tag;
    frame.time_tag = exchange->time_tag;
    return frame;
}

/* Function codes as terminals in the field expect them: orders and parameters in class 1, queries in class 2. */
static unsigned request_control(uint8_t afn)
{
    switch (afn) {
    case Q376_AFN_LINK:
        return TERMINAL_PRIMARY | LINK_TEST;
    case Q376_AFN_RESET:
        return Q376_CONTROL_PRIMARY | RESET;
    case Q376_AFN_SET:
    case Q376_AFN_CONTROL:
    case Q376_AFN_AUTHENTICATION:
    case Q376_AFN_FILE:
        return Q376_CONTROL_PRIMARY | CLASS_1;
    default:
        return Q376_CONTROL_PRIMARY | CLASS_2;
    }
}

/* What changes something in the terminal, and a login, wants a confirmation. */
static bool is_confirmed(uint8_t afn)
{
    return afn == Q376_AFN_LINK || afn == Q376_AFN_RESET || afn == Q376_AFN_SET || afn == Q376_AFN_CONTROL;
}

int q376_request_encode(const struct q376_exchange *exchange, uint8_t afn, struct span units, struct writer *out)
{
    unsigned sequence = SINGLE_FRAME | (is_confirmed(afn) ? Q376_SEQUENCE_CONFIRM : 0u);
    struct q376_frame frame = frame_begin(exchange, request_control(afn), afn, sequence, units);

    return q376_frame_encode(&frame, out);
}

int q376_report_encode(const struct q376_exchange *exchange, uint8_t afn, bool must_confirm, struct span units,
                       struct writer *out)
{
    unsigned sequence = SINGLE_FRAME | (must_confirm ? Q376_SEQUENCE_CONFIRM : 0u);
    struct q376_frame frame = frame_begin(exchange, TERMINAL_PRIMARY | NO_REPLY, afn, sequence, units);

    return q376_frame_encode(&frame, out);
}

int q376_answer_encode(const struct q376_frame *request, uint8_t afn, unsigned part, bool is_last, struct span units,
                       struct writer *out)
{
    const struct q376_setting setting = q376_setting_default();
    struct q376_frame frame;
    bool is_downlink = q376_frame_is_uplink(request), is_confirm = afn == Q376_AFN_CONFIRM;
    unsigned code = !is_confirm ? USER_DATA : request->afn == Q376_AFN_LINK ? LINK_STATUS : CONFIRM;
    unsigned sequence = (part == 0 ? Q376_SEQUENCE_FIRST : 0u) | (is_last ? Q376_SEQUENCE_FINAL : 0u);

    memset(&frame, 0, sizeof frame);
    frame.protocol = request->protocol;
    frame.control = (uint8_t)((is_downlink ? 0u : Q376_CONTROL_UPLINK) | code);
    frame.address = request->address;
    frame.afn = afn;
    frame.sequence = (uint8_t)(sequence | ((request->sequence + part) & Q376_SEQUENCE_NUMBER));
    frame.units = units;
    if (q376_password_size(&setting, frame.protocol, frame.control, afn) > 0)
        frame.password = request->password;
    return q376_frame_encode(&frame, out);
}

int q376_confirm_encode(const struct q376_frame *request, bool is_denied, struct writer *out)
{
    uint8_t bytes[Q376_UNIT_ID_SIZE];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    int result = q376_unit_put(0, is_denied ? ALL_DENIED : ALL_CONFIRMED, &units);

    return result < 0 ? result : q376_answer_encode(request, Q376_AFN_CONFIRM, 0, true, writer_span(&units), out);
}

static int finish(const struct writer *units)
{
    return units->overflow ? CODEC_ERR_FULL : 0;
}

int q376_unit_put(unsigned point, unsigned function, struct writer *units)
{
    struct q376_unit_id id;
    int result = q376_unit_id_of(point, function, &id);

    if (result < 0)
        return result;
    q376_unit_id_put(id, units);
    return finish(units);
}

int q376_confirmations_put(uint8_t afn, const struct q376_confirmation *confirmations, size_t count,
                           struct writer *units)
{
    int result = q376_unit_put(0, CONFIRMED_EACH, units);

    if (result < 0)
        return result;
    writer_put_u8(units, afn);
    for (size_t i = 0; i < count; i++) {
        q376_unit_id_put(confirmations[i].id, units);
        writer_put_u8(units, confirmations[i].error);
    }
    return finish(units);
}

enum q376_link q376_link_of(const struct q376_frame *frame)
{
    struct q376_set functions;

    if (frame->afn != Q376_AFN_LINK || !q376_frame_is_uplink(frame) || frame->units.size < Q376_UNIT_ID_SIZE)
        return Q376_LINK_NONE;
    functions = q376_functions_of(q376_unit_id_take(frame->units.bytes));
    if (functions.count != 1 || functions.members[0] > Q376_LINK_HEARTBEAT)
        return Q376_LINK_NONE;
    return (enum q376_link)functions.members[0];
}

/* An identifier and a time in a data format behind it. */
static int timed_put(unsigned point, unsigned function, enum q376_format format, const struct item *time,
                     struct writer *units)
{
    uint8_t bytes[Q376_FORMAT_SIZE_LIMIT];
    size_t size = q376_format_size(format);

    if (point > Q376_POINT_LIMIT || function < 1 || function > Q376_FUNCTION_LIMIT ||
        q376_format_write(format, time, bytes, size) < 0)
        return CODEC_ERR_RANGE;
    int result = q376_unit_put(point, function, units);
    writer_put_bytes(units, bytes, size);
    return result < 0 ? result : finish(units);
}

static struct item time_item(const struct item_time *time)
{
    struct item item;

    memset(&item, 0, sizeof item);
    item.kind = ITEM_KIND_TIME;
    item.time = *time;
    return item;
}

int q376_day_put(unsigned point, unsigned function, const struct item_time *day, struct writer *units)
{
    struct item item = time_item(day);
    return timed_put(point, function, Q376_FORMAT_20, &item, units);
}

int q376_month_put(unsigned point, unsigned function, const struct item_time *month, struct writer *units)
{
    struct item item = time_item(month);
    return timed_put(point, function, Q376_FORMAT_21, &item, units);
}

int q376_curve_put(unsigned point, unsigned function, const struct item_time *start, uint8_t density, uint8_t points,
                   struct writer *units)
{
    struct item item = time_item(start);
    bool is_density = (density >= 1 && density <= 3) || density >= 254;

    if (!is_density || points == 0)
        return CODEC_ERR_RANGE;
    int result = timed_put(point, function, Q376_FORMAT_15, &item, units);
    if (result < 0)
        return result;
    writer_put_u8(units, density);
    writer_put_u8(units, points);
    return finish(units);
}

int q376_clock_put(const struct item_time *time, struct writer *units)
{
    struct item item = time_item(time);
    struct calendar_date date = { time->year, time->month, time->day };
    int64_t day;

    if (calendar_day_of_date(date, &day) < 0)
        return CODEC_ERR_RANGE;
    item.value = calendar_weekday_of_day(day);
    return timed_put(0, SET_CLOCK, Q376_FORMAT_01, &item, units);
}

int q376_trip_put(unsigned round, unsigned limit_half_hours, unsigned warning_min, struct writer *units)
{
    if (limit_half_hours > LIMIT_NIBBLE || warning_min > LIMIT_NIBBLE)
        return CODEC_ERR_RANGE;
    int result = q376_unit_put(round, REMOTE_TRIP, units);
    if (result < 0)
        return result;
    writer_put_u8(units, (uint8_t)(limit_half_hours << 4 | warning_min));
    return finish(units);
}

int q376_events_put(bool is_important, uint8_t first, uint8_t end, struct writer *units)
{
    int result = q376_unit_put(0, is_important ? IMPORTANT_EVENTS : GENERAL_EVENTS, units);

    if (result < 0)
        return result;
    writer_put_u8(units, first);
    writer_put_u8(units, end);
    return finish(units);
}
