#include "rating/exact_json.h"

#include "base/decimal.h"
#include "base/error.h"
#include "base/writer.h"

#include <stdlib.h>

static bool number_byte(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || byte == '-' || byte == '+' || byte == '.' || byte == 'e' || byte == 'E';
}

/* Bytes of the JSON string that starts at `start`, both quotes included; up to the end when it is not closed. */
static size_t string_size(struct span text, size_t start)
{
    size_t at = start + 1;

    while (at < text.size && text.bytes[at] != '"')
        at += text.bytes[at] == '\\' ? 2 : 1;
    return (at < text.size ? at + 1 : text.size) - start;
}

static size_t number_size(struct span text, size_t start, bool *whole)
{
    size_t at = start;

    *whole = true;
    for (; at < text.size && number_byte(text.bytes[at]); at++) {
        if (text.bytes[at] == '.' || text.bytes[at] == 'e' || text.bytes[at] == 'E')
            *whole = false;
    }
    return at - start;
}

static void decimals_quote(struct span text, struct writer *writer)
{
    size_t at = 0;

    while (at < text.size) {
        uint8_t byte = text.bytes[at];
        size_t size = 1;
        bool whole = true;

        if (byte == '"')
            size = string_size(text, at);
        else if ((byte >= '0' && byte <= '9') || byte == '-')
            size = number_size(text, at, &whole);
        if (!whole)
            writer_put_u8(writer, '"');
        writer_put_bytes(writer, text.bytes + at, size);
        if (!whole)
            writer_put_u8(writer, '"');
        at += size;
    }
}

json_t *exact_json_load(struct span text, json_error_t *error)
{
    size_t capacity = text.size * 3 + 1; /* "1." becomes "\"1.\"" at worst: never three times as long */
    void *buffer = malloc(capacity);
    struct writer writer;
    json_t *value;

    if (buffer == NULL)
        return NULL;
    writer = writer_of_buffer(buffer, capacity);
    decimals_quote(text, &writer);
    value = json_loadb((const char *)writer.bytes, writer.size, JSON_REJECT_DUPLICATES, error);
    free(buffer);
    return value;
}

int exact_json_decimal(const json_t *value, int scale, int64_t *out)
{
    char text[DECIMAL_TEXT_LIMIT];

    if (json_is_string(value))
        return decimal_parse(span_of_text(json_string_value(value)), scale, out);
    if (!json_is_integer(value))
        return BASE_ERR_SYNTAX;
    if (decimal_format(json_integer_value(value), 0, false, text, sizeof text) < 0)
        return BASE_ERR_RANGE;
    return decimal_parse(span_of_text(text), scale, out);
}
