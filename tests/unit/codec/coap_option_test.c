#include "tests/unit/unit_test.h"

#include "codec/coap/coap_code.h"
#include "codec/coap/coap_option.h"
#include "codec/codec_error.h"

static void numbers_tell_their_nature(void **state)
{
    (void)state;
    assert_true(coap_option_is_critical(COAP_OPTION_URI_PATH));
    assert_false(coap_option_is_critical(COAP_OPTION_CONTENT_FORMAT));
    assert_true(coap_option_is_unsafe(COAP_OPTION_URI_PATH));
    assert_false(coap_option_is_unsafe(COAP_OPTION_ACCEPT));
    assert_true(coap_option_is_no_cache_key(COAP_OPTION_SIZE1));
    assert_false(coap_option_is_no_cache_key(COAP_OPTION_ETAG));
}

/* Table 4 of RFC 7252 states for each option whether it is critical and repeatable; spot checks of the whole. */
static void table_is_sorted_and_found(void **state)
{
    (void)state;
    int found = 0;
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const struct coap_option_info *info = coap_option_info((uint16_t)number);
        if (info == NULL)
            continue;
        found++;
        assert_int_equal(info->number, number);
        assert_true(info->size_min <= info->size_max);
    }
    assert_int_equal(found, 22);
    assert_null(coap_option_info(2));
}

static void lengths_decide_recognition(void **state)
{
    (void)state;
    struct coap_option option = { COAP_OPTION_CONTENT_FORMAT, { (const uint8_t *)"\0\0\0", 2 }, 0 };
    assert_true(coap_option_is_recognised(&option));
    option.value.size = 3;
    assert_false(coap_option_is_recognised(&option));
    option.number = 2;
    option.value.size = 0;
    assert_false(coap_option_is_recognised(&option));
}

static void unsigned_takes_up_to_four_bytes(void **state)
{
    (void)state;
    uint32_t value = 7;
    assert_int_equal(coap_option_unsigned(span_of_bytes("", 0), &value), 0);
    assert_int_equal(value, 0);
    assert_int_equal(coap_option_unsigned(span_of_bytes("\0\0\1\2", 4), &value), 0);
    assert_int_equal(value, 258);
    assert_int_equal(coap_option_unsigned(span_of_bytes("\0\0\0\0\1", 5), &value), CODEC_ERR_RANGE);
    assert_int_equal(value, 258);
}

static void every_block_comes_back(void **state)
{
    (void)state;
    for (uint32_t number = 0; number <= 0xfffff; number += 1023)
        for (unsigned size = 16; size <= 1024; size *= 2)
            for (int more = 0; more < 2; more++) {
                struct coap_block block = { number, more != 0, (uint16_t)size }, back;
                uint32_t value;
                assert_int_equal(coap_block_encode(&block, &value), 0);
                uint8_t bytes[3] = { (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value };
                assert_int_equal(coap_block_decode(span_of_bytes(bytes, 3), &back), 0);
                assert_int_equal(back.number, number);
                assert_int_equal(back.more, more);
                assert_int_equal(back.size, size);
            }
}

static void wrong_blocks_are_refused(void **state)
{
    (void)state;
    struct coap_block block = { 1, false, 48 };
    uint32_t value;
    assert_int_equal(coap_block_encode(&block, &value), CODEC_ERR_RANGE);
    block.size = 2048;
    assert_int_equal(coap_block_encode(&block, &value), CODEC_ERR_RANGE);
    block.size = 64;
    block.number = 0x100000;
    assert_int_equal(coap_block_encode(&block, &value), CODEC_ERR_RANGE);
    assert_int_equal(coap_block_decode(span_of_bytes("\x07", 1), &block), CODEC_ERR_RESERVED);
    assert_int_equal(coap_block_decode(span_of_bytes("\0\0\0\1", 4), &block), CODEC_ERR_RANGE);
    assert_int_equal(coap_block_decode(span_of_bytes("", 0), &block), 0);
    assert_int_equal(block.size, 16);
}

static void observe_order_wraps_and_ages(void **state)
{
    (void)state;
    assert_true(coap_observe_is_newer(1, 0, 2, 0));
    assert_false(coap_observe_is_newer(2, 0, 1, 0));
    assert_false(coap_observe_is_newer(2, 0, 2, 0));
    assert_true(coap_observe_is_newer(0xffffff, 0, 0, 0));
    assert_false(coap_observe_is_newer(0, 0, 0xffffff, 0));
    assert_false(coap_observe_is_newer(0, 0, 1u << 23, 0));
    assert_false(coap_observe_is_newer(2, 0, 1, 128000));
    assert_true(coap_observe_is_newer(2, 0, 1, 128001));
}

static void codes_have_names_and_classes(void **state)
{
    (void)state;
    assert_string_equal(coap_code_info(COAP_CODE_NOT_FOUND)->name, "Not Found");
    assert_int_equal(COAP_CODE_NOT_FOUND, 0x84);
    assert_null(coap_code_info(COAP_CODE(3, 9)));
    assert_true(coap_code_is_request(COAP_CODE_FETCH));
    assert_false(coap_code_is_request(COAP_CODE_EMPTY));
    assert_true(coap_code_is_response(COAP_CODE_INTERNAL_ERROR));
    assert_false(coap_code_is_response(COAP_CODE_GET));
    for (unsigned code = 0; code < 256; code++) {
        const struct coap_code_info *info = coap_code_info((uint8_t)code);
        assert_true(info == NULL || info->code == code);
        assert_true(info == NULL || !coap_code_is_reserved((uint8_t)code));
    }
    assert_string_equal(coap_format_info(112)->media_type, "application/senml+cbor");
    assert_null(coap_format_info(65000));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_tell_their_nature),       cmocka_unit_test(table_is_sorted_and_found),
        cmocka_unit_test(lengths_decide_recognition),      cmocka_unit_test(unsigned_takes_up_to_four_bytes),
        cmocka_unit_test(every_block_comes_back),          cmocka_unit_test(wrong_blocks_are_refused),
        cmocka_unit_test(observe_order_wraps_and_ages),    cmocka_unit_test(codes_have_names_and_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
