/* What the room asks by itself: missing midnights, pauses, the second step, giving up, and its place beside people. */
#include "tests/unit/unit_test.h"

#include "tests/unit/collect/collect_fixture.h"

static struct line_order newest(const struct collect_fixture *fixture)
{
    assert_true(fixture->sent_count > 0);
    return fixture->sent[fixture->sent_count - 1];
}

static void missing_midnights_are_asked_newest_first(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meters[3];
    for (int i = 0; i < 3; i++)
        meters[i] = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    fixture_login(fixture, line);
    /* The first order asks all of them for this midnight; the meters are then taken until it ends. */
    assert_int_equal(fixture->sent_count, 1);
    for (int32_t day = DAY; day > DAY - 31; day--) {
        struct line_order order = newest(fixture);
        assert_int_equal(order.operation, LINE_READ_DAILY);
        assert_int_equal(order.time_s, room_fixture_midnight_s(day));
        assert_int_equal(order.back, DAY - day + 1);
        assert_int_equal(order.priority, day == DAY ? LINE_PRIORITY_SCHEDULED : LINE_PRIORITY_REPEAT);
        for (int i = 0; i < 3; i++) {
            assert_true(order_asks(fixture, &order, meters[i]));
            fixture_answer_day(fixture, order.order_id, meters[i], day, 500000 + (day - DAY) * 1000);
        }
        fixture_end(fixture, &order, LINE_PROBLEM_NONE);
        fixture_wait(fixture, 1);
    }
    for (int i = 0; i < 3; i++)
        for (int32_t day = DAY - 30; day <= DAY; day++)
            assert_true(reading_day_known(reading_state_find(fixture->rooms.reading, meters[i]), day));
}

/* Reading would take nothing before its first midnight, so nothing before it is asked. */
static void a_meter_without_a_start_begins_with_its_first_midnight(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter_without_start(fixture, line);
    fixture_login(fixture, line);
    for (int32_t day = DAY; day <= DAY + 2; day += 2) {
        fixture->now_s = room_fixture_midnight_s(day) + 3 * 3600;
        fixture_tick(fixture);
        struct line_order order = newest(fixture);
        assert_int_equal(order.time_s, room_fixture_midnight_s(day));
        fixture_answer_day(fixture, order.order_id, meter, day, 5000 + day - DAY);
        fixture_end(fixture, &order, LINE_PROBLEM_NONE);
    }
    /* The day between them is owed. */
    assert_int_equal(fixture->sent_count, 3);
    assert_int_equal(newest(fixture).time_s, room_fixture_midnight_s(DAY + 1));
}

/* Whatever is asked is answered in the order in which it left; how many orders it takes. */
static int answer_all(struct collect_fixture *fixture, int limit)
{
    int answered = 0;
    for (int i = 0; i < limit && answered < fixture->sent_count; i++) {
        struct line_order order = fixture->sent[answered++];
        int32_t day = (int32_t)((order.time_s + ROOM_FIXTURE_ZONE_S) / 86400);
        for (uint32_t id = 1; id <= registry_device_count(fixture->rooms.registry); id++)
            if (registry_is_meter(registry_device_find(fixture->rooms.registry, id)) && order_asks(fixture, &order, id))
                fixture_answer_day(fixture, order.order_id, id, day, 500000 + (day - DAY) * 1000);
        fixture_end(fixture, &order, LINE_PROBLEM_NONE);
    }
    return answered;
}

static void a_complete_meter_is_left_alone(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    fixture_login(fixture, line);
    assert_int_equal(answer_all(fixture, 100), 31);
    fixture_wait(fixture, 5);
    assert_int_equal(fixture->sent_count, 31);
    /* Until the next midnight is an hour old. */
    fixture->now_s = room_fixture_midnight_s(DAY + 1) + COLLECT_START_S - 2;
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 31);
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 32);
    assert_int_equal(newest(fixture).time_s, room_fixture_midnight_s(DAY + 1));
    assert_int_equal(newest(fixture).device_id == 0 || newest(fixture).device_id == meter, 1);
}

