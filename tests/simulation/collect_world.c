#include "tests/simulation/collect_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"
#include "registry/registry_line.h"
#include "store/sql/registry_sql.h"
#include "store/store.h"

#define ZONE_S COLLECT_WORLD_ZONE_S
#define DAY COLLECT_WORLD_DAY
#define WIRE_LIMIT 65536
#define BATCH_ROOM 600  /* uplinks one conversation can offer in a step */
#define LOGIN_SPREAD_MS 60000
#define MODULUS INT64_C(10000000000000) /* beyond what a simulated meter shows */

struct site {
    struct concentrator_load load;
    void *session;        /* NULL: not connected */
    int64_t due_ms;
    uint32_t line_id;
    bool wants_open;
    bool wants_close;
};

/* Bytes on their way between the two ends of the site that is stepped. */
struct wire {
    uint8_t bytes[WIRE_LIMIT];
    size_t size;
};

struct collect_world {
    struct collect_world_config config;
    char path[400];
    struct core *core;
    struct line_dialog_house house;
    struct counter counter_values[64];
    struct counter_table counters;
    struct concentrator_load_config load_config;
    struct concentrator_load_counts load_counts;
    struct site *sites;
    uint32_t *site_of_line; /* by device_id; 0 none, else the place + 1 */
    struct uplink *uplinks;
    size_t uplink_count;
    struct wire up;
    struct wire down;
    int64_t now_ms;
    int64_t core_ms;      /* when the core worked last */
    struct collect_world_counts counts;
};

static double processor_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must(int result, const char *what)
{
    if (result >= 0)
        return;
    fprintf(stderr, "collect_world: %s: %d %s\n", what, result, core_error_text(result));
    exit(1);
}

static int64_t midnight_s(int32_t day)
{
    return calendar_midnight(day, ZONE_S);
}

/* The archive: an area a concentrator, meters as the simulated concentrator files them. */
struct archive {
    struct registry *registry;
    struct registry_scope scope;
};

static uint32_t concentrator_add(struct archive *archive, uint32_t area_id, unsigned terminal)
{
    struct device_record row = { .area_id = area_id, .kind = REGISTRY_KIND_CONCENTRATOR };
    struct registry_line_record line = { .kind = LINE_KIND_CONCENTRATOR };
    (void)snprintf(row.address, sizeof row.address, "4403%05u", terminal);
    (void)snprintf(row.meter_number, sizeof row.meter_number, "c%05u", terminal);
    must(registry_line_add(archive->registry, &archive->scope, midnight_s(DAY - 2), &row, &line), "concentrator");
    return row.device_id;
}

static void meter_add(struct archive *archive, uint32_t area_id, uint32_t line_id, unsigned terminal, unsigned index)
{
    /* As concentrator_load deals them out. */
    static const uint32_t kinds[] = { DEVICE_KIND_ELECTRICITY, DEVICE_KIND_COLD_WATER, DEVICE_KIND_GAS, DEVICE_KIND_HEAT };
    struct device_record row = { .area_id = area_id, .parent_device_id = line_id, .kind = kinds[index % 4],
                                 .measurement_point = (uint16_t)(index + 1), .port = 1,
                                 .start_register_value = REGISTRY_START_UNKNOWN,
                                 .register_modulus_value = MODULUS, .installed_s = midnight_s(DAY - 1) };
    (void)snprintf(row.meter_number, sizeof row.meter_number, "%012" PRIu64,
                   concentrator_load_meter((uint16_t)terminal, index));
    must(registry_device_add(archive->registry, &archive->scope, midnight_s(DAY - 1), &row), "meter");
}

static void site_archive(struct archive *archive, uint32_t root, unsigned terminal, uint32_t meters, uint32_t *line_id)
{
    struct area_record area = { .parent_area_id = root, .kind = AREA_ESTATE };
    (void)snprintf(area.name, sizeof area.name, "site %u", terminal);
    must(registry_area_add(archive->registry, &archive->scope, &area), "area");
    *line_id = concentrator_add(archive, area.area_id, terminal);
    for (unsigned index = 0; index < meters; index++)
        meter_add(archive, area.area_id, *line_id, terminal, index);
}

