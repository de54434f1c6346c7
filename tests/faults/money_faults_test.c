/* Every statement of every path of money fails once: nothing half written, no answer, and done again it comes to the same. */
#include "tests/unit/unit_test.h"

#include "tests/faults/fault_story.h"

#include "billing/bank_import.h"
#include "billing/cash_shift.h"
#include "billing/closing.h"
#include "billing/payment_move.h"
#include "billing/payment_order.h"
#include "billing/payment_reconciliation.h"
#include "billing/public_meter.h"

#include <stdio.h>
#include <string.h>

static const struct billing_scope second = { .tenant_id = 1, .person_id = 8, .path = "/1/" };

static int64_t number(struct fixture *fixture, const char *query)
{
    return fixture_number(fixture, query);
}

static void persons_add(struct fixture *fixture)
{
    assert_int_equal(store_execute(fixture->store,
        "INSERT INTO person (person_id, tenant_id, area_id, login, display_name, role, password_hash, created_s) VALUES"
        " (7, 1, 1, 'wang', '王静', 'clerk', '', 0), (8, 1, 1, 'li', '李建国', 'clerk', '', 0)"), 0);
}

static int pay(struct fixture *fixture, void *answer, const char *key)
{
    struct billing_payment_request request = { .account_id = 1, .amount_fen = 9000, .method = "cash" };

    (void)snprintf(request.key, sizeof request.key, "%s", key);
    return billing_payment_take(fixture->billing, &fixture->scope, fixture->now_s, &request, answer);
}

static int tick(struct fixture *fixture, void *answer)
{
    (void)answer;
    return billing_tick(fixture->billing, fixture->now_s, 100);
}

/* The one approval that waits. */
static int approve(struct fixture *fixture, void *answer)
{
    struct billing_decision decision = { .approval_id = 0, .wall_s = fixture->now_s, .chance = 9, .approve = true, .reason = "",
                                         .seen = "" };
    struct approval row;

    for (int64_t id = 1; id < 10 && decision.approval_id == 0; id++) {
        const struct case_store *cases = case_sql_store(fixture->case_sql);
        int found = cases->approval_read(cases->context, id, &row);

        if (found < 0)
            return found;
        if (found == 1 && row.state == APPROVAL_WAITING)
            decision.approval_id = id;
    }
    return billing_approval_decide(fixture->billing, &second, fixture->now_s, &decision, answer);
}

/* Settlement runs: three post-paid accounts on 1 June. */
static void billed_prepare(struct fixture *fixture)
{
    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'bills_by_run', '1')"), 0);
    for (uint32_t device_id = 1; device_id <= 3; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 1000);
        fixture_midnight_put(fixture, device_id, fixture_day("2026-06-01"), 25000000 * device_id);
    }
    fixture_run(fixture, fixture_time("2026-06-01T10:00"));
}

static int run_draft(struct fixture *fixture, void *answer)
{
    struct billing_run run = { .to_day = fixture_day("2026-06-01"), .estimate = BILLING_ESTIMATE_USUAL };

    return billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &run, answer);
}

static int run_approve(struct fixture *fixture, void *answer)
{
    return billing_run_decide(fixture->billing, &second, fixture->now_s, 1, BILLING_RUN_APPROVE, answer);
}

static int run_reverse(struct fixture *fixture, void *answer)
{
    return billing_run_decide(fixture->billing, &fixture->scope, fixture->now_s, 1, BILLING_RUN_REVERSE, answer);
}

static int pay_once(struct fixture *fixture, void *answer)
{
    return pay(fixture, answer, "once");
}

static int hold_place(struct fixture *fixture, void *answer)
{
    struct billing_hold_request request = { .account_id = 2, .amount_fen = 300, .duration_s = 60, .key = "h",
                                            .item = "hot_water" };

    return billing_hold_place(fixture->billing, &fixture->scope, fixture->now_s, &request, answer);
}

static int hold_settle(struct fixture *fixture, void *answer)
{
    return billing_hold_settle(fixture->billing, &fixture->scope, fixture->now_s, 1, 200, answer);
}

