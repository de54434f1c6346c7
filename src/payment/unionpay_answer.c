/* UnionPay online gateway 5.1.0: answers (names and values as they are) and notifications (a form). */
#include "payment/unionpay.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"


static const char *field_keep(struct payment_fields *fields, struct span text)
{
    const char *kept = (const char *)fields->store.bytes + fields->store.size;

    writer_put_span(&fields->store, text);
    writer_put_u8(&fields->store, 0);
    return fields->store.overflow || memchr(text.bytes, 0, text.size) != NULL ? NULL : kept;
}

static int pair_take(struct span pair, struct payment_fields *fields)
{
    ptrdiff_t equals = span_find_byte(pair, '=');
    const char *name;
    const char *value;

    if (equals <= 0 || fields->count == PAYMENT_FIELD_LIMIT)
        return PAYMENT_ERR_FORM;
    name = field_keep(fields, span_of_bytes(pair.bytes, (size_t)equals));
    value = field_keep(fields, span_of_bytes(pair.bytes + equals + 1, pair.size - (size_t)equals - 1));
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

int payment_unionpay_answer_parse(struct span body, struct payment_fields *fields)
{
    int error = body.size == 0 ? PAYMENT_ERR_FORM : 0;

    while (body.size > 0 && error == 0) {
        ptrdiff_t end = span_find_byte(body, '&');
        size_t size = end < 0 ? body.size : (size_t)end;

        error = pair_take(span_of_bytes(body.bytes, size), fields);
        size += end < 0 ? 0 : 1;
        body = span_of_bytes(body.bytes + size, body.size - size);
    }
    payment_fields_sort(fields);
    return error;
}

static int merchant_check(const struct payment_channel *channel, const struct payment_fields *fields)
{
    return strcmp(payment_fields_value(fields, "merId"), channel->merchant_id) == 0 ? 0 : PAYMENT_ERR_FOREIGN;
}

static int answer_open(const struct payment_channel *channel, const struct payment_moment *moment,
                       const struct payment_message *message, struct payment_outcome *out,
                       struct payment_fields *fields)
{
    int error;

    (void)snprintf(out->code, sizeof out->code, "HTTP_%d", message->http_status);
    if (message->http_status != 200)
        return PAYMENT_ERR_UNAVAILABLE;
    error = payment_unionpay_answer_parse(message->body, fields);
    if (error == 0)
        error = payment_unionpay_signature_check(channel, moment, fields);
    if (error == 0)
        error = merchant_check(channel, fields);
    if (error == 0)
        payment_code_copy(payment_fields_value(fields, "respCode"), out->code);
    return error;
}

/* 03, 04, 05: the gateway itself does not know yet. */
static bool code_is_pending(const char *code)
{
    return strcmp(code, "03") == 0 || strcmp(code, "04") == 0 || strcmp(code, "05") == 0;
}

static bool code_is_done(const char *code)
{
    return strcmp(code, "00") == 0 || strcmp(code, "A6") == 0;
}

static int amount_read(const struct payment_fields *fields, int64_t *amount_fen)
{
    const char *text = payment_fields_value(fields, "txnAmt");
    int64_t value;

    if (strcmp(payment_fields_value(fields, "currencyCode"), "156") != 0)
        return PAYMENT_ERR_CURRENCY;
    if (text[0] < '0' || text[0] > '9' || decimal_parse(span_of_text(text), 0, &value) < 0 || value < 1 ||
        value > PAYMENT_AMOUNT_MAXIMUM_FEN)
        return PAYMENT_ERR_AMOUNT;
    *amount_fen = value;
    return 0;
}

/* What a query says: of the query itself (respCode), then of the trade (origRespCode). 1 a trade was found, 0 there is
 * none. */
static int trade_find(const struct payment_fields *fields, const char *number, struct payment_outcome *out)
{
    const char *code = payment_fields_value(fields, "respCode");

    if (strcmp(code, "34") == 0)
        return 0;
    if (code_is_pending(code))
        return PAYMENT_ERR_UNAVAILABLE;
    if (strcmp(code, "00") != 0)
        return PAYMENT_ERR_REFUSED;
    if (strcmp(payment_fields_value(fields, "orderId"), number) != 0)
        return PAYMENT_ERR_FOREIGN;
    payment_code_copy(payment_fields_value(fields, "origRespCode"), out->code);
    return 1;
}

static int paid_read(const struct payment_fields *fields, struct payment_outcome *out)
{
    int error = payment_value_copy(payment_fields_value(fields, "queryId"), out->reference, sizeof out->reference);

    if (error == 0 && out->reference[0] == '\0')
        error = PAYMENT_ERR_FORM;
    return error == 0 ? amount_read(fields, &out->amount_fen) : error;
}

int payment_unionpay_query_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                  const struct payment_matter *matter, const struct payment_message *message,
                                  struct payment_outcome *out)
{
    char store[PAYMENT_SIGNED_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_outcome outcome = { .state = PAYMENT_STATE_ABSENT };
    int error = answer_open(channel, moment, message, &outcome, &fields);
    int found = error == 0 ? trade_find(&fields, matter->trade_number, &outcome) : error;

    if (found == 1) {
        /* A card that was refused may be followed by another until the order's time is over. */
        outcome.state = code_is_done(outcome.code) ? PAYMENT_STATE_PAID : PAYMENT_STATE_PENDING;
        memcpy(outcome.trade_number, matter->trade_number, sizeof outcome.trade_number);
        if (outcome.state == PAYMENT_STATE_PAID)
            error = paid_read(&fields, &outcome);
    }
    return payment_outcome_give(found < 0 ? found : error, &outcome, out);
}

int payment_unionpay_refund_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                   const struct payment_matter *matter, const struct payment_message *message,
                                   struct payment_outcome *out)
{
    char store[PAYMENT_SIGNED_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_outcome outcome = { .refund_state = PAYMENT_REFUND_PENDING, .refund_fen = matter->refund_fen };
    int error = answer_open(channel, moment, message, &outcome, &fields);

    if (error == 0 && strcmp(payment_fields_value(&fields, "orderId"), matter->refund_number) != 0)
        error = PAYMENT_ERR_FOREIGN;
    if (error == 0 && code_is_pending(outcome.code))
        error = PAYMENT_ERR_UNAVAILABLE;
    if (error == 0 && !code_is_done(outcome.code))
        error = PAYMENT_ERR_REFUSED;
    /* 00 only says that the refund was taken on: its end comes by callback or query. */
    memcpy(outcome.trade_number, matter->trade_number, sizeof outcome.trade_number);
    memcpy(outcome.refund_number, matter->refund_number, sizeof outcome.refund_number);
    return payment_outcome_give(error, &outcome, out);
}

static int refund_read(const struct payment_fields *fields, struct payment_outcome *out)
{
    if (code_is_pending(out->code)) {
        out->refund_state = PAYMENT_REFUND_PENDING;
        return 0;
    }
    out->refund_state = code_is_done(out->code) ? PAYMENT_REFUND_DONE : PAYMENT_REFUND_FAILED;
    return amount_read(fields, &out->refund_fen);
}

int payment_unionpay_refund_query_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                         const struct payment_matter *matter, const struct payment_message *message,
                                         struct payment_outcome *out)
{
    char store[PAYMENT_SIGNED_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_outcome outcome = { .refund_state = PAYMENT_REFUND_ABSENT };
    int error = answer_open(channel, moment, message, &outcome, &fields);
    int found = error == 0 ? trade_find(&fields, matter->refund_number, &outcome) : error;

    if (found == 1)
        error = refund_read(&fields, &outcome);
    if (found == 1 && error == 0 && outcome.refund_state == PAYMENT_REFUND_DONE &&
        outcome.refund_fen != matter->refund_fen)
        error = PAYMENT_ERR_AMOUNT;
    memcpy(outcome.trade_number, matter->trade_number, sizeof outcome.trade_number);
    memcpy(outcome.refund_number, matter->refund_number, sizeof outcome.refund_number);
    return payment_outcome_give(found < 0 ? found : error, &outcome, out);
}

/* Large, because the file is inside. */
int payment_unionpay_bill_answer(const struct payment_channel *channel, const struct payment_moment *moment,
                                 const struct payment_matter *matter, const struct payment_message *message,
                                 struct payment_outcome *out)
{
    size_t capacity = message->body.size + 2 * PAYMENT_FIELD_LIMIT + 2;
    char *store = message->body.size <= PAYMENT_BILL_FILE_LIMIT ? malloc(capacity) : NULL;
    struct payment_fields fields = payment_fields_of_buffer(store, store != NULL ? capacity : 0);
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    int error = store != NULL ? answer_open(channel, moment, message, &outcome, &fields) : PAYMENT_ERR_MEMORY;

