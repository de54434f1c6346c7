/* Whether the books balance, by every account of them: of millions that takes most of a second, and every overview that is open asks. One
 * answer a tenant is kept and given to whoever asks within a minute; while a new one is made, others get the last one. Each says when it
 * was made. In memory alone, bounded, any thread. Time is passed in. */
#ifndef API_BOOKS_CHECK_H
#define API_BOOKS_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define BOOKS_CHECK_TENANTS 16   /* whose answers are kept; of more the oldest gives way */
#define BOOKS_CHECK_LIMIT 256    /* bytes of an answer; a longer one is not kept */
#define BOOKS_CHECK_KEPT_MS 60000

struct books_check;

/* NULL: no memory. */
struct books_check *books_check_open(void);

/* NULL is accepted. */
void books_check_close(struct books_check *check);

/* now_ms   monotonic
 * answer   of BOOKS_CHECK_LIMIT bytes
 * returns  the bytes written there; 0: the caller is to make an answer and bring it by books_check_keep */
size_t books_check_find(struct books_check *check, int64_t tenant_id, int64_t now_ms, uint8_t *answer);

/* answer  empty: none could be made */
void books_check_keep(struct books_check *check, int64_t tenant_id, int64_t now_ms, struct span answer);

#endif
