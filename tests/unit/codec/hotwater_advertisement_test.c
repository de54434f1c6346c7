#include "tests/unit/unit_test.h"

#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_advertisement.h"

static void meters_advertise_number_state_and_records(void **state)
{
    (void)state;
    const struct hotwater_advertisement right = { { 0x44, 0x01, 0x05, 0x00, 0x01, 0x23 }, HOTWATER_VALVE_PAUSED, 3 };
    struct hotwater_advertisement advertisement = right, read = { .unsent_records = 77 };
    uint8_t bytes[9] = { 0 };
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(hotwater_advertisement_encode(&advertisement, &out), 0);
    assert_int_equal(out.size, HOTWATER_ADVERTISEMENT_SIZE);
    assert_memory_equal(bytes, "\x44\x01\x05\x00\x01\x23\x02\x03", 8);
    assert_int_equal(hotwater_advertisement_decode(span_of_bytes(bytes, 7), &read), CODEC_ERR_SHORT);
    assert_int_equal(hotwater_advertisement_decode(span_of_bytes(bytes, 9), &read), CODEC_ERR_TRAILING);
    assert_int_equal(read.unsent_records, 77);
    assert_int_equal(hotwater_advertisement_decode(span_of_bytes(bytes, 8), &read), 0);
    assert_int_equal(read.valve, HOTWATER_VALVE_PAUSED);
    assert_int_equal(read.unsent_records, 3);
    bytes[2] = 0xa5;
    assert_int_equal(hotwater_advertisement_decode(span_of_bytes(bytes, 8), &read), CODEC_ERR_FORMAT);
    advertisement.valve = LAYOUT_UNKNOWN;
    assert_int_equal(hotwater_advertisement_encode(&advertisement, &out), CODEC_ERR_UNKNOWN);
}

static void names_end_with_six_digits(void **state)
{
    (void)state;
    const uint8_t meter[] = { 0x44, 0x01, 0x05, 0x00, 0x01, 0x23 };
    const uint8_t broken[] = { 0x44, 0x01, 0x05, 0x00, 0x01, 0x2b };
    char name[HOTWATER_NAME_LIMIT] = "";

    assert_int_equal(hotwater_name_write(broken, name), CODEC_ERR_RANGE);
    assert_string_equal(name, "");
    assert_int_equal(hotwater_name_write(meter, name), 0);
    assert_string_equal(name, "HW000123");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meters_advertise_number_state_and_records),
        cmocka_unit_test(names_end_with_six_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
