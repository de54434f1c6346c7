/* Names and values: forms that come in, and the sorted text that Alipay and UnionPay sign. */
#include "payment/payment_internal.h"

#include <stdlib.h>
#include <string.h>

struct payment_fields payment_fields_of_buffer(char *buffer, size_t capacity)
{
    struct payment_fields fields;

    memset(&fields, 0, sizeof fields);
    fields.store = writer_of_buffer(buffer, capacity);
    return fields;
}

static const char *text_keep(struct writer *store, struct span text)
{
    const char *kept = (const char *)store->bytes + store->size;

    writer_put_span(store, text);
    writer_put_u8(store, 0);
    return kept;
}

void payment_fields_add(struct payment_fields *fields, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    if (fields->count == PAYMENT_FIELD_LIMIT) {
        fields->store.overflow = true;
        return;
    }
    fields->rows[fields->count].name = text_keep(&fields->store, span_of_text(name));
    fields->rows[fields->count].value = text_keep(&fields->store, span_of_text(value));
    if (!fields->store.overflow)
        fields->count++;
}

void payment_fields_add_integer(struct payment_fields *fields, const char *name, int64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    payment_fields_add(fields, name, text);
}

bool payment_fields_whole(const struct payment_fields *fields)
{
    return !fields->store.overflow;
}

const char *payment_fields_value(const struct payment_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->rows[i].name, name) == 0)
            return fields->rows[i].value;
    return "";
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* A decoded zero byte is refused: it would end the text early. */
static const char *text_decode(struct writer *store, struct span text)
{
    const char *kept = (const char *)store->bytes + store->size;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.bytes[i];
        if (byte == '+')
            byte = ' ';
        if (byte == '%') {
            int high = i + 2 < text.size ? hex_digit(text.bytes[i + 1]) : -1;
            int low = i + 2 < text.size ? hex_digit(text.bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            byte = (uint8_t)(high * 16 + low);
            i += 2;
        }
        if (byte == 0)
            return NULL;
        writer_put_u8(store, byte);
    }
    writer_put_u8(store, 0);
    return store->overflow ? NULL : kept;
}

static int pair_parse(struct span pair, struct payment_fields *fields)
{
    ptrdiff_t equals = span_find_byte(pair, '=');
    const char *name;
    const char *value;

    if (pair.size == 0)
        return 0;
    if (equals <= 0 || fields->count == PAYMENT_FIELD_LIMIT)
        return PAYMENT_ERR_FORM;
    name = text_decode(&fields->store, span_of_bytes(pair.bytes, (size_t)equals));
    value = text_decode(&fields->store, span_of_bytes(pair.bytes + equals + 1, pair.size - (size_t)equals - 1));
    if (name == NULL || value == NULL)
        return PAYMENT_ERR_FORM;
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->rows[i].name, name) == 0)
            return PAYMENT_ERR_FORM;
    fields->rows[fields->count].name = name;
    fields->rows[fields->count].value = value;
    fields->count++;
    return 0;
}

int payment_fields_parse(struct span form, struct payment_fields *fields)
{
    int error = 0;

    while (form.size > 0 && error == 0) {
        ptrdiff_t end = span_find_byte(form, '&');
        size_t size = end < 0 ? form.size : (size_t)end;

        error = pair_parse(span_of_bytes(form.bytes, size), fields);
        size += end < 0 ? 0 : 1;
        form = span_of_bytes(form.bytes + size, form.size - size);
    }
    return error;
}

void payment_fields_sort(struct payment_fields *fields)
{
    for (size_t i = 1; i < fields->count; i++) {
        const char *name = fields->rows[i].name;
        const char *value = fields->rows[i].value;
        size_t place = i;

        for (; place > 0 && strcmp(fields->rows[place - 1].name, name) > 0; place--)
            fields->rows[place] = fields->rows[place - 1];
        fields->rows[place].name = name;
        fields->rows[place].value = value;
    }
}

static bool is_left_out(const char *name, const char *const without[])
{
    for (; *without != NULL; without++)
        if (strcmp(name, *without) == 0)
            return true;
    return false;
}

void payment_fields_join(const struct payment_fields *fields, const char *const without[], struct writer *out)
{
    bool first = true;

    for (size_t i = 0; i < fields->count; i++) {
        if (fields->rows[i].value[0] == '\0' || is_left_out(fields->rows[i].name, without))
            continue;
        writer_text(out, first ? "" : "&");
        writer_text(out, fields->rows[i].name);
        writer_text(out, "=");
        writer_text(out, fields->rows[i].value);
        first = false;
    }
}

void payment_url_encode(struct span text, struct writer *out)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] != 0 && strchr(plain, text.bytes[i]) != NULL)
            writer_put_u8(out, text.bytes[i]);
        else
            writer_format(out, "%%%02X", (unsigned)text.bytes[i]);
    }
}

void payment_fields_encode(const struct payment_fields *fields, struct writer *out)
{
    for (size_t i = 0; i < fields->count; i++) {
        writer_text(out, i == 0 ? "" : "&");
        payment_url_encode(span_of_text(fields->rows[i].name), out);
        writer_text(out, "=");
        payment_url_encode(span_of_text(fields->rows[i].value), out);
    }
}
