#include "tests/unit/unit_test.h"

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_tlv.h"

/* One and the same value under every legal width of identifier and length. */
static void tlv_widths_are_all_legal(void **state)
{
    (void)state;
    static const char *const forms[] = { "c2050102", "e200050102", "c805020102", "e80005020102", "d00500020102",
                                         "f0000500020102", "d8050000020102", "f80005000002 0102" };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        uint8_t bytes[16];
        int size = hex_decode(span_of_text(forms[i]), bytes, sizeof bytes);
        struct lwm2m_tlv entry;
        size_t offset = 0;
        assert_int_equal(lwm2m_tlv_next(span_of_bytes(bytes, (size_t)size), &offset, &entry), 1);
        assert_int_equal(entry.kind, LWM2M_TLV_RESOURCE);
        assert_int_equal(entry.id, 5);
        assert_int_equal(entry.value.size, 2);
        assert_int_equal(offset, size);
        for (size_t cut = 1; cut < (size_t)size; cut++) {
            offset = 0;
            assert_int_equal(lwm2m_tlv_next(span_of_bytes(bytes, cut), &offset, &entry), CODEC_ERR_SHORT);
            assert_int_equal(offset, 0);
        }
    }
}

static void tlv_values_are_typed_by_width(void **state)
{
    (void)state;
    int64_t integer = 0;
    struct number number;
    bool boolean;
    uint16_t object, instance;
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("\xff\xff\xff\xfe", 4), &integer), 0);
    assert_int_equal(integer, -2);
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("\x80\0\0\0\0\0\0\0", 8), &integer), 0);
    assert_int_equal(integer, INT64_MIN);
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("\0\0\1", 3), &integer), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("", 0), &integer), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_float(span_of_bytes("\x3f\x80", 2), &number), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_float(span_of_bytes("\x3f\x80\0\0", 4), &number), 0);
    assert_int_equal(number_integer(number, &integer), 0);
    assert_int_equal(integer, 1);
    assert_int_equal(lwm2m_tlv_boolean(span_of_bytes("\2", 1), &boolean), CODEC_ERR_RANGE);
    assert_int_equal(lwm2m_tlv_boolean(span_of_bytes("\0\1", 2), &boolean), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_link(span_of_bytes("\0\1\0", 3), &object, &instance), CODEC_ERR_TYPE);
}

static void tlv_numbers_come_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(743);
    for (int round = 0; round < 20000; round++) {
        uint8_t buffer[32];
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        int64_t value = (int64_t)(random_next(&random) >> random_below(&random, 64)), back, decimal;
        int scale = (int)random_below(&random, 4);
        uint16_t id = (uint16_t)random_below(&random, 65535);
        struct lwm2m_tlv entry;
        struct number number;
        size_t offset = 0;
        if (random_chance(&random, 1, 2))
            value = -(value >> 1);
        assert_int_equal(lwm2m_tlv_put_integer(&out, LWM2M_TLV_RESOURCE, id, value), 0);
        decimal = value / 4096;
        assert_int_equal(lwm2m_tlv_put_decimal(&out, LWM2M_TLV_RESOURCE_INSTANCE, id, decimal, scale), 0);
        assert_int_equal(lwm2m_tlv_next(writer_span(&out), &offset, &entry), 1);
        assert_int_equal(entry.id, id);
        assert_int_equal(lwm2m_tlv_integer(entry.value, &back), 0);
        assert_int_equal(back, value);
        assert_int_equal(lwm2m_tlv_next(writer_span(&out), &offset, &entry), 1);
        assert_int_equal(lwm2m_tlv_float(entry.value, &number), 0);
        assert_int_equal(number_scaled(number, scale, &back), 0);
        assert_int_equal(back, decimal);
        assert_int_equal(lwm2m_tlv_next(writer_span(&out), &offset, &entry), 0);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tlv_widths_are_all_legal),
        cmocka_unit_test(tlv_values_are_typed_by_width),
        cmocka_unit_test(tlv_numbers_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
