/* What CJ/T 188 reads from the meter, as items: one function for each shape of an answer. */
#include "meter/core/bus_meter/bus_meter_internal.h"

#include <string.h>

#define ML_PER_HUNDREDTH 10000 /* of a m3 */
#define WH_PER_HUNDREDTH 10    /* of a kWh */
#define L_PER_HUNDREDTH 10
#define W_PER_HUNDREDTH 10
#define S_PER_HOUR 3600
#define HOURS_LIMIT 1000000 /* six digits */
#define SCALE (-2)

static struct item *item_put(struct item_list *list, uint16_t quantity, uint8_t unit, int64_t value, int8_t exponent)
{
    struct item *item = item_list_add(list);
    item->quantity = quantity;
    item->unit = unit;
    item->value = value;
    item->exponent = exponent;
    return item;
}

static uint16_t valve_bits(const struct bus_meter *meter)
{
    bool is_old = false;
    switch (meter_valve_state(&meter->valve)) {
    case VALVE_FAULT:
        return CJT188_VALVE_IS_ABNORMAL;
    case VALVE_MOVING:
        is_old = true;
        break;
    case VALVE_NONE:
        return CJT188_VALVE_IS_OPEN;
    default:
        break;
    }
    return meter->valve.closed_wanted != is_old ? CJT188_VALVE_IS_CLOSED : CJT188_VALVE_IS_OPEN;
}

uint16_t bus_meter_status(const struct bus_meter *meter, uint8_t map)
{
    uint16_t status = 0;
    for (const struct cjt188_status_bits *bits = cjt188_status_maps[map]; bits->width > 0; bits++) {
        unsigned value = bits->quantity == ITEM_VALVE         ? valve_bits(meter)
                         : bits->quantity == ITEM_BATTERY_LOW ? meter->sensors.battery_low
                                                              : meter->sensors.faults;
        status = (uint16_t)(status | (value & ((1u << bits->width) - 1)) << bits->shift);
    }
    return status;
}

/* The register that the meter bills by, now or `storage` settlements back. */
static void register_put(const struct bus_meter *meter, struct item_list *list, uint32_t storage)
{
    const struct bus_meter_kind_row *kind = bus_meter_kind_find(meter->config.kind);
    const struct bus_meter_settlement *settled = storage > 0 ? &meter->history[storage - 1] : NULL;
    int64_t value = settled != NULL ? settled->value : bus_meter_register(meter);
    struct item *item = item_put(list, kind->quantity, kind->is_energy ? ITEM_UNIT_KWH : ITEM_UNIT_M3,
                                 value / (kind->is_energy ? WH_PER_HUNDREDTH : ML_PER_HUNDREDTH), SCALE);
    item->storage = storage;
    if (settled != NULL && settled->day == 0)
        item->quality = ITEM_MISSING;
}

static void temperature_put(struct item_list *list, uint16_t quantity, int16_t centi_c)
{
    struct item *item = item_put(list, quantity, ITEM_UNIT_CELSIUS, centi_c, SCALE);
    if (centi_c < 0) /* no sign in this field */
        item->quality = ITEM_MISSING;
}

static void heat_put(const struct bus_meter *meter, struct item_list *list)
{
    const struct bus_meter_sensors *sensors = &meter->sensors;
    item_put(list, ITEM_POWER, ITEM_UNIT_KW, sensors->power_w / W_PER_HUNDREDTH, SCALE);
    item_put(list, ITEM_VOLUME_FLOW, ITEM_UNIT_M3_H, sensors->flow_l_h / L_PER_HUNDREDTH, SCALE);
    item_put(list, ITEM_VOLUME, ITEM_UNIT_M3, meter->state.volume_ml / ML_PER_HUNDREDTH, SCALE);
    temperature_put(list, ITEM_TEMPERATURE_FLOW, sensors->supply_centi_c);
    temperature_put(list, ITEM_TEMPERATURE_RETURN, sensors->return_centi_c);
    item_put(list, ITEM_OPERATING_TIME, ITEM_UNIT_HOUR, meter->state.operating_s / S_PER_HOUR % HOURS_LIMIT, 0);
}

