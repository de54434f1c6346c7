/* Writing: records and frames read back as what they were made from; numbers against the C library's. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/mbus/mbus_command.h"
#include "codec/mbus/mbus_float.h"
#include "codec/mbus/mbus_record_encode.h"
#include "codec/mbus/mbus_time.h"
#include "codec/mbus/mbus_vif.h"
#include "tests/unit/unit_test.h"

#define ROUNDS 20000
#define BUFFER_SIZE 512

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The fewest digits with which the C library's rounding reads the single back. At powers of two, where the neighbour
 * below is nearer, fewer may do. */
static int digits_needed(float value)
{
    char text[64];
    for (int digits = 1; digits < 9; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, (double)value);
        if (bits_of(strtof(text, NULL)) == bits_of(value))
            return digits;
    }
    return 9;
}

static void single_check(uint32_t bits)
{
    struct mbus_decimal decimal;
    char text[64];

    if (mbus_float_decimal(bits, &decimal) != 0)
        return;
    snprintf(text, sizeof text, "%" PRId64 "e%d", decimal.value, decimal.exponent);
    if ((bits & 0x7fffffffu) == 0) {
        assert_int_equal(decimal.value, 0);
        return;
    }
    assert_int_equal(bits_of(strtof(text, NULL)), bits);
    snprintf(text, sizeof text, "%" PRId64, decimal.value < 0 ? -decimal.value : decimal.value);
    assert_true(strlen(text) <= (size_t)digits_needed(float_of(bits)));
}

static void singles_become_the_shortest_decimal(void **state)
{
    (void)state;
    struct random random = random_of_seed(1);
    struct mbus_decimal decimal;

    for (uint32_t field = 0; field < 256; field++)
        for (unsigned i = 0; i < 3; i++) {
            single_check(field << 23);
            single_check(field << 23 | (uint32_t)random_below(&random, 1u << 23));
            single_check(field << 23 | 0x7fffffu);
        }
    for (int i = 0; i < ROUNDS; i++)
        single_check((uint32_t)random_next(&random));
    for (int i = 0; i < ROUNDS; i++)
        single_check(bits_of((float)random_between(&random, -1000000, 1000000) / 1000));
    assert_int_equal(mbus_float_decimal(0x7f800000u, &decimal), MBUS_FLOAT_INFINITE);
    assert_int_equal(mbus_float_decimal(0xffc00000u, &decimal), MBUS_FLOAT_NAN);
    assert_int_equal(mbus_float_decimal(0xbf7ef9dbu, &decimal), 0);
    assert_int_equal(decimal.value, -996);
    assert_int_equal(decimal.exponent, -3);
}

/* VIF, VIFE and perhaps a text that end where their extension bits say. */
static struct span information_random(struct random *random, uint8_t *bytes)
{
    size_t count = (size_t)random_below(random, MBUS_EXTENSION_LIMIT + 1), size = 0;

    bytes[size] = (uint8_t)(random_below(random, 128) | (count > 0 ? 0x80u : 0));
    if ((bytes[size++] & 0x7f) == 0x7c) {
        uint8_t length = (uint8_t)random_below(random, 20);
        bytes[size++] = length;
        for (uint8_t i = 0; i < length; i++)
            bytes[size++] = (uint8_t)random_next(random);
    }
    for (; count > 0; count--)
        bytes[size++] = (uint8_t)(random_below(random, 128) | (count > 1 ? 0x80u : 0));
    return span_of_bytes(bytes, size);
}

static struct span data_random(struct random *random, uint8_t data_field, uint8_t *bytes)
{
    static const uint8_t sizes[16] = { 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0 };
    size_t size = sizes[data_field];

    for (size_t i = 0; i < 100; i++)
        bytes[i] = (uint8_t)random_next(random);
    if (data_field == 0x0d) {
        bytes[0] = (uint8_t)random_below(random, 70);
        size = 1 + (size_t)bytes[0];
    }
    return span_of_bytes(bytes, size);
}

