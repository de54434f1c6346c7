/* Meters that hold units: whole units for money, what they were bought for as they are used, back when a contract ends. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "base/quantity.h"
#include "billing/closing.h"
#include "billing/unit_account.h"

#include <stdio.h>
#include <string.h>

#define M3 INT64_C(1000000)

static int fixture_units_open(void **state)
{
    int error = fixture_open(state);

    ((struct fixture *)*state)->holding = (struct billing_holding){ .known = true, .units = true };
    return error;
}

/* An account on a meter that holds m3, at 22 m3 a month for 2.67 and so on, or at a flat price. */
static int64_t account_open(struct fixture *fixture, const char *price)
{
    if (price != NULL)
        fixture_flat_price(fixture, price);
    return fixture_account_open(fixture, "prepaid_meter", 0, 0);
}

static int64_t wallet(struct fixture *fixture, int64_t account_id)
{
    char query[256];

    (void)snprintf(query, sizeof query, "SELECT l.credits_fen - l.debits_fen FROM account k JOIN ledger_account l"
                   " ON l.ledger_account_id = k.wallet_id WHERE k.account_id = %lld", (long long)account_id);
    return fixture_number(fixture, query);
}

static void meter_shows(struct fixture *fixture, int64_t value)
{
    char text[256];

    (void)snprintf(text, sizeof text, "INSERT INTO register_reading VALUES (1, %d, 0, %lld, %lld, 1000, 0, 0)"
                   " ON CONFLICT (device_id, channel, period, time_s) DO UPDATE SET value = excluded.value",
                   QUANTITY_BALANCE_VOLUME << 16, (long long)fixture->now_s, (long long)value);
    assert_int_equal(store_execute(fixture->store, text), 0);
}

static void what_is_left_joins_the_next_purchase(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_open(fixture, "0.61");
    struct billing_unit_quote quote;

    assert_int_equal(billing_unit_quote_read(fixture->billing, &fixture->scope, fixture->now_s, account_id, 5000, &quote), 0);
    assert_int_equal(quote.units, 81);
    assert_int_equal(quote.rest_fen, 59);
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "p1", NULL), 0);
    assert_int_equal(fixture->recharged_value, 81 * M3);
    assert_int_equal(wallet(fixture, account_id), 59);
    assert_int_equal(fixture_pay(fixture, account_id, 2000, "p2", NULL), 0);
    assert_int_equal(fixture->recharged_value, (81 + 33) * M3);
    assert_int_equal(wallet(fixture, account_id), 46);
    assert_int_equal(fixture_pay(fixture, account_id, 14, "p3", NULL), 0);
    assert_int_equal(fixture->recharged_value, (81 + 33) * M3);
    assert_int_equal(fixture_pay(fixture, account_id, 1, "p4", NULL), 0);
    assert_int_equal(fixture->recharged_value, (81 + 33 + 1) * M3);
    assert_int_equal(wallet(fixture, account_id), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 7015);
    fixture_verify(fixture);
}

/* 22 m3 a month cost 2.67 + 0.81 + 0.531 each, the next 8 more. Each item is rounded as a bill. */
static void tiers_are_walked_by_what_was_bought(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_open(fixture, NULL);

    assert_int_equal(fixture_pay(fixture, account_id, 8022, "p1", NULL), 0);
    assert_int_equal(fixture->recharged_value, 20 * M3);
    assert_int_equal(fixture_pay(fixture, account_id, 5441 - 2, "p2", NULL), 0);
    assert_int_equal(fixture_number(fixture, "SELECT sum(cost_fen) FROM unit_purchase") + wallet(fixture, account_id),
                     8022 + 5439);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM unit_purchase_line WHERE unit_purchase_id = 2 AND tier = 2"), 2);
    /* A new month begins at the first tier. */
    fixture_run(fixture, fixture_time("2026-06-01T10:00"));
    assert_int_equal(fixture_pay(fixture, account_id, 100, "p3", NULL), 0);
    assert_int_equal(fixture_number(fixture, "SELECT max(cycle_before_value) FROM unit_purchase WHERE unit_purchase_id > 2"), 0);
    fixture_verify(fixture);
}

