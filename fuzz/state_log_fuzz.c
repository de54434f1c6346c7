/* Bytes that claim to be a row of the log of states: refused, or states that are the same when they are written and read again. */
#include <stdlib.h>
#include <string.h>

#include "reading/state_log.h"

#define ENTRY_LIMIT 512

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct span entry_write(uint32_t device_id, const struct reading_state *state, uint8_t *entry)
{
    struct writer writer = writer_of_buffer(entry, ENTRY_LIMIT);

    state_log_put(&writer, device_id, state);
    must(!writer.overflow);
    return writer_span(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader reader = reader_of_span(span_of_bytes(bytes, size));
    struct reading_state state, again;
    uint32_t device_id, again_id;

    while (state_log_take(&reader, &device_id, &state) == 1) {
        uint8_t first[ENTRY_LIMIT], second[ENTRY_LIMIT];
        struct span written = entry_write(device_id, &state, first);
        struct reader rest = reader_of_span(written);

        must(state_log_take(&rest, &again_id, &again) == 1 && reader_remaining(&rest) == 0);
        must(again_id == device_id && span_equal(written, entry_write(again_id, &again, second)));
    }
    return 0;
}
