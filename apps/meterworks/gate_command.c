/* meterworks gate: the side that faces devices, on a machine of its own. */
#include "apps/meterworks/subcommands.h"

#include <openssl/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/gate.h"
#include "apps/meterworks/gate_secret.h"
#include "apps/meterworks/gate_shards.h"
#include "apps/meterworks/log_output.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/split_address.h"
#include "apps/meterworks/stop_signal.h"
#include "security/secret.h"

struct process {
    struct gate_config config;
    struct gate *gate; /* NULL before a core has told the key of registration handles */
    struct gate_shards *shards;
};

struct shard_list {
    char texts[SHARD_LIMIT][ADDRESSES_SIZE];
    struct gate_shard_cores shards[SHARD_LIMIT];
    size_t count;
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
    struct gate_ports ports = { process->shards, world_ms, NULL, gate_shards_key_ask };

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
    struct pollfd waits[SHARD_LIMIT + 1];

    while (!stop_signal_came()) {
        int wait_ms = gate_shards_work(process->shards, clock_ms(CLOCK_MONOTONIC));
        size_t count = gate_shards_sockets(process->shards, waits);

        if (process->gate != NULL)
            waits[count++] = (struct pollfd){ gate_thread_uplink_descriptor(gate_thread_of(process->gate)), POLLIN, 0 };
        poll(waits, count, wait_ms);
    }
}

/* "2=A,B" becomes shard 2 and its addresses, "A,B" those of shard 0; the text is cut up.
 * returns  false: it is neither, or there are too many */
static bool cores_read(char *text, struct gate_shard_cores *out)
{
    char *equals = strchr(text, '=');
    char *end = text;

    *out = (struct gate_shard_cores){ 0 };
    if (equals != NULL) {
        unsigned long shard = strtoul(text, &end, 10);
        if (text[0] < '0' || text[0] > '9' || end != equals || shard >= SHARD_LIMIT)
            return false;
        out->shard = (uint32_t)shard;
        text = equals + 1;
    }
    out->core_count = addresses_split(text, out->cores, GATE_CLIENT_CORE_LIMIT);
    return out->core_count > 0;
}

/* Every shard once. */
static bool shards_read(const struct option_list *list, struct shard_list *out)
{
    for (; out->count < list->count; out->count++) {
        char *text = out->texts[out->count];
        struct gate_shard_cores *cores = &out->shards[out->count];
        if (snprintf(text, ADDRESSES_SIZE, "%s", list->texts[out->count]) >= ADDRESSES_SIZE || !cores_read(text, cores) ||
            gate_shards_set(out->shards, out->count) >> cores->shard & 1)
            return false;
    }
    return out->count > 0;
}

static int process_start(struct process *process, struct gate_shards_config *config)
{
    struct gate_client_ports ports = { process, process_gate_open, process_gate_run };
    struct secret_source source = secret_source_system();

    stop_signal_block();
    if (source.fill(source.context, process->config.random, sizeof process->config.random) < 0) {
        fprintf(stderr, "meterworks gate: the system gives no random numbers\n");
        return 1;
    }
    int result = gate_shards_open(config, &ports, &process->shards);
    OPENSSL_cleanse(config, sizeof *config);
    if (result < 0) {
        fprintf(stderr, "meterworks gate: %s\n", gate_error_text(result));
        return 1;
    }
    process_run(process);
    gate_close(process->gate); /* first: its thread asks for keys */
    gate_shards_close(process->shards);
    return 0;
}

int gate_run(int argument_count, char **arguments)
{
    struct option_list cores = { 0 };
    const char *key = NULL;
    const char *coap = "0.0.0.0:5683";
    const char *coaps = "0.0.0.0:5684";
    const struct option options[] = {
        { "core", OPTION_LIST, &cores, 0, 0, "[SHARD=]ADDR:PORT,...", "cores of a shard by their --gate-listen, tried in turn; once for each shard" },
        { "key", OPTION_TEXT, &key, 0, 0, "FILE", "made by meterworks gate-key; read by nobody else" },
        { "coap", OPTION_TEXT, &coap, 0, 0, "ADDR:PORT", "devices without encryption, 0.0.0.0:5683; 'off' for none" },
        { "coaps", OPTION_TEXT, &coaps, 0, 0, "ADDR:PORT", "devices over DTLS, 0.0.0.0:5684; 'off' for none" },
    };
    int read = options_read(options, sizeof options / sizeof options[0], argument_count, arguments);
    struct process process = { 0 };
    static struct shard_list shards;
    struct gate_shards_config config = { .shards = shards.shards };
    char name[GATE_NAME_LIMIT];
    char problem[256] = "";

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (!shards_read(&cores, &shards) || key == NULL || read != argument_count) {
        fprintf(stderr, "usage: meterworks gate --core [SHARD=]ADDR:PORT[,ADDR:PORT...] [--core SHARD=...] --key FILE"
                        " [--coap ADDR:PORT] [--coaps ADDR:PORT]\n");
        return 2;
    }
    if (gate_secret_read(key, name, config.key, problem) < 0) {
        fprintf(stderr, "meterworks gate: %s\n", problem);
        return 1;
    }
    config.name = name;
    config.shard_count = shards.count;
    process.config.shards = gate_shards_set(shards.shards, shards.count);
    process.config.coap_address = strcmp(coap, "off") == 0 ? NULL : coap;
    process.config.coaps_address = strcmp(coaps, "off") == 0 ? NULL : coaps;
    log_output_open();
    return process_start(&process, &config);
}
