#include "tests/simulation/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/archive_call.h"
#include "base/calendar.h"
#include "registry/registry.h"
#include "store/sqlite/sqlite_store.h"

#define HOUR_MS INT64_C(3600000)
#define TICK_MS 300000
#define DISK_FULL_MS 1200000
#define POWER_UP_SPREAD_MS 7200000
#define BEGIN_DATE "2026-11-25"
#define BEGIN_HOUR 18
#define PAGES_NO_MORE 1

enum world_fault { FAULT_CRASH, FAULT_DISK_FULL, FAULT_DISK_FREE, FAULT_RESET, FAULT_VALVE, FAULT_COUNT };

static void give_up(const char *what)
{
    fprintf(stderr, "simulation: %s\n", what);
    abort();
}

void world_complain(struct world *world, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (world->problem_count < WORLD_PROBLEM_LIMIT)
        (void)vsnprintf(world->problems[world->problem_count], sizeof world->problems[0], format, arguments);
    va_end(arguments);
    world->problem_count++;
}

int64_t world_number(struct world *world, const char *query)
{
    int64_t number = 0;

    if (store_number(core_store(world->core), query, &number) < 0)
        give_up(query);
    return number;
}

/* An address of its own for each home; the port changes with each sleep, as behind a mobile network. */
static struct dialog_peer peer_of(const struct world *world, uint32_t home)
{
    struct dialog_peer peer = { .address.port = world->ports[home] };

    for (int i = 0; i < 4; i++)
        peer.address.ip[12 + i] = (uint8_t)(home >> (24 - 8 * i));
    peer.secured = world->plan.homes[home].secured;
    peer.session = peer.secured ? home + 1 : 0;
    peer.imei = peer.secured ? world->plan.homes[home].imei : 0;
    return peer;
}

static uint32_t home_of(const struct dialog_peer *peer)
{
    uint32_t home = 0;

    for (int i = 0; i < 4; i++)
        home = home << 8 | peer->address.ip[12 + i];
    return home;
}

/* Requests of the platform: code class 0, and not an empty message (RFC 7252, 3). */
static bool is_command(struct span bytes)
{
    return bytes.size >= 4 && bytes.bytes[1] != 0 && bytes.bytes[1] >> 5 == 0;
}

static void tape_record(struct world *world, uint32_t home, struct span bytes)
{
    struct world_frame *frame = &world->tapes[home * WORLD_TAPE_LIMIT + random_below(&world->random, WORLD_TAPE_LIMIT)];

    if (!world->config.replays || !is_command(bytes) || bytes.size > sizeof frame->bytes)
        return;
    frame->size = (uint16_t)bytes.size;
    memcpy(frame->bytes, bytes.bytes, bytes.size);
}

static void tape_play(struct world *world, uint32_t home, int64_t now_ms)
{
    for (int i = 0; i < WORLD_TAPE_LIMIT; i++) {
        const struct world_frame *frame = &world->tapes[home * WORLD_TAPE_LIMIT + (uint32_t)i];
        if (frame->size == 0 || !random_chance(&world->random, 1, 2))
            continue;
        town_receive(world->town, home, (struct span){ frame->bytes, frame->size }, now_ms);
        world->counts.replays++;
    }
}

static void server_send(void *context, const struct dialog_peer *to, struct span bytes)
{
    struct world *world = context;
    uint32_t home = home_of(to);

    /* What went to a port that the meter has left finds nobody. */
    if (!to->secured && to->address.port != world->ports[home])
        return;
    tape_record(world, home, bytes);
    town_receive(world->town, home, bytes, world->now_ms);
}

static bool server_offer(void *context, const struct uplink *uplink)
{
    struct world *world = context;

    if (world->uplink_count == WORLD_UPLINK_LIMIT)
        return false;
    world->uplinks[world->uplink_count++] = *uplink;
    return true;
}

static bool device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    const struct world *world = context;
    const struct registry_device *device = registry_device_find_imei(core_registry(world->core), imei);

    if (device == NULL || device->removed)
        return false;
    *out = (struct dialog_device){ device->device_id, device->security == DEVICE_SECURITY_PSK };
    return true;
}

static void core_acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct world *world = context;

    world->acknowledgements[world->acknowledgement_count++] = *acknowledgement;
}

static bool core_deliver(void *context, const struct downlink *downlink)
{
    struct world *world = context;

    if (world->downlink_count == WORLD_DOWNLINK_LIMIT)
        return false;
    world->downlinks[world->downlink_count++] = *downlink;
    return true;
}

static void meter_send(void *context, uint32_t home, struct span bytes, int64_t now_ms)
{
    struct world *world = context;
    struct dialog_peer peer = peer_of(world, home);

    world->now_ms = now_ms;
    lwm2m_server_receive(world->server, &peer, bytes, now_ms);
}

