/* Bytes that claim to be a block of midnights: refused, or midnights that a block written from them gives again.
 *
 * Input: one byte for the stretch, then of each part two bytes of length, highest first, and its bytes. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "reading/reading_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct midnight_days days;
static struct midnight_days again;
static struct midnight_block block;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void written_again(int32_t stretch, int known)
{
    struct span parts[MIDNIGHT_PART_COUNT];
    block.stretch = stretch;
    must(midnight_block_encode(&days, &block) == 0);
    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
        parts[part] = span_of_bytes(block.parts[part], block.sizes[part]);
    must(midnight_block_decode(stretch, parts, &again) == known);
    for (int32_t day = stretch * MIDNIGHT_BLOCK_DAYS; day < (stretch + 1) * MIDNIGHT_BLOCK_DAYS; day++) {
        struct reading_day a = { 0 };
        struct reading_day b = { 0 };
        must(midnight_days_get(&days, day, &a) == midnight_days_get(&again, day, &b));
        must(memcmp(&a, &b, sizeof a) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader reader = reader_of_span(span_of_bytes(bytes, size));
    struct span parts[MIDNIGHT_PART_COUNT];
    uint8_t stretch;
    if (reader_take_u8(&reader, &stretch) != 0)
        return 0;
    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++) {
        uint16_t length;
        if (reader_take_u16be(&reader, &length) != 0 || reader_take_span(&reader, length, &parts[part]) != 0)
            return 0;
    }
    int known = midnight_block_decode(stretch, parts, &days);
    if (known >= 0)
        written_again(stretch, known);
    return 0;
}
