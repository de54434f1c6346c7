/* What is true, as records of the journal. */
#include "meter/core/bus_meter/bus_meter_internal.h"

/* Types of records. A number is never given a new meaning. */
enum record_type {
    RECORD_STATE = 1,    /* the whole struct bus_meter_state: registers, money and clock change together */
    RECORD_SETTINGS = 2, /* the whole struct bus_meter_settings */
    RECORD_HISTORY = 3   /* any number of: day u16, value u48; an entry of all ones cuts from its day on */
};

#define STATE_SIZE 64
#define SETTINGS_SIZE 45
#define SETTLEMENT_SIZE 8
#define VALUE_SIZE 6

enum flag { FLAG_PURCHASE = 1, FLAG_COMMAND = 2, FLAG_ARREARS = 4 };

static void state_write(const struct bus_meter_state *state, struct writer *out)
{
    unsigned flags = (state->has_purchase ? FLAG_PURCHASE : 0u) | (state->closed_by_command ? FLAG_COMMAND : 0u) |
                     (state->closed_by_arrears ? FLAG_ARREARS : 0u);
    writer_put_u64be(out, (uint64_t)state->volume_ml);
    writer_put_u64be(out, (uint64_t)state->energy_wh);
    writer_put_u64be(out, (uint64_t)state->clock_offset_s);
    writer_put_u64be(out, (uint64_t)state->cycle_ml);
    writer_put_u64be(out, (uint64_t)state->balance_fen);
    writer_put_u64be(out, (uint64_t)state->purchased_fen);
    writer_put_u32be(out, state->charge_rest);
    writer_put_u32be(out, state->operating_s);
    writer_put_u32be(out, state->purchase_fen);
    writer_put_u16be(out, (uint16_t)state->settled_day);
    writer_put_u8(out, state->purchase_number);
    writer_put_u8(out, (uint8_t)flags);
}

/* The record's size was checked: nothing is short. */
static uint64_t take(struct reader *in, size_t size)
{
    uint64_t value = 0;
    return reader_take_unsigned_be(in, size, &value) == 0 ? value : 0;
}

static void take_bytes(struct reader *in, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)take(in, 1);
}

static void state_read(void *device, struct reader *in)
{
    struct bus_meter *meter = device;
    struct bus_meter_state *state = &meter->state;
    state->volume_ml = (int64_t)take(in, 8);
    state->energy_wh = (int64_t)take(in, 8);
    state->clock_offset_s = (int64_t)take(in, 8);
    state->cycle_ml = (int64_t)take(in, 8);
    state->balance_fen = (int64_t)take(in, 8);
    state->purchased_fen = (int64_t)take(in, 8);
    state->charge_rest = (uint32_t)take(in, 4);
    state->operating_s = (uint32_t)take(in, 4);
    state->purchase_fen = (uint32_t)take(in, 4);
    state->settled_day = (int32_t)take(in, 2);
    state->purchase_number = (uint8_t)take(in, 1);
    unsigned flags = (unsigned)take(in, 1);
    state->has_purchase = (flags & FLAG_PURCHASE) != 0;
    state->closed_by_command = (flags & FLAG_COMMAND) != 0;
    state->closed_by_arrears = (flags & FLAG_ARREARS) != 0;
}

static void settings_write(const struct bus_meter_settings *settings, struct writer *out)
{
    writer_put_bytes(out, settings->address, sizeof settings->address);
    writer_put_bytes(out, settings->number, sizeof settings->number);
    writer_put_u8(out, settings->primary);
    writer_put_u8(out, settings->settlement_day);
    writer_put_u8(out, settings->reading_day);
    writer_put_u8(out, settings->price_start_day);
    writer_put_u8(out, settings->key_version);
    writer_put_u8(out, settings->is_enabled ? 1 : 0);
    for (size_t i = 0; i < 3; i++)
        writer_put_u32be(out, settings->price_fen[i]);
    for (size_t i = 0; i < 2; i++)
        writer_put_u32be(out, settings->price_limit[i]);
    writer_put_bytes(out, settings->key, sizeof settings->key);
}

static void settings_read(void *device, struct reader *in)
{
    struct bus_meter *meter = device;
    struct bus_meter_settings *settings = &meter->settings;
    take_bytes(in, settings->address, sizeof settings->address);
    take_bytes(in, settings->number, sizeof settings->number);
    settings->primary = (uint8_t)take(in, 1);
    settings->settlement_day = (uint8_t)take(in, 1);
    settings->reading_day = (uint8_t)take(in, 1);
    settings->price_start_day = (uint8_t)take(in, 1);
    settings->key_version = (uint8_t)take(in, 1);
    settings->is_enabled = take(in, 1) != 0;
    for (size_t i = 0; i < 3; i++)
        settings->price_fen[i] = (uint32_t)take(in, 4);
    for (size_t i = 0; i < 2; i++)
        settings->price_limit[i] = (uint32_t)take(in, 4);
    take_bytes(in, settings->key, sizeof settings->key);
}

