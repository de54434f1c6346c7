/* Reading plans: their instants, whom they govern, and what a missed run is worth. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "tests/unit/collect/collect_fixture.h"

#define ZONE 28800

static int64_t at(const char *text)
{
    int64_t time_s;
    assert_int_equal(calendar_parse_time(span_of_text(text), &time_s), 0);
    return time_s;
}

struct instant {
    uint8_t unit;
    uint32_t every;
    int32_t offset_s;
    const char *now;
    const char *due;
    const char *next;
};

static const struct instant instants[] = {
    { COLLECT_MINUTE, 15, 0, "2026-11-21T10:20:00+08:00", "2026-11-21T10:15:00+08:00", "2026-11-21T10:30:00+08:00" },
    { COLLECT_MINUTE, 15, 30, "2026-11-21T10:15:29+08:00", "2026-11-21T10:00:30+08:00", "2026-11-21T10:15:30+08:00" },
    { COLLECT_HOUR, 1, 300, "2026-11-21T10:05:00+08:00", "2026-11-21T10:05:00+08:00", "2026-11-21T11:05:00+08:00" },
    { COLLECT_HOUR, 6, 0, "2026-11-21T23:59:59+08:00", "2026-11-21T18:00:00+08:00", "2026-11-22T00:00:00+08:00" },
    { COLLECT_DAY, 1, 5400, "2026-11-21T01:29:59+08:00", "2026-11-20T01:30:00+08:00", "2026-11-21T01:30:00+08:00" },
    /* 2026-11-16 is a Monday. */
    { COLLECT_WEEK, 1, 0, "2026-11-21T12:00:00+08:00", "2026-11-16T00:00:00+08:00", "2026-11-23T00:00:00+08:00" },
    { COLLECT_WEEK, 1, 6 * 86400, "2026-11-21T12:00:00+08:00", "2026-11-15T00:00:00+08:00", "2026-11-22T00:00:00+08:00" },
    { COLLECT_MONTH, 1, 3600, "2026-03-01T00:30:00+08:00", "2026-02-01T01:00:00+08:00", "2026-03-01T01:00:00+08:00" },
    { COLLECT_MONTH, 1, 27 * 86400, "2024-02-29T12:00:00+08:00", "2024-02-28T00:00:00+08:00",
      "2024-03-28T00:00:00+08:00" },
    { COLLECT_MONTH, 3, 0, "2026-12-31T23:00:00+08:00", "2026-10-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00" },
    { COLLECT_MONTH, 12, 86400, "2026-01-01T12:00:00+08:00", "2025-01-02T00:00:00+08:00", "2026-01-02T00:00:00+08:00" },
};

static void plans_are_due_by_the_calendar_of_their_zone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        const struct instant *row = &instants[i];
        struct collect_plan plan = { .unit = row->unit, .every = row->every, .offset_s = row->offset_s };
        assert_int_equal(collect_plan_due_s(&plan, at(row->now), ZONE), at(row->due));
        assert_int_equal(collect_plan_next_s(&plan, at(row->now), ZONE), at(row->next));
    }
}

/* The next instant is the first one that is due, for every second around it. */
static void instants_follow_each_other(void **state)
{
    (void)state;
    for (uint8_t unit = COLLECT_MINUTE; unit < COLLECT_UNIT_COUNT; unit++)
        for (uint32_t every = 1; every <= 8; every++) {
            struct collect_plan plan = { .unit = unit, .every = every, .offset_s = 59 };
            int64_t now_s = at("2026-01-31T22:00:00-05:00");
            for (int i = 0; i < 30; i++) {
                int64_t next_s = collect_plan_next_s(&plan, now_s, -18000);
                assert_true(next_s > now_s);
                assert_int_equal(collect_plan_due_s(&plan, next_s - 1, -18000), collect_plan_due_s(&plan, now_s, -18000));
                assert_int_equal(collect_plan_due_s(&plan, next_s, -18000), next_s);
                now_s = next_s;
            }
        }
}

static struct collect_plan plan_make(const struct collect_fixture *fixture, const char *name)
{
    struct collect_plan plan = { .tenant_id = fixture->rooms.tenant_id, .area_id = fixture->rooms.root_area_id,
                                 .what = COLLECT_CURRENT, .unit = COLLECT_MINUTE, .every = 15, .enabled = 1,
                                 .created_s = NOW - 86400 };
    snprintf(plan.name, sizeof plan.name, "%s", name);
    return plan;
}

static int64_t plan_add(struct collect_fixture *fixture, struct collect_plan *plan, const uint32_t *ids, size_t count)
{
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_plan_create(fixture->room, plan, ids, count), 0);
    assert_int_equal(collect_flush(fixture->room, fixture->now_s), 0);
    room_fixture_commit(&fixture->rooms);
    return plan->plan_id;
}

