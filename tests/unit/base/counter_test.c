#include "tests/unit/unit_test.h"

#include <pthread.h>

#include "base/counter.h"

enum { SAMPLE_TAKEN, SAMPLE_DROPPED, SAMPLE_COUNT };

static const struct counter_description sample_rows[SAMPLE_COUNT] = {
    [SAMPLE_TAKEN] = { "sample_taken", "things taken" },
    [SAMPLE_DROPPED] = { "sample_dropped", "things dropped because there was no room" },
};

static void rows_count_apart(void **state)
{
    (void)state;
    struct counter values[SAMPLE_COUNT] = { 0 };
    struct counter_table table = { sample_rows, values, SAMPLE_COUNT };
    counter_increment(&table, SAMPLE_TAKEN);
    counter_add(&table, SAMPLE_TAKEN, 4);
    assert_true(counter_read(&table, SAMPLE_TAKEN) == 5);
    assert_true(counter_read(&table, SAMPLE_DROPPED) == 0);
    counter_add(&table, SAMPLE_DROPPED, UINT64_MAX);
    counter_increment(&table, SAMPLE_DROPPED);
    assert_true(counter_read(&table, SAMPLE_DROPPED) == 0);
}

static void *many_add(void *context)
{
    for (int i = 0; i < 100000; i++)
        counter_increment(context, SAMPLE_TAKEN);
    return NULL;
}

static void threads_lose_no_count(void **state)
{
    (void)state;
    struct counter values[SAMPLE_COUNT] = { 0 };
    struct counter_table table = { sample_rows, values, SAMPLE_COUNT };
    pthread_t helper;
    assert_int_equal(pthread_create(&helper, NULL, many_add, &table), 0);
    many_add(&table);
    assert_int_equal(pthread_join(helper, NULL), 0);
    assert_true(counter_read(&table, SAMPLE_TAKEN) == 200000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_count_apart),
        cmocka_unit_test(threads_lose_no_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
