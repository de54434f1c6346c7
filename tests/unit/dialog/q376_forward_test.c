/* Meters behind the concentrator, spoken with by their own protocol through AFN 10 F1. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "apps/meterworks/profile_shelf.h"
#include "apps/meterworks/profile_vocabulary.h"
#include "base/quantity.h"
#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_answer.h"
#include "tests/unit/dialog/q376_scene.h"

#define METER "12345678"
#define MODEL "dlt645-2007-single-phase-prepaid"
#define NOW_S (Q376_SCENE_START_MS / 1000)

static struct q376_scene *scene;
static struct profile_set *set;

static int scene_begin(void **state)
{
    (void)state;
    scene = q376_scene_make(Q376_SCENE_ADDRESS);
    scene->profile = &profile_set_find(set, span_of_text(MODEL))->profile;
    q376_scene_login(scene);
    return 0;
}

static int scene_end(void **state)
{
    (void)state;
    q376_scene_free(scene);
    return 0;
}

static int profiles_open(void **state)
{
    static struct profile_problems problems;
    struct profile_sources sources = { NULL, NULL };

    (void)state;
    set = profile_sources_read(&sources, &problems);
    return set != NULL ? 0 : -1;
}

static int profiles_close(void **state)
{
    (void)state;
    profile_set_close(set);
    return 0;
}

static struct line_order meter_order(enum line_operation operation)
{
    struct line_order order = q376_scene_order(operation);

    order.device_id = 42;
    order.measurement_point = 8;
    order.route = LINE_ROUTE_FORWARD;
    order.port = 2;
    memcpy(order.address, METER, sizeof METER);
    memcpy(order.profile, MODEL, sizeof MODEL);
    return order;
}

static struct dlt645_address meter_address(void)
{
    struct dlt645_address address;

    assert_int_equal(dlt645_address_read(span_of_text(METER), &address), 0);
    return address;
}

/* What the terminal is asked to send to the meter. */
static struct dlt645_message asked_of_meter(struct q376_forward *forward, struct dlt645_frame *frame)
{
    struct dlt645_message message;
    struct q376_set functions;
    const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_FORWARD);
    const uint8_t *at = request->units.bytes;
    size_t skip, size;

    functions = q376_functions_of(q376_unit_id_take(at));
    assert_int_equal(functions.members[0], 1);
    forward->port = at[4];
    forward->control = at[5];
    forward->content = span_of_bytes(at + 10, (size_t)(at[8] | at[9] << 8));
    assert_int_equal(forward->content.size + 10, request->units.size);
    size = dlt645_frame_find(forward->content, &skip);
    assert_true(size > 0);
    assert_int_equal(dlt645_frame_decode(span_of_bytes(forward->content.bytes + skip, size), frame, NULL), 0);
    dlt645_message_decode(frame, &message);
    return message;
}

static void content_answer(struct span content)
{
    uint8_t bytes[512];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_forward_answer_put(2, content, &units), 0);
    q376_scene_answer(scene, Q376_AFN_FORWARD, 0, true, writer_span(&units));
}

static void value_answer(const struct dlt645_address *address, uint32_t identifier, const void *values, size_t size)
{
    uint8_t bytes[128];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(
        dlt645_read_answer_encode(DLT645_2007, address, identifier, span_of_bytes(values, size), false, &out), 0);
    content_answer(writer_span(&out));
}

/* Answer everything that is read: the freeze time, five registers of a freeze, one value elsewhere. Values that the
 * meter does not have are refused. */
