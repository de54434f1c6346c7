#include "tests/unit/unit_test.h"

#include "api/connection_watch.h"

#include <stdio.h>

static int ended[8];
static size_t ended_count;

static void end_note(int descriptor)
{
    if (ended_count < sizeof ended / sizeof ended[0])
        ended[ended_count] = descriptor;
    ended_count++;
}

static int watch_open(void **state)
{
    ended_count = 0;
    *state = connection_watch_open();
    return *state != NULL ? 0 : -1;
}

static int watch_close(void **state)
{
    connection_watch_close(*state);
    return 0;
}

static struct network_address address_of(const char *text)
{
    struct network_address address = { { 0 } };

    assert_true(network_address_read(span_of_text(text), &address));
    return address;
}

static void a_request_has_so_long(void **state)
{
    struct network_address address = address_of("203.0.113.9");
    struct watched_connection *slow = connection_watch_opened(*state, 7, &address, 1000);
    struct watched_connection *quick = connection_watch_opened(*state, 8, &address, 1000);

    connection_watch_answering(*state, quick, false, 2000);
    connection_watch_waiting(*state, quick, 3000);
    assert_int_equal(connection_watch_tick(*state, 1000 + CONNECTION_REQUEST_MS - 1, end_note), 0);
    assert_int_equal(connection_watch_tick(*state, 1000 + CONNECTION_REQUEST_MS, end_note), 1);
    assert_int_equal(ended[0], 7);
    assert_int_equal(connection_watch_tick(*state, 1000 + CONNECTION_REQUEST_MS, end_note), 0);
    assert_int_equal(connection_watch_tick(*state, 3000 + CONNECTION_REQUEST_MS, end_note), 1);
    assert_int_equal(ended[1], 8);
    connection_watch_closed(*state, slow);
    connection_watch_closed(*state, quick);
    connection_watch_closed(*state, NULL);
}

static void an_answer_has_longer_and_a_stream_for_ever(void **state)
{
    struct network_address address = address_of("203.0.113.9");
    struct watched_connection *answer = connection_watch_opened(*state, 7, &address, 0);
    struct watched_connection *stream = connection_watch_opened(*state, 8, &address, 0);

    connection_watch_answering(*state, answer, false, 1000);
    connection_watch_answering(*state, stream, true, 1000);
    assert_int_equal(connection_watch_tick(*state, 1000 + CONNECTION_ANSWER_MS - 1, end_note), 0);
    assert_int_equal(connection_watch_tick(*state, INT64_MAX, end_note), 1);
    assert_int_equal(ended[0], 7);
}

static void what_is_closed_is_left_alone(void **state)
{
    struct network_address address = address_of("203.0.113.9");
    struct watched_connection *row = connection_watch_opened(*state, 7, &address, 0);

    connection_watch_closed(*state, row);
    assert_int_equal(connection_watch_tick(*state, INT64_MAX, end_note), 0);
}

static void one_address_holds_only_half(void **state)
{
    struct network_address greedy = address_of("203.0.113.9"), other = address_of("203.0.113.10");
    struct network_address proxy = address_of("127.0.0.1");
    struct watched_connection *row = NULL;

    for (int i = 0; i < CONNECTIONS_OF_ADDRESS; i++) {
        assert_true(connection_watch_admits(*state, &greedy));
        row = connection_watch_opened(*state, i, &greedy, 0);
        assert_non_null(row);
    }
    assert_false(connection_watch_admits(*state, &greedy));
    assert_true(connection_watch_admits(*state, &other));
    connection_watch_closed(*state, row);
    assert_true(connection_watch_admits(*state, &greedy));
    for (int i = CONNECTIONS_OF_ADDRESS - 1; i < CONNECTION_LIMIT; i++)
        assert_non_null(connection_watch_opened(*state, i, &proxy, 0));
    assert_true(connection_watch_admits(*state, &proxy));
    assert_null(connection_watch_opened(*state, CONNECTION_LIMIT, &other, 0));
}

static void one_house_is_one_address(void **state)
{
    struct network_address neighbour = address_of("2001:db8:0:2::1");
    char text[64];

    for (int i = 0; i < CONNECTIONS_OF_ADDRESS; i++) {
        (void)snprintf(text, sizeof text, "2001:db8:0:1::%x", i);
        struct network_address address = address_of(text);
        assert_true(connection_watch_admits(*state, &address));
        assert_non_null(connection_watch_opened(*state, i, &address, 0));
    }
    struct network_address one_more = address_of("2001:db8:0:1:ffff::1");
    assert_false(connection_watch_admits(*state, &one_more));
    assert_true(connection_watch_admits(*state, &neighbour));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_has_so_long, watch_open, watch_close),
        cmocka_unit_test_setup_teardown(an_answer_has_longer_and_a_stream_for_ever, watch_open, watch_close),
        cmocka_unit_test_setup_teardown(what_is_closed_is_left_alone, watch_open, watch_close),
        cmocka_unit_test_setup_teardown(one_address_holds_only_half, watch_open, watch_close),
        cmocka_unit_test_setup_teardown(one_house_is_one_address, watch_open, watch_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
