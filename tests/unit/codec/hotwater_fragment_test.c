#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_fragment.h"

#define PIECES 64

/* All fragments of one frame. */
struct pieces {
    uint8_t bytes[PIECES][HOTWATER_REASSEMBLY_LIMIT + 1];
    struct span spans[PIECES];
    size_t count;
};

static uint8_t frame_bytes[HOTWATER_REASSEMBLY_LIMIT + 1];
static struct pieces pieces;
static struct hotwater_reassembler reassembler;

static void cut(size_t size, size_t att_size)
{
    struct hotwater_fragmenter fragmenter;
    int result;

    for (size_t i = 0; i < sizeof frame_bytes; i++)
        frame_bytes[i] = (uint8_t)(i * 7 + i / 256);
    assert_int_equal(hotwater_fragmenter_start(&fragmenter, span_of_bytes(frame_bytes, size), att_size), 0);
    for (pieces.count = 0;; pieces.count++) {
        assert_true(pieces.count < PIECES);
        struct writer out = writer_of_buffer(pieces.bytes[pieces.count], att_size);
        result = hotwater_fragmenter_next(&fragmenter, &out);
        if (result == 0)
            break;
        assert_int_equal(result, 1);
        pieces.spans[pieces.count] = writer_span(&out);
    }
    memset(&reassembler, 0, sizeof reassembler);
}

static int take(size_t index, int64_t now_ms)
{
    struct span frame;
    int result = hotwater_reassembler_take(&reassembler, pieces.spans[index], now_ms, &frame);
    if (result == 1)
        assert_memory_equal(frame.bytes, frame_bytes, frame.size);
    return result;
}

static void frames_of_every_size_come_back(void **state)
{
    (void)state;
    for (size_t size = 1; size <= HOTWATER_REASSEMBLY_LIMIT; size += size < 60 ? 1 : 37) {
        struct span frame = { NULL, 0 };
        cut(size, HOTWATER_ATT_SIZE);
        assert_int_equal(pieces.count, (size + 18) / 19);
        for (size_t i = 0; i + 1 < pieces.count; i++)
            assert_int_equal(hotwater_reassembler_take(&reassembler, pieces.spans[i], 0, &frame), 0);
        assert_int_equal(hotwater_reassembler_take(&reassembler, pieces.spans[pieces.count - 1], 0, &frame), 1);
        assert_true(span_equal(frame, span_of_bytes(frame_bytes, size)));
    }
}

static void heads_say_first_last_and_number(void **state)
{
    (void)state;
    cut(50, HOTWATER_ATT_SIZE);
    assert_int_equal(pieces.bytes[0][0], 0x80);
    assert_int_equal(pieces.bytes[1][0], 0x01);
    assert_int_equal(pieces.bytes[2][0], 0x42);
    cut(5, HOTWATER_ATT_SIZE);
    assert_int_equal(pieces.bytes[0][0], 0xc0);
}

static void lost_fragments_lose_the_frame(void **state)
{
    (void)state;
    cut(100, HOTWATER_ATT_SIZE);
    for (size_t lost = 0; lost + 1 < pieces.count; lost++) {
        int result = 0;
        for (size_t i = 0; i < pieces.count && result == 0; i++)
            if (i != lost)
                result = take(i, 0);
        assert_int_equal(result, CODEC_ERR_ORDER);
        assert_int_equal(take(lost + 1, 0), CODEC_ERR_ORDER); /* dropped for good: the first must come again */
    }
    for (size_t i = 0; i + 1 < pieces.count; i++)
        assert_int_equal(take(i, 0), 0);
    assert_int_equal(take(pieces.count - 1, 0), 1);
}

static void duplicates_are_passed_over(void **state)
{
    (void)state;
    cut(100, HOTWATER_ATT_SIZE);
    for (size_t i = 0; i < pieces.count; i++) {
        bool is_last = i + 1 == pieces.count;
        assert_int_equal(take(i, 0), is_last ? 1 : 0);
        assert_int_equal(take(i, 0), 0);
    }
    /* the same number with other content is no duplicate */
    take(0, 0);
    take(1, 0);
    pieces.bytes[1][5] ^= 1;
    assert_int_equal(take(1, 0), CODEC_ERR_ORDER);
    pieces.bytes[1][5] ^= 1;
    take(0, 0);
    take(1, 0);
    uint8_t end[] = { 1, pieces.bytes[1][18], pieces.bytes[1][19] }; /* nor is the same number with the end of it */
    struct span frame;
    assert_int_equal(hotwater_reassembler_take(&reassembler, span_of_bytes(end, sizeof end), 0, &frame),
                     CODEC_ERR_ORDER);
}