static void record_random(struct random *random, uint8_t *bytes, struct mbus_record *out)
{
    memset(out, 0, sizeof *out);
    out->function = (uint8_t)random_below(random, 4);
    out->data_field = (uint8_t)random_below(random, 15);
    if (random_chance(random, 1, 2))
        out->storage = (uint32_t)(random_next(random) >> random_below(random, 64));
    if (random_chance(random, 1, 2))
        out->tariff = (uint16_t)(random_next(random) >> random_below(random, 64));
    if (random_chance(random, 1, 2))
        out->subunit = (uint32_t)random_below(random, 1024);
    out->information = information_random(random, bytes);
    out->data = data_random(random, out->data_field, bytes + 64);
}

static void written_records_are_read_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(2);

    for (int i = 0; i < ROUNDS; i++) {
        uint8_t parts[256], bytes[BUFFER_SIZE];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        struct mbus_record record, back;
        record_random(&random, parts, &record);
        assert_int_equal(mbus_record_encode(&record, &out), 0);
        struct mbus_record_reader reader = mbus_record_reader(writer_span(&out));
        assert_int_equal(mbus_record_next(&reader, &back, NULL), 1);
        assert_int_equal(back.function, record.function);
        assert_int_equal(back.data_field, record.data_field);
        assert_int_equal(back.storage, record.storage);
        assert_int_equal(back.tariff, record.tariff);
        assert_int_equal(back.subunit, record.subunit);
        assert_true(span_equal(back.information, record.information));
        assert_true(span_equal(back.data, record.data));
        assert_int_equal(mbus_record_next(&reader, &back, NULL), 0);
    }
}

/* The item that the encoded item is read back as. */
static void item_again(const struct item *item, uint8_t data_field, struct item *back)
{
    static uint8_t bytes[BUFFER_SIZE];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct item_list list = item_list_of(back, 1);

    assert_int_equal(mbus_item_encode(item, data_field, &out), 0);
    assert_int_equal(mbus_records_decode(writer_span(&out), &list, NULL, NULL), 0);
    assert_int_equal(list.count, 1);
}

static void items_compare(const struct item *item, const struct item *back)
{
    assert_int_equal(back->quantity, item->quantity);
    assert_int_equal(back->unit, item->unit);
    assert_int_equal(back->kind, item->kind);
    assert_int_equal(back->quality, item->quality);
    assert_int_equal(back->function, item->function);
    assert_int_equal(back->modifier, item->modifier);
    assert_int_equal(back->phase, item->phase);
    assert_int_equal(back->storage, item->storage);
    assert_int_equal(back->tariff, item->tariff);
    assert_int_equal(back->subunit, item->subunit);
    assert_int_equal(back->identifier, item->identifier);
    assert_int_equal(back->value, item->value);
    assert_int_equal(back->exponent, item->exponent);
    assert_int_equal(back->is_reversed, item->is_reversed);
    assert_memory_equal(&back->time, &item->time, sizeof item->time);
    if (item->kind == ITEM_KIND_TEXT || item->kind == ITEM_KIND_BYTES)
        assert_true(span_equal(back->bytes, item->bytes));
}

/* Whatever a random record means (and is a good value), its item written in the same data field means the same. */
static void written_items_are_read_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(3);
    unsigned compared = 0;

    for (int i = 0; i < ROUNDS; i++) {
        uint8_t parts[256], bytes[BUFFER_SIZE];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        struct mbus_record record;
        struct item item, back;
        record_random(&random, parts, &record);
        record.information = information_random(&random, parts);
        if (record.information.size > 4 || (parts[0] & 0x7f) == 0x7c)
            continue;
        assert_int_equal(mbus_record_encode(&record, &out), 0);
        struct mbus_record_reader reader = mbus_record_reader(writer_span(&out));
        assert_int_equal(mbus_record_next(&reader, &record, NULL), 1);
        mbus_record_item(&record, &item);
        bool is_good = item.quality == ITEM_GOOD && record.data_field != 0x0d && record.data_field != 0x05;
        if (!is_good || item.time.parts == ITEM_TIME_MONTH || item.time.parts == ITEM_TIME_OF_YEAR)
            continue;
        item_again(&item, record.data_field, &back);
        items_compare(&item, &back);
        compared++;
    }
    assert_true(compared > 2000);
}

