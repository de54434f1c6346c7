#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "base/quantity.h"

#include <stdio.h>
#include <string.h>

#define KWH_MWH INT64_C(1000000)
#define KWH_J INT64_C(3600000)
#define TOU \
    "{\"utility\": \"electricity\", \"unit\": \"kWh\", \"limits\": [60], \"items\": [{\"name\": \"tou_energy\"," \
    " \"tou_prices\": {\"peak\": \"0.568\", \"valley\": \"0.288\"}}, {\"name\": \"tier_surcharge\", \"prices\":" \
    " [\"0\", \"0.05\"]}]%s}"

static void execute(struct fixture *fixture, const char *text)
{
    assert_int_equal(store_execute(fixture->store, text), 0);
}

static void tariff_create(struct fixture *fixture, const char *utility, const char *document)
{
    struct tariff_problem problem = { .path = "" };

    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, utility, utility,
                                           fixture_day("2020-01-01"), document, &problem, &fixture->tariff_id),
                     0);
}

/* A value that a meter latched at a local midnight. */
static void register_put(struct fixture *fixture, uint32_t device_id, enum quantity quantity, uint32_t number,
                         const char *date, int64_t value)
{
    char text[256];

    (void)snprintf(text, sizeof text,
                   "INSERT OR REPLACE INTO register_reading VALUES (%u, %u, 1, %lld, %lld, 1000, 0, 0)", device_id,
                   (uint32_t)quantity << 16 | number << 8, (long long)fixture_day(date) * 86400 - FIXTURE_ZONE_S,
                   (long long)value);
    execute(fixture, text);
}

static void energy_put(struct fixture *fixture, uint32_t device_id, uint32_t number, const char *date, int64_t kwh)
{
    register_put(fixture, device_id, QUANTITY_ENERGY_ACTIVE_IMPORT, number, date, kwh * KWH_MWH);
}

/* An account of a kind of meter whose period closes on the 17th, opened on 17 April 2026 at a total of 0. */
static int64_t account_open(struct fixture *fixture, const char *kind, const char *mode)
{
    char text[160];
    int64_t account_id;

    fixture->now_s = fixture_time("2026-04-17T12:00");
    (void)fixture_device_add(fixture);
    (void)snprintf(text, sizeof text, "UPDATE device SET kind = '%s'", kind);
    execute(fixture, text);
    execute(fixture, "CREATE TRIGGER kind_follows AFTER INSERT ON device BEGIN UPDATE device SET kind ="
                     " (SELECT kind FROM device WHERE device_id = 1) WHERE device_id = new.device_id; END");
    account_id = fixture_account_open(fixture, mode, 0, 10000000);
    execute(fixture, "UPDATE account SET settlement_day = 17");
    return account_id;
}

static void bill_on_17_may(struct fixture *fixture, int64_t total_value)
{
    fixture_midnight(fixture, 2, fixture_day("2026-05-17"), total_value);
    fixture_run(fixture, fixture_time("2026-05-17T01:00"));
}

static void measures_set(struct fixture *fixture, int64_t account_id, const struct billing_measures *measures)
{
    assert_int_equal(billing_measures_change(fixture->billing, &fixture->scope, fixture->now_s, account_id,
                                             BILLING_MEASURE_AREA | BILLING_MEASURE_CAPACITY | BILLING_MEASURE_DEMAND,
                                             measures),
                     0);
}

static int64_t tou_account(struct fixture *fixture, const char *more)
{
    char document[1024];

    (void)snprintf(document, sizeof document, TOU, more);
    tariff_create(fixture, "electricity", document);
    return account_open(fixture, "electricity", "postpaid");
}

/* 180 x 0.568 + 120 x 0.288 + (300 - 60) x 0.05. */
static void bill_by_period_comes_from_the_meters_registers(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = tou_account(fixture, "");

    energy_put(fixture, 2, 2, "2026-04-17", 1000);
    energy_put(fixture, 2, 4, "2026-04-17", 2000);
    energy_put(fixture, 2, 2, "2026-05-17", 1180);
    energy_put(fixture, 2, 4, "2026-05-17", 2120);
    bill_on_17_may(fixture, 300 * KWH_MWH);
    assert_int_equal(fixture_balance(fixture, account_id), -(13680 + 1200));
    assert_int_equal(fixture_number(fixture, "SELECT sum(quantity_e4) FROM bill_line WHERE period = 'peak'"), 1800000);
    assert_int_equal(fixture_number(fixture, "SELECT sum(quantity_e4) FROM bill_line WHERE period = 'valley'"), 1200000);
    fixture_verify(fixture);
}

