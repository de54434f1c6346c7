/* A checker that cannot fail proves nothing: each promise is broken by hand, once, and must be missed. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "tests/simulation/world_checks.h"

/* A small town after three days, in which nothing went wrong. */
static int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    const struct world_config config = { .seed = 5, .meters = 60, .days = 3, .coverage = COVERAGE_PERFECT,
                                         .valve_every_h = 4 };

    if (world == NULL)
        return -1;
    world_open(world, &config);
    world_run(world);
    *state = world;
    return 0;
}

static int world_teardown(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

static void harm(struct world *world, const char *change)
{
    assert_int_equal(store_execute(core_store(world->core), change), 0);
}

static void nothing_is_said_of_a_sound_world(void **state)
{
    struct world *world = *state;

    world_check_all(world, 1000);
    for (unsigned i = 0; i < world->problem_count && i < WORLD_PROBLEM_LIMIT; i++)
        print_message("  %s\n", world->problems[i]);
    assert_int_equal(world->problem_count, 0);
    assert_true(world->counts.payments + world->counts.commands > 0);
}

static void a_lost_midnight_is_missed(void **state)
{
    struct world *world = *state;

    harm(world, "DELETE FROM daily_reading WHERE device_id = 20 AND day = (SELECT max(day) FROM daily_reading"
                " WHERE device_id = 20)");
    world_check_promises(world);
    assert_int_not_equal(world->problem_count, 0);
}

static void incompleteness_is_missed(void **state)
{
    struct world *world = *state;

    harm(world, "DELETE FROM daily_reading WHERE device_id % 10 = 3");
    world_check_readings(world, 950);
    assert_int_not_equal(world->problem_count, 0);
}

static void a_wrong_register_is_missed(void **state)
{
    struct world *world = *state;

    harm(world, "UPDATE daily_reading SET register_value = register_value + 1000, total_value = total_value + 1000 WHERE device_id ="
                " 20 AND day = (SELECT max(day) - 1 FROM daily_reading WHERE device_id = 20)");
    world_check_readings(world, 0);
    assert_int_not_equal(world->problem_count, 0);
}

static void a_folded_total_is_missed(void **state)
{
    struct world *world = *state;

    harm(world, "UPDATE daily_reading SET total_value = total_value + 1000 WHERE device_id = 20 AND day = (SELECT max(day) - 1"
                " FROM daily_reading WHERE device_id = 20)");
    world_check_readings(world, 0);
    assert_int_equal(world->problem_count, 1);
}

static void a_fen_out_of_nothing_is_missed(void **state)
{
    struct world *world = *state;

    harm(world, "UPDATE ledger_account SET credits_fen = credits_fen + 1 WHERE ledger_account_id ="
                " (SELECT max(ledger_account_id) FROM ledger_account)");
    world_check_ledger(world);
    assert_int_equal(world->problem_count, 2);
}

static void a_charge_for_no_water_is_missed(void **state)
{
    struct world *world = *state;

    harm(world, "UPDATE daily_charge SET to_total_value = to_total_value + 1000000 WHERE"
                " (account_id, day) IN (SELECT account_id, min(day) FROM daily_charge GROUP BY account_id LIMIT 1)");
    world_check_ledger(world);
    assert_int_not_equal(world->problem_count, 0);
}

static void money_that_reached_a_meter_twice_is_missed(void **state)
{
    struct world *world = *state;

    harm(world, "UPDATE command SET amount_fen = amount_fen / 2 WHERE command_id = (SELECT min(command_id) FROM command"
                " WHERE kind = 'recharge')");
    world_check_recharges(world);
    assert_int_not_equal(world->problem_count, 0);
}

static void a_valve_that_moved_by_itself_is_missed(void **state)
{
    struct world *world = *state;

    for (uint32_t home = 0; home < world->plan.home_count; home++) {
        struct host_meter *meter = (struct host_meter *)(uintptr_t)town_meter(world->town, home);
        if (meter->valve.position == METER_POSITION_OPEN)
            meter->valve.position = METER_POSITION_CLOSED;
    }
    world_check_valves(world);
    assert_int_not_equal(world->problem_count, 0);
}

static void an_acknowledgement_before_the_commit_is_noticed(void **state)
{
    struct world *world = *state;

    world->config.acknowledges_too_early = true;
    world_disk_fill(world, true);
    world_pass(world, 24);
    assert_true(world->counts.refused > 0);
    world_disk_fill(world, false);
    world_check_promises(world);
    assert_int_not_equal(world->problem_count, 0);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(nothing_is_said_of_a_sound_world),
        IN_A_WORLD(a_lost_midnight_is_missed),
        IN_A_WORLD(incompleteness_is_missed),
        IN_A_WORLD(a_wrong_register_is_missed),
        IN_A_WORLD(a_folded_total_is_missed),
        IN_A_WORLD(a_fen_out_of_nothing_is_missed),
        IN_A_WORLD(a_charge_for_no_water_is_missed),
        IN_A_WORLD(money_that_reached_a_meter_twice_is_missed),
        IN_A_WORLD(a_valve_that_moved_by_itself_is_missed),
        IN_A_WORLD(an_acknowledgement_before_the_commit_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
