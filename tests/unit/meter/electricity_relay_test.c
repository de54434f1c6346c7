/* The relay of the electricity meter: commands, money, load limits, and a week in which all of them meet. */
#include "tests/unit/unit_test.h"

#include <string.h>

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

static bool is_closed(void)
{
    return world.host.relay_closed;
}

/* Bits of status word 3. */
static unsigned word_3(void)
{
    struct span word = world_read(&world, 0x04000503);
    return (unsigned)(word.bytes[0] | word.bytes[1] << 8);
}

static void seconds(int64_t count)
{
    world_run(&world, count * WORLD_SECOND, WORLD_SECOND);
}

static void commands_turn_the_relay(void **state)
{
    (void)state;
    assert_int_equal(word_3() & 0x50, 0);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0x9c);
    assert_false(is_closed());
    assert_int_equal(word_3() & 0x50, 0x50);
    world_restart(&world);
    assert_false(is_closed());
    assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c);
    assert_true(is_closed());
    assert_int_equal(word_3() & 0x50, 0);
    assert_int_equal(world_number(&world, 0x1d000001), 1);
    assert_int_equal(world_number(&world, 0x1e000001), 1);
    assert_memory_equal(world_read(&world, 0x1d000101).bytes, "\x00\x00\x00\x21\x11\x26\x44\x33\x22\x11", 10);
}

/* Accepted, but open until the customer presses: relay bit and command bit differ. */
static void permitted_closing_wants_the_button(void **state)
{
    (void)state;
    electricity_meter_button(&world.host.meter, world.now_ms);
    assert_true(is_closed());
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0x9c);
    electricity_meter_button(&world.host.meter, world.now_ms);
    assert_false(is_closed());
    assert_int_equal(world_relay(&world, DLT645_RELAY_PERMIT_CLOSING), 0x9c);
    assert_false(is_closed());
    assert_int_equal(word_3() & 0x50, 0x10);
    world_restart(&world);
    electricity_meter_button(&world.host.meter, world.now_ms);
    assert_true(is_closed());
    /* of a closed relay there is nothing to permit */
    assert_int_equal(world_relay(&world, DLT645_RELAY_PERMIT_CLOSING), 0x9c);
    assert_true(is_closed());
}

static void kept_on_it_trips_for_nobody(void **state)
{
    (void)state;
    set_number(ELECTRICITY_LOAD_LIMIT, 10000, 3);
    assert_int_equal(world_relay(&world, DLT645_KEEP_POWER_ON), 0x9c);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    world_load(&world, 3000, 1000);
    world_run(&world, WORLD_HOUR, WORLD_SECOND);
    assert_true(is_closed());
    assert_int_equal(word_3() >> 12 & 1, 1);
    assert_int_equal(world_number(&world, 0x00900201), 150);
    world_load(&world, 500, 1000);
    seconds(2);
    assert_int_equal(world_relay(&world, DLT645_KEEP_POWER_OFF), 0x9c);
    assert_false(is_closed()); /* 1.50 yuan overdrawn meanwhile */
}

static void an_old_command_is_refused(void **state)
{
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    struct item_time until = world_time(&world);
    (void)state;
    assert_int_equal(
        dlt645_relay_request_encode(&world.address, &world.authority, DLT645_RELAY_TRIP, 0, &until, &request), 0);
    seconds(1);
    assert_int_equal(world_send(&world, &request), 0xdc);
    assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_OTHER);
    assert_true(is_closed());
    assert_int_equal(world_relay(&world, (enum dlt645_relay_command)0x1d), 0xdc);
    assert_int_equal(world_relay(&world, (enum dlt645_relay_command)0), 0xdc);
}

static void alarm_is_switched(void **state)
{
    (void)state;
    assert_int_equal(world_relay(&world, DLT645_ALARM_ON), 0x9c);
    assert_int_equal(word_3() & 0x80, 0x80);
    assert_int_equal(world_relay(&world, DLT645_ALARM_OFF), 0x9c);
    assert_int_equal(word_3() & 0x80, 0);
}

