/* Readings of measurement points: which day is asked, sets in few requests, what a bad point, a denial and a silence do. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "codec/q376/q376_data.h"
#include "tests/unit/dialog/q376_scene.h"

#define MIDNIGHT_S (Q376_SCENE_START_MS / 1000)
#define NO_POINT 0

static struct q376_scene *scene;

static int scene_begin(void **state)
{
    (void)state;
    scene = q376_scene_make(Q376_SCENE_ADDRESS);
    q376_scene_login(scene);
    return 0;
}

static int scene_end(void **state)
{
    (void)state;
    q376_scene_free(scene);
    return 0;
}

/* What a terminal holds of a point: F161 and F163 of one day without tariffs; energy in 0.0001 kWh. */
static void energy_put(struct writer *units, unsigned point, unsigned function, const uint8_t *mark, size_t mark_size,
                       uint32_t energy)
{
    static const uint8_t read_time[] = { 0x05, 0x00, 0x21, 0x11, 0x26 };
    uint8_t bcd[5] = { 0 };

    for (unsigned i = 0; i < 10; i++, energy /= 10)
        bcd[i / 2] = (uint8_t)(bcd[i / 2] | energy % 10 << (i % 2 * 4));
    assert_int_equal(q376_unit_put(point, function, units), 0);
    writer_put_bytes(units, mark, mark_size);
    writer_put_bytes(units, read_time, sizeof read_time);
    writer_put_u8(units, 0);
    writer_put_bytes(units, bcd, sizeof bcd);
}

struct asked {
    size_t count;
    uint16_t points[64]; /* of the first function, in the order of the request */
    uint8_t functions[4];
    size_t function_count;
    const uint8_t *mark;
};

/* Points and functions of a request for freezes: each pair has a unit and a mark of its own, all marks are the same. */
static struct asked asked_of(const struct q376_frame *request, size_t mark_size)
{
    struct asked asked = { 0 };

    asked.mark = request->units.bytes + Q376_UNIT_ID_SIZE;
    for (size_t at = 0; at < request->units.size; at += Q376_UNIT_ID_SIZE + mark_size) {
        struct q376_unit_id id = q376_unit_id_take(request->units.bytes + at);
        struct q376_set points = q376_points_of(id), functions = q376_functions_of(id);
        assert_int_equal(points.count, 1);
        assert_int_equal(functions.count, 1);
        assert_memory_equal(request->units.bytes + at + Q376_UNIT_ID_SIZE, asked.mark, mark_size);
        if (asked.count == 0 || asked.points[asked.count - 1] != points.members[0])
            asked.points[asked.count++] = (uint16_t)points.members[0];
        if (asked.count == 1)
            asked.functions[asked.function_count++] = (uint8_t)functions.members[0];
    }
    return asked;
}

/* Answer a daily request for all points asked but `lacking`; energy is the point times 1 kWh. */
static void daily_answer(const struct asked *asked, unsigned lacking)
{
    uint8_t bytes[2048];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    for (size_t f = 0; f < asked->function_count; f++)
        for (size_t i = 0; i < asked->count; i++)
            if (asked->points[i] != lacking)
                energy_put(&units, asked->points[i], asked->functions[f], asked->mark, 3, asked->points[i] * 10000u);
    q376_scene_answer(scene, Q376_AFN_HISTORY, 0, true, writer_span(&units));
}

static struct line_order set_order(enum line_operation operation, unsigned first, unsigned last)
{
    struct line_order order = q376_scene_order(operation);

    order.time_s = MIDNIGHT_S;
    for (unsigned point = first; point <= last; point++)
        order.body.points[point / 8] |= (uint8_t)(1u << point % 8);
    return order;
}

