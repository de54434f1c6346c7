/* The link frame: every vector's shell field by field, what a damaged one is, streams, and random frames both ways. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_frame.h"
#include "codec/q376/q376_name.h"
#include "codec/q376/q376_point.h"
#include "tests/unit/codec/vector_json.h"

#define VECTORS "q376/qgdw376.json"

static void assert_member(const struct vector_json *vector, const char *key, long long value)
{
    if (json_object_get(vector->meaning, key) != NULL && vector_json_integer(vector->meaning, key, -1) != value)
        fail_msg("entry %zu: %s is %lld, not %lld", vector->index, key, value,
                 vector_json_integer(vector->meaning, key, -1));
}

static void assert_text(const struct vector_json *vector, const json_t *object, const char *key, const char *text)
{
    const char *wanted = vector_json_text(object, key);
    if (wanted != NULL && strcmp(wanted, text) != 0)
        fail_msg("entry %zu: %s is \"%s\", not \"%s\"", vector->index, key, text, wanted);
}

static void control_check(const struct vector_json *vector, const struct q376_frame *frame)
{
    bool is_primary = (frame->control & Q376_CONTROL_PRIMARY) != 0;
    unsigned code = frame->control & Q376_CONTROL_FUNCTION;

    assert_text(vector, vector->meaning, "dir", q376_frame_is_uplink(frame) ? "up" : "down");
    assert_member(vector, "prm", is_primary);
    assert_member(vector, "fcb", frame->control >> 5 & 1);
    assert_member(vector, "acd", frame->control >> 5 & 1);
    assert_member(vector, "fcv", frame->control >> 4 & 1);
    assert_member(vector, "fc", code);
    assert_text(vector, vector->meaning, "fc_name", q376_function_code_name(is_primary, code).english);
    assert_text(vector, vector->meaning, "protocol_id", q376_protocol_name(frame->protocol).english);
}

static void application_check(const struct vector_json *vector, const struct q376_frame *frame)
{
    char text[16];

    snprintf(text, sizeof text, "%02X%02X", frame->address.region[1], frame->address.region[0]);
    assert_text(vector, vector->meaning, "a1_region", text);
    assert_member(vector, "a2_terminal", frame->address.terminal);
    assert_member(vector, "a3_msa", frame->address.station);
    assert_member(vector, "a3_group", frame->address.is_group);
    snprintf(text, sizeof text, "%02X", frame->afn);
    assert_text(vector, vector->meaning, "afn", text);
    assert_text(vector, vector->meaning, "afn_name", q376_afn_name(frame->afn).english);
    assert_member(vector, "tpv", frame->sequence >> 7 & 1);
    assert_member(vector, "fir", frame->sequence >> 6 & 1);
    assert_member(vector, "fin", frame->sequence >> 5 & 1);
    assert_member(vector, "con", frame->sequence >> 4 & 1);
    assert_member(vector, "seq", frame->sequence & Q376_SEQUENCE_NUMBER);
}

static void auxiliary_check(const struct vector_json *vector, const struct q376_frame *frame)
{
    const json_t *counters = json_object_get(vector->meaning, "ec"), *tag = json_object_get(vector->meaning, "tp");
    const struct q376_time_tag *time = &frame->time_tag;
    char text[2 * Q376_PASSWORD_SIZE + 1] = "";

    assert_int_equal(frame->password.size > 0, json_object_get(vector->meaning, "pw") != NULL);
    for (size_t i = 0; i < frame->password.size; i++)
        snprintf(text + 2 * i, 3, "%02X", frame->password.bytes[i]);
    assert_text(vector, vector->meaning, "pw", text);
    assert_int_equal(frame->has_event_counters, counters != NULL);
    if (counters != NULL) {
        assert_int_equal(frame->important_events, vector_json_integer(counters, "ec1", -1));
        assert_int_equal(frame->general_events, vector_json_integer(counters, "ec2", -1));
    }
    assert_int_equal(frame->has_time_tag, tag != NULL);
    if (tag == NULL)
        return;
    snprintf(text, sizeof text, "%02X %02X:%02X:%02X", time->sent_at[3], time->sent_at[2], time->sent_at[1],
             time->sent_at[0]);
    assert_text(vector, tag, "time_dd_hhmmss", text);
    assert_int_equal(time->counter, vector_json_integer(tag, "pfc", -1));
    assert_int_equal(time->delay_min, vector_json_integer(tag, "max_delay_min", -1));
}

static void encode_check(const struct vector_json *vector, const struct q376_frame *frame)
{
    uint8_t buffer[VECTOR_FRAME_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    assert_int_equal(q376_frame_encode(frame, &out), 0);
    assert_int_equal(out.size, vector->frame.size);
    assert_memory_equal(buffer, vector->frame.bytes, out.size);
}

static void shell_check(const struct vector_json *vector, void *context)
{
    struct q376_frame frame;
    size_t error_offset = SIZE_MAX, skip = SIZE_MAX;
    int result = q376_frame_decode(vector->frame, &frame, &error_offset);
    size_t found = q376_frame_find(vector->frame, &skip);
    size_t *count = context;

    (*count)++;
    if (!json_is_true(json_object_get(vector->meaning, "valid"))) {
        assert_true(result < 0);
        assert_true(error_offset < vector->frame.size);
        assert_int_equal(found, 0);
        return;
    }
    assert_int_equal(result, 0);
    assert_int_equal(found, vector->frame.size);
    assert_int_equal(skip, 0);
    assert_member(vector, "user_data_len", (long long)vector->frame.size - Q376_SHELL_SIZE);
    control_check(vector, &frame);
    application_check(vector, &frame);
    auxiliary_check(vector, &frame);
    encode_check(vector, &frame);
}

static void shells_are_read_as_the_vectors_say(void **state)
{
    (void)state;
    size_t count = 0;

    vector_json_each(VECTORS, shell_check, &count);
    assert_true(count >= 70);
}

/* In memory of exactly the size, so that the sanitizers see a byte read too many. */
static int decode_exact(const uint8_t *bytes, size_t size, struct q376_frame *frame)
{
    uint8_t *exact = malloc(size + 1);
    size_t error_offset = SIZE_MAX, skip = 0;

    assert_non_null(exact);
    memcpy(exact, bytes, size);
    int result = q376_frame_decode(span_of_bytes(exact, size), frame, &error_offset);
    assert_true(result == 0 || error_offset <= size);
    size_t found = q376_frame_find(span_of_bytes(exact, size), &skip);
    assert_true(skip + found <= size);
    free(exact);
    return result;
}

