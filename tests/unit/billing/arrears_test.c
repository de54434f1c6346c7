#include "tests/unit/unit_test.h"

#include "billing/arrears.h"

#include "base/calendar.h"

#include <stdio.h>

/* Monday to Friday 08:30 to 16:00, notices 08:00 to 21:00, zone 0 so that texts are plain. */
static const struct arrears_policy office = {
    .notice_from_min = 480, .notice_to_min = 1260, .cut_from_min = 510, .cut_to_min = 960, .cut_weekdays = 0x3e
};

static int64_t at(const char *moment)
{
    char text[CALENDAR_TIME_TEXT_LIMIT];
    int64_t time_s;

    (void)snprintf(text, sizeof text, "%s:00Z", moment);
    assert_int_equal(calendar_parse_time(span_of_text(text), &time_s), 0);
    return time_s;
}

static void balance_decides_the_rung(void **state)
{
    (void)state;
    assert_int_equal(arrears_level(2000, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_GOOD);
    assert_int_equal(arrears_level(1999, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_LOW_FIRST);
    assert_int_equal(arrears_level(1000, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_LOW_FIRST);
    assert_int_equal(arrears_level(999, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_LOW_SECOND);
    assert_int_equal(arrears_level(0, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_LOW_SECOND);
    assert_int_equal(arrears_level(-1, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_OVERDRAFT);
    assert_int_equal(arrears_level(-1000, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_OVERDRAFT);
    assert_int_equal(arrears_level(-1001, 2000, 1000, ARREARS_SECOND_PERCENT), ARREARS_FINAL_NOTICE);
    assert_int_equal(arrears_level(999, 2000, 1000, 30), ARREARS_LOW_FIRST);
    assert_int_equal(arrears_level(599, 2000, 1000, 30), ARREARS_LOW_SECOND);
    assert_int_equal(arrears_level(0, 0, 0, ARREARS_SECOND_PERCENT), ARREARS_GOOD);
    assert_int_equal(arrears_level(-1, 0, 0, ARREARS_SECOND_PERCENT), ARREARS_FINAL_NOTICE);
}

static void moment_of_cutting_is_the_first_permitted(void **state)
{
    static const struct {
        const char *from, *moment;
    } cases[] = {
        { "2026-05-26T08:00", "2026-05-26T08:30" }, { "2026-05-26T08:30", "2026-05-26T08:30" },
        { "2026-05-26T15:59", "2026-05-26T15:59" }, { "2026-05-26T16:00", "2026-05-27T08:30" },
        { "2026-05-22T17:00", "2026-05-25T08:30" }, /* Friday evening */
        { "2026-05-23T10:00", "2026-05-25T08:30" }, /* Saturday */
        { "2026-05-26T02:00", "2026-05-26T08:30" }, /* never at night */
    };
    struct arrears_policy holiday = office, never = office;

    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++)
        assert_int_equal(arrears_cut_moment_s(&office, at(cases[index].from)), at(cases[index].moment));
    holiday.holidays[0] = at("2026-05-25T00:00") / CALENDAR_DAY_S;
    holiday.holiday_count = 1;
    assert_int_equal(arrears_cut_moment_s(&holiday, at("2026-05-23T10:00")), at("2026-05-26T08:30"));
    never.cut_weekdays = 0;
    assert_int_equal(arrears_cut_moment_s(&never, at("2026-05-23T10:00")), ARREARS_NEVER_S);
    never = office;
    never.cut_to_min = never.cut_from_min;
    assert_int_equal(arrears_cut_moment_s(&never, at("2026-05-23T10:00")), ARREARS_NEVER_S);
}

static void notices_wait_for_their_hours(void **state)
{
    struct arrears_state stage = { .stage = ARREARS_GOOD };
    struct arrears_facts facts = { .level = ARREARS_OVERDRAFT, .may_cut = true };

    (void)state;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T07:59")), ARREARS_NOTHING);
    assert_int_equal(arrears_next_s(&office, &facts, &stage, at("2026-05-26T07:59")), at("2026-05-26T08:00"));
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T21:00")), ARREARS_NOTHING);
    assert_int_equal(arrears_next_s(&office, &facts, &stage, at("2026-05-26T21:00")), at("2026-05-27T08:00"));
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T08:00")), ARREARS_WARN_OVERDRAFT);
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T08:00")), ARREARS_NOTHING);
    assert_int_equal(arrears_next_s(&office, &facts, &stage, at("2026-05-26T08:00")), ARREARS_NEVER_S);
}

static void falling_deep_says_only_the_worst(void **state)
{
    struct arrears_state stage = { .stage = ARREARS_GOOD };
    struct arrears_facts facts = { .level = ARREARS_FINAL_NOTICE, .may_cut = true, .grace_s = 86400 };

    (void)state;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T09:00")), ARREARS_WARN_FINAL);
    assert_int_equal(arrears_next_s(&office, &facts, &stage, at("2026-05-26T09:00")), at("2026-05-27T09:00"));
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-27T08:59")), ARREARS_NOTHING);
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-27T09:00")), ARREARS_CLOSE);
}

static void recovery_is_silent_and_the_ladder_begins_anew(void **state)
{
    struct arrears_state stage = { .stage = ARREARS_OVERDRAFT };
    struct arrears_facts facts = { .level = ARREARS_GOOD, .may_cut = true };

    (void)state;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T03:00")), ARREARS_NOTHING);
    assert_int_equal(stage.stage, ARREARS_GOOD);
    facts.level = ARREARS_LOW_FIRST;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T09:00")), ARREARS_REMIND_FIRST);
    facts.level = ARREARS_LOW_SECOND;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-26T09:00")), ARREARS_REMIND_SECOND);
}

static void limit_used_up_waits_for_the_next_day(void **state)
{
    struct arrears_state stage = { ARREARS_FINAL_NOTICE, 0, at("2026-05-21T08:00") };
    struct arrears_facts facts = { .level = ARREARS_FINAL_NOTICE, .grace_s = 86400 };

    (void)state;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-22T08:30")), ARREARS_NOTHING);
    assert_int_equal(arrears_next_s(&office, &facts, &stage, at("2026-05-22T08:30")), at("2026-05-25T08:30"));
}

static void protection_ends_a_plan_and_opens_a_valve(void **state)
{
    struct arrears_state planned = { ARREARS_FINAL_NOTICE, 0, at("2026-05-21T08:00") };
    struct arrears_state cut = { ARREARS_CUT, 0, 0 };
    struct arrears_facts facts = { .level = ARREARS_FINAL_NOTICE, .is_protected = true, .may_cut = true };

    (void)state;
    assert_int_equal(arrears_step(&office, &facts, &planned, at("2026-05-22T08:30")), ARREARS_CUT_CANCELLED);
    assert_int_equal(planned.stage, ARREARS_OVERDRAFT);
    assert_int_equal(arrears_step(&office, &facts, &cut, at("2026-05-23T03:00")), ARREARS_RESTORE);
    assert_int_equal(cut.stage, ARREARS_OVERDRAFT);
}

static void restore_knows_no_hours(void **state)
{
    struct arrears_state stage = { ARREARS_CUT, 0, 0 };
    struct arrears_facts facts = { .level = ARREARS_GOOD };

    (void)state;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-24T03:00")), ARREARS_NOTHING);
    facts.restorable = true;
    assert_int_equal(arrears_step(&office, &facts, &stage, at("2026-05-24T03:00")), ARREARS_RESTORE);
    assert_int_equal(stage.stage, ARREARS_GOOD);
}

static void names_and_numbers_agree(void **state)
{
    (void)state;
    for (int stage = 0; stage < ARREARS_STAGE_COUNT; stage++)
        assert_int_equal(arrears_stage_of_name(arrears_stage_name(stage)), stage);
    assert_int_equal(arrears_stage_of_name("elsewhere"), -1);
    assert_string_equal(arrears_stage_name(99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(balance_decides_the_rung),
        cmocka_unit_test(moment_of_cutting_is_the_first_permitted),
        cmocka_unit_test(notices_wait_for_their_hours),
        cmocka_unit_test(falling_deep_says_only_the_worst),
        cmocka_unit_test(recovery_is_silent_and_the_ladder_begins_anew),
        cmocka_unit_test(limit_used_up_waits_for_the_next_day),
        cmocka_unit_test(protection_ends_a_plan_and_opens_a_valve),
        cmocka_unit_test(restore_knows_no_hours),
        cmocka_unit_test(names_and_numbers_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
