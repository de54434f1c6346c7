/* What wrong passwords cost beside the login's own lock: a login that nobody has is locked like one that somebody has, so that
 * trying tells nobody which there are. In memory alone, bounded, any thread. Time is passed in. */
#ifndef API_SIGN_IN_GUARD_H
#define API_SIGN_IN_GUARD_H

#include <stdint.h>

#include "base/span.h"

#define SIGN_IN_NOBODY_LIMIT 4096 /* logins of nobody that are remembered; of eight that meet, the oldest gives way */

struct sign_in_guard;

/* Two doors, each with its own logins; and the marks of browsers that are known (sign_in.h), which are remembered like logins. */
enum sign_in_door { SIGN_IN_PERSON, SIGN_IN_RESIDENT, SIGN_IN_BROWSER };

/* NULL: no memory. */
struct sign_in_guard *sign_in_guard_open(void);

/* NULL is accepted. */
void sign_in_guard_close(struct sign_in_guard *guard);

/* Seconds for which the login, which nobody has, is locked; 0 not. */
int64_t sign_in_nobody_locked_s(struct sign_in_guard *guard, enum sign_in_door door, struct span login, int64_t wall_s);

/* One more wrong password for it: sign_in_lock_s says what follows. */
void sign_in_nobody_failed(struct sign_in_guard *guard, enum sign_in_door door, struct span login, int64_t wall_s);

#endif
