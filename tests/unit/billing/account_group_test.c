#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

/* Account 1 is the main one, 2 and 3 are rooms it pays for, at 3 yuan a m3. */
static void group_prepare(struct fixture *fixture, int64_t paid_fen)
{
    fixture_flat_price(fixture, "3.00");
    for (uint32_t device_id = 1; device_id <= 3; device_id++) {
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
        fixture_midnight(fixture, device_id, fixture_day("2026-05-20"), 0);
    }
    if (paid_fen > 0)
        assert_int_equal(fixture_pay(fixture, 2, paid_fen, "before", NULL), 0);
    for (int64_t account_id = 2; account_id <= 3; account_id++)
        assert_int_equal(billing_group_join(fixture->billing, &fixture->scope, fixture->now_s, account_id, 1), 0);
}

static int group_join(struct fixture *fixture, int64_t account_id, int64_t main_account_id)
{
    return billing_group_join(fixture->billing, &fixture->scope, fixture->now_s, account_id, main_account_id);
}

static void rooms_are_paid_from_one_wallet(void **state)
{
    struct fixture *fixture = *state;

    group_prepare(fixture, 5000);
    assert_int_equal(fixture_balance(fixture, 1), 5000);
    for (uint32_t device_id = 1; device_id <= 3; device_id++)
        fixture_midnight(fixture, device_id, fixture_day("2026-05-21"), device_id * 1000000);
    fixture_run(fixture, fixture_time("2026-05-21T02:00"));
    assert_int_equal(fixture_balance(fixture, 1), 5000 - 1800);
    assert_int_equal(fixture_balance(fixture, 3), 5000 - 1800);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM daily_charge WHERE account_id = 3"), 900);
    assert_int_equal(fixture_pay(fixture, 3, 100, "for-all", NULL), 0);
    assert_int_equal(fixture_balance(fixture, 1), 3300);
    fixture_verify(fixture);
}

static void arrears_cut_all_and_a_payment_restores_all(void **state)
{
    struct fixture *fixture = *state;

    group_prepare(fixture, 0);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-22T12:00"));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'"), 3);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM notice WHERE account_id <> 1"), 0);
    assert_int_equal(fixture->command_id, 3);
    /* Money for a room is money for all: every valve opens in the payment's own transaction. */
    assert_int_equal(fixture_pay(fixture, 2, 1000, "restore", NULL), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'"), 0);
    assert_int_equal(fixture->command_id, 6);
    fixture_verify(fixture);
}

/* Who looks at a room is told the same hour as who pays. */
static void a_room_knows_when_the_last_notice_was(void **state)
{
    struct fixture *fixture = *state;

    group_prepare(fixture, 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET grace_h = 48"), 0);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-22T12:00"));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'final_notice'"), 3);
    assert_int_equal(fixture_number(fixture, "SELECT count(DISTINCT final_notice_s) FROM account WHERE final_notice_s > 0"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE final_notice_s = 0"), 0);
}

static int64_t cut_count(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'");
}

/* One valve a day may close without a batch; the group has three. */
static void a_group_is_cut_off_within_the_limits_of_the_day(void **state)
{
    struct fixture *fixture = *state;
    const struct billing_scope other = { .tenant_id = 1, .person_id = 8, .path = "/1/" };
    struct billing_batch batch = { .closings = 2, .reason = "月末催缴" };

    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'cut_release_above', '1')"), 0);
    group_prepare(fixture, 0);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-22T12:00"));
    assert_int_equal(cut_count(fixture), 0);
    assert_int_equal(billing_batch_ask(fixture->billing, &fixture->scope, fixture->now_s, &batch), 0);
    assert_int_equal(billing_batch_release(fixture->billing, &other, fixture->now_s, batch.batch_id), 0);
    fixture_run(fixture, fixture->now_s + 600);
    assert_int_equal(cut_count(fixture), 3);
    assert_int_equal(fixture_number(fixture, "SELECT closings FROM cut_off_day"), 3);
}

/* Its midnight arrives with a row that says nothing of protection. */
static void a_protected_room_of_a_group_keeps_its_supply(void **state)
{
    struct fixture *fixture = *state;

    group_prepare(fixture, 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE customer SET protected_until_s = 1789000000, protected_reason ="
                                          " '医疗' WHERE customer_id = (SELECT customer_id FROM account WHERE account_id = 2)"), 0);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-22T12:00"));
    assert_int_equal(cut_count(fixture), 2);
    fixture->now_s = fixture_time("2026-05-23T01:00");
    fixture_midnight(fixture, 2, fixture_day("2026-05-23"), 100000);
    assert_int_equal(billing_news_settle(fixture->billing, fixture->now_s), 1);
    fixture_run(fixture, fixture_time("2026-05-26T12:00"));
    assert_int_equal(cut_count(fixture), 2);
    assert_int_equal(fixture_account(fixture, 2).arrears.stage, ARREARS_OVERDRAFT);
}

