/* The conversation with meters on a transparent line, over a simulated line with real meters and everything that goes
 * wrong between them. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "sim/line_answer.h"
#include "tests/unit/dialog/line_scene.h"

#define ELECTRICITY "dlt645-2007-single-phase-prepaid"
#define WATER "cjt188-cold-water"
#define HEAT "mbus-heat"
#define METER_A "000000004321"
#define METER_B "000000004322"
#define METER_C "000000004323"
#define WATER_A "00001200345678"
#define MINUTE_MS 60000

static struct line_scene *scene_plain(void)
{
    struct line_config config = { .kind = LINE_RS485, .seed = 1 };
    return line_scene_open(&config);
}

static uint64_t read_order(struct line_scene *scene, enum line_operation operation, const char *profile,
                           const char *address)
{
    struct line_order order = line_scene_order_of(operation, profile, address);
    uint64_t order_id = line_scene_order(scene, &order);
    assert_int_not_equal(order_id, 0);
    return order_id;
}

static void problem_is(struct line_scene *scene, uint64_t order_id, enum line_problem problem)
{
    assert_string_equal(line_problem_name((enum line_problem)line_scene_ended(scene, order_id)->problem),
                        line_problem_name(problem));
}

static void meters_of_three_languages_share_a_line(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_electricity(scene, METER_A);
    line_scene_bus_meter(scene, BUS_METER_COLD_WATER, WATER_A, 5);
    line_scene_bus_meter(scene, BUS_METER_HEAT, "00001287654321", 6);
    uint64_t electricity = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_A);
    uint64_t water = read_order(scene, LINE_READ_CURRENT, WATER, WATER_A);
    uint64_t heat = read_order(scene, LINE_READ_CURRENT, HEAT, "87654321");
    uint64_t primary = read_order(scene, LINE_READ_CURRENT, HEAT, "6");
    line_scene_run(scene, 4, MINUTE_MS);
    problem_is(scene, electricity, LINE_PROBLEM_NONE);
    problem_is(scene, water, LINE_PROBLEM_NONE);
    problem_is(scene, heat, LINE_PROBLEM_NONE);
    problem_is(scene, primary, LINE_PROBLEM_NONE);
    assert_int_equal(line_scene_reading(scene, electricity, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_CURRENT), 124450000);
    assert_int_equal(line_scene_reading(scene, electricity, QUANTITY_RELAY_STATE, UPLINK_CURRENT), RELAY_CONNECTED);
    assert_int_equal(line_scene_reading(scene, water, QUANTITY_WATER_VOLUME, UPLINK_CURRENT), 79000000);
    assert_in_range(line_scene_reading(scene, water, QUANTITY_DEVICE_TIME, UPLINK_CURRENT), LINE_SCENE_NOW_MS / 1000,
                    scene->now_ms / 1000);
    line_scene_close(scene);
}

static void the_lines_own_echo_is_no_answer(void **state)
{
    struct line_config config = { .kind = LINE_RS485, .echo = true, .seed = 1 };
    struct line_scene *scene = line_scene_open(&config);
    (void)state;
    line_scene_electricity(scene, METER_A);
    line_scene_bus_meter(scene, BUS_METER_HEAT, "00001287654321", 6);
    uint64_t electricity = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_A);
    uint64_t heat = read_order(scene, LINE_READ_CURRENT, HEAT, "87654321");
    uint64_t silent = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_B);
    line_scene_run(scene, 3, MINUTE_MS);
    problem_is(scene, electricity, LINE_PROBLEM_NONE);
    problem_is(scene, heat, LINE_PROBLEM_NONE);
    problem_is(scene, silent, LINE_PROBLEM_NO_ANSWER);
    assert_int_equal(counter_read(&scene->counters, LINE_DIALOG_REPEATS), 2);
    line_scene_close(scene);
}

static void freezes_are_those_of_the_midnight_asked_for(void **state)
{
    struct line_scene *scene = scene_plain();
    const int64_t midnight_s = LINE_SCENE_NOW_MS / 1000 + 16 * 3600;
    (void)state;
    line_scene_electricity(scene, METER_A);
    line_scene_bus_meter(scene, BUS_METER_COLD_WATER, WATER_A, 5);
    line_scene_run(scene, 1, 17 * 60 * MINUTE_MS); /* past the midnight */
    struct line_order order = line_scene_order_of(LINE_READ_DAILY, ELECTRICITY, METER_A);
    order.time_s = midnight_s;
    uint64_t daily = line_scene_order(scene, &order);
    order.time_s = midnight_s - 86400; /* before the meter was made */
    uint64_t earlier = line_scene_order(scene, &order);
    uint64_t water = read_order(scene, LINE_READ_DAILY, WATER, WATER_A);
    line_scene_run(scene, 3, MINUTE_MS);
    problem_is(scene, daily, LINE_PROBLEM_NONE);
    assert_int_equal(line_scene_reading(scene, daily, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_DAILY_FREEZE), 124450000);
    problem_is(scene, earlier, LINE_PROBLEM_NO_DATA);
    problem_is(scene, water, LINE_PROBLEM_UNSUPPORTED);
    line_scene_close(scene);
}

