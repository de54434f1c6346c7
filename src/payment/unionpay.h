/* The functions of UnionPay's online gateway 5.1.0 behind payment_unionpay_kind. Internal to the room. */
#ifndef PAYMENT_UNIONPAY_H
#define PAYMENT_UNIONPAY_H

#include "payment/payment_internal.h"

/* unionpay.c */
payment_request_function payment_unionpay_query_request, payment_unionpay_refund_request,
    payment_unionpay_refund_query_request, payment_unionpay_bill_request;
int payment_unionpay_page(const struct payment_channel *channel, const struct payment_moment *moment,
                          const struct payment_matter *matter, struct payment_outcome *out);

/* unionpay_answer.c */
payment_answer_function payment_unionpay_query_answer, payment_unionpay_refund_answer,
    payment_unionpay_refund_query_answer, payment_unionpay_bill_answer;
payment_notice_function payment_unionpay_notice;
/* Names and values of an answer, which are not URL-encoded. 0; PAYMENT_ERR_FORM */
int payment_unionpay_answer_parse(struct span body, struct payment_fields *fields);

/* unionpay_certificate.c: the certificate in `pem` leads to the channel's roots, is valid now, bears the signer's name, and
 * signed the fields (sorted already). 0; PAYMENT_ERR_SIGNER, _SIGNATURE, _LONG */
int payment_unionpay_signature_check(const struct payment_channel *channel, const struct payment_moment *moment,
                                     const struct payment_fields *fields);
/* D = lower-case hex of SHA-256 over the joined fields. 0; PAYMENT_ERR_MEMORY, _KEY */
int payment_unionpay_digest(const struct payment_fields *fields, char hex[65]);

/* unionpay_bill.c */
int payment_unionpay_bill_read(const struct payment_channel *channel, struct span file, const char *file_hash,
                               int (*take)(void *taker, const struct payment_bill_row *row), void *taker);

#endif
