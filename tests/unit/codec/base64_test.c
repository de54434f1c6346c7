#include "tests/unit/unit_test.h"

#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/senml/base64.h"

static void base64_follows_the_alphabet(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *bytes;
    } good[] = { { "", "" }, { "Zg", "f" }, { "Zg==", "f" }, { "Zm8", "fo" }, { "Zm8=", "fo" }, { "Zm9v", "foo" } };
    static const char *const bad[] = { "Z", "Zg=", "Zm9v=", "Z===", "Zm9vZ", "Zm9v====", "Zm 9v", "=", "Zg==Zg==" };
    uint8_t buffer[16];

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        assert_int_equal(base64_decode(span_of_text(good[i].text), &out), 0);
        assert_true(span_equal_text(writer_span(&out), good[i].bytes));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        assert_int_equal(base64_decode(span_of_text(bad[i]), &out), CODEC_ERR_FORMAT);
        assert_int_equal(out.size, 0);
    }
    struct writer out = writer_of_buffer(buffer, 2);
    assert_int_equal(base64_decode(span_of_text("Zm9v"), &out), CODEC_ERR_FULL);
}

static void base64_comes_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(4648);
    for (int round = 0; round < 5000; round++) {
        uint8_t bytes[40], text[60], back[40];
        struct writer text_out = writer_of_buffer(text, sizeof text), out = writer_of_buffer(back, sizeof back);
        size_t size = random_below(&random, sizeof bytes + 1);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)random_next(&random);
        base64_encode(span_of_bytes(bytes, size), &text_out);
        assert_int_equal(base64_decode(writer_span(&text_out), &out), 0);
        assert_true(span_equal(writer_span(&out), span_of_bytes(bytes, size)));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_follows_the_alphabet),
        cmocka_unit_test(base64_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
