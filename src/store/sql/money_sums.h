/* The sums that reports of money and the trial balance read (tables money_day, money_month and book_day), kept up with the transfers. */
#ifndef STORE_SQL_MONEY_SUMS_H
#define STORE_SQL_MONEY_SUMS_H

#include <stdint.h>

#include "store/store.h"

struct money_sums;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int money_sums_open(struct store *store, struct money_sums **out);

/* Accepts NULL. Close before the store. */
void money_sums_close(struct money_sums *sums);

/* Add the transfers after the newest one that is in the sums, at most `limit` of them to each kind of sums, in the caller's transaction: a
 * transfer is in the sums once, whatever ends in between.
 * returns  1 there may be more; 0 all are in; STORE_ERR_* */
int money_sums_fold(struct money_sums *sums, int64_t limit);

#endif
