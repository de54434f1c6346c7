#include "codec/mbus/mbus_record_encode.h"

#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"
#include "codec/mbus/mbus_float.h"
#include "codec/mbus/mbus_time.h"
#include "codec/mbus/mbus_vif.h"
#include "codec/number/number.h"

#define EXTENSION_BIT 0x80u
#define DIF_MANUFACTURER 0x0f
#define DIF_MORE_FOLLOW 0x1f
#define DIF_GLOBAL 0x7f
#define HEADER_LIMIT (2 + 2 * MBUS_EXTENSION_LIMIT)
#define RECORD_LIMIT 256
#define TEXT_LIMIT 0xbf
#define BINARY_LIMIT 8

/* Storage number, tariff and subunit spread over as few DIFE as they need (6.3.5). */
static void dif_put(const struct mbus_record *record, struct writer *out)
{
    uint32_t storage = record->storage >> 1;
    uint32_t tariff = record->tariff, subunit = record->subunit;
    unsigned dif = (unsigned)record->data_field | (unsigned)record->function << 4 | (record->storage & 1u) << 6;
    bool has_more = (storage | tariff | subunit) != 0;

    writer_put_u8(out, (uint8_t)(dif | (has_more ? EXTENSION_BIT : 0)));
    while (has_more) {
        unsigned dife = (storage & 15u) | (tariff & 3u) << 4 | (subunit & 1u) << 6;
        storage >>= 4;
        tariff >>= 2;
        subunit >>= 1;
        has_more = (storage | tariff | subunit) != 0;
        writer_put_u8(out, (uint8_t)(dife | (has_more ? EXTENSION_BIT : 0)));
    }
}

/* What was written must read back as the parts it was made from. */
static int record_check(struct span bytes, const struct mbus_record *record)
{
    struct mbus_record_reader reader = mbus_record_reader(bytes);
    struct mbus_record back;

    if (mbus_record_next(&reader, &back, NULL) != 1 || reader.header_at != bytes.size)
        return CODEC_ERR_FORMAT;
    bool is_same = back.kind == record->kind && span_equal(back.information, record->information) &&
                   span_equal(back.data, record->data);
    return is_same ? 0 : CODEC_ERR_FORMAT;
}

static void special_put(const struct mbus_record *record, struct writer *out)
{
    if (record->kind == MBUS_RECORD_GLOBAL)
        writer_put_u8(out, DIF_GLOBAL);
    else
        writer_put_u8(out, record->more_follow ? DIF_MORE_FOLLOW : DIF_MANUFACTURER);
}

int mbus_record_encode(const struct mbus_record *record, struct writer *out)
{
    uint8_t bytes[RECORD_LIMIT + HEADER_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    if (record->kind == MBUS_RECORD_VALUE)
        dif_put(record, &writer);
    else
        special_put(record, &writer);
    writer_put_span(&writer, record->information);
    writer_put_span(&writer, record->data);
    int result = writer.overflow ? CODEC_ERR_FORMAT : record_check(writer_span(&writer), record);
    if (result == 0)
        writer_put_span(out, writer_span(&writer));
    return result;
}

/* A record being made from an item: its bytes stand in here. */
struct draft {
    struct mbus_record record;
    uint8_t information[4];
    uint8_t data[1 + TEXT_LIMIT];
};

static int table_find(const struct mbus_vif *table, const struct item *item)
{
    for (int code = 0; code < MBUS_VIF_COUNT; code++) {
        const struct mbus_vif *row = &table[code];
        if (row->factor == 1 && row->quantity == item->quantity && row->unit == item->unit &&
            (row->exponent == item->exponent || item->kind != ITEM_KIND_NUMBER))
            return code;
    }
    return -1;
}

/* The code of a quantity without an identifier; what needs a VIFE is not found.
 * returns  0; CODEC_ERR_UNKNOWN */
static int identifier_find(const struct item *item, uint32_t *out)
{
    static const struct {
        const struct mbus_vif *rows;
        uint32_t prefix;
    } tables[] = { { mbus_vif_main, 0 }, { mbus_vif_fd, 0xfd00 }, { mbus_vif_fb, 0xfb00 } };

    if (item->modifier != ITEM_MODIFIER_NONE || item->phase != 0)
        return CODEC_ERR_UNKNOWN;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        int code = table_find(tables[i].rows, item);
        if (code >= 0) {
            *out = tables[i].prefix | (uint32_t)code;
            return 0;
        }
    }
    return CODEC_ERR_UNKNOWN;
}

