#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/coap/coap_code.h"
#include "codec/codec_error.h"
#include "codec/water_meter/water_meter_report.h"

static const struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };

static struct water_meter_report daily_report(void)
{
    struct water_meter_report report;
    memset(&report, 0, sizeof report);
    report.present = WATER_METER_FIELDS_DAILY;
    report.balance_fen = 8643;
    report.valve_state = 0;
    report.recharge_serial = 1017;
    report.midnight_s = 1795190400;
    report.alarm_bits = 0x20;
    report.earfcn = 3738;
    report.physical_cell = 301;
    report.clock_s = 1795194012;
    report.volume_ml = 1234567000;
    report.rsrp_dbm = -98;
    report.cell_id = 171319810;
    report.snr_db = 7;
    report.coverage_level = 1;
    report.battery_mv = 3587;
    for (uint32_t day = 0; day < WATER_METER_HISTORY_DAYS; day++)
        report.history_l[day] = 1234567 - 310 * day;
    report.history_l[5] = WATER_METER_HISTORY_NONE;
    memcpy(report.address, "20261100004711", 15);
    memcpy(report.maker, "Meterworks", 11);
    memcpy(report.type, "LXS-15 NB", 10);
    return report;
}

static struct span encode(const struct water_meter_report *report, uint8_t *buffer, size_t capacity)
{
    struct writer out = writer_of_buffer(buffer, capacity);
    assert_int_equal(water_meter_report_encode(report, &out), 0);
    return writer_span(&out);
}

static void daily_report_comes_back(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_REPORT_SIZE_LIMIT];
    struct water_meter_report report = daily_report(), back;
    struct span pack = encode(&report, buffer, sizeof buffer);

    memset(&back, 0xa5, sizeof back);
    assert_int_equal(water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, pack, &back), 18);
    assert_memory_equal(&back, &report, sizeof back);
}

static void sizes_stay_small(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_REPORT_SIZE_LIMIT];
    struct water_meter_report report = daily_report();

    size_t daily = encode(&report, buffer, sizeof buffer).size;
    report.present = WATER_METER_FIELDS_STEADY;
    size_t steady = encode(&report, buffer, sizeof buffer).size;
    report.present = WATER_METER_FIELDS_EVENT;
    size_t event = encode(&report, buffer, sizeof buffer).size;
    print_message("# report sizes: daily %zu, steady %zu, event %zu bytes\n", daily, steady, event);
    assert_true(daily <= 255);
    assert_true(steady < 200);
    assert_true(event < 100);
}

static void event_has_known_bytes(void **state)
{
    (void)state;
    static const char expected[] = "84"
                                   "a4" "21" "69" "2f33333432342f302f" "22" "1a" "6b007c9c" "00" "61" "31" "02" "fa42acdc29"
                                   "a2" "00" "61" "34" "02" "01"
                                   "a2" "00" "62" "3130" "02" "1820"
                                   "a3" "21" "68" "2f333432342f302f" "00" "61" "31" "02" "1904d2";
    uint8_t buffer[100], bytes[100];
    struct water_meter_report report = daily_report();

    report.present = WATER_METER_FIELDS_EVENT;
    report.valve_state = 1;
    report.volume_ml = 1234000000;
    struct span pack = encode(&report, buffer, sizeof buffer);
    assert_int_equal(hex_decode(span_of_text(expected), bytes, sizeof bytes), pack.size);
    assert_memory_equal(pack.bytes, bytes, pack.size);
}

static void lone_clock_is_resource_20(void **state)
{
    (void)state;
    uint8_t buffer[64];
    struct water_meter_report report = daily_report(), back;

    report.present = WATER_METER_BIT(WATER_METER_CLOCK);
    struct span pack = encode(&report, buffer, sizeof buffer);
    assert_int_equal(water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, pack, &back), 1);
    assert_int_equal(back.clock_s, 1795194012);
}

static int64_t random_value(struct random *random, int64_t limit)
{
    return (int64_t)random_below(random, (uint64_t)limit);
}

