#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/wmbus/wmbus_frame.h"
#include "tests/unit/codec/vector_json.h"

#define VECTORS "wmbus/wmbus.json"

static enum wmbus_format format_of(const char *name)
{
    if (strcmp(name, "format A") == 0)
        return WMBUS_FORMAT_A;
    return strcmp(name, "format B") == 0 ? WMBUS_FORMAT_B : WMBUS_FORMAT_STRIPPED;
}

static void link_check(const struct vector_json *vector, const struct wmbus_frame *frame)
{
    const json_t *meaning = vector->meaning;
    char control[3];
    char manufacturer[WMBUS_MANUFACTURER_TEXT_SIZE];
    char number[WMBUS_NUMBER_TEXT_SIZE];

    assert_int_equal(frame->format, format_of(vector_json_text(meaning, "dll_crc")));
    assert_int_equal(frame->length, vector_json_integer(meaning, "l", -1));
    (void)snprintf(control, sizeof control, "%02X", frame->control);
    assert_string_equal(control, vector_json_text(meaning, "c"));
    wmbus_address_manufacturer_text(&frame->address, manufacturer);
    assert_string_equal(manufacturer, vector_json_text(meaning, "manufacturer"));
    wmbus_address_number_text(&frame->address, number);
    assert_string_equal(number, vector_json_text(meaning, "id"));
    assert_int_equal(wmbus_address_version(&frame->address), vector_json_integer(meaning, "version", -1));
    assert_int_equal(wmbus_address_type(&frame->address), vector_json_integer(meaning, "type", -1));
}

static void vector_check(const struct vector_json *vector, void *context)
{
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_frame frame;
    size_t error_offset = SIZE_MAX;
    int result = wmbus_frame_decode(vector->frame, buffer, &frame, &error_offset);

    ++*(size_t *)context;
    if (!json_is_true(json_object_get(vector->meaning, "valid"))) {
        assert_string_equal(vector_json_text(vector->meaning, "reason"), "data-link CRC mismatch");
        assert_int_equal(result, CODEC_ERR_CHECKSUM);
        assert_true(error_offset < vector->frame.size);
        return;
    }
    assert_int_equal(result, 0);
    link_check(vector, &frame);
}

static void vectors_have_the_link_layer_they_say(void **state)
{
    (void)state;
    size_t count = 0;
    vector_json_each(VECTORS, vector_check, &count);
    assert_true(count >= 200);
}

/* A telegram with random content of the given size. */
static void telegram_make(struct random *random, size_t size, uint8_t *telegram)
{
    for (size_t i = 0; i < size; i++)
        telegram[i] = (uint8_t)random_next(random);
    telegram[0] = (uint8_t)(size - 1);
}

static void frame_round_trip(struct random *random, enum wmbus_format format, size_t size)
{
    uint8_t telegram[WMBUS_TELEGRAM_LIMIT];
    uint8_t air[WMBUS_AIR_LIMIT];
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_frame frame;
    size_t error_offset;

    telegram_make(random, size, telegram);
    struct wmbus_address address = wmbus_address_of_link(telegram + 2);
    assert_int_equal(wmbus_frame_encode(format, telegram[1], &address, span_of_bytes(telegram + 10, size - 10), &out),
                     0);
    assert_int_equal(out.size, wmbus_block_air_size(format, size));
    assert_int_equal(wmbus_frame_decode(writer_span(&out), buffer, &frame, &error_offset), 0);
    assert_int_equal(frame.format, format);
    assert_int_equal(frame.telegram.size, size);
    assert_memory_equal(frame.telegram.bytes, telegram, size);
    for (size_t i = 1; i < size; i++)
        assert_int_equal(air[wmbus_frame_offset(&frame, i)], telegram[i]);
}

static void every_size_goes_there_and_back_in_both_formats(void **state)
{
    (void)state;
    struct random random = random_of_seed(13757);

    for (size_t size = WMBUS_FRAME_HEAD_SIZE; size <= WMBUS_TELEGRAM_LIMIT; size++)
        frame_round_trip(&random, WMBUS_FORMAT_A, size);
    for (size_t size = WMBUS_FRAME_HEAD_SIZE; size <= WMBUS_TELEGRAM_LIMIT_B; size++)
        frame_round_trip(&random, WMBUS_FORMAT_B, size);
}

