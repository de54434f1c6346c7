#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t capacity; /* bytes behind the head */
    size_t used;
};

/* What malloc promises on the machines we build for, and what the strictest type asks for. */
#define ALIGNMENT ((size_t)16)
#define HEAD_SIZE ((sizeof(struct arena_block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

struct arena arena_make(size_t block_size, size_t limit)
{
    struct arena arena = { NULL, NULL, block_size, limit, 0 };
    return arena;
}

static struct arena_block *block_add(struct arena *arena, size_t wanted)
{
    size_t capacity = wanted > arena->block_size ? wanted : arena->block_size;
    if (arena->limit < HEAD_SIZE || capacity > arena->limit - HEAD_SIZE ||
        HEAD_SIZE + capacity > arena->limit - arena->reserved)
        return NULL;
    struct arena_block *block = malloc(HEAD_SIZE + capacity);
    if (!block)
        return NULL;
    block->next = NULL;
    block->capacity = capacity;
    block->used = 0;
    if (arena->current)
        arena->current->next = block;
    else
        arena->first = block;
    arena->current = block;
    arena->reserved += HEAD_SIZE + capacity;
    return block;
}

void *arena_take(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT)
        return NULL;
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_block *block = arena->current;
    if (!block || rounded > block->capacity - block->used)
        block = block_add(arena, rounded);
    if (!block)
        return NULL;
    uint8_t *place = (uint8_t *)block + HEAD_SIZE + block->used;
    block->used += rounded;
    memset(place, 0, size);
    return place;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        return NULL;
    return arena_take(arena, count * size);
}

char *arena_text(struct arena *arena, struct span text)
{
    if (text.size == SIZE_MAX)
        return NULL;
    char *copy = arena_take(arena, text.size + 1);
    if (copy && text.size > 0)
        memcpy(copy, text.bytes, text.size);
    return copy;
}

static void blocks_free(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_reset(struct arena *arena)
{
    if (!arena->first)
        return;
    blocks_free(arena->first->next);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->current = arena->first;
    arena->reserved = HEAD_SIZE + arena->first->capacity;
}

void arena_release(struct arena *arena)
{
    blocks_free(arena->first);
    *arena = arena_make(arena->block_size, arena->limit);
}
