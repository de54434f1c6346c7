#include "codec/layout/layout.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/layout/layout_internal.h"

bool layout_form_varies(unsigned form)
{
    return form == LAYOUT_OCTETS || form == LAYOUT_TEXT || form == LAYOUT_LIST || form == LAYOUT_ITEMS ||
           form == LAYOUT_CHOICE;
}

static size_t field_size(const struct layout_field *field)
{
    return field->form == LAYOUT_RECORD ? layout_size(field->element) : field->size;
}

size_t layout_size(const struct layout *layout)
{
    size_t size = 0;

    for (size_t i = 0; i < layout->count; i++) {
        if (layout_form_varies(layout->fields[i].form) || layout->fields[i].role == LAYOUT_OPTIONAL)
            return 0;
        size += field_size(&layout->fields[i]);
    }
    return size;
}

/* What "everything that is left" leaves to the fields behind it. */
static size_t size_behind(const struct layout *layout, size_t index)
{
    size_t size = 0;

    for (size_t i = index + 1; i < layout->count; i++)
        size += layout_form_varies(layout->fields[i].form) ? 0 : field_size(&layout->fields[i]);
    return size;
}

uint8_t layout_set_find(const struct layout_set *set, uint64_t code)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->rows[i].code == code && code != LAYOUT_NO_CODE)
            return (uint8_t)i;
    return LAYOUT_UNKNOWN;
}

uint64_t layout_word_mask(const struct layout_word *word)
{
    return word->code < 64 ? UINT64_C(1) << word->code : 0;
}

const struct layout *layout_subject_of(const struct layout_set *set, size_t row)
{
    return row < set->count ? set->rows[row].about : NULL;
}

uint64_t layout_unsigned_of(struct span bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes.size; i++)
        value = value << 8 | bytes.bytes[i];
    return value;
}

int64_t layout_signed_of(struct span bytes)
{
    uint64_t value = layout_unsigned_of(bytes);
    uint64_t sign = UINT64_C(1) << (8 * bytes.size - 1);

    return bytes.size < 8 ? (int64_t)(value ^ sign) - (int64_t)sign : (int64_t)value;
}

static int counted_take(const struct layout_field *field, const struct layout *element, struct reader *reader,
                        struct span *content)
{
    uint64_t count = 0;
    size_t unit = field->form == LAYOUT_LIST ? layout_size(element) : 1;

    if (unit == 0)
        return CODEC_ERR_FORMAT;
    if (reader_take_unsigned_be(reader, field->size, &count) < 0 || count > reader_remaining(reader) / unit)
        return CODEC_ERR_SHORT;
    return reader_take_span(reader, (size_t)count * unit, content) < 0 ? CODEC_ERR_SHORT : 0;
}

static int rest_take(const struct layout *layout, size_t index, struct reader *reader, struct span *content)
{
    size_t left = reader_remaining(reader);
    size_t behind = size_behind(layout, index);

    if (left < behind)
        return CODEC_ERR_SHORT;
    return reader_take_span(reader, left - behind, content) < 0 ? CODEC_ERR_SHORT : 0;
}

static int content_take(const struct layout *layout, size_t index, const struct layout *element, struct reader *reader,
                        struct span *content)
{
    const struct layout_field *field = &layout->fields[index];

    if (field->form == LAYOUT_LIST && element == NULL)
        return CODEC_ERR_FORMAT;
    if (layout_form_varies(field->form))
        return field->size > 0 ? counted_take(field, element, reader, content)
                               : rest_take(layout, index, reader, content);
    return reader_take_span(reader, field_size(field), content) < 0 ? CODEC_ERR_SHORT : 0;
}

int layout_field_take(const struct layout *layout, size_t index, const struct layout *subject, struct reader *reader,
                      struct layout_extent *out)
{
    const struct layout_field *field = &layout->fields[index];
    struct reader ahead = *reader;

    out->element = field->element != NULL ? field->element : subject;
    int result = content_take(layout, index, out->element, &ahead, &out->content);
    if (result < 0)
        return result;
    if (field->form == LAYOUT_LIST) {
        size_t unit = layout_size(out->element);
        if (unit == 0 || out->content.size % unit != 0)
            return CODEC_ERR_FORMAT;
    }
    out->whole = span_of_bytes(reader->in.bytes + reader->offset, ahead.offset - reader->offset);
    *reader = ahead;
    return 0;
}

