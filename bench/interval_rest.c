#include "bench/interval_rest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench_clock.h"
#include "bench/series_history.h"
#include "reading/interval_fold.h"

#define DEVICES_LARGEST 1000u
#define DAYS 64
#define FIRST_DAY 22400 /* 2031, the first day of a stretch */
#define ZONE_S 28800
#define ROWS_AT_ONCE 4000
#define HISTORY_HOME 0
#define HISTORY_WATER 4
#define HOURS_A_DAY 24

struct rest {
    struct store *store;
    const struct reading_store *readings;
    struct reading_room *room;
    uint32_t devices;
    int64_t *values; /* of each device DAYS * INTERVAL_SLOTS */
    int step;        /* quarters between two values that are told: 1, or 4 for hours */
    int round_days;  /* when the next round of folding is due */
};

static void must(int result)
{
    if (result >= 0)
        return;
    fprintf(stderr, "interval_rest: %d\n", result);
    exit(1);
}

static double processor(void)
{
    return bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static int64_t number(const struct rest *rest, const char *query)
{
    int64_t value = 0;
    must(store_number(rest->store, query, &value));
    return value;
}

static void histories_make(struct rest *rest)
{
    rest->values = calloc((size_t)rest->devices * DAYS * INTERVAL_SLOTS, sizeof *rest->values);
    if (!rest->values)
        exit(1);
    for (uint32_t i = 0; i < rest->devices; i++) {
        struct random random = random_of_stream(11, i);
        series_histories[i % 2 == 0 ? HISTORY_WATER : HISTORY_HOME].make(
            &random, INTERVAL_SLOTS, rest->values + (size_t)i * DAYS * INTERVAL_SLOTS, DAYS * INTERVAL_SLOTS);
    }
}

static void row_write(const struct rest *rest, uint32_t device, int32_t day)
{
    struct interval_row row = { .device_id = device + 1, .channel = 0x40000, .day = FIRST_DAY + day, .scale_e3 = 1000,
                                .received_s = (int64_t)(FIRST_DAY + day + 1) * 86400 + device };
    struct interval_day values;
    interval_day_clear(&values);
    for (int slot = rest->step - 1; slot < INTERVAL_SLOTS; slot += rest->step) {
        values.values[slot] = rest->values[((size_t)device * DAYS + (size_t)day) * INTERVAL_SLOTS + (size_t)slot];
        values.states[slot] = INTERVAL_GOOD;
    }
    must(interval_block_encode(&values, row.day, ZONE_S, (unsigned)rest->step, &row));
    must(rest->readings->interval_write(rest->readings->context, &row));
}

/* Devices of a day in an order that jumps, as reports come. */
static void rows_measure(const struct rest *rest)
{
    double start = processor();
    uint32_t written = 0;
    must(store_begin(rest->store));
    for (int32_t day = 0; day < DAYS; day++)
        for (uint32_t i = 0; i < rest->devices; i++) {
            row_write(rest, (uint32_t)((uint64_t)i * 7919 % rest->devices), day);
            if (++written % ROWS_AT_ONCE == 0) {
                must(store_commit(rest->store));
                must(store_begin(rest->store));
            }
        }
    must(store_commit(rest->store));
    double seconds = processor() - start;
    printf("%s: %u days of %d as rows, durable: %.1f us of processor each, %.2f million values a second\n",
           rest->step == 1 ? "quarter-hours" : "hours", (unsigned)written, INTERVAL_SLOTS / rest->step, seconds / written * 1e6,
           (double)written * INTERVAL_SLOTS / rest->step / seconds / 1e6);
}

static double bytes_a_value(const struct rest *rest, const char *query, uint32_t devices)
{
    return (double)number(rest, query) / ((double)devices * DAYS * INTERVAL_SLOTS / rest->step);
}

static void bytes_print(const struct rest *rest, const char *table, const char *block_query[2], const char *page_query)
{
    printf("bytes a value in %s: electricity %.3f, water %.3f; with keys, pages and free space, both kinds: %.3f\n", table,
           bytes_a_value(rest, block_query[0], rest->devices / 2),
           bytes_a_value(rest, block_query[1], rest->devices - rest->devices / 2),
           bytes_a_value(rest, page_query, rest->devices));
}

static void fold_measure(const struct rest *rest)
{
    int64_t now_s = (int64_t)(FIRST_DAY + DAYS + INTERVAL_FOLD_AGE_DAYS + rest->round_days) * 86400;
    double start = processor();
    double longest = 0;
    do {
        double tick = processor();
        must(store_begin(rest->store));
        must(interval_fold_tick(rest->room, now_s));
        must(store_commit(rest->store));
        longest = processor() - tick > longest ? processor() - tick : longest;
    } while (number(rest, "SELECT running FROM interval_progress") != 0);
    double seconds = processor() - start;
    printf("folding: %.0f us of processor a device and eight days, %.0f ns a value; the longest slice %.1f ms\n",
           seconds / ((double)rest->devices * DAYS / INTERVAL_FOLD_DAYS) * 1e6, seconds / ((double)rest->devices * DAYS * INTERVAL_SLOTS / rest->step) * 1e9,
           longest * 1e3);
}

static void query_measure(const struct rest *rest)
{
    struct interval_day day;
    double start = processor();
    int found = 0;
    for (uint32_t i = 0; i < rest->devices; i++)
        for (int32_t number_of_day = 0; number_of_day < DAYS; number_of_day++) {
            struct interval_row row = { .device_id = i + 1, .channel = 0x40000, .day = FIRST_DAY + number_of_day };
            int answer = interval_fold_day(rest->room, &row, ZONE_S, &day);
            must(answer);
            found += answer;
        }
    printf("reading: %d folded days, %.0f us of processor each\n", found,
           (processor() - start) / ((double)rest->devices * DAYS) * 1e6);
}

static void drop_measure(const struct rest *rest)
{
    double start = processor();
    int dropped = 0;
    int slice;
    do {
        must(store_begin(rest->store));
        slice = rest->readings->retention_trim(rest->readings->context, RETENTION_INTERVALS, INT64_C(1) << 40, 400);
        must(slice);
        must(store_commit(rest->store));
        dropped += slice;
    } while (slice > 0);
    printf("dropping: %d blocks of eight days, %.1f us of processor each\n", dropped, (processor() - start) / dropped * 1e6);
}

/* The same meters again, each telling whole hours only. */
static void hours_measure(struct rest *rest, const char *blocks[2])
{
    rest->step = INTERVAL_SLOTS / HOURS_A_DAY;
    rest->round_days += 7;
    rows_measure(rest);
    fold_measure(rest);
    bytes_print(rest, "blocks of eight days", blocks, "SELECT sum(pgsize) FROM dbstat WHERE name = 'interval_block'");
}

void interval_rest_measure(struct store *store, const struct reading_store *readings, struct reading_room *room,
                           uint32_t devices)
{
    struct rest rest = { store, readings, room, devices < DEVICES_LARGEST ? devices & ~1u : DEVICES_LARGEST, NULL, 1, 7 };
    const char *rows[2] = { "SELECT sum(length(block)) FROM interval_day WHERE device_id % 2 = 0",
                            "SELECT sum(length(block)) FROM interval_day WHERE device_id % 2 = 1" };
    const char *blocks[2] = { "SELECT sum(length(block)) FROM interval_block WHERE device_id % 2 = 0",
                              "SELECT sum(length(block)) FROM interval_block WHERE device_id % 2 = 1" };
    if (rest.devices < 2)
        return;
    histories_make(&rest);
    rows_measure(&rest);
    bytes_print(&rest, "rows of a day", rows, "SELECT sum(pgsize) FROM dbstat WHERE name = 'interval_day'");
    fold_measure(&rest);
    bytes_print(&rest, "blocks of eight days", blocks, "SELECT sum(pgsize) FROM dbstat WHERE name = 'interval_block'");
    query_measure(&rest);
    drop_measure(&rest);
    hours_measure(&rest, blocks);
    free(rest.values);
}
