#include "store/sql/area_counts.h"

#include <stdint.h>
#include <stdlib.h>

#include "store/statement_table.h"
#include "store/store_error.h"

enum {
    PROGRESS_READ, DEVICE_LAST, STATUS_COUNT, DUE_COUNT, REPORT_TIME_COUNT, DEVICES_MOVE, DAY_SUM, DAY_MOVE, STATUS_FORGET, DUE_FORGET,
    REPORT_TIME_FORGET, MIDNIGHTS_FORGET, GAPS_FORGET, PROGRESS_BEGIN, DAY_NEWEST, GAPS_SWEEP, STATEMENT_COUNT
};

/* Meters after device ?1 and up to ?2, once for each area that holds them. */
#define THEIR_AREAS "device d CROSS JOIN area_above x ON x.area_id = d.area_id"
#define OF_SLICE "d.device_id > ?1 AND d.device_id <= ?2 AND d.kind NOT IN ('collector', 'concentrator', 'line')"
#define ADD_UP(table) " DO UPDATE SET devices = " table ".devices + excluded.devices"

static const char *const texts[STATEMENT_COUNT] = {
    [PROGRESS_READ] = "SELECT device_id, from_day, coalesce((SELECT min(day) FROM area_day), from_day) FROM area_count_progress",
    [DEVICE_LAST] = "SELECT coalesce(max(device_id), 0) FROM device",
    [STATUS_COUNT] = "INSERT INTO area_status SELECT x.above_id, d.kind, coalesce(s.status, 0), count(*) FROM " THEIR_AREAS
        " LEFT JOIN device_state s ON s.device_id = d.device_id WHERE " OF_SLICE " AND d.removed_s IS NULL"
        " GROUP BY 1, 2, 3 ON CONFLICT (area_id, kind, status)" ADD_UP("area_status"),
    [DUE_COUNT] = "INSERT INTO area_due SELECT x.above_id, d.kind, d.day, sum(d.devices) FROM (SELECT * FROM device_due d WHERE " OF_SLICE ") d"
        " CROSS JOIN area_above x ON x.area_id = d.area_id WHERE true GROUP BY 1, 2, 3 ON CONFLICT (area_id, kind, day)" ADD_UP("area_due"),
    [REPORT_TIME_COUNT] = "INSERT INTO area_report_time SELECT x.above_id, d.kind, d.report_time_s / 900 + 1, count(*) FROM " THEIR_AREAS
        " CROSS JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building' WHERE " OF_SLICE " AND d.removed_s IS NULL"
        " GROUP BY 1, 2, 3 ON CONFLICT (area_id, kind, quarter)" ADD_UP("area_report_time"),
    [DEVICES_MOVE] = "UPDATE area_count_progress SET device_id = ?1",
    [DAY_SUM] = ("INSERT INTO area_midnight SELECT ?1, x.above_id, g.kind, sum(g.received), sum(g.on_time), sum(g.usage_value) FROM ("
        " SELECT area_id, kind, received, on_time, 0 AS usage_value FROM area_day WHERE day = ?1"
        " UNION ALL SELECT area_id, kind, 0, 0, usage_value FROM area_day WHERE day = ?1 - 1) g"
        " CROSS JOIN area_above x ON x.area_id = g.area_id CROSS JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building'"
        " GROUP BY x.above_id, g.kind"),
    [DAY_MOVE] = "UPDATE area_count_progress SET from_day = ?1",
    [STATUS_FORGET] = "DELETE FROM area_status",
    [DUE_FORGET] = "DELETE FROM area_due",
    [REPORT_TIME_FORGET] = "DELETE FROM area_report_time",
    [MIDNIGHTS_FORGET] = "DELETE FROM area_midnight",
    [GAPS_FORGET] = "DELETE FROM area_gap",
    [PROGRESS_BEGIN] = "UPDATE area_count_progress SET device_id = 0, gaps_counted = 0,"
                       " from_day = coalesce((SELECT max(day) + 2 FROM area_day), 0)",
    [DAY_NEWEST] = "SELECT coalesce(max(day), 0) FROM area_midnight",
    [GAPS_SWEEP] = "DELETE FROM area_gap WHERE devices = 0 AND newest_day < ?1 - 2",
};

