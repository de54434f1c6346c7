#include "dialog/item_uplink.h"

#include "base/calendar.h"
#include "base/wide.h"

#define POWER_LIMIT 18 /* 10^18 is the largest power of ten in an int64 */
#define KIND(name) (1u << DEVICE_KIND_##name)
#define KINDS_ALL (KIND(COLD_WATER) | KIND(HOT_WATER) | KIND(ELECTRICITY) | KIND(GAS) | KIND(HEAT))
#define KINDS_WATER (KIND(COLD_WATER) | KIND(HOT_WATER))

struct mapping {
    uint16_t item;     /* enum item_quantity */
    uint16_t quantity; /* enum quantity */
    unsigned kinds;
};

/* The first row that names the item and the kind counts. */
static const struct mapping mappings[] = {
    { ITEM_ENERGY_ACTIVE_COMBINED, QUANTITY_ENERGY_ACTIVE_COMBINED, KIND(ELECTRICITY) },
    { ITEM_ENERGY_ACTIVE_IMPORT, QUANTITY_ENERGY_ACTIVE_IMPORT, KIND(ELECTRICITY) },
    { ITEM_ENERGY_ACTIVE_EXPORT, QUANTITY_ENERGY_ACTIVE_EXPORT, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_COMBINED_1, QUANTITY_ENERGY_REACTIVE_COMBINED_1, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_COMBINED_2, QUANTITY_ENERGY_REACTIVE_COMBINED_2, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_IMPORT, QUANTITY_ENERGY_REACTIVE_IMPORT, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_EXPORT, QUANTITY_ENERGY_REACTIVE_EXPORT, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_QUADRANT_1, QUANTITY_ENERGY_REACTIVE_QUADRANT_1, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_QUADRANT_2, QUANTITY_ENERGY_REACTIVE_QUADRANT_2, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_QUADRANT_3, QUANTITY_ENERGY_REACTIVE_QUADRANT_3, KIND(ELECTRICITY) },
    { ITEM_ENERGY_REACTIVE_QUADRANT_4, QUANTITY_ENERGY_REACTIVE_QUADRANT_4, KIND(ELECTRICITY) },
    { ITEM_ENERGY_APPARENT_IMPORT, QUANTITY_ENERGY_APPARENT_IMPORT, KIND(ELECTRICITY) },
    { ITEM_ENERGY_APPARENT_EXPORT, QUANTITY_ENERGY_APPARENT_EXPORT, KIND(ELECTRICITY) },
    { ITEM_DEMAND_ACTIVE_IMPORT, QUANTITY_DEMAND_ACTIVE_IMPORT, KIND(ELECTRICITY) },
    { ITEM_DEMAND_ACTIVE_EXPORT, QUANTITY_DEMAND_ACTIVE_EXPORT, KIND(ELECTRICITY) },
    { ITEM_DEMAND_REACTIVE_IMPORT, QUANTITY_DEMAND_REACTIVE_IMPORT, KIND(ELECTRICITY) },
    { ITEM_DEMAND_REACTIVE_EXPORT, QUANTITY_DEMAND_REACTIVE_EXPORT, KIND(ELECTRICITY) },
    { ITEM_POWER_ACTIVE, QUANTITY_POWER_ACTIVE, KIND(ELECTRICITY) },
    { ITEM_POWER_REACTIVE, QUANTITY_POWER_REACTIVE, KIND(ELECTRICITY) },
    { ITEM_POWER_APPARENT, QUANTITY_POWER_APPARENT, KIND(ELECTRICITY) },
    { ITEM_POWER_FACTOR, QUANTITY_POWER_FACTOR, KIND(ELECTRICITY) },
    { ITEM_VOLTAGE, QUANTITY_VOLTAGE, KIND(ELECTRICITY) },
    { ITEM_CURRENT, QUANTITY_CURRENT, KIND(ELECTRICITY) },
    { ITEM_FREQUENCY, QUANTITY_FREQUENCY, KIND(ELECTRICITY) },
    { ITEM_PHASE_ANGLE, QUANTITY_PHASE_ANGLE, KIND(ELECTRICITY) },
    { ITEM_RELAY, QUANTITY_RELAY_STATE, KIND(ELECTRICITY) },
    { ITEM_PURCHASE_COUNT, QUANTITY_PURCHASE_COUNT, KINDS_ALL },
    { ITEM_BALANCE, QUANTITY_BALANCE, KINDS_ALL },
    { ITEM_BALANCE_ENERGY, QUANTITY_BALANCE_ENERGY, KIND(ELECTRICITY) },
    { ITEM_OVERDRAFT, QUANTITY_OVERDRAFT, KINDS_ALL },
    /* EN 13757-3 says energy without saying of what: the kind of meter knows. */
    { ITEM_ENERGY, QUANTITY_ENERGY_ACTIVE_IMPORT, KIND(ELECTRICITY) },
    { ITEM_ENERGY, QUANTITY_HEAT_ENERGY, KIND(HEAT) },
    { ITEM_ENERGY_HEAT, QUANTITY_HEAT_ENERGY, KIND(HEAT) },
    { ITEM_ENERGY_COOLING, QUANTITY_COOLING_ENERGY, KIND(HEAT) },
    { ITEM_POWER, QUANTITY_POWER_ACTIVE, KIND(ELECTRICITY) },
    { ITEM_POWER, QUANTITY_HEAT_POWER, KIND(HEAT) },
    { ITEM_VOLUME, QUANTITY_WATER_VOLUME, KIND(COLD_WATER) },
    { ITEM_VOLUME, QUANTITY_HOT_WATER_VOLUME, KIND(HOT_WATER) },
    { ITEM_VOLUME, QUANTITY_GAS_VOLUME, KIND(GAS) },
    { ITEM_VOLUME, QUANTITY_HEAT_VOLUME, KIND(HEAT) },
    { ITEM_VOLUME_REVERSE, QUANTITY_VOLUME_REVERSE, KINDS_WATER | KIND(GAS) | KIND(HEAT) },
    { ITEM_VOLUME_FLOW, QUANTITY_FLOW, KINDS_WATER | KIND(GAS) | KIND(HEAT) },
    { ITEM_TEMPERATURE, QUANTITY_TEMPERATURE, KINDS_ALL },
    { ITEM_TEMPERATURE_FLOW, QUANTITY_TEMPERATURE_SUPPLY, KINDS_ALL },
    { ITEM_TEMPERATURE_RETURN, QUANTITY_TEMPERATURE_RETURN, KINDS_ALL },
    { ITEM_TEMPERATURE_DIFFERENCE, QUANTITY_TEMPERATURE_DIFFERENCE, KINDS_ALL },
    { ITEM_TEMPERATURE_EXTERNAL, QUANTITY_TEMPERATURE_AMBIENT, KINDS_ALL },
    { ITEM_PRESSURE, QUANTITY_PRESSURE, KINDS_ALL },
    { ITEM_OPERATING_TIME, QUANTITY_OPERATING_TIME, KINDS_ALL },
    { ITEM_VALVE, QUANTITY_VALVE_STATE, KINDS_WATER | KIND(GAS) | KIND(HEAT) },
    { ITEM_BATTERY_VOLTAGE, QUANTITY_BATTERY, KINDS_ALL },
    { ITEM_STATUS, QUANTITY_STATUS_BITS, KINDS_ALL },
    { ITEM_ERROR_FLAGS, QUANTITY_STATUS_BITS, KINDS_ALL },
    { ITEM_DATE_TIME, QUANTITY_DEVICE_TIME, KINDS_ALL },
    { ITEM_SIGNAL_RSRP, QUANTITY_SIGNAL_RSRP, KINDS_ALL },
    { ITEM_SIGNAL_SNR, QUANTITY_SIGNAL_SNR, KINDS_ALL },
    { ITEM_COVERAGE_LEVEL, QUANTITY_COVERAGE_LEVEL, KINDS_ALL },
    { ITEM_ALARM, QUANTITY_ALARM_BITS, KINDS_ALL },
};

