/* Series blocks: what goes in comes out, in the bytes that the header promises, and no other bytes are believed. */
#include "tests/unit/unit_test.h"

#include <stdbool.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "reading/series_block.h"

#define ROUNDS 1000
#define LONGEST SERIES_BLOCK_VALUE_LIMIT
#define FIRST_SLOT 1963584

static int64_t values[LONGEST];
static uint8_t states[LONGEST];
static int64_t back_values[LONGEST + 20];
static uint8_t back_states[LONGEST + 20];
static uint8_t block[16 * LONGEST];

struct golden {
    enum series_period period;
    int64_t first_slot;
    size_t count;
    int64_t values[8];
    uint8_t states[8];
    bool plain;
    const char *hex;
};

static const struct golden goldens[] = {
    { SERIES_QUARTER_HOUR, 1963584, 8,
      { 123450000, 123470000, 123470000, 123470000, 123500000, 123510000, 125510000, 125500000 }, { 0 }, true,
      "4a80d9ef0108904ea0cadd750a0195ffffe46401" },
    { SERIES_HOUR, -3, 6, { 2300, 2311, 0, 0, 2297, 2305 }, { 0, 0, 255, 255, 1, 0 }, false, "6c050601f823004501c022acda00" },
    { SERIES_DAY, 20454, 6, { 0, 500, 1000, 1501, 2001, 2500 }, { 0 }, true, "55ccbf020601000bffffc9fa0000204080" },
    { SERIES_MONTH, 672, 2, { 0 }, { 255, 255 }, false, "66c00a020100ff4000" },
};

static void golden_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++) {
        const struct golden *golden = &goldens[i];
        struct series_stretch stretch = { golden->period, golden->first_slot, golden->count, golden->values,
                                          golden->plain ? NULL : golden->states };
        uint8_t expected[64];
        size_t size = strlen(golden->hex) / 2;
        assert_int_equal(hex_decode(span_of_text(golden->hex), expected, sizeof expected), (int)size);
        assert_int_equal(series_block_encode(&stretch, block, sizeof block), (int)size);
        assert_memory_equal(block, expected, size);
        struct series_head head;
        assert_int_equal(series_block_head(span_of_bytes(expected, size), &head), 0);
        assert_int_equal(head.period, golden->period);
        assert_int_equal(head.first_slot, golden->first_slot);
        assert_int_equal(head.count, golden->count);
    }
}

/* Numbers of every size, mostly small, sometimes a jump over the whole range. */
static int64_t step_make(struct random *random, unsigned manner)
{
    if (manner == 0)
        return (int64_t)random_next(random);
    if (random_chance(random, 1, 200))
        return (int64_t)(random_next(random) >> random_below(random, 64));
    if (manner == 1)
        return random_chance(random, 4, 5) ? 0 : random_between(random, 1, 40);
    return random_between(random, manner == 2 ? 0 : -9, INT64_C(1) << random_below(random, manner * 6));
}

static size_t stretch_make(struct random *random, struct series_stretch *stretch)
{
    unsigned manner = (unsigned)random_below(random, 6);
    uint64_t unit = random_chance(random, 1, 2) ? random_below(random, 20000) + 1 : 1;
    uint64_t value = random_chance(random, 1, 3) ? random_next(random) : random_below(random, 1000000) * unit;
    bool odd_states = random_chance(random, 1, 2);
    size_t count = random_chance(random, 1, 20) ? LONGEST : random_below(random, 200) + 1;
    for (size_t i = 0; i < count; i++) {
        values[i] = (int64_t)value;
        states[i] = 0;
        value += (uint64_t)step_make(random, manner) * unit;
        if (odd_states && random_chance(random, 1, 9))
            states[i] = random_chance(random, 1, 2) ? SERIES_STATE_GAP : (uint8_t)random_next(random);
        else if (odd_states && i > 0 && random_chance(random, 2, 3))
            states[i] = states[i - 1];
        if (states[i] == SERIES_STATE_GAP)
            values[i] = 0;
    }
    *stretch = (struct series_stretch){ (enum series_period)random_below(random, SERIES_PERIOD_COUNT),
                                        random_between(random, -5000000, 5000000), count, values,
                                        odd_states ? states : NULL };
    return count;
}

static size_t encode(const struct series_stretch *stretch)
{
    size_t bound = series_block_bound(stretch->count);
    int size = series_block_encode(stretch, block, bound);
    assert_true(size > 0 && (size_t)size <= bound);
    assert_int_equal(series_block_encode(stretch, NULL, 0), size);
    return (size_t)size;
}

static int present_count(size_t from, size_t count)
{
    int present = 0;
    for (size_t i = 0; i < count; i++)
        present += states[from + i] != SERIES_STATE_GAP;
    return present;
}

static void out_is_in(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random random = random_of_seed(seed);
        struct series_stretch stretch;
        size_t count = stretch_make(&random, &stretch);
        struct span bytes = span_of_bytes(block, encode(&stretch));
        assert_int_equal(series_block_decode(bytes, stretch.first_slot, count, back_values, back_states),
                         present_count(0, count));
        assert_memory_equal(back_values, values, count * sizeof values[0]);
        assert_memory_equal(back_states, states, count);
    }
}

static void a_stretch_is_a_part_of_the_whole(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random random = random_of_seed(seed);
        struct series_stretch stretch;
        size_t count = stretch_make(&random, &stretch);
        struct span bytes = span_of_bytes(block, encode(&stretch));
        int64_t from = random_between(&random, -10, (int64_t)count + 10);
        size_t wanted = random_below(&random, count + 20);
        int present = series_block_decode(bytes, stretch.first_slot + from, wanted, back_values, back_states);
        int expected = 0;
        for (size_t i = 0; i < wanted; i++) {
            int64_t at = from + (int64_t)i;
            bool inside = at >= 0 && at < (int64_t)count && states[at] != SERIES_STATE_GAP;
            expected += inside;
            assert_int_equal(back_states[i], inside ? states[at] : SERIES_STATE_GAP);
            assert_true(back_values[i] == (inside ? values[at] : 0));
        }
        assert_int_equal(present, expected);
    }
}

