/* One fixed-size record per small number (a device), in chunks that never move: a pointer to a record stays good
 * until the array is closed, and growing copies nothing. */
#ifndef BASE_DENSE_ARRAY_H
#define BASE_DENSE_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#define DENSE_ARRAY_CHUNK 4096

struct dense_array {
    size_t record_size;
    uint32_t limit;      /* numbers 0 to limit - 1 may exist */
    unsigned char **chunks;
};

/* Nothing but the list of chunks is allocated yet.
 * returns  0; BASE_ERR_MEMORY */
int dense_array_open(struct dense_array *array, size_t record_size, uint32_t limit);

/* Accepts an array of zeros. */
void dense_array_close(struct dense_array *array);

/* The record, made of zeros when its chunk is new; NULL beyond the limit or without memory. */
void *dense_array_reserve(struct dense_array *array, uint32_t number);

/* The record, or NULL when its chunk was never reserved. */
static inline void *dense_array_at(const struct dense_array *array, uint32_t number)
{
    if (number >= array->limit || !array->chunks[number / DENSE_ARRAY_CHUNK])
        return NULL;
    return array->chunks[number / DENSE_ARRAY_CHUNK] + (number % DENSE_ARRAY_CHUNK) * array->record_size;
}

#endif
