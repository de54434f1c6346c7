/* meterworks concentrators: simulated concentrators that dial in to any server speaking Q/GDW 376.1.
 *
 * Without --full each is a concentrator for load (sim/concentrator_load.h). With it each is the real device core with
 * real meter cores on simulated lines. */
#include "apps/meterworks/subcommands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/concentrator_dialer.h"
#include "apps/meterworks/meter_key_read.h"
#include "apps/meterworks/options.h"
#include "codec/bcd/bcd.h"
#include "sim/agenda.h"
#include "sim/concentrator_load.h"
#include "sim/concentrator_meters.h"
#include "sim/virtual_clock.h"

#define COUNT_LIMIT 60000
#define WAIT_LIMIT_MS 100
#define PROBLEM_SIZE 256
#define HOST_SIZE 128
#define LINE_NOISE_A_PERCENT 10 /* lost bursts in thousandths for each percent of --loss */

struct concentrators_options {
    const char *connect;
    const char *region;
    const char *protocol;
    const char *recharge_key;
    int64_t count;
    int64_t meters;
    int64_t first_address;
    int64_t speed;
    int64_t loss;
    int64_t heartbeat_s;
    int64_t spread_s;
    int64_t seed;
    int64_t seconds;
    int64_t interval_s;
    bool four;
    bool empty;
    bool full;
};

/* One real concentrator with its meters. */
struct full_site {
    struct concentrator_site site;
    struct concentrator_meters meters;
    struct concentrators *owner;
    size_t number;
};

struct concentrators {
    const struct concentrators_options *options;
    struct concentrator_dialer *dialer;
    struct agenda agenda;
    struct virtual_clock clock;
    struct concentrator_load_config load_config;
    struct concentrator_load_counts counts;
    struct concentrator_load *loads; /* NULL with --full */
    struct full_site *sites;         /* NULL without */
    struct meter_key key;            /* of the meters with --full */
    uint64_t connected_bytes;
};

static int64_t real_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t now_ms(const struct concentrators *all)
{
    return virtual_clock_now_ms(&all->clock);
}

static size_t load_number(const struct concentrators *all, const struct concentrator_load *load)
{
    return (size_t)(load - all->loads);
}

static void load_dial(void *context, struct concentrator_load *load)
{
    struct concentrators *all = context;
    concentrator_dialer_dial(all->dialer, load_number(all, load));
}

static void load_send(void *context, struct concentrator_load *load, struct span bytes)
{
    struct concentrators *all = context;
    concentrator_dialer_send(all->dialer, load_number(all, load), bytes);
}

static void load_hang_up(void *context, struct concentrator_load *load)
{
    struct concentrators *all = context;
    concentrator_dialer_hang_up(all->dialer, load_number(all, load));
}

static void site_dial(void *context, struct concentrator_site *site)
{
    struct full_site *full = context;
    (void)site;
    concentrator_dialer_dial(full->owner->dialer, full->number);
}

static void site_send(void *context, struct concentrator_site *site, struct span bytes)
{
    struct full_site *full = context;
    (void)site;
    full->owner->counts.answers++;
    concentrator_dialer_send(full->owner->dialer, full->number, bytes);
}

static void site_hang_up(void *context, struct concentrator_site *site)
{
    struct full_site *full = context;
    (void)site;
    concentrator_dialer_hang_up(full->owner->dialer, full->number);
}

/* Whoever was called may want to be called at another time now. */
static void number_step(struct concentrators *all, size_t number)
{
    int64_t due_ms = all->sites != NULL ? concentrator_site_step(&all->sites[number].site, now_ms(all))
                                        : concentrator_load_step(&all->loads[number], now_ms(all));
    agenda_set(&all->agenda, (uint32_t)number, due_ms);
}

static void dialer_opened(void *context, size_t number, bool opened)
{
    struct concentrators *all = context;

    if (all->sites != NULL)
        concentrator_site_opened(&all->sites[number].site, opened);
    else
        concentrator_load_opened(&all->loads[number], opened, now_ms(all));
    agenda_set(&all->agenda, (uint32_t)number, now_ms(all));
}

static void dialer_closed(void *context, size_t number)
{
    struct concentrators *all = context;

    if (all->sites != NULL)
        concentrator_site_closed(&all->sites[number].site);
    else
        concentrator_load_closed(&all->loads[number], now_ms(all));
    agenda_set(&all->agenda, (uint32_t)number, now_ms(all));
}

