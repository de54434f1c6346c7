/* What is due by schedule: rounds of current registers, midnights, what failed before, broadcasts.
 *
 * A meter that fails is asked again later, each time after a longer pause, while the others go on (S2-025). The current
 * registers of a round are given up after RE_READS failures, the midnights never before they are too old to be kept. */
#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define RE_READS 3
#define RETRY_S 30u /* of the first failure, doubled with each */
#define RETRY_DOUBLINGS 6u
#define FREEZE_DELAY_S 60            /* meters' clocks may be behind ours */
#define FREEZE_GUARD_S 600           /* before midnight no freeze is asked for: meters' clocks may be ahead of ours */
#define REGISTER_WINDOW_S (6 * 3600) /* a register read later stands for no midnight */
#define GUARD_S 3                    /* nothing new is asked right before midnight: the freeze goes out on time */
#define BROADCAST_WINDOW_S 60
#define CLOCK_GUARD_S 300 /* no clocks are set around midnight */
#define CLOCK_WINDOW_MIN 10
#define IDLE_MS 60000
#define MINUTES_OF_DAY 1440
#define PERIOD_SIZE 4
#define PERIODS_AT 14

/* What a meter is due for, the most urgent first. */
enum due { DUE_REGISTER, DUE_FREEZE, DUE_CURRENT, DUE_PAST, DUE_NOTHING };

/* Minutes of "minute, hour" in BCD; 0 when it is no time. */
static int32_t minutes_at(const uint8_t *bytes)
{
    int minute = bcd_byte_read(bytes[0]), hour = bcd_byte_read(bytes[1]);
    return minute < 0 || minute >= 60 || hour < 0 || hour >= 24 ? 0 : hour * 60 + minute;
}

static bool is_reading_day(const struct concentrator_port *port, int32_t day)
{
    uint32_t days = (uint32_t)port->reading[3] | (uint32_t)port->reading[4] << 8 | (uint32_t)port->reading[5] << 16 |
                    (uint32_t)port->reading[6] << 24;
    return (days >> (calendar_date_of_day(day).day_of_month - 1) & 1u) != 0;
}

/* Reading is permitted in any of the periods, or always when there is none. */
static bool is_permitted(const struct concentrator_port *port, int32_t minute)
{
    uint8_t count = port->reading[13];

    for (uint8_t i = 0; i < count; i++) {
        const uint8_t *period = port->reading + PERIODS_AT + i * PERIOD_SIZE;
        int32_t start = minutes_at(period), end = minutes_at(period + 2);
        bool is_inside = start <= end ? minute >= start && minute < end : minute >= start || minute < end;
        if (is_inside)
            return true;
    }
    return count == 0;
}

/* Number of the interval since the reading time that is running. */
static int64_t slot_of(const struct concentrator_port *port, int32_t day, int32_t minute)
{
    int32_t interval = port->reading[9] == 0 ? MINUTES_OF_DAY : port->reading[9];
    return ((int64_t)day * MINUTES_OF_DAY + minute - minutes_at(port->reading + 7)) / interval;
}

static bool is_of_port(const struct concentrator_port *port, const struct concentrator_meter *meter)
{
    return meter_is_polled(meter) && meter_port(meter) == port->number;
}

uint16_t task_meters(const struct concentrator *concentrator, const struct concentrator_port *port)
{
    uint16_t count = 0;
    for (uint16_t i = 0; i < concentrator->meter_count; i++)
        count = (uint16_t)(count + (is_of_port(port, &concentrator->meters[i]) ? 1 : 0));
    return count;
}

static void round_begin(struct concentrator *concentrator, struct concentrator_port *port)
{
    port->round++;
    port->round_ok = 0;
    port->round_ended = false;
    port->round_start_s = (uint32_t)clock_now_s(concentrator);
    for (uint16_t i = 0; i < concentrator->meter_count; i++) {
        struct concentrator_meter *meter = &concentrator->meters[i];
        if (!is_of_port(port, meter))
            continue;
        meter->round_misses = 0;
        meter->retry_s = 0;
    }
}

void task_restart(struct concentrator *concentrator, struct concentrator_port *port)
{
    round_begin(concentrator, port);
}

static void port_clock(struct concentrator *concentrator, struct concentrator_port *port, int64_t now_s)
{
    int32_t day = clock_day(concentrator, now_s), minute = clock_second(concentrator, now_s) / 60;
    int64_t slot = slot_of(port, day, minute);

    if (port->number == 0 || port->is_paused || slot == port->round_slot || !is_reading_day(port, day) ||
        !is_permitted(port, minute))
        return;
    port->round_slot = slot;
    round_begin(concentrator, port);
    port->idle_until_ms = 0;
}