static void simple_items_choose_their_code(void **state)
{
    (void)state;
    struct item item = { 0 }, back;

    item.quantity = ITEM_VOLUME;
    item.unit = ITEM_UNIT_M3;
    item.value = 12345678;
    item.exponent = -3;
    item.storage = 1;
    item_again(&item, MBUS_DATA_BCD_8, &back);
    assert_int_equal(back.identifier, 0x13);
    assert_int_equal(back.value, 12345678);
    item_again(&item, MBUS_DATA_FITTING, &back);
    assert_int_equal(back.bytes.size, 4);
    assert_int_equal(back.value, 12345678);
    /* Another exponent than that of the code, as long as it comes out even. */
    item.identifier = 0x16;
    item.value = 5000;
    item_again(&item, MBUS_DATA_INTEGER_2, &back);
    assert_int_equal(back.value, 5);
    assert_int_equal(back.exponent, 0);
    item.quantity = ITEM_VOLTAGE;
    item.unit = ITEM_UNIT_V;
    item.identifier = 0;
    item.value = 2301;
    item.exponent = -1;
    item_again(&item, MBUS_DATA_INTEGER_2, &back);
    assert_int_equal(back.identifier, 0xfd48);
    item.quantity = ITEM_ENERGY_REACTIVE;
    item.unit = ITEM_UNIT_KVARH;
    item.exponent = 0;
    item_again(&item, MBUS_DATA_INTEGER_4, &back);
    assert_int_equal(back.identifier, 0xfb02);
}

static void other_kinds_are_written(void **state)
{
    (void)state;
    struct item item = { 0 }, back;

    item.quantity = ITEM_POWER;
    item.unit = ITEM_UNIT_W;
    item.identifier = 0x2b;
    item.value = 1234567;
    item.exponent = -3;
    item_again(&item, MBUS_DATA_REAL, &back);
    assert_int_equal(back.value, 1234567);
    assert_int_equal(back.exponent, -3);
    item_again(&item, MBUS_DATA_REAL, &back);
    item.quantity = ITEM_FABRICATION_NUMBER;
    item.unit = ITEM_UNIT_NONE;
    item.identifier = 0;
    item.kind = ITEM_KIND_DIGITS;
    item.digits = 8;
    item.exponent = 0;
    item.value = 683775;
    item_again(&item, MBUS_DATA_FITTING, &back);
    assert_int_equal(back.kind, ITEM_KIND_DIGITS);
    assert_int_equal(back.value, 683775);
    item.kind = ITEM_KIND_TEXT;
    item.bytes = span_of_text("A21");
    item_again(&item, MBUS_DATA_FITTING, &back);
    assert_true(back.is_reversed);
    assert_memory_equal(back.bytes.bytes, "12A", 3);
    item.quality = ITEM_MISSING;
    item_again(&item, MBUS_DATA_NONE, &back);
    assert_int_equal(back.quality, ITEM_MISSING);
}

static int refused(const struct item *item, uint8_t data_field)
{
    uint8_t bytes[BUFFER_SIZE];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    int result = mbus_item_encode(item, data_field, &out);
    assert_int_equal(out.size, 0);
    return result;
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct item item = { 0 };

    item.quantity = ITEM_VOLUME;
    item.unit = ITEM_UNIT_M3;
    item.identifier = 0x13;
    item.value = 1;
    item.exponent = -4;
    assert_int_equal(refused(&item, MBUS_DATA_INTEGER_4), CODEC_ERR_RANGE);
    item.exponent = -3;
    item.value = 128;
    assert_int_equal(refused(&item, MBUS_DATA_INTEGER_1), CODEC_ERR_RANGE);
    assert_int_equal(refused(&item, MBUS_DATA_BCD_2), CODEC_ERR_RANGE);
    item.value = -12;
    assert_int_equal(refused(&item, MBUS_DATA_BCD_2), CODEC_ERR_RANGE);
    item.value = 123456789;
    assert_int_equal(refused(&item, MBUS_DATA_REAL), CODEC_ERR_RANGE);
    item.identifier = 0x93;
    assert_int_equal(refused(&item, MBUS_DATA_INTEGER_4), CODEC_ERR_FORMAT);
    item.identifier = 0x6d;
    assert_int_equal(refused(&item, MBUS_DATA_INTEGER_4), CODEC_ERR_TYPE);
    item.identifier = 0;
    item.exponent = 17;
    assert_int_equal(refused(&item, MBUS_DATA_INTEGER_4), CODEC_ERR_UNKNOWN);
    item.exponent = -3;
    item.modifier = ITEM_MODIFIER_UPPER_LIMIT;
    assert_int_equal(refused(&item, MBUS_DATA_INTEGER_4), CODEC_ERR_UNKNOWN);
    item.quality = ITEM_INVALID;
    assert_int_equal(refused(&item, MBUS_DATA_INTEGER_4), CODEC_ERR_RANGE);
}

