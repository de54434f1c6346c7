/* What the core has in memory of every device, read from the store when it starts. */
#ifndef APPS_METERWORKS_CORE_LOADING_H
#define APPS_METERWORKS_CORE_LOADING_H

#include "apps/meterworks/core_internal.h"

/* Open core->registry and core->reading over stores that are open. Of a large house the archive and the states are read at the
 * same time, each through a connection of its own; the second one is gone when this returns.
 * returns  0; negative of the rooms or the store */
int core_rooms_load(struct core *core);

#endif