static unsigned meter_serve(uint32_t refused)
{
    struct dlt645_address address = meter_address();
    unsigned exchanges = 0;

    while (scene->sent_count > 0) {
        struct q376_forward forward;
        struct dlt645_frame frame;
        struct dlt645_message message = asked_of_meter(&forward, &frame);
        uint8_t bytes[64];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        exchanges++;
        assert_int_equal(forward.port, 2);
        assert_int_equal(forward.control, Q376_FORWARD_2400_8E1);
        if (message.identifier == refused) {
            assert_int_equal(dlt645_error_answer_encode(DLT645_2007, &address, DLT645_READ, 0x02, &out), 0);
            content_answer(writer_span(&out));
        } else if (message.identifier == 0x05060001) {
            value_answer(&address, message.identifier, "\x00\x00\x21\x11\x26", 5);
        } else if (message.identifier == 0x05010001) {
            value_answer(&address, message.identifier, "\x00\x08\x21\x11\x26", 5);
        } else if (message.identifier == 0x04000101) {
            value_answer(&address, message.identifier, "\x06\x20\x11\x26", 4);
        } else if (message.identifier == 0x04000102) {
            value_answer(&address, message.identifier, "\x40\x00\x00", 3);
        } else if (message.identifier == 0x05060101 || message.identifier == 0x05010101) {
            value_answer(&address, message.identifier, "\x00\x01\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0", 20);
        } else {
            value_answer(&address, message.identifier, "\x56\x34\x12\x00", 4);
        }
        assert_true(exchanges < 100);
    }
    return exchanges;
}

static void a_daily_freeze_is_read_from_the_meter(void **state)
{
    struct line_order order = meter_order(LINE_READ_DAILY);

    (void)state;
    order.time_s = NOW_S;
    q376_scene_give(scene, &order);
    assert_int_equal(meter_serve(0), 2);
    assert_int_equal(scene->uplink_count, 2);
    const struct uplink *reading = &scene->uplinks[0];
    assert_int_equal(reading->device_id, 42);
    assert_int_equal(reading->measurement_point, 0);
    assert_int_equal(reading->order_id, order.order_id);
    assert_int_equal(reading->kind, UPLINK_REPORT);
    assert_int_equal(reading->item_count, 5);
    assert_int_equal(reading->items[0].period, UPLINK_DAILY_FREEZE);
    assert_int_equal(reading->items[0].time_s, NOW_S);
    assert_int_equal(reading->items[0].value, 1000000); /* 1 kWh */
    assert_int_equal(reading->frame[0], Q376_START);
    assert_int_equal(reading->frame[5], Q376_START);
    assert_int_equal(scene->uplinks[1].order_ended, 1);
    assert_int_equal(scene->uplinks[1].problem, LINE_PROBLEM_NONE);
}

static void a_freeze_of_another_day_is_told_but_is_no_answer(void **state)
{
    struct line_order order = meter_order(LINE_READ_DAILY);

    (void)state;
    order.time_s = NOW_S - 86400;
    order.back = 1;
    q376_scene_give(scene, &order);
    meter_serve(0);
    assert_int_equal(scene->uplinks[0].items[0].time_s, NOW_S);
    assert_int_equal(scene->uplinks[1].problem, LINE_PROBLEM_NO_DATA);
}

static void an_instant_is_asked_of_the_meter(void **state)
{
    struct line_order order = meter_order(LINE_READ_CURRENT);
    const int64_t latched_s = INT64_C(1795219200); /* 2026-11-21T08:00:00+08:00 */

    (void)state;
    for (int64_t late_s = 120; late_s <= 121; late_s++) {
        order.order_id += 1000;
        order.time_s = latched_s + late_s;
        q376_scene_give(scene, &order);
        assert_int_equal(meter_serve(0), 2);
        const struct uplink *ended = &scene->uplinks[scene->uplink_count - 1];
        assert_int_equal(ended->problem, late_s == 120 ? LINE_PROBLEM_NONE : LINE_PROBLEM_NO_DATA);
    }
    assert_int_equal(scene->uplinks[0].item_count, 5);
    assert_int_equal(scene->uplinks[0].items[0].period, UPLINK_CURRENT);
    assert_int_equal(scene->uplinks[0].items[0].time_s, latched_s);
    assert_int_equal(scene->uplinks[0].items[0].value, 1000000); /* 1 kWh */
    assert_int_equal(scene->uplink_count, 3);
}

