/* What is wrong with one account stops that account: it is held with the reason, the others and the readings go on. */
#include "tests/unit/unit_test.h"

#include "billing/public_meter.h"
#include "billing/unit_account.h"
#include "tests/store/store_fixture.h"
#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>
#include <string.h>

#define TRIES 3 /* of a refused transaction: the second is careful */

static void execute(struct fixture *fixture, const char *text)
{
    assert_int_equal(store_execute(fixture->store, text), 0);
}

/* As the core does: a transaction that is refused is taken back whole, and begun again. */
static int tick_commit(struct fixture *fixture)
{
    int result;

    assert_int_equal(store_begin(fixture->store), 0);
    result = billing_tick(fixture->billing, fixture->now_s, 100);
    if (result >= 0) {
        assert_int_equal(store_commit(fixture->store), 0);
        return result;
    }
    store_rollback(fixture->store);
    billing_rolled_back(fixture->billing);
    return result;
}

/* returns how many ticks were refused */
static int work(struct fixture *fixture)
{
    int refused = 0, result = 100;

    for (int ticks = 0; ticks < 100 && (result == 100 || result < 0); ticks++) {
        result = tick_commit(fixture);
        refused += result < 0;
    }
    assert_in_range(result, 0, 99);
    return refused;
}

static int64_t held(struct fixture *fixture, int64_t account_id)
{
    char query[96];

    (void)snprintf(query, sizeof query, "SELECT held_error FROM account WHERE account_id = %d", (int)account_id);
    return fixture_number(fixture, query);
}

static int64_t charges(struct fixture *fixture, int64_t account_id)
{
    char query[96];

    (void)snprintf(query, sizeof query, "SELECT count(*) FROM daily_charge WHERE account_id = %d", (int)account_id);
    return fixture_number(fixture, query);
}

static int64_t told_held(struct fixture *fixture)
{
    int64_t count = 0;

    for (const char *at = fixture->story_bytes; (at = strstr(at, "journal settlement_held")) != NULL; at++)
        count++;
    return count;
}

static void day_pass(struct fixture *fixture, const char *day, int64_t total_value, uint32_t devices)
{
    char time[32];

    for (uint32_t device_id = 1; device_id <= devices; device_id++)
        fixture_midnight_put(fixture, device_id, fixture_day(day), total_value);
    (void)snprintf(time, sizeof time, "%sT02:00", day);
    fixture->now_s = fixture_time(time);
}

/* Account 1 is public, 2 and 3 share in it, and 3 may not owe; 4 has nothing to do with them. */
static void a_sharing_that_is_refused_holds_the_public_account(void **state)
{
    struct fixture *fixture = *state;

    fixture_flat_price(fixture, "1.00");
    for (int account = 1; account <= 4; account++)
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    for (int64_t account_id = 2; account_id <= 3; account_id++)
        assert_int_equal(billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, account_id, 1, 1), 0);
    execute(fixture, "UPDATE ledger_account SET minimum_fen = 0 WHERE ledger_account_id ="
                     " (SELECT wallet_id FROM account WHERE account_id = 3)");
    day_pass(fixture, "2026-05-21", 1000000, 4);
    fixture_midnight_put(fixture, 3, fixture_day("2026-05-21"), 0);
    assert_int_equal(work(fixture), 1);
    assert_int_equal(held(fixture, 1), LEDGER_ERR_MINIMUM);
    for (int64_t account_id = 1; account_id <= 4; account_id++)
        assert_int_equal(charges(fixture, account_id), 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM share_run"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM share_part"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'share'"), 0);
    assert_int_equal(told_held(fixture), 1);
    /* The others' next day costs nobody a refusal; the reason is not told again, and looked for again. */
    day_pass(fixture, "2026-05-22", 2000000, 4);
    fixture_midnight_put(fixture, 3, fixture_day("2026-05-22"), 0);
    assert_int_equal(work(fixture), 0);
    assert_int_equal(charges(fixture, 4), 2);
    assert_int_equal(told_held(fixture), 1);
    execute(fixture, "UPDATE ledger_account SET minimum_fen = NULL");
    fixture->now_s += 7200;
    assert_int_equal(work(fixture), 0);
    assert_int_equal(held(fixture, 1), 0);
    assert_int_equal(fixture_balance(fixture, 1), 0);
    assert_int_equal(fixture_number(fixture, "SELECT sum(amount_fen) FROM share_part"), 200);
    fixture_verify(fixture);
}

