#include "tests/unit/unit_test.h"

#include <string.h>

#include "apps/meterworks/profile_shelf.h"
#include "apps/meterworks/profile_vocabulary.h"
#include "base/hex.h"
#include "codec/checksum/checksum.h"
#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_message.h"
#include "codec/dlt645/dlt645_recharge.h"
#include "codec/mbus/mbus_command.h"
#include "dialog/device_codec.h"
#include "security/cipher_openssl.h"

#define ZONE_S 28800
#define NOW_S INT64_C(1783563330) /* 2026-07-09T10:15:30+08:00 */

static struct profile_set *set;

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

static const struct device_profile *profile_of(const char *name)
{
    const struct profile_set_row *row = profile_set_find(set, span_of_text(name));
    assert_non_null(row);
    return &row->profile;
}

static uint16_t point_of(const struct device_profile *profile, const char *name)
{
    for (uint16_t i = 0; i < profile->point_count; i++)
        if (strcmp(profile->points[i].name, name) == 0)
            return i;
    fail_msg("no point %s", name);
    return 0;
}

static struct device_request request_of(enum device_command_code command)
{
    return (struct device_request){
        .command = (uint8_t)command, .back = 1, .zone_offset_s = ZONE_S, .now_s = NOW_S, .point = DEVICE_POINT_ALL
    };
}

static void encode(const char *profile, const char *address, const struct device_request *request,
                   struct device_frames *frames)
{
    assert_int_equal(device_codec_encode(profile_of(profile), span_of_text(address), request, frames, NULL), 0);
}

static void frame_equals(const struct device_frames *frames, size_t index, const char *expected)
{
    char text[1024];

    assert_true(index < frames->count);
    assert_true(hex_encode(device_frames_at(frames, index), text, sizeof text) > 0);
    assert_string_equal(text, expected);
}

/* The worked examples of the standards' fact sheets. */
static void requests_are_the_standards_bytes(void **state)
{
    static struct device_frames frames;
    struct device_request request = request_of(DEVICE_COMMAND_READ);

    (void)state;
    request.point = point_of(profile_of("dlt645-2007-single-phase-prepaid"), "energy_active_import_t1");
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(frames.count, 1);
    frame_equals(&frames, 0, "fefefefe68214300000000681104333434331716");

    request = request_of(DEVICE_COMMAND_OPEN_VALVE);
    request.password = 123456;
    request.valid_until_s = INT64_C(1830265200); /* 2027-12-31T23:00:00+08:00 */
    request.given = DEVICE_PARAMETER_PASSWORD | DEVICE_PARAMETER_VALID_UNTIL;
    encode("dlt645-2007-single-phase-prepaid", "000000004321", &request, &frames);
    frame_equals(&frames, 0, "fefefefe68214300000000681c1035896745333333334f3333335664455ad716");

    request = request_of(DEVICE_COMMAND_READ);
    request.point = 0;
    request.sequence = 5;
    encode("cjt188-cold-water", "00001200345678", &request, &frames);
    frame_equals(&frames, 0, "fefe6810785634001200000103901f054416");

    request = request_of(DEVICE_COMMAND_CLOSE_VALVE);
    request.sequence = 6;
    encode("cjt188-cold-water", "00001200345678", &request, &frames);
    frame_equals(&frames, 0, "fefe6810785634001200000404a0170699ea16");

    request = request_of(DEVICE_COMMAND_READ);
    request.point = 0;
    encode("dlt645-1997-meter", "12", &request, &frames);
    frame_equals(&frames, 0, "fefefefe6812000000000068010243c3eb16");
}

static void an_identifier_is_asked_for_once(void **state)
{
    static struct device_frames frames;
    struct device_request request = request_of(DEVICE_COMMAND_READ_NOW);

    (void)state;
    encode("cjt188-heat", "12", &request, &frames);
    assert_int_equal(frames.count, 1);
    request = request_of(DEVICE_COMMAND_READ);
    encode("cjt188-heat", "12", &request, &frames);
    assert_int_equal(frames.count, 2); /* 901F and D120 */
}

static void time_and_broadcasts_expect_no_answer(void **state)
{
    static struct device_frames frames;
    struct device_request request = request_of(DEVICE_COMMAND_SET_CLOCK);

    (void)state;
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    frame_equals(&frames, 0, "fefefefe682143000000006808066348433c3a59ff16");
    assert_int_equal(frames.expectations[0], DEVICE_EXPECTS_NOTHING);
    encode("cjt188-cold-water", "12", &request, &frames);
    assert_int_equal(frames.expectations[0], DEVICE_EXPECTS_ANSWER);
    request = request_of(DEVICE_COMMAND_FREEZE_NOW);
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(frames.expectations[0], DEVICE_EXPECTS_ANSWER);
    encode("dlt645-2007-single-phase-prepaid", "999999999999", &request, &frames);
    assert_int_equal(frames.expectations[0], DEVICE_EXPECTS_NOTHING);
    frame_equals(&frames, 0, "fefefefe68999999999999681604ccccccccb016");
}

static void a_freezes_time_is_asked_for_first(void **state)
{
    static struct device_frames frames;
    struct device_request request = request_of(DEVICE_COMMAND_READ_DAILY_FREEZE);

    (void)state;
    request.back = 3;
    request.given = DEVICE_PARAMETER_BACK;
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(frames.count, 2);
    frame_equals(&frames, 0, "fefefefe68214300000000681104363339382316");
    frame_equals(&frames, 1, "fefefefe68214300000000681104363439382416");
    request.back = 63;
    assert_int_equal(device_codec_encode(profile_of("dlt645-2007-single-phase-prepaid"), span_of_text("4321"), &request,
                                         &frames, NULL),
                     DEVICE_CODEC_ERR_RANGE);
}

