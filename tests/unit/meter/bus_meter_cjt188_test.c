/* CJ/T 188 as the meter speaks it: readings by kind, history, writes, addresses, orders, silence. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "tests/unit/meter/bus_meter_world.h"

#define ANSWER(function) ((uint8_t)(CJT188_FROM_METER | (function)))
#define ABNORMAL(function) ((uint8_t)(CJT188_FROM_METER | CJT188_ABNORMAL | (function)))
#define READ_ANSWER ANSWER(CJT188_READ_DATA)
#define WRITE_ANSWER ANSWER(CJT188_WRITE_DATA)
#define WRITE_REFUSED ABNORMAL(CJT188_WRITE_DATA)

/* A request made by one of the cjt188_*_request_encode functions. */
#define ASK(world, call) \
    do { \
        asked = writer_of_buffer(bytes, sizeof bytes); \
        assert_int_equal(call, 0); \
        control = bus_world_hear_cjt188(world, writer_span(&asked)); \
    } while (0)
static struct bus_world world; /* one for all: it must fit into a small board */

#define REQUEST \
    uint8_t bytes[CJT188_FRAME_LIMIT]; \
    struct writer asked; \
    uint8_t control

static void value_check(const struct bus_world *asked, uint16_t quantity, uint32_t storage, int64_t value, int exponent,
                        uint8_t unit)
{
    const struct item *item = bus_world_item(asked, quantity, storage);
    int64_t scaled = 0;
    assert_int_equal(item->quality, ITEM_GOOD);
    assert_int_equal(item_value_scale(item, exponent, &scaled), 0);
    assert_int_equal(scaled, value);
    assert_int_equal(item->unit, unit);
}

static void a_water_meter_tells_its_register_byte_by_byte(void **state)
{
    static const uint8_t request[] = { 0xfe, 0xfe, 0x68, 0x10, 0x78, 0x56, 0x34, 0x00, 0x12,
                                       0x00, 0x00, 0x01, 0x03, 0x90, 0x1f, 0x05, 0x44, 0x16 };
    /* 1234.56 m3, no settlement yet, 2026-07-09 10:15:30, valve open, battery low. */
    static const uint8_t answer[] = { 0x68, 0x10, 0x78, 0x56, 0x34, 0x00, 0x12, 0x00, 0x00, 0x81, 0x16, 0x90,
                                      0x1f, 0x05, 0x56, 0x34, 0x12, 0x00, 0x2c, 0xff, 0xff, 0xff, 0xff, 0x2c,
                                      0x30, 0x15, 0x10, 0x09, 0x07, 0x26, 0x20, 0x04, 0x00, 0x76, 0x16 };
    struct bus_meter_sensors sensors = { .battery_low = true };
    int64_t now_s;

    (void)state;
    assert_int_equal(calendar_parse_time(span_of_text("2026-07-09T10:15:30+08:00"), &now_s), 0);
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.now_s = now_s;
    world.config.start_volume_ml = INT64_C(1234567890);
    bus_world_start(&world);
    bus_meter_sense(&world.host.meter, &sensors);
    assert_int_equal(bus_world_send(&world, span_of_bytes(request, sizeof request)), sizeof answer);
    assert_memory_equal(world.answer, answer, sizeof answer);
    bus_world_close(&world);
}

static void each_kind_tells_its_quantities(void **state)
{

    (void)state;
    for (unsigned kind = 0; kind < BUS_METER_KIND_COUNT; kind++) {
        bus_world_open(&world, (enum bus_meter_kind)kind);
        bool is_energy = kind == BUS_METER_HEAT || kind == BUS_METER_COLD;
        bus_world_start(&world);
        bus_meter_flow(&world.host.meter, 12345678, is_energy ? 98765 : 0);
        assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
        assert_int_equal(world.frame.serial, 7);
        assert_int_equal(world.frame.meter_type, bus_meter_type((enum bus_meter_kind)kind));
        value_check(&world, ITEM_VOLUME, 0, 1234, -2, ITEM_UNIT_M3);
        if (is_energy)
            value_check(&world, kind == BUS_METER_HEAT ? ITEM_ENERGY_HEAT : ITEM_ENERGY_COOLING, 0, 9876, -2,
                        ITEM_UNIT_KWH);
        bus_world_close(&world);
    }
}

