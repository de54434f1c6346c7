#include "meter/core/electricity/electricity_internal.h"

#include <string.h>

/* Types of records. A number is never given a new meaning: an old journal must be read rightly by new firmware. */
enum record_type {
    RECORD_STATE = 1,     /* the whole struct electricity_state: registers, money and holds change together */
    RECORD_PARAMETER = 2, /* identifier u32, the bytes on the wire */
    RECORD_FREEZES = 3,   /* one or two of: kind u8, minute u32, forward and reverse five u32 each, power mW u32 */
    RECORD_EVENTS = 4,    /* one to three of: kind u8, number u32, six u32 */
    RECORD_SCHEDULE = 5,  /* minute, hour, day, month of timed freezes u8 */
    RECORD_INSTANTS = 6   /* any number of: minute u32, forward u32, reverse u32 */
};

enum state_flag { FLAG_KEEP_ON = 1, FLAG_ALARM_ON = 2 };

#define REGISTER_SIZE 6
#define STATE_SIZE (2 * ELECTRICITY_TARIFF_COUNT * REGISTER_SIZE + 8 + REGISTER_SIZE + 8 + 6 * 4 + 4)
#define FREEZE_SIZE (1 + 4 + 2 * 4 * (ELECTRICITY_TARIFF_COUNT + 1) + 4)
#define EVENT_SIZE (1 + 4 + 4 * ELECTRICITY_EVENT_VALUES)
#define SCHEDULE_SIZE 4
#define INSTANT_SIZE 12
#define NEVER 99 /* in every part of a schedule */

static void state_write(const struct electricity_state *state, struct writer *out)
{
    for (unsigned i = 0; i < ELECTRICITY_TARIFF_COUNT; i++) {
        writer_put_unsigned_be(out, (uint64_t)state->forward_mwh[i], REGISTER_SIZE);
        writer_put_unsigned_be(out, (uint64_t)state->reverse_mwh[i], REGISTER_SIZE);
    }
    writer_put_u64be(out, (uint64_t)state->balance_grains);
    writer_put_unsigned_be(out, (uint64_t)state->cycle_mwh, REGISTER_SIZE);
    writer_put_u64be(out, (uint64_t)state->purchase_total_cent);
    writer_put_u32be(out, state->purchase_count);
    writer_put_u32be(out, state->clock_s);
    writer_put_u32be(out, state->time_sync_day);
    writer_put_u32be(out, state->demand_w);
    writer_put_u32be(out, state->demand_minute);
    writer_put_u32be(out, state->failure_day);
    writer_put_u8(out, state->failures);
    writer_put_u8(out, state->holds);
    writer_put_u8(out, state->limit_trips);
    writer_put_u8(out, (uint8_t)((state->keep_on ? FLAG_KEEP_ON : 0) | (state->alarm_on ? FLAG_ALARM_ON : 0)));
}

/* The size was checked before: nothing here is ever short. */
static uint64_t take(struct reader *in, size_t size)
{
    uint64_t value = 0;
    return reader_take_unsigned_be(in, size, &value) == 0 ? value : 0;
}

static void state_read(void *device, struct reader *in)
{
    struct electricity_meter *meter = device;
    struct electricity_state *state = &meter->state;

    for (unsigned i = 0; i < ELECTRICITY_TARIFF_COUNT; i++) {
        state->forward_mwh[i] = (int64_t)take(in, REGISTER_SIZE);
        state->reverse_mwh[i] = (int64_t)take(in, REGISTER_SIZE);
    }
    state->balance_grains = (int64_t)take(in, 8);
    state->cycle_mwh = (int64_t)take(in, REGISTER_SIZE);
    state->purchase_total_cent = (int64_t)take(in, 8);
    state->purchase_count = (uint32_t)take(in, 4);
    state->clock_s = (uint32_t)take(in, 4);
    state->time_sync_day = (uint32_t)take(in, 4);
    state->demand_w = (uint32_t)take(in, 4);
    state->demand_minute = (uint32_t)take(in, 4);
    state->failure_day = (uint32_t)take(in, 4);
    state->failures = (uint8_t)take(in, 1);
    state->holds = (uint8_t)take(in, 1);
    state->limit_trips = (uint8_t)take(in, 1);
    uint64_t flags = take(in, 1);
    state->keep_on = (flags & FLAG_KEEP_ON) != 0;
    state->alarm_on = (flags & FLAG_ALARM_ON) != 0;
}

