/* The archive download against a concentrator that the test plays: entries in memory, and moods. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/estate/estate_fixture.h"

#define ENTRIES 20

struct peer {
    struct uplink_archive_row entries[ENTRIES]; /* by number; measurement_point 0: empty */
    uint16_t denied;       /* an entry that it never takes; 0 none */
    uint16_t half_taken;   /* it says yes to sets with this entry, once, and keeps only what stands before it */
    unsigned reads, writes, rows_written;
};

static struct peer peer;

static int fixture_setup(void **state)
{
    static struct estate_fixture fixture;
    estate_fixture_open(&fixture);
    memset(&peer, 0, sizeof peer);
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    estate_fixture_close(*state);
    return 0;
}

static void answer(struct estate_fixture *fixture, const struct line_order *order, enum line_problem problem)
{
    struct uplink uplink = { .kind = UPLINK_ANSWER, .device_id = order->line_id, .order_id = order->order_id,
                             .order_ended = 1, .problem = (uint8_t)problem };
    assert_int_equal(estate_sync_answer(fixture->estate, &uplink, fixture->now_s), 0);
}

static void read_answer(struct estate_fixture *fixture, const struct line_order *order)
{
    struct uplink uplink = { .kind = UPLINK_ARCHIVE, .device_id = order->line_id, .order_id = order->order_id };
    peer.reads++;
    for (unsigned i = 1; i < ENTRIES; i++)
        if (peer.entries[i].measurement_point != 0)
            assert_int_equal(uplink_archive_row_put(&uplink, &peer.entries[i]), 0);
    assert_int_equal(estate_sync_answer(fixture->estate, &uplink, fixture->now_s), 0);
    answer(fixture, order, LINE_PROBLEM_NONE);
}

static enum line_problem rows_store(const struct line_order *order)
{
    for (unsigned i = 0; i < order->count; i++)
        if (order->body.archive[i].number == peer.denied && peer.denied != 0)
            return LINE_PROBLEM_DENIED;
    for (unsigned i = 0; i < order->count; i++) {
        const struct uplink_archive_row *row = &order->body.archive[i];
        if (row->number == peer.half_taken && peer.half_taken != 0) {
            peer.half_taken = 0;
            return LINE_PROBLEM_NONE;
        }
        peer.entries[row->number] = *row;
        peer.rows_written++;
    }
    return LINE_PROBLEM_NONE;
}

/* Let both talk until nothing more is asked; how many orders there were. */
static unsigned converse(struct estate_fixture *fixture)
{
    unsigned orders = 0;
    for (int quiet = 0; quiet < 3 && orders < 100; quiet++) {
        struct line_order order;
        size_t position = 0;
        estate_fixture_tick(fixture, 1);
        while (estate_order_next(fixture->estate, &position, fixture->now_s, &order)) {
            estate_order_left(fixture->estate, &order, fixture->now_s);
            orders++;
            quiet = -1;
            assert_int_equal(order.line_id, fixture->line_id);
            if (order.operation == LINE_ARCHIVE_READ) {
                read_answer(fixture, &order);
                continue;
            }
            assert_int_equal(order.operation, LINE_ARCHIVE_WRITE);
            assert_true(order.count >= 1 && order.count <= LINE_ARCHIVE_ROW_LIMIT);
            peer.writes++;
            answer(fixture, &order, rows_store(&order));
        }
    }
    return orders;
}

static struct estate_sync sync_of(struct estate_fixture *fixture)
{
    struct estate_sync sync = { 0 };
    assert_int_equal(estate_sql_store(fixture->sql)->sync_read(fixture->sql, fixture->line_id, &sync), 1);
    return sync;
}

static void ask(struct estate_fixture *fixture, bool write)
{
    assert_int_equal(estate_sync_ask(fixture->estate, fixture->line_id, write, 7, fixture->now_s), 0);
}

static void an_empty_concentrator_is_filled(void **state)
{
    struct estate_fixture *fixture = *state;
    for (unsigned i = 4; i <= 12; i++)
        estate_fixture_meter(fixture, i);
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    ask(fixture, true);
    converse(fixture);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_AGREED);
    assert_int_equal(sync_of(fixture).written, 12);
    assert_int_equal(peer.writes, 2); /* eight and four */
    assert_int_equal(peer.reads, 2);
    assert_int_equal(peer.entries[3].measurement_point, 3);
    assert_true(peer.entries[3].address == UINT64_C(202600000003));
    assert_int_equal(peer.entries[3].protocol_code, 30);
    assert_int_equal(peer.entries[3].baud_code, 3);
    assert_int_equal(peer.entries[3].port, 2);
    assert_false(fixture->conditions[ESTATE_ARCHIVE]);
    ask(fixture, true);
    converse(fixture);
    assert_int_equal(peer.writes, 2); /* what agrees is not written again */
    assert_int_equal(peer.reads, 3);
}

