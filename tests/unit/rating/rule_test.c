/* Rules that stand for themselves, and the laws that hold for every tariff. */
#include "tests/unit/unit_test.h"

#include "base/calendar.h"
#include "base/random.h"
#include "rating/charge.h"
#include "rating/power_factor.h"
#include "rating/share_split.h"
#include "rating/tariff_json.h"
#include "rating/tax.h"
#include "rating/unit_purchase.h"

#include <stdio.h>
#include <string.h>

static struct tariff tariff_of(const char *document)
{
    struct tariff tariff;
    struct tariff_problem problem = { .path = "" };

    if (tariff_parse(span_of_text(document), &tariff, &problem) != 0)
        fail_msg("%s %s", problem.path, problem.text_en);
    return tariff;
}

static int64_t bill_fen(const struct tariff *tariff, struct charge_usage usage, int64_t used_e4, int64_t quantity_e4)
{
    struct charge charge;

    usage.used_e4 = used_e4;
    usage.quantity_e4 = quantity_e4;
    assert_int_equal(charge_compute(tariff, &usage, &charge), 0);
    return charge.total_fen;
}

/* A year in any sequence of readings is one bill, up to half a fen for each item of each bill. */
static void readings_of_a_year_add_up_to_one_bill(void **state)
{
    static const char *const documents[] = {
        "{\"cycle\": \"calendar-year\", \"limits\": [180, 260], \"household\": {\"kind\": \"per_person\", \"base\": 5, "
        "\"add\": 30},"
        " \"items\": [{\"name\": \"a\", \"prices\": [\"2.07\", \"4.07\", \"6.07\"]}, {\"name\": \"b\", \"price\": "
        "\"1.57\"},"
        " {\"name\": \"c\", \"coef\": \"0.9\", \"prices\": [\"0.333\", \"0.1\", \"0.77777777\"], \"price\": "
        "\"0.005\"}]}",
        "{\"cycle\": \"anchor-year\", \"anchor\": \"07-01\", \"limits\": [90, 150, 400], \"household\": {\"kind\": "
        "\"replace\","
        " \"min\": 5, \"limits\": [120, 150, 400]}, \"total_from\": \"composite\", \"composite\": [\"3.45\", \"4.83\", "
        "\"5.83\","
        " \"7.001\"], \"remainder_item\": \"a\", \"items\": [{\"name\": \"a\", \"price\": \"1\"}, {\"name\": \"b\", "
        "\"price\":"
        " \"1.571\"}]}",
    };
    struct random random = random_of_seed(20260101);

    (void)state;
    for (int turn = 0; turn < 400; turn++) {
        struct tariff tariff = tariff_of(documents[turn % 2]);
        struct charge_usage usage = { .persons = (int32_t)random_between(&random, 0, 9), .season = CHARGE_SEASON_NONE };
        int64_t total_e4 = random_between(&random, 0, 6000000), used_e4 = 0, sum_fen = 0;
        int64_t once_fen = bill_fen(&tariff, usage, 0, total_e4);
        int bills = 0;

        for (; used_e4 < total_e4; bills++) {
            int64_t part_e4 = random_between(&random, 0, total_e4 / 5 + 1);

            part_e4 = part_e4 > total_e4 - used_e4 ? total_e4 - used_e4 : part_e4;
            sum_fen += bill_fen(&tariff, usage, used_e4, part_e4);
            used_e4 += part_e4;
        }
        assert_true(2 * (sum_fen > once_fen ? sum_fen - once_fen : once_fen - sum_fen) <=
                    (bills + 1) * tariff.item_count);
    }
}

static void shares_add_up_and_stay_near_their_weight(void **state)
{
    struct random random = random_of_seed(14);

    (void)state;
    for (int turn = 0; turn < 500; turn++) {
        int64_t weights[20], parts_fen[20], sum_fen = 0, weight_sum = 0;
        int32_t count = (int32_t)random_between(&random, 1, 20);
        int64_t total_fen = random_between(&random, 0, 20000000) - 10000000;

        for (int32_t index = 0; index < count; index++)
            weight_sum += weights[index] = random_between(&random, 0, 1000) + (index == 0);
        assert_int_equal(share_split(total_fen, weights, count, parts_fen), 0);
        for (int32_t index = 0; index < count; index++) {
            int64_t error = parts_fen[index] * weight_sum - total_fen * weights[index];

            sum_fen += parts_fen[index];
            assert_true(error < weight_sum && error > -weight_sum);
        }
        assert_int_equal(sum_fen, total_fen);
    }
}

