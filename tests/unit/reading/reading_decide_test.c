#include "tests/unit/unit_test.h"

#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define DAY ROOM_FIXTURE_DAY
#define PERSON 4

static struct reading_outcome outcome;
static uint32_t id;

static int fixture_setup(void **state)
{
    static struct room_fixture fixture;
    room_fixture_open(&fixture, NULL);
    id = room_fixture_device(&fixture, 1000000);
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    room_fixture_close(*state);
    return 0;
}

/* One midnight and the same as current value. */
static void say(struct room_fixture *fixture, int32_t day, int64_t register_value)
{
    struct uplink report = report_full(id, day, &register_value, 1, register_value);
    room_fixture_begin(fixture);
    assert_int_equal(reading_accept(fixture->reading, &report, report.received_s, &outcome), 0);
    room_fixture_commit(fixture);
}

static int decide(struct room_fixture *fixture, int64_t set_aside_id, bool accept)
{
    room_fixture_begin(fixture);
    int error = reading_decide(fixture->reading, set_aside_id, accept, PERSON,
                               room_fixture_midnight_s(DAY + 9), &outcome);
    room_fixture_commit(fixture);
    return error;
}

static int64_t total(struct room_fixture *fixture, int32_t day)
{
    struct reading_day found;
    assert_int_equal(reading_day_read(fixture->reading, id, day, &found), 1);
    return found.total_value;
}

/* What the area figures say about use must be what the totals say. */
static void assert_usage_adds_up(struct room_fixture *fixture)
{
    const struct reading_state *known = reading_state_find(fixture->reading, id);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(usage_value) FROM area_day"), known->newest_total_value);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM area_day WHERE usage_value < 0"), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(received) FROM area_day"),
                     room_fixture_number(fixture, "SELECT count(*) FROM daily_reading"));
}