/* The freeze of midnight 2026-11-21 00:00 is day data of 2026-11-20: its values at 24:00. */
static void a_midnight_is_the_end_of_the_day_before(void **state)
{
    struct line_order order = q376_scene_order(LINE_READ_DAILY);

    (void)state;
    order.device_id = 9;
    order.measurement_point = 3;
    order.time_s = MIDNIGHT_S;
    q376_scene_give(scene, &order);
    struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
    assert_int_equal(asked.count, 1);
    assert_int_equal(asked.points[0], 3);
    assert_int_equal(asked.functions[0], 161);
    assert_int_equal(asked.functions[1], 163);
    assert_memory_equal(asked.mark, "\x20\x11\x26", 3);
    daily_answer(&asked, NO_POINT);

    assert_int_equal(scene->uplink_count, 2);
    const struct uplink *reading = &scene->uplinks[0];
    assert_int_equal(reading->kind, UPLINK_REPORT);
    assert_int_equal(reading->device_id, 9);
    assert_int_equal(reading->measurement_point, 0);
    assert_int_equal(reading->order_id, order.order_id);
    assert_int_equal(reading->order_ended, 0);
    assert_int_equal(reading->item_count, 2);
    assert_int_equal(reading->items[0].quantity, QUANTITY_ENERGY_ACTIVE_IMPORT);
    assert_int_equal(reading->items[0].period, UPLINK_DAILY_FREEZE);
    assert_int_equal(reading->items[0].time_s, MIDNIGHT_S);
    assert_int_equal(reading->items[0].value, 3000000); /* 3 kWh in mWh */
    assert_int_equal(reading->items[1].quantity, QUANTITY_ENERGY_ACTIVE_EXPORT);
    assert_true(reading->frame_size > 0);
    const struct uplink *ended = &scene->uplinks[1];
    assert_int_equal(ended->order_ended, 1);
    assert_int_equal(ended->problem, LINE_PROBLEM_NONE);
    assert_int_equal(ended->device_id, 9);
}

static void a_month_is_named_by_its_own_month(void **state)
{
    struct line_order order = set_order(LINE_READ_MONTHLY, 1, 1);
    uint8_t bytes[64];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    order.kind = DEVICE_KIND_COLD_WATER;
    order.time_s = MIDNIGHT_S - 20 * 86400; /* 2026-11-01 00:00 */
    q376_scene_give(scene, &order);
    struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 2);
    assert_int_equal(asked.functions[0], 177);
    assert_int_equal(asked.function_count, 1);
    assert_memory_equal(asked.mark, "\x10\x26", 2);
    energy_put(&units, 1, 177, asked.mark, 2, 123456);
    q376_scene_answer(scene, Q376_AFN_HISTORY, 0, true, writer_span(&units));
    assert_int_equal(scene->uplinks[0].items[0].period, UPLINK_MONTHLY_FREEZE);
    assert_int_equal(scene->uplinks[0].items[0].time_s, order.time_s);
    assert_int_equal(scene->uplinks[0].items[0].quantity, QUANTITY_WATER_VOLUME);
    assert_int_equal(scene->uplinks[0].items[0].value, 12345600); /* 12.3456 m3 in ml */
}

static void points_of_other_kinds_are_their_register(void **state)
{
    static const struct {
        enum device_kind kind;
        uint8_t unit;
        enum quantity quantity;
        int64_t value;
    } cases[] = {
        { DEVICE_KIND_HOT_WATER, ITEM_UNIT_M3, QUANTITY_HOT_WATER_VOLUME, 12345600 },
        { DEVICE_KIND_GAS, ITEM_UNIT_M3, QUANTITY_GAS_VOLUME, 12345600 },
        { DEVICE_KIND_HEAT, ITEM_UNIT_GJ, QUANTITY_HEAT_ENERGY, 12345600000 },
        { DEVICE_KIND_HEAT, ITEM_UNIT_KWH, QUANTITY_HEAT_ENERGY, 44444160 },
    };
    struct device_profile profile = { .name = "model" };

    (void)state;
    scene->profile = &profile;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line_order order = set_order(LINE_READ_DAILY, 2, 2);
        uint8_t bytes[64];
        struct writer units = writer_of_buffer(bytes, sizeof bytes);
        order.kind = (uint8_t)cases[i].kind;
        memcpy(order.profile, "model", 6);
        profile.limits.unit = cases[i].unit;
        q376_scene_give(scene, &order);
        struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
        energy_put(&units, 2, 161, asked.mark, 3, 123456);
        q376_scene_answer(scene, Q376_AFN_HISTORY, 0, true, writer_span(&units));
        assert_int_equal(scene->uplink_count, 2);
        assert_int_equal(scene->uplinks[0].measurement_point, 2);
        assert_int_equal(scene->uplinks[0].device_id, Q376_SCENE_LINE);
        assert_int_equal(scene->uplinks[0].items[0].quantity, cases[i].quantity);
        assert_int_equal(scene->uplinks[0].items[0].value, cases[i].value);
        q376_scene_forget(scene);
    }
}

