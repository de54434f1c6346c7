#include <string.h>

#include "codec/codec_error.h"
#include "codec/layout/layout_internal.h"

/* The member as a number; negative ones as their two's complement. */
static uint64_t number_load(const struct layout_field *field, const void *in)
{
    const uint8_t *place = (const uint8_t *)in + field->member;
    bool is_signed = field->form == LAYOUT_SIGNED;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;

    switch (field->member_size) {
    case sizeof u8:
        memcpy(&u8, place, sizeof u8);
        return is_signed ? (uint64_t)(int64_t)(int8_t)u8 : u8;
    case sizeof u16:
        memcpy(&u16, place, sizeof u16);
        return is_signed ? (uint64_t)(int64_t)(int16_t)u16 : u16;
    case sizeof u32:
        memcpy(&u32, place, sizeof u32);
        return is_signed ? (uint64_t)(int64_t)(int32_t)u32 : u32;
    default:
        memcpy(&u64, place, sizeof u64);
        return u64;
    }
}

static bool unsigned_fits(uint64_t value, size_t size)
{
    return size >= 8 || value >> 8 * size == 0;
}

static bool signed_fits(int64_t value, size_t size)
{
    int64_t limit = size >= 8 ? INT64_MAX : (INT64_C(1) << (8 * size - 1)) - 1;
    return value <= limit && value >= -limit - 1;
}

/* "No value" is inside any bounds. */
static bool is_inside_bounds(const struct layout_field *field, int64_t value)
{
    if ((field->low == 0 && field->high == 0) || (field->has_missing && value == field->missing))
        return true;
    return value >= field->low && value <= field->high;
}

static int number_encode(const struct layout_field *field, uint64_t value, struct writer *out)
{
    bool fits =
        field->form == LAYOUT_SIGNED ? signed_fits((int64_t)value, field->size) : unsigned_fits(value, field->size);

    if (!fits || !is_inside_bounds(field, (int64_t)value))
        return CODEC_ERR_RANGE;
    writer_put_unsigned_be(out, value, field->size);
    return 0;
}

static int code_encode(const struct layout_field *field, const struct layout_set *set, uint64_t row, struct writer *out)
{
    if (row >= set->count || set->rows[row].code == LAYOUT_NO_CODE)
        return CODEC_ERR_UNKNOWN;
    return number_encode(field, set->rows[row].code, out);
}

static int flags_encode(const struct layout_field *field, const struct layout_set *set, uint64_t flags,
                        struct writer *out)
{
    uint64_t wire = 0;

    if (set->count < 64 && flags >> set->count != 0)
        return CODEC_ERR_UNKNOWN;
    for (size_t i = 0; i < set->count; i++) {
        uint64_t mask = (flags >> i & 1) != 0 ? layout_word_mask(&set->rows[i]) : 0;
        if ((flags >> i & 1) != 0 && mask == 0)
            return CODEC_ERR_UNKNOWN;
        wire |= mask;
    }
    return number_encode(field, wire, out);
}

static int fixed_bytes_encode(const struct layout_field *field, const void *in, struct writer *out)
{
    const uint8_t *place = (const uint8_t *)in + field->member;

    if (field->size > field->member_size)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; field->form == LAYOUT_DIGITS && i < field->size; i++)
        if (place[i] >> 4 > 9 || (place[i] & 15) > 9)
            return CODEC_ERR_RANGE;
    writer_put_bytes(out, place, field->size);
    return 0;
}

static int varying_encode(const struct layout_field *field, const struct layout *subject, const void *in,
                          struct writer *out)
{
    const struct layout *element = field->element != NULL ? field->element : subject;
    struct span content;
    size_t unit = 1;

    memcpy(&content, (const uint8_t *)in + field->member, sizeof content);
    if (field->form == LAYOUT_LIST) {
        unit = element == NULL ? 0 : layout_size(element);
        if (unit == 0 || content.size % unit != 0)
            return CODEC_ERR_RANGE;
    }
    if (field->size > 0 && !unsigned_fits(content.size / unit, field->size))
        return CODEC_ERR_RANGE;
    writer_put_unsigned_be(out, content.size / unit, field->size);
    writer_put_span(out, content);
    return 0;
}

static int field_encode(const struct layout_field *field, const struct layout_set *sets, const struct layout *subject,
                        const void *in, struct writer *out)
{
    switch ((enum layout_form)field->form) {
    case LAYOUT_UNSIGNED:
    case LAYOUT_SIGNED:
    case LAYOUT_TIME:
        return number_encode(field, number_load(field, in), out);
    case LAYOUT_CODE:
        return code_encode(field, &sets[field->set], number_load(field, in), out);
    case LAYOUT_FLAGS:
        return flags_encode(field, &sets[field->set], number_load(field, in), out);
    case LAYOUT_DIGITS:
    case LAYOUT_BYTES:
        return fixed_bytes_encode(field, in, out);
    case LAYOUT_RECORD:
        return layout_encode(field->element, sets, (const uint8_t *)in + field->member, out);
    case LAYOUT_CHOICE:
        return subject == NULL ? CODEC_ERR_UNKNOWN : layout_encode(subject, sets, in, out);
    case LAYOUT_OCTETS:
    case LAYOUT_TEXT:
    case LAYOUT_LIST:
    case LAYOUT_ITEMS:
        return varying_encode(field, subject, in, out);
    }
    return CODEC_ERR_UNSUPPORTED;
}

int layout_encode(const struct layout *layout, const struct layout_set *sets, const void *in, struct writer *out)
{
    const struct layout *subject = NULL;

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_field *field = &layout->fields[i];
        int result = field_encode(field, sets, subject, in, out);
        if (result < 0)
            return result;
        if (field->role == LAYOUT_SUBJECT)
            subject = layout_subject_of(&sets[field->set], (size_t)number_load(field, in));
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}

int layout_item_encode(const struct layout_word *word, const struct layout_set *sets, const void *in,
                       struct writer *out)
{
    size_t head = out->size;

    if (word->about == NULL || word->code > UINT8_MAX)
        return CODEC_ERR_UNKNOWN;
    writer_put_u8(out, (uint8_t)word->code);
    writer_put_u8(out, 0);
    int result = layout_encode(word->about, sets, in, out);
    if (result < 0)
        return result;
    size_t size = out->size - head - 2;
    if (size > UINT8_MAX)
        return CODEC_ERR_RANGE;
    out->bytes[head + 1] = (uint8_t)size;
    return 0;
}