/* The date was said before the midnight, the time behind it. */
static void a_meters_clock_is_read_over_midnight(void **state)
{
    struct line_order order = meter_order(LINE_CLOCK_READ);

    (void)state;
    q376_scene_give(scene, &order);
    assert_int_equal(meter_serve(0), 2);
    assert_int_equal(scene->uplinks[0].items[0].quantity, QUANTITY_DEVICE_TIME);
    assert_int_equal(scene->uplinks[0].items[0].value, INT64_C(1795190440)); /* 2026-11-21T00:00:40+08:00 */
    assert_int_equal(scene->uplinks[1].problem, LINE_PROBLEM_NONE);
}

static void one_value_that_a_meter_lacks_does_not_end_a_reading(void **state)
{
    struct line_order order = meter_order(LINE_READ_CURRENT);

    (void)state;
    q376_scene_give(scene, &order);
    assert_true(meter_serve(0x00020000) > 10);
    const struct uplink *ended = &scene->uplinks[scene->uplink_count - 1];
    assert_int_equal(ended->order_ended, 1);
    assert_int_equal(ended->problem, LINE_PROBLEM_NONE);
}

static void a_silent_meter_is_asked_twice(void **state)
{
    struct line_order order = meter_order(LINE_READ_CURRENT);
    struct q376_forward forward;
    struct dlt645_frame frame;

    (void)state;
    q376_scene_give(scene, &order);
    for (unsigned i = 0; i < 2; i++) {
        asked_of_meter(&forward, &frame);
        content_answer(span_of_bytes(NULL, 0));
    }
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_NO_ANSWER);
    q376_scene_expect_silence(scene);
}

static void another_address_and_damage_are_told(void **state)
{
    struct dlt645_address other;
    struct line_order order = meter_order(LINE_READ_CURRENT);

    (void)state;
    assert_int_equal(dlt645_address_read(span_of_text("99"), &other), 0);
    for (unsigned damaged = 0; damaged < 2; damaged++) {
        order.order_id += 1000;
        q376_scene_give(scene, &order);
        for (unsigned i = 0; i < 2; i++) {
            struct q376_forward forward;
            struct dlt645_frame frame;
            struct dlt645_message message = asked_of_meter(&forward, &frame);
            if (damaged)
                content_answer(span_of_bytes("\x68\x11\x22\x33\x44", 5));
            else
                value_answer(&other, message.identifier, "\x56\x34\x12\x00", 4);
        }
        assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem,
                         damaged ? LINE_PROBLEM_CHECKSUM : LINE_PROBLEM_ADDRESS);
    }
}

static void an_echo_of_the_question_is_passed_over(void **state)
{
    struct line_order order = meter_order(LINE_READ_MONTHLY);
    struct dlt645_address address = meter_address();
    struct q376_forward forward;
    struct dlt645_frame frame;
    uint8_t bytes[256];
    struct writer both = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    order.back = 1;
    q376_scene_give(scene, &order);
    struct dlt645_message message = asked_of_meter(&forward, &frame);
    writer_put_span(&both, forward.content);
    assert_int_equal(dlt645_read_answer_encode(DLT645_2007, &address, message.identifier,
                                               span_of_bytes("\x56\x34\x12\x00", 4), false, &both),
                     0);
    content_answer(writer_span(&both));
    assert_int_equal(scene->uplinks[0].items[0].period, UPLINK_MONTHLY_FREEZE);
    assert_int_equal(scene->uplinks[0].items[0].value, 1234560000);
}

static struct line_order relay_order(void)
{
    struct line_order order = meter_order(LINE_COMMAND);

    order.route = LINE_ROUTE_POINT; /* commands always go to the meter itself */
    order.body.command = (struct downlink){ .command_id = 77, .device_id = 42, .operation = DOWNLINK_CLOSE_VALVE };
    order.password = 123456;
    order.has_password = 1;
    return order;
}

