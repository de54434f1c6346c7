#include "codec/cjt188/cjt188_item.h"

#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_unit.h"
#include "codec/codec_error.h"

#define CENTURY 100
#define VALUE_SIZE 4 /* of a value that has a unit byte */

static const struct item_time no_time;

/* What a state and a set of faults in the status word have in common with other fields. */
static const struct cjt188_field state_field = { .item = { .kind = ITEM_KIND_NUMBER } };
static const struct cjt188_field flags_field = { .item = { .kind = ITEM_KIND_FLAGS, .digits = 2 } };

/* Two digits that are known to be digits. */
static unsigned bcd_pair(uint8_t byte)
{
    return byte - 6u * (byte >> 4);
}

/* One walk over a payload. */
struct walk {
    const struct cjt188_variant *variant;
    const struct cjt188_type *type;
    struct item_list *list;
    uint32_t storage; /* of the data identifier */
    uint16_t identifier;
};

static struct item *item_open(const struct walk *walk, const struct cjt188_field *field, const uint8_t *bytes,
                              size_t size)
{
    struct item_list *list = walk->list;

    if (list->count == list->capacity)
        return NULL;
    struct item *item = &list->items[list->count++];
    *item = field->item;
    item->storage += walk->storage;
    item->identifier = walk->identifier;
    item->bytes.bytes = bytes;
    item->bytes.size = size;
    if (field->role != CJT188_ROLE_PLAIN) {
        item->quantity = cjt188_field_quantity(field, walk->type);
        item->unit = cjt188_field_unit(field, walk->type);
    }
    return item;
}

/* Digits that were read, or why there are none. */
static void digits_take(struct item *item, int64_t value, const uint8_t *digits, size_t size)
{
    if (value >= 0)
        item->value = value;
    else
        item->quality = span_is_filled(span_of_bytes(digits, size), 0xff) ? ITEM_MISSING : ITEM_INVALID;
}

/* Four bytes whose unit byte says unit and scale; the scale of litres is the model's. */
static void value_take(const struct walk *walk, struct item *item, const uint8_t *digits, uint8_t code)
{
    item->unit = cjt188_units[code].unit;
    item->exponent = item->unit == ITEM_UNIT_LITRE ? walk->variant->litre_exponent : cjt188_unit_exponent(code);
    digits_take(item, bcd_read_4(digits), digits, VALUE_SIZE);
}

static void binary_take(struct item *item)
{
    for (size_t i = item->bytes.size; i-- > 0;)
        item->value = item->value << 8 | item->bytes.bytes[i];
}

/* ss mm hh DD MM, then the year's last two digits and its first two. */
static void time_take(struct item *item)
{
    const uint8_t *bytes = item->bytes.bytes;
    struct item_time *time = &item->time;
    int64_t clock_and_day = bcd_read_4(bytes), rest = bcd_read_3(bytes + 4);

    if (clock_and_day < 0 || rest <= 0) {
        item->quality =
            span_is_filled(item->bytes, 0x00) || span_is_filled(item->bytes, 0xff) ? ITEM_MISSING : ITEM_INVALID;
        return;
    }
    time->second = (uint8_t)bcd_pair(bytes[0]);
    time->minute = (uint8_t)bcd_pair(bytes[1]);
    time->hour = (uint8_t)bcd_pair(bytes[2]);
    time->day = (uint8_t)bcd_pair(bytes[3]);
    time->month = (uint8_t)bcd_pair(bytes[4]);
    time->year = (uint16_t)(bcd_pair(bytes[5]) + CENTURY * bcd_pair(bytes[6]));
    time->parts = ITEM_TIME_SECOND;
    if (item_time_check(time) < 0) {
        *time = no_time;
        item->quality = ITEM_INVALID;
    }
}

/* The item of one place in the status word; its byte is ST1 or ST2. */
static int status_bits_decode(const struct walk *walk, const uint8_t *bytes, const struct cjt188_status_bits *bits)
{
    unsigned status = (unsigned)(bytes[0] << 8 | bytes[1]);
    struct item *item =
        item_open(walk, bits->is_flags ? &flags_field : &state_field, bytes + (bits->shift >= 8 ? 0 : 1), 1);

    if (item == NULL)
        return CODEC_ERR_FULL;
    item->quantity = bits->quantity;
    item->value = status >> bits->shift & ((1u << bits->width) - 1);
    if (bits->quantity == ITEM_VALVE && item->value == CJT188_VALVE_IS_RESERVED)
        item->quality = ITEM_INVALID;
    return 0;
}

/* The status word itself, then what its bits say. */
static int status_take(const struct walk *walk, struct item *item, uint8_t map)
{
    const uint8_t *bytes = item->bytes.bytes;

    item->value = bytes[0] << 8 | bytes[1];
    for (const struct cjt188_status_bits *bits = cjt188_status_maps[map]; bits->width > 0; bits++)
        if (status_bits_decode(walk, bytes, bits) < 0)
            return CODEC_ERR_FULL;
    return 0;
}

static int field_take(const struct walk *walk, const struct cjt188_field *field, struct item *item)
{
    const uint8_t *bytes = item->bytes.bytes;
    size_t size = item->bytes.size;

    switch ((enum cjt188_format)field->format) {
    case CJT188_VALUE_UNIT:
        value_take(walk, item, bytes, bytes[VALUE_SIZE]);
        return 0;
    case CJT188_UNIT_VALUE:
        value_take(walk, item, bytes + 1, bytes[0]);
        return 0;
    case CJT188_NUMBER:
        digits_take(item, size == 3 ? bcd_read_3(bytes) : bcd_read(item->bytes), bytes, size);
        return 0;
    case CJT188_BINARY:
    case CJT188_CODE:
        binary_take(item);
        return 0;
    case CJT188_DIGITS:
        digits_take(item, bcd_read(item->bytes), bytes, size);
        return 0;
    case CJT188_TIME:
        time_take(item);
        return 0;
    case CJT188_STATUS:
        return status_take(walk, item, walk->variant->status_map);
    case CJT188_STATUS_HEAT:
        return status_take(walk, item, walk->variant->heat_status_map);
    case CJT188_BYTES:
        return 0;
    }
    return 0;
}

/* `count` fields one after the other; one of size 0 takes what is left. */
static int fields_walk(const struct walk *walk, const struct cjt188_field *fields, size_t count, struct span payload)
{
    const uint8_t *next = payload.bytes;
    size_t left = payload.size;

    for (const struct cjt188_field *field = fields; count > 0; count--, field++) {
        size_t size = field->size > 0 ? field->size : left;
        struct item *item = item_open(walk, field, next, size);
        if (item == NULL || field_take(walk, field, item) < 0)
            return CODEC_ERR_FULL;
        next += size;
        left -= size;
    }
    return 0;
}

static struct walk walk_of(const struct cjt188_frame *frame, const struct cjt188_variant *variant,
                           struct item_list *list)
{
    struct walk walk = { cjt188_variant_given(variant), frame->type, list,
                         frame->known != NULL ? frame->known->storage : 0, frame->identifier };
    return walk;
}

int cjt188_items_decode(const struct cjt188_frame *frame, const struct cjt188_variant *variant, struct item_list *list)
{
    const struct cjt188_layout *layout = cjt188_layout_find(frame, variant);
    struct walk walk = walk_of(frame, variant, list);
    return fields_walk(&walk, layout->fields, layout->count, frame->payload);
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
