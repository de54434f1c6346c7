/* meterworks simulate: the simulated town against any server. */
#include "apps/meterworks/subcommands.h"

#include <stdio.h>
#include <time.h>

#include "apps/meterworks/options.h"
#include "apps/meterworks/stop_signal.h"
#include "apps/meterworks/town_identities.h"
#include "apps/meterworks/town_runner.h"
#include "base/calendar.h"
#include "security/key_holder.h"
#include "security/security_error.h"

struct simulate_options {
    const char *server;
    const char *data;
    const char *list;
    const char *store;
    bool prepare;
    int64_t coap_port;
    int64_t coaps_port;
    int64_t meters;
    int64_t speed;
    int64_t seed;
    int64_t secured;
    int64_t spread_s;
};

static int problem_say(const char *problem)
{
    fprintf(stderr, "meterworks simulate: %s\n", problem);
    return 1;
}

static bool key_find(void *context, uint64_t imei, uint8_t key[TOWN_KEY_SIZE])
{
    return context != NULL && key_holder_device_psk(context, imei, key) == 0;
}

static void counts_print(struct town_runner *runner)
{
    struct town_runner_counts counts = town_runner_counts(runner);

    printf("%llu datagrams sent, %llu received, %llu lost in the air, %llu answers waited for, %llu missing, "
           "%llu handshakes (%llu failed), %llu unsent\n",
           (unsigned long long)counts.town.sent, (unsigned long long)counts.town.received,
           (unsigned long long)counts.town.lost, (unsigned long long)counts.holds,
           (unsigned long long)counts.unanswered, (unsigned long long)counts.link.handshakes,
           (unsigned long long)counts.link.handshakes_failed, (unsigned long long)counts.link.unsent);
}

static int town_live(const struct simulate_options *options, const struct town_plan *plan, struct key_holder *keys)
{
    struct virtual_clock clock;
    struct town_runner *runner = NULL;
    char problem[256] = "";
    int64_t now_s = (int64_t)time(NULL);
    struct town_runner_config config = {
        .plan = plan, .clock = &clock, .host = options->server, .coap_port = (uint16_t)options->coap_port,
        .coaps_port = (uint16_t)options->coaps_port, .power_up_spread_ms = options->spread_s * 1000,
        .history_day = calendar_local_day(now_s, TOWN_ZONE_OFFSET_S), .key_context = keys, .key_find = key_find,
    };

    virtual_clock_open(&clock, now_s * 1000, (uint32_t)options->speed);
    stop_signal_block();
    if (town_runner_open(&config, &runner, problem) < 0)
        return problem_say(problem);
    if (town_runner_start(runner) < 0) {
        town_runner_close(runner);
        return problem_say("the town's thread cannot start");
    }
    printf("%zu meters speak to %s; Ctrl-C ends it\n", plan->home_count, options->server);
    fflush(stdout);
    stop_signal_wait();
    counts_print(runner);
    town_runner_close(runner);
    return 0;
}

static int keys_take(const char *folder, struct key_holder **keys)
{
    struct secret_source source = secret_source_system();
    int result = folder == NULL ? 0 : key_holder_open(folder, &source, keys);

    return result < 0 ? problem_say(security_error_text(result)) : 0;
}

static int simulate(const struct simulate_options *options)
{
    struct town_plan_config config = { (uint64_t)options->seed, (uint32_t)options->meters,
                                       (uint32_t)options->secured * 10 };
    struct town_plan plan;
    struct key_holder *keys = NULL;
    char problem[256] = "";
    int result;

    if (town_plan_open(&plan, &config) < 0)
        return problem_say("out of memory");
    if (options->list != NULL)
        result = town_identities_list(&plan, options->list, problem) < 0 ? problem_say(problem) : 0;
    else if (options->prepare)
        result = town_identities_enter(&plan, options->data, options->store, (int64_t)time(NULL), problem) < 0 ? problem_say(problem) : 0;
    else
        result = keys_take(options->data, &keys) != 0 ? 1 : town_live(options, &plan, keys);
    key_holder_close(keys);
    town_plan_close(&plan);
    return result;
}

int simulate_run(int argument_count, char **arguments)
{
    struct simulate_options options = { .server = "127.0.0.1", .coap_port = 5683, .coaps_port = 5684, .meters = 100,
                                        .speed = 1, .seed = 1, .spread_s = 60 };
    const struct option table[] = {
        { "server", OPTION_TEXT, &options.server, 0, 0, "HOST", "whom the meters call, 127.0.0.1" },
        { "coap-port", OPTION_NUMBER, &options.coap_port, 0, 65535, "PORT", "of plain meters, 5683; 0: they stay silent" },
        { "coaps-port", OPTION_NUMBER, &options.coaps_port, 0, 65535, "PORT", "of secured meters, 5684" },
        { "meters", OPTION_NUMBER, &options.meters, 1, TOWN_METERS_LIMIT, "N", "100" },
        { "seed", OPTION_NUMBER, &options.seed, 0, INT64_MAX, "S", "another town, 1" },
        { "speed", OPTION_NUMBER, &options.speed, 1, VIRTUAL_CLOCK_SPEED_LIMIT, "X", "of the town's time, 1" },
        { "secured", OPTION_NUMBER, &options.secured, 0, 100, "PERCENT", "of the meters that speak DTLS, 0" },
        { "spread", OPTION_NUMBER, &options.spread_s, 0, 86400, "SECONDS", "within which meters call first, 60" },
        { "data", OPTION_TEXT, &options.data, 0, 0, "DIR", "data folder: the keys of secured meters; of --prepare" },
        { "prepare", OPTION_FLAG, &options.prepare, 0, 0, NULL, "enter the town into DIR before it is served, and end" },
        { "store", OPTION_TEXT, &options.store, 0, 0, "URL", "of --prepare: postgresql://..., a server for the database; a file in DIR" },
        { "list", OPTION_TEXT, &options.list, 0, 0, "FILE", "write the town's identities as CSV ('-' here), and end" },
    };
    int read = options_read(table, sizeof table / sizeof table[0], argument_count, arguments);

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (read != argument_count || (options.prepare && options.data == NULL) ||
        (options.secured > 0 && options.data == NULL)) {
        fprintf(stderr, "usage: meterworks simulate [--server HOST] [--meters N] [--secured PERCENT --data DIR]\n"
                        "       meterworks simulate --prepare --data DIR [--store URL] [--meters N] [--secured PERCENT]\n"
                        "       meterworks simulate --list FILE [--meters N] [--secured PERCENT]\n");
        return 2;
    }
    return simulate(&options);
}
