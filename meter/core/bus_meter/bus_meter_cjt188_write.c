/* What CJ/T 188 writes into the meter: one row for each identifier. A write is done whole and in flash, or refused. */
#include "meter/core/bus_meter/bus_meter_internal.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_item.h"
#include "codec/cjt188/cjt188_message.h"

#define REFUSED (-100)

/* The good value of a quantity; NULL when the frame has none. */
static const struct item *item_find(const struct item_list *list, uint16_t quantity, uint16_t tier)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].quantity == quantity && list->items[i].tier == tier)
            return list->items[i].quality == ITEM_GOOD ? &list->items[i] : NULL;
    return NULL;
}

/* Its whole number in the power of ten. returns 0; REFUSED */
static int number_find(const struct item_list *list, uint16_t quantity, uint16_t tier, int exponent, int64_t *out)
{
    const struct item *item = item_find(list, quantity, tier);
    return item != NULL && item_value_scale(item, exponent, out) == 0 && *out >= 0 ? 0 : REFUSED;
}

static int prices_write(struct bus_meter *meter, const struct item_list *list)
{
    struct bus_meter_settings changed = meter->settings;
    int64_t value;
    for (uint16_t i = 0; i < 3; i++) {
        if (number_find(list, ITEM_PRICE, (uint16_t)(i + 1), -2, &value) < 0)
            return REFUSED;
        changed.price_fen[i] = (uint32_t)value;
    }
    for (uint16_t i = 0; i < 2; i++) {
        if (number_find(list, ITEM_TIER_LIMIT, (uint16_t)(i + 1), 0, &value) < 0)
            return REFUSED;
        changed.price_limit[i] = (uint32_t)value;
    }
    if (number_find(list, ITEM_PARAMETER, 0, 0, &value) < 0 || value < 1 || value > 31 ||
        (changed.price_limit[1] != 0 && changed.price_limit[1] < changed.price_limit[0]))
        return REFUSED;
    changed.price_start_day = (uint8_t)value;
    return bus_meter_settings_change(meter, &changed);
}

static bool day_find(const struct item_list *list, uint8_t *day)
{
    int64_t value;
    if (number_find(list, ITEM_PARAMETER, 0, 0, &value) < 0)
        return false;
    *day = (uint8_t)value;
    return (value >= 1 && value <= 31) || value == BUS_METER_DAY_LAST;
}

static int settlement_day_write(struct bus_meter *meter, const struct item_list *list)
{
    struct bus_meter_settings changed = meter->settings;
    if (!day_find(list, &changed.settlement_day))
        return REFUSED;
    bus_meter_history_restart(meter, changed.settlement_day);
    int error = bus_meter_settings_change(meter, &changed);
    if (error < 0)
        bus_meter_history_restart(meter, meter->settings.settlement_day);
    return error;
}

static int reading_day_write(struct bus_meter *meter, const struct item_list *list)
{
    struct bus_meter_settings changed = meter->settings;
    return day_find(list, &changed.reading_day) ? bus_meter_settings_change(meter, &changed) : REFUSED;
}

static int purchase_write(struct bus_meter *meter, const struct item_list *list)
{
    int64_t number, amount_fen;
    if (!meter->config.prepaid || number_find(list, ITEM_PURCHASE_COUNT, 0, 0, &number) < 0 ||
        number_find(list, ITEM_PURCHASE_AMOUNT, 0, -2, &amount_fen) < 0)
        return REFUSED;
    return bus_meter_account_purchase(meter, (uint8_t)number, (uint32_t)amount_fen);
}

static int key_write(struct bus_meter *meter, const struct item_list *list)
{
    struct bus_meter_settings changed = meter->settings;
    const struct item *key = item_find(list, ITEM_PARAMETER, 0);
    int64_t version;
    if (number_find(list, ITEM_VERSION, 0, 0, &version) < 0 || key == NULL || key->bytes.size != sizeof changed.key)
        return REFUSED;
    changed.key_version = (uint8_t)version;
    memcpy(changed.key, key->bytes.bytes, sizeof changed.key);
    return bus_meter_settings_change(meter, &changed);
}

static int time_write(struct bus_meter *meter, const struct item_list *list)
{
    const struct item *item = item_find(list, ITEM_DATE_TIME, 0);
    int64_t clock_s;
    if (item == NULL || bus_meter_local_instant(meter, &item->time, &clock_s) < 0)
        return REFUSED;
    return bus_meter_clock_set(meter, clock_s);
}