static void meter_awake(void *context, uint32_t home, bool awake, int64_t now_ms)
{
    struct world *world = context;

    if (awake)
        tape_play(world, home, now_ms);
    if (!awake && !world->plan.homes[home].secured)
        world->ports[home] = (uint16_t)(world->ports[home] % 60000 + 1);
}

static void core_start(struct world *world)
{
    struct core_config config = {
        .path = world->path, .synchronous = "OFF", .device_limit = 4096, .seed = world->config.seed,
        .loading_large = 1, /* as a large house starts */
        .ports = { .context = world, .acknowledge = core_acknowledge, .deliver = core_deliver },
    };
    char problem[256] = "";

    if (core_open(&config, &world->core, problem) < 0)
        give_up(problem);
}

static void server_start(struct world *world)
{
    struct lwm2m_server_config config = {
        .device_limit = 4096, .exchange_limit = 1024, .duplicate_limit = 8192, .downlink_limit = 256,
        .secret = { random_next(&world->random), random_next(&world->random) },
        .handle_key = { world->config.seed, 1 },
    };
    struct lwm2m_server_ports ports = { world, server_send, server_offer, device_find, NULL };

    if (lwm2m_server_open(&config, &ports, &world->server) < 0)
        give_up("the server does not open");
    world->server_ms = world->now_ms;
}

static void memory_take(struct world *world)
{
    world->uplinks = calloc(WORLD_UPLINK_LIMIT, sizeof *world->uplinks);
    world->acknowledgements = calloc(WORLD_UPLINK_LIMIT, sizeof *world->acknowledgements);
    world->downlinks = calloc(WORLD_DOWNLINK_LIMIT, sizeof *world->downlinks);
    world->ports = calloc(world->plan.home_count, sizeof *world->ports);
    world->tapes = calloc(world->plan.home_count * WORLD_TAPE_LIMIT, sizeof *world->tapes);
    world->promise_capacity = (size_t)world->config.meters * (world->config.days + 20) * 8;
    world->promises = calloc(world->promise_capacity, sizeof *world->promises);
    if (world->uplinks == NULL || world->acknowledgements == NULL || world->downlinks == NULL || world->ports == NULL ||
        world->tapes == NULL || world->promises == NULL)
        give_up("out of memory");
    for (size_t i = 0; i < world->plan.home_count; i++)
        world->ports[i] = (uint16_t)(i % 60000 + 1);
}

static void folder_make(struct world *world)
{
    const char *place = getenv("TMPDIR");

    (void)snprintf(world->folder, sizeof world->folder, "%s/meterworks-world-XXXXXX", place != NULL ? place : "/tmp");
    if (mkdtemp(world->folder) == NULL)
        give_up("no temporary folder");
    (void)snprintf(world->path, sizeof world->path, "%s/meterworks.db", world->folder);
}

static void archive_make(struct world *world)
{
    int64_t now_s = world->now_ms / 1000 - 7200;
    int64_t *opening_fen = calloc(world->plan.home_count, sizeof *opening_fen);
    char problem[256] = "";

    if (opening_fen == NULL || town_archive_open(&world->archive, world->core, &world->plan) < 0)
        give_up("out of memory");
    for (size_t i = 0; i < world->plan.home_count; i++)
        opening_fen[i] = world->plan.homes[i].opening_fen;
    if (town_archive_enter(&world->archive, now_s, problem) < 0)
        give_up(problem);
    for (int payment = TOWN_POSTPAID; payment <= TOWN_PREPAID_METER; payment++)
        if (town_archive_accounts_open(&world->archive, (enum town_payment)payment, opening_fen, now_s, problem) < 0)
            give_up(problem);
    if (town_people_open(world->path, &world->plan, world->archive.device_ids, &world->people, problem) < 0)
        give_up(problem);
    free(opening_fen);
}

static int64_t fault_next_ms(struct world *world, uint32_t every_h)
{
    if (every_h == 0)
        return INT64_MAX;
    return world->now_ms + random_between(&world->random, 1, 2 * (int64_t)every_h * HOUR_MS);
}

static void faults_plan(struct world *world)
{
    world->fault_ms[FAULT_CRASH] = fault_next_ms(world, world->config.crash_every_h);
    world->fault_ms[FAULT_DISK_FULL] = fault_next_ms(world, world->config.disk_full_every_h);
    world->fault_ms[FAULT_DISK_FREE] = INT64_MAX;
    world->fault_ms[FAULT_RESET] = fault_next_ms(world, world->config.reset_every_h);
    world->fault_ms[FAULT_VALVE] = fault_next_ms(world, world->config.valve_every_h);
}

