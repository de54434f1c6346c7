#include "tests/unit/unit_test.h"

#include "rating/rating_case.h"

#include "base/random.h"
#include "billing/arrears_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_LIMIT 16384

static const struct rating_case_kind more_kinds[] = { { "prepaid_timeline", arrears_case_timeline }, { NULL, NULL } };

struct vectors {
    const char *path;
    int cases;
};

/* The answer holds every member of `expect` with the same value, in the characters of JSON. */
static void answer_check(const char *line, const char *answer)
{
    json_t *rated = json_loads(answer, JSON_DECODE_ANY, NULL);
    json_t *given = json_loads(line, 0, NULL);
    const json_t *expect = json_object_get(given, "expect");
    const char *name;
    json_t *value;

    assert_non_null(rated);
    assert_true(json_object_size(expect) > 0);
    json_object_foreach((json_t *)(uintptr_t)expect, name, value)
    {
        if (!json_equal(value, json_object_get(rated, name)))
            fail_msg("%s of %s: %s", name, line, answer);
    }
    json_decref(rated);
    json_decref(given);
}

static int line_rate(const char *line, char *answer, struct tariff_problem *problem)
{
    struct writer out = writer_of_buffer(answer, LINE_LIMIT);
    int error = rating_case_run(span_of_text(line), more_kinds, &out, problem);

    (void)writer_terminate(&out);
    return error;
}

static void vectors_check(const char *path, int expected)
{
    static char line[LINE_LIMIT], answer[LINE_LIMIT];
    FILE *file = fopen(path, "r");
    int count = 0;

    assert_non_null(file);
    for (; fgets(line, sizeof line, file) != NULL; count++) {
        struct tariff_problem problem = { .path = "" };

        if (line_rate(line, answer, &problem) != 0)
            fail_msg("%s %s: %s", problem.path, problem.text_en, line);
        answer_check(line, answer);
    }
    fclose(file);
    assert_int_equal(count, expected);
}

static void water_cases_cost_what_is_published(void **state)
{
    (void)state;
    vectors_check(TARIFF_VECTORS "/water.jsonl", 13);
}

static void electricity_and_gas_cases_cost_what_is_published(void **state)
{
    (void)state;
    vectors_check(TARIFF_VECTORS "/energy.jsonl", 9);
}

static void fees_without_tiers_cost_what_is_published(void **state)
{
    (void)state;
    vectors_check(TARIFF_VECTORS "/fees.jsonl", 21);
}

static void prepaid_time_lines_come_to_the_minute(void **state)
{
    (void)state;
    vectors_check(TARIFF_VECTORS "/prepaid.jsonl", 6);
}

static void own_cases_hold_settings_that_no_published_table_has(void **state)
{
    (void)state;
    vectors_check(TARIFF_VECTORS "/settings.jsonl", 19);
}

static void rules_that_no_published_table_shows_hold(void **state)
{
    (void)state;
    vectors_check(TARIFF_VECTORS "/rules.jsonl", 27);
}

static void edges_worked_by_hand_hold(void **state)
{
    (void)state;
    vectors_check(TARIFF_VECTORS "/edges.jsonl", 130);
}

