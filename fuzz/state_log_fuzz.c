/* Bytes that claim to be a row of the log of states, or the state in a row of its own: refused, or states that are the same when they are
 * written and read again. */
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

static void row_try(struct span row)
{
    struct reading_state state, again;
    uint8_t first[READING_STATE_BYTES_LIMIT], second[READING_STATE_BYTES_LIMIT];

    if (reading_state_unpack(row, &state) != 1)
        return;
    struct span written = span_of_bytes(first, reading_state_pack(&state, first));
    must(reading_state_unpack(written, &again) == 1);
    must(span_equal(written, span_of_bytes(second, reading_state_pack(&again, second))));
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
    row_try(span_of_bytes(bytes, size));
    return 0;
}
