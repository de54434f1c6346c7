#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_key.h"
#include "security/cipher_openssl.h"

static const uint8_t meter[6] = { 0x44, 0x01, 0x05, 0x00, 0x01, 0x23 };

static struct span bytes_of(const char *hex, uint8_t *bytes, size_t capacity)
{
    int size = hex_decode(span_of_text(hex), bytes, capacity);
    assert_true(size >= 0);
    return span_of_bytes(bytes, (size_t)size);
}

static void key_count(uint8_t first, uint8_t key[16])
{
    for (uint8_t i = 0; i < 16; i++)
        key[i] = (uint8_t)(first + i);
}

/* HW-1, worked examples. */
static void grant_and_session_keys_are_the_published_ones(void **state)
{
    (void)state;
    uint8_t meter_key[16], grant[64], grant_key[16], session_key[16], expected[16], phone[8], own[8];
    struct span shown =
        bytes_of("440105000123000000000134b35900001389673e7800673e9420025804b0000a000009c4000301", grant, sizeof grant);

    key_count(0xb0, meter_key);
    assert_int_equal(hotwater_grant_key(cipher_openssl(), meter_key, shown, grant_key), 0);
    bytes_of("82936a90bd6fa50b4005d22405f8bebf", expected, sizeof expected);
    assert_memory_equal(grant_key, expected, 16);
    bytes_of("1112131415161718", phone, sizeof phone);
    bytes_of("2122232425262728", own, sizeof own);
    assert_int_equal(hotwater_session_key(cipher_openssl(), grant_key, meter, phone, own, session_key), 0);
    bytes_of("429bdbe3519282d697818caf876f99b7", expected, sizeof expected);
    assert_memory_equal(session_key, expected, 16);
}

static void records_cannot_be_altered(void **state)
{
    (void)state;
    uint8_t key[16], bytes[64], other_meter[6];
    struct span record = bytes_of("0000019d000000000134b3590000000000000000673e7800673e7931012c00000ef10000006001"
                                  "9f00030100000f20f707a7dd2254163d05",
                                  bytes, sizeof bytes);

    key_count(0xd0, key);
    assert_int_equal(record.size, HOTWATER_TAGGED_RECORD_SIZE);
    assert_int_equal(hotwater_record_check(cipher_openssl(), key, meter, record), 0);
    for (size_t at = 0; at < record.size; at++) {
        bytes[at] ^= 1;
        assert_int_equal(hotwater_record_check(cipher_openssl(), key, meter, record), CODEC_ERR_KEY);
        bytes[at] ^= 1;
    }
    memcpy(other_meter, meter, sizeof meter);
    other_meter[5] = 0x24;
    assert_int_equal(hotwater_record_check(cipher_openssl(), key, other_meter, record), CODEC_ERR_KEY);
    record.size--;
    assert_int_equal(hotwater_record_check(cipher_openssl(), key, meter, record), CODEC_ERR_KEY);
}

static void confirmations_name_the_last_record(void **state)
{
    (void)state;
    struct hotwater_confirmation confirmation = { .last_number = 413 };
    uint8_t key[16], expected[8];

    key_count(0xd0, key);
    assert_int_equal(hotwater_confirmation_tag(cipher_openssl(), key, meter, 413, confirmation.tag), 0);
    bytes_of("e5f4625db8646ba0", expected, sizeof expected);
    assert_memory_equal(confirmation.tag, expected, 8);
    assert_int_equal(hotwater_confirmation_check(cipher_openssl(), key, meter, &confirmation), 0);
    confirmation.last_number = 414;
    assert_int_equal(hotwater_confirmation_check(cipher_openssl(), key, meter, &confirmation), CODEC_ERR_KEY);
}

static void card_ids_have_eight_bytes(void **state)
{
    (void)state;
    uint8_t id[8];
    struct span uid = span_of_text("0123456789");

    uid.size = 4;
    assert_int_equal(hotwater_card_id(cipher_openssl(), uid, id), 0);
    assert_memory_equal(id,
                        "\x04"
                        "0123\0\0\0",
                        8);
    uid.size = 7;
    assert_int_equal(hotwater_card_id(cipher_openssl(), uid, id), 0);
    assert_memory_equal(id,
                        "\x07"
                        "0123456",
                        8);
    uid.size = 10;
    assert_int_equal(hotwater_card_id(cipher_openssl(), uid, id), 0);
    assert_int_equal(id[0], 10);
    assert_memory_not_equal(id + 1, "0123456", 7);
    uid.size = 8;
    assert_int_equal(hotwater_card_id(cipher_openssl(), uid, id), CODEC_ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grant_and_session_keys_are_the_published_ones),
        cmocka_unit_test(records_cannot_be_altered),
        cmocka_unit_test(confirmations_name_the_last_record),
        cmocka_unit_test(card_ids_have_eight_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