/* Serve a set until it ends; returns the number of requests. `bad` is denied whenever it is among the asked. */
static unsigned set_serve(unsigned bad, unsigned lacking)
{
    unsigned requests = 0;

    while (scene->sent_count > 0) {
        struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
        bool is_denied = false;
        for (size_t i = 0; i < asked.count; i++)
            is_denied = is_denied || asked.points[i] == bad;
        if (is_denied)
            q376_scene_confirm(scene, true);
        else
            daily_answer(&asked, lacking);
        assert_true(++requests < 100);
    }
    return requests;
}

static void assert_points_told(unsigned first, unsigned last, unsigned without, enum line_problem problem)
{
    uint8_t told[LINE_POINT_LIMIT] = { 0 };

    for (size_t i = 0; i + 1 < scene->uplink_count; i++) {
        const struct uplink *uplink = &scene->uplinks[i];
        assert_int_equal(uplink->order_ended, 0);
        assert_int_equal(uplink->problem, uplink->measurement_point == without ? problem : LINE_PROBLEM_NONE);
        assert_int_equal(uplink->item_count, uplink->measurement_point == without ? 0 : 2);
        told[uplink->measurement_point]++;
    }
    for (unsigned point = 1; point < LINE_POINT_LIMIT; point++)
        assert_int_equal(told[point], point >= first && point <= last);
    assert_int_equal(scene->uplinks[scene->uplink_count - 1].order_ended, 1);
    assert_int_equal(scene->uplinks[scene->uplink_count - 1].problem, LINE_PROBLEM_NONE);
}

static void a_set_is_asked_eight_points_at_a_time(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 100);

    (void)state;
    q376_scene_give(scene, &order);
    assert_int_equal(set_serve(NO_POINT, NO_POINT), 13);
    assert_points_told(1, 100, NO_POINT, LINE_PROBLEM_NONE);
}

static void a_point_without_data_is_told(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 24);

    (void)state;
    q376_scene_give(scene, &order);
    assert_int_equal(set_serve(NO_POINT, 11), 3);
    assert_points_told(1, 24, 11, LINE_PROBLEM_NO_DATA);
}

static void a_bad_point_does_not_hide_the_others(void **state)
{
    (void)state;
    for (unsigned bad = 1; bad <= 24; bad++) {
        struct line_order order = set_order(LINE_READ_DAILY, 1, 24);
        q376_scene_give(scene, &order);
        assert_true(set_serve(bad, NO_POINT) <= 9);
        assert_points_told(1, 24, bad, LINE_PROBLEM_DENIED);
        q376_scene_forget(scene);
    }
}

/* A terminal that manages four points at a time answers four at a time, and this is remembered. */
static void a_terminal_with_a_small_buffer_is_asked_less(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        struct line_order order = set_order(LINE_READ_DAILY, 1, 64);
        unsigned too_many = 0;
        q376_scene_give(scene, &order);
        while (scene->sent_count > 0) {
            struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
            if (asked.count > 4)
                q376_scene_confirm(scene, true);
            else
                daily_answer(&asked, NO_POINT);
            too_many += asked.count > 4;
        }
        assert_points_told(1, 64, NO_POINT, LINE_PROBLEM_NONE);
        assert_int_equal(too_many, round == 0 ? 2 : 0);
        q376_scene_forget(scene);
    }
}

