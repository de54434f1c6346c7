/* Acknowledged, durable reports per second: the whole server over a fresh data folder, every answer behind a commit
 * with synchronous=FULL, the load generator on the same machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/server.h"
#include "base/calendar.h"
#include "bench/bench_clock.h"
#include "bench/report_load.h"

#define IMEI_FIRST 350000000000000
#define DEVICES_DEFAULT 20000
#define SECONDS_DEFAULT 10
#define DEVICES_LIMIT 1000000
#define IN_FLIGHT 4096
#define IN_FLIGHT_SECURED 2048
#define DAY_S 86400
#define DAYS_BACK 365
#define ZONE_OFFSET_S 28800
#define FOLDER_LIMIT 64

/* A server with its archive, and what the generator needs to know. */
struct installation {
    char folder[FOLDER_LIMIT];
    struct server *server;
    uint32_t tenant_id;
    uint32_t area_id;
};

static void device_describe(const struct installation *installation, uint32_t number, bool secured,
                            struct core_device *out)
{
    int64_t now_s = bench_clock_world_ms(NULL) / 1000;
    *out = (struct core_device){ .imei = IMEI_FIRST + number, .area_id = installation->area_id,
                                 .installed_s = now_s - (DAYS_BACK + 30) * DAY_S, .size_dn_mm = 15 };
    archive_call_head(&out->head, installation->tenant_id, installation->area_id, now_s);
    snprintf(out->meter_number, sizeof out->meter_number, "%012u", number);
    snprintf(out->profile, sizeof out->profile, "nbiot-water-prepaid");
    snprintf(out->security, sizeof out->security, secured ? "psk" : "plain");
}

/* Enter devices in transactions of as many calls as the core takes. */
static bool devices_enter(struct installation *installation, uint32_t count, bool secured)
{
    static struct core_device requests[CORE_CALL_LIMIT];
    static struct core_reply replies[CORE_CALL_LIMIT];
    struct core_call calls[CORE_CALL_LIMIT];
    struct core_call *pointers[CORE_CALL_LIMIT];
    for (uint32_t done = 0; done < count;) {
        size_t batch = 0;
        for (; batch < CORE_CALL_LIMIT && done < count; batch++, done++) {
            device_describe(installation, done, secured, &requests[batch]);
            calls[batch] = (struct core_call){ CORE_DEVICE_CREATE, &requests[batch], &replies[batch], 0 };
            pointers[batch] = &calls[batch];
        }
        if (core_work(server_core(installation->server), NULL, 0, pointers, batch, bench_clock_world_ms(NULL) / 1000) != 0)
            return false;
        for (size_t i = 0; i < batch; i++)
            if (calls[i].result != 0) {
                fprintf(stderr, "device: %s\n", replies[i].text_en);
                return false;
            }
    }
    return true;
}

static bool installation_open(struct installation *installation, bool secured)
{
    char problem[256] = "";
    /* Not under /tmp, which may be memory: durable means a disk. */
    snprintf(installation->folder, sizeof installation->folder, "/var/tmp/meterworks-bench-XXXXXX");
    if (!mkdtemp(installation->folder))
        return false;
    struct server_config config = { .data_directory = installation->folder, .http_address = "127.0.0.1",
                                    .coap_address = secured ? NULL : "127.0.0.1:0",
                                    .coaps_address = secured ? "127.0.0.1:0" : NULL };
    if (server_open(&config, &installation->server, problem) != 0) {
        fprintf(stderr, "server: %s\n", problem);
        return false;
    }
    return core_tenant_add(server_core(installation->server), "bench", ZONE_OFFSET_S, bench_clock_world_ms(NULL) / 1000,
                           &installation->tenant_id, &installation->area_id) == 0;
}

static void folder_remove(const char *folder)
{
    static const char *const files[] = { "meterworks.db", "meterworks.db-wal", "meterworks.db-shm", "master.key", "core.lock" };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[FOLDER_LIMIT + 32];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    if (rmdir(folder) != 0)
        fprintf(stderr, "something is left in %s\n", folder);
}

