#include "base/map.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/random.h"

#define SLOT_COUNT_FIRST 16

struct map map_make(size_t limit, uint64_t seed)
{
    struct map map = { NULL, NULL, 0, 0, limit, seed };
    return map;
}

void map_release(struct map *map)
{
    free(map->slots);
    free(map->used);
    *map = map_make(map->limit, map->seed);
}

static size_t slot_home(const struct map *map, uint64_t key)
{
    uint64_t mixed = key ^ map->seed;
    return (size_t)random_splitmix(&mixed) & (map->slot_count - 1);
}

/* The slot that holds the key, or the free one where it belongs. Ends because a quarter of the slots is free. */
static size_t slot_find(const struct map *map, uint64_t key)
{
    size_t slot = slot_home(map, key);
    while (map->used[slot] && map->slots[slot].key != key)
        slot = (slot + 1) & (map->slot_count - 1);
    return slot;
}

static void slot_fill(struct map *map, size_t slot, uint64_t key, uint64_t value)
{
    map->slots[slot].key = key;
    map->slots[slot].value = value;
    map->used[slot] = 1;
}

/* slot_count  a power of two, more than there are */
static int slots_grow(struct map *map, size_t slot_count)
{
    struct map larger = *map;
    if (slot_count > SIZE_MAX / sizeof *map->slots)
        return BASE_ERR_MEMORY;
    larger.slot_count = slot_count;
    larger.slots = malloc(larger.slot_count * sizeof *larger.slots);
    larger.used = calloc(larger.slot_count, 1);
    if (!larger.slots || !larger.used) {
        free(larger.slots);
        free(larger.used);
        return BASE_ERR_MEMORY;
    }
    for (size_t i = 0; i < map->slot_count; i++)
        if (map->used[i])
            slot_fill(&larger, slot_find(&larger, map->slots[i].key), map->slots[i].key, map->slots[i].value);
    free(map->slots);
    free(map->used);
    *map = larger;
    return 0;
}

int map_reserve(struct map *map, size_t count)
{
    size_t slot_count = map->slot_count > 0 ? map->slot_count : SLOT_COUNT_FIRST;
    if (count > map->limit)
        return BASE_ERR_FULL;
    while (count > slot_count / 4 * 3) {
        if (slot_count > SIZE_MAX / 2)
            return BASE_ERR_MEMORY;
        slot_count *= 2;
    }
    return slot_count > map->slot_count ? slots_grow(map, slot_count) : 0;
}

int map_put(struct map *map, uint64_t key, uint64_t value)
{
    if (map->slot_count > 0) {
        size_t slot = slot_find(map, key);
        if (map->used[slot]) {
            map->slots[slot].value = value;
            return 0;
        }
    }
    if (map->count >= map->limit)
        return BASE_ERR_FULL;
    if (map->count >= map->slot_count / 4 * 3) {
        int result = map_reserve(map, map->count + 1);
        if (result < 0)
            return result;
    }
    slot_fill(map, slot_find(map, key), key, value);
    map->count++;
    return 1;
}

bool map_get(const struct map *map, uint64_t key, uint64_t *value)
{
    if (map->slot_count == 0)
        return false;
    size_t slot = slot_find(map, key);
    if (!map->used[slot])
        return false;
    if (value)
        *value = map->slots[slot].value;
    return true;
}

/* Closes the hole at `hole`: later entries of the same run move up, unless they would then stand before their home. */
static void hole_close(struct map *map, size_t hole)
{
    size_t mask = map->slot_count - 1;
    for (size_t slot = (hole + 1) & mask; map->used[slot]; slot = (slot + 1) & mask) {
        size_t distance_home = (slot - slot_home(map, map->slots[slot].key)) & mask;
        size_t distance_hole = (slot - hole) & mask;
        if (distance_home < distance_hole)
            continue;
        map->slots[hole] = map->slots[slot];
        hole = slot;
    }
    map->used[hole] = 0;
}

bool map_remove(struct map *map, uint64_t key)
{
    if (map->slot_count == 0)
        return false;
    size_t slot = slot_find(map, key);
    if (!map->used[slot])
        return false;
    hole_close(map, slot);
    map->count--;
    return true;
}

bool map_next(const struct map *map, size_t *position, struct map_slot *entry)
{
    while (*position < map->slot_count && !map->used[*position])
        ++*position;
    if (*position >= map->slot_count)
        return false;
    *entry = map->slots[*position];
    ++*position;
    return true;
}
