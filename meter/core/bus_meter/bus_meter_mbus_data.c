/* The records of the meter's variable data answer (EN 13757-3 clause 6): one row each. */
#include "base/calendar.h"
#include "codec/mbus/mbus_record_encode.h"
#include "meter/core/bus_meter/bus_meter_internal.h"

#include <string.h>

#define ML_PER_L 1000
#define WH_STEP 10 /* VIF 04H counts 10 Wh */
#define S_PER_HOUR 3600
#define DIF_MORE_FOLLOW 0x1f
#define VIF_VOLUME_L 0x13
#define VIF_ENERGY_10_WH 0x04
#define VIF_DATE 0x6c
#define VIF_DATE_TIME 0x6d
#define VIF_ERROR_FLAGS 0xfd17
#define VIF_DIGITAL_OUTPUT 0xfd1a

enum row_kind { ROW_VOLUME = 1, ROW_ENERGY = 2, ROW_VALVE = 4 }; /* which meters have it */

static int64_t volume_l(const struct bus_meter *meter)
{
    return meter->state.volume_ml / ML_PER_L;
}

static int64_t energy_wh(const struct bus_meter *meter)
{
    return meter->state.energy_wh / WH_STEP * WH_STEP;
}

static int64_t power_w(const struct bus_meter *meter)
{
    return meter->sensors.power_w;
}

static int64_t flow_l_h(const struct bus_meter *meter)
{
    return meter->sensors.flow_l_h;
}

static int64_t supply_centi_c(const struct bus_meter *meter)
{
    return meter->sensors.supply_centi_c;
}

static int64_t return_centi_c(const struct bus_meter *meter)
{
    return meter->sensors.return_centi_c;
}

static int64_t difference_centi_k(const struct bus_meter *meter)
{
    int difference = meter->sensors.supply_centi_c - meter->sensors.return_centi_c;
    return difference > INT16_MAX ? INT16_MAX : difference < INT16_MIN ? INT16_MIN : difference;
}

static int64_t operating_s(const struct bus_meter *meter)
{
    return (int64_t)(meter->state.operating_s / S_PER_HOUR) * S_PER_HOUR;
}

static int64_t faults(const struct bus_meter *meter)
{
    return meter->sensors.faults;
}

/* Bit 0: closed; bit 1: stuck. */
static int64_t valve(const struct bus_meter *meter)
{
    enum valve_state state = meter_valve_state(&meter->valve);
    return (state == VALVE_CLOSED ? 1 : 0) | (state == VALVE_FAULT ? 2 : 0);
}

static const struct {
    uint8_t kinds; /* set of enum row_kind */
    uint8_t item_kind;
    uint8_t data_field;
    int8_t exponent; /* of the value in the code's unit: m3, Wh, W, m3/h, degree Celsius, K, s */
    uint32_t identifier;
    int64_t (*value)(const struct bus_meter *meter);
} rows[] = {
    { ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_4, 0, VIF_ENERGY_10_WH, energy_wh },
    { ROW_VOLUME | ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_4, -3, VIF_VOLUME_L, volume_l },
    { ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_4, 0, 0x2b, power_w },
    { ROW_VOLUME | ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_4, -3, 0x3b, flow_l_h },
    { ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_2, -2, 0x59, supply_centi_c },
    { ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_2, -2, 0x5d, return_centi_c },
    { ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_2, -2, 0x61, difference_centi_k },
    { ROW_VOLUME | ROW_ENERGY, ITEM_KIND_NUMBER, MBUS_DATA_INTEGER_4, 0, 0x26, operating_s },
    { ROW_VOLUME | ROW_ENERGY, ITEM_KIND_FLAGS, MBUS_DATA_FITTING, 0, VIF_ERROR_FLAGS, faults },
    { ROW_VALVE, ITEM_KIND_FLAGS, MBUS_DATA_FITTING, 0, VIF_DIGITAL_OUTPUT, valve },
};

/* All values are within their fields: nothing can fail but the room, which shows in the writer. */
static void record_put(const struct item *item, uint8_t data_field, struct writer *out)
{
    if (mbus_item_encode(item, data_field, out) < 0)
        out->overflow = true;
}

static void time_put(const struct item_time *time, uint8_t parts, uint32_t identifier, uint32_t storage,
                     struct writer *out)
{
    struct item item;
    memset(&item, 0, sizeof item);
    item.kind = ITEM_KIND_TIME;
    item.identifier = identifier;
    item.storage = storage;
    item.time = *time;
    item.time.parts = parts;
    record_put(&item, MBUS_DATA_FITTING, out);
}

/* The register on a settlement day, and the day. */
static void settlement_put(const struct bus_meter *meter, uint32_t storage, struct writer *out)
{
    const struct bus_meter_settlement *settled = &meter->history[storage - 1];
    bool is_energy = bus_meter_kind_find(meter->config.kind)->is_energy;
    struct item_time date = item_time_of_unix((int64_t)settled->day * CALENDAR_DAY_S);
    struct item item;
    if (settled->day == 0)
        return;
    memset(&item, 0, sizeof item);
    item.identifier = is_energy ? VIF_ENERGY_10_WH : VIF_VOLUME_L;
    item.storage = storage;
    item.exponent = is_energy ? 0 : -3;
    item.value = is_energy ? settled->value / WH_STEP * WH_STEP : settled->value / ML_PER_L;
    record_put(&item, MBUS_DATA_INTEGER_4, out);
    time_put(&date, ITEM_TIME_DAY, VIF_DATE, storage, out);
}

static void present_put(const struct bus_meter *meter, struct writer *out)
{
    bool is_energy = bus_meter_kind_find(meter->config.kind)->is_energy;
    unsigned has = (is_energy ? ROW_ENERGY : ROW_VOLUME) | (meter->config.has_valve ? ROW_VALVE : 0u);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct item item;
        if ((rows[i].kinds & has) == 0)
            continue;
        memset(&item, 0, sizeof item);
        item.kind = rows[i].item_kind;
        item.digits = 2;
        item.identifier = rows[i].identifier;
        item.exponent = rows[i].exponent;
        item.value = rows[i].value(meter);
        record_put(&item, rows[i].data_field, out);
    }
    struct item_time clock = bus_meter_local_time(meter, bus_meter_clock_s(meter));
    time_put(&clock, ITEM_TIME_MINUTE, VIF_DATE_TIME, 0, out);
    settlement_put(meter, 1, out);
}

void bus_meter_mbus_records(const struct bus_meter *meter, uint8_t telegram, bool more_follow, struct writer *out)
{
    if (telegram == 0)
        present_put(meter, out);
    for (uint32_t storage = 2; telegram != 0 && storage <= BUS_METER_HISTORY_LIMIT; storage++)
        settlement_put(meter, storage, out);
    if (more_follow)
        writer_put_u8(out, DIF_MORE_FOLLOW);
}
