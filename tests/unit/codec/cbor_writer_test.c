#include "tests/unit/unit_test.h"

#include "base/hex.h"
#include "codec/senml/cbor_writer.h"

static void assert_decimal_bytes(int64_t value, int scale, const char *hex)
{
    uint8_t buffer[16], wanted[16];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    int size = hex_decode(span_of_text(hex), wanted, sizeof wanted);
    assert_int_equal(cbor_put_decimal(&out, value, scale), 0);
    assert_int_equal(out.size, size);
    assert_memory_equal(buffer, wanted, out.size);
}

static void numbers_take_their_shortest_form(void **state)
{
    (void)state;
    assert_decimal_bytes(0, 6, "00");
    assert_decimal_bytes(23, 0, "17");
    assert_decimal_bytes(24, 0, "1818");
    assert_decimal_bytes(-1, 0, "20");
    assert_decimal_bytes(-500, 0, "3901f3");
    assert_decimal_bytes(1000000, 0, "1a000f4240");
    assert_decimal_bytes(INT64_MIN, 0, "3b7fffffffffffffff");
    assert_decimal_bytes(12000000, 6, "0c");
    assert_decimal_bytes(15, 1, "f93e00");
    assert_decimal_bytes(-41, 1, "fac0833333");
    assert_decimal_bytes(1234567001, 6, "fb40934a449be8ff32");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_take_their_shortest_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
