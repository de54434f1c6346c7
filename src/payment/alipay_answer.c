/* Alipay OpenAPI: answers, signed over the raw bytes of their first member, and notifications, signed like requests. */
#include "payment/alipay.h"

#include <stdlib.h>
#include <string.h>

/* The object at the beginning of `text`, found by its braces. 0; PAYMENT_ERR_FORM */
static int object_cut(struct span text, struct span *object)
{
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.bytes[i];
        if (quoted && byte == '\\')
            i++;
        else if (byte == '"')
            quoted = !quoted;
        else if (!quoted && byte == '{')
            depth++;
        else if (!quoted && byte == '}' && --depth == 0)
            return span_slice(text, 0, i + 1, object) < 0 ? PAYMENT_ERR_FORM : 0;
        if (depth == 0)
            return PAYMENT_ERR_FORM;
    }
    return PAYMENT_ERR_FORM;
}

/* The raw value of the member `name`, which stands first in the body. */
static int member_cut(struct span body, const char *name, struct span *value)
{
    char head[96];
    int size = snprintf(head, sizeof head, "{\"%s\":", name);

    if (size < 0 || (size_t)size >= sizeof head || body.size < (size_t)size ||
        memcmp(body.bytes, head, (size_t)size) != 0)
        return PAYMENT_ERR_FORM;
    return object_cut(span_of_bytes(body.bytes + size, body.size - (size_t)size), value);
}

/* With a certificate named, its key alone; else any key of the channel. */
static int signature_check(const struct payment_channel *channel, const struct payment_moment *moment,
                           const char *certificate_name, struct span text, const char *signature)
{
    int error = PAYMENT_ERR_SIGNER;

    for (size_t i = 0; i < channel->key_count; i++) {
        if ((certificate_name[0] != '\0' && strcmp(certificate_name, channel->keys[i].serial) != 0) ||
            !payment_key_holds(&channel->keys[i], moment->now_s))
            continue;
        error = payment_rsa_verify(channel->keys[i].key, text, span_of_text(signature));
        if (error == 0)
            return 0;
    }
    return error;
}

static int envelope_check(const struct payment_channel *channel, const struct payment_moment *moment, struct span body,
                          struct span raw)
{
    json_t *envelope = payment_json_read(body);
    int error = envelope == NULL ? PAYMENT_ERR_FORM
                                 : signature_check(channel, moment, payment_json_text(envelope, "alipay_cert_sn"), raw,
                                                   payment_json_text(envelope, "sign"));

    json_decref(envelope);
    return error;
}

/* 10000 done; 10003 the payer is asked; 20000 and system errors: who knows; anything else is a no. */
static int code_read(const json_t *answer, struct payment_outcome *out)
{
    const char *code = payment_json_text(answer, "code");
    const char *reason = payment_json_text(answer, "sub_code");

    payment_code_copy(reason[0] != '\0' ? reason : code, out->code);
    if (strcmp(code, "10000") == 0 || strcmp(code, "10003") == 0)
        return 0;
    if (strcmp(code, "20000") == 0 || strstr(reason, "SYSTEM_ERROR") != NULL || strstr(reason, "system-error") != NULL)
        return PAYMENT_ERR_UNAVAILABLE;
    return code[0] == '\0' ? PAYMENT_ERR_FORM : PAYMENT_ERR_REFUSED;
}

/* The signed object of an answer, also of a refusal. The caller releases *answer, which is NULL when nothing is to be
 * believed. */
static int answer_open(const struct payment_channel *channel, const struct payment_moment *moment, const char *name,
                       const struct payment_message *message, struct payment_outcome *out, json_t **answer)
{
    struct span raw;
    int error;

    (void)snprintf(out->code, sizeof out->code, "HTTP_%d", message->http_status);
    if (message->http_status != 200)
        return PAYMENT_ERR_UNAVAILABLE;
    /* A gateway that could not tell whom it spoke with answers "error_response", unsigned. */
    if (member_cut(message->body, name, &raw) < 0)
        return member_cut(message->body, "error_response", &raw) == 0 ? PAYMENT_ERR_UNAVAILABLE : PAYMENT_ERR_FORM;
    error = envelope_check(channel, moment, message->body, raw);
    if (error < 0)
        return error;
    *answer = payment_json_read(raw);
    return *answer != NULL ? code_read(*answer, out) : PAYMENT_ERR_FORM;
}

int payment_alipay_order_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, const struct payment_message *message,
                                struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_PENDING, .invitation_kind = PAYMENT_INVITATION_QR };
    json_t *answer = NULL;
    int error = answer_open(channel, moment, "alipay_trade_precreate_response", message, &outcome, &answer);

    if (error == 0 && strcmp(payment_json_text(answer, "out_trade_no"), matter->trade_number) != 0)
        error = PAYMENT_ERR_FOREIGN;
    if (error == 0)
        error = payment_json_copy(answer, "qr_code", outcome.invitation, sizeof outcome.invitation);
    if (error == 0 && outcome.invitation[0] == '\0')
        error = PAYMENT_ERR_FORM;
    json_decref(answer);
    return payment_outcome_give(error, &outcome, out);
}