static void what_the_model_cannot_do_is_refused(void **state)
{
    static struct device_frames frames;
    struct device_request request = request_of(DEVICE_COMMAND_CLOSE_VALVE);
    const struct device_profile *meter = profile_of("dlt645-2007-single-phase-prepaid");
    uint8_t missing = 0;

    (void)state;
    frames.count = 77;
    assert_int_equal(device_codec_encode(meter, span_of_text("4321"), &request, &frames, &missing),
                     DEVICE_CODEC_ERR_PARAMETER);
    assert_int_equal(missing, DEVICE_PARAMETER_PASSWORD);
    request.given = DEVICE_PARAMETER_PASSWORD;
    assert_int_equal(device_codec_encode(meter, span_of_text("43x1"), &request, &frames, NULL),
                     DEVICE_CODEC_ERR_ADDRESS);
    assert_int_equal(device_codec_encode(meter, span_of_text(""), &request, &frames, NULL), DEVICE_CODEC_ERR_ADDRESS);
    request.command = DEVICE_COMMAND_WRITE_ADDRESS;
    assert_int_equal(device_codec_encode(profile_of("dlt645-2007-three-phase-ct-pt"), span_of_text("4321"), &request,
                                         &frames, NULL),
                     DEVICE_CODEC_ERR_COMMAND);
    request.command = DEVICE_COMMAND_RECHARGE;
    request.given = DEVICE_PARAMETER_SERIAL | DEVICE_PARAMETER_AMOUNT;
    assert_int_equal(device_codec_encode(meter, span_of_text("4321"), &request, &frames, NULL), DEVICE_CODEC_ERR_KEY);
    request.command = DEVICE_COMMAND_READ;
    request.point = meter->point_count;
    assert_int_equal(device_codec_encode(meter, span_of_text("4321"), &request, &frames, NULL), DEVICE_CODEC_ERR_POINT);
    assert_int_equal(device_codec_encode(profile_of("wmbus-water"), span_of_text("1"), &request, &frames, NULL),
                     DEVICE_CODEC_ERR_SILENT);
    assert_int_equal(frames.count, 77);
}

static const uint8_t money_key[CIPHER_BLOCK_SIZE] = { 0x2B, 0x7E, 0x15, 0x16, 0x28, 0xAE, 0xD2, 0xA6,
                                                      0xAB, 0xF7, 0x15, 0x88, 0x09, 0xCF, 0x4F, 0x3C };

/* What the meter makes of the frame: its identifier and the purchase. */
static struct dlt645_recharge purchase_of(const struct device_request *request)
{
    static struct device_frames frames;
    struct dlt645_frame frame;
    struct dlt645_message message;
    struct dlt645_recharge recharge;

    encode("dlt645-2007-single-phase-prepaid", "4321", request, &frames);
    assert_int_equal(frames.count, 1);
    assert_true(dlt645_frame_decode(device_frames_at(&frames, 0), &frame, NULL) == 0);
    dlt645_message_decode(&frame, &message);
    assert_int_equal(dlt645_recharge_decode(cipher_openssl(), money_key, &frame.address, message.identifier, message.values, &recharge),
                     0);
    return recharge;
}

static void money_carries_its_number_and_a_tag(void **state)
{
    struct device_request request = request_of(DEVICE_COMMAND_RECHARGE);

    (void)state;
    request.cipher = cipher_openssl();
    request.key = money_key;
    request.serial = 1;
    request.amount_fen = 12345;
    request.given = DEVICE_PARAMETER_SERIAL | DEVICE_PARAMETER_AMOUNT;
    struct dlt645_recharge purchase = purchase_of(&request);
    assert_int_equal(purchase.identifier, DLT645_OPEN_ACCOUNT); /* the first opens the account */
    assert_int_equal(purchase.amount, 12345);
    assert_int_equal(purchase.purchase_count, 1);
    assert_memory_equal(purchase.customer, "\x21\x43\0\0\0\0", 6);
    request.serial = 7;
    assert_int_equal(purchase_of(&request).identifier, DLT645_RECHARGE);
    request.command = DEVICE_COMMAND_CLEAR_BALANCE;
    purchase = purchase_of(&request);
    assert_int_equal(purchase.identifier, DLT645_TAKE_BACK);
    assert_int_equal(purchase.amount, DLT645_TAKE_BACK_ALL);
    assert_int_equal(purchase.purchase_count, 7);
}

static void tables_are_written_whole(void **state)
{
    static struct device_frames frames;
    struct device_request request = request_of(DEVICE_COMMAND_WRITE_DAY_TABLE);

    (void)state;
    request.password = 123456;
    request.given = DEVICE_PARAMETER_PASSWORD;
    request.table = (struct downlink_table){ .number = 2, .count = 2, .from = { 0, 450 }, .value = { 3, 1 } };
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(frames.count, 1);
    struct span frame = device_frames_at(&frames, 0);
    const uint8_t *data = frame.bytes + 4 + 10;
    assert_int_equal(data[-2], 0x14);
    assert_int_equal(data[-1], 4 + 4 + 4 + 14 * 3);
    assert_memory_equal(data, "\x35\x33\x34\x37", 4);                         /* 04010002 */
    assert_memory_equal(data + 12, "\x36\x33\x33\x34\x63\x3A\x34\x63\x3A", 9); /* 3 from 00:00, 1 from 07:30, again */
    request = request_of(DEVICE_COMMAND_WRITE_STEPS);
    request.given = DEVICE_PARAMETER_PASSWORD;
    request.table = (struct downlink_table){ .number = 1, .count = 2, .from = { 0, 18000 }, .value = { 5283, 5783 } };
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(frames.count, 4); /* a limit, two prices, how many limits */
    assert_memory_equal(device_frames_at(&frames, 0).bytes + 14, "\x34\x33\x39\x37", 4);
    assert_memory_equal(device_frames_at(&frames, 0).bytes + 26, "\x33\xB3\x34\x33", 4); /* 180.00 kWh */
    assert_memory_equal(device_frames_at(&frames, 1).bytes + 14, "\x34\x34\x39\x37", 4);
    assert_memory_equal(device_frames_at(&frames, 2).bytes + 26, "\xB6\x8A\x33\x33", 4); /* 0.5783 yuan */
    assert_memory_equal(device_frames_at(&frames, 3).bytes + 14, "\x3A\x35\x33\x37", 4);  /* 04000207 */
    assert_int_equal(device_frames_at(&frames, 3).bytes[26], 1 + 0x33);
    request.table.count = 8;
    assert_int_equal(device_codec_encode(profile_of("dlt645-2007-single-phase-prepaid"), span_of_text("4321"), &request,
                                         &frames, NULL),
                     DEVICE_CODEC_ERR_RANGE);
}