static void settlement_write(struct bus_meter_settlement settlement, struct writer *out)
{
    writer_put_u16be(out, settlement.day);
    writer_put_unsigned_be(out, (uint64_t)settlement.value, VALUE_SIZE);
}

static void settlement_read(void *device, struct reader *in)
{
    struct bus_meter *meter = device;
    struct bus_meter_settlement settlement;
    settlement.day = (uint16_t)take(in, 2);
    settlement.value = (int64_t)take(in, VALUE_SIZE);
    bus_meter_history_put(meter, settlement);
}

static const struct meter_journal_row record_rows[] = {
    { state_read, RECORD_STATE, STATE_SIZE },
    { settings_read, RECORD_SETTINGS, SETTINGS_SIZE },
    { settlement_read, RECORD_HISTORY, SETTLEMENT_SIZE },
};

static int put(struct bus_meter *meter, enum record_type type, const struct writer *payload)
{
    return meter_journal_append(&meter->journal, (uint8_t)type, writer_span(payload));
}

static int put_state(struct bus_meter *meter)
{
    uint8_t bytes[STATE_SIZE];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    state_write(&meter->state, &payload);
    return put(meter, RECORD_STATE, &payload);
}

static int put_settings(struct bus_meter *meter)
{
    uint8_t bytes[SETTINGS_SIZE];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    settings_write(&meter->settings, &payload);
    return put(meter, RECORD_SETTINGS, &payload);
}

/* Oldest first, as they are read. */
static int put_history(struct bus_meter *meter)
{
    uint8_t bytes[BUS_METER_HISTORY_LIMIT * SETTLEMENT_SIZE];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    for (size_t i = BUS_METER_HISTORY_LIMIT; i-- > 0;)
        if (meter->history[i].day != 0)
            settlement_write(meter->history[i], &payload);
    return payload.size > 0 ? put(meter, RECORD_HISTORY, &payload) : 0;
}

static int put_all(void *device)
{
    struct bus_meter *meter = device;
    int error = put_settings(meter);
    error = error < 0 ? error : put_state(meter);
    return error < 0 ? error : put_history(meter);
}

static void stored_note(struct bus_meter *meter)
{
    meter->is_dirty = false;
    meter->stored_s = meter->now_s;
    meter->stored_ml = meter->state.volume_ml;
    meter->stored_wh = meter->state.energy_wh;
    meter->flash_failed = false;
}

/* Everything that is true into another sector. */
static int sector_change(struct bus_meter *meter)
{
    if (meter_journal_renew(&meter->journal, put_all, meter) == 0) {
        stored_note(meter);
        return 0;
    }
    meter->flash_failed = true;
    return BUS_METER_ERR_FLASH;
}

/* A record that did not fit is in the new sector already: RAM was changed first. */
static int appended(struct bus_meter *meter, int error)
{
    return error == 0 ? 0 : sector_change(meter);
}

int bus_meter_state_store(struct bus_meter *meter)
{
    if (!meter->is_dirty)
        return 0;
    if (appended(meter, put_state(meter)) < 0)
        return BUS_METER_ERR_FLASH;
    stored_note(meter);
    return 0;
}

void bus_meter_register_store(struct bus_meter *meter)
{
    if (meter->stored_ml != meter->state.volume_ml || meter->stored_wh != meter->state.energy_wh)
        (void)bus_meter_state_store(meter);
}

int bus_meter_settings_change(struct bus_meter *meter, const struct bus_meter_settings *changed)
{
    struct bus_meter_settings before = meter->settings;
    meter->settings = *changed;
    if (appended(meter, put_settings(meter)) == 0)
        return 0;
    meter->settings = before;
    return BUS_METER_ERR_FLASH;
}

int bus_meter_settlement_store(struct bus_meter *meter, struct bus_meter_settlement settlement)
{
    uint8_t bytes[SETTLEMENT_SIZE];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    settlement_write(settlement, &payload);
    return appended(meter, put(meter, RECORD_HISTORY, &payload));
}

int bus_meter_load(struct bus_meter *meter)
{
    int error = meter_journal_open(&meter->journal, meter->hal);
    if (error == METER_JOURNAL_ERR_GEOMETRY)
        return BUS_METER_ERR_CONFIG;
    if (error == METER_JOURNAL_ERR_EMPTY)
        return sector_change(meter);
    if (error < 0)
        return BUS_METER_ERR_FLASH;
    meter_journal_read(&meter->journal, record_rows, sizeof record_rows / sizeof record_rows[0], meter);
    return 0;
}
