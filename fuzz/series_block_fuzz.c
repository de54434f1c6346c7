/* Bytes that claim to be a series block: refused, or values that a block written from them gives again; a part of a block
 * says what the whole says. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "reading/series_block.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int64_t values[SERIES_BLOCK_VALUE_LIMIT];
static uint8_t states[SERIES_BLOCK_VALUE_LIMIT];
static int64_t again_values[SERIES_BLOCK_VALUE_LIMIT];
static uint8_t again_states[SERIES_BLOCK_VALUE_LIMIT];

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void written_again(const struct series_head *head)
{
    static uint8_t block[64 + 16 * SERIES_BLOCK_VALUE_LIMIT];
    struct series_stretch stretch = { head->period, head->first_slot, head->count, values, states };
    int size = series_block_encode(&stretch, block, series_block_bound(head->count));
    must(size > 0);
    must(series_block_decode(span_of_bytes(block, (size_t)size), head->first_slot, head->count, again_values, again_states) >= 0);
    must(memcmp(again_values, values, head->count * sizeof values[0]) == 0);
    must(memcmp(again_states, states, head->count) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span block = span_of_bytes(bytes, size);
    struct series_head head;
    if (series_block_head(block, &head) != 0)
        return 0;
    must(head.count >= 1 && head.count <= SERIES_BLOCK_VALUE_LIMIT);
    if (series_block_decode(block, head.first_slot, head.count, values, states) < 0)
        return 0;
    written_again(&head);
    size_t from = bytes[size - 1] % head.count;
    int64_t slot = (int64_t)((uint64_t)head.first_slot + from);
    must(series_block_decode(block, slot, 1, again_values, again_states) >= 0);
    must(again_values[0] == values[from] && again_states[0] == states[from]);
    return 0;
}
