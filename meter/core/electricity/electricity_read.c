/* Which identifier is which value: the tables A.1, A.3 and A.6 of DL/T 645-2007, as far as this meter has them. Table
 * A.5 stands in electricity_parameter.c, A.4 in electricity_log.c. */
#include "meter/core/electricity/electricity_internal.h"

#include "codec/bcd/bcd.h"

#define MISSING 0xff
#define SIGN 0x80
#define ALL 0xff
#define DATE_SIZE 4
#define CLOCK_SIZE 3
#define TIME_SECOND_SIZE 6

void electricity_put_missing(struct writer *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        writer_put_u8(out, MISSING);
}

/* What has more digits than fit is missing: never a wrong value. */
void electricity_put_bcd(struct writer *out, int64_t value, size_t size)
{
    uint8_t bytes[BCD_SIZE_LIMIT];

    if (bcd_write(value, bytes, size) < 0)
        electricity_put_missing(out, size);
    else
        writer_put_bytes(out, bytes, size);
}

void electricity_put_signed(struct writer *out, int64_t value, size_t size)
{
    uint8_t bytes[BCD_SIZE_LIMIT];
    bool is_negative = value < 0;

    if (bcd_write(is_negative ? -value : value, bytes, size) < 0 || bytes[size - 1] >= SIGN) {
        electricity_put_missing(out, size);
        return;
    }
    bytes[size - 1] |= is_negative ? SIGN : 0;
    writer_put_bytes(out, bytes, size);
}

void electricity_put_time(struct writer *out, int64_t local_s, size_t size)
{
    uint8_t bytes[TIME_SECOND_SIZE] = { 0 };
    struct item_time time = electricity_time_of_clock(local_s);

    if (local_s != 0)
        (void)dlt645_time_write(&time, size, bytes);
    writer_put_bytes(out, bytes, size);
}

/* Energy: 00 kind tariff settlement. */

enum energy_kind { ENERGY_COMBINED, ENERGY_FORWARD, ENERGY_REVERSE };

static void energy_put(const struct electricity_meter *meter, enum energy_kind kind, unsigned tariff,
                       struct writer *out)
{
    if (kind == ENERGY_FORWARD)
        electricity_put_bcd(out, electricity_cents_of(electricity_forward_mwh(meter, tariff)), 4);
    else if (kind == ENERGY_REVERSE)
        electricity_put_bcd(out, electricity_cents_of(electricity_reverse_mwh(meter, tariff)), 4);
    else
        electricity_put_signed(out, electricity_combined_mwh(meter, tariff) / ELECTRICITY_MWH_PER_CENT, 4);
}

static void settled_put(const struct electricity_freeze *freeze, enum energy_kind kind, unsigned tariff,
                        struct writer *out)
{
    if (freeze == NULL || kind == ENERGY_COMBINED)
        electricity_put_missing(out, 4);
    else
        electricity_put_bcd(out, kind == ENERGY_FORWARD ? freeze->forward[tariff] : freeze->reverse[tariff], 4);
}

static bool energy_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    unsigned kind = identifier >> 16 & 0xff, tariff = identifier >> 8 & 0xff, settlement = identifier & 0xff;
    unsigned first = tariff == ALL ? 0 : tariff, last = tariff == ALL ? ELECTRICITY_TARIFF_COUNT : tariff;

    if (kind > ENERGY_REVERSE || last > ELECTRICITY_TARIFF_COUNT ||
        settlement > electricity_freezes_limit(ELECTRICITY_FREEZE_SETTLEMENT))
        return false;
    for (unsigned i = first; i <= last; i++) {
        if (settlement == 0)
            energy_put(meter, (enum energy_kind)kind, i, out);
        else
            settled_put(electricity_freezes_last(&meter->freezes, ELECTRICITY_FREEZE_SETTLEMENT, settlement),
                        (enum energy_kind)kind, i, out);
    }
    return true;
}

/* Freezes: 05 kind item n. */

static void freeze_time(const struct electricity_freeze *freeze, struct writer *out)
{
    electricity_put_time(out, (int64_t)freeze->minute * ELECTRICITY_S_PER_MINUTE, 5);
}

static void freeze_forward(const struct electricity_freeze *freeze, struct writer *out)
{
    for (unsigned i = 0; i <= ELECTRICITY_TARIFF_COUNT; i++)
        electricity_put_bcd(out, freeze->forward[i], 4);
}

static void freeze_reverse(const struct electricity_freeze *freeze, struct writer *out)
{
    for (unsigned i = 0; i <= ELECTRICITY_TARIFF_COUNT; i++)
        electricity_put_bcd(out, freeze->reverse[i], 4);
}

#define PHASE_COUNT 3
#define POWER_SIZE 3
#define MW_PER_TENTH 100

