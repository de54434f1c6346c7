/* The identifiers of DL/T 645-1997 that this meter answers (S2-068). Energies and dates are those of 2007 under another
 * name; voltage and reactive power have fewer digits. */
#include "meter/core/electricity/electricity_internal.h"

#define ENERGY_NOW 0x90
#define ENERGY_LAST_MONTH 0x94
#define ENERGY_MONTH_BEFORE 0x98
#define ALL_1997 0xf
#define ALL_2007 0xff

static void voltage(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(out, meter->sample.voltage_mv / 1000, 2);
}

static void current(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(out, meter->sample.current_ma / 10, 2);
}

static void power(const struct electricity_meter *meter, struct writer *out)
{
    electricity_put_bcd(
        out, meter->sample.power_mw < 0 ? -(int64_t)meter->sample.power_mw / 100 : meter->sample.power_mw / 100, 3);
}

static void reactive(const struct electricity_meter *meter, struct writer *out)
{
    int64_t size_mvar = meter->sample.reactive_mvar;
    electricity_put_bcd(out, (size_mvar < 0 ? -size_mvar : size_mvar) / 10000, 2);
}

static void factor(const struct electricity_meter *meter, struct writer *out)
{
    int32_t size = meter->sample.power_factor;
    electricity_put_bcd(out, size < 0 ? -size : size, 2);
}

static const struct {
    uint32_t identifier;
    uint32_t same; /* of 2007; 0: `write` */
    void (*write)(const struct electricity_meter *meter, struct writer *out);
} rows[] = {
    { 0xb611, 0, voltage },
    { 0xb621, 0, current },
    { 0xb630, 0, power },
    { 0xb631, 0, power },
    { 0xb640, 0, reactive },
    { 0xb641, 0, reactive },
    { 0xb650, 0, factor },
    { 0xb651, 0, factor },
    { 0xc010, ELECTRICITY_DATE, NULL },
    { 0xc011, ELECTRICITY_TIME, NULL },
    { 0xc030, 0x04000409, NULL },
    { 0xc032, 0x04000402, NULL },
};

/* 901n forward, 902n reverse, n the tariff or F for all; 9000 both together. 94 and 98: the last settlements. */
static bool energy_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    uint32_t kind = identifier >> 4 & 0xf, tariff = identifier & 0xf, settlement;

    switch (identifier >> 8) {
    case ENERGY_NOW:
        settlement = 0;
        break;
    case ENERGY_LAST_MONTH:
        settlement = 1;
        break;
    case ENERGY_MONTH_BEFORE:
        settlement = 2;
        break;
    default:
        return false;
    }
    if (kind > 2 || (kind == 0 && tariff != 0))
        return false;
    tariff = tariff == ALL_1997 ? ALL_2007 : tariff;
    return electricity_value_write(meter, kind << 16 | tariff << 8 | settlement, out);
}

bool electricity_value_write_1997(const struct electricity_meter *meter, uint32_t identifier, struct writer *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].identifier != identifier)
            continue;
        if (rows[i].same != 0)
            return electricity_value_write(meter, rows[i].same, out);
        rows[i].write(meter, out);
        return true;
    }
    return energy_write(meter, identifier, out);
}
