#include "apps/meterworks/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "apps/meterworks/api_door.h"
#include "apps/meterworks/core_thread.h"
#include "apps/meterworks/folder_lock.h"
#include "apps/meterworks/gate.h"
#include "apps/meterworks/gate_links.h"
#include "apps/meterworks/gate_secret.h"
#include "apps/meterworks/line_gate.h"
#include "apps/meterworks/message_desk.h"
#include "apps/meterworks/partner_secret.h"
#include "apps/meterworks/invoice_desk.h"
#include "apps/meterworks/payment_desk.h"
#include "apps/meterworks/profile_shelf.h"
#include "apps/meterworks/store_place.h"
#include "base/log.h"
#include "registry/registry.h"
#include "security/cipher_openssl.h"
#include "security/key_holder.h"
#include "security/security_error.h"
#include "store/sql/view_sql.h"

#define CALL_CAPACITY 256
#define LIVE_CAPACITY 4096
#define LIVE_NUMBERS_OF_SECOND 20 /* bits: more events a second than anybody makes; exact in JavaScript until 2242 */
#define API_THREADS 3
#define PATH_SIZE 4096
#define SERVER_VERSION "0.1.0"

struct server {
    struct server_config config;
    char database_path[STORE_PLACE_SIZE];
    int folder_lock;
    struct key_holder *keys;
    struct live_hub *live;
    struct core *core;
    struct core_channel *channel;
    struct core_thread *core_thread;
    struct gate *gate;
    struct line_gate *lines;
    struct gate_links *links; /* NULL: no gates on other machines */
    struct api_door *door;    /* NULL: no apis on other machines */
    struct message_desk *messages;
    struct profile_shelf *profiles;
    struct payment_desk *payments; /* NULL: no channels */
    struct invoice_desk *invoices; /* NULL: no provider */
    struct view_sql *views;
    struct view_store view_store;
    struct api_server *api;
    const struct counter_table *counters[GATE_COUNTER_TABLE_LIMIT + LINE_GATE_COUNTER_TABLE_LIMIT + 3];
    size_t counter_count;
};

static int64_t world_ms(void *context)
{
    struct timespec now;

    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t world_speed(void *context)
{
    (void)context;
    return 1;
}

static int64_t platform_ms(void *context)
{
    const struct server *server = context;
    return server->config.clock.now_ms(server->config.clock.context);
}

static int64_t platform_s(void *context)
{
    return platform_ms(context) / 1000;
}

static int64_t wall_s(void *context)
{
    return world_ms(context) / 1000;
}

static uint32_t platform_speed(void *context)
{
    const struct server *server = context;
    return server->config.clock.speed(server->config.clock.context);
}

static bool key_find(void *context, uint64_t imei, uint8_t key[GATE_KEY_LIMIT], size_t *key_size)
{
    const struct server *server = context;

    if (key_holder_device_psk(server->keys, imei, key) < 0)
        return false;
    *key_size = KEY_HOLDER_PSK_SIZE;
    return true;
}

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    const struct server *server = context;

    /* A full ring leaves the device without an answer: it repeats, and the repeat is recognised. */
    if (acknowledgement->gate == LINE_GATE_NUMBER)
        line_gate_acknowledge(server->lines, acknowledgement);
    else if (acknowledgement->gate >= GATE_LINKS_NUMBER_FIRST && server->links != NULL)
        gate_links_acknowledge(server->links, acknowledgement);
    else
        gate_acknowledge(server->gate, acknowledgement);
    if (acknowledgement->gate < GATE_LINKS_NUMBER_FIRST && server->links != NULL)
        gate_links_heard_here(server->links, acknowledgement->device_id);
}

static bool deliver(void *context, const struct downlink *downlink)
{
    const struct server *server = context;

    if (server->links != NULL && gate_links_has(server->links, downlink->device_id))
        return gate_links_deliver(server->links, downlink) == 0;
    return gate_deliver(server->gate, downlink) == 0;
}

static bool device_put(void *context, uint64_t imei, uint32_t device_id, bool secured_only)
{
    const struct server *server = context;

    if (gate_device_put(server->gate, imei, device_id, secured_only) != 0)
        return false;
    if (server->links != NULL)
        gate_links_device(server->links, imei, device_id, secured_only, true);
    return true;
}

