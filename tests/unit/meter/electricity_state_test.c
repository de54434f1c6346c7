/* Registers, tariffs, prices, freezes and settlements of the electricity meter, as a master on the line sees them. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/dlt645/dlt645_field.h"
#include "codec/dlt645/dlt645_items.h"
#include "tests/unit/meter/electricity_world.h"

static struct electricity_world world;

static int world_begin(void **state)
{
    (void)state;
    world_open(&world);
    return 0;
}

static int world_end(void **state)
{
    (void)state;
    world_close(&world);
    return 0;
}

static void set_number(uint32_t identifier, int64_t number, size_t size)
{
    assert_int_equal(world_write_number(&world, identifier, number, size), 0x94);
}

static void set_bytes(uint32_t identifier, const char *bytes, size_t size)
{
    assert_int_equal(world_write(&world, identifier, span_of_bytes(bytes, size)), 0x94);
}
#define SET_BYTES(identifier, bytes) set_bytes(identifier, bytes, sizeof(bytes) - 1)

/* The time at which freeze n of a kind was taken, YYMMDDhhmm. */
static int64_t freeze_time(uint32_t kind, uint32_t n)
{
    return world_number(&world, 0x05000000 | kind << 16 | n);
}

static int64_t freeze_total(uint32_t kind, uint32_t n, uint32_t item)
{
    struct span values = world_read(&world, 0x05000000 | kind << 16 | item << 8 | n);
    return values.size != 20 ? -1 : (int64_t)electricity_number(values.bytes, 4);
}

static void energy_is_power_times_time(void **state)
{
    (void)state;
    world_load(&world, 1000, 900);
    world_run(&world, 90 * WORLD_MINUTE, WORLD_MINUTE);
    assert_int_equal(world_number(&world, 0x00010000), 150);
    assert_int_equal(world_number(&world, 0x00010100), 150);
    assert_int_equal(world_number(&world, 0x00020000), 0);
    assert_int_equal(world_number(&world, 0x00000000), 150);
    assert_int_equal(world_number(&world, 0x02030000), 10000);
    assert_int_equal(world_number(&world, 0x02010100), 2200);
    assert_int_equal(world_number(&world, 0x02020100), 5050);
    assert_int_equal(world_number(&world, 0x02050000), 11110);
    assert_int_equal(world_number(&world, 0x02060000), 900);
    assert_int_equal(world_number(&world, 0x02800002), 5000);
}

/* Whatever the steps, the energy is the same to the mWh. */
static void steps_do_not_matter(void **state)
{
    const int64_t steps_ms[] = { 7, 333, WORLD_SECOND, 7 * WORLD_MINUTE, WORLD_DAY };
    (void)state;
    for (size_t i = 0; i < sizeof steps_ms / sizeof steps_ms[0]; i++) {
        struct electricity_meter *meter = &world.host.meter;
        int64_t before_mwh = electricity_forward_mwh(meter, 0);
        int64_t rest = meter->forward_rest;
        world_load(&world, 777, 1000);
        world_run(&world, 10 * WORLD_MINUTE, steps_ms[i]);
        assert_int_equal((electricity_forward_mwh(meter, 0) - before_mwh) * 3600000 + meter->forward_rest - rest,
                         INT64_C(777000) * 10 * WORLD_MINUTE);
    }
}

