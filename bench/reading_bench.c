/* Daily reports through registry, reading and watch: in memory alone, and with the embedded store's durable commits.
 *
 * usage: reading_bench [DEVICES] [FOLDER]
 *
 * Every device sends one report a day with eight midnights and fourteen states, in an order that jumps over the
 * devices as reports from a real network do. Then 64 days of
 * quarter-hours of some of them, and two years of midnights: as rows, folded, read, dropped. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/quantity.h"
#include "base/undo.h"
#include "bench/bench_clock.h"
#include "bench/interval_rest.h"
#include "bench/midnight_rest.h"
#include "bench/nothing_store.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "store/sql/reading_sql.h"
#include "store/sql/registry_sql.h"
#include "store/store.h"
#include "store/sql/watch_sql.h"
#include "watch/watch.h"

#define DAY 20000
#define ZONE_S 28800
#define BATCH 4000
#define FRAME_SIZE 200
/* Durable days stop here: enough to see the rate, whatever the number of devices. */
#define DURABLE_REPORTS 100000u

struct bench {
    struct store *store;
    struct registry_sql *registry_sql;
    struct reading_sql *reading_sql;
    struct watch_sql *watch_sql;
    struct undo *undo;
    struct registry *registry;
    struct reading_room *reading;
    struct watch_room *watch;
    uint32_t devices;
};

static double now(void)
{
    return bench_clock_seconds(CLOCK_MONOTONIC);
}

static void must(int result, const char *what)
{
    if (result >= 0)
        return;
    fprintf(stderr, "reading_bench: %s: %d\n", what, result);
    exit(1);
}

static int64_t midnight_s(int32_t day)
{
    return INT64_C(86400) * day - ZONE_S;
}

static void rooms_open(struct bench *bench, const struct reading_store *reading_store)
{
    double start = now();
    must(registry_open(&(struct registry_config){ .store = registry_sql_store(bench->registry_sql),
                                                  .undo = bench->undo, .seed = 7 },
                       &bench->registry),
         "registry_open");
    double middle = now();
    must(reading_open(&(struct reading_config){ .store = reading_store, .registry = bench->registry,
                                                .undo = bench->undo },
                      &bench->reading),
         "reading_open");
    must(watch_open(&(struct watch_config){ .store = watch_sql_store(bench->watch_sql),
                                            .registry = bench->registry, .reading = bench->reading,
                                            .undo = bench->undo },
                    &bench->watch),
         "watch_open");
    printf("load: %" PRIu32 " devices in %.2f s, their states in %.2f s\n",
           registry_device_count(bench->registry), middle - start, now() - middle);
}

static void rooms_close(struct bench *bench)
{
    watch_close(bench->watch);
    reading_close(bench->reading);
    registry_close(bench->registry);
}

static void town_add(struct bench *bench)
{
    uint32_t tenant = 0;
    uint32_t root = 0;
    struct registry_scope scope;
    must(store_begin(bench->store), "begin");
    must(registry_tenant_add(bench->registry, "bench", ZONE_S, 1, &tenant, &root), "tenant");
    must(registry_scope_make(bench->registry, tenant, 0, &scope), "scope");
    struct area_record area = { .parent_area_id = root, .kind = AREA_BUILDING };
    for (uint32_t i = 0; i < bench->devices; i++) {
        if (i % 100 == 0) {
            snprintf(area.name, sizeof area.name, "%u", (unsigned)i);
            area.parent_area_id = root;
            must(registry_area_add(bench->registry, &scope, &area), "area");
        }
        struct device_record device = { .area_id = area.area_id, .imei = UINT64_C(860000000000000) + i,
                                        .installed_s = midnight_s(DAY - 20) };
        snprintf(device.meter_number, sizeof device.meter_number, "%012u", (unsigned)i);
        must(registry_device_add(bench->registry, &scope, 1, &device), "device");
        undo_clear(bench->undo);
    }
    must(store_commit(bench->store), "commit");
}

static void item_put(struct uplink *uplink, uint16_t quantity, uint8_t period, int64_t value, int64_t time_s)
{
    uplink->items[uplink->item_count++] =
        (struct uplink_item){ .quantity = quantity, .period = period, .value = value, .time_s = time_s };
}

