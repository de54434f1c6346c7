/* Tencent Cloud SMS, version 2021-01-11, action SendSms, signed as TC3-HMAC-SHA256. A message whose answer was lost may go
 * out twice: the interface has no number of ours to recognise it by. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "notify/http_text.h"
#include "notify/notify_error.h"

#define API_VERSION "2021-01-11"
#define CONTENT_TYPE "application/json; charset=utf-8"
#define PHONE_SIZE (MESSAGE_RECIPIENT_SIZE + 4)
#define HEX_SIZE (2 * DIGEST_SHA256_SIZE + 2)

/* "13800000000" of China needs its country; others come with '+'. */
static void phone_write(const char *recipient, char out[PHONE_SIZE])
{
    (void)snprintf(out, PHONE_SIZE, "%s%s", recipient[0] == '+' ? "" : "+86", recipient);
}

static json_t *body_make(const struct provider *provider, const struct message *message,
                         const struct provider_template *template)
{
    char phone[PHONE_SIZE], value[NOTICE_TEXT_SIZE];
    json_t *values = json_array();

    for (uint32_t i = 0; i < template->parameter_count; i++) {
        if (provider_word_read(message, template->parameters[i].word, value, sizeof value) < 0) {
            json_decref(values);
            return NULL;
        }
        json_array_append_new(values, json_string(value));
    }
    phone_write(message->recipient, phone);
    return json_pack("{s:s, s:s, s:s, s:o, s:[s]}", "SmsSdkAppId", provider->application, "SignName",
                     provider->sign_name, "TemplateId", template->code, "TemplateParamSet", values, "PhoneNumberSet",
                     phone);
}

static int sha256_hex(const struct digest *digest, struct span text, char hex[HEX_SIZE])
{
    uint8_t code[DIGEST_SHA256_SIZE];
    struct writer writer = writer_of_buffer(hex, HEX_SIZE);
    int result = digest->sha256(text, code);

    hex_put(&writer, span_of_bytes(code, sizeof code));
    (void)writer_terminate(&writer);
    return result;
}

/* HMAC(HMAC(HMAC("TC3" secret, date), "sms"), "tc3_request"), then of the text itself. */
static int signature_make(const struct provider *provider, const struct digest *digest, const char *date,
                          struct span text, char hex[HEX_SIZE])
{
    char first[PROVIDER_SECRET_SIZE + 4];
    uint8_t key[DIGEST_SHA256_SIZE], next[DIGEST_SHA256_SIZE];
    const struct span steps[] = { span_of_text(date), span_of_text("sms"), span_of_text("tc3_request"), text };
    struct writer writer = writer_of_buffer(hex, HEX_SIZE);
    int size = snprintf(first, sizeof first, "TC3%s", provider->secret);
    struct span key_span = span_of_bytes(first, (size_t)size);
    int result = 0;

    for (size_t i = 0; result == 0 && i < sizeof steps / sizeof steps[0]; i++) {
        result = digest->hmac_sha256(key_span, steps[i], next);
        memcpy(key, next, sizeof key);
        key_span = span_of_bytes(key, sizeof key);
    }
    hex_put(&writer, span_of_bytes(key, sizeof key));
    (void)writer_terminate(&writer);
    memset(first, 0, sizeof first);
    return result;
}

static int authorization_add(const struct provider *provider, const struct provider_moment *moment,
                             struct http_request *out)
{
    struct span host = http_host(provider->url);
    char hex[HEX_SIZE], canonical[1024], text[512], date[CALENDAR_DATE_TEXT_LIMIT];
    int size;
    int result = sha256_hex(moment->digest, span_of_bytes(out->body, out->body_size), hex);

    if (result < 0 || calendar_format_date(calendar_local_day(moment->wall_s, 0), date, sizeof date) < 0)
        return result < 0 ? result : NOTIFY_ERR_LONG;
    size = snprintf(canonical, sizeof canonical,
                    "POST\n/\n\ncontent-type:" CONTENT_TYPE "\nhost:%.*s\n\ncontent-type;host\n%s", (int)host.size,
                    (const char *)host.bytes, hex);
    if (size < 0 || (size_t)size >= sizeof canonical)
        return NOTIFY_ERR_LONG;
    result = sha256_hex(moment->digest, span_of_bytes(canonical, (size_t)size), hex);
    size = snprintf(text, sizeof text, "TC3-HMAC-SHA256\n%lld\n%s/sms/tc3_request\n%s", (long long)moment->wall_s, date,
                    hex);
    if (result == 0)
        result = signature_make(provider, moment->digest, date, span_of_bytes(text, (size_t)size), hex);
    if (result < 0)
        return result;
    return http_header_add(out, "Authorization: TC3-HMAC-SHA256 Credential=%s/%s/sms/tc3_request, "
                           "SignedHeaders=content-type;host, Signature=%s", provider->id, date, hex);
}