static void the_own_plan_comes_before_the_areas(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meters[3];
    for (int i = 0; i < 3; i++) {
        meters[i] = fixture_meter(fixture, line, i == 2 ? DEVICE_KIND_GAS : DEVICE_KIND_ELECTRICITY);
        fixture_fill(fixture, meters[i]);
    }
    struct collect_plan area = plan_make(fixture, "quarter hours");
    area.kind = DEVICE_KIND_ELECTRICITY;
    plan_add(fixture, &area, NULL, 0);
    struct collect_plan own = plan_make(fixture, "daily at six");
    own.area_id = 0;
    own.unit = COLLECT_DAY;
    own.every = 1;
    own.offset_s = 6 * 3600;
    own.created_s = NOW - 3600;
    plan_add(fixture, &own, &meters[1], 1);
    fixture_login(fixture, line);
    /* The daily one was made after yesterday's six o'clock. */
    assert_int_equal(fixture->sent_count, 1);
    assert_true(order_asks(fixture, &fixture->sent[0], meters[0]));
    assert_false(order_asks(fixture, &fixture->sent[0], meters[1]));
    assert_false(order_asks(fixture, &fixture->sent[0], meters[2]));
    fixture_answer_now(fixture, fixture->sent[0].order_id, meters[0], 60000);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NONE);
    fixture->now_s = NOW + 899;
    fixture_tick(fixture);
    assert_int_equal(fixture->sent_count, 1);
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 2);
    assert_true(order_asks(fixture, &fixture->sent[1], meters[0]));
    assert_int_equal(collect_plan_find(fixture->room, area.plan_id)->asked, 1);
    fixture->now_s = NOW + 3 * 3600;
    fixture_answer_now(fixture, fixture->sent[1].order_id, meters[0], 60001);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_NONE);
    assert_int_equal(fixture->sent_count, 3);
    assert_true(order_asks(fixture, &fixture->sent[2], meters[1]));
}

static void runs_that_were_missed_are_caught_up_once(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_HEAT);
    fixture_fill(fixture, meter);
    struct collect_plan plan = plan_make(fixture, "quarter hours");
    plan_add(fixture, &plan, NULL, 0);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 1);
    fixture_answer_now(fixture, fixture->sent[0].order_id, meter, 60000);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NONE);
    fixture->now_s += 5 * 3600;
    collect_fixture_reload(fixture);
    fixture_login(fixture, line);
    fixture_wait(fixture, 30);
    assert_int_equal(fixture->sent_count, 2);
    fixture_answer_now(fixture, fixture->sent[1].order_id, meter, 60001);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_NONE);
    fixture_wait(fixture, 30);
    assert_int_equal(fixture->sent_count, 2);
}

static void a_plan_can_be_stopped_changed_and_deleted(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_HEAT);
    fixture_fill(fixture, meter);
    struct collect_plan plan = plan_make(fixture, "quarter hours");
    plan.enabled = 0;
    plan_add(fixture, &plan, NULL, 0);
    fixture_login(fixture, line);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 0);
    room_fixture_begin(&fixture->rooms);
    plan.enabled = 1;
    assert_int_equal(collect_plan_change(fixture->room, &plan), 0);
    room_fixture_rollback(&fixture->rooms);
    collect_rolled_back(fixture->room);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 0);
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_plan_change(fixture->room, &plan), 0);
    room_fixture_commit(&fixture->rooms);
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 1);
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_plan_delete(fixture->room, plan.plan_id), 0);
    assert_int_equal(collect_plan_delete(fixture->room, plan.plan_id), COLLECT_ERR_PLAN);
    room_fixture_commit(&fixture->rooms);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NO_ANSWER);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 1);
}

/* A weekly plan for midnights asks for all of the week at once; until then it asks for none. */
static void a_weekly_plan_waits_for_its_day(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_GAS);
    fixture_fill(fixture, meter);
    struct collect_plan plan = plan_make(fixture, "Mondays");
    plan.what = COLLECT_DAILY;
    plan.unit = COLLECT_WEEK;
    plan.every = 1;
    plan_add(fixture, &plan, NULL, 0);
    fixture_login(fixture, line);
    fixture->now_s = room_fixture_midnight_s(DAY + 2) + 7200; /* Sunday */
    fixture_wait(fixture, 2);
    assert_int_equal(fixture->sent_count, 0);
    fixture->now_s = room_fixture_midnight_s(DAY + 3);
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 1);
    assert_int_equal(fixture->sent[0].time_s, room_fixture_midnight_s(DAY + 3));
}

