#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/manhole/manhole_area.h"
#include "codec/manhole/manhole_security.h"
#include "security/cipher_openssl.h"

static const uint8_t id[] = { 0x08, 0x61, 0x23, 0x45, 0x67, 0x89, 0x01, 0x23 };

/* A frame of an upload with `size` bytes of area. */
static struct span frame_make(const struct manhole_profile *profile, size_t size, uint8_t *bytes, size_t capacity)
{
    static uint8_t area[1500];
    struct writer out = writer_of_buffer(bytes, capacity);
    struct manhole_frame frame = { .terminal_id = span_of_bytes(id, profile->id_size), .sequence = 0x17 };

    frame.terminal = MANHOLE_TERMINAL_LEVEL;
    frame.function = MANHOLE_UPLOAD;
    frame.area = span_of_bytes(area, size);
    assert_int_equal(manhole_frame_encode(profile, &frame, &out), 0);
    return writer_span(&out);
}

static void packets_are_found_in_a_stream(void **state)
{
    (void)state;
    const struct manhole_profile *profile = manhole_profile_mhc1();
    uint8_t stream[200] = { 0x4a, 0x47, 0x00, 0x20, 0x4a }; /* a start that leads to nothing */
    uint8_t packet[100];
    size_t skip = 99;
    struct span made = frame_make(profile, 12, packet, sizeof packet);

    memcpy(stream + 5, made.bytes, made.size);
    stream[5 + made.size] = 0x4a;
    stream[6 + made.size] = 0x47;
    assert_int_equal(manhole_frame_find(profile, span_of_bytes(stream, 7 + made.size), &skip), made.size);
    assert_int_equal(skip, 5);
    struct span behind = span_of_bytes(stream + 5 + made.size, 2);
    assert_int_equal(manhole_frame_find(profile, behind, &skip), 0);
    assert_int_equal(skip, 0); /* may still become a packet */
    stream[5 + made.size + 1] = 0x48;
    assert_int_equal(manhole_frame_find(profile, behind, &skip), 0);
    assert_int_equal(skip, 2);
}

static void a_broken_packet_costs_one_byte(void **state)
{
    (void)state;
    const struct manhole_profile *profile = manhole_profile_mhc1();
    uint8_t inner[100], stream[200];
    size_t skip = 0;
    struct span made = frame_make(profile, 12, inner, sizeof inner);
    struct span outer = frame_make(profile, 60, stream, sizeof stream);

    memcpy(stream + 20, made.bytes, made.size); /* the outer CRC is wrong now, a right packet lies in it */
    assert_int_equal(manhole_frame_find(profile, outer, &skip), made.size);
    assert_int_equal(skip, 20);
}

static void lengths_have_bounds(void **state)
{
    (void)state;
    const struct manhole_profile *profile = manhole_profile_mhc1();
    uint8_t bytes[1600], area[1500];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct manhole_frame frame = { .terminal_id = span_of_bytes(id, sizeof id) };
    size_t offset = 0;

    assert_int_equal(frame_make(profile, 1386, bytes, sizeof bytes).size, MANHOLE_FRAME_LIMIT);
    assert_int_equal(manhole_frame_decode(profile, span_of_bytes(bytes, MANHOLE_FRAME_LIMIT), &frame, NULL), 0);
    memset(area, 0, sizeof area);
    frame.area = span_of_bytes(area, 1387);
    assert_int_equal(manhole_frame_encode(profile, &frame, &out), CODEC_ERR_RANGE);
    bytes[2] = 0x05;
    bytes[3] = 0x79; /* 1401 */
    assert_int_equal(manhole_frame_decode(profile, span_of_bytes(bytes, 1407), &frame, &offset), CODEC_ERR_RANGE);
    assert_int_equal(offset, 2);
    assert_int_equal(frame_make(profile, 0, bytes, sizeof bytes).size, 20); /* length 14 */
}

