#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/line_order.h"
#include "base/quantity.h"
#include "link/link_frame.h"

static uint8_t buffer[LINK_FRAME_LIMIT];

static struct span frame_of(const struct link_message *message)
{
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    int size = link_frame_encode(message, &writer);

    assert_true(size > 0);
    assert_int_equal(size, writer.size);
    return writer_span(&writer);
}

/* There and back, and every beginning of the frame is no frame yet. */
static struct link_message there_and_back(const struct link_message *message)
{
    struct link_message again;
    struct span frame = frame_of(message);

    memset(&again, 0xee, sizeof again);
    for (size_t size = 0; size < frame.size; size++)
        assert_int_equal(link_frame_decode(span_of_bytes(frame.bytes, size), &again), 0);
    assert_int_equal(again.kind, 0xee);
    assert_int_equal(link_frame_decode(frame, &again), (int)frame.size);
    assert_int_equal(again.kind, message->kind);
    return again;
}

static struct link_message report_make(void)
{
    struct link_message message = { .kind = LINK_UPLINK };
    struct uplink *uplink = &message.body.uplink;

    *uplink = (struct uplink){ .message_id = 0x0102030405060708, .content_hash = 0xf1f2f3f4f5f6f7f8, .device_id = 77,
                               .kind = UPLINK_REPORT, .answer = UPLINK_ANSWER_EXECUTED, .received_s = -5,
                               .command_id = 99, .answer_code = 128, .item_count = 2, .frame_size = 3,
                               .frame_direction = 1, .awake = 1, .order_id = 12, .measurement_point = 13,
                               .order_ended = 1, .problem = LINE_PROBLEM_COUNT - 1, .presence = 4, .urgent = 1,
                               .answer_about = 0x04000101 };
    uplink->series = (struct uplink_series){ 14, 15, 16, 3, 17, 18 };
    uplink->items[0] = (struct uplink_item){ QUANTITY_WATER_VOLUME, UPLINK_CURRENT, 1, 1, 2, { 0, 0 }, INT64_MIN, 19 };
    uplink->items[1] = (struct uplink_item){ QUANTITY_BALANCE, UPLINK_MONTHLY_FREEZE, 255, 0, 4, { 0, 0 }, -1, 20 };
    memcpy(uplink->frame, "\x40\x01\x02", 3);
    return message;
}

static void a_report_comes_as_it_was(void **state)
{
    (void)state;
    struct link_message message = report_make();
    struct link_message again = there_and_back(&message);
    assert_memory_equal(&again.body.uplink, &message.body.uplink, sizeof message.body.uplink);
}

static void a_report_that_is_full_fits(void **state)
{
    (void)state;
    struct link_message message = report_make();
    struct uplink *uplink = &message.body.uplink;

    uplink->item_count = UPLINK_ITEM_LIMIT;
    for (unsigned i = 0; i < UPLINK_ITEM_LIMIT; i++)
        uplink->items[i] = (struct uplink_item){ .quantity = 1, .value = (int64_t)i - 7, .time_s = INT64_MAX };
    uplink->frame_size = 1200; /* the true size: what is held is cut */
    memset(uplink->frame, 0xa5, sizeof uplink->frame);
    struct link_message again = there_and_back(&message);
    assert_memory_equal(&again.body.uplink, uplink, sizeof *uplink);
}