static void bill_waits_for_the_registers_of_its_periods(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = tou_account(fixture, ", \"tou_registers\": {\"peak\": 7}");

    energy_put(fixture, 2, 7, "2026-04-17", 0);
    energy_put(fixture, 2, 4, "2026-04-17", 0);
    energy_put(fixture, 2, 7, "2026-05-17", 180);
    bill_on_17_may(fixture, 300 * KWH_MWH);
    assert_int_equal(fixture_account(fixture, account_id).held_error, BILLING_ERR_REGISTERS);
    energy_put(fixture, 2, 4, "2026-05-17", 120);
    execute(fixture, "UPDATE account SET look_s = 0");
    fixture_run(fixture, fixture_time("2026-05-17T02:00"));
    assert_int_equal(fixture_balance(fixture, account_id), -14880);
    assert_int_equal(fixture_account(fixture, account_id).held_error, 0);
}

/* Old meter 100 and 60, new one 70 and 50; 20 kWh that no register shows go by these: 170 and 110 of 280. */
static void exchanged_meters_share_what_no_register_shows(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = tou_account(fixture, "");

    energy_put(fixture, 2, 2, "2026-04-17", 1000);
    energy_put(fixture, 2, 4, "2026-04-17", 2000);
    energy_put(fixture, 2, 2, "2026-05-01", 1100);
    energy_put(fixture, 2, 4, "2026-05-01", 2060);
    (void)fixture_device_add(fixture);
    execute(fixture, "UPDATE device SET replaces_device_id = 2 WHERE device_id = 3; UPDATE account SET device_id = 3");
    energy_put(fixture, 3, 2, "2026-05-03", 0);
    energy_put(fixture, 3, 4, "2026-05-03", 0);
    energy_put(fixture, 3, 2, "2026-05-17", 70);
    energy_put(fixture, 3, 4, "2026-05-17", 50);
    fixture_midnight(fixture, 3, fixture_day("2026-05-17"), 300 * KWH_MWH);
    fixture_run(fixture, fixture_time("2026-05-17T01:00"));
    /* 182.1429 x 0.568 + 117.8571 x 0.288 = 137.3998... */
    assert_int_equal(fixture_balance(fixture, account_id), -(13740 + 1200));
    fixture_verify(fixture);
}

/* A price that changes on 2 May, 15 of 30 days: half of each period's use at either. */
static void price_change_without_registers_shares_periods_by_days(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = tou_account(fixture, "");
    int64_t version;

    assert_int_equal(billing_tariff_version_add(
                         fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id, fixture_day("2026-05-02"),
                         "{\"utility\": \"electricity\", \"unit\": \"kWh\", \"price_change\": \"by_day\", \"limits\": [60],"
                         " \"items\": [{\"name\": \"tou_energy\", \"tou_prices\": {\"peak\": \"0.668\", \"valley\": \"0.288\"}},"
                         " {\"name\": \"tier_surcharge\", \"prices\": [\"0\", \"0.05\"]}]}",
                         NULL, &version),
                     0);
    energy_put(fixture, 2, 2, "2026-04-17", 0);
    energy_put(fixture, 2, 4, "2026-04-17", 0);
    energy_put(fixture, 2, 2, "2026-05-17", 180);
    energy_put(fixture, 2, 4, "2026-05-17", 120);
    bill_on_17_may(fixture, 300 * KWH_MWH);
    assert_int_equal(fixture_balance(fixture, account_id), -(13680 + 900 + 1200));
}

/* The closing is estimated: 400 kWh by the straight line, in the proportion of the registers of 10 May, 3 to 1. */
static void estimated_bill_shares_by_the_registers_it_knows(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = tou_account(fixture, "");

    energy_put(fixture, 2, 2, "2026-04-17", 0);
    energy_put(fixture, 2, 4, "2026-04-17", 0);
    energy_put(fixture, 2, 2, "2026-05-10", 90);
    energy_put(fixture, 2, 4, "2026-05-10", 30);
    fixture_midnight(fixture, 2, fixture_day("2026-05-27"), (40 * INT64_C(400) / 30 + 1) * KWH_MWH);
    fixture_run(fixture, fixture_time("2026-05-27T01:00"));
    assert_int_equal(fixture_number(fixture, "SELECT estimated FROM bill"), 1);
    /* 534 x 30/40 = 400.5: 300.375 and 100.125; surcharge on 340.5 */
    assert_int_equal(fixture_balance(fixture, account_id), -(17061 + 2884 + 1703));
}