static bool device_remove(void *context, uint64_t imei, uint32_t device_id)
{
    const struct server *server = context;

    if (gate_device_remove(server->gate, imei, device_id) != 0)
        return false;
    if (server->links != NULL)
        gate_links_device(server->links, imei, device_id, false, false);
    return true;
}

static bool line_order(void *context, const struct line_order *order)
{
    const struct server *server = context;
    return line_gate_order(server->lines, order) == 0;
}

static bool line_cancel(void *context, uint32_t line_id, uint64_t order_id)
{
    const struct server *server = context;
    return line_gate_cancel(server->lines, line_id, order_id) == 0;
}

static bool line_put(void *context, const struct line_record *record)
{
    const struct server *server = context;
    return line_gate_put(server->lines, record) == 0;
}

static void messages_wait(void *context)
{
    const struct server *server = context;
    message_desk_wake(server->messages);
}

static const struct profile_set *profiles_hold(void *context)
{
    const struct server *server = context;
    return profile_shelf_hold(server->profiles);
}

static void profiles_release(void *context, const struct profile_set *set)
{
    const struct server *server = context;
    profile_shelf_release(server->profiles, set);
}

static bool holding(void *context, const char *profile, struct core_holding *out)
{
    const struct server *server = context;
    const struct profile_set *set = profile_shelf_hold(server->profiles);
    const struct profile_set_row *row = profile_set_find(set, span_of_text(profile));

    if (row != NULL) {
        *out = (struct core_holding){ .units = row->profile.prepayment.holds == DEVICE_HOLDS_UNITS,
                                      .smallest_fen = row->profile.prepayment.smallest_fen };
        for (uint16_t i = 0; i < row->profile.command_count; i++)
            out->takes_purchases |= row->profile.commands[i].command == DEVICE_COMMAND_RECHARGE;
    }
    profile_shelf_release(server->profiles, set);
    return row != NULL;
}

/* returns  0; SERVER_IN_USE; -1 */
static int folder_lock(struct server *server, char problem[256])
{
    const char *folder = server->config.data_directory;

    server->folder_lock = folder_lock_take(folder);
    if (server->folder_lock >= 0)
        return 0;
    if (server->folder_lock == FOLDER_LOCK_BUSY) {
        snprintf(problem, 256, "%.120s is served by another process; --standby waits until that one ends", folder);
        return SERVER_IN_USE;
    }
    snprintf(problem, 256, "%.120s/core.lock: %s", folder, strerror(errno));
    return -1;
}

static int folder_open(struct server *server, char problem[256])
{
    const char *folder = server->config.data_directory;

    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return folder_lock(server, problem);
    snprintf(problem, 256, "cannot make the data folder %.120s: %s", folder, strerror(errno));
    return -1;
}

static int keys_open(struct server *server, char problem[256])
{
    struct secret_source source = secret_source_system();
    const char *folder = server->config.data_directory;

    int result = key_holder_open(folder, &source, &server->keys);
    if (result < 0)
        snprintf(problem, 256, "%.120s/master.key: %s", folder, security_error_text(result));
    return result;
}

/* Of installations from before files were made private; those that do not exist are no matter. */
static void database_guard(const struct server *server)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    char path[sizeof server->database_path + 16];

    for (size_t i = 0; !store_place_is_server(server->database_path) && i < sizeof endings / sizeof endings[0]; i++) {
        (void)snprintf(path, sizeof path, "%s%s", server->database_path, endings[i]);
        if (chmod(path, S_IRUSR | S_IWUSR) != 0 && errno != ENOENT)
            log_write(LOG_APPLICATION, LOG_WARNING, "", "%.200s stays readable for others: %s", path, strerror(errno));
    }
}

static int event_secret(void *context, int64_t endpoint_id, int64_t generation, char out[API_WEBHOOK_SECRET_SIZE])
{
    const struct server *server = context;
    return webhook_secret_make(server->keys, endpoint_id, generation, out);
}

static int messages_make(struct server *server, char problem[256])
{
    struct message_desk_ports ports = {
        .core = { server->channel, core_channel_call },
        .clock_context = server,
        .now_ms = platform_ms,
        .wall_s = wall_s,
        .speed = platform_speed,
        .event_secret = event_secret,
    };
    char path[PATH_SIZE + 16];

    (void)snprintf(path, sizeof path, "%s/messages.json", server->config.data_directory);
    return message_desk_open(server->config.message_file, path, &ports, &server->messages, problem);
}