static void a_mode_is_written_by_its_number(void **state)
{
    static struct device_frames frames;
    struct downlink downlink = { .operation = DOWNLINK_SET_MODE, .value = SUPPLY_PUBLIC };
    struct device_request request;

    (void)state;
    assert_int_equal(device_request_of_downlink(&downlink, NOW_S, ZONE_S, &request), 0);
    request.given |= DEVICE_PARAMETER_PASSWORD;
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(frames.count, 1);
    assert_memory_equal(device_frames_at(&frames, 0).bytes + 14, "\x39\x34\xB3\x37", 4); /* 04800106 */
    assert_int_equal(device_frames_at(&frames, 0).bytes[26], 2 + 0x33);
    request.mode = SUPPLY_MODE_COUNT;
    assert_int_equal(device_codec_encode(profile_of("dlt645-2007-single-phase-prepaid"), span_of_text("4321"), &request,
                                         &frames, NULL),
                     DEVICE_CODEC_ERR_RANGE);
}

static void supply_is_kept_on(void **state)
{
    static struct device_frames frames;
    struct device_request request = request_of(DEVICE_COMMAND_KEEP_ON);

    (void)state;
    request.given = DEVICE_PARAMETER_PASSWORD;
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(device_frames_at(&frames, 0).bytes[4 + 10 + 8], 0x3A + 0x33);
    request.command = DEVICE_COMMAND_KEEP_ON_CANCEL;
    encode("dlt645-2007-single-phase-prepaid", "4321", &request, &frames);
    assert_int_equal(device_frames_at(&frames, 0).bytes[4 + 10 + 8], 0x3B + 0x33);
}

struct answer {
    union {
        struct uplink uplink; /* the first */
        struct uplink uplinks[DEVICE_UPLINK_LIMIT];
    };
    struct device_report report;
    struct device_memory memory;
};

static int decode_bytes(const char *profile, const char *address, struct span frame, struct answer *answer)
{
    struct device_receive_context context = { .address = span_of_text(address),
                                              .received_s = NOW_S,
                                              .zone_offset_s = ZONE_S };
    return device_codec_decode(profile_of(profile), &context, frame, &answer->memory, answer->uplinks, &answer->report);
}

static int decode(const char *profile, const char *address, const char *hex, struct answer *answer)
{
    uint8_t bytes[512];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);

    assert_true(size > 0);
    return decode_bytes(profile, address, span_of_bytes(bytes, (size_t)size), answer);
}

static const struct uplink_item *reading_of(const struct answer *answer, enum quantity quantity, unsigned period)
{
    for (size_t i = 0; i < answer->uplink.item_count; i++)
        if (answer->uplink.items[i].quantity == quantity && answer->uplink.items[i].period == period)
            return &answer->uplink.items[i];
    fail_msg("no reading of %s", quantity_info(quantity)->name);
    return NULL;
}

static void an_electricity_answer_becomes_a_reading(void **state)
{
    static struct answer answer;

    (void)state;
    answer.uplink.device_id = 42;
    assert_int_equal(decode("dlt645-2007-single-phase-prepaid", "4321",
                            "68 21 43 00 00 00 00 68 91 08 33 34 34 33 67 45 33 33 AD 16", &answer),
                     0);
    assert_int_equal(answer.report.outcome, DEVICE_OUTCOME_READINGS);
    assert_string_equal(answer.report.address, "000000004321");
    assert_int_equal(answer.report.identifier, 0x00010100);
    assert_int_equal(answer.uplink.kind, UPLINK_REPORT);
    assert_int_equal(answer.uplink.device_id, 42);
    assert_int_equal(answer.uplink.item_count, 1);
    const struct uplink_item *item = reading_of(&answer, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_CURRENT);
    assert_int_equal(item->value, 12340000); /* 12.34 kWh in mWh */
    assert_int_equal(item->register_index, 1);
    assert_int_equal(item->time_s, NOW_S);
    assert_int_equal(answer.uplink.frame_size, 20);
    assert_int_equal(answer.uplink.frame[0], 0x68);
}

static void a_water_answer_becomes_readings(void **state)
{
    static struct answer answer;

    (void)state;
    assert_int_equal(
        decode("cjt188-cold-water", "00001200345678",
               "68 10 78 56 34 00 12 00 00 81 16 90 1F 05 56 34 12 00 2C 00 00 12 00 2C 30 15 10 09 07 26 20 "
               "04 00 8C 16",
               &answer),
        0);
    assert_string_equal(answer.report.address, "00001200345678");
    assert_int_equal(answer.report.identifier, 0x901F);
    assert_int_equal(answer.report.sequence, 5);
    assert_int_equal(reading_of(&answer, QUANTITY_WATER_VOLUME, UPLINK_CURRENT)->value, INT64_C(1234560000));
    assert_int_equal(reading_of(&answer, QUANTITY_VALVE_STATE, UPLINK_CURRENT)->value, VALVE_OPEN);
    assert_int_equal(reading_of(&answer, QUANTITY_DEVICE_TIME, UPLINK_CURRENT)->value, NOW_S);
    assert_int_equal(reading_of(&answer, QUANTITY_ALARM_BITS, UPLINK_CURRENT)->value, 1 << ALARM_BATTERY);
}