static void reverse_energy_has_its_own_register(void **state)
{
    (void)state;
    world_load(&world, -2000, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(world_number(&world, 0x00020000), 200);
    assert_int_equal(world_number(&world, 0x00010000), 0);
    assert_int_equal(world_number(&world, 0x00000000), 200);
    struct span power = world_read(&world, 0x02030000);
    assert_int_equal(power.bytes[2], 0x82);
    /* forward and reverse subtracted: negative */
    set_number(0x04000601, 9, 1);
    struct span combined = world_read(&world, 0x00000000);
    assert_int_equal(combined.bytes[3], 0x80);
    struct span word = world_read(&world, 0x04000501);
    assert_int_equal(word.bytes[0], 0x10);
}

/* Valley 1 from 23:00 to 07:00, peak 2 from 07:00 to 11:00, flat 3 till 23:00; weekends by table 2, all flat. */
static void tariffs_follow_the_day_table(void **state)
{
    (void)state;
    SET_BYTES(0x04010001, "\x01\x00\x00\x02\x00\x07\x03\x00\x11\x01\x00\x23");
    SET_BYTES(0x04010002, "\x03\x00\x00");
    set_number(0x04000203, 4, 1);
    set_number(ELECTRICITY_METERING, 1, 1);
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_DAY, WORLD_DAY);
    assert_int_equal(world_number(&world, 0x00010100), 800);
    assert_int_equal(world_number(&world, 0x00010200), 400);
    assert_int_equal(world_number(&world, 0x00010300), 1200);
    assert_int_equal(world_number(&world, 0x00010400), 0);
    /* Sunday is at rest */
    SET_BYTES(0x04000801, "\x7e");
    set_number(0x04000802, 2, 1);
    world_run(&world, WORLD_DAY, WORLD_HOUR);
    assert_int_equal(world_number(&world, 0x00010300), 3600);
    struct span block = world_read(&world, 0x0001ff00);
    assert_int_equal(block.size, 20);
    assert_int_equal(electricity_number(block.bytes, 4), 4800);
    assert_int_equal(electricity_number(block.bytes + 12, 4), 3600);
}

/* From the first of December another table; the first of January is a holiday with a third. */
static void seasons_and_holidays_switch_tables(void **state)
{
    (void)state;
    SET_BYTES(0x04010000, "\x01\x01\x03\x02\x01\x12");
    SET_BYTES(0x04010002, "\x02\x00\x00");
    SET_BYTES(0x04010003, "\x04\x00\x00");
    SET_BYTES(0x04030001, "\x03\x01\x01\x27");
    set_number(0x04000201, 2, 1);
    set_number(0x04000205, 1, 2);
    set_number(ELECTRICITY_METERING, 1, 1);
    world_load(&world, 100, 1000);
    world_run(&world, 10 * WORLD_DAY, WORLD_DAY); /* to the first of December, 0 h */
    assert_int_equal(world_number(&world, 0x00010100), 2400);
    world_run(&world, 31 * WORLD_DAY, WORLD_DAY); /* to the first of January */
    assert_int_equal(world_number(&world, 0x00010200), 7440);
    world_run(&world, WORLD_DAY, WORLD_DAY);
    assert_int_equal(world_number(&world, 0x00010400), 240);
    world_run(&world, WORLD_DAY, WORLD_DAY); /* before the first zone of the year the last one holds */
    assert_int_equal(world_number(&world, 0x00010200), 7680);
    assert_int_equal(world_number(&world, 0x00010100), 2400);
}

static void second_set_is_in_force_from_its_time(void **state)
{
    (void)state;
    SET_BYTES(0x04020001, "\x04\x00\x00");
    SET_BYTES(ELECTRICITY_PERIOD_SWITCH, "\x00\x12\x21\x11\x26");
    set_number(ELECTRICITY_METERING, 1, 1);
    world_load(&world, 1000, 1000);
    world_run(&world, 20 * WORLD_HOUR, WORLD_HOUR);
    assert_int_equal(world_number(&world, 0x00010100), 1200);
    assert_int_equal(world_number(&world, 0x00010400), 800);
    assert_int_equal(world_read(&world, 0x04000503).bytes[0] & 1, 1);
}

static void money_follows_tariff_prices(void **state)
{
    (void)state;
    SET_BYTES(0x04010001, "\x01\x00\x00\x02\x00\x12");
    set_number(0x04000203, 2, 1);
    set_number(ELECTRICITY_METERING, 1, 1);
    set_number(0x04050101, 3000, 4);
    set_number(0x04050102, 8000, 4);
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 10000), 0x83);
    assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c);
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_DAY, WORLD_HOUR);
    /* 12 kWh at 0.30 and 12 kWh at 0.80 yuan */
    assert_int_equal(world_number(&world, 0x00900200), 10000 - 360 - 960);
    assert_int_equal(world_number(&world, 0x0280000b), 3000);
}