static void ends_of_the_range_come_back(void **state)
{
    (void)state;
    const int64_t ends[] = { INT64_MIN, INT64_MAX, INT64_MIN, 0, INT64_MAX, INT64_MAX, -1, INT64_MIN, INT64_MIN + 2 };
    const size_t count = sizeof ends / sizeof ends[0];
    for (size_t length = 1; length <= count; length++) {
        struct series_stretch stretch = { SERIES_MONTH, INT64_MIN, length, ends, NULL };
        struct span bytes = span_of_bytes(block, encode(&stretch));
        assert_int_equal(series_block_decode(bytes, INT64_MIN, length, back_values, back_states), (int)length);
        assert_memory_equal(back_values, ends, length * sizeof ends[0]);
    }
}

static void common_steps_cost_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < 96; i++)
        values[i] = 77 + (int64_t)i % 7 * 360000;
    struct series_stretch coarse = { SERIES_QUARTER_HOUR, FIRST_SLOT, 96, values, NULL };
    size_t size = encode(&coarse);
    for (size_t i = 0; i < 96; i++)
        values[i] = 77 + (int64_t)i % 7;
    assert_true(size <= encode(&coarse) + 2);
    for (size_t i = 0; i < 2880; i++)
        values[i] = 4711;
    coarse.count = 2880;
    assert_true(encode(&coarse) < 20);
}

static void states_of_one_kind_cost_nothing(void **state)
{
    (void)state;
    struct series_stretch plain = { SERIES_QUARTER_HOUR, FIRST_SLOT, 96, values, NULL };
    for (size_t i = 0; i < 96; i++)
        values[i] = (int64_t)i * 250 + (int64_t)(i * 7 % 17);
    size_t size = encode(&plain);
    memset(states, 0, sizeof states);
    plain.states = states;
    assert_int_equal(encode(&plain), size);
    memset(states, 3, sizeof states);
    assert_true(encode(&plain) <= size + 3);
    states[40] = SERIES_STATE_GAP;
    assert_true(encode(&plain) <= size + 10); /* a run, a state, a run, back, a run, the double step */
}

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    struct series_stretch stretch = { SERIES_DAY, 0, 0, values, NULL };
    assert_int_equal(series_block_encode(&stretch, block, sizeof block), BASE_ERR_RANGE);
    stretch.count = SERIES_BLOCK_VALUE_LIMIT + 1;
    assert_int_equal(series_block_encode(&stretch, block, sizeof block), BASE_ERR_RANGE);
    stretch.count = 90;
    stretch.period = SERIES_PERIOD_COUNT;
    assert_int_equal(series_block_encode(&stretch, block, sizeof block), BASE_ERR_RANGE);
    stretch.period = SERIES_DAY;
    size_t size = encode(&stretch);
    block[size - 1] = 0xa5;
    assert_int_equal(series_block_encode(&stretch, block, size - 1), BASE_ERR_FULL);
    assert_int_equal(block[size - 1], 0xa5);
}

/* Every block cut short, and every one with a byte more, is refused. */
static void damaged_ends_are_refused(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct random random = random_of_seed(seed);
        struct series_stretch stretch;
        stretch_make(&random, &stretch);
        stretch.count = stretch.count > 60 ? 60 : stretch.count;
        size_t size = encode(&stretch);
        block[size] = 0;
        assert_true(series_block_decode(span_of_bytes(block, size + 1), stretch.first_slot, stretch.count, back_values,
                                        back_states) < 0);
        for (size_t cut = 0; cut < size; cut++)
            assert_true(series_block_decode(span_of_bytes(block, cut), stretch.first_slot, stretch.count, back_values,
                                            back_states) < 0);
    }
}

static void heads_that_lie_are_refused(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "", "4a", "8a000101000000", "4f000101000000", "5a000101000000", /* version 2, period 7, order 3 */
        "4a000001000000", "4a008120010000", "4a000100000000",           /* no slot, too many, divisor 0 */
        "4affffffffffffffffff7f01010000", "4affffffffffffffffffff0101010000", /* varints beyond 64 bits */
        "4a00010100ff", "4a0001010000ff",                               /* parameter too large; more bytes than needed */
        "6a000201000000", "6a00020100011c00", "6a000301000060",         /* states: a run too long, one that changes nothing */
    };
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        uint8_t bytes[32];
        int size = hex_decode(span_of_text(lies[i]), bytes, sizeof bytes);
        assert_true(size >= 0);
        assert_true(series_block_decode(span_of_bytes(bytes, (size_t)size), 0, 8, back_values, back_states) < 0);
    }
    uint8_t one_value[] = { 0x4a, 0, 1, 1, 0, 0 };
    assert_int_equal(series_block_decode(span_of_bytes(one_value, 6), 0, 8, back_values, back_states), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_bytes),
        cmocka_unit_test(out_is_in),
        cmocka_unit_test(a_stretch_is_a_part_of_the_whole),
        cmocka_unit_test(ends_of_the_range_come_back),
        cmocka_unit_test(common_steps_cost_nothing),
        cmocka_unit_test(states_of_one_kind_cost_nothing),
        cmocka_unit_test(what_cannot_be_written_is_refused),
        cmocka_unit_test(damaged_ends_are_refused),
        cmocka_unit_test(heads_that_lie_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