static void prepaid(void)
{
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    assert_false(is_closed());
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 300), 0x83);
    assert_true(is_closed());
}

/* 3 yuan at 0.50 a kWh: warned at 1.50, at 0.50, open at 0 after 6 kWh; closed by the next recharge. */
static void arrears_open_and_money_closes(void **state)
{
    (void)state;
    set_number(ELECTRICITY_ALARM_1, 150, 4);
    set_number(ELECTRICITY_ALARM_2, 50, 4);
    prepaid();
    world_load(&world, 1000, 1000);
    world_run(&world, 3 * WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(word_3() & 0x80, 0);
    world_run(&world, WORLD_MINUTE, WORLD_MINUTE);
    assert_int_equal(word_3() & 0x80, 0x80);
    assert_int_equal(electricity_low_balance(&world.host.meter), 1);
    world_run(&world, 2 * WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(electricity_low_balance(&world.host.meter), 2);
    assert_true(is_closed());
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_false(is_closed());
    assert_int_equal(world_number(&world, 0x00900200), 0);
    assert_int_equal(world_number(&world, 0x00010000), 600);
    assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c); /* does not lift arrears */
    assert_false(is_closed());
    assert_int_equal(world_recharge(&world, DLT645_RECHARGE, 2, 1000), 0x83);
    assert_true(is_closed());
    assert_int_equal(world_number(&world, 0x03330201), 2);
    assert_int_equal(world_number(&world, 0x03330301), 1000);
    assert_int_equal(world_number(&world, 0x03330401), 0);
    assert_int_equal(world_number(&world, 0x03330501), 1000);
    assert_int_equal(world_number(&world, 0x03330601), 1300);
}

static void overdraft_is_lent_and_reconnecting_costs(void **state)
{
    (void)state;
    set_number(ELECTRICITY_OVERDRAFT, 100, 4);
    set_number(ELECTRICITY_RECONNECT, 200, 4);
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    assert_true(is_closed());
    world_load(&world, 1000, 1000);
    world_run(&world, 119 * WORLD_MINUTE, WORLD_MINUTE);
    assert_true(is_closed());
    world_run(&world, WORLD_MINUTE, WORLD_MINUTE);
    assert_false(is_closed());
    assert_int_equal(world_number(&world, 0x00900201), 100);
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 299), 0x83);
    assert_false(is_closed());
    assert_int_equal(world_recharge(&world, DLT645_RECHARGE, 2, 1), 0x83);
    assert_true(is_closed());
}

static void button_after_arrears_when_the_factory_says_so(void **state)
{
    (void)state;
    world.config.closes_by_button = true;
    world_restart(&world);
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 300), 0x83);
    assert_false(is_closed());
    electricity_meter_button(&world.host.meter, world.now_ms);
    assert_true(is_closed());
}

static void modes_are_switched_freely(void **state)
{
    (void)state;
    prepaid();
    world_load(&world, 10000, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_false(is_closed());
    set_number(ELECTRICITY_PAYMENT, 0, 1); /* post-paid: no money, no arrears */
    assert_true(is_closed());
    int64_t balance_cent = electricity_balance_cent(&world.host.meter);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(electricity_balance_cent(&world.host.meter), balance_cent);
    set_number(ELECTRICITY_PAYMENT, 2, 1); /* public: below zero, and closed */
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_true(is_closed());
    assert_true(electricity_balance_cent(&world.host.meter) < balance_cent - 400);
    assert_int_equal(world_read(&world, 0x00900200).bytes[3], 0x80);
    assert_int_equal(electricity_low_balance(&world.host.meter), 0);
}

static void energy_is_bought_by_the_kilowatt_hour(void **state)
{
    (void)state;
    world.config.credit = ELECTRICITY_CREDIT_ENERGY;
    world_restart(&world);
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 500), 0x83); /* 5 kWh */
    world_load(&world, 1000, 1000);
    world_run(&world, 2 * WORLD_HOUR, WORLD_MINUTE);
    assert_int_equal(world_number(&world, 0x00900100), 300);
    assert_int_equal(world_number(&world, 0x00900200), -1);
    assert_int_equal(world_number(&world, 0x03320301), 500);
    world_run(&world, 3 * WORLD_HOUR, WORLD_MINUTE);
    assert_false(is_closed());
}

