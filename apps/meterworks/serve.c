/* meterworks serve: run the platform over a data folder until told to stop. */
#include "apps/meterworks/subcommands.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/log_output.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/server.h"
#include "apps/meterworks/stop_signal.h"
#include "store/sqlite/slow_disk.h"

#define SYNC_DELAY_LIMIT_MS 1000
#define STANDBY_LOOK_MS 100

/* "127.0.0.1:8080", "[::1]:8080", "8080" or ":8080" for all addresses.
 * returns  0; -1 when it is none of these */
static int http_address_split(char *text, const char **address, uint16_t *port)
{
    char *colon = strrchr(text, ':');
    const char *digits = colon != NULL ? colon + 1 : text;
    char *end = NULL;
    long number = strtol(digits, &end, 10);

    if (end == digits || *end != '\0' || number < 0 || number > 65535)
        return -1;
    *port = (uint16_t)number;
    *address = NULL;
    if (colon == NULL || colon == text)
        return 0;
    *colon = '\0';
    if (text[0] == '[' && colon[-1] == ']') {
        colon[-1] = '\0';
        text++;
    }
    *address = text;
    return 0;
}

static void addresses_print(const struct server *server)
{
    printf("http  %u\n", (unsigned)server_http_port(server));
    printf("coap  %u\n", (unsigned)server_coap_port(server));
    printf("coaps %u\n", (unsigned)server_coaps_port(server));
    printf("lines %u\n", (unsigned)server_lines_port(server));
    if (server_links_port(server) != 0)
        printf("gates %u\n", (unsigned)server_links_port(server));
    fflush(stdout);
}

/* Whoever stands by says so once and waits until the data folder is free.
 * returns  0; negative, also when told to stop */
static int server_await(const struct server_config *config, bool standby, struct server **out, char problem[256])
{
    int result = server_open(config, out, problem);

    if (result != SERVER_IN_USE || !standby)
        return result;
    printf("standby\n");
    fflush(stdout);
    while (result == SERVER_IN_USE && !stop_signal_came()) {
        poll(NULL, 0, STANDBY_LOOK_MS);
        result = server_open(config, out, problem);
    }
    return result;
}

static int server_run(const struct server_config *config, bool standby)
{
    struct server *server = NULL;
    char problem[256] = "";

    /* Before any thread starts, so that every thread inherits the mask. */
    stop_signal_block();
    if (server_await(config, standby, &server, problem) < 0 || server_start(server, problem) < 0) {
        if (standby && server == NULL && stop_signal_came())
            return 0;
        fprintf(stderr, "meterworks serve: %s\n", problem);
        server_close(server);
        return 1;
    }
    addresses_print(server);
    while (stop_signal_wait_or_reload())
        server_profiles_reload(server);
    bool gave_up = server_gave_up(server);
    server_close(server);
    return gave_up ? 1 : 0;
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
    const char *console = NULL;
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
    config.data_directory = data;
    config.store = store;
    config.coap_address = strcmp(coap, "off") == 0 ? NULL : coap;
    config.coaps_address = strcmp(coaps, "off") == 0 ? NULL : coaps;
    config.lines_address = strcmp(lines, "off") == 0 ? NULL : lines;
    config.links_address = gates;
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
    return server_run(&config, standby);
}
