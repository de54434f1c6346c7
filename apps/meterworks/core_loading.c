#include "apps/meterworks/core_loading.h"

#include <pthread.h>

#define DEVICES_LARGE 100000 /* from here on a second connection is worth its opening */

/* The states of all devices, read beside the archive. */
struct states {
    struct core *core;
    struct store *store;
    struct reading_sql *sql;
    int result;
};

static int reading_make(struct core *core, const struct reading_store *load)
{
    struct reading_config reading = {
        .store = reading_sql_store(core->reading_sql), .load = load, .registry = core->registry, .undo = core->undo,
        .device_limit = core->config.device_limit,
    };
    return reading_open(&reading, &core->reading);
}

static void *states_load(void *context)
{
    struct states *states = context;

    states->result = reading_make(states->core, reading_sql_store(states->sql));
    return NULL;
}

/* returns  0; -1 there is no second connection */
static int states_open(struct states *states)
{
    struct store_config config = { .path = states->core->config.path, .read_only = true };

    if (store_open(&config, &states->store) < 0)
        return -1;
    return reading_sql_open(states->store, &states->sql) < 0 ? -1 : 0;
}

static void states_close(struct states *states)
{
    reading_sql_close(states->sql);
    store_close(states->store);
}

/* returns  1 both were loaded; 0 nothing was done, there is no second connection or thread; negative as core_rooms_load */
static int rooms_load_together(struct core *core, int64_t device_count)
{
    struct states states = { .core = core };
    pthread_t thread;

    int64_t large = core->config.loading_large > 0 ? core->config.loading_large : DEVICES_LARGE;

    if (device_count < large || states_open(&states) < 0 || pthread_create(&thread, NULL, states_load, &states) != 0) {
        states_close(&states);
        return 0;
    }
    int result = registry_load(core->registry);
    (void)pthread_join(thread, NULL);
    states_close(&states);
    if (result == 0)
        result = states.result;
    return result < 0 ? result : 1;
}

int core_rooms_load(struct core *core)
{
    const struct core_config *config = &core->config;
    struct registry_config registry = {
        .store = registry_sql_store(core->registry_sql), .undo = core->undo, .device_limit = config->device_limit,
        .seed = config->seed,
    };
    int64_t device_count = 0;
    int result = store_number(core->store, "SELECT coalesce(max(device_id), 0) FROM device", &device_count);

    registry.device_count = (uint32_t)device_count;
    if (result == 0)
        result = registry_make(&registry, &core->registry);
    if (result == 0)
        result = rooms_load_together(core, device_count);
    if (result != 0)
        return result < 0 ? result : 0;
    result = registry_load(core->registry);
    return result == 0 ? reading_make(core, NULL) : result;
}