/* our value = item value * factor / divisor * 10^exponent */
struct conversion {
    uint8_t unit; /* enum item_unit */
    int8_t exponent;
    int16_t divisor;
    int64_t factor;
    const char *target; /* unit of quantity_info() */
};

static const struct conversion conversions[] = {
    { ITEM_UNIT_WH, 3, 1, 1, "mWh" },
    { ITEM_UNIT_KWH, 6, 1, 1, "mWh" },
    { ITEM_UNIT_MWH, 9, 1, 1, "mWh" },
    { ITEM_UNIT_J, 0, 18, 5, "mWh" },
    { ITEM_UNIT_KJ, 3, 18, 5, "mWh" },
    { ITEM_UNIT_MJ, 6, 18, 5, "mWh" },
    { ITEM_UNIT_GJ, 9, 18, 5, "mWh" },
    { ITEM_UNIT_VARH, 3, 1, 1, "mvarh" },
    { ITEM_UNIT_KVARH, 6, 1, 1, "mvarh" },
    { ITEM_UNIT_VAH, 3, 1, 1, "mVAh" },
    { ITEM_UNIT_KVAH, 6, 1, 1, "mVAh" },
    { ITEM_UNIT_J, 0, 1, 1, "J" },
    { ITEM_UNIT_KJ, 3, 1, 1, "J" },
    { ITEM_UNIT_MJ, 6, 1, 1, "J" },
    { ITEM_UNIT_GJ, 9, 1, 1, "J" },
    { ITEM_UNIT_WH, 2, 1, 36, "J" },
    { ITEM_UNIT_KWH, 5, 1, 36, "J" },
    { ITEM_UNIT_MWH, 8, 1, 36, "J" },
    { ITEM_UNIT_CAL, -4, 1, 41868, "J" }, /* the calorie of heat metering: 4.1868 J (International Table) */
    { ITEM_UNIT_W, 3, 1, 1, "mW" },
    { ITEM_UNIT_KW, 6, 1, 1, "mW" },
    { ITEM_UNIT_MW, 9, 1, 1, "mW" },
    { ITEM_UNIT_J_H, 0, 18, 5, "mW" },
    { ITEM_UNIT_VAR, 3, 1, 1, "mvar" },
    { ITEM_UNIT_KVAR, 6, 1, 1, "mvar" },
    { ITEM_UNIT_VA, 3, 1, 1, "mVA" },
    { ITEM_UNIT_KVA, 6, 1, 1, "mVA" },
    { ITEM_UNIT_V, 3, 1, 1, "mV" },
    { ITEM_UNIT_A, 3, 1, 1, "mA" },
    { ITEM_UNIT_HZ, 3, 1, 1, "mHz" },
    { ITEM_UNIT_DEGREE, 3, 1, 1, "0.001 deg" },
    { ITEM_UNIT_NONE, 3, 1, 1, "0.001" },
    { ITEM_UNIT_PERCENT, 1, 1, 1, "0.001" },
    { ITEM_UNIT_M3, 6, 1, 1, "ml" },
    { ITEM_UNIT_LITRE, 3, 1, 1, "ml" },
    { ITEM_UNIT_ML, 0, 1, 1, "ml" },
    { ITEM_UNIT_FT3, -6, 1, INT64_C(28316846592), "ml" },
    { ITEM_UNIT_GALLON, -6, 1, INT64_C(3785411784), "ml" }, /* EN 13757-3: American gallon */
    { ITEM_UNIT_M3_H, 6, 1, 1, "ml/h" },
    { ITEM_UNIT_M3_MIN, 6, 1, 60, "ml/h" },
    { ITEM_UNIT_M3_S, 6, 1, 3600, "ml/h" },
    { ITEM_UNIT_L_H, 3, 1, 1, "ml/h" },
    { ITEM_UNIT_L_MIN, 3, 1, 60, "ml/h" },
    { ITEM_UNIT_GALLON_MIN, -6, 1, INT64_C(227124707040), "ml/h" },
    { ITEM_UNIT_CELSIUS, 3, 1, 1, "0.001 C" },
    { ITEM_UNIT_KELVIN, 3, 1, 1, "mK" },
    { ITEM_UNIT_CELSIUS, 3, 1, 1, "mK" }, /* of a difference */
    { ITEM_UNIT_BAR, 5, 1, 1, "Pa" },
    { ITEM_UNIT_KPA, 3, 1, 1, "Pa" },
    { ITEM_UNIT_S, 0, 1, 1, "s" },
    { ITEM_UNIT_MINUTE, 0, 1, 60, "s" },
    { ITEM_UNIT_HOUR, 0, 1, 3600, "s" },
    { ITEM_UNIT_DAY, 0, 1, 86400, "s" },
    { ITEM_UNIT_YUAN, 2, 1, 1, "fen" },
    { ITEM_UNIT_DBM, 0, 1, 1, "dBm" },
    { ITEM_UNIT_DB, 0, 1, 1, "dB" },
    { ITEM_UNIT_NONE, 0, 1, 1, "" },
};

