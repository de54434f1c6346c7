#include "bench/stage_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/live.h"
#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/core.h"
#include "bench/bench_clock.h"
#include "bench/bench_place.h"
#include "bench/nothing_store.h"
#include "bench/stage_count.h"
#include "reading/interval_block.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "store/sql/reading_sql.h"
#include "store/store.h"

#define LIVE_CAPACITY 4096
#define DAY_S 86400
#define DAYS_BACK 400
#define QUARTERS_CHANNEL 1
#define QUARTERS_SIZE 45     /* bytes of a block of quarter-hours, as interval_bench finds them */
#define ROWS_DAY_FIRST 40000 /* midnights that no report brings: of the rows that are written by themselves */

enum { ENTER, JUDGE, WHOLE, FRAMES, DAYS, STATES, QUARTERS, COMMIT, STAGE_COUNT };

struct stage_core {
    struct bench_place place;
    struct core *core;
    struct live_hub *live;
    struct reading_sql *rows;   /* beside the core's own, on the same connection */
    struct reading_room *judging;  /* over a store that keeps nothing */
    uint32_t *devices;
    uint64_t accepted;
    struct stage stages[STAGE_COUNT];
};

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct stage_core *core = context;
    core->accepted += acknowledgement->accepted;
}

static bool core_make(struct stage_core *core, uint32_t devices)
{
    char problem[256] = "";

    bench_place_make(&core->place, "stages");
    if (live_hub_open(LIVE_CAPACITY, &core->live) != 0)
        return false;
    struct core_config config = { .path = core->place.path, .device_limit = devices + 16, .live = core->live,
                                  .ports = { .context = core, .acknowledge = acknowledge } };
    if (core_open(&config, &core->core, problem) != 0) {
        fprintf(stderr, "%s\n", problem);
        return false;
    }
    stage_server_set(bench_place_process(&core->place, core_store(core->core)));
    return true;
}

static bool devices_enter(struct stage_core *core, uint32_t count, uint64_t imei_first, bool secured)
{
    static struct core_device requests[CORE_CALL_LIMIT];
    static struct core_reply replies[CORE_CALL_LIMIT];
    struct core_call calls[CORE_CALL_LIMIT];
    struct core_call *pointers[CORE_CALL_LIMIT];
    int64_t now_s = bench_clock_world_ms(NULL) / 1000;
    uint32_t tenant_id = 0;
    uint32_t area_id = 0;
    if (core_tenant_add(core->core, "stages", 28800, now_s, &tenant_id, &area_id) != 0)
        return false;
    for (uint32_t done = 0; done < count;) {
        size_t batch = 0;
        for (; batch < CORE_CALL_LIMIT && done + batch < count; batch++) {
            struct core_device *device = &requests[batch];
            *device = (struct core_device){ .imei = (int64_t)(imei_first + done + batch), .area_id = area_id,
                                            .installed_s = now_s - (int64_t)(DAYS_BACK + 30) * DAY_S, .size_dn_mm = 15 };
            archive_call_head(&device->head, tenant_id, area_id, now_s);
            snprintf(device->meter_number, sizeof device->meter_number, "%012u", (unsigned)(done + batch));
            snprintf(device->profile, sizeof device->profile, "nbiot-water-prepaid");
            snprintf(device->security, sizeof device->security, secured ? "psk" : "plain");
            calls[batch] = (struct core_call){ CORE_DEVICE_CREATE, device, &replies[batch], 0 };
            pointers[batch] = &calls[batch];
        }
        stage_begin(&core->stages[ENTER]);
        if (core_work(core->core, NULL, 0, pointers, batch, now_s) != 0)
            return false;
        stage_end(&core->stages[ENTER], batch);
        for (size_t i = 0; i < batch; i++)
            core->devices[done + i] = (uint32_t)replies[i].object_id;
        done += (uint32_t)batch;
    }
    return core->devices[count - 1] != 0;
}

/* The room alone, over the archive of the core: what it would write is dropped. */
static bool judging_make(struct stage_core *core, uint32_t devices)
{
    if (reading_sql_open(core_store(core->core), &core->rows) != 0)
        return false;
    struct reading_store store = *reading_sql_store(core->rows);
    nothing_store_make(&store);
    struct reading_config config = { .store = &store, .registry = core_registry(core->core),
                                     .device_limit = devices + 16 };
    return reading_open(&config, &core->judging) == 0;
}

struct stage_core *stage_core_open(uint32_t devices, uint64_t imei_first, bool secured)
{
    static const char *const names[STAGE_COUNT] = {
        [ENTER] = "a meter is entered, 64 a transaction", [JUDGE] = "judge and accept, in memory", [WHOLE] = "core: one transaction, with all rooms",
        [FRAMES] = "  row of the frame", [DAYS] = "  row of the new midnight", [STATES] = "  row of the state",
        [QUARTERS] = "  row of a day of quarter-hours", [COMMIT] = "  share of the commit",
    };
    struct stage_core *core = calloc(1, sizeof *core);
    if (!core)
        return NULL;
    for (size_t i = 0; i < STAGE_COUNT; i++)
        core->stages[i] = (struct stage){ .name = names[i], .warming = i != ENTER };
    core->devices = calloc(devices, sizeof *core->devices);
    if (core->devices && core_make(core, devices) && devices_enter(core, devices, imei_first, secured) &&
        judging_make(core, devices))
        return core;
    fprintf(stderr, "the core does not open\n");
    stage_core_close(core);
    return NULL;
}

