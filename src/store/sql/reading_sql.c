#include "store/sql/reading_sql_internal.h"

#include <stdlib.h>
#include <string.h>

#include "registry/registry_store.h"

enum {
    DAY_UPDATE,
    DAY_READ,
    SET_ASIDE_INSERT,
    SET_ASIDE_READ,
    SET_ASIDE_NEXT,
    SET_ASIDE_DECIDE,
    AREA_DAY_ADD,
    AREA_SUM_ADD,
    AREA_GAP_ADD,
    GAPS_COUNTED,
    GAPS_COUNTED_NOTE,
    FRAME_RANGE,
    FRAMES_TRIM,
    STATEMENT_COUNT
};

#define SET_ASIDE_COLUMNS \
    "set_aside_id, device_id, day, register_value, expected_value, reason, received_s, coalesce(decided_s, 0)," \
    " coalesce(decided_by, 0), coalesce(decision, '') = 'accepted'"

static const char *const texts[STATEMENT_COUNT] = {
    [DAY_UPDATE] =
        "UPDATE daily_reading SET register_value = ?3, total_value = ?4, quality = ?5, received_s = ?6"
        " WHERE day = ?1 AND device_id = ?2",
    [DAY_READ] =
        "SELECT register_value, total_value, quality, received_s, multiplier_e3 FROM daily_reading"
        " WHERE day = ? AND device_id = ?",
    [SET_ASIDE_INSERT] =
        "INSERT INTO reading_set_aside (device_id, day, register_value, expected_value, received_s, reason)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6"
        " WHERE NOT EXISTS (SELECT 1 FROM reading_set_aside WHERE device_id = ?1 AND day = ?2 AND register_value = ?3)"
        " AND (SELECT count(*) FROM reading_set_aside WHERE device_id = ?1 AND decided_s IS NULL) < ?7",
    [SET_ASIDE_READ] = "SELECT " SET_ASIDE_COLUMNS " FROM reading_set_aside WHERE set_aside_id = ?",
    [SET_ASIDE_NEXT] = "SELECT " SET_ASIDE_COLUMNS
                       " FROM reading_set_aside WHERE device_id = ? AND day > ? AND decided_s IS NULL"
                       " ORDER BY day, set_aside_id LIMIT 1",
    [SET_ASIDE_DECIDE] = "UPDATE reading_set_aside SET decided_s = ?2, decided_by = nullif(?3, 0), decision = ?4"
                         " WHERE set_aside_id = ?1",
    [AREA_DAY_ADD] =
        "INSERT INTO area_day (day, area_id, received, on_time, usage_value, kind) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (day, area_id, kind) DO UPDATE SET received = area_day.received + excluded.received,"
        " on_time = area_day.on_time + excluded.on_time, usage_value = area_day.usage_value + excluded.usage_value",
    /* Days that are not summed up yet are summed from area_day when their turn comes (area_counts.h). */
    [AREA_SUM_ADD] =
        "INSERT INTO area_midnight (day, area_id, received, on_time, usage_value, kind) SELECT ?1, ?2, ?3, ?4, ?5, ?6"
        " WHERE ?1 >= (SELECT from_day FROM area_count_progress)"
        " ON CONFLICT (day, area_id, kind) DO UPDATE SET received = area_midnight.received + excluded.received,"
        " on_time = area_midnight.on_time + excluded.on_time, usage_value = area_midnight.usage_value + excluded.usage_value",
    [AREA_GAP_ADD] =
        "INSERT INTO area_gap (newest_day, area_id, gap_day, devices, kind) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (newest_day, area_id, kind, gap_day) DO UPDATE SET devices = area_gap.devices + excluded.devices",
    [GAPS_COUNTED] = "SELECT gaps_counted FROM area_count_progress",
    [GAPS_COUNTED_NOTE] = "UPDATE area_count_progress SET gaps_counted = 1",
    [FRAME_RANGE] = "SELECT coalesce((SELECT min(frame_id) FROM frame), 0), coalesce((SELECT max(frame_id) FROM frame), 0)",
    [FRAMES_TRIM] = "DELETE FROM frame WHERE frame_id < ?",
};