static void what_does_not_fit_a_format_is_refused(void **state)
{
    (void)state;
    uint8_t data[WMBUS_TELEGRAM_LIMIT] = { 0x78 };
    uint8_t air[WMBUS_AIR_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_address address;

    assert_int_equal(wmbus_address_make("KAM", "12345678", 1, 7, &address), 0);
    assert_int_equal(wmbus_frame_encode(WMBUS_FORMAT_B, 0x44, &address, span_of_bytes(data, 243), &out),
                     CODEC_ERR_TOO_LONG);
    assert_int_equal(wmbus_frame_encode(WMBUS_FORMAT_A, 0x44, &address, span_of_bytes(data, 247), &out),
                     CODEC_ERR_TOO_LONG);
    assert_int_equal(out.size, 0);
    assert_int_equal(wmbus_address_make("KaM", "1", 1, 7, &address), CODEC_ERR_FORMAT);
    assert_int_equal(wmbus_address_make("KAMS", "1", 1, 7, &address), CODEC_ERR_FORMAT);
    assert_int_equal(wmbus_address_make("KAM", "123456789", 1, 7, &address), CODEC_ERR_TOO_LONG);
}

/* A frame with check sums that lost its end or got one bit turned is never taken for a frame with check sums. (Without
 * them one turned bit in 65536 makes the last two bytes look like the check sum of format B.) */
static void damage_check(const struct vector_json *vector, void *context)
{
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_frame frame;
    size_t error_offset = 0;
    size_t *damaged = context;
    const char *format = vector_json_text(vector->meaning, "dll_crc");
    bool had_check_sums = format != NULL && format_of(format) != WMBUS_FORMAT_STRIPPED;

    for (size_t size = 0; size < vector->frame.size; size++) {
        uint8_t *part = malloc(size > 0 ? size : 1); /* its own block, so that the sanitizer sees every step outside */
        memcpy(part, vector->bytes, size);
        int result = wmbus_frame_decode(span_of_bytes(part, size), buffer, &frame, &error_offset);
        assert_true(result < 0 || frame.format == WMBUS_FORMAT_STRIPPED);
        assert_true(result == 0 || error_offset <= size);
        free(part);
    }
    for (size_t bit = 0; bit < 8 * vector->frame.size; bit++) {
        uint8_t copy[VECTOR_FRAME_LIMIT];
        memcpy(copy, vector->bytes, vector->frame.size);
        copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ 1u << bit % 8);
        int result = wmbus_frame_decode(span_of_bytes(copy, vector->frame.size), buffer, &frame, &error_offset);
        if (had_check_sums)
            assert_true(result < 0 || frame.format == WMBUS_FORMAT_STRIPPED);
        *damaged += result < 0;
    }
}

static void damage_is_seen(void **state)
{
    (void)state;
    size_t damaged = 0;
    vector_json_each(VECTORS, damage_check, &damaged);
    assert_true(damaged > 10000);
}

static size_t read_hex(const char *text, uint8_t *out)
{
    int size = hex_decode(span_of_text(text), out, WMBUS_AIR_LIMIT);
    assert_true(size > 0);
    return (size_t)size;
}

static const char frame_b[] = "1444AE0C7856341201078C2027780B134365877AC5";
static const char frame_a[] =
    "2E44931578563412330333637A2A0020255923C95AAA26D1B2E7493BC2AD013EC4A6F6D3529B520EDFF0EA6DE"
    "FC955B29D6D69EBF3EC8A";

static void frames_are_found_behind_junk(void **state)
{
    (void)state;
    uint8_t stream[1024] = { 0x14, 0x44, 0x2e, 0xff };
    size_t skip;
    size_t first = read_hex(frame_a, stream + 4);
    size_t second = read_hex(frame_b, stream + 4 + first);
    size_t total = 4 + first + second;

    assert_int_equal(wmbus_frame_find(span_of_bytes(stream, total), &skip), first);
    assert_int_equal(skip, 4);
    stream[4 + 20] ^= 1; /* the damaged one is passed over */
    assert_int_equal(wmbus_frame_find(span_of_bytes(stream, total), &skip), second);
    assert_int_equal(skip, 4 + first);
}

static void an_unfinished_frame_is_kept(void **state)
{
    (void)state;
    uint8_t stream[1024] = { 0xff, 0xee, 0x00 };
    size_t skip;
    size_t size = read_hex(frame_a, stream + 3);

    for (size_t end = 3; end < 3 + size; end++) {
        assert_int_equal(wmbus_frame_find(span_of_bytes(stream, end), &skip), 0);
        assert_true(skip <= 3);
    }
    assert_int_equal(wmbus_frame_find(span_of_bytes(stream, 3 + size), &skip), size);
    assert_int_equal(skip, 3);
    assert_int_equal(wmbus_frame_find(span_of_bytes(stream, 0), &skip), 0);
    assert_int_equal(skip, 0);
    memset(stream, 0x31, sizeof stream); /* neither a check sum nor a C field fits: only the last bytes may go on */
    assert_int_equal(wmbus_frame_find(span_of_bytes(stream, 100), &skip), 0);
    assert_int_equal(skip, 100 - 11);
    memset(stream, 0, sizeof stream); /* L = 0 begins nothing */
    assert_int_equal(wmbus_frame_find(span_of_bytes(stream, sizeof stream), &skip), 0);
    assert_int_equal(skip, sizeof stream);
}

