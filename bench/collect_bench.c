/* Midnights of four utilities collected through concentrators: the core, the 376.1 conversation and simulated concentrators
 * in one process and in virtual time, with lost frames, until every meter's midnight is stored.
 *
 * usage: collect_bench [--full | METERS] [--loss PERMILLE] [--folder FOLDER]
 *
 * A concentrator has 500 meters; without an argument there are 100,000 of them, with --full 10,000,000. The database is
 * written as in service (durable commits). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/calendar.h"
#include "bench/bench_clock.h"
#include "tests/simulation/collect_world.h"

#define METERS_DEFAULT 100000
#define METERS_FULL 10000000
#define STEP_MS 250
#define LOOK_S 60
#define GIVE_UP_S 86400

/* Until all is stored, or a day has passed; how much is. */
static int64_t collect(struct collect_world *world)
{
    int64_t begin_s = collect_world_now_s(world);
    int64_t look_s = begin_s + LOOK_S;
    int64_t stored = 0;
    while (stored < collect_world_meters(world) && collect_world_now_s(world) - begin_s < GIVE_UP_S) {
        collect_world_step(world, STEP_MS);
        if (collect_world_now_s(world) < look_s)
            continue;
        look_s += LOOK_S;
        stored = collect_world_stored(world, COLLECT_WORLD_DAY);
    }
    return stored;
}

static void run(struct collect_world *world)
{
    const struct collect_world_counts *counts = collect_world_counts(world);
    const struct concentrator_load_counts *load = collect_world_load_counts(world);
    int64_t begin_s = collect_world_now_s(world);
    double real_s = bench_clock_seconds(CLOCK_MONOTONIC);
    double processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct rusage usage;
    int64_t stored = collect(world);
    real_s = bench_clock_seconds(CLOCK_MONOTONIC) - real_s;
    processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_s;
    getrusage(RUSAGE_SELF, &usage);
    printf("%" PRId64 " of %" PRIu32 " midnights stored (%.4f %%), %" PRIu64 " orders, %" PRIu64 " messages\n", stored,
           collect_world_meters(world), 100.0 * (double)stored / collect_world_meters(world), counts->orders,
           counts->messages);
    printf("virtual time %" PRId64 " s; frames lost %" PRIu64 ", requests %" PRIu64 ", connections lost %" PRIu64 "\n",
           collect_world_now_s(world) - begin_s, load->lost, load->requests, load->disconnections);
    printf("real time %.1f s (processor %.1f s, of it the core %.1f s): %.0f midnights a second\n", real_s, processor_s,
           counts->core_s, (double)stored / real_s);
    printf("memory %.1f MB at most\n", (double)usage.ru_maxrss / 1024.0);
}

int main(int argc, char **argv)
{
    struct collect_world_config config = { .meters_each = CONCENTRATOR_LOAD_METER_LIMIT, .heartbeat_s = 60,
                                           .lost_permille = 20, .seed = 7,
                                           .begin_s = calendar_midnight(COLLECT_WORLD_DAY, COLLECT_WORLD_ZONE_S) + 7200 };
    const char *folder = "/tmp";
    uint32_t meters = METERS_DEFAULT;
    char path[400];
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--full") == 0)
            meters = METERS_FULL;
        else if (strcmp(argv[i], "--loss") == 0 && i + 1 < argc)
            config.lost_permille = (uint16_t)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--folder") == 0 && i + 1 < argc)
            folder = argv[++i];
        else
            meters = (uint32_t)strtoul(argv[i], NULL, 10);
    }
    (void)snprintf(path, sizeof path, "%s/collect_bench.%ld.db", folder, (long)getpid());
    config.path = path;
    config.site_count = (meters + config.meters_each - 1) / config.meters_each;
    printf("%" PRIu32 " concentrators with %" PRIu32 " meters of four utilities each, %u permille of frames lost each way\n",
           config.site_count, config.meters_each, config.lost_permille);
    struct collect_world *world = collect_world_open(&config);
    run(world);
    collect_world_close(world);
    return 0;
}
