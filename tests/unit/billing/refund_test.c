/* Money back: whose it is, which way it goes, who must agree, and that it goes once. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/payment_order.h"
#include "billing/refund.h"

#include <stdio.h>
#include <string.h>

#define WALL_S INT64_C(1768435200)

static struct billing_refund_request refund_of(int64_t account_id, int64_t amount_fen, enum refund_route rest)
{
    static int serial;
    struct billing_refund_request request = { .account_id = account_id, .amount_fen = amount_fen, .wall_s = WALL_S,
                                              .rest = (uint8_t)rest, .payee = "陈佳怡", .bank_account = "6222",
                                              .reason = "多缴" };

    (void)snprintf(request.key, sizeof request.key, "refund-%d", ++serial);
    request.chance = (uint64_t)serial * 1000;
    return request;
}

static int ask(struct fixture *fixture, const struct billing_refund_request *request, struct billing_refund *out)
{
    return billing_refund_ask(fixture->billing, &fixture->scope, fixture->now_s, request, out);
}

static int decide(struct fixture *fixture, int64_t approval_id, uint32_t person_id, bool approve)
{
    struct billing_scope scope = { .tenant_id = 1, .person_id = person_id, .path = "/1/" };
    struct billing_decision decision = { .approval_id = approval_id, .wall_s = WALL_S, .chance = 9, .approve = approve,
                                         .reason = approve ? "" : "不符", .seen = "" };
    struct billing_approval approval;

    return billing_approval_decide(fixture->billing, &scope, fixture->now_s, &decision, &approval);
}

/* From now on refunds up to so much need nobody else. */
static void alone_up_to(struct fixture *fixture, const char *amount_fen)
{
    char text[128];

    (void)snprintf(text, sizeof text, "INSERT OR REPLACE INTO setting (tenant_id, key, value) VALUES (1, 'refund_release_above_fen', '%s')", amount_fen);
    assert_int_equal(store_execute(fixture->store, text), 0);
}

static int64_t wallet_available(struct fixture *fixture, int64_t account_id)
{
    char query[160];

    (void)snprintf(query, sizeof query, "SELECT credits_fen - debits_fen - held_fen FROM ledger_account JOIN account"
                   " ON ledger_account_id = wallet_id WHERE account_id = %lld", (long long)account_id);
    return fixture_number(fixture, query);
}

static int64_t till(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT debits_fen - credits_fen FROM ledger_account WHERE kind = 'cash'");
}

/* An order of so much, paid. returns its identifier */
static int64_t order_paid(struct fixture *fixture, int64_t account_id, int64_t amount_fen, uint64_t chance)
{
    struct payment_order_request request = { .account_id = account_id, .amount_fen = amount_fen, .chance = chance,
                                             .channel = "wechat", .description = "水费" };
    struct payment_order order;
    struct payment_order_outcome outcome = { .word = PAYMENT_WORD_PAID, .channel = "wechat", .amount_fen = amount_fen,
                                             .code = "SUCCESS" };
    char reference[24];

    (void)snprintf(request.key, sizeof request.key, "order-%llu", (unsigned long long)chance);
    assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, WALL_S, &request, &order), 0);
    (void)snprintf(reference, sizeof reference, "42%llu", (unsigned long long)chance);
    outcome.number = order.trade_number;
    outcome.reference = reference;
    assert_int_equal(payment_order_outcome_take(fixture->billing, WALL_S, fixture->now_s, &outcome, NULL), 0);
    return order.payment_order_id;
}

static void impossible_refunds_are_refused(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_scope elsewhere = { .tenant_id = 1, .path = "/1/3/" };
    const int64_t amounts[] = { 0, -1, INT64_MIN, INT64_MAX, 100000001 };
    struct billing_refund_request request;
    struct billing_refund refund;

    assert_int_equal(fixture_pay(fixture, account_id, 10000, "p1", NULL), 0);
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        request = refund_of(account_id, amounts[i], REFUND_BY_CASH);
        assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_AMOUNT);
    }
    request = refund_of(account_id, 10001, REFUND_BY_CASH);
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_FUNDS);
    request = refund_of(account_id, 100, REFUND_BY_NONE);
    assert_int_equal(ask(fixture, &request, &refund), CASE_ERR_REFUND_ROUTE);
    request = refund_of(account_id, 100, REFUND_BY_BANK);
    request.bank_account[0] = '\0';
    assert_int_equal(ask(fixture, &request, &refund), CASE_ERR_PAYEE);
    request = refund_of(account_id, 100, REFUND_BY_CASH);
    request.reason[0] = '\0';
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_REASON);
    request = refund_of(account_id, 100, REFUND_BY_CASH);
    assert_int_equal(billing_refund_ask(fixture->billing, &elsewhere, fixture->now_s, &request, &refund), BILLING_ERR_ACCOUNT);
    request.payment_id = 99;
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_PAYMENT);
    assert_int_equal(wallet_available(fixture, account_id), 10000);
}