static int information_put(const struct item *item, struct draft *draft)
{
    uint32_t identifier = item->identifier;
    size_t size = 1;

    if (identifier == 0 && identifier_find(item, &identifier) < 0)
        return CODEC_ERR_UNKNOWN;
    while (size < sizeof draft->information && identifier >> 8 * size != 0)
        size++;
    for (size_t i = 0; i < size; i++)
        draft->information[i] = (uint8_t)(identifier >> 8 * (size - 1 - i));
    draft->record.information = span_of_bytes(draft->information, size);
    return 0;
}

/* How the code reads the number 1: factor, exponent, kind. */
static int probe(const struct draft *draft, struct item *out)
{
    static const uint8_t one = 1;
    struct mbus_record record = draft->record;
    uint8_t bytes[HEADER_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    record.data_field = MBUS_DATA_INTEGER_1;
    record.data = span_of_bytes(&one, 1);
    record.storage = record.subunit = record.tariff = 0;
    if (mbus_record_encode(&record, &writer) < 0)
        return CODEC_ERR_FORMAT;
    struct mbus_record_reader reader = mbus_record_reader(writer_span(&writer));
    if (mbus_record_next(&reader, &record, NULL) != 1)
        return CODEC_ERR_FORMAT;
    mbus_record_item(&record, out);
    return 0;
}

static bool is_integer(uint8_t data_field)
{
    return (data_field >= MBUS_DATA_INTEGER_1 && data_field <= MBUS_DATA_INTEGER_8 && data_field != MBUS_DATA_REAL);
}

static size_t integer_size(uint8_t data_field)
{
    static const uint8_t sizes[8] = { 0, 1, 2, 3, 4, 0, 6, 8 };
    return sizes[data_field & 7];
}

static bool integer_fits(int64_t value, size_t size)
{
    int64_t limit = INT64_C(1) << (8 * size - 1 > 62 ? 62 : 8 * size - 1);
    return size == 8 || (value >= -limit && value < limit);
}

static void data_put(struct draft *draft, uint8_t data_field, size_t size)
{
    draft->record.data_field = data_field;
    draft->record.data = span_of_bytes(draft->data, size);
}

static void little_endian_put(uint64_t bits, size_t size, uint8_t *out)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(bits >> 8 * i);
}

static int integer_put(int64_t value, uint8_t data_field, struct draft *draft)
{
    if (data_field == MBUS_DATA_FITTING) {
        data_field = MBUS_DATA_INTEGER_1;
        while (!integer_fits(value, integer_size(data_field)))
            data_field = data_field == MBUS_DATA_INTEGER_4 ? MBUS_DATA_INTEGER_6 : (uint8_t)(data_field + 1);
    }
    if (!integer_fits(value, integer_size(data_field)))
        return CODEC_ERR_RANGE;
    little_endian_put((uint64_t)value, integer_size(data_field), draft->data);
    data_put(draft, data_field, integer_size(data_field));
    return 0;
}

