/* The wired M-Bus slave: addressing, selection, what is new and what repeated, orders, and the search for meters on a
 * line where several answer. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "sim/line.h"
#include "tests/unit/meter/bus_meter_world.h"

#define OWN 5
#define SELECTED MBUS_ADDRESS_SECONDARY

struct request {
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct writer writer;
};

static struct writer *fresh(struct request *request)
{
    request->writer = writer_of_buffer(request->bytes, sizeof request->bytes);
    return &request->writer;
}

static size_t ask(struct bus_world *world, const struct request *request)
{
    return bus_world_hear_mbus(world, writer_span(&request->writer));
}

static size_t reset(struct bus_world *world, uint8_t address)
{
    struct request request;
    mbus_link_reset_encode(address, fresh(&request));
    return ask(world, &request);
}

static size_t read_data(struct bus_world *world, uint8_t address, bool fcb)
{
    struct request request;
    mbus_data_request_encode(address, fcb, fresh(&request));
    return ask(world, &request);
}

static size_t send_records(struct bus_world *world, uint8_t address, bool fcb, const char *records, size_t size)
{
    struct request request;
    assert_int_equal(mbus_data_send_encode(address, fcb, span_of_bytes(records, size), fresh(&request)), 0);
    return ask(world, &request);
}

static size_t select_number(struct bus_world *world, const char *number, const char *maker, uint8_t version,
                            uint8_t medium)
{
    struct mbus_secondary whom = { "", "", version, medium };
    struct request request;
    memcpy(whom.number, number, strlen(number));
    memcpy(whom.manufacturer, maker, strlen(maker));
    assert_int_equal(mbus_select_encode(&whom, false, fresh(&request)), 0);
    return ask(world, &request);
}

static void value_check(const struct bus_world *world, uint16_t quantity, uint32_t storage, int64_t value, int exponent)
{
    const struct item *item = bus_world_item(world, quantity, storage);
    int64_t scaled = 0;
    assert_int_equal(item->quality, ITEM_GOOD);
    assert_int_equal(item_value_scale(item, exponent, &scaled), 0);
    assert_int_equal(scaled, value);
}

static void a_water_meter_answers_by_its_primary_address(void **state)
{
    static struct bus_world world;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.start_volume_ml = INT64_C(1234567000);
    bus_world_start(&world);
    assert_int_equal(reset(&world, OWN), 1);
    assert_int_equal(world.answer[0], MBUS_ACKNOWLEDGE);
    assert_true(read_data(&world, OWN, true) > 1);
    value_check(&world, ITEM_VOLUME, 0, 1234567, -3);
    char number[WMBUS_NUMBER_TEXT_SIZE], maker[WMBUS_MANUFACTURER_TEXT_SIZE];
    wmbus_address_number_text(&world.message.address, number);
    wmbus_address_manufacturer_text(&world.message.address, maker);
    assert_string_equal(number, "12345678");
    assert_string_equal(maker, "KAM");
    assert_int_equal(wmbus_address_type(&world.message.address), 0x16);
    const struct item *clock = bus_world_item(&world, ITEM_DATE_TIME, 0);
    assert_int_equal(clock->time.day, 21);
    assert_int_equal(clock->time.hour, 8);
    assert_int_equal(read_data(&world, OWN + 1, true), 0);
    bus_world_close(&world);
}

static void every_kind_tells_its_medium_and_quantities(void **state)
{
    static struct bus_world world;
    static const uint8_t media[BUS_METER_KIND_COUNT] = { 0x16, 0x15, 0x07, 0x04, 0x0a, 0x03 };
    struct bus_meter_sensors sensors = {
        .flow_l_h = 345, .power_w = 6789, .supply_centi_c = 6543, .return_centi_c = -21
    };

    (void)state;
    for (unsigned kind = 0; kind < BUS_METER_KIND_COUNT; kind++) {
        bus_world_open(&world, (enum bus_meter_kind)kind);
        bus_world_start(&world);
        bus_meter_sense(&world.host.meter, &sensors);
        bus_meter_flow(&world.host.meter, 7654321, kind == BUS_METER_HEAT || kind == BUS_METER_COLD ? 43210 : 0);
        assert_true(read_data(&world, OWN, true) > 1);
        assert_int_equal(wmbus_address_type(&world.message.address), media[kind]);
        value_check(&world, ITEM_VOLUME, 0, 7654, -3);
        value_check(&world, ITEM_VOLUME_FLOW, 0, 345, -3);
        if (kind == BUS_METER_HEAT || kind == BUS_METER_COLD) {
            value_check(&world, ITEM_ENERGY, 0, 43210, 0);
            value_check(&world, ITEM_POWER, 0, 6789, 0);
            value_check(&world, ITEM_TEMPERATURE_FLOW, 0, 6543, -2);
            value_check(&world, ITEM_TEMPERATURE_RETURN, 0, -21, -2);
            value_check(&world, ITEM_TEMPERATURE_DIFFERENCE, 0, 6564, -2);
        }
        bus_world_close(&world);
    }
}

static void a_repeated_request_gets_the_same_answer(void **state)
{
    static struct bus_world world;

    (void)state;
    bus_world_open(&world, BUS_METER_GAS);
    bus_world_start(&world);
    reset(&world, OWN);
    read_data(&world, OWN, true);
    uint8_t access = world.message.access_number;
    read_data(&world, OWN, true);
    assert_int_equal(world.message.access_number, access);
    read_data(&world, OWN, false);
    assert_int_equal(world.message.access_number, (uint8_t)(access + 1));
    reset(&world, OWN);
    read_data(&world, OWN, false); /* after a reset either FCB is new */
    assert_int_equal(world.message.access_number, (uint8_t)(access + 2));
    bus_world_close(&world);
}

