#include "tests/unit/unit_test.h"

#include "rating/tariff_json.h"

#include <stdlib.h>
#include <string.h>

static void every_field_of_the_format_is_read(void **state)
{
    static const char document[] =
        "{\"city\": \"演示\", \"utility\": \"water\", \"unit\": \"m3\", \"note\": \"\", \"cycle\": \"anchor-year\","
        " \"anchor\": \"07-01\", \"limits\": [180.5, \"260\"], \"household\": {\"kind\": \"flat\", \"min\": 5, "
        "\"add\": 30},"
        " \"items\": [{\"name\": \"water\", \"prices\": [2.07, \"4.07\", 6.07]},"
        " {\"name\": \"sewage\", \"coef\": 0.9, \"price\": \"1.36\"}],"
        " \"total_from\": \"composite\", \"composite\": [5, 7, 9], \"remainder_item\": \"sewage\", \"round\": \"row\","
        " \"prorate\": \"days\", \"price_change\": \"by_day\", \"fixed\": [{\"name\": \"meter\", \"amount\": "
        "\"3.50\"}],"
        " \"min_qty\": 5, \"min_charge\": \"1.00\"}";
    struct tariff tariff;
    struct tariff_problem problem = { .path = "" };

    (void)state;
    if (tariff_parse(span_of_text(document), &tariff, &problem) != 0)
        fail_msg("%s %s", problem.path, problem.text_en);
    assert_string_equal(tariff.utility, "water");
    assert_int_equal(tariff.cycle, TARIFF_CYCLE_ANCHOR_YEAR);
    assert_int_equal(tariff.anchor_month, 7);
    assert_int_equal(tariff.tier_count, 3);
    assert_int_equal(tariff.limit_e4[0], 1805000);
    assert_int_equal(tariff.household, TARIFF_HOUSEHOLD_FLAT);
    assert_int_equal(tariff.persons, 5);
    assert_int_equal(tariff.add_e4[1], 300000);
    assert_int_equal(tariff.items[0].price_e8[2], 607000000);
    assert_int_equal(tariff.items[1].coefficient_e8, 90000000);
    assert_true(tariff.composite);
    assert_int_equal(tariff.composite_e8[2], 900000000);
    assert_int_equal(tariff.remainder_item, 1);
    assert_int_equal(tariff.rounding, TARIFF_ROUND_ROW);
    assert_int_equal(tariff.prorate, TARIFF_PRORATE_DAYS);
    assert_int_equal(tariff.price_change, TARIFF_CHANGE_BY_DAY);
    assert_int_equal(tariff.fixed[0].price_e8, INT64_C(350000000));
    assert_int_equal(tariff.minimum_quantity_e4, 50000);
    assert_int_equal(tariff.minimum_charge_fen, 100);
}

struct mistake {
    const char *document, *path;
};