static void written_times_are_read_back(void **state)
{
    (void)state;
    static const uint8_t parts[] = { ITEM_TIME_DAY, ITEM_TIME_MINUTE, ITEM_TIME_SECOND, ITEM_TIME_OF_DAY };
    struct random random = random_of_seed(4);

    for (int i = 0; i < ROUNDS; i++) {
        struct item_time time = item_time_of_unix((int64_t)random_below(&random, UINT32_MAX)), back;
        uint8_t bytes[6];
        time.is_utc = 0;
        time.parts = parts[random_below(&random, 4)];
        if (time.parts == ITEM_TIME_OF_DAY)
            time.year = time.month = time.day = 0;
        if (time.parts == ITEM_TIME_DAY)
            time.hour = time.minute = 0;
        if (time.parts == ITEM_TIME_DAY || time.parts == ITEM_TIME_MINUTE)
            time.second = 0;
        int size = mbus_time_encode(&time, bytes);
        if (time.year != 0 && time.year < 1981) {
            assert_true(size < 0 || time.parts == ITEM_TIME_MINUTE);
            continue;
        }
        if (time.year > 2080 && time.parts != ITEM_TIME_MINUTE) {
            assert_int_equal(size, CODEC_ERR_RANGE);
            continue;
        }
        assert_true(size > 0);
        assert_int_equal(mbus_time_decode(span_of_bytes(bytes, (size_t)size), &back), ITEM_GOOD);
        assert_memory_equal(&back, &time, sizeof time);
    }
}

static const char *hex_of(const struct writer *out)
{
    static char text[1024];
    for (size_t i = 0; i < out->size; i++)
        snprintf(text + 2 * i, 3, "%02X", out->bytes[i]);
    return text;
}

/* Frames of the vectors and of the standard. */
static void requests_are_the_standards(void **state)
{
    (void)state;
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct writer out;
    static const struct mbus_secondary one = { "00119943", "ACW", 14, 0x16 };
    static const struct mbus_secondary any = { "F2FFFFFF", "", 0xff, 0xff };
    static const struct mbus_secondary bad = { "12X", "ACW", 14, 0x16 };
    struct item_time time = { 2024, 11, 26, 12, 30, 0, ITEM_TIME_SECOND, 0, 0 };

#define FRAME(call, hex) \
    do { \
        out = writer_of_buffer(bytes, sizeof bytes); \
        call; \
        assert_string_equal(hex_of(&out), hex); \
    } while (0)
    FRAME(mbus_acknowledge_encode(&out), "E5");
    FRAME(mbus_link_reset_encode(MBUS_ADDRESS_SECONDARY, &out), "1040FD3D16");
    FRAME(mbus_data_request_encode(MBUS_ADDRESS_TEST, true, &out), "107BFE7916");
    FRAME(mbus_alarm_request_encode(5, false, &out), "105A055F16");
    FRAME(assert_int_equal(mbus_select_encode(&any, false, &out), 0), "680B0B6853FD52FFFFFFF2FFFFFFFF8D16");
    FRAME(assert_int_equal(mbus_select_encode(&one, true, &out), 0), "680B0B6873FD524399110077040E164E16");
    FRAME(assert_int_equal(mbus_address_set_encode(MBUS_ADDRESS_TEST, false, 8, &out), 0), "6806066853FE51017A082516");
    FRAME(mbus_application_reset_encode(MBUS_ADDRESS_TEST, false, MBUS_SUBCODE_NONE, &out), "6803036853FE50A116");
    FRAME(mbus_application_reset_encode(1, false, 0x10, &out), "6804046853015010B416");
    FRAME(assert_int_equal(mbus_baud_set_encode(1, false, 9600, &out), 0), "680303685301BD1116");
    FRAME(mbus_global_readout_encode(1, true, &out), "680404687301517F4416");
    FRAME(assert_int_equal(mbus_clock_set_encode(MBUS_ADDRESS_TEST, false, &time, &out), 0),
          "6809096853FE51046D1E2C1A3BB216");
    FRAME(mbus_error_response_encode(1, 5, &out), "68040468080170057E16");
#undef FRAME
    out = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(mbus_select_encode(&bad, false, &out), CODEC_ERR_FORMAT);
    assert_int_equal(mbus_address_set_encode(1, false, 251, &out), CODEC_ERR_RANGE);
    assert_int_equal(mbus_baud_set_encode(1, false, 1000, &out), CODEC_ERR_RANGE);
    assert_int_equal(out.size, 0);
}