static void only_differences_are_written(void **state)
{
    struct estate_fixture *fixture = *state;
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    ask(fixture, true);
    converse(fixture);
    peer.rows_written = 0;
    peer.entries[2].address = 999;                    /* wrong */
    peer.entries[3].measurement_point = 0;            /* missing */
    peer.entries[9] = (struct uplink_archive_row){ .number = 9, .measurement_point = 9, .address = 5 }; /* foreign */
    ask(fixture, true);
    converse(fixture);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_AGREED);
    assert_int_equal(peer.rows_written, 3);
    assert_true(peer.entries[2].address == UINT64_C(202600000002));
    assert_int_equal(peer.entries[9].measurement_point, 0);
}

static void a_comparison_writes_nothing(void **state)
{
    struct estate_fixture *fixture = *state;
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    ask(fixture, false);
    converse(fixture);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_DIFFERS);
    assert_int_equal(sync_of(fixture).differences, 3);
    assert_int_equal(peer.writes, 0);
    assert_true(fixture->conditions[ESTATE_ARCHIVE]);
}

static void a_denied_entry_does_not_hold_up_the_others(void **state)
{
    struct estate_fixture *fixture = *state;
    peer.denied = 2;
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    ask(fixture, true);
    converse(fixture);
    struct estate_sync sync = sync_of(fixture);
    assert_int_equal(sync.state, ESTATE_SYNC_DIFFERS);
    assert_int_equal(sync.denied, 1);
    assert_int_equal(sync.differences, 1);
    assert_int_equal(sync.written, 2);
    assert_int_equal(peer.entries[1].measurement_point, 1);
    assert_int_equal(peer.entries[2].measurement_point, 0);
    assert_int_equal(peer.entries[3].measurement_point, 3);
    struct uplink_archive_row row;
    const struct estate_store *store = estate_sql_store(fixture->sql);
    assert_int_equal(store->archive_differences(store->context, fixture->line_id, 0, &row, 1), 1);
    assert_int_equal(row.number, 2);
}

static void a_write_that_was_taken_in_part_is_written_again(void **state)
{
    struct estate_fixture *fixture = *state;
    peer.half_taken = 2;
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    ask(fixture, true);
    converse(fixture);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_AGREED);
    assert_int_equal(peer.writes, 2);
    assert_int_equal(peer.reads, 3);
}

static void an_offline_concentrator_waits(void **state)
{
    struct estate_fixture *fixture = *state;
    ask(fixture, true);
    assert_int_equal(converse(fixture), 0);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_QUEUED);
    assert_int_equal(estate_sync_ask(fixture->estate, fixture->line_id, true, 7, fixture->now_s), ESTATE_ERR_SYNC_BUSY);
    assert_int_equal(estate_sync_ask(fixture->estate, fixture->meters[0], true, 7, fixture->now_s),
                     ESTATE_ERR_CONCENTRATOR);
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    converse(fixture);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_AGREED);
}

/* Take the next order without answering it. */
static struct line_order order_take(struct estate_fixture *fixture)
{
    struct line_order order;
    size_t position = 0;
    estate_fixture_tick(fixture, 1);
    assert_true(estate_order_next(fixture->estate, &position, fixture->now_s, &order));
    estate_order_left(fixture->estate, &order, fixture->now_s);
    return order;
}

static void a_restart_goes_on_where_it_was(void **state)
{
    struct estate_fixture *fixture = *state;
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    ask(fixture, true);
    struct line_order order = order_take(fixture);
    read_answer(fixture, &order);
    order = order_take(fixture);
    assert_int_equal(order.operation, LINE_ARCHIVE_WRITE);
    estate_fixture_reload(fixture);
    answer(fixture, &order, LINE_PROBLEM_NONE); /* of a life before: nobody asked */
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_WRITING);
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    converse(fixture);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_AGREED);
    assert_int_equal(peer.reads, 2);
}

static void who_is_connected_and_silent_fails(void **state)
{
    struct estate_fixture *fixture = *state;
    estate_fixture_presence(fixture, UPLINK_PRESENCE_LOGIN);
    ask(fixture, true);
    struct line_order order = order_take(fixture);
    answer(fixture, &order, LINE_PROBLEM_LOST);
    assert_int_equal(sync_of(fixture).tries, 0);
    for (int i = 1; i <= ESTATE_SYNC_TRIES; i++) {
        fixture->now_s += 100;
        order = order_take(fixture);
        answer(fixture, &order, LINE_PROBLEM_NO_ANSWER);
    }
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_FAILED);
    assert_int_equal(sync_of(fixture).problem, LINE_PROBLEM_NO_ANSWER);
    ask(fixture, true);
    converse(fixture);
    assert_int_equal(sync_of(fixture).state, ESTATE_SYNC_AGREED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_concentrator_is_filled), TEST(only_differences_are_written), TEST(a_comparison_writes_nothing),
        TEST(a_denied_entry_does_not_hold_up_the_others), TEST(a_write_that_was_taken_in_part_is_written_again),
        TEST(an_offline_concentrator_waits), TEST(a_restart_goes_on_where_it_was), TEST(who_is_connected_and_silent_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
