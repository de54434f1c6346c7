/* All that is stored of one midnight, in rows or folded, device by device: for proofs over a whole house. */
#ifndef STORE_SQL_MIDNIGHT_WALK_H
#define STORE_SQL_MIDNIGHT_WALK_H

#include "store/store.h"

/* Called in the order of devices. returns 0 to go on; anything else ends the walk and is its answer */
typedef int midnight_visitor(void *visitor, uint32_t device_id, int64_t register_value);

/* day      since 1970, local
 * returns  0; what a visit answered; STORE_ERR_* */
int midnight_walk(struct store *store, int64_t day, midnight_visitor *visit, void *visitor);

#endif
