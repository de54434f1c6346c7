#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "security/setting.h"

#include <stdio.h>
#include <string.h>

static struct billing_customer customer_of(const char *number)
{
    struct billing_customer row = { .name = "林志远", .name_initials = "lzy", .phones = "138-0000-0001,+8613800000002" };

    (void)snprintf(row.number, sizeof row.number, "%s", number);
    return row;
}

static int create(struct fixture *fixture, struct billing_customer row)
{
    return billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &row);
}

static void wrong_customers_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct billing_customer row = customer_of("100482");

    assert_int_equal(create(fixture, row), 0);
    assert_int_equal(create(fixture, row), BILLING_ERR_CUSTOMER_TAKEN);
    assert_int_equal(create(fixture, customer_of("")), BILLING_ERR_CUSTOMER_NUMBER);
    assert_int_equal(create(fixture, customer_of("a b")), BILLING_ERR_CUSTOMER_NUMBER);
    row = customer_of("2");
    memcpy(row.name, " x", 3);
    assert_int_equal(create(fixture, row), BILLING_ERR_NAME);
    row = customer_of("2");
    memcpy(row.name, "\xff", 2);
    assert_int_equal(create(fixture, row), BILLING_ERR_NAME);
    row = customer_of("2");
    memcpy(row.phones, "123,", 5);
    assert_int_equal(create(fixture, row), BILLING_ERR_PHONES);
    row = customer_of("2");
    memcpy(row.phones, "call me", 8);
    assert_int_equal(create(fixture, row), BILLING_ERR_PHONES);
    row = customer_of("2");
    memcpy(row.name_initials, "LZY", 4);
    assert_int_equal(create(fixture, row), BILLING_ERR_INITIALS);
    row = customer_of("2");
    row.protected_until_s = 5;
    assert_int_equal(create(fixture, row), BILLING_ERR_PROTECTION);
}

static void customer_of_another_tenant_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    struct billing_scope stranger = { .tenant_id = 2 };
    struct billing_customer row = customer_of("100482");

    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &row), 0);
    assert_int_equal(billing_customer_change(fixture->billing, &stranger, BILLING_CUSTOMER_NAME, fixture->now_s, &row),
                     BILLING_ERR_CUSTOMER);
    memcpy(row.name, "改名", 7);
    assert_int_equal(billing_customer_change(fixture->billing, &fixture->scope, BILLING_CUSTOMER_NAME, fixture->now_s,
                                             &row),
                     0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM customer WHERE name = '改名' AND phones <> ''"), 1);
}

static void wrong_terms_are_refused(void **state)
{
    static const struct {
        int64_t low_fen, overdraft_fen, restore_fen;
        int32_t persons, settlement_day, grace_h;
        const char *mode;
        int error;
    } cases[] = {
        { 0, 0, 0, 0, 0, 0, "barter", BILLING_ERR_MODE },
        { 0, 0, 0, 101, 0, 0, "postpaid", BILLING_ERR_PERSONS },
        { 0, 0, 0, 1, 29, 0, "postpaid", BILLING_ERR_SETTLEMENT_DAY },
        { -1, 0, 0, 1, 1, 0, "postpaid", BILLING_ERR_LOW_BALANCE },
        { 0, 10000001, 0, 1, 1, 0, "postpaid", BILLING_ERR_OVERDRAFT },
        { 0, 100, -101, 1, 1, 0, "postpaid", BILLING_ERR_RESTORE },
        { 0, 0, 0, 1, 1, 2161, "postpaid", BILLING_ERR_GRACE },
    };
    struct fixture *fixture = *state;
    struct billing_customer row = customer_of("1");
    int64_t account_id;

    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &row), 0);
    (void)fixture_device_add(fixture);
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct billing_account_terms terms = {
            .customer_id = row.customer_id, .tariff_id = fixture->tariff_id, .low_balance_fen = cases[index].low_fen,
            .overdraft_fen = cases[index].overdraft_fen, .restore_fen = cases[index].restore_fen, .device_id = 1,
            .persons = cases[index].persons, .settlement_day = cases[index].settlement_day, .grace_h = cases[index].grace_h,
        };

        (void)snprintf(terms.payment_mode, sizeof terms.payment_mode, "%s", cases[index].mode);
        assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                         cases[index].error);
    }
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM ledger_account"), 0);
}

