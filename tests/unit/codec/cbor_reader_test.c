#include "tests/unit/unit_test.h"

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/senml/senml_cbor.h"

static void fractions_of_tag_4_and_5_are_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int64_t value; /* at scale 3 */
    } cases[] = { { "c48221196ab3", 273150 }, { "c5822003", 1500 }, { "c4820318 2a", 42000000 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[16];
        int size = hex_decode(span_of_text(cases[i].hex), bytes, sizeof bytes);
        struct senml_record record;
        int64_t value;
        assert_int_equal(cbor_scalar_decode(span_of_bytes(bytes, (size_t)size), &record), 0);
        assert_int_equal(senml_record_scaled(&record, 3, &value), 0);
        assert_int_equal(value, cases[i].value);
    }
}

/* Appendix A and F of RFC 8949: what one head says. */
static void heads_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int result;
        enum cbor_kind kind;
        uint64_t argument;
    } cases[] = {
        { "00", 0, CBOR_UNSIGNED, 0 },
        { "1bffffffffffffffff", 0, CBOR_UNSIGNED, UINT64_MAX },
        { "38ff", 0, CBOR_NEGATIVE, 255 },
        { "f4", 0, CBOR_BOOLEAN, 0 },
        { "f5", 0, CBOR_BOOLEAN, 1 },
        { "f6", 0, CBOR_NULL, 0 },
        { "f7", 0, CBOR_UNDEFINED, 0 },
        { "f0", 0, CBOR_SIMPLE, 16 },
        { "f8ff", 0, CBOR_SIMPLE, 255 },
        { "f81f", CODEC_ERR_RESERVED, 0, 0 },
        { "f93c00", 0, CBOR_FLOAT, 0x3c00 },
        { "c1", 0, CBOR_TAG, 1 },
        { "9f", 0, CBOR_ARRAY, 0 },
        { "ff", 0, CBOR_BREAK, 0 },
        { "1c", CODEC_ERR_RESERVED, 0, 0 },
        { "1f", CODEC_ERR_RESERVED, 0, 0 },
        { "df", CODEC_ERR_RESERVED, 0, 0 },
        { "fc", CODEC_ERR_RESERVED, 0, 0 },
        { "18", CODEC_ERR_SHORT, 0, 0 },
        { "1a000000", CODEC_ERR_SHORT, 0, 0 },
        { "62 61", CODEC_ERR_SHORT, 0, 0 },
        { "5bffffffffffffffff", CODEC_ERR_SHORT, 0, 0 },
        { "", CODEC_ERR_SHORT, 0, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[16];
        int size = hex_decode(span_of_text(cases[i].hex), bytes, sizeof bytes);
        struct cbor_reader reader = cbor_reader(span_of_bytes(bytes, (size_t)size));
        struct cbor_item item = { 99, 0, false, 0, { NULL, 0 }, 0 };
        assert_int_equal(cbor_reader_next(&reader, &item), cases[i].result);
        if (cases[i].result < 0) {
            assert_int_equal(item.kind, 99);
            assert_int_equal(reader.offset, 0);
            continue;
        }
        assert_int_equal(item.kind, cases[i].kind);
        assert_int_equal(item.argument, cases[i].argument);
        assert_int_equal(reader.offset, size);
    }
}

static void whole_items_are_skipped(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int result;
        size_t used;
    } cases[] = {
        { "00 00", 0, 1 },
        { "83019f0203ff820405 00", 0, 9 },
        { "bf6346756ef563416d7421ff 00", 0, 12 },
        { "7f657374726561646d696e67ff", 0, 13 },
        { "c48221196ab3", 0, 6 },
        { "a1 01", CODEC_ERR_SHORT, 0 },
        { "8181818181818181 80", 0, 9 },
        { "818181818181818181 80", CODEC_ERR_DEPTH, 0 },
        { "ff", CODEC_ERR_FORMAT, 0 },
        { "82 01 ff", CODEC_ERR_FORMAT, 0 },
        { "bbffffffffffffffff", CODEC_ERR_SHORT, 0 },
        { "9bffffffffffffffff", CODEC_ERR_SHORT, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[32];
        int size = hex_decode(span_of_text(cases[i].hex), bytes, sizeof bytes);
        struct cbor_reader reader = cbor_reader(span_of_bytes(bytes, (size_t)size));
        assert_int_equal(cbor_reader_skip(&reader), cases[i].result);
        assert_int_equal(reader.offset, cases[i].used);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_told_apart),
        cmocka_unit_test(whole_items_are_skipped),
        cmocka_unit_test(fractions_of_tag_4_and_5_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
