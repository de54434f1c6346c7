/* A channel over the test keys, and vectors computed by tests/vectors/payment_compute.py with openssl alone. */
#ifndef TESTS_UNIT_PAYMENT_PAYMENT_FIXTURE_H
#define TESTS_UNIT_PAYMENT_PAYMENT_FIXTURE_H

#include <jansson.h>

#include "payment/payment_channel.h"

#define FIXTURE_NOW_S INT64_C(1768435200) /* 2026-01-15 08:00:00 +08:00 */
#define FIXTURE_NONCE "593BEC0C930BF1AFEB40B4A08C8FB242"
#define FIXTURE_ROW_LIMIT 8

struct fixture {
    struct payment_channel *channel;
    struct payment_moment moment;
    struct payment_matter matter;
    json_t *vectors;
    struct payment_bill_row rows[FIXTURE_ROW_LIMIT];
    size_t row_count;
};

/* The text of a file of tests/vectors/payment, to be freed; fails the test when it is not there. */
char *fixture_file(const char *name, size_t *size);

/* Vectors, moment and the order that the vectors speak of. */
void fixture_open(struct fixture *fixture, const char *vectors_name);
void fixture_close(struct fixture *fixture);

/* One of the vectors' messages by section and name, as it came in. */
struct payment_message fixture_message(const json_t *message, int http_status);

/* The vector among "requests" with this name. */
const json_t *fixture_request(const struct fixture *fixture, const char *call);

/* As `take` of bill_read. */
int fixture_row_take(void *fixture, const struct payment_bill_row *row);

#endif
