/* What goes wrong on the lines, and what does not wait for it. */
#include "tests/unit/unit_test.h"

#include "tests/unit/meter/concentrator_world.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/dlt645/dlt645_request.h"
#include "sim/line_answer.h"

static struct concentrator_world world;

static int forward_ask(uint64_t address, int64_t wait_ms)
{
    uint8_t bytes[64], request[64];
    struct writer units = writer_of_buffer(bytes, sizeof bytes), out = writer_of_buffer(request, sizeof request);
    struct dlt645_address to;
    struct q376_forward forward;
    char text[16];

    struct writer number = writer_of_buffer(text, sizeof text);
    writer_format(&number, "%012llu", (unsigned long long)address);
    assert_int_equal(dlt645_address_read(span_of_bytes(text, 12), &to), 0);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &to, 0x00010000, &out), 0);
    memset(&forward, 0, sizeof forward);
    forward.port = 2;
    forward.control = Q376_FORWARD_2400_8E1;
    forward.frame_wait_ms = 2000;
    forward.content = writer_span(&out);
    assert_int_equal(q376_forward_put(&forward, &units), 0);
    return concentrator_world_ask(&world, Q376_AFN_FORWARD, writer_span(&units), wait_ms);
}

/* S2-025, S2-026: no midnight of a month is missing in the end. */
static void a_month_with_losses_is_complete(void **state)
{
    enum { EACH = 10 };
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_prepare(&world);
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        world.config.lines[i].lost_permille = 20;
        world.config.lines[i].flips_per_million = 200;
        world.config.lines[i].echo = i == 1;
    }
    concentrator_world_start(&world);
    concentrator_world_run(&world, 10 * WORLD_SECOND_MS);
    for (uint64_t i = 0; i < EACH; i++) {
        concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 100 + i);
        concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_1997, 200 + i);
        concentrator_world_meter(&world, 3, CONCENTRATOR_PROTOCOL_CJT188, 300 + i);
    }
    concentrator_world_archive(&world);
    concentrator_world_run(&world, 31 * WORLD_DAY_MS);
    int32_t newest = concentrator_world_today(&world) - 1;
    for (uint16_t point = 1; point <= 3 * EACH; point++)
        for (int32_t back = 0; back < 30; back++) {
            const struct scripted_meter *meter = &world.meters[point - 1];
            int64_t truth = scripted_register(meter, concentrator_world_midnight(newest - back + 1));
            assert_int_equal(concentrator_day_find(&world.site.host.core, point, newest - back, &freeze), 1);
            assert_in_range(freeze.registers.values[0] - truth, 0,
                            meter->protocol == CONCENTRATOR_PROTOCOL_DLT645_2007 ? 0 : freeze.read_min + 1);
        }
    assert_true(world.site.host.core.counts.unanswered > 0);
    assert_int_equal(world.site.host.core.counts.foreign, 0);
    concentrator_world_close(&world);
}

static void a_silent_meter_is_read_when_it_comes_back(void **state)
{
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    struct scripted_meter *meter = concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 1);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 2);
    concentrator_world_archive(&world);
    meter->slave.is_absent = true;
    concentrator_world_run(&world, 5 * WORLD_DAY_MS);
    int32_t newest = concentrator_world_today(&world) - 1;
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, newest, &freeze), 0);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 2, newest, &freeze), 1);
    assert_int_equal(concentrator_world_current(&world, 1, 170), Q376_AFN_CURRENT);
    assert_true(world.units[world.size - 1] > 5); /* failures in a row */
    meter->slave.is_absent = false;
    concentrator_world_run(&world, 2 * WORLD_HOUR_MS);
    for (int32_t back = 0; back < 4; back++)
        assert_int_equal(concentrator_day_find(&world.site.host.core, 1, newest - back, &freeze), 1);
    concentrator_world_close(&world);
}