static void a_bus_has_at_most_four_of_the_rooms_own(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    uint32_t meters[12];
    for (int i = 0; i < 12; i++)
        meters[i] = fixture_meter(fixture, line, DEVICE_KIND_GAS);
    fixture_login(fixture, line);
    fixture_wait(fixture, 5);
    assert_int_equal(fixture->sent_count, COLLECT_SCHEDULED_LIMIT);
    /* An area at high priority takes two more places; one meter still finds one, and the next. */
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    request.priority = COLLECT_HIGH;
    fixture_task(fixture, &request);
    fixture_wait(fixture, 5);
    assert_int_equal(fixture->sent_count, 6);
    request.device_ids = &meters[11];
    request.device_count = 1;
    fixture_task(fixture, &request);
    request.device_ids = &meters[10];
    fixture_task(fixture, &request);
    assert_int_equal(fixture->sent_count, 8);
    assert_int_equal(fixture->sent[6].device_id, meters[11]);
    assert_int_equal(fixture->sent[6].priority, LINE_PRIORITY_ON_DEMAND);
    fixture_task(fixture, &request);
    fixture_wait(fixture, 5);
    assert_int_equal(fixture->sent_count, LINE_ORDER_OPEN_LIMIT);
}

static void a_silent_meter_is_asked_with_growing_pauses(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_GAS);
    int64_t asked_s = NOW;
    static const int64_t expected_s[] = { 120, 300, 600, 1200, 1800, 3600 };
    fixture_login(fixture, line);
    for (size_t i = 0; i < sizeof expected_s / sizeof expected_s[0]; i++) {
        struct line_order order = newest(fixture);
        assert_int_equal(order.device_id, meter);
        fixture_end(fixture, &order, LINE_PROBLEM_NO_ANSWER);
        int count = fixture->sent_count;
        fixture->now_s = asked_s + expected_s[i] - 2;
        fixture_wait(fixture, 1);
        assert_int_equal(fixture->sent_count, count);
        fixture_wait(fixture, 1);
        assert_int_equal(fixture->sent_count, count + 1);
        asked_s = fixture->now_s;
    }
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT problem FROM collect_trouble"), LINE_PROBLEM_NO_ANSWER);
    /* The pause is kept over a restart. */
    struct line_order order = newest(fixture);
    fixture_end(fixture, &order, LINE_PROBLEM_NO_ANSWER);
    int count = fixture->sent_count;
    collect_fixture_reload(fixture);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, count);
    fixture->now_s = asked_s + 3600;
    fixture_tick(fixture);
    assert_int_equal(fixture->sent_count, count + 1);
    order = newest(fixture);
    fixture_answer_day(fixture, order.order_id, meter, DAY, 5000);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT count(*) FROM collect_trouble"), 0);
}

/* After all tries the meter has its peace until the next midnight is due. */
static void a_dead_meter_is_given_up_for_the_day(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    fixture_meter(fixture, line, DEVICE_KIND_GAS);
    fixture_login(fixture, line);
    int64_t end_s = NOW + 40 * 86400;
    int answered = 0;
    int per_day = 0;
    int64_t day_s = NOW;
    while (fixture->now_s < end_s) {
        if (fixture->now_s - day_s >= 86400) {
            assert_true(per_day <= 15);
            day_s += 86400;
            per_day = 0;
        }
        for (; answered < fixture->sent_count; answered++, per_day++)
            fixture_end(fixture, &fixture->sent[answered], LINE_PROBLEM_NO_ANSWER);
        if (fixture->sent_count > 400)
            fixture->sent_count = answered = 0;
        fixture->now_s += 59;
        fixture_tick(fixture);
    }
    assert_true(answered > 0);
}

static void what_neither_side_has_is_given_up(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    for (int32_t day = DAY - 30; day <= DAY; day++)
        if (day != DAY - 5)
            fixture_answer_day(fixture, 0, meter, day, 500000 + (day - DAY) * 1000);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 1);
    assert_int_equal(newest(fixture).route, LINE_ROUTE_POINT);
    assert_int_equal(newest(fixture).time_s, room_fixture_midnight_s(DAY - 5));
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NO_DATA);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(newest(fixture).route, LINE_ROUTE_FORWARD);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_UNSUPPORTED);
    fixture->now_s += 7200;
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT given_up FROM collect_trouble"), 1 << 5);
    /* Nor after a restart, nor on the next day. */
    collect_fixture_reload(fixture);
    fixture->now_s = room_fixture_midnight_s(DAY + 1) + 2 * COLLECT_START_S;
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 3);
    fixture_answer_day(fixture, newest(fixture).order_id, meter, DAY + 1, 501000);
    fixture_end(fixture, &fixture->sent[2], LINE_PROBLEM_NONE);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 3);
}

