/* The server unpacks blocks of series and of midnights as C packs them (schema/postgres/functions.sql). */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "base/random.h"
#include "reading/midnight_block.h"
#include "reading/reading_store.h"
#include "reading/series_block.h"
#include "store/statement.h"
#include "tests/store/store_fixture.h"

#define ROUNDS 400
#define LONGEST 300
#define STRETCH 78
#define STATEMENTS 4

#define PARTS "CAST(?1 AS bytea), CAST(?2 AS bytea), CAST(?3 AS bytea), CAST(?4 AS bytea)"

enum { POINTS, DAYS, TOTAL, KNOWN };

static const char *const texts[STATEMENTS] = {
    [POINTS] = "SELECT slot, value, state FROM series_points(CAST(?1 AS bytea))",
    [DAYS] = "SELECT day, register_value, total_value, quality, received_s, multiplier_e3 FROM midnight_days(" PARTS ") ORDER BY day",
    [TOTAL] = "SELECT midnight_total(" PARTS ", ?5)",
    [KNOWN] = "SELECT midnights_known(" PARTS ", 78)",
};

static struct store *store;
static struct statement *statements[STATEMENTS];

static int server_open(void **state)
{
    (void)state;
    store = store_fixture_memory();
    for (int i = 0; i < STATEMENTS; i++)
        assert_int_equal(statement_prepare(store, texts[i], &statements[i]), 0);
    return 0;
}

static int server_close(void **state)
{
    (void)state;
    for (int i = 0; i < STATEMENTS; i++)
        statement_finalize(statements[i]);
    store_close(store);
    return 0;
}

/* A step of a kind: none, small, of one width, with a jump now and then, falling, as large as 2^50. */
static int64_t step_make(struct random *random, uint64_t kind)
{
    switch (kind) {
    case 0:
        return random_chance(random, 1, 20) ? 7 : 0;
    case 1:
        return (int64_t)random_below(random, 12);
    case 2:
        return 1000 * (int64_t)random_between(random, -50, 50);
    case 3:
        return random_chance(random, 1, 30) ? (INT64_C(1) << 50) - (int64_t)random_below(random, 1 << 20) : 3;
    case 4:
        return random_chance(random, 1, 40) ? -100000 : (int64_t)random_below(random, 900);
    default:
        return 500 + (int64_t)random_below(random, 2);
    }
}

static size_t series_make(struct random *random, int64_t *values, uint8_t *states)
{
    size_t count = 1 + random_below(random, LONGEST);
    uint64_t kind = random_below(random, 6), gaps = random_below(random, 3) * 10, wide = random_below(random, 2);
    int64_t value = random_between(random, -1000, INT64_C(1) << 40);

    for (size_t i = 0; i < count; i++) {
        value += step_make(random, kind);
        states[i] = random_chance(random, gaps, 100) ? SERIES_STATE_GAP : wide ? (uint8_t)random_below(random, 3) : 0;
        values[i] = states[i] == SERIES_STATE_GAP ? 0 : value;
    }
    return count;
}

static void points_check(const struct series_stretch *stretch)
{
    static uint8_t block[16 * LONGEST + 64];
    int size = series_block_encode(stretch, block, sizeof block);
    struct statement *points = statements[POINTS];

    assert_true(size > 0);
    statement_reset(points);
    statement_bind_bytes(points, 1, block, (size_t)size);
    for (size_t i = 0; i < stretch->count; i++) {
        if (stretch->states[i] == SERIES_STATE_GAP)
            continue;
        assert_int_equal(statement_row(points), 1);
        assert_int_equal(statement_integer(points, 0), stretch->first_slot + (int64_t)i);
        assert_int_equal(statement_integer(points, 1), stretch->values[i]);
        assert_int_equal(statement_integer(points, 2), stretch->states[i]);
    }
    assert_int_equal(statement_row(points), 0);
}

static void a_series_comes_out_as_it_went_in(void **state)
{
    struct random random = random_of_seed(3);
    int64_t values[LONGEST];
    uint8_t states[LONGEST];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = series_make(&random, values, states);
        points_check(&(struct series_stretch){ SERIES_QUARTER_HOUR, random_between(&random, -5, 2000000), count, values, states });
    }
}

/* Of every kind: late ones, gaps, transformers that are changed, totals that go their own way. */
static void midnights_make(struct random *random, struct midnight_days *days)
{
    int64_t dial = (int64_t)random_below(random, 1000000000), apart = 0, ratio_e3 = 1000;

    midnight_days_clear(days);
    for (int32_t i = 0; i < MIDNIGHT_BLOCK_DAYS; i++) {
        int32_t day = STRETCH * MIDNIGHT_BLOCK_DAYS + i;
        int64_t late_s = random_chance(random, 1, 40) ? (int64_t)random_below(random, 400) * CALENDAR_DAY_S : 0;
        dial += (int64_t)random_below(random, 700);
        apart += random_chance(random, 1, 100) ? 5000 : 0;
        ratio_e3 = random_chance(random, 1, 120) ? 1000 + (int64_t)random_below(random, 3000) : ratio_e3;
        if (random_chance(random, 1, 15))
            continue;
        midnight_days_put(days, &(struct reading_day){ .day = day, .register_value = dial, .quality = (int32_t)random_below(random, 4),
            .multiplier_e3 = ratio_e3, .total_value = dial * ratio_e3 / 1000 + apart,
            .received_s = day * (int64_t)CALENDAR_DAY_S + late_s + (int64_t)random_below(random, 7200) });
    }
}

