#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_code.h"

static const uint8_t meter[6] = { 0x44, 0x01, 0x05, 0x00, 0x01, 0x23 };

static void check_digits_are_the_published_ones(void **state)
{
    (void)state;
    static const uint8_t broken[6] = { 0x44, 0x01, 0x05, 0x00, 0x01, 0x2a };
    static const uint8_t zero[6] = { 0 };

    assert_int_equal(hotwater_check_digits(meter), 82);
    assert_int_equal(hotwater_check_digits(zero), 98);
    assert_int_equal(hotwater_check_digits(broken), CODEC_ERR_RANGE);
}

static void codes_are_written_and_read(void **state)
{
    (void)state;
    uint8_t bytes[100], number[6];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct span host;

    assert_int_equal(hotwater_code_write(span_of_text("water.example.cn:8443"), meter, &out), 0);
    assert_true(span_equal_text(writer_span(&out), "https://water.example.cn:8443/hw/440105000123-82"));
    assert_int_equal(hotwater_code_read(writer_span(&out), number, &host), 0);
    assert_memory_equal(number, meter, sizeof meter);
    assert_true(span_equal_text(host, "water.example.cn:8443"));
    out = writer_of_buffer(bytes, 40);
    assert_int_equal(hotwater_code_write(span_of_text("water.example.cn:8443"), meter, &out), CODEC_ERR_FULL);
    assert_int_equal(hotwater_code_write(span_of_text("a b"), meter, &out), CODEC_ERR_RANGE);
    assert_int_equal(hotwater_code_write(span_of_text(""), meter, &out), CODEC_ERR_RANGE);
}

/* MOD 97-10 sees every single wrong digit and every swap of two neighbours. */
static void mistyped_codes_are_seen(void **state)
{
    (void)state;
    char text[] = "https://a/hw/440105000123-82";
    const size_t first = strlen("https://a/hw/");
    uint8_t number[6];

    for (size_t at = first; text[at] != '\0'; at++) {
        char right = text[at];
        if (right == '-')
            continue;
        for (char wrong = '0'; wrong <= '9'; wrong++) {
            text[at] = wrong;
            assert_int_equal(hotwater_code_read(span_of_text(text), number, NULL),
                             wrong == right ? 0 : CODEC_ERR_CHECKSUM);
        }
        text[at] = right;
    }
    for (size_t at = first; at < first + 11; at++) {
        char swapped = text[at];
        if (swapped == text[at + 1])
            continue;
        text[at] = text[at + 1];
        text[at + 1] = swapped;
        assert_int_equal(hotwater_code_read(span_of_text(text), number, NULL), CODEC_ERR_CHECKSUM);
        text[at + 1] = text[at];
        text[at] = swapped;
    }
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "https://",
        "http://a/hw/440105000123-82",
        "https:///hw/440105000123-82",
        "https://a/hx/440105000123-82",
        "https://a/hw/440105000123_82",
        "https://a/hw/44010500012a-82",
        "https://a/hw/440105000123-8",
        "https://a/hw/440105000123-820",
        "https://a/b/hw/440105000123-82",
    };
    uint8_t number[6] = { 9 };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(hotwater_code_read(span_of_text(texts[i]), number, NULL), CODEC_ERR_FORMAT);
    assert_int_equal(number[0], 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_digits_are_the_published_ones),
        cmocka_unit_test(codes_are_written_and_read),
        cmocka_unit_test(mistyped_codes_are_seen),
        cmocka_unit_test(other_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
