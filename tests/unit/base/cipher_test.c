#include "tests/unit/unit_test.h"

#include "base/cipher.h"

static void a_wiped_key_is_zero_and_nothing_else(void **state)
{
    (void)state;
    uint8_t bytes[] = { 1, 2, 3, 4, 5 };

    cipher_wipe(bytes + 1, 3);
    assert_memory_equal(bytes, "\x01\0\0\0\x05", 5);
    cipher_wipe(bytes, 0);
    assert_int_equal(bytes[0], 1);
}

static void equal_looks_at_every_byte(void **state)
{
    (void)state;
    uint8_t a[CIPHER_BLOCK_SIZE] = { 0 }, b[CIPHER_BLOCK_SIZE] = { 0 };

    assert_true(cipher_equal(a, b, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        b[i] = 0x80;
        assert_false(cipher_equal(a, b, sizeof a));
        assert_true(cipher_equal(a, b, i));
        b[i] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wiped_key_is_zero_and_nothing_else),
        cmocka_unit_test(equal_looks_at_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
