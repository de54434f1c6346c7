/* meterworks meters: a simulated line with meters on it, behind a TCP socket or a serial device. */
#include "apps/meterworks/subcommands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/line_server.h"
#include "apps/meterworks/meter_key_read.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/stop_signal.h"
#include "codec/bcd/bcd.h"
#include "sim/line_answer.h"
#include "sim/line_meters.h"

#define CHINA_OFFSET_S 28800
#define US_PER_MS 1000
#define DAY_S 86400
#define STEP_S 900
#define DAYS_LIMIT 40

struct meters_options {
    const char *listen;
    const char *serial;
    bool terminal;
    const char *protocol;
    const char *kind;
    const char *parity;
    const char *recharge_key;
    const char *credit;
    int64_t count;
    int64_t number;
    int64_t primary;
    int64_t baud;
    int64_t delay_ms;
    int64_t preamble;
    int64_t noise;
    int64_t lost_permille;
    int64_t babbling;
    int64_t stranger;
    int64_t days;
    bool twins;
    bool echo;
    int64_t seed;
};

struct word {
    const char *name;
    uint8_t value;
};

static const struct word protocols[] = {
    { "mbus", BUS_METER_MBUS },
    { "cjt188", BUS_METER_CJT188 },
    { "dlt645", LINE_METERS_DLT645 },
};
static const struct word kinds[] = {
    { "cold-water", BUS_METER_COLD_WATER },
    { "hot-water", BUS_METER_HOT_WATER },
    { "drinking-water", BUS_METER_DRINKING_WATER },
    { "heat", BUS_METER_HEAT },
    { "cold", BUS_METER_COLD },
    { "gas", BUS_METER_GAS },
    { "each", LINE_METERS_EACH_KIND },
};
static const struct word parities[] = {
    { "even", LINE_PARITY_EVEN },
    { "none", LINE_PARITY_NONE },
    { "odd", LINE_PARITY_ODD },
};

#define WORDS(rows) rows, sizeof(rows) / sizeof(rows)[0]

static const struct word credits[] = {
    { "money", ELECTRICITY_CREDIT_MONEY },
    { "units", ELECTRICITY_CREDIT_ENERGY },
};

static int problem_say(const char *problem)
{
    fprintf(stderr, "meterworks meters: %s\n", problem);
    return 1;
}

/* returns  0; -1 and said why */
static int word_read(const char *option, const char *text, const struct word *words, size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].name, text) == 0) {
            *out = words[i].value;
            return 0;
        }
    }
    fprintf(stderr, "meterworks meters: --%s takes", option);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, " %s", words[i].name);
    fprintf(stderr, ", not '%s'\n", text);
    return -1;
}

static void meter_print(const struct line_meters *meters, const struct line_meter *meter)
{
    const struct bus_meter *bus = &meter->host.meter;
    char address[2 * CJT188_ADDRESS_SIZE + 1];
    if (meter->electricity != NULL) {
        bcd_text(span_of_bytes(meter->electricity->meter.parameters.address, DLT645_ADDRESS_SIZE), address);
        printf("address %s\n", address);
        return;
    }
    bcd_text(span_of_bytes(bus->settings.address, CJT188_ADDRESS_SIZE), address);
    if (meters->config.protocols == BUS_METER_MBUS)
        printf("primary %u secondary %sMWK01%02X\n", bus->settings.primary, address + 6,
               wmbus_address_type(&bus->config.identity));
    else
        printf("type %02X address %s\n", bus_meter_type((enum bus_meter_kind)bus->config.kind), address);
}

static void meters_print(const struct line_meters *meters)
{
    for (unsigned i = 0; i < meters->config.count; i++)
        meter_print(meters, &meters->meters[i]);
}

static void twins_make(const struct line_meter *first, struct line_meter *second)
{
    if (first->electricity != NULL)
        memcpy(second->electricity->meter.parameters.address, first->electricity->meter.parameters.address,
               DLT645_ADDRESS_SIZE);
    else
        second->host.meter.settings = first->host.meter.settings;
}

