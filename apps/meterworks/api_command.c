/* meterworks api: console and HTTP API on a machine of its own. Reads come from the database; the rest goes to the core. */
#include "apps/meterworks/subcommands.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/api_server.h"
#include "apps/meterworks/api_link.h"
#include "apps/meterworks/district_file.h"
#include "apps/meterworks/gate_secret.h"
#include "apps/meterworks/gate_thread.h"
#include "apps/meterworks/log_output.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/split_address.h"
#include "apps/meterworks/stop_signal.h"
#include "apps/meterworks/store_place.h"
#include "store/sql/lease_sql.h"
#include "store/sql/schema.h"
#include "store/sql/view_sql.h"
#include "store/store.h"

#define LIVE_CAPACITY 4096
#define THREADS 4

struct process {
    struct live_hub *live;
    struct api_link *link;
    struct view_sql *views;
    struct api_server *api;
    const struct counter_table *counters[1];
};

static int64_t wall_s(void *context)
{
    struct timespec now;

    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

/* Never called while requests go to a core elsewhere. */
static int core_none(void *context, enum core_operation operation, const void *request, struct core_reply *reply)
{
    (void)context;
    (void)operation;
    (void)request;
    return core_reply_refuse(reply, core_error_info(CORE_ERR_UNAVAILABLE));
}

/* The views are those of this program's schema, and of no other.
 * shard    gets the one that rests here
 * returns  0; -1 with `problem` */
static int schema_check(const char *path, uint32_t *shard, char problem[256])
{
    char why[STORE_WHY_SIZE] = "";
    struct store_config config = { .path = path, .read_only = true, .why = why };
    struct store *store = NULL;
    int result = store_open(&config, &store);

    if (result < 0) {
        store_place_problem(path, store_error_text(result), why, problem);
        return -1;
    }
    int version = store_version(store);
    result = version == schema_version_newest ? lease_sql_shard(store, shard) : 0;
    store_close(store);
    if (result < 0)
        store_place_problem(path, store_error_text(result), "", problem);
    if (version == schema_version_newest)
        return result;
    (void)snprintf(problem, 256, "the database has schema %d and this program %d: start the core of this version first",
                   version, schema_version_newest);
    return -1;
}

static int views_make(struct process *process, const char *path, unsigned readers, struct view_store *views,
                      char problem[256])
{
    int result = view_sql_open(path, readers, &process->views, views);
    if (result < 0)
        store_place_problem(path, store_error_text(result), "", problem);
    return result;
}

static int link_make(struct process *process, struct api_link_config *config, char problem[256])
{
    if (live_hub_open(LIVE_CAPACITY, &process->live) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    config->live = process->live;
    int result = api_link_open(config, &process->link);
    if (result == GATE_ERR_LINK_SOCKET)
        (void)snprintf(problem, 256, "--core takes ADDR:PORT[,ADDR:PORT...], numbers only");
    else if (result < 0)
        (void)snprintf(problem, 256, "%s", gate_error_text(result));
    return result;
}

static int api_make(struct process *process, struct api_config *config, char problem[256])
{
    process->counters[0] = api_link_counters(process->link);
    config->core = (struct core_port){ NULL, core_none };
    config->forward = api_link_port(process->link);
    config->live = process->live;
    config->clock = (struct api_clock){ NULL, wall_s, wall_s, NULL };
    config->counters = process->counters;
    config->counter_count = 1;
    config->version = "0.1.0";
    int result = api_server_open(config, &process->api);
    if (result < 0)
        (void)snprintf(problem, 256, "HTTP port %u: %s", (unsigned)config->port, api_server_error_text(result));
    return result;
}

/* Who waits for the core is answered before the api ends. */
static void process_close(struct process *process)
{
    api_link_stop(process->link);
    api_server_close(process->api);
    api_link_close(process->link);
    view_sql_close(process->views);
    live_hub_close(process->live);
}

static int process_run(const char *path, struct api_link_config *link, struct api_config *api)
{
    struct process process = { 0 };
    char problem[256] = "";

    stop_signal_block();
    int result = schema_check(path, &link->shard, problem);
    if (result >= 0)
        result = views_make(&process, path, api->threads, &api->views, problem);
    if (result >= 0)
        result = link_make(&process, link, problem);
    OPENSSL_cleanse(link->key, sizeof link->key);
    if (result >= 0)
        result = api_make(&process, api, problem);
    if (result >= 0) {
        printf("http  %u\n", (unsigned)api_server_port(process.api));
        fflush(stdout);
        stop_signal_wait();
    } else {
        fprintf(stderr, "meterworks api: %s\n", problem);
    }
    process_close(&process);
    return result >= 0 ? 0 : 1;
}

int api_run(int argument_count, char **arguments)
{
    const char *store = NULL;
    const char *core = "";
    const char *key = NULL;
    const char *http = "127.0.0.1:8080";
    const char *districts = NULL;
    const char *district = NULL;
    int64_t threads = THREADS;
    struct api_link_config link = { 0 };
    struct api_config api = { 0 };
    const struct option options[] = {
        { "store", OPTION_TEXT, &store, 0, 0, "URL", "the core's database: postgresql://..., or on its machine DATA/meterworks.db" },
        { "core", OPTION_TEXT, &core, 0, 0, "ADDR:PORT,...", "cores by their --api-listen, tried in turn" },
        { "key", OPTION_TEXT, &key, 0, 0, "FILE", "made by meterworks api-key; read by nobody else" },
        { "http", OPTION_TEXT, &http, 0, 0, "ADDR:PORT", "console and API, 127.0.0.1:8080; port 0 takes a free one" },
        { "threads", OPTION_NUMBER, &threads, 1, VIEW_SQLITE_READER_LIMIT, "N", "questions answered at once, 4; each has a connection to the database" },
        { "districts", OPTION_TEXT, &districts, 0, 0, "FILE", "all districts of the company below one address: docs/several-machines.md; none" },
        { "district", OPTION_TEXT, &district, 0, 0, "KEY", "which of them this is" },
        { "console", OPTION_TEXT, &api.folder, 0, 0, "DIR", "serve the console from here instead of the packed one" },
    };
    int read = options_read(options, sizeof options / sizeof options[0], argument_count, arguments);
    char name[GATE_NAME_LIMIT], cores[ADDRESSES_SIZE], http_text[128], problem[256] = "";

    if (read < 0)
        return read == -2 ? 0 : 2;
    (void)snprintf(cores, sizeof cores, "%s", core);
    (void)snprintf(http_text, sizeof http_text, "%s", http);
    link.core_count = addresses_split(cores, link.cores, API_LINK_CORE_LIMIT);
    if (store == NULL || key == NULL || link.core_count == 0 || read != argument_count ||
        http_address_split(http_text, &api.address, &api.port) < 0) {
        fprintf(stderr, "usage: meterworks api --store URL --core ADDR:PORT[,ADDR:PORT...] --key FILE [--http ADDR:PORT]\n");
        return 2;
    }
    if (district_file_read(districts, district, &api.districts, problem) < 0 ||
        gate_secret_read(key, name, link.key, problem) < 0) {
        fprintf(stderr, "meterworks api: %s\n", problem);
        return 1;
    }
    link.name = name;
    api.threads = (unsigned)threads;
    log_output_open();
    return process_run(store, &link, &api);
}
