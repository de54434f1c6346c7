#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "store/store_error.h"

#include "base/random.h"

#include <stdio.h>
#include <string.h>

static void key_twice_is_one_payment(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    int64_t other_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_payment_result first, again;

    assert_int_equal(fixture_pay(fixture, account_id, 10000, "k-1", &first), 0);
    assert_false(first.repeated);
    assert_string_equal(first.payment.receipt, "R20260520-000001");
    fixture->now_s += 100;
    assert_int_equal(fixture_pay(fixture, account_id, 10000, "k-1", &again), 0);
    assert_true(again.repeated);
    assert_int_equal(again.payment.payment_id, first.payment.payment_id);
    assert_string_equal(again.payment.receipt, first.payment.receipt);
    assert_int_equal(again.payment.balance_fen, 10000);
    assert_int_equal(fixture_pay(fixture, account_id, 10001, "k-1", NULL), BILLING_ERR_KEY_REUSED);
    assert_int_equal(fixture_pay(fixture, other_id, 10000, "k-1", NULL), BILLING_ERR_KEY_REUSED);
    assert_int_equal(fixture_balance(fixture, account_id), 10000);
    /* Keys of full length stay apart down to their last character. */
    assert_int_equal(fixture_pay(fixture, account_id, 1,
                                 "0123456789012345678901234567890123456789012345678901234567890123", &first), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 1,
                                 "0123456789012345678901234567890123456789012345678901234567890124", &again), 0);
    assert_false(again.repeated);
    assert_int_equal(fixture_balance(fixture, account_id), 10002);
    fixture_verify(fixture);
}

static void wrong_payments_are_refused(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_payment_request request = { account_id, 100, "gold", "k", "" };
    struct billing_payment_result result;
    struct billing_scope elsewhere = { .tenant_id = 1, .path = "/1/3/" }, stranger = { .tenant_id = 2, .path = NULL };

    assert_int_equal(fixture_pay(fixture, account_id, 0, "k", NULL), BILLING_ERR_AMOUNT);
    assert_int_equal(fixture_pay(fixture, account_id, -5, "k", NULL), BILLING_ERR_AMOUNT);
    assert_int_equal(fixture_pay(fixture, account_id, 100000001, "k", NULL), BILLING_ERR_AMOUNT);
    assert_int_equal(fixture_pay(fixture, account_id, 100, "", NULL), BILLING_ERR_KEY);
    assert_int_equal(fixture_pay(fixture, account_id, 100, "a/b", NULL), BILLING_ERR_KEY);
    assert_int_equal(fixture_pay(fixture, account_id, 100,
                                 "0123456789012345678901234567890123456789012345678901234567890123x", NULL),
                     BILLING_ERR_KEY);
    assert_int_equal(fixture_pay(fixture, 99, 100, "k", NULL), BILLING_ERR_ACCOUNT);
    assert_int_equal(billing_payment_take(fixture->billing, &fixture->scope, fixture->now_s, &request, &result),
                     BILLING_ERR_METHOD);
    memcpy(request.method, "partner", 8);
    assert_int_equal(billing_payment_take(fixture->billing, &fixture->scope, fixture->now_s, &request, &result),
                     BILLING_ERR_METHOD);
    memcpy(request.method, "cash", 5);
    assert_int_equal(billing_payment_take(fixture->billing, &elsewhere, fixture->now_s, &request, &result),
                     BILLING_ERR_ACCOUNT);
    assert_int_equal(billing_payment_take(fixture->billing, &stranger, fixture->now_s, &request, &result),
                     BILLING_ERR_ACCOUNT);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer"), 0);
}

/* S3-095 .. S3-097: the meter holds the money; the ledger knows how much and sees the drift. */
static void meter_that_holds_money_is_topped_up(void **state)
{
    struct fixture *fixture = *state;
    struct billing_payment_result paid;
    struct billing_drift drift;
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_meter", 0, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "a", &paid), 0);
    assert_int_equal(fixture->recharged_fen, 5000);
    assert_int_equal(paid.payment.balance_fen, 5000);
    assert_true(paid.payment.command_id > 0);
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "a", &paid), 0);
    assert_int_equal(fixture->recharged_fen, 5000);
    fixture_midnight(fixture, 1, fixture_day("2026-05-20"), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-21T04:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 4400);
    assert_int_equal(store_execute(fixture->store, "UPDATE device_state SET balance_fen = 4391"), 0);
    assert_int_equal(billing_drift_read(fixture->billing, &fixture->scope, account_id, &drift), 0);
    assert_int_equal(drift.ledger_fen, 4400);
    assert_int_equal(drift.meter_fen, 4391);
    fixture_verify(fixture);
}