static const struct mistake limit_mistakes[] = {
    { "{\"limits\": [0, 5], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits" },
    { "{\"limits\": [5, 5], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits" },
    { "{\"season_limits\": {\"a\": [1], \"b\": [2]}, \"season_months\": {\"c\": [1]}, \"items\": [{\"name\": \"w\","
      " \"price\": \"1\"}]}",
      "season_months.c" },
    { "{\"season_limits\": {\"a\": [1], \"b\": [2]}, \"season_months\": {\"a\": [1, 2, 2]}, \"items\": [{\"name\": "
      "\"w\","
      " \"price\": \"1\"}]}",
      "season_months.a" },
    { "{\"season_limits\": {\"a\": [1], \"b\": [2]}, \"season_months\": {\"a\": [13]}, \"items\": [{\"name\": \"w\","
      " \"price\": \"1\"}]}",
      "season_months.a" },
    { "{\"season_limits\": {\"a\": [1]}, \"season_months\": {\"a\": [1, 2]}, \"items\": [{\"name\": \"w\", \"price\":"
      " \"1\"}]}",
      "season_months" },
    { "{\"limits\": [100, 110], \"household\": {\"kind\": \"flat\", \"min\": 5, \"add\": [50, 0]}, \"items\": "
      "[{\"name\":"
      " \"w\", \"price\": \"1\"}]}",
      "household.add" },
    { "{\"limits\": [100, 300], \"household\": {\"kind\": \"per_person\", \"base\": 5, \"add\": [50, 40]}, \"items\":"
      " [{\"name\": \"w\", \"price\": \"1\"}]}",
      "household.add" },
    { "{\"limits\": [30, 22], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits" },
    { "{\"limits\": [22, \"x\"], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits[1]" },
    { "{\"limits\": 22, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits" },
    { "{\"limits\": [22], \"monthly_limits\": [22], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
      "monthly_limits" },
    { "{\"season_limits\": {\"a\": [1], \"b\": [1, 2]}, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
      "season_limits.b" },
    { "{\"household\": {\"kind\": \"many\"}, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "household.kind" },
    { "{\"limits\": [1, 2], \"household\": {\"kind\": \"flat\", \"min\": 5, \"add\": [1]}, \"items\": [{\"name\":"
      " \"w\", \"price\": \"1\"}]}",
      "household.add" },
    { "{\"limits\": [1], \"household\": {\"kind\": \"replace\", \"min\": 5, \"limits\": [2]}, \"household_monthly\":"
      " {\"min\": 5, \"limits\": [2]}, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
      "household_monthly" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"limit\": [5]}", "limit" },
};

static const struct mistake other_mistakes[] = {
    { "[]", "" },
    { "{}", "items" },
    { "{\"items\": []}", "items" },
    { "{\"items\": [{\"price\": \"1\"}]}", "items[0].name" },
    { "{\"items\": [{\"name\": \"w\"}]}", "items[0]" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\", \"colour\": 1}]}", "items[0].colour" },
    { "{\"items\": [7]}", "items[0]" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\", \"tax_rate\": \"1.01\"}]}", "items[0].tax_rate" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"9223372036854775808\"}]}", "items[0].price" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"NaN\"}]}", "items[0].price" },
    { "{\"items\": [{\"name\": \"w\", \"tou_prices\": {\"a\": 1, \"b\": 1}}, {\"name\": \"v\", \"tou_prices\": {\"a\": "
      "1}}]}",
      "items[1].tou_prices" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"fixed\": [{\"name\": \"w\", \"amount\": 1}]}",
      "fixed[0].name" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"fixed\": [{\"name\": \"a\", \"price\": 1, \"per\":"
      " \"window\"}]}",
      "fixed[0].per" },
    { "{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"allowance\": {\"name\":"
      " \"free\", \"qty\": 5}}",
      "allowance" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"-1\"}]}", "items[0].price" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"0.123456789\"}]}", "items[0].price" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"10001\"}]}", "items[0].price" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\", \"coef\": 11}]}", "items[0].coef" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}, {\"name\": \"w\", \"price\": \"1\"}]}", "items[1].name" },
    { "{\"limits\": [22, 30], \"items\": [{\"name\": \"w\", \"prices\": [\"1\", \"2\"]}]}", "items[0].prices" },
    { "{\"cycle\": \"week\", \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "cycle" },
    { "{\"cycle\": 5, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "cycle" },
    { "{\"anchor\": \"13-01\", \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "anchor" },
    { "{\"total_from\": \"composite\", \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "total_from" },
    { "{\"total_from\": \"composite\", \"composite\": [1, 2], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
      "composite" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"remainder_item\": \"x\"}", "remainder_item" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"round\": \"never\"}", "round" },
    { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"fixed\": [{\"name\": \"m\", \"amount\": 0.001}]}",
      "fixed[0].amount" },
    { "{\"items\": [{\"name\": \"w\", \"tou_prices\": {\"peak\": \"1\"}}], \"min_qty\": 5}", "min_qty" },
};

static void mistakes_check(const struct mistake *mistakes, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        struct tariff tariff = { .item_count = 77 };
        struct tariff_problem problem = { .path = "?" };

        assert_int_equal(tariff_parse(span_of_text(mistakes[index].document), &tariff, &problem), RATING_ERR_DOCUMENT);
        assert_string_equal(problem.path, mistakes[index].path);
        assert_true(strlen(problem.text_zh) > 3 && strlen(problem.text_en) > 3);
        assert_int_equal(tariff.item_count, 77);
    }
}

static void mistakes_in_limits_are_explained_where_they_are(void **state)
{
    (void)state;
    mistakes_check(limit_mistakes, sizeof limit_mistakes / sizeof limit_mistakes[0]);
}

static void other_mistakes_are_explained_where_they_are(void **state)
{
    (void)state;
    mistakes_check(other_mistakes, sizeof other_mistakes / sizeof other_mistakes[0]);
}

/* What was accepted once stays readable: bills refer to it. */
static void stored_document_is_read_without_the_newer_checks(void **state)
{
    static const char document[] =
        "{\"limits\": [0, 5], \"items\": [{\"name\": \"w\", \"price\": \"1\", \"colour\": 1}]}";
    struct tariff tariff;

    (void)state;
    assert_int_equal(tariff_parse(span_of_text(document), &tariff, NULL), RATING_ERR_DOCUMENT);
    assert_int_equal(tariff_parse_stored(span_of_text(document), &tariff), 0);
    assert_int_equal(tariff.tier_count, 3);
}

static void newer_fields_are_read(void **state)
{
    static const char document[] =
        "{\"season_limits\": {\"summer\": [260, 600], \"other\": [200, 400]}, \"season_months\": {\"summer\": [5, 6, "
        "7, 8, 9, 10]},"
        " \"season_rule\": \"by_day\", \"household\": {\"kind\": \"replace\", \"min\": 5, \"limits\": [300, 600]},"
        " \"items\": [{\"name\": \"energy\", \"prices\": [\"0\", \"0.05\", \"0.3\"], \"price\": \"0.6\", \"tax_rate\": "
        "\"0.13\"}],"
        " \"fixed\": [{\"name\": \"capacity\", \"price\": \"32\", \"per\": \"capacity_kva\", \"every\": \"bill\"}],"
        " \"allowance\": {\"name\": \"welfare\", \"qty\": 15}}";
    struct tariff tariff;
    struct tariff_problem problem = { .path = "" };

    (void)state;
    if (tariff_parse(span_of_text(document), &tariff, &problem) != 0)
        fail_msg("%s %s", problem.path, problem.text_en);
    assert_int_equal(tariff.seasons[0].months, 0x7e0);
    assert_int_equal(tariff.seasons[1].months, 0x1ffe & ~0x7e0);
    assert_int_equal(tariff_season_on(&tariff, 19723 + 31), 1);  /* 2024-02-01 */
    assert_int_equal(tariff_season_on(&tariff, 19723 + 152), 0); /* 2024-06-01 */
    assert_int_equal(tariff.season_rule, TARIFF_SEASON_BY_DAY);
    assert_int_equal(tariff.replaced_persons, 5);
    assert_int_equal(tariff.replaced_e4[0], 3000000);
    assert_true(tariff.items[0].tiered && tariff.items[0].flat && !tariff.items[0].by_period);
    assert_int_equal(tariff.items[0].tax_rate_e8, 13000000);
    assert_int_equal(tariff.fixed[0].measure, TARIFF_MEASURE_CAPACITY);
    assert_true(tariff.fixed[0].once);
    assert_int_equal(tariff.allowance_e4, 150000);
}

static void text_that_is_no_json_is_refused(void **state)
{
    static const char *const texts[] = { "", "{", "{\"items\": [}", "{\"a\": 1, \"a\": 1}", "\"", "{\"a\": \"\\" };
    struct tariff tariff;
    struct tariff_problem problem;

    (void)state;
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++)
        assert_int_equal(tariff_parse(span_of_text(texts[index]), &tariff, &problem), RATING_ERR_JSON);
}

static void oversized_document_is_refused(void **state)
{
    struct tariff tariff;
    char *text = malloc(TARIFF_DOCUMENT_LIMIT + 1);

    (void)state;
    assert_non_null(text);
    memset(text, ' ', TARIFF_DOCUMENT_LIMIT + 1);
    assert_int_equal(tariff_parse(span_of_bytes(text, TARIFF_DOCUMENT_LIMIT + 1), &tariff, NULL), RATING_ERR_JSON);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_the_format_is_read),
        cmocka_unit_test(mistakes_in_limits_are_explained_where_they_are),
        cmocka_unit_test(other_mistakes_are_explained_where_they_are),
        cmocka_unit_test(stored_document_is_read_without_the_newer_checks),
        cmocka_unit_test(newer_fields_are_read),
        cmocka_unit_test(text_that_is_no_json_is_refused),
        cmocka_unit_test(oversized_document_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