/* HT-BJ-2 with a period of one month: 90 m2 x 12 and 5200 kWh x 0.16. */
static void heat_in_two_parts_counts_the_heated_area(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    tariff_create(fixture, "heat", "{\"utility\": \"heat\", \"unit\": \"kWh\", \"items\": [{\"name\": \"energy\","
                                   " \"price\": \"0.16\"}], \"fixed\": [{\"name\": \"basic\", \"price\": \"12\","
                                   " \"per\": \"area_m2\", \"every\": \"bill\"}]}");
    account_id = account_open(fixture, "heat", "postpaid");
    bill_on_17_may(fixture, 5200 * KWH_J);
    assert_int_equal(fixture_account(fixture, account_id).held_error, RATING_ERR_MEASURE);
    measures_set(fixture, account_id, &(struct billing_measures){ .area_e4 = 900000 });
    fixture_run(fixture, fixture_time("2026-05-17T02:00"));
    assert_int_equal(fixture_balance(fixture, account_id), -191200);
    assert_int_equal(fixture_number(fixture, "SELECT quantity_e4 FROM bill_line WHERE item = 'basic'"), 900000);
    assert_int_equal(fixture_number(fixture, "SELECT price_e8 FROM bill_line WHERE item = 'basic'"), 1200000000);
}

static void heat_by_area_needs_no_reading(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    tariff_create(fixture, "heat", "{\"utility\": \"heat\", \"unit\": \"kWh\", \"fixed\": [{\"name\": \"heat\","
                                   " \"price\": \"24\", \"per\": \"area_m2\", \"every\": \"bill\"}]}");
    account_id = account_open(fixture, "heat", "postpaid");
    measures_set(fixture, account_id, &(struct billing_measures){ .area_e4 = 900000 });
    fixture_run(fixture, fixture_time("2026-05-17T01:00"));
    assert_int_equal(fixture_balance(fixture, account_id), -216000);
}

/* A flat without a meter: its place, its area, a bill; nothing else is sold without one. */
static void heat_by_area_needs_no_meter(void **state)
{
    struct fixture *fixture = *state;
    struct billing_account_terms terms = { .area_id = 2, .grace_h = 24, .settlement_day = 17, .payment_mode = "postpaid" };
    struct billing_customer customer = { .name = "林志远", .number = "77" };
    int64_t account_id, metered_id = fixture->tariff_id;

    tariff_create(fixture, "heat", "{\"utility\": \"heat\", \"unit\": \"kWh\", \"fixed\": [{\"name\": \"heat\","
                                   " \"price\": \"24\", \"per\": \"area_m2\", \"every\": \"bill\"}]}");
    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &customer), 0);
    terms.customer_id = customer.customer_id;
    terms.tariff_id = metered_id;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_DEVICE);
    terms.tariff_id = fixture->tariff_id;
    terms.area_id = 99;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_AREA);
    terms.area_id = 2;
    memcpy(terms.payment_mode, "prepaid_platform", 17);
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id),
                     BILLING_ERR_DEVICE);
    memcpy(terms.payment_mode, "postpaid", 9);
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id), 0);
    measures_set(fixture, account_id, &(struct billing_measures){ .area_e4 = 900000 });
    fixture_run(fixture, fixture_time("2026-06-17T01:00"));
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM bill"), 216000);
    assert_int_equal(fixture_balance(fixture, account_id), -216000);
    fixture_verify(fixture);
}

#define BUSINESS \
    "{\"utility\": \"electricity\", \"unit\": \"kWh\", \"items\": [{\"name\": \"energy\", \"tou_prices\": {\"sharp\":" \
    " \"1.2\", \"peak\": \"1\", \"flat\": \"0.6\", \"valley\": \"0.3\"}}], \"fixed\": [%s], \"power_factor\":" \
    " {\"standard\": \"0.90\", \"rate_below\": \"0.005\"}}"

