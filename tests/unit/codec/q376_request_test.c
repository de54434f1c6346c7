/* Exchanges of both ends: written by one, read by the other, and as captured frames have them. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_data.h"
#include "codec/q376/q376_request.h"

static const uint8_t no_password[Q376_PASSWORD_SIZE];

static struct q376_exchange exchange_of(uint8_t region_low, uint8_t region_high, uint16_t terminal, uint8_t station,
                                        uint8_t sequence)
{
    struct q376_exchange exchange;

    memset(&exchange, 0, sizeof exchange);
    exchange.protocol = Q376_PROTOCOL_376;
    exchange.address.region[0] = region_low;
    exchange.address.region[1] = region_high;
    exchange.address.terminal = terminal;
    exchange.address.station = station;
    exchange.sequence = sequence;
    exchange.password = span_of_bytes(no_password, sizeof no_password);
    return exchange;
}

static void assert_hex(const struct writer *out, const char *hex)
{
    static uint8_t wanted[2048];
    int size = hex_decode(span_of_text(hex), wanted, sizeof wanted);

    assert_true(size > 0);
    assert_int_equal(out->size, size);
    assert_memory_equal(out->bytes, wanted, out->size);
}

/* Buffers of one exchange. */
static uint8_t unit_room[2048], frame_room[2048], answer_room[2048];

static struct writer units_begin(void)
{
    return writer_of_buffer(unit_room, sizeof unit_room);
}

static struct writer frame_begin(void)
{
    return writer_of_buffer(frame_room, sizeof frame_room);
}

static void login_and_heartbeat_are_as_captured(void **state)
{
    (void)state;
    struct q376_exchange exchange = exchange_of(0x20, 0x21, 7, 0, 1);
    struct writer units = units_begin(), out = frame_begin(), answer = writer_of_buffer(answer_room, 100);
    struct q376_frame frame;

    assert_int_equal(q376_unit_put(0, 3, &units), 0);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_LINK, writer_span(&units), &out), 0);
    assert_hex(&out, "683200320068C920210700000271000004008816");
    assert_int_equal(q376_frame_decode(writer_span(&out), &frame, NULL), 0);
    assert_int_equal(q376_link_of(&frame), Q376_LINK_HEARTBEAT);
    assert_int_equal(q376_confirm_encode(&frame, false, &answer), 0);
    assert_hex(&answer, "6832003200680B2021070000006100000100B516");
}

static void requests_are_as_captured(void **state)
{
    (void)state;
    struct q376_exchange exchange = exchange_of(0x01, 0x33, 0x1234, 1, 15);
    struct writer units = units_begin(), out = frame_begin();
    const struct item_time day = { 2026, 11, 20, 0, 0, 0, ITEM_TIME_DAY, 0, 0 };

    assert_int_equal(q376_day_put(9, 161, &day, &units), 0);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_HISTORY, writer_span(&units), &out), 0);
    assert_hex(&out, "683E003E00684B01333412020D6F01020114201126B216");
}

static void control_is_as_captured(void **state)
{
    (void)state;
    struct q376_exchange exchange = exchange_of(0x01, 0x33, 0x1234, 1, 6);
    struct writer units = units_begin(), out = frame_begin();

    assert_int_equal(q376_trip_put(3, 2, 5, &units), 0);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_CONTROL, writer_span(&units), &out), 0);
    assert_hex(&out, "6876007600684A013334120205760401010025000000000000000000000000000000006C16");
    units = units_begin();
    out = frame_begin();
    exchange.sequence = 7;
    assert_int_equal(q376_unit_put(3, 2, &units), 0);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_CONTROL, writer_span(&units), &out), 0);
    assert_hex(&out, "6872007200684A0133341202057704010200000000000000000000000000000000004916");
    assert_int_equal(q376_trip_put(3, 16, 0, &units), CODEC_ERR_RANGE);
    assert_int_equal(q376_trip_put(3, 0, 16, &units), CODEC_ERR_RANGE);
}