static void a_command_is_sent_and_answered(void **state)
{
    struct line_order order = relay_order();
    struct dlt645_address address = meter_address();
    struct q376_forward forward;
    struct dlt645_frame frame;
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    q376_scene_give(scene, &order);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->answer, UPLINK_ANSWER_SENT);
    asked_of_meter(&forward, &frame);
    assert_int_equal(frame.control, DLT645_RELAY);
    assert_int_equal(scene->request.control & (Q376_CONTROL_FCV | Q376_CONTROL_FCB), Q376_CONTROL_FCV);
    assert_int_equal(scene->request.password.size, 16);
    assert_int_equal(dlt645_done_answer_encode(DLT645_2007, &address, DLT645_RELAY, &out), 0);
    content_answer(writer_span(&out));
    const struct uplink *ended = q376_scene_uplink(scene, UPLINK_ANSWER);
    assert_int_equal(ended->command_id, 77);
    assert_int_equal(ended->answer, UPLINK_ANSWER_DELIVERED); /* taken, not yet seen done */
    assert_int_equal(ended->order_ended, 1);
    assert_int_equal(ended->device_id, 42);
}

static void refusals_are_told_by_their_reason(void **state)
{
    static const struct {
        uint8_t error;
        enum line_problem problem;
    } cases[] = { { 0x04, LINE_PROBLEM_PASSWORD }, { 0x01, LINE_PROBLEM_REFUSED } };
    struct dlt645_address address = meter_address();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line_order order = relay_order();
        struct q376_forward forward;
        struct dlt645_frame frame;
        uint8_t bytes[64];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        q376_scene_give(scene, &order);
        scene->uplink_count = 0;
        asked_of_meter(&forward, &frame);
        assert_int_equal(dlt645_error_answer_encode(DLT645_2007, &address, DLT645_RELAY, cases[i].error, &out), 0);
        content_answer(writer_span(&out));
        const struct uplink *ended = q376_scene_uplink(scene, UPLINK_ANSWER);
        assert_int_equal(ended->problem, cases[i].problem);
        assert_int_equal(ended->answer, UPLINK_ANSWER_REFUSED);
        assert_int_equal(ended->answer_code, cases[i].error);
    }
}

static void a_command_without_its_password_does_not_leave(void **state)
{
    struct line_order order = relay_order();

    (void)state;
    order.has_password = 0;
    q376_scene_give(scene, &order);
    q376_scene_expect_silence(scene);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_PASSWORD);
}

static void a_model_that_nobody_knows_is_unsupported(void **state)
{
    struct line_order order = meter_order(LINE_READ_CURRENT);

    (void)state;
    memcpy(order.profile, "unknown", 8);
    q376_scene_give(scene, &order);
    q376_scene_expect_silence(scene);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_UNSUPPORTED);
}

/* A command that is not answered must not be done twice: the repetition keeps number and FCB. */
static void repetitions_are_marked(void **state)
{
    struct line_order order = relay_order();
    uint8_t first;

    (void)state;
    q376_scene_give(scene, &order);
    first = q376_scene_request(scene, Q376_AFN_FORWARD)->control;
    assert_true((first & Q376_CONTROL_FCV) != 0);
    q376_scene_wait(scene, 8154); /* 5 s, the meter's 2 s, and 252 bytes at 2,400 baud */
    q376_scene_expect_silence(scene);
    q376_scene_wait(scene, 1);
    assert_int_equal(q376_scene_request(scene, Q376_AFN_FORWARD)->control, first);
    q376_scene_wait(scene, 8155);
    assert_int_equal(q376_scene_request(scene, Q376_AFN_FORWARD)->control & Q376_CONTROL_FCV, 0);
    scene->uplink_count = 0;
    q376_scene_wait(scene, 8155);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_NO_ANSWER);
    order.order_id++;
    q376_scene_give(scene, &order);
    assert_int_equal(q376_scene_request(scene, Q376_AFN_FORWARD)->control, first ^ Q376_CONTROL_FCB);
}

/* Nobody waits on a wired port for what cannot come any more; carrier waves take their time; the line's own figure goes
 * before both. */
