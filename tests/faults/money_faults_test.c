/* The n-th call of the money rooms to their store fails, for every n, reading or writing: the transaction is taken back and
 * nothing has changed; done again, the work gives what it would have given at once - no bill twice, no fen lost. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>
#include <string.h>

#define CALLS_LIMIT 2000

static struct billing_store billing_real;
static struct ledger_store ledger_real;
static struct billing_store billing_faulty;
static struct ledger_store ledger_faulty;
static int calls_left; /* that still succeed; negative: all do */

static int call_refused(void)
{
    if (calls_left == 0)
        return STORE_ERR_FULL;
    if (calls_left > 0)
        calls_left--;
    return 0;
}

/* One row a function of the interface: parameters after the context, and their names. */
#define BILLING_CALLS(ROW) \
    ROW(account_read, (void *c, int64_t id, struct billing_account *out), (c, id, out)) \
    ROW(account_update, (void *c, const struct billing_account *row), (c, row)) \
    ROW(account_advance, (void *c, const struct billing_account *row), (c, row)) \
    ROW(accounts_due, (void *c, int64_t now_s, int32_t limit, struct billing_account *rows), (c, now_s, limit, rows)) \
    ROW(account_postpaid_next, (void *c, uint32_t tenant, int64_t from, int64_t *id), (c, tenant, from, id)) \
    ROW(midnight_read, (void *c, uint32_t device, int64_t day, int64_t *total), (c, device, day, total)) \
    ROW(tariff_version_on, (void *c, int64_t id, int64_t day, struct billing_tariff_version *out), (c, id, day, out)) \
    ROW(bill_insert, (void *c, const struct billing_bill *row, struct span lines), (c, row, lines)) \
    ROW(bill_update, (void *c, const struct billing_bill *row), (c, row)) \
    ROW(bill_last, (void *c, int64_t *id), (c, id)) \
    ROW(due_add, (void *c, const struct billing_due *row), (c, row)) \
    ROW(told_read, (void *c, int64_t *id), (c, id)) \
    ROW(told_write, (void *c, int64_t id), (c, id)) \
    ROW(bill_next, (void *c, int64_t after, struct billing_bill *out), (c, after, out)) \
    ROW(accounts_postpaid, (void *c, uint32_t tenant, int64_t from, int64_t day, int32_t limit, struct billing_account *rows), \
        (c, tenant, from, day, limit, rows)) \
    ROW(bill_read, (void *c, int64_t id, struct billing_bill *out), (c, id, out)) \
    ROW(bill_newest, (void *c, int64_t id, struct billing_bill *out), (c, id, out)) \
    ROW(bill_of_run_next, (void *c, int64_t id, int64_t after, struct billing_bill *out), (c, id, after, out)) \
    ROW(bill_line_read, (void *c, int64_t id, int32_t line, struct billing_bill_line *out), (c, id, line, out)) \
    ROW(bill_unpaid_next, (void *c, int64_t id, int64_t after, struct billing_bill *out), (c, id, after, out)) \
    ROW(charge_insert, (void *c, const struct billing_daily_charge *row), (c, row)) \
    ROW(payment_insert, (void *c, struct billing_payment *row), (c, row)) \
    ROW(payment_update, (void *c, const struct billing_payment *row), (c, row)) \
    ROW(run_read, (void *c, int64_t id, struct billing_run *out), (c, id, out)) \
    ROW(run_insert, (void *c, struct billing_run *row), (c, row)) \
    ROW(run_update, (void *c, const struct billing_run *row), (c, row)) \
    ROW(draft_insert, (void *c, const struct billing_draft *row), (c, row)) \
    ROW(draft_read, (void *c, int64_t run, int64_t id, struct billing_draft *out), (c, run, id, out)) \
    ROW(step_begin, (void *c), (c)) \
    ROW(step_keep, (void *c), (c)) \
    ROW(step_revert, (void *c), (c))

