/* How a process comes to be the core of a database on a server, where several may want to (lease/lease.h).
 *
 * Until the shard can be had the database is only read, so that a newer program that stands by does not change the schema
 * under an older one that works. Once it is ours a thread counts a beat every second until the core does so itself: the
 * archive of a large town takes longer to load than an owner may be quiet. */
#ifndef APPS_METERWORKS_CORE_WAIT_H
#define APPS_METERWORKS_CORE_WAIT_H

#include <stdint.h>

struct core_wait;

/* path     "postgresql://..."; copied
 * folder   the data folder: with the machine's name it makes the name of this core
 * out      given back by core_wait_close
 * returns  0; -1 with one sentence in `problem` */
int core_wait_open(const char *path, const char *folder, struct core_wait **out, char problem[256]);

/* Look whether the shard can be had.
 * now_ms   of a clock that nobody sets
 * returns  1 it is ours; 0 not yet: look again in LEASE_LOOK_MS; the store's negative reason: the same, if it passes */
int core_wait_look(struct core_wait *wait, int64_t now_ms);

/* What the negative answer of core_wait_look means, in one sentence. */
void core_wait_problem(const struct core_wait *wait, int reason, char problem[256]);

/* After core_wait_look gave 1. */
uint32_t core_wait_shard(const struct core_wait *wait);
uint64_t core_wait_epoch(const struct core_wait *wait);

/* The name of the core that has the shard, as far as it is known. */
const char *core_wait_owner(const struct core_wait *wait);

/* No more beats from here: the core counts them, or gives the shard back. Accepts NULL. */
void core_wait_close(struct core_wait *wait);

#endif
