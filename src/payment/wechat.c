/* WeChat Pay API v3: requests, signed with the merchant's key (WECHATPAY2-SHA256-RSA2048). */
#include "payment/wechat.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"

int payment_wechat_prepare(struct payment_channel *channel, const struct payment_channel_config *config)
{
    X509 *certificate = payment_certificate_read(config->certificate_pem);
    int error = certificate != NULL ? payment_serial_hex(certificate, channel->certificate_serial) : PAYMENT_ERR_KEY;

    X509_free(certificate);
    if (error < 0)
        return error;
    for (size_t i = 0; i < channel->key_count; i++)
        if (channel->keys[i].serial[0] == '\0')
            return PAYMENT_ERR_SETTING;
    if (strlen(config->cipher_key) != sizeof channel->cipher_key || channel->application_id[0] == '\0')
        return PAYMENT_ERR_SETTING;
    memcpy(channel->cipher_key, config->cipher_key, sizeof channel->cipher_key);
    return payment_payer_prepare(channel, config);
}

/* METHOD \n PATH?QUERY \n seconds \n nonce \n BODY \n */
static int request_sign(const struct payment_channel *channel, const struct payment_moment *moment,
                        struct payment_request *request)
{
    char text[PAYMENT_SIGNED_SIZE];
    char signature[PAYMENT_SIGNATURE_SIZE];
    struct writer writer = writer_of_buffer(text, sizeof text);
    const char *path = request->url + strlen(channel->base_url);
    int size;

    writer_format(&writer, "%s\n%s\n%lld\n%s\n", request->is_post ? "POST" : "GET", path, (long long)moment->now_s,
                  moment->nonce);
    writer_put_bytes(&writer, request->body, request->body_size);
    writer_text(&writer, "\n");
    if (writer_result(&writer) < 0)
        return PAYMENT_ERR_LONG;
    if (payment_rsa_sign(channel->private_key, writer_span(&writer), signature) < 0)
        return PAYMENT_ERR_KEY;
    size = snprintf(request->authorization, sizeof request->authorization,
                    "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%lld\",serial_no=\"%s\","
                    "signature=\"%s\"", channel->merchant_id, moment->nonce, (long long)moment->now_s,
                    channel->certificate_serial, signature);
    return size > 0 && (size_t)size < sizeof request->authorization ? 0 : PAYMENT_ERR_LONG;
}

static int request_finish(const struct payment_channel *channel, const struct payment_moment *moment,
                          struct writer *url, json_t *body, struct payment_request *request)
{
    int size = 0;
    int error;

    if (request->is_post) {
        size = payment_json_write(body, request->body, sizeof request->body);
        (void)text_copy(span_of_text("application/json"), request->content_type, sizeof request->content_type);
    }
    if (size < 0)
        return size;
    request->body_size = (size_t)size;
    (void)writer_terminate(url);
    if (writer_result(url) < 0)
        return PAYMENT_ERR_LONG;
    error = request_sign(channel, moment, request);
    return error;
}

static json_t *order_body(const struct payment_channel *channel, const struct payment_matter *matter)
{
    char expires[40];

    payment_time_rfc3339(matter->expires_s, channel->zone_offset_s, expires);
    return json_pack("{ss ss ss ss ss ss s{sI ss}}", "appid", channel->application_id, "mchid", channel->merchant_id,
                     "description", matter->description, "out_trade_no", matter->trade_number, "time_expire", expires,
                     "notify_url", channel->notify_url, "amount", "total", (json_int_t)matter->amount_fen, "currency",
                     "CNY");
}

/* What each scene adds to the order. 0; PAYMENT_ERR_VALUE */
static int scene_add(const struct payment_matter *matter, json_t *body)
{
    if (matter->scene == PAYMENT_SCENE_IN_APP) {
        if (matter->payer_id[0] == '\0')
            return PAYMENT_ERR_VALUE;
        return json_object_set_new(body, "payer", json_pack("{ss}", "openid", matter->payer_id)) == 0
                   ? 0 : PAYMENT_ERR_VALUE;
    }
    if (matter->scene == PAYMENT_SCENE_MOBILE) {
        if (matter->client_ip[0] == '\0')
            return PAYMENT_ERR_VALUE;
        return json_object_set_new(body, "scene_info", json_pack("{ss s{ss}}", "payer_client_ip", matter->client_ip,
                                                                 "h5_info", "type", "Wap")) == 0
                   ? 0 : PAYMENT_ERR_VALUE;
    }
    return 0;
}

int payment_wechat_order_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, struct payment_request *out)
{
    static const char *const paths[PAYMENT_SCENE_COUNT] = { "native", "jsapi", "h5", NULL };
    struct payment_request request = { .is_post = true, .repeatable = true };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);
    json_t *body = order_body(channel, matter);
    int error = body != NULL ? scene_add(matter, body) : PAYMENT_ERR_MEMORY;

    if (error < 0) {
        json_decref(body);
        return error;
    }
    writer_format(&url, "%s/v3/pay/transactions/%s", channel->base_url, paths[matter->scene]);
    error = request_finish(channel, moment, &url, body, &request);
    if (error == 0)
        *out = request;
    return error;
}