void stage_core_close(struct stage_core *core)
{
    if (!core)
        return;
    reading_close(core->judging);
    reading_sql_close(core->rows);
    core_close(core->core);
    live_hub_close(core->live);
    bench_place_remove(&core->place);
    free(core->devices);
    free(core);
}

uint32_t stage_core_device(const struct stage_core *core, uint32_t index)
{
    return core->devices[index];
}

static bool judge_run(struct stage_core *core, const struct uplink *uplinks, size_t count)
{
    static struct reading_outcome outcome;
    bool good = true;
    stage_begin(&core->stages[JUDGE]);
    for (size_t i = 0; i < count; i++)
        good &= reading_accept(core->judging, &uplinks[i], uplinks[i].received_s, &outcome) == 0;
    good &= reading_flush(core->judging) == 0;
    stage_end(&core->stages[JUDGE], count);
    return good;
}

static bool frames_write(const struct stage_core *core, const struct uplink *uplinks, size_t count)
{
    const struct reading_store *store = reading_sql_store(core->rows);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        uint64_t id;
        struct reading_frame frame = { .at_s = uplinks[i].received_s, .device_id = uplinks[i].device_id,
                                       .bytes = uplinks[i].frame, .size = uplinks[i].frame_size };
        good &= store->frame_insert(store->context, &frame, &id) == 0;
    }
    return good && store->settle(store->context) == 0;
}

static bool days_write(const struct stage_core *core, const struct uplink *uplinks, size_t count, int32_t round)
{
    const struct reading_store *store = reading_sql_store(core->rows);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        struct reading_day day = { .register_value = 123456000 + (int64_t)i, .total_value = 123456000 + (int64_t)i,
                                   .received_s = uplinks[i].received_s, .multiplier_e3 = 1000,
                                   .day = ROWS_DAY_FIRST + round };
        good &= store->day_insert(store->context, uplinks[i].device_id, &day) == 0;
    }
    return good && store->settle(store->context) == 0;
}

static bool states_write(const struct stage_core *core, const struct uplink *uplinks, size_t count)
{
    const struct reading_store *store = reading_sql_store(core->rows);
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good &= store->state_write(store->context, uplinks[i].device_id,
                                   reading_state_find(core->judging, uplinks[i].device_id)) == 0;
    return good && store->settle(store->context) == 0;
}

static bool quarters_write(const struct stage_core *core, const struct uplink *uplinks, size_t count, int32_t round)
{
    const struct reading_store *store = reading_sql_store(core->rows);
    struct interval_row row = { .channel = QUARTERS_CHANNEL, .day = ROWS_DAY_FIRST + round, .scale_e3 = 1000,
                                .block_size = QUARTERS_SIZE };
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        row.device_id = uplinks[i].device_id;
        row.received_s = uplinks[i].received_s;
        memset(row.block, (int)i, row.block_size);
        good &= store->interval_write(store->context, &row) == 0;
    }
    return good && store->settle(store->context) == 0;
}

/* Rows as the transaction above writes them, one kind after the other. */
static bool rows_run(struct stage_core *core, const struct uplink *uplinks, size_t count, int32_t round)
{
    bool good = store_begin(core_store(core->core)) == 0;
    stage_begin(&core->stages[FRAMES]);
    good &= frames_write(core, uplinks, count);
    stage_end(&core->stages[FRAMES], count);
    stage_begin(&core->stages[DAYS]);
    good &= days_write(core, uplinks, count, round);
    stage_end(&core->stages[DAYS], count);
    stage_begin(&core->stages[STATES]);
    good &= states_write(core, uplinks, count);
    stage_end(&core->stages[STATES], count);
    stage_begin(&core->stages[QUARTERS]);
    good &= quarters_write(core, uplinks, count, round);
    stage_end(&core->stages[QUARTERS], count);
    stage_begin(&core->stages[COMMIT]);
    good &= store_commit(core_store(core->core)) == 0;
    stage_end(&core->stages[COMMIT], count);
    return good;
}

bool stage_core_take(struct stage_core *core, const struct uplink *uplinks, size_t count, int32_t round)
{
    bool good = judge_run(core, uplinks, count);
    uint64_t before = core->accepted;
    stage_begin(&core->stages[WHOLE]);
    good &= core_work(core->core, uplinks, count, NULL, 0, bench_clock_world_ms(NULL) / 1000) == 0;
    stage_end(&core->stages[WHOLE], count);
    good &= core->accepted - before == count;
    return good && rows_run(core, uplinks, count, round);
}

void stage_core_steady(struct stage_core *core)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        core->stages[i].warming = false;
}

void stage_core_print(const struct stage_core *core)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        stage_print(&core->stages[i]);
}
