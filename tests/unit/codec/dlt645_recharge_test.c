/* The recharge profile over control code 03H: both ends with a real AES-CMAC, and nothing but a whole request passes. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_recharge.h"
#include "codec/dlt645/dlt645_request.h"
#include "security/cipher_openssl.h"

static const uint8_t key[CIPHER_BLOCK_SIZE] = { 0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                                0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c };
static const struct dlt645_address address = { { 0x21, 0x43, 0x00, 0x00, 0x00, 0x00 } };

static struct dlt645_recharge recharge_make(void)
{
    const struct dlt645_recharge recharge = { DLT645_RECHARGE, 12345, 7, { 0x21, 0x43, 0x65, 0x87, 0x09, 0x00 } };
    return recharge;
}

static void values_stand_where_the_extension_has_them(void **state)
{
    const struct dlt645_recharge recharge = recharge_make();
    uint8_t values[DLT645_RECHARGE_SIZE], tag[CIPHER_BLOCK_SIZE];
    /* DI, address, amount, count, customer: what the tag is made of */
    static const uint8_t said[] = { 0xff, 0x02, 0x01, 0x07, 0x21, 0x43, 0x00, 0x00, 0x00, 0x00, 0x39, 0x30,
                                    0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x21, 0x43, 0x65, 0x87, 0x09, 0x00 };
    const struct span part = span_of_bytes(said, sizeof said);
    (void)state;
    assert_int_equal(dlt645_recharge_encode(cipher_openssl(), key, &address, &recharge, values), 0);
    assert_int_equal(cipher_openssl()->cmac(NULL, CIPHER_AES128, key, &part, 1, tag), 0);
    assert_memory_equal(values, "\x39\x30\x00\x00\x07\x00\x00\x00", 8);
    assert_memory_equal(values + 8, tag, 4);
    assert_memory_equal(values + 12, recharge.customer, 6);
    assert_memory_equal(values + 18, tag + 4, 4);
}

/* The example of the header, its tag checked with openssl mac, so that others can compare theirs. */
static void the_example_is_what_the_code_makes(void **state)
{
    const struct dlt645_recharge recharge = recharge_make();
    static const char example[] =
        "6821430000000068031e3235343a333333336c6333333a333333649d2d9d547698ba3c33d2b630051116";
    uint8_t values[DLT645_RECHARGE_SIZE], frame[DLT645_FRAME_SIZE_MAX];
    char text[2 * DLT645_FRAME_SIZE_MAX + 1];
    struct writer writer = writer_of_buffer(frame, sizeof frame);
    (void)state;
    assert_int_equal(dlt645_recharge_encode(cipher_openssl(), key, &address, &recharge, values), 0);
    assert_int_equal(
        dlt645_security_request_encode(&address, DLT645_RECHARGE, 0, span_of_bytes(values, sizeof values), &writer), 0);
    assert_true(hex_encode(writer_span(&writer), text, sizeof text) > 0);
    assert_string_equal(text, example);
}

static void what_was_encoded_is_decoded(void **state)
{
    const struct dlt645_recharge recharge = recharge_make();
    struct dlt645_recharge decoded;
    uint8_t values[DLT645_RECHARGE_SIZE];
    (void)state;
    memset(&decoded, 0, sizeof decoded);
    assert_int_equal(dlt645_recharge_encode(cipher_openssl(), key, &address, &recharge, values), 0);
    struct span span = span_of_bytes(values, sizeof values);
    assert_int_equal(dlt645_recharge_decode(cipher_openssl(), key, &address, DLT645_RECHARGE, span, &decoded), 0);
    assert_int_equal(decoded.identifier, DLT645_RECHARGE);
    assert_int_equal(decoded.amount, 12345);
    assert_int_equal(decoded.purchase_count, 7);
    assert_memory_equal(decoded.customer, recharge.customer, 6);
}