/* Reserved while it waits; the one who asked cannot approve; then it leaves the drawer once. */
static void another_person_releases_it(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_refund_request request = refund_of(account_id, 4000, REFUND_BY_CASH);
    struct billing_refund refund, again;

    assert_int_equal(fixture_pay(fixture, account_id, 10000, "p1", NULL), 0);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(refund.row.state, REFUND_WAITING);
    assert_int_equal(wallet_available(fixture, account_id), 6000);
    assert_int_equal(till(fixture), 10000);
    assert_int_equal(ask(fixture, &request, &again), 0);
    assert_true(again.repeated && again.row.refund_id == refund.row.refund_id);
    assert_int_equal(decide(fixture, refund.approval_id, 7, true), BILLING_ERR_SAME_PERSON);
    assert_int_equal(decide(fixture, 99, 8, true), CASE_ERR_APPROVAL);
    assert_int_equal(decide(fixture, refund.approval_id, 8, true), 0);
    assert_int_equal(till(fixture), 6000);
    assert_int_equal(wallet_available(fixture, account_id), 6000);
    assert_int_equal(decide(fixture, refund.approval_id, 8, true), CASE_ERR_APPROVAL_SETTLED);
    assert_int_equal(ask(fixture, &request, &again), 0);
    assert_int_equal(till(fixture), 6000);
    fixture_verify(fixture);
}

static void refused_or_forgotten_it_is_free_again(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_refund_request request = refund_of(account_id, 4000, REFUND_BY_CASH);
    struct billing_refund refund;

    assert_int_equal(fixture_pay(fixture, account_id, 10000, "p1", NULL), 0);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(decide(fixture, refund.approval_id, 7, false), 0);
    assert_int_equal(wallet_available(fixture, account_id), 10000);
    request = refund_of(account_id, 5000, REFUND_BY_CASH);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    fixture->now_s += 24 * 3600;
    assert_int_equal(decide(fixture, refund.approval_id, 8, true), CASE_ERR_APPROVAL_SETTLED);
    fixture_settle(fixture);
    assert_int_equal(wallet_available(fixture, account_id), 10000);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM approval WHERE state = 'lapsed'"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM refund WHERE state = 'refused'"), 2);
    fixture_verify(fixture);
}

/* What is used meanwhile cannot be given back. */
static void a_balance_that_shrank_is_not_paid_out(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;
    struct billing_refund_request request;
    struct billing_refund refund;
    struct billing_approval approval;

    fixture_flat_price(fixture, "1.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 10000, "p1", NULL), 0);
    request = refund_of(account_id, 9500, REFUND_BY_CASH);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 10000000);
    fixture_run(fixture, fixture_time("2026-05-21T02:00"));
    assert_int_equal(billing_approval_read(fixture->billing, &fixture->scope, fixture->now_s, refund.approval_id, &approval), 0);
    assert_int_equal(approval.error, BILLING_ERR_FUNDS);
    assert_int_equal(approval.asked.rows[0].value, 10000);
    assert_int_equal(approval.now.rows[0].value, 9000);
    assert_int_equal(decide(fixture, refund.approval_id, 8, true), BILLING_ERR_FUNDS);
    assert_int_equal(till(fixture), 10000);
    fixture_verify(fixture);
}