int payment_wechat_query_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, struct payment_request *out)
{
    struct payment_request request = { .repeatable = true };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);
    int error;

    writer_format(&url, "%s/v3/pay/transactions/out-trade-no/%s?mchid=%s", channel->base_url, matter->trade_number,
                  channel->merchant_id);
    error = request_finish(channel, moment, &url, NULL, &request);
    if (error == 0)
        *out = request;
    return error;
}

int payment_wechat_close_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, struct payment_request *out)
{
    struct payment_request request = { .is_post = true, .repeatable = true };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);
    int error;

    writer_format(&url, "%s/v3/pay/transactions/out-trade-no/%s/close", channel->base_url, matter->trade_number);
    error = request_finish(channel, moment, &url, json_pack("{ss}", "mchid", channel->merchant_id), &request);
    if (error == 0)
        *out = request;
    return error;
}

/* The refund number makes it repeatable: the same number is the same refund. */
int payment_wechat_refund_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                  const struct payment_matter *matter, struct payment_request *out)
{
    struct payment_request request = { .is_post = true, .repeatable = true };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);
    json_t *body = json_pack("{ss ss ss s{sI sI ss}}", "out_trade_no", matter->trade_number, "out_refund_no",
                             matter->refund_number, "notify_url", channel->notify_url, "amount", "refund",
                             (json_int_t)matter->refund_fen, "total", (json_int_t)matter->amount_fen, "currency",
                             "CNY");
    int error;

    writer_format(&url, "%s/v3/refund/domestic/refunds", channel->base_url);
    error = request_finish(channel, moment, &url, body, &request);
    if (error == 0)
        *out = request;
    return error;
}

int payment_wechat_refund_query_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                        const struct payment_matter *matter, struct payment_request *out)
{
    struct payment_request request = { .repeatable = true };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);
    int error;

    writer_format(&url, "%s/v3/refund/domestic/refunds/%s", channel->base_url, matter->refund_number);
    error = request_finish(channel, moment, &url, NULL, &request);
    if (error == 0)
        *out = request;
    return error;
}

int payment_wechat_bill_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, struct payment_request *out)
{
    struct payment_request request = { .repeatable = true };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);
    char day[CALENDAR_DATE_TEXT_LIMIT];
    int error;

    if (calendar_format_date(matter->bill_day, day, sizeof day) < 0)
        return PAYMENT_ERR_VALUE;
    writer_format(&url, "%s/v3/bill/tradebill?bill_date=%s&bill_type=ALL", channel->base_url, day);
    error = request_finish(channel, moment, &url, NULL, &request);
    if (error == 0)
        *out = request;
    return error;
}

/* Our signature goes to the channel's own host and to nobody else, whatever the answer said. */
bool payment_wechat_url_is_own(const struct payment_channel *channel, const char *url)
{
    size_t size = strlen(channel->base_url);

    if (strncmp(url, channel->base_url, size) != 0 || url[size] != '/')
        return false;
    for (; *url != '\0'; url++)
        if ((unsigned char)*url <= ' ' || (unsigned char)*url >= 127)
            return false;
    return true;
}

int payment_wechat_bill_file_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                     const struct payment_matter *matter, struct payment_request *out)
{
    struct payment_request request = { .repeatable = true };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);
    int error;

    if (!payment_wechat_url_is_own(channel, matter->file_url))
        return PAYMENT_ERR_VALUE;
    writer_text(&url, matter->file_url);
    error = request_finish(channel, moment, &url, NULL, &request);
    if (error == 0)
        *out = request;
    return error;
}

const struct payment_channel_kind payment_wechat_kind = {
    .name = "wechat",
    .scenes = 1u << PAYMENT_SCENE_QR | 1u << PAYMENT_SCENE_IN_APP | 1u << PAYMENT_SCENE_MOBILE,
    .operations = {
        [PAYMENT_CALL_ORDER] = { payment_wechat_order_request, payment_wechat_order_answer, true },
        [PAYMENT_CALL_QUERY] = { payment_wechat_query_request, payment_wechat_query_answer, true },
        [PAYMENT_CALL_CLOSE] = { payment_wechat_close_request, payment_wechat_close_answer, true },
        [PAYMENT_CALL_REFUND] = { payment_wechat_refund_request, payment_wechat_refund_answer, true },
        [PAYMENT_CALL_REFUND_QUERY] = { payment_wechat_refund_query_request, payment_wechat_refund_query_answer, true },
        [PAYMENT_CALL_BILL] = { payment_wechat_bill_request, payment_wechat_bill_answer, true },
        [PAYMENT_CALL_BILL_FILE] = { payment_wechat_bill_file_request, NULL, true },
    },
    .notice = payment_wechat_notice,
    .notice_accepted = "{\"code\":\"SUCCESS\"}",
    .notice_refused = "{\"code\":\"FAIL\",\"message\":\"refused\"}",
    .notice_content_type = "application/json",
    .bill_read = payment_wechat_bill_read,
};