static int core_make(struct server *server, char problem[256])
{
    struct core_config config = {
        .path = server->database_path,
        .synchronous = server->config.synchronous,
        .lease_epoch = server->config.lease_epoch,
        .live = server->live,
        .keys = server->keys,
        .ports = { server, acknowledge, deliver, device_put, device_remove, line_order, line_cancel, line_put,
                   messages_wait, holding },
        .message_channels = message_desk_channels(server->messages),
        .events_inside = message_desk_events_inside(server->messages),
    };
    struct secret_source source = secret_source_system();

    if (source.fill(source.context, (uint8_t *)&config.seed, sizeof config.seed) < 0) {
        snprintf(problem, 256, "the system gives no random numbers");
        return -1;
    }
    database_guard(server);
    return core_open(&config, &server->core, problem);
}

static int handle_key_make(const struct server *server, struct hash_key *out)
{
    uint8_t key[KEY_HOLDER_PSK_SIZE];
    int result = key_holder_purpose_key(server->keys, span_of_text("registration handles"), key);

    if (result >= 0)
        memcpy(out, key, sizeof *out);
    return result;
}

static int gate_make(struct server *server, char problem[256])
{
    struct gate_config config = {
        .coap_address = server->config.coap_address,
        .coaps_address = server->config.coaps_address,
        .shard = core_shard(server->core),
        .speed = platform_speed(server),
    };
    struct gate_ports ports = { server, platform_ms, key_find, NULL };
    struct secret_source source = secret_source_system();
    int result = source.fill(source.context, config.random, sizeof config.random);

    if (result == 0)
        result = handle_key_make(server, &config.handle_key);
    if (result < 0) {
        snprintf(problem, 256, "%s", security_error_text(result));
        return result;
    }
    result = gate_open(&config, &ports, &server->gate);
    if (result < 0)
        snprintf(problem, 256, "%s (%s, %s)", gate_error_text(result),
                 config.coap_address != NULL ? config.coap_address : "-",
                 config.coaps_address != NULL ? config.coaps_address : "-");
    return result;
}

static int lines_make(struct server *server, char problem[256])
{
    struct line_gate_config config = {
        .address = server->config.lines_address,
        .speed = platform_speed(server),
        .concentrator_kind = &q376_session_kind,
        .transparent_kind = &line_master_kind,
        .cipher = cipher_openssl(),
    };
    struct line_gate_ports ports = { server, platform_ms, NULL, profiles_hold, profiles_release };
    struct secret_source source = secret_source_system();
    int result = source.fill(source.context, config.random, sizeof config.random);

    if (result < 0) {
        snprintf(problem, 256, "%s", security_error_text(result));
        return result;
    }
    result = line_gate_open(&config, &ports, &server->lines);
    if (result < 0)
        snprintf(problem, 256, "%s (%s)", gate_error_text(result),
                 config.address != NULL ? config.address : "-");
    return result;
}

static bool gate_key_find(void *context, struct span name, uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    const struct server *server = context;

    return !gate_secret_is_refused(server->config.data_directory, LINK_ROLE_GATE, name) &&
           gate_secret_make(server->keys, LINK_ROLE_GATE, name, key) == 0;
}

static bool device_key_find(void *context, uint64_t imei, uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    const struct server *server = context;
    return key_holder_device_psk(server->keys, imei, key) == 0;
}

static bool api_key_find(void *context, struct span name, uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    const struct server *server = context;

    return !gate_secret_is_refused(server->config.data_directory, LINK_ROLE_API, name) &&
           gate_secret_make(server->keys, LINK_ROLE_API, name, key) == 0;
}

static int door_make(struct server *server, char problem[256])
{
    struct api_door_config config = { .address = server->config.apis_address, .shard = core_shard(server->core),
                                      .live = server->live, .context = server, .key_find = api_key_find };

    if (config.address == NULL)
        return 0;
    int result = api_door_open(&config, &server->door);
    if (result < 0)
        snprintf(problem, 256, "%s (%s)", gate_error_text(result), config.address);
    return result;
}

static int links_make(struct server *server, char problem[256])
{
    struct gate_links_config config = { .address = server->config.links_address, .shard = core_shard(server->core) };
    struct gate_links_ports ports = { .context = server, .clock_read = platform_ms, .gate_key_find = gate_key_find,
                                      .device_key_find = device_key_find };

    if (config.address == NULL)
        return 0;
    int result = handle_key_make(server, &config.handle_key);
    if (result < 0) {
        snprintf(problem, 256, "%s", security_error_text(result));
        return result;
    }
    result = gate_links_open(&config, &ports, &server->links);
    if (result < 0)
        snprintf(problem, 256, "%s (%s)", gate_error_text(result), config.address);
    return result;
}

