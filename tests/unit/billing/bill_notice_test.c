/* Customers told of their bills: each once, in the order of numbers, and never more than there is room for. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#define ACCOUNTS 6

static int room; /* so many more may be told */

static int room_count(void *context, uint32_t tenant_id)
{
    (void)context;
    assert_int_equal(tenant_id, 1);
    return room-- > 0;
}

static int room_refuse(void *context, uint32_t tenant_id)
{
    (void)context;
    (void)tenant_id;
    return -1001;
}

/* Six bills of 10 yuan that nobody was told of. */
static void bills_issue(struct fixture *fixture)
{
    fixture_flat_price(fixture, "2.00");
    room = 0;
    fixture->actions.notices_room = room_count;
    for (uint32_t device_id = 1; device_id <= ACCOUNTS; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 0);
        fixture_midnight_put(fixture, device_id, fixture_day("2026-06-01"), 5000000);
    }
    fixture->now_s = fixture_time("2026-06-02T12:00");
    fixture_settle(fixture);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE amount_fen = 1000"), ACCOUNTS);
}

static int64_t told(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT count(*) FROM notice WHERE kind = 'bill'");
}

static void bills_wait_while_there_is_no_room(void **state)
{
    struct fixture *fixture = *state;

    bills_issue(fixture);
    assert_int_equal(told(fixture), 0);
    room = 4;
    fixture_settle(fixture);
    assert_int_equal(told(fixture), 4);
    assert_int_equal(fixture_number(fixture, "SELECT max(account_id) FROM notice"), 4);
    fixture->now_s += 60;
    room = 100;
    fixture_settle(fixture);
    fixture_settle(fixture);
    assert_int_equal(told(fixture), ACCOUNTS);
    assert_int_equal(fixture_number(fixture, "SELECT count(DISTINCT account_id) FROM notice"), ACCOUNTS);
}

/* Whoever was told is told once, however the tick ends: what it told is taken back with it. */
static void a_tick_that_fails_is_told_anew(void **state)
{
    struct fixture *fixture = *state;

    bills_issue(fixture);
    room = 100;
    assert_int_equal(store_begin(fixture->store), 0);
    assert_true(billing_tick(fixture->billing, fixture->now_s, 3) >= 0);
    assert_int_equal(told(fixture), 3);
    store_rollback(fixture->store);
    billing_rolled_back(fixture->billing);
    assert_int_equal(told(fixture), 0);
    fixture->actions.notices_room = room_refuse;
    assert_int_equal(billing_tick(fixture->billing, fixture->now_s, 100), -1001);
    fixture->actions.notices_room = NULL;
    fixture_settle(fixture);
    assert_int_equal(told(fixture), ACCOUNTS);
}

static void a_bill_paid_meanwhile_is_no_news(void **state)
{
    struct fixture *fixture = *state;
    struct billing_payment_result paid;

    bills_issue(fixture);
    assert_int_equal(fixture_pay(fixture, 2, 1000, "first", &paid), 0);
    room = 100;
    fixture_settle(fixture);
    assert_int_equal(told(fixture), ACCOUNTS - 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM notice WHERE kind = 'bill' AND account_id = 2"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bills_wait_while_there_is_no_room, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_tick_that_fails_is_told_anew, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_bill_paid_meanwhile_is_no_news, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