static void overtaking_loses_the_frame(void **state)
{
    (void)state;
    cut(100, HOTWATER_ATT_SIZE);
    assert_int_equal(take(0, 0), 0);
    assert_int_equal(take(2, 0), CODEC_ERR_ORDER);
    assert_int_equal(take(1, 0), CODEC_ERR_ORDER);
}

static void a_first_fragment_begins_anew(void **state)
{
    (void)state;
    cut(57, HOTWATER_ATT_SIZE);
    assert_int_equal(take(0, 0), 0);
    assert_int_equal(take(1, 0), 0);
    assert_int_equal(take(0, 0), 0);
    assert_int_equal(take(1, 0), 0);
    assert_int_equal(take(2, 0), 1);
}

static void two_seconds_may_lie_between_fragments(void **state)
{
    (void)state;
    cut(57, HOTWATER_ATT_SIZE);
    assert_int_equal(take(0, 5000), 0);
    assert_int_equal(take(1, 7000), 0);
    assert_int_equal(take(2, 9000), 1);
    assert_int_equal(take(0, 10000), 0);
    assert_int_equal(take(1, 12001), CODEC_ERR_SHORT);
    assert_int_equal(take(2, 12001), CODEC_ERR_ORDER);
}

static void frames_have_a_bound(void **state)
{
    (void)state;
    struct hotwater_fragmenter fragmenter;
    uint8_t fragment[100] = { 0x80 };
    struct span frame;
    int result = 0;

    assert_int_equal(hotwater_fragmenter_start(&fragmenter, span_of_bytes(frame_bytes, 1061), 20), CODEC_ERR_RANGE);
    assert_int_equal(hotwater_fragmenter_start(&fragmenter, span_of_bytes(frame_bytes, 0), 20), CODEC_ERR_RANGE);
    assert_int_equal(hotwater_fragmenter_start(&fragmenter, span_of_bytes(frame_bytes, 9), 1), CODEC_ERR_RANGE);
    memset(&reassembler, 0, sizeof reassembler);
    for (uint8_t i = 0; i < 10 && result == 0; i++) {
        result = hotwater_reassembler_take(&reassembler, span_of_bytes(fragment, 100), 0, &frame);
        fragment[0] = (uint8_t)(i + 1);
    }
    assert_int_equal(result, 0); /* 990 bytes */
    fragment[0] = 10;
    assert_int_equal(hotwater_reassembler_take(&reassembler, span_of_bytes(fragment, 72), 0, &frame),
                     CODEC_ERR_TOO_LONG);
    assert_int_equal(hotwater_reassembler_take(&reassembler, span_of_bytes(fragment, 1), 0, &frame), CODEC_ERR_FORMAT);
}

static void a_full_buffer_loses_nothing(void **state)
{
    (void)state;
    struct hotwater_fragmenter fragmenter;
    uint8_t bytes[20];
    struct writer small = writer_of_buffer(bytes, 19);
    struct writer out = writer_of_buffer(bytes, 20);

    assert_int_equal(hotwater_fragmenter_start(&fragmenter, span_of_bytes(frame_bytes, 40), 20), 0);
    assert_int_equal(hotwater_fragmenter_next(&fragmenter, &small), CODEC_ERR_FULL);
    assert_int_equal(small.size, 0);
    assert_int_equal(hotwater_fragmenter_next(&fragmenter, &out), 1);
    assert_int_equal(bytes[0], 0x80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_every_size_come_back),
        cmocka_unit_test(heads_say_first_last_and_number),
        cmocka_unit_test(lost_fragments_lose_the_frame),
        cmocka_unit_test(duplicates_are_passed_over),
        cmocka_unit_test(overtaking_loses_the_frame),
        cmocka_unit_test(a_first_fragment_begins_anew),
        cmocka_unit_test(two_seconds_may_lie_between_fragments),
        cmocka_unit_test(frames_have_a_bound),
        cmocka_unit_test(a_full_buffer_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