void world_open(struct world *world, const struct world_config *config)
{
    struct town_plan_config plan = { config->seed, config->meters, 200 };
    struct town_config town = { .plan = &world->plan, .ports = { world, meter_send, meter_awake },
                                .power_up_spread_ms = POWER_UP_SPREAD_MS, .coverage = config->coverage };
    int64_t day = 0;

    memset(world, 0, sizeof *world);
    world->config = *config;
    world->random = random_of_stream(config->seed, 77);
    (void)calendar_parse_date(span_of_text(BEGIN_DATE), &day);
    world->begin_ms = world->now_ms = (calendar_midnight(day, TOWN_ZONE_OFFSET_S) + BEGIN_HOUR * 3600) * 1000;
    if (town_plan_open(&world->plan, &plan) < 0)
        give_up("no plan");
    memory_take(world);
    folder_make(world);
    core_start(world);
    archive_make(world);
    server_start(world);
    town.start_ms = world->now_ms;
    town.history_day = day;
    if (town_open(&town, &world->town) < 0)
        give_up("no town");
    world->tick_ms = world->people_ms = world->now_ms;
    faults_plan(world);
}

void world_close(struct world *world)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[300];

    town_people_close(world->people);
    lwm2m_server_close(world->server);
    core_close(world->core);
    town_close(world->town);
    town_archive_close(&world->archive);
    town_plan_close(&world->plan);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", world->path, endings[i]);
        (void)unlink(name);
    }
    (void)rmdir(world->folder);
    free(world->uplinks);
    free(world->acknowledgements);
    free(world->downlinks);
    free(world->ports);
    free(world->tapes);
    free(world->promises);
}

void world_crash(struct world *world)
{
    lwm2m_server_close(world->server);
    core_close(world->core);
    world->uplink_count = world->acknowledgement_count = world->downlink_count = 0;
    world->counts.crashes++;
    core_start(world);
    server_start(world);
    world->archive.core = world->core;
    if (world->disk_is_full)
        sqlite_store_page_limit(core_store(world->core), PAGES_NO_MORE);
}

/* What the device may forget from now on. */
static void promises_note(struct world *world, const struct uplink *uplink)
{
    for (uint16_t i = 0; i < uplink->item_count; i++) {
        const struct uplink_item *item = &uplink->items[i];
        if (item->period != UPLINK_DAILY_FREEZE || world->promise_count == world->promise_capacity)
            continue;
        world->promises[world->promise_count++] = (struct world_promise){
            uplink->device_id, (int32_t)calendar_local_day(item->time_s + 43200, TOWN_ZONE_OFFSET_S), item->value,
        };
    }
    world->counts.reports++;
}

static void acknowledgements_send(struct world *world, const struct uplink *uplinks, size_t count)
{
    for (size_t i = 0; i < world->acknowledgement_count; i++) {
        struct uplink_acknowledgement *acknowledgement = &world->acknowledgements[i];
        if (world->config.acknowledges_too_early)
            acknowledgement->accepted = 1;
        if (acknowledgement->accepted && i < count && uplinks[i].kind == UPLINK_REPORT)
            promises_note(world, &uplinks[i]);
        lwm2m_server_acknowledge(world->server, acknowledgement, world->now_ms);
    }
    world->acknowledgement_count = 0;
    for (size_t i = 0; i < world->downlink_count; i++)
        lwm2m_server_deliver(world->server, &world->downlinks[i], world->now_ms);
    world->downlink_count = 0;
}

/* One transaction; a server that is killed between commit and acknowledgement has stored but not promised. */
static void core_turn(struct world *world)
{
    size_t count = world->uplink_count;
    struct uplink *taken = malloc((count + 1) * sizeof *taken);
    int result;

    if (taken == NULL)
        give_up("out of memory");
    memcpy(taken, world->uplinks, count * sizeof *taken);
    world->uplink_count = 0;
    result = core_work(world->core, taken, count, NULL, 0, world->now_ms / 1000);
    world->counts.commits += result >= 0;
    world->counts.refused += result < 0;
    if (world->fault_ms[FAULT_CRASH] <= world->now_ms) {
        world->fault_ms[FAULT_CRASH] = fault_next_ms(world, world->config.crash_every_h);
        world_crash(world);
    } else {
        acknowledgements_send(world, taken, count);
    }
    free(taken);
}

static int call(struct world *world, enum core_operation operation, const void *request, struct core_reply *reply)
{
    int result = core_execute(world->core, operation, request, reply, world->now_ms / 1000);

    acknowledgements_send(world, NULL, 0);
    return result;
}

static void head_fill(const struct world *world, struct core_request *head)
{
    archive_call_head(head, world->archive.tenant_id, world->archive.root_area_id, world->now_ms / 1000);
}

