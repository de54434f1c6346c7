/* Contracts that end: what they come to, who must agree, what the meter must confirm, and that no fen is lost on the way. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/closing.h"
#include "billing/payment_move.h"
#include "store/store_error.h"

#include <stdio.h>
#include <string.h>

#define CALLS_LIMIT 400

static struct billing_closing_request closing_of(int64_t account_id, enum closing_kind kind, enum closing_reading reading,
                                                 int64_t total_value)
{
    static int serial;
    struct billing_closing_request request = { .account_id = account_id, .kind = (uint8_t)kind, .reading = (uint8_t)reading,
                                               .total_value = total_value, .rest = REFUND_BY_CASH, .reason = "退租" };

    (void)snprintf(request.key, sizeof request.key, "closing-%d", ++serial);
    return request;
}

static int ask(struct fixture *fixture, const struct billing_closing_request *request, struct billing_closing *out)
{
    return billing_closing_ask(fixture->billing, &fixture->scope, fixture->now_s, request, out);
}

static int decide(struct fixture *fixture, int64_t approval_id, bool approve)
{
    struct billing_scope scope = { .tenant_id = 1, .person_id = 8, .path = "/1/" };
    struct billing_decision decision = { .approval_id = approval_id, .wall_s = fixture->now_s, .approve = approve,
                                         .reason = approve ? "" : "不符", .seen = "" };
    struct billing_approval approval;

    return billing_approval_decide(fixture->billing, &scope, fixture->now_s, &decision, &approval);
}

static int64_t figure(const struct approval_figures *figures, const char *name)
{
    for (int32_t index = 0; index < figures->count; index++)
        if (strcmp(figures->rows[index].name, name) == 0)
            return figures->rows[index].value;
    fail_msg("no figure %s", name);
    return 0;
}

static int64_t waiting_approval(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT coalesce(max(approval_id), 0) FROM approval WHERE state = 'waiting'");
}

/* A prepaid account with 100 yuan, settled up to the morning of the 21st at 10 m3 of 1 yuan. */
static int64_t account_prepare(struct fixture *fixture, const char *mode)
{
    int64_t account_id;

    fixture_flat_price(fixture, "1.00");
    account_id = fixture_account_open(fixture, mode, 0, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 10000, "p1", NULL), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 10000000);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
    return account_id;
}

