/* The concentrator itself: its clock, its archive of meters, its reading tasks, its event rings. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "codec/q376/q376_data.h"
#include "tests/unit/dialog/q376_scene.h"

#define NOW_S (Q376_SCENE_START_MS / 1000)

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

static struct line_order line_order_of(enum line_operation operation)
{
    struct line_order order = q376_scene_order(operation);

    order.device_id = Q376_SCENE_LINE;
    return order;
}

/* 0C F2: 2026-11-21 (a Saturday), hour and minute as given. */
static void clock_answer(uint8_t minute, uint8_t hour)
{
    uint8_t bytes[16];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_unit_put(0, 2, &units), 0);
    writer_put_bytes(&units, (uint8_t[]){ 0x00, minute, hour, 0x21, 0xD1, 0x26 }, 6);
    q376_scene_answer(scene, Q376_AFN_CURRENT, 0, true, writer_span(&units));
}

static void the_clock_is_read(void **state)
{
    static const uint8_t operations[] = { LINE_CLOCK_READ, LINE_READ_CURRENT };

    (void)state;
    for (size_t i = 0; i < sizeof operations; i++) {
        struct line_order order = line_order_of((enum line_operation)operations[i]);
        q376_scene_give(scene, &order);
        assert_memory_equal(q376_scene_request(scene, Q376_AFN_CURRENT)->units.bytes, "\x00\x00\x02\x00", 4);
        assert_int_equal(scene->request.address.station, 1);
        clock_answer(0x05, 0x00);
        assert_int_equal(scene->uplink_count, 2);
        assert_int_equal(scene->uplinks[0].device_id, Q376_SCENE_LINE);
        assert_int_equal(scene->uplinks[0].items[0].quantity, QUANTITY_DEVICE_TIME);
        assert_int_equal(scene->uplinks[0].items[0].value, NOW_S + 300);
        assert_int_equal(scene->uplinks[1].problem, LINE_PROBLEM_NONE);
        q376_scene_forget(scene);
    }
}

static void the_clock_is_set_and_read_back(void **state)
{
    (void)state;
    for (unsigned is_wrong = 0; is_wrong < 2; is_wrong++) {
        struct line_order order = line_order_of(LINE_COMMAND);
        order.body.command = (struct downlink){ .command_id = 5, .operation = DOWNLINK_SET_CLOCK };
        q376_scene_give(scene, &order);
        const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_CONTROL);
        assert_memory_equal(request->units.bytes, "\x00\x00\x40\x03\x00\x00\x00\x21\xD1\x26", 10);
        assert_int_equal(request->password.size, 16);
        q376_scene_confirm(scene, false);
        q376_scene_request(scene, Q376_AFN_CURRENT);
        clock_answer(is_wrong ? 0x02 : 0x00, 0x00);
        const struct uplink *ended = &scene->uplinks[1];
        assert_int_equal(ended->problem, is_wrong ? LINE_PROBLEM_PARTIAL : LINE_PROBLEM_NONE);
        assert_int_equal(ended->command_id, 5);
        assert_int_equal(ended->answer, is_wrong ? UPLINK_ANSWER_TIMEOUT : UPLINK_ANSWER_EXECUTED);
        q376_scene_forget(scene);
    }
}

static void denials_are_told(void **state)
{
    static const uint8_t unit_error[] = { 0x00, 0x00, 0x04, 0x00, 0x05, 0x00, 0x00, 0x40, 0x03, 0x01 };
    static const uint8_t no_authority[] = { 0x00, 0x00, 0x08, 0x00 };
    static const struct {
        struct span units;
        enum line_problem problem;
    } cases[] = { { { unit_error, sizeof unit_error }, LINE_PROBLEM_DENIED },
                  { { no_authority, sizeof no_authority }, LINE_PROBLEM_PASSWORD } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line_order order = line_order_of(LINE_CLOCK_SET);
        q376_scene_give(scene, &order);
        q376_scene_request(scene, Q376_AFN_CONTROL);
        q376_scene_answer(scene, Q376_AFN_CONFIRM, 0, true, cases[i].units);
        assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, cases[i].problem);
    }
}

