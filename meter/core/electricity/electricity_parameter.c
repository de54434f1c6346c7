#include "meter/core/electricity/electricity_parameter.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/dlt645/dlt645_word.h"

#define EVERYBODY 0x99 /* each byte of the broadcast address */
#define LIST_MEMBER 3
#define MALICIOUS_SMALLEST 500 /* 50 W in 0.1 W: S1-054 */
#define DAY_UNUSED 99
#define DAY_LATEST 28   /* a settlement day that every month has */
#define LEVEL_SETTING 4 /* may set what does not touch money */
#define LEVEL_MONEY 2

uint32_t electricity_number(const uint8_t *bytes, size_t size)
{
    int64_t number = bcd_read(span_of_bytes(bytes, size));
    return number < 0 ? 0 : (uint32_t)number;
}

static bool is_date(unsigned year, unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= (unsigned)calendar_days_in_month(2000 + (int32_t)year, (int32_t)month);
}

/* mm hh DD MM YY, or zeros. */
static uint8_t switching_check(struct span bytes)
{
    const uint8_t *b = bytes.bytes;
    if (span_is_filled(bytes, 0))
        return 0;
    bool sound = electricity_number(b, 1) < 60 && electricity_number(b + 1, 1) < 24 &&
                 is_date(electricity_number(b + 4, 1), electricity_number(b + 3, 1), electricity_number(b + 2, 1));
    return sound ? 0 : ELECTRICITY_REFUSE_OTHER;
}

static uint8_t count_check(struct span bytes, unsigned limit, uint8_t refusal)
{
    unsigned count = electricity_number(bytes.bytes, bytes.size);
    return count <= limit ? 0 : refusal;
}

static uint8_t zone_count_check(struct span bytes)
{
    return count_check(bytes, ELECTRICITY_ZONE_LIMIT, ELECTRICITY_REFUSE_ZONES);
}

static uint8_t day_table_count_check(struct span bytes)
{
    return count_check(bytes, ELECTRICITY_DAY_TABLE_LIMIT, ELECTRICITY_REFUSE_PERIODS);
}

static uint8_t switch_count_check(struct span bytes)
{
    return count_check(bytes, ELECTRICITY_SWITCH_LIMIT, ELECTRICITY_REFUSE_PERIODS);
}

static uint8_t tariff_count_check(struct span bytes)
{
    return count_check(bytes, 4, ELECTRICITY_REFUSE_TARIFFS);
}

static uint8_t holiday_count_check(struct span bytes)
{
    return count_check(bytes, ELECTRICITY_HOLIDAY_LIMIT, ELECTRICITY_REFUSE_OTHER);
}

static uint8_t tier_count_check(struct span bytes)
{
    return count_check(bytes, ELECTRICITY_TIER_LIMIT - 1, ELECTRICITY_REFUSE_OTHER);
}

static uint8_t choice_check(struct span bytes, unsigned highest)
{
    return bytes.bytes[0] <= highest ? 0 : ELECTRICITY_REFUSE_OTHER;
}

static uint8_t two_check(struct span bytes)
{
    return choice_check(bytes, 1);
}

static uint8_t three_check(struct span bytes)
{
    return choice_check(bytes, 2);
}

static uint8_t screens_check(struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (electricity_number(bytes.bytes + i, 1) > ELECTRICITY_SCREEN_LIMIT)
            return ELECTRICITY_REFUSE_OTHER;
    return 0;
}

static uint8_t any_check(struct span bytes)
{
    (void)bytes;
    return 0;
}

/* Nobody may be called like everybody. */
static uint8_t address_check(struct span bytes)
{
    return span_is_filled(bytes, EVERYBODY) ? ELECTRICITY_REFUSE_OTHER : 0;
}

static uint8_t rate_check(struct span bytes)
{
    return dlt645_rate_read(bytes.bytes[0]) != 0 ? 0 : ELECTRICITY_REFUSE_RATE;
}

/* hh DD, or 99 99. */
static uint8_t settlement_check(struct span bytes)
{
    unsigned hour = electricity_number(bytes.bytes, 1);
    unsigned day = electricity_number(bytes.bytes + 1, 1);
    bool sound = (hour == DAY_UNUSED && day == DAY_UNUSED) || (hour < 24 && day >= 1 && day <= DAY_LATEST);
    return sound ? 0 : ELECTRICITY_REFUSE_OTHER;
}

static uint8_t load_interval_check(struct span bytes)
{
    unsigned interval_min = electricity_number(bytes.bytes, bytes.size);
    return interval_min == 15 || interval_min == 30 || interval_min == 60 ? 0 : ELECTRICITY_REFUSE_OTHER;
}

/* NN DD MM, ascending. */
static uint8_t zones_check(struct span bytes)
{
    unsigned before = 0;
    for (size_t at = 0; at < bytes.size; at += LIST_MEMBER) {
        const uint8_t *b = bytes.bytes + at;
        unsigned table = electricity_number(b, 1);
        unsigned start = electricity_number(b + 1, 2);
        if (!is_date(0, start / 100, start % 100) || start < before || table < 1 || table > ELECTRICITY_DAY_TABLE_LIMIT)
            return ELECTRICITY_REFUSE_ZONES;
        before = start;
    }
    return 0;
}

