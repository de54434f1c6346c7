/* Fills the store of a new installation with a city (apps/meterworks/city_archive.h), while no server runs.
 *
 * usage: city_store DATA-FOLDER METERS DAYS */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "apps/meterworks/city_archive.h"
#include "base/calendar.h"
#include "bench/bench_clock.h"

#define ZONE_S 28800
#define CACHE_KIB (768 * 1024)
#define NEVER_S INT64_C(4000000000)

static double begun_s;

static bool step_tell(void *context, const char *step, uint64_t done, uint64_t total)
{
    (void)context;
    if (done < total)
        return true;
    printf("%8.1f s  %s, %llu rows\n", bench_clock_seconds(CLOCK_MONOTONIC) - begun_s, step, (unsigned long long)total);
    (void)fflush(stdout);
    return true;
}

static int city_write(struct store *store, uint32_t meters, int32_t days)
{
    struct city_archive_config config = { .meters = meters, .days = days, .zone_offset_s = ZONE_S, .tenant_id = 1,
        .root_area_id = 1, .look_s = NEVER_S, .tell = step_tell };
    int result = store_number(store, "SELECT max(tariff_id) FROM tariff", &config.tariff_id);

    config.today = (int32_t)calendar_local_day(bench_clock_world_ms(NULL) / 1000, ZONE_S);
    if (result != 0 || config.tariff_id == 0) {
        fprintf(stderr, "city_store: the installation has no tariff\n");
        return 1;
    }
    result = city_archive_write(store, &config);
    if (result != 0)
        fprintf(stderr, "city_store: %s\n", store_error_text(result));
    return result != 0;
}

int main(int argc, char **argv)
{
    struct store_config config = { .cache_kib = CACHE_KIB };
    struct store *store;
    char path[4096];

    if (argc != 4 || snprintf(path, sizeof path, "%s/meterworks.db", argv[1]) >= (int)sizeof path) {
        fprintf(stderr, "usage: city_store DATA-FOLDER METERS DAYS\n");
        return 2;
    }
    config.path = path;
    begun_s = bench_clock_seconds(CLOCK_MONOTONIC);
    if (store_open(&config, &store) != 0) {
        fprintf(stderr, "city_store: cannot open %s\n", path);
        return 1;
    }
    int result = city_write(store, (uint32_t)strtoul(argv[2], NULL, 10), (int32_t)strtol(argv[3], NULL, 10));
    store_close(store);
    return result;
}