/* A denial with EC1 grown to 1; then that event. */
static void denial_with_event(uint8_t code)
{
    uint8_t bytes[64], event[] = { 0x00, 0x00, 0x01, 0x00, 1, 0, 0, 1, 0, 6, 0x00, 0x00, 0x21, 0x11, 0x26, 0x00 };
    static const uint8_t denied[] = { 0x00, 0x00, 0x02, 0x00 };
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct q376_frame frame = scene->request;

    frame.control = Q376_CONTROL_UPLINK | 9;
    frame.afn = Q376_AFN_CONFIRM;
    frame.password = span_of_bytes(NULL, 0);
    frame.units = span_of_bytes(denied, sizeof denied);
    frame.has_event_counters = true;
    frame.important_events = 1;
    assert_int_equal(q376_frame_encode(&frame, &out), 0);
    q376_scene_receive(scene, writer_span(&out));
    assert_int_equal(scene->uplink_count, 0);
    q376_scene_request(scene, Q376_AFN_EVENT);
    event[8] = code;
    q376_scene_answer(scene, Q376_AFN_EVENT, 0, true, span_of_bytes(event, sizeof event));
}

/* Terminals reject an order without PW, be it all zeros; those that take none are said so by their line. */
static void the_password_is_there_unless_the_line_says_otherwise(void **state)
{
    static const uint8_t zeros[LINE_SECRET_LIMIT];
    static const struct {
        const char *secret;
        size_t size;
        size_t expected;
    } cases[] = { { "", 0, 16 }, { "\x1f\x2e", 2, 2 }, { "\x00", LINE_SECRET_ABSENT, 0 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line_order order = line_order_of(LINE_CLOCK_SET);
        q376_scene_free(scene);
        scene = q376_scene_make_secret(Q376_SCENE_ADDRESS, span_of_bytes(cases[i].secret, cases[i].size));
        q376_scene_login(scene);
        q376_scene_give(scene, &order);
        struct span password = q376_scene_request(scene, Q376_AFN_CONTROL)->password;
        assert_int_equal(password.size, cases[i].expected);
        assert_true(cases[i].size != 0 || memcmp(password.bytes, zeros, password.size) == 0);
    }
}

static void a_wrong_password_is_told_by_the_event_that_follows(void **state)
{
    (void)state;
    for (unsigned is_wrong = 0; is_wrong < 2; is_wrong++) {
        struct line_order order = line_order_of(LINE_CLOCK_SET);
        q376_scene_free(scene);
        scene_begin(state);
        q376_scene_give(scene, &order);
        q376_scene_request(scene, Q376_AFN_CONTROL);
        denial_with_event(is_wrong ? 20 : 21);
        assert_int_equal(scene->uplink_count, 2);
        assert_int_equal(scene->uplinks[0].kind, UPLINK_EVENT);
        assert_int_equal(scene->uplinks[0].order_id, 0); /* nobody asked for it */
        assert_int_equal(scene->uplinks[1].order_id, order.order_id);
        assert_int_equal(scene->uplinks[1].problem, is_wrong ? LINE_PROBLEM_PASSWORD : LINE_PROBLEM_DENIED);
        q376_scene_expect_silence(scene);
    }
}

static struct q376_archive_entry entry_of(unsigned number, unsigned point, uint64_t address)
{
    return (struct q376_archive_entry){ .number = (uint16_t)number,
                                        .point = (uint16_t)point,
                                        .baud = 3,
                                        .port = 2,
                                        .protocol = 30,
                                        .address = address,
                                        .tariffs = 4,
                                        .integer_digits = 6,
                                        .decimal_digits = 2,
                                        .collector = 77,
                                        .user_major = 1,
                                        .user_minor = 2 };
}

static void archive_answer(const struct q376_archive_entry *entries, size_t count, unsigned part, bool is_last)
{
    uint8_t bytes[2048];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_archive_put(entries, count, &units), 0);
    q376_scene_answer(scene, Q376_AFN_QUERY, part, is_last, writer_span(&units));
}

static unsigned numbers_asked(unsigned *first)
{
    const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_QUERY);
    const uint8_t *at = request->units.bytes;

    assert_memory_equal(at, "\x00\x00\x02\x01", 4);
    *first = (unsigned)(at[6] | at[7] << 8);
    return (unsigned)(at[4] | at[5] << 8);
}

