/* The stream and the link: frames in any cut, login and heartbeat, other terminals, damage. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "tests/unit/dialog/q376_scene.h"

static const uint8_t login[] = { 0x00, 0x00, 0x01, 0x00 };
static const uint8_t logout[] = { 0x00, 0x00, 0x02, 0x00 };
static const uint8_t heartbeat[] = { 0x00, 0x00, 0x04, 0x00 };

static void link_frames_are_confirmed_and_told(void **state)
{
    static const struct {
        const uint8_t *units;
        enum uplink_presence presence;
    } cases[] = { { login, UPLINK_PRESENCE_LOGIN },
                  { heartbeat, UPLINK_PRESENCE_CONTACT },
                  { logout, UPLINK_PRESENCE_LOGOUT } };
    struct q376_scene *scene = q376_scene_make(Q376_SCENE_ADDRESS);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        q376_scene_report(scene, Q376_AFN_LINK, (uint8_t)(5 + i), true, span_of_bytes(cases[i].units, 4), NULL);
        const struct uplink *uplink = q376_scene_uplink(scene, UPLINK_PRESENCE);
        assert_int_equal(uplink->presence, cases[i].presence);
        assert_int_equal(uplink->device_id, Q376_SCENE_LINE);
        assert_int_equal(uplink->frame_size, 20);
        const struct q376_frame *confirm = q376_scene_request(scene, Q376_AFN_CONFIRM);
        assert_int_equal(confirm->sequence & Q376_SEQUENCE_NUMBER, 5 + i);
        assert_int_equal(confirm->control & Q376_CONTROL_PRIMARY, 0);
        assert_memory_equal(confirm->units.bytes, login, 4); /* F1: all confirmed */
    }
    q376_scene_free(scene);
}

static void other_terminals_are_ignored(void **state)
{
    struct q376_scene *scene = q376_scene_make("961200001");

    (void)state;
    q376_scene_report(scene, Q376_AFN_LINK, 1, true, span_of_bytes(login, 4), NULL);
    q376_scene_expect_silence(scene);
    assert_int_equal(scene->uplink_count, 0);
    assert_int_equal(q376_scene_counted(scene, LINE_DIALOG_FRAMES_REFUSED), 1);
    q376_scene_free(scene);
}

static void addresses_are_read_in_both_forms(void **state)
{
    struct q376_scene *scene = q376_scene_make("96123456");

    (void)state;
    q376_scene_report(scene, Q376_AFN_LINK, 1, true, span_of_bytes(login, 4), NULL);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_PRESENCE)->presence, UPLINK_PRESENCE_LOGIN);
    q376_scene_free(scene);
}

/* p1 F129 in class 1 data, to be confirmed. */
static const uint8_t report_units[] = { 0x01, 0x01, 0x01, 0x10, 0x30, 0x12, 0x21, 0x11,
                                        0x26, 0x00, 0x56, 0x34, 0x12, 0x00, 0x00 };

static void report_send(struct q376_scene *scene, uint8_t sequence)
{
    q376_scene_report(scene, Q376_AFN_CURRENT, sequence, true, span_of_bytes(report_units, sizeof report_units), NULL);
}

static struct q376_scene *scene_online(void)
{
    struct q376_scene *scene = q376_scene_make(Q376_SCENE_ADDRESS);

    q376_scene_login(scene);
    return scene;
}

static void reports_are_confirmed_when_they_are_stored(void **state)
{
    struct q376_scene *scene = scene_online();

    (void)state;
    report_send(scene, 7);
    q376_scene_expect_silence(scene);
    struct uplink uplink = *q376_scene_uplink(scene, UPLINK_REPORT);
    assert_int_equal(uplink.device_id, Q376_SCENE_LINE);
    assert_int_equal(uplink.measurement_point, 1);
    assert_int_equal(uplink.order_id, 0);
    assert_int_equal(uplink.items[0].value, 12345600);
    assert_true(uplink.content_hash != 0);
    q376_scene_acknowledge(scene, uplink.message_id + 1, true); /* somebody else's */
    q376_scene_expect_silence(scene);
    q376_scene_acknowledge(scene, uplink.message_id, true);
    assert_int_equal(q376_scene_request(scene, Q376_AFN_CONFIRM)->sequence & Q376_SEQUENCE_NUMBER, 7);
    q376_scene_free(scene);
}

