#include "api/json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FIRST_CAPACITY 4096

struct json_writer json_writer_make(size_t limit)
{
    return (struct json_writer){ .limit = limit };
}

void json_writer_free(struct json_writer *writer)
{
    free(writer->bytes);
    *writer = json_writer_make(writer->limit);
}

void json_writer_reset(struct json_writer *writer)
{
    writer->size = 0;
    writer->failed = false;
    writer->comma = false;
}

static bool room_make(struct json_writer *writer, size_t size)
{
    size_t needed = writer->size + size;
    size_t capacity = writer->capacity == 0 ? FIRST_CAPACITY : writer->capacity;

    if (writer->failed || needed > writer->limit) {
        writer->failed = true;
        return false;
    }
    if (needed <= writer->capacity)
        return true;
    while (capacity < needed)
        capacity *= 2;
    char *bytes = realloc(writer->bytes, capacity);
    if (bytes == NULL) {
        writer->failed = true;
        return false;
    }
    writer->bytes = bytes;
    writer->capacity = capacity;
    return true;
}

void json_append(struct json_writer *writer, const void *bytes, size_t size)
{
    if (size == 0 || !room_make(writer, size))
        return;
    memcpy(writer->bytes + writer->size, bytes, size);
    writer->size += size;
}

void json_append_text(struct json_writer *writer, const char *text)
{
    json_append(writer, text, strlen(text));
}

static void value_begin(struct json_writer *writer)
{
    if (writer->comma)
        json_append(writer, ",", 1);
    writer->comma = true;
}

static void bracket_open(struct json_writer *writer, const char *bracket)
{
    value_begin(writer);
    json_append(writer, bracket, 1);
    writer->comma = false;
}

static void bracket_close(struct json_writer *writer, const char *bracket)
{
    json_append(writer, bracket, 1);
    writer->comma = true;
}

void json_object_begin(struct json_writer *writer)
{
    bracket_open(writer, "{");
}

void json_object_end(struct json_writer *writer)
{
    bracket_close(writer, "}");
}

void json_array_begin(struct json_writer *writer)
{
    bracket_open(writer, "[");
}

void json_array_end(struct json_writer *writer)
{
    bracket_close(writer, "]");
}

static void control_escape(struct json_writer *writer, uint8_t byte)
{
    char text[8];

    (void)snprintf(text, sizeof text, "\\u%04x", byte);
    json_append_text(writer, text);
}

static void quoted(struct json_writer *writer, struct span text)
{
    size_t begin = 0;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        json_append(writer, text.bytes + begin, i - begin);
        begin = i + 1;
        if (byte < 0x20) {
            control_escape(writer, byte);
        } else {
            json_append(writer, "\\", 1);
            json_append(writer, &byte, 1);
        }
    }
    if (text.size > begin)
        json_append(writer, text.bytes + begin, text.size - begin);
}

/* Strangers' bytes reach the screen through here: each byte that fits no character becomes one replacement mark. */
static void quoted_damaged(struct json_writer *writer, struct span text)
{
    while (text.size > 0) {
        size_t size = text.size < 4 ? text.size : 4;
        while (size > 0 && text_utf8_check((struct span){ text.bytes, size }) != 1)
            size--;
        if (size == 0) {
            json_append_text(writer, "\xef\xbf\xbd");
            size = 1;
        } else {
            quoted(writer, (struct span){ text.bytes, size });
        }
        text.bytes += size;
        text.size -= size;
    }
}

void json_put_text(struct json_writer *writer, struct span text)
{
    value_begin(writer);
    json_append(writer, "\"", 1);
    if (text_utf8_check(text) >= 0)
        quoted(writer, text);
    else
        quoted_damaged(writer, text);
    json_append(writer, "\"", 1);
}

void json_put_key(struct json_writer *writer, const char *key)
{
    json_put_text(writer, span_of_text(key));
    json_append(writer, ":", 1);
    writer->comma = false;
}

void json_put_integer(struct json_writer *writer, int64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRId64, value);
    json_put_raw(writer, span_of_text(text));
}

void json_put_boolean(struct json_writer *writer, bool value)
{
    json_put_raw(writer, span_of_text(value ? "true" : "false"));
}

void json_put_null(struct json_writer *writer)
{
    json_put_raw(writer, span_of_text("null"));
}

void json_put_raw(struct json_writer *writer, struct span json)
{
    value_begin(writer);
    json_append(writer, json.bytes, json.size);
}

void json_put_key_text(struct json_writer *writer, const char *key, const char *text)
{
    json_put_key(writer, key);
    json_put_text(writer, span_of_text(text));
}

void json_put_key_integer(struct json_writer *writer, const char *key, int64_t value)
{
    json_put_key(writer, key);
    json_put_integer(writer, value);
}

void json_put_key_known(struct json_writer *writer, const char *key, bool known, int64_t value)
{
    json_put_key(writer, key);
    if (known)
        json_put_integer(writer, value);
    else
        json_put_null(writer);
}

void json_put_key_boolean(struct json_writer *writer, const char *key, bool value)
{
    json_put_key(writer, key);
    json_put_boolean(writer, value);
}

struct span json_writer_span(const struct json_writer *writer)
{
    return (struct span){ (const uint8_t *)writer->bytes, writer->size };
}
