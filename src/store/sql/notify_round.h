/* What is the same for many notices, read once for all of them: between begin and end nobody changes a tenant's settings,
 * words, areas or recipients, and how many messages came into which state is added up. */
#ifndef STORE_SQL_NOTIFY_ROUND_H
#define STORE_SQL_NOTIFY_ROUND_H

#include "base/undo.h"
#include "notify/notify_store.h"

#define NOTIFY_ROUND_COUNT_LIMIT 64 /* tenants times channels times states; more are written earlier */

struct notify_round_words {
    bool known;
    bool own;                       /* the operator has words of his own */
    char text[NOTICE_TEXT_SIZE];
};

/* One that is told of every account of an area. */
struct notify_round_recipient {
    int64_t recipient_id;
    struct notify_recipient recipient;
};

/* What one row of table message_count grows by. */
struct notify_round_count {
    uint32_t tenant_id;
    uint8_t channel;
    uint8_t state;
    int64_t messages;
};

struct notify_round {
    bool open;
    struct undo *undo;              /* a step that is taken back takes its messages off the counts; may be NULL */
    uint32_t tenant_id;             /* whose policy, words and waiting messages are known; 0 nobody's */
    bool policy_known, waiting_known;
    struct notify_policy policy;
    int64_t waiting;                /* in the table, without `counts` */
    struct notify_round_words words[NOTICE_KIND_COUNT][2]; /* by enum notice_kind and notice_language */
    int64_t area_id;                /* whose recipients are known; 0 none's */
    uint8_t kind;                   /* of the notices that they are for */
    int recipient_count;
    struct notify_round_recipient recipients[NOTIFY_RECIPIENT_LIMIT];
    uint32_t count_count;
    struct notify_round_count counts[NOTIFY_ROUND_COUNT_LIMIT];
};

/* Nothing is known and nothing added up. */
void notify_round_clear(struct notify_round *round);

/* What is known from here on is the tenant's. */
void notify_round_tenant(struct notify_round *round, uint32_t tenant_id);

/* Add a message.
 * returns  1; 0 there is no place: write the counts first; STORE_ERR_MEMORY: what was before cannot be remembered */
int notify_round_count_add(struct notify_round *round, uint32_t tenant_id, uint8_t channel, uint8_t state);

/* The counts stand in the table now.
 * returns  0; STORE_ERR_MEMORY */
int notify_round_counts_forget(struct notify_round *round);

/* What waits in the table is known from here on.
 * returns  0; STORE_ERR_MEMORY */
int notify_round_waiting_know(struct notify_round *round, int64_t waiting);

/* Messages of the tenant that are added up and wait or are being sent. */
int64_t notify_round_waiting(const struct notify_round *round, uint32_t tenant_id);

#endif
