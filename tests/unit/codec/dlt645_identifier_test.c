#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_field.h"
#include "codec/dlt645/dlt645_word.h"

static const char *name_of(enum dlt645_version version, uint32_t identifier, bool is_chinese)
{
    static char text[200];
    struct writer out = writer_of_buffer(text, sizeof text);
    struct dlt645_identity identity;

    if (dlt645_identifier_find(version, identifier, false, &identity) < 0)
        return NULL;
    dlt645_identity_write(&identity, is_chinese, &out);
    return writer_terminate(&out);
}

/* The search relies on it, and a row out of order is never found. */
static void rows_are_in_order_and_complete(void **state)
{
    (void)state;
    for (int version = DLT645_1997; version <= DLT645_2007; version++) {
        const struct dlt645_row *before = NULL, *row;
        size_t index = 0;

        for (; (row = dlt645_row_at((enum dlt645_version)version, index)) != NULL; index++, before = row) {
            struct dlt645_identity identity;
            if (before != NULL && before->identifier >= row->identifier)
                fail_msg("%08lX does not lie behind %08lX", (unsigned long)row->identifier,
                         (unsigned long)before->identifier);
            assert_int_equal(dlt645_identifier_find((enum dlt645_version)version, row->identifier, false, &identity),
                             0);
            assert_ptr_equal(identity.row, row);
            assert_true(row->english[0] != '\0' && row->chinese[0] != '\0' && identity.clause[0] != '\0');
            assert_true(row->record != NULL || dlt645_field_size(&row->field) > 0);
            assert_true(row->field.quantity < ITEM_QUANTITY_COUNT && row->field.unit < ITEM_UNIT_COUNT);
        }
        assert_true(index > (version == DLT645_2007 ? 300u : 60u));
    }
}