static void the_archive_is_read_in_blocks(void **state)
{
    struct line_order order = line_order_of(LINE_ARCHIVE_READ);
    struct q376_archive_entry entries[24];
    unsigned first, count, rows = 0, blocks = 0;

    (void)state;
    q376_scene_give(scene, &order);
    while (scene->sent_count > 0) {
        count = numbers_asked(&first);
        assert_int_equal(count, 24);
        assert_int_equal(first, 1 + blocks * 24);
        for (unsigned i = 0; i < 24; i++)
            entries[i] = entry_of(first + i, first + i <= 30 ? first + i : 0, 1000 + first + i);
        if (blocks % 2 == 0) { /* in two frames */
            archive_answer(entries, 10, 0, false);
            archive_answer(entries + 10, 14, 1, true);
        } else if (first > 48) {
            q376_scene_confirm(scene, true);
        } else {
            archive_answer(entries, 24, 0, true);
        }
        blocks++;
    }
    assert_int_equal(blocks, 10); /* two with entries, eight without */
    for (size_t i = 0; i + 1 < scene->uplink_count; i++) {
        assert_int_equal(scene->uplinks[i].kind, UPLINK_ARCHIVE);
        for (unsigned row = 0; row < scene->uplinks[i].item_count; row++) {
            struct uplink_archive_row it = uplink_archive_row_at(&scene->uplinks[i], row);
            assert_int_equal(it.number, ++rows);
            assert_int_equal(it.measurement_point, rows);
            assert_int_equal(it.address, 1000 + rows);
            assert_int_equal(it.collector, 77);
            assert_int_equal(it.port, 2);
            assert_int_equal(it.user_class, 0x12);
        }
    }
    assert_int_equal(rows, 30);
    assert_int_equal(scene->uplinks[scene->uplink_count - 1].problem, LINE_PROBLEM_NONE);
}

static void a_part_of_the_archive_is_read(void **state)
{
    struct line_order order = line_order_of(LINE_ARCHIVE_READ);
    struct q376_archive_entry entry = entry_of(100, 50, 5);
    unsigned first;

    (void)state;
    order.number = 100;
    order.count = 30;
    q376_scene_give(scene, &order);
    assert_int_equal(numbers_asked(&first), 24);
    assert_int_equal(first, 100);
    archive_answer(&entry, 1, 0, true);
    assert_int_equal(numbers_asked(&first), 6);
    assert_int_equal(first, 124);
    q376_scene_confirm(scene, true);
    assert_int_equal(scene->uplink_count, 2);
    q376_scene_expect_silence(scene);
}

static struct line_order write_order(void)
{
    struct line_order order = line_order_of(LINE_ARCHIVE_WRITE);
    struct uplink_archive_row row = { .address = 1001,
                                      .collector = 77,
                                      .number = 1,
                                      .measurement_point = 1,
                                      .port = 2,
                                      .baud_code = 3,
                                      .protocol_code = 30,
                                      .tariffs = 4,
                                      .user_class = 0x12 };

    order.count = 2;
    order.body.archive[0] = row;
    order.body.archive[1] = (struct uplink_archive_row){ .number = 2 };
    return order;
}

static void the_archive_is_written_and_read_back(void **state)
{
    static const struct {
        uint64_t address;
        uint16_t second_point;
        enum line_problem problem;
    } cases[] = { { 1001, 0, LINE_PROBLEM_NONE },
                  { 1002, 0, LINE_PROBLEM_PARTIAL },
                  { 1001, 2, LINE_PROBLEM_PARTIAL } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line_order order = write_order();
        struct q376_archive_entry entries[] = { entry_of(1, 1, cases[i].address),
                                                entry_of(2, cases[i].second_point, 0) };
        unsigned first;
        q376_scene_give(scene, &order);
        const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_SET);
        assert_memory_equal(request->units.bytes, "\x00\x00\x02\x01\x02\x00\x01\x00\x01\x00\x62\x1E\x01\x10", 14);
        assert_int_equal(request->units.size, 4 + 2 + 2 * 27);
        q376_scene_confirm(scene, false);
        assert_int_equal(numbers_asked(&first), 2);
        archive_answer(entries, cases[i].second_point != 0 ? 2 : 1, 0, true);
        assert_int_equal(scene->uplink_count, 2); /* what is there now, and the end */
        assert_int_equal(scene->uplinks[0].kind, UPLINK_ARCHIVE);
        assert_int_equal(scene->uplinks[1].problem, cases[i].problem);
        q376_scene_forget(scene);
    }
}