/* The meters that do wrong. */
static void flaws_set(struct line_meters *meters, const struct meters_options *options)
{
    if (options->babbling > 0 && options->babbling <= options->count)
        meters->meters[options->babbling - 1].slave.is_babbling = true;
    if (options->stranger > 0 && options->stranger <= options->count)
        meters->meters[options->stranger - 1].slave.alter = line_answer_misaddress;
    if (options->twins && options->count > 1)
        twins_make(&meters->meters[0], &meters->meters[1]);
}

/* They were hung some days ago, and have lived since. */
static void past_live(struct line_meters *meters, int64_t until_s)
{
    for (int64_t at_s = meters->now_s; at_s < until_s; at_s += STEP_S)
        line_meters_step(meters, at_s);
    line_meters_step(meters, until_s);
}

static void second_pass(void *context)
{
    line_meters_step(context, (int64_t)time(NULL));
}

static int server_open(const struct meters_options *options, struct line_server *server, struct line *line,
                       char problem[256])
{
    char name[64];
    uint16_t port;

    if (options->listen != NULL) {
        if (line_server_listen(server, line, options->listen, &port, problem) < 0)
            return -1;
        printf("tcp %u\n", port);
        return 0;
    }
    if (line_server_serial(server, line, options->serial, name, problem) < 0)
        return -1;
    printf("serial %s\n", name);
    return 0;
}

static int meters_serve(const struct meters_options *options, struct line *line, struct line_meters *meters)
{
    struct line_server server = { .listener = -1, .master = -1, .signals = -1 };
    char problem[256] = "";

    stop_signal_block();
    int result = server_open(options, &server, line, problem);
    if (result == 0) {
        meters_print(meters);
        fflush(stdout);
        server.context = meters;
        server.second_pass = second_pass;
        result = line_server_run(&server, problem);
    }
    line_server_close(&server);
    if (result < 0)
        return problem_say(problem);
    printf("%llu requests, %llu answers, %llu collisions\n", (unsigned long long)line->counts.bursts,
           (unsigned long long)line->counts.answers, (unsigned long long)line->counts.collisions);
    return 0;
}

static int meters_live(const struct meters_options *options, struct line_meters_config *config, uint8_t parity)
{
    struct line_config line_config = {
        .kind = config->protocols == BUS_METER_MBUS ? LINE_MBUS : LINE_RS485,
        .parity = parity,
        .echo = options->echo,
        .baud = (uint32_t)options->baud,
        .flips_per_million = (uint32_t)options->noise,
        .lost_permille = (uint16_t)options->lost_permille,
        .seed = (uint64_t)options->seed,
    };
    struct line *line = malloc(sizeof *line);
    struct line_meters meters;
    int64_t now_s = (int64_t)time(NULL);
    int result;

    if (line == NULL)
        return problem_say("out of memory");
    line_open(line, &line_config);
    if (line_meters_open(&meters, config, line, now_s - options->days * DAY_S) < 0) {
        free(line);
        return problem_say("so many meters have no room: numbers have eight digits, primary addresses end at 250");
    }
    past_live(&meters, now_s);
    flaws_set(&meters, options);
    result = meters_serve(options, line, &meters);
    line_meters_close(&meters);
    free(line);
    return result;
}

static int usage_print(void)
{
    fprintf(stderr, "usage: meterworks meters --listen HOST:PORT | --serial DEVICE | --terminal\n"
                    "                         [--protocol mbus|cjt188|dlt645] [--kind KIND] [--count N]\n");
    return 2;
}

/* Protocols and kind are words, and filled in by the caller. */
static struct line_meters_config config_of(const struct meters_options *options)
{
    return (struct line_meters_config){ .zone_offset_s = CHINA_OFFSET_S,
                                        .any_order = true,
                                        .count = (uint16_t)options->count,
                                        .first_number = (uint64_t)options->number,
                                        .first_primary = (uint8_t)options->primary,
                                        .preamble_size = (uint8_t)options->preamble,
                                        .delay_low_us = options->delay_ms * US_PER_MS / 2,
                                        .delay_high_us = options->delay_ms * US_PER_MS,
                                        .seed = (uint64_t)options->seed };
}

