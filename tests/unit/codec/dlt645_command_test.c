/* Requests and answers: the bytes of those whose frames are known, and every shape there and back. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_assembly.h"
#include "codec/dlt645/dlt645_request.h"

struct sheet {
    uint8_t bytes[DLT645_FRAME_SIZE_MAX];
    struct writer out;
    struct dlt645_frame frame;
    struct dlt645_message message;
};

static struct writer *blank(struct sheet *sheet)
{
    sheet->out = writer_of_buffer(sheet->bytes, sizeof sheet->bytes);
    return &sheet->out;
}

static void written_is(struct sheet *sheet, int result, const char *hex)
{
    uint8_t expected[DLT645_FRAME_SIZE_MAX];
    int size = hex_decode(span_of_text(hex), expected, sizeof expected);
    char text[2 * DLT645_FRAME_SIZE_MAX + 1];

    assert_int_equal(result, 0);
    assert_true(size > 0);
    if (!span_equal(writer_span(&sheet->out), span_of_bytes(expected, (size_t)size))) {
        assert_true(hex_encode(writer_span(&sheet->out), text, sizeof text) > 0);
        fail_msg("%s instead of %s", text, hex);
    }
}

/* Decode what was written. */
static const struct dlt645_message *read_again(struct sheet *sheet)
{
    assert_int_equal(dlt645_frame_decode(writer_span(&sheet->out), &sheet->frame, NULL), 0);
    dlt645_message_decode(&sheet->frame, &sheet->message);
    return &sheet->message;
}

static struct dlt645_address address_of(const char *digits)
{
    struct dlt645_address address;
    assert_int_equal(dlt645_address_read(span_of_text(digits), &address), 0);
    return address;
}

static struct item_time time_of(uint16_t year, uint8_t month, uint8_t day, uint8_t hour, uint8_t minute)
{
    struct item_time time = { year, month, day, hour, minute, 0, ITEM_TIME_SECOND, 0, 0 };
    return time;
}

static void known_requests_are_written(void **state)
{
    (void)state;
    struct sheet sheet;
    struct dlt645_address meter = address_of("4321"), real = address_of("123456789012"),
                          new_address = address_of("131078563412");
    struct dlt645_authority authority = { { 0x02, 0x123456 }, 0 }, none = { { 0, 0 }, 0 };
    struct item_time until = time_of(2027, 12, 31, 23, 0);

    written_is(&sheet, dlt645_read_request_encode(DLT645_2007, &meter, 0x00010100, blank(&sheet)),
               "68214300000000 68 11 04 33343433 17 16");
    written_is(&sheet, dlt645_read_request_encode(DLT645_1997, &dlt645_address_any, 0x9010, blank(&sheet)),
               "68AAAAAAAAAAAA68010243C3D516");
    written_is(&sheet, dlt645_read_more_request_encode(DLT645_2007, &real, 0x03300001, 1, blank(&sheet)),
               "681290785634126812053433633634D116");
    written_is(&sheet, dlt645_read_address_request_encode(blank(&sheet)), "68AAAAAAAAAAAA681300DF16");
    written_is(&sheet, dlt645_relay_request_encode(&meter, &authority, DLT645_RELAY_CLOSE, 0, &until, blank(&sheet)),
               "68 21 43 00 00 00 00 68 1C 10 35 89 67 45 33 33 33 33 4F 33 33 33 56 64 45 5A D7 16");
    written_is(&sheet,
               dlt645_write_request_encode(DLT645_1997, &dlt645_address_broadcast, 0xc010, &none,
                                           span_of_bytes("\x06\x06\x07\x19", 4), blank(&sheet)),
               "6899999999999968040A43F33333333339393A4C6E16");
    assert_int_equal(dlt645_write_address_request_encode(DLT645_2007, &new_address, blank(&sheet)), 0);
    assert_memory_equal(sheet.bytes + 8, "\x15\x06\x45\x67\x89\xab\x43\x46", 8);
}

