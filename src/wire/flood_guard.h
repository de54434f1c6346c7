/* How many datagrams each address may send in a second: a device that floods takes its own share and nobody else's.
 *
 * Two rows of counters, each found by another half of the address's keyed hash; what counts is the smaller one, so that
 * another address suffers only when both of its places are those of a flood (for one flood 1 in 2^30). Memory is fixed
 * whatever comes, and nothing is kept of an address for longer than its second. */
#ifndef WIRE_FLOOD_GUARD_H
#define WIRE_FLOOD_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counter.h"
#include "base/hash.h"
#include "wire/peer_address.h"

#define FLOOD_GUARD_LIMIT_DEFAULT 100 /* datagrams a second of one address; a meter's handshake and report take 12 */

struct flood_guard;

enum flood_counter { FLOOD_DROPPED, FLOOD_COUNTER_COUNT };

/* limit     datagrams a second of one address, 1 to 65,534; 0: FLOOD_GUARD_LIMIT_DEFAULT
 * hash_key  random; new at each start
 * returns   0; WIRE_ERR_MEMORY */
int flood_guard_open(uint32_t limit, struct hash_key hash_key, struct flood_guard **out);

/* Accepts NULL. */
void flood_guard_close(struct flood_guard *guard);

/* One more datagram of this address.
 * now_ms   of a clock that nobody sets
 * returns  false: more than its share in this second; drop it, it is counted */
bool flood_guard_admit(struct flood_guard *guard, const struct peer_address *from, int64_t now_ms);

/* Lives as long as the guard; any thread may read it. */
struct counter_table *flood_guard_counters(struct flood_guard *guard);

#endif