static void rejected_changes_nothing(void **state)
{
    struct room_fixture *fixture = *state;
    say(fixture, DAY, 1300000);
    say(fixture, DAY + 1, 900000000);
    assert_int_equal(decide(fixture, 1, false), 0);
    assert_int_equal(outcome.changed_from_day, 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM daily_reading"), 1);
    assert_int_equal(room_fixture_number(fixture, "SELECT decision = 'rejected' AND decided_by = 4 FROM"
                                                  " reading_set_aside"),
                     1);
    assert_int_equal(decide(fixture, 1, true), READING_ERR_DECIDED);
    assert_int_equal(decide(fixture, 2, true), READING_ERR_SET_ASIDE);
    assert_usage_adds_up(fixture);
}

/* A burst pipe, or a meter that had been stuck: the jump was real, and the days after it were refused only because of it. */
static void accepted_jump_brings_its_followers(void **state)
{
    struct room_fixture *fixture = *state;
    say(fixture, DAY, 1300000);
    say(fixture, DAY + 1, 401300000);
    say(fixture, DAY + 2, 401600000);
    say(fixture, DAY + 3, 401900000);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM reading_set_aside"), 3);
    assert_int_equal(reading_set_aside_open(fixture->reading, id), 1);
    assert_int_equal(decide(fixture, 1, true), 0);
    assert_int_equal(outcome.changed_from_day, DAY + 1);
    assert_int_equal(outcome.day_count, 3);
    assert_int_equal(total(fixture, DAY + 1), 400300000);
    assert_int_equal(total(fixture, DAY + 3), 400900000);
    assert_int_equal(reading_set_aside_open(fixture->reading, id), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM reading_set_aside WHERE decided_by IS NULL"),
                     2);
    const struct reading_state *known = reading_state_find(fixture->reading, id);
    assert_int_equal(known->register_value, 401900000);
    assert_int_equal(known->total_value, 400900000);
    say(fixture, DAY + 4, 402200000);
    assert_int_equal(outcome.set_aside_count, 0);
    assert_usage_adds_up(fixture);
}

/* The dial starts anew: nothing was used in between, and counting goes on from there. */
static void accepted_backward_value_is_a_new_beginning(void **state)
{
    struct room_fixture *fixture = *state;
    say(fixture, DAY, 5300000);
    say(fixture, DAY + 1, 200000);
    assert_int_equal(outcome.reasons[0], READING_BACKWARD);
    assert_int_equal(decide(fixture, 1, true), 0);
    assert_int_equal(total(fixture, DAY + 1), 4300000);
    assert_int_equal(reading_state_find(fixture->reading, id)->register_value, 200000);
    assert_int_equal(reading_state_find(fixture->reading, id)->total_value, 4300000);
    say(fixture, DAY + 2, 500000);
    assert_int_equal(total(fixture, DAY + 2), 4600000);
    assert_usage_adds_up(fixture);
}

static void accepted_conflict_moves_the_totals_after_it(void **state)
{
    struct room_fixture *fixture = *state;
    say(fixture, DAY, 1300000);
    say(fixture, DAY + 1, 1600000);
    say(fixture, DAY + 2, 1900000);
    struct uplink report = report_make(id, room_fixture_midnight_s(DAY + 2) + 9 * 3600);
    report_midnight(&report, DAY + 1, 1500000);
    room_fixture_begin(fixture);
    assert_int_equal(reading_accept(fixture->reading, &report, report.received_s, &outcome), 0);
    room_fixture_commit(fixture);
    assert_int_equal(decide(fixture, 1, true), 0);
    assert_int_equal(outcome.changed_from_day, DAY + 1);
    assert_int_equal(total(fixture, DAY + 1), 500000);
    assert_int_equal(total(fixture, DAY + 2), 900000);
    assert_int_equal(room_fixture_number(fixture, "SELECT usage_value FROM area_day WHERE day = 20000"), 200000);
    assert_int_equal(room_fixture_number(fixture, "SELECT usage_value FROM area_day WHERE day = 20001"), 400000);
    assert_int_equal(room_fixture_number(fixture, "SELECT quality FROM daily_reading WHERE day = 20001"),
                     READING_CORRECTED);
    assert_usage_adds_up(fixture);
}

/* A missing day between stored ones, accepted though it bends what came after: the later totals are derived again. */
static void accepted_day_in_a_gap_bends_the_later_totals(void **state)
{
    struct room_fixture *fixture = *state;
    say(fixture, DAY, 1300000);
    say(fixture, DAY + 2, 1900000);
    struct uplink report = report_make(id, room_fixture_midnight_s(DAY + 2) + 9 * 3600);
    report_midnight(&report, DAY + 1, 2000000);
    room_fixture_begin(fixture);
    assert_int_equal(reading_accept(fixture->reading, &report, report.received_s, &outcome), 0);
    room_fixture_commit(fixture);
    assert_int_equal(outcome.reasons[0], READING_BACKWARD);
    assert_int_equal(decide(fixture, 1, true), 0);
    assert_int_equal(total(fixture, DAY + 1), 1000000);
    assert_int_equal(total(fixture, DAY + 2), 1000000);
    assert_usage_adds_up(fixture);
}

static void impossible_values_cannot_be_accepted(void **state)
{
    struct room_fixture *fixture = *state;
    say(fixture, DAY, -7);
    assert_int_equal(decide(fixture, 1, true), READING_ERR_NOT_ACCEPTABLE);
    struct uplink report = report_make(id, room_fixture_midnight_s(DAY) + 3600);
    report_midnight(&report, DAY + 300, 1300000);
    room_fixture_begin(fixture);
    assert_int_equal(reading_accept(fixture->reading, &report, report.received_s, &outcome), 0);
    room_fixture_commit(fixture);
    assert_int_equal(outcome.reasons[0], READING_CLOCK);
    assert_int_equal(decide(fixture, 2, true), READING_ERR_NOT_ACCEPTABLE);
    assert_int_equal(decide(fixture, 2, false), 0);
}

static void open_values_of_one_device_are_bounded(void **state)
{
    struct room_fixture *fixture = *state;
    for (int i = 0; i < READING_SET_ASIDE_OPEN_LIMIT + 20; i++)
        say(fixture, DAY, -1 - i);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM reading_set_aside"),
                     READING_SET_ASIDE_OPEN_LIMIT);
}

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        FIXTURE_TEST(rejected_changes_nothing),
        FIXTURE_TEST(accepted_jump_brings_its_followers),
        FIXTURE_TEST(accepted_backward_value_is_a_new_beginning),
        FIXTURE_TEST(accepted_conflict_moves_the_totals_after_it),
        FIXTURE_TEST(accepted_day_in_a_gap_bends_the_later_totals),
        FIXTURE_TEST(impossible_values_cannot_be_accepted),
        FIXTURE_TEST(open_values_of_one_device_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