static void not_a_bit_may_be_another(void **state)
{
    const struct dlt645_recharge recharge = recharge_make();
    struct dlt645_recharge decoded;
    uint8_t values[DLT645_RECHARGE_SIZE], other_key[CIPHER_BLOCK_SIZE];
    struct dlt645_address other = address;
    const struct span span = span_of_bytes(values, sizeof values);
    (void)state;
    assert_int_equal(dlt645_recharge_encode(cipher_openssl(), key, &address, &recharge, values), 0);
    for (size_t bit = 0; bit < 8 * sizeof values; bit++) {
        values[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(dlt645_recharge_decode(cipher_openssl(), key, &address, DLT645_RECHARGE, span, &decoded),
                         CODEC_ERR_KEY);
        values[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    other.bytes[0]++;
    assert_int_equal(dlt645_recharge_decode(cipher_openssl(), key, &other, DLT645_RECHARGE, span, &decoded),
                     CODEC_ERR_KEY);
    assert_int_equal(dlt645_recharge_decode(cipher_openssl(), key, &address, DLT645_TAKE_BACK, span, &decoded),
                     CODEC_ERR_KEY);
    memcpy(other_key, key, sizeof key);
    other_key[15] ^= 1;
    assert_int_equal(dlt645_recharge_decode(cipher_openssl(), other_key, &address, DLT645_RECHARGE, span, &decoded),
                     CODEC_ERR_KEY);
    const struct span cut = span_of_bytes(values, sizeof values - 1);
    assert_int_equal(dlt645_recharge_decode(cipher_openssl(), key, &address, DLT645_RECHARGE, cut, &decoded),
                     CODEC_ERR_FORMAT);
}

static void answers_come_back(void **state)
{
    const int32_t balances[] = { 0, 1, 99999999, -1, -5000, INT32_MIN };
    uint8_t values[DLT645_RECHARGE_ANSWER_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof balances / sizeof balances[0]; i++) {
        int32_t balance = 77;
        uint32_t count = 0;
        dlt645_recharge_answer_encode(balances[i], 4294967295u, values);
        assert_int_equal(dlt645_recharge_answer_decode(span_of_bytes(values, sizeof values), &balance, &count), 0);
        assert_int_equal(balance, balances[i]);
        assert_int_equal(count, 4294967295u);
        assert_int_equal(dlt645_recharge_answer_decode(span_of_bytes(values, 7), &balance, &count), CODEC_ERR_FORMAT);
    }
}

static void a_forged_status_is_found(void **state)
{
    const struct dlt645_recharge_status status = { -1234, 8, { 1, 2, 3, 4, 5, 6 } };
    struct dlt645_recharge_status decoded = { 0, 0, { 0 } };
    uint8_t values[DLT645_RECHARGE_STATUS_SIZE];
    const struct span span = span_of_bytes(values, sizeof values);
    (void)state;
    assert_int_equal(dlt645_recharge_status_encode(cipher_openssl(), key, &address, &status, values), 0);
    assert_int_equal(dlt645_recharge_status_decode(cipher_openssl(), key, &address, span, &decoded), 0);
    assert_memory_equal(&decoded, &status, sizeof status);
    for (size_t at = 0; at < 16; at++) {
        values[at] ^= 0x01;
        assert_int_equal(dlt645_recharge_status_decode(cipher_openssl(), key, &address, span, &decoded), CODEC_ERR_KEY);
        values[at] ^= 0x01;
    }
    assert_int_equal(
        dlt645_recharge_status_decode(cipher_openssl(), key, &address, span_of_bytes(values, 25), &decoded),
        CODEC_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_where_the_extension_has_them),
        cmocka_unit_test(the_example_is_what_the_code_makes),
        cmocka_unit_test(what_was_encoded_is_decoded),
        cmocka_unit_test(not_a_bit_may_be_another),
        cmocka_unit_test(answers_come_back),
        cmocka_unit_test(a_forged_status_is_found),
    };
    return cmocka_run_group_tests_name("dlt645_recharge", tests, NULL, NULL);
}
