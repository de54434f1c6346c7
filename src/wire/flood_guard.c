#include "wire/flood_guard.h"

#include <stdlib.h>
#include <string.h>

#include "wire/wire_error.h"

#define PLACES 32768 /* of a row; a power of two */
#define ROWS 2

struct flood_guard {
    struct hash_key hash_key;
    uint32_t limit;
    int64_t second;
    uint16_t counts[ROWS][PLACES];
    struct counter values[FLOOD_COUNTER_COUNT];
    struct counter_table counters;
};

static const struct counter_description counter_rows[FLOOD_COUNTER_COUNT] = {
    [FLOOD_DROPPED] = { "wire_flood_dropped", "datagrams dropped because their address sent too many in a second" },
};

int flood_guard_open(uint32_t limit, struct hash_key hash_key, struct flood_guard **out)
{
    struct flood_guard *guard = calloc(1, sizeof *guard);
    if (!guard)
        return WIRE_ERR_MEMORY;
    guard->hash_key = hash_key;
    guard->limit = limit ? limit : FLOOD_GUARD_LIMIT_DEFAULT;
    if (guard->limit >= UINT16_MAX)
        guard->limit = UINT16_MAX - 1;
    guard->counters = (struct counter_table){ counter_rows, guard->values, FLOOD_COUNTER_COUNT };
    *out = guard;
    return 0;
}

void flood_guard_close(struct flood_guard *guard)
{
    free(guard);
}

/* Counts up to one above the limit, and answers the count. */
static uint32_t place_count(const struct flood_guard *guard, uint16_t *place)
{
    if (*place <= guard->limit)
        ++*place;
    return *place;
}

bool flood_guard_admit(struct flood_guard *guard, const struct peer_address *from, int64_t now_ms)
{
    uint64_t hash = peer_address_hash(from, guard->hash_key);
    int64_t second = now_ms / 1000;
    if (second != guard->second)
        memset(guard->counts, 0, sizeof guard->counts);
    guard->second = second;
    uint32_t first = place_count(guard, &guard->counts[0][hash % PLACES]);
    uint32_t other = place_count(guard, &guard->counts[1][(hash >> 32) % PLACES]);
    if ((first < other ? first : other) <= guard->limit)
        return true;
    counter_increment(&guard->counters, FLOOD_DROPPED);
    return false;
}

struct counter_table *flood_guard_counters(struct flood_guard *guard)
{
    return &guard->counters;
}