/* NN mm hh, ascending. */
static uint8_t day_table_check(struct span bytes)
{
    unsigned before = 0;
    for (size_t at = 0; at < bytes.size; at += LIST_MEMBER) {
        const uint8_t *b = bytes.bytes + at;
        unsigned tariff = electricity_number(b, 1);
        unsigned start = electricity_number(b + 1, 2);
        if (tariff < 1 || tariff > 4)
            return ELECTRICITY_REFUSE_TARIFFS;
        if (start / 100 > 23 || start % 100 > 59 || start < before)
            return ELECTRICITY_REFUSE_PERIODS;
        before = start;
    }
    return 0;
}

/* NN DD MM YY, or zeros. */
static uint8_t holiday_check(struct span bytes)
{
    const uint8_t *b = bytes.bytes;
    unsigned table = electricity_number(b, 1);
    if (span_is_filled(bytes, 0))
        return 0;
    bool sound = table >= 1 && table <= ELECTRICITY_DAY_TABLE_LIMIT &&
                 is_date(electricity_number(b + 3, 1), electricity_number(b + 2, 1), electricity_number(b + 1, 1));
    return sound ? 0 : ELECTRICITY_REFUSE_OTHER;
}

static uint8_t malicious_check(struct span bytes)
{
    unsigned limit = electricity_number(bytes.bytes, bytes.size);
    return limit == 0 || limit >= MALICIOUS_SMALLEST ? 0 : ELECTRICITY_REFUSE_OTHER;
}

#define AT(member) (uint16_t) offsetof(struct electricity_parameters, member)
#define SIZE_OF(member) (uint8_t)sizeof(((struct electricity_parameters *)0)->member)
/* identifier, one item; count of items; bytes of a list's member; level; check */
#define ROW(identifier, member, level, check) \
    { \
        identifier, AT(member), 1, SIZE_OF(member), SIZE_OF(member), level, false, check \
    }
#define ROWS(identifier, count, member, element, level, check) \
    { \
        identifier, AT(member), count, SIZE_OF(element), SIZE_OF(element), level, false, check \
    }
#define LIST(identifier, count, member, element, check) \
    { \
        identifier, AT(member), count, SIZE_OF(element), LIST_MEMBER, LEVEL_MONEY, false, check \
    }
#define FACTORY(identifier, member) ROW(identifier, member, ELECTRICITY_NEVER_WRITTEN, any_check)

