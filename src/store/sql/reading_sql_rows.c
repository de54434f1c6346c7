/* The three rows of a report: its frame, its new midnight, the state of its device. They are kept back and written some hundred in a
 * statement, midnights and states in the order of their key. */
#include <stdlib.h>
#include <string.h>

#include "base/uplink.h"
#include "store/given_rows.h"
#include "store/sql/reading_sql_internal.h"
#include "store/store_error.h"

#define ROWS_LIMIT 512   /* of a kind, kept back */
#define STATE_NUMBERS 26 /* and behind them the bytes of `recent`, and the status */
#define STATE_COLUMNS (STATE_NUMBERS + 2)

#define STATE_NAMES \
    "device_id, last_received_s, last_report_s, report_received_s, register_value, total_value, newest_register_value," \
    " newest_total_value, balance_fen, complete_days, on_time_days, last_frame, newest_day, clock_error_s, recharge_serial," \
    " alarm_bits, cell_id, earfcn, rsrp_dbm, snr_db, battery_mv, physical_cell, coverage_level, valve_state, firmware_version," \
    " register_s, recent, status"

enum { STATE_UPDATE, STATUS_UPDATE, STATE_INSERT, STATES_UPDATE, STATES_INSERT, STATUSES_WRITE, DAYS_INSERT, FRAMES_INSERT, FRAME_NEWEST,
    STATEMENT_COUNT };

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
        "INSERT INTO device_state (" STATE_NAMES ")"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    /* Those for many rows. Nearly every meter has its row, and a row that is to be inserted first is looked for and locked before it is
     * changed: half as dear again, and half as much log. */
    [STATES_UPDATE] =
        "UPDATE device_state SET last_received_s = v1, last_report_s = v2, report_received_s = v3, register_value = v4,"
        " total_value = v5, newest_register_value = v6, newest_total_value = v7, balance_fen = v8, complete_days = v9,"
        " on_time_days = v10, last_frame = v11, newest_day = v12, clock_error_s = v13, recharge_serial = v14, alarm_bits = v15,"
        " cell_id = v16, earfcn = v17, rsrp_dbm = v18, snr_db = v19, battery_mv = v20, physical_cell = v21, coverage_level = v22,"
        " valve_state = v23, firmware_version = v24, register_s = v25, recent = v26 FROM given_rows(?1) WHERE device_id = v0",
    [STATES_INSERT] =
        "INSERT INTO device_state (" STATE_NAMES ")"
        " SELECT v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17, v18, v19, v20, v21, v22, v23, v24,"
        " v25, v26, v27 FROM given_rows(?1) WHERE true ON CONFLICT (device_id) DO NOTHING",
    [STATUSES_WRITE] =
        "UPDATE device_state SET status = v1 FROM given_rows(?1) WHERE device_id = v0 AND status <> v1",
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

struct state_row {
    int64_t numbers[STATE_NUMBERS];
    int64_t status;
    size_t arrival;
    bool status_differs; /* from what the row says */
    struct span recent;
    uint8_t held[READING_STATE_BYTES_LIMIT];
};

struct status_row {
    uint32_t device_id;
    uint32_t status;
};

