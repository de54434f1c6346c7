#include "notify/http_text.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "notify/notify_error.h"

static bool is_unreserved(uint8_t character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '_' || character == '.' ||
           character == '~';
}

void percent_put(struct writer *writer, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (is_unreserved(text.bytes[i]))
            writer_put_u8(writer, text.bytes[i]);
        else
            writer_format(writer, "%%%02X", text.bytes[i]);
    }
}

void base64_put(struct writer *writer, struct span bytes)
{
    static const char *const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        uint32_t group = (uint32_t)bytes.bytes[i] << 16;

        if (left > 1)
            group |= (uint32_t)bytes.bytes[i + 1] << 8;
        if (left > 2)
            group |= bytes.bytes[i + 2];
        writer_put_u8(writer, (uint8_t)digits[group >> 18]);
        writer_put_u8(writer, (uint8_t)digits[group >> 12 & 63]);
        writer_put_u8(writer, (uint8_t)(left > 1 ? digits[group >> 6 & 63] : '='));
        writer_put_u8(writer, (uint8_t)(left > 2 ? digits[group & 63] : '='));
    }
}

void hex_put(struct writer *writer, struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        writer_format(writer, "%02x", bytes.bytes[i]);
}

int http_header_add(struct http_request *request, const char *format, ...)
{
    va_list arguments;
    int size;

    if (request->header_count == HTTP_HEADER_LIMIT)
        return NOTIFY_ERR_LONG;
    va_start(arguments, format);
    size = vsnprintf(request->headers[request->header_count], HTTP_HEADER_SIZE, format, arguments);
    va_end(arguments);
    if (size < 0 || size >= HTTP_HEADER_SIZE)
        return NOTIFY_ERR_LONG;
    request->header_count++;
    return 0;
}

int http_body_json(struct http_request *request, json_t *body)
{
    size_t size = body != NULL ? json_dumpb(body, request->body, sizeof request->body, JSON_COMPACT) : 0;

    json_decref(body);
    if (size == 0 || size > sizeof request->body)
        return NOTIFY_ERR_LONG;
    request->body_size = size;
    return 0;
}

int http_url_set(struct http_request *request, const char *url, const char *path)
{
    struct writer writer = writer_of_buffer(request->url, sizeof request->url - 1);
    size_t size = strlen(url);

    if (size > 0 && url[size - 1] == '/' && path[0] == '/')
        size--;
    writer_put_bytes(&writer, url, size);
    writer_text(&writer, path);
    if (writer_result(&writer) < 0)
        return NOTIFY_ERR_LONG;
    request->url[writer.size] = '\0';
    return 0;
}

struct span http_host(const char *url)
{
    const char *start = strstr(url, "://");

    start = start != NULL ? start + 3 : url;
    return span_of_bytes(start, strcspn(start, "/?#"));
}

/* At most `limit` code points. */
static struct span text_shortened(const char *text, size_t limit)
{
    struct span span = span_of_text(text);
    size_t count = 0;

    for (size_t i = 0; i < span.size; i++) {
        if ((span.bytes[i] & 0xc0) != 0x80 && count++ == limit)
            return span_of_bytes(text, i);
    }
    return span;
}

json_t *template_words(const struct provider_template *template, const struct message *message,
                       size_t (*limit)(const char *name))
{
    json_t *object = json_object();

    for (uint32_t i = 0; object != NULL && i < template->parameter_count; i++) {
        const struct provider_parameter *parameter = &template->parameters[i];
        char value[NOTICE_TEXT_SIZE];
        struct span text;

        if (provider_word_read(message, parameter->word, value, sizeof value) < 0) {
            json_decref(object);
            return NULL;
        }
        text = limit != NULL ? text_shortened(value, limit(parameter->name)) : span_of_text(value);
        json_object_set_new(object, parameter->name, json_stringn((const char *)text.bytes, text.size));
    }
    return object;
}

static void reason_write(struct message_result *out, const char *code, const char *message)
{
    struct writer writer = writer_of_buffer(out->reason, sizeof out->reason - 1);
    struct span text = span_of_text(message);

    writer_text(&writer, code);
    if (message[0] != '\0')
        writer_text(&writer, ": ");
    if (text_utf8_check(text) >= 0 && sizeof out->reason > writer.size + 1) {
        text.size = text_utf8_cut(text, sizeof out->reason - 1 - writer.size);
        writer_put_span(&writer, text);
    }
    out->reason[writer.size] = '\0';
}

void verdict_give(const struct provider_verdict table[], const char *code, const char *message,
                  struct message_result *out)
{
    const struct provider_verdict *row = table;

    while (strncmp(code, row->prefix, strlen(row->prefix)) != 0)
        row++;
    out->outcome = row->outcome;
    out->retry_after_s = row->retry_after_s;
    reason_write(out, code, message);
}

void status_verdict_give(int status, struct message_result *out)
{
    out->outcome = status == 429 ? MESSAGE_OUT_THROTTLED : MESSAGE_OUT_RETRY;
    (void)snprintf(out->reason, sizeof out->reason, "http %d", status);
}

const char *json_member_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}
