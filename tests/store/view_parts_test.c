/* Questions that look at everything in parts: however small the parts are, their sum is that of one look at all. */
#include "tests/unit/unit_test.h"

#include "api/view_store.h"
#include "store/sql/view_sql.h"
#include "tests/store/store_fixture.h"

#define DAY 20000
#define NOW_S (DAY * INT64_C(86400) + 40000)
#define METERS 7

/* Areas whose order by place is not that of their numbers; in the second one of another kind, and one that was taken down. Meter 3
 * has not come on the newest day, meter 7 never; meter 5 says that it holds money, and the books say that it does not. */
static const char rows[] =
    "INSERT INTO tenant (tenant_id, name, created_s) VALUES (1, 'Water', 0);"
    "INSERT INTO area (area_id, tenant_id, parent_area_id, kind, name, path) VALUES (1, 1, NULL, 'company', 'Water', '/1/'),"
    " (2, 1, 1, 'estate', 'Late', '/1/2/'), (3, 1, 1, 'estate', 'Early', '/1/10/'), (4, 1, 3, 'building', 'House', '/1/10/4/');"
    "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s, removed_s, kind, maker, line_device_id) VALUES"
    " (1, 1, 2, '1', 861234567890001, '000000000001', 0, NULL, 'cold_water', 'A', 0),"
    " (2, 1, 2, '2', 861234567890002, '000000000002', 0, NULL, 'electricity', 'B', 0),"
    " (3, 1, 4, '3', 861234567890003, '000000000003', 0, NULL, 'cold_water', 'A', 7),"
    " (4, 1, 3, '4', 861234567890004, '000000000004', 0, 1727913600, 'cold_water', 'B', 7),"
    " (5, 1, 4, '5', 861234567890005, '000000000005', 0, NULL, 'cold_water', 'A', 7),"
    " (6, 1, 2, '6', 861234567890006, '000000000006', 1727913600, NULL, 'cold_water', 'A', 7),"
    " (7, 1, 2, '7', 861234567890007, '000000000007', 0, NULL, 'cold_water', 'B', 0);"
    "INSERT INTO device_state (device_id, last_received_s, last_report_s, newest_day, complete_days, on_time_days, balance_fen)"
    " SELECT device_id, 5, 5, CASE device_id WHEN 3 THEN 19999 ELSE 20000 END, 15, device_id, CASE device_id WHEN 5 THEN 70 ELSE 0 END"
    " FROM device WHERE device_id <> 7;"
    "INSERT INTO customer (customer_id, tenant_id, number, name, created_s) VALUES (1, 1, 'k1', 'Li', 0);"
    "INSERT INTO tariff (tariff_id, tenant_id, name) VALUES (1, 1, 'home');"
    "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind) VALUES (1, 1, 'wallet');"
    "INSERT INTO account (account_id, tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id, opened_s)"
    " SELECT device_id, 1, 1, device_id, area_id, 1, 'postpaid', 1, 0 FROM device";

struct question {
    struct view_store store;
    struct view_parameter list[20];
    size_t count;
    int64_t rows;
    int64_t sums[16]; /* of columns that are integers */
    int64_t first;
};

static void ask_for(struct question *question, const char *name, int64_t value)
{
    question->list[question->count++] = (struct view_parameter){ .name = name, .type = VIEW_INTEGER, .integer = value };
}

static void ask_text(struct question *question, const char *name, const char *value)
{
    question->list[question->count++] = (struct view_parameter){ .name = name, .type = VIEW_TEXT, .text = span_of_text(value) };
}

static int row_add(void *context, const struct view_row *row)
{
    struct question *question = context;

    question->first = row->cells[0].integer;
    question->rows++;
    for (size_t i = 0; i < row->count && i < 16; i++)
        if (row->cells[i].type == VIEW_INTEGER)
            question->sums[i] += row->cells[i].integer;
    return 0;
}

static void view_add(struct question *question, enum view view)
{
    struct view_query query = { .view = view, .parameters = question->list, .parameter_count = question->count };

    assert_int_equal(question->store.read(question->store.context, &query, row_add, question), 0);
}

