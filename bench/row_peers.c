/* Days of quarter-hours of made-up meters, the same as those of interval_bench in kind and number, kept as others would: a row a value.
 *
 * usage: row_peers sqlite FILE METERS DAYS     plain rows of SQLite, durable, 4,000 days of meters in a transaction
 *        row_peers postgres URL METERS DAYS    plain rows by binary COPY, likewise
 *        row_peers influx METERS DAYS          their text, for another program: a line a value
 *        row_peers victoria METERS DAYS        their text: a line a day of a meter
 *
 * The first two print the processor's seconds of their own, of the server's process for them, and the bytes of table and key, with
 * tabs between. */
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_clock.h"
#include "bench/copy_binary.h"
#include "bench/report_frame.h"

#define DAY_S 86400
#define BATCH 4000 /* days of meters; as in interval_bench */
#define STRIDE 7919 /* prime: meters report in an order far from that of their numbers */
#define DAY_USE_L 250

struct day {
    uint32_t meter;
    struct water_meter_series series;
};

struct keeper {
    void (*begin)(void *context);
    void (*keep)(void *context, const struct day *day);
    void (*commit)(void *context);
};

static const char table_text[] = "CREATE TABLE reading (meter BIGINT NOT NULL, at_s BIGINT NOT NULL, volume_ml BIGINT NOT NULL,"
                                 " PRIMARY KEY (meter, at_s))";

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "row_peers: %s\n", what);
    exit(1);
}

/* Midnights that are past, so that no program takes them for the future's. */
static int64_t midnight_first_s(uint32_t days)
{
    int64_t today_s = bench_clock_world_ms(NULL) / 1000 / DAY_S * DAY_S;
    return today_s - (int64_t)(days - 1) * DAY_S;
}

static void days_walk(uint32_t meters, uint32_t days, const struct keeper *keeper, void *context)
{
    struct day day;
    for (uint64_t i = 0; i < (uint64_t)meters * days; i++) {
        uint32_t which = (uint32_t)(i / meters);
        day.meter = (uint32_t)(i % meters * STRIDE % meters);
        report_frame_quarters(&(struct report_frame){ .number = day.meter, .midnight_s = midnight_first_s(days) + which * DAY_S,
                                                      .volume_l = 500000 + which * DAY_USE_L, .day_use_l = DAY_USE_L },
                              &day.series);
        if (i % BATCH == 0)
            keeper->begin(context);
        keeper->keep(context, &day);
        if (i % BATCH == BATCH - 1 || i + 1 == (uint64_t)meters * days)
            keeper->commit(context);
    }
}

static int64_t time_of(const struct day *day, int quarter)
{
    return day->series.start_s + (int64_t)quarter * day->series.interval_s;
}

struct sqlite_peer {
    sqlite3 *store;
    sqlite3_stmt *insert;
};

