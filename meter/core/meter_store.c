#include "meter/core/meter_internal.h"

#include <string.h>

/* Types of records. A number is never given a new meaning: an old journal must be read rightly by new firmware. */
enum record_type {
    RECORD_STATE = 1,      /* the whole struct meter_state: register, money and serials change together */
    RECORD_PARAMETERS = 2, /* all of them */
    RECORD_DAYS = 3,     /* any number of: day u16, volume_l u32; the first of a month is its month's freeze as well */
    RECORD_MONTHS = 4,   /* any number of: day u16, volume_l u32 */
    RECORD_INCIDENTS = 5, /* any number of: clock_s u32, kind u8, detail u8 */
    RECORD_QUARTERS = 6  /* any number of: day u16, hour u8, four times volume_l u32 */
};

#define STATE_SIZE 48
#define PARAMETERS_SIZE (8 * 4 + 1 + 8 * WATER_METER_PRICE_STEP_LIMIT)
#define ENTRY_SIZE 6 /* of a freeze or an incident */
#define HOUR_SIZE (3 + 4 * METER_INTERVAL_HOUR_PLACES)
#define HOURS_A_DAY (METER_INTERVAL_PLACES / METER_INTERVAL_HOUR_PLACES)

static void state_write(const struct meter_state *state, struct writer *out)
{
    writer_put_u64be(out, (uint64_t)state->volume_ml);
    writer_put_u64be(out, (uint64_t)state->cycle_ml);
    writer_put_u64be(out, (uint64_t)state->balance_fen);
    writer_put_u32be(out, state->charge_rest);
    writer_put_u32be(out, (uint32_t)state->cycle_day);
    writer_put_u32be(out, state->recharge_serial.highest);
    writer_put_u32be(out, state->recharge_serial.seen);
    writer_put_u32be(out, state->valve_serial);
    writer_put_u16be(out, state->alarm_bits);
    writer_put_u8(out, state->valve_holds);
    writer_put_u8(out, state->arrears_waived ? 1 : 0);
}

static uint32_t take_u32(struct reader *reader)
{
    uint32_t value = 0;
    return reader_take_u32be(reader, &value) == 0 ? value : 0;
}

static int64_t take_i64(struct reader *reader)
{
    uint64_t value = 0;
    return reader_take_u64be(reader, &value) == 0 ? (int64_t)value : 0;
}

static uint16_t take_u16(struct reader *reader)
{
    uint16_t value = 0;
    return reader_take_u16be(reader, &value) == 0 ? value : (uint16_t)0;
}

static uint8_t take_u8(struct reader *reader)
{
    uint8_t value = 0;
    return reader_take_u8(reader, &value) == 0 ? value : (uint8_t)0;
}

static void state_read(void *device, struct reader *in)
{
    struct meter *meter = device;
    struct meter_state *state = &meter->state;
    state->volume_ml = take_i64(in);
    state->cycle_ml = take_i64(in);
    state->balance_fen = take_i64(in);
    state->charge_rest = take_u32(in);
    state->cycle_day = (int32_t)take_u32(in);
    state->recharge_serial.highest = take_u32(in);
    state->recharge_serial.seen = take_u32(in);
    state->valve_serial = take_u32(in);
    state->alarm_bits = take_u16(in);
    state->valve_holds = take_u8(in);
    state->arrears_waived = take_u8(in) != 0;
}

static void parameters_write(const struct meter_parameters *parameters, struct writer *out)
{
    const int32_t values[] = { parameters->low_balance_fen, parameters->overdraft_fen, parameters->report_period_s,
                               parameters->report_time_s,   parameters->stagger_ms,    parameters->flow_limit_ml_h,
                               parameters->leak_limit_ml_h, parameters->leak_time_min };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        writer_put_u32be(out, (uint32_t)values[i]);
    writer_put_u8(out, parameters->price_steps.count);
    for (size_t i = 0; i < WATER_METER_PRICE_STEP_LIMIT; i++) {
        writer_put_u32be(out, parameters->price_steps.steps[i].limit_l);
        writer_put_u32be(out, parameters->price_steps.steps[i].price);
    }
}

/* Parameters that a later firmware no longer allows are left as the factory has them. */
static void parameters_read(void *device, struct reader *in)
{
    struct meter *meter = device;
    struct meter_parameters read;
    int32_t *const places[] = { &read.low_balance_fen, &read.overdraft_fen, &read.report_period_s,
                                &read.report_time_s,   &read.stagger_ms,    &read.flow_limit_ml_h,
                                &read.leak_limit_ml_h, &read.leak_time_min };
    memset(&read, 0, sizeof read);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        *places[i] = (int32_t)take_u32(in);
    read.price_steps.count = take_u8(in);
    for (size_t i = 0; i < WATER_METER_PRICE_STEP_LIMIT; i++) {
        read.price_steps.steps[i].limit_l = take_u32(in);
        read.price_steps.steps[i].price = take_u32(in);
    }
    if (meter_parameters_are_allowed(&read))
        meter->parameters = read;
}

