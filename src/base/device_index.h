/* Finds a device number by a key that its own record holds: open addressing over 32-bit numbers, at most three quarters
 * full.
 *
 * 5 to 11 bytes a device between growths: ten million share 67 MB. Number 0 means nothing. The owner of the records tells hash and equality. One thread. */
#ifndef BASE_DEVICE_INDEX_H
#define BASE_DEVICE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device_index {
    uint32_t *slots;
    uint32_t slot_count; /* a power of two, or 0 before the first entry */
    uint32_t count;
    const void *context;
    uint64_t (*hash_of)(const void *context, uint32_t number);
    bool (*equals)(const void *context, uint32_t number, const void *key);
};

/* Gives the memory back. */
void device_index_release(struct device_index *index);

/* The number whose record equals `key`, or 0.
 * hash  the same that hash_of gives for such a record */
uint32_t device_index_find(const struct device_index *index, uint64_t hash, const void *key);

/* Make room for so many numbers in all at once, so that filling the index copies nothing.
 * returns  true; false without memory (nothing is changed) */
bool device_index_reserve(struct device_index *index, uint32_t count);

/* Enter a number that is not in the index; its record must hold the key already.
 * returns  true; false without memory (nothing is changed) */
bool device_index_put(struct device_index *index, uint32_t number);

/* Enter `count` numbers, none of which is in the index nor equal to one that is; their records must hold their keys already. As
 * device_index_put of each, many times as fast where the index is larger than the processor's caches.
 * returns  true; false without memory (nothing is changed) */
bool device_index_put_all(struct device_index *index, const uint32_t *numbers, uint32_t count);

/* Take a number out while its record still holds the key; nothing happens when it is not there. */
void device_index_remove(struct device_index *index, uint32_t number);

#endif
