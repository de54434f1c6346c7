/* A webhook of our own making: one POST a message, signed, with a number that stays the same over all attempts.
 *
 *   X-Meterworks-Id: M1768435200-17
 *   X-Meterworks-Timestamp: 1768435200
 *   X-Meterworks-Signature: sha256=<hex of HMAC-SHA256(secret, timestamp "." id "." body)> */
#include <stdio.h>

#include "notify/http_text.h"
#include "notify/notify_error.h"

static json_t *body_make(const struct message *message, const char *number)
{
    json_error_t error;
    json_t *words = json_loads(message->words, 0, &error);

    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:o}", "id", number, "kind", message->kind, "notice_id",
                     (json_int_t)message->notice_id, "account_id", (json_int_t)message->account_id, "created_s",
                     (json_int_t)message->created_s, "language", message->language == NOTICE_CHINESE ? "zh" : "en",
                     "text", message->text, "values", words != NULL ? words : json_object());
}

int webhook_signature_write(const struct provider_moment *moment, struct span secret, const char *number,
                            struct span body, char out[WEBHOOK_SIGNATURE_SIZE])
{
    char signed_text[HTTP_BODY_SIZE + 128];
    uint8_t code[DIGEST_SHA256_SIZE];
    struct writer text = writer_of_buffer(signed_text, sizeof signed_text);
    struct writer writer = writer_of_buffer(out, WEBHOOK_SIGNATURE_SIZE);
    int result;

    writer_format(&text, "%lld.%s.", (long long)moment->wall_s, number);
    writer_put_span(&text, body);
    if (writer_result(&text) < 0)
        return NOTIFY_ERR_LONG;
    result = moment->digest->hmac_sha256(secret, writer_span(&text), code);
    if (result < 0)
        return result;
    writer_text(&writer, "sha256=");
    hex_put(&writer, span_of_bytes(code, sizeof code));
    (void)writer_terminate(&writer);
    return 0;
}

static int signature_add(const struct provider *provider, const struct provider_moment *moment, const char *number,
                         struct http_request *out)
{
    struct span body = span_of_bytes((const uint8_t *)out->body, out->body_size);
    char signature[WEBHOOK_SIGNATURE_SIZE];
    int result = webhook_signature_write(moment, span_of_text(provider->secret), number, body, signature);

    if (result == 0)
        result = http_header_add(out, "X-Meterworks-Id: %s", number);
    if (result == 0)
        result = http_header_add(out, "X-Meterworks-Timestamp: %lld", (long long)moment->wall_s);
    if (result == 0)
        result = http_header_add(out, "X-Meterworks-Signature: %s", signature);
    return result;
}

static int encode(const struct provider *provider, const struct message *message, const struct provider_moment *moment,
                  struct http_request *out)
{
    char number[MESSAGE_NUMBER_SIZE];
    int result;

    message_number_write(message, number);
    out->method = "POST";
    out->header_count = 0;
    result = http_url_set(out, provider->url, "");
    if (result == 0)
        result = http_body_json(out, body_make(message, number));
    if (result == 0)
        result = http_header_add(out, "Content-Type: application/json; charset=utf-8");
    return result == 0 ? signature_add(provider, moment, number, out) : result;
}

static enum provider_answer decode(const struct provider *provider, int status, struct span body,
                                   struct message_result *out)
{
    (void)body;
    *out = (struct message_result){ .outcome = MESSAGE_OUT_DELIVERED, .cost_e4 = provider->cost_e4, .parts = 1 };
    if (status >= 200 && status < 300)
        return PROVIDER_ANSWERED;
    out->cost_e4 = 0;
    status_verdict_give(status, out);
    if (status >= 300 && status < 500 && status != 408 && status != 425 && status != 429)
        out->outcome = MESSAGE_OUT_REFUSED;
    return PROVIDER_ANSWERED;
}

const struct http_adapter webhook_adapter = { .encode = encode, .decode = decode };
