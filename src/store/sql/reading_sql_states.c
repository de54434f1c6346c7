/* States as a start reads them: rows of device_state, and what a storm appended to state_log. Where a statement waits for a server, rows
 * of the log are kept back and written together. */
#include "store/sql/reading_sql_internal.h"

#include <stdlib.h>
#include <string.h>

#include "store/given_rows.h"
#include "store/store_error.h"

/* Rows whose bytes do not say all are read by their columns, some together: a statement begins anew for each run of them. */
#define RUN_FIRST 16
#define RUN_LIMIT 65536
#define LOG_LIMIT 64        /* rows of the log, kept back */
#define LOG_ROW_LIMIT 4096  /* bytes of such a row; a longer one is written by itself */

enum { STATES, STATE_COLUMNS, APPEND, APPEND_MANY, WALK, DROP, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [STATES] = "SELECT device_id, status, recent FROM device_state WHERE device_id BETWEEN ? AND ? ORDER BY device_id",
    [STATE_COLUMNS] =
        "SELECT device_id, last_received_s, last_report_s, report_received_s, register_value, total_value,"
        " newest_register_value, newest_total_value, balance_fen, complete_days, on_time_days, last_frame, newest_day,"
        " clock_error_s, recharge_serial, alarm_bits, cell_id, earfcn, rsrp_dbm, snr_db, battery_mv, physical_cell,"
        " coverage_level, valve_state, status, recent, firmware_version, register_s FROM device_state"
        " WHERE device_id BETWEEN ? AND ? ORDER BY device_id",
    [APPEND] = "INSERT INTO state_log (log_id, states) VALUES (?, ?)",
    [APPEND_MANY] = "INSERT INTO state_log (log_id, states) SELECT v0, v1 FROM given_rows(?1)",
    [WALK] = "SELECT log_id, states FROM state_log ORDER BY log_id",
    [DROP] = "DELETE FROM state_log WHERE log_id <= ?",
};

static void state_take(struct statement *row, struct reading_state *state)
{
    struct reading_state head = { 0 };
    if (reading_state_unpack(statement_bytes(row, 25), &head) < 0)
        head = (struct reading_state){ 0 };
    *state = (struct reading_state){
        .content_hash = head.content_hash,
        .last_received_s = statement_integer(row, 1),
        .last_report_s = statement_integer(row, 2),
        .report_received_s = statement_integer(row, 3),
        .register_value = statement_integer(row, 4),
        .total_value = statement_integer(row, 5),
        .newest_register_value = statement_integer(row, 6),
        .newest_total_value = statement_integer(row, 7),
        .balance_fen = statement_integer(row, 8),
        .complete_days = (uint64_t)statement_integer(row, 9),
        .on_time_days = (uint64_t)statement_integer(row, 10),
        .last_frame = (uint64_t)statement_integer(row, 11),
        .newest_day = statement_int(row, 12),
        .clock_error_s = statement_int(row, 13),
        .recharge_serial = (uint32_t)statement_integer(row, 14),
        .alarm_bits = (uint32_t)statement_integer(row, 15),
        .cell_id = (uint32_t)statement_integer(row, 16),
        .earfcn = (uint32_t)statement_integer(row, 17),
        .rsrp_dbm = (int16_t)statement_int(row, 18),
        .snr_db = (int16_t)statement_int(row, 19),
        .battery_mv = (uint16_t)statement_int(row, 20),
        .physical_cell = (uint16_t)statement_int(row, 21),
        .coverage_level = (uint8_t)statement_int(row, 22),
        .valve_state = (uint8_t)statement_int(row, 23),
        .status = (uint8_t)statement_int(row, 24),
        .firmware_version = (uint32_t)statement_integer(row, 26),
        .register_s = statement_integer(row, 27),
    };
    memcpy(state->recent_register, head.recent_register, sizeof state->recent_register);
}

/* Who hears of the states of a range. */
struct walk {
    struct reading_sql *sql;
    int (*visit)(void *visitor, uint32_t device_id, const struct reading_state *state);
    void *visitor;
};

static struct statement *range_begin(const struct walk *walk, size_t index, uint32_t first, uint32_t last)
{
    struct statement *rows = statement_take(&walk->sql->states, index);

    statement_bind_integers(rows, (const int64_t[]){ first, last }, 2);
    return rows;
}

static int columns_walk(const struct walk *walk, uint32_t first, uint32_t last)
{
    struct statement *rows = range_begin(walk, STATE_COLUMNS, first, last);
    int result = 0, found = 0;

    while (result >= 0 && (found = statement_row(rows)) == 1) {
        struct reading_state state;
        state_take(rows, &state);
        result = walk->visit(walk->visitor, (uint32_t)statement_integer(rows, 0), &state);
    }
    if (found == 1)
        statement_end(rows);
    return result < 0 ? result : found;
}

/* As far as the bytes of the rows say all.
 * *stopped  the first device whose row does not
 * returns   1 stopped; 0 at the end; negative of the store or of `visit` */
