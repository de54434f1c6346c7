#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/coap/coap_code.h"
#include "codec/codec_error.h"
#include "codec/water_meter/water_meter_report.h"

#define MIDNIGHT_S INT64_C(1795190400)

static const struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };

/* 00:15 to 24:00 of a household: litres, more in the morning, nothing at night, two quarters lost. */
static struct water_meter_series day_series(void)
{
    struct water_meter_series series = { .start_s = MIDNIGHT_S + 900, .interval_s = 900, .count = 96 };
    int64_t volume_ml = 1234567000;
    for (int i = 0; i < 96; i++) {
        volume_ml += i < 24 ? 0 : i < 36 ? 70000 : 3000;
        series.values_ml[i] = i == 40 || i == 41 ? WATER_METER_SERIES_NONE : volume_ml;
    }
    return series;
}

static void assert_series_equal(const struct water_meter_series *a, const struct water_meter_series *b)
{
    assert_int_equal(a->start_s, b->start_s);
    assert_int_equal(a->interval_s, b->interval_s);
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->values_ml, b->values_ml, a->count * sizeof a->values_ml[0]);
}

static struct span encode(const struct water_meter_series *series, unsigned exponent, uint8_t *buffer, size_t size)
{
    struct writer out = writer_of_buffer(buffer, size);
    assert_int_equal(water_meter_series_encode(series, exponent, &out), 0);
    return writer_span(&out);
}

static void day_comes_back_in_few_bytes(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_SERIES_SIZE_LIMIT];
    struct water_meter_series series = day_series(), back;
    struct span bytes = encode(&series, 3, buffer, sizeof buffer);

    assert_true(bytes.size < 140);
    assert_int_equal(water_meter_series_decode(bytes, &back), 0);
    assert_series_equal(&back, &series);
    bytes = encode(&series, 0, buffer, sizeof buffer);
    assert_int_equal(water_meter_series_decode(bytes, &back), 0);
    assert_series_equal(&back, &series);
}

static void bytes_are_as_documented(void **state)
{
    (void)state;
    static const uint8_t bytes[] = { 1, 15, 3, 4, 0x6b, 0x00, 0x6e, 0x80, 0x81, 0x10, 0, 7, 4 };
    struct water_meter_series back;

    assert_int_equal(water_meter_series_decode(span_of_bytes(bytes, sizeof bytes), &back), 0);
    assert_int_equal(back.start_s, 0x6b006e80);
    assert_int_equal(back.interval_s, 900);
    assert_int_equal(back.count, 4);
    assert_int_equal(back.values_ml[0], 1024000); /* code 2049: 2048 folded, 1024 L */
    assert_int_equal(back.values_ml[1], WATER_METER_SERIES_NONE);
    assert_int_equal(back.values_ml[2], 1027000); /* code 7: +3 */
    assert_int_equal(back.values_ml[3], 1025000); /* code 4: -2 */
}

static void largest_values_fit(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_SERIES_SIZE_LIMIT];
    struct water_meter_series series = { .start_s = UINT32_MAX, .interval_s = 3600, .count = 96 }, back;
    for (int i = 0; i < 96; i++)
        series.values_ml[i] = i % 2 ? WATER_METER_SERIES_VALUE_LIMIT : -WATER_METER_SERIES_VALUE_LIMIT;
    struct span bytes = encode(&series, 0, buffer, sizeof buffer);
    assert_int_equal(water_meter_series_decode(bytes, &back), 0);
    assert_series_equal(&back, &series);
}

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_SERIES_SIZE_LIMIT + 1];
    struct water_meter_series series = day_series(), back;
    struct span bytes = encode(&series, 3, buffer, sizeof buffer);

    memset(&back, 0x5a, sizeof back);
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(water_meter_series_decode(span_of_bytes(buffer, size), &back), CODEC_ERR_SHORT);
    assert_int_equal(water_meter_series_decode(span_of_bytes(buffer, bytes.size + 1), &back), CODEC_ERR_TRAILING);
    static const struct { size_t place; uint8_t byte; int error; } rows[] = {
        { 0, 2, CODEC_ERR_VERSION }, { 1, 5, CODEC_ERR_RANGE },  { 1, 0, CODEC_ERR_RANGE },
        { 2, 7, CODEC_ERR_RANGE },   { 3, 0, CODEC_ERR_RANGE },  { 3, 97, CODEC_ERR_RANGE },
        { 3, 1, CODEC_ERR_TRAILING },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes = encode(&series, 3, buffer, sizeof buffer);
        buffer[rows[i].place] = rows[i].byte;
        assert_int_equal(water_meter_series_decode(bytes, &back), rows[i].error);
    }
    static const uint8_t beyond[] = { 1, 15, 6, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f };
    static const uint8_t endless[] = { 1, 15, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
    static const uint8_t empty[] = { 1, 15, 3, 2, 0, 0, 0, 0, 0, 0 };
    assert_int_equal(water_meter_series_decode(span_of_bytes(beyond, sizeof beyond), &back), CODEC_ERR_RANGE);
    assert_int_equal(water_meter_series_decode(span_of_bytes(endless, sizeof endless), &back), CODEC_ERR_RANGE);
    assert_int_equal(water_meter_series_decode(span_of_bytes(empty, sizeof empty), &back), CODEC_ERR_EMPTY);
    for (size_t i = 0; i < sizeof back; i++)
        assert_int_equal(((const uint8_t *)&back)[i], 0x5a);
}