static void a_meter_without_daily_freezes_is_read_at_midnight(void **state)
{
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    struct scripted_meter *instant = concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 1);
    struct scripted_meter *plain = concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_1997, 2);
    struct scripted_meter *late = concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 3);
    instant->has_daily = false;
    instant->refuses_blocks = true;
    late->has_clock_behind = true;
    concentrator_world_archive(&world);
    concentrator_world_run(&world, 2 * WORLD_DAY_MS);
    int32_t newest = concentrator_world_today(&world) - 1;
    int64_t midnight_s = concentrator_world_midnight(newest + 1);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, newest, &freeze), 1);
    assert_int_equal(freeze.registers.values[0], scripted_register(instant, midnight_s));
    assert_int_equal(concentrator_day_find(&world.site.host.core, 2, newest, &freeze), 1);
    assert_in_range(freeze.registers.values[0] - scripted_register(plain, midnight_s), 0, 2);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 3, newest, &freeze), 1);
    assert_int_equal(freeze.registers.values[0], scripted_register(late, midnight_s));
    concentrator_world_close(&world);
}

static void another_meters_answer_is_refused(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    struct scripted_meter *meter = concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 51);
    meter->slave.alter = line_answer_misaddress;
    concentrator_world_archive(&world);
    concentrator_world_run(&world, WORLD_HOUR_MS);
    assert_true(world.site.host.core.counts.foreign > 0);
    assert_int_equal(concentrator_world_current(&world, 1, 129), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_IMPORT, 1, 0)->quality, ITEM_MISSING);
    assert_true(world.reports >= 2); /* ERC1, ERC35 */
    concentrator_world_close(&world);
}

static void a_babbling_line_stops_nothing_else(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    struct scripted_meter *meter = concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 61);
    concentrator_world_meter(&world, 3, CONCENTRATOR_PROTOCOL_CJT188, 62);
    meter->slave.is_babbling = true;
    concentrator_world_archive(&world);
    concentrator_world_run(&world, 10 * WORLD_MINUTE_MS);
    assert_int_equal(concentrator_world_current(&world, 2, 129), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_IMPORT, 2, 0)->quality, ITEM_GOOD);
    assert_int_equal(forward_ask(61, 10 * WORLD_SECOND_MS), Q376_AFN_FORWARD);
    assert_true(concentrator_is_online(&world.site.host.core));
    concentrator_world_close(&world);
}

/* Whoever asked is told what was heard, though the line never falls silent. */
static void a_line_that_never_falls_silent_keeps_no_request(void **state)
{
    static const uint8_t noise = 0x55;
    int64_t left_ms = 30 * WORLD_SECOND_MS;

    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(forward_ask(61, 10), -1);
    for (; !world.is_final && left_ms > 0; left_ms -= 20) {
        host_concentrator_port_receive(&world.site.host, 2, span_of_bytes(&noise, 1), world.site.now_ms);
        concentrator_world_run(&world, 20);
    }
    assert_true(world.is_final);
    assert_int_equal(world.afn, Q376_AFN_FORWARD);
    concentrator_world_close(&world);
}

/* While all meters are being read, a request of the head-end waits for the exchange under way and no longer. */
static void a_request_goes_before_the_rounds(void **state)
{
    int64_t slowest_ms = 0, alone_ms;

    (void)state;
    concentrator_world_open(&world);
    for (uint64_t i = 0; i < 100; i++)
        concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 700 + i);
    int64_t asked_ms = world.site.now_ms;
    assert_int_equal(forward_ask(750, 20 * WORLD_SECOND_MS), Q376_AFN_FORWARD);
    alone_ms = world.answered_ms - asked_ms;
    concentrator_world_archive(&world);
    for (int i = 0; i < 20; i++) {
        concentrator_world_run(&world, 1000 + 37 * i);
        assert_false(world.site.host.core.ports[0].round_ended);
        asked_ms = world.site.now_ms;
        assert_int_equal(forward_ask(750, 20 * WORLD_SECOND_MS), Q376_AFN_FORWARD);
        slowest_ms = world.answered_ms - asked_ms > slowest_ms ? world.answered_ms - asked_ms : slowest_ms;
    }
    /* One exchange at 2400 Bd: at most 16 + 40 bytes of 11 bits and 50 ms. */
    assert_in_range(slowest_ms - alone_ms, 0, 56 * 11 * 1000 / 2400 + 60 + 50);
    print_message("# forwarded: %d ms alone, %d ms at most during a round\n", (int)alone_ms, (int)slowest_ms);
    concentrator_world_run(&world, 2 * WORLD_MINUTE_MS);
    assert_true(world.site.host.core.ports[0].round_ended);
    assert_int_equal(world.site.host.core.ports[0].round_ok, 100);
    concentrator_world_close(&world);
}

