/* What payment channels send: forms, answers, archives and bill files within their bounds, and an end. The first byte
 * chooses the reader; signatures stand before most of this code in the program and are left out here to reach it. */
#include <stdlib.h>
#include <string.h>

#include "payment/alipay.h"
#include "payment/payer.h"
#include "payment/unionpay.h"
#include "payment/wechat.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

static int row_take(void *context, const struct payment_bill_row *row)
{
    (void)context;
    must(row->amount_fen >= 1);
    must(memchr(row->trade_number, 0, sizeof row->trade_number) != NULL);
    must(memchr(row->refund_number, 0, sizeof row->refund_number) != NULL);
    must(memchr(row->reference, 0, sizeof row->reference) != NULL);
    return 0;
}

static void form_read(struct span input)
{
    char store[PAYMENT_SIGNED_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);

    if (payment_fields_parse(input, &fields) < 0)
        return;
    must(fields.count <= PAYMENT_FIELD_LIMIT && payment_fields_whole(&fields));
    payment_fields_sort(&fields);
    for (size_t i = 1; i < fields.count; i++)
        must(strcmp(fields.rows[i - 1].name, fields.rows[i].name) < 0);
}

static void answer_read(struct span input)
{
    char store[PAYMENT_SIGNED_SIZE];
    struct payment_fields fields = payment_fields_of_buffer(store, sizeof store);

    (void)payment_unionpay_answer_parse(input, &fields);
    must(fields.count <= PAYMENT_FIELD_LIMIT);
}

static void wechat_bill_read(struct span input)
{
    char hash[65];

    if (payment_sha1_hex(input, hash) == 0)
        (void)payment_wechat_bill_read(NULL, input, hash, row_take, NULL);
}

static void transaction_read(struct span input)
{
    static struct payment_channel channel = { .merchant_id = "1", .application_id = "1" };
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    json_t *object = payment_json_read(input);

    if (object != NULL && payment_wechat_transaction_read(&channel, object, &outcome) == 0)
        must(outcome.state != PAYMENT_STATE_PAID || outcome.amount_fen >= 1);
    if (object != NULL)
        (void)payment_wechat_refund_read(object, "status", &outcome);
    json_decref(object);
}

static void alipay_bill_read(struct span input)
{
    (void)payment_alipay_bill_read(NULL, input, "", row_take, NULL);
}

static void unionpay_bill_read(struct span input)
{
    (void)payment_unionpay_bill_read(NULL, input, "", row_take, NULL);
}

/* As they come from outside: whatever stands before the signature, and then nobody's key verifies it. */
static void alipay_answer_read(struct span input)
{
    static struct payment_channel channel = { .merchant_id = "1", .application_id = "1" };
    const struct payment_moment moment = { .now_s = 1768435200 };
    const struct payment_message message = { .http_status = 200, .body = input };
    const struct payment_matter matter = { .amount_fen = 1 };
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };

    must(payment_alipay_order_answer(&channel, &moment, &matter, &message, &outcome) < 0);
    must(payment_alipay_query_answer(&channel, &moment, &matter, &message, &outcome) < 0);
}

static void notice_read(struct span input)
{
    static struct payment_channel channel = { .merchant_id = "1", .application_id = "1", .signer_name = "00040000:SIGN" };
    const struct payment_moment moment = { .now_s = 1893456000 };
    const struct payment_message message = { .http_status = 200, .body = input };
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };

    must(payment_alipay_notice(&channel, &moment, &message, &outcome) < 0);
    must(payment_unionpay_notice(&channel, &moment, &message, &outcome) < 0);
    must(payment_wechat_notice(&channel, &moment, &message, &outcome) < 0);
    must(outcome.state == PAYMENT_STATE_UNKNOWN);
}

static void payer_read(struct span input)
{
    const struct payment_message message = { .http_status = 200, .body = input };
    char payer_id[PAYMENT_PAYER_SIZE];

    if (payment_payer_answer(&message, payer_id) == 0)
        must(payer_id[0] != '\0' && memchr(payer_id, 0, sizeof payer_id) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static void (*const readers[])(struct span input) = { form_read,        answer_read,      wechat_bill_read,
                                                          transaction_read, alipay_bill_read, unionpay_bill_read,
                                                          alipay_answer_read, notice_read, payer_read };

    if (size > 0)
        readers[bytes[0] % (sizeof readers / sizeof readers[0])](span_of_bytes(bytes + 1, size - 1));
    return 0;
}
