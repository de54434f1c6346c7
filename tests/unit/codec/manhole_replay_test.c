#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/manhole/manhole_replay.h"

static const struct manhole_upload_answer stored = { MANHOLE_UPLOAD_STORED, 1, 20, 100, 3 };

static enum manhole_replay_verdict judge(const struct manhole_replay *replay, uint32_t sequence, uint32_t time_s,
                                         const char *packet, struct manhole_upload_answer *answer)
{
    return manhole_replay_judge(replay, sequence, time_s, span_of_text(packet), answer);
}

static void a_repetition_gets_the_same_answer(void **state)
{
    (void)state;
    struct manhole_replay replay;
    struct manhole_upload_answer answer;

    memset(&replay, 0, sizeof replay);
    memset(&answer, 0, sizeof answer);
    assert_int_equal(judge(&replay, 7, 1000, "packet", &answer), MANHOLE_REPLAY_NEW);
    manhole_replay_remember(&replay, 7, 1000, span_of_text("packet"), &stored);
    assert_int_equal(judge(&replay, 7, 1000, "packet", &answer), MANHOLE_REPLAY_REPEAT);
    assert_int_equal(answer.wait_s, 20);
    assert_int_equal(answer.platform_time_s, 100);
    assert_int_equal(answer.requests_pending, 3);
    assert_int_equal(judge(&replay, 7, 1000, "other!", &answer), MANHOLE_REPLAY_REFUSED);
    assert_int_equal(judge(&replay, 7, 1000, "longer packet", &answer), MANHOLE_REPLAY_REFUSED);
    assert_int_equal(judge(&replay, 8, 1000, "packet", &answer), MANHOLE_REPLAY_NEW);
    assert_int_equal(judge(&replay, 7, 999, "packet", &answer), MANHOLE_REPLAY_NEW); /* late, but never seen */
}

/* However many packets come and in whatever order: none is ever new twice. */
static void nothing_is_new_twice(void **state)
{
    (void)state;
    static const uint32_t order[] = { 5, 3, 9, 1, 7 };
    struct manhole_replay replay;
    struct manhole_upload_answer answer;

    memset(&replay, 0, sizeof replay);
    for (uint32_t i = 0; i < 100; i++) {
        uint32_t time_s = 1000 + 10 * (i / 5) + order[i % 5];
        assert_int_equal(judge(&replay, i, time_s, "x", &answer), MANHOLE_REPLAY_NEW);
        manhole_replay_remember(&replay, i, time_s, span_of_text("x"), &stored);
        for (uint32_t j = 0; j <= i; j++) {
            uint32_t old_s = 1000 + 10 * (j / 5) + order[j % 5];
            assert_int_not_equal(judge(&replay, j, old_s, "x", &answer), MANHOLE_REPLAY_NEW);
        }
    }
    assert_int_equal(replay.count, MANHOLE_REPLAY_PAIRS);
    assert_int_equal(judge(&replay, 0, 1005, "x", &answer), MANHOLE_REPLAY_REFUSED);
    assert_int_equal(judge(&replay, 99, 1197, "x", &answer), MANHOLE_REPLAY_REPEAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repetition_gets_the_same_answer),
        cmocka_unit_test(nothing_is_new_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
