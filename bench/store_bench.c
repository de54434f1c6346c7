/* Rows stored per second: the same words on SQLite and on a PostgreSQL server, and beside them the peer, libpq's binary COPY
 * without anything of ours. Batches of given rows, each its own durable transaction; then single rows within one; then
 * transactions of one row; then midnights read out of their blocks. Behind each the processor's time, ours and that of the server's
 * process for us. Run by tests/store/postgres_run --durable.
 *
 * usage: store_bench FOLDER */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "bench/bench_clock.h"
#include "bench/copy_binary.h"
#include "reading/midnight_block.h"
#include "reading/reading_store.h"
#include "store/given_rows.h"
#include "store/store.h"
#include "tests/store/postgres_fixture.h"

#define BATCH 4096u
#define BATCHES 100u
#define SINGLE_ROWS 20000u
#define SINGLE_TRANSACTIONS 1000u
#define QUERY_ROWS (BATCH * BATCHES)
#define METERS 100u
#define STRETCHES 15 /* ten years and a half */
#define FIRST_STRETCH 60
#define MONTH_DAYS 31

struct reading {
    int64_t device_id;
    int64_t value;
    int64_t received_s;
    int32_t day;
    uint32_t source;
};

static const struct given_column columns[] = {
    { offsetof(struct reading, day), GIVEN_INT32, NULL },
    { offsetof(struct reading, device_id), GIVEN_INT64, NULL },
    { offsetof(struct reading, value), GIVEN_INT64, NULL },
    { offsetof(struct reading, received_s), GIVEN_INT64, NULL },
    { offsetof(struct reading, source), GIVEN_UINT32, NULL },
};

static const char table_text[] = "CREATE TABLE bench_reading (day BIGINT NOT NULL, device_id BIGINT NOT NULL, value BIGINT NOT NULL,"
                                 " received_s BIGINT NOT NULL, source BIGINT NOT NULL, PRIMARY KEY (day, device_id))";

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "store_bench: %s\n", what);
    exit(1);
}

static long server_process; /* that works for us; 0 none */

struct moment {
    double wall_s;
    double ours_s;
    double servers_s;
};

static struct moment moment_now(void)
{
    return (struct moment){ bench_clock_seconds(CLOCK_MONOTONIC), bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID),
                            bench_clock_process_seconds(server_process) };
}

static void rate_print(const char *place, const char *what, unsigned count, struct moment since)
{
    struct moment now = moment_now();

    printf("%-12s %-44s %10.0f/s  %9.2f us ours %9.2f us server\n", place, what, count / (now.wall_s - since.wall_s),
           (now.ours_s - since.ours_s) / count * 1e6, (now.servers_s - since.servers_s) / count * 1e6);
}

/* One batch is a part of one day: how midnights arrive. */
static void batch_make(struct reading rows[BATCH], unsigned batch)
{
    for (unsigned i = 0; i < BATCH; i++)
        rows[i] = (struct reading){ .device_id = batch * BATCH + i, .value = 7817 * i, .received_s = 1800000000 + batch,
                                    .day = 20000, .source = i % 3 };
}

static void batches_store(struct store *store, const char *place)
{
    static struct reading rows[BATCH];
    struct given_rows given = { rows, sizeof *rows, BATCH, columns, sizeof columns / sizeof *columns };
    struct statement *insert;
    struct moment since = moment_now();

    must(statement_prepare(store, "INSERT INTO bench_reading (day, device_id, value, received_s, source)"
                                  " SELECT v0, v1, v2, v3, v4 FROM given_rows(?1)", &insert) == 0, "prepare");
    for (unsigned batch = 0; batch < BATCHES; batch++) {
        batch_make(rows, batch);
        must(store_begin(store) == 0, "begin");
        statement_reset(insert);
        given_rows_bind(insert, 1, &given);
        must(statement_run(insert) == BATCH, "insert");
        must(store_commit(store) == 0, "commit");
    }
    statement_finalize(insert);
    rate_print(place, "rows given, 4,096 a transaction", BATCH * BATCHES, since);
}