static void every_subset_comes_back(void **state)
{
    (void)state;
    uint8_t buffer[600];
    struct random random = random_of_seed(20261121);

    for (int round = 0; round < 20000; round++) {
        struct water_meter_report report, back;
        memset(&report, 0, sizeof report);
        struct water_meter_report full = daily_report();
        report.present = (uint32_t)random_below(&random, WATER_METER_BIT(WATER_METER_FIELD_COUNT));
        full.volume_ml = random_value(&random, INT64_C(4294967296000));
        full.balance_fen = random_value(&random, 200000000) - 100000000;
        full.flow_limit_ml_h = random_value(&random, 100000000);
        full.stagger_ms = random_value(&random, 100000);
        full.leak_limit_ml_h = random_value(&random, 100000);
        full.clock_s = random_value(&random, INT64_C(4102444800));
        full.firmware_version = random_value(&random, 1 << 24);
        full.coverage_level = random_value(&random, 3);
        full.price_steps.count = 2;
        full.price_steps.steps[0].limit_l = 15000;
        full.price_steps.steps[0].price = 29500;
        full.price_steps.steps[1].limit_l = WATER_METER_PRICE_STEP_OPEN;
        full.price_steps.steps[1].price = 41000;
        full.present = report.present;
        struct span pack = encode(&full, buffer, sizeof buffer);
        assert_true(water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, pack, &back) >= 0);
        assert_int_equal(back.present, full.present);
        if ((back.present & WATER_METER_BIT(WATER_METER_VOLUME)) != 0)
            assert_int_equal(back.volume_ml, full.volume_ml);
        if ((back.present & WATER_METER_BIT(WATER_METER_BALANCE)) != 0)
            assert_int_equal(back.balance_fen, full.balance_fen);
        if ((back.present & WATER_METER_BIT(WATER_METER_CLOCK)) != 0)
            assert_int_equal(back.clock_s, full.clock_s);
        if ((back.present & WATER_METER_BIT(WATER_METER_STAGGER)) != 0)
            assert_int_equal(back.stagger_ms, full.stagger_ms);
        if ((back.present & WATER_METER_BIT(WATER_METER_FLOW_LIMIT)) != 0)
            assert_int_equal(back.flow_limit_ml_h, full.flow_limit_ml_h);
        if ((back.present & WATER_METER_BIT(WATER_METER_FIRMWARE)) != 0)
            assert_int_equal(back.firmware_version, full.firmware_version);
        if ((back.present & WATER_METER_BIT(WATER_METER_PRICE_STEPS)) != 0)
            assert_memory_equal(&back.price_steps, &full.price_steps, sizeof full.price_steps);
    }
}

static void truncation_changes_nothing(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_REPORT_SIZE_LIMIT];
    struct water_meter_report report = daily_report(), back, untouched;
    struct span pack = encode(&report, buffer, sizeof buffer);

    memset(&back, 0xa5, sizeof back);
    memset(&untouched, 0xa5, sizeof untouched);
    for (size_t size = 0; size < pack.size; size++) {
        uint8_t *exact = test_malloc(size + 1);
        memcpy(exact, pack.bytes, size);
        assert_true(water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, span_of_bytes(exact, size), &back) < 0);
        assert_memory_equal(&back, &untouched, sizeof back);
        test_free(exact);
    }
}

static void small_buffer_is_an_error(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_REPORT_SIZE_LIMIT];
    struct water_meter_report report = daily_report();
    size_t whole = encode(&report, buffer, sizeof buffer).size;

    for (size_t capacity = 0; capacity < whole; capacity++) {
        struct writer out = writer_of_buffer(buffer, capacity);
        assert_int_equal(water_meter_report_encode(&report, &out), CODEC_ERR_FULL);
    }
}

static void json_says_the_same(void **state)
{
    (void)state;
    static const char pack[] = "[{\"bn\":\"/33424/0/\",\"bt\":1795194012,\"n\":\"1\",\"v\":86.43},"
                               "{\"n\":\"10\",\"v\":32},{\"n\":\"8\",\"vd\":\"ABLWhwAS1VH_____\"},"
                               "{\"bn\":\"/3424/\",\"n\":\"0/1\",\"v\":1234.567}]";
    struct water_meter_report back;

    assert_int_equal(water_meter_report_decode(COAP_FORMAT_SENML_JSON, root, span_of_text(pack), &back), 5);
    assert_int_equal(back.balance_fen, 8643);
    assert_int_equal(back.alarm_bits, 32);
    assert_int_equal(back.volume_ml, 1234567000);
    assert_int_equal(back.clock_s, 1795194012);
    assert_int_equal(back.history_l[0], 1234567);
    assert_int_equal(back.history_l[1], 1234257);
    assert_int_equal(back.history_l[2], WATER_METER_HISTORY_NONE);
    assert_int_equal(back.history_l[6], WATER_METER_HISTORY_NONE);
}