static void use_costs_what_its_units_were_bought_for(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_open(fixture, "1.00");

    assert_int_equal(fixture_pay(fixture, account_id, 1000, "p1", NULL), 0);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id,
                                                fixture_day("2026-05-21"),
                                                "{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"water\", \"price\": \"2.00\"}]}",
                                                NULL, &(int64_t){ 0 }), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 4 * M3);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 600);
    assert_int_equal(fixture_pay(fixture, account_id, 1000, "p2", NULL), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-22"), 12 * M3 + 500000);
    fixture_run(fixture, fixture_time("2026-05-22T10:00"));
    /* The other 6 m3 at 1.00 and 2.5 at 2.00; half a m3 of the five at 2.00 is in use. */
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM daily_charge ORDER BY day DESC LIMIT 1"), 600 + 500);
    assert_int_equal(fixture_balance(fixture, account_id), 500);
    /* The midnight was 1 m3 too low: the next day carries it. */
    fixture_midnight_put(fixture, 1, fixture_day("2026-05-22"), 13 * M3 + 500000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, fixture_day("2026-05-22"), fixture->now_s), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-23"), 14 * M3);
    fixture_run(fixture, fixture_time("2026-05-23T10:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 200);
    /* More than was bought is the next purchase's. */
    fixture_midnight(fixture, 1, fixture_day("2026-05-24"), 16 * M3);
    fixture_run(fixture, fixture_time("2026-05-24T10:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 400, "p3", NULL), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-25"), 16 * M3);
    fixture_run(fixture, fixture_time("2026-05-25T10:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 200);
    fixture_verify(fixture);
}

static void a_purchase_that_never_arrived_is_money_again(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_open(fixture, "1.00");
    int64_t first;

    assert_int_equal(fixture_pay(fixture, account_id, 1050, "p1", NULL), 0);
    first = (int64_t)fixture->command_id;
    assert_int_equal(fixture_pay(fixture, account_id, 500, "p2", NULL), 0);
    assert_int_equal(billing_recharge_failed(fixture->billing, 1, first, fixture->now_s), 0);
    assert_int_equal(billing_recharge_failed(fixture->billing, 1, first, fixture->now_s), 0);
    assert_int_equal(wallet(fixture, account_id), 1050);
    assert_int_equal(fixture_balance(fixture, account_id), 500);
    assert_int_equal(fixture_number(fixture, "SELECT from_value FROM unit_purchase WHERE taken_back = 0"), 0);
    /* The next look sells them again, and the use of the second purchase is its own. */
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 5 * M3);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
    assert_int_equal(fixture_number(fixture, "SELECT sum(value) FROM unit_purchase WHERE taken_back = 0"), 15 * M3);
    assert_int_equal(fixture_balance(fixture, account_id), 1000);
    fixture_verify(fixture);
}

/* Of a meter with money too; and what somebody else asked for is not minded. */
static void money_that_never_arrived_comes_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    fixture->holding = (struct billing_holding){ .known = true, .smallest_fen = 100 };
    account_id = account_open(fixture, "1.00");
    assert_int_equal(fixture_pay(fixture, account_id, 1050, "p1", NULL), 0);
    assert_int_equal(fixture->recharged_fen, 1000);
    assert_int_equal(wallet(fixture, account_id), 50);
    assert_int_equal(billing_recharge_failed(fixture->billing, 1, 999, fixture->now_s), 0);
    assert_int_equal(billing_recharge_failed(fixture->billing, 1, (int64_t)fixture->command_id, fixture->now_s), 0);
    assert_int_equal(wallet(fixture, account_id), 1050);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    fixture_verify(fixture);
}

static void the_meter_decides_what_it_holds(void **state)
{
    struct fixture *fixture = *state;
    struct billing_account_terms terms = { .tariff_id = fixture->tariff_id, .grace_h = 24, .payment_mode = "prepaid_meter",
                                           .meter_holds = "money" };
    struct billing_customer customer = { .name = "林志远", .number = "9" };
    int64_t account_id;

    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &customer), 0);
    terms.customer_id = customer.customer_id;
    terms.device_id = fixture_device_add(fixture);
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_OWNER);
    fixture->holding = (struct billing_holding){ .known = true, .none = true };
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_OWNER);
    fixture->holding = (struct billing_holding){ .known = false };
    memcpy(terms.meter_holds, "units", 6);
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_OWNER);
    fixture->holding = (struct billing_holding){ .known = true, .units = true };
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "基本费", "water",
                                           fixture_day("2020-01-01"),
                                           "{\"items\": [{\"name\": \"water\", \"price\": \"1\"}], \"fixed\": [{\"name\": \"basic\", \"amount\": \"5\"}]}",
                                           NULL, &terms.tariff_id), 0);
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_UNIT_TARIFF);
    terms.tariff_id = fixture->tariff_id;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id), 0);
}

