/* A full collector on bad lines: 64 meters of two protocols, noise and loss above and below. Asked again and again, all
 * are read in the end, and nothing that looks like an answer is false. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_request.h"
#include "sim/line_collector.h"
#include "sim/line_meters.h"

#define NOW_S INT64_C(1795219200)
#define WATER 40
#define POWER 24
#define TRIES 12
#define WAIT_US 3000000
#define GAP_US 30000
#define FORWARD_ENERGY 0x00010100 /* tariff 1 */

struct estate {
    struct line upper;
    struct line lower;
    struct line_collector collector;
    struct line_meters water;
    struct line_meters power;
    int64_t now_us;
    unsigned exchanges;
};

static void archive_fill(struct estate *estate)
{
    for (uint8_t i = 0; i < WATER; i++) {
        const struct bus_meter *meter = &estate->water.meters[i].host.meter;
        struct collector_entry entry = {
            COLLECTOR_CJT188, 24, bus_meter_type((enum bus_meter_kind)meter->config.kind), { 0 }
        };
        memcpy(entry.address, meter->settings.address, sizeof entry.address);
        assert_int_equal(line_collector_meter_add(&estate->collector, i, &entry), 0);
    }
    for (uint8_t i = 0; i < POWER; i++) {
        struct collector_entry entry = { COLLECTOR_DLT645_2007, 24, 0, { 0 } };
        memcpy(entry.address, estate->power.meters[i].electricity->meter.parameters.address, DLT645_ADDRESS_SIZE);
        assert_int_equal(line_collector_meter_add(&estate->collector, (uint8_t)(WATER + i), &entry), 0);
    }
}

static void estate_open(struct estate *estate, uint64_t seed)
{
    static const struct dlt645_address own = { { 0x01, 0x00, 0x00, 0x00, 0x00, 0x77 } };
    struct line_config config = { .kind = LINE_RS485,
                                  .parity = LINE_PARITY_EVEN,
                                  .baud = 2400,
                                  .seed = seed,
                                  .flips_per_million = 4000,
                                  .lost_permille = 20 };
    struct line_meters_config meters = { .protocols = BUS_METER_CJT188,
                                         .kind = LINE_METERS_EACH_KIND,
                                         .count = WATER,
                                         .first_number = 5001,
                                         .delay_low_us = 20000,
                                         .delay_high_us = 200000,
                                         .preamble_size = 4,
                                         .zone_offset_s = 28800,
                                         .seed = seed };
    memset(estate, 0, sizeof *estate);
    line_open(&estate->lower, &config);
    config.kind = LINE_RADIO;
    config.baud = 9600;
    config.seed++;
    line_open(&estate->upper, &config);
    assert_int_equal(line_collector_open(&estate->collector, &own, &estate->upper, &estate->lower, seed), 0);
    assert_int_equal(line_meters_open(&estate->water, &meters, &estate->lower, NOW_S), 0);
    meters.protocols = LINE_METERS_DLT645;
    meters.count = POWER;
    assert_int_equal(line_meters_open(&estate->power, &meters, &estate->lower, NOW_S), 0);
    archive_fill(estate);
}

static void estate_close(struct estate *estate)
{
    line_meters_close(&estate->water);
    line_meters_close(&estate->power);
    line_collector_close(&estate->collector);
}

static struct span exchange(struct estate *estate, const struct writer *request, uint8_t answer[LINE_BURST_LIMIT])
{
    estate->exchanges++;
    estate->now_us += 50000;
    size_t size =
        line_exchange(&estate->upper, &estate->now_us, writer_span(request), WAIT_US, GAP_US, answer, LINE_BURST_LIMIT);
    return span_of_bytes(answer, size);
}

/* returns  whether it was read; then the value is the meter's */
static bool water_read(struct estate *estate, unsigned index)
{
    const struct bus_meter *meter = &estate->water.meters[index].host.meter;
    struct cjt188_link link = {
        bus_meter_type((enum bus_meter_kind)meter->config.kind), { 0 }, (uint8_t)index, 2, NULL
    };
    uint8_t bytes[CJT188_FRAME_LIMIT], answer[LINE_BURST_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    struct cjt188_frame frame;
    size_t skip;
    memcpy(link.address, meter->settings.address, sizeof link.address);
    assert_int_equal(cjt188_request_encode(&link, CJT188_METERING, NULL, 0, &request), 0);
    if (cjt188_frame_take(exchange(estate, &request, answer), &skip, &frame) == 0)
        return false;
    bool is_energy = meter->config.kind == BUS_METER_HEAT || meter->config.kind == BUS_METER_COLD;
    assert_memory_equal(frame.address, link.address, sizeof link.address);
    assert_int_equal(bcd_read_4(frame.payload.bytes + (is_energy ? 5 : 0)),
                     bus_meter_register(meter) / (is_energy ? 10 : 10000));
    return true;
}

static bool power_read(struct estate *estate, unsigned index)
{
    const struct electricity_meter *meter = &estate->power.meters[index].electricity->meter;
    uint8_t bytes[DLT645_FRAME_SIZE_MAX], answer[LINE_BURST_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_address address;
    struct dlt645_frame frame;
    size_t skip;
    memcpy(address.bytes, meter->parameters.address, sizeof address.bytes);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &address, FORWARD_ENERGY, &request), 0);
    if (dlt645_frame_take(exchange(estate, &request, answer), &skip, &frame) == 0)
        return false;
    assert_memory_equal(&frame.address, &address, sizeof address);
    assert_int_equal(bcd_read_4(frame.data + 4), meter->state.forward_mwh[0] / 10000);
    return true;
}

static void all_are_read_in_the_end_and_nothing_is_false(void **state)
{
    static struct estate estate;
    unsigned exchanges = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        unsigned read = 0;
        estate_open(&estate, seed);
        for (unsigned i = 0; i < WATER + POWER; i++) {
            bool is_read = false;
            for (int tries = 0; tries < TRIES && !is_read; tries++)
                is_read = i < WATER ? water_read(&estate, i) : power_read(&estate, i - WATER);
            read += is_read;
        }
        assert_int_equal(read, WATER + POWER);
        assert_true(estate.exchanges > WATER + POWER); /* the lines were bad */
        assert_true(estate.upper.counts.flips > 0 && estate.lower.counts.flips > 0);
        assert_int_equal(estate.lower.counts.collisions, 0);
        exchanges += estate.exchanges;
        estate_close(&estate);
    }
    print_message("# 20 estates of 64 meters in %u exchanges\n", exchanges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_read_in_the_end_and_nothing_is_false),
    };
    return cmocka_run_group_tests_name("line_collector", tests, NULL, NULL);
}