static void wrong_cases_are_explained(void **state)
{
    static const struct {
        const char *line;
        int error;
        const char *path;
    } cases[] = {
        { "", RATING_ERR_JSON, "case" },
        { "[1, 2]", RATING_ERR_JSON, "case" },
        { "{\"a\": 1, \"a\": 2}", RATING_ERR_JSON, "case" },
        { "{\"kind\": \"barter\"}", RATING_ERR_KIND, "kind" },
        { "{\"input\": {\"qty\": 3}}", RATING_ERR_DOCUMENT, "tariff" },
        { "{\"tariff\": \"X-XX\", \"input\": {\"qty\": 3}}", RATING_ERR_DOCUMENT, "tariff" },
        { "{\"tariff\": \"W-SZ\", \"input\": {}}", RATING_ERR_DOCUMENT, "qty" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": \"much\"}}", RATING_ERR_DOCUMENT, "qty" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": 1.23456}}", RATING_ERR_DOCUMENT, "qty" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": 1e3}}", RATING_ERR_DOCUMENT, "qty" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": -1}}", RATING_ERR_QUANTITY, "input" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": 99999999999}}", RATING_ERR_QUANTITY, "input" },
        { "{\"tariff\": \"E-SZ\", \"input\": {\"qty\": 1}}", RATING_ERR_SEASON, "input" },
        { "{\"tariff\": \"E-SZ\", \"input\": {\"qty\": 1, \"season\": \"spring\"}}", RATING_ERR_DOCUMENT,
          "input.season" },
        { "{\"tariff\": \"E-ZJ TOU\", \"input\": {\"tou\": {\"noon\": 1}}}", RATING_ERR_DOCUMENT, "input.tou" },
        { "{\"tariff\": \"E-ZJ TOU\", \"input\": {\"tou\": {\"peak\": 1}, \"qty\": 5}}", RATING_ERR_DOCUMENT,
          "input.qty" },
        { "{\"tariff\": \"E-ZJ TOU\", \"input\": {\"qty\": 5}}", RATING_ERR_PERIOD, "input" },
        { "{\"tariff\": \"E-SZ spring\", \"input\": {\"qty\": 5}}", RATING_ERR_DOCUMENT, "tariff" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": \"NaN\"}}", RATING_ERR_DOCUMENT, "qty" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": 9223372036854775808}}", RATING_ERR_JSON, "case" },
        { "{\"tariff\": \"W-SZ\", \"input\": {\"qty\": \"9223372036854775808\"}}", RATING_ERR_DOCUMENT, "qty" },
        { "{\"kind\": \"rollover\", \"input\": {\"prev\": 9, \"cur\": 1, \"tariff\": \"W-SZ\"}}", RATING_ERR_DOCUMENT,
          "digits" },
        { "{\"kind\": \"rollover\", \"input\": {\"prev\": 99, \"cur\": 1, \"digits\": 1, \"tariff\": \"W-SZ\"}}",
          RATING_ERR_DOCUMENT, "input.prev, input.cur" },
        { "{\"kind\": \"meter_replace\", \"input\": {\"segments\": [[5, 4]], \"tariff\": \"W-SZ\"}}",
          RATING_ERR_DOCUMENT, "input.segments" },
        { "{\"kind\": \"price_change\", \"method\": \"snapshot\", \"input\": {\"prev_read\": \"2026-01-01\", "
          "\"cur_read\":"
          " \"2026-01-01\", \"change\": \"2026-01-01\", \"qty\": 1, \"old\": {\"price\": 1}, \"new\": {\"price\": 2}}}",
          RATING_ERR_DATES, "input" },
        { "{\"kind\": \"hot_water_session\", \"input\": {\"litres\": 1, \"temp_c\": 40, \"price_per_t\": [[0, 38, 3], "
          "[39, 99,"
          " 9]]}}",
          RATING_ERR_DOCUMENT, "input.price_per_t[1]" },
        { "{\"kind\": \"late_fee\", \"input\": {\"principal_fen\": 1, \"due\": \"2026-02-03\", \"paid\": "
          "\"2026-02-05\"}}",
          RATING_ERR_DOCUMENT, "rate_day" },
        { "{\"kind\": \"late_fee\", \"input\": {\"principal_fen\": 1, \"due\": \"2026-02-30\"}}", RATING_ERR_DOCUMENT,
          "due" },
        { "{\"kind\": \"apportion\", \"input\": {\"cost_fen\": 5, \"weights\": [0, 0]}}", RATING_ERR_DOCUMENT,
          "input.weights" },
        { "{\"kind\": \"unit_purchase\", \"input\": {\"price\": \"0\", \"wallet_fen\": 0, \"payments_fen\": [1]}}",
          RATING_ERR_RANGE, "input" },
        { "{\"kind\": \"prepaid_timeline\", \"input\": {\"balance_fen\": 1, \"daily_charge_fen\": 1,"
          " \"from\": \"2026-01-02\", \"to\": \"2026-01-01\"}}",
          RATING_ERR_DATES, "input" },
    };
    static char answer[LINE_LIMIT];

    (void)state;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct tariff_problem problem = { .path = "" };

        assert_int_equal(line_rate(cases[index].line, answer, &problem), cases[index].error);
        assert_string_equal(problem.path, cases[index].path);
        assert_true(problem.text_zh[0] != '\0' && problem.text_en[0] != '\0');
    }
}

static void answer_that_does_not_fit_is_refused(void **state)
{
    char answer[40];
    struct writer out = writer_of_buffer(answer, sizeof answer);
    struct tariff_problem problem;

    (void)state;
    assert_int_equal(
        rating_case_run(span_of_text("{\"tariff\": \"W-SZ\", \"input\": {\"qty\": 35}}"), NULL, &out, &problem),
        RATING_ERR_FULL);
}

/* Any byte changed in any case: an answer or an error, never anything else. */
static void damaged_cases_answer_or_refuse(void **state)
{
    static char line[LINE_LIMIT], answer[LINE_LIMIT];
    FILE *file = fopen(TARIFF_VECTORS "/fees.jsonl", "r");
    struct random random = random_of_seed(7);

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        size_t size = strlen(line);

        if (strstr(line, "unit_purchase") != NULL)
            continue;
        for (int turn = 0; turn < 200; turn++) {
            size_t at = random_below(&random, size);
            char before = line[at];
            struct tariff_problem problem = { .path = "" };
            int error;

            line[at] = (char)random_between(&random, 1, 126);
            error = line_rate(line, answer, &problem);
            assert_true(error <= 0);
            assert_true(error == 0 || problem.text_en[0] != '\0');
            line[at] = before;
        }
    }
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(water_cases_cost_what_is_published),
        cmocka_unit_test(electricity_and_gas_cases_cost_what_is_published),
        cmocka_unit_test(fees_without_tiers_cost_what_is_published),
        cmocka_unit_test(prepaid_time_lines_come_to_the_minute),
        cmocka_unit_test(own_cases_hold_settings_that_no_published_table_has),
        cmocka_unit_test(rules_that_no_published_table_shows_hold),
        cmocka_unit_test(edges_worked_by_hand_hold),
        cmocka_unit_test(wrong_cases_are_explained),
        cmocka_unit_test(answer_that_does_not_fit_is_refused),
        cmocka_unit_test(damaged_cases_answer_or_refuse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
