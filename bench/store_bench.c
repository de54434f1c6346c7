/* Rows stored per second: the same words on SQLite and on a PostgreSQL server, and beside them the peer, libpq's binary COPY
 * without anything of ours. Batches of given rows, each its own durable transaction; then single rows within one; then
 * transactions of one row. Run by tests/store/postgres_run --durable.
 *
 * usage: store_bench FOLDER */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/given_rows.h"
#include "store/store.h"
#include "tests/store/postgres_fixture.h"

#define BATCH 4096u
#define BATCHES 100u
#define SINGLE_ROWS 20000u
#define SINGLE_TRANSACTIONS 1000u
#define QUERY_ROWS (BATCH * BATCHES)
#define COPY_ROW (2 + 5 * 12) /* bytes: the number of columns; each with its size */

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

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void rate_print(const char *place, const char *what, unsigned count, double since_s)
{
    double passed_s = now_s() - since_s;

    printf("%-12s %-44s %10.0f/s\n", place, what, count / passed_s);
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
    double since_s = now_s();

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
    rate_print(place, "rows given, 4,096 a transaction", BATCH * BATCHES, since_s);
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
    double since_s = now_s();

    must(statement_prepare(store, "INSERT INTO bench_reading (day, device_id, value, received_s, source)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5)", &insert) == 0, "prepare");
    must(store_begin(store) == 0, "begin");
    for (unsigned i = 0; i < SINGLE_ROWS; i++)
        row_store(insert, i);
    must(store_commit(store) == 0, "commit");
    rate_print(place, "rows one by one, all in a transaction", SINGLE_ROWS, since_s);
    since_s = now_s();
    for (unsigned i = 0; i < SINGLE_TRANSACTIONS; i++) {
        must(store_begin(store) == 0, "begin");
        row_store(insert, SINGLE_ROWS + i);
        must(store_commit(store) == 0, "commit");
    }
    statement_finalize(insert);
    rate_print(place, "transactions of one row", SINGLE_TRANSACTIONS, since_s);
}

static void rows_read(struct store *store, const char *place)
{
    struct statement *all;
    int64_t sum = 0;
    unsigned count = 0;
    double since_s = now_s();

    must(statement_prepare(store, "SELECT device_id, value, received_s, source FROM bench_reading WHERE day = 20000", &all) == 0,
         "prepare");
    for (; statement_row(all) == 1; count++)
        sum += statement_integer(all, 1);
    must(count == QUERY_ROWS && sum > 0, "rows");
    statement_finalize(all);
    rate_print(place, "rows read", count, since_s);
}

static void store_measure(const char *path, const char *place)
{
    struct store *store;

    must(store_open(&(struct store_config){ .path = path }, &store) == 0, "open");
    must(store_execute(store, table_text) == 0, "table");
    batches_store(store, place);
    singles_store(store, place);
    rows_read(store, place);
    store_close(store);
}

static char *number_put(char *to, int64_t value)
{
    static const char size[4] = { 0, 0, 0, 8 };

    memcpy(to, size, sizeof size);
    for (int i = 0; i < 8; i++)
        to[4 + i] = (char)((uint64_t)value >> (56 - 8 * i));
    return to + 12;
}

static void copy_send(PGconn *connection, const struct reading rows[BATCH])
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* its own 0 is the 19th byte */
    static char bytes[BATCH * COPY_ROW];
    char *to = bytes;

    for (unsigned i = 0; i < BATCH; i++) {
        *to++ = 0;
        *to++ = 5;
        to = number_put(number_put(number_put(to, rows[i].day), rows[i].device_id), rows[i].value);
        to = number_put(number_put(to, rows[i].received_s), rows[i].source);
    }
    must(PQputCopyData(connection, head, sizeof head) == 1 && PQputCopyData(connection, bytes, sizeof bytes) == 1 &&
             PQputCopyData(connection, "\377\377", 2) == 1 && PQputCopyEnd(connection, NULL) == 1,
         "copy");
}

/* COPY is a transaction of its own. */
static void copy_measure(const char *path)
{
    static struct reading rows[BATCH];
    PGconn *connection = PQconnectdb(path);
    double since_s;

    PQclear(PQexec(connection, table_text));
    since_s = now_s();
    for (unsigned batch = 0; batch < BATCHES; batch++) {
        batch_make(rows, batch);
        PQclear(PQexec(connection, "COPY bench_reading FROM STDIN (FORMAT binary)"));
        copy_send(connection, rows);
        PGresult *result = PQgetResult(connection);
        must(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(connection));
        PQclear(result);
        must(PQgetResult(connection) == NULL, "copy end");
    }
    rate_print("libpq", "rows by binary COPY, 4,096 a transaction", BATCH * BATCHES, since_s);
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
