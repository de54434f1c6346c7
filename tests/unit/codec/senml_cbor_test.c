#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/senml/senml_cbor.h"

/* Walks a whole pack.
 * returns  number of records; the error that stopped it */
static int cbor_walk(const char *hex, struct senml_record *last)
{
    uint8_t bytes[512];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);
    assert_true(size >= 0);
    struct senml_cbor_reader reader = senml_cbor_reader(span_of_bytes(bytes, (size_t)size));
    int count = 0, result;
    while ((result = senml_cbor_next(&reader, last)) > 0)
        count++;
    return result < 0 ? result : count;
}

static void cbor_damage_has_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int error;
    } cases[] = {
        { "", CODEC_ERR_SHORT },
        { "a0", CODEC_ERR_TYPE },                          /* a map is no pack */
        { "8101", CODEC_ERR_TYPE },                        /* a number is no record */
        { "81a1006161ff", CODEC_ERR_TRAILING },
        { "81a20061610061 62", CODEC_ERR_DUPLICATE },      /* n twice */
        { "81a300616102010401", CODEC_ERR_FORMAT },        /* v and vb */
        { "81a2006161026161", CODEC_ERR_TYPE },            /* v is a text */
        { "81a200616104 01", CODEC_ERR_TYPE },             /* vb is a number */
        { "81a2006161034161", CODEC_ERR_TYPE },            /* vs is bytes */
        { "81a2006161086161", CODEC_ERR_TYPE },            /* vd is a text */
        { "81a10201", CODEC_ERR_MISSING },                 /* no name */
        { "81a2200b006161", CODEC_ERR_VERSION },           /* bver 11 */
        { "81a200616162615f01", CODEC_ERR_UNKNOWN },       /* "a_" must be understood */
        { "81a1007f6161ff", CODEC_ERR_UNSUPPORTED },       /* name of indefinite length */
        { "81a1006120", CODEC_ERR_FORMAT },                /* name with a blank */
        { "9fa1006161", CODEC_ERR_SHORT },                 /* no break */
        { "81bf006161", CODEC_ERR_SHORT },
        { "81a2006161021c", CODEC_ERR_RESERVED },
        { "81a2006161 0281818181818181818101", CODEC_ERR_TYPE },
        { "81a20061610a818181818181818181 01", CODEC_ERR_DEPTH }, /* unknown label, nested too deeply */
        { "81a2006161 3903e8 ff", CODEC_ERR_FORMAT },      /* unknown label, a break for a value */
        { "81a200616102c4820119ffffffffff", CODEC_ERR_TRAILING },
        { "81a20061610 2c4836101", CODEC_ERR_TYPE },       /* no pair of exponent and mantissa */
        { "81a200616106fb7ff8000000000000", CODEC_ERR_RANGE }, /* time is not a number */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct senml_record record;
        char hex[200] = "";
        size_t used = 0;
        for (const char *c = cases[i].hex; *c != '\0'; c++)
            if (*c != ' ')
                hex[used++] = *c;
        hex[used] = '\0';
        assert_int_equal(cbor_walk(hex, &record), cases[i].error);
    }
}

static void long_names_are_refused(void **state)
{
    (void)state;
    char hex[200] = "81a1007841";
    struct senml_record record;
    for (int i = 0; i < SENML_NAME_LIMIT + 1; i++)
        memcpy(hex + 10 + 2 * i, "61", 3);
    assert_int_equal(cbor_walk(hex, &record), CODEC_ERR_TOO_LONG);
    memcpy(hex + 8, "40", 2);
    hex[10 + 2 * SENML_NAME_LIMIT] = '\0';
    assert_int_equal(cbor_walk(hex, &record), 1);
    assert_int_equal(record.name_size, SENML_NAME_LIMIT);
}

static void indefinite_lengths_and_unknown_labels_pass(void **state)
{
    (void)state;
    struct senml_record record;
    int64_t value;
    assert_int_equal(cbor_walk("9fbf0063612f620201ffff", &record), 1);
    assert_string_equal(record.name, "a/b");
    assert_int_equal(cbor_walk("81a4006161 0202 0c83019f0203ff820405 617aa16178f6", &record), 1);
    assert_int_equal(senml_record_scaled(&record, 0, &value), 0);
    assert_int_equal(value, 2);
    assert_int_equal(cbor_walk("80", &record), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cbor_damage_has_its_reason),
        cmocka_unit_test(long_names_are_refused),
        cmocka_unit_test(indefinite_lengths_and_unknown_labels_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
