#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/cash_shift.h"

#include <stdio.h>
#include <string.h>

#define CASHIER 7
#define SECOND 8

static int desk_open(void **state)
{
    struct fixture *fixture;

    assert_int_equal(fixture_open(state), 0);
    fixture = *state;
    assert_int_equal(store_execute(fixture->store,
        "INSERT INTO person (person_id, tenant_id, area_id, login, display_name, role, password_hash, created_s) VALUES"
        " (7, 1, 1, 'wang', '王静', 'clerk', '', 0), (8, 1, 1, 'li', '李建国', 'clerk', '', 0),"
        " (9, 1, 3, 'far', '远', 'clerk', '', 0)"), 0);
    return 0;
}

static struct billing_scope scope_of(uint32_t person_id)
{
    return (struct billing_scope){ .tenant_id = 1, .person_id = person_id, .path = person_id == 9 ? "/1/3/" : "/1/" };
}

static struct cash_shift shift_open(struct fixture *fixture, int64_t float_fen)
{
    struct cash_shift shift;

    assert_int_equal(cash_shift_open(fixture->billing, &fixture->scope, fixture->now_s, float_fen, "", &shift), 0);
    return shift;
}

static int shift_count(struct fixture *fixture, const struct cash_shift *shift, int64_t counted_fen, const char *reason)
{
    struct cash_shift counted;

    return cash_shift_count(fixture->billing, &fixture->scope, fixture->now_s, shift->shift_id, counted_fen, "", reason,
                            &counted);
}

static struct cash_undo undo_ask(struct fixture *fixture, int64_t payment_id)
{
    struct cash_undo undo;

    assert_int_equal(cash_undo_ask(fixture->billing, &fixture->scope, fixture->now_s, payment_id, "输错金额", &undo), 0);
    return undo;
}

static int undo_decide(struct fixture *fixture, int64_t undo_id, uint32_t person_id, bool release)
{
    struct billing_scope scope = scope_of(person_id);
    struct cash_undo undo;

    return cash_undo_decide(fixture->billing, &scope, fixture->now_s, undo_id, release, &undo);
}

static int64_t cash_of(struct fixture *fixture, const char *name)
{
    char query[160];

    (void)snprintf(query, sizeof query, "SELECT coalesce(sum(debits_fen - credits_fen), 0) FROM ledger_account"
                   " WHERE kind = 'cash' AND name = '%s'", name);
    return fixture_number(fixture, query);
}

static void a_shift_carries_its_takings_to_the_safe(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct cash_shift shift = shift_open(fixture, 20000), again;

    assert_string_equal(shift.number, "S20260520-000001");
    assert_int_equal(cash_shift_open(fixture->billing, &fixture->scope, fixture->now_s, 0, "", &again), CASH_ERR_SHIFT_OPEN);
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "k-1", NULL), 0);
    assert_int_equal(shift_count(fixture, &shift, -1, ""), CASH_ERR_COUNT);
    assert_int_equal(shift_count(fixture, &shift, 24900, ""), CASH_ERR_REASON);
    assert_int_equal(shift_count(fixture, &shift, 24900, "少一元"), 0);
    assert_int_equal(shift_count(fixture, &shift, 24900, "少一元"), CASH_ERR_SHIFT_CLOSED);
    assert_int_equal(cash_of(fixture, "counter"), 0);
    assert_int_equal(cash_of(fixture, "safe"), 4900);
    fixture_verify(fixture);
}

