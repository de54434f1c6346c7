#include "meter/core/bus_meter/bus_meter_internal.h"

#include <string.h>

#include "base/calendar.h"
#include "meter/core/meter_timer.h"

#define MS_PER_S 1000
#define STORE_PERIOD_S 3600 /* what moved is written at least this often */
#define CHINA_OFFSET_S 28800
#define CLOCK_LIMIT_S INT64_C(4102444800) /* 2100 */
#define MAKER "MWK"

/* T: CJ/T 188-2004, meter types; medium: EN 13757-3 table 3. */
static const struct bus_meter_kind_row kinds[BUS_METER_KIND_COUNT] = {
    [BUS_METER_COLD_WATER] = { 0x10, 0x16, false, ITEM_VOLUME },
    [BUS_METER_HOT_WATER] = { 0x11, 0x15, false, ITEM_VOLUME },
    [BUS_METER_DRINKING_WATER] = { 0x12, 0x07, false, ITEM_VOLUME },
    [BUS_METER_HEAT] = { 0x20, 0x04, true, ITEM_ENERGY_HEAT },
    [BUS_METER_COLD] = { 0x21, 0x0a, true, ITEM_ENERGY_COOLING },
    [BUS_METER_GAS] = { 0x30, 0x03, false, ITEM_VOLUME },
};

const struct bus_meter_kind_row *bus_meter_kind_find(uint8_t kind)
{
    return &kinds[kind < BUS_METER_KIND_COUNT ? kind : BUS_METER_COLD_WATER];
}

uint8_t bus_meter_type(enum bus_meter_kind kind)
{
    return bus_meter_kind_find((uint8_t)kind)->type;
}

struct bus_meter_config bus_meter_config_default(enum bus_meter_kind kind)
{
    struct bus_meter_config config;
    memset(&config, 0, sizeof config);
    config.kind = (uint8_t)kind;
    config.protocols = BUS_METER_CJT188 | BUS_METER_MBUS;
    config.has_valve = true;
    config.zone_offset_s = CHINA_OFFSET_S;
    config.commit_ml = 10000;
    config.commit_wh = 1000;
    (void)wmbus_address_make(MAKER, "0", 1, bus_meter_kind_find((uint8_t)kind)->medium, &config.identity);
    return config;
}

static bool config_is_allowed(const struct bus_meter_config *config, const struct meter_hal *hal, int64_t now_s)
{
    const struct bus_meter_kind_row *kind = bus_meter_kind_find(config->kind);
    return config->kind < BUS_METER_KIND_COUNT && config->protocols != 0 && config->primary <= 250 && now_s > 0 &&
           config->preamble_size <= BUS_METER_PREAMBLE_LIMIT && !(config->prepaid && kind->is_energy) &&
           config->start_volume_ml >= 0 && config->start_volume_ml < BUS_METER_VOLUME_LIMIT_ML &&
           config->start_energy_wh >= 0 && config->start_energy_wh < BUS_METER_ENERGY_LIMIT_WH &&
           config->commit_ml > 0 && config->commit_wh > 0 &&
           (!config->has_valve || (hal->valve_drive != NULL && hal->valve_sense != NULL));
}

/* As from the factory; flash overwrites it. */
static void factory_set(struct bus_meter *meter)
{
    const struct bus_meter_config *config = &meter->config;
    memcpy(meter->settings.address, config->address, sizeof config->address);
    memcpy(meter->settings.number, config->identity.bytes + 2, sizeof meter->settings.number);
    meter->settings.primary = config->primary;
    meter->settings.settlement_day = 1;
    meter->settings.reading_day = 1;
    meter->settings.price_start_day = 1;
    meter->state.volume_ml = config->start_volume_ml;
    meter->state.energy_wh = config->start_energy_wh;
    meter->state.settled_day = bus_meter_settlement_day(meter, meter->settings.settlement_day);
}

int bus_meter_open(struct bus_meter *meter, const struct meter_hal *hal, const struct bus_meter_config *config,
                   int64_t now_s)
{
    memset(meter, 0, sizeof *meter);
    if (!config_is_allowed(config, hal, now_s))
        return BUS_METER_ERR_CONFIG;
    meter->hal = hal;
    meter->config = *config;
    meter->config.variant = cjt188_variant_given(config->variant);
    meter->now_s = now_s;
    meter->stored_s = now_s;
    meter->link.is_first = true;
    meter->link.error = BUS_METER_NO_ERROR;
    meter->link.told_error = BUS_METER_NO_ERROR;
    meter_valve_open(&meter->valve, config->has_valve);
    factory_set(meter);
    int error = bus_meter_load(meter);
    if (error == BUS_METER_ERR_CONFIG)
        return error;
    meter->stored_ml = meter->state.volume_ml;
    meter->stored_wh = meter->state.energy_wh;
    bus_meter_valve_follow(meter, true);
    bus_meter_step(meter, now_s);
    return error;
}