#define LEDGER_CALLS(ROW) \
    ROW(account_read, (void *c, int64_t id, struct ledger_account *out), (c, id, out)) \
    ROW(account_insert, (void *c, struct ledger_account *row), (c, row)) \
    ROW(account_update, (void *c, const struct ledger_account *row), (c, row)) \
    ROW(transfer_insert, (void *c, struct ledger_transfer *row), (c, row)) \
    ROW(transfer_read, (void *c, int64_t id, struct ledger_transfer *out), (c, id, out)) \
    ROW(transfer_find_key, (void *c, const char *key, struct ledger_transfer *out), (c, key, out)) \
    ROW(transfer_find_reversal, (void *c, int64_t id, struct ledger_transfer *out), (c, id, out)) \
    ROW(span_widen, (void *c, const struct ledger_span *span), (c, span)) \
    ROW(closed_until, (void *c, uint32_t tenant, int64_t *until_s), (c, tenant, until_s)) \
    ROW(hold_read, (void *c, int64_t id, struct ledger_hold *out), (c, id, out)) \
    ROW(hold_find_key, (void *c, const char *key, struct ledger_hold *out), (c, key, out)) \
    ROW(hold_insert, (void *c, struct ledger_hold *row), (c, row)) \
    ROW(hold_update, (void *c, const struct ledger_hold *row), (c, row))

#define BILLING_CALL(name, parameters, arguments) \
    static int faulty_billing_##name parameters \
    { \
        int error = call_refused(); \
        return error != 0 ? error : billing_real.name arguments; \
    }
#define LEDGER_CALL(name, parameters, arguments) \
    static int faulty_ledger_##name parameters \
    { \
        int error = call_refused(); \
        return error != 0 ? error : ledger_real.name arguments; \
    }
#define BILLING_REPLACE(name, parameters, arguments) billing_faulty.name = faulty_billing_##name;
#define LEDGER_REPLACE(name, parameters, arguments) ledger_faulty.name = faulty_ledger_##name;

BILLING_CALLS(BILLING_CALL)
LEDGER_CALLS(LEDGER_CALL)

/* The fixture's room again, over stores whose calls can fail. */
static int faulty_open(void **state)
{
    struct fixture *fixture;
    struct billing_config config = { .store = &billing_faulty, .ledger = &ledger_faulty };
    int error = fixture_open(state);

    if (error != 0)
        return error;
    fixture = *state;
    billing_close(fixture->billing);
    billing_real = billing_faulty = *billing_sqlite_store(fixture->billing_sqlite);
    ledger_real = ledger_faulty = *ledger_sqlite_store(fixture->ledger_sqlite);
    BILLING_CALLS(BILLING_REPLACE)
    LEDGER_CALLS(LEDGER_REPLACE)
    config.actions = &fixture->actions;
    config.cases = case_sqlite_store(fixture->case_sqlite);
    calls_left = -1;
    return billing_open(&config, &fixture->billing);
}

/* Everything that may have changed, in one number. */
static int64_t fingerprint(struct fixture *fixture)
{
    return fixture_number(fixture,
                          "SELECT (SELECT count(*) * 1000003 + coalesce(sum(amount_fen * transfer_id), 0) FROM transfer)"
                          " + (SELECT count(*) * 10007 + coalesce(sum(paid_fen + bill_id * length(state)), 0) FROM bill) * 31"
                          " + (SELECT coalesce(sum(settled_day * account_id + held_error + look_s), 0) FROM account) * 37"
                          " + (SELECT coalesce(sum(debits_fen * 3 + credits_fen + held_fen * 7), 0) FROM ledger_account)"
                          " + (SELECT coalesce(sum(done * 5 + issued * 11 + reversed * 13 + length(state)), 0)"
                          "    FROM settlement_run) * 41"
                          " + (SELECT count(*) FROM settlement_draft) * 43 + (SELECT count(*) FROM payment) * 47"
                          " + (SELECT count(*) * 53 + coalesce(sum(length(state)), 0) FROM transfer_hold)");
}

