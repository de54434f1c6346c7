#include "tests/simulation/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/quantity.h"
#include "registry/registry.h"
#include "store/sqlite/sqlite_store.h"

#define CORE_EVERY_MS 60000
#define TROUBLE_EVERY_MS INT64_C(7200000) /* on the average */
#define REPLAY_ONE_IN 4 /* messages of a meter */
#define DISK_FULL_MS INT64_C(1800000)
#define ZONE_S TOWN_ZONE_OFFSET_S

static struct dialog_peer peer_of(uint32_t home)
{
    struct dialog_peer peer = { 0 };

    peer.address.ip[10] = 0xff;
    peer.address.ip[11] = 0xff;
    peer.address.ip[12] = 10;
    peer.address.ip[13] = (uint8_t)(home >> 16);
    peer.address.ip[14] = (uint8_t)(home >> 8);
    peer.address.ip[15] = (uint8_t)home;
    peer.address.port = 5683;
    return peer;
}

static uint32_t home_of(const struct dialog_peer *peer)
{
    return (uint32_t)peer->address.ip[13] << 16 | (uint32_t)peer->address.ip[14] << 8 | peer->address.ip[15];
}

/* CoAP code 0.01 to 0.07 (RFC 7252 12.1.1). */
static bool is_request(struct span bytes)
{
    return bytes.size >= 4 && bytes.bytes[1] >= 1 && bytes.bytes[1] <= 7;
}

static void dialog_send(void *context, const struct dialog_peer *to, struct span bytes)
{
    struct world *world = context;

    if (is_request(bytes) && bytes.size <= TOWN_PACKET_SIZE) {
        struct world_recording *recording = &world->recordings[world->recorded++ % WORLD_RECORDING_LIMIT];
        recording->home = home_of(to);
        recording->size = (uint16_t)bytes.size;
        memcpy(recording->bytes, bytes.bytes, bytes.size);
    }
    town_receive(world->town, home_of(to), bytes, world->now_ms);
}

/* Somebody in the middle sends an old request again while the meter listens. */
static void request_replay(struct world *world, uint32_t home)
{
    uint64_t kept = world->recorded < WORLD_RECORDING_LIMIT ? world->recorded : WORLD_RECORDING_LIMIT;

    for (uint64_t i = 0; i < kept; i++) {
        const struct world_recording *recording = &world->recordings[random_below(&world->random, kept)];
        if (recording->home != home)
            continue;
        world->counts.replays++;
        town_receive(world->town, home, span_of_bytes(recording->bytes, recording->size), world->now_ms);
        return;
    }
}

static bool dialog_offer(void *context, const struct uplink *uplink)
{
    struct world *world = context;

    if (world->pending_count == WORLD_PENDING_LIMIT)
        return false;
    world->pending[world->pending_count++] = *uplink;
    return true;
}

static bool dialog_device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    const struct world *world = context;
    return device_directory_find(world->directory, imei, out);
}

static void town_send(void *context, uint32_t home, struct span bytes, int64_t now_ms)
{
    struct world *world = context;
    struct dialog_peer peer = peer_of(home);

    world->now_ms = now_ms;
    lwm2m_server_receive(world->server, &peer, bytes, now_ms);
    if (!world->is_calm && random_below(&world->random, REPLAY_ONE_IN) == 0)
        request_replay(world, home);
}

/* The core's ports only take notes: what they cause happens after core_work has returned, as across a ring. */
static void core_acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct world *world = context;
    world->acknowledgements[world->acknowledgement_count++] = *acknowledgement;
}

static bool core_deliver(void *context, const struct downlink *downlink)
{
    struct world *world = context;

    if (world->downlink_count == CORE_BATCH_LIMIT)
        return false;
    world->downlinks[world->downlink_count++] = *downlink;
    return true;
}