/* 2.10 kWh at 0.50, the next 3.23 kWh at 0.60, the rest of 10 at 0.80, to the mWh. */
static void money_follows_steps(void **state)
{
    (void)state;
    set_number(0x04060001, 210, 4);
    set_number(0x04060002, 533, 4);
    set_number(0x04060101, 5000, 4);
    set_number(0x04060102, 6000, 4);
    set_number(0x04060103, 8000, 4);
    set_number(0x04000207, 2, 1);
    set_number(ELECTRICITY_METERING, 2, 1);
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 10000), 0x83);
    world_load(&world, 1000, 1000);
    world_run(&world, 10 * WORLD_HOUR, 10 * WORLD_HOUR);
    int64_t spent = 10000 * ELECTRICITY_GRAINS_PER_CENT - world.host.meter.state.balance_grains;
    assert_int_equal(spent, (210 * 50 + 323 * 60 + 467 * 80) * (ELECTRICITY_GRAINS_PER_CENT / 100));
    assert_int_equal(world_number(&world, 0x000b0000), 1000);
    assert_int_equal(world_number(&world, 0x0280000b), 8000);
    /* the settlement on the first of December begins a new cycle */
    world_load(&world, 0, 1000);
    world_run(&world, 10 * WORLD_DAY, WORLD_HOUR);
    assert_int_equal(world_number(&world, 0x000b0000), 0);
    assert_int_equal(world_number(&world, 0x0280000b), 5000);
}

static void yearly_steps_wait_for_january(void **state)
{
    (void)state;
    set_number(ELECTRICITY_TIER_CYCLE, 1, 1);
    world_load(&world, 1000, 1000);
    world_run(&world, 20 * WORLD_DAY, WORLD_DAY);
    assert_int_equal(world_number(&world, 0x000b0000), 48000);
    world_run(&world, 21 * WORLD_DAY, WORLD_DAY); /* to the first of January */
    assert_int_equal(world_number(&world, 0x000b0000), 0);
}

static void midnights_are_frozen(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, 40 * WORLD_DAY + 5 * WORLD_HOUR, WORLD_HOUR);
    for (uint32_t n = 1; n <= 31; n++) {
        assert_int_equal(freeze_total(6, n, 1), (41 - (int64_t)n) * 2400);
        assert_int_equal(freeze_total(6, n, 2), 0);
    }
    assert_int_equal(freeze_time(6, 1), 2612310000);
    assert_int_equal(freeze_time(6, 31), 2612010000);
    assert_int_equal(freeze_time(6, 32), -1);
    assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_NO_DATA);
}

static void full_hours_are_frozen(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, 50 * WORLD_HOUR + 20 * WORLD_MINUTE, WORLD_MINUTE);
    for (uint32_t n = 1; n <= 48; n++)
        assert_int_equal(world_number(&world, 0x05040100 + n), (51 - (int64_t)n) * 100);
    assert_int_equal(world_number(&world, 0x05040201), 0);
    assert_int_equal(freeze_time(4, 1), 2611230200);
    assert_int_equal(freeze_time(4, 49), -1);
    struct span whole = world_read(&world, 0x0504ff02);
    assert_int_equal(whole.size, 13);
    assert_memory_equal(whole.bytes, "\x00\x01\x23\x11\x26\x00\x49\x00\x00\x00\x00\x00\x00", 13);
    world_restart(&world);
    assert_int_equal(freeze_time(4, 48), 2611210300);
    /* five hours in the dark: only the last is told */
    host_electricity_power_down(&world.host, true, world.now_ms);
    world.now_ms += 5 * WORLD_HOUR;
    world_start(&world);
    assert_int_equal(freeze_time(4, 1), 2611230700);
    assert_int_equal(freeze_time(4, 2), 2611230200);
}

/* Asks for blocks; how many came, and their first and last time and forward energy. */
struct load_answer {
    size_t count;
    int64_t first_time, last_time; /* YYMMDDhhmm */
    int64_t first, last;           /* hundredths of a kWh */
};

static int64_t load_time(const struct item *item)
{
    const struct item_time *time = &item->time;
    return ((((int64_t)time->year % 100 * 100 + time->month) * 100 + time->day) * 100 + time->hour) * 100 + time->minute;
}

