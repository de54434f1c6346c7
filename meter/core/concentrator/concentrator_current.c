/* AFN 0C of a point: registers, voltages and powers, relay, last reading. */
#include <string.h>

#include "codec/bcd/bcd.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define FORMAT_14 14
#define FORMAT_14_SIZE 5
#define FORMAT_14_DECIMALS 4
#define FORMAT_11_SIZE 4
#define FORMAT_11_DECIMALS 2
#define REACTIVE_KINDS 3 /* F33, F34: reactive, and two quadrants */

void value_put(uint32_t value, uint8_t decimals, unsigned format, struct writer *out)
{
    size_t size = format == FORMAT_14 ? FORMAT_14_SIZE : FORMAT_11_SIZE;
    uint8_t bytes[FORMAT_14_SIZE], wanted = format == FORMAT_14 ? FORMAT_14_DECIMALS : FORMAT_11_DECIMALS;
    int64_t number = value;

    for (; decimals < wanted; decimals++)
        number *= 10;
    for (; decimals > wanted; decimals--)
        number /= 10;
    if (value == CONCENTRATOR_VALUE_MISSING || bcd_write(number, bytes, size) < 0)
        missing_put(size, out);
    else
        writer_put_bytes(out, bytes, size);
}

/* Total and M tariffs of the forward registers; of the reverse ones only the total is kept. */
static void registers_put(const struct concentrator_meter *meter, const struct concentrator_registers *registers,
                          bool is_reverse, struct writer *out)
{
    uint8_t tariffs = meter_tariffs(meter);

    writer_put_u8(out, tariffs);
    for (uint8_t i = 0; i <= tariffs; i++) {
        uint32_t value = registers->values[i];
        if (is_reverse)
            value = i == 0 ? registers->values[REGISTER_REVERSE] : CONCENTRATOR_VALUE_MISSING;
        value_put(value, registers->decimals, FORMAT_14, out);
    }
}

static bool current_serve(struct concentrator *concentrator, const struct request_unit *unit, bool is_reverse,
                          bool has_reactive, struct writer *out)
{
    const struct concentrator_meter *meter = unit->meter;

    clock_put_minute(concentrator, meter->read_s, out);
    registers_put(meter, &meter->registers, is_reverse, out);
    if (has_reactive)
        missing_put((size_t)REACTIVE_KINDS * FORMAT_11_SIZE * (meter_tariffs(meter) + 1u), out);
    return true;
}

static bool forward_all_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    return current_serve(concentrator, unit, false, true, out);
}

static bool reverse_all_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    return current_serve(concentrator, unit, true, true, out);
}

static bool forward_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    return current_serve(concentrator, unit, false, false, out);
}

static bool reverse_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    return current_serve(concentrator, unit, true, false, out);
}

static bool sample_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    const struct concentrator_sample *sample = sample_of_point(concentrator, (uint16_t)unit->point);

    clock_put_minute(concentrator, sample == NULL ? 0 : sample->read_s, out);
    if (sample == NULL)
        missing_put(CONCENTRATOR_SAMPLE_SIZE, out);
    else
        writer_put_bytes(out, sample->bytes, sizeof sample->bytes);
    return true;
}

/* F161. When the relay was switched last is not known to the concentrator. */
static bool relay_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    const struct concentrator_meter *meter = unit->meter;

    clock_put_minute(concentrator, meter->relay_known ? meter->relay_s : 0, out);
    writer_put_u8(out, meter->relay_known ? meter->relay_state : MISSING_BYTE);
    missing_put(10, out);
    return true;
}

/* F170. */
static bool last_reading_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    const struct concentrator_meter *meter = unit->meter;
    bool was_tried = meter->success_s != 0 || meter->failure_s != 0;

    writer_put_u8(out, meter_port(meter));
    writer_put_u8(out, 0);
    writer_put_u8(out, 0);
    writer_put_u8(out, 0);
    writer_put_u8(out, was_tried && !meter->last_failed ? 1 : 0);
    clock_put_second(concentrator, meter->success_s, out);
    clock_put_second(concentrator, meter->failure_s, out);
    writer_put_u8(out, meter->failures);
    return true;
}

#define OF_POINT(function, want, serve) \
    { \
        Q376_AFN_CURRENT, function, true, want, 0, serve \
    }