static unsigned refused(uint32_t identifier, uint32_t count, uint32_t amount)
{
    assert_int_equal(world_recharge(&world, identifier, count, amount), 0xc3);
    return world_error(&world);
}

static void purchases_come_once_and_in_order(void **state)
{
    (void)state;
    prepaid();
    assert_int_equal(refused(DLT645_OPEN_ACCOUNT, 1, 300), DLT645_RECHARGE_REPEATED);
    assert_int_equal(refused(DLT645_RECHARGE, 1, 300), DLT645_RECHARGE_REPEATED);
    assert_int_equal(refused(DLT645_RECHARGE, 3, 300), DLT645_RECHARGE_COUNT);
    assert_int_equal(refused(DLT645_RECHARGE, 0, 300), DLT645_RECHARGE_COUNT);
    assert_int_equal(world_number(&world, 0x00900200), 300);
    set_number(ELECTRICITY_HOARD, 1000, 4);
    assert_int_equal(refused(DLT645_RECHARGE, 2, 701), DLT645_RECHARGE_HOARD);
    assert_int_equal(world_recharge(&world, DLT645_RECHARGE, 2, 700), 0x83);
    assert_int_equal(world.frame.data_size, 4 + DLT645_RECHARGE_ANSWER_SIZE);
    int32_t balance = 0;
    uint32_t count = 0;
    struct span values = span_of_bytes(world.frame.data + 4, DLT645_RECHARGE_ANSWER_SIZE);
    assert_int_equal(dlt645_recharge_answer_decode(values, &balance, &count), 0);
    assert_int_equal(balance, 1000);
    assert_int_equal(count, 2);
}

/* Not a byte of a recharge may be another. */
static void a_forged_purchase_is_refused(void **state)
{
    struct dlt645_recharge recharge = { DLT645_RECHARGE, 300, 2, { 0 } };
    uint8_t values[DLT645_RECHARGE_SIZE], bytes[64];
    (void)state;
    prepaid();
    for (size_t i = 0; i <= DLT645_RECHARGE_SIZE + 1; i++) {
        struct writer request = writer_of_buffer(bytes, sizeof bytes);
        struct dlt645_address address = world.address;
        address.bytes[2] = i == DLT645_RECHARGE_SIZE + 1 ? 1 : 0; /* a recharge of another meter */
        assert_int_equal(dlt645_recharge_encode(world_cipher(), world.config.recharge_key, &address, &recharge, values),
                         0);
        if (i < DLT645_RECHARGE_SIZE)
            values[i] ^= 0x10;
        size_t size = i == DLT645_RECHARGE_SIZE ? i - 1 : sizeof values;
        assert_int_equal(
            dlt645_security_request_encode(&world.address, DLT645_RECHARGE, 0, span_of_bytes(values, size), &request),
            0);
        assert_int_equal(world_send(&world, &request), 0xc3);
        assert_int_equal(world_error(&world), i == DLT645_RECHARGE_SIZE ? DLT645_RECHARGE_OTHER : DLT645_RECHARGE_TAG);
    }
    assert_int_equal(world_number(&world, 0x00900200), 300);
    /* one for opening does not recharge */
    recharge.identifier = DLT645_OPEN_ACCOUNT;
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(
        dlt645_recharge_encode(world_cipher(), world.config.recharge_key, &world.address, &recharge, values), 0);
    assert_int_equal(dlt645_security_request_encode(&world.address, DLT645_RECHARGE, 0,
                                                    span_of_bytes(values, sizeof values), &request),
                     0);
    assert_int_equal(world_send(&world, &request), 0xc3);
}