    (void)matter;
    if (error == 0 && !code_is_done(outcome.code))
        error = code_is_pending(outcome.code) ? PAYMENT_ERR_UNAVAILABLE : PAYMENT_ERR_REFUSED;
    free(store);
    return payment_outcome_give(error, &outcome, out);
}

/* A purchase names its order, a refund its own number as the order. */
static int notice_read(const struct payment_fields *fields, struct payment_outcome *out)
{
    const char *type = payment_fields_value(fields, "txnType");
    bool is_refund = strcmp(type, "04") == 0;
    const char *number = payment_fields_value(fields, "orderId");

    if (!is_refund && strcmp(type, "01") != 0)
        return PAYMENT_ERR_FORM;
    if (!payment_number_permitted(number) ||
        payment_value_copy(number, is_refund ? out->refund_number : out->trade_number, PAYMENT_NUMBER_SIZE) < 0)
        return PAYMENT_ERR_FORM;
    if (is_refund)
        return refund_read(fields, out);
    out->state = code_is_done(out->code) ? PAYMENT_STATE_PAID : PAYMENT_STATE_PENDING;
    return out->state == PAYMENT_STATE_PAID ? paid_read(fields, out) : 0;
}

int payment_unionpay_notice(const struct payment_channel *channel, const struct payment_moment *moment,
                            const struct payment_message *message, struct payment_outcome *out)
{
    char store[PAYMENT_SIGNED_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    int error = payment_fields_parse(message->body, &fields);

    payment_fields_sort(&fields);
    if (error == 0)
        error = payment_unionpay_signature_check(channel, moment, &fields);
    if (error == 0)
        error = merchant_check(channel, &fields);
    if (error == 0) {
        payment_code_copy(payment_fields_value(&fields, "respCode"), outcome.code);
        error = notice_read(&fields, &outcome);
    }
    return payment_outcome_give(error, &outcome, out);
}
