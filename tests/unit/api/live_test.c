#include "api/live.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static int hub_open(void **state)
{
    struct live_hub *hub = NULL;
    assert_int_equal(live_hub_open(16, &hub), 0);
    *state = hub;
    return 0;
}

static int hub_close(void **state)
{
    live_hub_close(*state);
    return 0;
}

static void test_capacities(void **state)
{
    struct live_hub *hub = NULL;
    (void)state;
    assert_int_equal(live_hub_open(8, &hub), -1);
    assert_int_equal(live_hub_open(17, &hub), -1);
    assert_int_equal(live_hub_open(131072, &hub), -1);
    assert_null(hub);
    live_hub_close(NULL);
}

static void test_scope_and_tenant_are_kept_apart(void **state)
{
    struct live_hub *hub = *state;
    struct live_filter filter = { 1, "/1/2/" };
    struct live_event event;
    uint64_t position = 0;

    live_publish(hub, 1, "/1/2/3/", LIVE_READING, "{\"n\":1}");
    live_publish(hub, 1, "/1/20/", LIVE_READING, "{\"n\":2}");
    live_publish(hub, 2, "/1/2/3/", LIVE_READING, "{\"n\":3}");
    live_publish(hub, 1, NULL, LIVE_TICK, "{\"n\":4}");
    assert_int_equal(live_next(hub, &filter, &position, &event), 1);
    assert_string_equal(event.json, "{\"n\":1}");
    assert_int_equal(live_next(hub, &filter, &position, &event), 1);
    assert_string_equal(event.json, "{\"n\":4}");
    assert_int_equal(event.sequence, 4);
    assert_int_equal(live_next(hub, &filter, &position, &event), 0);
    assert_int_equal(position, live_newest(hub));
}

static void test_a_slow_reader_is_told(void **state)
{
    struct live_hub *hub = *state;
    struct live_filter filter = { 1, "/" };
    struct live_event event;
    uint64_t position = 0;

    for (int i = 0; i < 16; i++)
        live_publish(hub, 1, "/", LIVE_READING, "{}");
    assert_int_equal(live_next(hub, &filter, &position, &event), 1);
    position = 0;
    live_publish(hub, 1, "/", LIVE_READING, "{}");
    assert_int_equal(live_next(hub, &filter, &position, &event), -1);
    assert_int_equal(position, 17);
    assert_int_equal(live_next(hub, &filter, &position, &event), 0);
    position = 99; /* of a server before this one */
    assert_int_equal(live_next(hub, &filter, &position, &event), -1);
    assert_int_equal(live_figures_read(hub).resyncs, 2);
}

static void test_what_would_break_the_stream_is_dropped(void **state)
{
    struct live_hub *hub = *state;
    char large[LIVE_TEXT_LIMIT + 1];

    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    live_publish(hub, 1, "/", LIVE_READING, large);
    live_publish(hub, 1, "/", LIVE_READING, "{\n}");
    live_publish(hub, 1, "/", LIVE_READING, NULL);
    live_publish(hub, 1, "/", LIVE_KIND_COUNT, "{}");
    assert_int_equal(live_newest(hub), 0);
    assert_int_equal(live_figures_read(hub).dropped, 4);
}

static void count(void *context)
{
    ++*(int *)context;
}

static void test_the_listener_is_woken(void **state)
{
    struct live_hub *hub = *state;
    int woken = 0;

    live_listen(hub, count, &woken);
    live_publish(hub, 1, "/", LIVE_READING, "{}");
    live_listen(hub, NULL, NULL);
    live_publish(hub, 1, "/", LIVE_READING, "{}");
    assert_int_equal(woken, 1);
}

static struct live_item item_of(uint64_t sequence, const char *json)
{
    struct live_item item = { .sequence = sequence, .tenant_id = 1, .kind = LIVE_EVENT, .path = "/1/" };

    (void)snprintf(item.json, sizeof item.json, "%s", json);
    return item;
}

static void follow(struct live_hub *hub, uint64_t sequence, const char *json)
{
    struct live_item item = item_of(sequence, json);
    live_follow(hub, &item);
}