static void answers_to_commands_say_how_it_went(void **state)
{
    static struct answer answer;

    (void)state;
    assert_int_equal(decode("dlt645-2007-single-phase-prepaid", "4321", "68 21 43 00 00 00 00 68 9C 00 D0 16", &answer),
                     0);
    assert_int_equal(answer.report.outcome, DEVICE_OUTCOME_ACCEPTED);
    assert_int_equal(answer.uplink.kind, UPLINK_ANSWER);
    assert_int_equal(answer.uplink.answer, UPLINK_ANSWER_DELIVERED);
    assert_int_equal(
        decode("dlt645-2007-single-phase-prepaid", "4321", "68 21 43 00 00 00 00 68 D1 01 35 3B 16", &answer), 0);
    assert_int_equal(answer.report.outcome, DEVICE_OUTCOME_REFUSED);
    assert_int_equal(answer.uplink.answer, UPLINK_ANSWER_REFUSED);
    assert_int_equal(answer.uplink.answer_code, 2);
    assert_int_equal(
        decode("cjt188-cold-water", "00001200345678", "68 10 78 56 34 00 12 00 00 84 05 A0 17 06 01 00 D3 16", &answer),
        0);
    assert_int_equal(answer.report.outcome, DEVICE_OUTCOME_ACCEPTED);
}

static void foreign_and_damaged_frames_touch_nothing(void **state)
{
    static struct answer answer, before;

    (void)state;
    memset(&answer, 0x5A, sizeof answer);
    answer.memory = (struct device_memory){ .sequence = 0 };
    before = answer;
    /* Another meter, an echo of the request, a wrong check sum, another protocol. */
    assert_int_equal(decode("dlt645-2007-single-phase-prepaid", "4322",
                            "68 21 43 00 00 00 00 68 91 08 33 34 34 33 67 45 33 33 AD 16", &answer),
                     DEVICE_CODEC_ERR_DEVICE);
    assert_int_equal(decode("dlt645-2007-single-phase-prepaid", "4321", "FE68214300000000681104333434331716", &answer),
                     DEVICE_CODEC_ERR_DIRECTION);
    assert_int_equal(decode("dlt645-2007-single-phase-prepaid", "4321", "FE68214300000000681104333434331816", &answer),
                     DEVICE_CODEC_ERR_FRAME);
    assert_int_equal(
        decode("dlt645-1997-meter", "4321", "68 21 43 00 00 00 00 68 91 08 33 34 34 33 67 45 33 33 AD 16", &answer),
        DEVICE_CODEC_ERR_FRAME);
    assert_int_equal(decode("cjt188-cold-water", "00001200345678", "6810785634001200000404a0170699ea16", &answer),
                     DEVICE_CODEC_ERR_DIRECTION);
    assert_memory_equal(&answer, &before, sizeof answer);
}

/* An answer of the meter 4321. */
static int meter_says(uint32_t identifier, const void *values, size_t size, bool has_more, struct answer *answer)
{
    uint8_t bytes[300];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_address address;

    assert_int_equal(dlt645_address_read(span_of_text("4321"), &address), 0);
    assert_int_equal(
        dlt645_read_answer_encode(DLT645_2007, &address, identifier, span_of_bytes(values, size), has_more, &out), 0);
    return decode_bytes("dlt645-2007-single-phase-prepaid", "4321", writer_span(&out), answer);
}

static void missing_values_give_no_reading(void **state)
{
    static struct answer answer;

    (void)state;
    assert_int_equal(meter_says(0x02010100, "\xFF\xFF", 2, false, &answer), 0);
    assert_int_equal(answer.uplink.item_count, 0);
    assert_int_equal(answer.report.refused_count, 1);
    assert_int_equal(answer.report.refusals[-ITEM_UPLINK_ERR_MISSING], 1);
    assert_int_equal(meter_says(0x02010100, "\x1A\x22", 2, false, &answer), 0);
    assert_int_equal(answer.uplink.item_count, 0);
    assert_int_equal(answer.report.refusals[-ITEM_UPLINK_ERR_INVALID], 1);
}

static void a_settlement_is_dated_by_the_models_calendar(void **state)
{
    static struct answer answer;

    (void)state;
    assert_int_equal(meter_says(0x00010001, "\x00\x10\x00\x00", 4, false, &answer), 0);
    const struct uplink_item *item = reading_of(&answer, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_MONTHLY_FREEZE);
    assert_int_equal(item->value, 10000000);
    assert_int_equal(item->time_s, INT64_C(1782835200)); /* 2026-07-01T00:00:00+08:00 */
    assert_int_equal(meter_says(0x00010003, "\x00\x10\x00\x00", 4, false, &answer), 0);
    assert_int_equal(answer.uplink.items[0].time_s, INT64_C(1777564800)); /* 2026-05-01 */
}

static void a_long_answer_is_put_together(void **state)
{
    static struct answer answer;
    static struct device_frames frames;
    uint8_t bytes[300];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_address address;
    const struct device_profile *meter = profile_of("dlt645-2007-single-phase-prepaid");

    (void)state;
    assert_int_equal(meter_says(0x00010100, "\x34\x12", 2, true, &answer), 0);
    assert_int_equal(answer.report.outcome, DEVICE_OUTCOME_MORE);
    assert_int_equal(device_codec_more(meter, span_of_text("4321"), &answer.memory, &frames), 0);
    frame_equals(&frames, 0, "fefefefe6821430000000068120533343433344d16");
    assert_int_equal(dlt645_address_read(span_of_text("4321"), &address), 0);
    assert_int_equal(
        dlt645_read_more_answer_encode(DLT645_2007, &address, 0x00010100, span_of_bytes("\x00\x00", 2), 1, false, &out),
        0);
    assert_int_equal(decode_bytes("dlt645-2007-single-phase-prepaid", "4321", writer_span(&out), &answer), 0);
    assert_int_equal(answer.report.outcome, DEVICE_OUTCOME_READINGS);
    assert_int_equal(reading_of(&answer, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_CURRENT)->value, 12340000);
}

