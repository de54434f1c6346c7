/* Which messages came already, and what they were answered (RFC 7252, 4.5).
 *
 * A ring in order of arrival: when it is full the oldest entry is forgotten. An entry counts for EXCHANGE_LIFETIME.
 * 24 bytes an entry and 4 for the index. */
#ifndef DIALOG_DUPLICATE_CACHE_H
#define DIALOG_DUPLICATE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How an answer is built again from the repeated message itself. */
enum answer_shape {
    ANSWER_PENDING,  /* the core has not spoken yet: silence */
    ANSWER_RESPONSE, /* `code`, no payload */
    ANSWER_LOCATION, /* 2.01 with the handle of device_id */
    ANSWER_EMPTY,    /* an empty acknowledgement: of a notification */
    ANSWER_RESET
};

struct duplicate_entry {
    uint64_t key;       /* of peer and message id */
    uint32_t content;   /* of the whole message: a restarted device may use a message id again */
    uint32_t time_s;
    uint32_t device_id; /* for ANSWER_LOCATION */
    uint32_t previous;  /* arrival number of the one before it in the same bucket */
    uint8_t code;
    uint8_t shape; /* enum answer_shape */
    bool forgotten;
};

struct duplicate_cache {
    struct duplicate_entry *entries;
    uint32_t *buckets; /* newest arrival number, 0 none */
    uint32_t capacity; /* a power of two */
    uint32_t arrivals; /* number of the newest entry; numbers wrap, 0 is left out */
};

/* capacity  rounded up to a power of two, at most 2^30
 * returns   true; false without memory */
bool duplicate_cache_open(struct duplicate_cache *cache, uint32_t capacity);

/* Accepts zeros. */
void duplicate_cache_close(struct duplicate_cache *cache);

/* The entry of a message that came before, or NULL. Good until the next put. */
struct duplicate_entry *duplicate_cache_find(struct duplicate_cache *cache, uint64_t key, uint32_t content,
                                             uint32_t now_s);

/* Remember a message.
 * evicted  set when an entry that still counted was forgotten
 * returns  its arrival number, for duplicate_cache_at */
uint32_t duplicate_cache_put(struct duplicate_cache *cache, uint64_t key, uint32_t content, uint32_t now_s,
                             bool *evicted);

/* The entry with this arrival number, or NULL when it was overwritten since. */
struct duplicate_entry *duplicate_cache_at(struct duplicate_cache *cache, uint32_t arrival);

#endif