static void identifiers_are_named(void **state)
{
    static const struct {
        enum dlt645_version version;
        uint32_t identifier;
        const char *english;
        const char *chinese;
    } cases[] = {
        { DLT645_2007, 0x00000000, "Combined active energy total", "组合有功电能（总）" },
        { DLT645_2007, 0x00010000, "Forward active energy total", "正向有功电能（总）" },
        { DLT645_2007, 0x00013f0c, "Forward active energy tariff 63, 12 back", "正向有功电能（费率63），上12次" },
        { DLT645_2007, 0x0001ff01, "Forward active energy total and all tariffs, 1 back",
          "正向有功电能（总及各费率），上1次" },
        { DLT645_2007, 0x000100ff, "Forward active energy total, now and all stored",
          "正向有功电能（总），当前及全部历史" },
        { DLT645_2007, 0x001c0000, "Phase A quadrant 4 reactive energy", "A相第四象限无功电能" },
        { DLT645_2007, 0x00440000, "Phase C quadrant 4 reactive energy", "C相第四象限无功电能" },
        { DLT645_2007, 0x01320200, "Phase B maximum reverse apparent demand tariff 2", NULL },
        { DLT645_2007, 0x02010200, "Voltage B", "电压（B相）" },
        { DLT645_2007, 0x0203ff00, "Active power all phases", "瞬时有功功率（各相）" },
        { DLT645_2007, 0x02800001, "Neutral current", "零线电流" },
        { DLT645_2007, 0x03010203, "Voltage loss record B, 3 back", "失压记录（B相），上3次" },
        { DLT645_2007, 0x03300d01, "Cover opening record, 1 back", "开表盖记录，上1次" },
        { DLT645_2007, 0x0333030a, "Money purchase amount, 10 back", NULL },
        { DLT645_2007, 0x040005ff, "Status word all", "电表运行状态字（全部）" },
        { DLT645_2007, 0x04000c0a, "Password of level 9", NULL },
        { DLT645_2007, 0x04010008, "First set, day table 8", NULL },
        { DLT645_2007, 0x0406010a, "First set tier price tier 10", NULL },
        { DLT645_2007, 0x0506013e, "Daily freeze forward active energy, 62 back", "日冻结正向有功电能，上62次" },
        { DLT645_2007, 0x1e000102, "Closing record, 2 back", "合闸记录，上2次" },
        { DLT645_1997, 0x9010, "Forward active energy total", "正向有功电能（总）" },
        { DLT645_1997, 0x901f, "Forward active energy total and all tariffs", "正向有功电能（总及各费率）" },
        { DLT645_1997, 0x9412, "Forward active energy tariff 2, 1 back", "正向有功电能（费率2），上1次" },
        { DLT645_1997, 0x9920, "Reverse reactive energy total, 2 back", "反向无功电能（总），上2次" },
        { DLT645_1997, 0xb810, "Time of the maximum forward active demand total, 2 back", NULL },
        { DLT645_1997, 0xb612, "Voltage B", "电压（B相）" },
        { DLT645_1997, 0xb63f, "Active power all phases", "瞬时有功功率（各相）" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *english = name_of(cases[i].version, cases[i].identifier, false);
        if (english == NULL)
            fail_msg("%08lX is not found", (unsigned long)cases[i].identifier);
        assert_string_equal(english, cases[i].english);
        if (cases[i].chinese != NULL)
            assert_string_equal(name_of(cases[i].version, cases[i].identifier, true), cases[i].chinese);
    }
}

static void what_is_in_no_table_is_unknown(void **state)
{
    static const struct {
        enum dlt645_version version;
        uint32_t identifier;
    } cases[] = {
        { DLT645_2007, 0x00014000 }, { DLT645_2007, 0x0001000d }, { DLT645_2007, 0x00910000 },
        { DLT645_2007, 0x02010000 }, { DLT645_2007, 0x02010400 }, { DLT645_2007, 0x028022ff },
        { DLT645_2007, 0x0201ff01 }, { DLT645_2007, 0x04000508 }, { DLT645_2007, 0x05080001 },
        { DLT645_2007, 0x08000000 }, { DLT645_2007, 0x1c000001 }, { DLT645_2007, 0xffffffff },
        { DLT645_2007, 0x00009010 }, { DLT645_1997, 0x00010000 }, { DLT645_1997, 0x9c10 },
        { DLT645_1997, 0x83de },     { DLT645_1997, 0xb613 + 1 }, { DLT645_1997, 0xc110 },
        { DLT645_1997, 0xffff },     { DLT645_1997, 0x0000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dlt645_identity identity, before;
        memset(&identity, 0x5a, sizeof identity);
        before = identity;
        if (dlt645_identifier_find(cases[i].version, cases[i].identifier, true, &identity) != CODEC_ERR_UNKNOWN)
            fail_msg("%08lX is found", (unsigned long)cases[i].identifier);
        assert_memory_equal(&identity, &before, sizeof identity);
    }
}

static void blocks_expand_to_their_members(void **state)
{
    static const struct {
        enum dlt645_version version;
        uint32_t block;
        uint8_t number;
        uint32_t member;
    } cases[] = {
        { DLT645_2007, 0x0001ff01, 3, 0x00010301 }, { DLT645_2007, 0x000100ff, 12, 0x0001000c },
        { DLT645_2007, 0x0201ff00, 2, 0x02010200 }, { DLT645_2007, 0x040005ff, 7, 0x04000507 },
        { DLT645_2007, 0x04000cff, 9, 0x04000c0a }, { DLT645_1997, 0x941f, 4, 0x9414 },
        { DLT645_1997, 0xb61f, 3, 0xb613 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dlt645_identity identity;
        assert_int_equal(dlt645_identifier_find(cases[i].version, cases[i].block, false, &identity), 0);
        assert_true(identity.is_middle_block || identity.is_last_block);
        assert_int_equal(dlt645_identity_expand(&identity, cases[i].number), cases[i].member);
    }
}

static const char *word_text(const struct dlt645_word *word, uint32_t value, bool is_chinese)
{
    static char text[600];
    struct writer out = writer_of_buffer(text, sizeof text);
    assert_non_null(word);
    dlt645_word_write(word, value, is_chinese, &out);
    return writer_terminate(&out);
}

static void words_say_their_bits(void **state)
{
    (void)state;
    assert_string_equal(word_text(dlt645_error_word(DLT645_2007), 0x06, false),
                        "no requested data, password error or not authorised");
    assert_string_equal(word_text(dlt645_error_word(DLT645_1997), 0x06, false),
                        "data identifier error, password error");
    assert_string_equal(word_text(dlt645_error_word(DLT645_1997), 0x04, true), "密码错");
    assert_string_equal(word_text(&dlt645_security_error_word, 0x0222, false),
                        "repeated recharge, purchase count is wrong, reclosing failed");
    assert_string_equal(word_text(&dlt645_rate_word, 0x08, false), "2400 Bd");
    assert_string_equal(word_text(dlt645_word_of(DLT645_2007, 0x04000507), 0, false), "none");
    assert_string_equal(word_text(dlt645_word_of(DLT645_2007, 0x04000505), 0x0180, true), "断相，断流");
    assert_string_equal(word_text(dlt645_word_of(DLT645_2007, 0x04000601), 0x05, false),
                        "forward active added, reverse active added");
    /* the relay is open although "close" was ordered: the customer has not pressed the button yet */
    const char *relay = word_text(dlt645_word_of(DLT645_2007, 0x04000503), 0x0210, false);
    assert_non_null(strstr(relay, "relay open, relay command close"));
    assert_non_null(strstr(relay, "meter kind money prepaid"));
    assert_null(dlt645_word_of(DLT645_2007, 0x04000508));
    assert_null(dlt645_word_of(DLT645_1997, 0xc020));
}

static void rates_are_one_bit(void **state)
{
    (void)state;
    uint8_t word = 0;
    static const struct {
        uint32_t rate;
        uint8_t word;
    } cases[] = {
        { 600, 2 }, { 1200, 4 }, { 2400, 8 }, { 4800, 16 }, { 9600, 32 }, { 19200, 64 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(dlt645_rate_write(cases[i].rate, &word), 0);
        assert_int_equal(word, cases[i].word);
        assert_int_equal(dlt645_rate_read(word), cases[i].rate);
    }
    assert_int_equal(dlt645_rate_write(300, &word), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_rate_read(0), 0);
    assert_int_equal(dlt645_rate_read(1), 0);
    assert_int_equal(dlt645_rate_read(0x18), 0);
    assert_int_equal(dlt645_rate_read(0x80), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_in_order_and_complete), cmocka_unit_test(identifiers_are_named),
        cmocka_unit_test(what_is_in_no_table_is_unknown), cmocka_unit_test(blocks_expand_to_their_members),
        cmocka_unit_test(words_say_their_bits),           cmocka_unit_test(rates_are_one_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
