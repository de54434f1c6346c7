#include "sim/concentrator_load_answer.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/q376/q376_data.h"
#include "codec/q376/q376_request.h"
#include "sim/concentrator_load_internal.h"

#define FRAME_OVERHEAD 18 /* shell, C, A, AFN, SEQ, EC */
#define DAYS_KEPT 31
#define MONTHS_KEPT 12
#define CURVE_HOURLY 3
#define METER_BYTES 320

/* An answer that is being written. */
struct load_answer {
    struct concentrator_load *load;
    const struct q376_frame *request;
    struct writer units;
    unsigned part;
    unsigned served;
    bool is_of_all;
    bool is_shared; /* one time mark stands for all points and functions of the unit; they are served already */
    uint8_t bytes[CONCENTRATOR_LOAD_FRAME_LIMIT];
};

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static void part_send(struct load_answer *answer, bool is_last)
{
    uint8_t bytes[CONCENTRATOR_LOAD_FRAME_LIMIT + FRAME_OVERHEAD];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    if (q376_answer_encode(answer->request, answer->request->afn, answer->part, is_last, writer_span(&answer->units),
                           &out) == 0) {
        answer->load->config->counts->answers++;
        concentrator_load_send(answer->load, writer_span(&out));
    }
    answer->part++;
    answer->units.size = 0;
    answer->units.overflow = false;
}

static void confirm(struct concentrator_load *load, const struct q376_frame *request, bool is_denied)
{
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    load->config->counts->answers++;
    if (q376_confirm_encode(request, is_denied, &out) == 0)
        concentrator_load_send(load, writer_span(&out));
}

/* Total and M tariffs in format 14. A reverse register stands still at zero. */
static void registers_put(const struct concentrator_load *load, const struct load_meter *meter, int64_t time_s,
                          bool is_reverse, struct writer *out)
{
    unsigned tariffs = meter->protocol == CONCENTRATOR_LOAD_PROTOCOL_BUS ? 0 : LOAD_TARIFFS;

    writer_put_u8(out, (uint8_t)tariffs);
    for (unsigned i = 0; i <= tariffs; i++)
        load_number_put(is_reverse ? 0 : load_register_shown(load, meter->address, i, time_s), 5, out);
}

static void registers_missing_put(const struct load_meter *meter, struct writer *out)
{
    uint8_t tariffs = meter->protocol == CONCENTRATOR_LOAD_PROTOCOL_BUS ? 0 : LOAD_TARIFFS;
    load_missing_put(5, out);
    writer_put_u8(out, tariffs);
    load_missing_put(5u * (tariffs + 1u), out);
}

static bool current_put(struct concentrator_load *load, const struct load_meter *meter, unsigned function,
                        struct writer *out)
{
    size_t tariffs = meter->protocol == CONCENTRATOR_LOAD_PROTOCOL_BUS ? 0 : LOAD_TARIFFS;
    bool is_whole = function == 33 || function == 34;

    if (!is_whole && function != 129 && function != 131)
        return false;
    load_minute_put(load_clock_s(load), out);
    registers_put(load, meter, load_clock_s(load), function == 34 || function == 131, out);
    if (is_whole)
        load_missing_put(3 * 4 * (tariffs + 1), out);
    return true;
}

static int64_t day_of(int day_of_month, int month, int year)
{
    struct calendar_date date = { 2000 + year, month, day_of_month };
    int64_t day;
    return year < 0 || calendar_day_of_date(date, &day) < 0 ? INT64_MIN : day;
}

/* The day whose end was frozen; INT64_MIN: none, or not kept. */
static int64_t frozen_day(const struct concentrator_load *load, bool is_month, struct span data)
{
    int64_t today = calendar_local_day(load_clock_s(load), CONCENTRATOR_LOAD_ZONE_S), day;

    if (!is_month) {
        day = data.size < 3
                  ? INT64_MIN
                  : day_of(bcd_byte_read(data.bytes[0]), bcd_byte_read(data.bytes[1]), bcd_byte_read(data.bytes[2]));
        return day < today && day >= today - DAYS_KEPT ? day : INT64_MIN;
    }
    day = data.size < 2 ? INT64_MIN : day_of(1, bcd_byte_read(data.bytes[0]), bcd_byte_read(data.bytes[1]));
    if (day == INT64_MIN)
        return INT64_MIN;
    day = calendar_month_start_after(day, 1) - 1;
    return day < today && day >= calendar_month_start_after(today, -MONTHS_KEPT) ? day : INT64_MIN;
}

