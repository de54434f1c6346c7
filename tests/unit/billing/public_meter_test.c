#include "tests/unit/unit_test.h"

#include "base/quantity.h"
#include "billing/public_meter.h"
#include "tests/unit/billing/billing_fixture.h"

/* Account 1 is the lamp in the stairs at 1 yuan a m3, accounts 2 to 4 live there. */
static void house_prepare(struct fixture *fixture, const int64_t weights[3])
{
    char key[16];

    fixture_flat_price(fixture, "1.00");
    for (uint32_t device_id = 1; device_id <= 4; device_id++) {
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
        fixture_midnight(fixture, device_id, fixture_day("2026-05-20"), 0);
    }
    for (int64_t account_id = 2; account_id <= 4; account_id++) {
        (void)snprintf(key, sizeof key, "before-%d", (int)account_id);
        assert_int_equal(fixture_pay(fixture, account_id, 10000, key, NULL), 0);
        assert_int_equal(billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, account_id, 1,
                                           weights[account_id - 2]), 0);
    }
}

static void public_day(struct fixture *fixture, const char *day, int64_t total_ml)
{
    char time[32];

    for (uint32_t device_id = 1; device_id <= 4; device_id++)
        fixture_midnight(fixture, device_id, fixture_day(day), device_id == 1 ? total_ml : 0);
    (void)snprintf(time, sizeof time, "%sT02:00", day);
    fixture_run(fixture, fixture_time(time));
}

static void a_public_meter_is_shared_by_ratio_to_the_fen(void **state)
{
    struct fixture *fixture = *state;

    house_prepare(fixture, (const int64_t[]){ 1, 1, 1 });
    public_day(fixture, "2026-05-21", 1000000); /* 1.00 yuan by three */
    assert_int_equal(fixture_balance(fixture, 1), 0);
    assert_int_equal(fixture_balance(fixture, 2), 10000 - 34);
    assert_int_equal(fixture_balance(fixture, 3), 10000 - 33);
    assert_int_equal(fixture_balance(fixture, 4), 10000 - 33);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'share' AND reference = 1"), 3);
    assert_int_equal(billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, 2, 1, 3), 0);
    assert_int_equal(billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, 4, 1, 0), 0);
    public_day(fixture, "2026-05-22", 5000000); /* 4.00 yuan as 3 : 1 */
    assert_int_equal(fixture_balance(fixture, 2), 10000 - 34 - 300);
    assert_int_equal(fixture_balance(fixture, 3), 10000 - 33 - 100);
    assert_int_equal(fixture_balance(fixture, 4), 10000 - 33);
    fixture_verify(fixture);
}

static void members_used(struct fixture *fixture, const char *day, const int64_t totals[4])
{
    char time[32];

    for (uint32_t device_id = 1; device_id <= 4; device_id++)
        fixture_midnight(fixture, device_id, fixture_day(day), totals[device_id - 1]);
    (void)snprintf(time, sizeof time, "%sT02:00", day);
    fixture_run(fixture, fixture_time(time));
}

/* Air-conditioning: what the outdoor unit cost, by what each indoor unit counted times its capacity; the evidence is kept. */
static void a_cost_is_shared_by_what_the_meters_counted(void **state)
{
    struct fixture *fixture = *state;

    house_prepare(fixture, (const int64_t[]){ 1, 1, 2 });
    assert_int_equal(billing_share_basis_set(fixture->billing, &fixture->scope, fixture->now_s, 2, BILLING_SHARE_BY_USE),
                     BILLING_ERR_SHARE);
    assert_int_equal(billing_share_basis_set(fixture->billing, &fixture->scope, fixture->now_s, 1, BILLING_SHARE_BY_USE), 0);
    members_used(fixture, "2026-05-21", (const int64_t[]){ 10000000, 1000000, 0, 2000000 }); /* 10.00 as 1 : 0 : 4 */
    assert_int_equal(fixture_balance(fixture, 1), 0);
    assert_int_equal(fixture_balance(fixture, 2), 10000 - 100 - 200);
    assert_int_equal(fixture_balance(fixture, 3), 10000);
    assert_int_equal(fixture_balance(fixture, 4), 10000 - 200 - 800);
    assert_int_equal(fixture_number(fixture, "SELECT to_value - from_value FROM share_part WHERE account_id = 4"), 2000000);
    assert_int_equal(fixture_number(fixture, "SELECT weight FROM share_part WHERE account_id = 4"), 4000);
    assert_int_equal(fixture_number(fixture, "SELECT weight_total FROM share_run WHERE basis = 'use'"), 5000);
    assert_int_equal(fixture_number(fixture, "SELECT sum(amount_fen) FROM share_part"), 1000);
    /* Nobody used anything: the capacities alone. */
    members_used(fixture, "2026-05-22", (const int64_t[]){ 14000000, 1000000, 0, 2000000 });
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM share_run WHERE basis = 'ratio'"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM share_part WHERE account_id = 4 ORDER BY share_run_id DESC LIMIT 1"), 200);
    fixture_verify(fixture);
}

