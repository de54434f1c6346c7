/* Every value beside the midnights of the main register: tariff registers, power and voltage, curves, months. They are
 * kept as they came, once; only what is cumulative can contradict itself. */
#include "base/calendar.h"
#include "base/quantity.h"
#include "reading/reading_interval.h"

#define REGISTER_INDEX_LARGEST 63 /* tariffs 1 to 63 (DL/T 645-2007 table A.1) */
#define PHASE_LARGEST 4
#define HOUR_S 3600

/* Which transformers stand before a value. */
enum scale { SCALE_NONE = 0, SCALE_POWER, SCALE_CURRENT, SCALE_VOLTAGE };

struct register_rule {
    uint8_t kept;
    uint8_t cumulative;
    uint8_t scale; /* enum scale */
};

#define ENERGY { 1, 1, SCALE_POWER }
#define POWER { 1, 0, SCALE_POWER }
#define COUNTER { 1, 1, SCALE_NONE }
#define VALUE { 1, 0, SCALE_NONE }

static const struct register_rule rules[QUANTITY_COUNT] = {
    [QUANTITY_WATER_VOLUME] = COUNTER,
    [QUANTITY_ENERGY_ACTIVE_COMBINED] = ENERGY,
    [QUANTITY_ENERGY_ACTIVE_IMPORT] = ENERGY,
    [QUANTITY_ENERGY_ACTIVE_EXPORT] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_COMBINED_1] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_COMBINED_2] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_IMPORT] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_EXPORT] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_1] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_2] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_3] = ENERGY,
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_4] = ENERGY,
    [QUANTITY_ENERGY_APPARENT_IMPORT] = ENERGY,
    [QUANTITY_ENERGY_APPARENT_EXPORT] = ENERGY,
    [QUANTITY_DEMAND_ACTIVE_IMPORT] = POWER,
    [QUANTITY_DEMAND_ACTIVE_EXPORT] = POWER,
    [QUANTITY_DEMAND_REACTIVE_IMPORT] = POWER,
    [QUANTITY_DEMAND_REACTIVE_EXPORT] = POWER,
    [QUANTITY_POWER_ACTIVE] = POWER,
    [QUANTITY_POWER_REACTIVE] = POWER,
    [QUANTITY_POWER_APPARENT] = POWER,
    [QUANTITY_POWER_FACTOR] = VALUE,
    [QUANTITY_VOLTAGE] = { 1, 0, SCALE_VOLTAGE },
    [QUANTITY_CURRENT] = { 1, 0, SCALE_CURRENT },
    [QUANTITY_FREQUENCY] = VALUE,
    [QUANTITY_PHASE_ANGLE] = VALUE,
    [QUANTITY_PURCHASE_COUNT] = VALUE,
    [QUANTITY_BALANCE_ENERGY] = VALUE,
    [QUANTITY_BALANCE_VOLUME] = VALUE,
    [QUANTITY_OVERDRAFT] = VALUE,
    [QUANTITY_HOT_WATER_VOLUME] = COUNTER,
    [QUANTITY_GAS_VOLUME] = COUNTER,
    [QUANTITY_VOLUME_REVERSE] = COUNTER,
    [QUANTITY_FLOW] = VALUE,
    [QUANTITY_HEAT_ENERGY] = COUNTER,
    [QUANTITY_COOLING_ENERGY] = COUNTER,
    [QUANTITY_HEAT_VOLUME] = COUNTER,
    [QUANTITY_HEAT_POWER] = VALUE,
    [QUANTITY_TEMPERATURE] = VALUE,
    [QUANTITY_TEMPERATURE_SUPPLY] = VALUE,
    [QUANTITY_TEMPERATURE_RETURN] = VALUE,
    [QUANTITY_TEMPERATURE_DIFFERENCE] = VALUE,
    [QUANTITY_TEMPERATURE_AMBIENT] = VALUE,
    [QUANTITY_PRESSURE] = VALUE,
    [QUANTITY_OPERATING_TIME] = COUNTER,
};

int64_t reading_register_scale(const struct registry_device *device, enum quantity quantity)
{
    int64_t current_e3 = device->current_ratio_e3 > 0 ? device->current_ratio_e3 : REGISTRY_MULTIPLIER_NONE_E3;

    switch ((enum scale)rules[quantity].scale) {
    case SCALE_POWER:
        return device->multiplier_e3;
    case SCALE_CURRENT:
        return current_e3;
    case SCALE_VOLTAGE:
        return (int64_t)device->multiplier_e3 * REGISTRY_MULTIPLIER_NONE_E3 / current_e3;
    default:
        return quantity == registry_device_quantity(device) ? device->multiplier_e3 : REGISTRY_MULTIPLIER_NONE_E3;
    }
}

/* A midnight of the main register is a daily reading and nothing else. */
static bool is_main_midnight(const struct registry_device *device, const struct uplink_item *item)
{
    return item->quantity == (uint16_t)registry_device_quantity(device) && item->period == UPLINK_DAILY_FREEZE &&
           item->register_index == 0 && item->phase == 0;
}

/* A device that speaks for itself and dates its report shows its main register once a day: that is its state, not a
 * point of a curve. */
static bool is_state(const struct reading_registers *in, const struct uplink_item *item)
{
    return in->clock_known && item->period == UPLINK_CURRENT &&
           item->quantity == (uint16_t)registry_device_quantity(in->device);
}