static double file_megabytes(const struct installation *installation, const char *name)
{
    char path[FOLDER_LIMIT + 32];
    struct stat file;
    snprintf(path, sizeof path, "%s/%s", installation->folder, name);
    return stat(path, &file) == 0 ? (double)file.st_size / 1e6 : 0;
}

static void database_print(const struct installation *installation)
{
    printf("  after the run: database %.1f MB, its log %.1f MB\n", file_megabytes(installation, "meterworks.db"),
           file_megabytes(installation, "meterworks.db-wal"));
}

static void key_find(void *context, uint64_t imei, uint8_t key[16])
{
    /* A key that cannot be derived fails the handshake, and that is reported. */
    int result = server_device_key(context, imei, key);
    (void)result;
}

static void figures_print(const char *what, const struct report_load_figures *figures)
{
    printf("  %-13s %7.0f /s  (%llu in %.2f s; repeated %llu, refused %llu)\n", what,
           (double)figures->answered / figures->seconds, (unsigned long long)figures->answered, figures->seconds,
           (unsigned long long)figures->repeated, (unsigned long long)figures->refused);
}

static bool load_run(struct report_load *load, bool secured, uint32_t seconds)
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
    double process_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    report_load_report(load, seconds, &figures);
    process_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - process_s;
    figures_print("reports", &figures);
    double microseconds = 1e6 / (double)figures.answered;
    printf("  processor time of one report: server %.1f us, generator %.1f us; kernel included\n",
           (process_s - figures.processor_seconds) * microseconds, figures.processor_seconds * microseconds);
    return figures.refused == 0;
}

static bool kind_measure(const struct report_load_options *options, const char *cipher)
{
    struct installation installation = { .server = NULL };
    char problem[256] = "";
    bool secured = cipher != NULL;
    bool good = installation_open(&installation, secured) &&
                devices_enter(&installation, options->devices, secured) &&
                server_start(installation.server, problem) == 0;
    int64_t today_s = calendar_midnight(calendar_local_day(bench_clock_world_ms(NULL) / 1000, ZONE_OFFSET_S), ZONE_OFFSET_S);
    struct report_load_config config = {
        .port = good ? secured ? server_coaps_port(installation.server) : server_coap_port(installation.server) : 0,
        .cipher = cipher,
        .device_count = options->devices,
        .imei_first = IMEI_FIRST,
        .requests_in_flight = secured ? IN_FLIGHT_SECURED : IN_FLIGHT,
        .midnight_first_s = today_s - (int64_t)DAYS_BACK * DAY_S,
        .clock_s = bench_clock_world_ms(NULL) / 1000,
        .key_find = key_find,
        .key_context = installation.server,
    };
    struct report_load *load = good ? report_load_open(&config) : NULL;
    if (load) {
        printf("%s, %u devices, %u requests under way, every report committed before its answer\n",
               secured ? cipher : "plain CoAP", options->devices, config.requests_in_flight);
        good = load_run(load, secured, options->seconds);
        database_print(&installation);
    } else {
        fprintf(stderr, "cannot start: %s\n", problem);
    }
    report_load_close(load);
    server_close(installation.server);
    folder_remove(installation.folder);
    return good && load;
}

int main(int argc, char **argv)
{
    static const char *const ciphers[] = { NULL, "PSK-AES128-CCM8" };
    struct report_load_options options = { DEVICES_DEFAULT, SECONDS_DEFAULT };
    if (!report_load_options_read(argc, argv, DEVICES_LIMIT, &options)) {
        fprintf(stderr, "usage: reports_bench [--devices N] [--seconds S]\n");
        return 2;
    }
    bool good = true;
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++)
        good &= kind_measure(&options, ciphers[i]);
    return good ? 0 : 1;
}
