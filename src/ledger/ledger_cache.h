/* Accounts kept in memory between many postings of one transaction: each is read once and written once.
 *
 * The cache is a ledger_store in front of another one: the ledger posts to it as to any store. Accounts and time spans wait
 * for ledger_cache_flush, which comes before the commit; transfers without a key are written some dozens at a time. */
#ifndef LEDGER_LEDGER_CACHE_H
#define LEDGER_LEDGER_CACHE_H

#include "ledger/ledger_store.h"

/* Accounts held; what comes beyond them goes straight to the store behind. */
#define LEDGER_CACHE_LIMIT 8192

struct ledger_cache;

/* store    lives longer than the cache
 * returns  NULL without memory */
struct ledger_cache *ledger_cache_open(const struct ledger_store *store);

/* Accepts NULL. What was not flushed is lost. */
void ledger_cache_close(struct ledger_cache *cache);

/* The cache as a store. */
const struct ledger_store *ledger_cache_store(const struct ledger_cache *cache);

/* Read these accounts together, because postings to them follow; what the cache has no room for is read when it is posted to.
 * returns  0; negative of the store */
int ledger_cache_prime(struct ledger_cache *cache, const int64_t ledger_account_ids[], uint32_t count);

/* A step that can be taken back: revert puts every account to where it stood at begin (the caller begins the step in the
 * store behind after this, and reverts it there). Steps do not nest; a flush inside a step is not permitted.
 * begin returns  0; negative of the store */
int ledger_cache_step_begin(struct ledger_cache *cache);
void ledger_cache_step_keep(struct ledger_cache *cache);
void ledger_cache_step_revert(struct ledger_cache *cache);

/* Write what has changed, in the order the accounts came, and forget everything.
 * returns  0; negative of the store: the transaction must be taken back, and the cache dropped */
int ledger_cache_flush(struct ledger_cache *cache);

/* Forget everything, after the transaction was taken back. */
void ledger_cache_drop(struct ledger_cache *cache);

#endif
