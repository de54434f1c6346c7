/* WeChat Pay API v3: answers, believed after the platform's signature over timestamp, nonce and body. */
#include "payment/wechat.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

static const struct payment_channel_key *key_find(const struct payment_channel *channel, struct span serial)
{
    for (size_t i = 0; i < channel->key_count; i++)
        if (text_equal_ignoring_case(serial, span_of_text(channel->keys[i].serial)))
            return &channel->keys[i];
    return NULL;
}

static int time_check(const struct payment_moment *moment, struct span timestamp)
{
    int64_t at_s;

    if (timestamp.size == 0 || timestamp.size > 12 || decimal_parse(timestamp, 0, &at_s) < 0)
        return PAYMENT_ERR_SIGNATURE;
    if (at_s <= moment->now_s - PAYMENT_CLOCK_TOLERANCE_S || at_s >= moment->now_s + PAYMENT_CLOCK_TOLERANCE_S)
        return PAYMENT_ERR_TIME;
    return 0;
}

int payment_wechat_signature_check(const struct payment_channel *channel, const struct payment_moment *moment,
                                   const struct payment_message *message)
{
    const struct payment_channel_key *key = key_find(channel, message->serial);
    size_t capacity = message->timestamp.size + message->nonce.size + message->body.size + 3;
    struct writer writer;
    char *text;
    int error = key != NULL && payment_key_holds(key, moment->now_s) ? time_check(moment, message->timestamp)
                                                                     : PAYMENT_ERR_SIGNER;

    if (error < 0)
        return error;
    text = malloc(capacity);
    if (text == NULL)
        return PAYMENT_ERR_MEMORY;
    writer = writer_of_buffer(text, capacity);
    writer_put_span(&writer, message->timestamp);
    writer_text(&writer, "\n");
    writer_put_span(&writer, message->nonce);
    writer_text(&writer, "\n");
    writer_put_span(&writer, message->body);
    writer_text(&writer, "\n");
    error = payment_rsa_verify(key->key, writer_span(&writer), message->signature);
    free(text);
    return error;
}

/* Refusals for which the channel may or may not have done what was asked, or does it when asked again. */
static bool code_is_passing(const char *code)
{
    static const char *const codes[] = { "SYSTEM_ERROR", "FREQUENCY_LIMITED", "BANK_ERROR", "USERPAYING",
                                         "FREQUENCY_LIMIT_EXCEED" };

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

/* A no of the channel: believed as little as a yes when it is not signed. */
static int refusal_read(const struct payment_channel *channel, const struct payment_moment *moment,
                        const struct payment_message *message, struct payment_outcome *out)
{
    json_t *body;
    int error;

    (void)snprintf(out->code, sizeof out->code, "HTTP_%d", message->http_status);
    if (message->http_status < 400 || message->http_status >= 500 || message->http_status == 429)
        return PAYMENT_ERR_UNAVAILABLE;
    error = payment_wechat_signature_check(channel, moment, message);
    if (error < 0)
        return message->signature.size == 0 ? PAYMENT_ERR_UNAVAILABLE : error;
    body = payment_json_read(message->body);
    if (body != NULL)
        payment_code_copy(payment_json_text(body, "code"), out->code);
    json_decref(body);
    return code_is_passing(out->code) ? PAYMENT_ERR_UNAVAILABLE : PAYMENT_ERR_REFUSED;
}

/* The signed body of a good answer, or why there is none. The caller releases *body. */
static int answer_open(const struct payment_channel *channel, const struct payment_moment *moment,
                       const struct payment_message *message, struct payment_outcome *out, json_t **body)
{
    int error;

    if (message->http_status < 200 || message->http_status >= 300)
        return refusal_read(channel, moment, message, out);
    error = payment_wechat_signature_check(channel, moment, message);
    if (error < 0)
        return error;
    *body = payment_json_read(message->body);
    return *body != NULL ? 0 : PAYMENT_ERR_FORM;
}

/* What one kind of call reads from the signed body. */
typedef int (*body_reader)(const struct payment_channel *channel, const struct payment_moment *moment,
                           const struct payment_matter *matter, const json_t *body, struct payment_outcome *out);

/* returns  0 with *out; else the reason, and *out's code alone */
static int answer_read(const struct payment_channel *channel, const struct payment_moment *moment,
                       const struct payment_matter *matter, const struct payment_message *message, body_reader read,
                       struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    json_t *body = NULL;
    int error = answer_open(channel, moment, message, &outcome, &body);

    if (error == 0)
        error = read(channel, moment, matter, body, &outcome);
    json_decref(body);
    return payment_outcome_give(error, &outcome, out);
}

/* WeixinJSBridge wants its own signature: appId \n timeStamp \n nonceStr \n package \n */
static int script_write(const struct payment_channel *channel, const struct payment_moment *moment,
                        const char *prepay_id, struct payment_outcome *out)
{
    char text[512];
    char at[24];
    char package[160];
    char signature[PAYMENT_SIGNATURE_SIZE];
    int size = snprintf(package, sizeof package, "prepay_id=%s", prepay_id);

    if (size < 0 || (size_t)size >= sizeof package)
        return PAYMENT_ERR_FORM;
    (void)snprintf(at, sizeof at, "%lld", (long long)moment->now_s);
    size = snprintf(text, sizeof text, "%s\n%s\n%s\n%s\n", channel->application_id, at, moment->nonce, package);
    if (size < 0 || (size_t)size >= sizeof text)
        return PAYMENT_ERR_LONG;
    if (payment_rsa_sign(channel->private_key, span_of_text(text), signature) < 0)
        return PAYMENT_ERR_KEY;
    size = payment_json_write(json_pack("{ss ss ss ss ss ss}", "appId", channel->application_id, "timeStamp", at,
                                        "nonceStr", moment->nonce, "package", package, "signType", "RSA", "paySign",
                                        signature), out->invitation, sizeof out->invitation);
    return size < 0 ? size : 0;
}

static int invitation_read(const struct payment_channel *channel, const struct payment_moment *moment,
                           const struct payment_matter *matter, const json_t *body, struct payment_outcome *out)
{
    static const struct {
        const char *member;
        enum payment_invitation_kind kind;
    } rows[PAYMENT_SCENE_COUNT] = {
        [PAYMENT_SCENE_QR] = { "code_url", PAYMENT_INVITATION_QR },
        [PAYMENT_SCENE_IN_APP] = { "prepay_id", PAYMENT_INVITATION_SCRIPT },
        [PAYMENT_SCENE_MOBILE] = { "h5_url", PAYMENT_INVITATION_URL },
    };
    const char *text = payment_json_text(body, rows[matter->scene].member);

    out->state = PAYMENT_STATE_PENDING;
    out->invitation_kind = rows[matter->scene].kind;
    if (text[0] == '\0')
        return PAYMENT_ERR_FORM;
    if (out->invitation_kind == PAYMENT_INVITATION_SCRIPT)
        return script_write(channel, moment, text, out);
    return payment_value_copy(text, out->invitation, sizeof out->invitation);
}

int payment_wechat_order_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, const struct payment_message *message,
                                struct payment_outcome *out)
{
    return answer_read(channel, moment, matter, message, invitation_read, out);
}