static void who_is_more_urgent_waits_for_one_meter_only(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_electricity(scene, METER_A);
    line_scene_electricity(scene, METER_B);
    line_scene_electricity(scene, METER_C);
    uint64_t first = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_A);
    uint64_t second = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_B);
    line_scene_run(scene, 1, 300);
    struct line_order order = line_scene_order_of(LINE_READ_CURRENT, ELECTRICITY, METER_C);
    order.priority = LINE_PRIORITY_ON_DEMAND;
    uint64_t urgent = line_scene_order(scene, &order);
    line_scene_run(scene, 3, MINUTE_MS);
    assert_ptr_equal(line_scene_ended(scene, first) < line_scene_ended(scene, urgent) ? scene : NULL, scene);
    assert_true(line_scene_ended(scene, urgent) < line_scene_ended(scene, second));
    line_scene_close(scene);
}

static size_t flip_last(void *slave, uint8_t *answer, size_t size)
{
    (void)slave;
    answer[size - 2] ^= 0x10;
    return size;
}

static size_t wrap_in_garbage(void *slave, uint8_t *answer, size_t size)
{
    (void)slave;
    memmove(answer + 3, answer, size);
    memcpy(answer, "\x68\x00\x55", 3);
    memcpy(answer + 3 + size, "\x16\x68\x7f", 3);
    return size + 6;
}

static void bad_answers_are_named(void **state)
{
    static const struct {
        size_t (*alter)(void *slave, uint8_t *answer, size_t size);
        enum line_problem problem;
    } rows[] = {
        { line_answer_misaddress, LINE_PROBLEM_ADDRESS },
        { flip_last, LINE_PROBLEM_CHECKSUM },
        { wrap_in_garbage, LINE_PROBLEM_NONE },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line_scene *scene = scene_plain();
        line_scene_electricity(scene, METER_A)->slave.alter = rows[i].alter;
        uint64_t order_id = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_A);
        line_scene_run(scene, 1, MINUTE_MS);
        problem_is(scene, order_id, rows[i].problem);
        line_scene_close(scene);
    }
}

/* Two meters that say different things one after the other, without a pause between them. */
static size_t answer_with_another_behind(void *slave, uint8_t *answer, size_t size)
{
    (void)slave;
    memcpy(answer + size, answer, size);
    answer[2 * size - 4]++; /* a byte of the data and, with it, the check sum */
    answer[2 * size - 2]++;
    return 2 * size;
}

/* A meter that has counted something else. */
static size_t other_register(void *slave, uint8_t *answer, size_t size)
{
    (void)slave;
    answer[size - 3]++; /* the last byte of the data and, with it, the check sum */
    answer[size - 2]++;
    return size;
}