static void test_and_broadcast_addresses(void **state)
{
    static struct bus_world world;

    (void)state;
    bus_world_open(&world, BUS_METER_GAS);
    bus_world_start(&world);
    assert_int_equal(reset(&world, MBUS_ADDRESS_TEST), 1);
    assert_true(read_data(&world, MBUS_ADDRESS_TEST, true) > 1);
    assert_int_equal(reset(&world, MBUS_ADDRESS_BROADCAST), 0);
    assert_int_equal(send_records(&world, MBUS_ADDRESS_BROADCAST, false, "\x01\x7a\x09", 3), 0);
    assert_int_equal(world.host.meter.settings.primary, 9); /* obeyed in silence */
    bus_world_close(&world);
}

static void selection_by_number_maker_version_and_medium(void **state)
{
    static struct bus_world world;
    static const struct {
        const char *number;
        const char *maker;
        uint8_t version;
        uint8_t medium;
        bool matches;
    } rows[] = {
        { "12345678", "", 0xff, 0xff, true },  { "1FFFFFFF", "", 0xff, 0xff, true },
        { "FFFFFFF8", "", 0xff, 0xff, true },  { "12F45F78", "KAM", 1, 0x04, true },
        { "", "", 0xff, 0xff, true },          { "2FFFFFFF", "", 0xff, 0xff, false },
        { "12345679", "", 0xff, 0xff, false }, { "12345678", "ELS", 0xff, 0xff, false },
        { "12345678", "KAM", 2, 0xff, false }, { "12345678", "KAM", 1, 0x07, false },
    };

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t size = select_number(&world, rows[i].number, rows[i].maker, rows[i].version, rows[i].medium);
        assert_int_equal(size, rows[i].matches ? 1 : 0);
        assert_int_equal(read_data(&world, SELECTED, true) > 1, rows[i].matches);
    }
    assert_int_equal(select_number(&world, "12345678", "", 0xff, 0xff), 1);
    assert_int_equal(reset(&world, SELECTED), 1);
    assert_int_equal(read_data(&world, SELECTED, true), 0);
    assert_int_equal(reset(&world, SELECTED), 0);
    bus_world_close(&world);
}