static void test_a_hub_repeats_another_one(void **state)
{
    struct live_hub *hub = *state, *other = NULL;
    struct live_item item;
    uint64_t position = 0, other_position = 0;

    assert_int_equal(live_hub_open(16, &other), 0);
    live_publish(hub, 7, "/1/2/", LIVE_PAYMENT, "{\"n\":1}");
    live_publish(hub, 8, NULL, LIVE_NOTICE, "{\"n\":2}");
    while (live_next_item(hub, &position, &item) == 1)
        live_follow(other, &item);
    assert_int_equal(live_newest(other), 2);
    assert_int_equal(live_next_item(other, &other_position, &item), 1);
    assert_int_equal(item.sequence, 1);
    assert_int_equal(item.tenant_id, 7);
    assert_int_equal(item.kind, LIVE_PAYMENT);
    assert_string_equal(item.path, "/1/2/");
    assert_string_equal(item.json, "{\"n\":1}");
    assert_int_equal(live_next_item(other, &other_position, &item), 1);
    assert_int_equal(item.tenant_id, 8);
    assert_string_equal(item.path, "");
    assert_int_equal(live_next_item(other, &other_position, &item), 0);
    live_hub_close(other);
}

static void test_what_was_missed_is_told(void **state)
{
    struct live_hub *hub = *state;
    struct live_filter filter = { 1, "/" };
    struct live_event event;
    uint64_t early = 0, before_gap, at_gap = 7;

    follow(hub, 1, "{}");
    assert_int_equal(live_next(hub, &filter, &early, &event), 1);
    before_gap = early;
    follow(hub, 8, "{\"n\":8}"); /* 2 to 7 never came */
    assert_int_equal(live_next(hub, &filter, &before_gap, &event), -1);
    assert_int_equal(before_gap, 8);
    assert_int_equal(live_next(hub, &filter, &at_gap, &event), 1);
    assert_int_equal(event.sequence, 8);
    follow(hub, 8, "{\"n\":\"again\"}");
    follow(hub, 3, "{\"n\":\"late\"}");
    assert_int_equal(live_newest(hub), 8);
    follow(hub, 9, "{\n}");
    assert_int_equal(live_newest(hub), 8);
    assert_int_equal(live_figures_read(hub).dropped, 1);
}

static void test_another_story_begins(void **state)
{
    struct live_hub *hub = *state;
    struct live_filter filter = { 1, "/" };
    struct live_event event;
    uint64_t behind = 3, ahead = 200;
    int woken = 0;

    for (int i = 0; i < 5; i++)
        live_publish(hub, 1, "/", LIVE_READING, "{}");
    live_listen(hub, count, &woken);
    live_restart(hub, 100);
    live_listen(hub, NULL, NULL);
    assert_int_equal(woken, 1);
    assert_int_equal(live_next(hub, &filter, &behind, &event), -1);
    assert_int_equal(behind, 100);
    assert_int_equal(live_next(hub, &filter, &ahead, &event), -1);
    live_publish(hub, 1, "/", LIVE_READING, "{}");
    assert_int_equal(live_next(hub, &filter, &behind, &event), 1);
    assert_int_equal(event.sequence, 101);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capacities),
        cmocka_unit_test_setup_teardown(test_scope_and_tenant_are_kept_apart, hub_open, hub_close),
        cmocka_unit_test_setup_teardown(test_a_slow_reader_is_told, hub_open, hub_close),
        cmocka_unit_test_setup_teardown(test_what_would_break_the_stream_is_dropped, hub_open, hub_close),
        cmocka_unit_test_setup_teardown(test_the_listener_is_woken, hub_open, hub_close),
        cmocka_unit_test_setup_teardown(test_a_hub_repeats_another_one, hub_open, hub_close),
        cmocka_unit_test_setup_teardown(test_what_was_missed_is_told, hub_open, hub_close),
        cmocka_unit_test_setup_teardown(test_another_story_begins, hub_open, hub_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