static int64_t figure(const struct approval_figures *figures, const char *name)
{
    for (int32_t index = 0; index < figures->count; index++)
        if (strcmp(figures->rows[index].name, name) == 0)
            return figures->rows[index].value;
    fail_msg("no figure %s", name);
    return 0;
}

static int approve(struct fixture *fixture)
{
    struct billing_scope scope = { .tenant_id = 1, .person_id = 8, .path = "/1/" };
    struct billing_decision decision = { .wall_s = fixture->now_s, .approve = true, .reason = "", .seen = "" };
    struct billing_approval approval;

    decision.approval_id = fixture_number(fixture, "SELECT max(approval_id) FROM approval WHERE state = 'waiting'");
    return billing_approval_decide(fixture->billing, &scope, fixture->now_s, &decision, &approval);
}

/* 10 m3 at 1.00 and 10 at 2.00 were bought, 8 used; the meter shows 11.99. */
static int64_t account_used(struct fixture *fixture)
{
    int64_t account_id = account_open(fixture, "1.00");

    assert_int_equal(fixture_pay(fixture, account_id, 1000, "p1", NULL), 0);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id,
                                                fixture_day("2026-05-21"),
                                                "{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"water\", \"price\": \"2.00\"}]}",
                                                NULL, &(int64_t){ 0 }), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 4 * M3);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
    assert_int_equal(fixture_pay(fixture, account_id, 2001, "p2", NULL), 0);
    meter_shows(fixture, 11990000);
    return account_id;
}

static struct billing_closing_request closing_of(int64_t account_id, enum closing_kind kind)
{
    struct billing_closing_request request = { .account_id = account_id, .kind = (uint8_t)kind,
                                               .reading = CLOSING_READ_TYPED, .total_value = 8 * M3,
                                               .rest = REFUND_BY_CASH, .reason = "退租", .key = "closing-1" };

    return request;
}

/* 10 units at 2.00 and 1.99 at 1.00 go back; the books had 0.01 more. */
static void units_left_go_back_at_what_they_cost(void **state)
{
    struct fixture *fixture = *state;
    struct billing_closing_request request = closing_of(account_used(fixture), CLOSING_MOVE_OUT);
    struct billing_closing asked;

    assert_int_equal(billing_closing_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, &asked), 0);
    assert_int_equal(asked.row.state, CLOSING_CLEARING);
    assert_int_equal(figure(&asked.figures, "meter_units"), 11990000);
    assert_int_equal(figure(&asked.figures, "meter_remainder"), 2199);
    assert_int_equal(figure(&asked.figures, "meter_drift"), 1);
    assert_int_equal(figure(&asked.figures, "left"), 2200);
    assert_int_equal(billing_clear_ended(fixture->billing, asked.row.clear_command_id, true, fixture->now_s), 0);
    meter_shows(fixture, 0);
    assert_int_equal(approve(fixture), 0);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM refund"), 2200);
    assert_int_equal(fixture_number(fixture, "SELECT sum(credits_fen - debits_fen) FROM ledger_account WHERE kind = 'meter_credit'"), 0);
    fixture_verify(fixture);
}

