/* Days of quarter-hours: known to be incomplete, asked again, complete or given up; over lines and by radio. */
#include "tests/unit/unit_test.h"

#include "base/quantity.h"
#include "tests/unit/collect/collect_fixture.h"

#define HOURS 24
#define LITRE INT64_C(1000)

static struct {
    uint32_t device_id;
    uint32_t person_id;
    int64_t time_s;
    int count;
    int answer;
} radio;

static int radio_ask(void *context, uint32_t device_id, uint32_t person_id, int64_t time_s)
{
    (void)context;
    radio.device_id = device_id;
    radio.person_id = person_id;
    radio.time_s = time_s;
    radio.count++;
    return radio.answer;
}

static int setup(void **state)
{
    radio.count = 0;
    radio.answer = 1;
    collect_fixture_radio_intervals = radio_ask;
    return collect_fixture_setup(state);
}

/* Hours of a day, 10 Wh or L each; bit h of `hours`: the value at h + 1 o'clock is among them. */
static struct uplink day_uplink(const struct collect_fixture *fixture, uint32_t device_id, enum quantity quantity,
                                int32_t day, uint32_t hours)
{
    static uint64_t hash = 1000000;
    const struct uplink_series head = { .start_s = room_fixture_midnight_s(day) + 3600, .interval_s = 3600,
                                        .count = HOURS, .quantity = (uint8_t)quantity };
    struct uplink uplink = { .device_id = device_id, .received_s = fixture->now_s, .content_hash = ++hash };
    int64_t values[HOURS];
    for (unsigned hour = 0; hour < HOURS; hour++)
        values[hour] = (hours >> hour & 1) != 0 ? (day - DAY + 40) * 10 * LITRE + hour * 10 : UPLINK_SERIES_NONE;
    uplink_series_set(&uplink, &head, values);
    return uplink;
}

#define ALL_HOURS 0xffffffu

/* As lines bring it: single values in an answer. */
static void line_day(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id, int32_t day, uint32_t hours)
{
    struct uplink uplink = { .device_id = device_id, .kind = UPLINK_REPORT, .order_id = order_id,
                             .received_s = fixture->now_s };
    static uint64_t hash = 2000000;
    uplink.content_hash = ++hash;
    for (unsigned hour = 0; hour < HOURS; hour++)
        if ((hours >> hour & 1) != 0)
            uplink.items[uplink.item_count++] = (struct uplink_item){
                .quantity = QUANTITY_ENERGY_ACTIVE_IMPORT, .period = UPLINK_CURRENT,
                .value = (day - DAY + 40) * 10 * LITRE + hour * 10,
                .time_s = room_fixture_midnight_s(day) + (hour + 1) * 3600 };
    fixture_uplink(fixture, &uplink);
}

static struct line_order newest(const struct collect_fixture *fixture)
{
    assert_true(fixture->sent_count > 0);
    return fixture->sent[fixture->sent_count - 1];
}

/* A meter behind a concentrator that recorded from DAY - 4 on, and lacks the day DAY - 2. */
static uint32_t meter_with_gap(struct collect_fixture *fixture, uint32_t line)
{
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    fixture_fill(fixture, meter);
    for (int32_t day = DAY - 4; day < DAY; day++)
        if (day != DAY - 2)
            line_day(fixture, 0, meter, day, ALL_HOURS);
    return meter;
}

static void a_missing_day_is_asked_of_the_concentrator(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meters[2] = { meter_with_gap(fixture, line), meter_with_gap(fixture, line) };
    fixture_login(fixture, line);
    struct line_order order = newest(fixture);
    assert_int_equal(fixture->sent_count, 1);
    assert_int_equal(order.operation, LINE_READ_CURVE);
    assert_int_equal(order.time_s, room_fixture_midnight_s(DAY - 2) + 3600);
    assert_int_equal(order.count, HOURS);
    assert_int_equal(order.interval_min, 60);
    assert_int_equal(order.priority, LINE_PRIORITY_REPEAT);
    for (int i = 0; i < 2; i++) {
        assert_true(order_asks(fixture, &order, meters[i]));
        line_day(fixture, order.order_id, meters[i], DAY - 2, 0xfff);
        line_day(fixture, order.order_id, meters[i], DAY - 2, 0xfff000);
    }
    fixture_end(fixture, &order, LINE_PROBLEM_NONE);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 1);
}