struct area_counts {
    struct statement_table table;
    bool whole;         /* nothing is left, and was so in a transaction before this one */
    int64_t swept_day;  /* gaps that nobody has any more were removed when this was the newest day */
};

int area_counts_open(struct store *store, struct area_counts **out)
{
    struct area_counts *counts = calloc(1, sizeof *counts);
    int error;

    if (counts == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&counts->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(counts);
        return error;
    }
    *out = counts;
    return 0;
}

void area_counts_close(struct area_counts *counts)
{
    if (counts != NULL)
        statement_table_finalize(&counts->table);
    free(counts);
}

static int run(struct area_counts *counts, size_t index, int64_t first, int64_t second)
{
    struct statement *statement = statement_take(&counts->table, index);

    if (statement_places(statement) > 0)
        statement_bind_integers(statement, (const int64_t[]){ first, second }, statement_places(statement));
    return statement_change(statement);
}

static int devices_count(struct area_counts *counts, int64_t after_id, int limit)
{
    static const size_t steps[] = { STATUS_COUNT, DUE_COUNT, REPORT_TIME_COUNT };
    struct statement *query = statement_take(&counts->table, DEVICE_LAST);
    int result = statement_row(query);

    if (result != 1)
        return result;
    int64_t last_id = statement_integer(query, 0);
    statement_end(query);
    int64_t to_id = last_id - after_id > limit ? after_id + limit : last_id;
    result = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && result == 0; i++)
        result = run(counts, steps[i], after_id, to_id);
    return result != 0 ? result : run(counts, DEVICES_MOVE, to_id == last_id ? INT64_MAX : to_id, 0);
}

/* The midnight of the day before those that are summed up; the use of the oldest stored day came with the one after it. */
static int day_sum(struct area_counts *counts, int64_t from_day, int64_t oldest_day)
{
    int result = run(counts, DAY_SUM, from_day - 1, 0);

    return result != 0 ? result : run(counts, DAY_MOVE, from_day - 1 > oldest_day ? from_day - 1 : 0, 0);
}

/* With each new day the gaps move on with their meters, and leave rows of nothing behind. */
static int gaps_sweep(struct area_counts *counts)
{
    struct statement *query = statement_take(&counts->table, DAY_NEWEST);
    int result = statement_row(query);

    if (result != 1)
        return result;
    int64_t newest_day = statement_integer(query, 0);
    statement_end(query);
    result = newest_day > counts->swept_day ? run(counts, GAPS_SWEEP, newest_day, 0) : 0;
    if (result == 0)
        counts->swept_day = newest_day;
    return result;
}

int area_counts_build(struct area_counts *counts, int devices, bool *remains)
{
    struct statement *query = statement_take(&counts->table, PROGRESS_READ);
    int result = counts->whole ? gaps_sweep(counts) : statement_row(query);

    if (result != 1)
        return result;
    int64_t counted_id = statement_integer(query, 0);
    int64_t from_day = statement_integer(query, 1);
    int64_t oldest_day = statement_integer(query, 2);
    statement_end(query);
    counts->whole = counted_id == INT64_MAX && from_day == 0;
    if (counts->whole)
        return 0;
    *remains = true;
    return counted_id < INT64_MAX ? devices_count(counts, counted_id, devices) : day_sum(counts, from_day, oldest_day);
}

int area_counts_forget(struct area_counts *counts)
{
    static const size_t steps[] = { STATUS_FORGET, DUE_FORGET, REPORT_TIME_FORGET, MIDNIGHTS_FORGET, GAPS_FORGET, PROGRESS_BEGIN };
    int result = 0;

    counts->whole = false;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && result == 0; i++)
        result = run(counts, steps[i], 0, 0);
    return result;
}