static void report_make(uint32_t device_id, int32_t day, struct uplink *report)
{
    int64_t received_s = midnight_s(day) + 3 * 3600 + device_id % 7200;
    int64_t register_value = (int64_t)(day - DAY + 20) * 300000;
    *report = (struct uplink){ .device_id = device_id, .kind = UPLINK_REPORT, .received_s = received_s,
                               .content_hash = (uint64_t)device_id << 32 | (uint32_t)day, .frame_size = FRAME_SIZE };
    for (int i = 0; i < 7; i++)
        item_put(report, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, register_value - i * 300000, midnight_s(day - i));
    static const uint16_t states[] = { QUANTITY_BALANCE, QUANTITY_VALVE_STATE, QUANTITY_ALARM_BITS, QUANTITY_BATTERY,
                                       QUANTITY_COVERAGE_LEVEL, QUANTITY_PHYSICAL_CELL, QUANTITY_CELL_ID,
                                       QUANTITY_EARFCN, QUANTITY_RECHARGE_SERIAL };
    item_put(report, QUANTITY_WATER_VOLUME, UPLINK_CURRENT, register_value + 40000, received_s);
    item_put(report, QUANTITY_DEVICE_TIME, UPLINK_CURRENT, received_s - 2, received_s);
    item_put(report, QUANTITY_SIGNAL_RSRP, UPLINK_CURRENT, -101, received_s);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        item_put(report, states[i], UPLINK_CURRENT, 0, received_s);
}

/* An odd stride visits every device once, far from the one before. */
static uint32_t device_of(const struct bench *bench, uint32_t i)
{
    return (uint32_t)((uint64_t)i * 7919 % bench->devices) + 1;
}

static void batch_commit(struct bench *bench, bool durable)
{
    must(reading_flush(bench->reading), "flush");
    if (durable)
        must(store_commit(bench->store), "commit");
    undo_clear(bench->undo);
}

static void day_run(struct bench *bench, int32_t day, bool durable)
{
    static struct uplink report;
    static struct reading_outcome outcome;
    double start = now();
    double processor_start = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    uint32_t reports = durable && bench->devices > DURABLE_REPORTS ? DURABLE_REPORTS : bench->devices;
    for (uint32_t i = 0; i < reports; i++) {
        if (durable && i % BATCH == 0)
            must(store_begin(bench->store), "begin");
        report_make(device_of(bench, i), day, &report);
        must(reading_accept(bench->reading, &report, report.received_s, &outcome), "accept");
        must(watch_observe(bench->watch, &outcome, 0, report.received_s), "observe");
        if (i % BATCH == BATCH - 1 || i + 1 == reports)
            batch_commit(bench, durable);
    }
    double seconds = now() - start;
    double processor = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_start;
    printf("%s day %d: %u reports in %.2f s, %.0f reports/s; %.0f reports per second of processor time\n",
           durable ? "durable," : "memory,", day - DAY, (unsigned)reports, seconds, reports / seconds,
           reports / processor);
}

/* The room alone: what it would write is dropped. */
static void memory_measure(struct bench *bench)
{
    struct reading_store store = *reading_sql_store(bench->reading_sql);
    nothing_store_make(&store);
    rooms_open(bench, &store);
    for (int32_t day = DAY; day < DAY + 2; day++)
        day_run(bench, day, false);
    rooms_close(bench);
}

static void bench_store_open(struct bench *bench, const char *path)
{
    must(store_open(&(struct store_config){ .path = path }, &bench->store), "store");
    must(registry_sql_open(bench->store, &bench->registry_sql), "registry_sql");
    must(reading_sql_open(bench->store, &bench->reading_sql), "reading_sql");
    must(watch_sql_open(bench->store, &bench->watch_sql), "watch_sql");
    must(undo_open(64 << 20, &bench->undo), "undo");
}

static void bench_store_close(struct bench *bench)
{
    undo_close(bench->undo);
    watch_sql_close(bench->watch_sql);
    reading_sql_close(bench->reading_sql);
    registry_sql_close(bench->registry_sql);
    store_close(bench->store);
}

static void file_remove(const char *path)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[300];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

int main(int count, char **words)
{
    struct bench bench = { .devices = count > 1 ? (uint32_t)strtoul(words[1], NULL, 10) : 100000 };
    char path[256];
    setvbuf(stdout, NULL, _IOLBF, 0);
    snprintf(path, sizeof path, "%s/meterworks-bench-%ld.db", count > 2 ? words[2] : "/tmp", (long)getpid());
    bench_store_open(&bench, path);
    rooms_open(&bench, reading_sql_store(bench.reading_sql));
    double start = now();
    town_add(&bench);
    printf("archive: %u devices added in %.2f s\n", (unsigned)bench.devices, now() - start);
    rooms_close(&bench);
    memory_measure(&bench);
    rooms_open(&bench, reading_sql_store(bench.reading_sql));
    for (int32_t day = DAY; day < DAY + 3; day++)
        day_run(&bench, day, true);
    printf("bytes a device in memory: %zu archive, %zu state\n", sizeof(struct registry_device),
           sizeof(struct reading_state));
    rooms_close(&bench);
    rooms_open(&bench, reading_sql_store(bench.reading_sql));
    interval_rest_measure(bench.store, reading_sql_store(bench.reading_sql), bench.reading, bench.devices);
    midnight_rest_measure(bench.store, reading_sql_store(bench.reading_sql), bench.reading, bench.devices);
    rooms_close(&bench);
    bench_store_close(&bench);
    file_remove(path);
    return 0;
}