static void shares_of_nothing_and_by_nothing(void **state)
{
    int64_t weights[3] = { 0, 0, 0 }, parts_fen[3] = { 7, 7, 7 };

    (void)state;
    assert_int_equal(share_split(5, weights, 3, parts_fen), RATING_ERR_RANGE);
    assert_int_equal(parts_fen[0], 7);
    assert_int_equal(share_split(0, weights, 3, parts_fen), 0);
    assert_int_equal(parts_fen[2], 0);
    weights[1] = -1;
    assert_int_equal(share_split(5, weights, 3, parts_fen), RATING_ERR_RANGE);
    assert_int_equal(share_split(5, weights, 0, parts_fen), RATING_ERR_RANGE);
    weights[1] = 1;
    assert_int_equal(share_split(INT64_MIN, weights, 3, parts_fen), RATING_ERR_RANGE);
}

static void tax_and_net_add_up(void **state)
{
    static const int64_t rates_e8[] = { 0, 3000000, 9000000, 13000000, TAX_RATE_ONE };
    struct random random = random_of_seed(9);
    int64_t tax_fen;

    (void)state;
    for (int turn = 0; turn < 300; turn++) {
        int64_t amounts_fen[12], taxes_fen[12], sum_fen = 0, tax_sum_fen = 0, whole_fen;
        int64_t rate_e8 = rates_e8[turn % 5];

        for (int line = 0; line < 12; line++)
            sum_fen += amounts_fen[line] = random_between(&random, 0, 99999);
        assert_int_equal(tax_share(amounts_fen, 12, rate_e8, taxes_fen), 0);
        for (int line = 0; line < 12; line++) {
            assert_true(taxes_fen[line] >= 0 && taxes_fen[line] <= amounts_fen[line]);
            tax_sum_fen += taxes_fen[line];
        }
        assert_int_equal(tax_contained(sum_fen, rate_e8, &whole_fen), 0);
        assert_int_equal(tax_sum_fen, whole_fen);
    }
    assert_int_equal(tax_contained(10900, 9000000, &tax_fen), 0);
    assert_int_equal(tax_fen, 900);
    assert_int_equal(tax_contained(-10900, 9000000, &tax_fen), 0);
    assert_int_equal(tax_fen, -900);
    assert_int_equal(tax_contained(1, TAX_RATE_ONE + 1, &tax_fen), RATING_ERR_RANGE);
    assert_int_equal(tax_share((const int64_t[]){ 5, -5 }, 2, 9000000, &tax_fen), RATING_ERR_RANGE);
}

static void power_factor_costs_and_rewards(void **state)
{
    struct power_factor_terms terms = { .step_e8 = 1000000,
                                        .standard_e8 = 90000000,
                                        .rate_below_e8 = 500000,
                                        .rate_above_e8 = 150000,
                                        .reward_maximum_e8 = 750000 };
    static const struct {
        int64_t factor_e8, adjust_fen;
    } cases[] = {
        { 86000000, 47040 }, { 90000000, 0 },      { 89500000, 0 },      { 89400000, 11760 },
        { 91000000, -3528 }, { 95000000, -17640 }, { 99000000, -17640 },
    };
    int64_t adjust_fen = 7;

    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        assert_int_equal(power_factor_adjust(&terms, cases[index].factor_e8, 2352000, &adjust_fen), 0);
        assert_int_equal(adjust_fen, cases[index].adjust_fen);
    }
    terms.row_count = 2;
    terms.rows[0] = (struct power_factor_row){ 80000000, 5000000 };
    terms.rows[1] = (struct power_factor_row){ 90000000, -100000 };
    assert_int_equal(power_factor_adjust(&terms, 70000000, 1000, &adjust_fen), 0);
    assert_int_equal(adjust_fen, 50);
    assert_int_equal(power_factor_adjust(&terms, 95000000, 1000, &adjust_fen), 0);
    assert_int_equal(adjust_fen, -1);
    assert_int_equal(power_factor_adjust(&terms, POWER_FACTOR_ONE + 1, 1000, &adjust_fen), RATING_ERR_RANGE);
    terms.step_e8 = 0;
    assert_int_equal(power_factor_adjust(&terms, 90000000, 1000, &adjust_fen), RATING_ERR_RANGE);
}

