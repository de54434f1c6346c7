#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/senml/base64.h"
#include "codec/senml/cbor_writer.h"
#include "codec/senml/senml_cbor.h"
#include "codec/senml/senml_json.h"

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

static int json_walk(const char *text, struct senml_record *last)
{
    struct senml_json_reader reader = senml_json_reader(span_of_text(text));
    int count = 0, result;
    while ((result = senml_json_next(&reader, last)) > 0)
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

static void base_fields_stay_in_force(void **state)
{
    (void)state;
    static const char pack[] = "[{\"bn\":\"/a\",\"bt\":100.5,\"bv\":10,\"n\":\"1\",\"v\":1,\"t\":-0.25},{\"n\":\"2\",\"v\":-3},"
                               "{\"bn\":\"/b\",\"bv\":0,\"n\":\"3\",\"v\":2e1,\"t\":1}]";
    struct senml_json_reader reader = senml_json_reader(span_of_text(pack));
    static const struct {
        const char *name;
        int64_t value, time_ms;
    } wanted[] = { { "/a1", 11, 100250 }, { "/a2", 7, 100500 }, { "/b3", 20, 101500 } };
    struct senml_record record;
    int64_t value;

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(senml_json_next(&reader, &record), 1);
        assert_string_equal(record.name, wanted[i].name);
        assert_int_equal(senml_record_scaled(&record, 0, &value), 0);
        assert_int_equal(value, wanted[i].value);
        assert_true(record.has_time);
        assert_int_equal(record.time_ms, wanted[i].time_ms);
    }
    assert_int_equal(senml_json_next(&reader, &record), 0);
}

static void json_damage_has_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int error;
    } cases[] = {
        { "", CODEC_ERR_SHORT },
        { "{}", CODEC_ERR_FORMAT },
        { "[", CODEC_ERR_SHORT },
        { "[{\"n\":\"a\"}", CODEC_ERR_SHORT },
        { "[{\"n\":\"a\"},]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\"}{\"n\":\"b\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",}]", CODEC_ERR_FORMAT },
        { "[{\"n\" \"a\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\"}] x", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\"}] 1", CODEC_ERR_TRAILING },
        { "[{\"n\":\"a\",\"v\":\"1\"}]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\",\"v\":01}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"vb\":1}]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\",\"vs\":null}]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\",\"v\":1,\"vs\":\"b\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"n\":\"b\"}]", CODEC_ERR_DUPLICATE },
        { "[{\"n\":\"a\",\"must_\":1}]", CODEC_ERR_UNKNOWN },
        { "[{\"n\":\"a\",\"x\":[[[[[[[[[1]]]]]]]]]}]", CODEC_ERR_DEPTH },
        { "[{\"n\":\"a\",\"x\":[1 2]}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"x\":{\"y\":}}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"x\":[1}}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"x\":[1,]}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\\q\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\\ud800\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\nb\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"\xff\"}]", CODEC_ERR_FORMAT },
        { "[1]", CODEC_ERR_TYPE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct senml_record record;
        assert_int_equal(json_walk(cases[i].text, &record), cases[i].error);
    }
}

static void escapes_are_undone(void **state)
{
    (void)state;
    struct senml_record record;
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    assert_int_equal(json_walk("[{\"n\":\"\\/3\\u002f0\",\"vs\":\"\\u6c34\\ud83d\\ude00\\t\\\"\"}]", &record), 1);
    assert_string_equal(record.name, "/3/0");
    assert_int_equal(senml_record_bytes(&record, &out), 0);
    assert_true(span_equal_text(writer_span(&out), "\xe6\xb0\xb4\xf0\x9f\x98\x80\t\""));
}

static void base64_follows_the_alphabet(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *bytes;
    } good[] = { { "", "" }, { "Zg", "f" }, { "Zg==", "f" }, { "Zm8", "fo" }, { "Zm8=", "fo" }, { "Zm9v", "foo" } };
    static const char *const bad[] = { "Z", "Zg=", "Zm9v=", "Z===", "Zm9vZ", "Zm9v====", "Zm 9v", "=", "Zg==Zg==" };
    uint8_t buffer[16];

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        assert_int_equal(base64_decode(span_of_text(good[i].text), &out), 0);
        assert_true(span_equal_text(writer_span(&out), good[i].bytes));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        assert_int_equal(base64_decode(span_of_text(bad[i]), &out), CODEC_ERR_FORMAT);
        assert_int_equal(out.size, 0);
    }
    struct writer out = writer_of_buffer(buffer, 2);
    assert_int_equal(base64_decode(span_of_text("Zm9v"), &out), CODEC_ERR_FULL);
}

static void base64_comes_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(4648);
    for (int round = 0; round < 5000; round++) {
        uint8_t bytes[40], text[60], back[40];
        struct writer text_out = writer_of_buffer(text, sizeof text), out = writer_of_buffer(back, sizeof back);
        size_t size = random_below(&random, sizeof bytes + 1);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)random_next(&random);
        base64_encode(span_of_bytes(bytes, size), &text_out);
        assert_int_equal(base64_decode(writer_span(&text_out), &out), 0);
        assert_true(span_equal(writer_span(&out), span_of_bytes(bytes, size)));
    }
}