static enum payment_state state_of_name(const char *name)
{
    static const struct {
        const char *name;
        enum payment_state state;
    } rows[] = {
        { "SUCCESS", PAYMENT_STATE_PAID },       { "REFUND", PAYMENT_STATE_REFUNDED },
        { "NOTPAY", PAYMENT_STATE_PENDING },     { "USERPAYING", PAYMENT_STATE_PENDING },
        { "PAYERROR", PAYMENT_STATE_PENDING },   { "CLOSED", PAYMENT_STATE_CLOSED },
        { "REVOKED", PAYMENT_STATE_CLOSED },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].state;
    return PAYMENT_STATE_UNKNOWN;
}

/* Total, not payer_total: a coupon of the channel lowers what the payer gave, not what we get. */
static int amount_read(const json_t *amount, struct payment_outcome *out)
{
    const json_t *total = json_object_get(amount, "total");

    if (strcmp(payment_json_text(amount, "currency"), "CNY") != 0)
        return PAYMENT_ERR_CURRENCY;
    if (!json_is_integer(total) || json_integer_value(total) < 1 ||
        json_integer_value(total) > PAYMENT_AMOUNT_MAXIMUM_FEN)
        return PAYMENT_ERR_AMOUNT;
    out->amount_fen = json_integer_value(total);
    return 0;
}

int payment_wechat_transaction_read(const struct payment_channel *channel, const json_t *transaction,
                                    struct payment_outcome *out)
{
    const char *state = payment_json_text(transaction, "trade_state");

    if (strcmp(payment_json_text(transaction, "mchid"), channel->merchant_id) != 0 ||
        strcmp(payment_json_text(transaction, "appid"), channel->application_id) != 0)
        return PAYMENT_ERR_FOREIGN;
    if (payment_json_copy(transaction, "out_trade_no", out->trade_number, sizeof out->trade_number) < 0 ||
        payment_json_copy(transaction, "transaction_id", out->reference, sizeof out->reference) < 0 ||
        !payment_number_permitted(out->trade_number))
        return PAYMENT_ERR_FORM;
    payment_code_copy(state, out->code);
    out->state = state_of_name(state);
    if (out->state != PAYMENT_STATE_PAID && out->state != PAYMENT_STATE_REFUNDED)
        return 0;
    if (out->reference[0] == '\0')
        return PAYMENT_ERR_FORM;
    out->paid_s = payment_time_read(payment_json_text(transaction, "success_time"), channel->zone_offset_s);
    return amount_read(json_object_get(transaction, "amount"), out);
}

/* A refusal that says that there is no such thing is an answer: 0 with *out = absent; else error. */
static int absent_give(int error, const struct payment_message *message, struct payment_outcome absent,
                       struct payment_outcome *out)
{
    static const char *const codes[] = { "ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS" };

