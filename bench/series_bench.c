/* Bytes and nanoseconds of a value in series blocks, and of the same values kept in other ways.
 *
 * usage: series_bench [METERS [FOLDER]]  a month of each kind of history of so many meters (default 40); the differences as
 *        varints are left in FOLDER, for other programs to pack: zstd -19 FOLDER/history-0.varint */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_clock.h"
#include "bench/series_history.h"
#include "bench/series_peers.h"
#include "reading/series_block.h"

#define DAYS 30
#define DAY_COUNT 96
#define MONTH_COUNT (DAYS * DAY_COUNT)
#define PATH_LIMIT 256

struct figures {
    size_t day_bytes;
    size_t month_bytes;
    size_t hour_bytes;
    size_t varint_bytes;
    size_t xor_bytes;
    size_t deflate_bytes;
    double encode_s;
    double decode_s;
    double single_s;
};

static uint8_t block[65536];
static int64_t values[MONTH_COUNT];
static int64_t back[MONTH_COUNT];
static uint8_t states[MONTH_COUNT];

static int encode(enum series_period period, const int64_t *from, size_t count)
{
    struct series_stretch stretch = { period, INT64_C(1963584), count, from, NULL };
    int size = series_block_encode(&stretch, block, sizeof block);
    if (size < 0)
        exit(1);
    return size;
}

static void month_measure(struct figures *figures)
{
    double start = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    int size = encode(SERIES_QUARTER_HOUR, values, MONTH_COUNT);
    double encoded = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct span bytes = span_of_bytes(block, (size_t)size);
    if (series_block_decode(bytes, 1963584, MONTH_COUNT, back, states) != MONTH_COUNT)
        exit(1);
    double decoded = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (memcmp(back, values, sizeof values) != 0)
        exit(1);
    for (int i = 0; i < DAYS; i++)
        series_block_decode(bytes, 1963584 + (i * 997) % MONTH_COUNT, 1, back, states);
    double single = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    figures->month_bytes += (size_t)size;
    figures->encode_s += encoded - start;
    figures->decode_s += decoded - encoded;
    figures->single_s += (single - decoded) / DAYS;
}

static void meter_measure(struct figures *figures, FILE *varints)
{
    static uint8_t peer[MONTH_COUNT * 16 + 64];
    month_measure(figures);
    for (size_t day = 0; day < DAYS; day++)
        figures->day_bytes += (size_t)encode(SERIES_QUARTER_HOUR, values + day * DAY_COUNT, DAY_COUNT);
    figures->xor_bytes += series_peer_xor(values, MONTH_COUNT, peer);
    figures->deflate_bytes += series_peer_deflate(values, MONTH_COUNT, peer);
    size_t size = series_peer_varint(values, MONTH_COUNT, peer);
    figures->varint_bytes += size;
    if (varints && fwrite(peer, 1, size, varints) != size)
        exit(1);
}

/* One file a history, for programs that pack files; none without a folder. */
static FILE *varints_open(const char *folder, size_t history)
{
    char path[PATH_LIMIT];
    if (!folder)
        return NULL;
    snprintf(path, sizeof path, "%s/history-%zu.varint", folder, history);
    FILE *file = fopen(path, "w");
    if (!file)
        exit(1);
    return file;
}

static void history_measure(const struct series_history *history, size_t meters, FILE *varints)
{
    struct figures figures = { 0 };
    for (size_t meter = 0; meter < meters; meter++) {
        struct random random = random_of_stream(7, meter);
        history->make(&random, 24, values, DAYS * 24);
        figures.hour_bytes += (size_t)encode(SERIES_HOUR, values, DAYS * 24);
        random = random_of_stream(7, meter);
        history->make(&random, DAY_COUNT, values, MONTH_COUNT);
        meter_measure(&figures, varints);
    }
    double count = (double)(meters * MONTH_COUNT);
    printf("%-26s %6.3f %6.3f %6.3f | %6.2f %6.2f %6.2f | %6.1f %6.1f %8.1f\n", history->name,
           (double)figures.day_bytes / count, (double)figures.month_bytes / count, (double)figures.hour_bytes * 4 / count,
           (double)figures.varint_bytes / count, (double)figures.deflate_bytes / count,
           (double)figures.xor_bytes / count, figures.encode_s / count * 1e9, figures.decode_s / count * 1e9,
           figures.single_s / (double)meters * 1e6);
}

int main(int count, char **arguments)
{
    size_t meters = count > 1 ? strtoul(arguments[1], NULL, 10) : 40;
    printf("bytes a value, %zu meters, 30 days of quarter-hours; processor time\n", meters);
    printf("%-26s %6s %6s %6s | %6s %6s %6s | %6s %6s %8s\n", "", "day", "month", "hourly", "varint", "zlib", "xor",
           "enc ns", "dec ns", "one us");
    for (size_t i = 0; i < SERIES_HISTORY_COUNT; i++) {
        FILE *varints = varints_open(count > 2 ? arguments[2] : NULL, i);
        history_measure(&series_histories[i], meters, varints);
        if (varints)
            fclose(varints);
    }
    return 0;
}