static void account_needs_what_exists_in_its_scope(void **state)
{
    struct fixture *fixture = *state;
    struct billing_customer row = customer_of("1");
    struct billing_scope elsewhere = { .tenant_id = 1, .path = "/1/3/" };
    struct billing_account_terms terms = { .tariff_id = fixture->tariff_id, .payment_mode = "postpaid" };
    int64_t account_id, taken_id = fixture_account_open(fixture, "postpaid", 0, 0);

    terms.device_id = fixture_device_add(fixture);
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, 0, &terms, &account_id),
                     BILLING_ERR_CUSTOMER);
    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &row), 0);
    terms.customer_id = row.customer_id;
    assert_int_equal(billing_account_open(fixture->billing, &elsewhere, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_DEVICE);
    terms.device_id = fixture_account(fixture, taken_id).device_id;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_DEVICE_TAKEN);
    terms.device_id = 2;
    terms.tariff_id = 99;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_TARIFF);
    terms.tariff_id = fixture->tariff_id;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id), 0);
    assert_int_equal(billing_account_change(fixture->billing, &elsewhere, account_id, BILLING_ACCOUNT_PERSONS,
                                            fixture->now_s, &terms),
                     BILLING_ERR_ACCOUNT);
    terms.persons = 6;
    assert_int_equal(billing_account_change(fixture->billing, &fixture->scope, account_id, BILLING_ACCOUNT_PERSONS,
                                            fixture->now_s, &terms),
                     0);
    assert_int_equal(fixture_account(fixture, account_id).persons, 6);
    terms.device_id = fixture_device_add(fixture);
    assert_int_equal(billing_account_change(fixture->billing, &fixture->scope, account_id, BILLING_ACCOUNT_DEVICE,
                                            fixture->now_s, &terms),
                     0);
    assert_int_equal(fixture_account(fixture, account_id).device_id, 3);
    assert_int_equal(fixture_account(fixture, account_id).persons, 6);
}

/* An account that begins on a running meter starts at its newest midnight, not at zero. */
static void account_on_a_running_meter_starts_at_its_midnight(void **state)
{
    struct fixture *fixture = *state;
    struct billing_customer row = customer_of("1");
    struct billing_account_terms terms = { .tariff_id = fixture->tariff_id, .payment_mode = "prepaid_platform" };
    int64_t account_id;

    terms.device_id = fixture_device_add(fixture);
    fixture_midnight_put(fixture, terms.device_id, fixture_day("2026-05-19"), 777000000);
    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &row), 0);
    terms.customer_id = row.customer_id;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id), 0);
    fixture_midnight(fixture, terms.device_id, fixture_day("2026-05-20"), 778000000);
    fixture_settle(fixture);
    assert_int_equal(fixture_balance(fixture, account_id), -(267 + 81 + 53));
}

static void exchanged_meter_takes_the_account_along(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    uint32_t successor = fixture_device_add(fixture);

    fixture_midnight(fixture, 1, fixture_day("2026-05-20"), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 1000000);
    fixture_run(fixture, fixture_time("2026-05-21T04:00"));
    assert_int_equal(billing_device_exchanged(fixture->billing, &fixture->scope, 1, successor, 0, fixture->now_s), 0);
    fixture_midnight(fixture, successor, fixture_day("2026-05-22"), 2000000);
    fixture_run(fixture, fixture_time("2026-05-22T04:00"));
    assert_int_equal(fixture_account(fixture, account_id).settled_total_value, 2000000);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM daily_charge"), 2);
}