static void primary_and_secondary_count_their_fcb_apart(void **state)
{
    static struct bus_world world;

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    select_number(&world, "12345678", "", 0xff, 0xff);
    read_data(&world, SELECTED, true);
    uint8_t access = world.message.access_number;
    read_data(&world, OWN, true);
    assert_int_equal(world.message.access_number, (uint8_t)(access + 1));
    read_data(&world, SELECTED, true);
    assert_int_equal(world.message.access_number, (uint8_t)(access + 1)); /* repeated: nothing new is counted */
    bus_world_close(&world);
}

static void orders_change_address_number_and_clock_and_outlive_the_power(void **state)
{
    static struct bus_world world;
    struct request request;
    struct item_time time = item_time_of_unix(BUS_WORLD_NOW_S + 28800 + 3600);

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    reset(&world, OWN);
    assert_int_equal(mbus_address_set_encode(OWN, true, 250, fresh(&request)), 0);
    assert_int_equal(ask(&world, &request), 1);
    assert_int_equal(world.host.meter.settings.primary, 250);
    assert_int_equal(mbus_address_set_encode(250, false, 77, fresh(&request)), 0);
    assert_int_equal(ask(&world, &request), 1);
    reset(&world, 77);
    assert_int_equal(send_records(&world, 77, false, "\x0c\x79\x21\x43\x65\x87", 6), 1);
    assert_int_equal(mbus_clock_set_encode(77, true, &time, fresh(&request)), 0);
    assert_int_equal(ask(&world, &request), 1);
    bus_world_restart(&world);
    assert_int_equal(bus_meter_clock_s(&world.host.meter), BUS_WORLD_NOW_S + 3600);
    assert_int_equal(select_number(&world, "87654321", "", 0xff, 0xff), 1);
    assert_true(read_data(&world, 77, true) > 1);
    assert_int_equal(read_data(&world, OWN, true), 0);
    bus_world_close(&world);
}

static void a_repeated_order_is_obeyed_once(void **state)
{
    static struct bus_world world;

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    reset(&world, OWN);
    assert_int_equal(send_records(&world, OWN, true, "\x0c\x79\x01\x00\x00\x00", 6), 1);
    assert_int_equal(send_records(&world, OWN, true, "\x0c\x79\x02\x00\x00\x00", 6), 1);
    assert_int_equal(world.host.meter.settings.number[0], 1);
    assert_int_equal(send_records(&world, OWN, false, "\x0c\x79\x02\x00\x00\x00", 6), 1);
    assert_int_equal(world.host.meter.settings.number[0], 2);
    bus_world_close(&world);
}

static void what_cannot_be_done_is_told_with_the_next_data(void **state)
{
    static struct bus_world world;
    static const struct {
        const char *records;
        size_t size;
        uint8_t error;
    } rows[] = {
        { "\x01\x7a\xfb", 3, 0 },             /* no primary address */
        { "\x04\x6d\x00", 3, 4 },             /* ends too early */
        { "\x01\x7a\x09\x04\x6d", 5, 4 },     /* the address in front of the damage is not taken */
        { "\x01\x13\x09", 3, 0 },             /* a register is not written */
        { "\x04\x6d\x00\x60\x61\xc1", 6, 0 }, /* a clock in 2199 */
        { "\x04\x6d\x00\x00\xe1\xf1", 6, 0 }, /* the first of January of every year */
        { "\x01\x7a\x01\x01\x7a\x01\x01\x7a\x01\x01\x7a\x01\x01\x7a\x01\x01\x7a\x01\x01\x7a\x01\x01\x7a\x01\x01\x7a"
          "\x01",
          27, 3 },
    };
    struct request request;

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        reset(&world, OWN);
        assert_int_equal(send_records(&world, OWN, true, rows[i].records, rows[i].size), 1);
        for (int times = 0; times < 2; times++) { /* once more, when it is asked again */
            assert_true(read_data(&world, OWN, false) > 1);
            assert_int_equal(world.message.content, MBUS_CONTENT_ERROR);
            assert_int_equal(world.message.body.bytes[0], rows[i].error);
        }
        assert_true(read_data(&world, OWN, true) > 1);
        assert_int_equal(world.message.content, MBUS_CONTENT_VARIABLE);
        assert_int_equal(world.host.meter.settings.primary, OWN);
        assert_int_equal(world.host.meter.state.clock_offset_s, 0);
    }
    assert_int_equal(mbus_baud_set_encode(OWN, false, 9600, fresh(&request)), 0);
    assert_int_equal(ask(&world, &request), 1);
    assert_true(read_data(&world, OWN, true) > 1);
    assert_int_equal(world.message.body.bytes[0], 1); /* CI not implemented */
    bus_world_close(&world);
}