static void a_purchase_is_for_its_customer(void **state)
{
    const uint8_t customer[] = { 0x21, 0x43, 0x65, 0x87, 0x09, 0x00 };
    struct dlt645_recharge recharge = { DLT645_OPEN_ACCOUNT, 300, 1, { 0 } };
    uint8_t values[DLT645_RECHARGE_SIZE], bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    (void)state;
    memcpy(recharge.customer, customer, sizeof customer);
    assert_int_equal(
        dlt645_recharge_encode(world_cipher(), world.config.recharge_key, &world.address, &recharge, values), 0);
    assert_int_equal(dlt645_security_request_encode(&world.address, DLT645_OPEN_ACCOUNT, 0,
                                                    span_of_bytes(values, sizeof values), &request),
                     0);
    assert_int_equal(world_send(&world, &request), 0x83);
    assert_memory_equal(world_read(&world, 0x0400040e).bytes, customer, sizeof customer);
    memset(recharge.customer, 0, sizeof recharge.customer);
    recharge.identifier = DLT645_RECHARGE;
    recharge.purchase_count = 2;
    request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(
        dlt645_recharge_encode(world_cipher(), world.config.recharge_key, &world.address, &recharge, values), 0);
    assert_int_equal(dlt645_security_request_encode(&world.address, DLT645_RECHARGE, 0,
                                                    span_of_bytes(values, sizeof values), &request),
                     0);
    assert_int_equal(world_send(&world, &request), 0xc3);
    assert_int_equal(world_error(&world), DLT645_RECHARGE_CUSTOMER);
}

static void what_remains_is_taken_back(void **state)
{
    struct dlt645_recharge_status status;
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    (void)state;
    prepaid();
    assert_int_equal(refused(DLT645_TAKE_BACK, 2, 100), DLT645_RECHARGE_OTHER);
    assert_int_equal(world_recharge(&world, DLT645_TAKE_BACK, 2, DLT645_TAKE_BACK_ALL), 0x83);
    assert_false(is_closed());
    assert_int_equal(world_number(&world, 0x00900200), 0);
    assert_memory_equal(world_read(&world, 0x03330301).bytes, "\x00\x03\x00\x80", 4);
    assert_int_equal(world_number(&world, 0x03330601), 0);
    assert_int_equal(
        dlt645_security_request_encode(&world.address, DLT645_RECHARGE_STATUS, 0, span_of_bytes(bytes, 0), &request),
        0);
    assert_int_equal(world_send(&world, &request), 0x83);
    struct span values = span_of_bytes(world.frame.data + 4, world.frame.data_size - 4u);
    assert_int_equal(
        dlt645_recharge_status_decode(world_cipher(), world.config.recharge_key, &world.address, values, &status), 0);
    assert_int_equal(status.balance, 0);
    assert_int_equal(status.purchase_count, 2);
}

static void without_a_key_there_is_no_money(void **state)
{
    (void)state;
    memset(world.config.recharge_key, 0, sizeof world.config.recharge_key);
    world_restart(&world);
    assert_int_equal(refused(DLT645_OPEN_ACCOUNT, 1, 300), DLT645_RECHARGE_OTHER);
}

static unsigned flash_refusals;

static int flash_refuses(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    (void)context;
    (void)offset;
    (void)bytes;
    (void)size;
    flash_refusals++;
    return -1;
}