/* More is missing than was taken: the drawer's float was touched, and the safe owes it. */
static void a_drawer_may_hold_less_than_its_float(void **state)
{
    struct fixture *fixture = *state;
    struct cash_shift shift = shift_open(fixture, 20000);
    struct billing_scope second = scope_of(SECOND), far = scope_of(9);

    assert_int_equal(shift_count(fixture, &shift, 3000, "被盗"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM approval WHERE kind = 'cash_difference'"
                                    " AND state = 'waiting'"), -17000);
    assert_int_equal(shift_count(fixture, &shift, 0, "被盗"), 0); /* the count before waits no longer */
    assert_int_equal(fixture_number(fixture, "SELECT sum(amount_fen) FROM approval WHERE kind = 'cash_difference'"
                                    " AND state = 'waiting'"), -20000);
    assert_int_equal(cash_of(fixture, "safe"), 0);
    assert_int_equal(cash_shift_confirm(fixture->billing, &fixture->scope, fixture->now_s, shift.shift_id), CASH_ERR_SAME_PERSON);
    assert_int_equal(cash_shift_confirm(fixture->billing, &far, fixture->now_s, shift.shift_id), CASH_ERR_SHIFT);
    assert_int_equal(cash_shift_confirm(fixture->billing, &second, fixture->now_s, shift.shift_id), 0);
    assert_int_equal(cash_shift_confirm(fixture->billing, &second, fixture->now_s, shift.shift_id), CASH_ERR_SHIFT_STATE);
    assert_int_equal(cash_of(fixture, "safe"), -20000);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM transfer WHERE kind = 'difference'"), 20000);
    fixture_verify(fixture);
}

/* Who took the money does not undo it, whoever asked. */
static void the_cashier_is_never_the_second_person(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_scope second = scope_of(SECOND);
    struct billing_payment_result paid;
    struct cash_undo undo;

    (void)shift_open(fixture, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 500, "k-1", &paid), 0);
    assert_int_equal(cash_undo_ask(fixture->billing, &second, fixture->now_s, paid.payment.payment_id, "x", &undo), 0);
    assert_int_equal(undo_decide(fixture, undo.undo_id, SECOND, true), BILLING_ERR_SAME_PERSON);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM approval WHERE kind = 'payment_undo' AND state = 'waiting'"), 1);
    assert_int_equal(undo_decide(fixture, undo.undo_id, CASHIER, true), CASH_ERR_SAME_PERSON); /* taken back by the caller */
    assert_int_equal(fixture_balance(fixture, account_id), 500);
}

static void an_undone_payment_opens_the_bills_it_paid(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    struct billing_payment_result first, paid;
    struct cash_undo undo;

    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 35000000);
    fixture_run(fixture, fixture_time("2026-06-01T09:00"));
    fixture_midnight(fixture, 1, fixture_day("2026-07-01"), 70000000);
    fixture_run(fixture, fixture_time("2026-07-01T09:00"));
    (void)shift_open(fixture, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 1000, "k-1", &first), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 40000, "k-2", &paid), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE state = 'paid'"), 2);
    undo = undo_ask(fixture, paid.payment.payment_id);
    assert_int_equal(undo_decide(fixture, undo.undo_id, CASHIER, true), BILLING_ERR_SAME_PERSON);
    assert_int_equal(undo_decide(fixture, undo.undo_id, 9, true), CASH_ERR_UNDO);
    assert_int_equal(undo_decide(fixture, undo.undo_id, SECOND, true), 0);
    assert_int_equal(fixture_number(fixture, "SELECT sum(paid_fen) FROM bill"), 1000);
    assert_int_equal(fixture_number(fixture, "SELECT paid_fen FROM bill ORDER BY to_day LIMIT 1"), 1000);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE state = 'issued'"), 2);
    assert_int_equal(fixture_balance(fixture, account_id),
                     1000 - fixture_number(fixture, "SELECT sum(amount_fen) FROM bill"));
    assert_int_equal(cash_of(fixture, "counter"), 1000);
    fixture_verify(fixture);
}

/* 300.00 due on 16 June, paid on 6 July with 6.00 of late fee: undone, both are owed again, and the fee runs on. */
static void an_undone_payment_gives_the_late_fee_back(void **state)
{
    static const char document[] = "{\"items\": [{\"name\": \"water\", \"price\": \"3.00\"}],"
                                   " \"late_fee\": {\"rate_day\": \"0.001\"}}";
    struct fixture *fixture = *state;
    struct billing_payment_result first, paid;
    struct cash_undo undo;
    int64_t account_id;

    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "late", "water",
                                           fixture_day("2020-01-01"), document, NULL, &fixture->tariff_id), 0);
    account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 100000000);
    fixture_run(fixture, fixture_time("2026-06-01T09:00"));
    fixture->now_s = fixture_time("2026-07-06T09:00");
    (void)shift_open(fixture, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 20000, "k-1", &first), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 10600, "k-2", &paid), 0);
    assert_int_equal(fixture_number(fixture, "SELECT late_fee_fen FROM bill WHERE state = 'paid'"), 600);
    undo = undo_ask(fixture, paid.payment.payment_id);
    assert_int_equal(undo_decide(fixture, undo.undo_id, SECOND, true), 0);
    assert_int_equal(fixture_number(fixture, "SELECT paid_fen FROM bill WHERE state = 'issued' AND late_fee_fen = 0"), 20000);
    assert_int_equal(fixture_number(fixture, "SELECT sum(amount_fen) FROM bill_late_part"), 20000);
    assert_int_equal(fixture_balance(fixture, account_id), -10000);
    fixture_verify(fixture);
    fixture->now_s = fixture_time("2026-07-16T09:00");
    assert_int_equal(fixture_pay(fixture, account_id, 10700, "k-3", NULL), 0); /* 200 x 20 days + 100 x 30 days = 7.00 */
    assert_int_equal(fixture_number(fixture, "SELECT late_fee_fen FROM bill WHERE state = 'paid'"), 700);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    fixture_verify(fixture);
}

