/* How the lines of an estate are: who is connected, whose clock is wrong, and whether each concentrator holds the same
 * archive as the platform (S2-027).
 *
 * Single-threaded; everything belongs to the core's transaction, except estate_order_next and estate_order_left, which
 * are called after a commit. */
#ifndef ESTATE_ESTATE_H
#define ESTATE_ESTATE_H

#include <stdbool.h>

#include "base/line_order.h"
#include "base/undo.h"
#include "base/uplink.h"
#include "estate/estate_error.h"
#include "estate/estate_store.h"
#include "registry/registry.h"

#define ESTATE_OFFLINE_S 300       /* a concentrator that dials in again within this time was never away */
#define ESTATE_CLOCK_BOUND_S 120   /* beyond it a concentrator's freezes are not of midnight */
#define ESTATE_CONTACT_STEP_S 60   /* contacts closer together are not worth a write */
#define ESTATE_SYNC_LIMIT 64       /* downloads under way at a time; the others are queued */
#define ESTATE_SYNC_TRIES 5        /* of one order, while the concentrator is connected */
#define ESTATE_SYNC_PASSES 2       /* of writing and reading back */
#define ESTATE_SYNC_ANSWER_S 1800  /* an order that nobody answered for so long is asked again */
#define ESTATE_ORDER_SPACE (UINT64_C(1) << 62) /* order_id of a download: this, and the concentrator's device_id below */

enum estate_condition { ESTATE_OFFLINE = 0, ESTATE_CLOCK, ESTATE_ARCHIVE };

struct estate_config {
    const struct estate_store *store; /* lives as long as the room */
    struct registry *registry;
    struct undo *undo;                /* may be NULL */
    uint32_t device_limit;            /* 0: REGISTRY_DEVICE_LIMIT_DEFAULT */
    uint64_t seed;
    void *listener;
    /* Something about a line is, or is no longer, as it should not be; told again and again. Inside the transaction; may
     * be NULL. A negative answer is handed on. */
    int (*condition)(void *listener, uint32_t line_id, enum estate_condition condition, bool present, const char *detail,
                     int64_t now_s);
    /* A download moved; may be NULL. */
    int (*synced)(void *listener, const struct estate_sync *sync);
};

struct estate_room;

/* Load what is known; nobody is connected yet, and downloads go on where they were.
 * returns  0; ESTATE_ERR_MEMORY; negative of the store; *out untouched on failure */
int estate_open(const struct estate_config *config, struct estate_room **out);

/* Accepts NULL. */
void estate_close(struct estate_room *room);

/* NULL: never heard of. Good until the next call that changes the room. */
const struct estate_line *estate_line_find(const struct estate_room *room, uint32_t line_id);

bool estate_connected(const struct estate_room *room, uint32_t line_id);

/* A message came over the line: presence, clock, contact, and whether it carried readings.
 * returns  1 when the line has just connected, else 0; negative */
int estate_line_observe(struct estate_room *room, uint32_t line_id, const struct uplink *uplink, int64_t now_s);

/* Ask for a download (or, write false, a comparison only).
 * returns  0; ESTATE_ERR_CONCENTRATOR, ESTATE_ERR_SYNC_BUSY; negative of the store */
int estate_sync_ask(struct estate_room *room, uint32_t line_id, bool write, uint32_t person_id, int64_t now_s);

/* An uplink whose order_id is of ESTATE_ORDER_SPACE: entries, or the end of an order. 0; negative. */
int estate_sync_answer(struct estate_room *room, const struct uplink *uplink, int64_t now_s);

/* Take up queued downloads, give up orders that nobody answered, notice who is offline: once a second. 0; negative. */
int estate_tick(struct estate_room *room, int64_t now_s);

/* After a commit: the next order that should leave. Call again until false.
 * position  begins at 0
 * returns   true and *out */
bool estate_order_next(struct estate_room *room, size_t *position, int64_t now_s, struct line_order *out);

/* It has left; without this call it is offered again. */
void estate_order_left(struct estate_room *room, const struct line_order *order, int64_t now_s);

#endif
