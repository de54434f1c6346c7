/* Books of a program that posted every item by itself, under a key: they are carried over whole, and go on. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/payment_order.h"
#include "store/sqlite/sqlite_store.h"

#include <stdlib.h>
#include <unistd.h>

#define VERSION_BEFORE 33 /* of the schema, the last with keys for all */
#define VERSION_OF_LINES 35 /* the last with a table of the lines of bills */

/* A prepaid account with two days charged at 3.00 a m3, a post-paid one with a bill; 20590 is 2026-05-17. */
static const char archive[] =
    "INSERT INTO tenant VALUES (1, '云榕水务', 28800, 0);"
    "INSERT INTO area VALUES (1, 1, NULL, 'company', '云榕水务', '/1/');"
    "INSERT INTO customer (customer_id, tenant_id, number, name, created_s) VALUES (1, 1, '1', '陈佳怡', 0);"
    "INSERT INTO tariff (tariff_id, tenant_id, name, utility) VALUES (1, 1, '居民用水', 'water');"
    "INSERT INTO tariff_version VALUES (1, 1, 0,"
    " '{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"water\", \"price\": \"3.00\"}]}', 0, 0);"
    "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
    " VALUES (1, 1, 1, '1', 860000000000001, '1', 0), (2, 1, 1, '2', 860000000000002, '2', 0);"
    "INSERT INTO device_state (device_id) VALUES (1), (2);"
    "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind, name, debits_fen, credits_fen) VALUES"
    " (1, 1, 'wallet', '', 900, 10000), (2, 1, 'revenue', 'water', 0, 1500), (3, 1, 'cash', 'counter', 10000, 0),"
    " (4, 1, 'wallet', '', 600, 0);";

static const char books[] =
    "INSERT INTO account (account_id, tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id, settled_day,"
    " settled_total_value, cycle_start_day, cycle_used_value, billed_day, opened_s) VALUES"
    " (1, 1, 1, 1, 1, 1, 'prepaid_platform', 1, 20592, 3000000, 20454, 3000000, 20592, 0),"
    " (2, 1, 1, 2, 1, 1, 'postpaid', 4, 20590, 2000000, 20454, 2000000, 20590, 0);"
    "INSERT INTO daily_reading (day, device_id, register_value, total_value, quality, received_s) VALUES (20590, 1, 0, 0, 0, 0),"
    " (20591, 1, 0, 1000000, 0, 0), (20592, 1, 0, 3000000, 0, 0);"
    "INSERT INTO transfer (tenant_id, key, debit_account_id, credit_account_id, amount_fen, kind, reference, at_s, value_s) VALUES"
    " (1, 'pay/1/x', 3, 1, 10000, 'payment', 1, 1000, 1000),"
    " (1, 'charge/1/20590/0/water', 1, 2, 300, 'charge', 20590, 5000, 4000),"
    " (1, 'charge/1/20591/0/water', 1, 2, 600, 'charge', 20591, 4500, 4400),"
    " (1, 'bill/1/water', 4, 2, 600, 'bill', 1, 6000, 6000);"
    "INSERT INTO daily_charge (account_id, day, from_day, from_total_value, to_total_value, cycle_used_value, amount_fen,"
    " tariff_version_id, charged_s) VALUES (1, 20590, 20590, 0, 1000000, 0, 300, 1, 0),"
    " (1, 20591, 20591, 1000000, 3000000, 1000000, 600, 1, 0);"
    "INSERT INTO bill (bill_id, tenant_id, account_id, number, from_day, to_day, from_total_value, to_total_value, usage_value,"
    " amount_fen, state, due_day, issued_s, tariff_version_id) VALUES (1, 1, 2, 'B1', 20560, 20590, 0, 2000000, 2000000,"
    " 600, 'issued', 20605, 6000, 1);"
    "INSERT INTO bill_line (bill_id, line, item, tier, quantity_e4, coefficient_e8, price_e8, amount_fen)"
    " VALUES (1, 1, 'water', 0, 20000, 100000000, 300000000, 600);";

/* On their way when the program was exchanged: the bill is paid by a third; 3.00 of the prepaid wallet are reserved; a payment is
 * asked for at a channel; a settlement up to 2026-05-20 has been approved, with 3 m3 of the post-paid account before it. */
