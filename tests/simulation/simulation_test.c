/* Twenty small worlds, a seed each; $METERWORKS_SEED runs that one alone. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "tests/simulation/checkers.h"

#define METERS 60
#define SEEDS 20
#define STORMY_DAYS 5
#define CALM_DAYS 3
#define DAY_MS INT64_C(86400000)
#define START_S INT64_C(1772467200) /* 2026-03-03 00:00 +08:00: no price cycle ends within the weeks that follow */

static int promises_check(struct world *world)
{
    return check_acknowledged_is_durable(world) + check_ledger_balances(world) + check_valves_are_explained(world) +
           check_recharges_count_once(world);
}

static void counts_print(const struct world *world)
{
    const struct world_counts *counts = &world->counts;
    struct town_counts town = town_counts(world->town);

    printf("# seed %llu: %llu reports acknowledged, %llu crashes, %llu refusals of a full disk, %llu meter restarts, "
           "%llu commands and %llu replays, %llu payments and %llu repeats, %llu datagrams lost, %llu doubled\n",
           (unsigned long long)world->seed, (unsigned long long)counts->reports, (unsigned long long)counts->crashes,
           (unsigned long long)counts->refused, (unsigned long long)counts->restarts,
           (unsigned long long)counts->commands, (unsigned long long)counts->replays,
           (unsigned long long)counts->payments,
           (unsigned long long)counts->repeated_payments, (unsigned long long)town.lost,
           (unsigned long long)town.doubled);
}

static void seed_run(uint64_t seed)
{
    static struct world world;
    int32_t first_day = (int32_t)calendar_local_day(START_S, TOWN_ZONE_OFFSET_S) + 1;
    int wrong = 0;

    assert_int_equal(world_open(&world, seed, METERS, START_S), 0);
    for (int day = 1; day <= STORMY_DAYS && wrong == 0; day++) {
        world_run(&world, START_S * 1000 + day * DAY_MS);
        wrong += promises_check(&world);
    }
    world.is_calm = true;
    world_run(&world, world.now_ms + CALM_DAYS * DAY_MS);
    wrong += promises_check(&world) + check_nothing_is_missing(&world, first_day);
    counts_print(&world);
    if (wrong != 0 || world.failed)
        printf("# replay: make sim SEED=%llu\n", (unsigned long long)seed);
    assert_false(world.failed);
    assert_int_equal(wrong, 0);
    assert_true(world.counts.reports > 0);
    world_close(&world);
}

static void seed_test(void **state)
{
    seed_run((uint64_t)(uintptr_t)*state);
}

int main(void)
{
    static char names[SEEDS][16];
    struct CMUnitTest tests[SEEDS];
    const char *one = getenv("METERWORKS_SEED");
    size_t count = one != NULL ? 1 : SEEDS;

    for (size_t i = 0; i < count; i++) {
        uint64_t seed = one != NULL ? strtoull(one, NULL, 10) : i + 1;
        snprintf(names[i], sizeof names[i], "seed_%llu", (unsigned long long)seed);
        tests[i] = (struct CMUnitTest){ names[i], seed_test, NULL, NULL, (void *)(uintptr_t)seed };
    }
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return _cmocka_run_group_tests("simulation", tests, count, NULL, NULL);
}