static void settlement_runs(void **state)
{
    const struct fault_deed deeds[] = {
        { billed_prepare, run_draft, 10 }, { NULL, run_approve, 30 }, { NULL, tick, 10 },      { NULL, pay_once, 10 },
        { NULL, run_reverse, 20 },         { NULL, hold_place, 5 },   { NULL, hold_settle, 5 }, { NULL, NULL, 0 },
    };

    (void)state;
    fault_story_tell(deeds);
}

/* Prepaid days, a correction, a group that is cut off and restored, a public meter. */
static void group_prepare(struct fixture *fixture)
{
    fixture_flat_price(fixture, "3.00");
    for (uint32_t device_id = 1; device_id <= 4; device_id++) {
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
        fixture_midnight(fixture, device_id, fixture_day("2026-05-20"), 0);
    }
    fixture_settle(fixture);
}

static int group_join(struct fixture *fixture, void *answer)
{
    (void)answer;
    return billing_group_join(fixture->billing, &fixture->scope, fixture->now_s, 2, 1);
}

static int share_set(struct fixture *fixture, void *answer)
{
    int error = billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, 3, 4, 2);

    (void)answer;
    return error < 0 ? error : billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, 1, 4, 1);
}

static void days_prepare(struct fixture *fixture)
{
    fixture->now_s = fixture_time("2026-05-21T01:00");
    for (uint32_t device_id = 1; device_id <= 4; device_id++)
        fixture_midnight_put(fixture, device_id, fixture_day("2026-05-21"), 1000000 * device_id);
}

static void correct_prepare(struct fixture *fixture)
{
    fixture_midnight_put(fixture, 1, fixture_day("2026-05-21"), 500000);
}

static int reading_correct(struct fixture *fixture, void *answer)
{
    (void)answer;
    return billing_reading_corrected(fixture->billing, 1, fixture_day("2026-05-21"), fixture->now_s);
}

static void cut_prepare(struct fixture *fixture)
{
    fixture_run(fixture, fixture_time("2026-05-22T08:20"));
    assert_int_equal(number(fixture, "SELECT count(*) FROM account WHERE stage = 'final_notice'"), 3);
    fixture->now_s = fixture_time("2026-05-22T08:30");
}

static int valve_verified(struct fixture *fixture, void *answer)
{
    (void)answer;
    return billing_valve_verified(fixture->billing, 1, BILLING_VALVE_CLOSE, fixture->now_s);
}

static int valve_failed(struct fixture *fixture, void *answer)
{
    (void)answer;
    return billing_valve_failed(fixture->billing, 2, BILLING_VALVE_CLOSE, fixture->now_s);
}

static void a_group_and_a_public_meter(void **state)
{
    const struct fault_deed deeds[] = {
        { group_prepare, group_join, 5 },
        { NULL, share_set, 5 },
        { days_prepare, tick, 60 },
        { correct_prepare, reading_correct, 10 },
        { NULL, tick, 10 },
        { cut_prepare, tick, 20 },
        { NULL, valve_verified, 3 },
        { NULL, valve_failed, 3 },
        { NULL, pay_once, 20 },
        { NULL, NULL, 0 },
    };

    (void)state;
    fault_story_tell(deeds);
}

/* The cash desk and the bank. */
static void desk_prepare(struct fixture *fixture)
{
    persons_add(fixture);
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
}

static int shift_open(struct fixture *fixture, void *answer)
{
    return cash_shift_open(fixture->billing, &fixture->scope, fixture->now_s, 20000, "", answer);
}

static int pay_again(struct fixture *fixture, void *answer)
{
    return pay(fixture, answer, "again");
}

static int undo_ask(struct fixture *fixture, void *answer)
{
    return cash_undo_ask(fixture->billing, &fixture->scope, fixture->now_s, 1, "输错金额", answer);
}

static int undo_decide(struct fixture *fixture, void *answer)
{
    return cash_undo_decide(fixture->billing, &second, fixture->now_s, 1, true, answer);
}

static int shift_count(struct fixture *fixture, void *answer)
{
    return cash_shift_count(fixture->billing, &fixture->scope, fixture->now_s, 1, 20000, "", "少", answer);
}

static int shift_confirm(struct fixture *fixture, void *answer)
{
    (void)answer;
    return cash_shift_confirm(fixture->billing, &second, fixture->now_s, 1);
}