static void builders_refuse_what_cannot_stand(void **state)
{
    (void)state;
    const struct manhole_profile *profile = manhole_profile_mhc1();
    const struct manhole_frame right = { .terminal_id = span_of_bytes(id, sizeof id) };
    uint8_t bytes[100], hexadecimal_id[8] = { 0x0a };
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct manhole_frame frame = right;

    frame.terminal_id.size = 7;
    assert_int_equal(manhole_frame_encode(profile, &frame, &out), CODEC_ERR_RANGE);
    frame.terminal_id = span_of_bytes(hexadecimal_id, 8);
    assert_int_equal(manhole_frame_encode(profile, &frame, &out), CODEC_ERR_RANGE);
    frame = right;
    frame.sequence = 0x10000;
    assert_int_equal(manhole_frame_encode(profile, &frame, &out), CODEC_ERR_RANGE);
    frame = right;
    frame.slot = 16;
    assert_int_equal(manhole_frame_encode(profile, &frame, &out), CODEC_ERR_RANGE);
    frame = right;
    frame.function = LAYOUT_UNKNOWN;
    assert_int_equal(manhole_frame_encode(profile, &frame, &out), CODEC_ERR_UNKNOWN);
    assert_int_equal(out.size, 0);
    out.capacity = 19;
    assert_int_equal(manhole_frame_encode(profile, &right, &out), CODEC_ERR_FULL);
}

/* Other numbers everywhere: as if somebody had found the real tables. */
static const struct layout_field other_level_fields[] = {
    { LAYOUT_VALUE("level", "液位", LAYOUT_UNSIGNED, 2, struct manhole_item_value, as.number.value, ITEM_WATER_LEVEL,
                   ITEM_UNIT_M, -2) },
};
static const struct layout other_level = LAYOUT_OF("level", "液位", "other", other_level_fields);

static const struct layout_field other_alarm_fields[] = {
    { LAYOUT_FIELD("alarm start", "报警开始时间", LAYOUT_TIME, 4, struct manhole_item_value, as.alarm.start_s),
      .role = LAYOUT_STAMP },
    { LAYOUT_VALUE("alarm code", "报警代码", LAYOUT_CODE, 2, struct manhole_item_value, as.alarm.code, ITEM_ALARM,
                   ITEM_UNIT_NONE, 0),
      .role = LAYOUT_SUBJECT, .set = MANHOLE_SET_ALARM },
    { LAYOUT_FIELD("alarm value", "报警值", LAYOUT_SIGNED, 3, struct manhole_item_value, as.alarm.value),
      .role = LAYOUT_MEASURED },
};
static const struct layout other_alarm = LAYOUT_OF("alarm", "报警", "other", other_alarm_fields);

static const struct layout_field other_upload_fields[] = {
    { LAYOUT_FIELD("timestamp", "时间", LAYOUT_TIME, 4, struct manhole_upload, time_s), .role = LAYOUT_STAMP },
    { LAYOUT_FIELD("kind", "报告种类", LAYOUT_CODE, 1, struct manhole_upload, kind), .set = MANHOLE_SET_KIND },
    { LAYOUT_FIELD("items", "数据项", LAYOUT_ITEMS, 0, struct manhole_upload, items), .set = MANHOLE_SET_ITEM },
};
static const struct layout other_upload = LAYOUT_OF("upload", "上传", "other", other_upload_fields);

static struct manhole_profile other_profile(void)
{
    static struct layout_word terminals[MANHOLE_TERMINAL_COUNT], items[MANHOLE_ITEM_COUNT];
    static struct layout_word alarms[MANHOLE_ALARM_COUNT];
    struct manhole_profile profile = *manhole_profile_mhc1();

    memcpy(terminals, profile.sets[MANHOLE_SET_TERMINAL].rows, sizeof terminals);
    memcpy(items, profile.sets[MANHOLE_SET_ITEM].rows, sizeof items);
    memcpy(alarms, profile.sets[MANHOLE_SET_ALARM].rows, sizeof alarms);
    for (size_t i = 0; i < MANHOLE_TERMINAL_COUNT; i++)
        terminals[i].code = (uint16_t)(0xa0 + i);
    for (size_t i = 0; i < MANHOLE_ITEM_COUNT; i++)
        items[i].code = (uint16_t)(0xf0 - i);
    for (size_t i = 0; i < MANHOLE_ALARM_COUNT; i++)
        alarms[i].code = (uint16_t)(0x1000 + i);
    terminals[MANHOLE_TERMINAL_TAG].code = LAYOUT_NO_CODE; /* has no tags */
    items[MANHOLE_ITEM_TAG_READ].code = LAYOUT_NO_CODE;
    items[MANHOLE_ITEM_LEVEL].about = &other_level;
    items[MANHOLE_ITEM_ALARM].about = &other_alarm;
    alarms[MANHOLE_ALARM_LEVEL_HIGH].about = &other_level;
    profile.sets[MANHOLE_SET_TERMINAL].rows = terminals;
    profile.sets[MANHOLE_SET_ITEM].rows = items;
    profile.sets[MANHOLE_SET_ALARM].rows = alarms;
    profile.upload = &other_upload;
    memcpy(profile.start, "\x7e\x81\x7e", 3);
    profile.start_size = 3;
    profile.length_size = 1;
    profile.length_covers_head = true;
    profile.length_covers_crc = true;
    profile.length_low = 12;
    profile.length_high = 255;
    profile.version_size = 0;
    profile.id_size = 5;
    profile.sequence_size = 1;
    profile.tag_size = 4;
    profile.crc = MANHOLE_CRC_MODBUS;
    profile.crc_is_low_first = true;
    profile.key_labels[0] = "ENC";
    profile.tilt.low = 100;
    profile.tilt.usual = 200;
    return profile;
}

