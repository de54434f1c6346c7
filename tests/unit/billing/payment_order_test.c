#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "base/random.h"
#include "billing/payment_order.h"
#include "billing/payment_reconciliation.h"
#include "store/store_error.h"

#include <stdio.h>
#include <string.h>

#define WALL_S INT64_C(1768435200)
#define WRITES_LIMIT 200

static struct payment_order order_make(struct fixture *fixture, int64_t account_id, int64_t amount_fen, const char *key)
{
    struct payment_order_request request = { .account_id = account_id, .amount_fen = amount_fen, .chance = 0,
                                             .channel = "wechat", .description = "水费" };
    struct payment_order order;

    (void)snprintf(request.key, sizeof request.key, "%s", key);
    for (const char *letter = key; *letter != '\0'; letter++)
        request.chance = request.chance * 257 + (uint64_t)*letter;
    assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, WALL_S, &request, &order), 0);
    return order;
}

static struct payment_order_outcome outcome_of(const struct payment_order *order, enum payment_order_word word)
{
    return (struct payment_order_outcome){ .word = word, .channel = "wechat", .number = order->trade_number,
                                           .reference = "420001", .code = "SUCCESS", .amount_fen = order->amount_fen };
}

static struct payment_order tell(struct fixture *fixture, const struct payment_order_outcome *outcome)
{
    struct payment_order order;

    assert_int_equal(payment_order_outcome_take(fixture->billing, WALL_S + 60, fixture->now_s, outcome, &order), 0);
    return order;
}

static struct payment_order order_pay(struct fixture *fixture, const struct payment_order *order)
{
    struct payment_order_outcome outcome = outcome_of(order, PAYMENT_WORD_PAID);

    return tell(fixture, &outcome);
}

static void impossible_orders_are_refused(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order_request right = { .account_id = account_id, .amount_fen = 5000, .channel = "wechat",
                                           .key = "order-1", .description = "水费" };
    struct billing_scope elsewhere = { .tenant_id = 1, .path = "/1/3/" };
    const int64_t amounts[] = { 0, -1, INT64_MIN, INT64_MAX, 100000001 };
    struct payment_order_request request = right;
    struct payment_order order;

    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        request.amount_fen = amounts[i];
        assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, WALL_S, &request, &order),
                         BILLING_ERR_AMOUNT);
    }
    request = right;
    request.channel[0] = '/';
    assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, WALL_S, &request, &order),
                     BILLING_ERR_CHANNEL);
    assert_int_equal(payment_order_create(fixture->billing, &elsewhere, WALL_S, &right, &order), BILLING_ERR_ACCOUNT);
    assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, WALL_S, &right, &order), 0);
    assert_int_equal(strlen(order.trade_number), 32);
    assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, WALL_S, &right, &order), 1);
    request = right;
    request.amount_fen = 5001;
    assert_int_equal(payment_order_create(fixture->billing, &fixture->scope, WALL_S, &request, &order),
                     BILLING_ERR_KEY_REUSED);
}