static int day_update(void *context, uint32_t device_id, const struct reading_day *day)
{
    struct reading_sql *sql = context;
    int error = reading_sql_days_settle(sql);
    if (error != 0)
        return error;
    struct statement *update = statement_take(&sql->table, DAY_UPDATE);
    statement_bind_integers(
        update,
        (const int64_t[]){ day->day, device_id, day->register_value, day->total_value, day->quality, day->received_s },
        6);
    return statement_run(update);
}

static int day_read(void *context, uint32_t device_id, int32_t day, struct reading_day *out)
{
    struct reading_sql *sql = context;
    int error = reading_sql_days_settle(sql);
    if (error != 0)
        return error;
    struct statement *query = statement_take(&sql->table, DAY_READ);
    statement_bind_integers(query, (const int64_t[]){ day, device_id }, 2);
    int found = statement_row(query);
    if (found != 1)
        return found;
    *out = (struct reading_day){
        .register_value = statement_integer(query, 0),
        .total_value = statement_integer(query, 1),
        .quality = statement_int(query, 2),
        .received_s = statement_integer(query, 3),
        .multiplier_e3 = statement_integer(query, 4),
        .day = day,
    };
    statement_end(query);
    return 1;
}

static int set_aside_insert(void *context, const struct reading_set_aside *row, int64_t *id)
{
    struct reading_sql *sql = context;
    struct statement *insert = statement_take(&sql->table, SET_ASIDE_INSERT);
    statement_bind_integers(
        insert, (const int64_t[]){ row->device_id, row->day, row->register_value, row->expected_value, row->received_s }, 5);
    statement_bind_text(insert, 6, reading_reason_name((enum reading_reason)row->reason));
    statement_bind_integer(insert, 7, READING_SET_ASIDE_OPEN_LIMIT);
    int changed = statement_run(insert);
    if (changed < 0)
        return changed;
    *id = changed > 0 ? store_last_identifier(sql->table.store) : 0;
    return 0;
}

static int set_aside_row(struct statement *query, struct reading_set_aside *out)
{
    int found = statement_row(query);
    if (found != 1)
        return found;
    *out = (struct reading_set_aside){
        .set_aside_id = statement_integer(query, 0),
        .device_id = (uint32_t)statement_integer(query, 1),
        .day = statement_int(query, 2),
        .register_value = statement_integer(query, 3),
        .expected_value = statement_integer(query, 4),
        .reason = (uint8_t)reading_reason_of_name(statement_text_at(query, 5)),
        .received_s = statement_integer(query, 6),
        .decided_s = statement_integer(query, 7),
        .decided_by = (uint32_t)statement_integer(query, 8),
        .accepted = (uint8_t)statement_int(query, 9),
    };
    statement_end(query);
    return 1;
}

static int set_aside_read(void *context, int64_t id, struct reading_set_aside *out)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->table, SET_ASIDE_READ);
    statement_bind_integer(query, 1, id);
    return set_aside_row(query, out);
}

static int set_aside_next(void *context, uint32_t device_id, int32_t after_day, struct reading_set_aside *out)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->table, SET_ASIDE_NEXT);
    statement_bind_integers(query, (const int64_t[]){ device_id, after_day }, 2);
    return set_aside_row(query, out);
}

static int set_aside_decide(void *context, const struct reading_set_aside *row)
{
    struct reading_sql *sql = context;
    struct statement *update = statement_take(&sql->table, SET_ASIDE_DECIDE);
    statement_bind_integers(update, (const int64_t[]){ row->set_aside_id, row->decided_s, row->decided_by }, 3);
    statement_bind_text(update, 4, row->accepted ? "accepted" : "rejected");
    int changed = statement_run(update);
    return changed < 0 ? changed : 0;
}

static int area_day_add(void *context, const struct reading_area_day *gain)
{
    struct reading_sql *sql = context;
    struct statement *add = statement_take(&sql->table, AREA_DAY_ADD);
    statement_bind_integers(
        add, (const int64_t[]){ gain->day, gain->area_id, gain->received, gain->on_time, gain->usage_value }, 5);
    statement_bind_text(add, 6, registry_kind_name(gain->kind));
    int changed = statement_run(add);
    return changed < 0 ? changed : 0;
}