static size_t other_area_put(const struct manhole_profile *profile, uint8_t *bytes, size_t capacity)
{
    uint8_t item_bytes[64];
    struct writer items = writer_of_buffer(item_bytes, sizeof item_bytes);
    struct writer out = writer_of_buffer(bytes, capacity);
    struct manhole_item_value level = { .item = MANHOLE_ITEM_LEVEL, .as.number.value = 183 };
    struct manhole_item_value alarm = { .item = MANHOLE_ITEM_ALARM };
    struct manhole_upload upload = { .kind = MANHOLE_KIND_ALARM, .time_s = 0x673e7800 };

    alarm.as.alarm.code = MANHOLE_ALARM_LEVEL_HIGH;
    alarm.as.alarm.value = 250;
    alarm.as.alarm.start_s = 0x673e77f6;
    assert_int_equal(manhole_item_encode(profile, &level, &items), 0);
    assert_int_equal(manhole_item_encode(profile, &alarm, &items), 0);
    upload.items = writer_span(&items);
    assert_int_equal(manhole_upload_encode(profile, &upload, &out), 0);
    return out.size;
}

static void another_profile_works_through_the_same_walker(void **state)
{
    (void)state;
    static const uint8_t expected_area[] = { 0x67, 0x3e, 0x78, 0x00, 3,    0xee, 2,    0x00, 0xb7, 0xe6,
                                             9,    0x67, 0x3e, 0x77, 0xf6, 0x10, 0x01, 0x00, 0x00, 0xfa };
    const struct manhole_profile profile = other_profile();
    uint8_t bytes[256], area[64], scratch_bytes[128], clear_bytes[256];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct writer scratch = writer_of_buffer(scratch_bytes, sizeof scratch_bytes);
    struct manhole_frame frame = { .terminal_id = span_of_bytes(id, 5), .sequence = 0x17, .mode = 2, .slot = 3 };
    struct manhole_keys keys;
    struct item room[8];
    struct item_list list = item_list_of(room, 8);
    struct span clear;
    size_t skip;

    frame.terminal = MANHOLE_TERMINAL_LEVEL;
    frame.area = span_of_bytes(area, other_area_put(&profile, area, sizeof area));
    assert_int_equal(frame.area.size, sizeof expected_area + 0);
    assert_memory_equal(area, expected_area, sizeof expected_area);
    assert_int_equal(manhole_keys_derive(&profile, cipher_openssl(), (const uint8_t *)"0123456789abcdef", 3, &keys), 0);
    assert_int_equal(
        manhole_frame_seal(&profile, cipher_openssl(), &keys, &frame, span_of_bytes("nonce678", 8), &scratch, &out), 0);
    assert_memory_equal(bytes, "\x7e\x81\x7e", 3);
    assert_int_equal(bytes[3], out.size);
    assert_int_equal(bytes[9], 0xa1); /* level terminal */
    assert_int_equal(manhole_frame_find(&profile, writer_span(&out), &skip), out.size);
    assert_int_equal(manhole_frame_find(manhole_profile_mhc1(), writer_span(&out), &skip), 0);
    assert_int_equal(manhole_frame_decode(&profile, writer_span(&out), &frame, NULL), 0);
    assert_int_equal(frame.terminal, MANHOLE_TERMINAL_LEVEL);
    assert_int_equal(frame.sequence, 0x17);
    assert_int_equal(manhole_frame_open(&profile, cipher_openssl(), &keys, &frame, clear_bytes, &clear), 0);
    assert_int_equal(manhole_items_decode(&profile, frame.terminal, frame.function, clear, &list), 0);
    assert_int_equal(list.count, 3);
    assert_int_equal(room[0].value, 183);
    assert_int_equal(room[0].exponent, -2);
    assert_int_equal(room[0].unit, ITEM_UNIT_M);
    assert_int_equal(room[1].quantity, ITEM_ALARM);
    assert_int_equal(room[2].quantity, ITEM_WATER_LEVEL);
    assert_int_equal(room[2].value, 250);
    assert_int_equal(room[2].time.minute, 59);
}