enum quantity item_uplink_quantity(enum device_kind kind, enum item_quantity quantity)
{
    for (size_t i = 0; i < sizeof mappings / sizeof mappings[0]; i++)
        if (mappings[i].item == quantity && (mappings[i].kinds & (1u << kind)) != 0)
            return (enum quantity)mappings[i].quantity;
    return QUANTITY_NONE;
}

static bool text_equals(const char *a, const char *b)
{
    return span_equal_text(span_of_text(a), b);
}

static const struct conversion *conversion_find(enum quantity quantity, enum item_unit unit)
{
    const char *target = quantity_info(quantity)->unit;

    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++)
        if (conversions[i].unit == unit && text_equals(conversions[i].target, target))
            return &conversions[i];
    return NULL;
}

bool item_uplink_unit_fits(enum device_kind kind, enum item_quantity quantity, enum item_unit unit)
{
    enum quantity ours = item_uplink_quantity(kind, quantity);

    /* A moment is no number, so it has no unit. */
    if (ours == QUANTITY_DEVICE_TIME)
        return unit == ITEM_UNIT_NONE;
    return ours != QUANTITY_NONE && conversion_find(ours, unit) != NULL;
}

int item_uplink_time(const struct item_time *time, int32_t zone_offset_s, int64_t *out)
{
    struct calendar_date date = { time->year, time->month, time->day };
    bool has_clock =
        time->parts == ITEM_TIME_HOUR || time->parts == ITEM_TIME_MINUTE || time->parts == ITEM_TIME_SECOND;
    int64_t day;

    if ((time->parts != ITEM_TIME_DAY && !has_clock) || item_time_check(time) != 0 ||
        calendar_day_of_date(date, &day) < 0)
        return ITEM_UPLINK_ERR_TIME;
    int64_t second = has_clock ? time->hour * 3600 + time->minute * 60 + time->second : 0;
    *out = day * CALENDAR_DAY_S + second - (time->is_utc ? 0 : zone_offset_s) - (time->is_summer ? 3600 : 0);
    return 0;
}

