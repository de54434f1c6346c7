/* Alipay OpenAPI: requests with sorted parameters, signed RSA2. */
#include "payment/alipay.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"

#define STORE_SIZE 12288

static const char *const without_sign[] = { "sign", NULL };

/* In certificate mode keys are known by their certificates' names. */
static int certificates_name(struct payment_channel *channel, const struct payment_channel_config *config)
{
    X509 *own = payment_certificate_read(config->certificate_pem);
    int error = own != NULL ? payment_alipay_certificate_name(own, channel->certificate_serial) : PAYMENT_ERR_KEY;

    X509_free(own);
    if (error == 0)
        error = payment_alipay_root_name(config->root_pem, channel->root_serial, sizeof channel->root_serial);
    for (size_t i = 0; error == 0 && i < channel->key_count; i++)
        error = channel->keys[i].certificate != NULL
                    ? payment_alipay_certificate_name(channel->keys[i].certificate, channel->keys[i].serial)
                    : PAYMENT_ERR_KEY;
    return error;
}

int payment_alipay_prepare(struct payment_channel *channel, const struct payment_channel_config *config)
{
    if (channel->application_id[0] == '\0')
        return PAYMENT_ERR_SETTING;
    return config->certificate_pem.size > 0 ? certificates_name(channel, config) : 0;
}

/* Drop sign and empty values, sort, join without URL encoding, sign. */
static int fields_sign(const struct payment_channel *channel, struct payment_fields *fields)
{
    char text[PAYMENT_SIGNED_SIZE];
    char signature[PAYMENT_SIGNATURE_SIZE];
    struct writer writer = writer_of_buffer(text, sizeof text);

    payment_fields_sort(fields);
    payment_fields_join(fields, without_sign, &writer);
    if (writer_result(&writer) < 0 || !payment_fields_whole(fields))
        return PAYMENT_ERR_LONG;
    if (payment_rsa_sign(channel->private_key, writer_span(&writer), signature) < 0)
        return PAYMENT_ERR_KEY;
    payment_fields_add(fields, "sign", signature);
    return payment_fields_whole(fields) ? 0 : PAYMENT_ERR_LONG;
}

/* The common parameters and `content`, which is released; signed. */
static int fields_fill(const struct payment_channel *channel, const struct payment_moment *moment, const char *method,
                       bool called_back, json_t *content, struct payment_fields *fields)
{
    char text[PAYMENT_BODY_SIZE];
    char at[32];
    int size = payment_json_write(content, text, sizeof text);

    if (size < 0)
        return size;
    payment_time_format(moment->now_s, channel->zone_offset_s, "Y-M-D h:m:s", at, sizeof at);
    payment_fields_add(fields, "app_id", channel->application_id);
    payment_fields_add(fields, "method", method);
    payment_fields_add(fields, "format", "JSON");
    payment_fields_add(fields, "charset", "utf-8");
    payment_fields_add(fields, "sign_type", "RSA2");
    payment_fields_add(fields, "timestamp", at);
    payment_fields_add(fields, "version", "1.0");
    payment_fields_add(fields, "notify_url", called_back ? channel->notify_url : "");
    payment_fields_add(fields, "app_cert_sn", channel->certificate_serial);
    payment_fields_add(fields, "alipay_root_cert_sn", channel->root_serial);
    payment_fields_add(fields, "biz_content", text);
    return fields_sign(channel, fields);
}

/* Common parameters in the address, the matter in the body. */
static int request_write(const struct payment_channel *channel, const struct payment_fields *fields,
                         struct payment_request *request)
{
    struct writer url = writer_of_buffer(request->url, sizeof request->url);
    struct writer body = writer_of_buffer(request->body, sizeof request->body);
    struct payment_fields common = *fields;

    common.count = 0;
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->rows[i].name, "biz_content") != 0)
            common.rows[common.count++] = fields->rows[i];
    writer_format(&url, "%s?", channel->base_url);
    payment_fields_encode(&common, &url);
    writer_text(&body, "biz_content=");
    payment_url_encode(span_of_text(payment_fields_value(fields, "biz_content")), &body);
    (void)writer_terminate(&url);
    (void)writer_terminate(&body);
    if (writer_result(&url) < 0 || writer_result(&body) < 0)
        return PAYMENT_ERR_LONG;
    request->body_size = body.size;
    return text_copy(span_of_text("application/x-www-form-urlencoded;charset=utf-8"), request->content_type,
                     sizeof request->content_type) < 0 ? PAYMENT_ERR_LONG : 0;
}

static int request_make(const struct payment_channel *channel, const struct payment_moment *moment, const char *method,
                        bool called_back, json_t *content, struct payment_request *out)
{
    char store[STORE_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_request request = { .is_post = true, .repeatable = true };
    int error = fields_fill(channel, moment, method, called_back, content, &fields);

    if (error == 0)
        error = request_write(channel, &fields, &request);
    if (error == 0)
        *out = request;
    return error;
}

/* product NULL: a QR code. */
static json_t *order_content(const struct payment_channel *channel, const struct payment_matter *matter,
                             const char *product)
{
    char yuan[32];
    char expires[32];

    payment_yuan_write(matter->amount_fen, yuan);
    payment_time_format(matter->expires_s, channel->zone_offset_s, "Y-M-D h:m:s", expires, sizeof expires);
    return json_pack("{ss ss ss ss* ss}", "out_trade_no", matter->trade_number, "total_amount", yuan, "subject",
                     matter->description, "product_code", product, "time_expire", expires);
}

int payment_alipay_order_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, struct payment_request *out)
{
    return request_make(channel, moment, "alipay.trade.precreate", true, order_content(channel, matter, NULL), out);
}