    if (error != PAYMENT_ERR_REFUSED || message->http_status != 404)
        return error;
    memcpy(absent.code, out->code, sizeof absent.code);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(absent.code, codes[i]) == 0)
            return payment_outcome_give(0, &absent, out);
    return error;
}

/* The order that was asked about, and no other. */
static int order_read(const struct payment_channel *channel, const struct payment_moment *moment,
                      const struct payment_matter *matter, const json_t *body, struct payment_outcome *out)
{
    int error = payment_wechat_transaction_read(channel, body, out);

    (void)moment;
    return error == 0 && strcmp(out->trade_number, matter->trade_number) != 0 ? PAYMENT_ERR_FOREIGN : error;
}

int payment_wechat_query_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, const struct payment_message *message,
                                struct payment_outcome *out)
{
    int error = answer_read(channel, moment, matter, message, order_read, out);

    return absent_give(error, message, (struct payment_outcome){ .state = PAYMENT_STATE_ABSENT }, out);
}

int payment_wechat_close_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, const struct payment_message *message,
                                struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_CLOSED };
    int error;

    (void)matter;
    if (message->http_status != 204)
        error = refusal_read(channel, moment, message, &outcome);
    else
        error = payment_wechat_signature_check(channel, moment, message);
    return payment_outcome_give(error, &outcome, out);
}

static enum payment_refund_state refund_state_of_name(const char *name)
{
    if (strcmp(name, "SUCCESS") == 0)
        return PAYMENT_REFUND_DONE;
    if (strcmp(name, "CLOSED") == 0 || strcmp(name, "ABNORMAL") == 0)
        return PAYMENT_REFUND_FAILED;
    return PAYMENT_REFUND_PENDING;
}

int payment_wechat_refund_read(const json_t *refund, const char *state_name, struct payment_outcome *out)
{
    const json_t *amount = json_object_get(refund, "amount");
    const json_t *fen = json_object_get(amount, "refund");
    const char *state = payment_json_text(refund, state_name);

    if (payment_json_copy(refund, "out_trade_no", out->trade_number, sizeof out->trade_number) < 0 ||
        payment_json_copy(refund, "out_refund_no", out->refund_number, sizeof out->refund_number) < 0 ||
        payment_json_copy(refund, "refund_id", out->reference, sizeof out->reference) < 0 ||
        !payment_number_permitted(out->trade_number) || !payment_number_permitted(out->refund_number))
        return PAYMENT_ERR_FORM;
    if (!json_is_integer(fen) || json_integer_value(fen) < 1 || json_integer_value(fen) > PAYMENT_AMOUNT_MAXIMUM_FEN)
        return PAYMENT_ERR_AMOUNT;
    out->refund_fen = json_integer_value(fen);
    payment_code_copy(state, out->code);
    out->refund_state = refund_state_of_name(state);
    return 0;
}

/* The refund that was asked about, and no other. */
static int refund_read(const struct payment_channel *channel, const struct payment_moment *moment,
                       const struct payment_matter *matter, const json_t *body, struct payment_outcome *out)
{
    int error = payment_wechat_refund_read(body, "status", out);

    (void)channel;
    (void)moment;
    if (error == 0 && (strcmp(out->refund_number, matter->refund_number) != 0 ||
                       strcmp(out->trade_number, matter->trade_number) != 0))
        error = PAYMENT_ERR_FOREIGN;
    if (error == 0 && out->refund_fen != matter->refund_fen)
        error = PAYMENT_ERR_AMOUNT;
    return error;
}

int payment_wechat_refund_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, const struct payment_message *message,
                                 struct payment_outcome *out)
{
    return answer_read(channel, moment, matter, message, refund_read, out);
}

int payment_wechat_refund_query_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                       const struct payment_matter *matter, const struct payment_message *message,
                                       struct payment_outcome *out)
{
    int error = answer_read(channel, moment, matter, message, refund_read, out);

    return absent_give(error, message, (struct payment_outcome){ .refund_state = PAYMENT_REFUND_ABSENT }, out);
}

static int file_place_read(const struct payment_channel *channel, const struct payment_moment *moment,
                           const struct payment_matter *matter, const json_t *body, struct payment_outcome *out)
{
    (void)moment;
    (void)matter;
    if (strcmp(payment_json_text(body, "hash_type"), "SHA1") != 0 ||
        payment_json_copy(body, "hash_value", out->file_hash, sizeof out->file_hash) < 0 ||
        payment_json_copy(body, "download_url", out->file_url, sizeof out->file_url) < 0 ||
        strlen(out->file_hash) != 40)
        return PAYMENT_ERR_FORM;
    return payment_wechat_url_is_own(channel, out->file_url) ? 0 : PAYMENT_ERR_FOREIGN;
}

int payment_wechat_bill_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                               const struct payment_matter *matter, const struct payment_message *message,
                               struct payment_outcome *out)
{
    return answer_read(channel, moment, matter, message, file_place_read, out);
}