/* Money that may not leave its wallet. */
static void broken_push(struct fixture *fixture)
{
    for (int account = 1; account <= 2; account++) {
        (void)fixture_account_open(fixture, "prepaid_meter", 0, 0);
        fixture_midnight_put(fixture, (uint32_t)account, fixture_day("2026-05-20"), 0);
    }
    execute(fixture, "UPDATE ledger_account SET minimum_fen = 500 WHERE ledger_account_id ="
                     " (SELECT wallet_id FROM account WHERE account_id = 1)");
}

static void money_that_cannot_go_to_its_meter_stays_and_is_booked(void **state)
{
    struct fixture *fixture = *state;
    struct billing_payment_result paid;

    broken_push(fixture);
    assert_int_equal(fixture_pay(fixture, 1, 1000, "p1", &paid), 0);
    assert_int_equal(paid.payment.command_id, 0);
    assert_int_equal(fixture_pay(fixture, 2, 1000, "p2", &paid), 0);
    assert_int_not_equal(paid.payment.command_id, 0);
    assert_int_equal(held(fixture, 1), LEDGER_ERR_MINIMUM);
    assert_int_equal(held(fixture, 2), 0);
    assert_int_equal(fixture->recharged_fen, 1000); /* the refused one was asked for, and taken back with its step */
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'recharge'"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT sum(l.credits_fen - l.debits_fen) FROM account a JOIN ledger_account l"
                                             " ON l.ledger_account_id = a.wallet_id WHERE a.account_id = 1"), 1000);
    /* It goes when nothing stands in its way. */
    execute(fixture, "UPDATE ledger_account SET minimum_fen = NULL");
    fixture->now_s += 3600;
    assert_int_equal(work(fixture), 0);
    assert_int_equal(held(fixture, 1), 0);
    assert_int_equal(fixture_balance(fixture, 1), 1000);
    fixture_verify(fixture);
}