/* Friday the 22nd at noon the group is cut off; what becomes due to be closed after that waits for the next window. */
static void a_room_is_cut_off_in_permitted_hours_only(void **state)
{
    struct fixture *fixture = *state;

    group_prepare(fixture, 0);
    assert_int_equal(fixture_account_open(fixture, "prepaid_platform", 0, 0), 4);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-22T20:00"));
    assert_int_equal(cut_count(fixture), 3);
    assert_int_equal(group_join(fixture, 4, 1), 0);
    fixture_run(fixture, fixture_time("2026-05-25T08:20"));
    assert_int_equal(cut_count(fixture), 3);
    fixture_run(fixture, fixture_time("2026-05-25T08:30"));
    assert_int_equal(cut_count(fixture), 4);
    assert_int_equal(fixture_pay(fixture, 4, 100000, "all", NULL), 0);
    assert_int_equal(cut_count(fixture), 0);
}

static void a_room_that_leaves_stands_alone(void **state)
{
    struct fixture *fixture = *state;

    group_prepare(fixture, 5000);
    assert_int_equal(group_join(fixture, 3, 0), 0);
    assert_int_equal(fixture_balance(fixture, 3), 0);
    assert_int_equal(fixture_pay(fixture, 3, 70, "alone", NULL), 0);
    assert_int_equal(fixture_balance(fixture, 3), 70);
    assert_int_equal(fixture_balance(fixture, 1), 5000);
    assert_int_equal(group_join(fixture, 3, 1), 0);
    assert_int_equal(fixture_balance(fixture, 1), 5070);
    fixture_verify(fixture);
}

/* A day charged before the room joined is corrected afterwards: the difference reaches the wallet in use. */
static void a_correction_follows_to_the_wallet_in_use(void **state)
{
    struct fixture *fixture = *state;

    fixture_flat_price(fixture, "3.00");
    for (uint32_t device_id = 1; device_id <= 2; device_id++) {
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 10000);
        fixture_midnight(fixture, device_id, fixture_day("2026-05-20"), 0);
    }
    fixture_midnight(fixture, 2, fixture_day("2026-05-21"), 4000000);
    fixture_run(fixture, fixture_time("2026-05-21T02:00"));
    assert_int_equal(group_join(fixture, 2, 1), 0);
    assert_int_equal(fixture_balance(fixture, 1), -1200);
    fixture_midnight_put(fixture, 2, fixture_day("2026-05-21"), 1000000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 2, fixture_day("2026-05-21"), fixture->now_s), 0);
    assert_int_equal(fixture_balance(fixture, 1), -300);
    assert_int_equal(fixture_number(fixture, "SELECT sum(credits_fen - debits_fen) FROM ledger_account WHERE kind = 'wallet'"),
                     -300);
    fixture_verify(fixture);
}

static void groups_are_one_level_deep(void **state)
{
    struct fixture *fixture = *state;
    struct ledger_hold hold;
    struct billing_hold_request request = { .amount_fen = 10, .duration_s = 60, .key = "h", .item = "hot_water" };

    group_prepare(fixture, 5000);
    assert_int_equal(fixture_account_open(fixture, "postpaid", 0, 0), 4);
    assert_int_equal(fixture_account_open(fixture, "prepaid_platform", 0, 0), 5);
    assert_int_equal(group_join(fixture, 1, 5), BILLING_ERR_GROUP);
    assert_int_equal(group_join(fixture, 5, 2), BILLING_ERR_GROUP);
    assert_int_equal(group_join(fixture, 5, 5), BILLING_ERR_GROUP);
    assert_int_equal(group_join(fixture, 4, 1), BILLING_ERR_GROUP);
    assert_int_equal(group_join(fixture, 5, 4), BILLING_ERR_GROUP);
    assert_int_equal(group_join(fixture, 5, 99), BILLING_ERR_ACCOUNT);
    assert_int_equal(fixture_pay(fixture, 5, 100, "five", NULL), 0);
    request.account_id = 5;
    assert_int_equal(billing_hold_place(fixture->billing, &fixture->scope, fixture->now_s, &request, &hold), 0);
    assert_int_equal(group_join(fixture, 5, 1), BILLING_ERR_GROUP_HELD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rooms_are_paid_from_one_wallet, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(arrears_cut_all_and_a_payment_restores_all, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_room_knows_when_the_last_notice_was, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_group_is_cut_off_within_the_limits_of_the_day, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_protected_room_of_a_group_keeps_its_supply, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_room_is_cut_off_in_permitted_hours_only, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_room_that_leaves_stands_alone, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_correction_follows_to_the_wallet_in_use, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(groups_are_one_level_deep, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
