/* What `meterworks profile` and `meterworks encode` share. */
#ifndef APPS_METERWORKS_PROFILE_COMMAND_H
#define APPS_METERWORKS_PROFILE_COMMAND_H

#include "registry/profile.h"

/* "file:line: words" on standard error. */
void profile_problems_print(const struct profile_problems *problems);

/* Its commands and points on standard output. */
void profile_offer_print(const struct device_profile *profile);

/* A packed profile by name, or a file; says on standard error when there is none.
 * out      lives as long as the set
 * returns  the set, to be closed by the caller; NULL */
struct profile_set *profile_named_read(const char *name, const struct device_profile **out);

int profile_run(int argument_count, char **arguments);

#endif