/* 0.614 yuan a unit: 61 fen do not buy one though its price rounds to 61; two rounded items may cost the last unit. */
static void units_are_sold_for_their_exact_cost(void **state)
{
    struct tariff tariff = tariff_of("{\"items\": [{\"name\": \"a\", \"price\": \"0.614\"}]}");
    struct charge_usage like = { .season = CHARGE_SEASON_NONE };
    int64_t units = 7, cost_fen = 7;

    (void)state;
    assert_int_equal(unit_purchase_compute(&tariff, &like, 61, &units, &cost_fen), 0);
    assert_int_equal(units, 0);
    assert_int_equal(cost_fen, 0);
    assert_int_equal(unit_purchase_compute(&tariff, &like, 62, &units, &cost_fen), 0);
    assert_int_equal(units, 1);
    assert_int_equal(cost_fen, 61);
    tariff =
        tariff_of("{\"items\": [{\"name\": \"a\", \"price\": \"0.005\"}, {\"name\": \"b\", \"price\": \"0.005\"}]}");
    assert_int_equal(unit_purchase_compute(&tariff, &like, 3, &units, &cost_fen), 0);
    assert_int_equal(units, 2);
    assert_int_equal(cost_fen, 2);
    tariff = tariff_of("{\"items\": [{\"name\": \"a\", \"price\": \"0\"}]}");
    assert_int_equal(unit_purchase_compute(&tariff, &like, 3, &units, &cost_fen), RATING_ERR_RANGE);
}

/* Yearly tiers and a change by days: the old price takes its exact share, 10/31 of 33, not one cut to four places. */
static void days_before_a_change_fill_the_tiers_exactly(void **state)
{
    struct tariff before =
        tariff_of("{\"cycle\": \"calendar-year\", \"limits\": [10], \"items\": [{\"name\": \"a\", \"prices\":"
                  " [\"1\", \"9999\"]}]}");
    struct charge_segment segments[2] = {
        { .tariff = &before,
          .usage = { .quantity_e4 = 330000, .season = CHARGE_SEASON_NONE },
          .days = 10,
          .total_days = 31,
          .quantity_by_days = true },
        { .tariff = &before,
          .usage = { .quantity_e4 = 330000, .season = CHARGE_SEASON_NONE },
          .days = 21,
          .total_days = 31,
          .quantity_by_days = true,
          .days_before = 10 },
    };
    struct charge charge, once;
    struct charge_usage usage = { .quantity_e4 = 330000, .season = CHARGE_SEASON_NONE };

    (void)state;
    assert_int_equal(charge_compute_segments(segments, 2, &charge), 0);
    assert_int_equal(charge_compute(&before, &usage, &once), 0);
    assert_int_equal(charge.total_fen, once.total_fen);
    segments[1].days_before = 11;
    assert_int_equal(charge_compute_segments(segments, 2, &charge), RATING_ERR_SEGMENTS);
}

static void charges_by_measure_need_the_measure(void **state)
{
    struct tariff tariff =
        tariff_of("{\"items\": [{\"name\": \"heat\", \"price\": \"0.16\"}], \"fixed\": [{\"name\": \"basic\","
                  " \"price\": \"12\", \"per\": \"area_m2\", \"every\": \"bill\"}]}");
    struct charge_usage usage = { .quantity_e4 = 52000000, .months = 4, .season = CHARGE_SEASON_NONE };
    struct charge charge;

    (void)state;
    assert_int_equal(charge_compute(&tariff, &usage, &charge), RATING_ERR_MEASURE);
    usage.measure_e4[TARIFF_MEASURE_AREA] = 900000;
    assert_int_equal(charge_compute(&tariff, &usage, &charge), 0);
    assert_int_equal(charge.total_fen, 191200);
    usage.measure_e4[TARIFF_MEASURE_AREA] = -1;
    assert_int_equal(charge_compute(&tariff, &usage, &charge), RATING_ERR_MEASURE);
}

static int32_t period_at(const struct tariff *tariff, const char *date, bool holiday, int32_t hour, int32_t minute)
{
    int64_t day;

    assert_int_equal(calendar_parse_date(span_of_text(date), &day), 0);
    return tariff_period_at(tariff, day, holiday, hour * 60 + minute);
}

#define BUSINESS_ITEMS \
    "\"items\": [{\"name\": \"energy\", \"tou_prices\": {\"sharp\": \"1.2\", \"peak\": \"1\", \"flat\": \"0.6\", " \
    "\"valley\":" \
    " \"0.3\"}}]"

