#include "tests/unit/unit_test.h"

#include "rating/tariff_json.h"

#include <stdlib.h>
#include <string.h>

static void every_field_of_the_format_is_read(void **state)
{
    static const char document[] =
        "{\"city\": \"演示\", \"utility\": \"water\", \"unit\": \"m3\", \"note\": \"\", \"cycle\": \"anchor-year\","
        " \"anchor\": \"07-01\", \"limits\": [180.5, \"260\"], \"household\": {\"kind\": \"flat\", \"min\": 5, \"add\": 30},"
        " \"items\": [{\"name\": \"water\", \"prices\": [2.07, \"4.07\", 6.07]},"
        " {\"name\": \"sewage\", \"coef\": 0.9, \"price\": \"1.36\"}],"
        " \"total_from\": \"composite\", \"composite\": [5, 7, 9], \"remainder_item\": \"sewage\", \"round\": \"row\","
        " \"prorate\": \"days\", \"price_change\": \"by_day\", \"fixed\": [{\"name\": \"meter\", \"amount\": \"3.50\"}],"
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
    assert_int_equal(tariff.fixed[0].amount_fen, 350);
    assert_int_equal(tariff.minimum_quantity_e4, 50000);
    assert_int_equal(tariff.minimum_charge_fen, 100);
}

static void mistakes_are_explained_where_they_are(void **state)
{
    static const struct {
        const char *document, *path;
    } cases[] = {
        { "[]", "" },
        { "{}", "items" },
        { "{\"items\": []}", "items" },
        { "{\"items\": [{\"price\": \"1\"}]}", "items[0].name" },
        { "{\"items\": [{\"name\": \"w\"}]}", "items[0]" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"1\", \"prices\": [\"1\"]}]}", "items[0]" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"-1\"}]}", "items[0].price" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"0.123456789\"}]}", "items[0].price" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"10001\"}]}", "items[0].price" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"1\", \"coef\": 11}]}", "items[0].coef" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}, {\"name\": \"w\", \"price\": \"1\"}]}", "items[1].name" },
        { "{\"limits\": [22, 30], \"items\": [{\"name\": \"w\", \"prices\": [\"1\", \"2\"]}]}", "items[0].prices" },
        { "{\"limits\": [30, 22], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits" },
        { "{\"limits\": [22, \"x\"], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits[1]" },
        { "{\"limits\": 22, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "limits" },
        { "{\"limits\": [22], \"monthly_limits\": [22], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
            "monthly_limits" },
        { "{\"season_limits\": {\"a\": [1], \"b\": [1, 2]}, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
            "season_limits.b" },
        { "{\"cycle\": \"week\", \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "cycle" },
        { "{\"cycle\": 5, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "cycle" },
        { "{\"anchor\": \"13-01\", \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "anchor" },
        { "{\"household\": {\"kind\": \"many\"}, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "household.kind" },
        { "{\"limits\": [1, 2], \"household\": {\"kind\": \"flat\", \"min\": 5, \"add\": [1]}, \"items\": [{\"name\":"
          " \"w\", \"price\": \"1\"}]}",
            "household.add" },
        { "{\"cycle\": \"calendar-year\", \"limits\": [1], \"household_monthly\": {\"min\": 5, \"limits\": [2]},"
          " \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
            "household_monthly" },
        { "{\"total_from\": \"composite\", \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}", "total_from" },
        { "{\"total_from\": \"composite\", \"composite\": [1, 2], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
            "composite" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"remainder_item\": \"x\"}", "remainder_item" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"round\": \"never\"}", "round" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"fixed\": [{\"name\": \"m\", \"amount\": 0.001}]}",
            "fixed[0].amount" },
        { "{\"items\": [{\"name\": \"w\", \"tou_prices\": {\"peak\": \"1\"}}], \"min_qty\": 5}", "min_qty" },
        { "{\"items\": [{\"name\": \"w\", \"price\": \"1\"}], \"limit\": [5]}", "limit" },
    };

    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct tariff tariff = { .item_count = 77 };
        struct tariff_problem problem = { .path = "?" };

        assert_int_equal(tariff_parse(span_of_text(cases[index].document), &tariff, &problem), RATING_ERR_DOCUMENT);
        assert_string_equal(problem.path, cases[index].path);
        assert_true(strlen(problem.text_zh) > 3 && strlen(problem.text_en) > 3);
        assert_int_equal(tariff.item_count, 77);
    }
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
        cmocka_unit_test(mistakes_are_explained_where_they_are),
        cmocka_unit_test(text_that_is_no_json_is_refused),
        cmocka_unit_test(oversized_document_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