static void block_bind(struct statement *statement, const struct midnight_block *block)
{
    statement_reset(statement);
    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
        statement_bind_bytes(statement, 1 + part, block->parts[part], block->sizes[part]);
}

static void total_check(const struct midnight_block *block, int32_t day, const struct reading_day *expected)
{
    block_bind(statements[TOTAL], block);
    statement_bind_integer(statements[TOTAL], 5, day);
    assert_int_equal(statement_row(statements[TOTAL]), 1);
    assert_int_equal(statement_is_null(statements[TOTAL], 0), expected == NULL);
    if (expected != NULL)
        assert_int_equal(statement_integer(statements[TOTAL], 0), expected->total_value);
}

static int day_check(const struct midnight_days *days, const struct midnight_block *block, int32_t number, bool also_total)
{
    struct statement *rows = statements[DAYS];
    struct reading_day day;
    bool there = midnight_days_get(days, number, &day);

    if (also_total) {
        total_check(block, number, there ? &day : NULL);
        return 0;
    }
    if (!there)
        return 0;
    assert_int_equal(statement_row(rows), 1);
    const int64_t expected[] = { number, day.register_value, day.total_value, day.quality, day.received_s, day.multiplier_e3 };
    for (int column = 0; column < 6; column++)
        assert_int_equal(statement_integer(rows, column), expected[column]);
    return 1;
}

static void midnights_come_out_as_they_went_in(void **state)
{
    struct random random = random_of_seed(4);
    struct midnight_block block = { .stretch = STRETCH };
    struct midnight_days days;

    (void)state;
    for (int round = 0; round < 12; round++) {
        int known = 0;
        midnights_make(&random, &days);
        assert_int_equal(midnight_block_encode(&days, &block), 0);
        block_bind(statements[DAYS], &block);
        for (int32_t i = 0; i < MIDNIGHT_BLOCK_DAYS; i++)
            known += day_check(&days, &block, STRETCH * MIDNIGHT_BLOCK_DAYS + i, false);
        assert_int_equal(statement_row(statements[DAYS]), 0);
        for (int32_t i = -1; i <= MIDNIGHT_BLOCK_DAYS; i += 16 + round)
            if (i >= 0 && i < MIDNIGHT_BLOCK_DAYS)
                (void)day_check(&days, &block, STRETCH * MIDNIGHT_BLOCK_DAYS + i, true);
            else
                total_check(&block, STRETCH * MIDNIGHT_BLOCK_DAYS + i, NULL);
        block_bind(statements[KNOWN], &block);
        assert_int_equal(statement_row(statements[KNOWN]), 1);
        assert_int_equal(statement_integer(statements[KNOWN], 0), known);
        statement_reset(statements[KNOWN]);
    }
}

static void damage_is_said(void **state)
{
    struct random random = random_of_seed(5);
    struct midnight_block block = { .stretch = STRETCH };
    struct midnight_days days;

    (void)state;
    midnights_make(&random, &days);
    assert_int_equal(midnight_block_encode(&days, &block), 0);
    for (size_t lost = 1; lost < block.sizes[MIDNIGHT_REGISTERS]; lost += 7) {
        struct midnight_block broken = block;
        broken.sizes[MIDNIGHT_REGISTERS] -= lost;
        block_bind(statements[DAYS], &broken);
        assert_int_equal(statement_row(statements[DAYS]), STORE_ERR_CORRUPT);
        block_bind(statements[KNOWN], &broken);
        assert_int_equal(statement_row(statements[KNOWN]), 1);
        assert_true(statement_is_null(statements[KNOWN], 0));
        total_check(&broken, STRETCH * MIDNIGHT_BLOCK_DAYS + MIDNIGHT_BLOCK_DAYS - 1, NULL);
    }
    memset(block.parts[MIDNIGHT_REGISTERS] + block.sizes[MIDNIGHT_REGISTERS], 0, 2);
    block.sizes[MIDNIGHT_REGISTERS] += 2;
    block_bind(statements[DAYS], &block);
    assert_int_equal(statement_row(statements[DAYS]), STORE_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_comes_out_as_it_went_in),
        cmocka_unit_test(midnights_come_out_as_they_went_in),
        cmocka_unit_test(damage_is_said),
    };
    return cmocka_run_group_tests(tests, server_open, server_close);
}