static void day_read(void *device, struct reader *in)
{
    struct meter *meter = device;
    int32_t day = take_u16(in);
    meter_freezes_put(&meter->freezes, day, take_u32(in));
}

static void month_read(void *device, struct reader *in)
{
    struct meter *meter = device;
    int32_t day = take_u16(in);
    meter_freezes_put_month(&meter->freezes, day, take_u32(in));
}

static void incident_put(struct meter *meter, struct meter_incident incident)
{
    meter->incidents[meter->incident_next] = incident;
    meter->incident_next = (uint8_t)((meter->incident_next + 1) % METER_INCIDENT_LIMIT);
}

static void incident_read(void *device, struct reader *in)
{
    struct meter *meter = device;
    struct meter_incident incident;
    incident.clock_s = take_u32(in);
    incident.kind = take_u8(in);
    incident.detail = take_u8(in);
    incident_put(meter, incident);
}

static void hour_read(void *device, struct reader *in)
{
    struct meter *meter = device;
    int32_t day = take_u16(in);
    unsigned first = take_u8(in) * (unsigned)METER_INTERVAL_HOUR_PLACES;
    for (unsigned i = 0; i < METER_INTERVAL_HOUR_PLACES; i++) {
        uint32_t volume_l = take_u32(in);
        if (volume_l != METER_INTERVAL_NONE)
            meter_intervals_put(&meter->intervals, day, first + i, volume_l);
    }
}

static const struct meter_journal_row record_rows[] = {
    { state_read, RECORD_STATE, STATE_SIZE },        { parameters_read, RECORD_PARAMETERS, PARAMETERS_SIZE },
    { day_read, RECORD_DAYS, ENTRY_SIZE },           { month_read, RECORD_MONTHS, ENTRY_SIZE },
    { incident_read, RECORD_INCIDENTS, ENTRY_SIZE }, { hour_read, RECORD_QUARTERS, HOUR_SIZE },
};

static int put(struct meter *meter, enum record_type type, const struct writer *payload)
{
    return meter_journal_append(&meter->journal, (uint8_t)type, writer_span(payload));
}