static void known_answers_are_written(void **state)
{
    (void)state;
    struct sheet sheet;
    struct dlt645_address meter = address_of("4321"), real = address_of("123456789012"), old = address_of("63295");

    written_is(&sheet,
               dlt645_read_answer_encode(DLT645_2007, &meter, 0x00010100, span_of_bytes("\x34\x12\0\0", 4), false,
                                         blank(&sheet)),
               "68 21 43 00 00 00 00 68 91 08 33 34 34 33 67 45 33 33 AD 16");
    written_is(
        &sheet,
        dlt645_read_answer_encode(DLT645_1997, &old, 0x9010, span_of_bytes("\x36\0\0\0", 4), false, blank(&sheet)),
        "6895320600000068810643C3693333332C16");
    written_is(&sheet, dlt645_error_answer_encode(DLT645_2007, &meter, DLT645_READ, 0x02, blank(&sheet)),
               "68 21 43 00 00 00 00 68 D1 01 35 3B 16");
    written_is(&sheet, dlt645_error_answer_encode(DLT645_1997, &old, DLT645_1997_READ, 0x02, blank(&sheet)),
               "6895320600000068C101359416");
    written_is(&sheet, dlt645_done_answer_encode(DLT645_2007, &meter, DLT645_RELAY, blank(&sheet)),
               "68 21 43 00 00 00 00 68 9C 00 D0 16");
    written_is(&sheet, dlt645_read_address_answer_encode(&real, blank(&sheet)), "6812907856341268930645C3AB8967450716");
}

/* What the other requests say, read back. */
static void other_requests_say_what_they_were_given(void **state)
{
    (void)state;
    struct sheet sheet;
    struct dlt645_content content;
    struct dlt645_address meter = address_of("4321");
    struct dlt645_authority authority = { { 0x04, 0x111111 }, 0x12345678 };
    struct dlt645_password old_password = { 2, 0x000000 }, new_password = { 2, 0x654321 };
    struct dlt645_freeze_time daily = { 99, 99, 0, 0 };
    struct item_time now = time_of(2026, 11, 21, 16, 15);

    assert_int_equal(dlt645_time_request_encode(&dlt645_address_broadcast, &now, blank(&sheet)), 0);
    assert_memory_equal(read_again(&sheet)->parts[0].bytes.bytes, "\x00\x15\x16\x21\x11\x26", 6);
    assert_int_equal(dlt645_freeze_request_encode(&meter, &daily, blank(&sheet)), 0);
    assert_memory_equal(read_again(&sheet)->parts[0].bytes.bytes, "\x00\x00\x99\x99", 4);
    assert_int_equal(dlt645_rate_request_encode(DLT645_2007, &meter, 9600, blank(&sheet)), 0);
    assert_int_equal(dlt645_content_decode(read_again(&sheet), &content), 0);
    assert_int_equal(content.rate_word, 0x20);
    assert_int_equal(
        dlt645_password_request_encode(DLT645_2007, &meter, 2, &old_password, &new_password, blank(&sheet)), 0);
    assert_int_equal(dlt645_content_decode(read_again(&sheet), &content), 0);
    assert_int_equal(content.identifier, 0x04000c03);
    assert_int_equal(content.new_password.digits, 0x654321);
    assert_int_equal(dlt645_clear_events_request_encode(&meter, &authority, 0x033000ff, blank(&sheet)), 0);
    assert_memory_equal(read_again(&sheet)->parts[2].bytes.bytes, "\xff\x00\x30\x03", 4);
    assert_memory_equal(sheet.message.parts[0].bytes.bytes, "\x04\x11\x11\x11", 4);
    assert_memory_equal(sheet.message.parts[1].bytes.bytes, "\x78\x56\x34\x12", 4);
    assert_int_equal(dlt645_load_request_encode(&meter, 0x06010001, 3, &now, blank(&sheet)), 0);
    assert_int_equal(sheet.bytes[9], 10);
    assert_int_equal(dlt645_content_decode(read_again(&sheet), &content), 0);
    assert_int_equal(content.block_count, 3);
    assert_int_equal(content.from.minute, 15);
    assert_int_equal(dlt645_load_request_encode(&meter, 0x06010000, 3, NULL, blank(&sheet)), 0);
    assert_int_equal(sheet.bytes[9], 5);
    assert_int_equal(dlt645_output_request_encode(&meter, NULL, 1, blank(&sheet)), 0);
    assert_int_equal(sheet.bytes[9], 1);
    assert_int_equal(dlt645_security_request_encode(&meter, 0x070002ff, 5, span_of_bytes("", 0), blank(&sheet)), 0);
    assert_int_equal(sheet.bytes[9], 8);
    assert_int_equal(read_again(&sheet)->identifier, 0x070002ff);
    assert_int_equal(sheet.frame.version, DLT645_2007);
}