/* Newest channel payment first, then the older, the rest in cash; what a channel has refused is not asked of it again. */
static void original_channels_come_first(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    int64_t older, newer;
    struct billing_refund_request request = refund_of(account_id, 6000, REFUND_BY_CASH);
    struct billing_refund refund;
    struct payment_order_work work;
    struct payment_order_outcome failed = { .word = PAYMENT_WORD_CLOSED, .is_refund = true, .channel = "wechat",
                                            .code = "CARD_CLOSED", .step = PAYMENT_STEP_REFUND_QUERY, .amount_fen = 3000 };

    alone_up_to(fixture, "100000000");
    older = order_paid(fixture, account_id, 2000, 1);
    newer = order_paid(fixture, account_id, 3000, 2);
    assert_int_equal(fixture_pay(fixture, account_id, 10000, "p1", NULL), 0);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(refund.count, 3);
    assert_int_equal(refund.parts[0].payment_order_id, newer);
    assert_int_equal(refund.parts[0].amount_fen, 3000);
    assert_int_equal(refund.parts[1].payment_order_id, older);
    assert_int_equal(refund.parts[2].route, REFUND_BY_CASH);
    assert_int_equal(refund.parts[2].amount_fen, 1000);
    assert_int_equal(till(fixture), 9000);
    assert_int_equal(fixture_balance(fixture, account_id), 9000);
    while (payment_order_work_take(fixture->billing, WALL_S + 60, "wechat", &work) == 1 && work.refund.amount_fen != 3000)
        ;
    failed.number = work.refund.refund_number;
    assert_int_equal(payment_order_outcome_take(fixture->billing, WALL_S, fixture->now_s, &failed, NULL), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 12000);
    request = refund_of(account_id, 12000, REFUND_BY_BANK);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(refund.count, 1);
    assert_int_equal(refund.parts[0].route, REFUND_BY_BANK);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    fixture_verify(fixture);
}

static void no_more_than_was_paid_goes_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_refund_request request;
    struct billing_payment_result first;
    struct billing_refund refund;
    int64_t order_id;

    assert_int_equal(fixture_pay(fixture, account_id, 3000, "p1", &first), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 9000, "p2", NULL), 0);
    request = refund_of(0, 3001, REFUND_BY_NONE);
    request.payment_id = first.payment.payment_id;
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_REFUND_AMOUNT);
    request.amount_fen = 2000;
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(refund.parts[0].route, REFUND_BY_CASH);
    request = refund_of(0, 1001, REFUND_BY_NONE);
    request.payment_id = first.payment.payment_id;
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_REFUND_AMOUNT);
    order_id = order_paid(fixture, account_id, 5000, 3);
    request = refund_of(0, 4000, REFUND_BY_NONE);
    request.payment_order_id = order_id;
    assert_int_equal(ask(fixture, &request, &refund), 0);
    request = refund_of(0, 1001, REFUND_BY_NONE);
    request.payment_order_id = order_id;
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_REFUND_AMOUNT);
    /* The same of an order that its channel takes no more. */
    order_id = order_paid(fixture, account_id, 5000, 4);
    request = refund_of(0, 4000, REFUND_BY_CASH);
    request.payment_order_id = order_id;
    request.wall_s += (REFUND_CHANNEL_DAYS + 1) * INT64_C(86400);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(refund.parts[0].route, REFUND_BY_CASH);
    request = refund_of(0, 1001, REFUND_BY_CASH);
    request.payment_order_id = order_id;
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_REFUND_AMOUNT);
    request = refund_of(0, 1001, REFUND_BY_CASH);
    request.payment_order_id = order_id;
    request.wall_s += (REFUND_CHANNEL_DAYS + 1) * INT64_C(86400);
    assert_int_equal(ask(fixture, &request, &refund), BILLING_ERR_REFUND_AMOUNT);
    fixture_verify(fixture);
}

static void a_bank_pays_out_or_returns(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct billing_refund_request request;
    struct billing_refund refund;

    alone_up_to(fixture, "100000");
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "p1", NULL), 0);
    request = refund_of(account_id, 5000, REFUND_BY_BANK);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_int_equal(billing_refund_settle(fixture->billing, &fixture->scope, fixture->now_s, refund.row.refund_id, false, "B1"), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    assert_int_equal(billing_refund_settle(fixture->billing, &fixture->scope, fixture->now_s, refund.row.refund_id, true, "B1"),
                     CASE_ERR_REFUND_STATE);
    request = refund_of(account_id, 5000, REFUND_BY_BANK);
    assert_int_equal(ask(fixture, &request, &refund), 0);
    assert_int_equal(billing_refund_settle(fixture->billing, &fixture->scope, fixture->now_s, refund.row.refund_id, true, "B2"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen - debits_fen FROM ledger_account WHERE kind = 'channel'"
                                    " AND name = 'bank'"), 5000);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(impossible_refunds_are_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(another_person_releases_it, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(refused_or_forgotten_it_is_free_again, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_balance_that_shrank_is_not_paid_out, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(original_channels_come_first, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(no_more_than_was_paid_goes_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_bank_pays_out_or_returns, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