void item_uplink_units_write(enum device_kind kind, enum item_quantity quantity, struct writer *out)
{
    const char *target = quantity_info(item_uplink_quantity(kind, quantity))->unit;
    const char *between = "";

    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
        if (!text_equals(conversions[i].target, target))
            continue;
        writer_text(out, between);
        writer_text(out, conversions[i].unit == ITEM_UNIT_NONE ? "none" : item_unit_text(conversions[i].unit));
        between = ", ";
    }
}

/* 10^exponent; 0 when an int64 cannot hold it. */
static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;

    if (exponent > POWER_LIMIT)
        return 0;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* The conversion's factor and divisor with 10^exponent in one of them.
 * returns  false when they outgrow an int64 */
static bool fraction_make(const struct conversion *by, int exponent, int64_t *factor, int64_t *divisor)
{
    int64_t power = power_of_ten(exponent < 0 ? -exponent : exponent);
    int64_t *grows = exponent < 0 ? divisor : factor;

    *factor = by->factor;
    *divisor = by->divisor;
    if (power == 0 || *grows > INT64_MAX / power)
        return false;
    *grows *= power;
    return true;
}

static int number_convert(const struct item *item, const struct conversion *by, struct uplink_item *out)
{
    int exponent = item->kind == ITEM_KIND_NUMBER ? item->exponent + by->exponent : by->exponent;
    int64_t factor, divisor;

    if (item->value == 0)
        return 0;
    if (!fraction_make(by, exponent, &factor, &divisor) ||
        wide_multiply_divide_round(item->value, factor, divisor, &out->value) < 0)
        return ITEM_UPLINK_ERR_RANGE;
    if (!wide_divides(item->value, factor, divisor))
        out->quality = 1;
    return 0;
}