static struct load_answer load_read(uint32_t identifier, uint8_t count, const struct item_time *from)
{
    struct item items[6 * 4];
    struct item_list list = { .items = items, .capacity = sizeof items / sizeof items[0] };
    struct load_answer answer = { 0 };
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_load_request_encode(&world.address, identifier, count, from, &request), 0);
    if (world_send(&world, &request) != 0x91)
        return answer;
    assert_int_equal(dlt645_items_decode(&world.frame, &list), 0);
    assert_int_equal(list.count % 4, 0);
    answer.count = list.count / 4;
    answer.first_time = load_time(&items[0]);
    answer.last_time = load_time(&items[list.count - 4]);
    answer.first = items[0].value;
    answer.last = items[list.count - 4].value;
    assert_int_equal(items[2].quality, ITEM_MISSING);
    return answer;
}

#define ASSERT_LOAD(answer, blocks, from, until, low, high) \
    do { \
        struct load_answer told = answer; \
        assert_int_equal(told.count, blocks); \
        assert_int_equal(told.first_time, from); \
        assert_int_equal(told.last_time, until); \
        assert_int_equal(told.first, low); \
        assert_int_equal(told.last, high); \
    } while (0)

static void quarter_hours_are_recorded(void **state)
{
    (void)state;
    struct item_time from = { .year = 2026, .month = 11, .day = 21, .hour = 2 };
    SET_BYTES(ELECTRICITY_LOAD_INTERVAL, "\x15\x00");
    world_load(&world, 4000, 1000); /* 1 kWh a quarter */
    world_run(&world, 5 * WORLD_HOUR + 20 * WORLD_MINUTE, WORLD_MINUTE);
    ASSERT_LOAD(load_read(0x06040001, 6, &from), 6, 2611210200, 2611210315, 800, 1300);
    ASSERT_LOAD(load_read(0x06000001, 2, &from), 2, 2611210200, 2611210215, 800, 900);
    ASSERT_LOAD(load_read(0x06040000, 1, NULL), 1, 2611210015, 2611210015, 100, 100);
    ASSERT_LOAD(load_read(0x06040002, 3, NULL), 3, 2611210445, 2611210515, 1900, 2100);
    from.hour = 5;
    from.minute = 10; /* between two instants: what comes then */
    ASSERT_LOAD(load_read(0x06040001, 6, &from), 1, 2611210515, 2611210515, 2100, 2100);
    from.minute = 20;
    assert_int_equal(load_read(0x06040001, 6, &from).count, 0);
    assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_NO_DATA);
    assert_int_equal(load_read(0x06010002, 1, NULL).count, 0); /* voltages are not recorded */
    /* The dark has no values, and a restart forgets none. */
    host_electricity_power_down(&world.host, true, world.now_ms);
    world.now_ms += WORLD_HOUR;
    world_start(&world);
    ASSERT_LOAD(load_read(0x06040002, 2, NULL), 2, 2611210515, 2611210615, 2100, 2133);
    world_run(&world, 3 * WORLD_DAY, WORLD_MINUTE);
    ASSERT_LOAD(load_read(0x06040000, 1, NULL), 1, 2611220630, 2611220630, 11799, 11799); /* two days are kept */
    assert_int_equal(freeze_time(4, 48), 2611220700);
    SET_BYTES(ELECTRICITY_LOAD_INTERVAL, "\x60\x00");
    world_run(&world, 3 * WORLD_HOUR, WORLD_MINUTE);
    ASSERT_LOAD(load_read(0x06040002, 2, NULL), 2, 2611240800, 2611240900, 31599, 31999);
    assert_int_equal(world_write(&world, ELECTRICITY_LOAD_INTERVAL, span_of_bytes((const uint8_t *)"\x20\x00", 2)), 0xd4);
}

static void settlements_are_frozen(void **state)
{
    (void)state;
    world_load(&world, 100, 1000);
    SET_BYTES(0x04000b02, "\x12\x16");
    world_run(&world, 45 * WORLD_DAY, WORLD_DAY); /* to 5 January */
    /* 1 January 0 h, 16 December 12 h, 1 December 0 h */
    assert_int_equal(world_number(&world, 0x00010001), 41 * 240);
    assert_int_equal(world_number(&world, 0x00010002), 25 * 240 + 120);
    assert_int_equal(world_number(&world, 0x00010003), 10 * 240);
    assert_int_equal(freeze_time(7, 2), 2612161200);
    struct span never = world_read(&world, 0x00010004);
    assert_int_equal(never.size, 4);
    assert_true(span_is_filled(never, 0xff));
    assert_int_equal(world_read(&world, 0x0001ff01).size, 20);
}

