/* meterworks demo: the platform with a small simulated town, to look at. */
#include "apps/meterworks/subcommands.h"

#include <stdio.h>

#include "apps/meterworks/log_output.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/stop_signal.h"
#include "apps/meterworks/town_archive.h"
#include "apps/meterworks/town_demo.h"
#include "apps/meterworks/town_resident.h"
#include "sim/estate_plan.h"
#include "sim/virtual_clock.h"

static void welcome_print(const struct town_demo *demo, const char *address)
{
    const struct town_plan *plan = town_demo_plan(demo);

    printf("\n  Meterworks demo: %zu meters, seed %llu\n\n", plan->home_count, (unsigned long long)plan->config.seed);
    printf("  http://%s:%u/\n\n", address, (unsigned)town_demo_http_port(demo));
    printf("  sign in by role on the first page, or as\n");
    printf("    admin, operator, clerk, viewer   password %s\n\n", TOWN_PASSWORD);
    printf("  a resident's page: http://%s:%u/resident   user name %s, the same password\n\n", address,
           (unsigned)town_demo_http_port(demo), TOWN_RESIDENT_LOGIN);
    printf("  Ctrl-C ends it.\n\n");
    fflush(stdout);
}

static int demo_show(const struct town_demo_config *config, const char *address)
{
    struct town_demo *demo = NULL;
    char problem[256] = "";
    char summary[512];

    /* Before any thread starts, so that every thread inherits the mask. */
    stop_signal_block();
    printf("Building the town and its past ...\n");
    fflush(stdout);
    if (town_demo_open(config, &demo, problem) < 0) {
        fprintf(stderr, "meterworks demo: %s\n", problem);
        return 1;
    }
    welcome_print(demo, address);
    stop_signal_wait();
    town_demo_summary(demo, summary, sizeof summary);
    town_demo_close(demo);
    printf("\n  ended at %s\n", summary);
    return 0;
}

int demo_run(int argument_count, char **arguments)
{
    const char *address = "127.0.0.1";
    int64_t port = 8080;
    int64_t seed = 1;
    int64_t speed = VIRTUAL_CLOCK_DAY_IN_20_S;
    int64_t meters = TOWN_METERS_DEFAULT;
    int64_t days = 35;
    int64_t secured = 10;
    int64_t households = ESTATE_HOUSEHOLDS_DEFAULT;
    struct town_demo_config config = { 0 };
    const struct option options[] = {
        { "port", OPTION_NUMBER, &port, 0, 65535, "PORT", "of the console, 8080; 0 takes a free one" },
        { "address", OPTION_TEXT, &address, 0, 0, "ADDR", "to listen on, 127.0.0.1" },
        { "data", OPTION_TEXT, &config.folder, 0, 0, "DIR", "folder to use, made anew each time; else a temporary one" },
        { "seed", OPTION_NUMBER, &seed, 0, INT64_MAX, "S", "another town, 1" },
        { "speed", OPTION_NUMBER, &speed, 0, VIRTUAL_CLOCK_SPEED_LIMIT, "X", "0 stands, 1 real, 60, 4320 a day in 20 s" },
        { "meters", OPTION_NUMBER, &meters, 1, TOWN_METERS_LIMIT, "N", "6096" },
        { "days", OPTION_NUMBER, &days, 1, 63, "N", "of past, 35" },
        { "secured", OPTION_NUMBER, &secured, 0, 1000, "PERMILLE", "of the meters that speak DTLS, 10" },
        { "households", OPTION_NUMBER, &households, 0, ESTATE_HOUSEHOLDS_LIMIT, "N", "with four meters each behind concentrators, 2000; 0 none" },
        { "channels", OPTION_TEXT, &config.channels_path, 0, 0, "FILE", "payment channels, played by sim/channels: docs/payments.md" },
        { "invoices", OPTION_TEXT, &config.invoices_path, 0, 0, "FILE", "who issues invoices, played by sim/invoices: docs/invoices.md" },
        { "console", OPTION_TEXT, &config.console_folder, 0, 0, "DIR", "serve the console from here" },
    };
    int read = options_read(options, sizeof options / sizeof options[0], argument_count, arguments);

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (read != argument_count) {
        fprintf(stderr, "usage: meterworks demo [--port PORT] [--data DIR] [--seed S] [--speed X]\n");
        return 2;
    }
    config.plan = (struct town_plan_config){ (uint64_t)seed, (uint32_t)meters, (uint32_t)secured };
    config.http_address = address;
    config.http_port = (uint16_t)port;
    config.speed = (uint32_t)speed;
    config.history_days = (uint32_t)days;
    config.households = (uint32_t)households;
    log_output_open();
    return demo_show(&config, address);
}