static void tlv_of_an_instance_is_read(void **state)
{
    (void)state;
    /* /33424/0: 1 = 86.43 (double), 4 = 1, 7 = 1017, 10 = 0x820 */
    uint8_t bytes[64];
    int size = hex_decode(span_of_text("c80108 40559b851eb851ec c10401 c20703f9 c20a0820"), bytes, sizeof bytes);
    struct water_meter_report back;

    assert_int_equal(water_meter_report_decode(COAP_FORMAT_TLV, lwm2m_path_of_instance(33424, 0),
                                               span_of_bytes(bytes, (size_t)size), &back),
                     4);
    assert_int_equal(back.balance_fen, 8643);
    assert_int_equal(back.valve_state, 1);
    assert_int_equal(back.recharge_serial, 1017);
    assert_int_equal(back.alarm_bits, 0x820);
}

static void single_values_need_their_path(void **state)
{
    (void)state;
    struct water_meter_report back;
    struct span text = span_of_text("12.345");

    assert_int_equal(water_meter_report_decode(COAP_FORMAT_TEXT, lwm2m_path_of_resource(3424, 0, 1), text, &back), 1);
    assert_int_equal(back.volume_ml, 12345000);
    assert_int_equal(water_meter_report_decode(COAP_FORMAT_TEXT, lwm2m_path_of_object(3424), text, &back),
                     CODEC_ERR_UNSUPPORTED);
    assert_int_equal(water_meter_report_decode(50, lwm2m_path_of_resource(3424, 0, 1), text, &back),
                     CODEC_ERR_UNSUPPORTED);
    assert_int_equal(water_meter_report_decode(COAP_FORMAT_TEXT, lwm2m_path_of_resource(3424, 0, 1),
                                               span_of_text("notanumber"), &back),
                     CODEC_ERR_TYPE);
}

static int decode_json(const char *pack, struct water_meter_report *out)
{
    return water_meter_report_decode(COAP_FORMAT_SENML_JSON, root, span_of_text(pack), out);
}

static void foreign_habits_are_understood(void **state)
{
    (void)state;
    struct water_meter_report back;

    assert_int_equal(decode_json("[{\"n\":\"/4/0/2\",\"v\":42},{\"n\":\"/4/0/13\",\"v\":3},{\"n\":\"/3/0/7/0\",\"v\":3600}]",
                                 &back),
                     3);
    assert_int_equal(back.rsrp_dbm, -98);
    assert_int_equal(back.coverage_level, 2);
    assert_int_equal(back.battery_mv, 3600);
    assert_int_equal(decode_json("[{\"n\":\"/10256/0/0\",\"v\":301},{\"n\":\"/10256/0/2\",\"v\":3738}]", &back), 2);
    assert_int_equal(back.physical_cell, 301);
    assert_int_equal(back.earfcn, 3738);
    assert_int_equal(decode_json("[{\"n\":\"/4/0/13\",\"v\":0},{\"n\":\"/3/0/3\",\"vs\":\"beta\"},{\"n\":\"/3/1/9\",\"v\":5},"
                                 "{\"n\":\"/3303/0/5700\",\"v\":21.5}]",
                                 &back),
                     0);
    assert_int_equal(back.present, 0);
}

static void newest_value_counts(void **state)
{
    (void)state;
    struct water_meter_report back;
    assert_int_equal(decode_json("[{\"bn\":\"/3424/0/1\",\"bt\":1795194000,\"v\":2},{\"t\":-3600,\"v\":1}]", &back), 2);
    assert_int_equal(back.volume_ml, 2000000);
    assert_int_equal(back.clock_s, 1795194000);
}

/* Found by fuzzing: a clock that TLV can carry and the base time cannot. */
static void clock_beyond_milliseconds_is_not_written(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_REPORT_SIZE_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct water_meter_report report = daily_report(), back;
    report.clock_s = INT64_MAX / 1000 + 1;
    assert_int_equal(water_meter_report_encode(&report, &out), CODEC_ERR_RANGE);
    report.clock_s = INT64_MAX / 1000;
    struct span pack = encode(&report, buffer, sizeof buffer);
    assert_true(water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, pack, &back) > 0);
    assert_int_equal(back.clock_s, report.clock_s);
}

/* Found by fuzzing: a shorter text left the end of the longer one behind its zero. */
static void shorter_text_replaces_a_longer_one_whole(void **state)
{
    (void)state;
    static const char clean[WATER_METER_TEXT_LIMIT] = "ab";
    struct water_meter_report back;
    assert_int_equal(decode_json("[{\"n\":\"/3/0/0\",\"vs\":\"Meterworks\"},{\"n\":\"/3/0/0\",\"vs\":\"ab\"}]", &back), 1);
    assert_memory_equal(back.maker, clean, sizeof clean);
    assert_int_equal(decode_json("[{\"n\":\"/3/0/0\",\"vs\":\"a\\u0000b\"}]", &back), CODEC_ERR_TYPE);
    assert_int_equal(decode_json("[{\"n\":\"/3/0/0\",\"vs\":\"ab\\u0000\"}]", &back), 1);
    assert_memory_equal(back.maker, clean, sizeof clean);
}

