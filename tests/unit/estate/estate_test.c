#include "tests/unit/unit_test.h"

#include "base/quantity.h"
#include "tests/unit/estate/estate_fixture.h"

static int fixture_setup(void **state)
{
    static struct estate_fixture fixture;
    estate_fixture_open(&fixture);
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    estate_fixture_close(*state);
    return 0;
}

static void a_login_connects_and_a_loss_is_noticed_later(void **state)
{
    struct estate_fixture *fixture = *state;
    estate_fixture_tick(fixture, 1);
    assert_null(estate_line_find(fixture->estate, fixture->line_id));
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    assert_true(estate_connected(fixture->estate, fixture->line_id));
    int64_t login_s = fixture->now_s;
    estate_fixture_tick(fixture, 1000);
    assert_false(fixture->conditions[ESTATE_OFFLINE]);
    estate_fixture_presence(fixture, UPLINK_PRESENCE_REPLACED);
    assert_true(estate_connected(fixture->estate, fixture->line_id));
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOST);
    assert_false(estate_connected(fixture->estate, fixture->line_id));
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT login_count FROM line_state"), 1);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT last_contact_s FROM line_state"), login_s);
    estate_fixture_tick(fixture, ESTATE_OFFLINE_S);
    assert_false(fixture->conditions[ESTATE_OFFLINE]);
    estate_fixture_tick(fixture, 1);
    assert_true(fixture->conditions[ESTATE_OFFLINE]);
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    assert_false(fixture->conditions[ESTATE_OFFLINE]);
}

static void a_restart_finds_nobody_connected(void **state)
{
    struct estate_fixture *fixture = *state;
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    estate_fixture_reload(fixture);
    assert_false(estate_connected(fixture->estate, fixture->line_id));
    estate_fixture_tick(fixture, 86400);
    assert_false(fixture->conditions[ESTATE_OFFLINE]);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT connected FROM line_state"), 0);
    estate_fixture_tick(fixture, ESTATE_OFFLINE_S + 1);
    assert_true(fixture->conditions[ESTATE_OFFLINE]);
}

static void clock_say(struct estate_fixture *fixture, int64_t error_s, uint16_t point)
{
    struct uplink uplink = { .kind = UPLINK_REPORT, .device_id = fixture->line_id, .received_s = fixture->now_s,
                             .item_count = 1, .measurement_point = point };
    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_DEVICE_TIME, .value = fixture->now_s + error_s };
    assert_true(estate_line_observe(fixture->estate, fixture->line_id, &uplink, fixture->now_s) >= 0);
}

static void a_wrong_clock_is_noticed(void **state)
{
    struct estate_fixture *fixture = *state;
    clock_say(fixture, ESTATE_CLOCK_BOUND_S, 0);
    assert_false(fixture->conditions[ESTATE_CLOCK]);
    clock_say(fixture, -400, 0);
    assert_true(fixture->conditions[ESTATE_CLOCK]);
    assert_string_equal(fixture->detail, "-400 s");
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT clock_error_s FROM line_state"), -400);
    clock_say(fixture, 0, 3); /* a meter's clock is not the concentrator's */
    assert_true(fixture->conditions[ESTATE_CLOCK]);
    clock_say(fixture, 2, 0);
    assert_false(fixture->conditions[ESTATE_CLOCK]);
}

static void a_rollback_takes_a_connection_back(void **state)
{
    struct estate_fixture *fixture = *state;
    room_fixture_begin(&fixture->rooms);
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    room_fixture_rollback(&fixture->rooms);
    assert_null(estate_line_find(fixture->estate, fixture->line_id));
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    assert_int_equal(estate_line_find(fixture->estate, fixture->line_id)->login_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_connects_and_a_loss_is_noticed_later), TEST(a_restart_finds_nobody_connected),
        TEST(a_wrong_clock_is_noticed), TEST(a_rollback_takes_a_connection_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