static void archive_make(struct collect_world *world)
{
    struct store_config config = { .path = world->path, .synchronous = "OFF" };
    struct store *store;
    struct registry_sql *sql;
    struct archive archive;
    uint32_t tenant_id;
    uint32_t root;
    must(store_open(&config, &store), "store");
    must(registry_sql_open(store, &sql), "registry's store");
    must(registry_open(&(struct registry_config){ .store = registry_sql_store(sql), .seed = 7 }, &archive.registry),
         "registry");
    must(store_begin(store), "begin");
    must(registry_tenant_add(archive.registry, "estate", ZONE_S, 1, &tenant_id, &root), "tenant");
    must(registry_scope_make(archive.registry, tenant_id, 0, &archive.scope), "scope");
    for (uint32_t i = 0; i < world->config.site_count; i++) {
        site_archive(&archive, root, i + 1, world->config.meters_each, &world->sites[i].line_id);
        if (i % 100 == 99) {
            must(store_commit(store), "commit");
            must(store_begin(store), "begin");
        }
    }
    must(store_commit(store), "commit");
    store_checkpoint(store);
    registry_close(archive.registry);
    registry_sql_close(sql);
    store_close(store);
}

/* The gate: conversations answer for lines. */

static struct site *site_of(struct collect_world *world, uint32_t line_id)
{
    return &world->sites[world->site_of_line[line_id] - 1];
}

static bool line_order_take(void *context, const struct line_order *order)
{
    struct collect_world *world = context;
    struct site *site = site_of(world, order->line_id);
    if (site->session == NULL || q376_session_kind.order(site->session, order, world->now_ms) != 0)
        return false;
    site->due_ms = world->now_ms;
    world->counts.orders++;
    return true;
}

static void acknowledgement_take(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct collect_world *world = context;
    struct site *site = &world->sites[acknowledgement->message_id >> 32];
    if (site->session != NULL)
        q376_session_kind.acknowledge(site->session, acknowledgement, world->now_ms);
}

static bool uplink_take(void *context, struct uplink *uplink)
{
    struct collect_world *world = context;
    const struct registry_device *device = registry_device_find(core_registry(world->core), uplink->device_id);
    if (world->uplink_count == CORE_BATCH_LIMIT)
        return false;
    uplink->message_id = (uint64_t)(world->site_of_line[device->line_device_id] - 1) << 32 | world->uplink_count;
    world->uplinks[world->uplink_count++] = *uplink;
    return true;
}

static void wire_put(struct wire *wire, struct span bytes)
{
    if (bytes.size > WIRE_LIMIT - wire->size)
        return; /* lost, as on any line that is too slow */
    memcpy(wire->bytes + wire->size, bytes.bytes, bytes.size);
    wire->size += bytes.size;
}

static void session_send(void *context, void *line, struct span bytes)
{
    struct collect_world *world = context;
    (void)line;
    wire_put(&world->down, bytes);
}

static void load_send(void *context, struct concentrator_load *load, struct span bytes)
{
    struct collect_world *world = context;
    (void)load;
    wire_put(&world->up, bytes);
}

static struct site *site_of_load(struct concentrator_load *load)
{
    return (struct site *)load; /* its first member */
}

static void load_open(void *context, struct concentrator_load *load)
{
    (void)context;
    site_of_load(load)->wants_open = true;
}

static void load_close(void *context, struct concentrator_load *load)
{
    (void)context;
    site_of_load(load)->wants_close = true;
}

