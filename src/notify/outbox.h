/* The outbox: who takes messages out, and what becomes of them. Every function runs in the caller's transaction.
 *
 * A message is handed to one sender at a time, for MESSAGE_LEASE_S. A sender that dies with it leaves it to be handed out
 * again: providers that know our number of it (message_number_write) then take it once, the others may send it twice. */
#ifndef NOTIFY_OUTBOX_H
#define NOTIFY_OUTBOX_H

#include "notify/notify_store.h"

#define OUTBOX_CLAIM_LIMIT 64        /* messages handed out at once */
#define OUTBOX_EXPIRY_LIMIT 200      /* given up in one tick */
#define OUTBOX_WAITING_LIMIT 2000000 /* of a tenant; further ones are given up at once with the reason "outbox_full" */

#define OUTBOX_MANY_LIMIT 1500000    /* of a tenant; above it nobody posts for many at once: the rest is for what cannot wait */

struct outbox_claim {
    const char *provider;
    enum message_channel channel;
    const char *recipient;           /* only messages to it; "": all */
    bool fresh;                      /* the sender has just started: what it had before is due again */
    uint32_t limit;                  /* at most OUTBOX_CLAIM_LIMIT */
};

/* Hand out what is due: urgent before routine, routine not in quiet hours.
 * out      claim->limit of them
 * count    how many were written
 * next_s   when to ask again; 0: nothing waits
 * returns  0; negative of the store */
int outbox_take(const struct notify_store *store, const struct outbox_claim *claim, int64_t now_s, struct message out[],
                uint32_t *count, int64_t *next_s);

/* What the sender says of a message it has. One that was handed to somebody else meanwhile is passed over.
 * returns  0; negative of the store */
int outbox_settle(const struct notify_store *store, const char *provider, const struct message_result *result,
                  int64_t now_s);

/* A receipt of the network. Unknown and repeated ones change nothing.
 * returns  1 it was known; 0; negative of the store */
int outbox_receive(const struct notify_store *store, const char *provider, const struct message_receipt *receipt,
                   int64_t now_s);

/* Send a message again that ended: failed, given up, kept or even delivered.
 * channels  MESSAGE_CHANNEL_BIT of those with a provider
 * returns   0; NOTIFY_ERR_MESSAGE there is none in this tenant; NOTIFY_ERR_UNDER_WAY; NOTIFY_ERR_CHANNEL; negative of
 *           the store */
int outbox_resend(const struct notify_store *store, uint32_t tenant_id, int64_t message_id, uint32_t channels,
                  int64_t now_s);

/* Put one message in: waiting when its channel is served, else kept. Fills state, due_s, expires_s and message_id.
 * returns  0; negative of the store */
int outbox_put(const struct notify_store *store, const struct notify_policy *policy, uint32_t channels, int64_t now_s,
               struct message *message);

/* Whether notices of a tenant may be posted for many customers at once.
 * returns  1; 0 there is no room; negative of the store */
int outbox_room(const struct notify_store *store, uint32_t tenant_id);

/* Give up what is too old, at most OUTBOX_EXPIRY_LIMIT.
 * returns  how many; negative of the store */
int outbox_expire(const struct notify_store *store, int64_t now_s);

/* The first instant from `at_s` on at which a routine message may leave. */
int64_t outbox_permitted_s(const struct notify_policy *policy, int64_t at_s);

#endif