static void forwarding_is_as_captured(void **state)
{
    (void)state;
    struct q376_exchange exchange = exchange_of(0x00, 0x02, 0x1234, 2, 0);
    struct writer units = units_begin(), out = frame_begin(), answer = writer_of_buffer(answer_room, 200);
    uint8_t meter[32];
    int size = hex_decode(span_of_text("68611001301215681104333334337B16"), meter, sizeof meter);
    const struct q376_forward forward = { 31, Q376_FORWARD_2400_8E1, 60000, 100, span_of_bytes(meter, (size_t)size) };
    const struct q376_time_tag tag = { 0, { 0x13, 0x51, 0x23, 0x21 }, 5 };
    struct q376_forward back;
    struct q376_frame frame;

    exchange.has_time_tag = true;
    exchange.time_tag = tag;
    assert_int_equal(q376_forward_put(&forward, &units), 0);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_FORWARD, writer_span(&units), &out), 0);
    assert_hex(&out, "68E200E200684B000234120410E0000001001F6BBC0A10006861100130121568110433"
                     "3334337B1600000000000000000000000000000000001351232105A116");
    assert_int_equal(q376_frame_decode(writer_span(&out), &frame, NULL), 0);
    assert_int_equal(q376_forward_decode(&frame, &back), 0);
    assert_int_equal(back.frame_wait_ms, 60000);
    assert_int_equal(back.byte_wait_ms, 100);
    assert_int_equal(back.control, Q376_FORWARD_2400_8E1);
    assert_true(span_equal(back.content, forward.content));
    units = units_begin();
    assert_int_equal(q376_forward_answer_put(31, forward.content, &units), 0);
    assert_int_equal(q376_answer_encode(&frame, Q376_AFN_FORWARD, 0, true, writer_span(&units), &answer), 0);
    assert_int_equal(q376_frame_decode(writer_span(&answer), &frame, NULL), 0);
    assert_int_equal(q376_forward_decode(&frame, &back), 0);
    assert_int_equal(back.port, 31);
    assert_true(span_equal(back.content, forward.content));
    frame.units.size--;
    assert_int_equal(q376_forward_decode(&frame, &back), CODEC_ERR_SHORT);
    frame.afn = Q376_AFN_CURRENT;
    assert_int_equal(q376_forward_decode(&frame, &back), CODEC_ERR_TYPE);
}

static struct q376_archive_entry entry_random(struct random *random, uint16_t number)
{
    struct q376_archive_entry entry;

    memset(&entry, 0, sizeof entry);
    entry.number = number;
    entry.point = (uint16_t)random_below(random, Q376_POINT_LIMIT + 1);
    entry.baud = (uint8_t)random_below(random, 8);
    entry.port = (uint8_t)random_between(random, 1, 31);
    entry.protocol = (uint8_t)random_below(random, 256);
    entry.address = random_below(random, 1000000000000u);
    for (size_t i = 0; i < sizeof entry.password; i++)
        entry.password[i] = (uint8_t)random_below(random, 256);
    entry.tariffs = (uint8_t)random_between(random, 1, 48);
    entry.integer_digits = (uint8_t)random_between(random, 4, 7);
    entry.decimal_digits = (uint8_t)random_between(random, 1, 4);
    entry.collector = random_below(random, 1000000000000u);
    entry.user_major = (uint8_t)random_below(random, 16);
    entry.user_minor = (uint8_t)random_below(random, 16);
    return entry;
}

/* Blocks of as many entries as fit: each frame within the size, every entry read back as it was. */
static void archives_go_out_in_blocks(void **state)
{
    (void)state;
    static struct q376_archive_entry entries[100];
    struct random random = random_of_seed(4);
    struct q376_exchange exchange = exchange_of(0x01, 0x33, 0x1234, 1, 8);
    size_t block = q376_archive_capacity(1024 + Q376_SHELL_SIZE, Q376_PASSWORD_SIZE), frames = 0;

    assert_int_equal(block, 36);
    assert_int_equal(q376_archive_capacity(20, 0), 0);
    for (uint16_t i = 0; i < 100; i++)
        entries[i] = entry_random(&random, (uint16_t)(i + 1));
    for (size_t at = 0; at < 100; at += block, frames++) {
        size_t count = 100 - at < block ? 100 - at : block;
        struct writer units = units_begin(), out = frame_begin();
        struct q376_frame frame;
        assert_int_equal(q376_archive_put(entries + at, count, &units), 0);
        assert_int_equal(q376_request_encode(&exchange, Q376_AFN_SET, writer_span(&units), &out), 0);
        assert_true(out.size <= 1024 + Q376_SHELL_SIZE);
        assert_int_equal(q376_frame_decode(writer_span(&out), &frame, NULL), 0);
        assert_int_equal(frame.units.size, 6 + count * Q376_ARCHIVE_ENTRY_SIZE);
        for (size_t i = 0; i < count; i++) {
            struct q376_archive_entry back;
            const uint8_t *bytes = frame.units.bytes + 6 + i * Q376_ARCHIVE_ENTRY_SIZE;
            assert_int_equal(q376_archive_entry_decode(bytes, &back), 0);
            assert_memory_equal(&back, &entries[at + i], sizeof back);
        }
    }
    assert_int_equal(frames, 3);
}

