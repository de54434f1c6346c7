#include "codec/bcd/bcd.h"
#include "codec/mbus/mbus_float.h"
#include "codec/mbus/mbus_internal.h"
#include "codec/mbus/mbus_time.h"
#include "codec/mbus/mbus_vif.h"
#include "codec/mbus/mbus_vife.h"
#include "codec/number/number.h"

#define VIF_TEXT 0x7c
#define VIF_MANUFACTURER 0x7f /* without its extension bit */
#define IDENTIFIER_VIFE_LIMIT 3
#define EXPONENT_LIMIT 18
#define DOUBLE_DIGITS_LIMIT INT64_C(1000000000000000) /* 15 digits of a double are sure */

/* How the data of one record are to be read: the row of its VIF after its VIFE. */
struct reading {
    uint32_t factor;
    int exponent;
    uint8_t form;    /* enum mbus_form */
    uint8_t quality; /* enum item_quality: what the meter says about the value */
};

enum data_class { DATA_NONE, DATA_INTEGER, DATA_REAL, DATA_BCD, DATA_VARIABLE };

/* By data field (EN 13757-3 table 4). */
static const uint8_t data_classes[16] = { DATA_NONE,    DATA_INTEGER,  DATA_INTEGER, DATA_INTEGER,
                                          DATA_INTEGER, DATA_REAL,     DATA_INTEGER, DATA_INTEGER,
                                          DATA_NONE,    DATA_BCD,      DATA_BCD,     DATA_BCD,
                                          DATA_BCD,     DATA_VARIABLE, DATA_BCD,     DATA_NONE };

/* Seconds, minutes, hours, days by the low two bits of a code. */
static const uint32_t duration_factors[4] = { 1, 60, 3600, 86400 };

/* Exponents that an item cannot hold are worked into the value, rounding what is smaller than 10^-18. */
static void number_fit(int64_t value, int exponent, struct item *out)
{
    for (; exponent > EXPONENT_LIMIT && value <= INT64_MAX / 10 && value >= INT64_MIN / 10; exponent--)
        value *= 10;
    for (; exponent < -EXPONENT_LIMIT && value != 0; exponent++) {
        bool is_last = exponent == -EXPONENT_LIMIT - 1;
        int64_t rest = value % 10;
        value = value / 10 + (is_last && rest >= 5 ? 1 : is_last && rest <= -5 ? -1 : 0);
    }
    if (value == 0)
        exponent = exponent < -EXPONENT_LIMIT ? -EXPONENT_LIMIT : exponent > 0 ? 0 : exponent;
    if (exponent > EXPONENT_LIMIT)
        out->quality = ITEM_INVALID;
    else {
        out->value = value;
        out->exponent = (int8_t)exponent;
    }
}

static void number_put(int64_t raw, int own_exponent, const struct reading *reading, struct item *out)
{
    int64_t factor = reading->factor;
    int exponent = own_exponent + reading->exponent;

    if (factor != 1) {
        if (raw > INT64_MAX / factor || raw < INT64_MIN / factor) {
            out->quality = ITEM_INVALID;
            return;
        }
        raw *= factor;
    }
    if (exponent < -EXPONENT_LIMIT || exponent > EXPONENT_LIMIT)
        number_fit(raw, exponent, out);
    else {
        out->value = raw;
        out->exponent = (int8_t)exponent;
    }
}

static uint64_t unsigned_of(struct span bytes)
{
    uint64_t value = 0;

    for (size_t i = bytes.size; i-- > 0;)
        value = value << 8 | bytes.bytes[i];
    return value;
}

/* Type B: two's complement of 1 to 8 bytes. */
static int64_t signed_of(struct span bytes)
{
    unsigned unused_bits = 64 - 8 * (unsigned)bytes.size;
    uint64_t value = unsigned_of(bytes);
    uint64_t sign = UINT64_C(1) << (63 - unused_bits);

    return (value & sign) == 0 ? (int64_t)value : -(int64_t)((sign << 1) - 1 - value) - 1;
}

static void time_put(struct span data, struct item *out)
{
    out->kind = ITEM_KIND_TIME;
    out->unit = ITEM_UNIT_NONE;
    out->quality = (uint8_t)mbus_time_decode(data, &out->time);
}

static void integer_put(struct span data, const struct reading *reading, struct item *out)
{
    if (reading->form == MBUS_FORM_TIME)
        time_put(data, out);
    else if (reading->form == MBUS_FORM_FLAGS) {
        uint64_t bits = unsigned_of(data);
        out->kind = ITEM_KIND_FLAGS;
        out->digits = (uint8_t)(2 * data.size);
        out->value = bits > INT64_MAX ? signed_of(data) : (int64_t)bits;
    } else
        number_put(signed_of(data), 0, reading, out);
}