/* Parameters that a later firmware no longer allows are left as the factory has them. */
static void parameter_read(void *device, struct reader *in)
{
    struct electricity_meter *meter = device;
    uint32_t identifier = (uint32_t)take(in, 4);
    struct span bytes;

    if (reader_take_span(in, reader_remaining(in), &bytes) == 0)
        (void)electricity_parameter_set(&meter->parameters, identifier, bytes);
}

static void freeze_read(void *device, struct reader *in)
{
    struct electricity_meter *meter = device;
    struct electricity_freeze freeze;
    unsigned kind = (unsigned)take(in, 1);

    freeze.minute = (uint32_t)take(in, 4);
    for (unsigned i = 0; i <= ELECTRICITY_TARIFF_COUNT; i++)
        freeze.forward[i] = (uint32_t)take(in, 4);
    for (unsigned i = 0; i <= ELECTRICITY_TARIFF_COUNT; i++)
        freeze.reverse[i] = (uint32_t)take(in, 4);
    freeze.power_mw = (int32_t)(uint32_t)take(in, 4);
    if (kind < ELECTRICITY_FREEZE_KIND_COUNT)
        electricity_freezes_put(&meter->freezes, (enum electricity_freeze_kind)kind, &freeze);
}

static void event_read(void *device, struct reader *in)
{
    struct electricity_meter *meter = device;
    struct electricity_event event;
    unsigned kind = (unsigned)take(in, 1);
    uint32_t number = (uint32_t)take(in, 4);

    for (unsigned i = 0; i < ELECTRICITY_EVENT_VALUES; i++)
        event.values[i] = (uint32_t)take(in, 4);
    if (kind < ELECTRICITY_EVENT_KIND_COUNT)
        electricity_events_put(&meter->events, (enum electricity_event_kind)kind, number, &event);
}

static void schedule_read(void *device, struct reader *in)
{
    struct electricity_meter *meter = device;
    meter->schedule.minute = (uint8_t)take(in, 1);
    meter->schedule.hour = (uint8_t)take(in, 1);
    meter->schedule.day = (uint8_t)take(in, 1);
    meter->schedule.month = (uint8_t)take(in, 1);
}

static void instant_read(void *device, struct reader *in)
{
    struct electricity_meter *meter = device;
    struct electricity_instant instant;

    instant.minute = (uint32_t)take(in, 4);
    instant.forward = (uint32_t)take(in, 4);
    instant.reverse = (uint32_t)take(in, 4);
    electricity_instants_put(&meter->instants, &instant);
}

static const struct meter_journal_row record_rows[] = {
    { state_read, RECORD_STATE, STATE_SIZE },          { parameter_read, RECORD_PARAMETER, 0 },
    { freeze_read, RECORD_FREEZES, FREEZE_SIZE },      { event_read, RECORD_EVENTS, EVENT_SIZE },
    { schedule_read, RECORD_SCHEDULE, SCHEDULE_SIZE }, { instant_read, RECORD_INSTANTS, INSTANT_SIZE },
};

static int put(struct electricity_meter *meter, enum record_type type, const struct writer *payload)
{
    return meter_journal_append(&meter->journal, (uint8_t)type, writer_span(payload));
}

