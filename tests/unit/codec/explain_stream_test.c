#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_stream.h"

#define ELECTRICITY "6861010000000068910833333433593333338a16"
#define WATER "68104433221100337881161f9000007766552c007766552c3101221105152021841316"
#define WATER_DAMAGED "68104433221100337881161f9000007766552c007766552c3101221105152021841416"
/* A concentrator's frame that carries a meter's frame. */
#define FORWARDED "688e008e0068a8000234120410e5000001001f0c0068611001301215689c0035164f000527040022053b16"

static struct span bytes_of(const char *hex, uint8_t *bytes, size_t capacity)
{
    int size = hex_decode(span_of_text(hex), bytes, capacity);
    assert_true(size >= 0);
    return span_of_bytes(bytes, (size_t)size);
}

/* The parts as "protocol@offset+size ", "-" for none. */
static void expect_parts(const char *hex, const char *only, const char *expected)
{
    uint8_t bytes[512];
    char text[256];
    struct writer out = writer_of_buffer(text, sizeof text);
    struct explain_stream stream =
        explain_stream_of(bytes_of(hex, bytes, sizeof bytes), only == NULL ? NULL : explain_protocol_find(only));
    struct explain_piece piece;

    while (explain_stream_next(&stream, &piece))
        writer_format(&out, "%s@%zu+%zu ", piece.protocol == NULL ? "-" : piece.protocol->name, piece.offset,
                      piece.size);
    assert_string_equal(writer_terminate(&out), expected);
}

static void frames_of_several_protocols_are_found_between_junk(void **state)
{
    (void)state;
    expect_parts("", NULL, "");
    expect_parts("0001ff", NULL, "-@0+3 ");
    expect_parts(ELECTRICITY, NULL, "dlt645@0+20 ");
    expect_parts("00ff" ELECTRICITY "55" WATER ELECTRICITY "aa", NULL,
                 "-@0+2 dlt645@2+20 -@22+1 cjt188@23+35 dlt645@58+20 -@78+1 ");
}

static void wake_up_bytes_belong_to_their_frame(void **state)
{
    (void)state;
    expect_parts("fefefefe" ELECTRICITY, NULL, "dlt645@0+24 ");
}

static void a_frame_inside_another_is_part_of_it(void **state)
{
    (void)state;
    expect_parts("00" FORWARDED, NULL, "-@0+1 q376@1+43 ");
}

static void one_protocol_may_be_asked_for(void **state)
{
    (void)state;
    expect_parts(ELECTRICITY WATER, "cjt188", "-@0+20 cjt188@20+35 ");
}

static void a_damaged_frame_between_others_is_told_as_what_it_is(void **state)
{
    (void)state;
    expect_parts(ELECTRICITY WATER_DAMAGED ELECTRICITY, NULL, "dlt645@0+20 cjt188@20+35 dlt645@55+20 ");
}

static void a_long_row_of_junk_is_no_frame(void **state)
{
    (void)state;
    static uint8_t bytes[3000];
    struct explain_piece piece;

    memset(bytes, 0x68, sizeof bytes); /* as a wired M-Bus frame begins */
    struct explain_stream stream = explain_stream_of(span_of_bytes(bytes, sizeof bytes), NULL);
    assert_true(explain_stream_next(&stream, &piece));
    assert_null(piece.protocol);
    assert_int_equal(piece.size, sizeof bytes);
    assert_false(explain_stream_next(&stream, &piece));
}

static void expect_guess(const char *hex, size_t size, const char *protocol)
{
    uint8_t bytes[256];
    struct span frame = bytes_of(hex, bytes, sizeof bytes);

    frame.size = size < frame.size ? size : frame.size;
    assert_string_equal(explain_protocol_guess(frame)->name, protocol);
}

static void a_cut_frame_is_guessed_by_its_beginning(void **state)
{
    (void)state;
    expect_guess(ELECTRICITY, 8, "dlt645");
    expect_guess(ELECTRICITY, 19, "dlt645");
    expect_guess(ELECTRICITY "00", 21, "dlt645");
    expect_guess("fefe" WATER, 20, "cjt188");
    expect_guess(FORWARDED, 6, "q376");
    expect_guess("680b0b6853fd52fffffff2ffffffff8d16", 9, "mbus");
    expect_guess("4a4700170108", 6, "manhole");
    expect_guess("485701044401", 6, "hotwater");
    expect_guess("2e4493157856341233037a2a0020255923c9", 18, "wmbus");
    expect_guess("62441234abcd", 6, "coap"); /* 2.04, though 44 is a wireless meter's control field */
}

static void a_marred_frame_is_guessed_by_its_length_and_end(void **state)
{
    (void)state;
    expect_guess("6878563412000069910833333433383333331b16", 20, "dlt645"); /* the second start */
    expect_guess("6812907856341269910833333433896745335416", 20, "dlt645"); /* and 12H is a type of CJ/T 188 */
    expect_guess("6816156808017278563412"
                 "2d2c010205000000"
                 "0c13785634122316",
                 27, "mbus"); /* the first length */
    expect_guess("6815166808017278563412"
                 "2d2c010205000000"
                 "0c13785634122316",
                 27, "mbus");
    expect_guess("685e005a00688801333412020c61010201100005211126000056341200"
                 "7e16",
                 31, "q376");
    expect_guess("685e005e00698801333422020c61010201100005211126000056341200"
                 "7e16",
                 31, "q376");
    expect_guess("685e005e00688801333412020c61010201100005211126000056341200"
                 "7f16",
                 31, "q376"); /* the check */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_marred_frame_is_guessed_by_its_length_and_end),
        cmocka_unit_test(frames_of_several_protocols_are_found_between_junk),
        cmocka_unit_test(wake_up_bytes_belong_to_their_frame),
        cmocka_unit_test(a_frame_inside_another_is_part_of_it),
        cmocka_unit_test(one_protocol_may_be_asked_for),
        cmocka_unit_test(a_damaged_frame_between_others_is_told_as_what_it_is),
        cmocka_unit_test(a_long_row_of_junk_is_no_frame),
        cmocka_unit_test(a_cut_frame_is_guessed_by_its_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