static void long_texts_are_cut_between_letters(void **state)
{
    (void)state;
    struct water_meter_report back;
    assert_int_equal(decode_json("[{\"n\":\"/3/0/0\",\"vs\":\"水水水水水水水水\"}]", &back), 1);
    assert_string_equal(back.maker, "水水水水水水水");
}

static void wrong_values_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *pack;
        int error;
    } cases[] = {
        { "[{\"n\":\"/3424/0/1\",\"vs\":\"12\"}]", CODEC_ERR_TYPE },
        { "[{\"n\":\"/3424/0/1\",\"v\":1e20}]", CODEC_ERR_RANGE },
        { "[{\"n\":\"/33424/0/8\",\"vd\":\"AAAA\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"/33424/0/14\",\"vd\":\"AQAAAAEAAAAB\"}]", CODEC_ERR_RANGE },
        { "[{\"n\":\"3424/0/1\",\"v\":1}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"/3424/0/65535\",\"v\":1}]", CODEC_ERR_RANGE },
        { "[{\"n\":\"/3424/0/1/0/0\",\"v\":1}]", CODEC_ERR_DEPTH },
        { "[{\"n\":\"/3424/0/1\",\"v\":1}", CODEC_ERR_SHORT },
        { "[{\"n\":\"/3424/0/1\",\"v\":1}]]", CODEC_ERR_TRAILING },
    };
    struct water_meter_report back, untouched;

    memset(&back, 0x5a, sizeof back);
    memset(&untouched, 0x5a, sizeof untouched);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(decode_json(cases[i].pack, &back), cases[i].error);
        assert_memory_equal(&back, &untouched, sizeof back);
    }
}

static void not_a_number_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[32];
    int size = hex_decode(span_of_text("81a2 00 69 2f333432342f302f31 02 f97e00"), bytes, sizeof bytes);
    struct water_meter_report back;
    assert_int_equal(
        water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, span_of_bytes(bytes, (size_t)size), &back),
        CODEC_ERR_TYPE);
}

static void fields_follow_the_path(void **state)
{
    (void)state;
    assert_int_equal(water_meter_fields_at(lwm2m_path_of_resource(3424, 0, 1)), WATER_METER_BIT(WATER_METER_VOLUME));
    assert_int_equal(water_meter_fields_at(lwm2m_path_of_object(4)),
                     WATER_METER_BIT(WATER_METER_RSRP) | WATER_METER_BIT(WATER_METER_CELL_ID) |
                         WATER_METER_BIT(WATER_METER_SNR) | WATER_METER_BIT(WATER_METER_COVERAGE));
    assert_int_equal(water_meter_fields_at(lwm2m_path_of_instance(4, 1)), 0);
    assert_int_equal(water_meter_fields_at(root), WATER_METER_BIT(WATER_METER_FIELD_COUNT) - 1);
    for (int field = 0; field < WATER_METER_FIELD_COUNT; field++)
        assert_int_equal(water_meter_fields_at(water_meter_field_path((enum water_meter_field)field)),
                         WATER_METER_BIT(field));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(daily_report_comes_back),
        cmocka_unit_test(sizes_stay_small),
        cmocka_unit_test(event_has_known_bytes),
        cmocka_unit_test(lone_clock_is_resource_20),
        cmocka_unit_test(every_subset_comes_back),
        cmocka_unit_test(truncation_changes_nothing),
        cmocka_unit_test(small_buffer_is_an_error),
        cmocka_unit_test(json_says_the_same),
        cmocka_unit_test(tlv_of_an_instance_is_read),
        cmocka_unit_test(single_values_need_their_path),
        cmocka_unit_test(foreign_habits_are_understood),
        cmocka_unit_test(newest_value_counts),
        cmocka_unit_test(clock_beyond_milliseconds_is_not_written),
        cmocka_unit_test(shorter_text_replaces_a_longer_one_whole),
        cmocka_unit_test(long_texts_are_cut_between_letters),
        cmocka_unit_test(wrong_values_are_refused),
        cmocka_unit_test(not_a_number_is_refused),
        cmocka_unit_test(fields_follow_the_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
