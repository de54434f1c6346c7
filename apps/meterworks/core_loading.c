#include "apps/meterworks/core_loading.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define DEVICES_LARGE 100000 /* from here on connections of their own are worth their opening */
#define READERS_LIMIT 4
#define READER_CACHE_KIB 256 /* each page is wanted once: as few as stay near the processor */

/* Ranges of devices that are left to load, and what became of it. */
struct loading {
    struct core *core;
    uint32_t range_count;
    atomic_uint next_range;
    atomic_int result; /* the first failure; no further range is begun then */
};

/* One of those who load, with a connection of its own. */
struct reader {
    struct loading *loading;
    struct store *store;
    struct registry_sql *registry_sql;
    struct reading_sql *reading_sql;
    pthread_t thread;
};

static int range_load(const struct reader *reader, uint32_t range)
{
    const struct loading *loading = reader->loading;
    uint32_t first = range * REGISTRY_RANGE_DEVICES;
    uint32_t last = range + 1 == loading->range_count ? UINT32_MAX : first + REGISTRY_RANGE_DEVICES - 1;
    int result = registry_load_range(loading->core->registry, registry_sql_store(reader->registry_sql), first, last);

    return result == 0 ? reading_load_range(loading->core->reading, reading_sql_store(reader->reading_sql), first, last) : result;
}

static void *ranges_load(void *context)
{
    const struct reader *reader = context;
    struct loading *loading = reader->loading;
    uint32_t range;

    while (atomic_load(&loading->result) == 0 && (range = atomic_fetch_add(&loading->next_range, 1)) < loading->range_count) {
        int result = range_load(reader, range);
        int none = 0;
        if (result != 0)
            (void)atomic_compare_exchange_strong(&loading->result, &none, result);
    }
    return NULL;
}

/* returns  0; -1 there is no further connection */
static int reader_open(struct reader *reader)
{
    struct store_config config = {
        .path = reader->loading->core->config.path, .read_only = true, .cache_kib = READER_CACHE_KIB,
    };
    int result = store_open(&config, &reader->store);

    if (result == 0)
        result = registry_sql_open(reader->store, &reader->registry_sql);
    if (result == 0)
        result = reading_sql_open(reader->store, &reader->reading_sql);
    return result < 0 ? -1 : 0;
}

static void reader_close(struct reader *reader)
{
    reading_sql_close(reader->reading_sql);
    registry_sql_close(reader->registry_sql);
    store_close(reader->store);
}

/* With the core's own connection and thread. */
static void load_alone(struct loading *loading)
{
    struct reader own = { .loading = loading, .registry_sql = loading->core->registry_sql, .reading_sql = loading->core->reading_sql };

    (void)ranges_load(&own);
}

/* As many readers as processors, each with its thread; where one cannot be had the others do its part. */
static void load_together(struct loading *loading, int readers_wanted)
{
    struct reader readers[READERS_LIMIT];
    int count = 0;

    while (count < readers_wanted) {
        readers[count] = (struct reader){ .loading = loading };
        if (reader_open(&readers[count]) < 0 || pthread_create(&readers[count].thread, NULL, ranges_load, &readers[count]) != 0) {
            reader_close(&readers[count]);
            break;
        }
        count++;
    }
    for (int i = 0; i < count; i++) {
        (void)pthread_join(readers[i].thread, NULL);
        reader_close(&readers[i]);
    }
}

static int readers_wanted(const struct core *core, int64_t device_count)
{
    int64_t large = core->config.loading_large > 0 ? core->config.loading_large : DEVICES_LARGE;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (device_count < large)
        return 0;
    return processors < 1 ? 1 : processors < READERS_LIMIT ? (int)processors : READERS_LIMIT;
}

static int devices_load(struct core *core, int64_t device_count)
{
    struct loading loading = { .core = core, .range_count = (uint32_t)(device_count / REGISTRY_RANGE_DEVICES) + 1 };
    int64_t limit = core->config.device_limit > 0 ? core->config.device_limit : REGISTRY_DEVICE_LIMIT_DEFAULT;
    int result = device_count > limit ? REGISTRY_ERR_FULL : registry_load_begin(core->registry);

    if (result < 0)
        return result;
    load_together(&loading, readers_wanted(core, device_count));
    load_alone(&loading); /* what nobody has begun */
    result = atomic_load(&loading.result);
    if (result == 0)
        result = registry_load_end(core->registry);
    return result == 0 ? reading_load_end(core->reading) : result;
}

int core_rooms_load(struct core *core)
{
    const struct core_config *config = &core->config;
    int64_t device_count = 0;
    int result = store_number(core->store, "SELECT coalesce(max(device_id), 0) FROM device", &device_count);

    if (result == 0) {
        struct registry_config registry = {
            .store = registry_sql_store(core->registry_sql), .undo = core->undo, .device_limit = config->device_limit,
            .device_count = (uint32_t)device_count, .seed = config->seed,
        };
        result = registry_make(&registry, &core->registry);
    }
    if (result == 0) {
        struct reading_config reading = {
            .store = reading_sql_store(core->reading_sql), .registry = core->registry, .undo = core->undo,
            .device_limit = config->device_limit,
        };
        result = reading_make(&reading, &core->reading);
    }
    return result == 0 ? devices_load(core, device_count) : result;
}
