#include "api/sheet_writer.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define DIRECTORY_ROW 46
#define LOCAL_HEADER 30

static uint32_t u16_at(const char *bytes)
{
    return (uint32_t)(uint8_t)bytes[0] | (uint32_t)(uint8_t)bytes[1] << 8;
}

static uint32_t u32_at(const char *bytes)
{
    return u16_at(bytes) | u16_at(bytes + 2) << 16;
}

/* Inflate an entry found through the directory and check it against what the directory says of it.
 * returns  its text, zero-terminated, from malloc; NULL when there is no such entry */
static char *entry_read(const struct json_writer *book, const char *name)
{
    const char *end = book->bytes + book->size - 22;
    const char *row = book->bytes + u32_at(end + 16);

    assert_int_equal(u32_at(end), 0x06054b50);
    for (uint32_t i = 0; i < u16_at(end + 10); i++) {
        uint32_t name_size = u16_at(row + 28), packed = u32_at(row + 20), size = u32_at(row + 24);
        if (strlen(name) == name_size && memcmp(row + DIRECTORY_ROW, name, name_size) == 0) {
            const char *local = book->bytes + u32_at(row + 42);
            char *text = calloc(1, (size_t)size + 1);
            z_stream stream = { .next_in = (const Bytef *)local + LOCAL_HEADER + name_size, .avail_in = packed,
                                .next_out = (Bytef *)text, .avail_out = size };
            assert_int_equal(u32_at(local), 0x04034b50);
            assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
            assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
            assert_int_equal(stream.total_out, size);
            assert_int_equal(stream.avail_in, 0);
            assert_int_equal(inflateEnd(&stream), Z_OK);
            assert_int_equal(crc32(0, (const Bytef *)text, size), u32_at(row + 16));
            assert_int_equal(u32_at(local + LOCAL_HEADER + name_size + packed), 0x08074b50);
            return text;
        }
        row += DIRECTORY_ROW + name_size;
    }
    return NULL;
}

static void cells_are_what_they_were(void **state)
{
    static const char *const titles[] = { "表号", "a<b" };
    static struct sheet_writer sheet;

    (void)state;
    assert_int_equal(sheet_writer_begin(&sheet, "用量", titles, 2), 0);
    assert_true(sheet.out.size > 0); /* the first byte does not wait for the last row */
    sheet_row_begin(&sheet);
    sheet_cell_text(&sheet, span_of_text("<甲> & \x01\xEF\xBF\xBF"));
    sheet_cell_number(&sheet, -12345678, 6);
    sheet_cell_day(&sheet, 20778);
    sheet_cell_time(&sheet, INT64_C(20778) * 86400 + 43200);
    sheet_cell_empty(&sheet);
    sheet_cell_text(&sheet, span_of_text("\xff\xfe"));
    sheet_row_end(&sheet);
    sheet_writer_end(&sheet);
    assert_false(sheet_writer_failed(&sheet));
    char *text = entry_read(&sheet.out, "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(text, "a&lt;b</t>"));
    assert_non_null(strstr(text, ">&lt;甲&gt; &amp;   </t>"));
    assert_non_null(strstr(text, "<c><v>-12.345678</v></c><c s=\"2\"><v>46347</v></c><c s=\"3\"><v>46347.5000000000</v></c><c/>"));
    assert_non_null(strstr(text, ">?</t>"));
    free(text);
    text = entry_read(&sheet.out, "xl/workbook.xml");
    assert_non_null(strstr(text, "<sheet name=\"用量\" sheetId=\"1\" r:id=\"rId1\"/>"));
    free(text);
    text = entry_read(&sheet.out, "[Content_Types].xml");
    assert_non_null(strstr(text, "/xl/worksheets/sheet1.xml"));
    assert_null(strstr(text, "sheet2.xml"));
    free(text);
    sheet_writer_free(&sheet);
}

/* What was taken away in between is gone; what remains stays small. */
static void a_sheet_that_is_full_is_followed_by_another(void **state)
{
    static const char *const titles[] = { "n" };
    static struct sheet_writer sheet;
    struct json_writer book = json_writer_make(64u * 1024 * 1024);

    (void)state;
    assert_int_equal(sheet_writer_begin(&sheet, "usage", titles, 1), 0);
    for (int64_t i = 0; i <= SHEET_ROW_LIMIT; i++) {
        sheet_row_begin(&sheet);
        sheet_cell_number(&sheet, i, 0);
        sheet_row_end(&sheet);
        assert_true(sheet.out.size + sheet.text.size < 512 * 1024);
        if (sheet.out.size > 100000) {
            json_append(&book, sheet.out.bytes, sheet.out.size);
            json_writer_reset(&sheet.out);
        }
    }
    sheet_writer_end(&sheet);
    json_append(&book, sheet.out.bytes, sheet.out.size);
    assert_false(sheet_writer_failed(&sheet) || book.failed);
    char *first = entry_read(&book, "xl/worksheets/sheet1.xml");
    char *second = entry_read(&book, "xl/worksheets/sheet2.xml");
    assert_non_null(strstr(first, "<v>999999</v>"));
    assert_null(strstr(first, "<v>1000000</v>"));
    assert_non_null(strstr(second, "<row><c t=\"inlineStr\" s=\"1\">"));
    assert_non_null(strstr(second, "<v>1000000</v></c></row></sheetData></worksheet>"));
    free(first);
    free(second);
    char *names = entry_read(&book, "xl/workbook.xml");
    assert_non_null(strstr(names, "name=\"usage 2\""));
    free(names);
    json_writer_free(&book);
    sheet_writer_free(&sheet);
}

static void memory_that_ends_makes_no_whole_book(void **state)
{
    static const char *const titles[] = { "n" };
    static struct sheet_writer sheet;

    (void)state;
    assert_int_equal(sheet_writer_begin(&sheet, "usage", titles, 1), 0);
    sheet.out.limit = 100;
    sheet_writer_end(&sheet);
    assert_true(sheet_writer_failed(&sheet));
    sheet_writer_free(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_what_they_were),
        cmocka_unit_test(a_sheet_that_is_full_is_followed_by_another),
        cmocka_unit_test(memory_that_ends_makes_no_whole_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