static void a_relay_is_read_back(void **state)
{
    static struct answer answer;
    const struct device_profile *meter = profile_of("dlt645-2007-single-phase-prepaid");

    (void)state;
    assert_int_equal(meter_says(0x04000503, "\x10\x00", 2, false, &answer), 0);
    assert_int_equal(reading_of(&answer, QUANTITY_RELAY_STATE, UPLINK_CURRENT)->value, RELAY_DISCONNECTED);
    assert_int_equal(meter_says(0x04000503, "\xEF\xFF", 2, false, &answer), 0);
    assert_int_equal(reading_of(&answer, QUANTITY_RELAY_STATE, UPLINK_CURRENT)->value, RELAY_CONNECTED);
    for (size_t i = 0; i < meter->command_count; i++)
        if (meter->commands[i].command == DEVICE_COMMAND_CLOSE_VALVE)
            assert_int_equal(meter->commands[i].confirm_value, RELAY_DISCONNECTED);
}

static void a_freeze_is_dated_by_its_own_time(void **state)
{
    static struct answer answer;
    static const char values[] = "\x00\x10\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00";

    (void)state;
    memset(&answer, 0, sizeof answer);
    assert_int_equal(meter_says(0x05060101, values, 20, false, &answer), 0);
    assert_int_equal(answer.uplink.item_count, 0);
    assert_int_equal(answer.report.refusals[-ITEM_UPLINK_ERR_UNDATED], 5);
    assert_int_equal(meter_says(0x05060001, "\x00\x00\x09\x07\x26", 5, false, &answer), 0);
    assert_int_equal(meter_says(0x05060101, values, 20, false, &answer), 0);
    assert_int_equal(answer.uplink.item_count, 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(answer.uplink.items[i].register_index, i);
        assert_int_equal(answer.uplink.items[i].period, UPLINK_DAILY_FREEZE);
        assert_int_equal(answer.uplink.items[i].time_s, INT64_C(1783526400)); /* 2026-07-09T00:00:00+08:00 */
    }
    assert_int_equal(answer.uplink.items[0].value, 10000000);
    assert_int_equal(answer.uplink.items[4].value, 4000000);
    /* The time of the last daily freeze says nothing about the one before, nor about one of another kind. */
    assert_int_equal(meter_says(0x05010001, "\x30\x10\x09\x07\x26", 5, false, &answer), 0);
    assert_int_equal(meter_says(0x05060101, values, 20, false, &answer), 0);
    assert_int_equal(answer.report.refusals[-ITEM_UPLINK_ERR_UNDATED], 5);
    assert_int_equal(meter_says(0x05060001, "\x00\x00\x09\x07\x26", 5, false, &answer), 0);
    assert_int_equal(meter_says(0x05060102, values, 20, false, &answer), 0);
    assert_int_equal(answer.report.refusals[-ITEM_UPLINK_ERR_UNDATED], 5);
}

static void three_phases_are_told_apart(void **state)
{
    static struct answer answer;
    uint8_t bytes[300];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_address address;

    (void)state;
    assert_int_equal(dlt645_address_read(span_of_text("4321"), &address), 0);
    assert_int_equal(dlt645_read_answer_encode(DLT645_2007, &address, 0x0201FF00,
                                               span_of_bytes("\x03\x22\xFF\xFF\x05\x22", 6), false, &out),
                     0);
    assert_int_equal(decode_bytes("dlt645-2007-three-phase-ct-pt", "4321", writer_span(&out), &answer), 0);
    assert_int_equal(answer.uplink.item_count, 2);
    assert_int_equal(answer.uplink.items[0].phase, 1);
    assert_int_equal(answer.uplink.items[0].value, 220300);
    assert_int_equal(answer.uplink.items[1].phase, 3);
    assert_int_equal(answer.uplink.items[1].value, 220500);
    assert_int_equal(answer.report.refusals[-ITEM_UPLINK_ERR_MISSING], 1);
}

/* A real meter's answer, tests/vectors/cjt188. */
static void a_heat_answer_becomes_readings(void **state)
{
    static struct answer answer;

    (void)state;
    assert_int_equal(decode("cjt188-heat", "11110017312151",
                            "682051213117001111812E1F901200000000050000000005000000001400000000351900"
                            "00002C763000683000730200324111120907200400E916",
                            &answer),
                     0);
    assert_int_equal(reading_of(&answer, QUANTITY_HEAT_VOLUME, UPLINK_CURRENT)->value, 190000);
    assert_int_equal(reading_of(&answer, QUANTITY_HEAT_ENERGY, UPLINK_CURRENT)->value, 0);
    assert_int_equal(reading_of(&answer, QUANTITY_TEMPERATURE_SUPPLY, UPLINK_CURRENT)->value, 30760);
    assert_int_equal(reading_of(&answer, QUANTITY_TEMPERATURE_RETURN, UPLINK_CURRENT)->value, 30680);
    assert_int_equal(reading_of(&answer, QUANTITY_OPERATING_TIME, UPLINK_CURRENT)->value, 273 * 3600);
    assert_int_equal(answer.report.refused_count, 0);
}

