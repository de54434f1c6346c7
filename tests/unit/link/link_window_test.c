#include "tests/unit/unit_test.h"

#include "link/link_error.h"
#include "link/link_frame.h"
#include "link/link_window.h"

static struct uplink message(uint64_t id, bool urgent)
{
    return (struct uplink){ .message_id = id, .device_id = (uint32_t)id + 1, .gate = 3, .urgent = urgent };
}

static void put(struct link_window *window, uint64_t id)
{
    struct uplink uplink = message(id, false);
    assert_int_equal(link_window_put(window, &uplink), 0);
}

static void answers_find_whom_they_are_for(void **state)
{
    (void)state;
    struct link_window *window;
    struct uplink_acknowledgement answer = { 0 };

    assert_int_equal(link_window_open(8, &window), 0);
    put(window, 500);
    put(window, 400);
    assert_false(link_window_answer(window, 1, true, &answer)); /* not sent yet */
    assert_int_equal(link_window_send(window)->message_id, 1);
    assert_int_equal(link_window_send(window)->message_id, 2);
    assert_null(link_window_send(window));
    assert_true(link_window_answer(window, 2, true, &answer));
    assert_int_equal(answer.message_id, 400);
    assert_int_equal(answer.device_id, 401);
    assert_int_equal(answer.gate, 3);
    assert_int_equal(answer.accepted, 1);
    assert_false(link_window_answer(window, 2, true, &answer));
    assert_false(link_window_answer(window, 3, true, &answer));
    assert_false(link_window_answer(window, 0, true, &answer));
    assert_true(link_window_answer(window, 1, false, &answer));
    assert_int_equal(answer.message_id, 500);
    assert_int_equal(answer.accepted, 0);
    assert_int_equal(link_window_count(window), 0);
    link_window_close(window);
}

static void what_is_not_answered_goes_over_the_next_connection(void **state)
{
    (void)state;
    struct link_window *window;
    struct uplink_acknowledgement answer;

    assert_int_equal(link_window_open(8, &window), 0);
    for (uint64_t id = 1; id <= 4; id++)
        put(window, 10 * id);
    for (int i = 0; i < 3; i++)
        assert_non_null(link_window_send(window));
    assert_int_equal(link_window_carried(window), 3);
    assert_true(link_window_answer(window, 2, true, &answer));
    assert_int_equal(link_window_carried(window), 2);
    link_window_rewind(window);
    assert_int_equal(link_window_carried(window), 0);
    assert_false(link_window_answer(window, 1, true, &answer)); /* this connection has not carried it */
    assert_int_equal(link_window_send(window)->message_id, 1);
    assert_int_equal(link_window_send(window)->message_id, 3);
    assert_int_equal(link_window_send(window)->device_id, 41);
    assert_int_equal(link_window_carried(window), 3);
    assert_null(link_window_send(window));
    link_window_close(window);
}

static void urgent_ones_find_room_in_a_full_window(void **state)
{
    (void)state;
    struct link_window *window;
    struct uplink routine = message(1, false);
    struct uplink urgent = message(2, true);
    struct uplink_acknowledgement answer;

    assert_int_equal(link_window_open(8, &window), 0);
    for (int i = 0; i < 7; i++)
        assert_int_equal(link_window_put(window, &routine), 0);
    assert_false(link_window_fits(window, false));
    assert_int_equal(link_window_put(window, &routine), LINK_ERR_FULL);
    assert_int_equal(link_window_put(window, &urgent), 0);
    assert_int_equal(link_window_put(window, &urgent), LINK_ERR_FULL);
    while (link_window_send(window) != NULL)
        continue;
    /* One in the middle is answered: its place is free when those before it are. */
    assert_true(link_window_answer(window, 3, true, &answer));
    assert_false(link_window_fits(window, true));
    assert_true(link_window_answer(window, 2, true, &answer));
    assert_true(link_window_answer(window, 1, true, &answer));
    assert_true(link_window_fits(window, false));
    link_window_close(window);
}

static void numbers_go_on_around_the_places(void **state)
{
    (void)state;
    struct link_window *window;
    struct uplink_acknowledgement answer;

    assert_int_equal(link_window_open(8, &window), 0);
    for (uint64_t id = 1; id <= 1000; id++) {
        put(window, id);
        assert_int_equal(link_window_send(window)->message_id, id);
        assert_true(link_window_answer(window, id, true, &answer));
        assert_int_equal(answer.message_id, id);
    }
    link_window_close(window);
}

static void its_capacity_is_bounded(void **state)
{
    (void)state;
    struct link_window *window = NULL;
    assert_int_equal(link_window_open(7, &window), LINK_ERR_BOUND);
    assert_int_equal(link_window_open(LINK_WINDOW_LIMIT + 1, &window), LINK_ERR_BOUND);
    assert_null(window);
    link_window_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_find_whom_they_are_for),
        cmocka_unit_test(what_is_not_answered_goes_over_the_next_connection),
        cmocka_unit_test(urgent_ones_find_room_in_a_full_window),
        cmocka_unit_test(numbers_go_on_around_the_places),
        cmocka_unit_test(its_capacity_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