static void assert_decimal_bytes(int64_t value, int scale, const char *hex)
{
    uint8_t buffer[16], wanted[16];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    int size = hex_decode(span_of_text(hex), wanted, sizeof wanted);
    assert_int_equal(cbor_put_decimal(&out, value, scale), 0);
    assert_int_equal(out.size, size);
    assert_memory_equal(buffer, wanted, out.size);
}

static void numbers_take_their_shortest_form(void **state)
{
    (void)state;
    assert_decimal_bytes(0, 6, "00");
    assert_decimal_bytes(23, 0, "17");
    assert_decimal_bytes(24, 0, "1818");
    assert_decimal_bytes(-1, 0, "20");
    assert_decimal_bytes(-500, 0, "3901f3");
    assert_decimal_bytes(1000000, 0, "1a000f4240");
    assert_decimal_bytes(INT64_MIN, 0, "3b7fffffffffffffff");
    assert_decimal_bytes(12000000, 6, "0c");
    assert_decimal_bytes(15, 1, "f93e00");
    assert_decimal_bytes(-41, 1, "fac0833333");
    assert_decimal_bytes(1234567001, 6, "fb40934a449be8ff32");
}

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

static struct senml_entry random_entry(struct random *random)
{
    static const char *const texts[] = { "Anjay", "", "a \"quoted\" \\ line\n", "\xe6\xb0\xb4\xe8\xa1\xa8" };
    struct senml_entry entry;
    memset(&entry, 0, sizeof entry);
    entry.kind = (uint8_t)random_below(random, 6);
    entry.name = span_of_text("/33424/0/1");
    entry.scale = (int)random_below(random, 7);
    entry.number = random_between(random, -INT64_C(100000000000000), INT64_C(100000000000000));
    entry.boolean = random_chance(random, 1, 2);
    entry.text = span_of_text(entry.kind == SENML_LINK ? "66:0" : texts[random_below(random, 4)]);
    entry.has_base_time = random_chance(random, 1, 2);
    entry.base_time_s = (int64_t)random_below(random, UINT64_C(4102444800));
    return entry;
}

static void assert_same(const struct senml_entry *entry, const struct senml_record *record)
{
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    int64_t value;

    assert_string_equal(record->name, "/33424/0/1");
    assert_int_equal(record->kind, entry->kind);
    assert_int_equal(record->has_time, entry->has_base_time);
    if (entry->has_base_time)
        assert_int_equal(record->time_ms, entry->base_time_s * 1000);
    if (entry->kind == SENML_NUMBER) {
        assert_int_equal(senml_record_scaled(record, entry->scale, &value), 0);
        assert_int_equal(value, entry->number);
    } else if (entry->kind == SENML_BOOLEAN)
        assert_int_equal(record->boolean, entry->boolean);
    else if (entry->kind != SENML_NOTHING) {
        assert_int_equal(senml_record_bytes(record, &out), 0);
        assert_true(span_equal(writer_span(&out), entry->text));
    }
}

static void entries_come_back_in_both_forms(void **state)
{
    (void)state;
    struct random random = random_of_seed(8428);
    for (int round = 0; round < 20000; round++) {
        struct senml_entry entry = random_entry(&random);
        uint8_t buffer[256];
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        struct senml_record record;

        senml_cbor_put_pack(&out, 1);
        assert_int_equal(senml_cbor_put_entry(&out, &entry), 0);
        struct senml_cbor_reader cbor = senml_cbor_reader(writer_span(&out));
        assert_int_equal(senml_cbor_next(&cbor, &record), 1);
        assert_same(&entry, &record);
        assert_int_equal(senml_cbor_next(&cbor, &record), 0);

        out = writer_of_buffer(buffer, sizeof buffer);
        assert_int_equal(senml_json_put_entry(&out, &entry, 0, 1), 0);
        struct senml_json_reader json = senml_json_reader(writer_span(&out));
        assert_int_equal(senml_json_next(&json, &record), 1);
        assert_same(&entry, &record);
        assert_int_equal(senml_json_next(&json, &record), 0);
    }
}

static void small_buffers_are_told(void **state)
{
    (void)state;
    struct random random = random_of_seed(3);
    struct senml_entry entry = random_entry(&random);
    uint8_t buffer[64];

    entry.kind = SENML_TEXT;
    entry.text = span_of_text("0123456789");
    for (size_t capacity = 0; capacity < 24; capacity++) {
        struct writer cbor = writer_of_buffer(buffer, capacity), json = writer_of_buffer(buffer, capacity);
        assert_int_equal(senml_cbor_put_entry(&cbor, &entry), CODEC_ERR_FULL);
        assert_int_equal(senml_json_put_entry(&json, &entry, 0, 1), CODEC_ERR_FULL);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cbor_damage_has_its_reason),
        cmocka_unit_test(long_names_are_refused),
        cmocka_unit_test(indefinite_lengths_and_unknown_labels_pass),
        cmocka_unit_test(base_fields_stay_in_force),
        cmocka_unit_test(json_damage_has_its_reason),
        cmocka_unit_test(escapes_are_undone),
        cmocka_unit_test(base64_follows_the_alphabet),
        cmocka_unit_test(base64_comes_back),
        cmocka_unit_test(numbers_take_their_shortest_form),
        cmocka_unit_test(fractions_of_tag_4_and_5_are_numbers),
        cmocka_unit_test(entries_come_back_in_both_forms),
        cmocka_unit_test(small_buffers_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