static void rows_that_the_standard_cannot_say_do_not_leave(void **state)
{
    struct line_order order = write_order();

    (void)state;
    order.body.archive[0].port = 32;
    q376_scene_give(scene, &order);
    q376_scene_expect_silence(scene);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_UNSUPPORTED);
}

static void the_schedule_is_written(void **state)
{
    /* one port: 31, no control word, every day, 00:30, each 60 min, broadcast on the 1st 00:30, 00:00 to 23:59 */
    static const uint8_t expected[] = { 0x00, 0x00, 0x01, 0x04, 0x01, 0x1F, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0x7F,
                                        0x30, 0x00, 0x3C, 0x30, 0x00, 0x01, 0x01, 0x00, 0x00, 0x59, 0x23 };
    struct line_order order = line_order_of(LINE_SCHEDULE_WRITE);

    (void)state;
    order.interval_min = 60;
    order.time_s = NOW_S + 1800;
    q376_scene_give(scene, &order);
    const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_SET);
    assert_int_equal(request->units.size, sizeof expected);
    assert_memory_equal(request->units.bytes, expected, sizeof expected);
    q376_scene_confirm(scene, false);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_ANSWER)->problem, LINE_PROBLEM_NONE);
}

static void events_are_read_by_order(void **state)
{
    struct line_order order = line_order_of(LINE_EVENTS_READ);
    /* EC1 3, EC2 1; ERC3 at 12:30 */
    static const uint8_t counters[] = { 0x00, 0x00, 0x40, 0x00, 3, 1 };
    static const uint8_t record[] = { 3, 6, 0x30, 0x12, 0x21, 0x11, 0x26, 0x01 };

    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        order.order_id += 1000;
        q376_scene_give(scene, &order);
        q376_scene_request(scene, Q376_AFN_CURRENT);
        q376_scene_answer(scene, Q376_AFN_CURRENT, 0, true, span_of_bytes(counters, sizeof counters));
        for (unsigned ring = 1; ring <= 2 && round == 0; ring++) {
            uint8_t bytes[64];
            struct writer units = writer_of_buffer(bytes, sizeof bytes);
            unsigned count = ring == 1 ? 3 : 1;
            const struct q376_frame *request = q376_scene_request(scene, Q376_AFN_EVENT);
            assert_int_equal(request->units.bytes[2], ring);
            assert_int_equal(request->units.bytes[4], 0);
            assert_int_equal(request->units.bytes[5], count);
            writer_put_bytes(&units, request->units.bytes, 4);
            writer_put_bytes(&units, (uint8_t[]){ 3, 1, 0, (uint8_t)count }, 4);
            for (unsigned i = 0; i < count; i++)
                writer_put_bytes(&units, record, sizeof record);
            q376_scene_answer(scene, Q376_AFN_EVENT, 0, true, writer_span(&units));
            assert_int_equal(scene->uplinks[ring - 1].item_count, count);
            assert_int_equal(scene->uplinks[ring - 1].order_id, order.order_id);
        }
        assert_int_equal(scene->uplinks[scene->uplink_count - 1].order_ended, 1);
        assert_int_equal(scene->uplinks[scene->uplink_count - 1].problem, LINE_PROBLEM_NONE);
        assert_int_equal(scene->uplink_count, round == 0 ? 3 : 1); /* nothing new the second time */
        q376_scene_forget(scene);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_clock_is_read),
        TEST(the_clock_is_set_and_read_back),
        TEST(denials_are_told),
        TEST(the_password_is_there_unless_the_line_says_otherwise),
        TEST(a_wrong_password_is_told_by_the_event_that_follows),
        TEST(the_archive_is_read_in_blocks),
        TEST(a_part_of_the_archive_is_read),
        TEST(the_archive_is_written_and_read_back),
        TEST(rows_that_the_standard_cannot_say_do_not_leave),
        TEST(the_schedule_is_written),
        TEST(events_are_read_by_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
