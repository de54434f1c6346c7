/* The event log as DL/T 645-2007 table A.4 reads it: counts and the last ten records. Quantities this meter does not
 * measure (reactive energy) are missing. */
#include "meter/core/electricity/electricity_internal.h"

#define TOTALS_MISSING 4 /* reactive energies of a record */

static void values_missing(struct writer *out, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        electricity_put_missing(out, 4);
}

static void start_and_end(const struct electricity_event *event, struct writer *out)
{
    electricity_put_time(out, event->values[0], 6);
    electricity_put_time(out, event->values[1], 6);
}

static void who(uint32_t operator_code, struct writer *out)
{
    for (unsigned i = 0; i < 4; i++)
        writer_put_u8(out, (uint8_t)(operator_code >> (8 * i)));
}

static void when_and_who(const struct electricity_event *event, struct writer *out)
{
    electricity_put_time(out, event->values[0], 6);
    who(event->values[1], out);
}

static void when_who_and_what(const struct electricity_event *event, struct writer *out)
{
    when_and_who(event, out);
    who(event->values[2], out);
}

static void time_change(const struct electricity_event *event, struct writer *out)
{
    who(event->values[0], out);
    electricity_put_time(out, event->values[1], 6);
    electricity_put_time(out, event->values[2], 6);
}

static void totals(const uint32_t *energies, struct writer *out)
{
    electricity_put_bcd(out, energies[0], 4);
    electricity_put_bcd(out, energies[1], 4);
    values_missing(out, TOTALS_MISSING);
}

static void cover(const struct electricity_event *event, struct writer *out)
{
    start_and_end(event, out);
    totals(&event->values[2], out);
    totals(&event->values[4], out);
}

static void relay(const struct electricity_event *event, struct writer *out)
{
    when_and_who(event, out);
    totals(&event->values[2], out);
}

/* Identifier of the count, of the first record, bytes of the count, record. */
static const struct {
    uint32_t count;
    uint32_t first;
    uint32_t event_class; /* DI3 DI2 DI1 FF of 1BH */
    void (*write)(const struct electricity_event *event, struct writer *out);
} rows[ELECTRICITY_EVENT_KIND_COUNT] = {
    [ELECTRICITY_EVENT_POWER_DOWN] = { 0x03110000, 0x03110001, 0x031100ff, start_and_end },
    [ELECTRICITY_EVENT_PROGRAMMING] = { 0x03300000, 0x03300001, 0x033000ff, when_who_and_what },
    [ELECTRICITY_EVENT_METER_CLEAR] = { 0x03300100, 0x03300101, 0x033001ff, when_and_who },
    [ELECTRICITY_EVENT_DEMAND_CLEAR] = { 0x03300200, 0x03300201, 0x033002ff, when_and_who },
    [ELECTRICITY_EVENT_EVENT_CLEAR] = { 0x03300300, 0x03300301, 0x033003ff, when_who_and_what },
    [ELECTRICITY_EVENT_TIME_CHANGE] = { 0x03300400, 0x03300401, 0x033004ff, time_change },
    [ELECTRICITY_EVENT_COVER] = { 0x03300d00, 0x03300d01, 0x03300dff, cover },
    [ELECTRICITY_EVENT_TERMINAL_COVER] = { 0x03300e00, 0x03300e01, 0x03300eff, cover },
    [ELECTRICITY_EVENT_OVERLOAD] = { 0x030f0000, 0x030f0101, 0x030f00ff, start_and_end },
    [ELECTRICITY_EVENT_TRIP] = { 0x1d000001, 0x1d000101, 0x1d00ffff, relay },
    [ELECTRICITY_EVENT_CLOSE] = { 0x1e000001, 0x1e000101, 0x1e00ffff, relay },
};

#define PHASES_MISSING 2
#define COUNT_SIZE 3

/* 030F0000: count and cumulated minutes of the three phases. The minutes are not kept. */
static void overload_counts(uint32_t count, struct writer *out)
{
    electricity_put_bcd(out, count, COUNT_SIZE);
    electricity_put_missing(out, COUNT_SIZE);
    for (unsigned i = 0; i < PHASES_MISSING; i++)
        electricity_put_missing(out, 2 * COUNT_SIZE);
}

static void count_write(const struct electricity_meter *meter, enum electricity_event_kind kind, struct writer *out)
{
    uint32_t count = meter->events.counts[kind] % 1000000;

    if (kind == ELECTRICITY_EVENT_OVERLOAD)
        overload_counts(count, out);
    else
        electricity_put_bcd(out, count, COUNT_SIZE);
}

/* A record that is not there is all zeros, as nothing has happened yet. */
static void record_write(const struct electricity_meter *meter, enum electricity_event_kind kind, unsigned n,
                         struct writer *out)
{
    static const struct electricity_event never;
    const struct electricity_event *event = electricity_events_last(&meter->events, kind, n);
    rows[kind].write(event != NULL ? event : &never, out);
}

#define PURCHASE_ENERGY 0x03320001
#define PURCHASE_MONEY 0x03330001

/* 033201nn to 033206nn, of money 0333: date, count, amount, before, after, total. */
static bool purchase_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    static const struct electricity_event never;
    bool is_money = meter->config.credit == ELECTRICITY_CREDIT_MONEY;
    uint32_t distance = identifier - (is_money ? PURCHASE_MONEY : PURCHASE_ENERGY);
    unsigned member = distance >> 8, n = (distance & 0xff) + 1;
    const struct electricity_event *event = electricity_events_last(&meter->events, ELECTRICITY_EVENT_PURCHASE, n);

    if (member < 1 || member > ELECTRICITY_EVENT_VALUES || n > ELECTRICITY_EVENT_LIMIT)
        return false;
    event = event != NULL ? event : &never;
    if (member == 1)
        electricity_put_time(out, event->values[0], 5);
    else if (member == 2)
        electricity_put_bcd(out, event->values[1] % 10000, 2);
    else
        electricity_put_signed(out, (int32_t)event->values[member - 1], 4);
    return true;
}

bool electricity_log_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    for (unsigned i = 0; i < ELECTRICITY_EVENT_KIND_COUNT; i++) {
        if (rows[i].write == NULL)
            continue;
        uint32_t n = identifier - rows[i].first;
        if (identifier == rows[i].count)
            count_write(meter, (enum electricity_event_kind)i, out);
        else if (n < ELECTRICITY_EVENT_LIMIT)
            record_write(meter, (enum electricity_event_kind)i, n + 1, out);
        else
            continue;
        return true;
    }
    return purchase_write(meter, identifier, out);
}

enum electricity_event_kind electricity_log_class(uint32_t event_class)
{
    for (unsigned i = 0; i < ELECTRICITY_EVENT_KIND_COUNT; i++)
        if (rows[i].write != NULL && (rows[i].event_class == event_class || (rows[i].first | 0xff) == event_class))
            return (enum electricity_event_kind)i;
    return ELECTRICITY_EVENT_KIND_COUNT;
}
