/* What the core has in memory of every device, read from the store when it starts. */
#ifndef APPS_METERWORKS_CORE_LOADING_H
#define APPS_METERWORKS_CORE_LOADING_H

#include "apps/meterworks/core_internal.h"

/* Open core->registry and core->reading over stores that are open. Archive and states of a large house are read by as many threads as
 * there are processors (at most four), each with a connection of its own and the devices range by range; threads and connections are
 * gone when this returns.
 * returns  0; negative of the rooms or the store */
int core_rooms_load(struct core *core);

#endif
