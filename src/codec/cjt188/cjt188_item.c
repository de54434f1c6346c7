#include "codec/cjt188/cjt188_item.h"

#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_unit.h"
#include "codec/codec_error.h"

#define CENTURY 100

/* One walk over a payload. */
struct walk {
    const struct cjt188_variant *variant;
    const struct cjt188_type *type;
    uint16_t identifier;
    unsigned storage; /* of the data identifier */
    struct item_list *list;
};

static struct item *item_open(const struct walk *walk, const struct cjt188_field *field, struct span bytes)
{
    struct item *item = item_list_add(walk->list);

    if (item == NULL)
        return NULL;
    item->quantity = cjt188_field_quantity(field, walk->type);
    item->unit = cjt188_field_unit(field, walk->type);
    item->tier = field->tier;
    item->storage = walk->storage + field->storage;
    item->identifier = walk->identifier;
    item->exponent = field->exponent;
    item->bytes = bytes;
    return item;
}

static bool is_filled(struct span bytes, uint8_t filler)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.bytes[i] != filler)
            return false;
    return true;
}

static void bcd_take(struct item *item, struct span digits)
{
    int64_t value = bcd_read(digits);

    if (value >= 0)
        item->value = value;
    else
        item->quality = is_filled(digits, 0xff) ? ITEM_MISSING : ITEM_INVALID;
}

/* The unit's row, with the scale that the model gives to litres. */
static struct cjt188_unit unit_of(const struct cjt188_variant *variant, uint8_t code)
{
    struct cjt188_unit unit = *cjt188_unit_find(code);

    if (unit.unit == ITEM_UNIT_LITRE)
        unit.exponent = variant->litre_exponent;
    return unit;
}

static void with_unit_take(const struct walk *walk, struct item *item, struct span digits, uint8_t code)
{
    struct cjt188_unit unit = unit_of(walk->variant, code);

    item->unit = unit.unit;
    item->exponent = unit.exponent;
    bcd_take(item, digits);
}

static void value_unit_take(const struct walk *walk, struct item *item)
{
    struct span bytes = item->bytes;
    with_unit_take(walk, item, span_of_bytes(bytes.bytes, bytes.size - 1), bytes.bytes[bytes.size - 1]);
}

static void unit_value_take(const struct walk *walk, struct item *item)
{
    struct span bytes = item->bytes;
    with_unit_take(walk, item, span_of_bytes(bytes.bytes + 1, bytes.size - 1), bytes.bytes[0]);
}

static void number_take(const struct walk *walk, struct item *item)
{
    (void)walk;
    bcd_take(item, item->bytes);
}

static void binary_take(const struct walk *walk, struct item *item)
{
    (void)walk;
    for (size_t i = item->bytes.size; i-- > 0;)
        item->value = item->value << 8 | item->bytes.bytes[i];
}

static void digits_take(const struct walk *walk, struct item *item)
{
    (void)walk;
    item->kind = ITEM_KIND_DIGITS;
    item->digits = (uint8_t)(2 * item->bytes.size);
    bcd_take(item, item->bytes);
}

static void code_take(const struct walk *walk, struct item *item)
{
    binary_take(walk, item);
    item->kind = ITEM_KIND_FLAGS;
    item->digits = (uint8_t)(2 * item->bytes.size);
}

static void bytes_take(const struct walk *walk, struct item *item)
{
    (void)walk;
    item->kind = ITEM_KIND_BYTES;
}

/* ss mm hh DD MM, then the year's last two digits and its first two. */
static void time_take(const struct walk *walk, struct item *item)
{
    struct item_time time = { 0 };
    int parts[7];

    (void)walk;
    item->kind = ITEM_KIND_TIME;
    item->quality = ITEM_INVALID;
    if (is_filled(item->bytes, 0x00) || is_filled(item->bytes, 0xff)) {
        item->quality = ITEM_MISSING;
        return;
    }
    for (size_t i = 0; i < 7; i++)
        if ((parts[i] = bcd_byte_read(item->bytes.bytes[i])) < 0)
            return;
    time.second = (uint8_t)parts[0];
    time.minute = (uint8_t)parts[1];
    time.hour = (uint8_t)parts[2];
    time.day = (uint8_t)parts[3];
    time.month = (uint8_t)parts[4];
    time.year = (uint16_t)(parts[5] + CENTURY * parts[6]);
    time.parts = ITEM_TIME_SECOND;
    if (item_time_check(&time) < 0)
        return;
    item->time = time;
    item->quality = ITEM_GOOD;
}

static void status_take(const struct walk *walk, struct item *item)
{
    (void)walk;
    item->kind = ITEM_KIND_FLAGS;
    item->digits = 4;
    item->value = item->bytes.bytes[0] << 8 | item->bytes.bytes[1];
}

