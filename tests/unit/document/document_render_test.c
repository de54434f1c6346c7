/* From template and values to paper. What the words on it are, tests/flows/test_documents.py reads by poppler. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/document_render.h"

/* Fonts that fontconfig and pango keep for the life of the process are no leaks of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\nleak:libcairo\nleak:libglib\nleak:libgobject\n";
}

struct paper {
    struct document_template template;
    struct document_values values;
    struct document_request request;
    struct document_bytes out;
    struct document_problem problem;
    int pages;
};

static struct paper *paper_open(enum document_kind kind, const char *text)
{
    struct paper *paper = calloc(1, sizeof *paper);

    assert_non_null(paper);
    paper->values = document_values_make(kind);
    paper->request = (struct document_request){ &paper->template, &paper->values, "title", "2026-11-21T08:00:00+08:00" };
    assert_int_equal(document_template_parse(&paper->template, kind, span_of_text(text), &paper->problem), 0);
    return paper;
}

static void paper_close(struct paper *paper)
{
    document_values_free(&paper->values);
    free(paper->out.bytes);
    free(paper);
}

static int pdf(struct paper *paper)
{
    free(paper->out.bytes);
    paper->out = (struct document_bytes){ NULL, 0 };
    return document_pdf_render(&paper->request, &paper->out, &paper->pages, &paper->problem);
}

/* A roll of labels has a page for each of the three samples. */
static void test_built_in_templates_take_one_page(void **state)
{
    const struct document_default *usual;

    (void)state;
    for (size_t i = 0; (usual = document_default_at(i)) != NULL; i++) {
        struct paper *paper = paper_open(usual->kind, usual->text);
        document_values_sample(&paper->values, usual->language);
        assert_int_equal(document_picture_render(&paper->request, 1, 36, &paper->out, &paper->pages, &paper->problem), 0);
        assert_int_equal(paper->pages, usual->kind == DOCUMENT_LABEL && strcmp(usual->paper, "60") == 0 ? 3 : 1);
        paper_close(paper);
    }
}

static void test_the_same_input_gives_the_same_bytes(void **state)
{
    struct paper *paper = paper_open(DOCUMENT_RECEIPT, document_default_find(DOCUMENT_RECEIPT, "80", DOCUMENT_CHINESE)->text);
    struct document_bytes first;

    (void)state;
    document_values_sample(&paper->values, DOCUMENT_CHINESE);
    assert_int_equal(pdf(paper), 0);
    assert_memory_equal(paper->out.bytes, "%PDF-", 5);
    first = paper->out;
    paper->out.bytes = NULL;
    assert_int_equal(pdf(paper), 0);
    assert_int_equal(paper->out.size, first.size);
    assert_memory_equal(paper->out.bytes, first.bytes, first.size);
    free(first.bytes);
    paper_close(paper);
}

static void rows_put(struct paper *paper, int count)
{
    char text[32];

    for (int i = 1; i <= count; i++) {
        document_row_begin(&paper->values, "lines");
        (void)snprintf(text, sizeof text, "Item %d", i);
        document_row_put(&paper->values, "item", span_of_text(text));
        document_row_put(&paper->values, "amount", span_of_text("1.00"));
    }
}

static void test_a_hundred_lines_take_several_pages(void **state)
{
    struct paper *paper = paper_open(DOCUMENT_BILL, document_default_find(DOCUMENT_BILL, "a4", DOCUMENT_CHINESE)->text);

    (void)state;
    rows_put(paper, 100);
    assert_int_equal(pdf(paper), 0);
    assert_int_equal(paper->pages, 4);
    assert_int_equal(document_picture_render(&paper->request, 5, 36, &paper->out, &paper->pages, &paper->problem),
                     DOCUMENT_ERR_PAGE);
    paper_close(paper);
}

static void test_too_many_rows_and_pages_are_refused(void **state)
{
    struct paper *paper = paper_open(DOCUMENT_BILL, "page 40 20 margin 1\ntable lines\nhead : x\neach : {item}\nend\n");

    (void)state;
    rows_put(paper, DOCUMENT_ROW_LIMIT);
    assert_int_equal(paper->values.error, 0);
    assert_int_equal(pdf(paper), DOCUMENT_ERR_PAGES);
    rows_put(paper, 1);
    assert_int_equal(pdf(paper), DOCUMENT_ERR_ROWS);
    assert_null(paper->out.bytes);
    paper_close(paper);
}

static void test_what_is_higher_than_its_page_names_its_line(void **state)
{
    struct paper *paper = paper_open(DOCUMENT_BILL, "page 40 20 margin 3\nspace 1\ntext size 60 : x\n");

    (void)state;
    assert_int_equal(pdf(paper), DOCUMENT_ERR_HEIGHT);
    assert_int_equal(paper->problem.line, 3);
    paper_close(paper);
    paper = paper_open(DOCUMENT_BILL, "page 80 auto\nqr size 80 : {pay_address}\n");
    char address[302];
    memset(address, 'a', 301);
    address[301] = '\0';
    document_put_text(&paper->values, "pay_address", address);
    assert_int_equal(pdf(paper), DOCUMENT_ERR_QR);
    address[300] = '\0';
    document_put_text(&paper->values, "pay_address", address);
    assert_int_equal(pdf(paper), 0);
    paper_close(paper);
}