static int value_convert(const struct item *item, const struct item_uplink_context *context, struct uplink_item *out)
{
    if (item->kind == ITEM_KIND_TIME)
        return out->quantity == QUANTITY_DEVICE_TIME
                   ? item_uplink_time(&item->time, context->zone_offset_s, &out->value)
                   : ITEM_UPLINK_ERR_UNIT;
    const struct conversion *by = conversion_find((enum quantity)out->quantity, (enum item_unit)item->unit);
    if (by == NULL || item->kind == ITEM_KIND_TEXT || item->kind == ITEM_KIND_BYTES)
        return ITEM_UPLINK_ERR_UNIT;
    return number_convert(item, by, out);
}

/* A value of now may be undated or say a time that does not exist (a clock never set): the time of reception stands for
 * it, and an impossible time makes the value doubted. A latched value is worth nothing without its time. */
static int time_take(const struct item *item, const struct item_uplink_context *context, struct uplink_item *out)
{
    bool is_stated = item->kind != ITEM_KIND_TIME && item->time.parts != ITEM_TIME_NONE;

    out->time_s = context->time_s;
    if (is_stated && item_uplink_time(&item->time, context->zone_offset_s, &out->time_s) != 0) {
        if (context->period != UPLINK_CURRENT)
            return ITEM_UPLINK_ERR_TIME;
        out->quality = 1;
    }
    return context->period != UPLINK_CURRENT && out->time_s == 0 ? ITEM_UPLINK_ERR_UNDATED : 0;
}

int item_uplink_convert(const struct item *item, const struct item_uplink_context *context, struct uplink_item *out)
{
    enum quantity quantity = item_uplink_quantity((enum device_kind)context->kind, (enum item_quantity)item->quantity);
    struct uplink_item made = { .quantity = (uint16_t)quantity,
                                .period = context->period,
                                .phase = item->phase,
                                .quality = item->quality == ITEM_DOUBTED };

    if (item->quality == ITEM_MISSING)
        return ITEM_UPLINK_ERR_MISSING;
    if (item->quality == ITEM_INVALID)
        return ITEM_UPLINK_ERR_INVALID;
    if (quantity == QUANTITY_NONE)
        return ITEM_UPLINK_ERR_UNMAPPED;
    if (item->tariff > UINT8_MAX)
        return ITEM_UPLINK_ERR_RANGE;
    made.register_index = (uint8_t)item->tariff;
    int result = value_convert(item, context, &made);
    if (result == 0)
        result = time_take(item, context, &made);
    if (result == 0)
        *out = made;
    return result;
}

struct refusal {
    const char *name;
    const char *english;
    const char *chinese;
};

#define REFUSAL_ROW(name, value, word, english, chinese) [-(value)] = { (word), (english), (chinese) },
static const struct refusal refusals[] = { ITEM_UPLINK_REFUSALS(REFUSAL_ROW) };
#undef REFUSAL_ROW

static const struct refusal *refusal_find(int refusal)
{
    static const struct refusal none = { "", "", "" };
    return refusal < 0 && refusal >= -ITEM_UPLINK_REFUSAL_COUNT ? &refusals[-refusal] : &none;
}

const char *item_uplink_refusal_name(int refusal)
{
    return refusal_find(refusal)->name;
}

const char *item_uplink_refusal_text(int refusal, bool is_chinese)
{
    return is_chinese ? refusal_find(refusal)->chinese : refusal_find(refusal)->english;
}