static void damage_check(const struct vector_json *vector, void *context)
{
    struct q376_frame frame;
    uint8_t flipped[VECTOR_FRAME_LIMIT];

    (void)context;
    if (!json_is_true(json_object_get(vector->meaning, "valid")))
        return;
    for (size_t size = 0; size < vector->frame.size; size++)
        assert_true(decode_exact(vector->frame.bytes, size, &frame) < 0);
    for (size_t bit = 0; bit < vector->frame.size * 8; bit++) {
        memcpy(flipped, vector->frame.bytes, vector->frame.size);
        flipped[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(decode_exact(flipped, vector->frame.size, &frame) < 0);
    }
}

static void a_cut_or_a_flipped_bit_is_never_believed(void **state)
{
    (void)state;
    vector_json_each(VECTORS, damage_check, NULL);
}

static struct span span_random(struct random *random, uint8_t *buffer, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer[i] = (uint8_t)random_below(random, 256);
    return span_of_bytes(buffer, size);
}

/* A frame with a single identifier of p0 in front, so that it is never taken for the Southern Grid's. */
static struct q376_frame frame_random(struct random *random, uint8_t *units, uint8_t *password)
{
    static const uint8_t afns[] = { 0, 1, 2, 4, 5, 6, 9, 0x0A, 0x0C, 0x0D, 0x0E, 0x10, 0x94 };
    const struct q376_setting setting = q376_setting_default();
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.protocol = (uint8_t)random_between(random, 1, 2);
    frame.control = (uint8_t)(random_below(random, 256) & ~(unsigned)Q376_CONTROL_ACD);
    span_random(random, frame.address.region, 2);
    frame.address.terminal = (uint16_t)random_below(random, 0x10000);
    frame.address.station = (uint8_t)random_below(random, 128);
    frame.address.is_group = random_chance(random, 1, 4);
    frame.afn = afns[random_below(random, sizeof afns)];
    frame.sequence = (uint8_t)(random_below(random, 64) | Q376_SEQUENCE_FIRST);
    frame.units = span_random(random, units, (size_t)random_between(random, Q376_UNIT_ID_SIZE, 1000));
    units[0] = units[1] = 0;
    frame.password =
        span_random(random, password, q376_password_size(&setting, frame.protocol, frame.control, frame.afn));
    if (q376_frame_is_uplink(&frame) && random_chance(random, 1, 2)) {
        frame.control |= Q376_CONTROL_ACD;
        frame.has_event_counters = true;
        frame.important_events = (uint8_t)random_below(random, 256);
        frame.general_events = (uint8_t)random_below(random, 256);
    }
    frame.has_time_tag = random_chance(random, 1, 2);
    if (frame.has_time_tag) {
        frame.sequence |= Q376_SEQUENCE_TIME;
        frame.time_tag.counter = (uint8_t)random_below(random, 256);
        span_random(random, frame.time_tag.sent_at, 4);
        frame.time_tag.delay_min = (uint8_t)random_below(random, 256);
    }
    return frame;
}

static void assert_same(const struct q376_frame *a, const struct q376_frame *b)
{
    assert_int_equal(a->protocol, b->protocol);
    assert_int_equal(a->control, b->control);
    assert_memory_equal(a->address.region, b->address.region, 2);
    assert_int_equal(a->address.terminal, b->address.terminal);
    assert_int_equal(a->address.station, b->address.station);
    assert_int_equal(a->address.is_group, b->address.is_group);
    assert_int_equal(a->afn, b->afn);
    assert_int_equal(a->sequence, b->sequence);
    assert_true(span_equal(a->units, b->units));
    assert_true(span_equal(a->password, b->password));
    assert_int_equal(a->has_event_counters, b->has_event_counters);
    assert_int_equal(a->important_events, b->important_events);
    assert_int_equal(a->general_events, b->general_events);
    assert_int_equal(a->has_time_tag, b->has_time_tag);
    assert_memory_equal(&a->time_tag, &b->time_tag, sizeof a->time_tag);
}

static void what_was_written_is_read_again(void **state)
{
    (void)state;
    struct random random = random_of_seed(376);
    uint8_t units[1024], password[16], buffer[2048];

    for (int round = 0; round < 2000; round++) {
        struct q376_frame frame = frame_random(&random, units, password), back;
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        assert_int_equal(q376_frame_encode(&frame, &out), 0);
        assert_int_equal(q376_frame_decode(writer_span(&out), &back, NULL), 0);
        assert_same(&frame, &back);
    }
}

static const char login[] = "683200320068C900000005000260000001003116";

static size_t stream_put(uint8_t *stream, const char *hex)
{
    int size = hex_decode(span_of_text(hex), stream, 256);
    assert_true(size > 0);
    return (size_t)size;
}

static void frames_are_found_in_a_stream(void **state)
{
    (void)state;
    uint8_t stream[600];
    size_t skip = SIZE_MAX, size = 0;

    size += stream_put(stream, "0068320032");  /* junk that begins like a frame */
    size += stream_put(stream + size, "FEFE"); /* wake-up bytes belong to the frame */
    size_t start = size - 2;
    size += stream_put(stream + size, login);
    size_t second = size;
    size += stream_put(stream + size, login);
    assert_int_equal(q376_frame_find(span_of_bytes(stream, size), &skip), 22);
    assert_int_equal(skip, start);
    assert_int_equal(q376_frame_find(span_of_bytes(stream + second, size - second), &skip), 20);
    assert_int_equal(skip, 0);
    for (size_t part = start; part < second; part++) {
        assert_int_equal(q376_frame_find(span_of_bytes(stream, part), &skip), 0);
        assert_true(skip <= start);
    }
    struct q376_frame frame;
    assert_int_equal(q376_frame_decode(span_of_bytes(stream + start, 22), &frame, NULL), 0);
    assert_int_equal(frame.address.terminal, 1280);
}

static void a_wrong_start_is_left_byte_by_byte(void **state)
{
    (void)state;
    uint8_t stream[600];
    size_t skip = SIZE_MAX, size = 0;

    size += stream_put(stream, "683200320068"); /* whole head, then another frame where its content should be */
    size += stream_put(stream + size, login);
    size += stream_put(stream + size, login);
    assert_int_equal(q376_frame_find(span_of_bytes(stream, size), &skip), 20);
    assert_int_equal(skip, 6);
}

static void a_frame_that_was_cut_does_not_hide_the_next(void **state)
{
    (void)state;
    uint8_t stream[600];
    size_t skip = SIZE_MAX, size = 0;

    size += stream_put(stream, "684A024A0268C90000000500026000"); /* 154 bytes are promised, 15 came */
    assert_int_equal(q376_frame_find(span_of_bytes(stream, size), &skip), 0);
    assert_int_equal(skip, 0);
    size_t second = size;
    size += stream_put(stream + size, login);
    assert_int_equal(q376_frame_find(span_of_bytes(stream, size), &skip), size - second);
    assert_int_equal(skip, second);
}

/* The Southern Grid's login as its own standard writes it (plain length word), and with a shifted one. */
static void the_southern_grid_is_named_and_refused(void **state)
{
    (void)state;
    static const uint8_t user[] = { 0xC9, 0x03, 0x06, 0x44, 0x21, 0x03, 0x00, 0x00, 0x02,
                                    0x71, 0x00, 0x00, 0x00, 0x10, 0x00, 0xE0, 0x04, 0x01 };
    for (int form = 0; form < 2; form++) {
        uint8_t bytes[sizeof user + Q376_SHELL_SIZE] = { 0x68, 0, 0, 0, 0, 0x68 };
        struct q376_frame frame;
        size_t error_offset = SIZE_MAX, skip = SIZE_MAX;
        unsigned sum = 0;

        bytes[1] = bytes[3] = form == 0 ? sizeof user : sizeof user << 2 | 2;
        memcpy(bytes + 6, user, sizeof user);
        for (size_t i = 0; i < sizeof user; i++)
            sum += user[i];
        bytes[sizeof bytes - 2] = (uint8_t)sum;
        bytes[sizeof bytes - 1] = 0x16;
        struct span whole = span_of_bytes(bytes, sizeof bytes);
        assert_true(q376_frame_is_southern(whole));
        assert_int_equal(q376_frame_find(whole, &skip), sizeof bytes);
        assert_int_equal(q376_frame_decode(whole, &frame, &error_offset), CODEC_ERR_UNSUPPORTED);
        assert_int_equal(error_offset, 7);
        bytes[sizeof bytes - 2] ^= 1;
        assert_false(q376_frame_is_southern(whole));
    }
}

/* An answer in several frames, the middle one about p762 F25: its DA looks like an AFN and a SEQ. */
static void a_middle_frame_of_high_points_is_ours(void **state)
{
    (void)state;
    static const uint8_t units[] = { 0x02, 0x60, 0x01, 0x03, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.protocol = Q376_PROTOCOL_376;
    frame.control = 0x88;
    frame.afn = Q376_AFN_CURRENT;
    frame.sequence = 3;
    frame.units = span_of_bytes(units, sizeof units);
    assert_int_equal(q376_frame_encode(&frame, &out), 0);
    assert_false(q376_frame_is_southern(writer_span(&out)));
    assert_int_equal(q376_frame_decode(writer_span(&out), &frame, NULL), 0);
}

static int decode_hex(const char *hex, const struct q376_setting *setting, struct q376_frame *frame, size_t *offset)
{
    static uint8_t bytes[256];
    return q376_frame_decode_by(span_of_bytes(bytes, stream_put(bytes, hex)), setting, frame, offset);
}

static void refusals_say_where(void **state)
{
    (void)state;
    struct q376_setting setting = q376_setting_default();
    struct q376_frame frame;
    size_t offset;

    assert_int_equal(decode_hex("683200330068C900000005000260000001003116", &setting, &frame, &offset),
                     CODEC_ERR_FORMAT);
    assert_int_equal(offset, 3);
    assert_int_equal(decode_hex("683000300068C900000005000260000001003116", &setting, &frame, &offset),
                     CODEC_ERR_RESERVED);
    assert_int_equal(offset, 1);
    assert_int_equal(decode_hex("683300330068C900000005000260000001003116", &setting, &frame, &offset),
                     CODEC_ERR_RESERVED);
    setting.accepts_reserved_protocol = true;
    assert_int_equal(decode_hex("683300330068C900000005000260000001003116", &setting, &frame, &offset), 0);
    assert_int_equal(decode_hex("683200320068C900000005000260000001003117", &setting, &frame, &offset),
                     CODEC_ERR_FORMAT);
    assert_int_equal(offset, 19);
    assert_int_equal(decode_hex("683200320068C900000005000260000001003216", &setting, &frame, &offset),
                     CODEC_ERR_CHECKSUM);
    assert_int_equal(offset, 18);
    assert_int_equal(decode_hex("683200320068C90000000500026000000100311600", &setting, &frame, &offset),
                     CODEC_ERR_TRAILING);
    assert_int_equal(offset, 20);
}

/* A trip order (AFN 05 F1, one byte of data) with a PW of each size, and without. */
static void the_size_of_the_password_is_told_by_the_data(void **state)
{
    (void)state;
    static const uint8_t units[] = { 1, 1, 1, 0, 0x25 }, password[Q376_PASSWORD_SIZE];
    static const uint8_t sizes[] = { 0, 2, 16 };
    struct q376_setting setting = q376_setting_default();

    for (uint8_t protocol = Q376_PROTOCOL_130; protocol <= Q376_PROTOCOL_376; protocol++)
        for (size_t i = 0; i < sizeof sizes; i++) {
            uint8_t buffer[64];
            struct writer out = writer_of_buffer(buffer, sizeof buffer);
            struct q376_frame frame, back;
            memset(&frame, 0, sizeof frame);
            frame.protocol = protocol;
            frame.control = Q376_CONTROL_PRIMARY;
            frame.afn = Q376_AFN_CONTROL;
            frame.sequence = Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL;
            frame.units = span_of_bytes(units, sizeof units);
            frame.password = span_of_bytes(password, sizes[i]);
            assert_int_equal(q376_frame_encode(&frame, &out), 0);
            assert_int_equal(q376_frame_decode(writer_span(&out), &back, NULL), 0);
            assert_int_equal(back.units.size, sizeof units);
            assert_int_equal(back.password.size, sizes[i]);
        }
    setting.tries_passwords = false;
    assert_int_equal(q376_password_size(&setting, Q376_PROTOCOL_130, 0, Q376_AFN_CONTROL), 2);
    assert_int_equal(q376_password_size(&setting, Q376_PROTOCOL_376, 0, Q376_AFN_CONTROL), 16);
    assert_int_equal(q376_password_size(&setting, Q376_PROTOCOL_376, Q376_CONTROL_UPLINK, Q376_AFN_CONTROL), 0);
    assert_int_equal(q376_password_size(&setting, Q376_PROTOCOL_376, Q376_CONTROL_UPLINK, Q376_AFN_AUTHENTICATION), 16);
}

static void the_encoder_refuses_what_has_no_place(void **state)
{
    (void)state;
    static const uint8_t units[Q376_UNIT_ID_SIZE] = { 0, 0, 1, 0 };
    uint8_t buffer[20];
    struct writer out = writer_of_buffer(buffer, sizeof buffer), small = writer_of_buffer(buffer, 19);
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.units = span_of_bytes(units, sizeof units);
    frame.protocol = Q376_PROTOCOL_RESERVED;
    assert_int_equal(q376_frame_encode(&frame, &out), CODEC_ERR_RANGE);
    frame.protocol = Q376_PROTOCOL_376;
    frame.address.station = 128;
    assert_int_equal(q376_frame_encode(&frame, &out), CODEC_ERR_RANGE);
    frame.address.station = 127;
    frame.has_event_counters = true; /* never downlink */
    assert_int_equal(q376_frame_encode(&frame, &out), CODEC_ERR_RANGE);
    assert_int_equal(out.size, 0);
    frame.has_event_counters = false;
    assert_int_equal(q376_frame_encode(&frame, &small), CODEC_ERR_FULL);
    assert_int_equal(q376_frame_encode(&frame, &out), 0);
    assert_int_equal(out.size, 20);
}

static void addresses_have_two_forms(void **state)
{
    (void)state;
    const struct q376_address address = { { 0x12, 0x96 }, 13398, 0, false };
    struct q376_address back;
    char text[16];
    struct writer out = writer_of_buffer(text, sizeof text);

    q376_address_write(&address, Q376_ADDRESS_HEXADECIMAL, &out);
    assert_string_equal(writer_terminate(&out), "96123456");
    assert_int_equal(q376_address_read(span_of_text("96123456"), Q376_ADDRESS_HEXADECIMAL, &back), 0);
    assert_memory_equal(&back, &address, sizeof back);
    out = writer_of_buffer(text, sizeof text);
    q376_address_write(&address, Q376_ADDRESS_DECIMAL, &out);
    assert_string_equal(writer_terminate(&out), "961213398");
    assert_int_equal(q376_address_read(span_of_text("961213398"), Q376_ADDRESS_DECIMAL, &back), 0);
    assert_int_equal(back.terminal, 13398);
    assert_int_equal(q376_address_read(span_of_text("961265536"), Q376_ADDRESS_DECIMAL, &back), CODEC_ERR_FORMAT);
    assert_int_equal(q376_address_read(span_of_text("9612G456"), Q376_ADDRESS_HEXADECIMAL, &back), CODEC_ERR_FORMAT);
    assert_int_equal(q376_address_read(span_of_text("9612"), Q376_ADDRESS_HEXADECIMAL, &back), CODEC_ERR_FORMAT);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(shells_are_read_as_the_vectors_say),
        cmocka_unit_test(a_cut_or_a_flipped_bit_is_never_believed),
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(frames_are_found_in_a_stream),
        cmocka_unit_test(a_wrong_start_is_left_byte_by_byte),
        cmocka_unit_test(a_frame_that_was_cut_does_not_hide_the_next),
        cmocka_unit_test(the_southern_grid_is_named_and_refused),
        cmocka_unit_test(a_middle_frame_of_high_points_is_ours),
        cmocka_unit_test(refusals_say_where),
        cmocka_unit_test(the_size_of_the_password_is_told_by_the_data),
        cmocka_unit_test(the_encoder_refuses_what_has_no_place),
        cmocka_unit_test(addresses_have_two_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
