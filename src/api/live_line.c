#include "api/live_line.h"

#include <inttypes.h>
#include <string.h>

#include "base/decimal.h"
#include "base/error.h"
#include "base/text.h"
#include "base/writer.h"

int live_line_write(const struct live_line *line, char *text, size_t capacity)
{
    const struct live_item *item = &line->item;
    struct writer writer = writer_of_buffer(text, capacity);

    if (line->kind == LIVE_LINE_EVENT)
        writer_format(&writer, "E %" PRIu64 " %" PRIu32 " %d %s %s\n", item->sequence, item->tenant_id, (int)item->kind,
            item->path[0] != '\0' ? item->path : "-", item->json);
    else if (line->kind == LIVE_LINE_RESTART)
        writer_format(&writer, "R %" PRIu64 " %" PRIu32 "\n", item->sequence, line->shard);
    else
        writer_text(&writer, "P\n");
    return writer_result(&writer);
}

/* Up to the next blank, which is taken as well. */
static struct span word_take(struct span *rest)
{
    ptrdiff_t end = span_find_byte(*rest, ' ');
    size_t size = end < 0 ? rest->size : (size_t)end;
    struct span word = { rest->bytes, size };

    size += end >= 0;
    rest->bytes += size;
    rest->size -= size;
    return word;
}

static bool number_take(struct span *rest, int64_t limit, int64_t *out)
{
    return decimal_parse(word_take(rest), 0, out) == 0 && *out >= 0 && *out <= limit;
}

static bool item_read(struct span rest, struct live_item *out)
{
    int64_t sequence, tenant_id, kind;

    if (!number_take(&rest, INT64_MAX, &sequence) || !number_take(&rest, UINT32_MAX, &tenant_id)
        || !number_take(&rest, LIVE_KIND_COUNT - 1, &kind) || live_kind_name((enum live_kind)kind) == NULL)
        return false;
    struct span path = word_take(&rest);
    if (span_equal_text(path, "-"))
        path.size = 0;
    out->sequence = (uint64_t)sequence;
    out->tenant_id = (uint32_t)tenant_id;
    out->kind = (enum live_kind)kind;
    return text_copy(path, out->path, sizeof out->path) >= 0 && rest.size > 0
        && text_copy(rest, out->json, sizeof out->json) >= 0;
}

int live_line_read(struct span text, struct live_line *out)
{
    struct live_line line = { .kind = LIVE_LINE_PULSE };
    struct span rest = text;
    struct span word = word_take(&rest);
    int64_t newest = 0, shard = 0;
    bool good = false;

    if (span_equal_text(word, "P")) {
        good = text.size == 1;
    } else if (span_equal_text(word, "R")) {
        line.kind = LIVE_LINE_RESTART;
        good = number_take(&rest, INT64_MAX, &newest) && number_take(&rest, UINT32_MAX, &shard) && rest.size == 0;
        line.item.sequence = (uint64_t)newest;
        line.shard = (uint32_t)shard;
    } else if (span_equal_text(word, "E")) {
        line.kind = LIVE_LINE_EVENT;
        good = item_read(rest, &line.item);
    }
    if (!good)
        return BASE_ERR_SYNTAX;
    *out = line;
    return 0;
}