/* By how many powers of ten a unit is larger than ml or Wh. Units that are no power of ten of these are refused. */
static const struct {
    uint8_t unit;
    bool is_energy;
    int8_t lift;
} base_units[] = {
    { ITEM_UNIT_M3, false, 6 }, { ITEM_UNIT_LITRE, false, 3 }, { ITEM_UNIT_WH, true, 0 },
    { ITEM_UNIT_KWH, true, 3 }, { ITEM_UNIT_MWH, true, 6 },
};

static int base_reading_find(const struct bus_meter *meter, const struct item_list *list, int64_t *value)
{
    const struct bus_meter_kind_row *kind = bus_meter_kind_find(meter->config.kind);
    const struct item *item = item_find(list, kind->quantity, 0);
    for (size_t i = 0; item != NULL && i < sizeof base_units / sizeof base_units[0]; i++)
        if (base_units[i].unit == item->unit && base_units[i].is_energy == kind->is_energy)
            return item_value_scale(item, -base_units[i].lift, value);
    return REFUSED;
}

static int base_reading_write(struct bus_meter *meter, const struct item_list *list)
{
    bool is_energy = bus_meter_kind_find(meter->config.kind)->is_energy;
    int64_t limit = is_energy ? BUS_METER_ENERGY_LIMIT_WH : BUS_METER_VOLUME_LIMIT_ML;
    int64_t *place = is_energy ? &meter->state.energy_wh : &meter->state.volume_ml;
    int64_t before = *place, value;
    if (base_reading_find(meter, list, &value) < 0 || value < 0 || value >= limit)
        return REFUSED;
    *place = value;
    meter->is_dirty = true;
    if (bus_meter_state_store(meter) == 0)
        return 0;
    *place = before;
    return BUS_METER_ERR_FLASH;
}

static int valve_write(struct bus_meter *meter, const struct item_list *list)
{
    static const struct {
        uint8_t command;
        bool is_closed;
    } rows[] = {
        { CJT188_VALVE_OPEN, false },
        { CJT188_VALVE_FREE_OPEN, false },
        { CJT188_VALVE_CLOSE, true },
        { CJT188_VALVE_FREE_CLOSE, true },
    };
    int64_t command;
    if (!meter->config.has_valve || number_find(list, ITEM_PARAMETER, 0, 0, &command) < 0)
        return REFUSED;
    if (command == CJT188_VALVE_QUERY)
        return 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].command == command)
            return bus_meter_valve_command(meter, rows[i].is_closed);
    return REFUSED;
}

static int address_write(struct bus_meter *meter, const struct item_list *list)
{
    struct bus_meter_settings changed = meter->settings;
    int64_t digits;
    if (number_find(list, ITEM_ADDRESS, 0, 0, &digits) < 0 ||
        bcd_write(digits, changed.address, sizeof changed.address) < 0)
        return REFUSED;
    return bus_meter_settings_change(meter, &changed);
}

static int factory_enable(struct bus_meter *meter, const struct item_list *list)
{
    struct bus_meter_settings changed = meter->settings;
    (void)list;
    changed.is_enabled = true;
    return bus_meter_settings_change(meter, &changed);
}

/* CJ/T 188-2004, data identifiers A010H to A019H. */
static const struct {
    uint16_t identifier;
    int (*write)(struct bus_meter *meter, const struct item_list *list);
} rows[] = {
    { CJT188_PRICE_TABLE_WRITE, prices_write },
    { CJT188_SETTLEMENT_DAY_WRITE, settlement_day_write },
    { CJT188_READING_DAY_WRITE, reading_day_write },
    { CJT188_PURCHASE_WRITE, purchase_write },
    { CJT188_KEY_WRITE, key_write },
    { CJT188_TIME_WRITE, time_write },
    { CJT188_BASE_READING_WRITE, base_reading_write },
    { CJT188_VALVE, valve_write },
    { CJT188_ADDRESS_WRITE, address_write },
    { CJT188_FACTORY_ENABLE, factory_enable },
};

int bus_meter_cjt188_write(struct bus_meter *meter, const struct cjt188_frame *frame)
{
    struct item items[CJT188_ITEM_LIMIT];
    struct item_list list = item_list_of(items, CJT188_ITEM_LIMIT);
    if (cjt188_items_decode(frame, meter->config.variant, &list) < 0)
        return REFUSED;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].identifier == frame->known->identifier)
            return rows[i].write(meter, &list);
    return REFUSED;
}
