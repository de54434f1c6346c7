#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>

/* Four debtors whose final notice ends in the same window; one valve a day may close without a batch. */
static void debtors_prepare(struct fixture *fixture)
{
    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'cut_release_above', '1')"), 0);
    for (uint32_t device_id = 1; device_id <= 4; device_id++) {
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
        fixture_midnight(fixture, device_id, fixture_day("2026-05-21"), 5000000);
    }
    fixture_run(fixture, fixture_time("2026-05-22T09:00"));
}

static int64_t cut_count(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'");
}

static struct billing_batch batch_ask(struct fixture *fixture, int32_t closings)
{
    struct billing_batch batch = { .closings = closings, .reason = "月末催缴" };

    assert_int_equal(billing_batch_ask(fixture->billing, &fixture->scope, fixture->now_s, &batch), 0);
    return batch;
}

static int batch_release(struct fixture *fixture, int64_t batch_id, uint32_t person_id)
{
    struct billing_scope scope = { .tenant_id = 1, .person_id = person_id, .path = "/1/" };

    return billing_batch_release(fixture->billing, &scope, fixture->now_s, batch_id);
}

static void beyond_the_few_two_people_release(void **state)
{
    struct fixture *fixture = *state;
    struct billing_batch batch;

    debtors_prepare(fixture);
    assert_int_equal(cut_count(fixture), 1);
    batch = batch_ask(fixture, 2);
    fixture_run(fixture, fixture->now_s + 1200);
    assert_int_equal(cut_count(fixture), 1);
    assert_int_equal(batch_release(fixture, batch.batch_id, 7), BILLING_ERR_SAME_PERSON);
    assert_int_equal(batch_release(fixture, 99, 8), BILLING_ERR_BATCH);
    assert_int_equal(batch_release(fixture, batch.batch_id, 8), 0);
    assert_int_equal(batch_release(fixture, batch.batch_id, 9), BILLING_ERR_BATCH_SETTLED);
    fixture_run(fixture, fixture->now_s + 1200);
    assert_int_equal(cut_count(fixture), 3);
}

/* Who pays between release and closing is not cut: each account is judged at its own last moment. */
static void who_paid_meanwhile_is_not_cut(void **state)
{
    struct fixture *fixture = *state;
    struct billing_batch batch;

    debtors_prepare(fixture);
    batch = batch_ask(fixture, 10);
    for (int64_t account_id = 1; account_id <= 4; account_id++) {
        char key[16];

        (void)snprintf(key, sizeof key, "p%d", (int)account_id);
        if (fixture_account(fixture, account_id).arrears.stage == ARREARS_FINAL_NOTICE)
            assert_int_equal(fixture_pay(fixture, account_id, 100000, key, NULL), 0);
    }
    assert_int_equal(batch_release(fixture, batch.batch_id, 8), 0);
    fixture_run(fixture, fixture->now_s + 1200);
    assert_int_equal(cut_count(fixture), 1);
}

static void a_batch_is_good_for_its_day_and_below_the_limit(void **state)
{
    struct fixture *fixture = *state;
    struct billing_batch batch;

    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'cut_limit_per_run', '2')"), 0);
    debtors_prepare(fixture);
    batch = batch_ask(fixture, 100);
    assert_int_equal(batch_release(fixture, batch.batch_id, 8), 0);
    fixture_run(fixture, fixture_time("2026-05-22T15:00"));
    assert_int_equal(cut_count(fixture), 2);
    batch = batch_ask(fixture, 100);
    fixture->now_s = fixture_time("2026-05-23T09:00");
    assert_int_equal(batch_release(fixture, batch.batch_id, 8), BILLING_ERR_BATCH_SETTLED);
}

/* Half an hour, and at the latest the end of the day: who is to be cut changes by the minute. */
static void a_batch_nobody_releases_lapses(void **state)
{
    struct fixture *fixture = *state;
    struct billing_batch batch;
    int64_t asked_s;

    debtors_prepare(fixture);
    asked_s = fixture->now_s;
    batch = batch_ask(fixture, 100);
    fixture->now_s = asked_s + 1800;
    assert_int_equal(batch_release(fixture, batch.batch_id, 8), BILLING_ERR_BATCH_SETTLED);
    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'cut_approval_min', '45')"), 0);
    batch = batch_ask(fixture, 100);
    fixture->now_s += 2699;
    assert_int_equal(batch_release(fixture, batch.batch_id, 8), 0);
}

static void faults_are_named(void **state)
{
    struct fixture *fixture = *state;
    struct billing_batch batch = { .closings = 0, .reason = "x" };

    assert_int_equal(billing_batch_ask(fixture->billing, &fixture->scope, fixture->now_s, &batch), BILLING_ERR_CLOSINGS);
    batch.closings = 10001;
    assert_int_equal(billing_batch_ask(fixture->billing, &fixture->scope, fixture->now_s, &batch), BILLING_ERR_CLOSINGS);
    batch = (struct billing_batch){ .closings = 5 };
    assert_int_equal(billing_batch_ask(fixture->billing, &fixture->scope, fixture->now_s, &batch), BILLING_ERR_REASON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(beyond_the_few_two_people_release, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(who_paid_meanwhile_is_not_cut, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_batch_is_good_for_its_day_and_below_the_limit, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_batch_nobody_releases_lapses, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(faults_are_named, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