/* Months further back than the completeness map reaches, up to the installation. */
static void a_monthly_plan_asks_for_the_months_that_are_missing(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_GAS);
    fixture_fill(fixture, meter);
    struct collect_plan plan = plan_make(fixture, "months");
    plan.what = COLLECT_MONTHLY;
    plan.unit = COLLECT_MONTH;
    plan.every = 1;
    plan.created_s = NOW - 40 * 86400;
    plan_add(fixture, &plan, NULL, 0);
    fixture_login(fixture, line);
    /* Installed on 2024-06-26: September to July are missing, October is there. */
    static const int32_t months[] = { DAY - 33, DAY - 64, DAY - 95 };
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fixture->sent_count, i + 1);
        assert_int_equal(fixture->sent[i].operation, LINE_READ_MONTHLY);
        assert_int_equal(fixture->sent[i].time_s, room_fixture_midnight_s(months[i]));
        assert_int_equal(fixture->sent[i].back, i + 2);
        fixture_answer_day(fixture, fixture->sent[i].order_id, meter, months[i], 500 - i);
        fixture_end(fixture, &fixture->sent[i], LINE_PROBLEM_NONE);
    }
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 3);
}

static void a_curve_goes_on_where_it_ended(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    fixture_fill(fixture, meter);
    struct collect_plan plan = plan_make(fixture, "hours");
    plan.what = COLLECT_CURVE;
    plan.unit = COLLECT_HOUR;
    plan.every = 1;
    plan_add(fixture, &plan, NULL, 0);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 1);
    assert_int_equal(fixture->sent[0].operation, LINE_READ_CURVE);
    assert_int_equal(fixture->sent[0].time_s, NOW - 23 * 3600);
    assert_int_equal(fixture->sent[0].count, 24);
    assert_int_equal(fixture->sent[0].interval_min, 60);
    fixture_answer_now(fixture, fixture->sent[0].order_id, meter, 60000);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NONE);
    fixture->now_s = NOW + 2 * 3600;
    fixture_tick(fixture);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(fixture->sent[1].time_s, NOW + 3600);
    assert_int_equal(fixture->sent[1].count, 2);
}

static void wrong_plans_are_refused(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t meter = room_fixture_device(&fixture->rooms, 0);
    uint32_t nobody = 4000;
    struct collect_plan good = plan_make(fixture, "good");
    struct { uint8_t unit; uint32_t every; int32_t offset_s; } wrong[] = {
        { COLLECT_MINUTE, 60, 0 }, { COLLECT_MINUTE, 0, 0 }, { COLLECT_MINUTE, 1, 60 }, { COLLECT_HOUR, 24, 0 },
        { COLLECT_DAY, 1, 86400 }, { COLLECT_WEEK, 9, 0 }, { COLLECT_MONTH, 13, 0 }, { COLLECT_MONTH, 1, 28 * 86400 },
        { 0, 1, 0 }, { 6, 1, 0 }, { COLLECT_DAY, 1, -1 },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct collect_plan plan = good;
        plan.unit = wrong[i].unit;
        plan.every = wrong[i].every;
        plan.offset_s = wrong[i].offset_s;
        assert_int_equal(collect_plan_create(fixture->room, &plan, NULL, 0), COLLECT_ERR_PERIOD);
    }
    struct collect_plan plan = good;
    plan.name[0] = '\0';
    assert_int_equal(collect_plan_create(fixture->room, &plan, NULL, 0), COLLECT_ERR_NAME);
    memset(plan.name, 'x', sizeof plan.name);
    assert_int_equal(collect_plan_create(fixture->room, &plan, NULL, 0), COLLECT_ERR_NAME);
    plan = good;
    plan.what = 9;
    assert_int_equal(collect_plan_create(fixture->room, &plan, NULL, 0), COLLECT_ERR_WHAT);
    plan = good;
    assert_int_equal(collect_plan_create(fixture->room, &plan, &meter, 1), COLLECT_ERR_SCOPE);
    plan.area_id = 0;
    assert_int_equal(collect_plan_create(fixture->room, &plan, NULL, 0), COLLECT_ERR_SCOPE);
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_plan_create(fixture->room, &plan, &nobody, 1), COLLECT_ERR_DEVICE);
    room_fixture_rollback(&fixture->rooms);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, collect_fixture_setup, collect_fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_are_due_by_the_calendar_of_their_zone),
        cmocka_unit_test(instants_follow_each_other),
        CASE(the_own_plan_comes_before_the_areas),
        CASE(runs_that_were_missed_are_caught_up_once),
        CASE(a_plan_can_be_stopped_changed_and_deleted),
        CASE(a_weekly_plan_waits_for_its_day),
        CASE(a_monthly_plan_asks_for_the_months_that_are_missing),
        CASE(a_curve_goes_on_where_it_ended),
        CASE(wrong_plans_are_refused),
    };
    return cmocka_run_group_tests_name("collect_plan", tests, NULL, NULL);
}