static void one_address_twice_is_a_collision(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_bus_meter(scene, BUS_METER_COLD_WATER, WATER_A, 5);
    line_scene_bus_meter(scene, BUS_METER_COLD_WATER, WATER_A, 6);
    uint64_t together = read_order(scene, LINE_READ_CURRENT, WATER, WATER_A);
    line_scene_run(scene, 1, MINUTE_MS);
    problem_is(scene, together, LINE_PROBLEM_COLLISION);
    line_detach(&scene->line, &scene->meters[1].slave);
    scene->meters[0].slave.alter = answer_with_another_behind;
    uint64_t in_turn = read_order(scene, LINE_READ_CURRENT, WATER, WATER_A);
    line_scene_run(scene, 2, MINUTE_MS);
    problem_is(scene, in_turn, LINE_PROBLEM_COLLISION);
    scene->meters[0].slave.alter = NULL;
    uint64_t alone = read_order(scene, LINE_READ_CURRENT, WATER, WATER_A);
    line_scene_run(scene, 3, MINUTE_MS);
    problem_is(scene, alone, LINE_PROBLEM_NONE);
    line_scene_close(scene);
}

/* One is quick and one is slow: the second answer comes when the first one is over, or into the next question. */
static void one_address_twice_at_different_paces_is_a_collision(void **state)
{
    (void)state;
    for (int64_t delay_us = 120000; delay_us <= 500000; delay_us += 10000) {
        struct line_scene *scene = scene_plain();
        struct line_scene_meter *quick = line_scene_electricity(scene, METER_A);
        struct line_scene_meter *slow = line_scene_electricity(scene, METER_A);
        quick->slave.delay_low_us = quick->slave.delay_high_us = 20000;
        slow->slave.delay_low_us = slow->slave.delay_high_us = delay_us;
        slow->slave.alter = other_register;
        uint64_t order_id = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_A);
        line_scene_run(scene, 1, MINUTE_MS);
        problem_is(scene, order_id, LINE_PROBLEM_COLLISION);
        line_scene_close(scene);
    }
}

static void a_line_that_never_goes_quiet_is_named_so(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_electricity(scene, METER_A);
    line_scene_electricity(scene, METER_B)->slave.is_babbling = true;
    uint64_t order_id = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_A);
    int64_t begun_ms = scene->now_ms;
    line_scene_run(scene, 1, 10 * MINUTE_MS);
    problem_is(scene, order_id, LINE_PROBLEM_NEVER_QUIET);
    assert_true(scene->now_ms - begun_ms < MINUTE_MS);
    scene->meters[1].slave.is_babbling = false;
    uint64_t later = read_order(scene, LINE_READ_CURRENT, ELECTRICITY, METER_A);
    line_scene_run(scene, 2, MINUTE_MS);
    problem_is(scene, later, LINE_PROBLEM_NONE);
    line_scene_close(scene);
}

static struct line_order relay_order(enum downlink_operation operation, uint32_t password)
{
    struct line_order order = line_scene_order_of(LINE_COMMAND, ELECTRICITY, METER_A);
    order.body.command = (struct downlink){ .command_id = 77, .device_id = 5, .operation = (uint16_t)operation };
    order.has_password = 1;
    order.password = password;
    return order;
}