/* Active power in all and of phase A, B, C; the same of reactive power, which is not frozen. */
static void freeze_variables(const struct electricity_freeze *freeze, struct writer *out)
{
    electricity_put_signed(out, freeze->power_mw / MW_PER_TENTH, POWER_SIZE);
    electricity_put_signed(out, freeze->power_mw / MW_PER_TENTH, POWER_SIZE);
    electricity_put_missing(out, POWER_SIZE * (2 + 1 + PHASE_COUNT));
}

#define REGISTERS (ELECTRICITY_TARIFF_COUNT + 1)
#define REACTIVE_KINDS 6
#define DEMAND_SIZE 8

static void freeze_whole(const struct electricity_freeze *freeze, struct writer *out)
{
    freeze_time(freeze, out);
    freeze_forward(freeze, out);
    freeze_reverse(freeze, out);
    electricity_put_missing(out, REACTIVE_KINDS * REGISTERS * 4 + 2 * REGISTERS * DEMAND_SIZE);
    freeze_variables(freeze, out);
}

static const struct {
    uint8_t item; /* DI1 */
    void (*write)(const struct electricity_freeze *freeze, struct writer *out);
} freeze_items[] = {
    { 0x00, freeze_time },      { 0x01, freeze_forward }, { 0x02, freeze_reverse },
    { 0x10, freeze_variables }, { 0xff, freeze_whole },
};

#define HOURLY 0x04
#define ITEM_TIME 0x00
#define ITEM_FORWARD 0x01
#define ITEM_REVERSE 0x02

/* 0504: time, forward total, reverse total; FF all of them. */
static bool hour_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    const struct electricity_instant *hour = electricity_instants_hour(&meter->instants, identifier & 0xff);
    unsigned item = identifier >> 8 & 0xff;

    if (hour == NULL || (item > ITEM_REVERSE && item != ALL))
        return false;
    if (item == ITEM_TIME || item == ALL)
        electricity_put_time(out, (int64_t)hour->minute * ELECTRICITY_S_PER_MINUTE, 5);
    if (item == ITEM_FORWARD || item == ALL)
        electricity_put_bcd(out, hour->forward, 4);
    if (item == ITEM_REVERSE || item == ALL)
        electricity_put_bcd(out, hour->reverse, 4);
    return true;
}

static const struct {
    uint8_t number; /* DI2 */
    uint8_t kind;
} freeze_kinds[] = {
    { 0x00, ELECTRICITY_FREEZE_TIMED },
    { 0x01, ELECTRICITY_FREEZE_INSTANT },
    { 0x06, ELECTRICITY_FREEZE_DAILY },
    { 0x07, ELECTRICITY_FREEZE_SETTLEMENT },
};

static bool freeze_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    const struct electricity_freeze *freeze = NULL;

    if ((identifier >> 16 & 0xff) == HOURLY)
        return hour_write(meter, identifier, out);
    for (size_t i = 0; i < sizeof freeze_kinds / sizeof freeze_kinds[0]; i++)
        if (freeze_kinds[i].number == (identifier >> 16 & 0xff))
            freeze = electricity_freezes_last(&meter->freezes, (enum electricity_freeze_kind)freeze_kinds[i].kind,
                                              identifier & 0xff);
    for (size_t i = 0; freeze != NULL && i < sizeof freeze_items / sizeof freeze_items[0]; i++)
        if (freeze_items[i].item == (identifier >> 8 & 0xff)) {
            freeze_items[i].write(freeze, out);
            return true;
        }
    return false;
}

/* Measured values and what is reckoned from them. */

static void voltage(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(out, meter->sample.voltage_mv / 100, 2);
}

static void current(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_signed(out, meter->sample.power_mw < 0 ? -meter->sample.current_ma : meter->sample.current_ma, 3);
}

static void power(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_signed(out, meter->sample.power_mw / MW_PER_TENTH, POWER_SIZE);
}

static void reactive(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_signed(out, meter->sample.reactive_mvar / MW_PER_TENTH, POWER_SIZE);
}

static void apparent(const struct electricity_meter *meter, struct writer *out)
{
    int64_t apparent_mva = (int64_t)meter->sample.voltage_mv * meter->sample.current_ma / 1000;
    electricity_put_bcd(out, apparent_mva / MW_PER_TENTH, POWER_SIZE);
}

static void factor(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_signed(out, meter->sample.power_factor, 2);
}

static void neutral(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_signed(out, meter->sample.neutral_current_ma, 3);
}

static void frequency(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(out, meter->sample.frequency_mhz / 10, 2);
}

static void price(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(out, electricity_price_now(meter), 4);
}

static void demand(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(out, (int64_t)meter->state.demand_w * 10, 3);
    electricity_put_time(out, (int64_t)meter->state.demand_minute * ELECTRICITY_S_PER_MINUTE, 5);
}

static void cycle(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(out, electricity_cents_of(meter->state.cycle_mwh), 4);
}