static void repeated_reports_are_confirmed_again_and_told_once(void **state)
{
    struct q376_scene *scene = scene_online();

    (void)state;
    report_send(scene, 7);
    struct uplink uplink = *q376_scene_uplink(scene, UPLINK_REPORT);
    report_send(scene, 7); /* the core still writes */
    q376_scene_expect_silence(scene);
    q376_scene_acknowledge(scene, uplink.message_id, true);
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    report_send(scene, 7); /* our confirmation was lost */
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    assert_int_equal(scene->uplink_count, 0);
    report_send(scene, 8); /* another one */
    assert_int_equal(scene->uplink_count, 1);
    q376_scene_free(scene);
}

static void refused_reports_are_left_to_the_terminal(void **state)
{
    struct q376_scene *scene = scene_online();

    (void)state;
    report_send(scene, 7);
    q376_scene_acknowledge(scene, q376_scene_uplink(scene, UPLINK_REPORT)->message_id, false);
    q376_scene_expect_silence(scene);
    report_send(scene, 7);
    q376_scene_acknowledge(scene, q376_scene_uplink(scene, UPLINK_REPORT)->message_id, true);
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    q376_scene_free(scene);
}

static void a_full_core_delays_reports(void **state)
{
    struct q376_scene *scene = scene_online();

    (void)state;
    scene->core_room = 0;
    report_send(scene, 3);
    q376_scene_expect_silence(scene);
    scene->core_room = UINT32_MAX;
    q376_scene_wait(scene, 1000);
    q376_scene_acknowledge(scene, q376_scene_uplink(scene, UPLINK_REPORT)->message_id, true);
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    q376_scene_free(scene);
}

/* More uplinks than wait at a time: the frame stays and goes on as the core answers. */
static void a_report_of_many_points_is_told_as_the_core_stores_it(void **state)
{
    struct q376_scene *scene = scene_online();
    uint8_t bytes[2048];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    unsigned told = 0;

    (void)state;
    for (unsigned point = 1; point <= 100; point++) {
        assert_int_equal(q376_unit_put(point, 129, &units), 0);
        writer_put_bytes(&units, report_units + 4, sizeof report_units - 4);
    }
    q376_scene_report(scene, Q376_AFN_CURRENT, 9, true, writer_span(&units), NULL);
    while (scene->uplink_count > 0) {
        uint64_t message_id = scene->uplinks[0].message_id;
        assert_true(scene->uplink_count <= 16);
        assert_int_equal(scene->uplinks[0].measurement_point, ++told);
        memmove(&scene->uplinks[0], &scene->uplinks[1], --scene->uplink_count * sizeof scene->uplinks[0]);
        q376_scene_expect_silence(scene);
        q376_scene_acknowledge(scene, message_id, true);
    }
    assert_int_equal(told, 100);
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    q376_scene_free(scene);
}

static void forgotten_reports_are_given_up(void **state)
{
    struct q376_scene *scene = scene_online();

    (void)state;
    for (uint8_t i = 0; i < 5; i++)
        report_send(scene, i);
    assert_int_equal(scene->uplink_count, 4); /* the fifth waits at the front */
    q376_scene_wait(scene, 61000);
    assert_int_equal(scene->uplink_count, 5);
    q376_scene_acknowledge(scene, scene->uplinks[4].message_id, true);
    assert_int_equal(q376_scene_request(scene, Q376_AFN_CONFIRM)->sequence & Q376_SEQUENCE_NUMBER, 4);
    q376_scene_free(scene);
}