static void sqlite_do(struct sqlite_peer *peer, const char *text)
{
    must(sqlite3_exec(peer->store, text, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(peer->store));
}

static void sqlite_begin(void *context)
{
    sqlite_do(context, "BEGIN");
}

static void sqlite_commit(void *context)
{
    sqlite_do(context, "COMMIT");
}

static void sqlite_keep(void *context, const struct day *day)
{
    struct sqlite_peer *peer = context;
    for (int i = 0; i < day->series.count; i++) {
        sqlite3_bind_int64(peer->insert, 1, day->meter);
        sqlite3_bind_int64(peer->insert, 2, time_of(day, i));
        sqlite3_bind_int64(peer->insert, 3, day->series.values_ml[i]);
        must(sqlite3_step(peer->insert) == SQLITE_DONE, sqlite3_errmsg(peer->store));
        sqlite3_reset(peer->insert);
    }
}

static int64_t sqlite_number(struct sqlite_peer *peer, const char *text)
{
    sqlite3_stmt *query;
    must(sqlite3_prepare_v2(peer->store, text, -1, &query, NULL) == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW, text);
    int64_t number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return number;
}

static void nothing(void *context)
{
    (void)context;
}

static void nothing_keep(void *context, const struct day *day)
{
    (void)context;
    (void)day;
}

/* The processor's seconds of a walk, without those that the values themselves take to make. */
static double walk_s(uint32_t meters, uint32_t days, const struct keeper *keeper, void *context)
{
    static const struct keeper nobody = { nothing, nothing_keep, nothing };
    double making_s = -bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    days_walk(meters, days, &nobody, NULL);
    making_s += bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    double keeping_s = -bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    days_walk(meters, days, keeper, context);
    keeping_s += bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    return keeping_s - making_s;
}

static void figures_print(double ours_s, double servers_s, int64_t bytes)
{
    printf("%.6f\t%.6f\t%lld\n", ours_s, servers_s, (long long)bytes);
}

static void sqlite_run(const char *path, uint32_t meters, uint32_t days)
{
    static const struct keeper keeper = { sqlite_begin, sqlite_keep, sqlite_commit };
    struct sqlite_peer peer;
    must(sqlite3_open(path, &peer.store) == SQLITE_OK, path);
    sqlite_do(&peer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    sqlite_do(&peer, "CREATE TABLE reading (meter INTEGER NOT NULL, at_s INTEGER NOT NULL, volume_ml INTEGER NOT NULL,"
                     " PRIMARY KEY (meter, at_s)) WITHOUT ROWID");
    must(sqlite3_prepare_v2(peer.store, "INSERT INTO reading VALUES (?, ?, ?)", -1, &peer.insert, NULL) == SQLITE_OK, "insert");
    double ours_s = walk_s(meters, days, &keeper, &peer);
    int64_t bytes = sqlite_number(&peer, "PRAGMA page_count") * sqlite_number(&peer, "PRAGMA page_size");
    sqlite3_finalize(peer.insert);
    sqlite3_close(peer.store);
    figures_print(ours_s, 0, bytes);
}

/* COPY is a transaction of its own. */
static void postgres_begin(void *context)
{
    static const char head[] = COPY_BINARY_HEAD;
    PGresult *result = PQexec(context, "COPY reading FROM STDIN (FORMAT binary)");
    must(PQresultStatus(result) == PGRES_COPY_IN && PQputCopyData(context, head, sizeof head) == 1, PQerrorMessage(context));
    PQclear(result);
}

static void postgres_keep(void *context, const struct day *day)
{
    char bytes[COPY_BINARY_ROW(3) * WATER_METER_SERIES_LIMIT];
    char *to = bytes;
    for (int i = 0; i < day->series.count; i++) {
        to = copy_binary_row_begin(to, 3);
        to = copy_binary_number_put(copy_binary_number_put(copy_binary_number_put(to, day->meter), time_of(day, i)), day->series.values_ml[i]);
    }
    must(PQputCopyData(context, bytes, (int)(to - bytes)) == 1, PQerrorMessage(context));
}

static void postgres_commit(void *context)
{
    must(PQputCopyData(context, COPY_BINARY_END, 2) == 1 && PQputCopyEnd(context, NULL) == 1, PQerrorMessage(context));
    PGresult *result = PQgetResult(context);
    must(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(context));
    PQclear(result);
    must(PQgetResult(context) == NULL, "the end of a COPY");
}

static int64_t postgres_number(PGconn *connection, const char *text)
{
    PGresult *result = PQexec(connection, text);
    must(PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1, PQerrorMessage(connection));
    int64_t number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return number;
}

static void postgres_run(const char *url, uint32_t meters, uint32_t days)
{
    static const struct keeper keeper = { postgres_begin, postgres_keep, postgres_commit };
    PGconn *connection = PQconnectdb(url);
    must(PQstatus(connection) == CONNECTION_OK, PQerrorMessage(connection));
    PQclear(PQexec(connection, table_text));
    double server_s = -bench_clock_process_seconds(PQbackendPID(connection));
    double ours_s = walk_s(meters, days, &keeper, connection);
    server_s += bench_clock_process_seconds(PQbackendPID(connection));
    figures_print(ours_s, server_s, postgres_number(connection, "SELECT pg_total_relation_size('reading')"));
    PQclear(PQexec(connection, "DROP TABLE reading"));
    PQfinish(connection);
}

static void influx_keep(void *context, const struct day *day)
{
    (void)context;
    for (int i = 0; i < day->series.count; i++)
        printf("reading,meter=%u volume_ml=%lldi %lld\n", (unsigned)day->meter, (long long)day->series.values_ml[i],
               (long long)time_of(day, i));
}

static void victoria_keep(void *context, const struct day *day)
{
    (void)context;
    printf("{\"metric\":{\"__name__\":\"volume_ml\",\"meter\":\"%u\"},\"values\":[", (unsigned)day->meter);
    for (int i = 0; i < day->series.count; i++)
        printf(i == 0 ? "%lld" : ",%lld", (long long)day->series.values_ml[i]);
    printf("],\"timestamps\":[");
    for (int i = 0; i < day->series.count; i++)
        printf(i == 0 ? "%lld000" : ",%lld000", (long long)time_of(day, i));
    printf("]}\n");
}

static uint32_t number_of(const char *text)
{
    unsigned long number = strtoul(text, NULL, 10);
    must(number > 0 && number < 10000000, "METERS and DAYS are numbers from 1");
    return (uint32_t)number;
}

int main(int count, char **words)
{
    static const struct keeper influx = { nothing, influx_keep, nothing }, victoria = { nothing, victoria_keep, nothing };
    must(count == 4 || count == 5, "usage: row_peers sqlite|postgres PLACE METERS DAYS, row_peers influx|victoria METERS DAYS");
    uint32_t meters = number_of(words[count - 2]), days = number_of(words[count - 1]);
    if (count == 5 && strcmp(words[1], "sqlite") == 0)
        sqlite_run(words[2], meters, days);
    else if (count == 5 && strcmp(words[1], "postgres") == 0)
        postgres_run(words[2], meters, days);
    else if (count == 4 && strcmp(words[1], "influx") == 0)
        days_walk(meters, days, &influx, NULL);
    else if (count == 4 && strcmp(words[1], "victoria") == 0)
        days_walk(meters, days, &victoria, NULL);
    else
        must(false, "knows sqlite, postgres, influx, victoria");
    return 0;
}
