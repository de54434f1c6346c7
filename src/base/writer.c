#include "base/writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

struct writer writer_of_buffer(void *buffer, size_t capacity)
{
    struct writer writer = { buffer, 0, capacity, false };
    return writer;
}

/* The place for the next `size` bytes, or NULL with `overflow` set. */
static uint8_t *room_take(struct writer *writer, size_t size)
{
    if (writer->overflow || size > writer->capacity - writer->size) {
        writer->overflow = true;
        return NULL;
    }
    uint8_t *place = writer->bytes + writer->size;
    writer->size += size;
    return place;
}

void writer_put_bytes(struct writer *writer, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    uint8_t *place = room_take(writer, size);
    if (place)
        memcpy(place, bytes, size);
}

void writer_put_span(struct writer *writer, struct span bytes)
{
    writer_put_bytes(writer, bytes.bytes, bytes.size);
}

void writer_put_unsigned_be(struct writer *writer, uint64_t value, size_t size)
{
    if (size > 8) {
        writer->overflow = true;
        return;
    }
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * (size - 1 - i));
    writer_put_bytes(writer, bytes, size);
}

void writer_put_u8(struct writer *writer, uint8_t value)
{
    writer_put_bytes(writer, &value, 1);
}

void writer_put_u16be(struct writer *writer, uint16_t value)
{
    writer_put_unsigned_be(writer, value, 2);
}

void writer_put_u32be(struct writer *writer, uint32_t value)
{
    writer_put_unsigned_be(writer, value, 4);
}

void writer_put_u64be(struct writer *writer, uint64_t value)
{
    writer_put_unsigned_be(writer, value, 8);
}

void writer_put_u16le(struct writer *writer, uint16_t value)
{
    writer_put_u16be(writer, (uint16_t)(value >> 8 | value << 8));
}

void writer_text(struct writer *writer, const char *text)
{
    writer_put_span(writer, span_of_text(text));
}

void writer_json_text(struct writer *writer, const char *text)
{
    writer_put_u8(writer, '"');
    while (*text != '\0') {
        size_t plain = 0;

        while ((unsigned char)text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\')
            plain++;
        writer_put_bytes(writer, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        if ((unsigned char)*text < ' ') {
            writer_format(writer, "\\u%04x", (unsigned)*text);
        } else {
            writer_put_u8(writer, '\\');
            writer_put_u8(writer, (uint8_t)*text);
        }
        text++;
    }
    writer_put_u8(writer, '"');
}

void writer_integer(struct writer *writer, int64_t value)
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char digits[20];
    size_t first = sizeof digits;

    do {
        digits[--first] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--first] = '-';
    writer_put_bytes(writer, digits + first, sizeof digits - first);
}

void writer_format(struct writer *writer, const char *format, ...)
{
    if (writer->overflow)
        return;
    size_t free_size = writer->capacity - writer->size;
    if (free_size == 0) {
        writer->overflow = true;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf((char *)writer->bytes + writer->size, free_size, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= free_size)
        writer->overflow = true;
    else
        writer->size += (size_t)length;
}

struct span writer_span(const struct writer *writer)
{
    return span_of_bytes(writer->bytes, writer->size);
}

int writer_result(const struct writer *writer)
{
    if (writer->overflow || writer->size > INT32_MAX)
        return BASE_ERR_FULL;
    return (int)writer->size;
}

const char *writer_terminate(struct writer *writer)
{
    if (writer->capacity == 0)
        return "";
    size_t end = writer->size < writer->capacity ? writer->size : writer->capacity - 1;
    writer->bytes[end] = 0;
    return (const char *)writer->bytes;
}
