/* Aliyun SMS, version 2017-05-25, action SendSms: a query signed either the RPC way (version 1, HMAC-SHA1) or as
 * ACS3-HMAC-SHA256 (version 3). Their number of our message, OutId, is told back in receipts but not used to recognise
 * repeats: a message whose answer was lost may go out twice. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "notify/http_text.h"
#include "notify/notify_error.h"

#define PARAMETER_LIMIT 16
#define PARAMETER_TEXT_SIZE 3072
#define CANONICAL_SIZE (HTTP_URL_SIZE + 1024)
#define HEX_SIZE (2 * DIGEST_SHA256_SIZE + 2)

#define API_VERSION "2017-05-25"
#define ACTION "SendSms"
#define SIGNED_HEADERS \
    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

struct parameter {
    const char *name;
    const char *value;
};

/* Names in byte order, as both signatures want them. */
static void parameters_sort(struct parameter list[], size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct parameter moved = list[i];
        size_t place = i;

        for (; place > 0 && strcmp(list[place - 1].name, moved.name) > 0; place--)
            list[place] = list[place - 1];
        list[place] = moved;
    }
}

static void query_put(struct writer *writer, const struct parameter list[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            writer_text(writer, "&");
        percent_put(writer, span_of_text(list[i].name));
        writer_text(writer, "=");
        percent_put(writer, span_of_text(list[i].value));
    }
}

/* What is sent, whichever way it is signed. */
struct business {
    char words[PARAMETER_TEXT_SIZE];
    char number[MESSAGE_NUMBER_SIZE];
    char date[CALENDAR_TIME_TEXT_LIMIT];
    char nonce[2 * PROVIDER_RANDOM_SIZE + 2];
    struct parameter list[PARAMETER_LIMIT];
    size_t count;
};

static void parameter_add(struct business *business, const char *name, const char *value)
{
    if (business->count < PARAMETER_LIMIT)
        business->list[business->count++] = (struct parameter){ name, value };
}

static int business_fill(const struct provider *provider, const struct message *message,
                         const struct provider_moment *moment, struct business *business)
{
    const struct provider_template *template = provider_template_find(provider, message);
    struct writer nonce = writer_of_buffer(business->nonce, sizeof business->nonce);
    json_t *words = template != NULL ? template_words(template, message, NULL) : NULL;
    size_t size = words != NULL ? json_dumpb(words, business->words, sizeof business->words - 1, JSON_COMPACT) : 0;

    json_decref(words);
    if (size == 0)
        return NOTIFY_ERR_NO_TEMPLATE;
    if (size >= sizeof business->words)
        return NOTIFY_ERR_LONG;
    business->words[size] = '\0';
    message_number_write(message, business->number);
    hex_put(&nonce, span_of_bytes(moment->random, sizeof moment->random));
    (void)writer_terminate(&nonce);
    if (calendar_format_time(moment->wall_s, 0, business->date, sizeof business->date) < 0)
        return NOTIFY_ERR_LONG;
    business->count = 0;
    parameter_add(business, "PhoneNumbers", message->recipient[0] == '+' ? message->recipient + 1 : message->recipient);
    parameter_add(business, "SignName", provider->sign_name);
    parameter_add(business, "TemplateCode", template->code);
    parameter_add(business, "TemplateParam", business->words);
    parameter_add(business, "OutId", business->number);
    return 0;
}

static int url_write(const struct provider *provider, const struct business *business, const char *signature,
                     struct http_request *out)
{
    struct writer writer = writer_of_buffer(out->url, sizeof out->url - 1);
    size_t size = strlen(provider->url);

    writer_put_bytes(&writer, provider->url, size > 0 && provider->url[size - 1] == '/' ? size - 1 : size);
    writer_text(&writer, "/?");
    query_put(&writer, business->list, business->count);
    if (signature[0] != '\0') {
        writer_text(&writer, "&Signature=");
        percent_put(&writer, span_of_text(signature));
    }
    if (writer_result(&writer) < 0)
        return NOTIFY_ERR_LONG;
    out->url[writer.size] = '\0';
    return 0;
}