/* A negative number gives its highest digit for the sign. */
static int bcd_put(int64_t value, uint8_t data_field, struct draft *draft)
{
    size_t size = data_field == MBUS_DATA_BCD_12 ? 6 : data_field - 8u;
    uint8_t *top = &draft->data[size - 1];

    if (value == INT64_MIN || bcd_write(value < 0 ? -value : value, draft->data, size) < 0)
        return CODEC_ERR_RANGE;
    if (value < 0 && *top >> 4 != 0)
        return CODEC_ERR_RANGE;
    if (value < 0)
        *top |= 0xf0u;
    data_put(draft, data_field, size);
    return 0;
}

static int binary_put(int64_t value, struct draft *draft)
{
    draft->data[0] = 0xe0 + BINARY_LIMIT;
    little_endian_put((uint64_t)value, BINARY_LIMIT, draft->data + 1);
    data_put(draft, MBUS_DATA_VARIABLE, 1 + BINARY_LIMIT);
    return 0;
}

/* value * 10^exponent as single, which must read back as the same number. */
static int real_put(int64_t value, int exponent, struct draft *draft)
{
    struct mbus_decimal back;
    uint64_t bits = 0;

    for (; value != 0 && value % 10 == 0; exponent++)
        value /= 10;
    int64_t plain = value;
    int scale = exponent;
    for (; scale > 0 && plain <= INT64_MAX / 10 && plain >= INT64_MIN / 10; scale--)
        plain *= 10;
    if (value != 0 &&
        (scale > 0 || scale < -NUMBER_SCALE_LIMIT || number_float_bits(plain, -scale, FLOAT_SINGLE, &bits) < 0))
        return CODEC_ERR_RANGE;
    if (mbus_float_decimal((uint32_t)bits, &back) != 0 || back.value != value ||
        (value != 0 && back.exponent != exponent))
        return CODEC_ERR_RANGE;
    little_endian_put(bits, 4, draft->data);
    data_put(draft, MBUS_DATA_REAL, 4);
    return 0;
}

/* The item's number at the exponent of the code.
 * returns  0; CODEC_ERR_RANGE when it does not come out even */
static int raw_of(const struct item *item, const struct item *unit, int64_t *out)
{
    int64_t value = item->value;

    for (int exponent = item->exponent; exponent < unit->exponent; exponent++) {
        if (value % 10 != 0)
            return CODEC_ERR_RANGE;
        value /= 10;
    }
    for (int exponent = item->exponent; exponent > unit->exponent && value != 0; exponent--) {
        if (value > INT64_MAX / 10 || value < INT64_MIN / 10)
            return CODEC_ERR_RANGE;
        value *= 10;
    }
    if (unit->value == 0 || value % unit->value != 0)
        return CODEC_ERR_RANGE;
    *out = value / unit->value;
    return 0;
}

static int number_put(const struct item *item, const struct item *unit, uint8_t data_field, struct draft *draft)
{
    int64_t raw = 0;

    if (unit->kind == ITEM_KIND_TIME)
        return CODEC_ERR_TYPE;
    if (data_field == MBUS_DATA_REAL && unit->value == 1)
        return real_put(item->value, item->exponent - unit->exponent, draft);
    if (raw_of(item, unit, &raw) < 0)
        return CODEC_ERR_RANGE;
    if (data_field == MBUS_DATA_REAL)
        return real_put(raw, 0, draft);
    if (data_field == MBUS_DATA_FITTING || is_integer(data_field))
        return integer_put(raw, data_field, draft);
    if (data_field == MBUS_DATA_VARIABLE)
        return binary_put(raw, draft);
    if (data_field >= MBUS_DATA_BCD_2 && data_field <= MBUS_DATA_BCD_12)
        return bcd_put(raw, data_field, draft);
    return CODEC_ERR_TYPE;
}