/* A public table of business prices: sharp 11-13 and 16-17 in July and August overrides peak and flat. */
static void sharp_overrides_peak_in_its_months(void **state)
{
    struct tariff tariff =
        tariff_of("{" BUSINESS_ITEMS ", \"tou_schedule\": ["
                  "{\"period\": \"sharp\", \"months\": [7, 8], \"from\": \"11:00\", \"to\": \"13:00\"},"
                  "{\"period\": \"sharp\", \"months\": [7, 8], \"from\": \"16:00\", \"to\": \"17:00\"},"
                  "{\"period\": \"peak\", \"from\": \"10:00\", \"to\": \"15:00\"}, {\"period\": \"peak\", \"from\": "
                  "\"18:00\", \"to\":"
                  " \"21:00\"}, {\"period\": \"valley\", \"from\": \"23:00\", \"to\": \"07:00\"},"
                  "{\"period\": \"flat\", \"from\": \"00:00\", \"to\": \"24:00\"}]}");

    (void)state;
    assert_int_equal(period_at(&tariff, "2026-07-15", false, 11, 0), 0);
    assert_int_equal(period_at(&tariff, "2026-07-15", false, 13, 0), 1);
    assert_int_equal(period_at(&tariff, "2026-07-15", false, 16, 59), 0);
    assert_int_equal(period_at(&tariff, "2026-06-15", false, 11, 0), 1);
    assert_int_equal(period_at(&tariff, "2026-06-15", false, 16, 30), 2);
    assert_int_equal(period_at(&tariff, "2026-06-15", false, 23, 0), 3);
    assert_int_equal(period_at(&tariff, "2026-06-15", false, 6, 59), 3);
    assert_int_equal(period_at(&tariff, "2026-06-15", false, 7, 0), 2);
}

static void schedule_with_a_gap_is_refused_at_its_minute(void **state)
{
    static const struct {
        const char *rows, *path, *word;
    } cases[] = {
        { "{\"period\": \"flat\", \"from\": \"07:00\", \"to\": \"23:00\"}", "tou_schedule", "00:00" },
        { "{\"period\": \"flat\", \"from\": \"00:00\", \"to\": \"22:15\"}", "tou_schedule", "22:15" },
        { "{\"period\": \"flat\", \"days\": \"Mon-Sat\", \"from\": \"00:00\", \"to\": \"24:00\"}", "tou_schedule",
          "weekday 7" },
        { "{\"period\": \"flat\", \"holiday\": false, \"from\": \"00:00\", \"to\": \"24:00\"}", "tou_schedule",
          "holidays" },
        { "{\"period\": \"noon\", \"from\": \"00:00\", \"to\": \"24:00\"}", "tou_schedule[0]", "period" },
        { "{\"period\": \"flat\", \"from\": \"00:00\", \"to\": \"24:00\"}, {\"period\": \"flat\", \"from\": \"09:00\", "
          "\"to\": \"10:00\"}",
          "tou_schedule[1]", "overlaps" },
        { "{\"period\": \"flat\", \"from\": \"22:00\", \"to\": \"09:00\"}, {\"period\": \"flat\", \"from\": \"09:00\", "
          "\"to\": \"22:00\"}, {\"period\": \"flat\", \"months\": [7], \"from\": \"08:00\", \"to\": \"23:00\"}",
          "tou_schedule[2]", "overlaps" },
        { "{\"period\": \"flat\", \"from\": \"25:00\", \"to\": \"24:00\"}", "tou_schedule[0]", "times" },
        { "{\"period\": \"flat\", \"days\": \"Monday\", \"from\": \"00:00\", \"to\": \"24:00\"}", "tou_schedule[0]",
          "weekdays" },
        { "{\"period\": \"flat\", \"months\": [0], \"from\": \"00:00\", \"to\": \"24:00\"}", "tou_schedule[0]",
          "months" },
    };

    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        char document[512];
        struct tariff tariff;
        struct tariff_problem problem = { .path = "" };

        (void)snprintf(document, sizeof document, "{" BUSINESS_ITEMS ", \"tou_schedule\": [%s]}", cases[index].rows);
        assert_int_equal(tariff_parse(span_of_text(document), &tariff, &problem), RATING_ERR_DOCUMENT);
        assert_string_equal(problem.path, cases[index].path);
        assert_non_null(strstr(problem.text_en, cases[index].word));
        assert_true(problem.text_zh[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_of_a_year_add_up_to_one_bill),
        cmocka_unit_test(shares_add_up_and_stay_near_their_weight),
        cmocka_unit_test(shares_of_nothing_and_by_nothing),
        cmocka_unit_test(tax_and_net_add_up),
        cmocka_unit_test(power_factor_costs_and_rewards),
        cmocka_unit_test(units_are_sold_for_their_exact_cost),
        cmocka_unit_test(days_before_a_change_fill_the_tiers_exactly),
        cmocka_unit_test(charges_by_measure_need_the_measure),
        cmocka_unit_test(sharp_overrides_peak_in_its_months),
        cmocka_unit_test(schedule_with_a_gap_is_refused_at_its_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