static void silence_costs_what_the_line_can_need(void **state)
{
    static const struct {
        uint8_t port;
        uint32_t timeout_ms;
        int64_t wait_ms; /* the answer, the meter's 2 s, and 240 bytes at 2,400 baud */
    } cases[] = { { 2, 0, 5000 + 3100 }, { 31, 0, 20000 + 3100 }, { 2, 9000, 9000 + 3100 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line_order order = meter_order(LINE_READ_CURRENT);
        order.order_id += i;
        order.port = cases[i].port;
        order.timeout_ms = cases[i].timeout_ms;
        q376_scene_give(scene, &order);
        (void)q376_scene_request(scene, Q376_AFN_FORWARD);
        q376_scene_wait(scene, cases[i].wait_ms - 1);
        q376_scene_expect_silence(scene);
        q376_scene_wait(scene, 1);
        (void)q376_scene_request(scene, Q376_AFN_FORWARD);
        scene->uplink_count = 0;
        q376_scene_wait(scene, cases[i].wait_ms);
        assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_NO_ANSWER);
    }
}

/* The relay stands where the order wants it: it may have been that order, sent before the program ended. */
static void a_repeated_command_looks_first(void **state)
{
    struct line_order order = relay_order();
    struct dlt645_address address = meter_address();
    struct q376_forward forward;
    struct dlt645_frame frame;

    (void)state;
    order.is_repeated = 1;
    q376_scene_give(scene, &order);
    assert_int_equal(asked_of_meter(&forward, &frame).identifier, 0x04000503);
    scene->uplink_count = 0;
    value_answer(&address, 0x04000503, order.body.command.operation == DOWNLINK_CLOSE_VALVE ? "\x10\x00" : "\x00\x00", 2);
    q376_scene_expect_silence(scene);
    assert_int_equal(scene->uplinks[scene->uplink_count - 1].problem, LINE_PROBLEM_NONE);
    assert_int_equal(scene->uplinks[scene->uplink_count - 1].answer, UPLINK_ANSWER_EXECUTED);
    order.order_id++;
    q376_scene_give(scene, &order);
    (void)asked_of_meter(&forward, &frame);
    value_answer(&address, 0x04000503, order.body.command.operation == DOWNLINK_CLOSE_VALVE ? "\x00\x00" : "\x10\x00", 2);
    (void)asked_of_meter(&forward, &frame);
    assert_int_equal(frame.control, DLT645_RELAY);
}

/* What the meter took is read back behind it, and the part that it did not take is named. */
static void a_table_is_read_back_through_the_concentrator(void **state)
{
    struct line_order order = relay_order();
    struct dlt645_address address = meter_address();
    struct q376_forward forward;
    struct dlt645_frame frame;

    (void)state;
    order.body.command.operation = DOWNLINK_WRITE_STEPS;
    order.body.command.table = (struct downlink_table){ .from = { 0, 18000 }, .value = { 5000, 6500 }, .count = 2,
                                                        .number = 1 };
    q376_scene_give(scene, &order);
    for (unsigned i = 0; i < 4; i++) {
        uint8_t bytes[64];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        (void)asked_of_meter(&forward, &frame);
        assert_int_equal(frame.control, DLT645_WRITE);
        assert_int_equal(dlt645_done_answer_encode(DLT645_2007, &address, DLT645_WRITE, &out), 0);
        content_answer(writer_span(&out));
    }
    assert_int_equal(asked_of_meter(&forward, &frame).identifier, 0x04060001);
    value_answer(&address, 0x04060001, "\x00\x80\x01\x00", 4);
    assert_int_equal(asked_of_meter(&forward, &frame).identifier, 0x04060101);
    scene->uplink_count = 0;
    value_answer(&address, 0x04060101, "\x00\x49\x00\x00", 4);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_PARTIAL);
    assert_int_equal(scene->uplinks[0].answer_about, 0x04060101);
}