/* ERC14 with and without the beginning, ERC9 of point 5, and one that no table knows. */
static const uint8_t event_units[] = {
    0x00, 0x00, 0x01, 0x00, 0x04, 0x00, 0x00, 0x04, 0x0E, 0x0A, 0x30, 0x12, 0x21, 0x11, 0x26, 0x40, 0x12,
    0x21, 0x11, 0x26, 0x0E, 0x0A, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0x50, 0x12, 0x21, 0x11, 0x26, 0x0C, 0x07,
    0x00, 0x13, 0x21, 0x11, 0x26, 0x05, 0x80, 0x3C, 0x06, 0x10, 0x13, 0x21, 0x11, 0x26, 0x77,
};

static void assert_events(const struct q376_scene *scene, size_t first)
{
    static const struct {
        uint16_t point;
        int64_t minute;
        uint8_t code;
    } expected[] = { { 0, 750, 14 }, { 0, 770, 14 }, { 5, 780, 12 }, { 0, 790, 60 } };
    size_t at = first, item = 0;

    for (size_t i = 0; i < 4; i++, item++) {
        if (item == scene->uplinks[at].item_count) {
            at++;
            item = 0;
        }
        assert_int_equal(scene->uplinks[at].kind, UPLINK_EVENT);
        assert_int_equal(scene->uplinks[at].measurement_point, expected[i].point);
        assert_int_equal(scene->uplinks[at].items[item].quantity, QUANTITY_TERMINAL_EVENT);
        assert_int_equal(scene->uplinks[at].items[item].value, expected[i].code);
        assert_int_equal(scene->uplinks[at].items[item].time_s, Q376_SCENE_START_MS / 1000 + expected[i].minute * 60);
        if (expected[i].point != 0)
            assert_int_equal(scene->uplinks[at].items[item].register_index, 5);
    }
    assert_int_equal(at, first + 2);
}

static void announced_events_are_fetched_at_once(void **state)
{
    static const uint8_t ec[] = { 4, 9 };
    struct q376_scene *scene = scene_online();

    (void)state;
    q376_scene_report(scene, Q376_AFN_LINK, 3, true, span_of_bytes(heartbeat, 4), ec);
    assert_int_equal(scene->sent_count, 2); /* the confirmation, and the question */
    memcpy(scene->sent[0], scene->sent[1], scene->sent_sizes[1]);
    scene->sent_sizes[0] = scene->sent_sizes[1];
    scene->sent_count = 1;
    assert_memory_equal(q376_scene_request(scene, Q376_AFN_EVENT)->units.bytes, "\x00\x00\x01\x00\x00\x04", 6);
    scene->uplink_count = 0;
    q376_scene_answer(scene, Q376_AFN_EVENT, 0, true, span_of_bytes(event_units, sizeof event_units));
    assert_int_equal(scene->uplink_count, 3);
    assert_events(scene, 0);
    q376_scene_expect_silence(scene);
    q376_scene_report(scene, Q376_AFN_LINK, 4, true, span_of_bytes(heartbeat, 4), ec); /* nothing new */
    assert_int_equal(scene->sent_count, 1);
    q376_scene_free(scene);
}

static void a_long_ring_begins_with_its_newest_ten(void **state)
{
    static const uint8_t ec[] = { 200, 0 };
    struct q376_scene *scene = scene_online();

    (void)state;
    q376_scene_report(scene, Q376_AFN_CURRENT, 1, false, span_of_bytes(report_units, sizeof report_units), ec);
    const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_EVENT);
    assert_int_equal(request->units.bytes[4], 190);
    assert_int_equal(request->units.bytes[5], 200);
    q376_scene_confirm(scene, true); /* denied: not asked again until the terminal counts on */
    q376_scene_report(scene, Q376_AFN_CURRENT, 2, false, span_of_bytes(report_units, sizeof report_units), ec);
    q376_scene_expect_silence(scene);
    q376_scene_free(scene);
}