static bool freeze_put(struct concentrator_load *load, const struct load_meter *meter, unsigned function,
                       struct span data, struct writer *out)
{
    bool is_month = function == 177 || function == 179, is_reverse = function == 163 || function == 179;

    if (!is_month && function != 161 && function != 163)
        return false;
    int64_t day = frozen_day(load, is_month, data);
    writer_put_bytes(out, data.bytes, is_month ? 2 : 3);
    if (day == INT64_MIN) {
        registers_missing_put(meter, out);
        return true;
    }
    int64_t midnight_s = calendar_midnight(day + 1, CONCENTRATOR_LOAD_ZONE_S);
    load_minute_put(midnight_s + 300, out);
    registers_put(load, meter, midnight_s, is_reverse, out);
    return true;
}

/* F101: full hours until now. */
static bool curve_put(struct concentrator_load *load, const struct load_meter *meter, struct span data,
                      struct writer *out)
{
    const uint8_t *mark = data.bytes;
    int64_t day =
        data.size < 7 ? INT64_MIN : day_of(bcd_byte_read(mark[2]), bcd_byte_read(mark[3]), bcd_byte_read(mark[4]));

    if (day == INT64_MIN || mark[5] != CURVE_HOURLY || bcd_byte_read(mark[1]) < 0)
        return false;
    int64_t time_s = calendar_midnight(day, CONCENTRATOR_LOAD_ZONE_S) + (int64_t)bcd_byte_read(mark[1]) * LOAD_HOUR_S;
    writer_put_bytes(out, mark, 7);
    for (int i = 0; i < mark[6]; i++, time_s += LOAD_HOUR_S)
        if (time_s <= load_clock_s(load))
            load_number_put(load_register_shown(load, meter->address, 0, time_s) / 100, 4, out);
        else
            load_missing_put(4, out);
    return true;
}

static bool terminal_put(struct concentrator_load *load, unsigned function, struct writer *out)
{
    switch (function) {
    case 2:
        load_second_put(load_clock_s(load), out);
        return true;
    case 7:
        writer_put_u16le(out, 0);
        return true;
    default:
        return false;
    }
}

static bool unit_put(struct load_answer *answer, unsigned point, unsigned function, struct span data)
{
    struct concentrator_load *load = answer->load;
    struct load_meter meter;
    uint8_t afn = answer->request->afn;

    if (q376_unit_put(point, function, &answer->units) < 0)
        return false;
    if (point == 0)
        return afn == Q376_AFN_CURRENT && terminal_put(load, function, &answer->units);
    if (!load_meter_find(load, point, &meter))
        return false;
    if (afn == Q376_AFN_CURRENT)
        return current_put(load, &meter, function, &answer->units);
    if (function == 101)
        return curve_put(load, &meter, data, &answer->units);
    return freeze_put(load, &meter, function, data, &answer->units);
}

static void unit_serve(struct load_answer *answer, unsigned point, unsigned function, struct span data)
{
    size_t before = answer->units.size;
    bool served = unit_put(answer, point, function, data);

    if (answer->units.overflow && before > 0) {
        answer->units.size = before;
        part_send(answer, false);
        unit_serve(answer, point, function, data);
        return;
    }
    if (!served) {
        answer->units.size = before;
        return;
    }
    answer->served++;
    answer->load->config->counts->values++;
}

/* The unit of 0A F10 that is being written: a count and so many entries. */
struct archive_unit {
    struct load_answer *answer;
    size_t count_at;
    uint16_t count;
};

