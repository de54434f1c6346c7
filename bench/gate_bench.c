/* How much the gate carries by itself: wire, DTLS, CoAP, LwM2M and the two rings, with a core that stores nothing and
 * acknowledges everything. The rate of durable reports is measured against the whole server. */
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/gate.h"
#include "base/decimal.h"
#include "bench/report_load.h"
#include "dialog/lwm2m_server.h"
#include "wire/dtls_gate.h"

#define IMEI_FIRST 350000000000000
#define DEVICES_DEFAULT 100000
#define SECURED_DEVICES_DEFAULT 10000
#define SECONDS_DEFAULT 5
#define IN_FLIGHT 2000
#define MILLION 1000000

struct options {
    uint32_t devices; /* 0: the default of the kind */
    uint32_t seconds;
};

/* The thread that stands for the core. */
struct echo_core {
    struct gate *gate;
    atomic_bool stopping;
    _Atomic double processor_seconds;
};

static double seconds_of(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int64_t world_ms(void *context)
{
    (void)context;
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Any key will do that both ends can work out. */
static void device_key(void *context, uint64_t imei, uint8_t key[16])
{
    (void)context;
    memset(key, 0x5a, 16);
    memcpy(key, &imei, sizeof imei);
}

static bool gate_key_find(void *context, uint64_t imei, uint8_t key[GATE_KEY_LIMIT], size_t *key_size)
{
    device_key(context, imei, key);
    *key_size = 16;
    return true;
}

static void *echo_run(void *context)
{
    struct echo_core *core = context;
    struct uplink uplink;
    while (!atomic_load(&core->stopping)) {
        struct pollfd wait = { gate_uplink_descriptor(core->gate), POLLIN, 0 };
        poll(&wait, 1, 100);
        gate_uplink_drain(core->gate);
        while (gate_uplink_take(core->gate, &uplink) == 0) {
            struct uplink_acknowledgement answer = { .message_id = uplink.message_id, .device_id = uplink.device_id,
                                                     .accepted = 1 };
            int result = gate_acknowledge(core->gate, &answer);
            (void)result; /* a full ring shows as repeated reports */
        }
        gate_wake(core->gate);
        atomic_store(&core->processor_seconds, seconds_of(CLOCK_THREAD_CPUTIME_ID));
    }
    return NULL;
}

static struct gate *gate_make(uint32_t devices, bool secured)
{
    struct gate_config config = { .coap_address = secured ? NULL : "127.0.0.1:0",
                                  .coaps_address = secured ? "127.0.0.1:0" : NULL, .session_limit = devices };
    struct gate_ports ports = { NULL, world_ms, gate_key_find };
    struct gate *gate;
    memset(config.random, 42, sizeof config.random);
    int error = gate_open(&config, &ports, &gate);
    if (error) {
        fprintf(stderr, "gate: %s\n", gate_error_text(error));
        return NULL;
    }
    for (uint32_t i = 0; i < devices; i++)
        if (gate_device_put(gate, IMEI_FIRST + i, i + 1, secured) != 0) {
            gate_close(gate);
            return NULL;
        }
    return gate;
}

static void figures_print(const char *what, const struct report_load_figures *figures)
{
    printf("  %-13s %7.0f /s  (%llu in %.2f s; repeated %llu, refused %llu)\n", what,
           (double)figures->answered / figures->seconds, (unsigned long long)figures->answered, figures->seconds,
           (unsigned long long)figures->repeated, (unsigned long long)figures->refused);
}

/* Processor time of each stage, which other programs on the machine disturb less than rates. */
static void report_measure(struct report_load *load, const struct echo_core *core, uint32_t seconds,
                           struct report_load_figures *out)
{
    double process_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    double core_s = atomic_load(&core->processor_seconds);
    report_load_report(load, seconds, out);
    process_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - process_s;
    core_s = atomic_load(&core->processor_seconds) - core_s;
    double microseconds = 1e6 / (double)out->answered;
    figures_print("reports", out);
    printf("  processor time of one report: gate %.1f us, echo core %.1f us, generator %.1f us; kernel included\n",
           (process_s - core_s - out->processor_seconds) * microseconds, core_s * microseconds,
           out->processor_seconds * microseconds);
}

static bool load_run(struct report_load *load, const struct echo_core *core, bool secured, uint32_t seconds)
{
    struct report_load_figures figures;
    if (secured) {
        bool connected = report_load_connect(load, &figures);
        figures_print("handshakes", &figures);
        if (!connected)
            return false;
    }
    report_load_register(load, &figures);
    figures_print("registrations", &figures);
    report_measure(load, core, seconds, &figures);
    printf("  bytes of one report on the wire: %u\n", report_load_frame_size(load));
    return figures.answered > 0 && figures.refused == 0;
}

static bool kind_measure(const struct options *options, const char *cipher)
{
    bool secured = cipher != NULL;
    uint32_t devices = options->devices ? options->devices : secured ? SECURED_DEVICES_DEFAULT : DEVICES_DEFAULT;
    struct echo_core core = { .gate = gate_make(devices, secured) };
    if (!core.gate)
        return false;
    struct report_load_config config = {
        .port = secured ? gate_coaps_port(core.gate) : gate_coap_port(core.gate),
        .cipher = cipher,
        .device_count = devices,
        .imei_first = IMEI_FIRST,
        .requests_in_flight = devices < IN_FLIGHT ? devices : secured ? IN_FLIGHT / 4 : IN_FLIGHT,
        .midnight_first_s = world_ms(NULL) / 1000,
        .clock_s = world_ms(NULL) / 1000,
        .key_find = device_key,
    };
    struct report_load *load = report_load_open(&config);
    pthread_t thread;
    bool good = load && gate_start(core.gate) == 0 && pthread_create(&thread, NULL, echo_run, &core) == 0;
    if (good) {
        printf("%s, %u devices, each with an address of its own, %u requests under way\n",
               secured ? cipher : "plain CoAP", devices, config.requests_in_flight);
        good = load_run(load, &core, secured, options->seconds);
        atomic_store(&core.stopping, true);
        pthread_join(thread, NULL);
    }
    gate_close(core.gate);
    report_load_close(load);
    return good;
}

static void memory_print(void)
{
    printf("memory per device\n  registration %zu bytes, directory 24 bytes at most, DTLS session %zu bytes\n",
           lwm2m_server_device_bytes(), dtls_gate_session_bytes());
}

/* What the gate adds to the start of a program with a large archive. */
static bool directory_measure(void)
{
    double start_s = seconds_of(CLOCK_MONOTONIC);
    struct gate *gate = gate_make(MILLION, true);
    if (!gate)
        return false;
    printf("start\n  a million devices entered in %.2f s\n", seconds_of(CLOCK_MONOTONIC) - start_s);
    gate_close(gate);
    return true;
}

static bool number_read(const char *text, uint32_t *out)
{
    int64_t value;
    if (decimal_parse(span_of_text(text), 0, &value) != 0 || value < 1 || value > REPORT_LOAD_DEVICE_LIMIT)
        return false;
    *out = (uint32_t)value;
    return true;
}

static bool options_read(int argc, char **argv, struct options *out)
{
    static const struct option known[] = { { "devices", required_argument, NULL, 'd' },
                                           { "seconds", required_argument, NULL, 's' },
                                           { NULL, 0, NULL, 0 } };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
        if ((option != 'd' || !number_read(optarg, &out->devices)) &&
            (option != 's' || !number_read(optarg, &out->seconds)))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    static const char *const ciphers[] = { NULL, "PSK-AES128-CCM8", "PSK-AES128-GCM-SHA256" };
    struct options options = { 0, SECONDS_DEFAULT };
    if (!options_read(argc, argv, &options)) {
        fprintf(stderr, "usage: gate_bench [--devices N] [--seconds S]\n");
        return 2;
    }
    bool good = true;
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++)
        good &= kind_measure(&options, ciphers[i]);
    memory_print();
    good &= directory_measure();
    return good ? 0 : 1;
}