static void reported_events_are_not_fetched_again(void **state)
{
    static const uint8_t ec[] = { 4, 0 };
    struct q376_scene *scene = scene_online();

    (void)state;
    q376_scene_report(scene, Q376_AFN_EVENT, 5, true, span_of_bytes(event_units, sizeof event_units), ec);
    assert_events(scene, 0);
    for (size_t i = 0; i < 3; i++) {
        q376_scene_expect_silence(scene);
        q376_scene_acknowledge(scene, scene->uplinks[i].message_id, true);
    }
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    q376_scene_free(scene);
}

/* Each answer tells of more events: whoever waits gets his turn between two of them. */
static void events_without_end_leave_room_for_orders(void **state)
{
    static const uint8_t ec[] = { 4, 0 };
    struct q376_scene *scene = scene_online();
    struct line_order order = q376_scene_order(LINE_CLOCK_READ);
    uint8_t units[sizeof event_units];

    (void)state;
    order.device_id = Q376_SCENE_LINE;
    memcpy(units, event_units, sizeof units);
    units[4] = 8; /* EC1 */
    q376_scene_report(scene, Q376_AFN_CURRENT, 1, false, span_of_bytes(report_units, sizeof report_units), ec);
    q376_scene_request(scene, Q376_AFN_EVENT);
    q376_scene_give(scene, &order);
    q376_scene_answer(scene, Q376_AFN_EVENT, 0, true, span_of_bytes(units, sizeof units));
    q376_scene_request(scene, Q376_AFN_CURRENT);
    q376_scene_confirm(scene, true);
    q376_scene_request(scene, Q376_AFN_EVENT); /* and the others go on */
    q376_scene_free(scene);
}

/* A terminal that never sends the last frame of its answer does not keep the order for ever. */
static void answers_without_end_are_given_up(void **state)
{
    static const uint8_t units[] = { 0, 0, 2, 1, 0, 0 };
    struct q376_scene *scene = scene_online();
    struct line_order order = q376_scene_order(LINE_ARCHIVE_READ);

    (void)state;
    q376_scene_give(scene, &order);
    q376_scene_request(scene, Q376_AFN_QUERY);
    for (unsigned part = 0; part < 200; part++) {
        q376_scene_answer(scene, Q376_AFN_QUERY, part, false, span_of_bytes(units, sizeof units));
        q376_scene_wait(scene, 15000);
    }
    const struct uplink *ended = q376_scene_uplink(scene, UPLINK_ANSWER);
    assert_int_equal(ended->order_ended, 1);
    assert_int_equal(ended->problem, LINE_PROBLEM_NO_ANSWER);
    q376_scene_free(scene);
}

static void a_clock_set_back_delays_nothing(void **state)
{
    struct q376_scene *scene = scene_online();
    struct line_order order = q376_scene_order(LINE_CLOCK_READ);

    (void)state;
    order.device_id = Q376_SCENE_LINE;
    q376_scene_give(scene, &order);
    scene->now_ms -= 3600000;
    q376_scene_wait(scene, 120000);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_NO_ANSWER);
    q376_scene_free(scene);
}

/* A day's conversation in one stream. */
static size_t stream_make(uint8_t *bytes, size_t capacity)
{
    struct writer out = writer_of_buffer(bytes, capacity);
    struct q376_exchange exchange = { .protocol = Q376_PROTOCOL_376 };

    assert_int_equal(q376_address_read(span_of_text(Q376_SCENE_ADDRESS), Q376_ADDRESS_DECIMAL, &exchange.address), 0);
    writer_put_bytes(&out, "noise\x68\x32\x00\x32", 9);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_LINK, span_of_bytes(login, 4), &out), 0);
    for (exchange.sequence = 1; exchange.sequence < 4; exchange.sequence++)
        assert_int_equal(q376_report_encode(&exchange, Q376_AFN_CURRENT, true,
                                            span_of_bytes(report_units, sizeof report_units), &out),
                         0);
    writer_put_bytes(&out, "\xFE\xFE\x68\x68\x68", 5);
    assert_int_equal(
        q376_report_encode(&exchange, Q376_AFN_EVENT, true, span_of_bytes(event_units, sizeof event_units), &out), 0);
    exchange.address.terminal++;
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_LINK, span_of_bytes(login, 4), &out), 0);
    exchange.address.terminal--;
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_LINK, span_of_bytes(logout, 4), &out), 0);
    assert_false(out.overflow);
    return out.size;
}

