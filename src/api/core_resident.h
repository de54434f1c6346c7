/* Executes the residents' part of the core port over the security room: the program's core hands these operations here. */
#ifndef API_CORE_RESIDENT_H
#define API_CORE_RESIDENT_H

#include "api/core_port.h"
#include "security/resident.h"

/* Is it one of CORE_RESIDENT_*? */
bool core_resident_knows(enum core_operation operation);

/* now_s    platform time
 * returns  0; the negative reason of the security room or of the store, with *reply written */
int core_resident_execute(struct resident_store *store, int64_t now_s, enum core_operation operation, const void *request,
    struct core_reply *reply);

#endif