static size_t dialer_received(void *context, size_t number, struct span bytes)
{
    struct concentrators *all = context;
    size_t done = bytes.size;

    if (all->sites != NULL) {
        (void)concentrator_site_step(&all->sites[number].site, now_ms(all));
        concentrator_site_receive(&all->sites[number].site, bytes);
    } else {
        done = concentrator_load_receive(&all->loads[number], bytes, now_ms(all));
    }
    agenda_set(&all->agenda, (uint32_t)number, now_ms(all));
    return done;
}

static void counts_gather(struct concentrators *all)
{
    if (all->sites == NULL)
        return;
    all->counts.logins = 0;
    all->counts.requests = 0;
    all->counts.values = 0;
    for (int64_t i = 0; i < all->options->count; i++) {
        const struct concentrator_counts *counts = &all->sites[i].site.host.core.counts;
        all->counts.logins += counts->logins;
        all->counts.requests += counts->requests;
        all->counts.values += counts->freezes;
    }
}

static void counts_print(struct concentrators *all, int64_t passed_s)
{
    const struct concentrator_load_counts *counts = &all->counts;

    counts_gather(all);
    printf("%lld s: %zu connected, %llu logins, %llu heartbeats, %llu requests, %llu frames answered, %llu %s, "
           "%llu forwarded, %llu lost, %llu disconnected\n",
           (long long)passed_s, concentrator_dialer_connected(all->dialer), (unsigned long long)counts->logins,
           (unsigned long long)counts->heartbeats, (unsigned long long)counts->requests,
           (unsigned long long)counts->answers, (unsigned long long)counts->values,
           all->sites != NULL ? "midnights kept" : "values", (unsigned long long)counts->forwarded,
           (unsigned long long)counts->lost, (unsigned long long)counts->disconnections);
    fflush(stdout);
}

static int wait_ms(const struct concentrators *all)
{
    int64_t first_ms = agenda_first_ms(&all->agenda);
    int64_t wait = first_ms == AGENDA_NEVER ? WAIT_LIMIT_MS : virtual_clock_real_wait_ms(&all->clock, first_ms);

    return (int)(wait < WAIT_LIMIT_MS ? wait : WAIT_LIMIT_MS);
}

static void live(struct concentrators *all)
{
    int64_t start_us = real_us(), passed_s = 0, printed_s = 0, at_ms;
    uint32_t number;

    while (all->options->seconds == 0 || passed_s < all->options->seconds) {
        virtual_clock_earn(&all->clock, real_us());
        virtual_clock_advance(&all->clock, INT64_MAX);
        while (agenda_take(&all->agenda, now_ms(all), &number, &at_ms))
            number_step(all, number);
        if (!concentrator_dialer_wait(all->dialer, wait_ms(all)))
            break;
        passed_s = (real_us() - start_us) / 1000000;
        if (passed_s >= printed_s + all->options->interval_s) {
            printed_s = passed_s;
            counts_print(all, passed_s);
        }
    }
    counts_print(all, passed_s);
}

static void region_take(const struct concentrators_options *options, uint8_t region[2])
{
    (void)!bcd_text_read(span_of_text(options->region), region, 2);
}

static uint8_t protocol_take(const struct concentrators_options *options)
{
    return strcmp(options->protocol, "130") == 0 ? Q376_PROTOCOL_130 : Q376_PROTOCOL_376;
}

static int loads_open(struct concentrators *all)
{
    const struct concentrators_options *options = all->options;
    struct concentrator_load_config *config = &all->load_config;

    *config = concentrator_load_config_default();
    region_take(options, config->region);
    config->protocol = protocol_take(options);
    config->meters = options->empty ? 0 : (uint16_t)options->meters;
    config->is_four = options->four;
    config->heartbeat_s = (uint32_t)options->heartbeat_s;
    config->login_spread_ms = (uint32_t)options->spread_s * 1000 * (uint32_t)options->speed;
    config->response_s = config->response_s * (uint32_t)options->speed;
    config->lost_permille = (uint16_t)(options->loss * 10);
    config->context = all;
    config->open = load_dial;
    config->send = load_send;
    config->close = load_hang_up;
    config->counts = &all->counts;
    all->loads = calloc((size_t)options->count, sizeof all->loads[0]);
    for (int64_t i = 0; all->loads != NULL && i < options->count; i++)
        concentrator_load_open(&all->loads[i], config, (uint16_t)(options->first_address + i), (uint64_t)options->seed,
                               now_ms(all));
    return all->loads == NULL ? -1 : 0;
}