static const char on_their_way[] =
    "UPDATE ledger_account SET credits_fen = 200 WHERE ledger_account_id = 4;"
    "UPDATE ledger_account SET debits_fen = 10200 WHERE ledger_account_id = 3;"
    "UPDATE ledger_account SET held_fen = 300 WHERE ledger_account_id = 1;"
    "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind, name) VALUES (5, 1, 'revenue', 'hot_water');"
    "INSERT INTO transfer (tenant_id, key, debit_account_id, credit_account_id, amount_fen, kind, reference, at_s, value_s) VALUES"
    " (1, 'pay/1/part', 3, 4, 200, 'payment', 2, 7000, 7000);"
    "INSERT INTO transfer_hold (tenant_id, key, debit_account_id, credit_account_id, amount_fen, kind, reference, at_s, expires_s,"
    " state) VALUES (1, '1/tap', 1, 5, 300, 'charge', 1, 7000, 1779500000, 'pending');"
    "UPDATE bill SET paid_fen = 200;"
    "INSERT INTO payment_order (tenant_id, account_id, channel, scene, key, trade_number, amount_fen, description, state, step,"
    " next_s, created_s, expires_s) VALUES (1, 1, 'wechat', 0, '1/order', 'MW1', 5000, '水费', 'pending', 2, 7000, 7000, 9000);"
    "INSERT INTO settlement_run (tenant_id, to_day, started_s, state, drafted, total, drafts, draft_fen, area_path)"
    " VALUES (1, 20593, 7000, 'issuing', 1, 1, 1, 900, '/1/');"
    "INSERT INTO settlement_draft (run_id, account_id, to_day, usage_value, amount_fen, estimated, held_error)"
    " VALUES (1, 2, 20593, 3000000, 900, 0, 0);"
    "INSERT INTO setting VALUES (1, 'bills_by_run', '1');"
    "INSERT INTO daily_reading (day, device_id, register_value, total_value, quality, received_s)"
    " VALUES (20590, 2, 0, 2000000, 0, 0), (20593, 2, 0, 5000000, 0, 0);";

static int64_t first_day(void)
{
    return fixture_day("2026-05-17");
}

/* 3,000 bills of two accounts in two areas over five due days, every state, none to three lines each, one with a name that JSON has
 * to escape. */
static const char many_bills[] =
    "INSERT INTO area VALUES (2, 1, 1, 'building', '3栋', '/1/2/');"
    "UPDATE account SET area_id = 2 WHERE account_id = 2;"
    "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 3001)"
    " INSERT INTO bill (bill_id, tenant_id, account_id, number, from_day, to_day, from_total_value, to_total_value, usage_value,"
    " amount_fen, paid_fen, state, due_day, issued_s, tariff_version_id) SELECT i, 1, 1 + i % 2, 'B' || i, i, i + 1, 0, 0, 0,"
    " i * 10, iif(i % 3 = 1, i * 10, iif(i % 3 = 2, 0, i)), iif(i % 3 = 0, 'issued', iif(i % 3 = 1, 'paid', 'reversed')),"
    " 20605 + i % 5, i, 1 FROM n;"
    "INSERT INTO bill_line (bill_id, line, item, tier, quantity_e4, coefficient_e8, price_e8, amount_fen)"
    " SELECT bill_id, line, iif(bill_id % 500 = 1, 'a \"quoted\\ name', 'water'), line, 10000 * line, 90000000, 300000000, bill_id * line"
    " FROM bill, (SELECT 1 AS line UNION ALL SELECT 2 UNION ALL SELECT 3) WHERE bill_id > 1 AND line <= bill_id % 4;"
    "CREATE TABLE line_before AS SELECT * FROM bill_line ORDER BY bill_id, line;"
    "CREATE TABLE due_before AS SELECT * FROM bill_due;";

