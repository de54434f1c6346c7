/* What a month or year that is not over has had so far. */
#include "api/usage_report.h"

#include <string.h>

#include "base/calendar.h"
#include "tests/unit/unit_test.h"

#define ZONE_S 28800
#define TODAY INT64_C(20778) /* 2026-11-21 */
#define NOVEMBER (TODAY - 20)
#define NOW_S ((TODAY * INT64_C(86400)) - ZONE_S + 36000)

/* Midnights of one meter: 10 units a day. */
struct midnights {
    int64_t first;
    int64_t last;
};

static int midnights_read(void *context, const struct view_query *query,
                          int (*take)(void *context, const struct view_row *row), void *take_context)
{
    static const struct view_column columns[] = { { "day", VIEW_KIND_PLAIN }, { "register_value", VIEW_KIND_PLAIN },
        { "total_value", VIEW_KIND_PLAIN }, { "multiplier_e3", VIEW_KIND_PLAIN }, { "quality", VIEW_KIND_PLAIN } };
    const struct midnights *midnights = context;
    const char *days = NULL;
    int result = 0;

    for (size_t i = 0; i < query->parameter_count; i++)
        if (strcmp(query->parameters[i].name, "days") == 0)
            days = (const char *)query->parameters[i].text.bytes;
    assert_non_null(days);
    while (*days != ']' && result == 0) {
        int64_t day = 0;
        for (days++; *days >= '0' && *days <= '9'; days++)
            day = day * 10 + (*days - '0');
        const struct view_cell cells[] = { { VIEW_INTEGER, day, { NULL, 0 } }, { VIEW_INTEGER, day * 10, { NULL, 0 } },
            { VIEW_INTEGER, day * 10, { NULL, 0 } }, { VIEW_INTEGER, 1000, { NULL, 0 } }, { VIEW_INTEGER, 0, { NULL, 0 } } };
        const struct view_row row = { columns, cells, 5 };
        if (day >= midnights->first && day <= midnights->last)
            result = take(take_context, &row);
    }
    return result;
}

struct rows {
    size_t count;
    struct usage_row rows[40];
};

static int row_keep(void *context, const struct usage_meter *meter, const struct usage_row *row)
{
    struct rows *rows = context;

    (void)meter;
    assert_true(rows->count < 40);
    rows->rows[rows->count++] = *row;
    return 0;
}

static struct rows report(enum usage_step step, int64_t from_day, int64_t to_day, struct midnights midnights)
{
    static struct usage_frame frame;
    struct usage_meter meter = { .device_id = 5, .installed_s = 1, .multiplier_e3 = 1000, .kind = "electricity" };
    struct view_store views = { .context = &midnights, .read = midnights_read };
    struct parameters parameters = { .count = 0 };
    struct view_query query = { .view = VIEW_REPORT_MIDNIGHTS };
    struct rows rows = { .count = 0 };

    assert_int_equal(usage_frame_make(step, from_day, to_day, ZONE_S, NOW_S, &frame), 0);
    assert_int_equal(usage_rows_give(&views, &query, &parameters, &frame, &meter, row_keep, &rows), 0);
    return rows;
}

static void the_running_month_goes_until_the_newest_midnight(void **state)
{
    struct rows rows = report(USAGE_MONTH, NOVEMBER - 31, TODAY, (struct midnights){ 0, TODAY });

    (void)state;
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.rows[0].mark, USAGE_GOOD);
    assert_int_equal(rows.rows[0].usage_value, 310);
    assert_int_equal(rows.rows[1].mark, USAGE_RUNNING);
    assert_string_equal(usage_mark_name(rows.rows[1].mark), "running");
    assert_int_equal(rows.rows[1].usage_value, 200);
    assert_int_equal(rows.rows[1].from_s, calendar_midnight(NOVEMBER, ZONE_S));
    assert_int_equal(rows.rows[1].to_s, calendar_midnight(TODAY, ZONE_S));
    rows = report(USAGE_MONTH, NOVEMBER, TODAY + 5, (struct midnights){ 0, TODAY - 3 });
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.rows[0].usage_value, 170);
    assert_int_equal(rows.rows[0].to_s, calendar_midnight(TODAY - 3, ZONE_S));
}

static void the_running_year_too(void **state)
{
    struct rows rows = report(USAGE_YEAR, TODAY, TODAY, (struct midnights){ 0, TODAY });

    (void)state;
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.rows[0].mark, USAGE_RUNNING);
    assert_int_equal(rows.rows[0].usage_value, 3240); /* 21 November is the 325th day */
}

static void what_is_over_or_silent_runs_no_more(void **state)
{
    struct rows rows = report(USAGE_MONTH, NOVEMBER - 31, NOVEMBER - 1, (struct midnights){ 0, TODAY });

    (void)state;
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.rows[0].mark, USAGE_GOOD);
    rows = report(USAGE_MONTH, NOVEMBER, TODAY, (struct midnights){ 0, NOVEMBER });
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.rows[0].mark, USAGE_MISSING);
    assert_false(rows.rows[0].usage_known);
    rows = report(USAGE_DAY, TODAY, TODAY, (struct midnights){ 0, TODAY });
    assert_int_equal(rows.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_running_month_goes_until_the_newest_midnight),
        cmocka_unit_test(the_running_year_too),
        cmocka_unit_test(what_is_over_or_silent_runs_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
