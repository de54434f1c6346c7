#include "base/device_index.h"

#include <stdlib.h>

#define SLOT_COUNT_FIRST 64
#define TOGETHER 32 /* slots fetched while others are waited for */

void device_index_release(struct device_index *index)
{
    free(index->slots);
    index->slots = NULL;
    index->slot_count = 0;
    index->count = 0;
}

static uint32_t slot_home(const struct device_index *index, uint64_t hash)
{
    return (uint32_t)hash & (index->slot_count - 1);
}

static uint32_t slot_after(const struct device_index *index, uint32_t slot)
{
    return (slot + 1) & (index->slot_count - 1);
}

uint32_t device_index_find(const struct device_index *index, uint64_t hash, const void *key)
{
    if (index->slot_count == 0)
        return 0;
    uint32_t slot = slot_home(index, hash);
    while (index->slots[slot] != 0 && !index->equals(index->context, index->slots[slot], key))
        slot = slot_after(index, slot);
    return index->slots[slot];
}

static void slot_fill_from(struct device_index *index, uint32_t slot, uint32_t number)
{
    while (index->slots[slot] != 0)
        slot = slot_after(index, slot);
    index->slots[slot] = number;
}

static void slot_fill(struct device_index *index, uint32_t number)
{
    slot_fill_from(index, slot_home(index, index->hash_of(index->context, number)), number);
}

static bool slots_grow(struct device_index *index, uint32_t new_count)
{
    uint32_t old_count = index->slot_count;
    uint32_t *old = index->slots;
    uint32_t *slots = calloc(new_count, sizeof *slots);
    if (!slots)
        return false;
    index->slots = slots;
    index->slot_count = new_count;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i] != 0)
            slot_fill(index, old[i]);
    free(old);
    return true;
}

bool device_index_reserve(struct device_index *index, uint32_t count)
{
    uint32_t slot_count = index->slot_count > 0 ? index->slot_count : SLOT_COUNT_FIRST;
    while (count > slot_count / 4 * 3 && slot_count <= UINT32_MAX / 2)
        slot_count *= 2;
    return slot_count <= index->slot_count || slots_grow(index, slot_count);
}

bool device_index_put(struct device_index *index, uint32_t number)
{
    if (!device_index_reserve(index, index->count + 1))
        return false;
    slot_fill(index, number);
    index->count++;
    return true;
}

static void slots_fill(struct device_index *index, const uint32_t *numbers, uint32_t count)
{
    uint32_t homes[TOGETHER];

    for (uint32_t i = 0; i < count; i++) {
        homes[i] = slot_home(index, index->hash_of(index->context, numbers[i]));
        __builtin_prefetch(&index->slots[homes[i]], 1);
    }
    for (uint32_t i = 0; i < count; i++)
        slot_fill_from(index, homes[i], numbers[i]);
}

bool device_index_put_all(struct device_index *index, const uint32_t *numbers, uint32_t count)
{
    if (count > UINT32_MAX - index->count || !device_index_reserve(index, index->count + count))
        return false;
    for (uint32_t first = 0; first < count; first += TOGETHER)
        slots_fill(index, numbers + first, count - first < TOGETHER ? count - first : TOGETHER);
    index->count += count;
    return true;
}

/* Entries after a gap move back, so that no search ends too early (Knuth, volume 3, 6.4, algorithm R). */
static void gap_close(struct device_index *index, uint32_t gap)
{
    uint32_t mask = index->slot_count - 1;
    uint32_t slot = gap;
    for (;;) {
        index->slots[gap] = 0;
        uint32_t home;
        do {
            slot = slot_after(index, slot);
            if (index->slots[slot] == 0)
                return;
            home = slot_home(index, index->hash_of(index->context, index->slots[slot]));
        } while (((slot - home) & mask) < ((slot - gap) & mask));
        index->slots[gap] = index->slots[slot];
        gap = slot;
    }
}

void device_index_remove(struct device_index *index, uint32_t number)
{
    if (index->slot_count == 0)
        return;
    uint32_t slot = slot_home(index, index->hash_of(index->context, number));
    while (index->slots[slot] != 0 && index->slots[slot] != number)
        slot = slot_after(index, slot);
    if (index->slots[slot] == 0)
        return;
    gap_close(index, slot);
    index->count--;
}
