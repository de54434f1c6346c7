/* The core: every room behind the dialog over one store, and the only pen that writes.
 *
 * One call of core_work is one transaction: the uplinks and calls it was given and the work that has become due are
 * done together, committed, and only then acknowledged, answered and told to listeners. When the store refuses, nothing
 * of it remains: memory is put back, uplinks are not accepted, calls are answered with the store's reason. When a room
 * refuses, the calls, the uplinks (by halves) and the due work are tried again in transactions of their own, and only
 * what is refused there alone is lost.
 *
 * Single-threaded, no clock, no socket: the server runs it in a thread, tests and the simulation call it directly. */
#ifndef APPS_METERWORKS_CORE_H
#define APPS_METERWORKS_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apps/meterworks/core_channel.h"
#include "base/counter.h"
#include "base/downlink.h"
#include "base/line_order.h"
#include "base/uplink.h"

#define CORE_BATCH_LIMIT 4096 /* uplinks in one transaction */
#define CORE_CALL_LIMIT 64    /* calls in one transaction */

struct core;
struct key_holder;
struct live_hub;
struct store;
struct registry;

/* What the meters of a model hold of their customers' (base/device_profile.h). */
struct core_holding {
    bool takes_purchases;
    bool units;
    int32_t smallest_fen;
};

/* Whom the core tells, always after the commit. Any may be NULL. */
struct core_ports {
    void *context;
    void (*acknowledge)(void *context, const struct uplink_acknowledgement *acknowledgement);
    /* false: the gate is full; the command waits for the device's next window */
    bool (*deliver)(void *context, const struct downlink *downlink);
    /* The archive changed: an IMEI may speak (secured_only: through DTLS only), or may no longer.
     * false: the gate is full; the core tries again in its next transaction */
    bool (*device_put)(void *context, uint64_t imei, uint32_t device_id, bool secured_only);
    bool (*device_remove)(void *context, uint64_t imei, uint32_t device_id);
    /* An order for a line; what becomes of it comes back as uplinks, the last with order_ended set.
     * false: the gate is full; the order has not left and stays the core's */
    bool (*line_order)(void *context, const struct line_order *order);
    /* An order is no longer wanted. What is under way ends by itself, so its last uplink comes in any case.
     * false: the gate is full */
    bool (*line_cancel)(void *context, uint32_t line_id, uint64_t order_id);
    /* The archive of lines changed: one is new, different or (removed) no longer served.
     * false: the gate is full; the core tries again in its next transaction */
    bool (*line_put)(void *context, const struct line_record *record);
    /* Messages may have become due for the senders. */
    void (*messages_wait)(void *context);
    /* What a model holds: true and *out; false when there is no such model. Any thread's. */
    bool (*holding)(void *context, const char *profile, struct core_holding *out);
};

struct core_config {
    const char *path;         /* database file; made when missing */
    int64_t page_limit;       /* 0 none; a bound of the file in pages, for tests of a full disk */
    const char *synchronous;  /* NULL: FULL */
    uint32_t device_limit;    /* 0: what the registry holds at most */
    uint32_t loading_large;   /* from so many devices on archive and states are loaded side by side; 0: 100,000 */
    uint64_t seed;            /* of the hash tables */
    size_t undo_capacity;     /* bytes of before-images of one transaction; 0: enough for CORE_BATCH_LIMIT uplinks */
    struct live_hub *live;    /* may be NULL */
    const struct key_holder *keys; /* seals what devices' secrets are; NULL: secrets are refused. Lives longer */
    bool events_inside;       /* endpoints of events may lie inside the house's networks */
    uint64_t lease_epoch;     /* proved in every transaction (lease/lease.h); 0: a lock elsewhere keeps others out */
    uint32_t message_channels; /* MESSAGE_CHANNEL_BIT of those with a provider; of the others messages are kept */
    struct core_ports ports;
};

/* out      owned by the caller
 * problem  one sentence for the operator when it fails
 * returns  0; the negative reason of the room that could not start */
int core_open(const struct core_config *config, struct core **out, char problem[256]);

/* Accepts NULL. What was committed stays; nothing else does. */
void core_close(struct core *core);

/* One transaction.
 * uplinks  at most CORE_BATCH_LIMIT; each gets one acknowledgement through the port
 * calls    at most CORE_CALL_LIMIT; each result and reply is filled in
 * now_s    seconds since 1970 UTC; never goes back
 * returns  0, also when a room refused a part; the store's negative reason when it cannot store, STORE_ERR_FENCED among
 *          them: another core owns the shard, and this one never stores anything again */
int core_work(struct core *core, const struct uplink *uplinks, size_t uplink_count, struct core_call *calls[],
              size_t call_count, int64_t now_s);

/* One call in a transaction of its own: for tests, the demonstration's archive and subcommands. */
int core_execute(struct core *core, enum core_operation operation, const void *request, struct core_reply *reply,
                 int64_t now_s);

/* A tenant with its root area, as the first step of a new installation. Own transaction.
 * returns  0 with both identifiers; the registry's or the store's reason */
int core_tenant_add(struct core *core, const char *name, int32_t zone_offset_s, int64_t now_s, uint32_t *tenant_id,
                    uint32_t *root_area_id);

/* Whether due work was cut short by its bound: call core_work again soon. */
bool core_work_remains(const struct core *core);

/* Which shard of the installation this is: 0 where nobody said otherwise when it was made. */
uint32_t core_shard(const struct core *core);

/* Before an orderly end, after the last core_work: bring the rows of all states up to what a storm of reports left in the log, some
 * thousand in a transaction, so that whoever reads the store finds them. What a failure leaves is found by the next core. */
void core_rest(struct core *core);

/* The archive, to fill a gate's directory before it starts. */
const struct registry *core_registry(const struct core *core);

/* Tell the line gate, through its port, the lines that it has not been told since the start. The core does so after
 * every commit; called once before the gate runs it spares concentrators that dial in at once being sent away. */
void core_lines_tell(struct core *core);

/* English sentence for any negative answer of the core. Never NULL. */
const char *core_error_text(int error);

/* The store, for tests that look or hurt. */
struct store *core_store(struct core *core);

/* Lives as long as the core; any thread may read it. */
struct counter_table *core_counters(struct core *core);

#endif