static void what_a_profile_lacks_cannot_be_said(void **state)
{
    (void)state;
    const struct manhole_profile profile = other_profile();
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct manhole_frame frame = { .terminal_id = span_of_bytes(id, 5), .terminal = MANHOLE_TERMINAL_TAG };
    struct manhole_item_value tag = { .item = MANHOLE_ITEM_TAG_READ };
    struct manhole_threshold threshold = manhole_threshold_tilt(&profile);

    assert_int_equal(manhole_frame_encode(&profile, &frame, &out), CODEC_ERR_UNKNOWN);
    assert_int_equal(manhole_item_encode(&profile, &tag, &out), CODEC_ERR_UNKNOWN);
    assert_int_equal(manhole_row(&profile, MANHOLE_SET_TERMINAL, LAYOUT_NO_CODE), LAYOUT_UNKNOWN);
    assert_int_equal(threshold.high, 200);
    assert_int_equal(manhole_threshold_encode(&profile, &threshold, &out), 0);
    threshold.high = 99;
    assert_int_equal(manhole_threshold_encode(&profile, &threshold, &out), CODEC_ERR_RANGE);
}

static void random_frames_come_back(void **state)
{
    (void)state;
    const struct manhole_profile *profile = manhole_profile_mhc1();
    struct random random = random_of_seed(1803);
    static uint8_t bytes[MANHOLE_FRAME_LIMIT], area[MANHOLE_FRAME_LIMIT], clear_bytes[MANHOLE_FRAME_LIMIT];
    static uint8_t scratch_bytes[MANHOLE_FRAME_LIMIT];
    uint8_t initial[16], device_key[16];

    for (int round = 0; round < 600; round++) {
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        struct writer scratch = writer_of_buffer(scratch_bytes, sizeof scratch_bytes);
        struct manhole_frame frame = { .terminal_id = span_of_bytes(id, sizeof id) }, read;
        struct manhole_keys keys;
        struct span clear;
        for (size_t i = 0; i < 16; i++) {
            initial[i] = (uint8_t)random_next(&random);
            device_key[i] = (uint8_t)random_next(&random);
        }
        size_t size = (size_t)random_below(&random, 1340);
        for (size_t i = 0; i < size; i++)
            area[i] = (uint8_t)random_next(&random);
        frame.terminal = (uint8_t)random_below(&random, MANHOLE_TERMINAL_COUNT);
        frame.function = (uint8_t)random_below(&random, MANHOLE_FUNCTION_COUNT);
        frame.sequence = (uint32_t)random_below(&random, 0x10000);
        frame.mode = (uint8_t)random_below(&random, 3);
        frame.slot = (uint8_t)random_below(&random, 16);
        frame.area = span_of_bytes(area, size);
        assert_int_equal(manhole_keys_derive(profile, cipher_openssl(), device_key, frame.slot, &keys), 0);
        assert_int_equal(manhole_frame_seal(profile, cipher_openssl(), &keys, &frame,
                                            span_of_bytes(initial, manhole_initial_size(profile, frame.mode)), &scratch,
                                            &out),
                         0);
        assert_int_equal(manhole_frame_decode(profile, writer_span(&out), &read, NULL), 0);
        assert_int_equal(read.terminal, frame.terminal);
        assert_int_equal(read.function, frame.function);
        assert_int_equal(read.sequence, frame.sequence);
        assert_int_equal(manhole_frame_open(profile, cipher_openssl(), &keys, &read, clear_bytes, &clear), 0);
        assert_true(span_equal(clear, frame.area));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_are_found_in_a_stream),
        cmocka_unit_test(a_broken_packet_costs_one_byte),
        cmocka_unit_test(lengths_have_bounds),
        cmocka_unit_test(builders_refuse_what_cannot_stand),
        cmocka_unit_test(another_profile_works_through_the_same_walker),
        cmocka_unit_test(what_a_profile_lacks_cannot_be_said),
        cmocka_unit_test(random_frames_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
