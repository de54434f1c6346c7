/* The language of templates: every element parses, every mistake names its line. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "document/document_template.h"

static int parse(enum document_kind kind, const char *text, struct document_problem *problem)
{
    struct document_template *template = malloc(sizeof *template);

    assert_non_null(template);
    int result = document_template_parse(template, kind, span_of_text(text), problem);
    free(template);
    return result;
}

static void test_built_in_templates_parse_and_are_complete(void **state)
{
    const struct document_default *usual;
    struct document_problem problem;

    (void)state;
    for (size_t i = 0; (usual = document_default_at(i)) != NULL; i++) {
        assert_int_equal(parse(usual->kind, usual->text, &problem), 0);
        assert_non_null(document_default_find(usual->kind, usual->paper, DOCUMENT_CHINESE));
        assert_non_null(document_default_find(usual->kind, usual->paper, DOCUMENT_ENGLISH));
    }
    for (int kind = 1; kind < DOCUMENT_KIND_COUNT; kind++)
        assert_int_equal(document_kind_of_name(document_kind_name((enum document_kind)kind)), kind);
}

static void test_what_an_element_says_is_kept(void **state)
{
    static const char text[] = "# paper\n"
                               "page 241 93.1 margin 18 8\n"
                               "font 9.5\n"
                               "text center bold size 14 : {{ {organisation}: {phone}\n"
                               "row widths 1 2 align left right : a | {amount}\n"
                               "table lines grid size 8\n"
                               "head : Item | Amount\n"
                               "each : {item} | {amount}\n"
                               "end\n"
                               "foot right : {page}/{pages}\n";
    struct document_template *template = malloc(sizeof *template);
    struct document_problem problem;

    (void)state;
    assert_non_null(template);
    assert_int_equal(document_template_parse(template, DOCUMENT_BILL, span_of_text(text), &problem), 0);
    assert_int_equal(template->width_e2, 24100);
    assert_int_equal(template->height_e2, 9310);
    assert_int_equal(template->margin_e2, 1800);
    assert_int_equal(template->margin_top_e2, 800);
    assert_int_equal(template->font_e2, 950);
    assert_int_equal(template->count, 7);
    const struct document_element *words = &template->elements[0];
    assert_int_equal(words->kind, DOCUMENT_ELEMENT_TEXT);
    assert_int_equal(words->line, 4);
    assert_int_equal(words->size_e2, 1400);
    assert_true(words->bold);
    assert_int_equal(words->align, DOCUMENT_CENTER);
    assert_true(span_equal_text(words->cells[0].text, "{{ {organisation}: {phone}"));
    const struct document_element *row = &template->elements[1];
    assert_int_equal(row->cell_count, 2);
    assert_int_equal(row->cells[1].width, 2);
    assert_int_equal(row->cells[1].align, DOCUMENT_RIGHT);
    const struct document_element *table = &template->elements[2];
    assert_true(table->grid);
    assert_int_equal(table->end, 5);
    assert_int_equal(template->foot, 6);
    free(template);
}

static void test_pieces_of_a_text(void **state)
{
    struct span rest = span_of_text("a{ b }{{c");
    struct span piece;
    bool is_name;

    (void)state;
    assert_true(document_piece_next(&rest, &piece, &is_name));
    assert_true(span_equal_text(piece, "a") && !is_name);
    assert_true(document_piece_next(&rest, &piece, &is_name));
    assert_true(span_equal_text(piece, "b") && is_name);
    assert_true(document_piece_next(&rest, &piece, &is_name));
    assert_true(span_equal_text(piece, "{") && !is_name);
    assert_true(document_piece_next(&rest, &piece, &is_name));
    assert_true(span_equal_text(piece, "c") && !is_name);
    assert_false(document_piece_next(&rest, &piece, &is_name));
}

static void test_mistakes_name_their_line(void **state)
{
    static const struct {
        const char *text;
        int error;
        int line;
    } rows[] = {
        { "", DOCUMENT_ERR_SIZE, 0 },
        { "# only a remark\n", DOCUMENT_ERR_SIZE, 0 },
        { "text : \xff\xfe", DOCUMENT_ERR_SIZE, 0 },
        { "\n\ntxet : x", DOCUMENT_ERR_ELEMENT, 3 },
        { "text middle : x", DOCUMENT_ERR_OPTION, 1 },
        { "text bold 14 : x", DOCUMENT_ERR_OPTION, 1 },
        { "text size 4 : x", DOCUMENT_ERR_NUMBER, 1 },
        { "text size 72.01 : x", DOCUMENT_ERR_NUMBER, 1 },
        { "text size : x", DOCUMENT_ERR_NUMBER, 1 },
        { "text size 99999999999999999999 : x", DOCUMENT_ERR_NUMBER, 1 },
        { "text", DOCUMENT_ERR_CONTENT, 1 },
        { "rule : x", DOCUMENT_ERR_CONTENT, 1 },
        { "row widths 1 2 3 : a | b", DOCUMENT_ERR_CELLS, 1 },
        { "row : 1|2|3|4|5|6|7|8|9", DOCUMENT_ERR_CELLS, 1 },
        { "row widths 1 align left right : a", DOCUMENT_ERR_OPTION, 1 },
        { "text : {amuont}", DOCUMENT_ERR_PLACEHOLDER, 1 },
        { "text : {item}", DOCUMENT_ERR_PLACEHOLDER, 1 },
        { "text : {amount", DOCUMENT_ERR_BRACE, 1 },
        { "text : {a{b}}", DOCUMENT_ERR_BRACE, 1 },
        { "if\nend", DOCUMENT_ERR_PLACEHOLDER, 1 },
        { "if amount\ntext : x", DOCUMENT_ERR_NESTING, 1 },
        { "end", DOCUMENT_ERR_PLACE, 1 },
        { "head : x", DOCUMENT_ERR_PLACE, 1 },
        { "table lines\ntext : x\nend", DOCUMENT_ERR_PLACE, 2 },
        { "table lines\nhead : x\nend", DOCUMENT_ERR_CONTENT, 3 },
        { "table lines\nhead : a|b\neach : {item}\nend", DOCUMENT_ERR_CELLS, 4 },
        { "table rows\nhead : a\neach : {item}\nend", DOCUMENT_ERR_PLACEHOLDER, 1 },
        { "if amount\nif amount\nif amount\nif amount\nif amount\nend", DOCUMENT_ERR_NESTING, 5 },
        { "text : x\npage 80 auto", DOCUMENT_ERR_PLACE, 2 },
        { "page 10 auto\ntext : x", DOCUMENT_ERR_NUMBER, 1 },
        { "\npage 40 auto margin 18\ntext : x", DOCUMENT_ERR_NUMBER, 2 },
        { "foot : a\nfoot : b", DOCUMENT_ERR_PLACE, 2 },
        { "space 0", DOCUMENT_ERR_NUMBER, 1 },
        { "qr size 81 : x", DOCUMENT_ERR_NUMBER, 1 },
        { "bars size 41 : x", DOCUMENT_ERR_NUMBER, 1 },
        { "text : x\nqr beside : x", DOCUMENT_ERR_OPTION, 2 },
        { "sheet lines\ntext : x\nend", DOCUMENT_ERR_NUMBER, 1 },
        { "sheet lines columns 11 height 20\nend", DOCUMENT_ERR_NUMBER, 1 },
        { "sheet lines columns 1.5 height 20\nend", DOCUMENT_ERR_NUMBER, 1 },
        { "sheet lines columns 2 height 9\nend", DOCUMENT_ERR_NUMBER, 1 },
        { "sheet rows columns 2 height 20\nend", DOCUMENT_ERR_PLACEHOLDER, 1 },
        { "sheet lines columns 2 height 20\ntext : {day}\nend", DOCUMENT_ERR_PLACEHOLDER, 2 },
        { "sheet lines columns 2 height 20\ntable lines\nhead : x\neach : x\nend\nend", DOCUMENT_ERR_NESTING, 2 },
        { "sheet lines columns 2 height 20\nsheet lines columns 2 height 20\nend\nend", DOCUMENT_ERR_NESTING, 2 },
        { "sheet lines columns 2 height 20\nfoot : x\nend", DOCUMENT_ERR_PLACE, 2 },
        { "sheet lines columns 2 height 20\ntext : {item}\nend\ntext : {item}", DOCUMENT_ERR_PLACEHOLDER, 4 },
        { "sheet lines columns 2 height 20\ntext : {item}", DOCUMENT_ERR_NESTING, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct document_problem problem = { .error = 0 };
        if (parse(DOCUMENT_BILL, rows[i].text, &problem) != rows[i].error || problem.line != rows[i].line)
            fail_msg("%s: error %d line %d", rows[i].text, problem.error, problem.line);
        assert_true(problem.text_zh[0] != '\0' && problem.text_en[0] != '\0');
    }
}

static void test_bounds(void **state)
{
    struct document_problem problem;
    char *text = malloc(DOCUMENT_TEMPLATE_SIZE_LIMIT + 2);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', DOCUMENT_TEMPLATE_SIZE_LIMIT + 1);
    text[DOCUMENT_TEMPLATE_SIZE_LIMIT + 1] = '\0';
    assert_int_equal(parse(DOCUMENT_BILL, text, &problem), DOCUMENT_ERR_SIZE);
    memset(text, '\n', DOCUMENT_TEMPLATE_LINE_LIMIT + 1);
    memcpy(text + DOCUMENT_TEMPLATE_LINE_LIMIT - 8, "text : x", 9);
    assert_int_equal(parse(DOCUMENT_BILL, text, &problem), 0);
    memset(text, '\n', DOCUMENT_TEMPLATE_LINE_LIMIT);
    memcpy(text + DOCUMENT_TEMPLATE_LINE_LIMIT, "text : x", 9);
    assert_int_equal(parse(DOCUMENT_BILL, text, &problem), DOCUMENT_ERR_SIZE);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in_templates_parse_and_are_complete),
        cmocka_unit_test(test_what_an_element_says_is_kept),
        cmocka_unit_test(test_pieces_of_a_text),
        cmocka_unit_test(test_mistakes_name_their_line),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