static void archive_unit_begin(struct archive_unit *unit)
{
    (void)!q376_unit_put(0, 10, &unit->answer->units);
    unit->count_at = unit->answer->units.size;
    unit->count = 0;
    writer_put_u16le(&unit->answer->units, 0);
}

static void archive_unit_add(struct archive_unit *unit, const uint8_t *entry)
{
    struct writer *units = &unit->answer->units;

    if (units->size + LOAD_ENTRY_SIZE > units->capacity) {
        part_send(unit->answer, false);
        archive_unit_begin(unit);
    }
    writer_put_bytes(units, entry, LOAD_ENTRY_SIZE);
    unit->count++;
    unit->answer->bytes[unit->count_at] = (uint8_t)unit->count;
    unit->answer->bytes[unit->count_at + 1] = (uint8_t)(unit->count >> 8);
    unit->answer->served++;
}

static void archive_serve(struct load_answer *answer, struct span data)
{
    uint8_t made[LOAD_ENTRY_SIZE];
    bool names = data.size >= 2 && word_at(data.bytes) > 0;
    unsigned count = names ? word_at(data.bytes) : CONCENTRATOR_LOAD_METER_LIMIT;
    struct archive_unit unit = { .answer = answer };

    archive_unit_begin(&unit);
    for (unsigned i = 0; i < count; i++) {
        if (names && data.size < 4 + 2u * i)
            break;
        const uint8_t *entry = load_entry_find(answer->load, names ? word_at(data.bytes + 2 + 2 * i) : i + 1, made);
        if (entry != NULL)
            archive_unit_add(&unit, entry);
    }
    if (answer->served == 0 && q376_unit_put(0, 10, &answer->units) == 0) {
        writer_put_u16le(&answer->units, 0);
        answer->served++;
    }
}

static void events_serve(struct load_answer *answer, unsigned function, struct span data)
{
    if (data.size < 2)
        return;
    (void)!q376_unit_put(0, function, &answer->units);
    writer_put_u16le(&answer->units, 0);
    writer_put_u8(&answer->units, data.bytes[0]);
    writer_put_u8(&answer->units, data.bytes[0]);
    answer->served++;
}

/* Bytes of the time mark of a function that is served. */
static size_t mark_size(unsigned function)
{
    return function == 101 ? 7 : function == 177 || function == 179 ? 2 : 3;
}

static int question_unit(void *context, struct q376_unit_id id, struct span bytes, struct span data)
{
    struct load_answer *answer = context;
    struct q376_set points = q376_points_of(id), functions = q376_functions_of(id);

    (void)bytes;
    answer->is_of_all = q376_points_are_all(id);
    answer->is_shared = answer->request->afn == Q376_AFN_HISTORY && points.count * functions.count > 1 &&
                        data.size == mark_size((unsigned)functions.members[0]);
    for (size_t p = 0; answer->is_shared && p < points.count; p++)
        for (size_t f = 0; f < functions.count; f++)
            if (points.members[p] > 0)
                unit_serve(answer, (unsigned)points.members[p], (unsigned)functions.members[f], data);
    return 0;
}

static int question_function(void *context, int point, unsigned function, const struct q376_layout *layout,
                             struct span data)
{
    struct load_answer *answer = context;

    (void)layout;
    if (answer->request->afn == Q376_AFN_EVENT)
        events_serve(answer, function, data);
    else if (answer->request->afn == Q376_AFN_QUERY && function == 10)
        archive_serve(answer, data);
    else if (answer->is_shared)
        return 0;
    else if (answer->is_of_all)
        for (unsigned every = 1; every <= CONCENTRATOR_LOAD_METER_LIMIT; every++)
            unit_serve(answer, every, function, data);
    else if (point >= 0)
        unit_serve(answer, (unsigned)point, function, data);
    return 0;
}