/* Before its archive is written a terminal denies every point; afterwards it is asked for as many at once as ever. */
static void a_terminal_that_denied_everything_is_asked_no_less_later(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 64);

    (void)state;
    q376_scene_give(scene, &order);
    while (scene->sent_count > 0) {
        (void)q376_scene_request(scene, Q376_AFN_HISTORY);
        q376_scene_confirm(scene, true);
    }
    q376_scene_forget(scene);
    q376_scene_give(scene, &order);
    for (unsigned request = 0; scene->sent_count > 0; request++) {
        struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
        assert_int_equal(asked.count, 8);
        daily_answer(&asked, NO_POINT);
        assert_true(request < 8);
    }
    assert_points_told(1, 64, NO_POINT, LINE_PROBLEM_NONE);
}

static void a_silent_terminal_ends_the_order(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 64);
    size_t sent;

    (void)state;
    q376_scene_give(scene, &order);
    q376_scene_wait(scene, 8 * 20000 - 1);
    assert_int_equal(scene->uplink_count, 1); /* the first point by itself */
    assert_int_equal(scene->uplinks[0].problem, LINE_PROBLEM_NO_ANSWER);
    q376_scene_wait(scene, 1);
    assert_int_equal(scene->uplink_count, 3);
    assert_int_equal(scene->uplinks[2].order_ended, 1);
    assert_int_equal(scene->uplinks[2].problem, LINE_PROBLEM_NO_ANSWER);
    sent = scene->sent_count;
    assert_int_equal(sent, 8); /* twice the set, three times each of two points */
    q376_scene_wait(scene, 600000);
    assert_int_equal(scene->sent_count, sent);
}

/* The terminal is silent when more than two are asked: it is not gone. */
static void a_silence_to_many_points_is_probed_with_one(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 16);
    unsigned answered = 0;

    (void)state;
    q376_scene_give(scene, &order);
    while (scene->sent_count > 0) {
        struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
        if (asked.count <= 2)
            daily_answer(&asked, NO_POINT);
        else
            q376_scene_wait(scene, 20000);
        answered += asked.count <= 2;
    }
    assert_points_told(1, 16, NO_POINT, LINE_PROBLEM_NONE);
    assert_in_range(answered, 8, 11); /* mostly two at a time: what one point showed is used */
}

static void older_functions_are_asked_where_the_newer_are_denied(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        struct line_order order = set_order(LINE_READ_DAILY, 1, 2);
        unsigned denied = 0;
        order.kind = DEVICE_KIND_GAS;
        q376_scene_give(scene, &order);
        while (scene->sent_count > 0) {
            struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
            uint8_t bytes[256];
            struct writer units = writer_of_buffer(bytes, sizeof bytes);
            if (asked.functions[0] == 161) {
                q376_scene_confirm(scene, true);
                denied++;
                continue;
            }
            assert_int_equal(asked.functions[0], 1);
            for (size_t i = 0; i < asked.count; i++) {
                energy_put(&units, asked.points[i], 1, asked.mark, 3, 50000);
                writer_put_bytes(&units, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
            }
            q376_scene_answer(scene, Q376_AFN_HISTORY, 0, true, writer_span(&units));
        }
        assert_int_equal(scene->uplink_count, 3);
        assert_int_equal(scene->uplinks[0].items[0].value, 5000000);
        assert_int_equal(denied, round == 0 ? 2 : 0);
        q376_scene_forget(scene);
    }
}

static void answers_in_several_frames_are_gathered(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 4);

    (void)state;
    q376_scene_give(scene, &order);
    struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
    for (unsigned part = 0; part < 4; part++) {
        uint8_t bytes[128];
        struct writer units = writer_of_buffer(bytes, sizeof bytes);
        energy_put(&units, asked.points[part], 161, asked.mark, 3, 10000);
        energy_put(&units, asked.points[part], 163, asked.mark, 3, 0);
        if (part == 2) /* out of its place: dropped */
            q376_scene_answer(scene, Q376_AFN_HISTORY, 3, true, writer_span(&units));
        q376_scene_answer(scene, Q376_AFN_HISTORY, part, part == 3, writer_span(&units));
    }
    assert_points_told(1, 4, NO_POINT, LINE_PROBLEM_NONE);
    assert_int_equal(q376_scene_counted(scene, LINE_DIALOG_FRAMES_REFUSED), 1);
}

