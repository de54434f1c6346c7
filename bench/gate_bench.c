/* How much the gate carries by itself: wire, DTLS, CoAP, LwM2M and the two rings, with a core that stores nothing and
 * acknowledges everything. The rate of durable reports is measured against the whole server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/gate.h"
#include "bench/bench_clock.h"
#include "bench/echo_core.h"
#include "bench/report_load.h"
#include "dialog/lwm2m_server.h"
#include "wire/dtls_gate.h"

#define IMEI_FIRST 350000000000000
#define DEVICES_DEFAULT 100000
#define SECURED_DEVICES_DEFAULT 10000
#define SECONDS_DEFAULT 5
#define IN_FLIGHT 2000
#define MILLION 1000000

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

static int acknowledge(void *gate, const struct uplink_acknowledgement *acknowledgement)
{
    return gate_acknowledge(gate, acknowledgement);
}

static struct gate *gate_make(uint32_t devices, bool secured)
{
    struct gate_config config = { .coap_address = secured ? NULL : "127.0.0.1:0",
                                  .coaps_address = secured ? "127.0.0.1:0" : NULL, .session_limit = devices };
    struct gate_ports ports = { NULL, bench_clock_world_ms, gate_key_find, NULL };
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
    double process_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    double core_s = atomic_load(&core->processor_seconds);
    report_load_report(load, seconds, out);
    process_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - process_s;
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

static bool kind_measure(const struct report_load_options *options, const char *cipher)
{
    bool secured = cipher != NULL;
    uint32_t devices = options->devices ? options->devices : secured ? SECURED_DEVICES_DEFAULT : DEVICES_DEFAULT;
    struct gate *gate = gate_make(devices, secured);
    if (!gate)
        return false;
    struct echo_core core = { .thread = gate_thread_of(gate), .gate = gate, .acknowledge = acknowledge };
    struct report_load_config config = {
        .port = secured ? gate_coaps_port(gate) : gate_coap_port(gate),
        .cipher = cipher,
        .device_count = devices,
        .imei_first = IMEI_FIRST,
        .requests_in_flight = devices < IN_FLIGHT ? devices : secured ? IN_FLIGHT / 4 : IN_FLIGHT,
        .midnight_first_s = bench_clock_world_ms(NULL) / 1000,
        .clock_s = bench_clock_world_ms(NULL) / 1000,
        .key_find = device_key,
    };
    struct report_load *load = report_load_open(&config);
    bool good = load && gate_thread_start(core.thread) == 0 && echo_core_start(&core);
    if (good) {
        printf("%s, %u devices, each with an address of its own, %u requests under way\n",
               secured ? cipher : "plain CoAP", devices, config.requests_in_flight);
        good = load_run(load, &core, secured, options->seconds);
        echo_core_stop(&core);
    }
    gate_close(gate);
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
    double start_s = bench_clock_seconds(CLOCK_MONOTONIC);
    struct gate *gate = gate_make(MILLION, true);
    if (!gate)
        return false;
    printf("start\n  a million devices entered in %.2f s\n", bench_clock_seconds(CLOCK_MONOTONIC) - start_s);
    gate_close(gate);
    return true;
}

int main(int argc, char **argv)
{
    static const char *const ciphers[] = { NULL, "PSK-AES128-CCM8", "PSK-AES128-GCM-SHA256" };
    struct report_load_options options = { 0, SECONDS_DEFAULT }; /* 0 devices: the default of the kind */
    if (!report_load_options_read(argc, argv, REPORT_LOAD_DEVICE_LIMIT, &options)) {
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