static int deposit_bring(struct fixture *fixture, void *answer)
{
    struct cash_deposit row = { .amount_fen = 9000, .source = "counter", .bank = "工行", .slip = "1", .key = "bring" };

    (void)answer;
    return cash_deposit_book(fixture->billing, &fixture->scope, fixture->now_s, &row);
}

static int cash_compare(struct fixture *fixture, void *answer)
{
    return cash_reconciliation_ask(fixture->billing, &fixture->scope, fixture->now_s, fixture_day("2026-05-20"), answer);
}

static void lines_fill(struct bank_line lines[2])
{
    lines[0] = (struct bank_line){ .amount_fen = 500, .tenant_id = 1, .row = 2, .fingerprint = "one", .remark = "户号:10041;" };
    lines[1] = (struct bank_line){ .amount_fen = 700, .tenant_id = 1, .row = 3, .fingerprint = "two", .payer = "谁" };
}

static int statement_check(struct fixture *fixture, void *answer)
{
    struct bank_statement statement = { .bank = "工行" };
    struct bank_line lines[2];

    (void)answer;
    lines_fill(lines);
    return bank_statement_check(fixture->billing, &fixture->scope, fixture->now_s, &statement, lines, 2);
}

static int statement_book(struct fixture *fixture, void *answer)
{
    (void)answer;
    return bank_statement_book(fixture->billing, &fixture->scope, 1);
}

static int line_assign(struct fixture *fixture, void *answer)
{
    return bank_line_assign(fixture->billing, &fixture->scope, fixture->now_s, 2, 1, answer);
}

static void the_cash_desk_and_the_bank(void **state)
{
    const struct fault_deed deeds[] = {
        { desk_prepare, shift_open, 3 }, { NULL, pay_once, 8 },        { NULL, undo_ask, 5 },
        { NULL, undo_decide, 10 },       { NULL, pay_again, 8 },       { NULL, deposit_bring, 5 },
        { NULL, shift_count, 5 },        { NULL, shift_confirm, 5 },   { NULL, cash_compare, 5 },
        { NULL, statement_check, 5 },    { NULL, statement_book, 2 },  { NULL, tick, 15 },
        { NULL, line_assign, 8 },        { NULL, NULL, 0 },
    };

    (void)state;
    fault_story_tell(deeds);
}

/* Payments through a channel, refunds, moved payments. */
static int order_create(struct fixture *fixture, void *answer)
{
    struct payment_order_request request = { .account_id = 1, .amount_fen = 10000, .chance = 77, .channel = "wechat",
                                             .description = "水费", .key = "order" };

    return payment_order_create(fixture->billing, &fixture->scope, fixture->now_s, &request, answer);
}

static int work_take(struct fixture *fixture, void *answer)
{
    return payment_order_work_take(fixture->billing, fixture->now_s, "wechat", answer);
}

static int outcome(struct fixture *fixture, void *answer, struct payment_order_outcome said)
{
    char number[PAYMENT_ORDER_NUMBER_SIZE];

    (void)snprintf(number, sizeof number, "%s20260520120000%016x", said.is_refund ? "RF" : "MW", said.is_refund ? 0x88U : 77U);
    said.channel = "wechat";
    said.number = number;
    said.code = "SAID";
    return payment_order_outcome_take(fixture->billing, fixture->now_s, fixture->now_s, &said, answer);
}

static int order_pending(struct fixture *fixture, void *answer)
{
    return outcome(fixture, answer, (struct payment_order_outcome){ .word = PAYMENT_WORD_PENDING, .step = PAYMENT_STEP_ORDER,
                                                                    .invitation_kind = "qr", .invitation = "weixin://x" });
}

static int order_lied(struct fixture *fixture, void *answer)
{
    return outcome(fixture, answer, (struct payment_order_outcome){ .word = PAYMENT_WORD_PAID, .amount_fen = 9999, .reference = "42" });
}

static int order_paid(struct fixture *fixture, void *answer)
{
    return outcome(fixture, answer, (struct payment_order_outcome){ .word = PAYMENT_WORD_PAID, .amount_fen = 10000, .reference = "42" });
}

static int order_paid_twice(struct fixture *fixture, void *answer)
{
    return outcome(fixture, answer, (struct payment_order_outcome){ .word = PAYMENT_WORD_PAID, .amount_fen = 10000, .reference = "43" });
}