/* TRADE_CLOSED is the end of an order that was never paid and of one that was refunded as a whole. */
static enum payment_state state_of_name(const char *name, bool was_paid, bool was_refunded)
{
    if (strcmp(name, "WAIT_BUYER_PAY") == 0)
        return PAYMENT_STATE_PENDING;
    if (strcmp(name, "TRADE_CLOSED") == 0)
        return was_paid ? PAYMENT_STATE_REFUNDED : PAYMENT_STATE_CLOSED;
    if (strcmp(name, "TRADE_SUCCESS") == 0 || strcmp(name, "TRADE_FINISHED") == 0)
        return was_refunded ? PAYMENT_STATE_REFUNDED : PAYMENT_STATE_PAID;
    return PAYMENT_STATE_UNKNOWN;
}

static bool state_has_money(enum payment_state state)
{
    return state == PAYMENT_STATE_PAID || state == PAYMENT_STATE_REFUNDED;
}

static int amount_read(const char *text, struct payment_outcome *out)
{
    if (!state_has_money(out->state))
        return 0;
    if (payment_yuan_read(span_of_text(text), &out->amount_fen) < 0 || out->amount_fen < 1 ||
        out->amount_fen > PAYMENT_AMOUNT_MAXIMUM_FEN)
        return PAYMENT_ERR_AMOUNT;
    return out->reference[0] == '\0' ? PAYMENT_ERR_FORM : 0;
}

static int trade_read(const struct payment_channel *channel, const struct payment_matter *matter, const json_t *answer,
                      struct payment_outcome *out)
{
    const char *state = payment_json_text(answer, "trade_status");
    const char *currency = payment_json_text(answer, "trans_currency");

    if (payment_json_copy(answer, "out_trade_no", out->trade_number, sizeof out->trade_number) < 0 ||
        payment_json_copy(answer, "trade_no", out->reference, sizeof out->reference) < 0)
        return PAYMENT_ERR_FORM;
    if (strcmp(out->trade_number, matter->trade_number) != 0)
        return PAYMENT_ERR_FOREIGN;
    if (currency[0] != '\0' && strcmp(currency, "CNY") != 0)
        return PAYMENT_ERR_CURRENCY;
    payment_code_copy(state, out->code);
    out->paid_s = payment_time_read(payment_json_text(answer, "send_pay_date"), channel->zone_offset_s);
    out->state = state_of_name(state, payment_json_text(answer, "send_pay_date")[0] != '\0', false);
    return amount_read(payment_json_text(answer, "total_amount"), out);
}

static bool is_absent(int error, const struct payment_outcome *outcome)
{
    return error == PAYMENT_ERR_REFUSED && strcmp(outcome->code, "ACQ.TRADE_NOT_EXIST") == 0;
}

int payment_alipay_query_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, const struct payment_message *message,
                                struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    json_t *answer = NULL;
    int error = answer_open(channel, moment, "alipay_trade_query_response", message, &outcome, &answer);

    if (error == 0)
        error = trade_read(channel, matter, answer, &outcome);
    json_decref(answer);
    if (is_absent(error, &outcome)) {
        outcome.state = PAYMENT_STATE_ABSENT;
        error = 0;
    }
    return payment_outcome_give(error, &outcome, out);
}

/* A code that nobody scanned is no order yet. */
int payment_alipay_close_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                const struct payment_matter *matter, const struct payment_message *message,
                                struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_CLOSED };
    json_t *answer = NULL;
    int error = answer_open(channel, moment, "alipay_trade_close_response", message, &outcome, &answer);

    if (error == 0 && strcmp(payment_json_text(answer, "out_trade_no"), matter->trade_number) != 0)
        error = PAYMENT_ERR_FOREIGN;
    json_decref(answer);
    if (is_absent(error, &outcome)) {
        outcome.state = PAYMENT_STATE_ABSENT;
        error = 0;
    }
    return payment_outcome_give(error, &outcome, out);
}

/* refund_fee sums up all refunds of the order, so it says nothing about this one; the refund is asked about by number. */
int payment_alipay_refund_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, const struct payment_message *message,
                                 struct payment_outcome *out)
{
    struct payment_outcome outcome = { .refund_state = PAYMENT_REFUND_PENDING };
    json_t *answer = NULL;
    int error = answer_open(channel, moment, "alipay_trade_refund_response", message, &outcome, &answer);

