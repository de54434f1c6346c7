#include "codec/mbus/mbus_vif.h"

#define VIF_TEXT 0x7c /* without its extension bit */
#define VIF_EXTENSION_EF 0xef
#define VIF_EXTENSION_FB 0xfb
#define VIF_EXTENSION_FD 0xfd
#define CODE_SECOND_LEVEL_EXTENDED 0xfd /* in table 12: the code is in the next VIFE */

#define ONE(quantity, unit, exponent) \
    { \
        1, ITEM_##quantity, ITEM_UNIT_##unit, MBUS_FORM_NUMBER, (exponent) \
    }
#define DIGITS(quantity) \
    { \
        1, ITEM_##quantity, ITEM_UNIT_NONE, MBUS_FORM_DIGITS, 0 \
    }
#define FLAGS(quantity) \
    { \
        1, ITEM_##quantity, ITEM_UNIT_NONE, MBUS_FORM_FLAGS, 0 \
    }
#define MOMENT(quantity) \
    { \
        1, ITEM_##quantity, ITEM_UNIT_NONE, MBUS_FORM_TIME, 0 \
    }
#define SCALED(quantity, unit, factor, exponent) \
    { \
        factor, ITEM_##quantity, ITEM_UNIT_##unit, MBUS_FORM_NUMBER, (exponent) \
    }
#define SECONDS(quantity, factor) \
    { \
        factor, ITEM_##quantity, ITEM_UNIT_S, MBUS_FORM_NUMBER, 0 \
    }

/* Runs of codes whose low bits count powers of ten; `exponent` is the one of the first code. */
#define RUN2(code, quantity, unit, exponent) \
    [code] = ONE(quantity, unit, exponent), [(code) + 1] = ONE(quantity, unit, (exponent) + 1)
#define RUN4(code, quantity, unit, exponent) \
    RUN2(code, quantity, unit, exponent), RUN2((code) + 2, quantity, unit, (exponent) + 2)
#define RUN8(code, quantity, unit, exponent) \
    RUN4(code, quantity, unit, exponent), RUN4((code) + 4, quantity, unit, (exponent) + 4)
#define RUN16(code, quantity, unit, exponent) \
    RUN8(code, quantity, unit, exponent), RUN8((code) + 8, quantity, unit, (exponent) + 8)
/* The same in units of which `factor` make one hour's worth. */
#define RUN2_SCALED(code, quantity, unit, factor, exponent) \
    [code] = SCALED(quantity, unit, factor, exponent), [(code) + 1] = SCALED(quantity, unit, factor, (exponent) + 1)
#define RUN8_SCALED(code, quantity, unit, factor, exponent) \
    RUN2_SCALED(code, quantity, unit, factor, exponent), \
        RUN2_SCALED((code) + 2, quantity, unit, factor, (exponent) + 2), \
        RUN2_SCALED((code) + 4, quantity, unit, factor, (exponent) + 4), \
        RUN2_SCALED((code) + 6, quantity, unit, factor, (exponent) + 6)
/* Seconds, minutes, hours, days; and from minutes on, where the first code means something else. */
#define MINUTES_TO_DAYS(code, quantity) \
    [code] = SECONDS(quantity, 60), [(code) + 1] = SECONDS(quantity, 3600), [(code) + 2] = SECONDS(quantity, 86400)
#define SECONDS_TO_DAYS(code, quantity) [code] = SECONDS(quantity, 1), MINUTES_TO_DAYS((code) + 1, quantity)