/* The same of units, in a tick. */
static void units_that_cannot_be_sold_hold_their_account(void **state)
{
    struct fixture *fixture = *state;

    fixture->holding = (struct billing_holding){ .known = true, .units = true };
    fixture_flat_price(fixture, "1.00");
    broken_push(fixture);
    assert_int_equal(fixture_pay(fixture, 1, 1000, "p1", NULL), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM unit_purchase"), 0);
    execute(fixture, "UPDATE account SET look_s = 0, held_error = 0");
    day_pass(fixture, "2026-05-21", 0, 2);
    assert_int_equal(work(fixture), 1);
    assert_int_equal(held(fixture, 1), LEDGER_ERR_MINIMUM);
    assert_int_equal(charges(fixture, 1), 1);
    assert_int_equal(charges(fixture, 2), 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM unit_purchase"), 0);
    fixture_verify(fixture);
}

/* An account whose wallet the books do not know: neither its day nor its arrears can be told. */
static void a_reading_is_stored_whatever_is_wrong_with_its_account(void **state)
{
    struct fixture *fixture = *state;
    int result = -1, tries = 0;

    fixture_flat_price(fixture, "1.00");
    for (int account = 1; account <= 3; account++)
        (void)fixture_account_open(fixture, "prepaid_platform", 500, 0);
    assert_int_equal(work(fixture), 0);
    store_fixture_loosen(fixture->store);
    execute(fixture, "UPDATE account SET wallet_id = 987654 WHERE account_id = 2");
    fixture->now_s = fixture_time("2026-05-21T02:00");
    for (; result < 0 && tries < TRIES; tries++) {
        assert_int_equal(store_begin(fixture->store), 0);
        for (uint32_t device_id = 1; device_id <= 3; device_id++)
            fixture_midnight(fixture, device_id, fixture_day("2026-05-21"), 1000000);
        result = billing_news_settle(fixture->billing, fixture->now_s);
        if (result >= 0) {
            assert_int_equal(store_commit(fixture->store), 0);
            continue;
        }
        store_rollback(fixture->store);
        billing_rolled_back(fixture->billing);
    }
    assert_int_equal(tries, 2);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM daily_reading"), 3);
    assert_int_equal(fixture_balance(fixture, 1), -100);
    assert_int_equal(fixture_balance(fixture, 3), -100);
    assert_int_not_equal(held(fixture, 2), 0);
    assert_int_equal(charges(fixture, 2), 0);
}

/* A correction and a valve's answer come with what the meter says. */
static void what_a_meter_tells_is_taken(void **state)
{
    struct fixture *fixture = *state;

    fixture_flat_price(fixture, "1.00");
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
    day_pass(fixture, "2026-05-21", 1000000, 1);
    assert_int_equal(work(fixture), 0);
    execute(fixture, "UPDATE ledger_account SET minimum_fen = -150 WHERE kind = 'wallet'");
    fixture_midnight_put(fixture, 1, fixture_day("2026-05-21"), 2000000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, fixture_day("2026-05-21"), fixture->now_s), 0);
    assert_int_equal(held(fixture, 1), LEDGER_ERR_MINIMUM);
    assert_int_equal(fixture_balance(fixture, 1), -100);
    fixture_verify(fixture);
    /* The next day carries what the correction could not. */
    execute(fixture, "UPDATE ledger_account SET minimum_fen = NULL");
    day_pass(fixture, "2026-05-22", 3000000, 1);
    assert_int_equal(work(fixture), 0);
    assert_int_equal(fixture_balance(fixture, 1), -300);
    store_fixture_loosen(fixture->store);
    execute(fixture, "UPDATE account SET wallet_id = 987654, valve_pending = 1");
    assert_int_equal(billing_valve_verified(fixture->billing, 1, BILLING_VALVE_OPEN, fixture->now_s), 0);
    assert_int_equal(fixture_number(fixture, "SELECT valve_pending FROM account"), BILLING_VALVE_SETTLED);
    assert_int_not_equal(held(fixture, 1), 0);
}

/* A hold that cannot be given back rests; accounts are settled meanwhile. */
static void a_piece_of_work_that_is_refused_rests(void **state)
{
    struct fixture *fixture = *state;
    struct billing_hold_request wanted = { .account_id = 1, .amount_fen = 100, .duration_s = 600, .key = "h1", .item = "water" };
    struct ledger_hold hold;
    const char *work_name;
    int error = 0;

    fixture_flat_price(fixture, "1.00");
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    assert_int_equal(billing_hold_place(fixture->billing, &fixture->scope, fixture->now_s, &wanted, &hold), 0);
    store_fixture_loosen(fixture->store);
    execute(fixture, "UPDATE transfer_hold SET debit_account_id = 987654, expires_s = 1");
    day_pass(fixture, "2026-05-21", 1000000, 1);
    assert_int_equal(work(fixture), 2);
    assert_int_equal(charges(fixture, 1), 1);
    work_name = billing_work_refused(fixture->billing, &error);
    assert_string_equal(work_name, "pre-deductions");
    assert_true(error < 0);
    assert_null(billing_work_refused(fixture->billing, &error));
    assert_int_equal(work(fixture), 0);
    fixture->now_s -= 86400; /* it rests a minute, not until that time comes again */
    assert_int_equal(work(fixture), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sharing_that_is_refused_holds_the_public_account, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(money_that_cannot_go_to_its_meter_stays_and_is_booked, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(units_that_cannot_be_sold_hold_their_account, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_reading_is_stored_whatever_is_wrong_with_its_account, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(what_a_meter_tells_is_taken, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_piece_of_work_that_is_refused_rests, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