/* The frames of an answer begin with FIR: one that has lost its beginning is dropped as a whole. */
static void an_answer_without_its_beginning_is_dropped(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 1);
    uint8_t bytes[128];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    q376_scene_give(scene, &order);
    struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
    uint8_t unit_bytes[64];
    struct writer units = writer_of_buffer(unit_bytes, sizeof unit_bytes);
    energy_put(&units, 1, 161, asked.mark, 3, 10000);
    struct q376_frame frame = scene->request;
    frame.control = Q376_CONTROL_UPLINK | 8;
    frame.sequence = Q376_SEQUENCE_FINAL | (frame.sequence & Q376_SEQUENCE_NUMBER);
    frame.units = writer_span(&units);
    assert_int_equal(q376_frame_encode(&frame, &out), 0);
    q376_scene_receive(scene, writer_span(&out));
    assert_int_equal(scene->uplink_count, 0);
    assert_int_equal(q376_scene_counted(scene, LINE_DIALOG_FRAMES_REFUSED), 1);
}

/* A terminal whose buffer ends before its answer does leaves out the last points: they are not without data. */
static void what_a_full_buffer_left_out_is_asked_again(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 32);
    unsigned requests = 0;

    (void)state;
    order.kind = DEVICE_KIND_COLD_WATER;
    q376_scene_give(scene, &order);
    while (scene->sent_count > 0) {
        uint8_t bytes[1024];
        struct writer units = writer_of_buffer(bytes, sizeof bytes);
        struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
        for (size_t i = 0; i < asked.count && units.size < 540; i++) {
            assert_int_equal(q376_unit_put(asked.points[i], 161, &units), 0);
            writer_put_bytes(&units, asked.mark, 3);
            writer_put_bytes(&units, "\x05\x00\x21\x11\x26\x06", 6); /* six tariffs: 48 bytes a point */
            for (unsigned tariff = 0; tariff <= 6; tariff++)
                writer_put_bytes(&units, "\x00\x00\x01\x00\x00", 5);
        }
        q376_scene_answer(scene, Q376_AFN_HISTORY, 0, true, writer_span(&units));
        assert_true(++requests < 20);
    }
    assert_int_equal(requests, 3);
    assert_int_equal(scene->uplink_count, 33);
    for (size_t i = 0; i < 33; i++)
        assert_int_equal(scene->uplinks[i].problem, LINE_PROBLEM_NONE);
}

static void late_answers_are_dropped(void **state)
{
    struct line_order order = set_order(LINE_READ_DAILY, 1, 1), second = set_order(LINE_READ_DAILY, 2, 2);

    (void)state;
    q376_scene_give(scene, &order);
    struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
    struct q376_frame first = scene->request;
    q376_scene_wait(scene, 20000);
    assert_int_equal(scene->sent_count, 1); /* the repetition */
    assert_int_equal(q376_scene_request(scene, Q376_AFN_HISTORY)->sequence, first.sequence);
    daily_answer(&asked, NO_POINT);
    q376_scene_forget(scene);
    q376_scene_give(scene, &second);
    q376_scene_request(scene, Q376_AFN_HISTORY);
    struct q376_frame current = scene->request;
    scene->request = first;
    daily_answer(&asked, NO_POINT); /* the answer to the repetition */
    assert_int_equal(scene->uplink_count, 0);
    scene->request = current;
    asked.points[0] = 2;
    daily_answer(&asked, NO_POINT);
    assert_int_equal(scene->uplink_count, 2);
}

