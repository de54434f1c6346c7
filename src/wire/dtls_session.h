/* All that is kept of a DTLS peer once its handshake is done, and the table of such sessions.
 *
 * Found by address, kept in order of last use. Bounded: a full table gives up the session unused for longest. */
#ifndef WIRE_DTLS_SESSION_H
#define WIRE_DTLS_SESSION_H

#include "base/dense_array.h"
#include "base/hash.h"
#include "base/map.h"
#include "wire/dtls_record.h"
#include "wire/peer_address.h"

struct dtls_session {
    struct peer_address peer;
    uint8_t suite; /* enum dtls_suite */
    bool in_use;
    uint32_t older; /* neighbours in order of last use; DTLS_SESSION_NONE at the ends */
    uint32_t newer;
    uint64_t principal;
    uint64_t write_sequence; /* of the next record we seal, epoch 1 */
    struct dtls_replay_window window;
    struct dtls_direction_key read_key;
    struct dtls_direction_key write_key;
};

struct dtls_session_table {
    struct dense_array sessions;
    struct map by_address; /* keyed hash of the address -> session */
    struct hash_key hash_key;
    uint32_t limit;
    uint32_t count;
    uint32_t next_unused; /* numbers from here on were never used */
    uint32_t free_first;  /* given back, linked by `newer` */
    uint32_t oldest;
    uint32_t newest;
};

/* returns  0; WIRE_ERR_MEMORY */
int dtls_session_table_open(struct dtls_session_table *table, uint32_t limit, struct hash_key hash_key);

/* Wipes all keys. Accepts a table of zeros. */
void dtls_session_table_close(struct dtls_session_table *table);

/* The session at an address, or DTLS_SESSION_NONE. */
uint32_t dtls_session_table_find(const struct dtls_session_table *table, const struct peer_address *peer);

/* A session in use, or NULL. The pointer is good until the table is closed. */
struct dtls_session *dtls_session_table_at(const struct dtls_session_table *table, uint32_t number);

/* A fresh session of zeros for an address that has none, as the newest.
 * evicted  set to true when the oldest had to go
 * out      its number
 * returns  0; WIRE_ERR_MEMORY */
int dtls_session_table_add(struct dtls_session_table *table, const struct peer_address *peer, bool *evicted,
                           uint32_t *out);

/* It was used just now. */
void dtls_session_table_touch(struct dtls_session_table *table, uint32_t number);

/* End a session and wipe its keys. */
void dtls_session_table_remove(struct dtls_session_table *table, uint32_t number);

#endif