/* Table 10. What is missing (6FH, 7BH, 7DH) is reserved or leads to another table. */
const struct mbus_vif mbus_vif_main[MBUS_VIF_COUNT] = {
    RUN8(0x00, ENERGY, WH, -3),
    RUN8(0x08, ENERGY, J, 0),
    RUN8(0x10, VOLUME, M3, -6),
    RUN8(0x18, MASS, KG, -3),
    SECONDS_TO_DAYS(0x20, ON_TIME),
    SECONDS_TO_DAYS(0x24, OPERATING_TIME),
    RUN8(0x28, POWER, W, -3),
    RUN8(0x30, POWER, J_H, 0),
    RUN8(0x38, VOLUME_FLOW, M3_H, -6),
    RUN8_SCALED(0x40, VOLUME_FLOW, M3_H, 60, -7),   /* m3/min */
    RUN8_SCALED(0x48, VOLUME_FLOW, M3_H, 3600, -9), /* m3/s */
    RUN8(0x50, MASS_FLOW, KG_H, -3),
    RUN4(0x58, TEMPERATURE_FLOW, CELSIUS, -3),
    RUN4(0x5c, TEMPERATURE_RETURN, CELSIUS, -3),
    RUN4(0x60, TEMPERATURE_DIFFERENCE, KELVIN, -3),
    RUN4(0x64, TEMPERATURE_EXTERNAL, CELSIUS, -3),
    RUN4(0x68, PRESSURE, BAR, -3),
    [0x6c] = MOMENT(DATE),
    [0x6d] = MOMENT(DATE_TIME),
    [0x6e] = ONE(HEAT_COST_UNITS, NONE, 0),
    [0x6f] = ONE(OTHER, NONE, 0),
    SECONDS_TO_DAYS(0x70, AVERAGING_DURATION),
    SECONDS_TO_DAYS(0x74, ACTUALITY_DURATION),
    [0x78] = DIGITS(FABRICATION_NUMBER),
    [0x79] = DIGITS(ENHANCED_IDENTIFICATION),
    [0x7a] = ONE(ADDRESS, NONE, 0),
    [0x7b] = ONE(OTHER, NONE, 0),
    [0x7c] = ONE(OTHER, NONE, 0), /* plain text */
    [0x7d] = ONE(OTHER, NONE, 0),
    [0x7e] = ONE(OTHER, NONE, 0), /* any, of requests */
    [0x7f] = ONE(MANUFACTURER_VALUE, NONE, 0),
};

/* Table 13. 20H to 26H and 58H to 67H are those of older editions. */
const struct mbus_vif mbus_vif_fb[MBUS_VIF_COUNT] = {
    RUN2(0x00, ENERGY, WH, 5),
    RUN2(0x02, ENERGY_REACTIVE, KVARH, 0),
    RUN2(0x04, ENERGY_APPARENT, KVAH, 0),
    RUN2(0x08, ENERGY, J, 8),
    RUN4(0x0c, ENERGY, CAL, 5),
    RUN2(0x10, VOLUME, M3, 2),
    RUN4(0x14, POWER_REACTIVE, KVAR, -3),
    RUN2(0x18, MASS, KG, 5),
    RUN2(0x1a, HUMIDITY, PERCENT, -1),
    [0x20] = ONE(VOLUME, FT3, 0),
    [0x21] = ONE(VOLUME, FT3, -1),
    [0x22] = ONE(VOLUME, GALLON, -1),
    [0x23] = ONE(VOLUME, GALLON, 0),
    [0x24] = ONE(VOLUME_FLOW, GALLON_MIN, -3),
    [0x25] = ONE(VOLUME_FLOW, GALLON_MIN, 0),
    [0x26] = ONE(VOLUME_FLOW, GALLON_H, 0),
    RUN2(0x28, POWER, W, 5),
    [0x2a] = ONE(PHASE_ANGLE, DEGREE, -1), /* between voltages */
    [0x2b] = ONE(PHASE_ANGLE, DEGREE, -1), /* between voltage and current */
    RUN4(0x2c, FREQUENCY, HZ, -3),
    RUN2(0x30, POWER, J_H, 8),
    RUN4(0x34, POWER_APPARENT, KVA, -3),
    RUN4(0x58, TEMPERATURE_FLOW, FAHRENHEIT, -3),
    RUN4(0x5c, TEMPERATURE_RETURN, FAHRENHEIT, -3),
    RUN4(0x60, TEMPERATURE_DIFFERENCE, FAHRENHEIT, -3),
    RUN4(0x64, TEMPERATURE_EXTERNAL, FAHRENHEIT, -3),
    [0x68] = ONE(GAS_CORRECTION, NONE, 0),
    [0x69] = ONE(GAS_CORRECTION, NONE, 0),
    RUN4(0x74, TEMPERATURE_LIMIT, CELSIUS, -3),
    RUN8(0x78, POWER, W, -3), /* cumulated maximum */
};

