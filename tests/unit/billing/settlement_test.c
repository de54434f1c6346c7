#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>

#define JUNE "2026-06-01"

/* Three post-paid accounts with 5, 7 and 9 m3 on 1 June at a flat price of 2 yuan; nothing is issued by itself. */
static void town_prepare(struct fixture *fixture)
{
    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'bills_by_run', '1')"), 0);
    fixture_flat_price(fixture, "2.00");
    for (uint32_t device_id = 1; device_id <= 3; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 0);
        fixture_midnight(fixture, device_id, fixture_day(JUNE), 3000000 + device_id * 2000000);
    }
    fixture_run(fixture, fixture_time("2026-06-01T10:00"));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill"), 0);
}

static struct billing_run run_draft(struct fixture *fixture, const char *day, enum billing_estimate estimate, bool due_only)
{
    struct billing_run run = { .to_day = fixture_day(day), .estimate = (uint8_t)estimate, .due_only = due_only };

    assert_int_equal(billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &run, &run), 0);
    return run;
}

static int run_decide(struct fixture *fixture, enum billing_run_decision decision, struct billing_run *run)
{
    struct billing_scope second = { .tenant_id = 1, .person_id = 8, .path = "/1/" };

    return billing_run_decide(fixture->billing, &second, fixture->now_s, run->run_id, decision, run);
}

static void a_draft_is_approved_issued_and_taken_back(void **state)
{
    struct fixture *fixture = *state;
    struct billing_run run;

    town_prepare(fixture);
    run = run_draft(fixture, JUNE, BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(run.state, BILLING_RUN_READY);
    assert_int_equal(run.total, 3);
    assert_int_equal(run.done, 3);
    assert_int_equal(run.drafts, 3);
    assert_int_equal(run.draft_fen, 2 * 2100);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill"), 0);
    assert_int_equal(run_decide(fixture, BILLING_RUN_REVERSE, &run), BILLING_ERR_RUN_STATE);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(run.state, BILLING_RUN_ISSUED);
    assert_int_equal(run.issued, 3);
    assert_int_equal(run.amount_fen, run.draft_fen);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), BILLING_ERR_RUN_STATE);
    assert_int_equal(fixture_balance(fixture, 3), -1800);
    assert_int_equal(run_decide(fixture, BILLING_RUN_REVERSE, &run), 0);
    assert_int_equal(run.state, BILLING_RUN_REVERSED);
    assert_int_equal(run.reversed, 3);
    assert_int_equal(fixture_balance(fixture, 3), 0);
    assert_int_equal(fixture_account(fixture, 3).settled_day, fixture_day("2026-05-20"));
    run = run_draft(fixture, JUNE, BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(run.issued, 3);
    fixture_verify(fixture);
}