static void what_neither_side_has_is_given_up_with_its_reason(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = meter_with_gap(fixture, line);
    fixture_login(fixture, line);
    struct line_order first = newest(fixture);
    line_day(fixture, first.order_id, meter, DAY - 2, 0xff);
    fixture_end(fixture, &first, LINE_PROBLEM_NONE);
    /* The second step: the meter itself, whose model cannot tell it. */
    struct line_order second = newest(fixture);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(second.route, LINE_ROUTE_FORWARD);
    assert_int_equal(second.operation, LINE_READ_CURVE);
    fixture_end(fixture, &second, LINE_PROBLEM_UNSUPPORTED);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 2);
    struct room_fixture *rooms = &fixture->rooms;
    assert_int_equal(room_fixture_number(rooms, "SELECT interval_given_up FROM collect_trouble"), 1);
    assert_int_equal(room_fixture_number(rooms, "SELECT interval_given_up_day FROM collect_trouble"), DAY - 2);
    assert_int_equal(room_fixture_number(rooms, "SELECT interval_problem FROM collect_trouble"), LINE_PROBLEM_NO_DATA);
    collect_fixture_reload(fixture);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 2);
}

/* Midnights come first, and a line that is lost costs nobody a try. */
static void midnights_go_before(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = meter_with_gap(fixture, line);
    fixture->now_s = room_fixture_midnight_s(DAY + 1) + 3 * 3600;
    fixture_login(fixture, line);
    struct line_order order = newest(fixture);
    assert_int_equal(order.operation, LINE_READ_DAILY);
    fixture_answer_day(fixture, order.order_id, meter, DAY + 1, 90000);
    fixture_end(fixture, &order, LINE_PROBLEM_NONE);
    order = newest(fixture);
    assert_int_equal(order.operation, LINE_READ_CURVE);
    assert_int_equal(order.time_s, room_fixture_midnight_s(DAY) + 3600);
    fixture_end(fixture, &order, LINE_PROBLEM_LOST);
    fixture_login(fixture, line);
    assert_int_equal(newest(fixture).time_s, order.time_s);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT count(*) FROM collect_trouble"), 0);
}

/* A concentrator that has not come to yesterday's curve yet gets its time, and keeps no midnight waiting for it. */
static void yesterday_is_asked_again_later(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = meter_with_gap(fixture, line);
    line_day(fixture, 0, meter, DAY - 2, ALL_HOURS);
    fixture->now_s = room_fixture_midnight_s(DAY + 1) + 3 * 3600;
    fixture_answer_day(fixture, 0, meter, DAY + 1, 90000);
    fixture_login(fixture, line);
    assert_int_equal(newest(fixture).time_s, room_fixture_midnight_s(DAY) + 3600);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NO_DATA);
    assert_int_equal(newest(fixture).route, LINE_ROUTE_FORWARD);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_UNSUPPORTED);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT interval_given_up FROM collect_trouble"), 0);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT interval_problem FROM collect_trouble"), LINE_PROBLEM_NO_DATA);
    fixture->now_s += 1800;
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 3);
    assert_int_equal(newest(fixture).route, LINE_ROUTE_POINT);
    line_day(fixture, newest(fixture).order_id, meter, DAY, ALL_HOURS);
    fixture_end(fixture, &fixture->sent[2], LINE_PROBLEM_NONE);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT count(*) FROM collect_trouble"), 0);
}

static void a_person_asks_for_a_day_again(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = meter_with_gap(fixture, line);
    fixture_login(fixture, line);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NO_DATA);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_NO_DATA);
    assert_int_equal(fixture->sent_count, 2);
    struct collect_request request = fixture_request(fixture, COLLECT_INTERVAL, DAY - 2);
    request.device_ids = &meter;
    request.device_count = 1;
    struct collect_task task = fixture_task(fixture, &request);
    struct line_order order = newest(fixture);
    assert_int_equal(fixture->sent_count, 3);
    assert_int_equal(order.priority, LINE_PRIORITY_ON_DEMAND);
    assert_int_equal(order.time_s, room_fixture_midnight_s(DAY - 2) + 3600);
    assert_int_equal(order.count, HOURS);
    line_day(fixture, order.order_id, meter, DAY - 2, ALL_HOURS);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).state, COLLECT_ITEM_DONE);
    request.day = DAY - 40;
    struct collect_preview preview;
    assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), COLLECT_ERR_DATE);
    request.day = DAY;
    assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), COLLECT_ERR_DATE);
}