static struct concentrator_site_config site_config(struct concentrators *all, size_t number)
{
    const struct concentrators_options *options = all->options;
    struct concentrator_site_config config;

    memset(&config, 0, sizeof config);
    config.core = concentrator_config_default();
    region_take(options, config.core.address.region);
    config.core.address.terminal = (uint16_t)(options->first_address + (int64_t)number);
    config.core.protocol = protocol_take(options);
    config.core.heartbeat_min =
        (uint8_t)((options->heartbeat_s + 59) / 60 > 255 ? 255 : (options->heartbeat_s + 59) / 60);
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        config.lines[i].parity = LINE_PARITY_EVEN;
        config.lines[i].lost_permille = (uint16_t)(options->loss * LINE_NOISE_A_PERCENT);
    }
    config.uplink.context = &all->sites[number];
    config.uplink.open = site_dial;
    config.uplink.send = site_send;
    config.uplink.close = site_hang_up;
    config.seed = (uint64_t)options->seed + number;
    config.now_ms = now_ms(all);
    return config;
}

static int site_open(struct concentrators *all, size_t number)
{
    struct full_site *full = &all->sites[number];
    uint64_t first = concentrator_load_meter((uint16_t)(all->options->first_address + (int64_t)number), 0);

    full->owner = all;
    full->number = number;
    struct concentrator_site_config config = site_config(all, number);
    if (concentrator_site_open(&full->site, &config) < 0 ||
        concentrator_meters_open(&full->meters, &full->site, (size_t)all->options->meters, all->options->four, first,
                                 &all->key, config.seed) < 0)
        return -1;
    return all->options->empty ? 0 : concentrator_meters_enter(&full->meters, &full->site);
}

static int sites_open(struct concentrators *all)
{
    all->sites = calloc((size_t)all->options->count, sizeof all->sites[0]);
    for (int64_t i = 0; all->sites != NULL && i < all->options->count; i++)
        if (site_open(all, (size_t)i) < 0)
            return -1;
    return all->sites == NULL ? -1 : 0;
}

static void all_close(struct concentrators *all)
{
    concentrator_dialer_close(all->dialer);
    for (int64_t i = 0; i < all->options->count; i++) {
        if (all->loads != NULL)
            concentrator_load_close(&all->loads[i]);
        if (all->sites != NULL) {
            concentrator_site_close(&all->sites[i].site);
            concentrator_meters_close(&all->sites[i].meters);
        }
    }
    free(all->loads);
    free(all->sites);
    agenda_close(&all->agenda);
}

static int problem_say(const char *problem)
{
    fprintf(stderr, "meterworks concentrators: %s\n", problem);
    return 1;
}

/* "HOST:PORT", an address of IPv6 in brackets. */
static bool server_split(const char *text, char host[HOST_SIZE], const char **port)
{
    const char *colon = strrchr(text, ':');
    size_t size = colon == NULL ? 0 : (size_t)(colon - text);

    if (size == 0 || size >= HOST_SIZE || colon[1] == '\0')
        return false;
    bool has_brackets = text[0] == '[' && text[size - 1] == ']';
    memcpy(host, text + (has_brackets ? 1 : 0), size - (has_brackets ? 2 : 0));
    host[size - (has_brackets ? 2 : 0)] = '\0';
    *port = colon + 1;
    return true;
}

static int concentrators_start(struct concentrators *all)
{
    const struct concentrators_options *options = all->options;
    char problem[PROBLEM_SIZE] = "", host[HOST_SIZE];
    struct concentrator_dialer_config config = { .host = host,
                                                 .count = (size_t)options->count,
                                                 .minds_signals = true,
                                                 .context = all,
                                                 .opened = dialer_opened,
                                                 .received = dialer_received,
                                                 .closed = dialer_closed };

    if (!server_split(options->connect, host, &config.port))
        return problem_say("--connect wants HOST:PORT");
    if (concentrator_dialer_open(&config, &all->dialer, problem) < 0)
        return problem_say(problem);
    virtual_clock_open(&all->clock, (int64_t)time(NULL) * 1000, (uint32_t)options->speed);
    if (agenda_open(&all->agenda, (uint32_t)options->count) < 0 ||
        (options->full ? sites_open(all) : loads_open(all)) < 0)
        return problem_say("out of memory, or the meters could not be made");
    for (int64_t i = 0; i < options->count; i++)
        agenda_set(&all->agenda, (uint32_t)i, now_ms(all));
    printf("%lld concentrators dial %s; Ctrl-C ends it\n", (long long)options->count, options->connect);
    fflush(stdout);
    live(all);
    return 0;
}

