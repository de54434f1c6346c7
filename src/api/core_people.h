/* Executes the people's part of the core port over the security room: the program's core hands these operations here. */
#ifndef API_CORE_PEOPLE_H
#define API_CORE_PEOPLE_H

#include "api/core_port.h"
#include "security/people.h"

/* Is it one of the operations below CORE_AREA_CREATE? */
bool core_people_knows(enum core_operation operation);

/* now_s    platform time
 * returns  0; the negative reason of the security room or of the store, with *reply written */
int core_people_execute(struct people_store *store, int64_t now_s, enum core_operation operation, const void *request,
    struct core_reply *reply);

#endif
