#include "tests/unit/unit_test.h"

#include "rating/charge.h"

#include "base/calendar.h"
#include "base/random.h"
#include "rating/tariff_json.h"

#include <stdio.h>

#define SHENZHEN \
    "{\"cycle\": \"month\", \"limits\": [22, 30], \"items\": [" \
    "{\"name\": \"water\", \"prices\": [\"2.67\", \"4.01\", \"8.01\"]}," \
    "{\"name\": \"sewage\", \"coef\": \"0.9\", \"prices\": [\"0.90\", \"1.00\", \"1.10\"]}," \
    "{\"name\": \"garbage\", \"coef\": \"0.9\", \"price\": \"0.59\"}]}"
#define ODD_PRICES \
    "{\"cycle\": \"calendar-year\", \"limits\": [180, 260], \"items\": [" \
    "{\"name\": \"water\", \"prices\": [\"2.07000001\", \"4.07333333\", \"6.07777777\"]}," \
    "{\"name\": \"sewage\", \"coef\": \"0.85\", \"price\": \"1.36123456\"}]}"

static struct tariff tariff_of(const char *document)
{
    struct tariff tariff;

    assert_int_equal(tariff_parse(span_of_text(document), &tariff, NULL), 0);
    return tariff;
}

static struct charge charge_of(const struct tariff *tariff, int64_t used_e4, int64_t quantity_e4)
{
    struct charge_usage usage = { .quantity_e4 = quantity_e4, .used_e4 = used_e4, .season = CHARGE_SEASON_NONE };
    struct charge charge;

    assert_int_equal(charge_compute(tariff, &usage, &charge), 0);
    return charge;
}

static void limit_belongs_to_the_lower_tier(void **state)
{
    struct tariff tariff = tariff_of(SHENZHEN);
    struct charge charge = charge_of(&tariff, 0, 220000);

    (void)state;
    assert_int_equal(charge.tier_quantity_e4[0], 220000);
    assert_int_equal(charge.tier_quantity_e4[1], 0);
    charge = charge_of(&tariff, 0, 220001);
    assert_int_equal(charge.tier_quantity_e4[1], 1);
    charge = charge_of(&tariff, 220000, 1);
    assert_int_equal(charge.tier_quantity_e4[0], 0);
    assert_int_equal(charge.tier_quantity_e4[1], 1);
}

static void nothing_used_costs_nothing(void **state)
{
    struct tariff tariff = tariff_of(SHENZHEN);

    (void)state;
    assert_int_equal(charge_of(&tariff, 0, 0).total_fen, 0);
    assert_int_equal(charge_of(&tariff, 250000, 0).total_fen, 0);
    assert_int_equal(charge_of(&tariff, 250000, 0).line_count, 0);
}

/* The law of tariffs: a cycle billed in any sequence of reads costs what it costs at once, to the fen. */
static void any_sequence_of_reads_gives_the_same_total(void **state)
{
    static const char *const documents[] = { SHENZHEN, ODD_PRICES };
    struct random random = random_of_seed(42);

    (void)state;
    for (int turn = 0; turn < 500; turn++) {
        struct tariff tariff = tariff_of(documents[turn % 2]);
        struct charge_usage like = { .season = CHARGE_SEASON_NONE };
        int64_t total_e4 = random_between(&random, 0, 5000000), used_e4 = 0, sum_fen = 0, items_fen[4] = { 0 };
        struct charge once = charge_of(&tariff, 0, total_e4), part;

        while (used_e4 < total_e4) {
            int64_t next_e4 = used_e4 + random_between(&random, 0, total_e4 / 7 + 1);

            next_e4 = next_e4 > total_e4 ? total_e4 : next_e4;
            assert_int_equal(charge_compute_growth(&tariff, &like, used_e4, next_e4, &part), 0);
            sum_fen += part.total_fen;
            for (int32_t item = 0; item < part.item_count; item++)
                items_fen[item] += part.items[item].amount_fen;
            used_e4 = next_e4;
        }
        assert_int_equal(sum_fen, once.total_fen);
        for (int32_t item = 0; item < once.item_count; item++)
            assert_int_equal(items_fen[item], once.items[item].amount_fen);
    }
}