static void the_sum_is_shown_and_then_done(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_prepare(fixture, "prepaid_platform");
    struct billing_closing_request request = closing_of(account_id, CLOSING_MOVE_OUT, CLOSING_READ_TYPED, 15000000);
    struct billing_closing shown, asked;
    int64_t deposit_fen;

    assert_int_equal(billing_deposit_take(fixture->billing, &fixture->scope, fixture->now_s, account_id, 2000, "d1", &deposit_fen), 0);
    assert_int_equal(billing_closing_preview(fixture->billing, &fixture->scope, fixture->now_s, &request, &shown), 0);
    assert_int_equal(figure(&shown.figures, "balance"), 7000);
    assert_int_equal(figure(&shown.figures, "final_use"), -500);
    assert_int_equal(figure(&shown.figures, "deposit"), 2000);
    assert_int_equal(figure(&shown.figures, "left"), 8500);
    assert_int_equal(fixture_balance(fixture, account_id), 7000);
    assert_int_equal(fixture_account(fixture, account_id).closed_s, 0);
    request.close_valve = true;
    assert_int_equal(ask(fixture, &request, &asked), 0);
    assert_int_equal(ask(fixture, &request, &shown), 0);
    assert_true(shown.repeated && shown.row.closing_id == asked.row.closing_id);
    /* While it waits nothing is settled, though the meter goes on. */
    fixture_midnight(fixture, 1, fixture_day("2026-05-22"), 30000000);
    fixture_run(fixture, fixture_time("2026-05-22T09:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 7000);
    assert_int_equal(decide(fixture, asked.approval_id, true), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_true(fixture_account(fixture, account_id).closed_s != 0);
    assert_int_equal(fixture_number(fixture, "SELECT debits_fen - credits_fen FROM ledger_account WHERE kind = 'cash'"), 1500);
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen - debits_fen FROM ledger_account WHERE kind = 'revenue'"), 1500);
    fixture_verify(fixture);
}

static void a_changed_figure_refuses_and_a_refusal_goes_on(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_prepare(fixture, "prepaid_platform");
    struct billing_closing_request request = closing_of(account_id, CLOSING_MOVE_OUT, CLOSING_READ_TYPED, 15000000);
    struct billing_closing asked;

    assert_int_equal(ask(fixture, &request, &asked), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 100, "p2", NULL), 0);
    assert_int_equal(decide(fixture, asked.approval_id, true), CASE_ERR_FIGURES_CHANGED);
    request = closing_of(account_id, CLOSING_MOVE_OUT, CLOSING_READ_TYPED, 15000000);
    assert_int_equal(ask(fixture, &request, &asked), CASE_ERR_CLOSING_OPEN);
    assert_int_equal(decide(fixture, waiting_approval(fixture), false), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-22"), 30000000);
    fixture_run(fixture, fixture_time("2026-05-22T09:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 10100 - 3000);
    request.total_value = 29999999;
    assert_int_equal(ask(fixture, &request, &asked), BILLING_ERR_BACKWARD);
    request.reading = CLOSING_READ_METER;
    assert_int_equal(ask(fixture, &request, &asked), CASE_ERR_READING_OLD);
    fixture_verify(fixture);
}

/* What the meter holds counts when it has confirmed that it gave it back; otherwise the account goes on. */
static void the_meter_gives_its_money_back_first(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_prepare(fixture, "prepaid_meter");
    struct billing_closing_request request = closing_of(account_id, CLOSING_MOVE_OUT, CLOSING_READ_TYPED, 15000000);
    struct billing_closing asked;

    assert_int_equal(store_execute(fixture->store, "UPDATE device_state SET balance_fen = 8450"), 0);
    assert_int_equal(ask(fixture, &request, &asked), 0);
    assert_int_equal(asked.row.state, CLOSING_CLEARING);
    assert_int_equal(asked.approval_id, 0);
    assert_int_equal(figure(&asked.figures, "meter_remainder"), 8450);
    assert_int_equal(figure(&asked.figures, "left"), 8450);
    assert_int_equal(waiting_approval(fixture), 0);
    assert_int_equal(billing_clear_ended(fixture->billing, asked.row.clear_command_id, false, fixture->now_s), 0);
    assert_int_equal(fixture_account(fixture, account_id).closing_id, 0);
    request = closing_of(account_id, CLOSING_MOVE_OUT, CLOSING_READ_TYPED, 15000000);
    assert_int_equal(ask(fixture, &request, &asked), 0);
    assert_int_equal(billing_clear_ended(fixture->billing, asked.row.clear_command_id, true, fixture->now_s), 0);
    assert_int_equal(billing_clear_ended(fixture->billing, asked.row.clear_command_id, true, fixture->now_s), 0);
    fixture_settle(fixture);
    assert_int_equal(decide(fixture, waiting_approval(fixture), true), 0);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM refund"), 8450);
    /* 10000 less 1000 and 500 of use, less 8450: the books had 50 more. */
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen - debits_fen FROM ledger_account WHERE kind = 'adjustment'"), 50);
    assert_int_equal(fixture_number(fixture, "SELECT sum(credits_fen - debits_fen) FROM ledger_account WHERE kind = 'meter_credit'"), 0);
    fixture_verify(fixture);
}

static void the_next_contract_begins_where_this_one_ended(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_prepare(fixture, "prepaid_platform");
    struct billing_closing_request request = closing_of(account_id, CLOSING_TENANT_CHANGE, CLOSING_READ_TYPED, 15000000);
    struct billing_customer customer = { .name = "林志远", .number = "new" };
    struct billing_closing asked;
    struct billing_account successor;
    int64_t successor_id;

    assert_int_equal(ask(fixture, &request, &asked), CASE_ERR_NEW_CUSTOMER);
    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &customer), 0);
    request.new_customer_id = customer.customer_id;
    request.move_balance = true;
    assert_int_equal(ask(fixture, &request, &asked), 0);
    assert_int_equal(decide(fixture, asked.approval_id, true), 0);
    successor_id = fixture_number(fixture, "SELECT new_account_id FROM closing");
    successor = fixture_account(fixture, successor_id);
    assert_int_equal(successor.settled_total_value, 15000000);
    assert_int_equal(fixture_balance(fixture, successor_id), 8500);
    fixture_midnight(fixture, 1, fixture_day("2026-05-22"), 16000000);
    fixture_midnight(fixture, 1, fixture_day("2026-05-23"), 17000000);
    fixture_run(fixture, fixture_time("2026-05-23T09:00"));
    assert_int_equal(fixture_balance(fixture, successor_id), 8300);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    fixture_verify(fixture);
}

/* Ledger writes that fail one after another: the transaction is taken back, and done again it comes to the same. */
/* Heat by area has no meter to read: the last bill is its fixed charges, and the next customer takes the area over. */
static void a_contract_without_a_meter_ends_with_its_fixed_charges(void **state)
{
    struct fixture *fixture = *state;
    struct billing_account_terms terms = { .area_id = 2, .grace_h = 24, .settlement_day = 17, .payment_mode = "postpaid" };
    struct billing_customer customer = { .name = "林志远", .number = "77" }, next = { .name = "郑明", .number = "78" };
    struct billing_closing_request request = { .kind = CLOSING_TENANT_CHANGE, .reading = CLOSING_READ_METER, .key = "flat",
                                               .reason = "过户", .rest = REFUND_BY_CASH, .close_valve = true };
    struct billing_closing shown, asked;

    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "面积热价", "heat",
                                           fixture_day("2020-01-01"), "{\"utility\": \"heat\", \"unit\": \"kWh\", \"fixed\": [{"
                                           "\"name\": \"heat\", \"price\": \"24\", \"per\": \"area_m2\", \"every\": \"bill\"}]}",
                                           NULL, &terms.tariff_id), 0);
    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &customer), 0);
    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &next), 0);
    terms.customer_id = customer.customer_id;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &request.account_id), 0);
    assert_int_equal(billing_measures_change(fixture->billing, &fixture->scope, fixture->now_s, request.account_id,
                                             BILLING_MEASURE_AREA, &(struct billing_measures){ .area_e4 = 900000 }), 0);
    request.new_customer_id = next.customer_id;
    assert_int_equal(billing_closing_preview(fixture->billing, &fixture->scope, fixture->now_s, &request, &shown), 0);
    assert_int_equal(figure(&shown.figures, "final_use"), -216000);
    assert_int_equal(ask(fixture, &request, &asked), 0);
    assert_int_equal(decide(fixture, asked.approval_id, true), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE closed_s IS NOT NULL"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM bill"), 216000);
    assert_int_equal(fixture_number(fixture, "SELECT estimated FROM bill"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT m.area_e4 FROM account k JOIN account_measure m ON m.account_id = k.account_id"
                                             " WHERE k.closed_s IS NULL AND k.area_id = 2"), 900000);
    request = (struct billing_closing_request){ .account_id = fixture_number(fixture, "SELECT max(account_id) FROM account"),
                                                .kind = CLOSING_OWNER_CHANGE, .new_mode = "prepaid_platform", .key = "owner",
                                                .reading = CLOSING_READ_METER, .reason = "x" };
    assert_int_equal(ask(fixture, &request, &asked), BILLING_ERR_NO_DEVICE);
    fixture_verify(fixture);
}