/* Between draft and approval a reading was corrected: that bill is not what was approved. */
static void a_bill_that_changed_since_its_draft_is_left_out(void **state)
{
    struct fixture *fixture = *state;
    struct billing_run run;

    town_prepare(fixture);
    run = run_draft(fixture, JUNE, BILLING_ESTIMATE_HOLD, true);
    fixture_midnight_put(fixture, 2, fixture_day(JUNE), 7500000);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(run.issued, 2);
    assert_int_equal(run.held, 1);
    assert_int_equal(fixture_account(fixture, 2).held_error, BILLING_ERR_DRAFT);
    assert_int_equal(fixture_balance(fixture, 2), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill JOIN transfer USING (transfer_id)"), 2);
    run = run_draft(fixture, JUNE, BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(run.drafts, 1);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(fixture_balance(fixture, 2), -1500);
    fixture_verify(fixture);
}

static void a_missing_reading_is_held_or_estimated_as_asked(void **state)
{
    struct fixture *fixture = *state;
    struct billing_run run;

    town_prepare(fixture);
    run = run_draft(fixture, JUNE, BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-07-01"), 10000000);
    fixture_midnight(fixture, 2, fixture_day("2026-07-01"), 14000000);
    fixture->now_s = fixture_time("2026-07-01T10:00");
    run = run_draft(fixture, "2026-07-01", BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(run.drafts, 2);
    assert_int_equal(run.held, 1);
    assert_int_equal(fixture_number(fixture, "SELECT held_error FROM settlement_draft WHERE run_id = 2 AND account_id = 3"),
                     BILLING_ERR_MIDNIGHT);
    assert_int_equal(run_decide(fixture, BILLING_RUN_CANCEL, &run), 0);
    assert_int_equal(run.state, BILLING_RUN_CANCELLED);
    /* 9 m3 in 12 days before: 22.5 m3 in the 30 days of June. */
    run = run_draft(fixture, "2026-07-01", BILLING_ESTIMATE_USUAL, true);
    assert_int_equal(run.drafts, 3);
    assert_int_equal(run.estimated, 1);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(fixture_number(fixture, "SELECT usage_value FROM bill WHERE estimated = 1"), 22500000);
    fixture_verify(fixture);
}

/* The midnights of the first of July are rows only when they are asked for, as after a storm of reports. */
static int midnights_bring(void *context, const uint32_t *device_ids, uint32_t count)
{
    struct fixture *fixture = context;

    for (uint32_t i = 0; i < count; i++)
        if (fixture->now_s == fixture_time("2026-07-01T10:00"))
            fixture_midnight(fixture, device_ids[i], fixture_day("2026-07-01"), 20000000);
    return 0;
}

static void a_midnight_that_waits_in_a_log_is_not_missing(void **state)
{
    struct fixture *fixture = *state;
    struct billing_run run;

    town_prepare(fixture);
    run = run_draft(fixture, JUNE, BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    fixture->actions.devices_settle = midnights_bring;
    fixture->now_s = fixture_time("2026-07-01T10:00");
    run = run_draft(fixture, "2026-07-01", BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(run.drafts, 3);
    assert_int_equal(run.held, 0);
}

/* The reading that comes later shows that it was less: the estimated bill is taken back and the sum is billed anew. */
static void an_estimate_that_was_too_high_is_rated_again_with_the_reading(void **state)
{
    struct fixture *fixture = *state;
    struct billing_run run;

    a_missing_reading_is_held_or_estimated_as_asked(state);
    fixture_midnight(fixture, 3, fixture_day("2026-08-01"), 20000000);
    fixture->now_s = fixture_time("2026-08-01T10:00");
    run = run_draft(fixture, "2026-08-01", BILLING_ESTIMATE_HOLD, true);
    assert_int_equal(fixture_number(fixture, "SELECT held_error FROM settlement_draft WHERE account_id = 3"
                                             " ORDER BY run_id DESC LIMIT 1"),
                     0);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(fixture_number(fixture, "SELECT usage_value FROM bill WHERE account_id = 3 AND state <> 'reversed'"
                                             " ORDER BY to_day DESC LIMIT 1"),
                     11000000);
    assert_int_equal(fixture_balance(fixture, 3), -4000);
    fixture_verify(fixture);
}

static void periods_close_in_the_months_of_the_contract(void **state)
{
    static const struct {
        int32_t months, first_month, day;
        const char *settled, *next;
    } cases[] = {
        { 1, 1, 1, "2026-05-20", "2026-06-01" },  { 1, 1, 25, "2026-05-20", "2026-05-25" },
        { 2, 1, 1, "2026-05-20", "2026-07-01" },  { 2, 2, 1, "2026-05-20", "2026-06-01" },
        { 3, 1, 15, "2026-04-15", "2026-07-15" }, { 12, 11, 1, "2026-05-20", "2026-11-01" },
        { 12, 5, 20, "2026-05-20", "2027-05-20" }, { 6, 12, 28, "2026-05-20", "2026-06-28" },
    };
    struct fixture *fixture = *state;

    (void)fixture_account_open(fixture, "postpaid", 0, 0);
    fixture_midnight_put(fixture, 1, fixture_day("2027-12-01"), 1000000);
    fixture->now_s = fixture_time("2027-12-01T10:00");
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        char text[256];
        struct billing_run run;

        (void)snprintf(text, sizeof text,
                       "UPDATE account SET settlement_months = %d, settlement_first_month = %d, settlement_day = %d,"
                       " look_s = 9999999999; UPDATE account_standing SET settled_day = %lld",
                       cases[index].months, cases[index].first_month, cases[index].day,
                       (long long)fixture_day(cases[index].settled));
        assert_int_equal(store_execute(fixture->store, text), 0);
        (void)snprintf(text, sizeof text, "SELECT count(*) FROM settlement_draft WHERE run_id = %d", (int)index * 2 + 1);
        run = run_draft(fixture, cases[index].next, BILLING_ESTIMATE_HOLD, true);
        assert_int_equal(fixture_number(fixture, text), 1);
        run = (struct billing_run){ .to_day = fixture_day(cases[index].next) - 1, .due_only = true };
        assert_int_equal(billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &run, &run), 0);
        assert_int_equal(run.drafts + run.held, 0);
    }
}

static void odd_months_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct billing_account_terms terms = { .settlement_months = 5, .settlement_first_month = 1 };

    (void)fixture_account_open(fixture, "postpaid", 0, 0);
    assert_int_equal(billing_account_change(fixture->billing, &fixture->scope, 1, BILLING_ACCOUNT_MONTHS, fixture->now_s,
                                            &terms),
                     BILLING_ERR_MONTHS);
    terms.settlement_first_month = 13;
    assert_int_equal(billing_account_change(fixture->billing, &fixture->scope, 1, BILLING_ACCOUNT_FIRST_MONTH,
                                            fixture->now_s, &terms),
                     BILLING_ERR_MONTHS);
    terms.settlement_months = 6;
    assert_int_equal(billing_account_change(fixture->billing, &fixture->scope, 1, BILLING_ACCOUNT_MONTHS, fixture->now_s,
                                            &terms),
                     0);
    assert_int_equal(fixture_account(fixture, 1).settlement_months, 6);
}

/* Slices follow in ticks; cancelled on the way, what was issued stands and can be taken back. */
static void a_run_is_cancelled_on_its_way(void **state)
{
    struct fixture *fixture = *state;
    struct billing_run run, other = { .to_day = fixture_day("2026-05-26") };

    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'bills_by_run', '1')"), 0);
    for (uint32_t device_id = 1; device_id <= BILLING_RUN_SLICE + 20; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 0);
        fixture_midnight_put(fixture, device_id, other.to_day, 1000000);
    }
    fixture->now_s = fixture_time("2026-05-26T10:00");
    run = run_draft(fixture, "2026-05-26", BILLING_ESTIMATE_HOLD, false);
    assert_int_equal(run.state, BILLING_RUN_DRAFTING);
    assert_int_equal(run.done, BILLING_RUN_SLICE);
    assert_int_equal(run.total, BILLING_RUN_SLICE + 20);
    assert_int_equal(billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &other, &other),
                     BILLING_ERR_RUNNING);
    fixture->story.size = 0;
    fixture_settle(fixture);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(run.state, BILLING_RUN_ISSUING);
    assert_int_equal(run_decide(fixture, BILLING_RUN_CANCEL, &run), 0);
    fixture->story.size = 0;
    fixture_settle(fixture);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill"), BILLING_RUN_SLICE);
    assert_int_equal(run_decide(fixture, BILLING_RUN_REVERSE, &run), 0);
    fixture_settle(fixture);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE state <> 'reversed'"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM settlement_run WHERE state = 'reversed'"), 1);
    fixture_verify(fixture);
}