static void the_port_is_set_as_the_model_says(void **state)
{
    static const struct {
        const char *model;
        uint8_t control;
        uint8_t wait; /* 2 s; 500 ms */
    } cases[] = { { "dlt645-1997-meter", Q376_FORWARD_1200_8E1, 0x82 }, { "mbus-heat", Q376_FORWARD_2400_8E1, 50 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line_order order = meter_order(LINE_READ_CURRENT);
        scene->profile = &profile_set_find(set, span_of_text(cases[i].model))->profile;
        memcpy(order.profile, cases[i].model, strlen(cases[i].model) + 1);
        q376_scene_give(scene, &order);
        const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_FORWARD);
        assert_int_equal(request->units.bytes[5], cases[i].control);
        assert_int_equal(request->units.bytes[6], cases[i].wait);
        q376_scene_confirm(scene, true);
        assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_DENIED);
    }
}

static void a_freeze_is_broadcast_on_a_port(void **state)
{
    struct line_order order = q376_scene_order(LINE_FREEZE);
    struct q376_forward forward;
    struct dlt645_frame frame;

    (void)state;
    order.port = 3;
    q376_scene_give(scene, &order);
    asked_of_meter(&forward, &frame);
    assert_int_equal(forward.port, 3);
    assert_int_equal(frame.control, 0x16);
    assert_memory_equal(&frame.address, &dlt645_address_broadcast, sizeof frame.address);
    content_answer(span_of_bytes(NULL, 0));
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_NONE);
}

static void a_water_meter_is_read_by_its_own_protocol(void **state)
{
    struct line_order order = meter_order(LINE_READ_CURRENT);
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct cjt188_frame frame;
    size_t skip;

    (void)state;
    scene->profile = &profile_set_find(set, span_of_text("cjt188-cold-water"))->profile;
    memcpy(order.profile, "cjt188-cold-water", sizeof "cjt188-cold-water");
    memcpy(order.address, "00001200345678", 15);
    order.kind = DEVICE_KIND_COLD_WATER;
    q376_scene_give(scene, &order);
    const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_FORWARD);
    struct span content = span_of_bytes(request->units.bytes + 10, request->units.size - 10);
    size_t size = cjt188_frame_find(content, &skip);
    assert_true(size > 0);
    assert_int_equal(cjt188_frame_decode(span_of_bytes(content.bytes + skip, size), &frame, NULL), 0);
    /* 901F: 12.34 m3 now, 0 at the last settlement, 2026-11-21 08:00:00, status 0 */
    uint8_t data[] = { 0x1F, 0x90, frame.serial, 0x34, 0x12, 0x00, 0x00, 0x2C, 0x00, 0x00, 0x00,
                       0x00, 0x2C, 0x00,         0x00, 0x08, 0x21, 0x11, 0x26, 0x20, 0x00, 0x00 };
    memcpy(data, frame.data.bytes, 2);
    assert_int_equal(
        cjt188_frame_encode(0, frame.meter_type, frame.address, 0x81, span_of_bytes(data, sizeof data), &out), 0);
    content_answer(writer_span(&out));
    assert_int_equal(scene->uplinks[0].items[0].quantity, QUANTITY_WATER_VOLUME);
    assert_int_equal(scene->uplinks[0].items[0].value, 12340000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_daily_freeze_is_read_from_the_meter),
        TEST(a_freeze_of_another_day_is_told_but_is_no_answer),
        TEST(an_instant_is_asked_of_the_meter),
        TEST(a_meters_clock_is_read_over_midnight),
        TEST(one_value_that_a_meter_lacks_does_not_end_a_reading),
        TEST(a_silent_meter_is_asked_twice),
        TEST(another_address_and_damage_are_told),
        TEST(an_echo_of_the_question_is_passed_over),
        TEST(a_command_is_sent_and_answered),
        TEST(refusals_are_told_by_their_reason),
        TEST(a_command_without_its_password_does_not_leave),
        TEST(a_model_that_nobody_knows_is_unsupported),
        TEST(repetitions_are_marked),
        TEST(silence_costs_what_the_line_can_need),
        TEST(a_repeated_command_looks_first),
        TEST(a_table_is_read_back_through_the_concentrator),
        TEST(the_port_is_set_as_the_model_says),
        TEST(a_freeze_is_broadcast_on_a_port),
        TEST(a_water_meter_is_read_by_its_own_protocol),
    };
    return cmocka_run_group_tests(tests, profiles_open, profiles_close);
}