/* It goes on counting and answering, but acknowledges nothing that it could forget. */
static void a_dead_flash_acknowledges_nothing(void **state)
{
    (void)state;
    prepaid();
    world.host.hal.flash_program = flash_refuses;
    world.host.meter.journal_hal.flash_program = flash_refuses;
    assert_int_equal(refused(DLT645_RECHARGE, 2, 300), DLT645_RECHARGE_OTHER);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    assert_int_equal(world_write_number(&world, ELECTRICITY_ALARM_1, 77, 4), 0xd4);
    assert_true(is_closed());
    assert_int_equal(world_number(&world, ELECTRICITY_ALARM_1), 0);
    assert_int_equal(world_number(&world, 0x00900200), 300);
    assert_int_equal(world_number(&world, 0x03330201), 1);
    world_load(&world, 1000, 1000);
    flash_refusals = 0;
    world_run(&world, WORLD_HOUR, WORLD_SECOND);
    assert_int_equal(world_number(&world, 0x00010000), 100);
    assert_in_range(flash_refusals, 1, 1000); /* it is tried now and then, not at each of 3,600 steps */
    /* what cannot be cleared is as it was */
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_clear_meter_request_encode(&world.address, &world.authority, &request), 0);
    assert_int_equal(world_send(&world, &request), 0xda);
    assert_int_equal(world_number(&world, 0x03330201), 1);
    assert_int_equal(world_number(&world, 0x03300100), 0);
    assert_int_equal(world_number(&world, 0x00010000), 100);
    assert_int_equal(world_number(&world, 0x00900200), 250);
}

/* Seconds until the relay opens, up to a minute. */
static int seconds_to_trip(void)
{
    for (int i = 0; i < 60; i++) {
        if (!is_closed())
            return i;
        seconds(1);
    }
    return -1;
}

/* S1-051 to S1-053: within 3 s, off for 3 minutes, and after the allowed trips locked. */
static void overload_trips_three_times_and_locks(void **state)
{
    (void)state;
    set_number(ELECTRICITY_LOAD_LIMIT, 20000, 3);
    set_number(ELECTRICITY_TRIPS_ALLOWED, 2, 1);
    world_load(&world, 2000, 1000);
    assert_int_equal(seconds_to_trip(), -1);
    world_load(&world, 2001, 1000);
    for (int trip = 0; trip < 2; trip++) {
        int stood_s = seconds_to_trip();
        assert_true(stood_s >= 0 && stood_s <= 3);
        assert_int_equal(world_read(&world, 0x04000504).bytes[0] & 0x20, 0x20);
        seconds(178);
        assert_false(is_closed());
        seconds(2);
        assert_true(is_closed());
    }
    assert_true(seconds_to_trip() <= 3);
    world_run(&world, 6 * WORLD_HOUR, WORLD_MINUTE);
    assert_false(is_closed());
    world_restart(&world);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    assert_false(is_closed());
    assert_int_equal(electricity_number(world_read(&world, 0x030f0000).bytes, 3), 3);
    world_load(&world, 1000, 1000);
    assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c); /* the administrator */
    assert_true(is_closed());
    assert_int_equal(seconds_to_trip(), -1);
    world_load(&world, 2001, 1000);
    assert_true(seconds_to_trip() <= 3);
    seconds(180);
    assert_true(is_closed()); /* counting began anew */
}

/* A port that samples only when something changes still gets its trips. */
static void a_load_that_does_not_change_trips_again(void **state)
{
    (void)state;
    set_number(ELECTRICITY_LOAD_LIMIT, 20000, 3);
    world_load(&world, 3000, 1000);
    (void)host_electricity_sample(&world.host, &world.load, world.now_ms);
    for (int trip = 0; trip < 2; trip++) {
        world.now_ms += 2 * WORLD_SECOND;
        (void)host_electricity_step(&world.host, world.now_ms);
        assert_false(is_closed());
        world.now_ms += 180 * WORLD_SECOND;
        (void)host_electricity_step(&world.host, world.now_ms);
        assert_true(is_closed());
    }
}

static void a_short_peak_does_not_trip(void **state)
{
    (void)state;
    set_number(ELECTRICITY_LOAD_LIMIT, 20000, 3);
    for (int i = 0; i < 10; i++) {
        world_load(&world, 5000, 1000);
        seconds(1);
        world_load(&world, 100, 1000);
        seconds(3);
    }
    assert_true(is_closed());
}