static void sizes_that_do_not_fit_are_named(void **state)
{
    (void)state;
    uint8_t bytes[WMBUS_AIR_LIMIT];
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_frame frame;
    size_t error_offset;
    size_t size = read_hex(frame_a, bytes);

    assert_int_equal(wmbus_frame_decode(span_of_bytes(bytes, size - 1), buffer, &frame, &error_offset),
                     CODEC_ERR_SHORT);
    assert_int_equal(error_offset, size - 1);
    bytes[size] = 0x55;
    assert_int_equal(wmbus_frame_decode(span_of_bytes(bytes, size + 1), buffer, &frame, &error_offset),
                     CODEC_ERR_TRAILING);
    assert_int_equal(error_offset, size);
    bytes[0] = 8;
    assert_int_equal(wmbus_frame_decode(span_of_bytes(bytes, 9), buffer, &frame, &error_offset), CODEC_ERR_FORMAT);
    assert_int_equal(error_offset, 0);
    assert_int_equal(wmbus_frame_decode(span_of_bytes(bytes, 0), buffer, &frame, &error_offset), CODEC_ERR_EMPTY);
}

/* Two check sums, one of them wrong: that is a damaged frame of format B, not one without check sums. */
static void half_right_is_damaged(void **state)
{
    (void)state;
    uint8_t data[150] = { 0x78 };
    uint8_t air[WMBUS_AIR_LIMIT];
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_address address;
    struct wmbus_frame frame;
    size_t error_offset;

    assert_int_equal(wmbus_address_make("ELS", "1", 2, 7, &address), 0);
    assert_int_equal(wmbus_frame_encode(WMBUS_FORMAT_B, 0x44, &address, span_of_bytes(data, sizeof data), &out), 0);
    air[50] ^= 0x10;
    assert_int_equal(wmbus_frame_decode(writer_span(&out), buffer, &frame, &error_offset), CODEC_ERR_CHECKSUM);
    assert_int_equal(error_offset, 126);
    air[50] ^= 0x10;
    air[140] ^= 0x10;
    assert_int_equal(wmbus_frame_decode(writer_span(&out), buffer, &frame, &error_offset), CODEC_ERR_CHECKSUM);
    assert_int_equal(error_offset, out.size - 2);
}

static void belief_check(const struct vector_json *vector, void *context)
{
    const struct explain_protocol *protocol = explain_protocol_find("wmbus");
    const char *format = vector_json_text(vector->meaning, "dll_crc");
    enum explain_belief belief = protocol->recognise(vector->frame);

    (void)context;
    assert_ptr_equal(explain_protocol_guess(vector->frame), protocol);
    if (format == NULL)
        assert_int_equal(belief, EXPLAIN_LIKELY);
    else if (format_of(format) != WMBUS_FORMAT_STRIPPED)
        assert_int_equal(belief, EXPLAIN_CERTAIN);
    else
        assert_int_equal(belief, EXPLAIN_PROBABLE);
}

/* Cut off by its last bytes, or with the signal strength of a receiver behind it: still taken for what it is, and
 * refused.
 */
static void cut_check(const struct vector_json *vector, void *context)
{
    uint8_t bytes[VECTOR_FRAME_LIMIT];
    const struct explain_protocol *protocol = explain_protocol_find("wmbus");
    size_t *recognised = context;

    memcpy(bytes, vector->bytes, vector->frame.size);
    bytes[vector->frame.size] = 0xbd;
    recognised[0] += explain_protocol_guess(span_of_bytes(bytes, vector->frame.size - 3)) == protocol;
    recognised[1] += explain_protocol_guess(span_of_bytes(bytes, vector->frame.size + 1)) == protocol;
}

static void cut_telegrams_are_recognised(void **state)
{
    (void)state;
    size_t recognised[2] = { 0, 0 };
    vector_json_each(VECTORS, cut_check, recognised);
    assert_true(recognised[0] > 195 && recognised[1] > 195); /* a few have numbers with letters */
}

static void telegrams_are_recognised(void **state)
{
    (void)state;
    vector_json_each(VECTORS, belief_check, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_have_the_link_layer_they_say),
        cmocka_unit_test(every_size_goes_there_and_back_in_both_formats),
        cmocka_unit_test(what_does_not_fit_a_format_is_refused),
        cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(frames_are_found_behind_junk),
        cmocka_unit_test(an_unfinished_frame_is_kept),
        cmocka_unit_test(sizes_that_do_not_fit_are_named),
        cmocka_unit_test(half_right_is_damaged),
        cmocka_unit_test(telegrams_are_recognised),
        cmocka_unit_test(cut_telegrams_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