static void number_store(void *out, const struct layout_field *field, uint64_t value)
{
    uint8_t *place = (uint8_t *)out + field->member;
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;

    if (field->member_size == sizeof u8)
        memcpy(place, &u8, sizeof u8);
    else if (field->member_size == sizeof u16)
        memcpy(place, &u16, sizeof u16);
    else if (field->member_size == sizeof u32)
        memcpy(place, &u32, sizeof u32);
    else
        memcpy(place, &value, sizeof value);
}

static uint64_t flags_decode(const struct layout_set *set, uint64_t wire)
{
    uint64_t flags = 0;

    for (size_t i = 0; i < set->count; i++)
        if ((wire & layout_word_mask(&set->rows[i])) != 0)
            flags |= UINT64_C(1) << i;
    return flags;
}

static void fixed_bytes_store(void *out, const struct layout_field *field, struct span content)
{
    uint8_t *place = (uint8_t *)out + field->member;
    size_t size = content.size < field->member_size ? content.size : field->member_size;

    memset(place, 0, field->member_size);
    memcpy(place, content.bytes, size);
}

static int choice_decode(const struct layout *subject, const struct layout_set *sets, struct reader *reader, void *out)
{
    if (subject == NULL)
        return CODEC_ERR_UNKNOWN;
    int result = layout_decode(subject, sets, reader, out);
    if (result < 0)
        return result;
    return reader_remaining(reader) > 0 ? CODEC_ERR_TRAILING : 0;
}

static int field_store(const struct layout_field *field, const struct layout_set *sets, const struct layout *subject,
                       struct span content, void *out)
{
    struct reader inner = reader_of_span(content);

    switch ((enum layout_form)field->form) {
    case LAYOUT_UNSIGNED:
    case LAYOUT_TIME:
        number_store(out, field, layout_unsigned_of(content));
        return 0;
    case LAYOUT_SIGNED:
        number_store(out, field, (uint64_t)layout_signed_of(content));
        return 0;
    case LAYOUT_CODE:
        number_store(out, field, layout_set_find(&sets[field->set], layout_unsigned_of(content)));
        return 0;
    case LAYOUT_FLAGS:
        number_store(out, field, flags_decode(&sets[field->set], layout_unsigned_of(content)));
        return 0;
    case LAYOUT_DIGITS:
    case LAYOUT_BYTES:
        fixed_bytes_store(out, field, content);
        return 0;
    case LAYOUT_RECORD:
        return layout_decode(field->element, sets, &inner, (uint8_t *)out + field->member);
    case LAYOUT_CHOICE:
        return choice_decode(subject, sets, &inner, out);
    case LAYOUT_OCTETS:
    case LAYOUT_TEXT:
    case LAYOUT_LIST:
    case LAYOUT_ITEMS:
        memcpy((uint8_t *)out + field->member, &content, sizeof content);
        return 0;
    }
    return CODEC_ERR_UNSUPPORTED;
}

int layout_decode(const struct layout *layout, const struct layout_set *sets, struct reader *reader, void *out)
{
    const struct layout *subject = NULL;
    struct layout_extent extent;

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_field *field = &layout->fields[i];
        if (field->role == LAYOUT_OPTIONAL && reader_remaining(reader) == 0)
            return 0;
        int result = layout_field_take(layout, i, subject, reader, &extent);
        if (result == 0)
            result = field_store(field, sets, subject, extent.content, out);
        if (result < 0)
            return result;
        if (field->role == LAYOUT_SUBJECT) {
            const struct layout_set *set = &sets[field->set];
            subject = layout_subject_of(set, layout_set_find(set, layout_unsigned_of(extent.content)));
        }
    }
    return 0;
}

int layout_item_split(struct reader *reader, uint8_t *tag, struct span *value)
{
    uint8_t code = 0, length = 0;
    struct span bytes;

    if (reader_take_u8(reader, &code) < 0 || reader_take_u8(reader, &length) < 0 ||
        reader_take_span(reader, length, &bytes) < 0)
        return CODEC_ERR_SHORT;
    *tag = code;
    *value = bytes;
    return 0;
}