/* S1-050: 500 W more within two seconds; grown slowly, the same load is allowed. */
static void surge_trips_and_a_slow_rise_does_not(void **state)
{
    (void)state;
    set_number(ELECTRICITY_SURGE_LIMIT, 5000, 3);
    for (int32_t load_w = 0; load_w <= 2000; load_w += 100) {
        world_load(&world, load_w, 800);
        seconds(2);
    }
    assert_true(is_closed());
    world_load(&world, 2499, 800);
    assert_int_equal(seconds_to_trip(), -1);
    world_load(&world, 2999, 800);
    assert_true(seconds_to_trip() <= 3);
    seconds(180);
    assert_true(is_closed());
    assert_true(seconds_to_trip() <= 4); /* it is still plugged in */
    world_load(&world, 2499, 800);       /* unplugged: what was there before is there again */
    seconds(180);
    assert_true(is_closed());
    assert_int_equal(seconds_to_trip(), -1);
}

/* However often the port measures: what rises within 2 s is a step, what takes longer is none. */
static void a_surge_is_found_at_any_rate_of_samples(void **state)
{
    static const int64_t steps_ms[] = { 20, 100, 250, 500, 1000 };

    (void)state;
    set_number(ELECTRICITY_SURGE_LIMIT, 6000, 3);
    for (size_t i = 0; i < sizeof steps_ms / sizeof steps_ms[0]; i++) {
        world_load(&world, 0, 1000);
        assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c);
        world_run(&world, 10 * WORLD_SECOND, steps_ms[i]);
        for (int64_t at_ms = 0; at_ms <= 20000; at_ms += steps_ms[i]) { /* 100 W in a second */
            world_load(&world, (int32_t)(at_ms / 10), 1000);
            world_run(&world, steps_ms[i], steps_ms[i]);
        }
        assert_true(is_closed());
        for (int64_t at_ms = 0; at_ms <= 1500; at_ms += steps_ms[i]) { /* 1,000 W in a second and a half */
            world_load(&world, (int32_t)(2000 + at_ms * 2 / 3), 1000);
            world_run(&world, steps_ms[i], steps_ms[i]);
        }
        world_run(&world, WORLD_SECOND + WORLD_SECOND / 2, steps_ms[i]);
        assert_false(is_closed());
    }
}

/* S1-054: a kettle trips within 2 s, from 50 W on; motors, lamps with drivers and chargers of the same size do not. */
static void resistive_steps_are_found(void **state)
{
    (void)state;
    set_number(ELECTRICITY_MALICIOUS_LIMIT, 500, 3);
    world_load(&world, 100, 900);
    seconds(10);
    const struct electricity_sample before = world.load;
    const struct {
        int32_t power_w;
        int32_t power_factor;
        bool trips;
    } steps[] = {
        { 49, 1000, false }, { 50, 1000, true },  { 1800, 1000, true }, { 60, 500, false },
        { 800, 850, false }, { 800, 970, false }, { 800, 990, true },
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct electricity_sample step =
            electricity_sample_of(220000, steps[i].power_w * 1000, steps[i].power_factor, 50000);
        world.load = before;
        world.load.power_mw += step.power_mw;
        world.load.reactive_mvar += step.reactive_mvar;
        seconds(2);
        if (is_closed() == steps[i].trips)
            fail_msg("step %d", (int)i);
        world.load = before;
        assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c);
        seconds(10);
        assert_true(is_closed());
    }
}

/* A house whose power returns, or that is switched on, draws everything at once. */
static void the_load_that_returns_is_no_step(void **state)
{
    (void)state;
    set_number(ELECTRICITY_MALICIOUS_LIMIT, 500, 3);
    set_number(ELECTRICITY_SURGE_LIMIT, 5000, 3);
    world_load(&world, 3000, 1000);
    world_restart(&world);
    assert_int_equal(seconds_to_trip(), -1);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0x9c);
    seconds(60);
    assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c);
    assert_int_equal(seconds_to_trip(), -1);
}