static void items_add_up_to_the_total(void **state)
{
    static const char *const rounds[] = { "item", "row", "bill" };
    struct random random = random_of_seed(43);

    (void)state;
    for (int turn = 0; turn < 300; turn++) {
        char document[512];
        struct tariff tariff;
        struct charge charge;
        int64_t sum_fen = 0, tiers_e4 = 0;

        (void)snprintf(document, sizeof document, "{\"round\": \"%s\", %s", rounds[turn % 3], &ODD_PRICES[1]);
        tariff = tariff_of(document);
        charge = charge_of(&tariff, random_between(&random, 0, 2000000), random_between(&random, 0, 2000000));
        for (int32_t item = 0; item < charge.item_count; item++)
            sum_fen += charge.items[item].amount_fen;
        for (int32_t tier = 0; tier < charge.tier_count; tier++)
            tiers_e4 += charge.tier_quantity_e4[tier];
        assert_int_equal(sum_fen, charge.total_fen);
        assert_int_equal(tiers_e4, charge.billed_e4);
    }
}

/* Items alone cost what they cost with lines, whatever the tariff, and are refused for the same reason. */
static void items_alone_are_the_items_of_the_growth(void **state)
{
    static const char *const rounds[] = { "item", "row", "bill" };
    static const char *const documents[] = { SHENZHEN, ODD_PRICES };
    struct random random = random_of_seed(44);

    (void)state;
    for (int turn = 0; turn < 3000; turn++) {
        int64_t most = turn % 50 == 0 ? TARIFF_QUANTITY_MAXIMUM + 5 : 5000000;
        int64_t before_e4 = random_between(&random, -2, most), after_e4 = random_between(&random, -2, most);
        int32_t whole = turn % 4 == 0 ? 12 : 0;
        struct charge_usage like = { .season = CHARGE_SEASON_NONE, .persons = (int32_t)random_between(&random, 0, 9),
                                     .cycle_part = whole == 0 ? 0 : (int32_t)random_between(&random, 1, 12),
                                     .cycle_whole = whole };
        char document[512];
        struct tariff tariff;
        struct charge all, alone;
        int error;

        (void)snprintf(document, sizeof document, "{\"round\": \"%s\", \"prorate\": \"whole_months\", %s", rounds[turn % 3],
                       &documents[turn % 2][1]);
        tariff = tariff_of(document);
        error = charge_compute_growth(&tariff, &like, before_e4, after_e4, &all);
        assert_int_equal(charge_compute_growth_items(&tariff, &like, before_e4, after_e4, &alone), error);
        if (error < 0)
            continue;
        assert_int_equal(alone.total_fen, all.total_fen);
        assert_int_equal(alone.item_count, all.item_count);
        for (int32_t item = 0; item < all.item_count; item++) {
            assert_string_equal(alone.items[item].name, all.items[item].name);
            assert_int_equal(alone.items[item].amount_fen, all.items[item].amount_fen);
        }
    }
}

/* What a correction gives back is what was charged for it. */
static void credit_mirrors_the_charge(void **state)
{
    struct tariff tariff = tariff_of(ODD_PRICES);
    struct charge_usage like = { .season = CHARGE_SEASON_NONE };
    struct charge up, down;

    (void)state;
    assert_int_equal(charge_compute_growth(&tariff, &like, 1700000, 2700000, &up), 0);
    assert_int_equal(charge_compute_growth(&tariff, &like, 2700000, 1700000, &down), 0);
    assert_true(up.total_fen > 0);
    assert_int_equal(down.total_fen, -up.total_fen);
}

static void half_a_fen_goes_up_away_from_zero(void **state)
{
    struct tariff tariff = tariff_of("{\"items\": [{\"name\": \"water\", \"price\": \"0.01\"}]}");
    struct charge_usage usage = { .quantity_e4 = -5000, .used_e4 = 5000, .season = CHARGE_SEASON_NONE };
    struct charge charge;

    (void)state;
    assert_int_equal(charge_of(&tariff, 0, 5000).total_fen, 1);
    assert_int_equal(charge_of(&tariff, 0, 4999).total_fen, 0);
    assert_int_equal(charge_of(&tariff, 0, 15000).total_fen, 2);
    assert_int_equal(charge_compute(&tariff, &usage, &charge), 0);
    assert_int_equal(charge.total_fen, -1);
}

