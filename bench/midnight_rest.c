#include "bench/midnight_rest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench_clock.h"
#include "bench/series_history.h"
#include "reading/midnight_fold.h"
#include "reading/reading.h"

#define DEVICES_LARGEST 999u
#define DAYS (3 * MIDNIGHT_BLOCK_DAYS)
#define FIRST_DAY (87 * MIDNIGHT_BLOCK_DAYS)
#define ZONE_S 28800
#define ROWS_AT_ONCE 4000
#define MEASURED_DAYS 64
#define HOURS 24
#define LATE_ONE_IN 50
#define MISSING_ONE_IN 200

static const size_t kinds[] = { 0, 1, 2, 3, 4, 5, 7 }; /* of series_history.h, those that count */
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

struct rest {
    struct store *store;
    const struct reading_store *readings;
    struct reading_room *room;
    uint32_t devices;
    struct reading_day *days; /* of each device DAYS; quality -1: never came */
};

static void must(int result)
{
    if (result >= 0)
        return;
    fprintf(stderr, "midnight_rest: %d\n", result);
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

/* The dial at midnights: measured days again in another order. A meter with a radio of its own reports at its own second, up
 * to half a minute late; every third hangs on a line and is read within ten minutes. Some come a day late, some never. */
static void history_make(struct rest *rest, uint32_t device)
{
    static int64_t hours[MEASURED_DAYS * HOURS + 1];
    struct random random = random_of_stream(12, device);
    int64_t report_s = 3600 + (int64_t)random_below(&random, 7200);
    uint64_t jitter_s = device % 3 == 0 ? 600 : 30;
    int64_t value;

    series_histories[kinds[device % KIND_COUNT]].make(&random, HOURS, hours, MEASURED_DAYS * HOURS + 1);
    value = hours[0];
    for (int32_t day = 0; day < DAYS; day++) {
        const int64_t *of = hours + random_below(&random, MEASURED_DAYS) * HOURS;
        bool late = random_chance(&random, 1, LATE_ONE_IN);
        value += of[HOURS] - of[0];
        rest->days[(size_t)device * DAYS + (size_t)day] = (struct reading_day){
            .day = FIRST_DAY + day, .register_value = value, .total_value = value, .multiplier_e3 = 1000,
            .received_s = (int64_t)(FIRST_DAY + day + late) * 86400 - ZONE_S + report_s + (int64_t)random_below(&random, jitter_s),
            .quality = random_chance(&random, 1, MISSING_ONE_IN) ? -1 : late ? READING_LATE : READING_ON_TIME,
        };
    }
}

/* Devices of a day in an order that jumps, as reports come. */
static void rows_measure(const struct rest *rest)
{
    uint32_t written = 0;
    double start = processor();

    must(store_begin(rest->store));
    must(store_execute(rest->store, "DELETE FROM daily_reading; DELETE FROM midnight_block"));
    for (int32_t day = 0; day < DAYS; day++)
        for (uint32_t i = 0; i < rest->devices; i++) {
            uint32_t device = (uint32_t)((uint64_t)i * 7919 % rest->devices);
            const struct reading_day *row = &rest->days[(size_t)device * DAYS + (size_t)day];
            if (row->quality >= 0)
                must(rest->readings->day_insert(rest->readings->context, device + 1, row));
            if (++written % ROWS_AT_ONCE == 0) {
                must(rest->readings->settle(rest->readings->context));
                must(store_commit(rest->store));
                must(store_begin(rest->store));
            }
        }
    must(rest->readings->settle(rest->readings->context));
    must(store_commit(rest->store));
    printf("midnights: %" PRId64 " rows: %.1f us of processor each, %.1f bytes with key, page and free space\n",
           number(rest, "SELECT count(*) FROM daily_reading"), (processor() - start) / written * 1e6,
           (double)number(rest, "SELECT sum(pgsize) FROM dbstat WHERE name = 'daily_reading'") /
               (double)number(rest, "SELECT count(*) FROM daily_reading"));
}

/* A round to its end. returns  the longest of its slices, without the commit: others share that */
static double round_run(const struct rest *rest, int64_t now_s)
{
    double longest = 0;

    do {
        must(store_begin(rest->store));
        double tick = processor();
        must(midnight_fold_tick(rest->room, now_s));
        longest = processor() - tick > longest ? processor() - tick : longest;
        must(store_commit(rest->store));
    } while (number(rest, "SELECT running FROM midnight_progress") != 0);
    return longest;
}

static void fold_measure(const struct rest *rest)
{
    int64_t now_s = (int64_t)(FIRST_DAY + DAYS + MIDNIGHT_FOLD_AGE_DAYS + 1) * 86400;
    int64_t rows = number(rest, "SELECT count(*) FROM daily_reading");
    double start = processor();
    double longest = round_run(rest, now_s);

    printf("folding: %.1f us of processor a midnight; the longest slice %.1f ms; rows left %" PRId64 "\n",
           (processor() - start) / (double)rows * 1e6, longest * 1e3, number(rest, "SELECT count(*) FROM daily_reading"));
}

/* A week more, into blocks that stand: what each round costs. */
static void round_measure(const struct rest *rest)
{
    int64_t now_s = (int64_t)(FIRST_DAY + DAYS + MIDNIGHT_FOLD_AGE_DAYS + 8) * 86400;
    double start;
    double longest;

    must(store_begin(rest->store));
    for (int32_t day = 0; day < 7; day++)
        for (uint32_t device = 0; device < rest->devices; device++) {
            struct reading_day row = rest->days[(size_t)device * DAYS + DAYS - 1];
            row.day = FIRST_DAY + DAYS + day;
            row.quality = 0;
            must(rest->readings->day_insert(rest->readings->context, device + 1, &row));
        }
    must(rest->readings->settle(rest->readings->context));
    must(store_commit(rest->store));
    start = processor();
    longest = round_run(rest, now_s);
    printf("a week's round: %.0f us of processor a meter; the longest slice of 64 meters %.1f ms\n",
           (processor() - start) / rest->devices * 1e6, longest * 1e3);
}

static void bytes_print(const struct rest *rest)
{
    char query[400];
    double midnights = (double)number(rest, "SELECT sum(midnights_known(registers, totals, ratios, arrivals, stretch)) FROM midnight_block");

    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        double parts[2];
        for (int part = 0; part < 2; part++) {
            snprintf(query, sizeof query, "SELECT 1000 * sum(length(%s)) / sum(midnights_known(registers, totals, ratios, arrivals, stretch))"
                     " FROM midnight_block WHERE (device_id - 1) %% %zu = %zu", part == 0 ? "registers" : "arrivals",
                     KIND_COUNT, kind);
            parts[part] = (double)number(rest, query) / 1000;
        }
        printf("bytes a midnight, %s: dial and quality %.2f, arrival %.2f\n", series_histories[kinds[kind]].name, parts[0], parts[1]);
    }
    printf("bytes a midnight, all kinds: in blocks %.2f; with keys, pages and free space %.2f\n",
           (double)number(rest, "SELECT sum(length(registers) + length(totals) + length(ratios) + length(arrivals)) FROM midnight_block") /
               midnights,
           (double)number(rest, "SELECT sum(pgsize) FROM dbstat WHERE name = 'midnight_block'") / midnights);
}

