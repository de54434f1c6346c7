/* The three rows of a report: its frame, its new midnight, the state of its device. Frames and midnights are kept back and
 * written some hundred in a statement, midnights in the order of their key. */
#include <stdlib.h>
#include <string.h>

#include "base/uplink.h"
#include "store/given_rows.h"
#include "store/sql/reading_sql_internal.h"
#include "store/store_error.h"

#define ROWS_LIMIT 512   /* of a kind, kept back */
#define STATE_INTEGERS 26 /* and behind them the bytes of `recent`; of a new row the status */

enum { STATE_UPDATE, STATUS_UPDATE, STATE_INSERT, DAYS_INSERT, FRAMES_INSERT, FRAME_NEWEST, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    /* Without the status, which has an index and a trigger: each report would pay for them. */
    [STATE_UPDATE] =
        "UPDATE device_state SET last_received_s = ?2, last_report_s = ?3, report_received_s = ?4, register_value = ?5,"
        " total_value = ?6, newest_register_value = ?7, newest_total_value = ?8, balance_fen = ?9, complete_days = ?10,"
        " on_time_days = ?11, last_frame = ?12, newest_day = ?13, clock_error_s = ?14, recharge_serial = ?15,"
        " alarm_bits = ?16, cell_id = ?17, earfcn = ?18, rsrp_dbm = ?19, snr_db = ?20, battery_mv = ?21,"
        " physical_cell = ?22, coverage_level = ?23, valve_state = ?24, firmware_version = ?25, register_s = ?26, recent = ?27"
        " WHERE device_id = ?1",
    [STATUS_UPDATE] = "UPDATE device_state SET status = ?2 WHERE device_id = ?1",
    [STATE_INSERT] =
        "INSERT INTO device_state (device_id, last_received_s, last_report_s, report_received_s, register_value,"
        " total_value, newest_register_value, newest_total_value, balance_fen, complete_days, on_time_days, last_frame,"
        " newest_day, clock_error_s, recharge_serial, alarm_bits, cell_id, earfcn, rsrp_dbm, snr_db, battery_mv,"
        " physical_cell, coverage_level, valve_state, firmware_version, register_s, recent, status)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [DAYS_INSERT] =
        "INSERT INTO daily_reading (day, device_id, register_value, total_value, quality, received_s, multiplier_e3)"
        " SELECT v0, v1, v2, v3, v4, v5, v6 FROM given_rows(?1)",
    [FRAMES_INSERT] =
        "INSERT INTO frame (frame_id, device_id, previous_frame, at_s, direction, bytes)"
        " SELECT v0, v1, v2, v3, v4, v5 FROM given_rows(?1)",
    [FRAME_NEWEST] = "SELECT coalesce(max(frame_id), 0) FROM frame",
};

struct day_row {
    uint32_t device_id;
    struct reading_day day;
};

struct frame_row {
    int64_t frame_id;
    int64_t previous_frame;
    int64_t at_s;
    uint32_t device_id;
    uint32_t direction;
    struct span bytes;
    uint8_t held[UPLINK_FRAME_LIMIT];
};

struct reading_rows {
    struct statement_table table;
    size_t day_count;
    size_t frame_count;
    int64_t frame_newest; /* 0: to be asked for, anew after each settling */
    struct day_row days[ROWS_LIMIT];
    struct frame_row frames[ROWS_LIMIT];
};

static const struct given_column day_columns[] = {
    { offsetof(struct day_row, day.day), GIVEN_INT32, NULL },
    { offsetof(struct day_row, device_id), GIVEN_UINT32, NULL },
    { offsetof(struct day_row, day.register_value), GIVEN_INT64, NULL },
    { offsetof(struct day_row, day.total_value), GIVEN_INT64, NULL },
    { offsetof(struct day_row, day.quality), GIVEN_INT32, NULL },
    { offsetof(struct day_row, day.received_s), GIVEN_INT64, NULL },
    { offsetof(struct day_row, day.multiplier_e3), GIVEN_INT64, NULL },
};

static const struct given_column frame_columns[] = {
    { offsetof(struct frame_row, frame_id), GIVEN_INT64, NULL },
    { offsetof(struct frame_row, device_id), GIVEN_UINT32, NULL },
    { offsetof(struct frame_row, previous_frame), GIVEN_INT64, NULL },
    { offsetof(struct frame_row, at_s), GIVEN_INT64, NULL },
    { offsetof(struct frame_row, direction), GIVEN_UINT32, NULL },
    { offsetof(struct frame_row, bytes), GIVEN_BYTES, NULL },
};

/* Write the rows of a kind, and keep none of them, well or not: a failure ends the transaction. */
static int rows_write(struct reading_rows *rows, size_t statement, struct given_rows given, size_t *count)
{
    if (*count == 0)
        return 0;
    given.count = *count;
    *count = 0;
    struct statement *write = statement_take(&rows->table, statement);
    given_rows_bind(write, 1, &given);
    return statement_change(write);
}

static int day_order(const void *left, const void *right)
{
    const struct day_row *a = left;
    const struct day_row *b = right;
    if (a->day.day != b->day.day)
        return a->day.day < b->day.day ? -1 : 1;
    return (a->device_id > b->device_id) - (a->device_id < b->device_id);
}

static int days_settle(struct reading_rows *rows)
{
    qsort(rows->days, rows->day_count, sizeof rows->days[0], day_order);
    return rows_write(rows, DAYS_INSERT,
                      (struct given_rows){ .first = rows->days, .size = sizeof rows->days[0], .columns = day_columns,
                                           .column_count = sizeof day_columns / sizeof day_columns[0] },
                      &rows->day_count);
}