static void real_put(struct span data, const struct reading *reading, struct item *out)
{
    struct mbus_decimal decimal;
    int result = mbus_float_decimal((uint32_t)unsigned_of(data), &decimal);

    if (result == 0)
        number_put(decimal.value, decimal.exponent, reading, out);
    else
        out->quality = result == MBUS_FLOAT_NAN ? ITEM_MISSING : ITEM_INVALID;
}

/* LVAR F8H, which no edition defines well: 15 digits of a double, of values of at least 10^-3. */
static void double_put(struct span data, const struct reading *reading, struct item *out)
{
    struct number number = number_of_float(unsigned_of(data), FLOAT_DOUBLE);
    int64_t value = 0;
    int scale = NUMBER_SCALE_LIMIT;

    if (number.kind != NUMBER_BINARY) {
        out->quality = number.kind == NUMBER_NAN ? ITEM_MISSING : ITEM_INVALID;
        return;
    }
    while (scale > 0 &&
           (number_scaled(number, scale, &value) < 0 || value >= DOUBLE_DIGITS_LIMIT || value <= -DOUBLE_DIGITS_LIMIT))
        scale--;
    if (number_scaled(number, scale, &value) < 0) {
        out->quality = ITEM_INVALID;
        return;
    }
    for (; scale > 0 && value % 10 == 0; scale--)
        value /= 10;
    number_put(value, -scale, reading, out);
}

static bool is_all_ff(struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.bytes[i] != 0xff)
            return false;
    return true;
}

static bool is_bcd(unsigned byte)
{
    return byte <= 0x99 && (byte & 15) <= 9;
}

/* Type A: BCD, an F in the top digit meaning a negative number; 1 to 9 bytes.
 * returns  0; negative when a digit is none */
static int bcd_take(struct span data, int64_t *value, bool *is_negative)
{
    const uint8_t *next = data.bytes + data.size - 1;
    bool has_sign = *next >> 4 == 15;
    unsigned byte = has_sign ? *next & 15u : *next;
    int64_t result = 0;

    for (;;) {
        if (!is_bcd(byte))
            return -1;
        result = 100 * result + (int64_t)(byte - 6 * (byte >> 4));
        if (next == data.bytes)
            break;
        byte = *--next;
    }
    *is_negative = has_sign && result != 0;
    *value = has_sign ? -result : result;
    return 0;
}

static void bcd_put(struct span data, const struct reading *reading, struct item *out)
{
    int64_t value = 0;
    bool is_negative = false;

    if (bcd_take(data, &value, &is_negative) < 0)
        out->quality = is_all_ff(data) ? ITEM_MISSING : ITEM_INVALID;
    else if (reading->form == MBUS_FORM_TIME)
        out->quality = ITEM_INVALID;
    else if (reading->form == MBUS_FORM_DIGITS && !is_negative) {
        out->kind = ITEM_KIND_DIGITS;
        out->digits = (uint8_t)(2 * data.size);
        out->value = value;
    } else
        number_put(value, 0, reading, out);
}

/* Printable ASCII that zeros may fill up; anything else is better shown as bytes. */
static bool is_text(struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.bytes[i] != 0 && (bytes.bytes[i] < 0x20 || bytes.bytes[i] > 0x7e))
            return false;
    return true;
}

static void bytes_put(struct span data, bool is_text_like, struct item *out)
{
    out->kind = is_text_like ? ITEM_KIND_TEXT : ITEM_KIND_BYTES;
    out->is_reversed = is_text_like;
    out->unit = ITEM_UNIT_NONE;
    out->bytes = data;
}

static bool is_profile(const struct item *item)
{
    return item->modifier == ITEM_MODIFIER_INVERSE_PROFILE || item->modifier == ITEM_MODIFIER_REGISTER_PROFILE ||
           item->modifier == ITEM_MODIFIER_PROFILE;
}

/* Table 5. A compact profile takes the form of a text without being one. */
static void variable_put(struct span data, const struct reading *reading, struct item *out)
{
    uint8_t lvar = data.bytes[0];
    struct span value = span_of_bytes(data.bytes + 1, data.size - 1);

    if (lvar < 0xc0)
        bytes_put(value, is_text(value) && !is_profile(out), out);
    else if (value.size == 0)
        out->quality = ITEM_MISSING;
    else if (lvar == 0xf8)
        double_put(value, reading, out);
    else if (value.size > (lvar < 0xe0 ? BCD_SIZE_LIMIT : 8u))
        bytes_put(value, false, out);
    else if (lvar >= 0xe0)
        integer_put(value, reading, out);
    else {
        bcd_put(value, reading, out);
        if (lvar >= 0xd0 && out->value > 0)
            out->value = -out->value;
    }
}

