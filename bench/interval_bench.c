/* A day of 96 quarter-hours a meter, stage by stage and into the embedded store's durable commits.
 *
 * usage: interval_bench [DEVICES] [FOLDER]   all stages
 *        interval_bench --stage NAME ROUNDS  one stage that needs no store, for callgrind: decode, pack, judge, block
 *
 * Times are processor time of the only thread. The projection is arithmetic, and says so. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/quantity.h"
#include "base/undo.h"
#include "bench/bench_clock.h"
#include "bench/nothing_store.h"
#include "bench/report_frame.h"
#include "codec/coap/coap_code.h"
#include "codec/coap/coap_message.h"
#include "codec/water_meter/water_meter_report.h"
#include "reading/interval_block.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "store/sql/reading_sql.h"
#include "store/sql/registry_sql.h"
#include "store/store.h"

#define DAY 20000
#define ZONE_S 28800
#define BATCH 4000
#define ROUNDS 20000
#define DURABLE_DAYS 3
#define PAGE_BYTES 4096
#define SAMPLES 64 /* different days, so that no branch learns them by heart */
#define DIAL_L 500000 /* when the day begins */
#define DAY_USE_L 250
#define CITY 10000000.0
#define CITY_SECONDS 600.0

struct sample {
    struct water_meter_series series;
    uint8_t resource[REPORT_FRAME_LIMIT]; /* a CoAP message with resource 33424/0/21 */
    uint8_t pack[1472];    /* ... with a pack of volumes */
    size_t resource_size;
    size_t pack_size;
    struct interval_day day;
};

static struct sample samples[SAMPLES];
static const struct registry_device meter = { .kind = DEVICE_KIND_COLD_WATER, .multiplier_e3 = 1000,
                                              .register_modulus_value = INT64_C(100000000000),
                                              .flow_limit_value_per_h = 5000000 };

static void must(int result, const char *what)
{
    if (result >= 0)
        return;
    fprintf(stderr, "interval_bench: %s: %d\n", what, result);
    exit(1);
}

static double now(void)
{
    return bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static int64_t midnight_s(int32_t day)
{
    return INT64_C(86400) * day - ZONE_S;
}

static struct report_frame frame_of(uint32_t number)
{
    return (struct report_frame){ .number = number, .message_id = 1, .midnight_s = midnight_s(DAY), .volume_l = DIAL_L + DAY_USE_L,
                                  .day_use_l = DAY_USE_L };
}

static size_t pack_make(const struct report_frame *frame, const struct water_meter_series *series, uint8_t *bytes, size_t capacity)
{
    struct writer writer = writer_of_buffer(bytes, capacity);
    struct coap_encoder encoder;
    uint8_t token[4];

    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, COAP_CODE_POST, 1, report_frame_token(frame->number, token));
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_PATH, "dp");
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, COAP_FORMAT_SENML_CBOR);
    must(water_meter_series_put_pack(series, coap_encoder_payload(&encoder)), "pack");
    int size = coap_encoder_end(&encoder);
    must(size, "message");
    return (size_t)size;
}

static void samples_make(void)
{
    for (uint32_t i = 0; i < SAMPLES; i++) {
        struct sample *sample = &samples[i];
        struct report_frame frame = frame_of(i);
        struct writer writer = writer_of_buffer(sample->resource, sizeof sample->resource);
        report_frame_quarters(&frame, &sample->series);
        must(report_frame_series(&frame, &sample->series, &writer) ? 0 : -1, "message");
        sample->resource_size = writer_span(&writer).size;
        sample->pack_size = pack_make(&frame, &sample->series, sample->pack, sizeof sample->pack);
        interval_day_clear(&sample->day);
        for (unsigned slot = 0; slot < INTERVAL_SLOTS; slot++) {
            sample->day.values[slot] = sample->series.values_ml[slot];
            sample->day.states[slot] = INTERVAL_GOOD;
        }
    }
}

static void message_read(const uint8_t *bytes, size_t size)
{
    static const struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };
    struct coap_message message;
    struct water_meter_report report;
    struct water_meter_series series;
    must(coap_message_decode(span_of_bytes(bytes, size), &message, NULL), "coap");
    must(water_meter_message_decode(COAP_FORMAT_SENML_CBOR, root, message.payload, &report, &series), "decode");
    must(series.count == 96 ? 0 : -1, "count");
}

static void decode_run(unsigned i)
{
    message_read(samples[i].resource, samples[i].resource_size);
}