static void metering_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    bool is_energy = bus_meter_kind_find(meter->config.kind)->is_energy;
    const struct cjt188_variant *variant = meter->config.variant;
    (void)row;
    register_put(meter, list, 0);
    register_put(meter, list, 1);
    if (is_energy)
        heat_put(meter, list);
    struct item *clock = item_put(list, ITEM_DATE_TIME, ITEM_UNIT_NONE, 0, 0);
    clock->time = bus_meter_local_time(meter, bus_meter_clock_s(meter));
    item_put(list, ITEM_STATUS, ITEM_UNIT_NONE,
             bus_meter_status(meter, is_energy ? variant->heat_status_map : variant->status_map), 0);
}

static void history_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    register_put(meter, list, row->storage);
}

static void price_put(struct item_list *list, uint16_t quantity, uint32_t value, int8_t exponent, uint16_t tier)
{
    item_put(list, quantity, ITEM_UNIT_NONE, value, exponent)->tier = tier;
}

static void prices_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    const struct bus_meter_settings *settings = &meter->settings;
    (void)row;
    for (uint16_t i = 0; i < 3; i++)
        price_put(list, ITEM_PRICE, settings->price_fen[i], SCALE, (uint16_t)(i + 1));
    for (uint16_t i = 0; i < 2; i++)
        price_put(list, ITEM_TIER_LIMIT, settings->price_limit[i], 0, (uint16_t)(i + 1));
}

static void day_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    bool is_settlement = row->identifier == CJT188_SETTLEMENT_DAY;
    item_put(list, ITEM_PARAMETER, ITEM_UNIT_NONE,
             is_settlement ? meter->settings.settlement_day : meter->settings.reading_day, 0);
}

static void status_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    (void)row;
    item_put(list, ITEM_STATUS, ITEM_UNIT_NONE, bus_meter_status(meter, meter->config.variant->status_map), 0);
}

static void purchase_write_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    (void)row;
    item_put(list, ITEM_PURCHASE_COUNT, ITEM_UNIT_NONE, meter->state.purchase_number, 0);
    item_put(list, ITEM_PURCHASE_AMOUNT, ITEM_UNIT_YUAN, meter->state.purchase_fen, SCALE);
}

/* The field of the balance has no sign: what is owed reads as nothing left. */
static void purchase_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    int64_t balance_fen = meter->state.balance_fen > 0 ? meter->state.balance_fen : 0;
    purchase_write_put(meter, row, list);
    item_put(list, ITEM_PURCHASE_TOTAL, ITEM_UNIT_YUAN, meter->state.purchased_fen, SCALE);
    item_put(list, ITEM_BALANCE, ITEM_UNIT_YUAN, balance_fen, SCALE);
    status_put(meter, row, list);
}

static void key_version_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list)
{
    (void)row;
    item_put(list, ITEM_VERSION, ITEM_UNIT_NONE, meter->settings.key_version, 0);
}

typedef void shape_put(const struct bus_meter *meter, const struct cjt188_data *row, struct item_list *list);

/* By the shape of the answer; what is not here has nothing behind SER. */
static shape_put *const shapes[CJT188_SHAPE_COUNT] = {
    [CJT188_SHAPE_METERING] = metering_put,       [CJT188_SHAPE_HISTORY] = history_put,
    [CJT188_SHAPE_PRICE_TABLE] = prices_put,      [CJT188_SHAPE_DAY] = day_put,
    [CJT188_SHAPE_PURCHASE] = purchase_put,       [CJT188_SHAPE_PURCHASE_WRITE] = purchase_write_put,
    [CJT188_SHAPE_KEY_VERSION] = key_version_put, [CJT188_SHAPE_STATUS] = status_put,
};

size_t bus_meter_cjt188_items(const struct bus_meter *meter, const struct cjt188_data *row,
                              struct item items[BUS_METER_ITEM_LIMIT])
{
    struct item_list list = item_list_of(items, BUS_METER_ITEM_LIMIT);
    if (shapes[row->answer] != NULL)
        shapes[row->answer](meter, row, &list);
    return list.count;
}
