/* UnionPay online gateway 5.1.0: forms signed with the merchant's key; the digest's hex text is what is signed. */
#include "payment/unionpay.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"

#define STORE_SIZE 8192

int payment_unionpay_prepare(struct payment_channel *channel, const struct payment_channel_config *config)
{
    X509 *certificate = payment_certificate_read(config->certificate_pem);
    int error = certificate != NULL ? payment_serial_decimal(certificate, channel->certificate_serial) : PAYMENT_ERR_KEY;

    X509_free(certificate);
    for (size_t i = 0; i < channel->key_count; i++)
        if (channel->keys[i].certificate == NULL)
            return PAYMENT_ERR_KEY;
    /* Without a name any certificate of the same authority would do. */
    return error == 0 && channel->signer_name[0] == '\0' ? PAYMENT_ERR_SETTING : error;
}

static void common_add(const struct payment_channel *channel, struct payment_fields *fields)
{
    payment_fields_add(fields, "version", "5.1.0");
    payment_fields_add(fields, "encoding", "UTF-8");
    payment_fields_add(fields, "signMethod", "01");
    payment_fields_add(fields, "certId", channel->certificate_serial);
    payment_fields_add(fields, "accessType", "0");
    payment_fields_add(fields, "merId", channel->merchant_id);
}

/* kind  txnType, txnSubType, bizType */
static void kind_add(struct payment_fields *fields, const char *type, const char *sub_type, const char *business)
{
    payment_fields_add(fields, "txnType", type);
    payment_fields_add(fields, "txnSubType", sub_type);
    payment_fields_add(fields, "bizType", business);
}

/* UnionPay knows an order by its number and its time together. */
static void order_add(const struct payment_channel *channel, struct payment_fields *fields, const char *number,
                      int64_t created_s)
{
    char at[32];

    payment_time_format(created_s, channel->zone_offset_s, "YMDhms", at, sizeof at);
    payment_fields_add(fields, "orderId", number);
    payment_fields_add(fields, "txnTime", at);
}

static int fields_sign(const struct payment_channel *channel, struct payment_fields *fields)
{
    char hex[65];
    char signature[PAYMENT_SIGNATURE_SIZE];
    int error;

    payment_fields_sort(fields);
    if (!payment_fields_whole(fields))
        return PAYMENT_ERR_LONG;
    error = payment_unionpay_digest(fields, hex);
    if (error == 0)
        error = payment_rsa_sign(channel->private_key, span_of_text(hex), signature);
    if (error < 0)
        return error;
    payment_fields_add(fields, "signature", signature);
    return payment_fields_whole(fields) ? 0 : PAYMENT_ERR_LONG;
}

static int request_write(const struct payment_channel *channel, const char *host, const char *path, bool repeatable,
                         struct payment_fields *fields, struct payment_request *out)
{
    struct payment_request request = { .is_post = true, .repeatable = repeatable };
    struct writer body = writer_of_buffer(request.body, sizeof request.body);
    int error = fields_sign(channel, fields);

    if (error < 0)
        return error;
    payment_fields_encode(fields, &body);
    (void)writer_terminate(&body);
    if (writer_result(&body) < 0 ||
        snprintf(request.url, sizeof request.url, "%s%s", host, path) >= (int)sizeof request.url)
        return PAYMENT_ERR_LONG;
    request.body_size = body.size;
    (void)text_copy(span_of_text("application/x-www-form-urlencoded;charset=UTF-8"), request.content_type,
                    sizeof request.content_type);
    *out = request;
    return 0;
}

static json_t *form_of(const struct payment_channel *channel, const struct payment_fields *fields)
{
    json_t *named = json_object();
    char action[PAYMENT_SETTING_SIZE + 64];

    for (size_t i = 0; i < fields->count; i++)
        if (json_object_set_new(named, fields->rows[i].name, json_string(fields->rows[i].value)) != 0) {
            json_decref(named);
            return NULL;
        }
    (void)snprintf(action, sizeof action, "%s/gateway/api/frontTransReq.do", channel->base_url);
    return json_pack("{ss so}", "action", action, "fields", named);
}