static void pack_run(unsigned i)
{
    message_read(samples[i].pack, samples[i].pack_size);
}

static void judge_run(unsigned i)
{
    struct interval_bounds bounds = interval_bounds_of(&meter);
    struct interval_day day;
    struct interval_summary summary;
    uint32_t displaced[INTERVAL_SLOTS / 32];
    int64_t others[INTERVAL_SLOTS];
    unsigned repeated;
    bounds.midnight_known[0] = bounds.midnight_known[1] = true;
    bounds.midnight_values[0] = INT64_C(1000) * DIAL_L;
    bounds.midnight_values[1] = samples[i].day.values[95];
    interval_day_clear(&day);
    (void)interval_day_merge(&day, &samples[i].day, &repeated, displaced, others);
    interval_day_judge(&bounds, &day, &summary);
    must(summary.believed == 96 && !summary.sum_differs ? 0 : -1, "believed");
}

static struct interval_row row;

static void block_run(unsigned i)
{
    must(interval_block_encode(&samples[i].day, DAY - 1, ZONE_S, 1, &row), "block");
}

static const struct {
    const char *name;
    const char *what;
    void (*run)(unsigned i);
} stages[] = {
    { "decode", "CoAP message with resource 21 to 96 values", decode_run },
    { "pack", "the same day as a pack of 96 SenML records", pack_run },
    { "judge", "merged and judged against the midnights", judge_run },
    { "block", "block of the day", block_run },
};
#define STAGE_COUNT (sizeof stages / sizeof stages[0])

static void stage_run(void (*run)(unsigned i), unsigned rounds)
{
    for (unsigned round = 0; round < rounds; round++)
        run(round % SAMPLES);
}

static void stages_measure(void)
{
    size_t block_bytes = 0;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        double start = now();
        stage_run(stages[i].run, ROUNDS);
        double each_us = (now() - start) / ROUNDS * 1e6;
        printf("%-7s %7.2f us a day, %6.1f ns a value   %s\n", stages[i].name, each_us, each_us * 1000 / 96, stages[i].what);
    }
    for (unsigned i = 0; i < SAMPLES; i++) {
        block_run(i);
        block_bytes += row.block_size;
    }
    printf("bytes   message %zu (pack %zu), block %.1f a day: %.2f a value\n", samples[0].resource_size, samples[0].pack_size,
           (double)block_bytes / SAMPLES, (double)block_bytes / SAMPLES / 96);
}

struct bench {
    struct store *store;
    struct registry_sql *registry_sql;
    struct reading_sql *reading_sql;
    struct undo *undo;
    struct registry *registry;
    struct reading_room *reading;
    uint32_t devices;
};

static void rooms_open(struct bench *bench, const struct reading_store *store)
{
    must(registry_open(&(struct registry_config){ .store = registry_sql_store(bench->registry_sql),
                                                  .undo = bench->undo, .seed = 7 },
                       &bench->registry),
         "registry_open");
    must(reading_open(&(struct reading_config){ .store = store, .registry = bench->registry, .undo = bench->undo },
                      &bench->reading),
         "reading_open");
}

static void rooms_close(struct bench *bench)
{
    reading_close(bench->reading);
    registry_close(bench->registry);
}

static void town_add(struct bench *bench)
{
    uint32_t tenant = 0, root = 0;
    struct registry_scope scope;
    must(store_begin(bench->store), "begin");
    must(registry_tenant_add(bench->registry, "bench", ZONE_S, 1, &tenant, &root), "tenant");
    must(registry_scope_make(bench->registry, tenant, 0, &scope), "scope");
    for (uint32_t i = 0; i < bench->devices; i++) {
        struct device_record device = { .area_id = root, .imei = UINT64_C(860000000000000) + i, .size_dn_mm = 15,
                                        .installed_s = midnight_s(DAY - 20) };
        snprintf(device.meter_number, sizeof device.meter_number, "%012u", (unsigned)i);
        must(registry_device_add(bench->registry, &scope, 1, &device), "device");
        undo_clear(bench->undo);
    }
    must(store_commit(bench->store), "commit");
}

static void uplink_make(uint32_t device_id, int32_t day, struct uplink *uplink)
{
    const struct sample *sample = &samples[device_id % SAMPLES];
    const struct uplink_series head = { .start_s = midnight_s(day) + 900, .quantity = QUANTITY_WATER_VOLUME,
                                        .interval_s = 900, .count = 96 };
    *uplink = (struct uplink){ .device_id = device_id, .received_s = midnight_s(day + 1) + 10800,
                               .frame_size = (uint16_t)sample->resource_size };
    memcpy(uplink->frame, sample->resource, sample->resource_size < UPLINK_FRAME_LIMIT ? sample->resource_size : UPLINK_FRAME_LIMIT);
    uplink_series_set(uplink, &head, sample->series.values_ml);
}

