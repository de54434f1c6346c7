#include "security/cipher_openssl.h"

#include "base/hex.h"
#include "security/security_error.h"
#include "tests/unit/unit_test.h"

#define TEXT_LIMIT 64

static struct span bytes_of(const char *hex, uint8_t *buffer)
{
    int size = hex_decode(span_of_text(hex), buffer, TEXT_LIMIT);
    assert_true(size >= 0);
    return span_of_bytes(buffer, (size_t)size);
}

/* One published example, both ways. */
static void cbc_matches(enum cipher_algorithm algorithm, const char *key, const char *initial, const char *plain,
                        const char *sealed)
{
    uint8_t buffers[4][TEXT_LIMIT];
    uint8_t out[TEXT_LIMIT];
    const struct cipher *cipher = cipher_openssl();
    const uint8_t *key_bytes = bytes_of(key, buffers[0]).bytes;
    const uint8_t *initial_bytes = bytes_of(initial, buffers[1]).bytes;
    struct span text = bytes_of(plain, buffers[2]);
    struct span cipher_text = bytes_of(sealed, buffers[3]);

    assert_int_equal(cipher->cbc_encrypt(cipher->context, algorithm, key_bytes, initial_bytes, text, out), 0);
    assert_memory_equal(out, cipher_text.bytes, cipher_text.size);
    assert_int_equal(cipher->cbc_decrypt(cipher->context, algorithm, key_bytes, initial_bytes, cipher_text, out), 0);
    assert_memory_equal(out, text.bytes, text.size);
}

/* NIST SP 800-38A F.2.1; GB/T 32907 appendix A as one block with a zero initial vector. */
static void chaining_gives_the_published_text(void **state)
{
    (void)state;
    cbc_matches(CIPHER_AES128, "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
                "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2");
    cbc_matches(CIPHER_SM4, "0123456789abcdeffedcba9876543210", "00000000000000000000000000000000",
                "0123456789abcdeffedcba9876543210", "681edf34d206965e86b3e94f536e4246");
}

/* NIST SP 800-38A F.5.1, the first block and half of the second. */
static void counter_mode_takes_any_length(void **state)
{
    (void)state;
    uint8_t buffers[3][TEXT_LIMIT];
    uint8_t out[TEXT_LIMIT];
    const struct cipher *cipher = cipher_openssl();
    const uint8_t *key = bytes_of("2b7e151628aed2a6abf7158809cf4f3c", buffers[0]).bytes;
    const uint8_t *block = bytes_of("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", buffers[1]).bytes;
    struct span text = bytes_of("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c", buffers[2]);
    uint8_t sealed[TEXT_LIMIT];

    assert_int_equal(cipher->counter(cipher->context, CIPHER_AES128, key, block, text, out), 0);
    assert_memory_equal(out, bytes_of("874d6191b620e3261bef6864990db6ce9806f66b7970fdff", sealed).bytes, text.size);
}

/* RFC 4493 examples 1 and 3; a split message has the same code. */
static void message_codes_are_those_of_the_standard(void **state)
{
    (void)state;
    uint8_t buffers[3][TEXT_LIMIT];
    uint8_t out[CIPHER_BLOCK_SIZE];
    const struct cipher *cipher = cipher_openssl();
    const uint8_t *key = bytes_of("2b7e151628aed2a6abf7158809cf4f3c", buffers[0]).bytes;
    struct span text =
        bytes_of("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411", buffers[1]);
    struct span parts[] = { span_of_bytes(text.bytes, 7), span_of_bytes(NULL, 0),
                            span_of_bytes(text.bytes + 7, text.size - 7) };

    assert_int_equal(cipher->cmac(cipher->context, CIPHER_AES128, key, NULL, 0, out), 0);
    assert_memory_equal(out, bytes_of("bb1d6929e95937287fa37d129b756746", buffers[2]).bytes, sizeof out);
    assert_int_equal(cipher->cmac(cipher->context, CIPHER_AES128, key, parts, 3, out), 0);
    assert_memory_equal(out, bytes_of("dfa66747de9ae63030ca32611497c827", buffers[2]).bytes, sizeof out);
}

static void half_a_block_is_refused(void **state)
{
    (void)state;
    uint8_t key[CIPHER_BLOCK_SIZE] = { 0 };
    uint8_t out[TEXT_LIMIT];
    const struct cipher *cipher = cipher_openssl();
    assert_int_equal(cipher->cbc_decrypt(cipher->context, CIPHER_AES128, key, key, span_of_text("short"), out),
                     SECURITY_ERR_CRYPTOGRAPHY);
}

static void equality_looks_at_every_byte(void **state)
{
    (void)state;
    assert_true(cipher_equal((const uint8_t *)"abcd", (const uint8_t *)"abce", 3));
    assert_false(cipher_equal((const uint8_t *)"abcd", (const uint8_t *)"abce", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chaining_gives_the_published_text),
        cmocka_unit_test(counter_mode_takes_any_length),
        cmocka_unit_test(message_codes_are_those_of_the_standard),
        cmocka_unit_test(half_a_block_is_refused),
        cmocka_unit_test(equality_looks_at_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