static struct ledger_store ledger_real;
static int writes_left;

static int write_refused(void)
{
    return writes_left-- <= 0 ? STORE_ERR_FULL : 0;
}

static int transfer_insert(void *context, struct ledger_transfer *transfer)
{
    int error = write_refused();

    return error != 0 ? error : ledger_real.transfer_insert(context, transfer);
}

static int ledger_update(void *context, const struct ledger_account *account)
{
    int error = write_refused();

    return error != 0 ? error : ledger_real.account_update(context, account);
}

static struct case_store cases_real;

static int closing_update(void *context, const struct closing *row)
{
    int error = write_refused();

    return error != 0 ? error : cases_real.closing_update(context, row);
}

static int part_update(void *context, const struct refund_part *row)
{
    int error = write_refused();

    return error != 0 ? error : cases_real.part_update(context, row);
}

static int approval_update(void *context, const struct approval *row)
{
    int error = write_refused();

    return error != 0 ? error : cases_real.approval_update(context, row);
}

static void a_crash_between_two_writes_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_prepare(fixture, "prepaid_platform");
    struct billing_closing_request request = closing_of(account_id, CLOSING_MOVE_OUT, CLOSING_READ_TYPED, 15000000);
    struct billing_closing asked;
    struct ledger_store ledger = ledger_real = *ledger_sql_store(fixture->ledger_sql);
    struct case_store cases = cases_real = *case_sql_store(fixture->case_sql);
    struct billing_config config = { .store = NULL };
    int error = STORE_ERR_FULL;
    int writes = 0;

    assert_int_equal(ask(fixture, &request, &asked), 0);
    ledger.transfer_insert = transfer_insert;
    ledger.account_update = ledger_update;
    cases.closing_update = closing_update;
    cases.part_update = part_update;
    cases.approval_update = approval_update;
    config.ledger = &ledger;
    config.cases = &cases;
    config.store = billing_sql_store(fixture->billing_sql);
    config.orders = payment_sql_store(fixture->payment_sql);
    config.cash = cash_sql_store(fixture->cash_sql);
    config.measures = measure_sql_store(fixture->measure_sql);
    config.shares = share_sql_store(fixture->share_sql);
    config.actions = &fixture->actions;
    billing_close(fixture->billing);
    assert_int_equal(billing_open(&config, &fixture->billing), 0);
    for (; error != 0 && writes < CALLS_LIMIT; writes++) {
        writes_left = writes;
        assert_int_equal(store_begin(fixture->store), 0);
        error = decide(fixture, asked.approval_id, true);
        if (error == 0) {
            assert_int_equal(store_commit(fixture->store), 0);
            break;
        }
        assert_int_equal(error, STORE_ERR_FULL);
        store_rollback(fixture->store);
        assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE closed_s IS NOT NULL"), 0);
        assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM refund"), 0);
        fixture_verify(fixture);
    }
    assert_true(writes >= 10);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM refund"), 8500);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_sum_is_shown_and_then_done, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_changed_figure_refuses_and_a_refusal_goes_on, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_meter_gives_its_money_back_first, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_next_contract_begins_where_this_one_ended, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_contract_without_a_meter_ends_with_its_fixed_charges, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_crash_between_two_writes_loses_nothing, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