int64_t bus_meter_clock_s(const struct bus_meter *meter)
{
    return meter->now_s + meter->state.clock_offset_s;
}

int64_t bus_meter_register(const struct bus_meter *meter)
{
    return bus_meter_kind_find(meter->config.kind)->is_energy ? meter->state.energy_wh : meter->state.volume_ml;
}

struct item_time bus_meter_local_time(const struct bus_meter *meter, int64_t clock_s)
{
    struct item_time time = item_time_of_unix(clock_s + meter->config.zone_offset_s);
    time.is_utc = 0;
    return time;
}

int bus_meter_local_instant(const struct bus_meter *meter, const struct item_time *time, int64_t *clock_s)
{
    struct calendar_date date = { time->year, time->month, time->day };
    int64_t day;
    int error = item_time_check(time);
    if (error == 0)
        error = calendar_day_of_date(date, &day);
    if (error < 0)
        return error;
    int64_t second = ((int64_t)time->hour * 60 + time->minute) * 60 + time->second;
    *clock_s = day * CALENDAR_DAY_S + second - meter->config.zone_offset_s;
    return 0;
}

int bus_meter_clock_set(struct bus_meter *meter, int64_t clock_s)
{
    int64_t before_s = meter->state.clock_offset_s;
    if (clock_s <= 0 || clock_s > CLOCK_LIMIT_S)
        return BUS_METER_ERR_CONFIG;
    meter->state.clock_offset_s = clock_s - meter->now_s;
    meter->is_dirty = true;
    if (bus_meter_state_store(meter) < 0) {
        meter->state.clock_offset_s = before_s;
        return BUS_METER_ERR_FLASH;
    }
    bus_meter_history_step(meter);
    return 0;
}

static bool store_is_due(const struct bus_meter *meter)
{
    return meter->is_dirty && meter->now_s - meter->stored_s >= STORE_PERIOD_S;
}

void bus_meter_valve_step(struct bus_meter *meter)
{
    struct meter_timers timers = meter_timers_default();
    (void)meter_valve_step(&meter->valve, meter->hal, &timers, meter->now_s * MS_PER_S);
}

void bus_meter_step(struct bus_meter *meter, int64_t now_s)
{
    if (now_s > meter->now_s) {
        meter->state.operating_s += (uint32_t)(now_s - meter->now_s);
        meter->is_dirty = true;
        meter->now_s = now_s;
    }
    bus_meter_history_step(meter);
    bus_meter_valve_step(meter);
    if (store_is_due(meter))
        (void)bus_meter_state_store(meter);
}

/* How far a register went since it was written, over its turn. */
static int64_t distance(int64_t from, int64_t to, int64_t limit)
{
    return to >= from ? to - from : to - from + limit;
}

void bus_meter_flow(struct bus_meter *meter, int64_t volume_ml, int64_t energy_wh)
{
    struct bus_meter_state *state = &meter->state;
    if (volume_ml == 0 && energy_wh == 0)
        return;
    state->volume_ml = (state->volume_ml + volume_ml) % BUS_METER_VOLUME_LIMIT_ML;
    state->energy_wh = (state->energy_wh + energy_wh) % BUS_METER_ENERGY_LIMIT_WH;
    meter->is_dirty = true;
    if (meter->config.prepaid)
        bus_meter_account_charge(meter, volume_ml);
    if (distance(meter->stored_ml, state->volume_ml, BUS_METER_VOLUME_LIMIT_ML) >= meter->config.commit_ml ||
        distance(meter->stored_wh, state->energy_wh, BUS_METER_ENERGY_LIMIT_WH) >= meter->config.commit_wh)
        (void)bus_meter_state_store(meter);
}

void bus_meter_sense(struct bus_meter *meter, const struct bus_meter_sensors *sensors)
{
    meter->sensors = *sensors;
}

size_t bus_meter_receive(struct bus_meter *meter, struct span frame, uint8_t *answer, size_t limit)
{
    struct writer out = writer_of_buffer(answer, limit);
    unsigned protocols = meter->config.protocols;
    /* The longer frame first: five bytes of it may look like M-Bus. */
    bool is_taken = (protocols & BUS_METER_CJT188) != 0 && bus_meter_cjt188_receive(meter, frame, &out);
    if (!is_taken && (protocols & BUS_METER_MBUS) != 0)
        (void)bus_meter_mbus_receive(meter, frame, &out);
    return out.overflow ? 0 : out.size;
}