static void a_heat_meter_tells_what_its_sensors_say(void **state)
{
    struct bus_meter_sensors sensors = {
        .flow_l_h = 1234, .power_w = 56780, .supply_centi_c = 7512, .return_centi_c = 4307, .faults = 8
    };

    (void)state;
    bus_world_open(&world, BUS_METER_HEAT);
    world.config.variant = cjt188_variant_find(span_of_text("heat_faults"));
    bus_world_start(&world);
    bus_meter_sense(&world.host.meter, &sensors);
    bus_world_run(&world, 5 * 3600);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    value_check(&world, ITEM_POWER, 0, 5678, -2, ITEM_UNIT_KW);
    value_check(&world, ITEM_VOLUME_FLOW, 0, 123, -2, ITEM_UNIT_M3_H);
    value_check(&world, ITEM_TEMPERATURE_FLOW, 0, 7512, -2, ITEM_UNIT_CELSIUS);
    value_check(&world, ITEM_TEMPERATURE_RETURN, 0, 4307, -2, ITEM_UNIT_CELSIUS);
    value_check(&world, ITEM_OPERATING_TIME, 0, 5, 0, ITEM_UNIT_HOUR);
    value_check(&world, ITEM_ERROR_FLAGS, 0, 8, 0, ITEM_UNIT_NONE);
    sensors.return_centi_c = -5;
    bus_meter_sense(&world.host.meter, &sensors);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_TEMPERATURE_RETURN, 0)->quality, ITEM_MISSING);
    bus_world_close(&world);
}

static void twelve_settlements_are_kept(void **state)
{

    (void)state;
    bus_world_open(&world, BUS_METER_GAS);
    bus_world_start(&world);
    for (int month = 0; month < 15; month++) {
        bus_meter_flow(&world.host.meter, 1000000, 0);
        int64_t today = calendar_local_day(world.now_s, 28800);
        int64_t next_s = calendar_midnight(calendar_month_start_after(today, 1), 28800);
        world.now_s = next_s - 120;
        bus_world_run(&world, 300);
    }
    for (uint16_t back = 1; back <= BUS_METER_HISTORY_LIMIT; back++) {
        assert_int_equal(bus_world_read(&world, (uint16_t)(CJT188_HISTORY_FIRST + back - 1)), READ_ANSWER);
        value_check(&world, ITEM_VOLUME, back, 100 * (16 - back), -2, ITEM_UNIT_M3);
    }
    bus_world_restart(&world);
    assert_int_equal(bus_world_read(&world, CJT188_HISTORY_LAST), READ_ANSWER);
    value_check(&world, ITEM_VOLUME, 12, 400, -2, ITEM_UNIT_M3);
    bus_world_close(&world);
}

static void a_meter_without_settlements_says_so(void **state)
{

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    assert_int_equal(bus_world_read(&world, CJT188_HISTORY_FIRST), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_VOLUME, 1)->quality, ITEM_MISSING);
    bus_world_close(&world);
}

static void the_valve_answers_with_the_old_state_and_then_turns(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_valve_request_encode(&world.link, CJT188_VALVE_CLOSE, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_VALVE, 0)->value, CJT188_VALVE_IS_OPEN);
    bus_world_run(&world, 10);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_VALVE, 0)->value, CJT188_VALVE_IS_CLOSED);
    assert_int_equal(world.host.valve.position, METER_POSITION_CLOSED);
    bus_world_restart(&world);
    bus_world_run(&world, 10);
    assert_int_equal(world.host.valve.position, METER_POSITION_CLOSED);
    ASK(&world, cjt188_valve_request_encode(&world.link, CJT188_VALVE_OPEN, &asked));
    bus_world_run(&world, 10);
    ASK(&world, cjt188_valve_request_encode(&world.link, CJT188_VALVE_QUERY, &asked));
    assert_int_equal(bus_world_item(&world, ITEM_VALVE, 0)->value, CJT188_VALVE_IS_OPEN);
    bus_world_close(&world);
}