static void wish_fulfil(struct world *world, const struct town_payment_wish *wish)
{
    struct core_payment request = { .account_id = wish->account_id, .amount_fen = wish->amount_fen, .method = "cash" };
    struct core_reply reply;

    head_fill(world, &request.head);
    (void)snprintf(request.key, sizeof request.key, "%s", wish->key);
    if (call(world, CORE_PAYMENT_TAKE, &request, &reply) < 0)
        return;
    world->counts.payments += !reply.repeated;
    /* An impatient hand presses Enter twice. */
    (void)call(world, CORE_PAYMENT_TAKE, &request, &reply);
    if (wish->press_button)
        town_button(world->town, wish->home, world->now_ms);
}

static void people_look(struct world *world)
{
    struct town_payment_wish wishes[64];
    int count = town_people_look(world->people, world->now_ms / 1000, wishes, 64);

    for (int i = 0; i < count; i++)
        wish_fulfil(world, &wishes[i]);
    world->people_ms = world->now_ms + HOUR_MS;
}

static void valve_ask(struct world *world)
{
    struct core_command request = { .reason = "simulation" };
    struct core_reply reply;
    uint32_t home = (uint32_t)random_below(&world->random, world->plan.home_count);
    const char *kind = random_chance(&world->random, 1, 2) ? "close_valve" : "open_valve";

    head_fill(world, &request.head);
    request.head.object_id = world->archive.device_ids[home];
    (void)snprintf(request.kind, sizeof request.kind, "%s", kind);
    world->counts.commands += call(world, CORE_COMMAND_REQUEST, &request, &reply) >= 0;
}

void world_disk_fill(struct world *world, bool is_full)
{
    world->disk_is_full = is_full;
    sqlite_store_page_limit(core_store(world->core), is_full ? PAGES_NO_MORE : 0);
}

static void fault_do(struct world *world, enum world_fault fault)
{
    switch (fault) {
    case FAULT_DISK_FULL:
        world_disk_fill(world, true);
        world->fault_ms[FAULT_DISK_FREE] = world->now_ms + DISK_FULL_MS;
        world->fault_ms[fault] = fault_next_ms(world, world->config.disk_full_every_h);
        break;
    case FAULT_DISK_FREE:
        world_disk_fill(world, false);
        world->fault_ms[fault] = INT64_MAX;
        break;
    case FAULT_RESET:
        town_restart(world->town, (uint32_t)random_below(&world->random, world->plan.home_count), world->now_ms);
        world->counts.resets++;
        world->fault_ms[fault] = fault_next_ms(world, world->config.reset_every_h);
        break;
    case FAULT_VALVE:
        valve_ask(world);
        world->fault_ms[fault] = fault_next_ms(world, world->config.valve_every_h);
        break;
    case FAULT_CRASH:
    case FAULT_COUNT:
        break; /* the crash happens inside the next transaction */
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_ms(const struct world *world, int64_t end_ms)
{
    int64_t at_ms = earlier(end_ms, town_due_ms(world->town));

    at_ms = earlier(at_ms, earlier(world->server_ms, world->tick_ms));
    at_ms = earlier(at_ms, world->people_ms);
    for (int fault = FAULT_DISK_FULL; fault < FAULT_COUNT; fault++)
        at_ms = earlier(at_ms, world->fault_ms[fault]);
    return at_ms > world->now_ms ? at_ms : world->now_ms;
}

static void turn(struct world *world, int64_t at_ms)
{
    town_run(world->town, at_ms);
    world->now_ms = at_ms;
    world->server_ms = lwm2m_server_tick(world->server, at_ms);
    if (world->server_ms <= at_ms)
        world->server_ms = at_ms + 1;
    for (int fault = FAULT_DISK_FULL; fault < FAULT_COUNT; fault++)
        if (world->fault_ms[fault] <= at_ms)
            fault_do(world, (enum world_fault)fault);
    if (world->people_ms <= at_ms)
        people_look(world);
    if (world->uplink_count == 0 && world->tick_ms > at_ms)
        return;
    if (world->tick_ms <= at_ms)
        world->tick_ms = at_ms + TICK_MS;
    core_turn(world);
}

static void run_until(struct world *world, int64_t end_ms)
{
    while (world->now_ms < end_ms)
        turn(world, next_ms(world, end_ms));
}

void world_pass(struct world *world, int64_t hours)
{
    run_until(world, world->now_ms + hours * HOUR_MS);
}

void world_run(struct world *world)
{
    int64_t end_ms = world->begin_ms + (int64_t)world->config.days * 24 * HOUR_MS;

    run_until(world, end_ms);
    for (int fault = 0; fault < FAULT_COUNT; fault++)
        world->fault_ms[fault] = INT64_MAX;
    fault_do(world, FAULT_DISK_FREE);
    run_until(world, end_ms + WORLD_QUIET_DAYS * 24 * HOUR_MS);
}
