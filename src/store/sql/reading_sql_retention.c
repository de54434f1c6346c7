/* What is too old goes, a bounded part at a time, in the order in which it lies (reading/retention.h). */
#include "base/calendar.h"
#include "store/sql/reading_sql_internal.h"

enum { DAYS_READ, MIDNIGHTS_TRIM, MIDNIGHT_BLOCKS_TRIM, INTERVALS_TRIM, FOLDS_TRIM, FRAMES_TRIM, EVENTS_TRIM, STATEMENT_COUNT };

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

struct trimmed {
    size_t index;
    int64_t first_kept; /* day or stretch */
};

/* Rows, and the whole blocks of those that were folded. */
static int both_trim(struct reading_sql *sql, struct trimmed rows, struct trimmed blocks, int limit)
{
    int removed = trim(sql, rows.index, rows.first_kept, limit);
    int folded = removed < 0 ? removed : trim(sql, blocks.index, blocks.first_kept, limit);

    return folded < 0 ? folded : removed + folded;
}

static int retention_trim(void *context, enum retention_kind kind, int64_t before_s, int limit)
{
    int64_t day = before_s / CALENDAR_DAY_S;

    switch (kind) {
    case RETENTION_MIDNIGHTS:
        return both_trim(context, (struct trimmed){ MIDNIGHTS_TRIM, day },
                         (struct trimmed){ MIDNIGHT_BLOCKS_TRIM, midnight_block_stretch((int32_t)day) }, limit);
    case RETENTION_INTERVALS:
        return both_trim(context, (struct trimmed){ INTERVALS_TRIM, day },
                         (struct trimmed){ FOLDS_TRIM, interval_fold_stretch((int32_t)day) }, limit);
    case RETENTION_FRAMES:
        return trim(context, FRAMES_TRIM, before_s, limit);
    case RETENTION_EVENTS:
        return trim(context, EVENTS_TRIM, before_s, limit);
    case RETENTION_REGISTERS:
    case RETENTION_KIND_COUNT:
        break;
    }
    return 0;
}

int reading_sql_retention_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->retention, store, texts, STATEMENT_COUNT);

    if (error != 0)
        return error;
    sql->store.retention_read = retention_read;
    sql->store.retention_trim = retention_trim;
    return 0;
}