static void another_tenants_run_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    struct billing_scope scope = { .tenant_id = 2, .path = "" };
    struct billing_run run = run_draft(fixture, "2026-05-20", BILLING_ESTIMATE_HOLD, true);

    assert_int_equal(run.state, BILLING_RUN_READY);
    assert_int_equal(billing_run_decide(fixture->billing, &scope, fixture->now_s, run.run_id, BILLING_RUN_APPROVE, &run),
                     BILLING_ERR_RUN);
    assert_int_equal(billing_run_decide(fixture->billing, &fixture->scope, fixture->now_s, 99, BILLING_RUN_APPROVE, &run),
                     BILLING_ERR_RUN);
}

/* Who answers for one quarter neither bills the town nor decides about its run. */
static void a_run_stays_within_the_jurisdiction(void **state)
{
    struct fixture *fixture = *state;
    struct billing_scope quarter = { .tenant_id = 1, .person_id = 9, .path = "/1/99/" };
    struct billing_run run = run_draft(fixture, "2026-05-20", BILLING_ESTIMATE_HOLD, true);
    struct billing_run small = { .to_day = fixture_day("2026-05-20") };

    assert_int_equal(billing_run_decide(fixture->billing, &quarter, fixture->now_s, run.run_id, BILLING_RUN_CANCEL, &run),
                     BILLING_ERR_RUN);
    (void)fixture_account_open(fixture, "postpaid", 0, 0);
    assert_int_equal(billing_run_draft(fixture->billing, &quarter, fixture->now_s, 0, &small, &small), 0);
    assert_int_equal(small.total, 0);
    assert_int_equal(billing_run_draft(fixture->billing, &quarter, fixture->now_s, 1, &small, &small), BILLING_ERR_AREA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_draft_is_approved_issued_and_taken_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_bill_that_changed_since_its_draft_is_left_out, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_missing_reading_is_held_or_estimated_as_asked, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_midnight_that_waits_in_a_log_is_not_missing, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(an_estimate_that_was_too_high_is_rated_again_with_the_reading, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(periods_close_in_the_months_of_the_contract, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(odd_months_are_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_run_is_cancelled_on_its_way, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(another_tenants_run_is_unknown, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_run_stays_within_the_jurisdiction, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