static void row_store(struct statement *insert, unsigned number)
{
    const int64_t values[] = { 20001, number, 7817, 1800000000, 1 };

    statement_reset(insert);
    statement_bind_integers(insert, values, 5);
    must(statement_run(insert) == 1, "insert");
}

static void singles_store(struct store *store, const char *place)
{
    struct statement *insert;
    struct moment since = moment_now();

    must(statement_prepare(store, "INSERT INTO bench_reading (day, device_id, value, received_s, source)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5)", &insert) == 0, "prepare");
    must(store_begin(store) == 0, "begin");
    for (unsigned i = 0; i < SINGLE_ROWS; i++)
        row_store(insert, i);
    must(store_commit(store) == 0, "commit");
    rate_print(place, "rows one by one, all in a transaction", SINGLE_ROWS, since);
    since = moment_now();
    for (unsigned i = 0; i < SINGLE_TRANSACTIONS; i++) {
        must(store_begin(store) == 0, "begin");
        row_store(insert, SINGLE_ROWS + i);
        must(store_commit(store) == 0, "commit");
    }
    statement_finalize(insert);
    rate_print(place, "transactions of one row", SINGLE_TRANSACTIONS, since);
}

static void rows_read(struct store *store, const char *place)
{
    struct statement *all;
    int64_t sum = 0;
    unsigned count = 0;
    struct moment since = moment_now();

    must(statement_prepare(store, "SELECT device_id, value, received_s, source FROM bench_reading WHERE day = 20000", &all) == 0,
         "prepare");
    for (; statement_row(all) == 1; count++)
        sum += statement_integer(all, 1);
    must(count == QUERY_ROWS && sum > 0, "rows");
    statement_finalize(all);
    rate_print(place, "rows read", count, since);
}

/* A meter that reports at its own second, up to half a minute late. */
static void block_make(struct random *random, int64_t *dial, uint32_t meter, struct midnight_block *block)
{
    struct midnight_days days;

    midnight_days_clear(&days);
    for (int32_t day = block->stretch * MIDNIGHT_BLOCK_DAYS; day < (block->stretch + 1) * MIDNIGHT_BLOCK_DAYS; day++) {
        *dial += 100 + (int64_t)random_below(random, 400);
        midnight_days_put(&days, &(struct reading_day){ .day = day, .register_value = *dial, .total_value = *dial, .multiplier_e3 = 1000,
            .received_s = day * INT64_C(86400) - 25200 + meter * 53 % 7200 + (int64_t)random_below(random, 30) });
    }
    must(midnight_block_encode(&days, block) == 0, "block");
}

