/* What the open interfaces remember between requests: how many a token made lately, and which nonces came. In memory
 * alone, bounded, any thread. Time is passed in. */
#ifndef API_OPEN_GUARD_H
#define API_OPEN_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#define OPEN_GUARD_TALLY_LIMIT 1024 /* tokens and strangers; the one that was quiet longest gives way */
#define OPEN_GUARD_NONCE_LIMIT 32768
#define OPEN_GUARD_NONCE_SIZE 16    /* bytes of a nonce's digest */

struct open_guard;

/* NULL: no memory. */
struct open_guard *open_guard_open(void);

/* NULL is accepted. */
void open_guard_close(struct open_guard *guard);

/* One more request of somebody who may make `per_minute` of them: so many at once, and then one every 60 s / per_minute.
 * who      never 0
 * now_ms   of a clock that only goes forward
 * returns  0 permitted and counted; else after how many seconds the next is, not counted */
int64_t open_guard_count(struct open_guard *guard, uint64_t who, int64_t per_minute, int64_t now_ms);

/* The same without counting. */
int64_t open_guard_look(struct open_guard *guard, uint64_t who, int64_t per_minute, int64_t now_ms);

enum open_nonce { OPEN_NONCE_NEW, OPEN_NONCE_REPEATED, OPEN_NONCE_FULL };

/* Remember a nonce until then. The digest must depend on the token too.
 * returns  _REPEATED when it came before; _FULL when there is no room: it is not remembered, so refuse the request */
enum open_nonce open_guard_nonce(struct open_guard *guard, const uint8_t digest[OPEN_GUARD_NONCE_SIZE], int64_t until_s,
    int64_t now_s);

#endif