static void day_begin(struct concentrator *concentrator, int32_t newest_day)
{
    int32_t before = concentrator->newest_day;

    shelf_day_set(concentrator, newest_day);
    for (uint16_t i = 0; i < concentrator->meter_count; i++)
        concentrator->meters[i].retry_s = 0;
    concentrator->day_traffic = 0;
    if (before == DAY_NONE || month_number(before + 1) != month_number(newest_day + 1))
        concentrator->month_traffic = 0;
    port_wake(concentrator);
}

void task_clock(struct concentrator *concentrator)
{
    int64_t now_s = clock_now_s(concentrator);

    if (now_s == 0) {
        if (concentrator->clock_is_valid) {
            concentrator->clock_is_valid = false;
            shelf_day_set(concentrator, DAY_NONE);
            event_fault(concentrator, FAULT_CLOCK);
        }
        return;
    }
    concentrator->clock_is_valid = true;
    if (clock_day(concentrator, now_s) - 1 != concentrator->newest_day)
        day_begin(concentrator, clock_day(concentrator, now_s) - 1);
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        port_clock(concentrator, &concentrator->ports[i], now_s);
}

/* The newest day that the meter still owes; -1: none. Days that only a register right behind midnight could have told
 * are lost. */
static int day_owed(struct concentrator_meter *meter, bool in_window)
{
    uint32_t owed;

    if (meter->freeze_source != FREEZE_DAILY)
        meter->days_lost |= in_window || meter->freeze_source == FREEZE_INSTANT ? ~UINT32_C(1) : ~UINT32_C(0);
    owed = ~(meter->days_held | meter->days_lost) & ((UINT32_C(1) << CONCENTRATOR_DAY_LIMIT) - 1);
    for (int bit = 0; bit < CONCENTRATOR_DAY_LIMIT; bit++)
        if ((owed >> bit & 1u) != 0)
            return bit;
    return -1;
}

static enum due due_of(const struct concentrator *concentrator, const struct concentrator_port *port,
                       struct concentrator_meter *meter, int32_t second, int *day_back)
{
    int owed = day_owed(meter, second < REGISTER_WINDOW_S);
    bool is_late = second >= DAY_S - FREEZE_GUARD_S;

    *day_back = owed;
    if (meter->retry_s > steady_s(concentrator))
        return DUE_NOTHING;
    if (owed == 0 && meter->freeze_source == FREEZE_REGISTER)
        return DUE_REGISTER;
    if (owed == 0 && second >= FREEZE_DELAY_S && !is_late)
        return DUE_FREEZE;
    if (meter->round != port->round)
        return DUE_CURRENT;
    return owed > 0 && concentrator->shelf.is_usable && !is_late ? DUE_PAST : DUE_NOTHING;
}

static void turn_set(const struct concentrator *concentrator, struct concentrator_turn *turn, uint16_t meter,
                     enum due due, int day_back)
{
    memset(turn, 0, sizeof *turn);
    turn->owner = TURN_OWN;
    turn->meter = meter;
    turn->want = due == DUE_CURRENT ? WANT_CURRENT : WANT_FREEZE;
    if (due != DUE_CURRENT) {
        turn->day = concentrator->newest_day - day_back;
        turn->number = (uint8_t)(day_back + 1);
    }
    memset(turn->registers.values, 0xff, sizeof turn->registers.values);
}

/* The most urgent meter, the next in order among equals. */
static bool meter_choose(struct concentrator *concentrator, struct concentrator_port *port, int32_t second,
                         struct concentrator_turn *turn)
{
    enum due best = DUE_NOTHING;
    uint16_t chosen = 0;
    int chosen_day = 0;

    for (uint16_t i = 0; i < concentrator->meter_count && best != DUE_REGISTER; i++) {
        uint16_t place = (uint16_t)((port->cursor + i) % concentrator->meter_count);
        int day_back;
        if (!is_of_port(port, &concentrator->meters[place]))
            continue;
        enum due due = due_of(concentrator, port, &concentrator->meters[place], second, &day_back);
        if (due < best) {
            best = due;
            chosen = place;
            chosen_day = day_back;
        }
    }
    if (best == DUE_NOTHING)
        return false;
    port->cursor = chosen;
    turn_set(concentrator, turn, chosen, best, chosen_day);
    return true;
}

static bool has_freezing_meters(const struct concentrator *concentrator, const struct concentrator_port *port)
{
    for (uint16_t i = 0; i < concentrator->meter_count; i++) {
        const struct concentrator_meter *meter = &concentrator->meters[i];
        if (is_of_port(port, meter) && (meter_protocol(meter) == CONCENTRATOR_PROTOCOL_DLT645_2007 ||
                                        meter_protocol(meter) == CONCENTRATOR_PROTOCOL_CARRIER))
            return true;
    }
    return false;
}

/* All meters of the line freeze at one instant, at midnight (S1-001). */
static bool freeze_is_due(const struct concentrator *concentrator, struct concentrator_port *port, int32_t second)
{
    if (port->freeze_day == concentrator->newest_day)
        return false;
    port->freeze_day = concentrator->newest_day;
    return second < BROADCAST_WINDOW_S && has_freezing_meters(concentrator, port);
}