static int bytes_walk(const struct walk *walk, uint32_t first, uint32_t last, uint32_t *stopped)
{
    struct statement *rows = range_begin(walk, STATES, first, last);
    int result = 0, found = 0;

    while (result == 0 && (found = statement_row(rows)) == 1) {
        uint32_t device_id = (uint32_t)statement_integer(rows, 0);
        struct reading_state state;
        if (reading_state_unpack(statement_bytes(rows, 2), &state) == 1) {
            state.status = (uint8_t)statement_int(rows, 1);
            int answer = walk->visit(walk->visitor, device_id, &state);
            result = answer < 0 ? answer : 0;
        } else {
            *stopped = device_id;
            result = 1;
        }
    }
    if (found == 1)
        statement_end(rows);
    return result != 0 ? result : found;
}

static int states_walk(void *context, uint32_t first, uint32_t last,
                       int (*visit)(void *, uint32_t, const struct reading_state *), void *visitor)
{
    struct walk walk = { context, visit, visitor };
    uint32_t stopped = 0, run = RUN_FIRST;
    int result;

    while ((result = bytes_walk(&walk, first, last, &stopped)) == 1) {
        /* Where one row is old its neighbours are, too. */
        run = stopped != first ? RUN_FIRST : run < RUN_LIMIT ? run * 2 : run;
        uint32_t until = last - stopped < run ? last : stopped + run - 1;
        result = columns_walk(&walk, stopped, until);
        if (result < 0 || until == last)
            break;
        first = until + 1;
    }
    return result;
}

struct log_row {
    int64_t log_id;
    struct span states;
    uint8_t held[LOG_ROW_LIMIT];
};

struct reading_log_rows {
    size_t count;
    struct log_row rows[LOG_LIMIT];
};

static const struct given_column log_columns[] = {
    { offsetof(struct log_row, log_id), GIVEN_INT64, NULL },
    { offsetof(struct log_row, states), GIVEN_BYTES, NULL },
};

void reading_sql_states_forget(struct reading_sql *sql)
{
    if (sql->log_kept != NULL)
        sql->log_kept->count = 0;
}

int reading_sql_states_settle(struct reading_sql *sql)
{
    struct reading_log_rows *kept = sql->log_kept;

    if (kept == NULL || kept->count == 0)
        return 0;
    struct statement *append = statement_take(&sql->states, APPEND_MANY);
    given_rows_bind(append, 1, &(struct given_rows){ .first = kept->rows, .size = sizeof kept->rows[0], .count = kept->count,
                                                     .columns = log_columns, .column_count = sizeof log_columns / sizeof log_columns[0] });
    kept->count = 0;
    return statement_change(append);
}

static int log_row_keep(struct reading_sql *sql, int64_t log_id, struct span states)
{
    struct reading_log_rows *kept = sql->log_kept;
    int error = kept->count == LOG_LIMIT ? reading_sql_states_settle(sql) : 0;

    if (error != 0)
        return error;
    struct log_row *row = &kept->rows[kept->count++];
    memcpy(row->held, states.bytes, states.size);
    row->log_id = log_id;
    row->states = span_of_bytes(row->held, states.size);
    return 0;
}

static int state_log_append(void *context, int64_t log_id, struct span states)
{
    struct reading_sql *sql = context;

    if (sql->log_kept != NULL && states.size <= LOG_ROW_LIMIT)
        return log_row_keep(sql, log_id, states);
    struct statement *append = statement_take(&sql->states, APPEND);
    statement_bind_integer(append, 1, log_id);
    statement_bind_bytes(append, 2, states.bytes, states.size);
    return statement_change(append);
}

static int state_log_walk(void *context, int (*visit)(void *, int64_t, struct span), void *visitor)
{
    struct reading_sql *sql = context;
    int found = reading_sql_states_settle(sql);

    if (found != 0)
        return found;
    struct statement *rows = statement_take(&sql->states, WALK);
    while ((found = statement_row(rows)) == 1) {
        int answer = visit(visitor, statement_integer(rows, 0), statement_bytes(rows, 1));
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int state_log_drop(void *context, int64_t log_id)
{
    struct reading_sql *sql = context;
    int error = reading_sql_states_settle(sql);

    if (error != 0)
        return error;
    struct statement *drop = statement_take(&sql->states, DROP);
    statement_bind_integer(drop, 1, log_id);
    return statement_change(drop);
}

int reading_sql_states_open(struct reading_sql *sql, struct store *store)
{
    if (store_answers_late(store)) {
        sql->log_kept = calloc(1, sizeof *sql->log_kept);
        if (sql->log_kept == NULL)
            return STORE_ERR_MEMORY;
    }
    sql->store.states_walk = states_walk;
    sql->store.state_log_append = state_log_append;
    sql->store.state_log_walk = state_log_walk;
    sql->store.state_log_drop = state_log_drop;
    return statement_table_prepare(&sql->states, store, texts, STATEMENT_COUNT);
}

void reading_sql_states_close(struct reading_sql *sql)
{
    statement_table_finalize(&sql->states);
    free(sql->log_kept);
    sql->log_kept = NULL;
}