static int core_start(struct world *world)
{
    struct core_config config = {
        .path = world->path,
        .synchronous = "OFF", /* a killed process keeps what the system has; losing power is the disk's test */
        .seed = world->seed,
        .device_limit = 4096,
        .ports = { .context = world, .acknowledge = core_acknowledge, .deliver = core_deliver },
    };
    char problem[256] = "";
    int result = core_open(&config, &world->core, problem);

    if (result < 0)
        fprintf(stderr, "core: %s\n", problem);
    world->archive.core = world->core;
    return result;
}

static int directory_fill(struct world *world)
{
    const struct registry *registry = core_registry(world->core);
    struct hash_key key = { world->seed, 7 };

    if (device_directory_open(4096, key, &world->directory) < 0)
        return -1;
    for (uint32_t id = 1; id <= registry_device_count(registry); id++) {
        const struct registry_device *device = registry_device_find(registry, id);
        if (device_directory_put(world->directory, device->imei, (struct dialog_device){ .device_id = id }) < 0)
            return -1;
    }
    return 0;
}

static int gate_start(struct world *world)
{
    struct lwm2m_server_ports ports = { world, dialog_send, dialog_offer, dialog_device_find };
    struct lwm2m_server_config config = {
        .device_limit = 4096,
        .exchange_limit = 1024,
        .duplicate_limit = 4096,
        .downlink_limit = 256,
        .secret = { random_next(&world->random), random_next(&world->random) },
        .handle_key = { 1, 2 },
    };

    if (directory_fill(world) < 0)
        return -1;
    return lwm2m_server_open(&config, &ports, &world->server);
}

static void gate_stop(struct world *world)
{
    lwm2m_server_close(world->server);
    device_directory_close(world->directory);
    world->server = NULL;
    world->directory = NULL;
    world->pending_count = 0;
    world->acknowledgement_count = 0;
    world->downlink_count = 0;
}

static int archive_enter(struct world *world)
{
    char problem[256] = "";
    int64_t now_s = world->now_ms / 1000;
    int result = town_archive_open(&world->archive, world->core, &world->plan);

    if (result == 0)
        result = town_archive_enter(&world->archive, now_s, problem);
    for (int payment = TOWN_POSTPAID; result == 0 && payment <= TOWN_PREPAID_METER; payment++) {
        int64_t *none = calloc(world->plan.home_count, sizeof *none);
        result = none == NULL ? -1 : town_archive_accounts_open(&world->archive, (enum town_payment)payment, none,
                                                                now_s, problem);
        free(none);
    }
    if (result < 0)
        fprintf(stderr, "archive: %s\n", problem);
    return result;
}

static int lists_make(struct world *world)
{
    world->pending = calloc(WORLD_PENDING_LIMIT, sizeof *world->pending);
    world->downlinks = calloc(CORE_BATCH_LIMIT, sizeof *world->downlinks);
    world->acknowledgements = calloc(WORLD_PENDING_LIMIT, sizeof *world->acknowledgements);
    world->promises = calloc(WORLD_PROMISE_LIMIT, sizeof *world->promises);
    world->recordings = calloc(WORLD_RECORDING_LIMIT, sizeof *world->recordings);
    return world->pending == NULL || world->downlinks == NULL || world->acknowledgements == NULL ||
                   world->promises == NULL || world->recordings == NULL
               ? -1 : 0;
}

static int town_start(struct world *world)
{
    struct town_config config = {
        .plan = &world->plan,
        .ports = { world, town_send, NULL },
        .start_ms = world->now_ms,
        .history_day = calendar_local_day(world->now_ms / 1000, ZONE_S),
        .power_up_spread_ms = 3600000,
        .coverage = COVERAGE_STORM,
        .is_flawless = true,
    };
    return town_open(&config, &world->town);
}

