/* What the senders over HTTP share: a message on its way, by libcurl. Internal to the program. */
#ifndef APPS_METERWORKS_MESSAGE_HTTP_H
#define APPS_METERWORKS_MESSAGE_HTTP_H

#include <curl/curl.h>

#include "apps/meterworks/message_sender.h"
#include "notify/mail.h"

#define ANSWER_SIZE HTTP_ANSWER_LIMIT

/* One message on its way. */
struct transfer {
    CURL *handle;
    struct curl_slist *headers;
    struct curl_slist *recipients;
    size_t answer_size;
    size_t sent;              /* of a mail's bytes */
    bool is_running;
    bool is_taken;            /* of events: it holds an event whose outcome was not told yet */
    bool inside;              /* of events: addresses inside the house are permitted */
    bool is_barred;           /* of events: the address is one that is not */
    CURLcode code;
    struct message event;     /* of events: the message itself */
    union {
        struct http_request request;
        char mail[MAIL_SIZE];
    } out;
    size_t mail_size;
    char answer[ANSWER_SIZE];
};

struct http_sender {
    struct message_sender *sender;
    CURLM *multi;
    struct transfer *transfers; /* SENDER_ROUND_LIMIT */
    char token[PROVIDER_TOKEN_SIZE];
    int64_t token_until_s;      /* of the world's clock */
};

/* Chance and the clock for what is encoded now. 0; negative when there is no chance to be had. */
int message_moment_fill(const struct http_sender *http, struct provider_moment *moment);

/* Set a fresh handle up for the request in transfer->out. The adapter said all there is to say: libcurl's own additions
 * would not be signed. */
void message_transfer_prepare(struct transfer *transfer, const struct provider *provider);

/* What cannot be encoded: never, when the room names a reason; else later. */
void message_unsendable(int problem, struct message_result *result);

/* Note which transfers are over. */
void message_transfers_look(struct http_sender *http);

/* Take its lists away, and the handle out of the multi handle. */
void message_transfer_end(struct http_sender *http, struct transfer *transfer);

/* Events to the addresses of partners (notify/event.h), until the sender is stopped. Unlike the rounds of other providers
 * each transfer makes room as it ends: an address that answers slowly keeps no other one waiting. */
void message_events_run(struct http_sender *http);

#endif