/* Control code and plain data of what was written. */
static void says(struct sheet *sheet, int result, enum dlt645_version version, uint8_t control, const char *hex)
{
    uint8_t expected[DLT645_DATA_LIMIT];
    int size = hex_decode(span_of_text(hex), expected, sizeof expected);

    assert_int_equal(result, 0);
    assert_int_equal(dlt645_frame_decode(writer_span(&sheet->out), &sheet->frame, NULL), 0);
    assert_int_equal(sheet->frame.version, version);
    assert_int_equal(sheet->frame.control, control);
    assert_int_equal(sheet->frame.data_size, size);
    assert_memory_equal(sheet->frame.data, expected, sheet->frame.data_size);
}

static void what_is_rarely_said_has_its_form_too(void **state)
{
    (void)state;
    struct sheet sheet;
    struct dlt645_address meter = address_of("4321");
    struct dlt645_authority authority = { { 0x04, 0x111111 }, 0x12345678 };
    struct dlt645_password password = { 2, 0x654321 };
    struct span sealed = span_of_bytes("\1\2\3\4\5\6\7\10\11", 9);

    says(&sheet, dlt645_clear_demand_request_encode(DLT645_2007, &meter, &authority, blank(&sheet)), DLT645_2007, 0x19,
         "0411111178563412");
    says(&sheet, dlt645_clear_demand_request_encode(DLT645_1997, &meter, NULL, blank(&sheet)), DLT645_1997, 0x10, "");
    says(&sheet, dlt645_clear_meter_request_encode(&meter, &authority, blank(&sheet)), DLT645_2007, 0x1a,
         "0411111178563412");
    says(&sheet, dlt645_read_again_request_encode(&meter, blank(&sheet)), DLT645_1997, 0x03, "");
    says(&sheet, dlt645_relay_sealed_request_encode(&meter, &authority, sealed, blank(&sheet)), DLT645_2007, 0x1c,
         "0411111178563412 010203040506070809");
    says(&sheet, dlt645_rate_answer_encode(&meter, 2400, blank(&sheet)), DLT645_2007, 0x97, "08");
    assert_int_equal(dlt645_rate_answer_encode(&meter, 300, blank(&sheet)), CODEC_ERR_RANGE);
    says(&sheet, dlt645_password_answer_encode(&meter, &password, blank(&sheet)), DLT645_2007, 0x98, "02214365");
    says(&sheet, dlt645_output_answer_encode(&meter, 1, blank(&sheet)), DLT645_2007, 0x9d, "01");
    says(&sheet, dlt645_read_again_answer_encode(&meter, 0x9010, sealed, blank(&sheet)), DLT645_1997, 0x83,
         "1090 010203040506070809");
    says(&sheet, dlt645_security_answer_encode(&meter, 0x070002ff, sealed, blank(&sheet)), DLT645_2007, 0x83,
         "ff020007 010203040506070809");
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    struct sheet sheet;
    struct dlt645_address meter = address_of("4321");
    struct dlt645_password password = { 0, 0 };
    struct dlt645_freeze_time never = { 13, 1, 0, 0 };
    struct item_time time = time_of(2026, 2, 30, 0, 0), late = time_of(2126, 2, 3, 0, 0);
    uint8_t values[250] = { 0 };

    assert_int_equal(dlt645_time_request_encode(&meter, &time, blank(&sheet)), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_time_request_encode(&meter, &late, blank(&sheet)), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_freeze_request_encode(&meter, &never, blank(&sheet)), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_rate_request_encode(DLT645_2007, &meter, 300, blank(&sheet)), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_read_more_request_encode(DLT645_2007, &meter, 1, 0, blank(&sheet)), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_load_request_encode(&meter, 0x06010000, 0, NULL, blank(&sheet)), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_password_request_encode(DLT645_2007, &meter, 10, &password, &password, blank(&sheet)),
                     CODEC_ERR_RANGE);
    assert_int_equal(dlt645_security_request_encode(&meter, 0x070101ff, 0, span_of_bytes(values, 250), blank(&sheet)),
                     CODEC_ERR_TOO_LONG);
    assert_int_equal(dlt645_done_answer_encode(DLT645_2007, &meter, DLT645_READ, blank(&sheet)), CODEC_ERR_UNSUPPORTED);
    assert_int_equal(dlt645_done_answer_encode(DLT645_1997, &meter, 0x06, blank(&sheet)), CODEC_ERR_UNSUPPORTED);
    assert_int_equal(sheet.out.size, 0);
}

