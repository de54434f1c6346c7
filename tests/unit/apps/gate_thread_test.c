#include "tests/unit/unit_test.h"

#include "apps/meterworks/gate_thread.h"

int __real_ring_take(struct ring *ring, void *message);
int __wrap_ring_take(struct ring *ring, void *message);

/* A gate's rings without its thread: the test speaks for the gate, also while the core is between two rings. */
struct scene {
    struct gate_thread thread;
    const uint64_t *meanwhile; /* message_ids, the first one urgent, that the gate offers when the core has found a ring empty */
    size_t meanwhile_count;
};

static struct scene scene;

static int64_t clock_stands(void *context)
{
    (void)context;
    return 0;
}

static int turn_nothing(void *gate, const struct epoll_event *events, int count)
{
    (void)gate;
    (void)events;
    return count;
}

static void offer(uint64_t message_id, bool urgent)
{
    struct uplink uplink = { .message_id = message_id, .device_id = 7, .urgent = urgent };
    assert_true(gate_thread_offer(&scene.thread, &uplink));
}

int __wrap_ring_take(struct ring *ring, void *message)
{
    int result = __real_ring_take(ring, message);
    if (result < 0 && scene.meanwhile_count > 0) {
        for (size_t i = 0; i < scene.meanwhile_count; i++)
            offer(scene.meanwhile[i], i == 0);
        scene.meanwhile_count = 0;
    }
    return result;
}

static void scene_make(void)
{
    struct gate_thread_config config = { .gate = &scene, .turn = turn_nothing, .clock_read = clock_stands,
                                         .machine_clock_read = clock_stands, .uplink_capacity = 8,
                                         .message_capacity = 1, .message_size = 1 };
    scene = (struct scene){ .meanwhile_count = 0 };
    assert_int_equal(gate_thread_open(&scene.thread, &config), 0);
}

/* The message the core takes next; 0: it found none. */
static uint64_t taken(void)
{
    struct uplink uplink;
    return gate_thread_uplink_take(&scene.thread, &uplink) == 0 ? uplink.message_id : 0;
}

static void urgent_ones_are_taken_first_and_each_kind_in_its_order(void **state)
{
    (void)state;
    scene_make();
    offer(1, false);
    offer(2, false);
    offer(3, true);
    offer(4, true);
    const uint64_t order[] = { 3, 4, 1, 2, 0 };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        assert_int_equal(taken(), order[i]);
    gate_thread_close(&scene.thread);
}

/* An answer to a command, and right behind it the report that proves it: both come when the core has just looked for urgent ones. */
static void what_follows_an_urgent_one_does_not_overtake_it(void **state)
{
    (void)state;
    const uint64_t answer_and_report[] = { 1, 2 };
    scene_make();
    scene.meanwhile = answer_and_report;
    scene.meanwhile_count = 2;
    while (scene.meanwhile_count > 0)
        assert_int_equal(taken(), 0);
    assert_int_equal(taken(), 1);
    assert_int_equal(taken(), 2);
    assert_int_equal(taken(), 0);
    gate_thread_close(&scene.thread);
}

/* The same behind one that waited before: that one is nobody's answer, and goes. */
static void what_waited_before_an_urgent_one_may_go_first(void **state)
{
    (void)state;
    const uint64_t answer_and_report[] = { 2, 3 };
    scene_make();
    offer(1, false);
    scene.meanwhile = answer_and_report;
    scene.meanwhile_count = 2;
    assert_int_equal(taken(), 1);
    assert_int_equal(taken(), 2);
    assert_int_equal(taken(), 3);
    gate_thread_close(&scene.thread);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urgent_ones_are_taken_first_and_each_kind_in_its_order),
        cmocka_unit_test(what_follows_an_urgent_one_does_not_overtake_it),
        cmocka_unit_test(what_waited_before_an_urgent_one_may_go_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