/* A week in a student's room. */
static void a_week_with_everything(void **state)
{
    int64_t true_ws = 0;
    (void)state;
    set_number(ELECTRICITY_LOAD_LIMIT, 15000, 3);
    set_number(ELECTRICITY_MALICIOUS_LIMIT, 2000, 3);
    set_number(ELECTRICITY_TRIPS_ALLOWED, 1, 1);
    set_number(ELECTRICITY_ALARM_1, 100, 4);
    set_number(ELECTRICITY_PAYMENT, 1, 1);
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 800), 0x83);
    for (int day = 0; day < 7; day++) {
        bool kettle = day == 2 || day == 5;
        for (int hour = 0; hour < 24; hour++) {
            int32_t load_w = hour < 8 ? 20 : 120;
            world_load(&world, load_w, 800);
            world_run(&world, WORLD_HOUR - WORLD_MINUTE * 10, WORLD_MINUTE);
            true_ws += is_closed() ? load_w * INT64_C(3000) : 0;
            if (kettle && hour == 20) { /* once a day is allowed: three minutes of darkness */
                world_load(&world, load_w + 1200, 990);
                assert_true(seconds_to_trip() <= 3);
                world_load(&world, load_w, 800);
                seconds(180);
                assert_true(is_closed());
            }
            world_run(&world, WORLD_MINUTE * 10, WORLD_SECOND);
            true_ws += is_closed() ? load_w * INT64_C(600) : 0;
        }
        if (day == 3) {
            host_electricity_power_down(&world.host, true, world.now_ms);
            world_start(&world);
        }
    }
    /* 2.08 kWh a day and a few seconds of kettle */
    int64_t measured_mwh = electricity_forward_mwh(&world.host.meter, 0);
    assert_true(measured_mwh >= true_ws / 36 * 10 - 1000 && measured_mwh < true_ws / 36 * 10 + 30000);
    /* money to the grain: what was paid less what was used at 0.5000 */
    assert_int_equal(world.host.meter.state.balance_grains, 800 * ELECTRICITY_GRAINS_PER_CENT - measured_mwh * 5000);
    for (uint32_t n = 1; n <= 6; n++) {
        struct span newer = world_read(&world, 0x05060100 + n);
        int64_t newer_cent = electricity_number(newer.bytes, 4);
        int64_t older_cent = electricity_number(world_read(&world, 0x05060101 + n).bytes, 4);
        assert_in_range(newer_cent - older_cent, 205, 212);
    }
    assert_int_equal(electricity_number(world_read(&world, 0x030f0000).bytes, 3), 2);
    assert_int_equal(world_number(&world, 0x03110000), 1);
    assert_int_equal(word_3() & 0x80, 0x80);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(commands_turn_the_relay),
        CASE(permitted_closing_wants_the_button),
        CASE(kept_on_it_trips_for_nobody),
        CASE(an_old_command_is_refused),
        CASE(alarm_is_switched),
        CASE(arrears_open_and_money_closes),
        CASE(overdraft_is_lent_and_reconnecting_costs),
        CASE(button_after_arrears_when_the_factory_says_so),
        CASE(modes_are_switched_freely),
        CASE(energy_is_bought_by_the_kilowatt_hour),
        CASE(purchases_come_once_and_in_order),
        CASE(a_forged_purchase_is_refused),
        CASE(a_purchase_is_for_its_customer),
        CASE(what_remains_is_taken_back),
        CASE(without_a_key_there_is_no_money),
        CASE(a_dead_flash_acknowledges_nothing),
        CASE(overload_trips_three_times_and_locks),
        CASE(a_load_that_does_not_change_trips_again),
        CASE(a_short_peak_does_not_trip),
        CASE(surge_trips_and_a_slow_rise_does_not),
        CASE(a_surge_is_found_at_any_rate_of_samples),
        CASE(resistive_steps_are_found),
        CASE(the_load_that_returns_is_no_step),
        CASE(a_week_with_everything),
    };
    return cmocka_run_group_tests_name("electricity_relay", tests, NULL, NULL);
}