static void a_bus_meter_is_addressed_or_selected(void **state)
{
    static struct device_frames frames;
    static struct answer answer;
    struct device_request request = request_of(DEVICE_COMMAND_READ_NOW);

    (void)state;
    encode("mbus-heat", "5", &request, &frames);
    assert_int_equal(frames.count, 2);
    assert_int_equal(frames.expectations[0], DEVICE_MAY_ANSWER);
    assert_int_equal(frames.expectations[1], DEVICE_EXPECTS_ANSWER);
    frame_equals(&frames, 0, "1040054516");
    frame_equals(&frames, 1, "107b058016");
    encode("mbus-heat", "12345678", &request, &frames);
    assert_int_equal(frames.count, 3);
    frame_equals(&frames, 0, "1040fd3d16");
    frame_equals(&frames, 1, "680b0b6873fd5278563412ffffffffd216");
    frame_equals(&frames, 2, "105bfd5816");
    encode("mbus-heat", "24083345C5140004", &request, &frames);
    frame_equals(&frames, 1, "680b0b6873fd5245330824c51400044316");
    answer.memory.sequence = 1;
    assert_int_equal(device_codec_more(profile_of("mbus-heat"), span_of_text("12345678"), &answer.memory, &frames), 0);
    frame_equals(&frames, 0, "107bfd7816");
    assert_int_equal(device_codec_encode(profile_of("mbus-heat"), span_of_text("251"), &request, &frames, NULL),
                     DEVICE_CODEC_ERR_ADDRESS);
    assert_int_equal(device_codec_encode(profile_of("mbus-heat"), span_of_text("123456789"), &request, &frames, NULL),
                     DEVICE_CODEC_ERR_ADDRESS);
    assert_int_equal(device_codec_encode(profile_of("mbus-heat"), span_of_text("24083345C51400xy"), &request, &frames,
                                         NULL), DEVICE_CODEC_ERR_ADDRESS);
}

/* A real meter's answer, tests/vectors/mbus: the stored values carry their date in a record of their own. */
static const char bus_meter[] =
    "68A1A16808007245330824C5140004662700000478917B6F01046D172ECC130415000000004415000000008401150000000004060000000044"
    "06"
    "000000008401060000000084100600000000C410060000000084110600000000426CBF1C026CDF1C8420060000000084300600000000043B00"
    "00"
    "0000143B19000000042B00000000142B0B000000025B1600025F150004610900000002230C0201FD17000490280B000000EB16";

static void a_bus_meters_answer_becomes_readings(void **state)
{
    static struct answer answer;

    (void)state;
    assert_int_equal(decode("mbus-heat", "24083345", bus_meter, &answer), 0);
    assert_string_equal(answer.report.address, "24083345");
    assert_int_equal(reading_of(&answer, QUANTITY_TEMPERATURE_SUPPLY, UPLINK_CURRENT)->value, 22000);
    assert_int_equal(reading_of(&answer, QUANTITY_TEMPERATURE_DIFFERENCE, UPLINK_CURRENT)->value, 90);
    assert_int_equal(reading_of(&answer, QUANTITY_HEAT_POWER, UPLINK_CURRENT)->value, 0);
    assert_int_equal(reading_of(&answer, QUANTITY_DEVICE_TIME, UPLINK_CURRENT)->value, INT64_C(1394605380));
    const struct uplink_item *stored = reading_of(&answer, QUANTITY_HEAT_ENERGY, UPLINK_MONTHLY_FREEZE);
    assert_int_equal(stored->time_s, INT64_C(1388419200)); /* 2013-12-31T00:00:00+08:00 */
    assert_int_equal(answer.report.refused_count, 0);
    assert_int_equal(decode("mbus-heat", "0", bus_meter, &answer), 0);
    assert_int_equal(decode("mbus-heat", "1", bus_meter, &answer), DEVICE_CODEC_ERR_DEVICE);
    assert_int_equal(decode("mbus-heat", "24083346", bus_meter, &answer), DEVICE_CODEC_ERR_DEVICE);
    assert_int_equal(decode("mbus-heat", "24083345C5140004", bus_meter, &answer), 0);
    assert_int_equal(decode("mbus-heat", "24083345C5140104", bus_meter, &answer), DEVICE_CODEC_ERR_DEVICE);
    assert_int_equal(decode("mbus-heat", "240833452D2C0004", bus_meter, &answer), DEVICE_CODEC_ERR_DEVICE);
    assert_int_equal(decode("mbus-heat", "5", "107b058016", &answer), DEVICE_CODEC_ERR_DIRECTION);
    assert_int_equal(decode("mbus-heat", "5", "e5", &answer), 0);
    assert_int_equal(answer.report.outcome, DEVICE_OUTCOME_DONE);
}

/* Who was set to a primary address by mistake is told by the number in its answer. */
static void a_stranger_on_a_primary_address_is_no_reading(void **state)
{
    static const struct {
        const char *number;
        int result;
    } rows[] = {
        { "000024083345", 0 }, { "24083345", 0 }, { "", 0 }, { "3345", 0 }, { "000026008305", DEVICE_CODEC_ERR_DEVICE },
    };
    struct uplink uplinks[DEVICE_UPLINK_LIMIT];
    uint8_t bytes[300];
    int size = hex_decode(span_of_text(bus_meter), bytes, sizeof bytes);

    (void)state;
    assert_true(size > 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct device_receive_context context = { .address = span_of_text("0"),
                                                  .number = span_of_text(rows[i].number),
                                                  .received_s = NOW_S };
        struct device_memory memory = { 0 };
        struct device_report report;
        assert_int_equal(device_codec_decode(profile_of("mbus-heat"), &context, span_of_bytes(bytes, (size_t)size),
                                             &memory, uplinks, &report),
                         rows[i].result);
    }
}

/* 15 kWh of meter 12345678, encrypted by mode 5 in one block. */
static struct span sealed_answer(const uint8_t *key, uint8_t *bytes, size_t capacity)
{
    uint8_t data[12 + CIPHER_BLOCK_SIZE] = { 0x78, 0x56, 0x34, 0x12, 0x24, 0x40, 1, 4, 9, 0, 0x10, 5 };
    const uint8_t plain[CIPHER_BLOCK_SIZE] = { 0x2f, 0x2f, 0x04, 0x06, 15,   0,    0,    0,
                                               0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f };
    struct wmbus_secret secret = { cipher_openssl(), key };
    struct wmbus_address meter = wmbus_address_of_header(data);
    struct writer out = writer_of_buffer(bytes, capacity);
    uint8_t initial[CIPHER_BLOCK_SIZE];

