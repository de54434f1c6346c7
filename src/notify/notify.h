/* Telling people: a notice is rendered in both languages, kept once for its key, and put into the outbox as one message
 * for every recipient, in the transaction of what causes it. */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "notify/notify_store.h"

struct notify_request {
    uint32_t tenant_id;
    int64_t account_id;
    enum notice_kind kind;
    const char *key;       /* the same key twice is one notice */
    const char *recipient; /* the customer's phone numbers, comma separated; masked ones are passed over */
    uint32_t channels;     /* MESSAGE_CHANNEL_BIT of those with a provider */
    int64_t now_s;
    struct notice_values values;
};

/* Put a notice and its messages into the outbox: one message for each phone (S1-041) and for each recipient entered for the
 * account or its area (S1-011), none twice.
 * out      the row as stored (with notice_id unless repeated); may be NULL
 * returns  0 posted; 1 its key was posted before, nothing done; NOTIFY_ERR_*; negative of the store */
int notify_post(const struct notify_store *store, const struct notify_request *request, struct notice *out);

#endif