static int views_make(struct server *server, char problem[256])
{
    int result = view_sql_open(server->database_path, API_THREADS, &server->views, &server->view_store);

    if (result < 0)
        snprintf(problem, 256, "%.120s: %s", store_place_name(server->database_path), store_error_text(result));
    return result;
}

static int profiles_make(struct server *server, char problem[256])
{
    char overlay[PATH_SIZE];
    struct profile_problems *problems = calloc(1, sizeof *problems);
    struct profile_sources sources = { .folder = server->config.profile_folder, .overlay = overlay };

    (void)snprintf(overlay, sizeof overlay, "%s/profiles", server->config.data_directory);
    if (problems != NULL)
        server->profiles = profile_shelf_open(&sources, problems);
    if (server->profiles == NULL && problems != NULL && problems->count > 0)
        snprintf(problem, 256, "%.100s:%u: %.120s", problems->rows[0].file, (unsigned)problems->rows[0].line,
                 problems->rows[0].text_en);
    else if (server->profiles == NULL)
        snprintf(problem, 256, "out of memory");
    free(problems);
    return server->profiles != NULL ? 0 : -1;
}

static int payments_make(struct server *server, char problem[256])
{
    struct payment_desk_config config = { .path = server->config.channels_path, .channel = server->channel };

    return config.path != NULL ? payment_desk_open(&config, &server->payments, problem) : 0;
}

static int invoices_make(struct server *server, char problem[256])
{
    const char *path = server->config.invoices_path;

    return path != NULL ? invoice_desk_open(path, server->channel, &server->invoices, problem) : 0;
}

static int parts_make(struct server *server, char problem[256])
{
    int result = folder_open(server, problem);

    if (result >= 0)
        result = keys_open(server, problem);
    if (result >= 0 && (live_hub_open(LIVE_CAPACITY, &server->live) < 0 ||
                        core_channel_open(CALL_CAPACITY, &server->channel) < 0)) {
        snprintf(problem, 256, "out of memory");
        result = -1;
    }
    if (result >= 0) {
        /* Numbers of a later start lie above those of an earlier one: who comes back with an old one is told to resync. */
        live_restart(server->live, (uint64_t)wall_s(server) << LIVE_NUMBERS_OF_SECOND);
        result = profiles_make(server, problem);
    }
    if (result >= 0)
        result = messages_make(server, problem);
    if (result >= 0)
        result = core_make(server, problem);
    if (result >= 0)
        result = gate_make(server, problem);
    if (result >= 0)
        result = lines_make(server, problem);
    if (result >= 0)
        result = links_make(server, problem);
    if (result >= 0)
        result = door_make(server, problem);
    if (result >= 0)
        result = views_make(server, problem);
    if (result >= 0)
        result = payments_make(server, problem);
    if (result >= 0)
        result = invoices_make(server, problem);
    return result;
}

int server_open(const struct server_config *config, struct server **out, char problem[256])
{
    struct server *server = calloc(1, sizeof *server);

    if (server == NULL) {
        snprintf(problem, 256, "out of memory");
        return -1;
    }
    server->config = *config;
    server->folder_lock = FOLDER_LOCK_NONE;
    if (server->config.clock.now_ms == NULL)
        server->config.clock = (struct server_clock){ NULL, world_ms, world_speed };
    if (store_place_find(config->data_directory, config->store, server->database_path, problem) < 0) {
        free(server);
        return -1;
    }
    int result = parts_make(server, problem);
    if (result < 0) {
        server_close(server);
        return result == SERVER_IN_USE ? result : -1;
    }
    *out = server;
    return 0;
}

struct core *server_core(struct server *server)
{
    return server->core;
}