static void usage_out_of_range_is_refused(void **state)
{
    static const struct {
        struct charge_usage usage;
        int error;
    } cases[] = {
        { { .quantity_e4 = TARIFF_QUANTITY_MAXIMUM + 1, .season = -1 }, RATING_ERR_QUANTITY },
        { { .quantity_e4 = -1, .season = -1 }, RATING_ERR_QUANTITY },
        { { .used_e4 = -1, .season = -1 }, RATING_ERR_USAGE },
        { { .persons = -1, .season = -1 }, RATING_ERR_USAGE },
        { { .persons = 1001, .season = -1 }, RATING_ERR_USAGE },
        { { .months = 121, .season = -1 }, RATING_ERR_USAGE },
        { { .cycle_part = 13, .cycle_whole = 12, .season = -1 }, RATING_ERR_USAGE },
        { { .season = 1 }, RATING_ERR_SEASON },
        { { .period_count = 1, .season = -1 }, RATING_ERR_PERIOD },
    };
    struct tariff tariff = tariff_of(SHENZHEN);
    struct charge charge = { .total_fen = 77 };

    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++)
        assert_int_equal(charge_compute(&tariff, &cases[index].usage, &charge), cases[index].error);
    assert_int_equal(charge.total_fen, 77);
}

/* The dearest price times the largest quantity still fits, or is refused; it never wraps. */
static void largest_numbers_stay_exact(void **state)
{
    struct tariff tariff = tariff_of("{\"items\": [{\"name\": \"water\", \"coef\": \"10\", \"price\": \"10000\"}]}");

    (void)state;
    assert_int_equal(charge_of(&tariff, 0, TARIFF_QUANTITY_MAXIMUM).total_fen, INT64_C(10000000000000000));
}

static int64_t day_of(const char *date)
{
    int64_t day;

    assert_int_equal(calendar_parse_date(span_of_text(date), &day), 0);
    return day;
}

static void cycles_begin_where_the_calendar_says(void **state)
{
    static const struct {
        const char *cycle, *day, *start;
    } cases[] = {
        { "\"month\"", "2026-02-28", "2026-02-01" },
        { "\"month\"", "2026-03-01", "2026-03-01" },
        { "\"calendar-year\"", "2026-12-31", "2026-01-01" },
        { "\"anchor-year\", \"anchor\": \"07-01\"", "2026-06-30", "2025-07-01" },
        { "\"anchor-year\", \"anchor\": \"07-01\"", "2026-07-01", "2026-07-01" },
        { "\"anchor-year\", \"anchor\": \"02-29\"", "2026-02-28", "2026-02-28" },
        { "\"anchor-year\", \"anchor\": \"02-29\"", "2028-02-28", "2027-02-28" },
        { "\"heating-season\"", "2026-03-15", "2025-11-15" },
    };

    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        char document[256];
        struct tariff tariff;

        (void)snprintf(document, sizeof document, "{\"cycle\": %s, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
                       cases[index].cycle);
        tariff = tariff_of(document);
        assert_int_equal(tariff_cycle_start(&tariff, day_of(cases[index].day)), day_of(cases[index].start));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit_belongs_to_the_lower_tier),
        cmocka_unit_test(nothing_used_costs_nothing),
        cmocka_unit_test(any_sequence_of_reads_gives_the_same_total),
        cmocka_unit_test(items_add_up_to_the_total),
        cmocka_unit_test(items_alone_are_the_items_of_the_growth),
        cmocka_unit_test(credit_mirrors_the_charge),
        cmocka_unit_test(half_a_fen_goes_up_away_from_zero),
        cmocka_unit_test(usage_out_of_range_is_refused),
        cmocka_unit_test(largest_numbers_stay_exact),
        cmocka_unit_test(cycles_begin_where_the_calendar_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
