/* The functions of WeChat Pay API v3 behind payment_wechat_kind. Internal to the room. */
#ifndef PAYMENT_WECHAT_H
#define PAYMENT_WECHAT_H

#include "payment/payment_internal.h"

/* wechat.c */
payment_request_function payment_wechat_order_request, payment_wechat_query_request, payment_wechat_close_request,
    payment_wechat_refund_request, payment_wechat_refund_query_request, payment_wechat_bill_request,
    payment_wechat_bill_file_request;
bool payment_wechat_url_is_own(const struct payment_channel *channel, const char *url);

/* wechat_answer.c */
payment_answer_function payment_wechat_order_answer, payment_wechat_query_answer, payment_wechat_close_answer,
    payment_wechat_refund_answer, payment_wechat_refund_query_answer, payment_wechat_bill_answer;

/* wechat_notice.c */
payment_notice_function payment_wechat_notice;

/* wechat_answer.c: what query and callback both carry. 0; PAYMENT_ERR_FORM, _FOREIGN, _CURRENCY, _AMOUNT */
int payment_wechat_transaction_read(const struct payment_channel *channel, const json_t *transaction,
                                    struct payment_outcome *out);
/* state_name  "status" of an answer, "refund_status" of a callback */
int payment_wechat_refund_read(const json_t *refund, const char *state_name, struct payment_outcome *out);
/* The channel's signature over timestamp, nonce and body. 0; PAYMENT_ERR_SIGNATURE, _SIGNER, _TIME */
int payment_wechat_signature_check(const struct payment_channel *channel, const struct payment_moment *moment,
                                   const struct payment_message *message);

/* wechat_bill.c */
int payment_wechat_bill_read(const struct payment_channel *channel, struct span file, const char *file_hash,
                             int (*take)(void *taker, const struct payment_bill_row *row), void *taker);

#endif