int world_open(struct world *world, uint64_t seed, uint32_t meters, int64_t start_s)
{
    struct town_plan_config plan = { .seed = seed, .meters = meters };

    memset(world, 0, sizeof *world);
    world->seed = seed;
    world->random = random_of_seed(seed);
    world->now_ms = start_s * 1000;
    world->core_due_ms = world->now_ms;
    world->trouble_due_ms = world->now_ms + 6 * TROUBLE_EVERY_MS;
    snprintf(world->path, sizeof world->path, "/tmp/meterworks-simulation-%ld-%llu.db", (long)getpid(),
             (unsigned long long)seed);
    if (lists_make(world) < 0 || town_plan_open(&world->plan, &plan) < 0 || core_start(world) < 0 ||
        archive_enter(world) < 0 || town_start(world) < 0)
        return -1;
    return gate_start(world);
}

static void database_remove(const struct world *world)
{
    static const char *const endings[] = { "", "-wal", "-shm" };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", world->path, endings[i]);
        unlink(path);
    }
}

void world_close(struct world *world)
{
    gate_stop(world);
    town_close(world->town);
    town_archive_close(&world->archive);
    core_close(world->core);
    town_plan_close(&world->plan);
    free(world->pending);
    free(world->downlinks);
    free(world->acknowledgements);
    free(world->promises);
    free(world->recordings);
    database_remove(world);
}

/* What the platform promised by accepting this uplink. */
static void promises_note(struct world *world, const struct uplink *uplink)
{
    for (uint16_t i = 0; i < uplink->item_count; i++) {
        const struct uplink_item *item = &uplink->items[i];

        if (item->quantity != QUANTITY_WATER_VOLUME || item->period != UPLINK_DAILY_FREEZE)
            continue;
        if (world->promise_count == WORLD_PROMISE_LIMIT) {
            world->failed = true;
            return;
        }
        world->promises[world->promise_count++] = (struct world_promise){
            .device_id = uplink->device_id,
            .day = (int32_t)calendar_local_day(item->time_s, ZONE_S),
            .register_ml = item->value,
        };
    }
}

static void acknowledgements_pass(struct world *world, const struct uplink *taken)
{
    for (size_t i = 0; i < world->acknowledgement_count; i++) {
        if (world->acknowledgements[i].accepted) {
            world->counts.reports += taken[i].kind == UPLINK_REPORT;
            promises_note(world, &taken[i]);
        }
        lwm2m_server_acknowledge(world->server, &world->acknowledgements[i], world->now_ms);
    }
    world->acknowledgement_count = 0;
}

static void core_turn(struct world *world)
{
    struct uplink *taken = world->pending;
    size_t count = world->pending_count;
    int result;

    /* Answers of this turn may cause new uplinks: they wait in the other half. */
    world->pending = calloc(WORLD_PENDING_LIMIT, sizeof *world->pending);
    world->pending_count = 0;
    world->core_due_ms = world->now_ms + CORE_EVERY_MS;
    if (world->pending == NULL) {
        world->pending = taken;
        world->failed = true;
        return;
    }
    result = core_work(world->core, taken, count, NULL, 0, world->now_ms / 1000);
    if (result < 0)
        world->counts.refused++;
    acknowledgements_pass(world, taken);
    for (size_t i = 0; i < world->downlink_count; i++)
        lwm2m_server_deliver(world->server, &world->downlinks[i], world->now_ms);
    world->downlink_count = 0;
    free(taken);
}

/* kill -9: what was not committed is gone, nobody is told. Sometimes the commit happened and the answers were lost. */
static void server_crash(struct world *world)
{
    bool after_commit = random_below(&world->random, 2) == 0;

    world->counts.crashes++;
    if (after_commit)
        core_work(world->core, world->pending, world->pending_count, NULL, 0, world->now_ms / 1000);
    gate_stop(world);
    core_close(world->core);
    world->core = NULL;
    if (core_start(world) < 0 || gate_start(world) < 0)
        world->failed = true;
}