/* Table 12. */
const struct mbus_vif mbus_vif_fd[MBUS_VIF_COUNT] = {
    RUN4(0x00, CREDIT, NONE, -3),
    RUN4(0x04, DEBIT, NONE, -3),
    [0x08] = ONE(ACCESS_NUMBER, NONE, 0),
    [0x09] = ONE(MEDIUM, NONE, 0),
    [0x0a] = ONE(MANUFACTURER, NONE, 0),
    [0x0b] = ONE(PARAMETER_SET, NONE, 0),
    [0x0c] = ONE(MODEL, NONE, 0),
    [0x0d] = ONE(HARDWARE_VERSION, NONE, 0),
    [0x0e] = ONE(FIRMWARE_VERSION, NONE, 0),
    [0x0f] = ONE(SOFTWARE_VERSION, NONE, 0),
    [0x10] = DIGITS(CUSTOMER_LOCATION),
    [0x11] = DIGITS(CUSTOMER_NUMBER),
    [0x12] = DIGITS(ACCESS_CODE), /* user */
    [0x13] = DIGITS(ACCESS_CODE), /* operator */
    [0x14] = DIGITS(ACCESS_CODE), /* system operator */
    [0x15] = DIGITS(ACCESS_CODE), /* developer */
    [0x16] = DIGITS(PASSWORD),
    [0x17] = FLAGS(ERROR_FLAGS),
    [0x18] = FLAGS(ERROR_MASK),
    [0x19] = ONE(SECURITY_KEY, NONE, 0),
    [0x1a] = FLAGS(DIGITAL_OUTPUT),
    [0x1b] = FLAGS(DIGITAL_INPUT),
    [0x1c] = ONE(BAUD_RATE, BAUD, 0),
    [0x1d] = ONE(RESPONSE_DELAY, NONE, 0),
    [0x1e] = ONE(RETRY, NONE, 0),
    [0x1f] = ONE(REMOTE_CONTROL, NONE, 0),
    [0x20] = ONE(STORAGE_FIRST, NONE, 0),
    [0x21] = ONE(STORAGE_LAST, NONE, 0),
    [0x22] = ONE(STORAGE_BLOCK_SIZE, NONE, 0),
    SECONDS_TO_DAYS(0x24, STORAGE_INTERVAL),
    [0x28] = ONE(STORAGE_INTERVAL, MONTH, 0),
    [0x29] = ONE(STORAGE_INTERVAL, YEAR, 0),
    SECONDS_TO_DAYS(0x2c, READOUT_AGE),
    [0x30] = MOMENT(TARIFF_START),
    MINUTES_TO_DAYS(0x31, TARIFF_DURATION),
    SECONDS_TO_DAYS(0x34, TARIFF_PERIOD),
    [0x38] = ONE(TARIFF_PERIOD, MONTH, 0),
    [0x39] = ONE(TARIFF_PERIOD, YEAR, 0),
    [0x3a] = ONE(DIMENSIONLESS, NONE, 0),
    [0x3b] = ONE(DATA_CONTAINER, NONE, 0), /* of wireless M-Bus */
    SECONDS_TO_DAYS(0x3c, TRANSMISSION_PERIOD),
    RUN16(0x40, VOLTAGE, V, -9),
    RUN16(0x50, CURRENT, A, -12),
    [0x60] = ONE(RESET_COUNTER, NONE, 0),
    [0x61] = ONE(CUMULATION_COUNTER, NONE, 0),
    [0x62] = ONE(CONTROL_SIGNAL, NONE, 0),
    [0x63] = ONE(DAY_OF_WEEK, NONE, 0),
    [0x64] = ONE(WEEK_NUMBER, NONE, 0),
    [0x65] = MOMENT(DAY_CHANGE_TIME),
    [0x66] = ONE(PARAMETER_ACTIVATION, NONE, 0),
    [0x67] = ONE(SUPPLIER_INFORMATION, NONE, 0),
    [0x68] = ONE(CUMULATION_AGE, HOUR, 0),
    [0x69] = ONE(CUMULATION_AGE, DAY, 0),
    [0x6a] = ONE(CUMULATION_AGE, MONTH, 0),
    [0x6b] = ONE(CUMULATION_AGE, YEAR, 0),
    [0x6c] = ONE(BATTERY_TIME, HOUR, 0),
    [0x6d] = ONE(BATTERY_TIME, DAY, 0),
    [0x6e] = ONE(BATTERY_TIME, MONTH, 0),
    [0x6f] = ONE(BATTERY_TIME, YEAR, 0),
    [0x70] = MOMENT(BATTERY_CHANGE_TIME),
    [0x71] = ONE(RF_LEVEL, DBM, 0),
    [0x72] = ONE(DAYLIGHT_SAVING, NONE, 0),
    [0x73] = ONE(LISTENING_WINDOW, NONE, 0),
    [0x74] = ONE(BATTERY_REMAINING, DAY, 0),
    [0x75] = ONE(STOP_COUNT, NONE, 0),
    [0x76] = ONE(DATA_CONTAINER, NONE, 0), /* of a manufacturer's protocol */
};