/* The table of AFN 04 F10 reads what the builder writes. */
static void the_archive_is_what_the_table_reads(void **state)
{
    (void)state;
    static struct item items[40];
    struct random random = random_of_seed(5);
    struct q376_archive_entry entry = entry_random(&random, 2040);
    struct writer units = units_begin();
    struct item_list list = item_list_of(items, 40);
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    assert_int_equal(q376_archive_put(&entry, 1, &units), 0);
    frame.afn = Q376_AFN_SET;
    frame.units = writer_span(&units);
    assert_int_equal(q376_items_decode(&frame, &list), 0);
    assert_int_equal(list.count, 16);
    assert_int_equal(items[1].value, 2040);
    assert_int_equal(items[2].value, entry.point);
    assert_int_equal(items[3].value, entry.baud);
    assert_int_equal(items[4].value, entry.port);
    assert_int_equal(items[5].value, entry.protocol);
    assert_int_equal(items[6].value, entry.address);
    assert_int_equal(items[8].value, entry.tariffs);
    assert_int_equal(items[10].value, entry.integer_digits);
    assert_int_equal(items[11].value, entry.decimal_digits);
    assert_int_equal(items[13].value, entry.collector);
    assert_int_equal(items[14].value, entry.user_major);
    assert_int_equal(items[15].value, entry.user_minor);
}

static void entries_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct random random = random_of_seed(6);
    const struct q376_archive_entry good = entry_random(&random, 1);
    struct q376_archive_entry bad[8];
    uint8_t bytes[Q376_ARCHIVE_ENTRY_SIZE] = { 0 };

    for (size_t i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].number = 0;
    bad[1].number = 2041;
    bad[2].point = 2041;
    bad[3].port = 0;
    bad[4].address = 1000000000000u;
    bad[5].tariffs = 49;
    bad[6].integer_digits = 3;
    bad[7].user_minor = 16;
    for (size_t i = 0; i < 8; i++) {
        struct writer units = units_begin();
        assert_int_equal(q376_archive_put(&bad[i], 1, &units), CODEC_ERR_RANGE);
        assert_int_equal(units.size, 0);
    }
    bytes[6] = 0xAA;
    assert_int_equal(q376_archive_entry_decode(bytes, &bad[0]), CODEC_ERR_FORMAT);
}

static void queries_name_their_entries(void **state)
{
    (void)state;
    static const uint16_t numbers[] = { 2 };
    struct q376_exchange exchange = exchange_of(0x17, 0x11, 28985, 10, 0);
    struct writer units = units_begin(), out = frame_begin();

    assert_int_equal(q376_archive_query_put(numbers, 1, &units), 0);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_QUERY, writer_span(&units), &out), 0);
    assert_hex(&out, "6842004200684B17113971140A600000020101000200A116");
}

static void the_clock_has_its_weekday(void **state)
{
    (void)state;
    const struct item_time now = { 2026, 11, 21, 16, 5, 9, ITEM_TIME_SECOND, 0, 0 }; /* a Saturday */
    const struct item_time never = { 2026, 2, 30, 0, 0, 0, ITEM_TIME_SECOND, 0, 0 };
    struct writer units = units_begin();

    assert_int_equal(q376_clock_put(&now, &units), 0);
    assert_hex(&units, "0000400309051621D126");
    units = units_begin();
    assert_int_equal(q376_clock_put(&never, &units), CODEC_ERR_RANGE);
    assert_int_equal(units.size, 0);
}