/* Platform instead of units: a final count, and the money is the wallet's. */
static void the_owner_changes_with_a_final_count(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_used(fixture);
    struct billing_closing_request request = closing_of(account_id, CLOSING_OWNER_CHANGE);
    struct billing_account successor;
    struct billing_closing asked;
    int64_t balance_fen, next_id;

    assert_int_equal(billing_closing_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, &asked),
                     BILLING_ERR_OWNER);
    memcpy(request.new_mode, "prepaid_meter", 14);
    assert_int_equal(billing_closing_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, &asked),
                     BILLING_ERR_OWNER);
    memcpy(request.new_mode, "prepaid_platform", 17);
    assert_int_equal(billing_closing_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, &asked), 0);
    assert_int_equal(asked.row.state, CLOSING_CLEARING);
    assert_int_equal(billing_clear_ended(fixture->billing, asked.row.clear_command_id, true, fixture->now_s), 0);
    meter_shows(fixture, 0);
    assert_int_equal(approve(fixture), 0);
    next_id = fixture_number(fixture, "SELECT new_account_id FROM closing");
    assert_int_equal(billing_account_read(fixture->billing, &fixture->scope, next_id, &successor, &balance_fen), 0);
    assert_int_equal(successor.mode, BILLING_PREPAID_PLATFORM);
    assert_int_equal(successor.settled_total_value, 8 * M3);
    assert_int_equal(successor.cycle_used_value, 20 * M3);
    assert_int_equal(balance_fen, 2200);
    assert_int_equal(fixture_number(fixture, "SELECT customer_id = (SELECT customer_id FROM account WHERE account_id = 1)"
                                             " FROM account WHERE account_id = (SELECT new_account_id FROM closing)"), 1);
    fixture_verify(fixture);
}

/* The next customer finds the units in the meter, at what they were bought for. */
static void units_stay_with_the_meter_when_agreed(void **state)
{
    struct fixture *fixture = *state;
    struct billing_closing_request request = closing_of(account_used(fixture), CLOSING_TENANT_CHANGE);
    struct billing_customer customer = { .name = "林志远", .number = "new" };
    struct billing_closing asked;
    int64_t next_id;

    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &customer), 0);
    request.new_customer_id = customer.customer_id;
    request.move_balance = true;
    request.rest = REFUND_BY_NONE;
    assert_int_equal(billing_closing_ask(fixture->billing, &fixture->scope, fixture->now_s, &request, &asked), 0);
    assert_int_equal(approve(fixture), 0);
    next_id = fixture_number(fixture, "SELECT new_account_id FROM closing");
    assert_int_equal(fixture_balance(fixture, next_id), 2200);
    fixture_midnight(fixture, 1, fixture_day("2026-05-22"), 11 * M3);
    fixture_midnight(fixture, 1, fixture_day("2026-05-23"), 11 * M3);
    fixture_run(fixture, fixture_time("2026-05-23T10:00"));
    /* Another 3 of 12 that cost 22.00 together. */
    assert_int_equal(fixture_balance(fixture, next_id), 2200 - 550);
    fixture_verify(fixture);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_units_open, fixture_close)