/* A radio that recorded from DAY - 6 on and lacks the days before yesterday. */
static uint32_t radio_meter(struct collect_fixture *fixture)
{
    uint32_t meter = room_fixture_device(&fixture->rooms, 0);
    struct uplink first = day_uplink(fixture, meter, QUANTITY_WATER_VOLUME, DAY - 6, ALL_HOURS);
    struct uplink last = day_uplink(fixture, meter, QUANTITY_WATER_VOLUME, DAY - 5, ALL_HOURS);
    fixture_uplink(fixture, &first);
    fixture_uplink(fixture, &last);
    return meter;
}

static void report(struct collect_fixture *fixture, uint32_t meter)
{
    fixture->now_s += 60;
    fixture_answer_now(fixture, 0, meter, 900 * LITRE);
}

static void told(struct collect_fixture *fixture, uint32_t meter, uint8_t problem)
{
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_radio_told(fixture->room, meter, problem, fixture->now_s), 0);
    fixture_commit(fixture);
}

static void a_radio_is_asked_when_it_opens_its_window(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t meter = radio_meter(fixture);
    assert_int_equal(radio.count, 1); /* by the window of the last day that it told */
    assert_int_equal(radio.device_id, meter);
    assert_int_equal(radio.person_id, 0);
    assert_int_equal(radio.time_s, room_fixture_midnight_s(DAY - 2));
    report(fixture, meter);
    assert_int_equal(radio.count, 1); /* the command waits */
    told(fixture, meter, LINE_PROBLEM_NONE);
    struct uplink day = day_uplink(fixture, meter, QUANTITY_WATER_VOLUME, DAY - 2, ALL_HOURS);
    fixture_uplink(fixture, &day);
    assert_int_equal(radio.count, 2);
    assert_int_equal(radio.time_s, room_fixture_midnight_s(DAY - 3));
    told(fixture, meter, LINE_PROBLEM_NONE);
    /* It has no more of this day than that: given up, and the next one is asked. */
    day = day_uplink(fixture, meter, QUANTITY_WATER_VOLUME, DAY - 3, 0xfff);
    fixture_uplink(fixture, &day);
    assert_int_equal(radio.time_s, room_fixture_midnight_s(DAY - 4));
    told(fixture, meter, LINE_PROBLEM_REFUSED);
    report(fixture, meter);
    assert_int_equal(radio.count, 3);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT interval_given_up FROM collect_trouble"), 3);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT interval_given_up_day FROM collect_trouble"), DAY - 3);
}

static void a_radio_that_never_answers_is_left_alone(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t meter = radio_meter(fixture);
    for (int days = 0; days < 3; days++) {
        for (int i = 0; i < 5; i++) {
            told(fixture, meter, LINE_PROBLEM_NO_ANSWER);
            report(fixture, meter);
        }
    }
    /* Three days are owed, three windows each. */
    assert_int_equal(radio.count, 9);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT interval_problem FROM collect_trouble"),
                     LINE_PROBLEM_NO_ANSWER);
}

static void a_person_asks_a_radio(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t meter = radio_meter(fixture);
    struct collect_request request = fixture_request(fixture, COLLECT_INTERVAL, DAY - 4);
    request.device_ids = &meter;
    request.device_count = 1;
    struct collect_task task = fixture_task(fixture, &request);
    assert_int_equal(radio.person_id, 7);
    assert_int_equal(radio.time_s, room_fixture_midnight_s(DAY - 4));
    struct uplink day = day_uplink(fixture, meter, QUANTITY_WATER_VOLUME, DAY - 4, 0xfff);
    fixture_uplink(fixture, &day);
    struct collect_item item = fixture_item(fixture, task.task_id, meter);
    assert_int_equal(item.state, COLLECT_ITEM_FAILED);
    assert_int_equal(item.problem, LINE_PROBLEM_NO_DATA);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, collect_fixture_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_missing_day_is_asked_of_the_concentrator),
        CASE(what_neither_side_has_is_given_up_with_its_reason),
        CASE(midnights_go_before),
        CASE(yesterday_is_asked_again_later),
        CASE(a_person_asks_for_a_day_again),
        CASE(a_radio_is_asked_when_it_opens_its_window),
        CASE(a_radio_that_never_answers_is_left_alone),
        CASE(a_person_asks_a_radio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