static void data_of_another_form_are_bytes(void **state)
{
    (void)state;
    struct sheet sheet;
    struct dlt645_address meter = address_of("4321");
    struct dlt645_content content, before;

    memset(&content, 0x5a, sizeof content);
    before = content;
    assert_int_equal(dlt645_frame_encode(&meter, 0x1c, span_of_bytes("\1\2\3", 3), blank(&sheet)), 0);
    assert_int_equal(read_again(&sheet)->part_count, 1);
    assert_int_equal(sheet.message.parts[0].kind, DLT645_PART_REST);
    assert_int_equal(dlt645_content_decode(&sheet.message, &content), CODEC_ERR_FORMAT);
    assert_memory_equal(&content, &before, sizeof content);
    /* hour 25 of a time order */
    assert_int_equal(dlt645_frame_encode(&meter, 0x08, span_of_bytes("\0\0\x25\1\1\x26", 6), blank(&sheet)), 0);
    assert_int_equal(dlt645_content_decode(read_again(&sheet), &content), CODEC_ERR_RANGE);
}

static void content_make(struct random *random, struct dlt645_content *content, uint8_t values[32])
{
    struct item_time time = item_time_of_unix(946684800 + (int64_t)random_below(random, 3155760000u));
    uint8_t *bytes = (uint8_t *)content;

    time.is_utc = 0;
    for (size_t i = 0; i < sizeof *content; i++)
        bytes[i] = (uint8_t)random_below(random, 256);
    for (size_t i = 0; i < 32; i++)
        values[i] = (uint8_t)random_below(random, 256);
    content->identifier = 0x07000000 | (uint32_t)random_below(random, 0x01000000);
    /* 8 sealed bytes of a relay order would be an order in clear */
    content->values = span_of_bytes(values, 9 + (size_t)random_below(random, 23));
    content->password.digits &= 0xffffff;
    content->old_password.digits &= 0xffffff;
    content->new_password.digits &= 0xffffff;
    content->freeze_time.month = (uint8_t)random_between(random, 1, 12);
    content->freeze_time.day = (uint8_t)random_between(random, 1, 28);
    content->freeze_time.hour = 99;
    content->freeze_time.minute = (uint8_t)random_below(random, 60);
    content->time = time;
    content->from = time;
    content->from.parts = ITEM_TIME_MINUTE;
    content->valid_until = time;
}