static void curves_and_months_are_asked_for(void **state)
{
    (void)state;
    const struct item_time start = { 2026, 11, 20, 0, 15, 0, ITEM_TIME_MINUTE, 0, 0 };
    const struct item_time month = { 2026, 10, 0, 0, 0, 0, ITEM_TIME_MONTH, 0, 0 };
    struct writer units = units_begin();

    assert_int_equal(q376_curve_put(1, 89, &start, 1, 96, &units), 0);
    assert_hex(&units, "0101010B15002011260160");
    units = units_begin();
    assert_int_equal(q376_month_put(17, 177, &month, &units), 0);
    assert_hex(&units, "010301161026");
    units = units_begin();
    assert_int_equal(q376_curve_put(1, 89, &start, 4, 96, &units), CODEC_ERR_RANGE);
    assert_int_equal(q376_curve_put(1, 89, &start, 1, 0, &units), CODEC_ERR_RANGE);
    assert_int_equal(q376_month_put(1, 177, &start, &units), CODEC_ERR_RANGE);
    assert_int_equal(q376_day_put(1, 249, &start, &units), CODEC_ERR_RANGE);
    assert_int_equal(units.size, 0);
    assert_int_equal(q376_events_put(true, 3, 7, &units), 0);
    assert_hex(&units, "000001000307");
}

/* A long answer in three frames: FIR, nothing, FIN; numbers counted up from the request's. */
static void answers_count_their_frames(void **state)
{
    (void)state;
    struct q376_exchange exchange = exchange_of(0x01, 0x33, 0x1234, 1, 15);
    struct writer units = units_begin(), out = frame_begin();
    struct q376_frame request, answer;
    static const uint8_t sequences[] = { 0x4F, 0x00, 0x21 };

    assert_int_equal(q376_unit_put(1, 129, &units), 0);
    assert_int_equal(q376_request_encode(&exchange, Q376_AFN_CURRENT, writer_span(&units), &out), 0);
    assert_int_equal(q376_frame_decode(writer_span(&out), &request, NULL), 0);
    for (unsigned part = 0; part < 3; part++) {
        struct writer frame = writer_of_buffer(answer_room, sizeof answer_room);
        assert_int_equal(q376_answer_encode(&request, Q376_AFN_CURRENT, part, part == 2, writer_span(&units), &frame),
                         0);
        assert_int_equal(q376_frame_decode(writer_span(&frame), &answer, NULL), 0);
        assert_int_equal(answer.sequence, sequences[part]);
        assert_int_equal(answer.control, 0x88);
        assert_int_equal(answer.address.station, 1);
    }
}

static void confirmations_name_each_unit(void **state)
{
    (void)state;
    struct q376_confirmation confirmations[2] = { { { 0, 0, 0x02, 0x01 }, 0 }, { { 0, 0, 0x04, 0x00 }, 1 } };
    struct writer units = units_begin();

    assert_int_equal(q376_confirmations_put(Q376_AFN_SET, confirmations, 2, &units), 0);
    assert_hex(&units, "000004000400000201000000040001");
    struct writer small = writer_of_buffer(unit_room, 6);
    assert_int_equal(q376_confirmations_put(Q376_AFN_SET, confirmations, 2, &small), CODEC_ERR_FULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(login_and_heartbeat_are_as_captured),
        cmocka_unit_test(requests_are_as_captured),
        cmocka_unit_test(control_is_as_captured),
        cmocka_unit_test(forwarding_is_as_captured),
        cmocka_unit_test(archives_go_out_in_blocks),
        cmocka_unit_test(the_archive_is_what_the_table_reads),
        cmocka_unit_test(entries_that_cannot_be_are_refused),
        cmocka_unit_test(queries_name_their_entries),
        cmocka_unit_test(the_clock_has_its_weekday),
        cmocka_unit_test(curves_and_months_are_asked_for),
        cmocka_unit_test(answers_count_their_frames),
        cmocka_unit_test(confirmations_name_each_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