/* An on-demand read waits for one exchange of a large set, not for all of it. */
static void urgent_orders_go_between(void **state)
{
    struct line_order bulk = set_order(LINE_READ_DAILY, 1, 500), urgent = set_order(LINE_READ_DAILY, 600, 600);

    (void)state;
    urgent.priority = LINE_PRIORITY_ON_DEMAND;
    bulk.expires_s = scene->now_ms / 1000 + 1; /* it has begun by then */
    q376_scene_give(scene, &bulk);
    q376_scene_give(scene, &urgent);
    scene->now_ms += 10000;
    struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
    assert_int_equal(asked.points[0], 1);
    daily_answer(&asked, NO_POINT);
    asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
    assert_int_equal(asked.points[0], 600);
    daily_answer(&asked, NO_POINT);
    assert_int_equal(scene->uplinks[9].order_id, urgent.order_id);
    assert_int_equal(scene->uplinks[9].order_ended, 1);
    asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
    assert_int_equal(asked.points[0], 9); /* the set goes on where it was */
}

/* The core takes a few messages and then none: nothing is lost, nothing is told twice. */
static void a_full_core_loses_nothing(void **state)
{
    (void)state;
    for (uint32_t room = 0; room < 10; room++) {
        struct line_order order = set_order(LINE_READ_DAILY, 1, 8);
        q376_scene_give(scene, &order);
        struct asked asked = asked_of(q376_scene_request(scene, Q376_AFN_HISTORY), 3);
        scene->core_room = room;
        daily_answer(&asked, 5);
        assert_int_equal(scene->uplink_count, room < 9 ? room : 9);
        q376_scene_wait(scene, 61000);
        q376_scene_expect_silence(scene);
        scene->core_room = UINT32_MAX;
        q376_scene_wait(scene, 1000);
        assert_points_told(1, 8, 5, LINE_PROBLEM_NO_DATA);
        q376_scene_forget(scene);
    }
}

static void current_registers_come_with_power_and_voltage(void **state)
{
    /* p1 F129, F131 and F25, read on 2026-11-21 12:30 */
    static const uint8_t units[] = {
        0x01, 0x01, 0x01, 0x10, 0x30, 0x12, 0x21, 0x11, 0x26, 0x01, 0x56, 0x34, 0x12, 0x00, 0x00, 0x56, 0x34, 0x12,
        0x00, 0x00, 0x01, 0x01, 0x04, 0x10, 0x30, 0x12, 0x21, 0x11, 0x26, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
        0x01, 0x01, 0x03, 0x30, 0x12, 0x21, 0x11, 0x26, 0x34, 0x12, 0x00, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE,
        0xEE, 0xEE, 0x00, 0x00, 0x00, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0x50, 0x09, 0xEE, 0xEE,
        0xEE, 0xEE, 0xEE, 0xEE, 0x05, 0x22, 0xEE, 0xEE, 0xEE, 0xEE, 0x10, 0x05, 0x00, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE,
        0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE,
    };
    struct line_order order = q376_scene_order(LINE_READ_CURRENT);

    (void)state;
    order.device_id = 5;
    order.measurement_point = 1;
    q376_scene_give(scene, &order);
    assert_memory_equal(q376_scene_request(scene, Q376_AFN_CURRENT)->units.bytes, "\x01\x01\x01\x10", 4);
    assert_int_equal(scene->request.units.size, 12);
    assert_int_equal(scene->request.control & Q376_CONTROL_FCV, 0);
    q376_scene_answer(scene, Q376_AFN_CURRENT, 0, true, span_of_bytes(units, sizeof units));
    assert_int_equal(scene->uplink_count, 2);
    static const struct {
        enum quantity quantity;
        int64_t value;
    } expected[] = { { QUANTITY_ENERGY_ACTIVE_IMPORT, 12345600 },
                     { QUANTITY_ENERGY_ACTIVE_IMPORT, 12345600 },
                     { QUANTITY_ENERGY_ACTIVE_EXPORT, 0 },
                     { QUANTITY_POWER_ACTIVE, 123400 },
                     { QUANTITY_POWER_REACTIVE, 0 },
                     { QUANTITY_POWER_FACTOR, 950 },
                     { QUANTITY_VOLTAGE, 220500 },
                     { QUANTITY_CURRENT, 510 } };
    const struct uplink *uplink = &scene->uplinks[0];
    assert_int_equal(uplink->item_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < uplink->item_count; i++) {
        assert_int_equal(uplink->items[i].quantity, expected[i].quantity);
        assert_int_equal(uplink->items[i].value, expected[i].value);
        assert_int_equal(uplink->items[i].period, UPLINK_CURRENT);
        assert_int_equal(uplink->items[i].time_s, MIDNIGHT_S + 12 * 3600 + 1800);
    }
    assert_int_equal(uplink->items[1].register_index, 1);
}