static void random_series_come_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(96);
    for (int round = 0; round < 300; round++) {
        uint8_t buffer[WATER_METER_SERIES_SIZE_LIMIT];
        static const uint16_t intervals[] = { 900, 1800, 3600 };
        struct water_meter_series series = { .start_s = (int64_t)random_below(&random, UINT32_MAX),
                                             .interval_s = intervals[random_below(&random, 3)],
                                             .count = (uint16_t)(1 + random_below(&random, 96)) }, back;
        for (int i = 0; i < series.count; i++)
            series.values_ml[i] = i > 0 && random_below(&random, 4) == 0
                                      ? WATER_METER_SERIES_NONE
                                      : (int64_t)random_below(&random, UINT64_C(1) << random_below(&random, 50)) -
                                            (int64_t)random_below(&random, 1000);
        struct span bytes = encode(&series, 0, buffer, sizeof buffer);
        assert_int_equal(water_meter_series_decode(bytes, &back), 0);
        assert_series_equal(&back, &series);
    }
}

static void pack_is_read_as_the_same_series(void **state)
{
    (void)state;
    uint8_t buffer[1600];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct water_meter_series series = day_series(), back;
    struct water_meter_report report;

    assert_int_equal(water_meter_series_put_pack(&series, &out), 0);
    assert_int_equal(water_meter_message_decode(COAP_FORMAT_SENML_CBOR, root, writer_span(&out), &report, &back), 0);
    assert_series_equal(&back, &series);
    assert_int_equal(report.present, 0);
}

static void pack_in_json_with_the_dial_of_now(void **state)
{
    (void)state;
    static const char pack[] = "[{\"bn\":\"/3424/0/\",\"bt\":1795190400,\"n\":\"1\",\"v\":12.5},"
                               "{\"n\":\"1\",\"t\":1800,\"v\":12.625},{\"n\":\"1\",\"t\":900,\"v\":12.5},"
                               "{\"n\":\"1\",\"t\":2712,\"v\":12.75},"
                               "{\"bn\":\"/33424/0/\",\"bt\":1795193112,\"n\":\"4\",\"v\":0}]";
    struct water_meter_series series;
    struct water_meter_report report;

    assert_true(water_meter_message_decode(COAP_FORMAT_SENML_JSON, root, span_of_text(pack), &report, &series) > 0);
    assert_int_equal(series.start_s, MIDNIGHT_S);
    assert_int_equal(series.interval_s, 900);
    assert_int_equal(series.count, 3);
    assert_int_equal(series.values_ml[2], 12625000);
    assert_int_equal(report.volume_ml, 12750000);
    assert_int_equal(report.clock_s, 1795193112);
}

static int json_try(const char *pack, struct water_meter_report *report, struct water_meter_series *series)
{
    return water_meter_message_decode(COAP_FORMAT_SENML_JSON, root, span_of_text(pack), report, series);
}

static void volumes_off_the_grid_are_as_ever(void **state)
{
    (void)state;
    struct water_meter_series series;
    struct water_meter_report report;
    static const char two[] = "[{\"bn\":\"/3424/0/1\",\"bt\":1795190401,\"v\":1},{\"t\":900,\"v\":2}]";

    assert_true(json_try(two, &report, &series) > 0);
    assert_int_equal(series.count, 0);
    assert_int_equal(report.volume_ml, 2000000);
    static const char hours[] = "[{\"bn\":\"/3424/0/1\",\"bt\":1795190400,\"v\":1},{\"t\":3600,\"v\":2}]";
    assert_int_equal(json_try(hours, &report, &series), 0);
    assert_int_equal(series.interval_s, 3600);
    assert_int_equal(series.count, 2);
}

static void packs_that_are_no_series_are_refused(void **state)
{
    (void)state;
    struct water_meter_series series;
    struct water_meter_report report;
    static const char twice[] = "[{\"bn\":\"/3424/0/1\",\"bt\":1795190400,\"v\":1},{\"v\":2},{\"t\":900,\"v\":2}]";
    static const char far[] = "[{\"bn\":\"/3424/0/1\",\"bt\":1795190400,\"v\":1},{\"t\":345600,\"v\":2}]";

    assert_int_equal(json_try(twice, &report, &series), CODEC_ERR_DUPLICATE);
    assert_int_equal(json_try(far, &report, &series), CODEC_ERR_RANGE);
}

static void resource_and_fields_come_together(void **state)
{
    (void)state;
    /* 8 bytes and one code, "AQ8DAWsAboAD": +1 L at the start. */
    static const char pack[] = "[{\"bn\":\"/33424/0/\",\"n\":\"21\",\"vd\":\"AQ8DAWsAboAD\"},{\"n\":\"4\",\"v\":1}]";
    struct water_meter_series series;
    struct water_meter_report report;

    assert_int_equal(json_try(pack, &report, &series), 1);
    assert_int_equal(report.present, WATER_METER_BIT(WATER_METER_VALVE));
    assert_int_equal(series.count, 1);
    assert_int_equal(series.values_ml[0], 1000);
    assert_int_equal(water_meter_report_decode(COAP_FORMAT_SENML_JSON, root, span_of_text(pack), &report), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day_comes_back_in_few_bytes),
        cmocka_unit_test(bytes_are_as_documented),
        cmocka_unit_test(largest_values_fit),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(random_series_come_back),
        cmocka_unit_test(pack_is_read_as_the_same_series),
        cmocka_unit_test(pack_in_json_with_the_dial_of_now),
        cmocka_unit_test(volumes_off_the_grid_are_as_ever),
        cmocka_unit_test(packs_that_are_no_series_are_refused),
        cmocka_unit_test(resource_and_fields_come_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