const struct serving servings_current[] = {
    OF_POINT(25, WANT_SAMPLE, sample_serve),       OF_POINT(33, WANT_CURRENT, forward_all_serve),
    OF_POINT(34, WANT_CURRENT, reverse_all_serve), OF_POINT(129, WANT_CURRENT, forward_serve),
    OF_POINT(131, WANT_CURRENT, reverse_serve),    OF_POINT(161, WANT_RELAY, relay_serve),
    OF_POINT(170, WANT_NONE, last_reading_serve),
};
const size_t servings_current_count = sizeof servings_current / sizeof servings_current[0];

/* What days and months share: the mark, when the meter was read, the registers. Not held: EE behind the mark. */
static bool freeze_serve(struct concentrator *concentrator, const struct request_unit *unit, int32_t day,
                         const struct concentrator_freeze *freeze, struct writer *out)
{
    static const uint8_t reverse_functions[] = { 2, 18, 163, 179 }, whole_functions[] = { 1, 2, 17, 18 };
    bool is_reverse = memchr(reverse_functions, (int)unit->function, sizeof reverse_functions) != NULL;
    bool has_reactive = memchr(whole_functions, (int)unit->function, sizeof whole_functions) != NULL;
    struct concentrator_registers nothing;

    memset(&nothing, 0xff, sizeof nothing);
    clock_put_minute(concentrator,
                     freeze == NULL ? 0 : clock_midnight(concentrator, day + 1) + freeze->read_min * INT64_C(60), out);
    registers_put(unit->meter, freeze == NULL ? &nothing : &freeze->registers, is_reverse, out);
    if (has_reactive)
        missing_put((size_t)REACTIVE_KINDS * FORMAT_11_SIZE * (meter_tariffs(unit->meter) + 1u), out);
    return true;
}

static bool day_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    int32_t day = clock_take_day(unit->data.bytes);
    struct concentrator_freeze freeze;

    if (day == DAY_NONE)
        return false;
    clock_put_day(day, out);
    bool is_held = shelf_find_day(concentrator, unit->meter, day, &freeze) > 0;
    return freeze_serve(concentrator, unit, day, is_held ? &freeze : NULL, out);
}

static bool month_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    int32_t day = clock_take_month(unit->data.bytes);
    struct concentrator_freeze freeze;

    if (day == DAY_NONE)
        return false;
    clock_put_month(day, out);
    bool is_held = shelf_find_month(concentrator, unit->meter, day, &freeze) > 0;
    return freeze_serve(concentrator, unit, day, is_held ? &freeze : NULL, out);
}

#define CURVE_MARK_SIZE 7
#define CURVE_HOURLY 3 /* density code */
#define HOUR_S 3600
#define HOURS_OF_DAY 24

/* The hour of a curve at a clock; missing when it is not held. */
static uint32_t hour_find(const struct concentrator *concentrator, const struct concentrator_curve *curve,
                          int64_t clock_s)
{
    int32_t day = clock_day(concentrator, clock_s), hour = clock_second(concentrator, clock_s) / HOUR_S;

    if (curve->day == DAY_NONE || clock_second(concentrator, clock_s) % HOUR_S != 0 || day > curve->day ||
        day < curve->day - 1)
        return CONCENTRATOR_VALUE_MISSING;
    return curve->values[(day == curve->day ? HOURS_OF_DAY : 0) + hour];
}

/* F101: start, density and number of points as asked, of which only full hours are kept. */
static bool curve_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    const uint8_t *mark = unit->data.bytes;
    int64_t start_s = clock_take_minute(concentrator, mark);

    if (unit->meter->curve == CURVE_NONE || start_s == 0 || mark[5] != CURVE_HOURLY)
        return false;
    writer_put_bytes(out, mark, CURVE_MARK_SIZE);
    for (unsigned i = 0; i < mark[6]; i++) {
        uint32_t value =
            hour_find(concentrator, &concentrator->curves[unit->meter->curve], start_s + (int64_t)i * HOUR_S);
        value_put(value, FORMAT_11_DECIMALS, 11, out);
    }
    return true;
}

#define OF_HISTORY(function, size, serve) \
    { \
        Q376_AFN_HISTORY, function, true, WANT_NONE, size, serve \
    }

const struct serving servings_history[] = {
    OF_HISTORY(1, 3, day_serve),    OF_HISTORY(2, 3, day_serve),     OF_HISTORY(17, 2, month_serve),
    OF_HISTORY(18, 2, month_serve), OF_HISTORY(101, 7, curve_serve), OF_HISTORY(161, 3, day_serve),
    OF_HISTORY(163, 3, day_serve),  OF_HISTORY(177, 2, month_serve), OF_HISTORY(179, 2, month_serve),
};
const size_t servings_history_count = sizeof servings_history / sizeof servings_history[0];