static void a_point_that_is_not_filed_is_not_asked(void **state)
{
    struct line_order order = q376_scene_order(LINE_READ_DAILY);

    (void)state;
    order.device_id = 5;
    q376_scene_give(scene, &order);
    q376_scene_expect_silence(scene);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_NOT_FILED);
}

static void a_curve_is_read_in_pieces(void **state)
{
    struct line_order order = q376_scene_order(LINE_READ_CURVE);
    unsigned told = 0;

    (void)state;
    order.device_id = 5;
    order.measurement_point = 7;
    order.time_s = MIDNIGHT_S;
    order.interval_min = 15;
    order.count = 100;
    q376_scene_give(scene, &order);
    for (unsigned piece = 0; piece < 2; piece++) {
        uint8_t bytes[512];
        struct writer units = writer_of_buffer(bytes, sizeof bytes);
        const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_HISTORY);
        assert_int_equal(request->units.size, 11);
        assert_int_equal(request->units.bytes[10], piece == 0 ? 96 : 4);
        assert_memory_equal(request->units.bytes + 4, piece == 0 ? "\x00\x00\x21\x11\x26" : "\x00\x00\x22\x11\x26", 5);
        writer_put_span(&units, request->units);
        for (unsigned i = 0; i < request->units.bytes[10]; i++)
            writer_put_bytes(&units, "\x34\x12\x00\x00", 4); /* 12.34 kWh */
        q376_scene_answer(scene, Q376_AFN_HISTORY, 0, true, writer_span(&units));
    }
    for (size_t i = 0; i + 1 < scene->uplink_count; i++)
        for (unsigned item = 0; item < scene->uplinks[i].item_count; item++, told++) {
            assert_int_equal(scene->uplinks[i].items[item].value, 12340000);
            assert_int_equal(scene->uplinks[i].items[item].period, UPLINK_CURRENT);
            assert_int_equal(scene->uplinks[i].items[item].time_s, MIDNIGHT_S + told * 900);
        }
    assert_int_equal(told, 100);
    assert_int_equal(scene->uplinks[scene->uplink_count - 1].order_ended, 1);
    assert_int_equal(scene->uplinks[scene->uplink_count - 1].problem, LINE_PROBLEM_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_midnight_is_the_end_of_the_day_before),
        TEST(a_month_is_named_by_its_own_month),
        TEST(points_of_other_kinds_are_their_register),
        TEST(a_set_is_asked_eight_points_at_a_time),
        TEST(a_point_without_data_is_told),
        TEST(a_bad_point_does_not_hide_the_others),
        TEST(a_terminal_with_a_small_buffer_is_asked_less),
        TEST(a_terminal_that_denied_everything_is_asked_no_less_later),
        TEST(a_silent_terminal_ends_the_order),
        TEST(a_silence_to_many_points_is_probed_with_one),
        TEST(older_functions_are_asked_where_the_newer_are_denied),
        TEST(answers_in_several_frames_are_gathered),
        TEST(an_answer_without_its_beginning_is_dropped),
        TEST(what_a_full_buffer_left_out_is_asked_again),
        TEST(late_answers_are_dropped),
        TEST(urgent_orders_go_between),
        TEST(a_full_core_loses_nothing),
        TEST(current_registers_come_with_power_and_voltage),
        TEST(a_point_that_is_not_filed_is_not_asked),
        TEST(a_curve_is_read_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
