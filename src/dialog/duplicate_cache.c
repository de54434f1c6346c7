#include "dialog/duplicate_cache.h"

#include <stdlib.h>

#include "codec/coap/coap_message.h"

#define LIFETIME_S (COAP_EXCHANGE_LIFETIME_MS / 1000)
#define CAPACITY_LIMIT ((uint32_t)1 << 30)

bool duplicate_cache_open(struct duplicate_cache *cache, uint32_t capacity)
{
    uint32_t rounded = 1;
    while (rounded < capacity && rounded < CAPACITY_LIMIT)
        rounded *= 2;
    cache->entries = calloc(rounded, sizeof *cache->entries);
    cache->buckets = calloc(rounded, sizeof *cache->buckets);
    cache->capacity = rounded;
    cache->arrivals = 0;
    if (cache->entries && cache->buckets)
        return true;
    duplicate_cache_close(cache);
    return false;
}

void duplicate_cache_close(struct duplicate_cache *cache)
{
    free(cache->entries);
    free(cache->buckets);
    cache->entries = NULL;
    cache->buckets = NULL;
}

struct duplicate_entry *duplicate_cache_at(struct duplicate_cache *cache, uint32_t arrival)
{
    if (arrival == 0 || cache->arrivals - arrival >= cache->capacity)
        return NULL;
    return &cache->entries[arrival & (cache->capacity - 1)];
}

static bool entry_counts(const struct duplicate_entry *entry, uint32_t now_s)
{
    /* A clock that was set back makes the difference huge: then the entry counts no more. */
    return !entry->forgotten && entry->key != 0 && now_s - entry->time_s < LIFETIME_S;
}

struct duplicate_entry *duplicate_cache_find(struct duplicate_cache *cache, uint64_t key, uint32_t content,
                                             uint32_t now_s)
{
    uint32_t arrival = cache->buckets[key & (cache->capacity - 1)];
    struct duplicate_entry *entry = duplicate_cache_at(cache, arrival);
    while (entry) {
        if (entry->key == key && entry->content == content && entry_counts(entry, now_s))
            return entry;
        /* Ages rise along a chain; a number left over from before a wrap must not lead in circles. */
        uint32_t previous = entry->previous;
        if (previous == 0 || cache->arrivals - previous <= cache->arrivals - arrival)
            return NULL;
        arrival = previous;
        entry = duplicate_cache_at(cache, arrival);
    }
    return NULL;
}

uint32_t duplicate_cache_put(struct duplicate_cache *cache, uint64_t key, uint32_t content, uint32_t now_s,
                             bool *evicted)
{
    uint32_t arrival = cache->arrivals + 1 == 0 ? 1 : cache->arrivals + 1;
    uint32_t *bucket = &cache->buckets[key & (cache->capacity - 1)];
    struct duplicate_entry *entry = &cache->entries[arrival & (cache->capacity - 1)];
    *evicted = entry_counts(entry, now_s);
    *entry = (struct duplicate_entry){ .key = key, .content = content, .time_s = now_s, .previous = *bucket,
                                       .shape = ANSWER_PENDING };
    *bucket = arrival;
    cache->arrivals = arrival;
    return arrival;
}