int payment_alipay_page(const struct payment_channel *channel, const struct payment_moment *moment,
                        const struct payment_matter *matter, struct payment_outcome *out)
{
    bool is_mobile = matter->scene == PAYMENT_SCENE_MOBILE;
    char store[STORE_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_outcome outcome = { .state = PAYMENT_STATE_PENDING, .invitation_kind = PAYMENT_INVITATION_URL };
    struct writer url = writer_of_buffer(outcome.invitation, sizeof outcome.invitation);
    int error;

    payment_fields_add(&fields, "return_url", channel->return_url);
    error = fields_fill(channel, moment, is_mobile ? "alipay.trade.wap.pay" : "alipay.trade.page.pay", true,
                        order_content(channel, matter, is_mobile ? "QUICK_WAP_WAY" : "FAST_INSTANT_TRADE_PAY"), &fields);
    if (error < 0)
        return error;
    writer_format(&url, "%s?", channel->base_url);
    payment_fields_encode(&fields, &url);
    (void)writer_terminate(&url);
    if (writer_result(&url) < 0)
        return PAYMENT_ERR_LONG;
    *out = outcome;
    return 0;
}

int payment_alipay_query_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, struct payment_request *out)
{
    return request_make(channel, moment, "alipay.trade.query", false,
                        json_pack("{ss}", "out_trade_no", matter->trade_number), out);
}

int payment_alipay_close_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, struct payment_request *out)
{
    return request_make(channel, moment, "alipay.trade.close", false,
                        json_pack("{ss}", "out_trade_no", matter->trade_number), out);
}

int payment_alipay_refund_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                  const struct payment_matter *matter, struct payment_request *out)
{
    char yuan[32];

    payment_yuan_write(matter->refund_fen, yuan);
    return request_make(channel, moment, "alipay.trade.refund", false,
                        json_pack("{ss ss ss}", "out_trade_no", matter->trade_number, "refund_amount", yuan,
                                  "out_request_no", matter->refund_number), out);
}

int payment_alipay_refund_query_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                        const struct payment_matter *matter, struct payment_request *out)
{
    return request_make(channel, moment, "alipay.trade.fastpay.refund.query", false,
                        json_pack("{ss ss}", "out_trade_no", matter->trade_number, "out_request_no",
                                  matter->refund_number), out);
}

int payment_alipay_bill_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, struct payment_request *out)
{
    char day[CALENDAR_DATE_TEXT_LIMIT];

    if (calendar_format_date(matter->bill_day, day, sizeof day) < 0)
        return PAYMENT_ERR_VALUE;
    return request_make(channel, moment, "alipay.data.dataservice.bill.downloadurl.query", false,
                        json_pack("{ss ss}", "bill_type", "trade", "bill_date", day), out);
}

/* The address came in a signed answer and holds its own token; nothing of ours is sent along. */
int payment_alipay_bill_file_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                     const struct payment_matter *matter, struct payment_request *out)
{
    struct payment_request request = { .repeatable = true };

    (void)channel;
    (void)moment;
    if (text_copy(span_of_text(matter->file_url), request.url, sizeof request.url) <= 0)
        return PAYMENT_ERR_VALUE;
    *out = request;
    return 0;
}

const struct payment_channel_kind payment_alipay_kind = {
    .name = "alipay",
    .scenes = 1u << PAYMENT_SCENE_QR | 1u << PAYMENT_SCENE_MOBILE | 1u << PAYMENT_SCENE_PAGE,
    .local_scenes = 1u << PAYMENT_SCENE_MOBILE | 1u << PAYMENT_SCENE_PAGE,
    .operations = {
        [PAYMENT_CALL_ORDER] = { payment_alipay_order_request, payment_alipay_order_answer, true },
        [PAYMENT_CALL_QUERY] = { payment_alipay_query_request, payment_alipay_query_answer, true },
        [PAYMENT_CALL_CLOSE] = { payment_alipay_close_request, payment_alipay_close_answer, true },
        [PAYMENT_CALL_REFUND] = { payment_alipay_refund_request, payment_alipay_refund_answer, true },
        [PAYMENT_CALL_REFUND_QUERY] = { payment_alipay_refund_query_request, payment_alipay_refund_query_answer, true },
        [PAYMENT_CALL_BILL] = { payment_alipay_bill_request, payment_alipay_bill_answer, true },
        [PAYMENT_CALL_BILL_FILE] = { payment_alipay_bill_file_request, NULL, true },
    },
    .page = payment_alipay_page,
    .notice = payment_alipay_notice,
    .notice_accepted = "success",
    .notice_refused = "failure",
    .notice_content_type = "text/plain",
    .bill_read = payment_alipay_bill_read,
};