/* Whatever the cut, the same is told. */
static void any_cut_of_the_stream_tells_the_same(void **state)
{
    static struct uplink expected[Q376_SCENE_LIMIT];
    uint8_t bytes[1024];
    size_t size = stream_make(bytes, sizeof bytes), count = 0;

    (void)state;
    for (size_t step = 0; step <= size; step++) {
        struct q376_scene *scene = q376_scene_make(Q376_SCENE_ADDRESS);
        for (size_t at = 0; at < size;) {
            size_t piece = step == 0 ? size : at == 0 && step > 9 ? step : step > 9 ? size - step : step;
            piece = piece < size - at ? piece : size - at;
            q376_scene_receive(scene, span_of_bytes(bytes + at, piece));
            at += piece;
        }
        if (step == 0) {
            count = scene->uplink_count;
            memcpy(expected, scene->uplinks, count * sizeof expected[0]);
            assert_int_equal(count, 1 + 3 + 3 + 1);
        }
        assert_int_equal(scene->uplink_count, count);
        assert_memory_equal(scene->uplinks, expected, count * sizeof expected[0]);
        q376_scene_free(scene);
    }
}

/* A beginning that claims more than the buffer holds does not block what follows. */
static void frames_that_never_end_are_given_up(void **state)
{
    struct q376_scene *scene = scene_online();
    uint8_t claims[] = { 0x68, 0xFE, 0xFF, 0xFE, 0xFF, 0x68 };
    static const uint8_t zeros[4096];

    (void)state;
    q376_scene_receive(scene, span_of_bytes(claims, sizeof claims));
    q376_scene_receive(scene, span_of_bytes(zeros, sizeof zeros));
    q376_scene_report(scene, Q376_AFN_LINK, 3, true, span_of_bytes(heartbeat, 4), NULL);
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    for (size_t i = 0; i < 2000; i++)
        q376_scene_receive(scene, span_of_bytes(claims, sizeof claims));
    q376_scene_report(scene, Q376_AFN_LINK, 4, true, span_of_bytes(heartbeat, 4), NULL);
    q376_scene_request(scene, Q376_AFN_CONFIRM);
    q376_scene_free(scene);
}

static void terminals_of_2005_are_answered_in_kind(void **state)
{
    struct q376_scene *scene = q376_scene_make("002900001");
    static const uint8_t bytes[] = { 0x68, 0x31, 0x00, 0x31, 0x00, 0x68, 0xC9, 0x29, 0x00, 0x01,
                                     0x00, 0x00, 0x02, 0x72, 0x00, 0x00, 0x01, 0x00, 0x68, 0x16 };
    struct line_order order = q376_scene_order(LINE_CLOCK_READ);

    (void)state;
    q376_scene_receive(scene, span_of_bytes(bytes, sizeof bytes));
    assert_int_equal(q376_scene_request(scene, Q376_AFN_CONFIRM)->protocol, Q376_PROTOCOL_130);
    order.device_id = Q376_SCENE_LINE;
    q376_scene_give(scene, &order);
    assert_int_equal(q376_scene_request(scene, Q376_AFN_CURRENT)->protocol, Q376_PROTOCOL_130);
    q376_scene_free(scene);
}

