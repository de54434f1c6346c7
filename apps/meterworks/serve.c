/* meterworks serve: run the platform over a data folder until told to stop. */
#include "apps/meterworks/subcommands.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/core_wait.h"
#include "apps/meterworks/district_file.h"
#include "apps/meterworks/folder_lock.h"
#include "apps/meterworks/log_output.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/server.h"
#include "apps/meterworks/split_address.h"
#include "apps/meterworks/stop_signal.h"
#include "apps/meterworks/store_place.h"
#include "base/log.h"
#include "lease/lease.h"
#include "store/store_error.h"
#include "store/sqlite/slow_disk.h"

#define SYNC_DELAY_LIMIT_MS 1000
#define STANDBY_LOOK_MS 100
#define IN_USE "another server works on this database; --standby waits until that one ends"

static void addresses_print(const struct server *server)
{
    printf("http  %u\n", (unsigned)server_http_port(server));
    printf("coap  %u\n", (unsigned)server_coap_port(server));
    printf("coaps %u\n", (unsigned)server_coaps_port(server));
    printf("lines %u\n", (unsigned)server_lines_port(server));
    if (server_links_port(server) != 0)
        printf("gates %u\n", (unsigned)server_links_port(server));
    if (server_apis_port(server) != 0)
        printf("apis  %u\n", (unsigned)server_apis_port(server));
    fflush(stdout);
}

static int64_t machine_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void standby_say(void)
{
    printf("standby\n");
    fflush(stdout);
}

/* Look again and again. Who does not stand by gives an owner that has died the time to be found dead, and no more.
 * returns  1 the shard is ours; 0 told to stop; -1 with `problem` */
static int lease_await(struct core_wait *wait, bool standby, char problem[256])
{
    int64_t patience_ms = machine_ms() + LEASE_QUIET_MS + 2 * LEASE_LOOK_MS;
    int before = 0;
    int result = core_wait_look(wait, machine_ms());

    if (result != 1 && standby)
        standby_say();
    while (result != 1 && !stop_signal_came()) {
        if (result < 0)
            core_wait_problem(wait, result, problem);
        if (result < 0 && result != before)
            log_write(LOG_STORE, LOG_WARNING, "", "waiting for the database: %s", problem);
        if (!standby && machine_ms() > patience_ms) {
            if (result == 0)
                (void)snprintf(problem, 256, "%s", IN_USE);
            return -1;
        }
        before = result;
        poll(NULL, 0, LEASE_LOOK_MS);
        result = core_wait_look(wait, machine_ms());
    }
    if (result == 1)
        log_write(LOG_STORE, LOG_NOTICE, "", "this core works on the database, shard %u, epoch %llu",
                  (unsigned)core_wait_shard(wait), (unsigned long long)core_wait_epoch(wait));
    return result == 1 ? 1 : 0;
}

/* The lock of the folder first: a second process over the same folder has the same name as the first, and would take the database
 * from it. returns  as lease_await */
static int folder_await(const char *folder, bool standby, int *lock, char problem[256])
{
    *lock = folder_lock_take(folder);
    if (*lock == FOLDER_LOCK_BUSY && standby)
        standby_say();
    while (*lock == FOLDER_LOCK_BUSY && standby && !stop_signal_came()) {
        poll(NULL, 0, STANDBY_LOOK_MS);
        *lock = folder_lock_take(folder);
    }
    if (*lock != FOLDER_LOCK_BUSY)
        return 1; /* what else is wrong with the folder is said when it is opened */
    (void)snprintf(problem, 256, "%.120s is served by another process; --standby waits until that one ends", folder);
    return standby ? 0 : -1;
}

/* Of a database on a server; a file has the lock of its folder.
 * returns  1 go on; 0 told to stop; -1 with `problem` */
static int database_await(struct server_config *config, bool standby, struct core_wait **wait, char problem[256])
{
    char path[STORE_PLACE_SIZE];

    if (store_place_find(config->data_directory, config->store, path, problem) < 0)
        return -1;
    if (!store_place_is_server(path))
        return 1;
    if (core_wait_open(path, config->data_directory, wait, problem) < 0)
        return -1;
    int lock = FOLDER_LOCK_NONE;
    int result = folder_await(config->data_directory, standby, &lock, problem);
    if (result == 1)
        result = lease_await(*wait, standby, problem);
    folder_lock_release(lock); /* server_open takes it at once */
    config->lease_epoch = core_wait_epoch(*wait);
    return result;
}

/* Whoever stands by says so once and waits until the data folder is free.
 * returns  0; negative, also when told to stop */
static int server_await(const struct server_config *config, bool standby, struct server **out, char problem[256])
{
    int result = server_open(config, out, problem);

    if (result != SERVER_IN_USE || !standby)
        return result;
    standby_say();
    while (result == SERVER_IN_USE && !stop_signal_came()) {
        poll(NULL, 0, STANDBY_LOOK_MS);
        result = server_open(config, out, problem);
    }
    return result;
}

static int server_run(const struct server_config *config, struct core_wait **wait, bool standby)
{
    struct server *server = NULL;
    char problem[256] = "";

    if (server_await(config, standby, &server, problem) < 0 || server_start(server, problem) < 0) {
        if (standby && server == NULL && stop_signal_came())
            return 0;
        fprintf(stderr, "meterworks serve: %s\n", problem);
        server_close(server);
        return 1;
    }
    core_wait_close(*wait); /* the core counts its beats itself now */
    *wait = NULL;
    addresses_print(server);
    while (stop_signal_wait_or_reload())
        server_profiles_reload(server);
    bool gave_up = server_gave_up(server);
    server_close(server);
    return gave_up ? 1 : 0;
}