/* The bytes of a content that was read are the bytes it was written to. */
static void every_shape_comes_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(97);
    struct dlt645_address meter = address_of("123456789012");
    unsigned written = 0;

    for (unsigned round = 0; round < 40; round++)
        for (unsigned version = 0; version < 2; version++)
            for (unsigned code = 0; code < 256; code++)
                for (unsigned shape = 0; shape < DLT645_SHAPE_LIMIT; shape++) {
                    struct sheet first, second;
                    struct dlt645_content content, back;
                    uint8_t values[32];

                    content_make(&random, &content, values);
                    if (dlt645_content_encode((enum dlt645_version)version, &meter, (uint8_t)code, shape, &content,
                                              blank(&first)) < 0)
                        continue;
                    written++;
                    const struct dlt645_message *message = read_again(&first);
                    if (first.frame.version != version)
                        continue; /* 08H is the same in both, 03H has no data in one */
                    assert_int_equal(dlt645_content_decode(message, &back), 0);
                    int again = dlt645_content_encode((enum dlt645_version)version, &meter, (uint8_t)code, shape, &back,
                                                      blank(&second));
                    assert_int_equal(again, 0);
                    assert_true(span_equal(writer_span(&first.out), writer_span(&second.out)));
                }
    assert_true(written > 5000);
}

/* Three answers of one reading. */
static void follow_up_frames_are_put_together(void **state)
{
    (void)state;
    static struct sheet parts[3];
    struct dlt645_address meter = address_of("4321"), other = address_of("4322");
    struct dlt645_assembly assembly;
    struct item items[8];
    struct item_list list = item_list_of(items, 8);
    uint8_t buffer[12];

    assert_int_equal(dlt645_read_answer_encode(DLT645_2007, &meter, 0x0001ff00, span_of_bytes("\1\0\0\0\2", 5), true,
                                               blank(&parts[0])),
                     0);
    assert_int_equal(dlt645_read_more_answer_encode(DLT645_2007, &meter, 0x0001ff00, span_of_bytes("\0\0", 2), 1, true,
                                                    blank(&parts[1])),
                     0);
    assert_int_equal(dlt645_read_more_answer_encode(DLT645_2007, &meter, 0x0001ff00, span_of_bytes("\0\3\0\0\0", 5), 2,
                                                    false, blank(&parts[2])),
                     0);
    for (size_t i = 0; i < 3; i++)
        read_again(&parts[i]);
    dlt645_assembly_start(&assembly, DLT645_2007, &dlt645_address_any, 0x0001ff00, buffer, sizeof buffer);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[1].frame), CODEC_ERR_ORDER);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[0].frame), 0);
    assert_int_equal(assembly.state, DLT645_ASSEMBLY_MORE);
    assert_int_equal(assembly.next_sequence, 1);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[0].frame), CODEC_ERR_DUPLICATE);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[2].frame), CODEC_ERR_ORDER);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[1].frame), 0);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[1].frame), CODEC_ERR_DUPLICATE);
    parts[2].frame.address = other;
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[2].frame), CODEC_ERR_UNKNOWN);
    parts[2].frame.address = meter;
    parts[2].frame.control ^= DLT645_CONTROL_ANSWER; /* the line's echo of a request */
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[2].frame), CODEC_ERR_UNKNOWN);
    parts[2].frame.control ^= DLT645_CONTROL_ANSWER;
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[2].frame), 0);
    assert_int_equal(assembly.state, DLT645_ASSEMBLY_WHOLE);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[2].frame), CODEC_ERR_DUPLICATE);
    assert_int_equal(dlt645_assembly_items_decode(&assembly, &list), 0);
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(items[i].value, i + 1);
        assert_int_equal(items[i].tariff, i);
    }
    dlt645_assembly_start(&assembly, DLT645_2007, &meter, 0x0001ff00, buffer, 4);
    assert_int_equal(dlt645_assembly_add(&assembly, &parts[0].frame), CODEC_ERR_FULL);
    assert_int_equal(assembly.state, DLT645_ASSEMBLY_WAITING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_requests_are_written),
        cmocka_unit_test(known_answers_are_written),
        cmocka_unit_test(other_requests_say_what_they_were_given),
        cmocka_unit_test(what_is_rarely_said_has_its_form_too),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
        cmocka_unit_test(data_of_another_form_are_bytes),
        cmocka_unit_test(every_shape_comes_back),
        cmocka_unit_test(follow_up_frames_are_put_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