static void remaining(const struct electricity_meter *meter, struct writer *out)
{
    int64_t cent = electricity_balance_cent(meter);
    bool is_public = meter->parameters.payment[0] == ELECTRICITY_PUBLIC; /* negative tells a public meter (S1-023) */
    if (is_public)
        electricity_put_signed(out, cent, 4);
    else
        electricity_put_bcd(out, cent > 0 ? cent : 0, 4);
}

static void overdrawn(const struct electricity_meter *meter, struct writer *out)
{
    int64_t cent = electricity_balance_cent(meter);
    electricity_put_bcd(out, cent < 0 ? -cent : 0, 4);
}

static void date(const struct electricity_meter *meter, struct writer *out)
{
    struct item_time time = electricity_time_of_clock(meter->local_s);

    if (meter->local_s == 0) {
        electricity_put_missing(out, DATE_SIZE);
        return;
    }
    writer_put_u8(out, (uint8_t)(calendar_weekday_of_day(calendar_local_day(meter->local_s, 0)) % 7));
    writer_put_u8(out, bcd_byte_write(time.day));
    writer_put_u8(out, bcd_byte_write(time.month));
    writer_put_u8(out, bcd_byte_write(time.year % 100));
}

static void clock_of_day(const struct electricity_meter *meter, struct writer *out)
{
    uint8_t bytes[TIME_SECOND_SIZE];
    struct item_time time = electricity_time_of_clock(meter->local_s);

    if (meter->local_s == 0 || dlt645_time_write(&time, sizeof bytes, bytes) < 0)
        electricity_put_missing(out, CLOCK_SIZE);
    else
        writer_put_bytes(out, bytes, CLOCK_SIZE);
}

static void status_all(const struct electricity_meter *meter, struct writer *out)
{
    for (unsigned number = 1; number <= 7; number++)
        writer_put_u16le(out, electricity_status_word(meter, number));
}

/* Which credit a meter does not count it does not have. */
enum only { FOR_ALL, FOR_ENERGY, FOR_MONEY };

static const struct {
    uint32_t identifier;
    void (*write)(const struct electricity_meter *meter, struct writer *out);
    uint8_t missing; /* bytes behind, of phases that are not there */
    uint8_t only;
} values[] = {
    { 0x00900100, remaining, 0, FOR_ENERGY },
    { 0x00900101, overdrawn, 0, FOR_ENERGY },
    { 0x00900200, remaining, 0, FOR_MONEY },
    { 0x00900201, overdrawn, 0, FOR_MONEY },
    { 0x000b0000, cycle, 0, FOR_ALL },
    { 0x01010000, demand, 0, FOR_ALL },
    { 0x02010100, voltage, 0, FOR_ALL },
    { 0x0201ff00, voltage, 4, FOR_ALL },
    { 0x02020100, current, 0, FOR_ALL },
    { 0x0202ff00, current, 6, FOR_ALL },
    { 0x02030000, power, 0, FOR_ALL },
    { 0x02030100, power, 0, FOR_ALL },
    { 0x02040000, reactive, 0, FOR_ALL },
    { 0x02040100, reactive, 0, FOR_ALL },
    { 0x02050000, apparent, 0, FOR_ALL },
    { 0x02050100, apparent, 0, FOR_ALL },
    { 0x02060000, factor, 0, FOR_ALL },
    { 0x02060100, factor, 0, FOR_ALL },
    { 0x02800001, neutral, 0, FOR_ALL },
    { 0x02800002, frequency, 0, FOR_ALL },
    { 0x0280000b, price, 0, FOR_ALL },
    { ELECTRICITY_DATE, date, 0, FOR_ALL },
    { ELECTRICITY_TIME, clock_of_day, 0, FOR_ALL },
    { 0x040005ff, status_all, 0, FOR_ALL },
};

static bool listed_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    unsigned credit = meter->config.credit == ELECTRICITY_CREDIT_MONEY ? FOR_MONEY : FOR_ENERGY;

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (values[i].identifier != identifier || (values[i].only != FOR_ALL && values[i].only != credit))
            continue;
        values[i].write(meter, out);
        electricity_put_missing(out, values[i].missing);
        return true;
    }
    return false;
}

static bool parameter_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    unsigned index = 0;
    const struct electricity_parameter_row *row = electricity_parameter_find(identifier, &index);

    if (identifier >= 0x04000501 && identifier <= 0x04000507) {
        writer_put_u16le(out, electricity_status_word(meter, identifier & 0xff));
        return true;
    }
    if (row == NULL || row->is_secret)
        return false;
    writer_put_span(out, electricity_parameter_bytes(&meter->parameters, row, index));
    return true;
}

bool electricity_value_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    return listed_write(meter, identifier, out) || parameter_write(meter, identifier, out) ||
           (identifier >> 24 == 0x00 && energy_write(meter, identifier, out)) ||
           (identifier >> 24 == 0x05 && freeze_write(meter, identifier, out)) ||
           electricity_log_write(meter, identifier, out);
}