static int frames_settle(struct reading_rows *rows)
{
    return rows_write(rows, FRAMES_INSERT,
                      (struct given_rows){ .first = rows->frames, .size = sizeof rows->frames[0],
                                           .columns = frame_columns,
                                           .column_count = sizeof frame_columns / sizeof frame_columns[0] },
                      &rows->frame_count);
}

static void state_bind(struct statement *statement, uint32_t device_id, const struct reading_state *state)
{
    uint8_t recent[READING_STATE_BYTES_LIMIT];
    size_t recent_size = reading_state_pack(state, recent);
    const int64_t integers[STATE_INTEGERS] = {
        device_id, state->last_received_s, state->last_report_s, state->report_received_s, state->register_value,
        state->total_value, state->newest_register_value, state->newest_total_value, state->balance_fen,
        (int64_t)state->complete_days, (int64_t)state->on_time_days, (int64_t)state->last_frame, state->newest_day,
        state->clock_error_s, state->recharge_serial, state->alarm_bits, state->cell_id, state->earfcn, state->rsrp_dbm,
        state->snr_db, state->battery_mv, state->physical_cell, state->coverage_level, state->valve_state,
        state->firmware_version, state->register_s,
    };
    statement_bind_integers(statement, integers, STATE_INTEGERS);
    statement_bind_bytes(statement, STATE_INTEGERS + 1, recent, recent_size);
}

static int status_update(struct reading_rows *rows, uint32_t device_id, const struct reading_state *state)
{
    struct statement *statement = statement_take(&rows->table, STATUS_UPDATE);
    statement_bind_integer(statement, 1, device_id);
    statement_bind_integer(statement, 2, state->status);
    return statement_change(statement);
}

static int state_insert(struct reading_rows *rows, uint32_t device_id, const struct reading_state *state)
{
    struct statement *statement = statement_take(&rows->table, STATE_INSERT);
    state_bind(statement, device_id, state);
    statement_bind_integer(statement, STATE_INTEGERS + 2, state->status);
    return statement_change(statement);
}

/* One by one: of a row with so many columns a statement for many costs as much as many statements. */
static int state_write(void *context, uint32_t device_id, const struct reading_state *state)
{
    struct reading_rows *rows = ((struct reading_sql *)context)->rows;
    struct statement *statement = statement_take(&rows->table, STATE_UPDATE);
    state_bind(statement, device_id, state);
    int changed = statement_run(statement);
    if (changed == 0)
        return state_insert(rows, device_id, state);
    if (changed < 0)
        return changed;
    return state->dirty & READING_DIRTY_STATUS ? status_update(rows, device_id, state) : 0;
}

static int day_insert(void *context, uint32_t device_id, const struct reading_day *day)
{
    struct reading_rows *rows = ((struct reading_sql *)context)->rows;
    int error = rows->day_count == ROWS_LIMIT ? days_settle(rows) : 0;
    if (error == 0)
        rows->days[rows->day_count++] = (struct day_row){ device_id, *day };
    return error;
}

/* Numbers go on from the newest frame, so that a frame can name the one before it while both are kept back. */
static int frame_number_take(struct reading_rows *rows, int64_t *number)
{
    if (rows->frame_newest == 0) {
        int found = statement_number(statement_take(&rows->table, FRAME_NEWEST), &rows->frame_newest);
        if (found < 0)
            return found;
    }
    *number = ++rows->frame_newest;
    return 0;
}

static int frame_insert(void *context, const struct reading_frame *frame, uint64_t *id)
{
    struct reading_rows *rows = ((struct reading_sql *)context)->rows;
    int64_t number;
    int error = rows->frame_count == ROWS_LIMIT ? frames_settle(rows) : 0;
    if (error == 0)
        error = frame_number_take(rows, &number);
    if (error != 0)
        return error;
    struct frame_row *row = &rows->frames[rows->frame_count++];
    size_t size = frame->size < sizeof row->held ? frame->size : sizeof row->held;
    row->frame_id = number;
    row->previous_frame = (int64_t)frame->previous_frame;
    row->at_s = frame->at_s;
    row->device_id = frame->device_id;
    row->direction = frame->direction;
    row->bytes = span_of_bytes(row->held, size);
    if (size > 0)
        memcpy(row->held, frame->bytes, size);
    *id = (uint64_t)number;
    return 0;
}

int reading_sql_days_settle(struct reading_sql *sql)
{
    return sql->rows->day_count > 0 ? days_settle(sql->rows) : 0;
}

static int settle(void *context)
{
    struct reading_rows *rows = ((struct reading_sql *)context)->rows;
    int error = frames_settle(rows);
    rows->frame_newest = 0;
    return error != 0 ? error : days_settle(rows);
}

static void forget(void *context)
{
    struct reading_rows *rows = ((struct reading_sql *)context)->rows;
    rows->day_count = 0;
    rows->frame_count = 0;
    rows->frame_newest = 0;
}

int reading_sql_rows_open(struct reading_sql *sql, struct store *store)
{
    sql->rows = calloc(1, sizeof *sql->rows);
    if (!sql->rows)
        return STORE_ERR_MEMORY;
    sql->store.state_write = state_write;
    sql->store.day_insert = day_insert;
    sql->store.frame_insert = frame_insert;
    sql->store.settle = settle;
    sql->store.forget = forget;
    return statement_table_prepare(&sql->rows->table, store, texts, STATEMENT_COUNT);
}

void reading_sql_rows_close(struct reading_sql *sql)
{
    if (sql->rows)
        statement_table_finalize(&sql->rows->table);
    free(sql->rows);
    sql->rows = NULL;
}