static void question_answer(struct concentrator_load *load, const struct q376_frame *request)
{
    struct q376_visitor visitor;
    struct load_answer answer;

    memset(&visitor, 0, sizeof visitor);
    answer.load = load;
    answer.request = request;
    answer.units = writer_of_buffer(answer.bytes, load->config->frame_limit - FRAME_OVERHEAD);
    answer.part = 0;
    answer.served = 0;
    answer.is_of_all = false;
    answer.is_shared = false;
    visitor.context = &answer;
    visitor.unit = question_unit;
    visitor.function = question_function;
    (void)q376_data_walk(request, &visitor);
    if (answer.served == 0)
        confirm(load, request, true);
    else
        part_send(&answer, true);
}

/* What one order changes here: the archive, the clock. */
struct load_order {
    struct concentrator_load *load;
    uint8_t afn;
    bool is_denied;
};

static int order_function(void *context, int point, unsigned function, const struct q376_layout *layout,
                          struct span data)
{
    struct load_order *order = context;

    (void)layout;
    (void)point;
    if (order->afn == Q376_AFN_SET && function == 10)
        order->is_denied = !load_archive_write(order->load, data) || order->is_denied;
    if (order->afn == Q376_AFN_CONTROL && function == 31 && data.size == 6) {
        int64_t day =
            day_of(bcd_byte_read(data.bytes[3]), bcd_byte_read(data.bytes[4] & 0x1f), bcd_byte_read(data.bytes[5]));
        int64_t time_s = calendar_midnight(day == INT64_MIN ? 0 : day, CONCENTRATOR_LOAD_ZONE_S) +
                         bcd_byte_read(data.bytes[2]) * LOAD_HOUR_S + bcd_byte_read(data.bytes[1]) * 60 +
                         bcd_byte_read(data.bytes[0]);
        order->is_denied = day == INT64_MIN;
        if (!order->is_denied)
            order->load->clock_offset_s = (int32_t)(time_s - order->load->now_ms / 1000);
    }
    return 0;
}

static void order_answer(struct concentrator_load *load, const struct q376_frame *request)
{
    struct load_order order = { load, request->afn, false };
    struct q376_visitor visitor;

    memset(&visitor, 0, sizeof visitor);
    visitor.context = &order;
    visitor.function = order_function;
    (void)q376_data_walk(request, &visitor);
    confirm(load, request, order.is_denied);
}

/* The meter of a forwarded frame answers whatever its address is. */
static void forward_answer(struct concentrator_load *load, const struct q376_frame *request)
{
    uint8_t meter_bytes[METER_BYTES], units_bytes[METER_BYTES + 16], bytes[METER_BYTES + 64];
    struct writer answer = writer_of_buffer(meter_bytes, sizeof meter_bytes);
    struct writer units = writer_of_buffer(units_bytes, sizeof units_bytes),
                  out = writer_of_buffer(bytes, sizeof bytes);
    struct q376_forward forward;

    if (q376_forward_decode(request, &forward) < 0) {
        confirm(load, request, true);
        return;
    }
    load_meter_answer(load, forward.content, &answer);
    load->config->counts->forwarded++;
    load->config->counts->answers++;
    if (q376_forward_answer_put(forward.port, writer_span(&answer), &units) == 0 &&
        q376_answer_encode(request, Q376_AFN_FORWARD, 0, true, writer_span(&units), &out) == 0)
        concentrator_load_send(load, writer_span(&out));
}

void concentrator_load_answer(struct concentrator_load *load, const struct q376_frame *frame)
{
    if (frame->afn == Q376_AFN_CONFIRM) {
        concentrator_load_confirmed(load, frame->sequence);
        return;
    }
    concentrator_load_online(load);
    load->config->counts->requests++;
    switch ((enum q376_afn)frame->afn) {
    case Q376_AFN_RESET:
    case Q376_AFN_SET:
    case Q376_AFN_CONTROL:
        order_answer(load, frame);
        break;
    case Q376_AFN_QUERY:
    case Q376_AFN_CURRENT:
    case Q376_AFN_HISTORY:
    case Q376_AFN_EVENT:
        question_answer(load, frame);
        break;
    case Q376_AFN_FORWARD:
        forward_answer(load, frame);
        break;
    default:
        confirm(load, frame, true);
        break;
    }
}