static void data_put(const struct mbus_record *record, const struct reading *reading, struct item *out)
{
    switch ((enum data_class)data_classes[record->data_field]) {
    case DATA_NONE:
        out->quality = ITEM_MISSING;
        break;
    case DATA_INTEGER:
        integer_put(record->data, reading, out);
        break;
    case DATA_REAL:
        real_put(record->data, reading, out);
        break;
    case DATA_BCD:
        bcd_put(record->data, reading, out);
        break;
    case DATA_VARIABLE:
        variable_put(record->data, reading, out);
        break;
    }
}

/* The first modifier stays; water that flows back is a quantity of its own, as in the other protocols. */
static void modifier_put(uint8_t modifier, struct item *out)
{
    if (out->modifier != ITEM_MODIFIER_NONE)
        return;
    if (modifier == ITEM_MODIFIER_BACKWARD && out->quantity == ITEM_VOLUME)
        out->quantity = ITEM_VOLUME_REVERSE;
    else
        out->modifier = modifier;
}

static void form_replace(struct reading *reading, struct item *out, enum mbus_form form, enum item_unit unit,
                         uint32_t factor)
{
    reading->form = (uint8_t)form;
    reading->factor = factor;
    reading->exponent = 0;
    out->unit = (uint8_t)unit;
}

/* returns  false when what follows is the manufacturer's own */
static bool vife_apply(const struct mbus_vife *vife, uint8_t code, struct reading *reading, struct item *out)
{
    switch ((enum mbus_vife_effect)vife->effect) {
    case MBUS_VIFE_NOTHING:
    case MBUS_VIFE_EXTENSION:
        return true;
    case MBUS_VIFE_ERROR:
        reading->quality = (uint8_t)vife->number;
        return true;
    case MBUS_VIFE_MULTIPLY:
        reading->exponent += vife->number;
        return true;
    case MBUS_VIFE_PHASE:
        out->phase = (uint8_t)vife->number;
        return true;
    case MBUS_VIFE_MODIFY:
    case MBUS_VIFE_MANUFACTURER:
        break;
    case MBUS_VIFE_MOMENT:
        form_replace(reading, out, MBUS_FORM_TIME, ITEM_UNIT_NONE, 1);
        break;
    case MBUS_VIFE_DURATION:
        form_replace(reading, out, MBUS_FORM_NUMBER, ITEM_UNIT_S, duration_factors[code & 3]);
        break;
    case MBUS_VIFE_COUNT:
        form_replace(reading, out, MBUS_FORM_NUMBER, ITEM_UNIT_NONE, 1);
        break;
    }
    modifier_put((uint8_t)vife->number, out);
    return vife->effect != MBUS_VIFE_MANUFACTURER;
}

static void extensions_apply(struct span vife, struct reading *reading, struct item *out)
{
    const struct mbus_vife *row;
    uint8_t code;

    while ((row = mbus_vife_next(&vife, &code)) != NULL)
        if (!vife_apply(row, code, reading, out))
            return;
}

static uint32_t identifier_of(const struct mbus_record *record)
{
    const uint8_t *vife = record->header.bytes + record->header.size - record->extension_count;
    uint32_t identifier = record->vif;

    for (size_t i = 0; i < record->extension_count && i < IDENTIFIER_VIFE_LIMIT; i++)
        identifier = identifier << 8 | vife[i];
    return identifier;
}

static void value_put(const struct mbus_record *record, struct item *out)
{
    struct span vife = { NULL, 0 };
    bool is_plain = record->extension_count == 0 && record->vif != VIF_TEXT;
    const struct mbus_vif *vif = is_plain ? &mbus_vif_main[record->vif] : mbus_vif_find(record, &vife);
    struct reading reading = { vif->factor, vif->exponent, vif->form, ITEM_GOOD };

    out->identifier = identifier_of(record);
    out->quantity = vif->quantity;
    out->unit = vif->unit;
    if (vife.size > 0 && (record->vif & 0x7f) != VIF_MANUFACTURER)
        extensions_apply(vife, &reading, out);
    data_put(record, &reading, out);
    if (reading.quality == ITEM_MISSING || out->quality == ITEM_GOOD)
        out->quality = reading.quality;
}

void mbus_record_fill(const struct mbus_record *record, struct item *out)
{
    out->bytes = record->data;
    if (record->kind != MBUS_RECORD_VALUE) {
        out->quantity = ITEM_MANUFACTURER_DATA;
        out->kind = ITEM_KIND_BYTES;
        out->identifier = record->header.bytes[0];
        return;
    }
    out->function = record->function;
    out->storage = record->storage;
    out->tariff = record->tariff;
    out->subunit = record->subunit;
    value_put(record, out);
}

void mbus_record_item(const struct mbus_record *record, struct item *out)
{
    static const struct item empty;

    *out = empty;
    mbus_record_fill(record, out);
}