static int put_state(struct meter *meter)
{
    uint8_t bytes[STATE_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    state_write(&meter->state, &writer);
    return put(meter, RECORD_STATE, &writer);
}

static int put_parameters(struct meter *meter)
{
    uint8_t bytes[PARAMETERS_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    parameters_write(&meter->parameters, &writer);
    return put(meter, RECORD_PARAMETERS, &writer);
}

static void freeze_write(int32_t day, uint32_t volume_l, struct writer *out)
{
    writer_put_u16be(out, (uint16_t)day);
    writer_put_u32be(out, volume_l);
}

static void incident_write(const struct meter_incident *incident, struct writer *out)
{
    writer_put_u32be(out, incident->clock_s);
    writer_put_u8(out, incident->kind);
    writer_put_u8(out, incident->detail);
}

static int put_freezes(struct meter *meter, enum record_type type, const uint16_t *days, const uint32_t *volumes_l,
                       size_t count)
{
    uint8_t bytes[METER_JOURNAL_PAYLOAD_LIMIT];
    struct writer gathered = writer_of_buffer(bytes, sizeof bytes);
    int error = 0;
    for (size_t i = 0; i < count && error == 0; i++) {
        if (days[i] == 0)
            continue;
        freeze_write(days[i], volumes_l[i], &gathered);
        error = meter_journal_gather(&meter->journal, (uint8_t)type, &gathered, ENTRY_SIZE);
    }
    return error < 0 ? error : meter_journal_gather(&meter->journal, (uint8_t)type, &gathered, METER_JOURNAL_NO_ENTRY);
}

static int put_incidents(struct meter *meter)
{
    uint8_t bytes[METER_INCIDENT_LIMIT * ENTRY_SIZE];
    struct writer gathered = writer_of_buffer(bytes, sizeof bytes);
    for (size_t i = 0; i < METER_INCIDENT_LIMIT; i++) {
        const struct meter_incident *incident = &meter->incidents[(meter->incident_next + i) % METER_INCIDENT_LIMIT];
        if (incident->kind != METER_INCIDENT_NONE)
            incident_write(incident, &gathered);
    }
    return gathered.size > 0 ? put(meter, RECORD_INCIDENTS, &gathered) : 0;
}

static void hour_write(const struct meter_interval_day *day, unsigned hour, struct writer *out)
{
    writer_put_u16be(out, day->day);
    writer_put_u8(out, (uint8_t)hour);
    for (unsigned i = 0; i < METER_INTERVAL_HOUR_PLACES; i++)
        writer_put_u32be(out, day->volume_l[hour * METER_INTERVAL_HOUR_PLACES + i]);
}

static bool hour_has_value(const struct meter_interval_day *day, unsigned hour)
{
    bool found = false;
    for (unsigned i = 0; i < METER_INTERVAL_HOUR_PLACES; i++)
        found = found || day->volume_l[hour * METER_INTERVAL_HOUR_PLACES + i] != METER_INTERVAL_NONE;
    return found;
}

static int put_quarters(struct meter *meter)
{
    uint8_t bytes[METER_JOURNAL_PAYLOAD_LIMIT];
    struct writer gathered = writer_of_buffer(bytes, sizeof bytes);
    int error = 0;
    for (unsigned i = 0; i < METER_INTERVAL_DAYS * HOURS_A_DAY && error == 0; i++) {
        const struct meter_interval_day *day = &meter->intervals.days[i / HOURS_A_DAY];
        if (day->day == 0 || !hour_has_value(day, i % HOURS_A_DAY))
            continue;
        hour_write(day, i % HOURS_A_DAY, &gathered);
        error = meter_journal_gather(&meter->journal, RECORD_QUARTERS, &gathered, HOUR_SIZE);
    }
    return error < 0 ? error
                     : meter_journal_gather(&meter->journal, RECORD_QUARTERS, &gathered, METER_JOURNAL_NO_ENTRY);
}

static int put_all(void *device)
{
    struct meter *meter = device;
    const struct meter_freezes *freezes = &meter->freezes;
    int error = put_parameters(meter);
    error = error < 0 ? error : put_state(meter);
    error = error < 0
                ? error
                : put_freezes(meter, RECORD_MONTHS, freezes->months, freezes->month_volume_l, METER_FREEZE_MONTHS);
    error =
        error < 0 ? error : put_freezes(meter, RECORD_DAYS, freezes->days, freezes->day_volume_l, METER_FREEZE_DAYS);
    error = error < 0 ? error : put_quarters(meter);
    return error < 0 ? error : put_incidents(meter);
}

/* Everything that is true into another sector. */
static int sector_change(struct meter *meter)
{
    if (meter_journal_renew(&meter->journal, put_all, meter) == 0) {
        meter->state_dirty = false;
        meter->uncommitted_ml = 0;
        meter->flash_failed = false;
        return 0;
    }
    if (!meter->flash_failed)
        incident_put(meter, (struct meter_incident){ (uint32_t)meter_clock_s(meter), METER_INCIDENT_FLASH, 0 });
    meter->flash_failed = true;
    return METER_ERR_FLASH;
}

/* A record that did not fit is in the new sector already: RAM was changed first. */
static int appended(struct meter *meter, int error)
{
    return error == 0 ? 0 : sector_change(meter);
}

int meter_store_state(struct meter *meter)
{
    if (!meter->state_dirty)
        return 0;
    if (appended(meter, put_state(meter)) < 0)
        return METER_ERR_FLASH;
    meter->state_dirty = false;
    meter->uncommitted_ml = 0;
    return 0;
}

int meter_store_parameters(struct meter *meter)
{
    return appended(meter, put_parameters(meter));
}

int meter_store_freeze(struct meter *meter, int32_t day, uint32_t volume_l)
{
    uint8_t bytes[ENTRY_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    freeze_write(day, volume_l, &writer);
    return appended(meter, put(meter, RECORD_DAYS, &writer));
}

int meter_store_interval_hour(struct meter *meter, int32_t day, unsigned hour)
{
    uint8_t bytes[HOUR_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    const struct meter_interval_day *found = meter_intervals_find(&meter->intervals, day);
    if (found == NULL)
        return 0;
    hour_write(found, hour, &writer);
    return appended(meter, put(meter, RECORD_QUARTERS, &writer));
}

void meter_incident_note(struct meter *meter, enum meter_incident_kind kind, uint8_t detail)
{
    struct meter_incident incident = { (uint32_t)meter_clock_s(meter), (uint8_t)kind, detail };
    uint8_t bytes[ENTRY_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    incident_put(meter, incident);
    incident_write(&incident, &writer);
    (void)appended(meter, put(meter, RECORD_INCIDENTS, &writer));
}

int meter_store_load(struct meter *meter)
{
    int error = meter_journal_open(&meter->journal, meter->hal);
    if (error == METER_JOURNAL_ERR_GEOMETRY)
        return METER_ERR_CONFIG;
    if (error == METER_JOURNAL_ERR_EMPTY)
        return sector_change(meter);
    meter_journal_read(&meter->journal, record_rows, sizeof record_rows / sizeof record_rows[0], meter);
    return 0;
}