/* Everybody in the archive may speak; later changes come through the core's ports. */
static int gate_fill(struct server *server)
{
    const struct registry *registry = core_registry(server->core);
    struct device_directory_entry devices[DEVICE_DIRECTORY_TOGETHER];
    uint32_t filled = 0, count = registry_device_count(registry);
    int result = gate_reserve(server->gate, count);

    for (uint32_t device_id = 1; result >= 0 && device_id <= count; device_id++) {
        const struct registry_device *device = registry_device_find(registry, device_id);

        if (device == NULL || device->removed || device->imei == 0)
            continue;
        devices[filled++] =
            (struct device_directory_entry){ device->imei, { device_id, device->security == DEVICE_SECURITY_PSK } };
        if (filled == DEVICE_DIRECTORY_TOGETHER) {
            result = gate_devices_fill(server->gate, devices, filled);
            filled = 0;
        }
    }
    return result >= 0 ? gate_devices_fill(server->gate, devices, filled) : result;
}

static void counters_collect(struct server *server)
{
    struct counter_table *tables[GATE_COUNTER_TABLE_LIMIT + LINE_GATE_COUNTER_TABLE_LIMIT];
    size_t count = gate_counters(server->gate, tables);

    count += line_gate_counters(server->lines, tables + count);
    for (size_t i = 0; i < count; i++)
        server->counters[i] = tables[i];
    if (server->links != NULL)
        server->counters[count++] = gate_links_counters(server->links);
    if (server->door != NULL)
        server->counters[count++] = api_door_counters(server->door);
    server->counters[count] = core_counters(server->core);
    server->counter_count = count + 1;
}

static size_t strangers_read(void *context, struct api_stranger out[API_STRANGER_LIMIT])
{
    const struct server *server = context;
    struct line_stranger strangers[API_STRANGER_LIMIT];
    size_t count = line_gate_strangers(server->lines, strangers, API_STRANGER_LIMIT);

    for (size_t i = 0; i < count; i++) {
        out[i] = (struct api_stranger){ .is_concentrator = strangers[i].is_concentrator != 0,
                                        .count = strangers[i].count,
                                        .first_s = strangers[i].first_s,
                                        .at_s = strangers[i].last_s };
        _Static_assert(sizeof out[i].address == sizeof strangers[i].address &&
                       sizeof out[i].peer == sizeof strangers[i].from, "texts of the same bounds");
        memcpy(out[i].address, strangers[i].address, sizeof out[i].address);
        memcpy(out[i].peer, strangers[i].from, sizeof out[i].peer);
    }
    return count;
}

static int found_read(void *context, uint32_t line_id, int64_t *started_s, int64_t *ended_s, enum line_problem *problem,
                      void (*take)(void *taker, const struct uplink_archive_row *row), void *taker)
{
    const struct server *server = context;
    struct line_found_search search;

    if (!line_gate_found(server->lines, line_id, &search))
        return -1;
    *started_s = search.started_s;
    *ended_s = search.ended_s;
    *problem = (enum line_problem)search.problem;
    for (uint32_t i = 0; i < search.count; i++)
        take(taker, &search.rows[i]);
    return 0;
}

static int link_code(void *context, struct span subject, char text[LINK_CODE_SIZE])
{
    const struct server *server = context;
    return link_code_make(server->keys, subject, text);
}

static int api_start(struct server *server, char problem[256])
{
    struct api_config config = {
        .address = server->config.http_address,
        .port = server->config.http_port,
        .threads = API_THREADS,
        .views = server->view_store,
        .core = { server->channel, core_channel_call },
        .live = server->live,
        .clock = { server, platform_s, wall_s, platform_speed },
        .counters = server->counters,
        .counter_count = server->counter_count,
        .profiles = profile_shelf_port(server->profiles),
        .strangers = { server, strangers_read },
        .found = { server, found_read },
        .payments = payment_desk_port(server->payments),
        .links = { server, link_code },
        .partners = partner_secret_port(server->keys),
        .webhooks = webhook_secret_port(server->keys),
        .folder = server->config.console_folder,
        .districts = server->config.districts,
        .version = SERVER_VERSION,
    };
    int result;

    if (server->config.is_demo)
        config.demo = server->config.demo;
    result = api_server_open(&config, &server->api);
    if (result < 0)
        snprintf(problem, 256, "HTTP port %u: %s", (unsigned)config.port, api_server_error_text(result));
    if (result == 0 && server->door != NULL && api_door_start(server->door, server->api) < 0) {
        snprintf(problem, 256, "the thread of apis on other machines cannot start");
        result = -1;
    }
    return result;
}

/* Gates elsewhere are told the archive as they take it. */
static void gates_prepare(void *context)
{
    const struct server *server = context;

    if (server->links != NULL)
        gate_links_fill(server->links, core_registry(server->core));
}