static void a_global_readout_brings_the_history_in_a_second_telegram(void **state)
{
    static struct bus_world world;
    struct request request;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    for (int month = 0; month < 13; month++) {
        bus_meter_flow(&world.host.meter, 3000000, 0);
        bus_world_run(&world, 31 * BUS_WORLD_DAY_S);
    }
    reset(&world, OWN);
    read_data(&world, OWN, true);
    assert_false(world.more_follow);
    mbus_global_readout_encode(OWN, false, fresh(&request));
    assert_int_equal(ask(&world, &request), 1);
    read_data(&world, OWN, true);
    assert_true(world.more_follow);
    value_check(&world, ITEM_VOLUME, 1, 39000, -3);
    assert_int_equal(bus_world_item(&world, ITEM_VOLUME, 1)->time.month, 12);
    read_data(&world, OWN, false);
    assert_false(world.more_follow);
    for (uint32_t storage = 2; storage <= 12; storage++)
        value_check(&world, ITEM_VOLUME, storage, 3000 * (14 - (int64_t)storage), -3);
    read_data(&world, OWN, false); /* lost on the way and asked again */
    value_check(&world, ITEM_VOLUME, 12, 6000, -3);
    read_data(&world, OWN, true);
    value_check(&world, ITEM_VOLUME, 0, 39000, -3);
    mbus_application_reset_encode(OWN, false, MBUS_SUBCODE_NONE, fresh(&request));
    assert_int_equal(ask(&world, &request), 1);
    read_data(&world, OWN, true);
    assert_false(world.more_follow);
    bus_world_close(&world);
}

static void alarms_and_low_battery(void **state)
{
    static struct bus_world world;
    struct bus_meter_sensors sensors = { .battery_low = true, .faults = 2 };
    struct request request;

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    mbus_alarm_request_encode(OWN, true, fresh(&request));
    assert_int_equal(ask(&world, &request), 1);
    read_data(&world, OWN, true);
    assert_int_equal(world.message.status, 0);
    bus_meter_sense(&world.host.meter, &sensors);
    read_data(&world, OWN, false);
    assert_int_equal(world.message.status, 0x06);
    value_check(&world, ITEM_ERROR_FLAGS, 0, 2, 0);
    bus_world_close(&world);
}

static void answers_and_damage_are_silence(void **state)
{
    static struct bus_world world;
    struct request request;
    uint8_t heard[BUS_METER_ANSWER_LIMIT];

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    size_t size = read_data(&world, OWN, true);
    memcpy(heard, world.answer, size);
    assert_int_equal(bus_world_send(&world, span_of_bytes(heard, size)), 0);
    assert_int_equal(bus_world_send(&world, span_of_text("\xe5")), 0);
    mbus_data_request_encode(OWN, true, fresh(&request));
    for (size_t at = 0; at < request.writer.size; at++) {
        request.bytes[at] ^= 4;
        assert_int_equal(bus_world_send(&world, writer_span(&request.writer)), 0);
        request.bytes[at] ^= 4;
    }
    world.host.meter.config.protocols = BUS_METER_CJT188;
    assert_int_equal(read_data(&world, OWN, true), 0);
    bus_world_close(&world);
}

#define MANY 12

struct bus {
    struct line line;
    struct bus_world meters[MANY];
    struct line_slave slaves[MANY];
    int64_t now_us;
    uint8_t answer[LINE_BURST_LIMIT];
};

