/* The names that profiles may use, gathered from the rooms that own them. */
#ifndef APPS_METERWORKS_PROFILE_VOCABULARY_H
#define APPS_METERWORKS_PROFILE_VOCABULARY_H

#include "registry/profile.h"

/* What it points to has static lifetime. */
struct profile_vocabulary profile_vocabulary_make(void);

#endif