/* Version 1: string = METHOD & %2F & encode(sorted query); key = secret "&". */
static int rpc_sign(const struct provider *provider, struct business *business, const struct provider_moment *moment,
                    char signature[64])
{
    char query[HTTP_URL_SIZE], text[CANONICAL_SIZE * 2], key[PROVIDER_SECRET_SIZE + 1];
    uint8_t code[DIGEST_SHA1_SIZE];
    struct writer query_writer = writer_of_buffer(query, sizeof query);
    struct writer writer = writer_of_buffer(text, sizeof text);
    struct writer signature_writer = writer_of_buffer(signature, 64);
    int result;

    query_put(&query_writer, business->list, business->count);
    writer_text(&writer, "GET&%2F&");
    percent_put(&writer, writer_span(&query_writer));
    if (writer_result(&query_writer) < 0 || writer_result(&writer) < 0)
        return NOTIFY_ERR_LONG;
    (void)snprintf(key, sizeof key, "%s&", provider->secret);
    result = moment->digest->hmac_sha1(span_of_text(key), writer_span(&writer), code);
    memset(key, 0, sizeof key);
    base64_put(&signature_writer, span_of_bytes(code, sizeof code));
    (void)writer_terminate(&signature_writer);
    return result;
}

static int rpc_encode(const struct provider *provider, const struct provider_moment *moment, struct business *business,
                      struct http_request *out)
{
    char signature[64];
    int result;

    parameter_add(business, "AccessKeyId", provider->id);
    parameter_add(business, "Action", ACTION);
    parameter_add(business, "Format", "JSON");
    parameter_add(business, "RegionId", provider->region[0] != '\0' ? provider->region : "cn-hangzhou");
    parameter_add(business, "SignatureMethod", "HMAC-SHA1");
    parameter_add(business, "SignatureNonce", business->nonce);
    parameter_add(business, "SignatureVersion", "1.0");
    parameter_add(business, "Timestamp", business->date);
    parameter_add(business, "Version", API_VERSION);
    parameters_sort(business->list, business->count);
    out->method = "GET";
    result = rpc_sign(provider, business, moment, signature);
    return result == 0 ? url_write(provider, business, signature, out) : result;
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

/* Version 3: the canonical request with the headers that are signed; the body is empty. */
static int acs3_canonical(const struct provider *provider, const struct business *business, const char *body_hex,
                          struct writer *writer)
{
    struct span host = http_host(provider->url);