/* F33's clock broadcast: minute, hour, day; day 0 is every day, all zeros is never. */
static bool clock_is_due(struct concentrator_port *port, int32_t day, int32_t second)
{
    const uint8_t *at = port->reading + 10;
    int wanted_day = bcd_byte_read(at[2]);
    int32_t late = second / 60 - minutes_at(at);
    bool is_today = wanted_day == 0 || wanted_day == calendar_date_of_day(day).day_of_month;

    if (span_is_filled(span_of_bytes(at, 3), 0) || !is_today || late < 0 || late > CLOCK_WINDOW_MIN ||
        port->broadcast_day == day || second < CLOCK_GUARD_S || second > DAY_S - CLOCK_GUARD_S)
        return false;
    port->broadcast_day = day;
    return true;
}

static void broadcast_set(struct concentrator_turn *turn, enum want want)
{
    memset(turn, 0, sizeof *turn);
    turn->owner = TURN_BROADCAST;
    turn->want = (uint8_t)want;
    turn->meter = PLACE_NONE;
}

/* No meter is left that the round waits for. */
static void round_end_check(struct concentrator *concentrator, struct concentrator_port *port, int64_t now_s)
{
    if (port->round_ended)
        return;
    for (uint16_t i = 0; i < concentrator->meter_count; i++)
        if (is_of_port(port, &concentrator->meters[i]) && concentrator->meters[i].round != port->round)
            return;
    port->round_ended = true;
    port->round_end_s = (uint32_t)now_s;
}

static bool turn_choose(struct concentrator *concentrator, struct concentrator_port *port, int64_t now_s,
                        struct concentrator_turn *turn)
{
    int32_t second = clock_second(concentrator, now_s);

    if (freeze_is_due(concentrator, port, second)) {
        broadcast_set(turn, WANT_FREEZE);
        return true;
    }
    if (port->is_paused || DAY_S - second <= GUARD_S)
        return false;
    if (clock_is_due(port, clock_day(concentrator, now_s), second)) {
        broadcast_set(turn, WANT_CURRENT);
        return true;
    }
    return is_permitted(port, second / 60) && meter_choose(concentrator, port, second, turn);
}

bool task_turn(struct concentrator *concentrator, struct concentrator_port *port, struct concentrator_turn *turn,
               int64_t *due_ms)
{
    int64_t now_s = clock_now_s(concentrator), wait_ms = IDLE_MS;

    if (now_s != 0 && concentrator->alive > 0) {
        if (turn_choose(concentrator, port, now_s, turn))
            return true;
        int64_t to_midnight_ms = (DAY_S - clock_second(concentrator, now_s)) * INT64_C(1000);
        wait_ms = to_midnight_ms < wait_ms ? to_midnight_ms : wait_ms;
        round_end_check(concentrator, port, now_s);
    }
    *due_ms = concentrator->now_ms + wait_ms;
    return false;
}

/* F31: the meter was not reached in a round; said once a day. */
static void silence_note(struct concentrator *concentrator, struct concentrator_meter *meter)
{
    uint8_t bytes[2 + 5 + 5 + 4];
    struct writer content = writer_of_buffer(bytes, sizeof bytes);
    int32_t today = clock_day(concentrator, clock_now_s(concentrator));
    uint8_t day = (uint8_t)calendar_date_of_day(today).day_of_month;

    if (meter->silent_day == day)
        return;
    meter->silent_day = day;
    writer_put_u16le(&content, (uint16_t)(meter_point(meter) | 0x8000u));
    clock_put_minute(concentrator, meter->success_s, &content);
    value_put(meter->registers.values[REGISTER_TOTAL], meter->registers.decimals, 14, &content);
    missing_put(4, &content);
    event_note(concentrator, EVENT_READING_FAILED, writer_span(&content));
}

static void turn_failed(struct concentrator *concentrator, struct concentrator_port *port,
                        struct concentrator_meter *meter)
{
    uint32_t doublings = meter->failures < RETRY_DOUBLINGS ? meter->failures : RETRY_DOUBLINGS;

    concentrator->counts.turns_failed++;
    meter->last_failed = true;
    meter->failure_s = (uint32_t)clock_now_s(concentrator);
    meter->retry_s = steady_s(concentrator) + (RETRY_S << doublings);
    if (meter->failures < UINT8_MAX)
        meter->failures++;
    if (meter->round_misses < UINT8_MAX)
        meter->round_misses++;
    if (meter->round_misses == RE_READS) {
        meter->round = port->round;
        silence_note(concentrator, meter);
    }
}

void task_turn_end(struct concentrator *concentrator, struct concentrator_port *port, bool failed)
{
    struct concentrator_meter *meter = &concentrator->meters[port->turn.meter];

    if (failed) {
        turn_failed(concentrator, port, meter);
        return;
    }
    meter->last_failed = false;
    meter->failures = 0;
    meter->success_s = (uint32_t)clock_now_s(concentrator);
}