static void broadcast_freeze(uint8_t month, uint8_t day, uint8_t hour, uint8_t minute)
{
    const struct dlt645_freeze_time when = { month, day, hour, minute };
    uint8_t bytes[32];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_freeze_request_encode(&dlt645_address_broadcast, &when, &request), 0);
    assert_int_equal(world_send(&world, &request), 0);
}

static void broadcast_freezes_at_one_instant(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    for (int i = 0; i < 5; i++) {
        world_run(&world, WORLD_HOUR, WORLD_MINUTE);
        broadcast_freeze(99, 99, 99, 99);
        world_run(&world, 10 * WORLD_SECOND, WORLD_SECOND);
        broadcast_freeze(99, 99, 99, 99); /* sent again for those who did not hear */
    }
    assert_int_equal(freeze_total(1, 1, 1), 501);
    assert_int_equal(freeze_total(1, 2, 1), 400);
    assert_int_equal(freeze_total(1, 3, 1), 300);
    assert_int_equal(freeze_total(1, 4, 1), -1);
    assert_int_equal(freeze_time(1, 1), 2611210500);
}

static void timed_freezes_come_each_day_or_hour(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    broadcast_freeze(99, 99, 6, 7);
    world_restart(&world);
    world_run(&world, 2 * WORLD_DAY, WORLD_HOUR);
    assert_int_equal(freeze_time(0, 1), 2611220607);
    assert_int_equal(freeze_time(0, 2), 2611210607);
    assert_int_equal(freeze_time(0, 3), -1);
    assert_int_equal(freeze_total(0, 2, 1), 611);
    broadcast_freeze(99, 99, 99, 30);
    broadcast_freeze(99, 99, 99, 31); /* once a minute is enough */
    world_run(&world, 3 * WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(freeze_time(0, 1), 2611230230);
    assert_int_equal(freeze_time(0, 3), 2611230030);
}

/* Nothing flows without power, so midnights in the dark are what the register still says. */
static void midnights_without_power_are_made_good(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, 6 * WORLD_HOUR, WORLD_MINUTE);
    host_electricity_power_down(&world.host, true, world.now_ms);
    world.now_ms += 3 * WORLD_DAY;
    world_start(&world);
    for (uint32_t n = 1; n <= 3; n++)
        assert_int_equal(freeze_total(6, n, 1), 600);
    assert_int_equal(freeze_time(6, 3), 2611220000);
    assert_int_equal(freeze_time(6, 4), -1);
    /* and the outage is in the log: from 06:00 on the 21st to 06:00 on the 24th */
    assert_int_equal(world_number(&world, 0x03110000), 1);
    struct span outage = world_read(&world, 0x03110001);
    assert_memory_equal(outage.bytes, "\x00\x00\x06\x21\x11\x26\x00\x00\x06\x24\x11\x26", 12);
}

static void demand_is_the_highest_quarter(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    world_load(&world, 3000, 1000);
    world_run(&world, 30 * WORLD_MINUTE, WORLD_MINUTE);
    world_load(&world, 500, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    struct span demand = world_read(&world, 0x01010000);
    assert_memory_equal(demand.bytes, "\x00\x00\x03\x15\x01\x21\x11\x26", 8);
}

static void clock_tells_local_time(void **state)
{
    (void)state;
    world_run(&world, 3 * WORLD_HOUR + 4 * WORLD_MINUTE + 5 * WORLD_SECOND, WORLD_SECOND);
    assert_memory_equal(world_read(&world, 0x04000101).bytes, "\x06\x21\x11\x26", 4); /* a Saturday */
    assert_memory_equal(world_read(&world, 0x04000102).bytes, "\x05\x04\x03", 3);
}

static void time_broadcast(int64_t error_s)
{
    struct item_time time = item_time_of_unix(world.now_ms / 1000 + 28800 + error_s);
    uint8_t bytes[32];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_time_request_encode(&dlt645_address_broadcast, &time, &request), 0);
    assert_int_equal(world_send(&world, &request), 0);
}