static int channel_refund_ask(struct fixture *fixture, void *answer)
{
    struct payment_refund_request request = { .payment_order_id = 1, .amount_fen = 1000, .chance = 0x88, .key = "refund",
                                              .reason = "多缴" };

    return payment_refund_ask(fixture->billing, &fixture->scope, fixture->now_s, fixture->now_s, &request, answer);
}

static int refund_failed(struct fixture *fixture, void *answer)
{
    (void)answer;
    return outcome(fixture, NULL, (struct payment_order_outcome){ .word = PAYMENT_WORD_CLOSED, .is_refund = true });
}

static int refund_paid_after_all(struct fixture *fixture, void *answer)
{
    (void)answer;
    return outcome(fixture, NULL, (struct payment_order_outcome){ .word = PAYMENT_WORD_PAID, .amount_fen = 1000, .is_refund = true });
}

static int refund_resolve(struct fixture *fixture, void *answer)
{
    return payment_refund_resolve(fixture->billing, &second, fixture->now_s, 1, true, answer);
}

static int compare_ask(struct fixture *fixture, void *answer)
{
    return payment_reconciliation_ask(fixture->billing, &fixture->scope, fixture->now_s + 86400, "wechat", fixture_day("2026-05-20"),
                                      answer);
}

static int compare_take(struct fixture *fixture, void *answer)
{
    struct payment_bill_entry entries[1] = { { .amount_fen = 10000, .number = "unknown", .reference = "1" } };

    (void)answer;
    return payment_reconciliation_take(fixture->billing, fixture->now_s, 1, entries, 1, NULL);
}

static int difference_accept(struct fixture *fixture, void *answer)
{
    (void)answer;
    return payment_difference_resolve(fixture->billing, &second, fixture->now_s, fixture->now_s, 1, "accept", "已核对");
}

static void a_channel(void **state)
{
    const struct fault_deed deeds[] = {
        { desk_prepare, order_create, 3 },   { NULL, work_take, 2 },
        { NULL, order_pending, 3 },          { NULL, order_lied, 2 },
        { NULL, order_paid, 15 },            { NULL, order_paid_twice, 10 },
        { NULL, channel_refund_ask, 10 },    { NULL, work_take, 2 },
        { NULL, refund_failed, 8 },          { NULL, refund_paid_after_all, 3 },
        { NULL, refund_resolve, 10 },        { NULL, compare_ask, 1 },
        { NULL, compare_take, 5 },           { NULL, difference_accept, 2 },
        { NULL, NULL, 0 },
    };

    (void)state;
    fault_story_tell(deeds);
}

/* Money back and money elsewhere, by two people. */
static int refund_ask(struct fixture *fixture, void *answer, int64_t amount_fen, enum refund_route rest, const char *key)
{
    struct billing_refund_request request = { .account_id = 1, .amount_fen = amount_fen, .wall_s = fixture->now_s,
                                              .rest = (uint8_t)rest, .payee = "陈佳怡", .bank_account = "6222", .reason = "多缴",
                                              .chance = 1000 };

    (void)snprintf(request.key, sizeof request.key, "%s", key);
    return billing_refund_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, answer);
}

static void refund_prepare(struct fixture *fixture)
{
    struct payment_order_request request = { .account_id = 1, .amount_fen = 10000, .chance = 77, .channel = "wechat",
                                             .description = "水费", .key = "order" };
    struct payment_order order;

    desk_prepare(fixture);
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
    assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, fixture->now_s, &request, &order), 0);
    assert_int_equal(order_paid(fixture, NULL), 0);
    assert_int_equal(fixture_pay(fixture, 1, 9000, "counter", NULL), 0);
}

static int refund_mixed(struct fixture *fixture, void *answer)
{
    return refund_ask(fixture, answer, 12000, REFUND_BY_CASH, "mixed");
}

static int refund_bank(struct fixture *fixture, void *answer)
{
    return refund_ask(fixture, answer, 2000, REFUND_BY_BANK, "bank");
}

static int refund_returned(struct fixture *fixture, void *answer)
{
    (void)answer;
    return billing_refund_settle(fixture->billing, &second, fixture->now_s, 2, false, "bank-1");
}