/* A midnight that comes late is waited for; what it counted is in the sharing that follows it. */
static void a_late_midnight_of_a_member_is_waited_for(void **state)
{
    struct fixture *fixture = *state;

    house_prepare(fixture, (const int64_t[]){ 1, 1, 1 });
    assert_int_equal(billing_share_basis_set(fixture->billing, &fixture->scope, fixture->now_s, 1, BILLING_SHARE_BY_USE), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 6000000);
    fixture_midnight(fixture, 2, fixture_day("2026-05-21"), 1000000);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 0);
    fixture_run(fixture, fixture_time("2026-05-21T05:00"));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM share_run"), 0);
    fixture_midnight(fixture, 4, fixture_day("2026-05-21"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-21T06:00"));
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM share_part WHERE account_id = 4"), 400);
    assert_int_equal(fixture_balance(fixture, 1), 0);
    fixture_verify(fixture);
}

/* The same by how long each unit ran, as its meter counts it. */
static void a_cost_is_shared_by_running_time(void **state)
{
    struct fixture *fixture = *state;
    char text[256];

    house_prepare(fixture, (const int64_t[]){ 1, 1, 1 });
    assert_int_equal(billing_share_basis_set(fixture->billing, &fixture->scope, fixture->now_s, 1, BILLING_SHARE_BY_TIME), 0);
    for (int device = 2; device <= 4; device++) {
        (void)snprintf(text, sizeof text, "INSERT INTO register_reading VALUES (%d, %d, 0, %lld, 0, 1000, 0, 0),"
                       " (%d, %d, 0, %lld, %d, 1000, 0, 0)", device, QUANTITY_OPERATING_TIME << 16,
                       (long long)fixture_time("2026-05-19T23:00"), device, QUANTITY_OPERATING_TIME << 16,
                       (long long)fixture_time("2026-05-20T23:00"), device == 3 ? 0 : 3600 * device);
        assert_int_equal(store_execute(fixture->store, text), 0);
    }
    public_day(fixture, "2026-05-21", 6000000); /* 6.00 by 2 : 0 : 4 hours */
    assert_int_equal(fixture_balance(fixture, 2), 10000 - 200);
    assert_int_equal(fixture_balance(fixture, 3), 10000);
    assert_int_equal(fixture_balance(fixture, 4), 10000 - 400);
    fixture_verify(fixture);
}

static void a_public_account_owes_nothing_and_is_never_cut(void **state)
{
    struct fixture *fixture = *state;

    house_prepare(fixture, (const int64_t[]){ 5, 3, 2 });
    public_day(fixture, "2026-05-21", 1000000);
    public_day(fixture, "2026-05-25", 2000000);
    assert_int_equal(fixture_number(fixture, "SELECT stage = 'good' FROM account WHERE account_id = 1"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM notice WHERE account_id = 1"), 0);
}

/* A day that is corrected afterwards gives back what was shared too much. */
static void a_correction_is_shared_too(void **state)
{
    struct fixture *fixture = *state;

    house_prepare(fixture, (const int64_t[]){ 5, 3, 2 });
    public_day(fixture, "2026-05-21", 10000000);
    assert_int_equal(fixture_balance(fixture, 2), 10000 - 500);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 4000000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, fixture_day("2026-05-21"), fixture->now_s), 0);
    fixture_run(fixture, fixture->now_s);
    assert_int_equal(fixture_balance(fixture, 1), 0);
    assert_int_equal(fixture_balance(fixture, 2), 10000 - 200);
    assert_int_equal(fixture_balance(fixture, 4), 10000 - 80);
    fixture_verify(fixture);
}

static void a_share_that_empties_a_wallet_is_noticed(void **state)
{
    struct fixture *fixture = *state;

    house_prepare(fixture, (const int64_t[]){ 1, 1, 98 });
    public_day(fixture, "2026-05-21", 200000000); /* 200 yuan */
    fixture_run(fixture, fixture_time("2026-05-21T12:00"));
    assert_true(fixture_balance(fixture, 4) < 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM notice WHERE account_id = 4") > 0, true);
}

static void wrong_pairs_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct billing *billing;
    int64_t postpaid_id;

    house_prepare(fixture, (const int64_t[]){ 1, 1, 1 });
    billing = fixture->billing;
    postpaid_id = fixture_account_open(fixture, "postpaid", 0, 0);
    assert_int_equal(billing_share_set(billing, &fixture->scope, 0, 1, 1, 1), BILLING_ERR_SHARE);
    assert_int_equal(billing_share_set(billing, &fixture->scope, 0, postpaid_id, 1, 1), BILLING_ERR_SHARE);
    assert_int_equal(billing_share_set(billing, &fixture->scope, 0, 2, postpaid_id, 1), BILLING_ERR_SHARE);
    assert_int_equal(billing_share_set(billing, &fixture->scope, 0, 3, 2, 1), BILLING_ERR_SHARE); /* 2 shares itself */
    assert_int_equal(billing_share_set(billing, &fixture->scope, 0, 2, 1, -1), BILLING_ERR_SHARE_WEIGHT);
    assert_int_equal(billing_share_set(billing, &fixture->scope, 0, 2, 1, INT64_MAX), BILLING_ERR_SHARE_WEIGHT);
    assert_int_equal(billing_share_set(billing, &fixture->scope, 0, 99, 1, 1), BILLING_ERR_ACCOUNT);
    /* A public account in a group would be shared out of the wallet of those who share it. */
    assert_int_equal(billing_group_join(billing, &fixture->scope, fixture->now_s, 1, 2), BILLING_ERR_GROUP);
    assert_int_equal(billing_group_join(billing, &fixture->scope, fixture->now_s, 2, 1), BILLING_ERR_GROUP);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_public_meter_is_shared_by_ratio_to_the_fen, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_public_account_owes_nothing_and_is_never_cut, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_cost_is_shared_by_what_the_meters_counted, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_late_midnight_of_a_member_is_waited_for, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_cost_is_shared_by_running_time, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_correction_is_shared_too, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_share_that_empties_a_wallet_is_noticed, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(wrong_pairs_are_refused, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