/* The books refuse to give it back at once: it comes back when they do not. */
static void a_purchase_that_could_not_be_taken_back_is_tried_again(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_open(fixture, "1.00");
    char text[256];

    assert_int_equal(fixture_pay(fixture, account_id, 1000, "p1", NULL), 0);
    (void)snprintf(text, sizeof text, "INSERT INTO command (command_id, tenant_id, device_id, kind, serial, state, requested_s,"
                   " expires_s, priority, tries, finished_s) VALUES (%d, 1, 1, 'recharge', 1, 'failed', %lld, 0, 1, 1, 5)",
                   (int)fixture->command_id, (long long)fixture->now_s);
    assert_int_equal(store_execute(fixture->store, text), 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE ledger_account SET minimum_fen = 900 WHERE kind = 'meter_credit'"), 0);
    assert_int_equal(billing_recharge_failed(fixture->billing, 1, (int64_t)fixture->command_id, fixture->now_s), 0);
    assert_int_equal(fixture_number(fixture, "SELECT held_error FROM account"), LEDGER_ERR_MINIMUM);
    assert_int_equal(fixture_number(fixture, "SELECT taken_back FROM unit_purchase"), 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE ledger_account SET minimum_fen = NULL"), 0);
    fixture_run(fixture, fixture->now_s + 7200);
    assert_int_equal(fixture_number(fixture, "SELECT held_error FROM account"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT taken_back FROM unit_purchase ORDER BY unit_purchase_id LIMIT 1"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT sum(value) FROM unit_purchase WHERE taken_back = 0"), 10 * M3);
    fixture_verify(fixture);
}

/* The meter shows a purchase after its money went back: it is owed. */
static void a_purchase_that_arrived_late_is_booked_again(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_open(fixture, "1.00");
    int64_t first;

    assert_int_equal(fixture_pay(fixture, account_id, 1000, "p1", NULL), 0);
    first = (int64_t)fixture->command_id;
    assert_int_equal(billing_recharge_arrived(fixture->billing, 1, first, fixture->now_s), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 1000);
    assert_int_equal(billing_recharge_failed(fixture->billing, 1, first, fixture->now_s), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 0);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
    assert_int_equal(wallet(fixture, account_id), 0); /* sold again */
    for (int times = 0; times < 2; times++)
        assert_int_equal(billing_recharge_arrived(fixture->billing, 1, first, fixture->now_s), 0);
    assert_int_equal(wallet(fixture, account_id), -1000);
    assert_int_equal(fixture_balance(fixture, account_id), 2000);
    assert_int_equal(fixture_number(fixture, "SELECT bought_value FROM account_units"), 20 * M3);
    assert_int_equal(fixture_number(fixture, "SELECT max(from_value) FROM unit_purchase WHERE taken_back = 0"), 10 * M3);
    fixture_verify(fixture);
}

static int64_t carried(struct fixture *fixture, const char *column)
{
    char query[96];

    (void)snprintf(query, sizeof query, "SELECT ifnull(%s, -1) FROM unit_carry", column);
    return fixture_number(fixture, query);
}

/* 10 m3 bought at 2.00, 3 used and settled, 1.234567 more until the meter was taken away. */
static void an_exchanged_meter_leaves_its_units_to_the_next(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_open(fixture, "2.00");
    uint32_t successor;

    assert_int_equal(fixture_pay(fixture, account_id, 2000, "p1", NULL), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 3 * M3);
    fixture_run(fixture, fixture_time("2026-05-21T10:00"));
    meter_shows(fixture, 7 * M3);
    successor = fixture_device_add(fixture);
    assert_int_equal(billing_device_exchanged(fixture->billing, &fixture->scope, 1, successor, 4 * M3 + 234567, fixture->now_s), 0);
    fixture_settle(fixture);
    assert_int_equal(carried(fixture, "value"), 5760000); /* hundredths of a unit */
    assert_int_equal(carried(fixture, "worth_fen"), 1152);
    assert_int_equal(carried(fixture, "shown_value"), 7 * M3);
    assert_int_equal(fixture->recharged_value, 10 * M3 + 5760000);
    assert_int_equal(carried(fixture, "done_s"), -1);
    /* The new meter refuses it, then has it: asked for twice, owed once. */
    assert_int_equal(billing_recharge_failed(fixture->billing, successor, (int64_t)fixture->command_id, fixture->now_s), 0);
    fixture_run(fixture, fixture->now_s + 1200);
    assert_int_equal(fixture->recharged_value, 10 * M3 + 2 * 5760000);
    assert_int_equal(billing_recharge_arrived(fixture->billing, successor, (int64_t)fixture->command_id, fixture->now_s), 0);
    assert_true(carried(fixture, "done_s") > 0);
    fixture_run(fixture, fixture->now_s + 1200);
    assert_int_equal(fixture->recharged_value, 10 * M3 + 2 * 5760000);
    assert_int_equal(fixture_balance(fixture, account_id), 1400);
    /* Use goes on where it was. */
    fixture_midnight(fixture, successor, fixture_day("2026-05-22"), 5 * M3);
    fixture_run(fixture, fixture_time("2026-05-22T10:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 1000);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_left_joins_the_next_purchase),
        CASE(tiers_are_walked_by_what_was_bought),
        CASE(use_costs_what_its_units_were_bought_for),
        CASE(a_purchase_that_never_arrived_is_money_again),
        CASE(a_purchase_that_could_not_be_taken_back_is_tried_again),
        CASE(a_purchase_that_arrived_late_is_booked_again),
        CASE(an_exchanged_meter_leaves_its_units_to_the_next),
        CASE(money_that_never_arrived_comes_back),
        CASE(the_meter_decides_what_it_holds),
        CASE(units_left_go_back_at_what_they_cost),
        CASE(the_owner_changes_with_a_final_count),
        CASE(units_stay_with_the_meter_when_agreed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
