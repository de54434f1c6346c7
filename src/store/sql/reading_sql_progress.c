/* Tables interval_progress and midnight_progress, of one row each. */
#include "store/sql/reading_sql_internal.h"

#define PROGRESS_TEXTS(kind, table) \
    [kind] = "SELECT before_day, begun_day, after_device, running FROM " table, \
    [FOLD_KIND_COUNT + (kind)] = "UPDATE " table " SET before_day = ?, begun_day = ?, after_device = ?, running = ?"

/* Reading by kind, then writing. */
static const char *const texts[2 * FOLD_KIND_COUNT] = {
    PROGRESS_TEXTS(FOLD_INTERVALS, "interval_progress"),
    PROGRESS_TEXTS(FOLD_MIDNIGHTS, "midnight_progress"),
};

static int fold_progress_read(void *context, enum fold_kind kind, struct fold_progress *out)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->progress, kind);
    int found = statement_row(query);

    if (found != 1)
        return found < 0 ? found : STORE_ERR_CORRUPT;
    *out = (struct fold_progress){
        .before_day = statement_int(query, 0),
        .begun_day = statement_int(query, 1),
        .after_device = (uint32_t)statement_integer(query, 2),
        .running = (uint8_t)statement_integer(query, 3),
    };
    statement_end(query);
    return 0;
}

static int fold_progress_write(void *context, enum fold_kind kind, const struct fold_progress *progress)
{
    struct reading_sql *sql = context;
    struct statement *write = statement_take(&sql->progress, (size_t)FOLD_KIND_COUNT + kind);

    statement_bind_integers(
        write, (const int64_t[]){ progress->before_day, progress->begun_day, progress->after_device, progress->running }, 4);
    return statement_change(write);
}

int reading_sql_progress_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->progress, store, texts, 2 * FOLD_KIND_COUNT);

    if (error != 0)
        return error;
    sql->store.fold_progress_read = fold_progress_read;
    sql->store.fold_progress_write = fold_progress_write;
    return 0;
}