static void rows_of_an_archive_and_values_of_a_series_lie_where_items_lie(void **state)
{
    (void)state;
    struct link_message message = { .kind = LINK_UPLINK };
    struct uplink *uplink = &message.body.uplink;
    int64_t values[UPLINK_SERIES_LIMIT];

    *uplink = (struct uplink){ .device_id = 1, .kind = UPLINK_ARCHIVE };
    for (unsigned i = 0; i < UPLINK_ARCHIVE_LIMIT; i++) {
        struct uplink_archive_row row = { .address = 900000000000 + i, .collector = i, .number = 1, .measurement_point = 2,
                                          .port = 3, .baud_code = 4, .protocol_code = 5, .tariffs = 6, .user_class = 7,
                                          .version = 8, .maker = 9 };
        assert_int_equal(uplink_archive_row_put(uplink, &row), 0);
    }
    struct link_message again = there_and_back(&message);
    assert_memory_equal(&again.body.uplink, uplink, sizeof *uplink);

    *uplink = (struct uplink){ .device_id = 1 };
    for (int i = 0; i < UPLINK_SERIES_LIMIT; i++)
        values[i] = i % 2 == 0 ? UPLINK_SERIES_NONE : i;
    uplink_series_set(uplink, &(struct uplink_series){ .interval_s = 900, .count = UPLINK_SERIES_LIMIT }, values);
    again = there_and_back(&message);
    assert_memory_equal(&again.body.uplink, uplink, sizeof *uplink);
}

static void the_other_kinds_come_as_they_were(void **state)
{
    (void)state;
    struct link_message messages[] = {
        { .kind = LINK_HELLO, .body.hello = { LINK_MAGIC, LINK_VERSION, 3 } },
        { .kind = LINK_WELCOME, .body.welcome = { LINK_MAGIC, LINK_VERSION, 1, 3, 1ull << 40, 4096, 5, 6 } },
        { .kind = LINK_ALIVE },
        { .kind = LINK_ACKNOWLEDGEMENT, .body.acknowledgement = { .message_id = 7, .accepted = 1 } },
        { .kind = LINK_DOWNLINK,
          .body.downlink = { 8, 9, 10, DOWNLINK_WRITE_STEPS, PARAMETER_PRICE, 5000, -11, 12, 13,
                             { { 0, 14, 15, [13] = 16 }, { 17, 18, [13] = 19 }, 14, 20, { 0, 0 } } } },
        { .kind = LINK_DEVICE, .body.device = { 860000000000001, 21, 1, 1 } },
        { .kind = LINK_FILLED },
        { .kind = LINK_KEY_ASK, .body.key_ask = { 860000000000001 } },
        { .kind = LINK_KEY, .body.key = { 860000000000001, 1, { 1, 2, 3, [15] = 16 } } },
    };

    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct link_message again = there_and_back(&messages[i]);
        assert_memory_equal(&again.body, &messages[i].body, sizeof again.body);
    }
}

/* Written by hand, so that nobody changes the order of bytes and fields without noticing. */
static void an_acknowledgement_is_these_bytes(void **state)
{
    (void)state;
    static const uint8_t expected[] = { 0, 0, 0, 10, 5, 1, 2, 3, 4, 5, 6, 7, 8, 1 };
    struct link_message message = { .kind = LINK_ACKNOWLEDGEMENT,
                                    .body.acknowledgement = { .message_id = 0x0102030405060708, .accepted = 1 } };
    struct span frame = frame_of(&message);
    assert_int_equal(frame.size, sizeof expected);
    assert_memory_equal(frame.bytes, expected, sizeof expected);
}

static void what_is_no_frame_is_refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[16];
        uint8_t size;
        int result;
    } cases[] = {
        { { 0, 0, 8, 0 }, 4, LINK_ERR_TOO_LONG },
        { { 255, 255, 255, 255 }, 4, LINK_ERR_TOO_LONG },
        { { 0, 0, 0, 0 }, 4, LINK_ERR_FORM },
        { { 0, 0, 0, 1, 0 }, 5, LINK_ERR_KIND },
        { { 0, 0, 0, 1, LINK_KIND_COUNT }, 5, LINK_ERR_KIND },
        { { 0, 0, 0, 2, LINK_ALIVE, 0 }, 6, LINK_ERR_FORM },
        { { 0, 0, 0, 9, LINK_ACKNOWLEDGEMENT, 0, 0, 0, 0, 0, 0, 0, 1 }, 13, LINK_ERR_FORM },
        { { 0, 0, 0, 10, LINK_ACKNOWLEDGEMENT, 0, 0, 0, 0, 0, 0, 0, 1, 2 }, 14, LINK_ERR_BOUND },
        { { 0, 0, 0, 11, LINK_ACKNOWLEDGEMENT, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0 }, 15, LINK_ERR_FORM },
        { { 0, 0, 0, 11, LINK_HELLO, 'M', 'W', 'G', 'X', 0, 1, 0, 0, 0, 0 }, 15, LINK_ERR_BOUND },
    };
    struct link_message out = { .kind = 0xee };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(link_frame_decode(span_of_bytes(cases[i].bytes, cases[i].size), &out), cases[i].result);
    assert_int_equal(out.kind, 0xee);
}

