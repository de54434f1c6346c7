#include "api/shard_figures.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

#define PATIENCE_MS 1000

static void cell_text(const struct view_cell *cell, char *to, size_t capacity)
{
    if (cell->type != VIEW_TEXT || text_copy(cell->text, to, capacity) < 0)
        to[0] = '\0';
}

/* In the order of the view's columns. */
static int figures_take(void *context, const struct view_row *row)
{
    struct shard_figures *figures = context;

    figures->number = row->cells[0].integer;
    figures->epoch = row->cells[1].integer;
    cell_text(&row->cells[2], figures->owner, sizeof figures->owner);
    cell_text(&row->cells[3], figures->name, sizeof figures->name);
    return 0;
}

int shard_figures_read(struct exchange *exchange, struct shard_figures *out)
{
    struct parameters none = { .count = 0 };
    struct shard_figures figures = { .number = 0 };
    int64_t deadline_ms = exchange->deadline_ms;
    int64_t patience_ms = exchange_monotonic_ms() + PATIENCE_MS;

    if (patience_ms < deadline_ms)
        exchange->deadline_ms = patience_ms;
    int rows = exchange_read(exchange, VIEW_SHARD, &none, figures_take, &figures);
    exchange->deadline_ms = deadline_ms;
    if (rows < 0)
        return -1;
    *out = figures;
    return 0;
}

void shard_figures_write(const struct shard_figures *figures, struct json_writer *out)
{
    json_put_key_integer(out, "shard", figures->number);
    json_put_key_text(out, "shard_name", figures->name);
    json_put_key(out, "lease");
    json_object_begin(out);
    json_put_key_text(out, "owner", figures->owner);
    json_put_key_integer(out, "epoch", figures->epoch);
    json_object_end(out);
}

/* The value of a label: a backslash before what would end it. */
static void label_append(struct json_writer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            json_append_text(out, "\\");
        json_append(out, *text == '\n' ? " " : text, 1);
    }
}

void shard_figures_prometheus(const struct shard_figures *figures, struct json_writer *out)
{
    char text[320];

    (void)snprintf(text, sizeof text, "# HELP meterworks_shard number of the shard that rests in the database\n"
                   "# TYPE meterworks_shard gauge\nmeterworks_shard %" PRId64 "\n"
                   "# HELP meterworks_lease_epoch counts the cores that have owned the shard one after another\n"
                   "# TYPE meterworks_lease_epoch gauge\nmeterworks_lease_epoch %" PRId64 "\n",
                   figures->number, figures->epoch);
    json_append_text(out, text);
    json_append_text(out, "# HELP meterworks_lease_owner who owns the shard now\n# TYPE meterworks_lease_owner gauge\n"
                          "meterworks_lease_owner{owner=\"");
    label_append(out, figures->owner);
    json_append_text(out, "\",district=\"");
    label_append(out, figures->name);
    json_append_text(out, figures->owner[0] != '\0' ? "\"} 1\n" : "\"} 0\n");
}