static void money_is_booked_once_however_often_it_is_told(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order_outcome closed = outcome_of(&order, PAYMENT_WORD_CLOSED);
    struct payment_order_outcome pending = outcome_of(&order, PAYMENT_WORD_PENDING);

    order = order_pay(fixture, &order);
    assert_int_equal(order.state, PAYMENT_ORDER_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    (void)order_pay(fixture, &order);
    assert_int_equal(tell(fixture, &closed).state, PAYMENT_ORDER_PAID);
    assert_int_equal(tell(fixture, &pending).state, PAYMENT_ORDER_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment WHERE method = 'wechat'"), 1);
    fixture_verify(fixture);
}

/* Whatever the order of words about whatever orders, the wallet holds what was paid. */
static void the_order_of_arrival_does_not_matter(void **state)
{
    static const enum payment_order_word words[] = { PAYMENT_WORD_UNKNOWN, PAYMENT_WORD_REFUSED, PAYMENT_WORD_ABSENT,
                                                     PAYMENT_WORD_PENDING, PAYMENT_WORD_CLOSED, PAYMENT_WORD_PAID };
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct random random = random_of_seed(5);
    struct payment_order orders[12];
    bool paid[12] = { false };
    int64_t expected_fen = 0;
    char text[32];

    for (int i = 0; i < 12; i++) {
        (void)snprintf(text, sizeof text, "order-%d", i);
        orders[i] = order_make(fixture, account_id, 100 + i, text);
    }
    for (int turn = 0; turn < 400; turn++) {
        uint32_t which = (uint32_t)(random_next(&random) % 12);
        struct payment_order_outcome outcome = outcome_of(&orders[which], words[random_next(&random) % 6]);
        (void)snprintf(text, sizeof text, "42%u", which);
        outcome.reference = text;
        outcome.step = random_next(&random) % 2 == 0 ? PAYMENT_STEP_CLOSE : PAYMENT_STEP_ORDER;
        (void)tell(fixture, &outcome);
        if (outcome.word == PAYMENT_WORD_PAID && !paid[which])
            expected_fen += orders[which].amount_fen;
        paid[which] = paid[which] || outcome.word == PAYMENT_WORD_PAID;
        assert_int_equal(fixture_balance(fixture, account_id), expected_fen);
    }
    assert_true(expected_fen > 0);
    fixture_verify(fixture);
}

static void a_lie_about_the_amount_books_nothing(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order_outcome lie = outcome_of(&order, PAYMENT_WORD_PAID);

    lie.amount_fen = 4999;
    assert_int_equal(tell(fixture, &lie).state, PAYMENT_ORDER_DISPUTED);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_non_null(strstr(writer_terminate(&fixture->story), "journal payment_disputed MW2026"));
    assert_int_equal(order_pay(fixture, &order).state, PAYMENT_ORDER_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
}

static void one_payment_of_the_channel_pays_one_order(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order first = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order second = order_make(fixture, account_id, 5000, "order-2");
    struct payment_order_outcome unknown = outcome_of(&first, PAYMENT_WORD_PAID);

    (void)order_pay(fixture, &first);
    assert_int_equal(order_pay(fixture, &second).state, PAYMENT_ORDER_DISPUTED); /* under the same reference */
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    unknown.number = "MW00000000000000";
    assert_int_equal(payment_order_outcome_take(fixture->billing, WALL_S, fixture->now_s, &unknown, NULL),
                     BILLING_ERR_ORDER);
    unknown = outcome_of(&second, PAYMENT_WORD_PAID);
    unknown.channel = "alipay"; /* another channel's word about an order of ours */
    assert_int_equal(payment_order_outcome_take(fixture->billing, WALL_S, fixture->now_s, &unknown, NULL),
                     BILLING_ERR_ORDER);
}

/* A customer who paid twice: the books hold what the channel holds, and the second money can go back, by the number that
 * the channel knows. */
static void a_second_payment_waits_in_suspense(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order_outcome again = outcome_of(&order, PAYMENT_WORD_PAID);
    struct payment_refund_request request = { .amount_fen = 4000, .chance = 1, .key = "refund-1" };
    struct payment_order_work work;
    struct payment_refund refund;

    (void)order_pay(fixture, &order);
    again.reference = "420002";
    again.amount_fen = 4000;
    for (int i = 0; i < 3; i++)
        assert_int_equal(tell(fixture, &again).payment_order_id, order.payment_order_id);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    assert_int_equal(fixture_number(fixture, "SELECT debits_fen FROM ledger_account WHERE kind = 'channel'"), 9000);
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen FROM ledger_account WHERE kind = 'suspense'"
                                             " AND name = 'paid twice'"), 4000);
    request.payment_order_id = fixture_number(fixture, "SELECT payment_order_id FROM payment_order WHERE second_of > 0");
    assert_int_equal(payment_refund_ask(fixture->billing, &fixture->scope, WALL_S, fixture->now_s, &request, &refund), 0);
    assert_int_equal(payment_order_work_take(fixture->billing, WALL_S, "wechat", &work), 1);
    assert_int_equal(work.step, PAYMENT_STEP_REFUND);
    assert_string_equal(work.order.trade_number, order.trade_number);
    assert_string_equal(work.order.reference, "420002");
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    fixture_verify(fixture);
}

static enum payment_step step_at(struct fixture *fixture, int64_t wall_s)
{
    struct payment_order_work work = { .step = PAYMENT_STEP_NONE };

    return payment_order_work_take(fixture->billing, wall_s, "wechat", &work) == 1 ? work.step : PAYMENT_STEP_NONE;
}

static void an_open_order_is_asked_about_and_closed(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order_outcome word = outcome_of(&order, PAYMENT_WORD_PENDING);
    int64_t late_s = WALL_S + PAYMENT_ORDER_TIME_S;
    struct payment_order_work others;

    assert_int_equal(payment_order_work_take(fixture->billing, WALL_S, "alipay", &others), 0);
    assert_int_equal(step_at(fixture, WALL_S), PAYMENT_STEP_ORDER);
    assert_int_equal(step_at(fixture, WALL_S), PAYMENT_STEP_NONE); /* lent */
    assert_int_equal(step_at(fixture, WALL_S + PAYMENT_ORDER_LEASE_S), PAYMENT_STEP_ORDER);
    word.invitation_kind = "qr";
    word.invitation = "weixin://pay";
    assert_int_equal(tell(fixture, &word).state, PAYMENT_ORDER_PENDING);
    assert_int_equal(step_at(fixture, WALL_S + 69), PAYMENT_STEP_NONE);
    assert_int_equal(step_at(fixture, WALL_S + 70), PAYMENT_STEP_QUERY);
    word.invitation_kind = "";
    assert_int_equal(payment_order_outcome_take(fixture->billing, late_s, fixture->now_s, &word, &order), 0);
    assert_int_equal(step_at(fixture, late_s), PAYMENT_STEP_CLOSE);
    word.word = PAYMENT_WORD_CLOSED;
    assert_int_equal(tell(fixture, &word).state, PAYMENT_ORDER_CLOSED);
    assert_int_equal(step_at(fixture, late_s + 100000), PAYMENT_STEP_NONE);
    /* Money that comes all the same is the customer's. */
    assert_int_equal(order_pay(fixture, &order).state, PAYMENT_ORDER_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
}

static void a_cancelled_order_is_closed_at_once_and_may_still_be_paid(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order_outcome word = outcome_of(&order, PAYMENT_WORD_ABSENT);
    struct billing_scope elsewhere = { .tenant_id = 1, .path = "/1/3/" };
    int64_t id = order.payment_order_id;

    assert_int_equal(step_at(fixture, WALL_S), PAYMENT_STEP_ORDER);
    assert_int_equal(payment_order_cancel(fixture->billing, &elsewhere, WALL_S, id, &order), BILLING_ERR_ORDER);
    assert_int_equal(payment_order_cancel(fixture->billing, &fixture->scope, WALL_S, 99, &order), BILLING_ERR_ORDER);
    assert_int_equal(payment_order_cancel(fixture->billing, &fixture->scope, WALL_S, id, &order), 0);
    assert_int_equal(order.expires_s, WALL_S);
    assert_int_equal(step_at(fixture, WALL_S), PAYMENT_STEP_CLOSE);
    assert_int_equal(payment_order_cancel(fixture->billing, &fixture->scope, WALL_S + 1, id, &order), 0);
    assert_int_equal(step_at(fixture, WALL_S + 1), PAYMENT_STEP_NONE); /* lent: asked for once */
    word.step = PAYMENT_STEP_CLOSE;
    assert_int_equal(tell(fixture, &word).state, PAYMENT_ORDER_CLOSED); /* and not told to the channel again */
    assert_int_equal(payment_order_cancel(fixture->billing, &fixture->scope, WALL_S + 2, id, &order), 0);
    assert_int_equal(order_pay(fixture, &order).state, PAYMENT_ORDER_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    assert_int_equal(payment_order_cancel(fixture->billing, &fixture->scope, WALL_S + 3, id, &order), BILLING_ERR_ORDER_ENDED);
    fixture_verify(fixture);
}

/* Given back by hand at the channel before we knew of it: the money is not there to be booked. */
static void what_the_channel_gave_back_is_not_booked(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order booked = order_make(fixture, account_id, 3000, "order-2");
    struct payment_order_outcome returned = outcome_of(&order, PAYMENT_WORD_RETURNED);

    assert_int_equal(tell(fixture, &returned).state, PAYMENT_ORDER_DISPUTED);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_int_equal(step_at(fixture, WALL_S + 100000), PAYMENT_STEP_ORDER); /* of the other alone */
    assert_int_equal(order_pay(fixture, &booked).state, PAYMENT_ORDER_PAID);
    returned = outcome_of(&booked, PAYMENT_WORD_RETURNED); /* a refund of ours */
    assert_int_equal(tell(fixture, &returned).state, PAYMENT_ORDER_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 3000);
    fixture_verify(fixture);
}

static void money_for_a_closed_account_waits_in_suspense(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_refund_request request = { .amount_fen = 5000, .key = "refund-1" };
    struct payment_refund refund;

    assert_int_equal(store_execute(fixture->store, "UPDATE account SET closed_s = 1"), 0);
    order = order_pay(fixture, &order);
    assert_true(order.in_suspense);
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen FROM ledger_account WHERE kind = 'suspense'"), 5000);
    request.payment_order_id = order.payment_order_id;
    assert_int_equal(payment_refund_ask(fixture->billing, &fixture->scope, WALL_S, fixture->now_s, &request, &refund), 0);
    fixture_verify(fixture);
}

static int refund_ask(struct fixture *fixture, const struct payment_order *order, int64_t amount_fen, const char *key,
                      struct payment_refund *out)
{
    struct payment_refund_request request = { .payment_order_id = order->payment_order_id, .amount_fen = amount_fen,
                                              .chance = (uint64_t)key[strlen(key) - 1] };

    (void)snprintf(request.key, sizeof request.key, "%s", key);
    return payment_refund_ask(fixture->billing, &fixture->scope, WALL_S, fixture->now_s, &request, out);
}

static void refund_tell(struct fixture *fixture, const struct payment_refund *refund, enum payment_order_word word,
                        enum payment_step step)
{
    struct payment_order_outcome outcome = { .word = word, .step = step, .is_refund = true, .channel = "wechat",
                                             .number = refund->refund_number, .amount_fen = refund->amount_fen,
                                             .reference = "", .code = "NO" };

    assert_int_equal(payment_order_outcome_take(fixture->billing, WALL_S, fixture->now_s, &outcome, NULL), 0);
}

static void a_refund_goes_back_once_and_no_more_than_was_paid(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_refund first, second;

    assert_int_equal(refund_ask(fixture, &order, 1, "refund-1", &first), BILLING_ERR_ORDER_UNPAID);
    order = order_pay(fixture, &order);
    assert_int_equal(refund_ask(fixture, &order, 5001, "refund-1", &first), BILLING_ERR_REFUND_AMOUNT);
    assert_int_equal(refund_ask(fixture, &order, 0, "refund-1", &first), BILLING_ERR_AMOUNT);
    assert_int_equal(refund_ask(fixture, &order, 3000, "refund-1", &first), 0);
    assert_int_equal(refund_ask(fixture, &order, 3000, "refund-1", &first), 1);
    assert_int_equal(refund_ask(fixture, &order, 2001, "refund-2", &second), BILLING_ERR_REFUND_AMOUNT);
    assert_int_equal(refund_ask(fixture, &order, 2000, "refund-2", &second), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_int_equal(step_at(fixture, WALL_S + 100), PAYMENT_STEP_REFUND);
    refund_tell(fixture, &first, PAYMENT_WORD_PAID, PAYMENT_STEP_REFUND);
    refund_tell(fixture, &first, PAYMENT_WORD_PAID, PAYMENT_STEP_NONE);
    /* Refused, and a query finds none: the money is the customer's again. */
    refund_tell(fixture, &second, PAYMENT_WORD_REFUSED, PAYMENT_STEP_REFUND);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    refund_tell(fixture, &second, PAYMENT_WORD_ABSENT, PAYMENT_STEP_REFUND_QUERY);
    assert_int_equal(fixture_balance(fixture, account_id), 2000);
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen - debits_fen FROM ledger_account WHERE kind = 'channel'"),
                     -2000);
    fixture_verify(fixture);
}

static int64_t balance_of(struct fixture *fixture, const char *kind)
{
    char question[128];

    (void)snprintf(question, sizeof question,
                   "SELECT coalesce(sum(credits_fen - debits_fen), 0) FROM ledger_account WHERE kind = '%s'", kind);
    return fixture_number(fixture, question);
}

/* The channel says no, and then that it paid it out after all, or pays out another amount: a person ends it either way. */
static void a_disputed_refund_is_settled_by_a_person(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct billing_scope elsewhere = { .tenant_id = 1, .path = "/1/3/" };
    struct payment_refund late, other, after;

    order = order_pay(fixture, &order);
    assert_int_equal(refund_ask(fixture, &order, 2000, "refund-1", &late), 0);
    assert_int_equal(refund_ask(fixture, &order, 1000, "refund-2", &other), 0);
    refund_tell(fixture, &late, PAYMENT_WORD_CLOSED, PAYMENT_STEP_REFUND);
    assert_int_equal(payment_refund_resolve(fixture->billing, &fixture->scope, fixture->now_s, late.payment_refund_id, true,
                                            &after), BILLING_ERR_REFUND_SETTLED);
    refund_tell(fixture, &late, PAYMENT_WORD_PAID, PAYMENT_STEP_NONE);
    assert_non_null(strstr(writer_terminate(&fixture->story), "journal refund_disputed MW2026"));
    other.amount_fen = 999;
    refund_tell(fixture, &other, PAYMENT_WORD_PAID, PAYMENT_STEP_REFUND);
    assert_int_equal(balance_of(fixture, "channel"), -5000);
    assert_int_equal(payment_refund_resolve(fixture->billing, &elsewhere, fixture->now_s, late.payment_refund_id, true,
                                            &after), BILLING_ERR_REFUND_UNKNOWN);
    assert_int_equal(payment_refund_resolve(fixture->billing, &fixture->scope, fixture->now_s, late.payment_refund_id, true,
                                            &after), 0);
    assert_int_equal(after.state, PAYMENT_REFUND_ROW_DONE);
    assert_int_equal(balance_of(fixture, "channel"), -3000);
    assert_int_equal(payment_refund_resolve(fixture->billing, &fixture->scope, fixture->now_s, other.payment_refund_id, false,
                                            &after), 0);
    assert_int_equal(after.state, PAYMENT_REFUND_ROW_FAILED);
    assert_int_equal(balance_of(fixture, "suspense"), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 3000);
    fixture_verify(fixture);
}

/* The channel called it failed, and its bill has it: without another word from it a person books it by the bill. */
static void a_refund_of_the_bill_is_booked(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_refund failed, waiting;
    struct payment_bill_entry entries[2] = { { .is_refund = true, .amount_fen = 2000 }, { .is_refund = true, .amount_fen = 1000 } };
    struct payment_bill_run run;

    order = order_pay(fixture, &order);
    assert_int_equal(refund_ask(fixture, &order, 2000, "refund-1", &failed), 0);
    assert_int_equal(refund_ask(fixture, &order, 1000, "refund-2", &waiting), 0);
    refund_tell(fixture, &failed, PAYMENT_WORD_CLOSED, PAYMENT_STEP_NONE);
    assert_int_equal(fixture_balance(fixture, account_id), 4000);
    memcpy(entries[0].number, failed.refund_number, sizeof entries[0].number);
    memcpy(entries[1].number, waiting.refund_number, sizeof entries[1].number);
    assert_int_equal(payment_reconciliation_ask(fixture->billing, &fixture->scope, WALL_S + 2 * 86400, "wechat",
                                                (WALL_S + 28800) / 86400, &run), 0);
    assert_int_equal(payment_reconciliation_take(fixture->billing, WALL_S + 2 * 86400, run.run_id, entries, 2, NULL), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment_difference WHERE kind = 'status_differs' AND is_refund = 1"), 2);
    for (int64_t id = 1; id <= 2; id++)
        assert_int_equal(payment_difference_resolve(fixture->billing, &fixture->scope, WALL_S, fixture->now_s, id, "book", "账单"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment_refund WHERE state = 'done'"), 2);
    assert_int_equal(fixture_balance(fixture, account_id), 2000);
    assert_int_equal(balance_of(fixture, "channel"), -2000);
    assert_int_equal(balance_of(fixture, "suspense"), 0);
    fixture_verify(fixture);
}

/* The first sending was not answered, the customer paid, and the second is refused for that: no reason to call it closed. */
static void a_no_to_the_second_sending_is_asked_about(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order_outcome outcome = outcome_of(&order, PAYMENT_WORD_UNKNOWN);

    outcome.step = PAYMENT_STEP_ORDER;
    assert_int_equal(tell(fixture, &outcome).step, PAYMENT_STEP_ORDER);
    outcome.word = PAYMENT_WORD_REFUSED;
    assert_int_equal(tell(fixture, &outcome).step, PAYMENT_STEP_QUERY);
    outcome = outcome_of(&order, PAYMENT_WORD_PAID);
    outcome.step = PAYMENT_STEP_QUERY;
    assert_int_equal(tell(fixture, &outcome).state, PAYMENT_ORDER_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    /* Refused at once, it never was. */
    order = order_make(fixture, account_id, 700, "order-2");
    outcome = outcome_of(&order, PAYMENT_WORD_REFUSED);
    outcome.step = PAYMENT_STEP_ORDER;
    assert_int_equal(tell(fixture, &outcome).state, PAYMENT_ORDER_CLOSED);
    fixture_verify(fixture);
}

static void spent_money_does_not_go_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_meter", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_refund refund;

    order = order_pay(fixture, &order); /* and all of it went to the meter */
    assert_int_equal(refund_ask(fixture, &order, 1, "refund-1", &refund), BILLING_ERR_FUNDS);
}

/* The n-th write fails, for every n: nothing remains of it, and told again it is booked once. */
static int writes_left = -1;
static struct payment_order_store orders_real;
static struct ledger_store ledger_real;
static struct billing_store billing_real;

static int write_refused(void)
{
    if (writes_left == 0)
        return STORE_ERR_FULL;
    if (writes_left > 0)
        writes_left--;
    return 0;
}

static int order_update(void *context, const struct payment_order *row)
{
    int error = write_refused();
    return error != 0 ? error : orders_real.order_update(context, row);
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

static int payment_insert(void *context, struct billing_payment *row)
{
    int error = write_refused();
    return error != 0 ? error : billing_real.payment_insert(context, row);
}

static int payment_update(void *context, const struct billing_payment *row)
{
    int error = write_refused();
    return error != 0 ? error : billing_real.payment_update(context, row);
}

static int account_update(void *context, const struct billing_account *row)
{
    int error = write_refused();
    return error != 0 ? error : billing_real.account_update(context, row);
}

static void a_crash_between_two_writes_loses_and_doubles_nothing(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct payment_order order = order_make(fixture, account_id, 5000, "order-1");
    struct payment_order_outcome paid = outcome_of(&order, PAYMENT_WORD_PAID);
    struct payment_order_store orders = orders_real = *payment_sql_store(fixture->payment_sql);
    struct ledger_store ledger = ledger_real = *ledger_sql_store(fixture->ledger_sql);
    struct billing_store store = billing_real = *billing_sql_store(fixture->billing_sql);
    struct billing_config config = { .store = &store, .ledger = &ledger, .actions = &fixture->actions, .orders = &orders };
    struct billing *billing;
    int error = STORE_ERR_FULL;
    int writes = 0;

    orders.order_update = order_update;
    ledger.transfer_insert = transfer_insert;
    ledger.account_update = ledger_update;
    store.payment_insert = payment_insert;
    store.payment_update = payment_update;
    store.account_update = account_update;
    assert_int_equal(billing_open(&config, &billing), 0);
    for (; error != 0 && writes < WRITES_LIMIT; writes++) {
        writes_left = writes;
        assert_int_equal(store_begin(fixture->store), 0);
        error = payment_order_outcome_take(billing, WALL_S, fixture->now_s, &paid, NULL);
        if (error == 0) {
            assert_int_equal(store_commit(fixture->store), 0);
            break;
        }
        assert_int_equal(error, STORE_ERR_FULL);
        store_rollback(fixture->store);
        assert_int_equal(fixture_balance(fixture, account_id), 0);
        assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment_order WHERE state = 'paid'"), 0);
        fixture_verify(fixture);
    }
    assert_true(writes >= 6);
    writes_left = -1;
    billing_close(billing);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    (void)order_pay(fixture, &order);
    assert_int_equal(fixture_balance(fixture, account_id), 5000);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(impossible_orders_are_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(money_is_booked_once_however_often_it_is_told, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_order_of_arrival_does_not_matter, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_lie_about_the_amount_books_nothing, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(what_the_channel_gave_back_is_not_booked, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(one_payment_of_the_channel_pays_one_order, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_second_payment_waits_in_suspense, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(an_open_order_is_asked_about_and_closed, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_cancelled_order_is_closed_at_once_and_may_still_be_paid, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(money_for_a_closed_account_waits_in_suspense, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_refund_goes_back_once_and_no_more_than_was_paid, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_disputed_refund_is_settled_by_a_person, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_refund_of_the_bill_is_booked, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_no_to_the_second_sending_is_asked_about, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(spent_money_does_not_go_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_crash_between_two_writes_loses_and_doubles_nothing, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