static int concentrators(const struct concentrators_options *options)
{
    struct concentrators *all = calloc(1, sizeof *all);

    if (all == NULL)
        return problem_say("out of memory");
    all->options = options;
    int result = meter_key_read("concentrators", options->recharge_key, &all->key) < 0 ? 2 : concentrators_start(all);
    all_close(all);
    free(all);
    return result;
}

static bool options_fit(const struct concentrators_options *options)
{
    uint8_t region[2];
    bool is_protocol = strcmp(options->protocol, "130") == 0 || strcmp(options->protocol, "376") == 0;

    return options->connect != NULL && is_protocol && options->first_address + options->count - 1 <= UINT16_MAX &&
           strlen(options->region) == 4 && bcd_text_read(span_of_text(options->region), region, sizeof region) == 0;
}

int concentrators_run(int argument_count, char **arguments)
{
    struct concentrators_options options = { .region = "4403",
                                             .protocol = "376",
                                             .recharge_key = METER_KEY_SIMULATED,
                                             .count = 1,
                                             .meters = 100,
                                             .first_address = 1,
                                             .speed = 1,
                                             .heartbeat_s = 60,
                                             .spread_s = 1,
                                             .seed = 1,
                                             .interval_s = 10 };
    const struct option table[] = {
        { "connect", OPTION_TEXT, &options.connect, 0, 0, "HOST:PORT", "whom the concentrators dial" },
        { "count", OPTION_NUMBER, &options.count, 1, COUNT_LIMIT, "N", "concentrators, 1" },
        { "meters", OPTION_NUMBER, &options.meters, 0, CONCENTRATOR_LOAD_METER_LIMIT, "M", "behind each, 100" },
        { "region", OPTION_TEXT, &options.region, 0, 0, "DDDD", "region code of the addresses, 4403" },
        { "first-address", OPTION_NUMBER, &options.first_address, 1, UINT16_MAX, "A", "terminal of the first, 1" },
        { "protocol", OPTION_TEXT, &options.protocol, 0, 0, "130|376", "Q/GDW 130-2005 or 376.1, 376" },
        { "four", OPTION_FLAG, &options.four, 0, 0, NULL, "electricity, water, gas, heat in turn; else electricity" },
        { "empty", OPTION_FLAG, &options.empty, 0, 0, NULL, "archives are empty until the server writes them" },
        { "full", OPTION_FLAG, &options.full, 0, 0, NULL, "real device and meter cores on simulated lines" },
        { "recharge-key", OPTION_TEXT, &options.recharge_key, 0, 0, "HEX|-", METER_KEY_HELP },
        { "loss", OPTION_NUMBER, &options.loss, 0, 50, "PERCENT", "frames lost (--full: on the meters' lines), 0" },
        { "speed", OPTION_NUMBER, &options.speed, 1, VIRTUAL_CLOCK_SPEED_LIMIT, "X", "of the concentrators' time, 1" },
        { "heartbeat", OPTION_NUMBER, &options.heartbeat_s, 1, 15300, "SECONDS", "of the concentrators' time, 60" },
        { "spread", OPTION_NUMBER, &options.spread_s, 0, 3600, "SECONDS", "within which all dial first, 1" },
        { "seconds", OPTION_NUMBER, &options.seconds, 0, INT32_MAX, "S", "end after so long, 0: at Ctrl-C" },
        { "interval", OPTION_NUMBER, &options.interval_s, 1, 3600, "S", "between two lines of progress, 10" },
        { "seed", OPTION_NUMBER, &options.seed, 0, INT64_MAX, "S", "of chance, 1" },
    };
    int read = options_read(table, sizeof table / sizeof table[0], argument_count, arguments);

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (read != argument_count || !options_fit(&options)) {
        fprintf(stderr,
                "usage: meterworks concentrators --connect HOST:PORT [--count N] [--meters M] [--four] [--full]\n");
        return 2;
    }
    return concentrators(&options);
}
