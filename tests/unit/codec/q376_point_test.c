/* Data unit identifiers: the standard's examples, every point and function both ways, and sets. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_point.h"

static struct q376_unit_id id_of(uint8_t da1, uint8_t da2, uint8_t dt1, uint8_t dt2)
{
    const uint8_t bytes[Q376_UNIT_ID_SIZE] = { da1, da2, dt1, dt2 };
    return q376_unit_id_take(bytes);
}

static void assert_single(struct q376_unit_id id, int point, int function)
{
    struct q376_set points = q376_points_of(id), functions = q376_functions_of(id);
    assert_int_equal(points.count, 1);
    assert_int_equal(points.members[0], point);
    assert_int_equal(functions.count, 1);
    assert_int_equal(functions.members[0], function);
}

static void examples_are_read(void **state)
{
    (void)state;
    assert_single(id_of(0x00, 0x00, 0x01, 0x00), 0, 1);
    assert_single(id_of(0x01, 0x01, 0x01, 0x03), 1, 25);
    assert_single(id_of(0x02, 0x01, 0x01, 0x10), 2, 129);
    assert_single(id_of(0x20, 0x01, 0x01, 0x10), 6, 129);
    assert_single(id_of(0x01, 0x01, 0x01, 0x14), 1, 161);
    assert_single(id_of(0x00, 0x00, 0x02, 0x01), 0, 10);
    assert_single(id_of(0x80, 0xFF, 0x80, 0x1E), 2040, 248);
}

static void every_point_and_function_comes_back(void **state)
{
    (void)state;
    struct q376_unit_id id;

    for (unsigned point = 0; point <= Q376_POINT_LIMIT; point++) {
        unsigned function = point % Q376_FUNCTION_LIMIT + 1;
        assert_int_equal(q376_unit_id_of(point, function, &id), 0);
        assert_single(id, (int)point, (int)function);
    }
    assert_int_equal(q376_unit_id_of(Q376_POINT_LIMIT + 1, 1, &id), CODEC_ERR_RANGE);
    assert_int_equal(q376_unit_id_of(1, Q376_FUNCTION_LIMIT + 1, &id), CODEC_ERR_RANGE);
    assert_int_equal(q376_unit_id_of(1, 0, &id), CODEC_ERR_RANGE);
}

static struct q376_set set_random(struct random *random, int group)
{
    struct q376_set set = { 0, { 0 } };
    unsigned mask = (unsigned)random_between(random, 1, 255);
    for (int bit = 0; bit < 8; bit++)
        if ((mask >> bit & 1u) != 0)
            set.members[set.count++] = (int16_t)(group * 8 + bit + 1);
    return set;
}

static void sets_come_back_in_ascending_order(void **state)
{
    (void)state;
    struct random random = random_of_seed(1376);
    struct q376_unit_id id;

    for (int round = 0; round < 5000; round++) {
        struct q376_set points = set_random(&random, (int)random_below(&random, 255));
        struct q376_set functions = set_random(&random, (int)random_below(&random, 31));
        assert_int_equal(q376_unit_id_of_sets(&points, &functions, &id), 0);
        struct q376_set back = q376_points_of(id);
        assert_memory_equal(&back, &points, sizeof back);
        back = q376_functions_of(id);
        assert_memory_equal(&back, &functions, sizeof back);
    }
}

static void sets_across_groups_are_refused(void **state)
{
    (void)state;
    const struct q376_set one = { 1, { 1 } }, across = { 2, { 8, 9 } }, none = { 0, { 0 } }, below = { 1, { -3 } };
    const struct q376_set backwards = { 3, { 7, 3, 5 } };
    struct q376_unit_id id = { 1, 2, 3, 4 };

    assert_int_equal(q376_unit_id_of_sets(&across, &one, &id), CODEC_ERR_RANGE);
    assert_int_equal(q376_unit_id_of_sets(&one, &across, &id), CODEC_ERR_RANGE);
    assert_int_equal(q376_unit_id_of_sets(&none, &one, &id), CODEC_ERR_EMPTY);
    assert_int_equal(q376_unit_id_of_sets(&below, &one, &id), CODEC_ERR_RANGE);
    assert_int_equal(id.dt2, 4);
    assert_int_equal(q376_unit_id_of_sets(&backwards, &one, &id), 0);
    assert_int_equal(id.da1, 0x54);
    assert_int_equal(q376_points_of(id).members[0], 3);
}

static void all_points_are_a_word(void **state)
{
    (void)state;
    struct q376_unit_id id;
    char text[64];
    struct writer out = writer_of_buffer(text, sizeof text);

    assert_int_equal(q376_unit_id_of_all(129, &id), 0);
    assert_true(q376_points_are_all(id));
    q376_points_write(id, &out);
    writer_text(&out, " ");
    q376_points_write(id_of(0x61, 0x30, 1, 0), &out);
    writer_text(&out, " ");
    q376_points_write(id_of(0, 0, 1, 0), &out);
    q376_points_write(id_of(0, 5, 1, 0), &out); /* a group without a point names none */
    assert_string_equal(writer_terminate(&out), "all 377,382,383 0");
    assert_int_equal(q376_functions_of(id_of(0, 0, 0, 9)).count, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_read),
        cmocka_unit_test(every_point_and_function_comes_back),
        cmocka_unit_test(sets_come_back_in_ascending_order),
        cmocka_unit_test(sets_across_groups_are_refused),
        cmocka_unit_test(all_points_are_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