/* Five labels a line, two lines a page; what does not fit its field names its line. */
static void test_a_sheet_has_a_field_for_each_row(void **state)
{
    static const char sheet[] = "page 200 100 margin 10\nsheet meters columns 5 height 35 grid\n"
                                "qr left beside size 15 : {meter_number}\ntext : {place}\nif imei\nbars size 8 : {imei}\nend\nend\n";
    static const char number[] = "862220000000001";
    struct paper *paper = paper_open(DOCUMENT_LABEL, sheet);

    (void)state;
    for (int i = 0; i < 21; i++) {
        document_row_begin(&paper->values, "meters");
        document_row_put(&paper->values, "meter_number", span_of_text("031200004471"));
        document_row_put(&paper->values, "place", span_of_text("3-1204"));
    }
    assert_int_equal(pdf(paper), 0);
    assert_int_equal(paper->pages, 3);
    document_row_put(&paper->values, "imei", span_of_text(number));
    assert_int_equal(pdf(paper), DOCUMENT_ERR_BARS); /* thinner than scanners read */
    assert_int_equal(paper->problem.line, 6);
    paper_close(paper);
    paper = paper_open(DOCUMENT_LABEL, "sheet meters columns 1 height 20\nspace 1\ntext size 60 : {place}\nend\n");
    document_row_begin(&paper->values, "meters");
    document_row_put(&paper->values, "place", span_of_text("3-1204"));
    assert_int_equal(pdf(paper), DOCUMENT_ERR_HEIGHT);
    assert_int_equal(paper->problem.line, 3);
    paper_close(paper);
}

/* Many documents in one file cost their fonts once. */
static void test_documents_share_one_file(void **state)
{
    struct paper *paper = paper_open(DOCUMENT_RECEIPT, document_default_find(DOCUMENT_RECEIPT, "80", DOCUMENT_CHINESE)->text);
    struct document_pdf *many = document_pdf_open("many", "2026-11-21T08:00:00+08:00");
    struct document_bytes out;

    (void)state;
    document_values_sample(&paper->values, DOCUMENT_CHINESE);
    assert_int_equal(pdf(paper), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(document_pdf_add(many, &paper->request, NULL, &paper->problem), 0);
    assert_int_equal(document_pdf_close(many, &out, &paper->problem), 0);
    assert_memory_equal(out.bytes, "%PDF-", 5);
    assert_true(out.size < 2 * paper->out.size);
    free(out.bytes);
    many = document_pdf_open("none", "");
    assert_int_equal(document_pdf_close(many, NULL, NULL), 0);
    paper_close(paper);
}

static void test_a_line_that_grows_too_long_is_refused(void **state)
{
    char text[256] = "page 210 297\ntext : ";
    char value[1002];
    struct paper *paper;

    (void)state;
    for (int i = 0; i < 9; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "{footer}");
    paper = paper_open(DOCUMENT_RECEIPT, text);
    memset(value, 'x', 1001);
    value[1001] = '\0';
    document_put_text(&paper->values, "footer", value);
    assert_int_equal(document_value_get(&paper->values, span_of_text("footer")).size, DOCUMENT_VALUE_SIZE_LIMIT);
    assert_int_equal(pdf(paper), DOCUMENT_ERR_TEXT);
    paper_close(paper);
}

static void test_values_are_made_printable(void **state)
{
    struct document_values values = document_values_make(DOCUMENT_RECEIPT);

    (void)state;
    document_put(&values, "place", span_of_bytes("a\nb\0c\x7f", 6));
    assert_true(span_equal_text(document_value_get(&values, span_of_text("place")), "a b c "));
    document_put_text(&values, "place", "\xe6\x94");
    assert_true(span_equal_text(document_value_get(&values, span_of_text("place")), "??"));
    /* a line of its own, a line turned round, no character at all */
    document_put_text(&values, "place", "a\xE2\x80\xA9" "b\xE2\x80\xAE" "c\xEF\xBF\xBF\xE6\xB0\xB4");
    assert_true(span_equal_text(document_value_get(&values, span_of_text("place")), "a b c \xE6\xB0\xB4"));
    document_put_text(&values, "no_such_name", "x");
    assert_int_equal(document_value_get(&values, span_of_text("no_such_name")).size, 0);
    document_put_amount(&values, "amount", 123456);
    assert_true(span_equal_text(document_value_get(&values, span_of_text("amount")), "1,234.56"));
    document_values_free(&values);
}

static void test_a_picture_is_png_of_bounded_size(void **state)
{
    struct paper *paper = paper_open(DOCUMENT_RECEIPT, "page 420 20 margin 2\ntext : {receipt}\n");

    (void)state;
    document_values_sample(&paper->values, DOCUMENT_CHINESE);
    assert_int_equal(document_picture_render(&paper->request, 1, 1000, &paper->out, &paper->pages, &paper->problem), 0);
    assert_memory_equal(paper->out.bytes, "\x89PNG", 4);
    /* Width in the header: 420 mm at 300 dots an inch. */
    assert_int_equal(paper->out.bytes[18] << 8 | paper->out.bytes[19], 4961);
    paper_close(paper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in_templates_take_one_page),
        cmocka_unit_test(test_the_same_input_gives_the_same_bytes),
        cmocka_unit_test(test_a_hundred_lines_take_several_pages),
        cmocka_unit_test(test_too_many_rows_and_pages_are_refused),
        cmocka_unit_test(test_what_is_higher_than_its_page_names_its_line),
        cmocka_unit_test(test_a_sheet_has_a_field_for_each_row),
        cmocka_unit_test(test_documents_share_one_file),
        cmocka_unit_test(test_a_line_that_grows_too_long_is_refused),
        cmocka_unit_test(test_values_are_made_printable),
        cmocka_unit_test(test_a_picture_is_png_of_bounded_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