struct reading_rows {
    struct statement_table table;
    bool states_wait; /* are kept back, too: store_answers_late */
    size_t state_count;
    size_t day_count;
    size_t frame_count;
    int64_t frame_newest; /* 0: to be asked for, anew after each settling */
    struct state_row states[ROWS_LIMIT];
    struct status_row statuses[ROWS_LIMIT];
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

#define NUMBER(i) { offsetof(struct state_row, numbers) + (i) * sizeof(int64_t), GIVEN_INT64, NULL }

static const struct given_column state_columns[STATE_COLUMNS] = {
    NUMBER(0), NUMBER(1), NUMBER(2), NUMBER(3), NUMBER(4), NUMBER(5), NUMBER(6), NUMBER(7), NUMBER(8), NUMBER(9), NUMBER(10),
    NUMBER(11), NUMBER(12), NUMBER(13), NUMBER(14), NUMBER(15), NUMBER(16), NUMBER(17), NUMBER(18), NUMBER(19), NUMBER(20),
    NUMBER(21), NUMBER(22), NUMBER(23), NUMBER(24), NUMBER(25),
    { offsetof(struct state_row, recent), GIVEN_BYTES, NULL }, { offsetof(struct state_row, status), GIVEN_INT64, NULL },
};

static const struct given_column status_columns[] = {
    { offsetof(struct status_row, device_id), GIVEN_UINT32, NULL },
    { offsetof(struct status_row, status), GIVEN_UINT32, NULL },
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

static int state_order(const void *left, const void *right)
{
    const struct state_row *a = left;
    const struct state_row *b = right;
    if (a->numbers[0] != b->numbers[0])
        return a->numbers[0] < b->numbers[0] ? -1 : 1;
    return (a->arrival > b->arrival) - (a->arrival < b->arrival);
}

/* One statement writes a row once: of a device's states the last one stays. */
static void states_unite(struct reading_rows *rows)
{
    size_t count = 0;

    qsort(rows->states, rows->state_count, sizeof rows->states[0], state_order);
    for (size_t i = 0; i < rows->state_count; i++) {
        bool repeats = count > 0 && rows->states[count - 1].numbers[0] == rows->states[i].numbers[0];
        bool differed = repeats && rows->states[count - 1].status_differs;

        count -= repeats;
        rows->states[count] = rows->states[i];
        rows->states[count].recent = span_of_bytes(rows->states[count].held, rows->states[count].recent.size);
        rows->states[count++].status_differs |= differed;
    }
    rows->state_count = count;
}

static size_t statuses_gather(struct reading_rows *rows)
{
    size_t count = 0;

    for (size_t i = 0; i < rows->state_count; i++)
        if (rows->states[i].status_differs)
            rows->statuses[count++] = (struct status_row){ (uint32_t)rows->states[i].numbers[0], (uint32_t)rows->states[i].status };
    return count;
}

/* Those whose devices have no row yet, if any, are inserted. */
static int states_write(struct reading_rows *rows)
{
    struct given_rows given = { .first = rows->states, .size = sizeof rows->states[0], .count = rows->state_count,
                                .columns = state_columns, .column_count = STATE_COLUMNS };
    struct statement *update = statement_take(&rows->table, STATES_UPDATE);

    given_rows_bind(update, 1, &given);
    int changed = statement_run(update);
    bool all_there = changed < 0 || (size_t)changed == rows->state_count;
    return all_there ? changed : rows_write(rows, STATES_INSERT, given, &rows->state_count);
}

static int states_settle(struct reading_rows *rows)
{
    if (rows->state_count == 0)
        return 0;
    states_unite(rows);
    size_t status_count = statuses_gather(rows);
    int error = states_write(rows);
    rows->state_count = 0;
    if (error < 0)
        return error;
    return rows_write(rows, STATUSES_WRITE,
                      (struct given_rows){ .first = rows->statuses, .size = sizeof rows->statuses[0], .columns = status_columns,
                                           .column_count = sizeof status_columns / sizeof status_columns[0] },
                      &status_count);
}

static void state_put(struct state_row *row, uint32_t device_id, const struct reading_state *state)
{
    const int64_t numbers[STATE_NUMBERS] = {
        device_id, state->last_received_s, state->last_report_s, state->report_received_s, state->register_value,
        state->total_value, state->newest_register_value, state->newest_total_value, state->balance_fen,
        (int64_t)state->complete_days, (int64_t)state->on_time_days, (int64_t)state->last_frame, state->newest_day,
        state->clock_error_s, state->recharge_serial, state->alarm_bits, state->cell_id, state->earfcn, state->rsrp_dbm,
        state->snr_db, state->battery_mv, state->physical_cell, state->coverage_level, state->valve_state,
        state->firmware_version, state->register_s,
    };

    memcpy(row->numbers, numbers, sizeof numbers);
    row->status = state->status;
    row->recent = span_of_bytes(row->held, reading_state_pack(state, row->held));
}

static int state_keep(struct reading_rows *rows, uint32_t device_id, const struct reading_state *state)
{
    int error = rows->state_count == ROWS_LIMIT ? states_settle(rows) : 0;

    if (error != 0)
        return error;
    struct state_row *row = &rows->states[rows->state_count];
    state_put(row, device_id, state);
    row->arrival = rows->state_count++;
    row->status_differs = (state->dirty & READING_DIRTY_STATUS) != 0;
    return 0;
}

static struct statement *state_bind(struct reading_rows *rows, size_t index, const struct state_row *row)
{
    struct statement *statement = statement_take(&rows->table, index);

    statement_bind_integers(statement, row->numbers, STATE_NUMBERS);
    statement_bind_bytes(statement, STATE_NUMBERS + 1, row->recent.bytes, row->recent.size);
    return statement;
}

static int state_insert(struct reading_rows *rows, const struct state_row *row)
{
    struct statement *statement = state_bind(rows, STATE_INSERT, row);

    statement_bind_integer(statement, STATE_COLUMNS, row->status);
    return statement_change(statement);
}

static int status_update(struct reading_rows *rows, const struct state_row *row)
{
    struct statement *statement = statement_take(&rows->table, STATUS_UPDATE);

    statement_bind_integers(statement, (const int64_t[]){ row->numbers[0], row->status }, 2);
    return statement_change(statement);
}

/* In a file a statement for many rows of so many columns costs three times as much as many statements: one by one. */
static int state_write(void *context, uint32_t device_id, const struct reading_state *state)
{
    struct reading_rows *rows = ((struct reading_sql *)context)->rows;
    struct state_row *row = &rows->states[0];

    if (rows->states_wait)
        return state_keep(rows, device_id, state);
    state_put(row, device_id, state);
    int changed = statement_run(state_bind(rows, STATE_UPDATE, row));
    if (changed == 0)
        return state_insert(rows, row);
    if (changed < 0)
        return changed;
    return state->dirty & READING_DIRTY_STATUS ? status_update(rows, row) : 0;
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
    struct reading_sql *sql = context;
    struct reading_rows *rows = sql->rows;
    int error = frames_settle(rows);
    rows->frame_newest = 0;
    if (error == 0)
        error = days_settle(rows);
    if (error == 0)
        error = states_settle(rows);
    if (error == 0)
        error = reading_sql_states_settle(sql);
    if (error == 0)
        error = reading_sql_standings_settle(sql);
    return error != 0 ? error : reading_sql_intervals_settle(sql);
}

static void forget(void *context)
{
    struct reading_sql *sql = context;
    struct reading_rows *rows = sql->rows;
    reading_sql_intervals_forget(sql);
    reading_sql_standings_forget(sql);
    reading_sql_states_forget(sql);
    rows->state_count = 0;
    rows->day_count = 0;
    rows->frame_count = 0;
    rows->frame_newest = 0;
}

int reading_sql_rows_open(struct reading_sql *sql, struct store *store)
{
    sql->rows = calloc(1, sizeof *sql->rows);
    if (!sql->rows)
        return STORE_ERR_MEMORY;
    sql->rows->states_wait = store_answers_late(store);
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