    if (error == 0 && strcmp(payment_json_text(answer, "out_trade_no"), matter->trade_number) != 0)
        error = PAYMENT_ERR_FOREIGN;
    if (error == 0)
        error = payment_json_copy(answer, "trade_no", outcome.reference, sizeof outcome.reference);
    if (error == 0 && strcmp(payment_json_text(answer, "fund_change"), "Y") == 0)
        outcome.refund_state = PAYMENT_REFUND_DONE;
    json_decref(answer);
    outcome.refund_fen = matter->refund_fen;
    memcpy(outcome.trade_number, matter->trade_number, sizeof outcome.trade_number);
    memcpy(outcome.refund_number, matter->refund_number, sizeof outcome.refund_number);
    return payment_outcome_give(error, &outcome, out);
}

/* An answer without a refund in it: there is none by that number. */
static int refund_read(const struct payment_matter *matter, const json_t *answer, struct payment_outcome *out)
{
    const char *number = payment_json_text(answer, "out_request_no");
    const char *state = payment_json_text(answer, "refund_status");

    out->refund_state = PAYMENT_REFUND_ABSENT;
    if (number[0] == '\0')
        return 0;
    if (strcmp(number, matter->refund_number) != 0 ||
        strcmp(payment_json_text(answer, "out_trade_no"), matter->trade_number) != 0)
        return PAYMENT_ERR_FOREIGN;
    if (payment_yuan_read(span_of_text(payment_json_text(answer, "refund_amount")), &out->refund_fen) < 0 ||
        out->refund_fen != matter->refund_fen)
        return PAYMENT_ERR_AMOUNT;
    out->refund_state = strcmp(state, "REFUND_SUCCESS") == 0 ? PAYMENT_REFUND_DONE : PAYMENT_REFUND_PENDING;
    memcpy(out->trade_number, matter->trade_number, sizeof out->trade_number);
    memcpy(out->refund_number, matter->refund_number, sizeof out->refund_number);
    return 0;
}

int payment_alipay_refund_query_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                       const struct payment_matter *matter, const struct payment_message *message,
                                       struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    json_t *answer = NULL;
    int error = answer_open(channel, moment, "alipay_trade_fastpay_refund_query_response", message, &outcome, &answer);

    if (error == 0)
        error = refund_read(matter, answer, &outcome);
    json_decref(answer);
    return payment_outcome_give(error, &outcome, out);
}

int payment_alipay_bill_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                               const struct payment_matter *matter, const struct payment_message *message,
                               struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    json_t *answer = NULL;
    int error = answer_open(channel, moment, "alipay_data_dataservice_bill_downloadurl_query_response", message, &outcome,
                            &answer);

    (void)matter;
    if (error == 0)
        error = payment_json_copy(answer, "bill_download_url", outcome.file_url, sizeof outcome.file_url);
    if (error == 0 && strncmp(outcome.file_url, "http", 4) != 0)
        error = PAYMENT_ERR_FORM;
    json_decref(answer);
    return payment_outcome_give(error, &outcome, out);
}

static int notice_check(const struct payment_channel *channel, const struct payment_moment *moment,
                        const struct payment_fields *fields)
{
    static const char *const without[] = { "sign", "sign_type", NULL };
    char text[PAYMENT_SIGNED_SIZE];
    struct writer writer = writer_of_buffer(text, sizeof text);

    payment_fields_join(fields, without, &writer);
    if (writer_result(&writer) < 0)
        return PAYMENT_ERR_FORM;
    return signature_check(channel, moment, payment_fields_value(fields, "alipay_cert_sn"), writer_span(&writer),
                           payment_fields_value(fields, "sign"));
}

int payment_alipay_notice(const struct payment_channel *channel, const struct payment_moment *moment,
                          const struct payment_message *message, struct payment_outcome *out)
{
    char store[PAYMENT_SIGNED_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    int error = payment_fields_parse(message->body, &fields);

    if (error < 0)
        return error;
    payment_fields_sort(&fields);
    error = notice_check(channel, moment, &fields);
    if (error < 0)
        return error;
    if (strcmp(payment_fields_value(&fields, "app_id"), channel->application_id) != 0 ||
        strcmp(payment_fields_value(&fields, "seller_id"), channel->merchant_id) != 0)
        return PAYMENT_ERR_FOREIGN;
    outcome.state = state_of_name(payment_fields_value(&fields, "trade_status"),
                                  payment_fields_value(&fields, "gmt_payment")[0] != '\0',
                                  payment_fields_value(&fields, "gmt_refund")[0] != '\0');
    payment_code_copy(payment_fields_value(&fields, "trade_status"), outcome.code);
    outcome.paid_s = payment_time_read(payment_fields_value(&fields, "gmt_payment"), channel->zone_offset_s);
    if (payment_value_copy(payment_fields_value(&fields, "out_trade_no"), outcome.trade_number,
                           sizeof outcome.trade_number) < 0 ||
        payment_value_copy(payment_fields_value(&fields, "trade_no"), outcome.reference, sizeof outcome.reference) < 0 ||
        !payment_number_permitted(outcome.trade_number))
        return PAYMENT_ERR_FORM;
    error = amount_read(payment_fields_value(&fields, "total_amount"), &outcome);
    return payment_outcome_give(error, &outcome, out);
}
