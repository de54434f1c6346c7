/* Frames of a link between machines: what is accepted is inside its bounds, and encoded again gives the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "link/link_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct link_message message;
    uint8_t again[LINK_FRAME_LIMIT];
    struct span in = span_of_bytes(bytes, size);
    int used;

    while ((used = link_frame_decode(in, &message)) > 0) {
        struct writer writer = writer_of_buffer(again, sizeof again);
        must((size_t)used <= in.size && used <= LINK_FRAME_LIMIT);
        must(message.kind != LINK_UPLINK || message.body.uplink.item_count <= UPLINK_ITEM_LIMIT);
        must(link_frame_encode(&message, &writer) == used && memcmp(again, in.bytes, (size_t)used) == 0);
        in = span_of_bytes(in.bytes + used, in.size - (size_t)used);
    }
    return 0;
}