/* Do the work with every call failing once; at last it succeeds. returns how many calls it took */
static int work_suffer(struct fixture *fixture, int (*work)(struct fixture *fixture))
{
    int64_t before = fingerprint(fixture);

    for (int allowed = 0; allowed < CALLS_LIMIT; allowed++) {
        int error;

        assert_int_equal(sqlite_store_begin(fixture->store), 0);
        fixture->story.size = 0;
        calls_left = allowed;
        error = work(fixture);
        if (error == 0 && calls_left > 0) {
            calls_left = -1;
            assert_int_equal(sqlite_store_commit(fixture->store), 0);
            fixture_verify(fixture);
            return allowed;
        }
        calls_left = -1;
        sqlite_store_rollback(fixture->store);
        assert_int_equal(fingerprint(fixture), before);
    }
    fail_msg("the work never ends");
    return 0;
}

static int work_draft(struct fixture *fixture)
{
    struct billing_run run = { .to_day = fixture_day("2026-06-01"), .estimate = BILLING_ESTIMATE_USUAL };

    return billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &run, &run);
}

static int work_approve(struct fixture *fixture)
{
    struct billing_scope second = { .tenant_id = 1, .person_id = 8, .path = "/1/" };
    struct billing_run run;

    return billing_run_decide(fixture->billing, &second, fixture->now_s, 1, BILLING_RUN_APPROVE, &run);
}

/* Customers are told of their bills. */
static int work_tell(struct fixture *fixture)
{
    int done = billing_tick(fixture->billing, fixture->now_s, 100);

    return done < 0 ? done : 0;
}

static int work_reverse(struct fixture *fixture)
{
    struct billing_run run;

    return billing_run_decide(fixture->billing, &fixture->scope, fixture->now_s, 1, BILLING_RUN_REVERSE, &run);
}

static int work_pay(struct fixture *fixture)
{
    struct billing_payment_result result;
    struct billing_payment_request request = { .account_id = 1, .amount_fen = 900, .method = "cash", .key = "k" };

    return billing_payment_take(fixture->billing, &fixture->scope, fixture->now_s, &request, &result);
}

static int work_hold(struct fixture *fixture)
{
    struct billing_hold_request request = { .account_id = 2, .amount_fen = 300, .duration_s = 60, .key = "h",
                                            .item = "hot_water" };
    struct ledger_hold hold;
    int error = billing_hold_place(fixture->billing, &fixture->scope, fixture->now_s, &request, &hold);

    if (error < 0)
        return error;
    return billing_hold_settle(fixture->billing, &fixture->scope, fixture->now_s, hold.hold_id, 200, &hold);
}

static void no_failing_call_makes_or_loses_money(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(sqlite_store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'bills_by_run', '1')"), 0);
    for (uint32_t device_id = 1; device_id <= 3; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 1000);
        fixture_midnight_put(fixture, device_id, fixture_day("2026-06-01"), 25000000 * device_id);
    }
    fixture_run(fixture, fixture_time("2026-06-01T10:00"));
    assert_true(work_suffer(fixture, work_draft) > 10);
    assert_true(work_suffer(fixture, work_approve) > 30);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE state = 'issued'"), 3);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen = draft_fen FROM settlement_run"), 1);
    assert_true(work_suffer(fixture, work_tell) > 10);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM notice WHERE kind = 'bill'"), 3);
    assert_true(work_suffer(fixture, work_pay) > 5);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM payment"), 1);
    assert_true(work_suffer(fixture, work_reverse) > 20);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE state = 'reversed'"), 3);
    assert_int_equal(fixture_balance(fixture, 1), 900);
    assert_int_equal(fixture_balance(fixture, 3), 0);
    assert_true(work_suffer(fixture, work_hold) > 5);
    assert_int_equal(fixture_balance(fixture, 2), -200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_failing_call_makes_or_loses_money, faulty_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