static void broadcast_time_is_taken_once_a_day_and_near(void **state)
{
    (void)state;
    world_run(&world, 12 * WORLD_HOUR, WORLD_HOUR);
    time_broadcast(301);
    assert_int_equal(world.host.board.clock_offset_s, 0);
    time_broadcast(299);
    assert_int_equal(world.host.board.clock_offset_s, 299);
    time_broadcast(0);
    assert_int_equal(world.host.board.clock_offset_s, 299);
    assert_int_equal(world_number(&world, 0x03300400), 1);
    struct span change = world_read(&world, 0x03300401);
    assert_memory_equal(change.bytes, "\x00\x00\x00\x00\x00\x00\x12\x21\x11\x26\x59\x04\x12\x21\x11\x26", 16);
    world_run(&world, WORLD_DAY, WORLD_HOUR);
    time_broadcast(0);
    assert_int_equal(world.host.board.clock_offset_s, 0);
}

static void broadcast_time_never_crosses_midnight(void **state)
{
    (void)state;
    world_run(&world, WORLD_DAY - WORLD_MINUTE, WORLD_MINUTE);
    time_broadcast(120);
    assert_int_equal(world.host.board.clock_offset_s, 0);
}

static void clock_is_written_with_a_password(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, 12 * WORLD_HOUR, WORLD_HOUR);
    assert_int_equal(world_write(&world, 0x04000101, span_of_bytes("\x00\x29\x11\x26", 4)), 0x94);
    assert_int_equal(world.host.board.clock_offset_s, 8 * 86400);
    /* of the midnights that were skipped only the last has a value */
    assert_int_equal(freeze_time(6, 1), 2611290000);
    assert_int_equal(freeze_time(6, 2), -1);
    assert_int_equal(world_write(&world, 0x04000102, span_of_bytes("\x00\x30\x25", 3)), 0xd4);
    assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_OTHER);
    /* set back, what was frozen too early is void, and frozen again when its midnight comes */
    assert_int_equal(world_write(&world, 0x04000101, span_of_bytes("\x00\x28\x11\x26", 4)), 0x94);
    assert_int_equal(freeze_time(6, 1), -1);
    world_restart(&world);
    assert_int_equal(freeze_time(6, 1), -1);
    world_run(&world, WORLD_DAY, WORLD_HOUR);
    assert_int_equal(freeze_time(6, 1), 2611290000);
    assert_int_equal(freeze_total(6, 1, 1), 2400);
    assert_int_equal(freeze_time(6, 2), -1);
}

static void a_clock_set_back_a_little_keeps_the_past_and_what_was_commanded(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_DAY + 10 * WORLD_HOUR + 2 * WORLD_MINUTE, WORLD_MINUTE);
    broadcast_freeze(99, 99, 99, 99);
    assert_int_equal(freeze_time(1, 1), 2611221002);
    time_broadcast(-240); /* to 09:58: the hour of 10:00 comes again */
    assert_int_equal(world.host.board.clock_offset_s, -240);
    assert_int_equal(freeze_time(1, 1), 2611221002);
    assert_int_equal(freeze_time(6, 1), 2611220000);
    assert_int_equal(freeze_time(4, 1), 2611220900);
    world_run(&world, 3 * WORLD_MINUTE, WORLD_SECOND);
    assert_int_equal(freeze_time(4, 1), 2611221000);
    assert_int_equal(freeze_time(4, 2), 2611220900);
    assert_int_equal(freeze_total(6, 1, 1), 2400);
}

static void a_clock_that_is_lost_on_the_way_counts_in_tariff_1(void **state)
{
    (void)state;
    SET_BYTES(ELECTRICITY_DAY_TABLE, "\x03\x00\x00");
    set_number(ELECTRICITY_METERING, 1, 1);
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(world_number(&world, 0x00010300), 100);
    world.host.board.clock_offset_s = -world.now_ms / 1000;
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(world_number(&world, 0x00010100), 98);
    assert_int_equal(world_number(&world, 0x00010300), 101);
}