static int64_t business_account(struct fixture *fixture, const char *fixed)
{
    static const int64_t used_kwh[] = { 1200, 5400, 8000, 6000 };
    char document[1024];
    int64_t account_id;

    (void)snprintf(document, sizeof document, BUSINESS, fixed);
    tariff_create(fixture, "electricity", document);
    account_id = account_open(fixture, "electricity", "postpaid");
    for (uint32_t number = 1; number <= 4; number++) {
        energy_put(fixture, 2, number, "2026-04-17", 500);
        energy_put(fixture, 2, number, "2026-05-17", 500 + used_kwh[number - 1]);
    }
    register_put(fixture, 2, QUANTITY_ENERGY_REACTIVE_COMBINED_1, 0, "2026-04-17", 0);
    register_put(fixture, 2, QUANTITY_ENERGY_REACTIVE_COMBINED_1, 0, "2026-05-17", 12223 * KWH_MWH);
    return account_id;
}

/* E-IND-1: capacity 315 kVA x 32, energy by period, 4 steps below 0.90. */
static void business_pays_for_capacity_and_power_factor(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id =
        business_account(fixture, "{\"name\": \"capacity\", \"price\": \"32\", \"per\": \"capacity_kva\"}");

    measures_set(fixture, account_id, &(struct billing_measures){ .capacity_e4 = 3150000 });
    bill_on_17_may(fixture, 20600 * KWH_MWH);
    assert_int_equal(fixture_balance(fixture, account_id), -2399040);
    assert_int_equal(fixture_number(fixture, "SELECT amount_fen FROM bill_line WHERE item = 'power_factor'"), 47040);
    fixture_verify(fixture);
}

/* 180.5 kW were the most, 200 are agreed; then 250 were the most. */
static void business_pays_for_the_largest_demand(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = business_account(fixture, "{\"name\": \"demand\", \"price\": \"38\", \"per\": \"demand_kw\"}");

    bill_on_17_may(fixture, 20600 * KWH_MWH);
    assert_int_equal(fixture_account(fixture, account_id).held_error, BILLING_ERR_DEMAND);
    register_put(fixture, 2, QUANTITY_DEMAND_ACTIVE_IMPORT, 0, "2026-04-17", 999000000); /* of the month before */
    register_put(fixture, 2, QUANTITY_DEMAND_ACTIVE_IMPORT, 0, "2026-05-02", 180500000);
    measures_set(fixture, account_id, &(struct billing_measures){ .contract_demand_e4 = 2000000 });
    fixture_run(fixture, fixture_time("2026-05-17T02:00"));
    /* (200 x 38 + 13440) x 1.02 */
    assert_int_equal(fixture_balance(fixture, account_id), -(760000 + 1344000 + 42080));
}

static void prepaid(struct fixture *fixture, const char *utility, const char *kind, const char *document,
                    int64_t *account_id)
{
    tariff_create(fixture, utility, document);
    *account_id = account_open(fixture, kind, "prepaid_platform");
}

static void day_put(struct fixture *fixture, const char *date, int64_t total_value)
{
    char time[32];

    fixture_midnight(fixture, 2, fixture_day(date), total_value);
    (void)snprintf(time, sizeof time, "%sT01:00", date);
    fixture->now_s = fixture_time(time);
    fixture_settle(fixture);
}

/* Three days of 3.00: 1.00 is missing to the smallest month of 10.00; corrected up, nothing is. */
static void prepaid_month_is_lifted_to_its_smallest_charge(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    prepaid(fixture, "water", "cold_water",
            "{\"items\": [{\"name\": \"water\", \"price\": \"3\"}], \"min_charge\": \"10\"}", &account_id);
    execute(fixture, "UPDATE account_standing SET settled_day = settled_day + 11");
    day_put(fixture, "2026-04-29", 1000000);
    day_put(fixture, "2026-04-30", 2000000);
    assert_int_equal(fixture_balance(fixture, account_id), -600);
    day_put(fixture, "2026-05-01", 3000000);
    assert_int_equal(fixture_balance(fixture, account_id), -1000);
    day_put(fixture, "2026-05-02", 4000000);
    assert_int_equal(fixture_balance(fixture, account_id), -1300);
    fixture_midnight_put(fixture, 2, fixture_day("2026-05-01"), 3500000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 2, fixture_day("2026-05-01"), fixture->now_s), 0);
    assert_int_equal(fixture_balance(fixture, account_id), -(1050 + 150));
    fixture_midnight_put(fixture, 2, fixture_day("2026-04-30"), 1500000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 2, fixture_day("2026-04-30"), fixture->now_s), 0);
    assert_int_equal(fixture_balance(fixture, account_id), -(1050 + 150));
    fixture_verify(fixture);
}