static void money_that_has_gone_on_is_not_undone(void **state)
{
    struct fixture *fixture = *state;
    int64_t meter_id = fixture_account_open(fixture, "prepaid_meter", 0, 0);
    int64_t room_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_payment_result paid;
    struct cash_undo undo;

    assert_int_equal(fixture_pay(fixture, room_id, 100, "k-0", &paid), 0);
    assert_int_equal(cash_undo_ask(fixture->billing, &fixture->scope, fixture->now_s, paid.payment.payment_id, "x", &undo),
                     CASH_ERR_UNDO_SHIFT);
    (void)shift_open(fixture, 0);
    assert_int_equal(fixture_pay(fixture, meter_id, 3000, "k-1", &paid), 0);
    assert_int_equal(cash_undo_ask(fixture->billing, &fixture->scope, fixture->now_s, paid.payment.payment_id, "x", &undo),
                     CASH_ERR_UNDO_METER);
    assert_int_equal(fixture_pay(fixture, room_id, 200, "k-2", &paid), 0);
    assert_int_equal(cash_undo_ask(fixture->billing, &fixture->scope, fixture->now_s, 99, "x", &undo), CASH_ERR_PAYMENT);
    assert_int_equal(cash_undo_ask(fixture->billing, &fixture->scope, fixture->now_s, paid.payment.payment_id, "", &undo),
                     CASH_ERR_REASON);
    undo = undo_ask(fixture, paid.payment.payment_id);
    fixture->now_s = fixture_time("2026-05-21T00:00");
    assert_int_equal(undo_decide(fixture, undo.undo_id, SECOND, true), CASH_ERR_UNDO_DECIDED); /* its day is over */
    assert_true(billing_tick(fixture->billing, fixture->now_s, 10) >= 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment_undo WHERE state = 'refused'"), 1);
    assert_int_equal(cash_undo_ask(fixture->billing, &fixture->scope, fixture->now_s, paid.payment.payment_id, "x", &undo),
                     CASH_ERR_UNDO_DAY);
    assert_int_equal(fixture_balance(fixture, room_id), 300);
    fixture_verify(fixture);
}

static void an_office_may_insist_on_shifts(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_payment_result before;

    assert_int_equal(fixture_pay(fixture, account_id, 100, "k-1", NULL), 0);
    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'cash_shift_required', '1')"), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 100, "k-2", NULL), CASH_ERR_SHIFT_NEEDED);
    assert_int_equal(fixture_pay(fixture, account_id, 100, "k-1", &before), 0); /* what was taken keeps its answer */
    assert_true(before.repeated);
    (void)shift_open(fixture, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 100, "k-2", NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_shift_carries_its_takings_to_the_safe, desk_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_drawer_may_hold_less_than_its_float, desk_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_cashier_is_never_the_second_person, desk_open, fixture_close),
        cmocka_unit_test_setup_teardown(an_undone_payment_opens_the_bills_it_paid, desk_open, fixture_close),
        cmocka_unit_test_setup_teardown(an_undone_payment_gives_the_late_fee_back, desk_open, fixture_close),
        cmocka_unit_test_setup_teardown(money_that_has_gone_on_is_not_undone, desk_open, fixture_close),
        cmocka_unit_test_setup_teardown(an_office_may_insist_on_shifts, desk_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