int meters_run(int argument_count, char **arguments)
{
    struct meters_options options = { .protocol = "mbus",
                                      .kind = "each",
                                      .parity = "even",
                                      .recharge_key = METER_KEY_SIMULATED,
                                      .credit = "money",
                                      .count = 6,
                                      .number = 26110001,
                                      .primary = 1,
                                      .baud = 2400,
                                      .delay_ms = 40,
                                      .seed = 1 };
    const struct option table[] = {
        { "listen", OPTION_TEXT, &options.listen, 0, 0, "HOST:PORT", "serve as a TCP serial server; port 0: any" },
        { "serial", OPTION_TEXT, &options.serial, 0, 0, "DEVICE", "serve on a serial device" },
        { "terminal", OPTION_FLAG, &options.terminal, 0, 0, NULL, "serve on a pseudo terminal, whose name is printed" },
        { "protocol", OPTION_TEXT, &options.protocol, 0, 0, "NAME", "mbus, cjt188, dlt645; mbus" },
        { "kind", OPTION_TEXT, &options.kind, 0, 0, "KIND",
          "cold-water, hot-water, drinking-water, heat, cold, gas; each" },
        { "count", OPTION_NUMBER, &options.count, 1, LINE_METERS_LIMIT, "N", "meters on the line, 6" },
        { "number", OPTION_NUMBER, &options.number, 0, (int64_t)LINE_METERS_NUMBER_LIMIT, "N",
          "of the first, 26110001" },
        { "primary", OPTION_NUMBER, &options.primary, 0, 250, "N", "M-Bus address of the first, 1; 0: all have 0" },
        { "baud", OPTION_NUMBER, &options.baud, 300, 115200, "N", "2400" },
        { "parity", OPTION_TEXT, &options.parity, 0, 0, "NAME", "even, none, odd; even" },
        { "delay", OPTION_NUMBER, &options.delay_ms, 0, 10000, "MS", "at most until a meter answers, 40" },
        { "preamble", OPTION_NUMBER, &options.preamble, 0, BUS_METER_PREAMBLE_LIMIT, "N", "FEH before answers, 0" },
        { "noise", OPTION_NUMBER, &options.noise, 0, 1000000, "N", "damaged bytes in a million, 0" },
        { "loss", OPTION_NUMBER, &options.lost_permille, 0, 1000, "N", "unheard requests in a thousand, 0" },
        { "babbling", OPTION_NUMBER, &options.babbling, 0, LINE_METERS_LIMIT, "I",
          "meter that never goes quiet, 0: none" },
        { "stranger", OPTION_NUMBER, &options.stranger, 0, LINE_METERS_LIMIT, "I",
          "meter that answers with another's address" },
        { "recharge-key", OPTION_TEXT, &options.recharge_key, 0, 0, "HEX|-", METER_KEY_HELP },
        { "credit", OPTION_TEXT, &options.credit, 0, 0, "NAME", "what electricity meters hold: money, units; money" },
        { "days", OPTION_NUMBER, &options.days, 0, DAYS_LIMIT, "N", "that the meters have lived before, 0" },
        { "twins", OPTION_FLAG, &options.twins, 0, 0, NULL, "the first two have one address" },
        { "echo", OPTION_FLAG, &options.echo, 0, 0, NULL, "the master hears its own bytes" },
        { "seed", OPTION_NUMBER, &options.seed, 0, INT64_MAX, "S", "other registers and chances, 1" },
    };
    uint8_t parity = LINE_PARITY_EVEN;
    int read = options_read(table, sizeof table / sizeof table[0], argument_count, arguments);

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (read != argument_count || (options.listen != NULL) + (options.serial != NULL) + options.terminal != 1)
        return usage_print();
    struct line_meters_config config = config_of(&options);
    if (word_read("protocol", options.protocol, WORDS(protocols), &config.protocols) < 0 ||
        word_read("kind", options.kind, WORDS(kinds), &config.kind) < 0 ||
        word_read("parity", options.parity, WORDS(parities), &parity) < 0 ||
        word_read("credit", options.credit, WORDS(credits), &config.credit) < 0 ||
        meter_key_read("meters", options.recharge_key, &config.key) < 0)
        return 2;
    return meters_live(&options, &config, parity);
}