/* DL/T 645-2007 table A.5 */
static const struct electricity_parameter_row rows[] = {
    ROWS(ELECTRICITY_ZONE_SWITCH, 4, switches, switches[0], LEVEL_MONEY, switching_check),
    ROW(0x04000201, zone_count, LEVEL_MONEY, zone_count_check),
    ROW(0x04000202, day_table_count, LEVEL_MONEY, day_table_count_check),
    ROW(0x04000203, switch_count, LEVEL_MONEY, switch_count_check),
    ROW(0x04000204, tariff_count, LEVEL_MONEY, tariff_count_check),
    ROW(0x04000205, holiday_count, LEVEL_MONEY, holiday_count_check),
    ROW(0x04000207, tier_count, LEVEL_MONEY, tier_count_check),
    ROW(ELECTRICITY_ADDRESS, address, LEVEL_SETTING, address_check),
    ROW(0x04000402, meter_number, LEVEL_SETTING, NULL),
    ROW(0x04000403, asset_code, LEVEL_SETTING, any_check),
    FACTORY(0x04000404, rated_voltage),
    FACTORY(0x04000405, rated_current),
    FACTORY(0x04000406, maximum_current),
    FACTORY(0x04000409, pulse_constant),
    FACTORY(0x0400040b, model),
    FACTORY(0x0400040c, production_date),
    FACTORY(0x0400040d, protocol_version),
    ROW(ELECTRICITY_CUSTOMER, customer_number, LEVEL_MONEY, NULL),
    ROW(0x04000601, combination, LEVEL_SETTING, any_check),
    ROW(ELECTRICITY_PORT_RATE, port_rate, LEVEL_SETTING, rate_check),
    ROW(0x04000801, weekend_days, LEVEL_MONEY, any_check),
    ROW(0x04000802, weekend_table, LEVEL_MONEY, day_table_count_check),
    ROW(ELECTRICITY_LOAD_INTERVAL, load_interval, LEVEL_SETTING, load_interval_check),
    ROWS(0x04000b01, 3, settlement_days, settlement_days[0], LEVEL_MONEY, settlement_check),
    { ELECTRICITY_PASSWORD, AT(passwords), ELECTRICITY_PASSWORD_LEVELS, 3, 3, ELECTRICITY_NEVER_WRITTEN, true, NULL },
    ROW(ELECTRICITY_LOAD_LIMIT, load_limit, LEVEL_SETTING, NULL),
    ROWS(ELECTRICITY_ALARM_1, 5, credit_limits, credit_limits[0], LEVEL_MONEY, NULL),
    LIST(ELECTRICITY_ZONES, 1, zones[0], zones[0], zones_check),
    LIST(ELECTRICITY_DAY_TABLE, ELECTRICITY_DAY_TABLE_LIMIT, day_tables[0], day_tables[0][0], day_table_check),
    LIST(0x04020000, 1, zones[1], zones[0], zones_check),
    LIST(0x04020001, ELECTRICITY_DAY_TABLE_LIMIT, day_tables[1], day_tables[0][0], day_table_check),
    ROWS(0x04030001, ELECTRICITY_HOLIDAY_LIMIT, holidays, holidays[0], LEVEL_MONEY, holiday_check),
    ROWS(ELECTRICITY_PRICE, 4, prices[0], prices[0][0], LEVEL_MONEY, NULL),
    ROWS(0x04050201, 4, prices[1], prices[0][0], LEVEL_MONEY, NULL),
    ROWS(ELECTRICITY_TIER_LIMIT_FIRST, ELECTRICITY_TIER_LIMIT - 1, tier_limits[0], tier_limits[0][0], LEVEL_MONEY,
         NULL),
    ROWS(ELECTRICITY_TIER_PRICE_FIRST, ELECTRICITY_TIER_LIMIT, tier_prices[0], tier_prices[0][0], LEVEL_MONEY, NULL),
    ROWS(0x04060201, ELECTRICITY_TIER_LIMIT - 1, tier_limits[1], tier_limits[0][0], LEVEL_MONEY, NULL),
    ROWS(0x04060301, ELECTRICITY_TIER_LIMIT, tier_prices[1], tier_prices[0][0], LEVEL_MONEY, NULL),
    FACTORY(0x04800001, software_version),
    ROW(ELECTRICITY_SURGE_LIMIT, surge_limit, LEVEL_SETTING, NULL),
    ROW(ELECTRICITY_MALICIOUS_LIMIT, malicious_limit, LEVEL_SETTING, malicious_check),
    ROW(ELECTRICITY_TRIPS_ALLOWED, trips_allowed, LEVEL_SETTING, NULL),
    ROW(ELECTRICITY_TIER_CYCLE, tier_cycle, LEVEL_MONEY, two_check),
    ROW(ELECTRICITY_METERING, metering, LEVEL_MONEY, three_check),
    ROW(ELECTRICITY_PAYMENT, payment, LEVEL_MONEY, three_check),
    ROW(ELECTRICITY_SCREENS, screens, LEVEL_SETTING, screens_check),
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

const struct electricity_parameter_row *electricity_parameter_at(size_t n)
{
    return n < ROW_COUNT ? &rows[n] : NULL;
}

const struct electricity_parameter_row *electricity_parameter_find(uint32_t identifier, unsigned *index)
{
    for (size_t n = 0; n < ROW_COUNT; n++) {
        uint32_t distance = identifier - rows[n].identifier;
        if (distance < rows[n].count) {
            *index = distance;
            return &rows[n];
        }
    }
    return NULL;
}

struct span electricity_parameter_bytes(const struct electricity_parameters *parameters,
                                        const struct electricity_parameter_row *row, unsigned index)
{
    return span_of_bytes((const uint8_t *)parameters + row->offset + (size_t)index * row->size, row->size);
}

/* Every byte two decimal digits. */
static bool is_decimal(struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bcd_byte_read(bytes.bytes[i]) < 0)
            return false;
    return true;
}

static bool size_fits(const struct electricity_parameter_row *row, size_t size)
{
    return row->unit == row->size ? size == row->size : size > 0 && size <= row->size && size % row->unit == 0;
}

uint8_t electricity_parameter_set(struct electricity_parameters *parameters, uint32_t identifier, struct span bytes)
{
    unsigned index = 0;
    const struct electricity_parameter_row *row = electricity_parameter_find(identifier, &index);

    if (row == NULL)
        return ELECTRICITY_REFUSE_NO_DATA;
    if (!size_fits(row, bytes.size) || (row->check != any_check && !is_decimal(bytes)))
        return ELECTRICITY_REFUSE_OTHER;
    uint8_t refusal = row->check == NULL ? 0 : row->check(bytes);
    if (refusal != 0)
        return refusal;
    uint8_t *to = (uint8_t *)parameters + row->offset + (size_t)index * row->size;
    memcpy(to, bytes.bytes, bytes.size);
    for (size_t at = bytes.size; at < row->size; at++)
        to[at] = to[at - row->unit];
    return 0;
}

uint8_t electricity_parameter_set_number(struct electricity_parameters *parameters, uint32_t identifier,
                                         uint64_t number)
{
    unsigned index = 0;
    const struct electricity_parameter_row *row = electricity_parameter_find(identifier, &index);
    uint8_t bytes[BCD_SIZE_LIMIT];

    if (row == NULL)
        return ELECTRICITY_REFUSE_NO_DATA;
    if (row->size > sizeof bytes || number > INT64_MAX || bcd_write((int64_t)number, bytes, row->size) < 0)
        return ELECTRICITY_REFUSE_OTHER;
    return electricity_parameter_set(parameters, identifier, span_of_bytes(bytes, row->size));
}