static int headers_add(const struct provider *provider, const struct provider_moment *moment, struct http_request *out)
{
    int result = http_header_add(out, "Content-Type: " CONTENT_TYPE);

    if (result == 0)
        result = http_header_add(out, "X-TC-Action: SendSms");
    if (result == 0)
        result = http_header_add(out, "X-TC-Version: " API_VERSION);
    if (result == 0)
        result = http_header_add(out, "X-TC-Timestamp: %lld", (long long)moment->wall_s);
    if (result == 0)
        result = http_header_add(out, "X-TC-Region: %s", provider->region[0] != '\0' ? provider->region : "ap-guangzhou");
    return result;
}

static int encode(const struct provider *provider, const struct message *message, const struct provider_moment *moment,
                  struct http_request *out)
{
    const struct provider_template *template = provider_template_find(provider, message);
    int result;

    if (template == NULL)
        return NOTIFY_ERR_NO_TEMPLATE;
    out->method = "POST";
    out->header_count = 0;
    result = http_url_set(out, provider->url, "/");
    if (result == 0)
        result = http_body_json(out, body_make(provider, message, template));
    if (result == 0)
        result = headers_add(provider, moment, out);
    return result == 0 ? authorization_add(provider, moment, out) : result;
}

static const struct provider_verdict verdicts[] = {
    { "Ok", MESSAGE_OUT_SENT, 0 },
    { "RequestLimitExceeded", MESSAGE_OUT_THROTTLED, 5 },
    { "LimitExceeded.PhoneNumberThirtySecondLimit", MESSAGE_OUT_THROTTLED, 60 },
    { "LimitExceeded.PhoneNumberOneHourLimit", MESSAGE_OUT_THROTTLED, 3600 },
    { "LimitExceeded", MESSAGE_OUT_REFUSED, 0 },
    { "FailedOperation.InsufficientBalance", MESSAGE_OUT_RETRY, 3600 },
    { "FailedOperation", MESSAGE_OUT_REFUSED, 0 },
    { "InvalidParameter", MESSAGE_OUT_REFUSED, 0 },
    { "UnsupportedOperation", MESSAGE_OUT_REFUSED, 0 },
    { "", MESSAGE_OUT_RETRY, 0 },
};

static void sent_fill(const struct provider *provider, const json_t *status, struct message_result *out)
{
    const char *reference = json_member_text(status, "SerialNo");
    json_int_t fee = json_integer_value(json_object_get(status, "Fee"));

    out->reason[0] = '\0';
    out->parts = fee > 0 && fee <= MESSAGE_PART_LIMIT ? (int32_t)fee : 1;
    out->cost_e4 = provider->cost_e4 * out->parts;
    if (reference[0] != '\0' && text_copy(span_of_text(reference), out->references[0], MESSAGE_REFERENCE_SIZE) > 0)
        out->reference_count = 1;
}

static enum provider_answer decode(const struct provider *provider, int status, struct span body,
                                   struct message_result *out)
{
    json_error_t problem;
    json_t *answer = json_loadb((const char *)body.bytes, body.size, 0, &problem);
    const json_t *response = json_object_get(answer, "Response");
    const json_t *error = json_object_get(response, "Error");
    const json_t *sent = json_array_get(json_object_get(response, "SendStatusSet"), 0);
    const json_t *told = error != NULL ? error : sent;

    *out = (struct message_result){ 0 };
    if (json_member_text(told, "Code")[0] == '\0')
        status_verdict_give(status, out);
    else
        verdict_give(verdicts, json_member_text(told, "Code"), json_member_text(told, "Message"), out);
    if (out->outcome == MESSAGE_OUT_SENT)
        sent_fill(provider, sent, out);
    json_decref(answer);
    return PROVIDER_ANSWERED;
}

const struct http_adapter tencent_sms_adapter = { .encode = encode, .decode = decode };