static int put_state(struct electricity_meter *meter)
{
    uint8_t bytes[STATE_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    state_write(&meter->state, &writer);
    return put(meter, RECORD_STATE, &writer);
}

static int put_parameter(struct electricity_meter *meter, const struct electricity_parameter_row *row, unsigned index)
{
    uint8_t bytes[4 + ELECTRICITY_PARAMETER_SIZE_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    writer_put_u32be(&writer, row->identifier + index);
    writer_put_span(&writer, electricity_parameter_bytes(&meter->parameters, row, index));
    return put(meter, RECORD_PARAMETER, &writer);
}

static int put_schedule(struct electricity_meter *meter)
{
    const struct electricity_schedule *schedule = &meter->schedule;
    uint8_t bytes[SCHEDULE_SIZE] = { schedule->minute, schedule->hour, schedule->day, schedule->month };
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    writer.size = sizeof bytes;
    return put(meter, RECORD_SCHEDULE, &writer);
}

/* Those that differ from the factory's. */
static int put_parameters(struct electricity_meter *meter)
{
    const struct electricity_parameter_row *row;

    for (size_t n = 0; (row = electricity_parameter_at(n)) != NULL; n++)
        for (unsigned index = 0; index < row->count; index++) {
            struct span held = electricity_parameter_bytes(&meter->parameters, row, index);
            struct span factory = electricity_parameter_bytes(&meter->config.parameters, row, index);
            int error = span_equal(held, factory) ? 0 : put_parameter(meter, row, index);
            if (error < 0)
                return error;
        }
    return 0;
}

static void freeze_write(enum electricity_freeze_kind kind, const struct electricity_freeze *freeze, struct writer *out)
{
    writer_put_u8(out, (uint8_t)kind);
    writer_put_u32be(out, freeze->minute);
    for (unsigned i = 0; i <= ELECTRICITY_TARIFF_COUNT; i++)
        writer_put_u32be(out, freeze->forward[i]);
    for (unsigned i = 0; i <= ELECTRICITY_TARIFF_COUNT; i++)
        writer_put_u32be(out, freeze->reverse[i]);
    writer_put_u32be(out, (uint32_t)freeze->power_mw);
}

static void instant_write(const struct electricity_instant *instant, struct writer *out)
{
    writer_put_u32be(out, instant->minute);
    writer_put_u32be(out, instant->forward);
    writer_put_u32be(out, instant->reverse);
}

static void event_write(const struct electricity_events *events, enum electricity_event_kind kind, uint32_t number,
                        struct writer *out)
{
    const struct electricity_event *event = &events->records[kind][number % ELECTRICITY_EVENT_LIMIT];

    writer_put_u8(out, (uint8_t)kind);
    writer_put_u32be(out, number);
    for (unsigned i = 0; i < ELECTRICITY_EVENT_VALUES; i++)
        writer_put_u32be(out, event->values[i]);
}

static int put_freezes(struct electricity_meter *meter)
{
    uint8_t bytes[METER_JOURNAL_PAYLOAD_LIMIT];
    struct writer gathered = writer_of_buffer(bytes, sizeof bytes);
    int error = 0;

    for (unsigned kind = 0; kind < ELECTRICITY_FREEZE_KIND_COUNT; kind++)
        for (unsigned n = electricity_freezes_limit((enum electricity_freeze_kind)kind); n > 0 && error == 0; n--) {
            const struct electricity_freeze *freeze =
                electricity_freezes_last(&meter->freezes, (enum electricity_freeze_kind)kind, n);
            if (freeze == NULL)
                continue;
            freeze_write((enum electricity_freeze_kind)kind, freeze, &gathered);
            error = meter_journal_gather(&meter->journal, RECORD_FREEZES, &gathered, FREEZE_SIZE);
        }
    return error < 0 ? error : meter_journal_gather(&meter->journal, RECORD_FREEZES, &gathered, METER_JOURNAL_NO_ENTRY);
}

static int put_instants(struct electricity_meter *meter)
{
    uint8_t bytes[METER_JOURNAL_PAYLOAD_LIMIT];
    struct writer gathered = writer_of_buffer(bytes, sizeof bytes);
    int error = 0;

    for (unsigned n = ELECTRICITY_INSTANT_LIMIT; n > 0 && error == 0; n--) {
        const struct electricity_instant *instant = electricity_instants_last(&meter->instants, n);
        if (instant == NULL)
            continue;
        instant_write(instant, &gathered);
        error = meter_journal_gather(&meter->journal, RECORD_INSTANTS, &gathered, INSTANT_SIZE);
    }
    return error < 0 ? error : meter_journal_gather(&meter->journal, RECORD_INSTANTS, &gathered, METER_JOURNAL_NO_ENTRY);
}

static uint32_t number_oldest(uint32_t count)
{
    return count > ELECTRICITY_EVENT_LIMIT ? count - ELECTRICITY_EVENT_LIMIT + 1 : 1;
}

static int put_events(struct electricity_meter *meter)
{
    uint8_t bytes[METER_JOURNAL_PAYLOAD_LIMIT];
    struct writer gathered = writer_of_buffer(bytes, sizeof bytes);
    int error = 0;

    for (unsigned kind = 0; kind < ELECTRICITY_EVENT_KIND_COUNT; kind++) {
        uint32_t count = meter->events.counts[kind];
        for (uint32_t number = number_oldest(count); number <= count && error == 0; number++) {
            event_write(&meter->events, (enum electricity_event_kind)kind, number, &gathered);
            error = meter_journal_gather(&meter->journal, RECORD_EVENTS, &gathered, EVENT_SIZE);
        }
    }
    return error < 0 ? error : meter_journal_gather(&meter->journal, RECORD_EVENTS, &gathered, METER_JOURNAL_NO_ENTRY);
}

static int (*const all[])(struct electricity_meter *meter) = { put_state,   put_parameters, put_schedule,
                                                               put_freezes, put_instants,      put_events };

static int put_all(void *device)
{
    int error = 0;

    for (size_t i = 0; i < sizeof all / sizeof all[0] && error == 0; i++)
        error = all[i](device);
    return error;
}

int electricity_store_all(struct electricity_meter *meter)
{
    if (meter_journal_renew(&meter->journal, put_all, meter) < 0)
        return ELECTRICITY_ERR_FLASH;
    meter->uncommitted_mwh = 0;
    return 0;
}

/* A record that did not fit is in the new sector already: RAM was changed first. */
static int appended(struct electricity_meter *meter, int error)
{
    return error == 0 ? 0 : electricity_store_all(meter);
}

int electricity_store_state(struct electricity_meter *meter)
{
    if (appended(meter, put_state(meter)) < 0)
        return ELECTRICITY_ERR_FLASH;
    meter->uncommitted_mwh = 0;
    return 0;
}

int electricity_store_parameter(struct electricity_meter *meter, const struct electricity_parameter_row *row,
                                unsigned index)
{
    return appended(meter, put_parameter(meter, row, index));
}

int electricity_store_freeze(struct electricity_meter *meter, enum electricity_freeze_kind kind,
                             const struct electricity_freeze *freeze)
{
    uint8_t bytes[FREEZE_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    freeze_write(kind, freeze, &writer);
    return appended(meter, put(meter, RECORD_FREEZES, &writer));
}

int electricity_store_instant(struct electricity_meter *meter, const struct electricity_instant *instant)
{
    uint8_t bytes[INSTANT_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    instant_write(instant, &writer);
    return appended(meter, put(meter, RECORD_INSTANTS, &writer));
}

int electricity_store_event(struct electricity_meter *meter, enum electricity_event_kind kind, uint32_t number)
{
    uint8_t bytes[EVENT_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    event_write(&meter->events, kind, number, &writer);
    return appended(meter, put(meter, RECORD_EVENTS, &writer));
}

int electricity_store_schedule(struct electricity_meter *meter)
{
    return appended(meter, put_schedule(meter));
}

static void factory_set(struct electricity_meter *meter)
{
    const struct electricity_config *config = &meter->config;

    meter->parameters = config->parameters;
    memset(&meter->state, 0, sizeof meter->state);
    memset(&meter->freezes, 0, sizeof meter->freezes);
    memset(&meter->instants, 0, sizeof meter->instants);
    memset(&meter->events, 0, sizeof meter->events);
    memset(&meter->schedule, NEVER, sizeof meter->schedule);
    meter->state.forward_mwh[0] = config->start_forward_mwh;
    meter->state.balance_grains = config->start_balance_cent * ELECTRICITY_GRAINS_PER_CENT;
}

static void records_read(struct electricity_meter *meter)
{
    meter_journal_read(&meter->journal, record_rows, sizeof record_rows / sizeof record_rows[0], meter);
}

int electricity_store_load(struct electricity_meter *meter)
{
    int error = meter_journal_open(&meter->journal, &meter->journal_hal);

    factory_set(meter);
    if (error == METER_JOURNAL_ERR_GEOMETRY)
        return ELECTRICITY_ERR_CONFIG;
    if (error == METER_JOURNAL_ERR_EMPTY)
        return electricity_store_all(meter);
    records_read(meter);
    return 1;
}

void electricity_store_recover(struct electricity_meter *meter, const struct electricity_state *before)
{
    factory_set(meter);
    if (meter_journal_open(&meter->journal, &meter->journal_hal) == 0)
        records_read(meter);
    meter->state = *before;
}