static int core_run(struct server_config *config, bool standby)
{
    struct core_wait *wait = NULL;
    char problem[256] = "";

    /* Before any thread starts, so that every thread inherits the mask. */
    stop_signal_block();
    int result = database_await(config, standby, &wait, problem);
    if (result < 0)
        fprintf(stderr, "meterworks serve: %s\n", problem);
    int status = result == 1 ? server_run(config, &wait, standby) : result < 0;
    core_wait_close(wait);
    return status;
}

static int districts_read(const char *path, const char *own, struct server_config *config)
{
    char problem[256];
    int result = district_file_read(path, own, &config->districts, problem);

    if (result < 0)
        fprintf(stderr, "meterworks serve: %s\n", problem);
    return result;
}

int serve_run(int argument_count, char **arguments)
{
    const char *data = NULL;
    const char *store = NULL;
    const char *http = "127.0.0.1:8080";
    const char *coap = "0.0.0.0:5683";
    const char *coaps = "0.0.0.0:5684";
    const char *lines = "0.0.0.0:7376";
    const char *gates = NULL;
    const char *apis = NULL;
    const char *console = NULL;
    const char *districts = NULL, *district = NULL;
    const char *profiles = NULL;
    const char *messages = NULL;
    const char *channels = NULL;
    const char *invoices = NULL;
    bool standby = false;
    int64_t sync_delay_ms = 0;
    char http_text[128];
    struct server_config config = { 0 };
    const struct option options[] = {
        { "data", OPTION_TEXT, &data, 0, 0, "DIR", "folder of database and master key (made by init)" },
        { "store", OPTION_TEXT, &store, 0, 0, "URL", "database on a server, instead of what init was given: docs/postgresql.md" },
        { "http", OPTION_TEXT, &http, 0, 0, "ADDR:PORT", "console and API, 127.0.0.1:8080; port 0 takes a free one" },
        { "coap", OPTION_TEXT, &coap, 0, 0, "ADDR:PORT", "devices without encryption, 0.0.0.0:5683; 'off' for none" },
        { "coaps", OPTION_TEXT, &coaps, 0, 0, "ADDR:PORT", "devices over DTLS, 0.0.0.0:5684; 'off' for none" },
        { "lines", OPTION_TEXT, &lines, 0, 0, "ADDR:PORT", "concentrators and DTU, 0.0.0.0:7376; 'off' for none" },
        { "gate-listen", OPTION_TEXT, &gates, 0, 0, "ADDR:PORT", "gates on other machines: docs/several-machines.md; none" },
        { "api-listen", OPTION_TEXT, &apis, 0, 0, "ADDR:PORT", "consoles and APIs on other machines: docs/several-machines.md; none" },
        { "districts", OPTION_TEXT, &districts, 0, 0, "FILE", "all districts of the company below one address: docs/several-machines.md; none" },
        { "district", OPTION_TEXT, &district, 0, 0, "KEY", "which of them this is" },
        { "console", OPTION_TEXT, &console, 0, 0, "DIR", "serve the console from here instead of the packed one" },
        { "messages", OPTION_TEXT, &messages, 0, 0, "FILE", "providers of messages; DATA/messages.json when it is there" },
        { "profiles", OPTION_TEXT, &profiles, 0, 0, "DIR", "device models from here instead of the packed ones" },
        { "invoices", OPTION_TEXT, &invoices, 0, 0, "FILE", "who issues invoices: docs/invoices.md" },
        { "channels", OPTION_TEXT, &channels, 0, 0, "FILE", "payment channels: docs/payments.md" },
        { "standby", OPTION_FLAG, &standby, 0, 0, NULL, "wait while another process serves DIR, then take over" },
        { "sync-delay", OPTION_NUMBER, &sync_delay_ms, 0, SYNC_DELAY_LIMIT_MS, "MS", "for measurements: each sync of the disk takes longer" },
    };
    int read = options_read(options, sizeof options / sizeof options[0], argument_count, arguments);

    if (read < 0)
        return read == -2 ? 0 : 2;
    snprintf(http_text, sizeof http_text, "%s", http);
    if (data == NULL || read != argument_count ||
        http_address_split(http_text, &config.http_address, &config.http_port) < 0) {
        fprintf(stderr, "usage: meterworks serve --data DIR [--http ADDR:PORT] [--coap ADDR:PORT] [--coaps ADDR:PORT]\n");
        return 2;
    }
    if (districts_read(districts, district, &config) < 0)
        return 1;
    config.data_directory = data;
    config.store = store;
    config.coap_address = strcmp(coap, "off") == 0 ? NULL : coap;
    config.coaps_address = strcmp(coaps, "off") == 0 ? NULL : coaps;
    config.lines_address = strcmp(lines, "off") == 0 ? NULL : lines;
    config.links_address = gates;
    config.apis_address = apis;
    config.console_folder = console;
    config.profile_folder = profiles;
    config.message_file = messages;
    config.channels_path = channels;
    config.invoices_path = invoices;
    log_output_open();
    if (sync_delay_ms > 0 && slow_disk_begin((int32_t)sync_delay_ms * 1000) < 0) {
        fprintf(stderr, "meterworks serve: the disk cannot be slowed down\n");
        return 1;
    }
    return core_run(&config, standby);
}
