/* What became of a transaction whose commit was not answered. */
#ifndef STORE_POSTGRES_POSTGRES_OUTCOME_H
#define STORE_POSTGRES_POSTGRES_OUTCOME_H

#include "store/postgres/postgres_exchange.h"

/* Connect anew and ask, for a minute at most.
 * returns  0 it is stored; STORE_ERR_CONNECTION nothing of it is; STORE_ERR_UNSURE nobody says, and the store does
 *          nothing any more */
int postgres_outcome_find(struct postgres_store *store, uint64_t transaction);

#endif