static int area_sum_add(void *context, const struct reading_area_sum *sum)
{
    struct reading_sql *sql = context;
    struct statement *add = statement_take(&sql->table, AREA_SUM_ADD);
    statement_bind_integers(
        add, (const int64_t[]){ sum->day, sum->area_id, sum->received, sum->on_time, sum->usage_value }, 5);
    statement_bind_text(add, 6, registry_kind_name(sum->kind));
    return statement_change(add);
}

static int area_gap_add(void *context, const struct reading_area_gap *gap)
{
    struct reading_sql *sql = context;
    struct statement *add = statement_take(&sql->table, AREA_GAP_ADD);
    statement_bind_integers(add, (const int64_t[]){ gap->newest_day, gap->area_id, gap->gap_day, gap->devices }, 4);
    statement_bind_text(add, 5, registry_kind_name(gap->kind));
    return statement_change(add);
}

static int gaps_counted(void *context)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->table, GAPS_COUNTED);
    int found = statement_row(query);
    if (found != 1)
        return found;
    int counted = statement_int(query, 0);
    statement_end(query);
    return counted;
}

static int gaps_counted_note(void *context)
{
    struct reading_sql *sql = context;
    return statement_change(statement_take(&sql->table, GAPS_COUNTED_NOTE));
}

static int frames_trim(void *context, int64_t keep, int limit)
{
    struct reading_sql *sql = context;
    struct statement *range = statement_take(&sql->table, FRAME_RANGE);
    int found = statement_row(range);
    if (found != 1)
        return found;
    int64_t oldest = statement_integer(range, 0);
    int64_t first_kept = statement_integer(range, 1) - keep + 1;
    statement_end(range);
    if (first_kept <= oldest)
        return 0;
    struct statement *trim = statement_take(&sql->table, FRAMES_TRIM);
    statement_bind_integer(trim, 1, first_kept - oldest > limit ? oldest + limit : first_kept);
    return statement_run(trim);
}

int reading_sql_open(struct store *store, struct reading_sql **out)
{
    struct reading_sql *sql = calloc(1, sizeof *sql);
    if (!sql)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(sql);
        return error;
    }
    sql->store = (struct reading_store){
        .context = sql,
        .day_update = day_update,
        .day_read = day_read,
        .set_aside_insert = set_aside_insert,
        .set_aside_read = set_aside_read,
        .set_aside_next = set_aside_next,
        .set_aside_decide = set_aside_decide,
        .area_day_add = area_day_add,
        .area_sum_add = area_sum_add,
        .area_gap_add = area_gap_add,
        .gaps_counted = gaps_counted,
        .gaps_counted_note = gaps_counted_note,
        .frames_trim = frames_trim,
    };
    error = reading_sql_rows_open(sql, store);
    if (error == 0)
        error = reading_sql_registers_open(sql, store);
    if (error == 0)
        error = reading_sql_zones_open(sql, store);
    if (error == 0)
        error = reading_sql_intervals_open(sql, store);
    if (error == 0)
        error = reading_sql_standings_open(sql, store);
    if (error == 0)
        error = reading_sql_folds_open(sql, store);
    if (error == 0)
        error = reading_sql_midnights_open(sql, store);
    if (error == 0)
        error = reading_sql_states_open(sql, store);
    if (error == 0)
        error = reading_sql_progress_open(sql, store);
    if (error == 0)
        error = reading_sql_retention_open(sql, store);
    if (error != 0) {
        reading_sql_close(sql);
        return error;
    }
    *out = sql;
    return 0;
}

void reading_sql_close(struct reading_sql *sql)
{
    if (sql) {
        statement_table_finalize(&sql->table);
        statement_table_finalize(&sql->registers);
        statement_table_finalize(&sql->zones);
        reading_sql_intervals_close(sql);
        statement_table_finalize(&sql->folds);
        statement_table_finalize(&sql->midnights);
        reading_sql_states_close(sql);
        reading_sql_standings_close(sql);
        statement_table_finalize(&sql->progress);
        reading_sql_rows_close(sql);
        statement_table_finalize(&sql->retention);
    }
    free(sql);
}

const struct reading_store *reading_sql_store(const struct reading_sql *sql)
{
    return &sql->store;
}