/* Money whose top-up the command room refused waits in the wallet and is sent once, later. */
static void refused_recharge_follows_later(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_meter", 0, 0);

    fixture->recharge_refusals = 1;
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "a", NULL), 0);
    assert_int_equal(fixture->recharged_fen, 0);
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen - debits_fen FROM ledger_account WHERE kind = 'wallet'"),
                     5000);
    fixture_run(fixture, fixture->now_s + 7200);
    assert_int_equal(fixture->recharged_fen, 5000);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    fixture_verify(fixture);
}

static void meter_side_arrears_never_use_our_valve(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_meter", 1000, 0);

    assert_int_equal(store_execute(fixture->store,
                                          "UPDATE device_state SET balance_fen = -900, last_report_s = 1"), 0);
    fixture_run(fixture, fixture_time("2026-05-27T12:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_OVERDRAFT);
    assert_int_equal(fixture->command_id, 0);
}

/* A top-up on its way counts: the meter's old word does not bring a reminder of money that was paid. */
static void top_up_on_its_way_counts(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_meter", 1000, 0);
    struct billing_drift drift;

    assert_int_equal(store_execute(fixture->store,
                                          "UPDATE device_state SET balance_fen = 100, last_report_s = 1;"
                                          "INSERT INTO command (tenant_id, device_id, kind, amount_fen, state, requested_s,"
                                          " expires_s) VALUES (1, 1, 'recharge', 5000, 'queued', 0, 0)"),
                     0);
    fixture_run(fixture, fixture_time("2026-05-21T12:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_GOOD);
    assert_int_equal(billing_drift_read(fixture->billing, &fixture->scope, account_id, &drift), 0);
    assert_int_equal(drift.pending_fen, 5000);
    assert_int_equal(store_execute(fixture->store, "UPDATE command SET finished_s = 5, state = 'cancelled'"), 0);
    fixture_run(fixture, fixture_time("2026-05-22T12:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_LOW_SECOND);
}

static void random_step(struct fixture *fixture, struct random *random, int64_t totals_value[5])
{
    uint32_t device_id = (uint32_t)random_below(random, 5) + 1;
    int64_t day = fixture->now_s / 86400;
    struct billing_settlement settlement;
    char key[32];
    int32_t count;

    switch (random_below(random, 6)) {
    case 0:
        (void)snprintf(key, sizeof key, "k-%d", (int)random_below(random, 40));
        (void)fixture_pay(fixture, device_id, random_between(random, 1, 9000), key, NULL);
        break;
    case 1:
        totals_value[device_id - 1] += random_between(random, 0, 3000000);
        fixture_midnight(fixture, device_id, day, totals_value[device_id - 1]);
        break;
    case 2:
        (void)billing_settlement_run(fixture->billing, &fixture->scope, day, fixture->now_s, &settlement);
        break;
    case 3:
        (void)billing_settlement_reverse(fixture->billing, &fixture->scope, day, fixture->now_s, &count);
        break;
    case 4:
        (void)billing_valve_verified(fixture->billing, device_id, BILLING_VALVE_CLOSE, fixture->now_s);
        break;
    default:
        fixture->now_s += random_between(random, 600, 90000);
        break;
    }
    fixture->valve_refusals = random_chance(random, 1, 10) ? 1 : 0;
    fixture->recharge_refusals = random_chance(random, 1, 10) ? 1 : 0;
    fixture_settle(fixture);
}

/* Whatever happens in whatever order, taken back or not: debits equal credits and balances are sums of postings. */
static void ledger_balances_after_any_sequence(void **state)
{
    static const char *const modes[] = { "postpaid", "prepaid_platform", "prepaid_meter", "postpaid",
                                         "prepaid_platform" };
    struct fixture *fixture = *state;

    for (size_t index = 0; index < 5; index++)
        (void)fixture_account_open(fixture, modes[index], 2000, 1000);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct random random = random_of_seed(seed);
        int64_t totals_value[5];

        for (uint32_t index = 0; index < 5; index++) {
            char query[96];

            (void)snprintf(query, sizeof query, "SELECT total_value FROM device_state WHERE device_id = %u", index + 1);
            totals_value[index] = fixture_number(fixture, query);
        }
        for (int step = 0; step < 60; step++) {
            bool taken_back = random_chance(&random, 1, 5);
            int64_t before_value[5];

            memcpy(before_value, totals_value, sizeof before_value);
            assert_int_equal(store_begin(fixture->store), 0);
            random_step(fixture, &random, totals_value);
            if (taken_back) {
                store_rollback(fixture->store);
                billing_rolled_back(fixture->billing);
                memcpy(totals_value, before_value, sizeof totals_value);
            } else {
                assert_int_equal(store_commit(fixture->store), 0);
            }
            fixture->story.size = 0;
            fixture_verify(fixture);
        }
    }
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment p JOIN transfer t USING (transfer_id)"
                                             " WHERE p.amount_fen <> t.amount_fen"), 0);
    assert_int_equal(fixture_number(fixture,
        "SELECT count(*) FROM account a JOIN ledger_account w ON w.ledger_account_id = a.wallet_id"
        " WHERE payment_mode = 'postpaid' AND max(0, w.debits_fen - w.credits_fen) <>"
        " (SELECT coalesce(sum(amount_fen - paid_fen), 0) FROM bill b WHERE b.account_id = a.account_id"
        " AND state = 'issued')"), 0);
    assert_true(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'correction'") > 10);
    assert_true(fixture_number(fixture, "SELECT count(*) FROM daily_charge") > 50);
}

static int valve_unwritten(void *context, uint32_t device_id, enum billing_valve valve, const char *reason, int64_t now_s,
                           struct billing_command *out)
{
    (void)context, (void)device_id, (void)valve, (void)reason, (void)now_s, (void)out;
    return STORE_ERR_FULL;
}

static int recharge_unwritten(void *context, uint32_t device_id, int64_t amount_fen, const char *reason, int64_t now_s,
                              struct billing_command *out)
{
    (void)context, (void)device_id, (void)amount_fen, (void)reason, (void)now_s, (void)out;
    return STORE_ERR_FULL;
}

/* A command may be refused; one of which the store has written a part must not stand beside a payment that denies it. */
static void a_command_that_could_not_be_stored_takes_the_payment_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t meter_id = fixture_account_open(fixture, "prepaid_meter", 0, 0);
    int64_t room_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_actions working = fixture->actions;

    fixture_midnight(fixture, 2, fixture_day("2026-05-21"), 5000000);
    fixture_run(fixture, fixture_time("2026-05-22T12:00"));
    assert_int_equal(fixture_account(fixture, room_id).arrears.stage, ARREARS_CUT);
    fixture->actions.request_valve = valve_unwritten;
    fixture->actions.request_recharge = recharge_unwritten;
    assert_int_equal(store_begin(fixture->store), 0);
    assert_int_equal(fixture_pay(fixture, meter_id, 3000, "meter", NULL), STORE_ERR_FULL);
    store_rollback(fixture->store);
    assert_int_equal(store_begin(fixture->store), 0);
    assert_int_equal(fixture_pay(fixture, room_id, 9000, "room", NULL), STORE_ERR_FULL);
    store_rollback(fixture->store);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment"), 0);
    fixture->actions = working;
    assert_int_equal(fixture_pay(fixture, meter_id, 3000, "meter", NULL), 0);
    assert_int_equal(fixture_pay(fixture, room_id, 9000, "room", NULL), 0);
    assert_int_equal(fixture_account(fixture, room_id).arrears.stage, ARREARS_GOOD);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_that_could_not_be_stored_takes_the_payment_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(key_twice_is_one_payment, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(wrong_payments_are_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(meter_that_holds_money_is_topped_up, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(refused_recharge_follows_later, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(meter_side_arrears_never_use_our_valve, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(top_up_on_its_way_counts, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(ledger_balances_after_any_sequence, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
