/* A map from 64-bit keys to 64-bit values: open addressing, linear probing, at most three quarters full.
 *
 * Keys are spread by a seed, so a stranger who chooses keys cannot choose buckets. Grows by doubling up to its bound;
 * 16 bytes and one mark byte per slot, so 23 to 45 bytes per entry between growths. Key 0 is a key like any other.
 * Pointers and positions are valid until the next map_put or map_remove. One thread. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    uint64_t key;
    uint64_t value;
};

/* All members are the map's own; `count` may be read. */
struct map {
    struct map_slot *slots;
    uint8_t *used;
    size_t slot_count; /* a power of two, or 0 before the first entry */
    size_t count;      /* entries */
    size_t limit;      /* entries at most */
    uint64_t seed;
};

/* An empty map that will hold at most `limit` entries; takes no memory yet. Release with map_release. */
struct map map_make(size_t limit, uint64_t seed);

/* Gives the memory back and leaves an empty map; an empty or zeroed map is accepted. */
void map_release(struct map *map);

/* Make room for so many entries in all at once, so that filling the map copies nothing.
 * returns  0; BASE_ERR_FULL when that is more than the map may hold; BASE_ERR_MEMORY. The map is unchanged on error */
int map_reserve(struct map *map, size_t count);

/* Set the value of a key.
 * returns  1 when the key is new, 0 when its value was replaced; BASE_ERR_FULL when `limit` entries are there and the
 *          key is new; BASE_ERR_MEMORY. The map is unchanged on error */
int map_put(struct map *map, uint64_t key, uint64_t value);

/* True and the value, or false with `value` untouched. `value` may be NULL. */
bool map_get(const struct map *map, uint64_t key, uint64_t *value);

/* True when the key was there. Never shrinks. */
bool map_remove(struct map *map, uint64_t key);

/* Walk all entries in slot order: start with *position = 0; false at the end.
 * The order is the same for the same sequence of calls and seed. */
bool map_next(const struct map *map, size_t *position, struct map_slot *entry);

#endif