static void a_stuck_valve_is_abnormal_and_an_absent_one_refused(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.host.valve.is_stuck = true;
    bus_world_start(&world);
    ASK(&world, cjt188_valve_request_encode(&world.link, CJT188_VALVE_CLOSE, &asked));
    bus_world_run(&world, 600);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_VALVE, 0)->value, CJT188_VALVE_IS_ABNORMAL);
    bus_world_close(&world);
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.has_valve = false;
    bus_world_start(&world);
    ASK(&world, cjt188_valve_request_encode(&world.link, CJT188_VALVE_CLOSE, &asked));
    assert_int_equal(control, WRITE_REFUSED);
    bus_world_close(&world);
}

static void the_clock_is_set_and_told(void **state)
{
    struct item_time time = item_time_of_unix(BUS_WORLD_NOW_S + 28800 + 90);
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_time_request_encode(&world.link, &time, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    assert_int_equal(world.frame.payload.size, 0);
    assert_int_equal(bus_meter_clock_s(&world.host.meter), BUS_WORLD_NOW_S + 90);
    bus_world_restart(&world);
    assert_int_equal(bus_meter_clock_s(&world.host.meter), BUS_WORLD_NOW_S + 90);
    bus_world_close(&world);
}

static void a_time_that_is_none_is_refused(void **state)
{
    static const uint8_t month_13[] = { 0x30, 0x15, 0x10, 0x09, 0x13, 0x26, 0x20 };
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_message_encode(&world.link, CJT188_WRITE_DATA, CJT188_TIME_WRITE,
                                      span_of_bytes(month_13, sizeof month_13), &asked));
    assert_int_equal(control, WRITE_REFUSED);
    assert_int_equal(bus_meter_clock_s(&world.host.meter), BUS_WORLD_NOW_S);
    bus_world_close(&world);
}

static void a_clock_set_back_settles_again_and_one_set_ahead_only_once(void **state)
{
    struct item_time ahead = item_time_of_unix(BUS_WORLD_NOW_S + 28800 + 100 * BUS_WORLD_DAY_S); /* 1 March 2027 */
    struct item_time back = item_time_of_unix(BUS_WORLD_NOW_S + 28800);
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    bus_meter_flow(&world.host.meter, 5000000, 0);
    ASK(&world, cjt188_time_request_encode(&world.link, &ahead, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    assert_int_equal(bus_world_read(&world, CJT188_HISTORY_FIRST), READ_ANSWER);
    value_check(&world, ITEM_VOLUME, 1, 500, -2, ITEM_UNIT_M3);
    assert_int_equal(bus_world_read(&world, CJT188_HISTORY_FIRST + 1), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_VOLUME, 2)->quality, ITEM_MISSING);
    ASK(&world, cjt188_time_request_encode(&world.link, &back, &asked));
    assert_int_equal(bus_world_read(&world, CJT188_HISTORY_FIRST), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_VOLUME, 1)->quality, ITEM_MISSING);
    bus_meter_flow(&world.host.meter, 1000000, 0);
    bus_world_run(&world, 12 * BUS_WORLD_DAY_S);
    bus_world_restart(&world);
    assert_int_equal(bus_world_read(&world, CJT188_HISTORY_FIRST), READ_ANSWER);
    value_check(&world, ITEM_VOLUME, 1, 600, -2, ITEM_UNIT_M3);
    bus_world_close(&world);
}

static void the_base_reading_is_set_in_its_own_units_only(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_base_reading_request_encode(&world.link, 12345, -2, ITEM_UNIT_M3, &asked));
    assert_int_equal(control, ANSWER(CJT188_WRITE_SYNC));
    bus_world_restart(&world);
    assert_int_equal(bus_meter_register(&world.host.meter), 123450000);
    ASK(&world, cjt188_base_reading_request_encode(&world.link, 777, -2, ITEM_UNIT_KWH, &asked));
    assert_int_equal(control, ABNORMAL(CJT188_WRITE_SYNC));
    assert_int_equal(bus_meter_register(&world.host.meter), 123450000);
    bus_world_close(&world);
    bus_world_open(&world, BUS_METER_HEAT);
    bus_world_start(&world);
    ASK(&world, cjt188_base_reading_request_encode(&world.link, 123, -2, ITEM_UNIT_MWH, &asked));
    assert_int_equal(control, ANSWER(CJT188_WRITE_SYNC));
    assert_int_equal(bus_meter_register(&world.host.meter), 1230000);
    bus_world_close(&world);
}

