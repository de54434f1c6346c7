/* The program's front door: finds the subcommand in the table and hands over. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/meterworks/decode.h"
#include "apps/meterworks/encode.h"
#include "apps/meterworks/profile_command.h"
#include "apps/meterworks/rate.h"
#include "apps/meterworks/subcommands.h"
#include "bench/city.h"

#define METERWORKS_VERSION "0.1.0"

struct subcommand {
    const char *name;
    const char *summary;
    int (*run)(int argument_count, char **arguments);
};

static int version_print(int argument_count, char **arguments)
{
    (void)argument_count;
    (void)arguments;
    printf("meterworks %s\n", METERWORKS_VERSION);
    return 0;
}

static const struct subcommand subcommands[] = {
    { "init", "make a new installation: data folder, organisation, administrator", init_run },
    { "demo", "serve a simulated town to look at", demo_run },
    { "simulate", "run the simulated town against any server", simulate_run },
    { "meters", "serve a line of simulated meters on TCP or a serial device", meters_run },
    { "concentrators", "dial in simulated concentrators to any server", concentrators_run },
    { "serve", "run the platform over a data folder", serve_run },
    { "gate", "face devices on a machine of its own, for a core elsewhere", gate_run },
    { "gate-key", "print the key file of such a gate", gate_key_run },
    { "api", "serve console and API on a machine of its own, for a core elsewhere", api_run },
    { "api-key", "print the key file of such an api", api_key_run },
    { "device-key", "print a device's DTLS key", device_key_run },
    { "decode", "explain a frame field by field", decode_run },
    { "encode", "print the frames of a command to a device", encode_run },
    { "profile", "check and show device models", profile_run },
    { "rate", "compute worked bills from tariffs, one JSON object a line", rate_run },
    { "distribute", "spread the large tables over a Citus cluster", distribute_run },
    { "verify", "prove the ledger from its raw rows", verify_run },
    { "bench", "measure this machine: a whole city in a box", bench_run },
    { "version", "print the version", version_print },
};

#define SUBCOMMAND_COUNT (sizeof subcommands / sizeof subcommands[0])

static int usage_print(void)
{
    fprintf(stderr, "usage: meterworks SUBCOMMAND [OPTIONS]\n\n");
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
        fprintf(stderr, "  %-14s %s\n", subcommands[i].name, subcommands[i].summary);
    return 2;
}

int main(int argc, char **argv)
{
    /* What this program writes holds people's data: the database and its journals, keys, logs. */
    (void)umask(S_IRWXG | S_IRWXO);
    if (argc < 2)
        return usage_print();
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return subcommands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "meterworks: unknown subcommand '%s'\n", argv[1]);
    return usage_print();
}
