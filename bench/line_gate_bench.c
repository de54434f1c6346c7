/* What connected concentrators cost the line gate: memory each, processor time of their heartbeats, and how fast all of
 * them are back after a restart. The core stores nothing and acknowledges everything. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/meterworks/line_gate.h"
#include "base/decimal.h"
#include "bench/bench_clock.h"
#include "bench/concentrator_load.h"
#include "bench/echo_core.h"

#define CONCENTRATORS_DEFAULT 20000
#define PROCESSES 2
#define OTHER_FILES 600 /* descriptors of this program beside its connections */
#define STORM_LIMIT_S 60
#define HEARTBEAT_MS 60000
#define HEARTBEAT_SECONDS 30
#define LOOK_US 10000

struct bench {
    uint32_t count;
    uint16_t port;
    struct concentrator_load *load;
    struct line_gate *gate;
    struct echo_core core;
    pid_t processes[PROCESSES];
};

static int acknowledge(void *gate, const struct uplink_acknowledgement *acknowledgement)
{
    return line_gate_acknowledge(gate, acknowledgement);
}

static bool lines_put(struct bench *bench)
{
    for (uint32_t i = 1; i <= bench->count; i++) {
        struct line_record record = { .line_id = i, .kind = LINE_KIND_CONCENTRATOR, .zone_offset_s = 28800 };
        snprintf(record.address, sizeof record.address, CONCENTRATOR_LOAD_REGION "%05u", (unsigned)i);
        if (line_gate_put(bench->gate, &record) != 0)
            return false;
    }
    return true;
}

/* The first time on any port, later on the same one again. */
static bool line_gate_begin(struct bench *bench)
{
    char address[32];
    struct line_gate_config config = { .address = address, .concentrator_kind = &q376_session_kind };
    struct line_gate_ports ports = { .clock_read = bench_clock_world_ms };
    snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)bench->port);
    int error = line_gate_open(&config, &ports, &bench->gate);
    if (error != 0) {
        fprintf(stderr, "line gate: %s\n", gate_error_text(error));
        return false;
    }
    bench->port = line_gate_port(bench->gate);
    bench->core = (struct echo_core){ .thread = line_gate_thread_of(bench->gate), .gate = bench->gate,
                                      .acknowledge = acknowledge };
    return lines_put(bench) && gate_thread_start(bench->core.thread) == 0 && echo_core_start(&bench->core);
}

static void line_gate_end(struct bench *bench)
{
    echo_core_stop(&bench->core);
    line_gate_close(bench->gate);
}

static bool storm_wait(const struct bench *bench, const char *what)
{
    double start_s = bench_clock_seconds(CLOCK_MONOTONIC);
    double processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    while (atomic_load(&bench->load->confirmed) < bench->count && bench_clock_seconds(CLOCK_MONOTONIC) - start_s < STORM_LIMIT_S)
        usleep(LOOK_US);
    uint32_t confirmed = atomic_load(&bench->load->confirmed);
    printf("%s\n  %u of %u logins confirmed in %.1f s (bound %u s); processor time of gate and echo core %.2f s\n",
           what, (unsigned)confirmed, (unsigned)bench->count, bench_clock_seconds(CLOCK_MONOTONIC) - start_s, STORM_LIMIT_S,
           bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_s);
    return confirmed == bench->count;
}

static long resident_kib(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file != NULL)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void memory_print(const struct bench *bench, long before_kib)
{
    printf("memory\n  each connected concentrator: %zu bytes stated; %.1f KiB of the process measured, kernel sockets "
           "beside it\n",
           line_gate_connection_bytes(bench->gate), (double)(resident_kib() - before_kib) / bench->count);
}

static void heartbeats_measure(struct bench *bench)
{
    sleep(1);
    double core_s = atomic_load(&bench->core.processor_seconds);
    double process_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    unsigned long before = atomic_load(&bench->load->heartbeats);
    sleep(HEARTBEAT_SECONDS);
    process_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - process_s;
    core_s = atomic_load(&bench->core.processor_seconds) - core_s;
    printf("heartbeats, each concentrator one a minute\n  %.0f /s confirmed; the gate takes %.2f %% of one processor, "
           "kernel included\n",
           (double)(atomic_load(&bench->load->heartbeats) - before) / HEARTBEAT_SECONDS,
           100 * (process_s - core_s) / HEARTBEAT_SECONDS);
}

static bool bench_run(struct bench *bench)
{
    if (!line_gate_begin(bench))
        return false;
    long before_kib = resident_kib();
    uint32_t share = bench->count / PROCESSES;
    for (uint32_t i = 0; i < PROCESSES; i++) {
        uint32_t count = i + 1 < PROCESSES ? share : bench->count - i * share;
        bench->processes[i] = concentrator_load_start(bench->load, bench->port, 1 + i * share, count);
        if (bench->processes[i] < 0)
            return false;
    }
    bool good = storm_wait(bench, "first login storm");
    memory_print(bench, before_kib);
    heartbeats_measure(bench);
    line_gate_end(bench);
    if (!line_gate_begin(bench))
        return false;
    good &= storm_wait(bench, "login storm after a restart");
    for (uint32_t i = 0; i < PROCESSES; i++)
        kill(bench->processes[i], SIGKILL);
    line_gate_end(bench);
    return good;
}

/* Fewer when the system lets nobody have so many sockets: each end is one. */
static uint32_t count_possible(uint32_t wanted)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max >= (rlim_t)wanted + OTHER_FILES)
        return wanted;
    printf("the system allows %llu open files a process: %llu concentrators instead of %u\n",
           (unsigned long long)limit.rlim_max, (unsigned long long)limit.rlim_max - OTHER_FILES, (unsigned)wanted);
    return (uint32_t)limit.rlim_max - OTHER_FILES;
}

int main(int argc, char **argv)
{
    int64_t wanted = CONCENTRATORS_DEFAULT;
    struct bench bench = { .load = concentrator_load_share() };
    if (bench.load == NULL || argc > 2 || (argc == 2 && decimal_parse(span_of_text(argv[1]), 0, &wanted) != 0) ||
        wanted < PROCESSES || wanted > CONCENTRATOR_LOAD_LIMIT) {
        fprintf(stderr, "usage: line_gate_bench [CONCENTRATORS]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    atomic_store(&bench.load->heartbeat_ms, HEARTBEAT_MS);
    bench.count = count_possible((uint32_t)wanted);
    bool good = bench_run(&bench);
    while (wait(NULL) > 0)
        ;
    return good ? 0 : 1;
}
