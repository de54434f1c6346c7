#include "api/view_json.h"

#include <string.h>

#include "tests/unit/unit_test.h"

#define TEXT(value) { VIEW_TEXT, 0, { (const uint8_t *)(value), sizeof(value) - 1 } }
#define NUMBER(value) { VIEW_INTEGER, (value), { NULL, 0 } }
#define NOTHING { VIEW_NULL, 0, { NULL, 0 } }

static const struct view_column columns[] = {
    { "id", VIEW_KIND_CURSOR }, { "id", VIEW_KIND_PLAIN }, { "name", VIEW_KIND_NAME }, { "phones", VIEW_KIND_PHONE },
    { "state.register_value", VIEW_KIND_PLAIN }, { "state.day", VIEW_KIND_DAY }, { "other.at_s", VIEW_KIND_TIME },
    { "open", VIEW_KIND_BOOLEAN }, { "bytes", VIEW_KIND_HEX }, { "document", VIEW_KIND_JSON }, { "balance_fen", VIEW_KIND_PLAIN },
    { "memo", VIEW_KIND_MEMO }, { "missing_value", VIEW_KIND_PLAIN },
};
static const struct view_cell cells[] = {
    NUMBER(7), NUMBER(7), TEXT("陈佳怡"), TEXT("13800000417"), NUMBER(7817000), NUMBER(20778), NUMBER(0), NUMBER(1),
    { VIEW_BLOB, 0, { (const uint8_t *)"\x44\x02", 2 } }, TEXT("{\"a\":1}"), NUMBER(-1240), TEXT("家用呼吸机"), NOTHING,
};
static const struct view_row row = { columns, cells, sizeof cells / sizeof cells[0] };

static void assert_text(struct json_writer *writer, const char *expected)
{
    if (!span_equal_text(json_writer_span(writer), expected))
        print_message("%.*s\n", (int)writer->size, writer->bytes);
    assert_true(span_equal_text(json_writer_span(writer), expected));
    json_writer_free(writer);
}

static void test_every_kind_of_column(void **state)
{
    struct json_writer writer = json_writer_make(4096);
    int64_t cursor = 0;

    (void)state;
    view_json_object(&writer, &row, true);
    assert_text(&writer, "{\"id\":7,\"name\":\"陈佳怡\",\"phones\":\"13800000417\",\"state\":{\"register_value\":7817000,"
        "\"day\":\"2026-11-21\"},\"other\":{\"at_s\":null},\"open\":true,\"bytes\":\"4402\",\"document\":{\"a\":1},"
        "\"balance_fen\":-1240,\"memo\":\"家用呼吸机\",\"missing_value\":null}");
    assert_true(view_json_cursor(&row, &cursor));
    assert_int_equal(cursor, 7);
}

static void test_private_columns_are_masked(void **state)
{
    struct json_writer writer = json_writer_make(4096);
    struct view_row part = { columns + 2, cells + 2, 2 };
    struct view_row memo = { columns + 11, cells + 11, 1 };

    (void)state;
    view_json_object(&writer, &part, false);
    assert_text(&writer, "{\"name\":\"陈*怡\",\"phones\":\"138****0417\"}");
    view_json_object(&writer, &memo, false);
    assert_text(&writer, "{\"memo\":\"\"}");
}

static void test_a_spreadsheet_line(void **state)
{
    struct json_writer writer = json_writer_make(4096);

    (void)state;
    view_csv_header(&writer, &row);
    assert_text(&writer, "\xef\xbb\xbfid,name,phones,state.register,state.day,other.at,open,bytes,document,balance_yuan,memo,"
        "missing\r\n");
    view_csv_line(&writer, &row, false, 28800);
    assert_text(&writer, "7,\"陈*怡\",\"138****0417\",7.817000,2026-11-21,,1,,\"{\"\"a\"\":1}\",-12.40,\"\",\r\n");
}

static void test_quantities_read_in_the_unit_of_the_meter(void **state)
{
    static const struct view_column of_meter[] = { { "device_kind", VIEW_KIND_PLAIN }, { "total_value", VIEW_KIND_PLAIN } };
    static const struct { struct view_cell kind; const char *expected; } cases[] = {
        { TEXT("electricity"), "\"electricity\",12.345678\r\n" }, { TEXT("heat"), "\"heat\",3.429\r\n" },
        { TEXT("gas"), "\"gas\",12.345678\r\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_writer writer = json_writer_make(4096);
        struct view_cell pair[] = { cases[i].kind, NUMBER(12345678) };
        struct view_row one = { of_meter, pair, 2 };
        view_csv_line(&writer, &one, true, 28800);
        assert_text(&writer, cases[i].expected);
    }
}

static void test_a_spreadsheet_is_not_made_to_calculate(void **state)
{
    static const struct view_column column = { "text", VIEW_KIND_PLAIN };
    static const struct { struct view_cell cell; const char *expected; } cases[] = {
        { TEXT("=1+1"), "\"'=1+1\"\r\n" }, { TEXT("@x"), "\"'@x\"\r\n" }, { TEXT("-5"), "\"'-5\"\r\n" },
        { TEXT("say \"hi\", twice"), "\"say \"\"hi\"\", twice\"\r\n" }, { TEXT("031200004471"), "\"=\"\"031200004471\"\"\"\r\n" },
        { TEXT(""), "\"\"\r\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_writer writer = json_writer_make(4096);
        struct view_row one = { &column, &cases[i].cell, 1 };
        view_csv_line(&writer, &one, true, 28800);
        assert_text(&writer, cases[i].expected);
    }
}

/* Heat reads in kWh, as on the pages: 3,600,000 J each, to the nearest Wh. */
static void test_heat_in_a_spreadsheet_is_kwh(void **state)
{
    static const struct view_column heat_columns[] = { { "device_kind", VIEW_KIND_PLAIN }, { "usage_value", VIEW_KIND_PLAIN } };
    static const int64_t joules[] = { 1000000000, -1799, 1800, 5399 };
    static const char *const texts[] = { "277.778", "0.000", "0.001", "0.001" };

    (void)state;
    for (size_t i = 0; i < sizeof joules / sizeof joules[0]; i++) {
        const struct view_cell heat_cells[] = { TEXT("heat"), NUMBER(joules[i]) };
        const struct view_row heat = { heat_columns, heat_cells, 2 };
        char line[64];
        struct json_writer writer = json_writer_make(64);
        int scale;
        view_csv_line(&writer, &heat, true, 0);
        (void)snprintf(line, sizeof line, "\"heat\",%s\r\n", texts[i]);
        assert_text(&writer, line);
        assert_int_equal(view_csv_number(&heat, 1, &scale), (joules[i] + 1800) / 3600);
        assert_int_equal(scale, 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_of_column),
        cmocka_unit_test(test_private_columns_are_masked),
        cmocka_unit_test(test_a_spreadsheet_line),
        cmocka_unit_test(test_heat_in_a_spreadsheet_is_kwh),
        cmocka_unit_test(test_quantities_read_in_the_unit_of_the_meter),
        cmocka_unit_test(test_a_spreadsheet_is_not_made_to_calculate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