    writer_text(writer, "POST\n/\n");
    query_put(writer, business->list, business->count);
    writer_format(writer, "\nhost:%.*s\nx-acs-action:" ACTION "\nx-acs-content-sha256:%s\nx-acs-date:%s\n", (int)host.size,
                  (const char *)host.bytes, body_hex, business->date);
    writer_format(writer, "x-acs-signature-nonce:%s\nx-acs-version:" API_VERSION "\n\n" SIGNED_HEADERS "\n%s",
                  business->nonce, body_hex);
    return writer_result(writer) < 0 ? NOTIFY_ERR_LONG : 0;
}

static int acs3_sign(const struct provider *provider, const struct provider_moment *moment, struct span canonical,
                     char hex[HEX_SIZE])
{
    char text[HEX_SIZE + 32];
    uint8_t code[DIGEST_SHA256_SIZE];
    struct writer writer = writer_of_buffer(hex, HEX_SIZE);
    int result = sha256_hex(moment->digest, canonical, hex);

    if (result < 0)
        return result;
    (void)snprintf(text, sizeof text, "ACS3-HMAC-SHA256\n%s", hex);
    result = moment->digest->hmac_sha256(span_of_text(provider->secret), span_of_text(text), code);
    hex_put(&writer, span_of_bytes(code, sizeof code));
    (void)writer_terminate(&writer);
    return result;
}

static int acs3_headers(const struct provider *provider, const struct business *business, const char *body_hex,
                        const char *signature, struct http_request *out)
{
    int result = http_header_add(out, "x-acs-action: " ACTION);

    if (result == 0)
        result = http_header_add(out, "x-acs-version: " API_VERSION);
    if (result == 0)
        result = http_header_add(out, "x-acs-date: %s", business->date);
    if (result == 0)
        result = http_header_add(out, "x-acs-signature-nonce: %s", business->nonce);
    if (result == 0)
        result = http_header_add(out, "x-acs-content-sha256: %s", body_hex);
    if (result == 0)
        result = http_header_add(out, "Authorization: ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=" SIGNED_HEADERS
                                 ",Signature=%s", provider->id, signature);
    return result;
}

static int acs3_encode(const struct provider *provider, const struct provider_moment *moment, struct business *business,
                       struct http_request *out)
{
    char canonical[CANONICAL_SIZE], body_hex[HEX_SIZE], signature[HEX_SIZE];
    struct writer writer = writer_of_buffer(canonical, sizeof canonical);
    int result = sha256_hex(moment->digest, span_of_text(""), body_hex);

    parameters_sort(business->list, business->count);
    out->method = "POST";
    if (result == 0)
        result = acs3_canonical(provider, business, body_hex, &writer);
    if (result == 0)
        result = acs3_sign(provider, moment, writer_span(&writer), signature);
    if (result == 0)
        result = acs3_headers(provider, business, body_hex, signature, out);
    return result == 0 ? url_write(provider, business, "", out) : result;
}

static int encode(const struct provider *provider, const struct message *message, const struct provider_moment *moment,
                  struct http_request *out)
{
    struct business business;
    int result = business_fill(provider, message, moment, &business);

    out->header_count = 0;
    out->body_size = 0;
    if (result < 0)
        return result;
    return provider->version == 1 ? rpc_encode(provider, moment, &business, out)
                                  : acs3_encode(provider, moment, &business, out);
}

static const struct provider_verdict verdicts[] = {
    { "OK", MESSAGE_OUT_SENT, 0 },
    { "isv.BUSINESS_LIMIT_CONTROL", MESSAGE_OUT_THROTTLED, 3600 },
    { "Throttling", MESSAGE_OUT_THROTTLED, 5 },
    { "isv.AMOUNT_NOT_ENOUGH", MESSAGE_OUT_RETRY, 3600 },
    { "isv.OUT_OF_SERVICE", MESSAGE_OUT_RETRY, 3600 },
    { "isv.", MESSAGE_OUT_REFUSED, 0 },
    { "", MESSAGE_OUT_RETRY, 0 },
};

static enum provider_answer decode(const struct provider *provider, int status, struct span body,
                                   struct message_result *out)
{
    json_error_t error;
    json_t *answer = json_loadb((const char *)body.bytes, body.size, 0, &error);
    const char *code = json_member_text(answer, "Code");
    const char *reference = json_member_text(answer, "BizId");

    *out = (struct message_result){ 0 };
    if (code[0] == '\0')
        status_verdict_give(status, out);
    else
        verdict_give(verdicts, code, strcmp(code, "OK") == 0 ? "" : json_member_text(answer, "Message"), out);
    if (out->outcome == MESSAGE_OUT_SENT) {
        out->reason[0] = '\0';
        out->cost_e4 = provider->cost_e4;
        if (reference[0] != '\0' && text_copy(span_of_text(reference), out->references[0], MESSAGE_REFERENCE_SIZE) > 0)
            out->reference_count = 1;
    }
    json_decref(answer);
    return PROVIDER_ANSWERED;
}

const struct http_adapter aliyun_sms_adapter = { .encode = encode, .decode = decode };
