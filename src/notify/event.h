/* Events for other systems: what happened to bills, payments and supply, one message in the outbox for each address
 * (webhook endpoint) that wants to know, in the transaction of what causes it. */
#ifndef NOTIFY_EVENT_H
#define NOTIFY_EVENT_H

#include "notify/notify_store.h"
#include "notify/provider.h"

#define EVENT_ENDPOINT_LIMIT 64  /* of a tenant */
#define EVENT_NAME_SIZE 64
#define EVENT_KINDS_SIZE 400
#define EVENT_OVERLAP_S 86400    /* after a secret was changed the old one signs too */

/* The name in the API is event_kind_name(). */
enum event_kind {
    EVENT_BILL_ISSUED = 1,
    EVENT_PAYMENT_RECEIVED,
    EVENT_PAYMENT_REVERSED,
    EVENT_REFUND_PAID,
    EVENT_BALANCE_LOW,
    EVENT_CUT_OFF_PLANNED,
    EVENT_CUT_OFF_EXECUTED,
    EVENT_SUPPLY_RESTORED,
    EVENT_COMMAND_FINISHED,
    EVENT_TEST,                  /* to one endpoint, when somebody asks for it */
    EVENT_KIND_COUNT
};

/* One row of table webhook_endpoint. */
struct event_endpoint {
    int64_t endpoint_id;
    int64_t tenant_id;
    int64_t area_id;             /* wants to know of this area and all below */
    int64_t generation;          /* of its secret */
    int64_t rotated_s;           /* when the present generation began; 0: the first */
    int64_t created_s;
    bool disabled;
    char name[EVENT_NAME_SIZE];
    char url[MESSAGE_URL_SIZE];
    char kinds[EVENT_KINDS_SIZE]; /* names, comma separated */
};

struct event {
    uint32_t tenant_id;
    enum event_kind kind;
    int64_t subject_id;          /* what it is about: payment, notice, command, ...: with the kind the event's number */
    const char *subject;         /* the same as a word, where there is no identifier for all; NULL */
    int64_t account_id;          /* 0: none known */
    int64_t device_id;           /* 0: none */
    int64_t area_id;             /* where it happened */
    int64_t endpoint_id;         /* 0: all that want it */
    int64_t now_s;
    const char *data;            /* members of a JSON object, without braces; good during the call */
};

struct event_store {
    void *context;
    /* 1 with the row; 0 there is none. */
    int (*endpoint_find)(void *context, int64_t endpoint_id, struct event_endpoint *out);
    /* endpoint_id is filled. */
    int (*endpoint_insert)(void *context, struct event_endpoint *endpoint);
    int (*endpoint_update)(void *context, const struct event_endpoint *endpoint);
    int (*endpoints_count)(void *context, int64_t tenant_id, int64_t *count);
    /* Those of the tenant that are not switched off, want the kind, and whose area holds `area_id`.
     * returns  how many, at most EVENT_ENDPOINT_LIMIT; negative of the store */
    int (*endpoints_wanting)(void *context, uint32_t tenant_id, const char *kind, int64_t area_id,
                             int64_t out[EVENT_ENDPOINT_LIMIT]);
    /* Whoever has this message answered, or could not be reached: then it is left alone for a while. */
    int (*endpoint_reached)(void *context, int64_t message_id, bool reached, int64_t now_s);
};

/* "bill.issued", ...; "unknown" outside. */
const char *event_kind_name(int kind);

/* Is `list` one or more names of kinds separated by commas, without the test? */
bool event_kinds_check(const char *list);

/* May events be sent there? https:// and a host; http:// only when `inside` networks are permitted. Whether the host lies
 * inside is seen when it is connected to.
 * returns  0; NOTIFY_ERR_EVENT_URL */
int event_url_check(const char *url, bool inside);

/* One message for each endpoint that wants it: what is sent is written here, once, and stays the same.
 * channels  MESSAGE_CHANNEL_BIT of those with a sender
 * returns   how many; NOTIFY_ERR_LONG; negative of the store */
int event_post(const struct event_store *events, const struct notify_store *store, const struct event *event,
               uint32_t channels);

/* How events leave: the sender takes them like any provider's messages. */
extern const struct provider_kind event_provider_kind;

#endif
