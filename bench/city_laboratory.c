#include "bench/city_laboratory.h"

#include <stdio.h>

#include "base/calendar.h"
#include "bench/bench_clock.h"
#include "security/key_holder.h"
#include "security/security_error.h"
#include "store/statement.h"

#define IN_FLIGHT 4096
#define IN_FLIGHT_SECURED 2048
#define DAY_FIRST 10     /* after the installation */
#define QUARTERS_WAIT_S 1800
#define DAYS_BETWEEN 8   /* of two measurements: no report of the one names a midnight of the other */

static void key_find(void *context, uint64_t imei, uint8_t key[16])
{
    /* A key that cannot be derived fails the handshake, and that is reported. */
    int result = key_holder_device_psk(context, imei, key);
    (void)result;
}

static struct report_load_config config_of(const struct city_laboratory *laboratory, uint32_t devices, uint32_t days,
                                           const char *cipher, struct key_holder *keys)
{
    const struct city_plan *plan = laboratory->plan;
    int64_t first_day = plan->today - CITY_LABORATORY_DAYS + DAY_FIRST;

    return (struct report_load_config){
        .port = cipher ? laboratory->server->coaps_port : laboratory->server->coap_port,
        .cipher = cipher,
        .device_count = devices,
        .imei_first = CITY_LABORATORY_IMEI + city_laboratory_before(plan),
        .requests_in_flight = cipher ? IN_FLIGHT_SECURED : IN_FLIGHT,
        .midnight_first_s = calendar_midnight(first_day, plan->zone_offset_s),
        .clock_s = bench_clock_world_ms(NULL) / 1000,
        .day_first = laboratory->days,
        .day_limit = laboratory->days + days,
        .key_find = key_find,
        .key_context = keys,
    };
}

static struct city_server_thread thread_since(const struct city_server *server, const char *name, struct city_server_thread before)
{
    struct city_server_thread now = city_server_thread(server, name);

    return (struct city_server_thread){ now.ran_s - before.ran_s, now.waited_s - before.waited_s };
}

static int load_run(const struct city_laboratory *laboratory, struct report_load *load,
                    const struct report_load_config *config, struct city_laboratory_run *out, char problem[256])
{
    const struct city_server *server = laboratory->server;
    int64_t before_bytes = city_server_memory(server).now_bytes;
    double processor_s = city_server_processor_s(server);

    if (config->cipher != NULL && !report_load_connect(load, &out->handshakes)) {
        (void)snprintf(problem, 256, "%llu DTLS handshakes failed", (unsigned long long)out->handshakes.refused);
        return -1;
    }
    out->handshake_processor_s = city_server_processor_s(server) - processor_s;
    report_load_register(load, &out->registrations);
    out->grown_bytes = city_server_memory(server).now_bytes - before_bytes;
    if (config->day_limit - config->day_first > 1)
        report_load_begin(load, &out->begun);
    struct city_server_thread core = city_server_thread(server, "core"), gate = city_server_thread(server, "gate");
    processor_s = city_server_processor_s(server);
    report_load_report(load, laboratory->seconds, &out->reports);
    out->server_processor_s = city_server_processor_s(server) - processor_s;
    out->core = thread_since(server, "core", core);
    out->gate = thread_since(server, "gate", gate);
    return 0;
}

static int config_run(const struct city_laboratory *laboratory, const struct report_load_config *config,
                      struct city_laboratory_run *out, char problem[256])
{
    struct report_load *load = report_load_open(config);

    *out = (struct city_laboratory_run){ 0 };
    if (load == NULL)
        (void)snprintf(problem, 256, "the load of the laboratory cannot start: no memory, or no socket");
    int result = load != NULL ? load_run(laboratory, load, config, out, problem) : -1;
    report_load_close(load);
    return result;
}

int city_laboratory_measure(struct city_laboratory *laboratory, uint32_t devices, uint32_t days, const char *cipher,
                            struct city_laboratory_run *out, char problem[256])
{
    struct secret_source source = secret_source_system();
    struct key_holder *keys = NULL;
    int result = key_holder_open(laboratory->plan->folder, &source, &keys);

    if (result < 0) {
        (void)snprintf(problem, 256, "master.key: %s", security_error_text(result));
        return -1;
    }
    struct report_load_config config = config_of(laboratory, devices, days, cipher, keys);
    result = config_run(laboratory, &config, out, problem);
    laboratory->days += days + DAYS_BETWEEN;
    key_holder_close(keys);
    return result;
}

static const char stored_text[] =
    "SELECT count(*), coalesce(sum(96 - missing - refused), 0), coalesce(sum(sum_state = 1), 0), coalesce(sum(length(block)), 0)"
    " FROM interval_day WHERE day = ?1 AND device_id > ?2";

static int stored_count(const struct city_plan *plan, struct city_laboratory_quarters *out, char problem[256])
{
    char path[CITY_FOLDER_SIZE + 32];
    struct store_config config = { .path = path, .read_only = true };
    struct store *store = NULL;
    struct statement *count = NULL;

    (void)snprintf(path, sizeof path, "%s/meterworks.db", plan->folder);
    int result = store_open(&config, &store);
    if (result == 0)
        result = statement_prepare(store, stored_text, &count);
    if (result == 0) {
        statement_bind_integers(count, (const int64_t[]){ plan->today - 1, plan->laboratory_after }, 2);
        result = statement_row(count);
    }
    if (result == 1)
        *out = (struct city_laboratory_quarters){ statement_integer(count, 0), statement_integer(count, 1),
                                                  statement_integer(count, 2), statement_integer(count, 3) };
    statement_finalize(count);
    store_close(store);
    if (result < 0)
        (void)snprintf(problem, 256, "%.200s: %s", path, store_error_info(result)->text_en);
    return result < 0 ? -1 : 0;
}

int city_laboratory_quarters(const struct city_laboratory *laboratory, uint32_t devices, struct city_laboratory_run *run,
                             struct city_laboratory_quarters *stored, char problem[256])
{
    struct city_laboratory whole = *laboratory;
    struct report_load_config config;

    whole.seconds = QUARTERS_WAIT_S;
    whole.days = CITY_LABORATORY_DAYS - DAY_FIRST - 1; /* behind them comes today */
    config = config_of(&whole, devices, 1, NULL, NULL);
    int result = config_run(&whole, &config, run, problem);
    config.quarters = true;
    if (result == 0)
        result = config_run(&whole, &config, run, problem);
    return result == 0 ? stored_count(laboratory->plan, stored, problem) : result;
}