static bool time_believed(const struct reading_registers *in, int64_t time_s)
{
    int64_t oldest_s = in->received_s - READING_REGISTER_KEEP_DAYS * CALENDAR_DAY_S;

    return time_s >= in->device->installed_s && time_s >= oldest_s && time_s <= in->received_s + READING_TOLERANCE_S;
}

/* The same instant again: the same value is a repeat; another value of a counter contradicts it. */
static int known_instant_take(struct reading_registers *in, const struct reading_register *row)
{
    const struct reading_store *store = &in->room->store;
    struct reading_register stored = *row;
    int found = store->register_read(store->context, &stored);

    if (found <= 0)
        return found < 0 ? found : READING_ERR_STORED;
    if (stored.value == row->value || !rules[row->channel >> 16].cumulative)
        return 0;
    int added = store->conflict_insert(store->context, row);
    if (added < 0)
        return added;
    in->outcome->register_conflict_count = (uint8_t)(in->outcome->register_conflict_count + added);
    if (stored.quality == READING_REGISTER_CONFLICT)
        return 0;
    stored.quality = READING_REGISTER_CONFLICT;
    return store->register_mark(store->context, &stored);
}

static int item_take(struct reading_registers *in, const struct uplink_item *item)
{
    const struct reading_store *store = &in->room->store;
    bool now = item->period == UPLINK_CURRENT && (item->time_s <= 0 || in->clock_known);
    struct reading_register row = {
        .device_id = in->device->device_id,
        .channel = reading_register_channel((enum quantity)item->quantity, item->register_index, item->phase),
        .period = item->period,
        .quality = item->quality != 0 ? READING_REGISTER_DOUBTED : READING_REGISTER_GOOD,
        .time_s = now ? in->received_s : item->time_s,
        .value = item->value,
        .scale_e3 = reading_register_scale(in->device, (enum quantity)item->quantity),
        .received_s = in->received_s,
    };

    if (!time_believed(in, row.time_s)) {
        in->outcome->register_refused_count++;
        return 0;
    }
    int added = store->register_insert(store->context, &row);
    if (added == 1)
        in->outcome->register_count++;
    return added == 0 ? known_instant_take(in, &row) : added < 0 ? added : 0;
}

/* A point of a curve: the dial at a whole quarter of an hour, as a line brings it. A device that dates itself shows its dial
 * whenever it reports, and that is no curve. */
static bool is_point(const struct reading_registers *in, const struct uplink_item *item)
{
    uint32_t channel = reading_register_channel((enum quantity)item->quantity, item->register_index, item->phase);
    return !in->clock_known && item->period == UPLINK_CURRENT && item->time_s > 0 &&
           channel == reading_register_channel(registry_device_quantity(in->device), 0, 0) &&
           reading_interval_fits(in, channel, item->time_s);
}

/* Two points are a curve; one is when it is of a whole hour, for a look at the dial may fall on a quarter by chance. */
static bool has_curve(const struct reading_registers *in, const struct uplink *uplink, size_t count)
{
    size_t points = 0;
    bool on_hour = false;

    for (size_t i = 0; i < count; i++) {
        if (!is_point(in, &uplink->items[i]))
            continue;
        points++;
        on_hour = uplink->items[i].time_s % HOUR_S == 0;
    }
    return points > 1 || on_hour;
}

static int curve_take(struct reading_registers *in, const struct uplink *uplink, size_t count)
{
    struct reading_instant instants[UPLINK_ITEM_LIMIT];
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        if (is_point(in, &uplink->items[i]))
            instants[found++] = (struct reading_instant){ .time_s = uplink->items[i].time_s,
                                                          .value = uplink->items[i].value,
                                                          .state = uplink->items[i].quality != 0 ? INTERVAL_DOUBTED
                                                                                                 : INTERVAL_GOOD };
    return reading_interval_take(in, reading_register_channel(registry_device_quantity(in->device), 0, 0), instants, found);
}

/* Whether an item is kept here. Indexes beyond what any meter has would only fill the table. */
static bool item_kept(const struct reading_registers *in, const struct uplink_item *item)
{
    return item->quantity < QUANTITY_COUNT && rules[item->quantity].kept && item->period <= UPLINK_MONTHLY_FREEZE &&
           item->register_index <= REGISTER_INDEX_LARGEST && item->phase <= PHASE_LARGEST &&
           !is_main_midnight(in->device, item) && !is_state(in, item);
}

int reading_registers_take(struct reading_registers *in, const struct uplink *uplink)
{
    size_t count = uplink->item_count < UPLINK_ITEM_LIMIT ? uplink->item_count : UPLINK_ITEM_LIMIT;
    bool curve = has_curve(in, uplink, count);

    for (size_t i = 0; i < count; i++) {
        const struct uplink_item *item = &uplink->items[i];
        if (!item_kept(in, item) || (curve && is_point(in, item)))
            continue;
        int error = item_take(in, item);
        if (error != 0)
            return error;
    }
    return curve ? curve_take(in, uplink, count) : 0;
}

bool reading_register_cumulative(enum quantity quantity)
{
    return (unsigned)quantity < QUANTITY_COUNT && rules[quantity].cumulative;
}