/* A simulated meter's telegram says what went in. */
static void answers_are_read_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(5);

    for (int i = 0; i < 500; i++) {
        uint8_t records[300], bytes[MBUS_FRAME_LIMIT];
        struct writer area = writer_of_buffer(records, sizeof records), out = writer_of_buffer(bytes, sizeof bytes);
        struct wmbus_address meter;
        struct item sent[8] = { { 0 } }, got[8];
        struct item_list list = item_list_of(got, 8);
        struct mbus_frame frame;
        struct mbus_message message;
        size_t count = (size_t)random_below(&random, 9), skip;
        for (size_t k = 0; k < count; k++) {
            sent[k].quantity = ITEM_VOLUME;
            sent[k].unit = ITEM_UNIT_M3;
            sent[k].exponent = (int8_t)random_between(&random, -6, 1);
            sent[k].value = random_between(&random, INT32_MIN, INT32_MAX);
            sent[k].storage = (uint32_t)random_below(&random, 100);
            sent[k].tariff = (uint16_t)random_below(&random, 5);
            sent[k].identifier = 0x16 + (uint32_t)sent[k].exponent;
            assert_int_equal(mbus_item_encode(&sent[k], MBUS_DATA_FITTING, &area), 0);
        }
        assert_int_equal(wmbus_address_make("KAM", "12345678", (uint8_t)i, 7, &meter), 0);
        assert_int_equal(mbus_response_encode(3, MBUS_CONTROL_ACD, &meter, (uint8_t)i, 4, writer_span(&area), &out), 0);
        assert_int_equal(mbus_frame_find(writer_span(&out), &skip), out.size);
        assert_int_equal(mbus_frame_decode(writer_span(&out), &frame, NULL), 0);
        assert_int_equal(frame.control, 0x28);
        assert_int_equal(mbus_message_decode(&frame, &message, NULL), 0);
        assert_memory_equal(&message.address, &meter, sizeof meter);
        assert_int_equal(message.access_number, (uint8_t)i);
        assert_int_equal(mbus_items_decode(&frame, &list, NULL, NULL), 0);
        assert_int_equal(list.count, count);
        for (size_t k = 0; k < count; k++)
            items_compare(&sent[k], &got[k]);
    }
}

/* Every code of every table has an item, and the item's words. */
static void tables_are_whole(void **state)
{
    (void)state;
    const struct mbus_vif *tables[] = { mbus_vif_main, mbus_vif_fb, mbus_vif_fd };

    for (size_t t = 0; t < 3; t++)
        for (int code = 0; code < MBUS_VIF_COUNT; code++) {
            const struct mbus_vif *row = &tables[t][code];
            assert_true(row->quantity < ITEM_QUANTITY_COUNT && row->unit < ITEM_UNIT_COUNT);
            assert_true(row->exponent >= -12 && row->exponent <= 9);
            assert_true(t > 0 || row->factor != 0);
            assert_true(row->factor != 0 || row->quantity == ITEM_OTHER);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(singles_become_the_shortest_decimal),
        cmocka_unit_test(written_records_are_read_back),
        cmocka_unit_test(written_items_are_read_back),
        cmocka_unit_test(simple_items_choose_their_code),
        cmocka_unit_test(other_kinds_are_written),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(written_times_are_read_back),
        cmocka_unit_test(requests_are_the_standards),
        cmocka_unit_test(answers_are_read_back),
        cmocka_unit_test(tables_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