/* MIN-1 by days: 3 m3 used, 5 are billed at 2.55. */
static void prepaid_month_is_lifted_to_its_smallest_quantity(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    prepaid(fixture, "water", "cold_water",
            "{\"items\": [{\"name\": \"water\", \"price\": \"2.55\"}], \"min_qty\": 5}", &account_id);
    execute(fixture, "UPDATE account_standing SET settled_day = settled_day + 11");
    day_put(fixture, "2026-04-29", 1000000);
    day_put(fixture, "2026-04-30", 2000000);
    day_put(fixture, "2026-05-01", 3000000);
    assert_int_equal(fixture_balance(fixture, account_id), -1275);
    day_put(fixture, "2026-05-02", 4000000);
    assert_int_equal(fixture_balance(fixture, account_id), -1530);
    fixture_verify(fixture);
}

/* Days of 0.5 and 0.25 kWh: each is the difference of the month so far, so that the month is not rounded by the day. */
static void prepaid_days_by_period_cost_what_they_cost_at_once(void **state)
{
    struct fixture *fixture = *state;
    char document[1024], date[16];
    int64_t account_id;

    (void)snprintf(document, sizeof document, TOU, "");
    prepaid(fixture, "electricity", "electricity", document, &account_id);
    execute(fixture, "UPDATE account_standing SET settled_day = settled_day + 14");
    for (int day = 1; day <= 11; day++) {
        (void)snprintf(date, sizeof date, "2026-05-%02d", day);
        register_put(fixture, 2, QUANTITY_ENERGY_ACTIVE_COMBINED, 2, date, (day - 1) * KWH_MWH / 2);
        register_put(fixture, 2, QUANTITY_ENERGY_ACTIVE_COMBINED, 4, date, (day - 1) * KWH_MWH / 4);
        if (day > 1)
            day_put(fixture, date, (day - 1) * KWH_MWH * 3 / 4);
    }
    /* 5 x 0.568 + 2.5 x 0.288 */
    assert_int_equal(fixture_balance(fixture, account_id), -(284 + 72));
    fixture_verify(fixture);
}

static void prepaid_account_is_not_charged_by_demand(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    prepaid(fixture, "electricity", "electricity",
            "{\"items\": [{\"name\": \"energy\", \"price\": \"1\"}], \"fixed\": [{\"name\": \"demand\", \"price\": \"38\","
            " \"per\": \"demand_kw\"}]}",
            &account_id);
    day_put(fixture, "2026-04-18", KWH_MWH);
    assert_int_equal(fixture_account(fixture, account_id).held_error, BILLING_ERR_POSTPAID_TARIFF);
}

static void measures_outside_their_range_are_refused(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = tou_account(fixture, "");
    const struct billing_measures wrong[] = { { -1, 0, 0 }, { 0, INT64_MAX, 0 }, { 0, 0, INT64_MIN } };

    for (size_t index = 0; index < 3; index++)
        assert_int_equal(billing_measures_change(fixture->billing, &fixture->scope, fixture->now_s, account_id,
                                                 BILLING_MEASURE_AREA | BILLING_MEASURE_CAPACITY | BILLING_MEASURE_DEMAND,
                                                 &wrong[index]),
                         BILLING_ERR_MEASURES);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(bill_by_period_comes_from_the_meters_registers),
        CASE(bill_waits_for_the_registers_of_its_periods),
        CASE(exchanged_meters_share_what_no_register_shows),
        CASE(price_change_without_registers_shares_periods_by_days),
        CASE(estimated_bill_shares_by_the_registers_it_knows),
        CASE(heat_in_two_parts_counts_the_heated_area),
        CASE(heat_by_area_needs_no_reading),
        CASE(heat_by_area_needs_no_meter),
        CASE(business_pays_for_capacity_and_power_factor),
        CASE(business_pays_for_the_largest_demand),
        CASE(prepaid_month_is_lifted_to_its_smallest_charge),
        CASE(prepaid_month_is_lifted_to_its_smallest_quantity),
        CASE(prepaid_days_by_period_cost_what_they_cost_at_once),
        CASE(prepaid_account_is_not_charged_by_demand),
        CASE(measures_outside_their_range_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