int server_start(struct server *server, char problem[256])
{
    struct core_thread_config config = {
        .core = server->core,
        .gates = { gate_thread_of(server->gate), line_gate_thread_of(server->lines) },
        .gate_count = 2,
        .gates_prepare = gates_prepare,
        .channel = server->channel,
        .clock_context = server,
        .clock_now_ms = platform_ms,
        .clock_speed = platform_speed,
    };
    int result = gate_fill(server);

    if (result >= 0)
        result = gate_thread_start(gate_thread_of(server->gate));
    if (result < 0) {
        snprintf(problem, 256, "%s", gate_error_text(result));
        return result;
    }
    core_lines_tell(server->core);
    result = gate_thread_start(line_gate_thread_of(server->lines));
    if (result >= 0 && server->links != NULL) {
        config.gates[config.gate_count++] = gate_links_thread_of(server->links);
        result = gate_thread_start(gate_links_thread_of(server->links));
    }
    if (result < 0) {
        snprintf(problem, 256, "%s", gate_error_text(result));
        return result;
    }
    if (core_thread_start(&config, &server->core_thread) < 0) {
        snprintf(problem, 256, "the core's thread cannot start");
        return -1;
    }
    if (message_desk_start(server->messages) < 0) {
        snprintf(problem, 256, "the threads that send messages cannot start");
        return -1;
    }
    if (server->payments != NULL && payment_desk_start(server->payments) < 0) {
        snprintf(problem, 256, "the thread of payment channels cannot start");
        return -1;
    }
    if (server->invoices != NULL && invoice_desk_start(server->invoices) < 0) {
        snprintf(problem, 256, "the thread of invoices cannot start");
        return -1;
    }
    counters_collect(server);
    return api_start(server, problem);
}

int server_call(struct server *server, enum core_operation operation, const void *request, struct core_reply *reply)
{
    return core_channel_call(server->channel, operation, request, reply);
}

int server_device_key(struct server *server, uint64_t imei, uint8_t key[16])
{
    return key_holder_device_psk(server->keys, imei, key);
}

void server_speed_changed(struct server *server, uint32_t speed)
{
    gate_thread_speed_set(gate_thread_of(server->gate), speed);
    gate_thread_speed_set(line_gate_thread_of(server->lines), speed);
    if (server->links != NULL)
        gate_thread_speed_set(gate_links_thread_of(server->links), speed);
}

void server_profiles_reload(struct server *server)
{
    struct profile_problems *problems = calloc(1, sizeof *problems);

    if (problems != NULL)
        (void)profile_shelf_reload(server->profiles, problems);
    free(problems);
}

uint16_t server_http_port(const struct server *server)
{
    return server->api != NULL ? api_server_port(server->api) : 0;
}

uint16_t server_coap_port(const struct server *server)
{
    return gate_coap_port(server->gate);
}

uint16_t server_coaps_port(const struct server *server)
{
    return gate_coaps_port(server->gate);
}

uint16_t server_links_port(const struct server *server)
{
    return server->links != NULL ? gate_links_port(server->links) : 0;
}

uint16_t server_apis_port(const struct server *server)
{
    return server->door != NULL ? api_door_port(server->door) : 0;
}

uint16_t server_lines_port(const struct server *server)
{
    return line_gate_port(server->lines);
}

/* Senders stop while the core still answers: it must hear what became of their messages. Then the core stops and answers
 * everybody who waits, so that the api can end its requests. */
bool server_gave_up(const struct server *server)
{
    return core_thread_gave_up(server->core_thread);
}

void server_close(struct server *server)
{
    if (server == NULL)
        return;
    message_desk_stop(server->messages);
    payment_desk_stop(server->payments);
    invoice_desk_stop(server->invoices);
    if (server->core_thread == NULL && server->channel != NULL)
        core_channel_stop(server->channel);
    core_thread_stop(server->core_thread);
    api_door_close(server->door);
    api_server_close(server->api);
    payment_desk_close(server->payments);
    invoice_desk_close(server->invoices);
    gate_close(server->gate);
    line_gate_close(server->lines);
    gate_links_close(server->links);
    view_sql_close(server->views); /* before the core: the last connection, which can write, empties the log */
    core_close(server->core);
    message_desk_close(server->messages);
    profile_shelf_close(server->profiles);
    core_channel_close(server->channel);
    live_hub_close(server->live);
    key_holder_close(server->keys);
    folder_lock_release(server->folder_lock);
    free(server);
}
