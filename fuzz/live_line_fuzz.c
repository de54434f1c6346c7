/* Lines of a core's live events: what is taken can be written, and reads the same again. */
#include <stdlib.h>
#include <string.h>

#include "api/live_line.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct live_line line, again;
    char text[LIVE_LINE_LIMIT];

    if (live_line_read(span_of_bytes(bytes, size), &line) < 0)
        return 0;
    must(live_kind_name(line.item.kind) != NULL || line.kind != LIVE_LINE_EVENT);
    int written = live_line_write(&line, text, sizeof text);
    must(written > 1 && live_line_read(span_of_bytes(text, (size_t)written - 1), &again) == 0);
    must(again.kind == line.kind && again.shard == line.shard && again.item.sequence == line.item.sequence &&
         again.item.tenant_id == line.item.tenant_id && strcmp(again.item.path, line.item.path) == 0 &&
         strcmp(again.item.json, line.item.json) == 0);
    return 0;
}