static void disk_fill(struct world *world)
{
    int64_t pages = 0;

    if (sqlite_store_number(core_store(world->core), "PRAGMA page_count", &pages) == 0)
        sqlite_store_page_limit(core_store(world->core), pages);
    world->disk_full_until_ms = world->now_ms + DISK_FULL_MS;
}

static uint32_t home_choose(struct world *world)
{
    return (uint32_t)random_below(&world->random, world->plan.home_count);
}

static void meter_restart(struct world *world)
{
    world->counts.restarts++;
    town_restart(world->town, home_choose(world), world->now_ms);
}

static struct core_request platform_head(const struct world *world)
{
    struct core_request head = { .tenant_id = world->archive.tenant_id, .wall_s = world->now_ms / 1000 };

    snprintf(head.scope_path, sizeof head.scope_path, "/%u/", world->archive.root_area_id);
    return head;
}

static void command_ask(struct world *world)
{
    static const char *const kinds[] = { "close_valve", "open_valve", "read_now" };
    struct core_command ask = { .head = platform_head(world), .reason = "simulation" };
    struct core_reply reply;

    ask.head.object_id = world->archive.device_ids[home_choose(world)];
    snprintf(ask.kind, sizeof ask.kind, "%s", kinds[random_below(&world->random, 3)]);
    if (core_execute(world->core, CORE_COMMAND_REQUEST, &ask, &reply, world->now_ms / 1000) == 0)
        world->counts.commands++;
}

/* A payment, and often the same one again: a cashier who pressed Enter twice, an answer that was lost. */
static void payment_take(struct world *world)
{
    struct core_payment ask = { .head = platform_head(world), .method = "cash" };
    struct core_reply reply;
    uint64_t repeats = 1 + random_below(&world->random, 3);

    ask.account_id = world->archive.account_ids[home_choose(world)];
    ask.amount_fen = 100 + (int64_t)random_below(&world->random, 10000);
    snprintf(ask.key, sizeof ask.key, "payment-%lld", (long long)world->now_ms);
    for (uint64_t i = 0; i < repeats; i++) {
        if (core_execute(world->core, CORE_PAYMENT_TAKE, &ask, &reply, world->now_ms / 1000) != 0)
            continue;
        world->counts.payments += !reply.repeated;
        world->counts.repeated_payments += reply.repeated;
    }
}

static void trouble_happen(struct world *world)
{
    static void (*const troubles[])(struct world *) = {
        server_crash, server_crash, disk_fill, meter_restart, meter_restart, meter_restart,
        command_ask, command_ask, command_ask, payment_take, payment_take, payment_take, payment_take,
    };

    world->trouble_due_ms = world->now_ms + 1 + (int64_t)random_below(&world->random, 2 * TROUBLE_EVERY_MS / 10);
    if (!world->is_calm)
        troubles[random_below(&world->random, sizeof troubles / sizeof troubles[0])](world);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void world_run(struct world *world, int64_t until_ms)
{
    int64_t server_due_ms = world->now_ms;

    while (world->now_ms < until_ms && !world->failed) {
        int64_t next_ms = earlier(earlier(town_due_ms(world->town), server_due_ms),
                                  earlier(world->core_due_ms, world->trouble_due_ms));

        if (world->pending_count > 0)
            next_ms = earlier(next_ms, world->now_ms + 5); /* the core answers within milliseconds */
        if (next_ms > world->now_ms)
            world->now_ms = earlier(next_ms, until_ms);
        town_run(world->town, world->now_ms);
        server_due_ms = lwm2m_server_tick(world->server, world->now_ms);
        if (world->disk_full_until_ms != 0 && world->now_ms >= world->disk_full_until_ms) {
            sqlite_store_page_limit(core_store(world->core), 0);
            world->disk_full_until_ms = 0;
        }
        if (world->pending_count > 0 || world->now_ms >= world->core_due_ms)
            core_turn(world);
        if (world->now_ms >= world->trouble_due_ms)
            trouble_happen(world);
    }
}