/* A switching time need not be a full quarter of an hour. */
static void a_second_set_is_in_force_to_the_minute(void **state)
{
    (void)state;
    for (int step = 0; step < 2; step++) {
        world_close(&world);
        world_open(&world);
        SET_BYTES(0x04020001, "\x04\x00\x00");
        SET_BYTES(ELECTRICITY_PERIOD_SWITCH, "\x07\x12\x21\x11\x26");
        set_number(ELECTRICITY_METERING, 1, 1);
        world_load(&world, 6000, 1000);
        world_run(&world, 20 * WORLD_HOUR, step == 0 ? WORLD_MINUTE : 20 * WORLD_HOUR);
        assert_int_equal(world_number(&world, 0x00010100), 7200 + 70);
        assert_int_equal(world_number(&world, 0x00010400), 4800 - 70);
    }
}

static void a_lost_clock_says_so(void **state)
{
    (void)state;
    world.host.board.clock_offset_s = -world.now_ms / 1000;
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(world_number(&world, 0x00010000), 100);
    assert_true(span_is_filled(world_read(&world, 0x04000101), 0xff));
    assert_int_equal(world_read(&world, 0x04000501).bytes[0] & 4, 4);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    /* any time is better than none */
    uint8_t bytes[32];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    struct item_time now = item_time_of_unix(WORLD_NOW_MS / 1000 + 28800 + 3600);
    assert_int_equal(dlt645_time_request_encode(&world.address, &now, &request), 0);
    assert_int_equal(world_send(&world, &request), 0);
    assert_int_equal(world.host.board.clock_offset_s, 0);
    assert_int_equal(world_read(&world, 0x04000501).bytes[0], 0);
}

static void covers_are_noted_when_they_open(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    electricity_meter_inputs(&world.host.meter, ELECTRICITY_INPUT_COVER_OPEN, world.now_ms);
    world_restart(&world); /* whoever opens it may cut the power */
    assert_int_equal(world_number(&world, 0x03300d00), 1);
    struct span record = world_read(&world, 0x03300d01);
    assert_int_equal(record.size, 60);
    assert_memory_equal(record.bytes, "\x00\x00\x01\x21\x11\x26\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00", 16);
    electricity_meter_inputs(&world.host.meter, ELECTRICITY_INPUT_TERMINAL_COVER_OPEN, world.now_ms);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    electricity_meter_inputs(&world.host.meter, 0, world.now_ms);
    record = world_read(&world, 0x03300e01);
    assert_memory_equal(record.bytes, "\x00\x00\x01\x21\x11\x26\x00\x00\x02\x21\x11\x26\x00\x01\x00\x00", 16);
    assert_memory_equal(record.bytes + 36, "\x00\x02\x00\x00", 4);
}