/* By enum cjt188_format. */
static void (*const takers[])(const struct walk *walk, struct item *item) = {
    [CJT188_VALUE_UNIT] = value_unit_take, [CJT188_UNIT_VALUE] = unit_value_take, [CJT188_NUMBER] = number_take,
    [CJT188_BINARY] = binary_take,         [CJT188_DIGITS] = digits_take,         [CJT188_TIME] = time_take,
    [CJT188_STATUS] = status_take,         [CJT188_STATUS_HEAT] = status_take,    [CJT188_CODE] = code_take,
    [CJT188_BYTES] = bytes_take,
};

static enum cjt188_status_map map_of(const struct cjt188_variant *variant, const struct cjt188_field *field)
{
    return (enum cjt188_status_map)(field->format == CJT188_STATUS_HEAT ? variant->heat_status_map
                                                                        : variant->status_map);
}

static unsigned bits_of(unsigned status, const struct cjt188_status_bits *bits)
{
    return status >> bits->shift & ((1u << bits->width) - 1);
}

/* The item of one place in the status word; its byte is ST1 or ST2. */
static int status_bits_decode(const struct walk *walk, const struct cjt188_field *field, struct span bytes,
                              const struct cjt188_status_bits *bits)
{
    struct item *item = item_open(walk, field, span_of_bytes(bytes.bytes + (bits->shift >= 8 ? 0 : 1), 1));

    if (item == NULL)
        return CODEC_ERR_FULL;
    item->quantity = bits->quantity;
    item->value = bits_of((unsigned)(bytes.bytes[0] << 8 | bytes.bytes[1]), bits);
    if (bits->is_flags) {
        item->kind = ITEM_KIND_FLAGS;
        item->digits = 2;
    }
    if (bits->quantity == ITEM_VALVE && item->value == CJT188_VALVE_IS_RESERVED)
        item->quality = ITEM_INVALID;
    return 0;
}

static int status_decode(const struct walk *walk, const struct cjt188_field *field, struct span bytes)
{
    const struct cjt188_status_bits *bits;
    enum cjt188_status_map map = map_of(walk->variant, field);

    for (size_t i = 0; (bits = cjt188_status_bits_at(map, i)) != NULL; i++)
        if (status_bits_decode(walk, field, bytes, bits) < 0)
            return CODEC_ERR_FULL;
    return 0;
}

static int field_walk(const struct walk *walk, const struct cjt188_field *field, struct span bytes)
{
    struct item *item = item_open(walk, field, bytes);

    if (item == NULL)
        return CODEC_ERR_FULL;
    takers[field->format](walk, item);
    if (field->format == CJT188_STATUS || field->format == CJT188_STATUS_HEAT)
        return status_decode(walk, field, bytes);
    return 0;
}

static struct walk walk_of(const struct cjt188_frame *frame, const struct cjt188_variant *variant,
                           struct item_list *list)
{
    struct walk walk = { cjt188_variant_given(variant), cjt188_type_find(frame->meter_type), frame->identifier,
                         frame->known != NULL ? frame->known->storage : 0, list };
    return walk;
}

struct span cjt188_field_span(const struct cjt188_field *field, struct span payload, size_t offset)
{
    return span_of_bytes(payload.bytes + offset, field->size > 0 ? field->size : payload.size - offset);
}

int cjt188_field_decode(const struct cjt188_frame *frame, const struct cjt188_variant *variant,
                        const struct cjt188_field *field, struct span bytes, struct item_list *list)
{
    struct walk walk = walk_of(frame, variant, list);
    return field_walk(&walk, field, bytes);
}

int cjt188_items_decode(const struct cjt188_frame *frame, const struct cjt188_variant *variant,
                        struct item_list *list)
{
    const struct cjt188_layout *layout = cjt188_layout_find(frame, variant);
    struct walk walk = walk_of(frame, variant, list);
    size_t offset = 0;

    for (size_t i = 0; i < layout->count; i++) {
        struct span bytes = cjt188_field_span(&layout->fields[i], frame->payload, offset);
        if (field_walk(&walk, &layout->fields[i], bytes) < 0)
            return CODEC_ERR_FULL;
        offset += bytes.size;
    }
    return 0;
}

/* Names of the bits that are set. */
static void flags_write(const struct cjt188_status_bits *bits, uint64_t value, bool is_chinese, struct writer *out)
{
    const char *separator = "";

    for (unsigned bit = 0; bit < bits->width; bit++) {
        if ((value >> bit & 1) == 0)
            continue;
        writer_text(out, separator);
        writer_text(out, bits->words[bit][is_chinese]);
        separator = is_chinese ? "，" : ", ";
    }
}

void cjt188_item_text_write(const struct item *item, bool is_chinese, struct writer *out)
{
    const struct cjt188_status_bits *bits = cjt188_status_bits_of(item->quantity);

    if (bits == NULL || item->value < 0 || item->value >> bits->width != 0)
        return;
    if (bits->is_flags)
        flags_write(bits, (uint64_t)item->value, is_chinese, out);
    else
        writer_text(out, bits->words[item->value][is_chinese]);
}