static void batch_end(struct bench *bench, bool durable)
{
    must(reading_flush(bench->reading), "flush");
    if (durable)
        must(store_commit(bench->store), "commit");
    undo_clear(bench->undo);
}

/* Every device once, in an order that jumps over them as reports from a network do. */
static double day_run(struct bench *bench, int32_t day, bool durable)
{
    static struct uplink uplink;
    struct reading_outcome outcome;
    double start = now();
    for (uint32_t i = 0; i < bench->devices; i++) {
        if (durable && i % BATCH == 0)
            must(store_begin(bench->store), "begin");
        uplink_make(1 + (uint32_t)((uint64_t)i * 7919 % bench->devices), day, &uplink);
        must(reading_accept(bench->reading, &uplink, uplink.received_s, &outcome), "accept");
        must(outcome.interval_count == 96 ? 0 : -1, "stored");
        if (i % BATCH == BATCH - 1 || i + 1 == bench->devices)
            batch_end(bench, durable);
    }
    return (now() - start) / bench->devices;
}

static void room_measure(struct bench *bench)
{
    struct reading_store store = *reading_sql_store(bench->reading_sql);
    nothing_store_make(&store);
    rooms_open(bench, &store);
    (void)day_run(bench, DAY, false);
    printf("room    %7.2f us a day   a series through the room, nothing written\n", day_run(bench, DAY + 1, false) * 1e6);
    rooms_close(bench);
}

static int64_t pages(struct store *store)
{
    int64_t count = 0;
    must(store_number(store, "PRAGMA page_count", &count), "pages");
    return count;
}

static double durable_measure(struct bench *bench)
{
    double each_s = 0;
    rooms_open(bench, reading_sql_store(bench->reading_sql));
    int64_t before = pages(bench->store);
    for (int32_t day = DAY; day < DAY + DURABLE_DAYS; day++)
        each_s = day_run(bench, day, true);
    printf("disk    %7.2f bytes a value, frame and state rows with it\n",
           (double)(pages(bench->store) - before) * PAGE_BYTES / (96.0 * DURABLE_DAYS * bench->devices));
    printf("durable %7.2f us a day   room and embedded store, %u commits of %u, frame and state rows written too\n", each_s * 1e6,
           (unsigned)((bench->devices + BATCH - 1) / BATCH), BATCH);
    rooms_close(bench);
    return each_s;
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

static void store_measure(struct bench *bench, const char *path)
{
    must(store_open(&(struct store_config){ .path = path }, &bench->store), "store");
    must(registry_sql_open(bench->store, &bench->registry_sql), "registry_sql");
    must(reading_sql_open(bench->store, &bench->reading_sql), "reading_sql");
    must(undo_open(64 << 20, &bench->undo), "undo");
    rooms_open(bench, reading_sql_store(bench->reading_sql));
    town_add(bench);
    rooms_close(bench);
    room_measure(bench);
    double each_s = durable_measure(bench);
    printf("projected from %u devices, not run: 10,000,000 day-reports (960 million values) are %.0f s of the core's processor time,"
           " aim %.0f s; a table a hundred times larger costs more\n",
           (unsigned)bench->devices, each_s * CITY, CITY_SECONDS);
    undo_close(bench->undo);
    reading_sql_close(bench->reading_sql);
    registry_sql_close(bench->registry_sql);
    store_close(bench->store);
}

int main(int count, char **words)
{
    struct bench bench = { .devices = 20000 };
    char path[256];

    setvbuf(stdout, NULL, _IOLBF, 0);
    samples_make();
    if (count == 4 && strcmp(words[1], "--stage") == 0) {
        for (size_t i = 0; i < STAGE_COUNT; i++)
            if (strcmp(words[2], stages[i].name) == 0)
                stage_run(stages[i].run, (unsigned)strtoul(words[3], NULL, 10));
        return 0;
    }
    if (count > 1)
        bench.devices = (uint32_t)strtoul(words[1], NULL, 10);
    stages_measure();
    snprintf(path, sizeof path, "%s/interval-bench-%ld.db", count > 2 ? words[2] : "/tmp", (long)getpid());
    store_measure(&bench, path);
    file_remove(path);
    return 0;
}