/* Fields whose bounds other rooms rely on, each one beyond it. */
static void a_report_beyond_its_bounds_is_refused(void **state)
{
    (void)state;
    struct link_message out;
    struct link_message message;
#define REFUSED(member, value) \
    message = report_make(); \
    message.body.uplink.member = value; \
    assert_int_equal(link_frame_decode(frame_of(&message), &out), LINK_ERR_BOUND)

    REFUSED(device_id, 0);
    REFUSED(kind, 0);
    REFUSED(kind, UPLINK_SERIES + 1);
    REFUSED(answer, UPLINK_ANSWER_TIMEOUT + 1);
    REFUSED(problem, LINE_PROBLEM_COUNT);
    REFUSED(urgent, 2);
    REFUSED(series.count, UPLINK_SERIES_LIMIT + 1);
    REFUSED(items[1].quantity, QUANTITY_COUNT);
    REFUSED(items[1].period, 3);
    REFUSED(items[1].phase, 5);
    REFUSED(kind, UPLINK_SERIES); /* with items as well */
#undef REFUSED
}

/* 33 items are more than the place holds: the number is refused before anything is written behind it. */
static void more_rows_than_fit_are_refused(void **state)
{
    (void)state;
    enum { ITEM_COUNT_OFFSET = LINK_HEADER_SIZE + 8 + 8 + 4 + 1 + 1 + 8 + 8 + 2, KIND_OFFSET = LINK_HEADER_SIZE + 20 };
    struct link_message message = report_make();
    struct link_message out;
    struct span frame = frame_of(&message);

    assert_int_equal(buffer[ITEM_COUNT_OFFSET + 1], 2);
    buffer[ITEM_COUNT_OFFSET + 1] = UPLINK_ITEM_LIMIT + 1;
    assert_int_equal(link_frame_decode(frame, &out), LINK_ERR_BOUND);
    buffer[ITEM_COUNT_OFFSET + 1] = UPLINK_ARCHIVE_LIMIT + 1;
    buffer[KIND_OFFSET] = UPLINK_ARCHIVE;
    assert_int_equal(link_frame_decode(frame, &out), LINK_ERR_BOUND);
}

static void a_frame_that_does_not_fit_leaves_the_writer_alone(void **state)
{
    (void)state;
    struct link_message message = report_make();
    struct writer writer = writer_of_buffer(buffer, 60);

    writer_put_u8(&writer, 1);
    assert_int_equal(link_frame_encode(&message, &writer), LINK_ERR_FULL);
    assert_int_equal(writer.size, 1);
    assert_false(writer.overflow);
    message.kind = LINK_KIND_COUNT;
    assert_int_equal(link_frame_encode(&message, &writer), LINK_ERR_KIND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_comes_as_it_was),
        cmocka_unit_test(a_report_that_is_full_fits),
        cmocka_unit_test(rows_of_an_archive_and_values_of_a_series_lie_where_items_lie),
        cmocka_unit_test(the_other_kinds_come_as_they_were),
        cmocka_unit_test(an_acknowledgement_is_these_bytes),
        cmocka_unit_test(what_is_no_frame_is_refused),
        cmocka_unit_test(a_report_beyond_its_bounds_is_refused),
        cmocka_unit_test(more_rows_than_fit_are_refused),
        cmocka_unit_test(a_frame_that_does_not_fit_leaves_the_writer_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
