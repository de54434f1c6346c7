/* A meter that holds money is exchanged: what it held waits for two people, reaches the next meter, and no fen is lost. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/closing.h"
#include "billing/money_carry.h"

#include <stdio.h>

#define M3 INT64_C(1000000)

static int decide(struct fixture *fixture, uint32_t person_id, bool approve)
{
    struct billing_scope scope = { .tenant_id = 1, .person_id = person_id, .path = "/1/" };
    struct billing_decision decision = { .approve = approve, .reason = approve ? "" : "表显不同", .seen = "" };
    struct billing_approval approval;

    decision.approval_id = fixture_number(fixture, "SELECT ifnull(max(approval_id), 0) FROM approval WHERE state = 'waiting'");
    return billing_approval_decide(fixture->billing, &scope, fixture->now_s, &decision, &approval);
}

static int64_t books(struct fixture *fixture, const char *kind)
{
    char query[128];

    (void)snprintf(query, sizeof query, "SELECT coalesce(sum(credits_fen - debits_fen), 0) FROM ledger_account WHERE kind = '%s'", kind);
    return fixture_number(fixture, query);
}

static int64_t carry(struct fixture *fixture, const char *column)
{
    char query[96];

    (void)snprintf(query, sizeof query, "SELECT ifnull(%s, -1) FROM money_carry ORDER BY money_carry_id DESC LIMIT 1", column);
    return fixture_number(fixture, query);
}

/* 50.00 paid at 2.00 a m3; 3 m3 settled, one more until the meter was taken away: by the books it held 42.00. */
static int64_t exchanged_account(struct fixture *fixture, int64_t shown_fen)
{
    char text[96];
    int64_t account_id;
    uint32_t successor;

    fixture_flat_price(fixture, "2.00");
    account_id = fixture_account_open(fixture, "prepaid_meter", 0, 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-20"), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "p1", NULL), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 3 * M3);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
    assert_int_equal(books(fixture, "meter_credit"), 4400);
    (void)snprintf(text, sizeof text, "UPDATE device_state SET balance_fen = %d, last_report_s = 1 WHERE device_id = 1", (int)shown_fen);
    assert_int_equal(store_execute(fixture->store, text), 0);
    successor = fixture_device_add(fixture);
    assert_int_equal(billing_device_exchanged(fixture->billing, &fixture->scope, 1, successor, 4 * M3, fixture->now_s), 0);
    fixture_settle(fixture);
    assert_int_equal(fixture->recharged_fen, 5000);
    assert_int_equal(carry(fixture, "books_fen"), 4200);
    assert_int_equal(carry(fixture, "shown_fen"), shown_fen);
    return account_id;
}

static void day_after(struct fixture *fixture)
{
    fixture_midnight(fixture, 2, fixture_day("2026-05-22"), 5 * M3);
    fixture_run(fixture, fixture_time("2026-05-22T10:00"));
}

static void another_person_lets_it_go_to_the_next_meter(void **state)
{
    struct fixture *fixture = *state;

    (void)exchanged_account(fixture, 4200);
    assert_int_equal(decide(fixture, fixture->scope.person_id, true), BILLING_ERR_SAME_PERSON);
    assert_int_equal(decide(fixture, 8, true), 0);
    fixture_settle(fixture);
    assert_int_equal(fixture->recharged_fen, 5000 + 4200);
    assert_int_equal(books(fixture, "wallet"), 0);
    assert_int_equal(books(fixture, "adjustment"), 0);
    /* The last m3 of the old meter and the first of the new one. */
    day_after(fixture);
    assert_int_equal(books(fixture, "meter_credit"), 4200 - 200);
    fixture_verify(fixture);
}

static void another_amount_is_asked_for_and_the_rest_is_drift(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = exchanged_account(fixture, 4150);
    int64_t carry_id = carry(fixture, "money_carry_id"), approval_id;
    struct billing_scope elsewhere = { .tenant_id = 1, .person_id = 9, .path = "/1/3/" };
    struct billing_closing_request closing = { .account_id = account_id, .kind = CLOSING_MOVE_OUT, .reading = CLOSING_READ_TYPED,
                                               .total_value = 5 * M3, .key = "closing-1", .reason = "退租", .leave_meter = true };
    struct billing_closing preview;

    assert_int_equal(billing_money_carry_ask(fixture->billing, &fixture->scope, fixture->now_s, carry_id, 4150, "表显", &approval_id),
                     CASE_ERR_CARRY);
    assert_int_equal(decide(fixture, 8, false), 0);
    assert_int_equal(billing_closing_preview(fixture->billing, &fixture->scope, fixture->now_s, &closing, &preview), CASE_ERR_CARRY_WAITS);
    day_after(fixture);
    assert_int_equal(books(fixture, "meter_credit"), 4400 - 400);
    assert_int_equal(billing_money_carry_ask(fixture->billing, &elsewhere, fixture->now_s, carry_id, 4150, "表显", &approval_id), CASE_ERR_CARRY);
    assert_int_equal(billing_money_carry_ask(fixture->billing, &fixture->scope, fixture->now_s, carry_id, 100000001, "表显", &approval_id),
                     BILLING_ERR_AMOUNT);
    assert_int_equal(billing_money_carry_ask(fixture->billing, &fixture->scope, fixture->now_s, carry_id, 4150, "", &approval_id), BILLING_ERR_REASON);
    assert_int_equal(billing_money_carry_ask(fixture->billing, &fixture->scope, fixture->now_s, carry_id, 4150, "表显", &approval_id), 0);
    assert_int_equal(decide(fixture, 8, true), 0);
    fixture_settle(fixture);
    assert_int_equal(fixture->recharged_fen, 5000 + 4150);
    assert_int_equal(books(fixture, "adjustment"), 50);
    /* The new meter has counted 1 m3 of the 41.50 by now. */
    assert_int_equal(books(fixture, "meter_credit"), 4150 - 200);
    fixture_verify(fixture);
}

static void a_debt_of_the_old_meter_is_the_wallets(void **state)
{
    struct fixture *fixture = *state;

    (void)exchanged_account(fixture, -300);
    assert_int_equal(decide(fixture, 8, false), 0);
    assert_int_equal(billing_money_carry_ask(fixture->billing, &fixture->scope, fixture->now_s, carry(fixture, "money_carry_id"), -300, "表显",
                                             &(int64_t){ 0 }), 0);
    assert_int_equal(decide(fixture, 8, true), 0);
    fixture_settle(fixture);
    assert_int_equal(books(fixture, "wallet"), -300);
    assert_int_equal(books(fixture, "adjustment"), 4500);
    assert_int_equal(fixture_pay(fixture, 1, 1000, "p2", NULL), 0);
    fixture_settle(fixture);
    assert_int_equal(fixture->recharged_fen, 5000 + 700);
    fixture_verify(fixture);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(another_person_lets_it_go_to_the_next_meter),
        CASE(another_amount_is_asked_for_and_the_rest_is_drift),
        CASE(a_debt_of_the_old_meter_is_the_wallets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