static const struct device_profile *profile_find(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static void core_go(struct collect_world *world)
{
    double begin = processor_s();
    size_t count = world->uplink_count;
    must(core_work(world->core, world->uplinks, count, NULL, 0, world->now_ms / 1000), "core_work");
    world->uplink_count = 0;
    world->core_ms = world->now_ms;
    world->counts.messages += count;
    world->counts.core_s += processor_s() - begin;
}

static void session_begin(struct collect_world *world, struct site *site)
{
    struct line_record record = { .line_id = site->line_id, .kind = LINE_KIND_CONCENTRATOR, .zone_offset_s = ZONE_S };
    (void)snprintf(record.address, sizeof record.address, "4403%05u", (unsigned)(site - world->sites) + 1);
    site->wants_open = false;
    site->session = malloc(q376_session_kind.size);
    must(site->session == NULL ? -1 : 0, "memory");
    q376_session_kind.begin(site->session, &world->house, &record, site, world->now_ms);
    concentrator_load_opened(&site->load, true, world->now_ms);
}

static void session_end(struct collect_world *world, struct site *site)
{
    site->wants_close = false;
    if (site->session == NULL)
        return;
    q376_session_kind.end(site->session, LINE_PROBLEM_LOST, world->now_ms);
    free(site->session);
    site->session = NULL;
    concentrator_load_closed(&site->load, world->now_ms);
}

/* Bytes go to and fro until both ends are quiet. */
static void site_pump(struct collect_world *world, struct site *site)
{
    while ((world->up.size > 0 || world->down.size > 0) && world->uplink_count + BATCH_ROOM < CORE_BATCH_LIMIT) {
        static uint8_t taken[WIRE_LIMIT];
        size_t size = world->down.size;
        memcpy(taken, world->down.bytes, size);
        world->down.size = 0;
        for (size_t used = 0, done = 1; used < size && done > 0; used += done)
            done = concentrator_load_receive(&site->load, span_of_bytes(taken + used, size - used), world->now_ms);
        size = world->up.size;
        memcpy(taken, world->up.bytes, size);
        world->up.size = 0;
        if (site->session != NULL && size > 0)
            q376_session_kind.receive(site->session, span_of_bytes(taken, size), world->now_ms);
    }
}

static void site_step(struct collect_world *world, struct site *site)
{
    int64_t session_due_ms = INT64_MAX;
    world->up.size = world->down.size = 0;
    int64_t load_due_ms = concentrator_load_step(&site->load, world->now_ms);
    if (site->wants_open)
        session_begin(world, site);
    site_pump(world, site);
    if (site->session != NULL)
        session_due_ms = q376_session_kind.tick(site->session, world->now_ms);
    site_pump(world, site);
    if (site->session != NULL)
        session_due_ms = q376_session_kind.tick(site->session, world->now_ms);
    if (site->wants_close)
        session_end(world, site);
    site->due_ms = session_due_ms < load_due_ms ? session_due_ms : load_due_ms;
    if (world->up.size > 0 || world->down.size > 0)
        site_pump(world, site);
}

static void sites_step(struct collect_world *world)
{
    for (uint32_t i = 0; i < world->config.site_count; i++) {
        if (world->sites[i].due_ms > world->now_ms)
            continue;
        if (world->uplink_count + 2 * BATCH_ROOM >= CORE_BATCH_LIMIT)
            core_go(world);
        site_step(world, &world->sites[i]);
    }
}

static int64_t next_due_ms(const struct collect_world *world)
{
    int64_t due_ms = INT64_MAX;
    for (uint32_t i = 0; i < world->config.site_count; i++)
        if (world->sites[i].due_ms < due_ms)
            due_ms = world->sites[i].due_ms;
    return due_ms;
}

void collect_world_step(struct collect_world *world, int64_t most_ms)
{
    int64_t due_ms = next_due_ms(world);
    int64_t last_ms = world->now_ms + most_ms;
    if (due_ms > last_ms)
        due_ms = last_ms;
    world->now_ms = due_ms > world->now_ms ? due_ms : world->now_ms + 1;
    sites_step(world);
    if (world->uplink_count == 0 && world->now_ms - world->core_ms < 1000)
        return;
    do
        core_go(world);
    while (core_work_remains(world->core));
}

static void core_start(struct collect_world *world)
{
    char problem[256];
    struct core_config config = {
        .path = world->path, .synchronous = world->config.synchronous, .seed = world->config.seed,
        .device_limit = collect_world_meters(world) + world->config.site_count + 1,
        .ports = { .context = world, .line_order = line_order_take, .acknowledge = acknowledgement_take },
    };
    if (core_open(&config, &world->core, problem) == 0)
        return;
    fprintf(stderr, "collect_world: %s\n", problem);
    exit(1);
}

static void loads_open(struct collect_world *world)
{
    struct concentrator_load_config *config = &world->load_config;
    *config = concentrator_load_config_default();
    config->meters = (uint16_t)world->config.meters_each;
    config->is_four = true;
    config->heartbeat_s = world->config.heartbeat_s;
    config->lost_permille = world->config.lost_permille;
    config->login_spread_ms = LOGIN_SPREAD_MS;
    config->context = world;
    config->open = load_open;
    config->send = load_send;
    config->close = load_close;
    config->counts = &world->load_counts;
    for (uint32_t i = 0; i < world->config.site_count; i++) {
        concentrator_load_open(&world->sites[i].load, config, (uint16_t)(i + 1), world->config.seed + i, world->now_ms);
        world->site_of_line[world->sites[i].line_id] = i + 1;
    }
}

struct collect_world *collect_world_open(const struct collect_world_config *config)
{
    struct collect_world *world = calloc(1, sizeof *world);
    must(world == NULL ? -1 : 0, "memory");
    world->config = *config;
    (void)snprintf(world->path, sizeof world->path, "%s", config->path);
    world->sites = calloc(config->site_count, sizeof *world->sites);
    world->site_of_line = calloc((size_t)collect_world_meters(world) + config->site_count + 2, sizeof *world->site_of_line);
    world->uplinks = calloc(CORE_BATCH_LIMIT, sizeof *world->uplinks);
    world->counters = (struct counter_table){ line_dialog_counters(), world->counter_values, LINE_DIALOG_COUNTER_COUNT };
    world->house = (struct line_dialog_house){ .context = world, .send = session_send, .offer = uplink_take,
                                               .profile_find = profile_find, .counters = &world->counters,
                                               .orders = line_order_pool_open(config->site_count * LINE_ORDER_OPEN_LIMIT) };
    must(!world->sites || !world->site_of_line || !world->uplinks || !world->house.orders ? -1 : 0, "memory");
    world->now_ms = config->begin_s * 1000;
    archive_make(world);
    core_start(world);
    loads_open(world);
    return world;
}

static void sessions_end(struct collect_world *world)
{
    for (uint32_t i = 0; i < world->config.site_count; i++)
        session_end(world, &world->sites[i]);
    world->uplink_count = 0;
}

static void file_remove(const char *path, const char *end)
{
    char name[512];
    (void)snprintf(name, sizeof name, "%s%s", path, end);
    (void)unlink(name);
}

void collect_world_close(struct collect_world *world)
{
    sessions_end(world);
    core_close(world->core);
    for (uint32_t i = 0; i < world->config.site_count; i++)
        concentrator_load_close(&world->sites[i].load);
    line_order_pool_close(world->house.orders);
    file_remove(world->path, "");
    file_remove(world->path, "-wal");
    file_remove(world->path, "-shm");
    free(world->sites);
    free(world->site_of_line);
    free(world->uplinks);
    free(world);
}

void collect_world_kill(struct collect_world *world)
{
    sessions_end(world);
    core_close(world->core);
    core_start(world);
}

void collect_world_cut(struct collect_world *world, uint32_t site)
{
    session_end(world, &world->sites[site]);
}

int64_t collect_world_now_s(const struct collect_world *world)
{
    return world->now_ms / 1000;
}

uint32_t collect_world_meters(const struct collect_world *world)
{
    return world->config.site_count * world->config.meters_each;
}

int64_t collect_world_number(struct collect_world *world, const char *query)
{
    int64_t number = 0;
    must(store_number(core_store(world->core), query, &number), query);
    return number;
}

int64_t collect_world_stored(struct collect_world *world, int32_t day)
{
    char query[96];
    (void)snprintf(query, sizeof query, "SELECT count(*) FROM daily_reading WHERE day = %d", (int)day);
    return collect_world_number(world, query);
}

int collect_world_call(struct collect_world *world, enum core_operation operation, const void *request,
                       struct core_reply *reply)
{
    return core_execute(world->core, operation, request, reply, world->now_ms / 1000);
}

const struct collect_world_counts *collect_world_counts(const struct collect_world *world)
{
    return &world->counts;
}

const struct concentrator_load_counts *collect_world_load_counts(const struct collect_world *world)
{
    return &world->load_counts;
}
