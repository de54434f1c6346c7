#include "tests/unit/unit_test.h"

#include "base/random.h"
#include "sim/agenda.h"

#define SUBJECTS 200

static void earliest_first_and_equal_times_in_order(void **state)
{
    struct agenda agenda;
    uint32_t subject = 0;
    int64_t at_ms = 0;

    (void)state;
    assert_int_equal(agenda_open(&agenda, 4), 0);
    agenda_set(&agenda, 2, 50);
    agenda_set(&agenda, 0, 70);
    agenda_set(&agenda, 3, 50);
    agenda_set(&agenda, 1, 10);
    assert_int_equal(agenda_first_ms(&agenda), 10);
    assert_false(agenda_take(&agenda, 9, &subject, &at_ms));
    assert_true(agenda_take(&agenda, 100, &subject, &at_ms));
    assert_int_equal(subject, 1);
    assert_true(agenda_take(&agenda, 100, &subject, &at_ms));
    assert_int_equal(subject, 2);
    assert_true(agenda_take(&agenda, 100, &subject, &at_ms));
    assert_int_equal(subject, 3);
    agenda_set(&agenda, 0, AGENDA_NEVER);
    assert_int_equal(agenda_first_ms(&agenda), AGENDA_NEVER);
    agenda_set(&agenda, 4, 1); /* outside the capacity */
    assert_false(agenda_take(&agenda, INT64_MAX - 1, &subject, &at_ms));
    agenda_close(&agenda);
}

/* Against a plain array that is searched. */
static void moved_and_removed_at_random(void **state)
{
    struct random random = random_of_seed(3);
    int64_t times[SUBJECTS];
    struct agenda agenda;

    (void)state;
    assert_int_equal(agenda_open(&agenda, SUBJECTS), 0);
    for (int i = 0; i < SUBJECTS; i++)
        times[i] = AGENDA_NEVER;
    for (int turn = 0; turn < 20000; turn++) {
        uint32_t subject = (uint32_t)random_below(&random, SUBJECTS);
        int64_t first = AGENDA_NEVER;
        int64_t at_ms = 0;
        times[subject] = random_chance(&random, 1, 4) ? AGENDA_NEVER : random_between(&random, 0, 1000000);
        agenda_set(&agenda, subject, times[subject]);
        for (int i = 0; i < SUBJECTS; i++)
            first = times[i] < first ? times[i] : first;
        assert_int_equal(agenda_first_ms(&agenda), first);
        if (turn % 3 != 0 || first == AGENDA_NEVER)
            continue;
        assert_true(agenda_take(&agenda, first, &subject, &at_ms));
        assert_int_equal(times[subject], first);
        times[subject] = AGENDA_NEVER;
    }
    agenda_close(&agenda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(earliest_first_and_equal_times_in_order),
        cmocka_unit_test(moved_and_removed_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