static void lost_connections_end_every_order(void **state)
{
    struct q376_scene *scene = scene_online();

    (void)state;
    for (unsigned i = 0; i < LINE_ORDER_OPEN_LIMIT; i++) {
        struct line_order order = q376_scene_order(LINE_CLOCK_READ);
        order.device_id = Q376_SCENE_LINE;
        q376_scene_give(scene, &order);
    }
    struct line_order more = q376_scene_order(LINE_CLOCK_READ);
    assert_int_equal(q376_session_kind.order(scene->state, &more, scene->now_ms), -1);
    q376_session_kind.end(scene->state, LINE_PROBLEM_LOST, scene->now_ms);
    assert_int_equal(scene->uplink_count, LINE_ORDER_OPEN_LIMIT);
    for (size_t i = 0; i < scene->uplink_count; i++) {
        assert_int_equal(scene->uplinks[i].order_ended, 1);
        assert_int_equal(scene->uplinks[i].problem, LINE_PROBLEM_LOST);
    }
    struct line_record record = { .line_id = Q376_SCENE_LINE };
    q376_session_kind.begin(scene->state, &scene->house, &record, scene, scene->now_ms);
    q376_scene_free(scene);
}

static void orders_that_wait_are_cancelled_or_expire(void **state)
{
    struct q376_scene *scene = scene_online();
    struct line_order orders[3];

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        orders[i] = q376_scene_order(LINE_CLOCK_READ);
        orders[i].device_id = Q376_SCENE_LINE;
        orders[i].expires_s = scene->now_ms / 1000 + 10;
        q376_scene_give(scene, &orders[i]);
    }
    q376_session_kind.cancel(scene->state, orders[0].order_id, scene->now_ms); /* under way: ends by itself */
    assert_int_equal(scene->uplink_count, 0);
    scene->core_room = 0;
    q376_session_kind.cancel(scene->state, orders[1].order_id, scene->now_ms);
    scene->core_room = UINT32_MAX;
    scene->now_ms += 15000;
    q376_scene_request(scene, Q376_AFN_CURRENT);
    q376_scene_confirm(scene, true);
    assert_int_equal(scene->uplink_count, 3);
    assert_int_equal(scene->uplinks[0].problem, LINE_PROBLEM_DENIED);
    assert_int_equal(scene->uplinks[1].problem, LINE_PROBLEM_CANCELLED);
    assert_int_equal(scene->uplinks[1].order_id, orders[1].order_id);
    assert_int_equal(scene->uplinks[2].problem, LINE_PROBLEM_EXPIRED);
    q376_scene_free(scene);
}

static void what_a_concentrator_cannot_do_is_unsupported(void **state)
{
    struct q376_scene *scene = scene_online();
    struct line_order order = q376_scene_order(LINE_SEARCH);

    (void)state;
    q376_scene_give(scene, &order);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_UNSUPPORTED);
    q376_scene_expect_silence(scene);
    q376_scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_frames_are_confirmed_and_told),
        cmocka_unit_test(other_terminals_are_ignored),
        cmocka_unit_test(addresses_are_read_in_both_forms),
        cmocka_unit_test(reports_are_confirmed_when_they_are_stored),
        cmocka_unit_test(repeated_reports_are_confirmed_again_and_told_once),
        cmocka_unit_test(refused_reports_are_left_to_the_terminal),
        cmocka_unit_test(a_full_core_delays_reports),
        cmocka_unit_test(a_report_of_many_points_is_told_as_the_core_stores_it),
        cmocka_unit_test(forgotten_reports_are_given_up),
        cmocka_unit_test(announced_events_are_fetched_at_once),
        cmocka_unit_test(a_long_ring_begins_with_its_newest_ten),
        cmocka_unit_test(reported_events_are_not_fetched_again),
        cmocka_unit_test(events_without_end_leave_room_for_orders),
        cmocka_unit_test(answers_without_end_are_given_up),
        cmocka_unit_test(a_clock_set_back_delays_nothing),
        cmocka_unit_test(any_cut_of_the_stream_tells_the_same),
        cmocka_unit_test(frames_that_never_end_are_given_up),
        cmocka_unit_test(terminals_of_2005_are_answered_in_kind),
        cmocka_unit_test(lost_connections_end_every_order),
        cmocka_unit_test(orders_that_wait_are_cancelled_or_expire),
        cmocka_unit_test(what_a_concentrator_cannot_do_is_unsupported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