/* The number of digits chooses the size. */
static int digits_put(const struct item *item, struct draft *draft)
{
    static const uint8_t fields[] = { MBUS_DATA_BCD_2, MBUS_DATA_BCD_4, MBUS_DATA_BCD_6, MBUS_DATA_BCD_8 };
    size_t size = ((size_t)item->digits + 1) / 2;

    if (size >= 1 && size <= 4)
        return bcd_put(item->value, fields[size - 1], draft);
    if (size <= 6)
        return bcd_put(item->value, MBUS_DATA_BCD_12, draft);
    draft->data[0] = (uint8_t)(0xc0 + size);
    data_put(draft, MBUS_DATA_VARIABLE, 1 + size);
    return bcd_write(item->value, draft->data + 1, size) < 0 ? CODEC_ERR_RANGE : 0;
}

static int flags_put(const struct item *item, struct draft *draft)
{
    static const uint8_t fields[9] = { 0, 1, 2, 3, 4, 6, 6, 7, 7 };
    size_t size = ((size_t)item->digits + 1) / 2;
    uint64_t bits = (uint64_t)item->value;

    if (size < 1 || size > 8 || (size < 8 && bits >> 8 * size != 0))
        return CODEC_ERR_RANGE;
    little_endian_put(bits, 8, draft->data);
    data_put(draft, fields[size], integer_size(fields[size]));
    return 0;
}

static int time_put(const struct item *item, struct draft *draft)
{
    int size = mbus_time_encode(&item->time, draft->data);

    if (size < 0)
        return size;
    data_put(draft, (uint8_t)size, (size_t)size);
    return 0;
}

static int text_put(const struct item *item, struct draft *draft)
{
    size_t size = item->bytes.size;
    bool is_turned = item->kind == ITEM_KIND_TEXT && !item->is_reversed;

    if (size > TEXT_LIMIT)
        return CODEC_ERR_TOO_LONG;
    draft->data[0] = (uint8_t)size;
    for (size_t i = 0; i < size; i++)
        draft->data[1 + i] = item->bytes.bytes[is_turned ? size - 1 - i : i];
    data_put(draft, MBUS_DATA_VARIABLE, 1 + size);
    return 0;
}

static int value_put(const struct item *item, uint8_t data_field, struct draft *draft)
{
    struct item unit;

    if (probe(draft, &unit) < 0)
        return CODEC_ERR_FORMAT;
    switch ((enum item_kind)item->kind) {
    case ITEM_KIND_NUMBER:
        return number_put(item, &unit, data_field, draft);
    case ITEM_KIND_DIGITS:
        return digits_put(item, draft);
    case ITEM_KIND_FLAGS:
        return flags_put(item, draft);
    case ITEM_KIND_TEXT:
    case ITEM_KIND_BYTES:
        return text_put(item, draft);
    case ITEM_KIND_TIME:
        return unit.kind == ITEM_KIND_TIME ? time_put(item, draft) : CODEC_ERR_TYPE;
    }
    return CODEC_ERR_TYPE;
}

static int manufacturer_encode(const struct item *item, struct writer *out)
{
    writer_put_u8(out, item->identifier == DIF_MORE_FOLLOW ? DIF_MORE_FOLLOW : DIF_MANUFACTURER);
    writer_put_span(out, item->bytes);
    return 0;
}

int mbus_item_encode(const struct item *item, uint8_t data_field, struct writer *out)
{
    struct draft draft = { 0 };
    bool has_data = data_field != MBUS_DATA_NONE && data_field != MBUS_DATA_SELECTION;
    int result;

    if (item->quantity == ITEM_MANUFACTURER_DATA)
        return manufacturer_encode(item, out);
    if (item->quality == ITEM_INVALID)
        return CODEC_ERR_RANGE;
    if (has_data == (item->quality == ITEM_MISSING))
        return CODEC_ERR_TYPE;
    draft.record.function = item->function;
    draft.record.storage = item->storage;
    draft.record.tariff = item->tariff;
    draft.record.subunit = item->subunit;
    result = information_put(item, &draft);
    if (result == 0 && has_data)
        result = value_put(item, data_field, &draft);
    else
        data_put(&draft, data_field, 0);
    return result < 0 ? result : mbus_record_encode(&draft.record, out);
}