static void an_echo_is_not_an_answer(void **state)
{
    struct q376_forward answer;
    struct dlt645_frame frame;

    (void)state;
    concentrator_world_prepare(&world);
    world.config.lines[0].echo = true;
    concentrator_world_start(&world);
    concentrator_world_run(&world, 10 * WORLD_SECOND_MS);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 5);
    assert_int_equal(forward_ask(5, 5000), Q376_AFN_FORWARD);
    assert_int_equal(q376_forward_decode(&world.last, &answer), 0);
    assert_int_equal(dlt645_frame_decode(answer.content, &frame, NULL), 0);
    assert_int_equal(frame.control, 0x91);
    assert_int_equal(forward_ask(6, 5000), Q376_AFN_FORWARD);
    assert_int_equal(q376_forward_decode(&world.last, &answer), 0);
    assert_int_equal(answer.content.size, 0);
    concentrator_world_close(&world);
}

static void too_many_requests_at_once_are_denied(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    /* Nobody is there: each waits for its two seconds. */
    for (uint64_t i = 0; i < CONCENTRATOR_JOB_LIMIT; i++)
        assert_int_equal(forward_ask(900 + i, 10), -1);
    assert_int_equal(forward_ask(999, 100), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_denied(&world));
    concentrator_world_run(&world, 20 * WORLD_SECOND_MS);
    assert_int_equal(forward_ask(999, 5000), Q376_AFN_FORWARD);
    concentrator_world_close(&world);
}

static void a_lost_connection_takes_its_requests_along(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 8);
    for (uint64_t i = 0; i < CONCENTRATOR_JOB_LIMIT; i++)
        assert_int_equal(forward_ask(900 + i, 10), -1);
    concentrator_site_closed(&world.site);
    concentrator_world_run(&world, 20 * WORLD_SECOND_MS);
    assert_int_equal(world.logins, 2);
    assert_int_equal(world.frames, 0); /* nobody is told what nobody of this connection asked */
    assert_int_equal(forward_ask(8, 5000), Q376_AFN_FORWARD);
    concentrator_world_close(&world);
}

static void a_port_rests_while_it_is_paused(void **state)
{
    static const uint8_t pause[] = { 0, 0, 1, 6, 2 }, resume[] = { 0, 0, 2, 6, 2 };

    (void)state;
    concentrator_world_open(&world);
    struct scripted_meter *meter = concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 1);
    concentrator_world_archive(&world);
    concentrator_world_run(&world, WORLD_MINUTE_MS);
    (void)concentrator_world_ask(&world, Q376_AFN_CONTROL, span_of_bytes(pause, sizeof pause), 1000);
    assert_true(concentrator_world_is_confirmed(&world));
    unsigned asked = meter->asked;
    concentrator_world_run(&world, 3 * WORLD_HOUR_MS);
    assert_int_equal(meter->asked, asked);
    assert_int_equal(forward_ask(1, 5000), Q376_AFN_FORWARD);
    assert_int_equal(meter->asked, asked + 1);
    (void)concentrator_world_ask(&world, Q376_AFN_CONTROL, span_of_bytes(resume, sizeof resume), 1000);
    concentrator_world_run(&world, WORLD_HOUR_MS + WORLD_MINUTE_MS);
    assert_true(meter->asked > asked + 1);
    concentrator_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_with_losses_is_complete),
        cmocka_unit_test(a_silent_meter_is_read_when_it_comes_back),
        cmocka_unit_test(a_meter_without_daily_freezes_is_read_at_midnight),
        cmocka_unit_test(another_meters_answer_is_refused),
        cmocka_unit_test(a_babbling_line_stops_nothing_else),
        cmocka_unit_test(a_line_that_never_falls_silent_keeps_no_request),
        cmocka_unit_test(a_request_goes_before_the_rounds),
        cmocka_unit_test(an_echo_is_not_an_answer),
        cmocka_unit_test(too_many_requests_at_once_are_denied),
        cmocka_unit_test(a_lost_connection_takes_its_requests_along),
        cmocka_unit_test(a_port_rests_while_it_is_paused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