static void prices_and_days_are_written_and_read_back(void **state)
{
    struct cjt188_prices prices = { { 250, 375, 500 }, { 15, 25 }, 5 };
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_price_table_request_encode(&world.link, &prices, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    ASK(&world, cjt188_settlement_day_request_encode(&world.link, 28, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    ASK(&world, cjt188_reading_day_request_encode(&world.link, BUS_METER_DAY_LAST, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    ASK(&world, cjt188_reading_day_request_encode(&world.link, 32, &asked));
    assert_int_equal(control, WRITE_REFUSED);
    bus_world_restart(&world);
    assert_int_equal(bus_world_read(&world, CJT188_PRICE_TABLE), READ_ANSWER);
    assert_int_equal(world.item_count, 5);
    assert_int_equal(world.items[2].value, 375);
    assert_int_equal(world.items[3].value, 25);
    assert_int_equal(bus_world_read(&world, CJT188_SETTLEMENT_DAY), READ_ANSWER);
    assert_int_equal(world.items[0].value, 28);
    assert_int_equal(bus_world_read(&world, CJT188_READING_DAY), READ_ANSWER);
    assert_int_equal(world.items[0].value, BUS_METER_DAY_LAST);
    bus_world_close(&world);
}

static void another_settlement_day_loses_no_month(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    bus_meter_flow(&world.host.meter, 2000000, 0);
    bus_world_run(&world, 12 * BUS_WORLD_DAY_S); /* settles on 1 December; now it is the 3rd */
    ASK(&world, cjt188_settlement_day_request_encode(&world.link, 20, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    bus_world_run(&world, BUS_WORLD_DAY_S);
    assert_int_equal(world.host.meter.history[0].value, 2000000);
    assert_int_equal(world.host.meter.history[1].day, 0);
    bus_meter_flow(&world.host.meter, 1000000, 0);
    bus_world_run(&world, 20 * BUS_WORLD_DAY_S);
    assert_int_equal(world.host.meter.history[0].value, 3000000);
    assert_int_equal(world.host.meter.history[1].value, 2000000);
    bus_world_close(&world);
}

static void a_purchase_counts_once_and_pays_by_the_price_table(void **state)
{
    struct cjt188_prices prices = { { 250, 500, 500 }, { 1, 0 }, 1 };
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.prepaid = true;
    bus_world_start(&world);
    ASK(&world, cjt188_price_table_request_encode(&world.link, &prices, &asked));
    for (int i = 0; i < 2; i++) {
        ASK(&world, cjt188_purchase_request_encode(&world.link, 1, 1000, &asked));
        assert_int_equal(control, WRITE_ANSWER);
        assert_int_equal(bus_world_item(&world, ITEM_PURCHASE_AMOUNT, 0)->value, 1000);
    }
    ASK(&world, cjt188_purchase_request_encode(&world.link, 1, 2000, &asked));
    assert_int_equal(control, WRITE_REFUSED); /* the same number is no other purchase */
    bus_meter_flow(&world.host.meter, 1500000, 0);
    assert_int_equal(bus_world_read(&world, CJT188_PURCHASE), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_BALANCE, 0)->value, 1000 - 250 - 250);
    assert_int_equal(bus_world_item(&world, ITEM_PURCHASE_TOTAL, 0)->value, 1000);
    bus_meter_flow(&world.host.meter, 2000000, 0);
    bus_world_run(&world, 10);
    assert_int_equal(world.host.valve.position, METER_POSITION_CLOSED);
    assert_int_equal(bus_world_read(&world, CJT188_PURCHASE), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_BALANCE, 0)->value, 0);
    bus_world_restart(&world);
    ASK(&world, cjt188_purchase_request_encode(&world.link, 2, 5000, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    bus_world_run(&world, 10);
    assert_int_equal(world.host.valve.position, METER_POSITION_OPEN);
    assert_int_equal(bus_world_read(&world, CJT188_PURCHASE), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_BALANCE, 0)->value, 500 - 1000 + 5000);
    bus_world_close(&world);
}

/* A number behind the last one's is an old frame that comes again, and no money; one that was left out is no harm. */
static void purchases_come_in_order_and_their_number_wraps(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.prepaid = true;
    bus_world_start(&world);
    for (unsigned number = 7; number < 7 + 256; number++) {
        ASK(&world, cjt188_purchase_request_encode(&world.link, (uint8_t)number, 100, &asked));
        assert_int_equal(control, WRITE_ANSWER);
    }
    assert_int_equal(world.host.meter.state.balance_fen, 25600);
    bus_world_restart(&world);
    for (unsigned back = 1; back <= 128; back++) { /* behind 6, the last one */
        ASK(&world, cjt188_purchase_request_encode(&world.link, (uint8_t)(6 - back), 100, &asked));
        assert_int_equal(control, WRITE_REFUSED);
    }
    assert_int_equal(world.host.meter.state.balance_fen, 25600);
    ASK(&world, cjt188_purchase_request_encode(&world.link, 9, 100, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    ASK(&world, cjt188_purchase_request_encode(&world.link, 8, 100, &asked));
    assert_int_equal(control, WRITE_REFUSED);
    assert_int_equal(world.host.meter.state.balance_fen, 25700);
    bus_world_close(&world);
}

/* The sum of all purchases is a dial of eight digits: money is not refused because it has turned over. */
static void the_sum_of_purchases_turns_over(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.prepaid = true;
    bus_world_start(&world);
    ASK(&world, cjt188_purchase_request_encode(&world.link, 1, 99999999, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    ASK(&world, cjt188_purchase_request_encode(&world.link, 2, 100, &asked));
    assert_int_equal(control, WRITE_REFUSED); /* more than the meter can show as remaining */
    world.host.meter.state.balance_fen = 0;
    ASK(&world, cjt188_purchase_request_encode(&world.link, 2, 100, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    assert_int_equal(bus_world_read(&world, CJT188_PURCHASE), READ_ANSWER);
    assert_int_equal(bus_world_item(&world, ITEM_PURCHASE_TOTAL, 0)->value, 99);
    assert_int_equal(bus_world_item(&world, ITEM_BALANCE, 0)->value, 100);
    bus_world_close(&world);
}

static void who_has_no_account_takes_no_money(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_purchase_request_encode(&world.link, 1, 1000, &asked));
    assert_int_equal(control, WRITE_REFUSED);
    assert_int_equal(world.host.meter.state.balance_fen, 0);
    bus_world_close(&world);
}

static void a_key_goes_in_and_only_its_version_comes_out(void **state)
{
    static const uint8_t key[CJT188_KEY_SIZE] = { 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18 };
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_key_request_encode(&world.link, 9, key, &asked));
    assert_int_equal(control, WRITE_ANSWER);
    bus_world_restart(&world);
    assert_memory_equal(world.host.meter.settings.key, key, sizeof key);
    assert_int_equal(bus_world_read(&world, CJT188_KEY_VERSION), ANSWER(CJT188_READ_KEY_VERSION));
    assert_int_equal(world.items[0].value, 9);
    assert_int_equal(world.frame.payload.size, 1);
    bus_world_close(&world);
}

static void an_address_is_found_by_wild_cards_and_changed(void **state)
{
    static const uint8_t changed[] = { 0x21, 0x43, 0x65, 0x87, 0x09, 0x11, 0x22 };
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_GAS);
    bus_world_start(&world);
    memset(world.link.address, CJT188_WILDCARD, sizeof world.link.address);
    world.link.meter_type = CJT188_WILDCARD;
    assert_int_equal(bus_world_read(&world, CJT188_ADDRESS), ANSWER(CJT188_READ_ADDRESS));
    assert_memory_equal(world.frame.address, world.config.address, sizeof changed);
    assert_int_equal(world.frame.meter_type, 0x30);
    ASK(&world, cjt188_address_request_encode(&world.link, INT64_C(22110987654321), &asked));
    assert_int_equal(control, ANSWER(CJT188_WRITE_ADDRESS));
    assert_memory_equal(world.frame.address, changed, sizeof changed);
    bus_world_restart(&world);
    memcpy(world.link.address, world.config.address, sizeof changed);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), 0);
    memcpy(world.link.address, changed, sizeof changed);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    ASK(&world, cjt188_address_request_encode(&world.link, 5, &asked));
    assert_memory_equal(world.frame.address, changed, sizeof changed); /* asked by number, it answers by it */
    bus_world_close(&world);
}

static void others_frames_answers_and_damage_are_silence(void **state)
{
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    uint8_t heard[BUS_METER_ANSWER_LIMIT];
    size_t heard_size = world.answer_size;
    memcpy(heard, world.answer, heard_size);
    assert_int_equal(bus_world_send(&world, span_of_bytes(heard, heard_size)), 0);
    world.link.address[0] ^= 1;
    assert_int_equal(bus_world_read(&world, CJT188_METERING), 0);
    world.link.address[0] ^= 1;
    world.link.meter_type = 0x20;
    assert_int_equal(bus_world_read(&world, CJT188_METERING), 0);
    world.link.meter_type = 0x10;
    assert_int_equal(cjt188_request_encode(&world.link, CJT188_METERING, NULL, 0, &request), 0);
    for (size_t at = 0; at < request.size; at++) {
        bytes[at] ^= 0x10;
        assert_int_equal(bus_world_send(&world, writer_span(&request)), 0);
        bytes[at] ^= 0x10;
    }
    assert_true(bus_world_send(&world, writer_span(&request)) > 0);
    bus_world_close(&world);
}

static void what_it_does_not_know_is_answered_abnormally(void **state)
{
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    ASK(&world, cjt188_message_encode(&world.link, CJT188_READ_DATA, 0x9030, span_of_bytes(NULL, 0), &asked));
    assert_int_equal(control, ABNORMAL(CJT188_READ_DATA));
    assert_int_equal(world.frame.form, CJT188_FORM_ABNORMAL);
    assert_int_equal(world.frame.serial, 7);
    ASK(&world, cjt188_message_encode(&world.link, CJT188_WRITE_DATA, CJT188_METERING, span_of_bytes(NULL, 0), &asked));
    assert_int_equal(control, WRITE_REFUSED);
    bus_world_close(&world);
}

static void a_meter_speaks_the_order_it_was_made_for_or_both(void **state)
{
    const struct cjt188_variant *low_first = cjt188_variant_find(span_of_text("low_first"));

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    assert_false(world.frame.is_low_first);
    world.link.variant = low_first;
    assert_int_equal(bus_world_read(&world, CJT188_METERING), 0);
    world.host.meter.config.any_order = true;
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    assert_true(world.frame.is_low_first);
    bus_world_close(&world);
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.variant = low_first;
    bus_world_start(&world);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), 0);
    world.link.variant = low_first;
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    assert_true(world.frame.is_low_first);
    bus_world_close(&world);
}

static void every_variant_of_the_codec_is_a_meter(void **state)
{
    const struct cjt188_variant *variant;
    REQUEST;

    (void)state;
    for (size_t i = 0; (variant = cjt188_variant_at(i)) != NULL; i++) {
        for (unsigned kind = 0; kind < BUS_METER_KIND_COUNT; kind++) {
            bus_world_open(&world, (enum bus_meter_kind)kind);
            world.config.variant = variant;
            world.config.preamble_size = 3;
            world.link.variant = variant;
            bus_world_start(&world);
            assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
            assert_int_equal(world.frame.preamble_size, 3);
            ASK(&world, cjt188_address_request_encode(&world.link, 77, &asked));
            assert_int_equal(control, ANSWER(variant->address_function));
            bus_world_close(&world);
        }
    }
}

static void the_dial_turns_over(void **state)
{

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.start_volume_ml = BUS_METER_VOLUME_LIMIT_ML - 10000;
    bus_world_start(&world);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    value_check(&world, ITEM_VOLUME, 0, 99999999, -2, ITEM_UNIT_M3);
    bus_meter_flow(&world.host.meter, 30000, 0);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    value_check(&world, ITEM_VOLUME, 0, 2, -2, ITEM_UNIT_M3);
    bus_world_close(&world);
}

static void factory_enabling_is_kept(void **state)
{

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    bus_world_start(&world);
    assert_int_equal(bus_world_read(&world, CJT188_FACTORY_ENABLE), WRITE_ANSWER);
    bus_world_restart(&world);
    assert_true(world.host.meter.settings.is_enabled);
    bus_world_close(&world);
}

static int program_fail(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    (void)context;
    (void)offset;
    (void)bytes;
    (void)size;
    return -1;
}

static void a_flash_that_fails_refuses_what_must_be_kept_and_goes_on_reading(void **state)
{
    struct cjt188_prices prices = { { 100, 200, 300 }, { 10, 20 }, 1 };
    REQUEST;

    (void)state;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.prepaid = true;
    bus_world_start(&world);
    world.host.hal.flash_program = program_fail;
    ASK(&world, cjt188_valve_request_encode(&world.link, CJT188_VALVE_CLOSE, &asked));
    assert_int_equal(control, WRITE_REFUSED);
    ASK(&world, cjt188_purchase_request_encode(&world.link, 1, 1000, &asked));
    assert_int_equal(control, WRITE_REFUSED);
    ASK(&world, cjt188_price_table_request_encode(&world.link, &prices, &asked));
    assert_int_equal(control, WRITE_REFUSED);
    ASK(&world, cjt188_base_reading_request_encode(&world.link, 777, -2, ITEM_UNIT_M3, &asked));
    assert_int_equal(control, ABNORMAL(CJT188_WRITE_SYNC));
    assert_int_equal(world.host.meter.state.balance_fen, 0);
    assert_int_equal(world.host.meter.settings.price_fen[0], 0);
    assert_false(world.host.meter.state.closed_by_command);
    bus_meter_flow(&world.host.meter, 2000000, 0);
    assert_int_equal(bus_world_read(&world, CJT188_METERING), READ_ANSWER);
    value_check(&world, ITEM_VOLUME, 0, 200, -2, ITEM_UNIT_M3);
    bus_world_close(&world);
}

static void a_configuration_out_of_bounds_is_refused(void **state)
{

    (void)state;
    for (int i = 0; i < 6; i++) {
        bus_world_open(&world, i == 0 ? BUS_METER_HEAT : BUS_METER_COLD_WATER);
        world.config.prepaid = i == 0;
        world.config.primary = i == 1 ? 251 : 1;
        world.config.start_volume_ml = i == 2 ? BUS_METER_VOLUME_LIMIT_ML : 0;
        world.config.protocols = i == 3 ? 0 : BUS_METER_CJT188;
        world.config.commit_ml = i == 4 ? 0 : 1;
        world.host.hal.flash.sector_count = i == 5 ? 1 : 8;
        assert_int_equal(host_bus_meter_power_up(&world.host, &world.config, world.now_s), BUS_METER_ERR_CONFIG);
        bus_world_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_water_meter_tells_its_register_byte_by_byte),
        cmocka_unit_test(each_kind_tells_its_quantities),
        cmocka_unit_test(a_heat_meter_tells_what_its_sensors_say),
        cmocka_unit_test(twelve_settlements_are_kept),
        cmocka_unit_test(a_meter_without_settlements_says_so),
        cmocka_unit_test(the_valve_answers_with_the_old_state_and_then_turns),
        cmocka_unit_test(a_stuck_valve_is_abnormal_and_an_absent_one_refused),
        cmocka_unit_test(the_clock_is_set_and_told),
        cmocka_unit_test(a_time_that_is_none_is_refused),
        cmocka_unit_test(a_clock_set_back_settles_again_and_one_set_ahead_only_once),
        cmocka_unit_test(the_base_reading_is_set_in_its_own_units_only),
        cmocka_unit_test(prices_and_days_are_written_and_read_back),
        cmocka_unit_test(another_settlement_day_loses_no_month),
        cmocka_unit_test(a_purchase_counts_once_and_pays_by_the_price_table),
        cmocka_unit_test(purchases_come_in_order_and_their_number_wraps),
        cmocka_unit_test(the_sum_of_purchases_turns_over),
        cmocka_unit_test(who_has_no_account_takes_no_money),
        cmocka_unit_test(a_key_goes_in_and_only_its_version_comes_out),
        cmocka_unit_test(an_address_is_found_by_wild_cards_and_changed),
        cmocka_unit_test(others_frames_answers_and_damage_are_silence),
        cmocka_unit_test(what_it_does_not_know_is_answered_abnormally),
        cmocka_unit_test(a_meter_speaks_the_order_it_was_made_for_or_both),
        cmocka_unit_test(every_variant_of_the_codec_is_a_meter),
        cmocka_unit_test(the_dial_turns_over),
        cmocka_unit_test(factory_enabling_is_kept),
        cmocka_unit_test(a_flash_that_fails_refuses_what_must_be_kept_and_goes_on_reading),
        cmocka_unit_test(a_configuration_out_of_bounds_is_refused),
    };
    return cmocka_run_group_tests_name("bus_meter_cjt188", tests, NULL, NULL);
}