static int older_open_at(void **state, int version, const char *more)
{
    char path[] = "/tmp/older_books_XXXXXX";
    sqlite3 *older = NULL;
    int file = mkstemp(path);
    int result;

    assert_true(file >= 0);
    (void)close(file);
    assert_int_equal(sqlite3_open(path, &older), SQLITE_OK);
    assert_int_equal(sqlite_store_migrate(older, VERSION_BEFORE), 0);
    assert_int_equal(sqlite3_exec(older, archive, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(older, books, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite_store_migrate(older, version), 0);
    assert_int_equal(sqlite3_exec(older, more, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(older), SQLITE_OK);
    result = fixture_open_file(state, path);
    (void)unlink(path);
    return result;
}

static int older_open_with(void **state, const char *more)
{
    return older_open_at(state, VERSION_BEFORE, more);
}

static int older_open_many(void **state)
{
    return older_open_at(state, VERSION_OF_LINES, many_bills);
}

static int older_open(void **state)
{
    return older_open_with(state, "");
}

static int older_open_on_their_way(void **state)
{
    return older_open_with(state, on_their_way);
}

static int64_t corrections(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'correction'");
}

static void postings_are_chained_and_proved(void **state)
{
    struct fixture *fixture = *state;

    fixture_verify(fixture);
    assert_int_equal(fixture_balance(fixture, 1), 9100);
    assert_int_equal(fixture_number(fixture, "SELECT last_transfer_id FROM ledger_account WHERE ledger_account_id = 2"), 4);
    assert_int_equal(fixture_number(fixture, "SELECT group_concat(debit_before * 10 + credit_before, '') FROM"
                                             " (SELECT * FROM transfer ORDER BY transfer_id)"),
                     10223);
    assert_int_equal(fixture_number(fixture, "SELECT at_from_s * 100000000 + at_to_s * 10000 + value_to_s FROM transfer_block"),
                     100060006000);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void days_charged_before_are_corrected_and_charged_on(void **state)
{
    struct fixture *fixture = *state;

    fixture_midnight_put(fixture, 1, first_day() + 1, 2000000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, first_day() + 1, fixture->now_s), 0);
    assert_int_equal(corrections(fixture), 2);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM daily_charge ORDER BY day LIMIT 1"), 600);
    assert_int_equal(fixture_balance(fixture, 1), 9100);
    fixture_verify(fixture);
    fixture_midnight(fixture, 1, first_day() + 3, 4000000);
    fixture_settle(fixture);
    assert_int_equal(fixture_balance(fixture, 1), 8800);
    fixture_midnight_put(fixture, 1, first_day() + 1, 1500000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, first_day() + 1, fixture->now_s), 0);
    assert_int_equal(corrections(fixture), 4);
    assert_int_equal(fixture_number(fixture, "SELECT sum(amount_fen) FROM daily_charge"), 1200);
    assert_int_equal(fixture_balance(fixture, 1), 8800);
    fixture_verify(fixture);
}

static void a_bill_issued_before_is_taken_back(void **state)
{
    struct fixture *fixture = *state;
    int32_t count = 0;

    assert_int_equal(fixture_balance(fixture, 2), -600);
    assert_int_equal(billing_settlement_reverse(fixture->billing, &fixture->scope, first_day(), fixture->now_s, &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(fixture_balance(fixture, 2), 0);
    assert_int_equal(corrections(fixture), 1);
    fixture_verify(fixture);
}

static void what_was_on_its_way_comes_to_its_end(void **state)
{
    struct fixture *fixture = *state;
    struct payment_order_work work;
    struct payment_order_outcome paid = { .word = PAYMENT_WORD_PAID, .channel = "wechat", .number = "MW1", .reference = "42",
                                          .amount_fen = 5000, .code = "SUCCESS" };
    struct billing_payment_result result;
    struct ledger_hold hold;

    fixture_verify(fixture);
    assert_int_equal(fixture_balance(fixture, 2), -400);
    /* The settlement goes on by itself and issues what was approved. */
    fixture_settle(fixture);
    assert_int_equal(fixture_number(fixture, "SELECT state = 'issued' AND issued = 1 AND amount_fen = 900 FROM settlement_run"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM bill WHERE run_id = 1 AND state = 'issued'"), 900);
    assert_int_equal(fixture_balance(fixture, 2), -1300);
    fixture_verify(fixture);
    /* The older bill is paid first, the rest goes to the new one. */
    assert_int_equal(fixture_pay(fixture, 2, 500, "rest", &result), 0);
    assert_int_equal(fixture_number(fixture, "SELECT state = 'paid' AND paid_fen = 600 FROM bill WHERE bill_id = 1"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT paid_fen FROM bill WHERE run_id = 1"), 100);
    assert_int_equal(billing_hold_settle(fixture->billing, &fixture->scope, fixture->now_s, 1, 200, &hold), 0);
    assert_int_equal(fixture_number(fixture, "SELECT sum(held_fen) FROM ledger_account"), 0);
    assert_int_equal(payment_order_work_take(fixture->billing, 8000, "wechat", &work), 1);
    assert_int_equal(work.step, PAYMENT_STEP_QUERY);
    for (int i = 0; i < 2; i++)
        assert_int_equal(payment_order_outcome_take(fixture->billing, 8000, fixture->now_s, &paid, NULL), 0);
    assert_int_equal(fixture_balance(fixture, 1), 9100 - 200 + 5000);
    fixture_verify(fixture);
}

/* Their lines move into them, and their sums are what the older program kept; what is issued then goes on behind them. */
static void many_bills_keep_their_lines_and_their_sums(void **state)
{
    struct fixture *fixture = *state;
    struct billing_bill_line line;
    const struct billing_store *store = billing_sql_store(fixture->billing_sql);

    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM line_before"), 1 + 4500);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM (SELECT bill_id, line, item, tier, period, quantity_e4, coefficient_e8,"
                                             " price_e8, amount_fen FROM line_before EXCEPT SELECT bill_id, line, item, tier, period,"
                                             " quantity_e4, coefficient_e8, price_e8, amount_fen FROM bill_line)"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill_line"), 1 + 4500);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM (SELECT * FROM due_before EXCEPT SELECT * FROM bill_due)"), 0);
    assert_int_equal(store->bill_line_read(store->context, 2500 - 1, 3, &line), 1);
    assert_int_equal(line.amount_fen, 2499 * 3);
    assert_int_equal(store->bill_line_read(store->context, 500, 1, &line), 0);
    assert_int_equal(fixture_number(fixture, "SELECT bill_id FROM bill_told"), 3001);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_bills_keep_their_lines_and_their_sums, older_open_many, fixture_close),
        cmocka_unit_test_setup_teardown(postings_are_chained_and_proved, older_open, fixture_close),
        cmocka_unit_test_setup_teardown(days_charged_before_are_corrected_and_charged_on, older_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_bill_issued_before_is_taken_back, older_open, fixture_close),
        cmocka_unit_test_setup_teardown(what_was_on_its_way_comes_to_its_end, older_open_on_their_way, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