static void a_value_set_aside_is_not_asked_again(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    for (int32_t day = DAY - 30; day < DAY; day++)
        fixture_answer_day(fixture, 0, meter, day, 500000 + (day - DAY) * 1000);
    fixture_login(fixture, line);
    struct line_order order = newest(fixture);
    assert_int_equal(order.time_s, room_fixture_midnight_s(DAY));
    fixture_answer_day(fixture, order.order_id, meter, DAY, 1);
    fixture_end(fixture, &order, LINE_PROBLEM_NONE);
    fixture_wait(fixture, 5);
    assert_int_equal(fixture->sent_count, 1);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT problem FROM collect_trouble"),
                     COLLECT_REASON_NOT_BELIEVED);
}

/* Just after midnight the concentrator may not have come to it yet. */
static void a_fresh_midnight_gets_its_time(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    for (int32_t day = DAY - 30; day < DAY; day++)
        fixture_answer_day(fixture, 0, meter, day, 500000 + (day - DAY) * 1000);
    fixture_login(fixture, line);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NO_DATA);
    fixture_wait(fixture, 119);
    assert_int_equal(fixture->sent_count, 1);
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(newest(fixture).route, LINE_ROUTE_POINT);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_NO_DATA);
    fixture_wait(fixture, 300);
    assert_int_equal(fixture->sent_count, 3);
    assert_int_equal(newest(fixture).route, LINE_ROUTE_FORWARD);
}

static void a_lost_line_costs_no_tries(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    fixture_login(fixture, line);
    for (int i = 0; i < 30; i++) {
        struct line_order order = newest(fixture);
        fixture_end(fixture, &order, LINE_PROBLEM_LOST);
        fixture_wait(fixture, 1);
        assert_int_equal(fixture->sent_count, i + 1);
        fixture_login(fixture, line);
        assert_int_equal(fixture->sent_count, i + 2);
    }
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT count(*) FROM collect_trouble"), 0);
}

/* An order whose end never comes is taken for lost, and its meters are asked anew. */
static void what_the_gate_forgets_is_asked_anew(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 1);
    fixture->now_s = fixture->sent[0].expires_s + 7200 - 1;
    fixture_tick(fixture);
    assert_int_equal(fixture->sent_count, 1);
    fixture_wait(fixture, 2);
    assert_int_equal(fixture->sent_count, 2);
}

/* With little work a tick, every line still has its turn. */
static void lines_take_turns(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t lines[20];
    for (int i = 0; i < 20; i++) {
        lines[i] = fixture_bus(fixture);
        for (int k = 0; k < 8; k++)
            fixture_meter(fixture, lines[i], DEVICE_KIND_HEAT);
        room_fixture_begin(&fixture->rooms);
        struct uplink uplink = { .device_id = lines[i], .kind = UPLINK_PRESENCE, .presence = UPLINK_PRESENCE_LOGIN };
        struct reading_outcome outcome = { .device_id = lines[i] };
        assert_int_equal(collect_observe(fixture->room, &uplink, &outcome, fixture->now_s), 0);
        room_fixture_commit(&fixture->rooms);
        collect_rolled_back(fixture->room); /* nobody is served out of turn */
    }
    for (int tick = 0; tick < 25; tick++)
        fixture_tick_of(fixture, 40);
    int given[20] = { 0 };
    for (int i = 0; i < fixture->sent_count; i++)
        for (int k = 0; k < 20; k++)
            given[k] += fixture->sent[i].line_id == lines[k];
    for (int k = 0; k < 20; k++)
        assert_int_equal(given[k], COLLECT_SCHEDULED_LIMIT);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, collect_fixture_setup, collect_fixture_teardown)
    const struct CMUnitTest tests[] = {
        CASE(missing_midnights_are_asked_newest_first),
        CASE(a_meter_without_a_start_begins_with_its_first_midnight),
        CASE(a_complete_meter_is_left_alone),
        CASE(a_bus_has_at_most_four_of_the_rooms_own),
        CASE(a_silent_meter_is_asked_with_growing_pauses),
        CASE(a_dead_meter_is_given_up_for_the_day),
        CASE(what_neither_side_has_is_given_up),
        CASE(a_value_set_aside_is_not_asked_again),
        CASE(a_fresh_midnight_gets_its_time),
        CASE(a_lost_line_costs_no_tries),
        CASE(what_the_gate_forgets_is_asked_anew),
        CASE(lines_take_turns),
    };
    return cmocka_run_group_tests_name("collect_need", tests, NULL, NULL);
}