    wmbus_initial_vector(&meter, data[8], initial);
    assert_int_equal(wmbus_seal_close(&secret, initial, span_of_bytes(plain, sizeof plain), data + 12), 0);
    assert_int_equal(mbus_long_encode(MBUS_RSP_UD, 5, 0x72, span_of_bytes(data, sizeof data), &out), 0);
    return writer_span(&out);
}

static void an_encrypted_bus_meter_needs_its_key(void **state)
{
    static struct answer answer;
    static const uint8_t right_key[CIPHER_BLOCK_SIZE] = { 7 }, wrong_key[CIPHER_BLOCK_SIZE] = { 1 };
    struct device_receive_context context = { .received_s = NOW_S,
                                              .zone_offset_s = ZONE_S,
                                              .cipher = cipher_openssl() };
    const struct device_profile *meter = profile_of("mbus-heat");
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct span frame = sealed_answer(right_key, bytes, sizeof bytes);

    (void)state;
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report),
                     DEVICE_CODEC_ERR_KEY);
    context.key = wrong_key;
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report),
                     DEVICE_CODEC_ERR_KEY);
    context.key = right_key;
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report), 0);
    assert_int_equal(reading_of(&answer, QUANTITY_HEAT_ENERGY, UPLINK_CURRENT)->value, INT64_C(54000000));
    /* Who holds a key takes no clear answer where encryption is announced. */
    bytes[19] = bytes[20] = 0x2f;
    bytes[frame.size - 2] = checksum_sum8(span_of_bytes(bytes + 4, frame.size - 6));
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report),
                     DEVICE_CODEC_ERR_KEY);
}

/* A real telegram and its published key, tests/vectors/wmbus. */
static void a_radio_meter_needs_its_key(void **state)
{
    static const char telegram[] =
        "5144B4097073912218078C00247A0308400571E9615249EDE52EAAE09F61908F027C3877F3330AE9079528B2"
        "3173CE124BCC255393E60B173C0A9F274C42DD92E4B23C14E8A41F042903358DF01DD9268AD4";
    static struct answer answer;
    static const uint8_t right_key[CIPHER_BLOCK_SIZE] = { 0 }, wrong_key[CIPHER_BLOCK_SIZE] = { 1 };
    struct device_receive_context context = { .received_s = NOW_S,
                                              .zone_offset_s = ZONE_S,
                                              .cipher = cipher_openssl() };
    const struct device_profile *meter = profile_of("wmbus-water");
    uint8_t bytes[256];
    int size = hex_decode(span_of_text(telegram), bytes, sizeof bytes);

    (void)state;
    assert_true(size > 0);
    struct span frame = span_of_bytes(bytes, (size_t)size);
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report),
                     DEVICE_CODEC_ERR_KEY);
    context.key = wrong_key;
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report),
                     DEVICE_CODEC_ERR_KEY);
    context.key = right_key;
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report), 0);
    assert_string_equal(answer.report.address, "22917370");
    assert_int_equal(reading_of(&answer, QUANTITY_WATER_VOLUME, UPLINK_CURRENT)->value, 25000);
    context.address = span_of_text("22917371");
    assert_int_equal(device_codec_decode(meter, &context, frame, &answer.memory, answer.uplinks, &answer.report),
                     DEVICE_CODEC_ERR_DEVICE);
}

/* A model of its own, read from text. */
static void model_read(const char *text, struct device_profile *out)
{
    static struct profile_problems problems;
    struct profile_vocabulary vocabulary = profile_vocabulary_make();

    memset(&problems, 0, sizeof problems);
    if (profile_read(&vocabulary, span_of_text(text), "model", NULL, out, &problems) != 0)
        fail_msg("line %u: %s", (unsigned)problems.rows[0].line, problems.rows[0].text_en);
}

static void alarms_are_told_only_whole(void **state)
{
    static struct device_profile model;
    static struct answer answer;
    struct device_receive_context context = { .received_s = NOW_S };
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_address address;

    (void)state;
    model_read("profile: m\nname: {zh: a, en: b}\nkind: electricity\ncodec: dlt645-2007\npoints:\n"
               "  - {quantity: status, identifier: 04000501, bit: 2, alarm: battery}\n"
               "  - {quantity: status, identifier: 04000501, bit: 4, alarm: back_flow}\n"
               "  - {quantity: relay, identifier: 04000501, bit: 5}\n",
               &model);
    assert_int_equal(dlt645_address_read(span_of_text("4321"), &address), 0);
    assert_int_equal(
        dlt645_read_answer_encode(DLT645_2007, &address, 0x04000501, span_of_bytes("\x34\x00", 2), false, &out), 0);
    assert_int_equal(
        device_codec_decode(&model, &context, writer_span(&out), &answer.memory, answer.uplinks, &answer.report), 0);
    assert_int_equal(answer.uplink.item_count, 2);
    assert_int_equal(reading_of(&answer, QUANTITY_ALARM_BITS, UPLINK_CURRENT)->value,
                     1 << ALARM_BATTERY | 1 << ALARM_BACK_FLOW);
    assert_int_equal(reading_of(&answer, QUANTITY_RELAY_STATE, UPLINK_CURRENT)->value, RELAY_DISCONNECTED);
    /* The word is not there: no alarm is raised and none is ended. */
    out = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(
        dlt645_read_answer_encode(DLT645_2007, &address, 0x04000501, span_of_bytes("\xFF", 1), false, &out), 0);
    assert_int_equal(
        device_codec_decode(&model, &context, writer_span(&out), &answer.memory, answer.uplinks, &answer.report), 0);
    assert_int_equal(answer.uplink.item_count, 0);
}