int payment_unionpay_page(const struct payment_channel *channel, const struct payment_moment *moment,
                          const struct payment_matter *matter, struct payment_outcome *out)
{
    char store[STORE_SIZE];
    char until[32];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_outcome outcome = { .state = PAYMENT_STATE_PENDING, .invitation_kind = PAYMENT_INVITATION_FORM };
    int error;

    (void)moment;
    payment_time_format(matter->expires_s, channel->zone_offset_s, "YMDhms", until, sizeof until);
    common_add(channel, &fields);
    kind_add(&fields, "01", "01", "000201");
    order_add(channel, &fields, matter->trade_number, matter->created_s);
    payment_fields_add(&fields, "channelType", matter->scene == PAYMENT_SCENE_MOBILE ? "08" : "07");
    payment_fields_add(&fields, "currencyCode", "156");
    payment_fields_add_integer(&fields, "txnAmt", matter->amount_fen);
    payment_fields_add(&fields, "frontUrl", channel->return_url);
    payment_fields_add(&fields, "backUrl", channel->notify_url);
    payment_fields_add(&fields, "payTimeout", until);
    error = fields_sign(channel, &fields);
    if (error == 0)
        error = payment_json_write(form_of(channel, &fields), outcome.invitation, sizeof outcome.invitation);
    if (error < 0)
        return error;
    *out = outcome;
    return 0;
}

static int query_make(const struct payment_channel *channel, const char *number, int64_t created_s,
                      struct payment_request *out)
{
    char store[STORE_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);

    common_add(channel, &fields);
    kind_add(&fields, "00", "00", "000000");
    order_add(channel, &fields, number, created_s);
    return request_write(channel, channel->base_url, "/gateway/api/queryTrans.do", true, &fields, out);
}

int payment_unionpay_query_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                   const struct payment_matter *matter, struct payment_request *out)
{
    (void)moment;
    return query_make(channel, matter->trade_number, matter->created_s, out);
}

int payment_unionpay_refund_query_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                          const struct payment_matter *matter, struct payment_request *out)
{
    (void)moment;
    return query_make(channel, matter->refund_number, matter->refund_created_s, out);
}

/* Not repeated blindly: what became of it is asked with a query. */
int payment_unionpay_refund_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                    const struct payment_matter *matter, struct payment_request *out)
{
    char store[STORE_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);

    (void)moment;
    if (matter->reference[0] == '\0')
        return PAYMENT_ERR_VALUE;
    common_add(channel, &fields);
    kind_add(&fields, "04", "00", "000201");
    order_add(channel, &fields, matter->refund_number, matter->refund_created_s);
    payment_fields_add(&fields, "channelType", "07");
    payment_fields_add(&fields, "origQryId", matter->reference);
    payment_fields_add_integer(&fields, "txnAmt", matter->refund_fen);
    payment_fields_add(&fields, "backUrl", channel->notify_url);
    return request_write(channel, channel->base_url, "/gateway/api/backTransReq.do", false, &fields, out);
}

int payment_unionpay_bill_request(const struct payment_channel *channel, const struct payment_moment *moment,
                                  const struct payment_matter *matter, struct payment_request *out)
{
    char store[STORE_SIZE];
    char day[16];
    char at[32];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);

    if (matter->bill_day < 0 || matter->bill_day > INT32_MAX || channel->bill_url[0] == '\0')
        return PAYMENT_ERR_VALUE;
    payment_time_format(matter->bill_day * 86400, 0, "MD", day, sizeof day);
    payment_time_format(moment->now_s, channel->zone_offset_s, "YMDhms", at, sizeof at);
    common_add(channel, &fields);
    kind_add(&fields, "76", "01", "000000");
    payment_fields_add(&fields, "txnTime", at);
    payment_fields_add(&fields, "fileType", "00");
    payment_fields_add(&fields, "settleDate", day);
    return request_write(channel, channel->bill_url, "/", true, &fields, out);
}

const struct payment_channel_kind payment_unionpay_kind = {
    .name = "unionpay",
    .scenes = 1u << PAYMENT_SCENE_MOBILE | 1u << PAYMENT_SCENE_PAGE,
    .local_scenes = 1u << PAYMENT_SCENE_MOBILE | 1u << PAYMENT_SCENE_PAGE,
    .operations = {
        [PAYMENT_CALL_QUERY] = { payment_unionpay_query_request, payment_unionpay_query_answer, true },
        [PAYMENT_CALL_REFUND] = { payment_unionpay_refund_request, payment_unionpay_refund_answer, false },
        [PAYMENT_CALL_REFUND_QUERY] = { payment_unionpay_refund_query_request, payment_unionpay_refund_query_answer,
                                        true },
        [PAYMENT_CALL_BILL] = { payment_unionpay_bill_request, payment_unionpay_bill_answer, true },
    },
    .page = payment_unionpay_page,
    .notice = payment_unionpay_notice,
    .notice_accepted = "ok",
    .notice_refused = "refused",
    .notice_content_type = "text/plain",
    .bill_read = payment_unionpay_bill_read,
};
