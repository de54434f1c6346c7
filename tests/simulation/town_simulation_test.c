/* Seeds: whole weeks of a town with misfortunes, then every checker. A share of the seeds is given as "first count"; the
 * environment's METERWORKS_SEED runs that one instead and tells its story. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "tests/simulation/world_checks.h"

#define SEED_LIMIT 64

/* Kinds of life, by the seed's remainder. */
static const struct life {
    const char *name;
    struct world_config config;
    int eventual_permille;
} lives[] = {
    { "calm", { .meters = 80, .days = 9, .coverage = -1, .valve_every_h = 6 }, 985 },
    { "killed server", { .meters = 60, .days = 8, .coverage = -1, .crash_every_h = 3, .valve_every_h = 8 }, 980 },
    { "full disk", { .meters = 60, .days = 8, .coverage = -1, .disk_full_every_h = 8, .crash_every_h = 24, .valve_every_h = 8 }, 980 },
    { "edge of coverage", { .meters = 60, .days = 8, .coverage = COVERAGE_EDGE, .reset_every_h = 4, .replays = true, .valve_every_h = 4 }, 970 },
    { "storm", { .meters = 50, .days = 8, .coverage = COVERAGE_STORM, .crash_every_h = 12, .disk_full_every_h = 24, .reset_every_h = 12, .replays = true, .valve_every_h = 4 }, 800 },
    { "replays", { .meters = 60, .days = 8, .coverage = COVERAGE_GOOD, .reset_every_h = 2, .replays = true, .valve_every_h = 2 }, 985 },
};

#define LIFE_COUNT (sizeof lives / sizeof lives[0])

static void story_print(const struct world *world, const struct life *life)
{
    struct town_counts town = town_counts(world->town);

    print_message("seed %llu, %s: %llu reports acknowledged, %llu commits, %llu refused, %llu crashes, %llu resets, "
                  "%llu replays, %llu payments, %llu commands; %llu datagrams, %llu lost\n",
                  (unsigned long long)world->config.seed, life->name, (unsigned long long)world->counts.reports,
                  (unsigned long long)world->counts.commits, (unsigned long long)world->counts.refused,
                  (unsigned long long)world->counts.crashes, (unsigned long long)world->counts.resets,
                  (unsigned long long)world->counts.replays, (unsigned long long)world->counts.payments,
                  (unsigned long long)world->counts.commands, (unsigned long long)town.sent,
                  (unsigned long long)town.lost);
}

static void seed_run(void **state)
{
    uint64_t seed = *(const uint64_t *)*state;
    const struct life *life = &lives[seed % LIFE_COUNT];
    struct world_config config = life->config;
    struct world *world = calloc(1, sizeof *world);
    unsigned problems;

    assert_non_null(world);
    config.seed = seed;
    world_open(world, &config);
    world_run(world);
    world_check_all(world, life->eventual_permille);
    story_print(world, life);
    problems = world->problem_count;
    for (unsigned i = 0; i < problems && i < WORLD_PROBLEM_LIMIT; i++)
        print_message("  %s\n", world->problems[i]);
    if (problems > 0)
        print_message("%u promises broken; replay with: make sim SEED=%llu\n", problems, (unsigned long long)seed);
    assert_true(world->counts.reports > 0);
    world_close(world);
    free(world);
    assert_int_equal(problems, 0);
}

int main(int argc, char **argv)
{
    static uint64_t seeds[SEED_LIMIT];
    static char names[SEED_LIMIT][32];
    struct CMUnitTest tests[SEED_LIMIT];
    const char *chosen = getenv("METERWORKS_SEED");
    int64_t first = 1;
    int64_t count = 1;
    int64_t seed = 0;

    if (argc != 3 || decimal_parse(span_of_text(argv[1]), 0, &first) < 0 ||
        decimal_parse(span_of_text(argv[2]), 0, &count) < 0 || count < 1 || count > SEED_LIMIT)
        return 2;
    if (chosen != NULL && decimal_parse(span_of_text(chosen), 0, &seed) == 0) {
        count = first == 1 ? 1 : 0; /* one of the programs runs it */
        first = seed;
    }
    for (int64_t i = 0; i < count; i++) {
        seeds[i] = (uint64_t)(first + i);
        (void)snprintf(names[i], sizeof names[i], "seed %lld", (long long)seeds[i]);
        tests[i] = (struct CMUnitTest){ names[i], seed_run, NULL, NULL, &seeds[i] };
    }
    return count == 0 ? 0 : _cmocka_run_group_tests("town simulation", tests, (size_t)count, NULL, NULL);
}
