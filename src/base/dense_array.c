#include "base/dense_array.h"

#include <stdlib.h>

#include "base/error.h"

static size_t chunk_count(const struct dense_array *array)
{
    return array->limit / DENSE_ARRAY_CHUNK + 1;
}

int dense_array_open(struct dense_array *array, size_t record_size, uint32_t limit)
{
    struct dense_array opened = { .record_size = record_size, .limit = limit };
    opened.chunks = calloc(chunk_count(&opened), sizeof *opened.chunks);
    if (!opened.chunks)
        return BASE_ERR_MEMORY;
    *array = opened;
    return 0;
}

void dense_array_close(struct dense_array *array)
{
    for (size_t i = 0; array->chunks && i < chunk_count(array); i++)
        free(array->chunks[i]);
    free(array->chunks);
    *array = (struct dense_array){ 0 };
}

void *dense_array_reserve(struct dense_array *array, uint32_t number)
{
    if (number >= array->limit)
        return NULL;
    unsigned char **chunk = &array->chunks[number / DENSE_ARRAY_CHUNK];
    if (!*chunk)
        *chunk = calloc(DENSE_ARRAY_CHUNK, array->record_size);
    return *chunk ? dense_array_at(array, number) : NULL;
}
