/* Meters that live on a line by themselves. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/cjt188/cjt188_message.h"
#include "sim/line_meters.h"

#define NOW_S INT64_C(1795219200) /* 2026-11-21T00:00:00Z */

static const struct line_meters_config standard = {
    .protocols = BUS_METER_CJT188 | BUS_METER_MBUS,
    .kind = LINE_METERS_EACH_KIND,
    .count = 12,
    .first_number = 26110001,
    .first_primary = 1,
    .delay_low_us = 5000,
    .delay_high_us = 20000,
    .zone_offset_s = 28800,
    .seed = 3,
};

static void line_make(struct line *line)
{
    line_open(line, &(struct line_config){ .kind = LINE_RS485, .parity = LINE_PARITY_EVEN, .baud = 9600, .seed = 1 });
}

static void each_has_its_number_and_answers_by_it(void **state)
{
    static struct line line;
    struct line_meters meters;
    int64_t now_us = 0;

    (void)state;
    line_make(&line);
    assert_int_equal(line_meters_open(&meters, &standard, &line, NOW_S), 0);
    for (unsigned i = 0; i < standard.count; i++) {
        const struct bus_meter *meter = &meters.meters[i].host.meter;
        struct cjt188_link link = {
            bus_meter_type((enum bus_meter_kind)(i % BUS_METER_KIND_COUNT)), { 0 }, 1, 0, NULL
        };
        uint8_t request[32], answer[LINE_BURST_LIMIT];
        struct writer writer = writer_of_buffer(request, sizeof request);
        struct cjt188_frame frame;
        size_t skip;
        memcpy(link.address, meter->settings.address, sizeof link.address);
        assert_int_equal(link.address[0], i < 9 ? i + 1 : i - 9 + 0x10);
        assert_int_equal(cjt188_request_encode(&link, CJT188_METERING, NULL, 0, &writer), 0);
        size_t size = line_exchange(&line, &now_us, writer_span(&writer), 100000, 10000, answer, sizeof answer);
        assert_true(cjt188_frame_take(span_of_bytes(answer, size), &skip, &frame) > 0);
        assert_memory_equal(frame.address, link.address, sizeof link.address);
    }
    assert_int_equal(line.counts.collisions, 0);
    line_meters_close(&meters);
    assert_null(line.slaves);
}

static void water_runs_and_heat_flows(void **state)
{
    static struct line line;
    struct line_meters meters;
    int64_t start_ml[12], start_wh[12];

    (void)state;
    line_make(&line);
    assert_int_equal(line_meters_open(&meters, &standard, &line, NOW_S), 0);
    for (unsigned i = 0; i < standard.count; i++) {
        start_ml[i] = meters.meters[i].host.meter.state.volume_ml;
        start_wh[i] = meters.meters[i].host.meter.state.energy_wh;
    }
    for (int64_t now_s = NOW_S; now_s < NOW_S + 2 * 86400; now_s += 60)
        line_meters_step(&meters, now_s);
    for (unsigned i = 0; i < standard.count; i++) {
        const struct bus_meter *meter = &meters.meters[i].host.meter;
        int64_t daily_ml = (meter->state.volume_ml - start_ml[i]) / 2;
        bool is_energy = i % BUS_METER_KIND_COUNT == BUS_METER_HEAT || i % BUS_METER_KIND_COUNT == BUS_METER_COLD;
        assert_in_range(daily_ml, 75000, 1200000);
        assert_true(is_energy == (meter->state.energy_wh > start_wh[i]));
    }
    line_meters_close(&meters);
}

static void electricity_meters_integrate_their_load(void **state)
{
    static struct line line;
    struct line_meters meters;
    struct line_meters_config config = standard;
    int64_t start_mwh[3];

    (void)state;
    line_make(&line);
    config.protocols = LINE_METERS_DLT645;
    config.count = 3;
    assert_int_equal(line_meters_open(&meters, &config, &line, NOW_S), 0);
    for (unsigned i = 0; i < config.count; i++)
        start_mwh[i] = meters.meters[i].electricity->meter.state.forward_mwh[0];
    for (int64_t now_s = NOW_S; now_s <= NOW_S + 86400; now_s += 60)
        line_meters_step(&meters, now_s);
    for (unsigned i = 0; i < config.count; i++) {
        const struct electricity_meter *meter = &meters.meters[i].electricity->meter;
        assert_int_equal(meter->parameters.address[0], i + 1);
        assert_in_range(meter->state.forward_mwh[0] - start_mwh[i], 1000000, 30000000); /* 1 to 30 kWh a day */
    }
    line_meters_close(&meters);
}

static void what_has_no_room_is_refused(void **state)
{
    static struct line line;
    struct line_meters meters;
    struct line_meters_config config = standard;

    (void)state;
    line_make(&line);
    config.count = 0;
    assert_int_equal(line_meters_open(&meters, &config, &line, NOW_S), -1);
    config = standard;
    config.first_primary = 240;
    assert_int_equal(line_meters_open(&meters, &config, &line, NOW_S), -1);
    config = standard;
    config.first_number = LINE_METERS_NUMBER_LIMIT;
    assert_int_equal(line_meters_open(&meters, &config, &line, NOW_S), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_number_and_answers_by_it),
        cmocka_unit_test(water_runs_and_heat_flows),
        cmocka_unit_test(electricity_meters_integrate_their_load),
        cmocka_unit_test(what_has_no_room_is_refused),
    };
    return cmocka_run_group_tests_name("line_meters", tests, NULL, NULL);
}
