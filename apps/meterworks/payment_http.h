/* Moves one signed request to a payment channel and its answer back, by libcurl. For one thread at a time. */
#ifndef APPS_METERWORKS_PAYMENT_HTTP_H
#define APPS_METERWORKS_PAYMENT_HTTP_H

#include <curl/curl.h>
#include <stdatomic.h>
#include <stddef.h>

#include "payment/payment_channel.h"

#define PAYMENT_HTTP_HEADER_SIZE 1024

struct payment_http {
    CURL *curl;
    atomic_bool *stopping; /* of the owner: true ends a transfer under way */
    long timeout_ms;       /* of a whole transfer; payment_http_open sets 15 s */
};

/* What came back; the headers are empty when the channel sends none. */
struct payment_http_answer {
    char *bytes; /* of size; the caller frees it; at most 16 MiB */
    size_t size;
    char serial[PAYMENT_HTTP_HEADER_SIZE];
    char signature[PAYMENT_HTTP_HEADER_SIZE];
    char timestamp[PAYMENT_HTTP_HEADER_SIZE];
    char nonce[PAYMENT_HTTP_HEADER_SIZE];
};

/* stopping lives longer than *http. returns 0; -1 no memory */
int payment_http_open(struct payment_http *http, atomic_bool *stopping);

/* Accepts one that was not opened. */
void payment_http_close(struct payment_http *http);

/* answer   all zero; its bytes are the caller's to free, whatever is returned
 * returns  HTTP status; 0 when nothing whole came back in time, or the owner stops */
int payment_http_send(struct payment_http *http, const struct payment_request *request,
                      struct payment_http_answer *answer);

#endif