static void display_shows_what_the_line_tells(void **state)
{
    struct electricity_shown shown;
    size_t count = 0;
    (void)state;
    world_load(&world, 1500, 950);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    for (; electricity_display_item(&world.host.meter, count, &shown); count++) {
        if (shown.identifier != 0x00900200)
            assert_int_equal(world_number(&world, shown.identifier), shown.value);
        assert_non_null(shown.unit);
    }
    assert_int_equal(count, ELECTRICITY_SCREEN_LIMIT);
    /* power, then the total, and nothing else */
    SET_BYTES(ELECTRICITY_SCREENS, "\x10\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    assert_true(electricity_display_item(&world.host.meter, 0, &shown));
    assert_int_equal(shown.identifier, 0x02030000);
    assert_true(electricity_display_item(&world.host.meter, 1, &shown));
    assert_int_equal(shown.identifier, 0x00010000);
    assert_false(electricity_display_item(&world.host.meter, 2, &shown));
}

/* Whatever somebody may set and draw, numbers stay within what the line can say. */
static void a_debt_has_an_end(void **state)
{
    (void)state;
    set_number(ELECTRICITY_PAYMENT, 2, 1);
    set_number(0x04050101, 99999999, 4);
    world.load.power_mw = INT32_MAX;
    world_run(&world, 40 * WORLD_DAY, WORLD_DAY);
    assert_int_equal(electricity_balance_cent(&world.host.meter), -ELECTRICITY_BALANCE_LIMIT_CENT);
    assert_int_equal(world_number(&world, 0x00900201), ELECTRICITY_BALANCE_LIMIT_CENT);
    /* 1 MW for 40 days is 960,000 kWh; two days more and the register begins anew, as its wheels would */
    assert_int_equal(world_number(&world, 0x00010000), 96000000);
    world_run(&world, 2 * WORLD_DAY, WORLD_DAY);
    assert_int_equal(world_number(&world, 0x00010000), 800000);
}

static void senseless_configurations_are_refused(void **state)
{
    struct host_electricity *host = &world.host;
    struct electricity_config config = world.config;
    (void)state;
    config.commit_mwh = 0;
    assert_int_equal(electricity_meter_open(&host->meter, &host->hal, &config), ELECTRICITY_ERR_CONFIG);
    config = world.config;
    config.start_forward_mwh = -1;
    assert_int_equal(electricity_meter_open(&host->meter, &host->hal, &config), ELECTRICITY_ERR_CONFIG);
    config = world.config;
    config.start_balance_cent = ELECTRICITY_BALANCE_LIMIT_CENT + 1;
    assert_int_equal(electricity_meter_open(&host->meter, &host->hal, &config), ELECTRICITY_ERR_CONFIG);
    host->hal.flash.sector_size = ELECTRICITY_SECTOR_SMALLEST / 2;
    assert_int_equal(electricity_meter_open(&host->meter, &host->hal, &world.config), ELECTRICITY_ERR_CONFIG);
    host->hal.flash.sector_size = ELECTRICITY_SECTOR_SMALLEST;
    host->hal.flash.program_size = 3;
    assert_int_equal(electricity_meter_open(&host->meter, &host->hal, &world.config), ELECTRICITY_ERR_CONFIG);
    assert_string_equal(electricity_error_text(ELECTRICITY_ERR_FLASH), "the flash does not take or give back records");
    assert_string_equal(electricity_error_text(7), "unknown error");
}

/* A meter in the field forgets nothing it was told when the power goes. */
static void everything_written_survives(void **state)
{
    (void)state;
    set_number(0x04050101, 4567, 4);
    SET_BYTES(0x04010003, "\x01\x00\x00\x02\x30\x08");
    world_restart(&world);
    assert_int_equal(world_number(&world, 0x04050101), 4567);
    struct span table = world_read(&world, 0x04010003);
    assert_int_equal(table.size, 42);
    assert_memory_equal(table.bytes, "\x01\x00\x00\x02\x30\x08\x02\x30\x08", 9);
    assert_int_equal(world_number(&world, 0x03300000), 2);
    assert_memory_equal(world_read(&world, 0x03300001).bytes + 6, "\x44\x33\x22\x11\x03\x00\x01\x04", 8);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(energy_is_power_times_time),
        CASE(steps_do_not_matter),
        CASE(reverse_energy_has_its_own_register),
        CASE(tariffs_follow_the_day_table),
        CASE(seasons_and_holidays_switch_tables),
        CASE(second_set_is_in_force_from_its_time),
        CASE(money_follows_tariff_prices),
        CASE(money_follows_steps),
        CASE(yearly_steps_wait_for_january),
        CASE(midnights_are_frozen),
        CASE(full_hours_are_frozen),
        CASE(quarter_hours_are_recorded),
        CASE(settlements_are_frozen),
        CASE(broadcast_freezes_at_one_instant),
        CASE(timed_freezes_come_each_day_or_hour),
        CASE(midnights_without_power_are_made_good),
        CASE(demand_is_the_highest_quarter),
        CASE(clock_tells_local_time),
        CASE(broadcast_time_is_taken_once_a_day_and_near),
        CASE(broadcast_time_never_crosses_midnight),
        CASE(clock_is_written_with_a_password),
        CASE(a_clock_set_back_a_little_keeps_the_past_and_what_was_commanded),
        CASE(a_clock_that_is_lost_on_the_way_counts_in_tariff_1),
        CASE(a_second_set_is_in_force_to_the_minute),
        CASE(a_lost_clock_says_so),
        CASE(covers_are_noted_when_they_open),
        CASE(display_shows_what_the_line_tells),
        CASE(a_debt_has_an_end),
        CASE(senseless_configurations_are_refused),
        CASE(everything_written_survives),
    };
    return cmocka_run_group_tests_name("electricity_state", tests, NULL, NULL);
}