static void tariffs_are_checked(void **state)
{
    struct fixture *fixture = *state;
    struct tariff_problem problem = { .path = "" };
    int64_t day = fixture_day("2026-05-20"), id;

    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "居民用水", "water", day,
                                           fixture_document, NULL, &id),
                     BILLING_ERR_TARIFF_TAKEN);
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "新", "wine", day,
                                           fixture_document, NULL, &id),
                     BILLING_ERR_UTILITY);
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "", "water", day,
                                           fixture_document, NULL, &id),
                     BILLING_ERR_NAME);
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "新", "water", day,
                                           "{\"items\": 5}", &problem, &id),
                     RATING_ERR_DOCUMENT);
    assert_string_equal(problem.path, "items");
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id,
                                                day - 1, fixture_document, NULL, &id),
                     BILLING_ERR_EFFECTIVE_DAY);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id,
                                                day, fixture_document, NULL, &id),
                     0);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id,
                                                day, fixture_document, NULL, &id),
                     BILLING_ERR_EFFECTIVE_TAKEN);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, 99, day,
                                                fixture_document, NULL, &id),
                     BILLING_ERR_TARIFF);
}

static void first_version_may_begin_in_the_past(void **state)
{
    struct fixture *fixture = *state;
    int64_t tariff_id, id, past = fixture_day("2020-01-01");

    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "待定", "water", 0, "", NULL,
                                           &tariff_id),
                     0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tariff_version"), 1);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, tariff_id, past,
                                                fixture_document, NULL, &id),
                     0);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, tariff_id, past + 1,
                                                fixture_document, NULL, &id),
                     BILLING_ERR_EFFECTIVE_DAY);
}

static int64_t setting_default(const char *key)
{
    const struct setting *setting = setting_find(key);

    assert_non_null(setting);
    return setting_integer(setting, NULL);
}

/* The settings page and the room agree on what holds when nobody has set anything. */
static void defaults_are_those_of_the_settings(void **state)
{
    struct billing_policy policy = billing_policy_default();

    (void)state;
    assert_int_equal(policy.arrears.notice_from_min, setting_default("notice_start_min"));
    assert_int_equal(policy.arrears.notice_to_min, setting_default("notice_end_min"));
    assert_int_equal(policy.arrears.cut_from_min, setting_default("cut_start_min"));
    assert_int_equal(policy.arrears.cut_to_min, setting_default("cut_end_min"));
    assert_int_equal(policy.cut_limit, setting_default("cut_limit_per_run"));
    assert_int_equal(policy.bill_due_days, setting_default("bill_due_days"));
    assert_string_equal(setting_find("cut_weekdays")->value, "1,2,3,4,5");
    assert_int_equal(policy.arrears.cut_weekdays, 0x3e);
    assert_string_equal(setting_find("cut_holidays")->value, "");
}

static void settings_of_the_tenant_replace_the_defaults(void **state)
{
    struct fixture *fixture = *state;
    const struct billing_store *store = billing_sql_store(fixture->billing_sql);
    struct billing_policy policy = billing_policy_default();

    assert_int_equal(store_execute(fixture->store,
                                          "INSERT INTO setting VALUES (1, 'cut_weekdays', '2, 4'),"
                                          " (1, 'cut_holidays', '2026-10-01,2026-10-02'), (1, 'notice_start_min', '540')"),
                     0);
    assert_int_equal(store->policy_read(store->context, 1, &policy), 0);
    assert_int_equal(policy.arrears.cut_weekdays, 1 << 2 | 1 << 4);
    assert_int_equal(policy.arrears.holiday_count, 2);
    assert_int_equal(policy.arrears.holidays[1], fixture_day("2026-10-02"));
    assert_int_equal(policy.arrears.notice_from_min, 540);
    assert_string_equal(policy.organisation, "云榕水务");
    assert_string_equal(policy.phone, "88880000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wrong_customers_are_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(customer_of_another_tenant_is_unknown, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(wrong_terms_are_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(account_needs_what_exists_in_its_scope, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(account_on_a_running_meter_starts_at_its_midnight, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(exchanged_meter_takes_the_account_along, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(tariffs_are_checked, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(first_version_may_begin_in_the_past, fixture_open, fixture_close),
        cmocka_unit_test(defaults_are_those_of_the_settings),
        cmocka_unit_test_setup_teardown(settings_of_the_tenant_replace_the_defaults, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