static void a_command_is_read_back(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    struct line_scene_meter *meter = line_scene_electricity(scene, METER_A);
    struct line_order order = relay_order(DOWNLINK_CLOSE_VALVE, 123456);
    uint64_t order_id = line_scene_order(scene, &order);
    line_scene_run(scene, 1, MINUTE_MS);
    problem_is(scene, order_id, LINE_PROBLEM_NONE);
    assert_int_equal(line_scene_ended(scene, order_id)->answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(line_scene_ended(scene, order_id)->command_id, 77);
    assert_int_equal(scene->uplinks[0].answer, UPLINK_ANSWER_SENT);
    assert_int_equal(line_scene_reading(scene, order_id, QUANTITY_RELAY_STATE, UPLINK_CURRENT), RELAY_DISCONNECTED);
    assert_false(meter->electricity.relay_closed);
    line_scene_close(scene);
}

static void a_wrong_password_is_named_and_changes_nothing(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    struct line_scene_meter *meter = line_scene_electricity(scene, METER_A);
    struct line_order wrong = relay_order(DOWNLINK_CLOSE_VALVE, 654321);
    struct line_order none = relay_order(DOWNLINK_CLOSE_VALVE, 0);
    none.has_password = 0;
    uint64_t wrong_id = line_scene_order(scene, &wrong);
    uint64_t none_id = line_scene_order(scene, &none);
    line_scene_run(scene, 2, MINUTE_MS);
    problem_is(scene, wrong_id, LINE_PROBLEM_PASSWORD);
    assert_int_equal(line_scene_ended(scene, wrong_id)->answer, UPLINK_ANSWER_REFUSED);
    assert_int_not_equal(line_scene_ended(scene, wrong_id)->answer_code, 0);
    problem_is(scene, none_id, LINE_PROBLEM_PASSWORD);
    assert_true(meter->electricity.relay_closed);
    line_scene_close(scene);
}

static void everybody_latches_at_one_word(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    struct line_scene_meter *one = line_scene_electricity(scene, METER_A);
    struct line_scene_meter *other = line_scene_electricity(scene, METER_B);
    struct line_order freeze = line_scene_order_of(LINE_FREEZE, ELECTRICITY, "");
    freeze.device_id = 0;
    uint64_t freeze_id = line_scene_order(scene, &freeze);
    one->electricity.board.clock_offset_s = 120;
    struct line_order clock = line_scene_order_of(LINE_CLOCK_SET, ELECTRICITY, "");
    clock.device_id = 0;
    uint64_t clock_id = line_scene_order(scene, &clock);
    line_scene_run(scene, 2, MINUTE_MS);
    problem_is(scene, freeze_id, LINE_PROBLEM_NONE);
    problem_is(scene, clock_id, LINE_PROBLEM_NONE);
    assert_non_null(electricity_freezes_last(&one->electricity.meter.freezes, ELECTRICITY_FREEZE_INSTANT, 1));
    assert_non_null(electricity_freezes_last(&other->electricity.meter.freezes, ELECTRICITY_FREEZE_INSTANT, 1));
    assert_in_range(one->electricity.board.clock_offset_s + 1, 0, 2);
    line_scene_close(scene);
}

static void everybody_consumes(struct line_scene *scene)
{
    for (size_t i = 0; i < scene->meter_count; i++) {
        struct host_electricity *meter = &scene->meters[i].electricity;
        struct electricity_sample sample = electricity_sample_of(220000, 6000000 + (int32_t)i * 1000000, 1000, 50000);
        (void)host_electricity_sample(meter, &sample, scene->now_ms);
    }
}

/* Counted to 0.01 kWh, as the meter shows it. */
static int64_t register_of(const struct line_scene_meter *meter)
{
    return electricity_forward_mwh(&meter->electricity.meter, 0) / 10000 * 10000;
}

/* Read at different moments, both say what they showed at one. */
static void an_instant_is_read_later(void **state)
{
    struct line_scene *scene = scene_plain();
    static const char *const addresses[] = { METER_A, METER_B };
    struct line_order freeze = line_scene_order_of(LINE_FREEZE, ELECTRICITY, "");
    int64_t latched[2];
    (void)state;
    for (size_t i = 0; i < 2; i++)
        line_scene_electricity(scene, addresses[i]);
    everybody_consumes(scene);
    line_scene_run(scene, 1, 20 * MINUTE_MS);
    const int64_t instant_s = scene->now_ms / 1000;
    freeze.device_id = 0;
    (void)line_scene_order(scene, &freeze);
    line_scene_run(scene, 1, MINUTE_MS);
    for (size_t i = 0; i < 2; i++)
        latched[i] = register_of(&scene->meters[i]);
    for (unsigned i = 0; i < 2; i++) {
        struct line_order order = line_scene_order_of(LINE_READ_CURRENT, ELECTRICITY, addresses[i]);
        order.time_s = instant_s;
        line_scene_run(scene, 9, 15 * MINUTE_MS);
        uint64_t order_id = line_scene_order(scene, &order);
        line_scene_run(scene, i + 2, MINUTE_MS);
        problem_is(scene, order_id, LINE_PROBLEM_NONE);
        assert_int_equal(line_scene_reading(scene, order_id, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_CURRENT), latched[i]);
        assert_true(register_of(&scene->meters[i]) > latched[i]);
        assert_in_range(scene->uplinks[scene->uplink_count - 2].items[0].time_s, instant_s - 60, instant_s + 60);
    }
    struct line_order order = line_scene_order_of(LINE_READ_CURRENT, ELECTRICITY, METER_A);
    order.time_s = instant_s + 600; /* when nobody latched */
    size_t told = scene->uplink_count;
    uint64_t order_id = line_scene_order(scene, &order);
    line_scene_run(scene, 4, MINUTE_MS);
    problem_is(scene, order_id, LINE_PROBLEM_NO_DATA);
    assert_int_equal(scene->uplink_count, told + 1);
    line_scene_close(scene);
}

static void who_cannot_latch_says_what_is_now(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_bus_meter(scene, BUS_METER_COLD_WATER, WATER_A, 5);
    struct line_order order = line_scene_order_of(LINE_READ_CURRENT, WATER, WATER_A);
    order.time_s = scene->now_ms / 1000 - 3600;
    uint64_t order_id = line_scene_order(scene, &order);
    line_scene_run(scene, 1, MINUTE_MS);
    problem_is(scene, order_id, LINE_PROBLEM_NONE);
    assert_true(scene->uplinks[0].items[0].time_s >= LINE_SCENE_NOW_MS / 1000);
    line_scene_close(scene);
}

static void a_meters_clock_is_read(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    struct line_scene_meter *meter = line_scene_electricity(scene, METER_A);
    meter->electricity.board.clock_offset_s += 90;
    uint64_t order_id = read_order(scene, LINE_CLOCK_READ, ELECTRICITY, METER_A);
    line_scene_run(scene, 1, MINUTE_MS);
    problem_is(scene, order_id, LINE_PROBLEM_NONE);
    int64_t error_s = line_scene_reading(scene, order_id, QUANTITY_DEVICE_TIME, UPLINK_CURRENT) - scene->now_ms / 1000;
    assert_in_range(error_s, 85, 90);
    line_scene_close(scene);
}

static void every_order_ends_once(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_electricity(scene, METER_A);
    struct line_order order = line_scene_order_of(LINE_READ_CURRENT, ELECTRICITY, METER_A);
    uint64_t ids[LINE_ORDER_OPEN_LIMIT];
    order.expires_s = scene->now_ms / 1000 - 1;
    ids[0] = line_scene_order(scene, &order);
    order.expires_s = 0;
    for (size_t i = 1; i < LINE_ORDER_OPEN_LIMIT; i++)
        ids[i] = line_scene_order(scene, &order);
    assert_int_equal(line_scene_order(scene, &order), 0);
    line_scene_run(scene, 2, MINUTE_MS);
    line_scene_run(scene, 3, 200); /* into the third one's turn */
    line_master_kind.cancel(scene->master, ids[5], scene->now_ms);
    line_master_kind.end(scene->master, LINE_PROBLEM_LOST, scene->now_ms);
    problem_is(scene, ids[0], LINE_PROBLEM_EXPIRED);
    problem_is(scene, ids[1], LINE_PROBLEM_NONE);
    problem_is(scene, ids[2], LINE_PROBLEM_LOST);
    problem_is(scene, ids[5], LINE_PROBLEM_CANCELLED);
    problem_is(scene, ids[7], LINE_PROBLEM_LOST);
    line_scene_close(scene);
}

static void a_full_core_hears_everything_later(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_bus_meter(scene, BUS_METER_COLD_WATER, WATER_A, 5);
    uint64_t order_id = read_order(scene, LINE_READ_CURRENT, WATER, WATER_A);
    scene->core_is_full = true;
    line_scene_run(scene, 1, MINUTE_MS);
    assert_int_equal(scene->uplink_count, 0);
    scene->core_is_full = false;
    line_scene_run(scene, 1, MINUTE_MS);
    problem_is(scene, order_id, LINE_PROBLEM_NONE);
    assert_int_equal(line_scene_reading(scene, order_id, QUANTITY_WATER_VOLUME, UPLINK_CURRENT), 78000000);
    line_scene_close(scene);
}

static void what_nobody_can_do_is_unsupported(void **state)
{
    static const enum line_operation operations[] = { LINE_READ_CURVE, LINE_ARCHIVE_READ, LINE_ARCHIVE_WRITE,
                                                      LINE_SCHEDULE_WRITE, LINE_EVENTS_READ };
    struct line_scene *scene = scene_plain();
    uint64_t ids[5];
    (void)state;
    for (size_t i = 0; i < 5; i++)
        ids[i] = read_order(scene, operations[i], ELECTRICITY, METER_A);
    uint64_t stranger = read_order(scene, LINE_READ_CURRENT, "no-such-model", METER_A);
    line_scene_run(scene, 6, MINUTE_MS);
    for (size_t i = 0; i < 5; i++)
        problem_is(scene, ids[i], LINE_PROBLEM_UNSUPPORTED);
    problem_is(scene, stranger, LINE_PROBLEM_UNSUPPORTED);
    line_scene_close(scene);
}

static uint64_t search_order(struct line_scene *scene, const char *profile)
{
    struct line_order order = line_scene_order_of(LINE_SEARCH, profile, "");
    order.device_id = LINE_SCENE_LINE;
    order.priority = LINE_PRIORITY_ON_DEMAND;
    return line_scene_order(scene, &order);
}

static bool row_was_told(const struct line_scene *scene, uint64_t address)
{
    for (size_t i = 0; i < scene->uplink_count; i++)
        for (unsigned row = 0; scene->uplinks[i].kind == UPLINK_ARCHIVE && row < scene->uplinks[i].item_count; row++)
            if (uplink_archive_row_at(&scene->uplinks[i], row).address == address)
                return true;
    return false;
}

static void the_only_meter_of_a_line_tells_its_address(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    line_scene_electricity(scene, METER_A);
    line_scene_bus_meter(scene, BUS_METER_COLD_WATER, WATER_A, 5);
    uint64_t electricity = search_order(scene, ELECTRICITY);
    uint64_t water = search_order(scene, WATER);
    line_scene_run(scene, 2, MINUTE_MS);
    problem_is(scene, electricity, LINE_PROBLEM_NONE);
    problem_is(scene, water, LINE_PROBLEM_NONE);
    assert_true(row_was_told(scene, 4321));
    assert_true(row_was_told(scene, 1200345678));
    line_scene_electricity(scene, METER_B);
    uint64_t both = search_order(scene, ELECTRICITY);
    line_scene_run(scene, 3, MINUTE_MS);
    problem_is(scene, both, LINE_PROBLEM_COLLISION);
    line_scene_close(scene);
}

static void a_search_finds_every_meter_and_lets_others_ask_meanwhile(void **state)
{
    static const char *const addresses[] = { "00001212345670", "00001212345671", "00001212345678",
                                             "00001298765432", "00001200000001", "00001212340000" };
    struct line_config config = { .kind = LINE_MBUS, .seed = 3 };
    struct line_scene *scene = line_scene_open(&config);
    (void)state;
    for (size_t i = 0; i < 6; i++)
        line_scene_bus_meter(scene, BUS_METER_HEAT, addresses[i], i < 3 ? 0 : (uint8_t)i);
    uint64_t search = search_order(scene, HEAT);
    line_scene_run(scene, 1, 5000);
    struct line_order order = line_scene_order_of(LINE_READ_CURRENT, HEAT, "98765432");
    order.priority = LINE_PRIORITY_ON_DEMAND;
    uint64_t meanwhile = line_scene_order(scene, &order);
    int64_t asked_ms = scene->now_ms;
    line_scene_run(scene, 1, MINUTE_MS);
    problem_is(scene, meanwhile, LINE_PROBLEM_NONE);
    assert_true(scene->now_ms - asked_ms < 5000);
    line_scene_run(scene, 2, 20 * MINUTE_MS);
    problem_is(scene, search, LINE_PROBLEM_NONE);
    assert_true(row_was_told(scene, 12345670));
    assert_true(row_was_told(scene, 12345671));
    assert_true(row_was_told(scene, 12345678));
    assert_true(row_was_told(scene, 98765432));
    assert_true(row_was_told(scene, 1));
    assert_true(row_was_told(scene, 12340000));
    line_scene_close(scene);
}

/* A second search that waits is no wall for those behind it. */
static void searches_that_wait_hold_nobody_up(void **state)
{
    struct line_config config = { .kind = LINE_MBUS, .seed = 3 };
    struct line_scene *scene = line_scene_open(&config);
    (void)state;
    line_scene_bus_meter(scene, BUS_METER_HEAT, "00001298765432", 7);
    uint64_t first = search_order(scene, HEAT);
    uint64_t second = search_order(scene, HEAT);
    line_scene_run(scene, 1, 5000);
    for (unsigned i = 0; i < 3; i++) {
        struct line_order order = line_scene_order_of(LINE_READ_CURRENT, HEAT, "98765432");
        order.priority = LINE_PRIORITY_ON_DEMAND;
        uint64_t meanwhile = line_scene_order(scene, &order);
        int64_t asked_ms = scene->now_ms;
        line_scene_run(scene, scene->ended_count + 1, MINUTE_MS);
        problem_is(scene, meanwhile, LINE_PROBLEM_NONE);
        assert_true(scene->now_ms - asked_ms < 5000);
    }
    line_scene_run(scene, 5, 40 * MINUTE_MS);
    problem_is(scene, first, LINE_PROBLEM_NONE);
    problem_is(scene, second, LINE_PROBLEM_NONE);
    line_scene_close(scene);
}

static void a_search_can_be_stopped(void **state)
{
    struct line_config config = { .kind = LINE_MBUS, .seed = 3 };
    struct line_scene *scene = line_scene_open(&config);
    (void)state;
    uint64_t search = search_order(scene, HEAT);
    line_scene_run(scene, 1, 5000);
    line_master_kind.cancel(scene->master, search, scene->now_ms);
    line_scene_run(scene, 1, 5000);
    problem_is(scene, search, LINE_PROBLEM_CANCELLED);
    line_scene_close(scene);
}

static void a_search_is_stopped_before_it_asks(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    uint64_t search = search_order(scene, HEAT);
    (void)line_master_kind.tick(scene->master, scene->now_ms);
    line_master_kind.cancel(scene->master, search, scene->now_ms);
    line_scene_run(scene, 1, 5000);
    problem_is(scene, search, LINE_PROBLEM_CANCELLED);
    line_scene_close(scene);
}

static void a_clock_set_back_delays_nothing(void **state)
{
    struct line_scene *scene = scene_plain();
    (void)state;
    uint64_t order_id = read_order(scene, LINE_READ_CURRENT, WATER, WATER_A);
    line_scene_run(scene, 1, 200); /* the question is out */
    scene->now_ms -= 3600000;
    scene->heard_ms = scene->now_ms - 1000;
    line_scene_run(scene, 1, MINUTE_MS);
    problem_is(scene, order_id, LINE_PROBLEM_NO_ANSWER);
    line_scene_close(scene);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(meters_of_three_languages_share_a_line),
        cmocka_unit_test(the_lines_own_echo_is_no_answer),
        cmocka_unit_test(freezes_are_those_of_the_midnight_asked_for),
        cmocka_unit_test(who_is_more_urgent_waits_for_one_meter_only),
        cmocka_unit_test(bad_answers_are_named),
        cmocka_unit_test(one_address_twice_is_a_collision),
        cmocka_unit_test(one_address_twice_at_different_paces_is_a_collision),
        cmocka_unit_test(a_line_that_never_goes_quiet_is_named_so),
        cmocka_unit_test(a_command_is_read_back),
        cmocka_unit_test(a_wrong_password_is_named_and_changes_nothing),
        cmocka_unit_test(everybody_latches_at_one_word),
        cmocka_unit_test(an_instant_is_read_later),
        cmocka_unit_test(who_cannot_latch_says_what_is_now),
        cmocka_unit_test(a_meters_clock_is_read),
        cmocka_unit_test(every_order_ends_once),
        cmocka_unit_test(a_full_core_hears_everything_later),
        cmocka_unit_test(what_nobody_can_do_is_unsupported),
        cmocka_unit_test(the_only_meter_of_a_line_tells_its_address),
        cmocka_unit_test(a_search_finds_every_meter_and_lets_others_ask_meanwhile),
        cmocka_unit_test(searches_that_wait_hold_nobody_up),
        cmocka_unit_test(a_search_can_be_stopped),
        cmocka_unit_test(a_search_is_stopped_before_it_asks),
        cmocka_unit_test(a_clock_set_back_delays_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
