/* Memory by lifetime: take freely for one message, request or connection, give everything back at once.
 *
 * Grows by blocks up to a bound; a reset keeps the first block, so a steady load asks the system for nothing. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena_block;

/* All members are the arena's own. One thread. */
struct arena {
    struct arena_block *first;
    struct arena_block *current;
    size_t block_size;
    size_t limit;    /* bytes of all blocks together at most */
    size_t reserved; /* bytes of all blocks now */
};

/* An empty arena; takes no memory yet.
 * block_size  bytes of a usual block; larger wishes get a block of their own
 * limit       bytes the arena may hold at most, its blocks' heads included */
struct arena arena_make(size_t block_size, size_t limit);

/* Zeroed memory, aligned for any type; valid until reset or release. NULL when the bound is reached or memory is
 * out. Size 0 gives a pointer that must not be used. */
void *arena_take(struct arena *arena, size_t size);

/* The same for `count` elements; NULL also when the product does not fit a size_t. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* A zero-terminated copy of `text`, or NULL. */
char *arena_text(struct arena *arena, struct span text);

/* Everything taken becomes invalid; the first block stays. */
void arena_reset(struct arena *arena);

/* Everything taken becomes invalid and all memory goes back; an empty or zeroed arena is accepted. */
void arena_release(struct arena *arena);

#endif
