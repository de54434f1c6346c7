#include "tests/unit/unit_test.h"

#include <string.h>

#include "dialog/lwm2m_handle.h"

static const struct hash_key key = { 21, 22 };

static void every_device_has_a_handle_of_its_own(void **state)
{
    (void)state;
    static const uint32_t probes[] = { 0, 1, 2, 4095, 4096, 999999, 1000000, 16777214, 16777215 };
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        char handle[LWM2M_HANDLE_SIZE];
        uint32_t device_id = UINT32_MAX;
        lwm2m_handle_write(key, probes[i], handle);
        assert_true(lwm2m_handle_read(key, span_of_bytes(handle, sizeof handle), &device_id));
        assert_int_equal(device_id, probes[i]);
    }
    static uint8_t seen[LWM2M_HANDLE_DEVICE_LIMIT / 8];
    for (uint32_t id = 0; id < 100000; id++) {
        char handle[LWM2M_HANDLE_SIZE];
        uint32_t packed = 0;
        lwm2m_handle_write((struct hash_key){ 0, 0 }, id, handle);
        assert_true(lwm2m_handle_read(key, span_of_bytes(handle, sizeof handle), &packed)); /* any other bijection */
        assert_int_equal(seen[packed / 8] >> packed % 8 & 1, 0);
        seen[packed / 8] |= (uint8_t)(1 << packed % 8);
    }
}

static void other_texts_are_no_handles(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "ABC", "ABCDE", "AB.D", "AB D", "AB\xc3\xa9" };
    uint32_t device_id = 7;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(lwm2m_handle_read(key, span_of_text(texts[i]), &device_id));
    assert_false(lwm2m_handle_read(key, span_of_bytes("AB\0D", 4), &device_id));
    assert_int_equal(device_id, 7);
}

static void observe_token_is_ours_or_nothing(void **state)
{
    (void)state;
    uint8_t token[LWM2M_OBSERVE_TOKEN_SIZE];
    uint32_t device_id = 0;
    lwm2m_observe_token_write(key, 1234567, token);
    assert_true(lwm2m_observe_token_read(key, span_of_bytes(token, sizeof token), &device_id));
    assert_int_equal(device_id, 1234567);
    assert_false(lwm2m_observe_token_read(key, span_of_bytes(token, sizeof token - 1), &device_id));
    assert_false(lwm2m_observe_token_read((struct hash_key){ 21, 23 }, span_of_bytes(token, sizeof token),
                                          &device_id));
    for (size_t bit = 0; bit < sizeof token * 8; bit++) {
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(lwm2m_observe_token_read(key, span_of_bytes(token, sizeof token), &device_id));
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_device_has_a_handle_of_its_own),
        cmocka_unit_test(other_texts_are_no_handles),
        cmocka_unit_test(observe_token_is_ours_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
