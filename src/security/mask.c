#include "security/mask.h"

#include "base/error.h"
#include "base/text.h"
#include "base/writer.h"

/* Offset of the code point after the one at `offset`. */
static size_t next_point(struct span text, size_t offset)
{
    offset++;
    while (offset < text.size && (text.bytes[offset] & 0xC0) == 0x80)
        offset++;
    return offset;
}

static size_t last_point(struct span text)
{
    size_t offset = text.size - 1;

    while (offset > 0 && (text.bytes[offset] & 0xC0) == 0x80)
        offset--;
    return offset;
}

static int finish(struct writer *writer)
{
    int size = (int)writer->size;

    writer_put_u8(writer, 0);
    return writer->overflow ? BASE_ERR_FULL : size;
}

int mask_name(struct span name, char *masked, size_t capacity)
{
    struct writer writer = writer_of_buffer(masked, capacity);
    int points = text_utf8_check(name);

    if (points < 0)
        return BASE_ERR_UTF8;
    if (points == 0)
        return finish(&writer);
    writer_put_bytes(&writer, name.bytes, next_point(name, 0));
    int hidden = points <= 2 ? points - 1 : points - 2;
    for (int i = 0; i < hidden && i < 3; i++)
        writer_put_u8(&writer, '*');
    if (points > 2) {
        size_t last = last_point(name);
        writer_put_bytes(&writer, name.bytes + last, name.size - last);
    }
    return finish(&writer);
}

static void phone_mask(struct span phone, struct writer *writer)
{
    size_t head = phone.size < 8 ? 0 : 3;
    size_t tail = phone.size < 8 ? 2 : 4;

    if (phone.size == 0)
        return;
    if (phone.size < 5)
        tail = 0;
    writer_put_bytes(writer, phone.bytes, head);
    writer_text(writer, "****");
    writer_put_bytes(writer, phone.bytes + phone.size - tail, tail);
}

int mask_phones(struct span phones, char *masked, size_t capacity)
{
    struct writer writer = writer_of_buffer(masked, capacity);
    size_t begin = 0;

    for (size_t i = 0; i <= phones.size; i++) {
        if (i < phones.size && phones.bytes[i] != ',')
            continue;
        if (begin > 0)
            writer_put_u8(&writer, ',');
        phone_mask(text_trim((struct span){ phones.bytes + begin, i - begin }), &writer);
        begin = i + 1;
    }
    return finish(&writer);
}