static void a_long_telegram_fills_several_uplinks(void **state)
{
    static struct device_profile model;
    static struct answer answer;
    static char text[16384];
    struct device_receive_context context = { .received_s = NOW_S };
    uint8_t records[240], bytes[300];
    struct writer yaml = writer_of_buffer(text, sizeof text);
    struct writer data = writer_of_buffer(records, sizeof records);
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct wmbus_address meter;

    (void)state;
    writer_text(&yaml, "profile: m\nname: {zh: a, en: b}\nkind: heat\ncodec: mbus\npoints:\n");
    for (unsigned i = 0; i < 40; i++) {
        uint8_t record[] = { 0x81, 0x40, 0x13, 0x00 };
        writer_format(&yaml, "  - {quantity: volume, unit: m³, tariff: %u, name: v%u}\n", i % 4, i);
        record[1] = (uint8_t)(i % 4 << 4);
        record[3] = (uint8_t)i;
        writer_put_bytes(&data, record, sizeof record);
    }
    model_read(writer_terminate(&yaml), &model);
    assert_int_equal(wmbus_address_make("ABC", "12345678", 1, 4, &meter), 0);
    assert_int_equal(mbus_response_encode(5, 0, &meter, 1, 0, writer_span(&data), &out), 0);
    answer.uplinks[1].device_id = 9;
    assert_int_equal(
        device_codec_decode(&model, &context, writer_span(&out), &answer.memory, answer.uplinks, &answer.report), 0);
    assert_int_equal(answer.report.uplink_count, 2);
    assert_int_equal(answer.uplinks[0].item_count, UPLINK_ITEM_LIMIT);
    assert_int_equal(answer.uplinks[1].item_count, 40 - UPLINK_ITEM_LIMIT);
    assert_int_equal(answer.uplinks[1].device_id, 9);
    assert_int_equal(answer.uplinks[1].kind, UPLINK_REPORT);
    assert_int_equal(answer.uplinks[1].items[7].value, 39000);
}

static void downlinks_become_requests(void **state)
{
    struct downlink downlink = { .operation = DOWNLINK_RECHARGE, .amount_fen = 5000, .serial = 7 };
    struct device_request request;

    (void)state;
    assert_int_equal(device_request_of_downlink(&downlink, NOW_S, ZONE_S, &request), 0);
    assert_int_equal(request.command, DEVICE_COMMAND_RECHARGE);
    assert_int_equal(request.serial, 7);
    assert_int_equal(request.amount_fen, 5000);
    assert_int_equal(request.given, DEVICE_PARAMETER_SERIAL | DEVICE_PARAMETER_AMOUNT);
    downlink = (struct downlink){ .operation = DOWNLINK_CLOSE_VALVE, .expires_s = NOW_S + 60 };
    assert_int_equal(device_request_of_downlink(&downlink, NOW_S, ZONE_S, &request), 0);
    assert_int_equal(request.command, DEVICE_COMMAND_CLOSE_VALVE);
    assert_int_equal(request.valid_until_s, NOW_S + 60);
    downlink.operation = DOWNLINK_WRITE_PARAMETER;
    assert_int_equal(device_request_of_downlink(&downlink, NOW_S, ZONE_S, &request), DEVICE_CODEC_ERR_COMMAND);
    downlink.operation = DOWNLINK_OPERATION_COUNT;
    assert_int_equal(device_request_of_downlink(&downlink, NOW_S, ZONE_S, &request), DEVICE_CODEC_ERR_COMMAND);
}

static void every_byte_flip_gives_no_other_reading(void **state)
{
    uint8_t right[64];
    int size = hex_decode(span_of_text("6821430000000068910833343433674533 33AD16"), right, sizeof right);

    (void)state;
    assert_true(size > 0);
    for (size_t bit = 0; bit < 8 * (size_t)size; bit++) {
        static struct answer answer;
        uint8_t bytes[64];
        memcpy(bytes, right, sizeof bytes);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1u << bit % 8);
        assert_true(
            decode_bytes("dlt645-2007-single-phase-prepaid", "4321", span_of_bytes(bytes, (size_t)size), &answer) < 0);
    }
    for (size_t cut = 0; cut < (size_t)size; cut++) {
        static struct answer answer;
        assert_true(decode_bytes("dlt645-2007-single-phase-prepaid", "4321", span_of_bytes(right, cut), &answer) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_the_standards_bytes),
        cmocka_unit_test(an_identifier_is_asked_for_once),
        cmocka_unit_test(time_and_broadcasts_expect_no_answer),
        cmocka_unit_test(a_freezes_time_is_asked_for_first),
        cmocka_unit_test(what_the_model_cannot_do_is_refused),
        cmocka_unit_test(money_carries_its_number_and_a_tag),
        cmocka_unit_test(tables_are_written_whole),
        cmocka_unit_test(a_mode_is_written_by_its_number),
        cmocka_unit_test(supply_is_kept_on),
        cmocka_unit_test(an_electricity_answer_becomes_a_reading),
        cmocka_unit_test(a_water_answer_becomes_readings),
        cmocka_unit_test(answers_to_commands_say_how_it_went),
        cmocka_unit_test(foreign_and_damaged_frames_touch_nothing),
        cmocka_unit_test(missing_values_give_no_reading),
        cmocka_unit_test(a_settlement_is_dated_by_the_models_calendar),
        cmocka_unit_test(a_long_answer_is_put_together),
        cmocka_unit_test(a_relay_is_read_back),
        cmocka_unit_test(a_freeze_is_dated_by_its_own_time),
        cmocka_unit_test(three_phases_are_told_apart),
        cmocka_unit_test(a_heat_answer_becomes_readings),
        cmocka_unit_test(a_bus_meter_is_addressed_or_selected),
        cmocka_unit_test(a_bus_meters_answer_becomes_readings),
        cmocka_unit_test(a_stranger_on_a_primary_address_is_no_reading),
        cmocka_unit_test(an_encrypted_bus_meter_needs_its_key),
        cmocka_unit_test(a_radio_meter_needs_its_key),
        cmocka_unit_test(alarms_are_told_only_whole),
        cmocka_unit_test(a_long_telegram_fills_several_uplinks),
        cmocka_unit_test(downlinks_become_requests),
        cmocka_unit_test(every_byte_flip_gives_no_other_reading),
    };
    return cmocka_run_group_tests(tests, profiles_open, profiles_close);
}