static void query_measure(const struct rest *rest)
{
    struct reading_day day;
    int64_t found = 0;
    double start = processor();

    for (uint32_t device = 0; device < rest->devices; device++) {
        int answer = reading_day_read(rest->room, device + 1, FIRST_DAY + (int32_t)device % DAYS, &day);
        must(answer);
        found += answer;
    }
    printf("reading: one folded midnight %.1f us of processor", (processor() - start) / rest->devices * 1e6);
    start = processor();
    for (uint32_t device = 0; device < 100 && device < rest->devices; device++) {
        char query[200];
        snprintf(query, sizeof query, "SELECT count(total_value) FROM midnights(%u, %d, %d)", device + 1, FIRST_DAY, FIRST_DAY + 364);
        found += number(rest, query);
    }
    printf(", a year of one meter %.0f us (%" PRId64 " found)\n", (processor() - start) / 100 * 1e6, found);
}

static void drop_measure(const struct rest *rest)
{
    double start = processor();
    int dropped = 0;
    int slice;

    do {
        must(store_begin(rest->store));
        slice = rest->readings->retention_trim(rest->readings->context, RETENTION_MIDNIGHTS, INT64_C(1) << 40, 400);
        must(slice);
        must(store_commit(rest->store));
        dropped += slice;
    } while (slice > 0);
    printf("dropping: %d blocks of %d midnights, %.1f us of processor each\n", dropped, MIDNIGHT_BLOCK_DAYS,
           (processor() - start) / dropped * 1e6);
}

void midnight_rest_measure(struct store *store, const struct reading_store *readings, struct reading_room *room,
                           uint32_t devices)
{
    struct rest rest = { store, readings, room, devices < DEVICES_LARGEST ? devices : DEVICES_LARGEST, NULL };

    rest.days = calloc((size_t)rest.devices * DAYS, sizeof *rest.days);
    if (!rest.days || rest.devices == 0)
        exit(1);
    for (uint32_t device = 0; device < rest.devices; device++)
        history_make(&rest, device);
    rows_measure(&rest);
    fold_measure(&rest);
    bytes_print(&rest);
    query_measure(&rest);
    round_measure(&rest);
    drop_measure(&rest);
    free(rest.days);
}