/* Table 14. */
const struct mbus_vif mbus_vif_fd_fd[MBUS_VIF_COUNT] = {
    [0x02] = ONE(BATTERY_REMAINING, MONTH, 0),
    [0x03] = ONE(BATTERY_REMAINING, YEAR, 0),
};

/* Units that makers spell out, as they stand in the frame (last character first). */
static const struct {
    const char *text;
    struct mbus_vif row;
} spelled[] = {
    { "HR%", ONE(HUMIDITY, PERCENT, 0) },
    { "C\xb0", ONE(TEMPERATURE, CELSIUS, 0) },
    { "hWk", ONE(ENERGY, WH, 3) },
    { "3m", ONE(VOLUME, M3, 0) },
};

static const struct mbus_vif unknown = ONE(OTHER, NONE, 0);

static const struct mbus_vif *spelled_find(struct span text)
{
    for (size_t i = 0; i < sizeof spelled / sizeof spelled[0]; i++)
        if (span_equal_text(text, spelled[i].text))
            return &spelled[i].row;
    return &unknown;
}

/* The first `count` VIFE belong to the code. */
static struct span extensions(const struct mbus_record *record, size_t count)
{
    const uint8_t *end = record->header.bytes + record->header.size;
    size_t all = record->extension_count;

    return span_of_bytes(end - (all - count), all - count);
}

static const struct mbus_vif *row_of(const struct mbus_vif *table, uint8_t code)
{
    const struct mbus_vif *row = &table[code & 0x7f];
    return row->factor == 0 ? &unknown : row;
}

/* An extension bit promises a VIFE, so FBH and FDH are never the end of a header. */
const struct mbus_vif *mbus_vif_find(const struct mbus_record *record, struct span *vife)
{
    const uint8_t *code = record->header.bytes + record->header.size - record->extension_count;
    const struct mbus_vif *row = &unknown;
    size_t used = 1;

    if (record->vif == VIF_EXTENSION_FB)
        row = row_of(mbus_vif_fb, code[0]);
    else if (record->vif == VIF_EXTENSION_FD && code[0] == CODE_SECOND_LEVEL_EXTENDED) {
        row = row_of(mbus_vif_fd_fd, code[1]);
        used = 2;
    } else if (record->vif == VIF_EXTENSION_FD)
        row = row_of(mbus_vif_fd, code[0]);
    else if (record->vif != VIF_EXTENSION_EF) {
        row = (record->vif & 0x7f) == VIF_TEXT ? spelled_find(record->vif_text) : &mbus_vif_main[record->vif & 0x7f];
        used = 0;
    }
    *vife = extensions(record, used);
    return row;
}
