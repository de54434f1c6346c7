/* The functions of Alipay's OpenAPI behind payment_alipay_kind. Internal to the room. */
#ifndef PAYMENT_ALIPAY_H
#define PAYMENT_ALIPAY_H

#include "payment/payment_internal.h"

/* alipay.c */
payment_request_function payment_alipay_order_request, payment_alipay_query_request, payment_alipay_close_request,
    payment_alipay_refund_request, payment_alipay_refund_query_request, payment_alipay_bill_request,
    payment_alipay_bill_file_request;
int payment_alipay_page(const struct payment_channel *channel, const struct payment_moment *moment,
                        const struct payment_matter *matter, struct payment_outcome *out);

/* alipay_answer.c */
payment_answer_function payment_alipay_order_answer, payment_alipay_query_answer, payment_alipay_close_answer,
    payment_alipay_refund_answer, payment_alipay_refund_query_answer, payment_alipay_bill_answer;
payment_notice_function payment_alipay_notice;

/* alipay_bill.c */
int payment_alipay_bill_read(const struct payment_channel *channel, struct span file, const char *file_hash,
                             int (*take)(void *taker, const struct payment_bill_row *row), void *taker);

/* alipay_certificate.c: MD5 over issuer and serial number, Alipay's name of a certificate. 0; PAYMENT_ERR_KEY */
int payment_alipay_certificate_name(const X509 *certificate, char name[PAYMENT_SERIAL_SIZE]);
/* The same of every RSA-signed certificate in `pem`, joined by underscores. 0; PAYMENT_ERR_KEY */
int payment_alipay_root_name(struct span pem, char *name, size_t capacity);

#endif