static struct question question_of(struct view_store store, const char *path_low, const char *path_high, const char *group)
{
    struct question question = { .store = store };

    ask_for(&question, "tenant", 1);
    ask_text(&question, "path_low", path_low);
    ask_text(&question, "path_high", path_high);
    ask_text(&question, "group", group);
    ask_text(&question, "device_kind", "cold_water");
    ask_for(&question, "now_s", NOW_S);
    ask_for(&question, "today", DAY);
    ask_for(&question, "zone_s", 28800);
    ask_for(&question, "limit", 50);
    ask_for(&question, "from", DAY - 3);
    ask_for(&question, "to", DAY);
    ask_for(&question, "day", DAY);
    ask_for(&question, "to_day", DAY);
    return question;
}

/* The parts of `view`, each of `size` rows that are looked at. */
static struct question parts_of(const struct question *asked, enum view view, enum view step, int64_t size)
{
    struct question sum = *asked, part;
    int64_t cursor = 0;

    for (int parts = 0; parts <= METERS; parts++) {
        part = *asked;
        ask_for(&part, "part_rows", size);
        if (cursor > 0)
            ask_for(&part, "cursor", cursor);
        view_add(&part, step);
        cursor = part.rows > 0 ? part.first : 0;
        if (cursor > 0)
            ask_for(&part, "scan_to", cursor);
        part.rows = 0;
        memset(part.sums, 0, sizeof part.sums);
        view_add(&part, view);
        sum.rows += part.rows;
        for (size_t i = 0; i < 16; i++)
            sum.sums[i] += part.sums[i];
        if (cursor == 0)
            return sum;
    }
    fail();
    return sum;
}

static const struct asked {
    enum view view, step;
    size_t column;   /* whose sum must be that of the whole */
    int64_t sum;     /* known by hand; of the whole company */
    bool per_row;    /* a row of the whole is one of a part */
} questions[] = {
    { VIEW_COMPLETENESS_MATRIX, VIEW_DEVICES_STEP, 2, 23, false },   /* due: five meters four days, one two, one one */
    { VIEW_COMPLETENESS_MATRIX, VIEW_DEVICES_STEP, 4, 0, false },    /* received */
    { VIEW_COMPLETENESS_MISSING, VIEW_DEVICES_STEP, 1, 10, true },   /* 3 and 7 */
    { VIEW_METER_DRIFT, VIEW_ACCOUNTS_STEP, 1, 5, true },
    { VIEW_SETTLEMENT_PREVIEW, VIEW_ACCOUNTS_STEP, 0, 28, true },
};

static void compare(struct view_store store, const char *low, const char *high, const char *group, bool known)
{
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        const struct asked *asked = &questions[i];
        struct question question = question_of(store, low, high, group), whole = question;
        view_add(&whole, asked->view);
        if (known && asked->sum > 0)
            assert_int_equal(whole.sums[asked->column], asked->sum);
        for (int64_t size = 1; size <= METERS + 1; size++) {
            struct question parts = parts_of(&question, asked->view, asked->step, size);
            assert_int_equal(parts.sums[asked->column], whole.sums[asked->column]);
            if (asked->per_row)
                assert_int_equal(parts.rows, whole.rows);
        }
    }
}

static void parts_come_to_the_whole(void **state)
{
    char path[STORE_FIXTURE_PATH];
    struct store *written = store_fixture_shared(path, sizeof path);
    struct view_store store;
    struct view_sql *views;

    (void)state;
    assert_int_equal(store_execute(written, rows), 0);
    assert_int_equal(view_sql_open(path, 1, &views, &store), 0);
    compare(store, "/1/", "/10", "maker", true);
    compare(store, "/1/", "/10", "concentrator", true);
    compare(store, "/1/10/", "/1/100", "maker", false);
    view_sql_close(views);
    store_close(written);
    store_fixture_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(parts_come_to_the_whole) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
