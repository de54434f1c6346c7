#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qrencode.h>

#include "document/document_code.h"
#include "document/document_error.h"

#define QUIET 4
#define EDGE_LIMIT 177

/* The modules that a path of "Mx yhNv1Hx" pieces makes dark. Returns how many; each may be there once. */
static int modules_read(const char *path, bool dark[EDGE_LIMIT + 2 * QUIET][EDGE_LIMIT + 2 * QUIET])
{
    int column, row, length, back, used, count = 0;

    while (sscanf(path, "M%d %dh%dv1H%dz%n", &column, &row, &length, &back, &used) == 4) {
        assert_int_equal(back, column);
        for (int i = 0; i < length; i++, count++) {
            assert_false(dark[row][column + i]);
            dark[row][column + i] = true;
        }
        path += used;
    }
    assert_memory_equal(path, "\"/></svg>", 9);
    return count;
}

static void a_code_is_drawn_module_by_module(void **state)
{
    static bool dark[EDGE_LIMIT + 2 * QUIET][EDGE_LIMIT + 2 * QUIET];
    const char *text = "weixin://wxpay/bizpayurl?pr=abcDEF123";
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    struct document_bytes image;
    int expected = 0;
    char view[64];

    (void)state;
    assert_non_null(code);
    assert_int_equal(document_code_svg(span_of_text(text), &image), 0);
    char *svg = test_calloc(1, image.size + 1);
    memcpy(svg, image.bytes, image.size);
    (void)snprintf(view, sizeof view, "viewBox=\"0 0 %d %d\"", code->width + 2 * QUIET, code->width + 2 * QUIET);
    assert_non_null(strstr(svg, view));
    int count = modules_read(strstr(svg, "d=\"M4 ") + 3, dark);
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++) {
            bool is_dark = (code->data[row * code->width + column] & 1) != 0;

            assert_int_equal(dark[row + QUIET][column + QUIET], is_dark);
            expected += is_dark;
        }
    assert_int_equal(count, expected);
    test_free(svg);
    free(image.bytes);
    QRcode_free(code);
}

static void what_is_no_text_of_a_code_is_refused(void **state)
{
    char longest[DOCUMENT_CODE_TEXT_LIMIT + 1];
    struct document_bytes image = { NULL, 7 };

    (void)state;
    memset(longest, 'x', sizeof longest);
    assert_int_equal(document_code_svg(span_of_text(""), &image), DOCUMENT_ERR_QR);
    assert_int_equal(document_code_svg(span_of_bytes("a\0b", 3), &image), DOCUMENT_ERR_QR);
    assert_int_equal(document_code_svg(span_of_bytes(longest, sizeof longest), &image), DOCUMENT_ERR_QR);
    assert_int_equal(image.size, 7);
    assert_int_equal(document_code_svg(span_of_bytes(longest, sizeof longest - 1), &image), 0);
    free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_drawn_module_by_module),
        cmocka_unit_test(what_is_no_text_of_a_code_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
