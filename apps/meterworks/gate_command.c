/* meterworks gate: the side that faces devices, on a machine of its own. */
#include "apps/meterworks/subcommands.h"

#include <openssl/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/gate.h"
#include "apps/meterworks/gate_client.h"
#include "apps/meterworks/gate_secret.h"
#include "apps/meterworks/log_output.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/split_address.h"
#include "apps/meterworks/stop_signal.h"
#include "security/secret.h"

struct process {
    struct gate_config config;
    struct gate *gate; /* NULL before a core has told the key of registration handles */
    struct gate_client *client;
};

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t world_ms(void *context)
{
    (void)context;
    return clock_ms(CLOCK_REALTIME);
}

/* The same gate for every core of the installation; another installation's has other handles. */
static struct gate *process_gate_open(void *context, const struct hash_key *handle_key)
{
    struct process *process = context;
    struct gate_ports ports = { process->client, world_ms, NULL, gate_client_key_ask };

    if (process->gate != NULL) {
        if (memcmp(&process->config.handle_key, handle_key, sizeof *handle_key) == 0)
            return process->gate;
        fprintf(stderr, "meterworks gate: a core of another installation answered\n");
        return NULL;
    }
    process->config.handle_key = *handle_key;
    int result = gate_open(&process->config, &ports, &process->gate);
    if (result < 0)
        fprintf(stderr, "meterworks gate: %s\n", gate_error_text(result));
    return process->gate;
}

static bool process_gate_run(void *context)
{
    const struct process *process = context;

    if (gate_thread_start(gate_thread_of(process->gate)) < 0)
        return false;
    printf("coap  %u\n", (unsigned)gate_coap_port(process->gate));
    printf("coaps %u\n", (unsigned)gate_coaps_port(process->gate));
    fflush(stdout);
    return true;
}

static void process_run(struct process *process)
{
    while (!stop_signal_came()) {
        int wait_ms = gate_client_work(process->client, clock_ms(CLOCK_MONOTONIC));
        bool writable = false;
        struct pollfd waits[2] = { { .fd = gate_client_socket(process->client, &writable) },
                                   { .fd = -1, .events = POLLIN } };

        waits[0].events = (short)(POLLIN | (writable ? POLLOUT : 0));
        if (process->gate != NULL)
            waits[1].fd = gate_thread_uplink_descriptor(gate_thread_of(process->gate));
        poll(waits, sizeof waits / sizeof waits[0], wait_ms);
    }
}

static int process_start(struct process *process, struct gate_client_config *config)
{
    struct gate_client_ports ports = { process, process_gate_open, process_gate_run };
    struct secret_source source = secret_source_system();

    stop_signal_block();
    if (source.fill(source.context, process->config.random, sizeof process->config.random) < 0) {
        fprintf(stderr, "meterworks gate: the system gives no random numbers\n");
        return 1;
    }
    int result = gate_client_open(config, &ports, &process->client);
    OPENSSL_cleanse(config, sizeof *config);
    if (result < 0) {
        fprintf(stderr, "meterworks gate: %s\n", gate_error_text(result));
        return 1;
    }
    process_run(process);
    gate_close(process->gate); /* first: its thread asks the client for keys */
    gate_client_close(process->client);
    return 0;
}

int gate_run(int argument_count, char **arguments)
{
    const char *core = NULL;
    const char *key = NULL;
    const char *coap = "0.0.0.0:5683";
    const char *coaps = "0.0.0.0:5684";
    const struct option options[] = {
        { "core", OPTION_TEXT, &core, 0, 0, "ADDR:PORT,...", "cores by their --gate-listen, tried in turn" },
        { "key", OPTION_TEXT, &key, 0, 0, "FILE", "made by meterworks gate-key; read by nobody else" },
        { "coap", OPTION_TEXT, &coap, 0, 0, "ADDR:PORT", "devices without encryption, 0.0.0.0:5683; 'off' for none" },
        { "coaps", OPTION_TEXT, &coaps, 0, 0, "ADDR:PORT", "devices over DTLS, 0.0.0.0:5684; 'off' for none" },
    };
    int read = options_read(options, sizeof options / sizeof options[0], argument_count, arguments);
    struct process process = { 0 };
    struct gate_client_config config = { 0 };
    char name[GATE_NAME_LIMIT];
    char cores[ADDRESSES_SIZE] = "";
    char problem[256] = "";

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (core != NULL)
        (void)snprintf(cores, sizeof cores, "%s", core);
    config.core_count = addresses_split(cores, config.cores, GATE_CLIENT_CORE_LIMIT);
    if (key == NULL || config.core_count == 0 || read != argument_count) {
        fprintf(stderr, "usage: meterworks gate --core ADDR:PORT[,ADDR:PORT...] --key FILE [--coap ADDR:PORT] [--coaps ADDR:PORT]\n");
        return 2;
    }
    if (gate_secret_read(key, name, config.key, problem) < 0) {
        fprintf(stderr, "meterworks gate: %s\n", problem);
        return 1;
    }
    config.name = name;
    process.config.coap_address = strcmp(coap, "off") == 0 ? NULL : coap;
    process.config.coaps_address = strcmp(coaps, "off") == 0 ? NULL : coaps;
    log_output_open();
    return process_start(&process, &config);
}
