/* The right of one core to write a shard: taken in the database, proved in every transaction, lost by being taken.
 *
 * Times are ms of a clock that nobody sets, of the machine that calls; they are never stored. One thread. */
#ifndef LEASE_LEASE_H
#define LEASE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#define LEASE_QUIET_MS 5000 /* an owner that has changed nothing for so long may be replaced */
#define LEASE_BEAT_MS 1000  /* an owner changes the row so often, whether there is work or not */
#define LEASE_LOOK_MS 500   /* who waits looks so often */
#define LEASE_OWNER_LIMIT 64

#define LEASE_ERRORS(ROW) \
    ROW(LEASE_ERR_LOST, -1, "another core has taken the shard over") \
    ROW(LEASE_ERR_OWNER, -2, "the name of the core is empty or too long")

#define LEASE_ERROR_ENUM(name, value, text) name = (value),
enum lease_error { LEASE_ERRORS(LEASE_ERROR_ENUM) };
#undef LEASE_ERROR_ENUM

/* English text for one of LEASE_ERR_*; "unknown error" for any other number. Never NULL, static lifetime. */
const char *lease_error_text(int error);

struct lease_row {
    char owner[LEASE_OWNER_LIMIT]; /* "": given back */
    uint64_t epoch;                /* of the owner; 0: nobody has ever owned it */
    uint64_t beat;                 /* counts the owner's changes */
};

/* Where the row rests. Negative answers are the store's reasons and are handed on. */
struct lease_store {
    void *context;
    /* The row of a shard; all zeros when there is none. returns 0; negative */
    int (*read)(void *context, uint32_t shard, struct lease_row *out);
    /* In a transaction of its own: make `owner` the owner with the next epoch, if the row is still as `seen`.
     * returns  1 done, and durable; 0 it had changed; negative */
    int (*take)(void *context, uint32_t shard, const struct lease_row *seen, const char *owner);
    /* In the caller's transaction: count a beat, if the epoch is still this one. What others do to the row waits until
     * the transaction has ended.
     * returns  1 it is; 0 it is not; negative */
    int (*beat)(void *context, uint32_t shard, uint64_t epoch);
    /* In a transaction of its own: nobody is the owner, if the epoch is still this one. returns 0; negative */
    int (*give_back)(void *context, uint32_t shard, uint64_t epoch);
};

struct lease {
    const struct lease_store *store;
    uint32_t shard;
    char owner[LEASE_OWNER_LIMIT];
    struct lease_row seen; /* while waiting: the row at the last look */
    int64_t seen_ms;       /* when it was first seen so */
    bool has_looked;
    uint64_t epoch;        /* 0: not the owner */
};

/* Begin to wait for a shard.
 * owner    this core's name, the same at every start and of no other core: it takes back at once what it had
 * returns  0; LEASE_ERR_OWNER */
int lease_begin(struct lease *lease, const struct lease_store *store, uint32_t shard, const char *owner);

/* Look whether the shard can be had, and take it.
 * returns  1 it is ours: lease->epoch; 0 not yet: look again in LEASE_LOOK_MS; the store's negative reason */
int lease_look(struct lease *lease, int64_t now_ms);

/* The first step of a transaction: prove that the shard is still ours, and hold it until the transaction ends.
 * returns  0; LEASE_ERR_LOST: undo the transaction and end; the store's negative reason */
int lease_prove(struct lease *lease);

/* Let the next one begin at once. The epoch is gone, whatever the answer. returns 0; the store's negative reason */
int lease_give_back(struct lease *lease);

#endif
