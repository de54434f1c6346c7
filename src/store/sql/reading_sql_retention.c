/* What is too old goes, a bounded slice at a time, in the order in which it lies (reading/retention.h); on a server whole parts. */
#include <assert.h>

#include "base/calendar.h"
#include "store/sql/reading_sql_internal.h"
#include "store/store_parts.h"

#define FRAME_PART_S (7 * CALENDAR_DAY_S)

/* A statement for each of the tables, in their order; then the others. */
enum { MIDNIGHTS_TRIM, MIDNIGHT_BLOCKS_TRIM, INTERVALS_TRIM, FOLDS_TRIM, FRAMES_TRIM, EVENTS_TRIM, DAYS_READ, STATEMENT_COUNT };

static_assert(DAYS_READ == READING_SQL_GROWING, "a rest for each table");

/* What a table is keyed by, how wide its parts are in that, how far behind and ahead of today they are made. A statement pays for each
 * part that it may look at, some 15 us; rows of midnights are there for four months, of quarter-hours for five weeks. */
static const struct growing {
    const char *table;
    enum retention_kind kind;
    int32_t unit_days;      /* of the number in its key; 0: it is not of days, and trimmed by seconds */
    const char *age_column; /* then, where it has parts */
    int64_t width;          /* 0 it has no parts */
    int64_t back;
    int64_t ahead;
} growing[READING_SQL_GROWING] = {
    [MIDNIGHTS_TRIM] = { "daily_reading", RETENTION_MIDNIGHTS, 1, NULL, 32, 32, 32 },
    [MIDNIGHT_BLOCKS_TRIM] = { "midnight_block", RETENTION_MIDNIGHTS, MIDNIGHT_BLOCK_DAYS, NULL, 4, 1, 0 },
    [INTERVALS_TRIM] = { "interval_day", RETENTION_INTERVALS, 1, NULL, 8, 8, 8 },
    [FOLDS_TRIM] = { "interval_block", RETENTION_INTERVALS, INTERVAL_FOLD_DAYS, NULL, 32, 8, 0 },
    [FRAMES_TRIM] = { "frame", RETENTION_FRAMES, 0, "at_s", FRAME_PART_S, 0, 0 },
    [EVENTS_TRIM] = { "event", RETENTION_EVENTS, 0, NULL, 0, 0, 0 },
};

/* ?1 the first that stays, ?2 how many may go: of days, days; of frames and events, seconds. */
static const char *const texts[STATEMENT_COUNT] = {
    [DAYS_READ] =
        "SELECT coalesce(max(coalesce((SELECT CAST(s.value AS INTEGER) FROM setting s WHERE s.tenant_id = t.tenant_id"
        " AND s.key = ?1), ?2)), ?2) FROM tenant t",
    [MIDNIGHTS_TRIM] =
        "DELETE FROM daily_reading WHERE (day, device_id) IN (SELECT day, device_id FROM daily_reading WHERE day < ?1"
        " ORDER BY day, device_id LIMIT ?2)",
    [MIDNIGHT_BLOCKS_TRIM] =
        "DELETE FROM midnight_block WHERE (stretch, device_id) IN (SELECT stretch, device_id FROM midnight_block"
        " WHERE stretch < ?1 ORDER BY stretch, device_id LIMIT ?2)",
    [INTERVALS_TRIM] =
        "DELETE FROM interval_day WHERE (day, device_id, channel) IN (SELECT day, device_id, channel FROM interval_day"
        " WHERE day < ?1 ORDER BY day, device_id, channel LIMIT ?2)",
    [FOLDS_TRIM] =
        "DELETE FROM interval_block WHERE (stretch, device_id, channel) IN (SELECT stretch, device_id, channel"
        " FROM interval_block WHERE stretch < ?1 ORDER BY stretch, device_id, channel LIMIT ?2)",
    /* In order of arrival: the oldest that is young enough ends it. */
    [FRAMES_TRIM] =
        "DELETE FROM frame WHERE at_s < ?1 AND frame_id < (SELECT min(frame_id) FROM frame) + ?2",
    /* Those that are not over stay; they are few, but not so many of the oldest that none behind them is looked at. */
    [EVENTS_TRIM] =
        "DELETE FROM event WHERE event_id IN (SELECT event_id FROM (SELECT event_id, raised_s, cleared_s FROM event"
        " ORDER BY event_id LIMIT 2000) oldest WHERE raised_s < ?1 AND cleared_s IS NOT NULL ORDER BY event_id LIMIT ?2)",
};

static int retention_read(void *context, const char *setting, int32_t standard, int32_t *days)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->retention, DAYS_READ);
    int64_t number;

    statement_bind_name(query, 1, setting);
    statement_bind_integer(query, 2, standard);
    int found = statement_number(query, &number);
    if (found != 1)
        return found < 0 ? found : STORE_ERR_CORRUPT;
    *days = (int32_t)number;
    return 0;
}

static int trim(struct reading_sql *sql, size_t index, int64_t first_kept, int limit)
{
    struct statement *statement = statement_take(&sql->retention, index);

    statement_bind_integers(statement, (const int64_t[]){ first_kept, limit }, 2);
    return statement_run(statement);
}

/* A moment as the number that a table is keyed, or trimmed, by. */
static int64_t number_of(const struct growing *table, int64_t time_s)
{
    return table->unit_days > 0 ? time_s / CALENDAR_DAY_S / table->unit_days : time_s;
}

/* Rows, and the whole blocks of those that were folded. */
static int retention_trim(void *context, enum retention_kind kind, int64_t before_s, int limit)
{
    struct reading_sql *sql = context;
    int removed = 0;

    for (size_t i = 0; i < READING_SQL_GROWING; i++) {
        if (growing[i].kind != kind)
            continue;
        int64_t first_kept = number_of(&growing[i], before_s);
        int gone = trim(sql, i, first_kept < sql->parts_rest[i] ? first_kept : sql->parts_rest[i], limit);
        if (gone < 0)
            return gone;
        removed += gone;
    }
    return removed;
}

static int retention_parts(void *context, enum retention_kind kind, int64_t now_s, int64_t before_s)
{
    struct reading_sql *sql = context;
    int dropped = 0;

    for (size_t i = 0; i < READING_SQL_GROWING; i++) {
        if (growing[i].kind != kind || growing[i].width == 0)
            continue;
        int64_t today = number_of(&growing[i], now_s);
        const struct store_parts parts = { growing[i].table, growing[i].age_column, growing[i].width, today - growing[i].back,
                                           today + growing[i].ahead, number_of(&growing[i], before_s) };
        int gone = store_parts_keep(sql->parts, &parts, &sql->parts_rest[i]);
        if (gone < 0)
            return gone;
        dropped += gone;
    }
    return dropped;
}

int reading_sql_retention_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->retention, store, texts, STATEMENT_COUNT);

    if (error != 0)
        return error;
    sql->parts = store;
    for (size_t i = 0; i < READING_SQL_GROWING; i++)
        sql->parts_rest[i] = INT64_MAX;
    sql->store.retention_parts = retention_parts;
    sql->store.retention_read = retention_read;
    sql->store.retention_trim = retention_trim;
    return 0;
}