static void bus_open(struct bus *bus)
{
    struct line_config config = { .kind = LINE_MBUS, .parity = LINE_PARITY_EVEN, .baud = 2400, .seed = 3 };
    line_open(&bus->line, &config);
    bus->now_us = 0;
    for (unsigned i = 0; i < MANY; i++) {
        char number[9] = "10203040";
        bus_world_open(&bus->meters[i], (enum bus_meter_kind)(i % BUS_METER_KIND_COUNT));
        number[i % 7] = (char)('1' + i % 9);
        number[7] = (char)('0' + i % 4);
        assert_int_equal(wmbus_address_make("KAM", number, 1, 7, &bus->meters[i].config.identity), 0);
        bus->meters[i].config.primary = 0;
        bus_world_start(&bus->meters[i]);
        memset(&bus->slaves[i], 0, sizeof bus->slaves[i]);
        bus->slaves[i].slave = &bus->meters[i].host;
        bus->slaves[i].receive = host_bus_meter_receive;
        bus->slaves[i].delay_low_us = 5000;
        bus->slaves[i].delay_high_us = 40000;
        line_attach(&bus->line, &bus->slaves[i]);
    }
}

static size_t bus_ask(struct bus *bus, const struct request *request)
{
    return line_exchange(&bus->line, &bus->now_us, writer_span(&request->writer), 190000, 40000, bus->answer,
                         sizeof bus->answer);
}

/* Search below the first `depth` digits, as EN 13757-3 describes it: go on where answers meet. */
static unsigned search(struct bus *bus, struct mbus_secondary *whom, unsigned depth)
{
    struct request request;
    struct mbus_frame frame;
    unsigned found = 0;

    mbus_link_reset_encode(SELECTED, fresh(&request));
    bus_ask(bus, &request);
    assert_int_equal(mbus_select_encode(whom, false, fresh(&request)), 0);
    if (bus_ask(bus, &request) == 0)
        return 0;
    mbus_data_request_encode(SELECTED, true, fresh(&request));
    size_t size = bus_ask(bus, &request);
    if (mbus_frame_decode(span_of_bytes(bus->answer, size), &frame, NULL) == 0 && frame.kind == MBUS_FRAME_LONG)
        return 1;
    assert_true(depth < 8);
    for (char digit = '0'; digit <= '9'; digit++) {
        whom->number[depth] = digit;
        found += search(bus, whom, depth + 1);
    }
    whom->number[depth] = 'F';
    return found;
}

static void a_search_finds_every_meter_among_collisions(void **state)
{
    static struct bus bus;
    struct mbus_secondary whom = { "FFFFFFFF", "", 0xff, 0xff };

    (void)state;
    bus_open(&bus);
    assert_int_equal(search(&bus, &whom, 0), MANY);
    assert_true(bus.line.counts.collisions > 5);
    for (unsigned i = 0; i < MANY; i++)
        bus_world_close(&bus.meters[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_water_meter_answers_by_its_primary_address),
        cmocka_unit_test(every_kind_tells_its_medium_and_quantities),
        cmocka_unit_test(a_repeated_request_gets_the_same_answer),
        cmocka_unit_test(test_and_broadcast_addresses),
        cmocka_unit_test(selection_by_number_maker_version_and_medium),
        cmocka_unit_test(primary_and_secondary_count_their_fcb_apart),
        cmocka_unit_test(orders_change_address_number_and_clock_and_outlive_the_power),
        cmocka_unit_test(a_repeated_order_is_obeyed_once),
        cmocka_unit_test(what_cannot_be_done_is_told_with_the_next_data),
        cmocka_unit_test(a_global_readout_brings_the_history_in_a_second_telegram),
        cmocka_unit_test(alarms_and_low_battery),
        cmocka_unit_test(answers_and_damage_are_silence),
        cmocka_unit_test(a_search_finds_every_meter_among_collisions),
    };
    return cmocka_run_group_tests_name("bus_meter_mbus", tests, NULL, NULL);
}