static int move_ask(struct fixture *fixture, void *answer)
{
    struct billing_move_request request = { .payment_id = 2, .to_account_id = 2, .amount_fen = 3000, .key = "move", .reason = "交错户" };

    return billing_move_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, answer);
}

static void refunds_and_moves(void **state)
{
    const struct fault_deed deeds[] = {
        { refund_prepare, refund_mixed, 20 }, { NULL, approve, 30 },          { NULL, refund_bank, 15 },
        { NULL, approve, 15 },                { NULL, refund_returned, 8 },   { NULL, move_ask, 8 },
        { NULL, approve, 15 },                { NULL, NULL, 0 },
    };

    (void)state;
    fault_story_tell(deeds);
}

/* Contracts that end. */
static void contracts_prepare(struct fixture *fixture)
{
    persons_add(fixture);
    fixture_flat_price(fixture, "1.00");
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
    (void)fixture_account_open(fixture, "prepaid_meter", 0, 0);
    (void)fixture_account_open(fixture, "postpaid", 0, 0);
    assert_int_equal(fixture_pay(fixture, 1, 10000, "p1", NULL), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 10000000);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 10000000);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
}

static int meter_pay(struct fixture *fixture, void *answer)
{
    struct billing_payment_request request = { .account_id = 2, .amount_fen = 5000, .method = "cash", .key = "meter" };

    return billing_payment_take(fixture->billing, &fixture->scope, fixture->now_s, &request, answer);
}

static int deposit_take(struct fixture *fixture, void *answer)
{
    int64_t deposit_fen = -1;
    int error = billing_deposit_take(fixture->billing, &fixture->scope, fixture->now_s, 1, 2000, "deposit", &deposit_fen);

    (void)answer;
    assert_true((error == 0) == (deposit_fen == 2000) && (error == 0 || deposit_fen == -1));
    return error;
}

static int closing_ask(struct fixture *fixture, void *answer, int64_t account_id, enum closing_kind kind, int64_t total_value)
{
    struct billing_closing_request request = { .account_id = account_id, .kind = (uint8_t)kind, .reading = CLOSING_READ_TYPED,
                                               .total_value = total_value, .rest = REFUND_BY_CASH, .reason = "退租",
                                               .new_customer_id = kind == CLOSING_TENANT_CHANGE ? 1 : 0, .wall_s = fixture->now_s,
                                               .close_valve = kind == CLOSING_MOVE_OUT };

    (void)snprintf(request.key, sizeof request.key, "closing-%d", (int)account_id);
    return billing_closing_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, answer);
}

static int move_out_ask(struct fixture *fixture, void *answer)
{
    return closing_ask(fixture, answer, 1, CLOSING_MOVE_OUT, 15000000);
}

static int meter_closing_ask(struct fixture *fixture, void *answer)
{
    return closing_ask(fixture, answer, 2, CLOSING_MOVE_OUT, 0);
}

static void clear_prepare(struct fixture *fixture)
{
    assert_int_equal(store_execute(fixture->store, "UPDATE device_state SET balance_fen = 5000 WHERE device_id = 2"), 0);
}

static int cleared(struct fixture *fixture, void *answer)
{
    (void)answer;
    return billing_clear_ended(fixture->billing, 3, true, fixture->now_s);
}

static int tenant_change_ask(struct fixture *fixture, void *answer)
{
    return closing_ask(fixture, answer, 3, CLOSING_TENANT_CHANGE, 12000000);
}

static void contracts_that_end(void **state)
{
    const struct fault_deed deeds[] = {
        { contracts_prepare, meter_pay, 10 }, { NULL, deposit_take, 8 },
        { NULL, move_out_ask, 20 },           { NULL, approve, 40 },
        { clear_prepare, meter_closing_ask, 15 }, { NULL, cleared, 10 },
        { NULL, tick, 5 },                    { NULL, approve, 30 },
        { NULL, tenant_change_ask, 20 },      { NULL, approve, 40 },
        { NULL, NULL, 0 },
    };

    (void)state;
    fault_story_tell(deeds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settlement_runs),       cmocka_unit_test(a_group_and_a_public_meter),
        cmocka_unit_test(the_cash_desk_and_the_bank), cmocka_unit_test(a_channel),
        cmocka_unit_test(refunds_and_moves),     cmocka_unit_test(contracts_that_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