static void blocks_store(struct store *store)
{
    struct random random = random_of_seed(8);
    struct midnight_block block;
    struct statement *insert;

    must(statement_prepare(store, "INSERT INTO midnight_block (stretch, device_id, registers, totals, ratios, arrivals)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &insert) == 0, "prepare");
    must(store_begin(store) == 0, "begin");
    for (uint32_t meter = 1; meter <= METERS; meter++) {
        int64_t dial = meter * 1000;
        for (block.stretch = FIRST_STRETCH; block.stretch < FIRST_STRETCH + STRETCHES; block.stretch++) {
            block_make(&random, &dial, meter, &block);
            statement_reset(insert);
            statement_bind_integers(insert, (const int64_t[]){ block.stretch, meter }, 2);
            for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
                statement_bind_bytes(insert, 3 + part, block.parts[part], block.sizes[part]);
            must(statement_run(insert) == 1, "insert");
        }
    }
    must(store_commit(store) == 0, "commit");
    statement_finalize(insert);
}

/* What a query of a meter gives from a day to a day. */
static void midnights_read(struct store *store, const char *place, const char *what, const char *text, int32_t first, int32_t last,
                           int rows)
{
    struct statement *query;

    must(statement_prepare(store, text, &query) == 0, "prepare");
    struct moment since = moment_now();
    for (uint32_t meter = 1; meter <= METERS; meter++) {
        int found = 0;
        statement_reset(query);
        statement_bind_integers(query, (const int64_t[]){ meter, first, last }, 3);
        while (statement_row(query) == 1)
            found++;
        must(found == rows, "rows");
    }
    statement_finalize(query);
    rate_print(place, what, METERS, since);
}

static void folded_read(struct store *store, const char *place)
{
    static const char all[] = "SELECT day, total_value FROM midnights(?1, ?2, ?3)";
    int32_t first = FIRST_STRETCH * MIDNIGHT_BLOCK_DAYS, count = STRETCHES * MIDNIGHT_BLOCK_DAYS;

    midnights_read(store, place, "a meter's ten years of midnights", all, first, first + count - 1, count);
    midnights_read(store, place, "a meter's month of midnights", all, first + 400, first + 400 + MONTH_DAYS - 1, MONTH_DAYS);
    midnights_read(store, place, "one midnight of a meter", all, first + 400, first + 400, 1);
    midnights_read(store, place, "the total of one midnight",
                   "SELECT midnight_total(b.registers, b.totals, b.ratios, b.arrivals, ?2) FROM midnight_block b"
                   " WHERE b.device_id = ?1 AND b.stretch = ?2 / 256 AND ?3 = ?2", first + 400, first + 400, 1);
}

static void store_measure(const char *path, const char *place)
{
    struct store *store;

    must(store_open(&(struct store_config){ .path = path }, &store) == 0, "open");
    if (strcmp(place, "PostgreSQL") == 0) {
        int64_t process = 0;
        must(store_number(store, "SELECT pg_backend_pid()", &process) == 0, "process");
        server_process = (long)process;
    }
    must(store_execute(store, table_text) == 0, "table");
    batches_store(store, place);
    singles_store(store, place);
    rows_read(store, place);
    blocks_store(store);
    folded_read(store, place);
    store_close(store);
}

static void copy_send(PGconn *connection, const struct reading rows[BATCH])
{
    static const char head[] = COPY_BINARY_HEAD;
    static char bytes[BATCH * COPY_BINARY_ROW(5)];
    char *to = bytes;

    for (unsigned i = 0; i < BATCH; i++) {
        to = copy_binary_row_begin(to, 5);
        to = copy_binary_number_put(copy_binary_number_put(copy_binary_number_put(to, rows[i].day), rows[i].device_id), rows[i].value);
        to = copy_binary_number_put(copy_binary_number_put(to, rows[i].received_s), rows[i].source);
    }
    must(PQputCopyData(connection, head, sizeof head) == 1 && PQputCopyData(connection, bytes, sizeof bytes) == 1 &&
             PQputCopyData(connection, COPY_BINARY_END, 2) == 1 && PQputCopyEnd(connection, NULL) == 1,
         "copy");
}

/* COPY is a transaction of its own. */
static void copy_measure(const char *path)
{
    static struct reading rows[BATCH];
    PGconn *connection = PQconnectdb(path);
    struct moment since;

    server_process = PQbackendPID(connection);
    PQclear(PQexec(connection, table_text));
    since = moment_now();
    for (unsigned batch = 0; batch < BATCHES; batch++) {
        batch_make(rows, batch);
        PQclear(PQexec(connection, "COPY bench_reading FROM STDIN (FORMAT binary)"));
        copy_send(connection, rows);
        PGresult *result = PQgetResult(connection);
        must(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(connection));
        PQclear(result);
        must(PQgetResult(connection) == NULL, "copy end");
    }
    rate_print("libpq", "rows by binary COPY, 4,096 a transaction", BATCH * BATCHES, since);
    PQfinish(connection);
}

int main(int count, char *arguments[])
{
    char path[400];

    must(count == 2 && postgres_fixture_there(), "needs a folder, and tests/store/postgres_run");
    snprintf(path, sizeof path, "%s/store_bench.%ld.db", arguments[1], (long)getpid());
    store_measure(path, "SQLite");
    unlink(path);
    postgres_fixture_path(path, sizeof path);
    store_measure(path, "PostgreSQL");
    postgres_fixture_path(path, sizeof path);
    copy_measure(path);
    return 0;
}
