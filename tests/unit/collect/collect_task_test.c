/* What people ask: one meter, a set, an area; progress, cancelling, restarts, and answers that lie. */
#include "tests/unit/unit_test.h"

#include "base/quantity.h"
#include "base/random.h"
#include "tests/unit/collect/collect_fixture.h"

static void one_meter_is_read_at_once(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    fixture_fill(fixture, meter);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 0);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    request.device_ids = &meter;
    request.device_count = 1;
    struct collect_task task = fixture_task(fixture, &request);
    assert_int_equal(task.priority, COLLECT_HIGH);
    assert_int_equal(fixture->sent_count, 1);
    assert_int_equal(fixture->sent[0].device_id, meter);
    assert_int_equal(fixture->sent[0].operation, LINE_READ_CURRENT);
    assert_int_equal(fixture->sent[0].priority, LINE_PRIORITY_ON_DEMAND);
    assert_int_equal(fixture->sent[0].route, LINE_ROUTE_POINT);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).state, COLLECT_ITEM_ASKED);
    fixture_answer_now(fixture, fixture->sent[0].order_id, meter, 50000);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).state, COLLECT_ITEM_DONE);
    task = fixture_task_now(fixture, task.task_id);
    assert_int_equal(task.state, COLLECT_TASK_DONE);
    assert_int_equal(task.done, 1);
    assert_int_equal(fixture->told.done, 1);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NONE);
    struct collect_load load;
    collect_load_read(fixture->room, &load);
    assert_int_equal(load.orders, 0);
    assert_int_equal(load.lines_online, 1);
}

/* Heat meters count in kWh or in GJ: an order for several names their model, and only meters of it are in it. */
static void heat_meters_go_out_by_model(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meters[4];
    for (int i = 0; i < 4; i++) {
        meters[i] = fixture_heat_meter(fixture, line, i % 2 == 0 ? "mbus-heat" : "cjt188-heat");
        fixture_fill(fixture, meters[i]);
    }
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    fixture_task(fixture, &request);
    assert_int_equal(fixture->sent_count, 2);
    for (int i = 0; i < 4; i++) {
        const struct line_order *order = &fixture->sent[order_asks(fixture, &fixture->sent[1], meters[i])];
        assert_true(order_asks(fixture, order, meters[i]));
        assert_string_equal(order->profile, i % 2 == 0 ? "mbus-heat" : "cjt188-heat");
    }
}

/* The registry took care of the order by kind; what is there already is not asked for. */
static void an_area_goes_out_in_sets_by_kind(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meters[6];
    for (int i = 0; i < 6; i++) {
        meters[i] = fixture_meter(fixture, line, i % 2 == 0 ? DEVICE_KIND_ELECTRICITY : DEVICE_KIND_COLD_WATER);
        fixture_fill(fixture, meters[i]);
    }
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    assert_int_equal(task.total, 6);
    assert_int_equal(fixture->sent_count, 2);
    for (int i = 0; i < 6; i++) {
        const struct line_order *order = order_asks(fixture, &fixture->sent[0], meters[i]) ? &fixture->sent[0]
                                                                                            : &fixture->sent[1];
        assert_true(order_asks(fixture, order, meters[i]));
        assert_int_equal(order->kind, i % 2 == 0 ? DEVICE_KIND_ELECTRICITY : DEVICE_KIND_COLD_WATER);
        fixture_answer_now(fixture, order->order_id, meters[i], 60000 + i);
    }
    assert_int_equal(fixture_task_now(fixture, task.task_id).state, COLLECT_TASK_DONE);
    request.what = COLLECT_DAILY;
    request.day = DAY - 3;
    task = fixture_task(fixture, &request);
    assert_int_equal(task.done, 6);
    assert_int_equal(fixture->sent_count, 2);
}

static void what_is_not_believed_is_not_done(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    fixture_fill(fixture, meter);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    fixture_answer_now(fixture, fixture->sent[0].order_id, meter, 5);
    struct collect_item item = fixture_item(fixture, task.task_id, meter);
    assert_int_equal(item.state, COLLECT_ITEM_FAILED);
    assert_int_equal(item.problem, COLLECT_REASON_NOT_BELIEVED);
}

/* A register of missing digits leaves only the power in the answer: nobody knows what the dial shows. */
static void another_value_alone_is_not_the_dial(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    fixture_fill(fixture, meter);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    uint64_t order_id = fixture->sent[0].order_id;
    struct uplink uplink = { .device_id = meter, .kind = UPLINK_REPORT, .order_id = order_id,
                             .received_s = fixture->now_s, .content_hash = 4711, .item_count = 2 };
    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_POWER_ACTIVE, .period = UPLINK_CURRENT, .value = 5 };
    uplink.items[1] = (struct uplink_item){ .quantity = QUANTITY_ENERGY_ACTIVE_IMPORT, .period = UPLINK_CURRENT,
                                            .register_index = 1, .value = 7 };
    fixture_uplink(fixture, &uplink);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).state, COLLECT_ITEM_ASKED);
    fixture_answer_now(fixture, order_id, meter, 5000000);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).state, COLLECT_ITEM_DONE);
}

/* Its first midnight began the total: an older one is answered, and counts for nothing. */
static void a_day_before_the_first_reading_is_told_so(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter_without_start(fixture, line);
    fixture_answer_day(fixture, 0, meter, DAY, 5000000);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_DAILY, DAY - 3);
    struct collect_task task = fixture_task(fixture, &request);
    for (int i = 0; i < fixture->sent_count; i++)
        if (fixture->sent[i].time_s == room_fixture_midnight_s(DAY - 3))
            fixture_answer_day(fixture, fixture->sent[i].order_id, meter, DAY - 3, 4000000);
    struct collect_item item = fixture_item(fixture, task.task_id, meter);
    assert_int_equal(item.state, COLLECT_ITEM_FAILED);
    assert_int_equal(item.problem, COLLECT_REASON_BEFORE_START);
}

static void answers_of_others_change_nothing(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t other_line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    uint32_t neighbour = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    uint32_t stranger = fixture_meter(fixture, other_line, DEVICE_KIND_COLD_WATER);
    fixture_fill(fixture, meter);
    fixture_fill(fixture, neighbour);
    fixture_fill(fixture, stranger);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    request.device_ids = &meter;
    request.device_count = 1;
    struct collect_task task = fixture_task(fixture, &request);
    uint64_t order_id = fixture->sent[0].order_id;
    fixture_answer_now(fixture, order_id, neighbour, 50000);
    fixture_answer_now(fixture, order_id, stranger, 50000);
    fixture_answer_problem(fixture, order_id, other_line, LINE_PROBLEM_REFUSED, true);
    fixture_answer_problem(fixture, order_id + 1, line, LINE_PROBLEM_REFUSED, true);
    fixture_answer_problem(fixture, UINT64_MAX, line, 255, true);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).state, COLLECT_ITEM_ASKED);
    fixture_answer_now(fixture, order_id, meter, 50000);
    fixture_answer_now(fixture, order_id, meter, 50001);
    task = fixture_task_now(fixture, task.task_id);
    assert_int_equal(task.done, 1);
    assert_int_equal(task.failed, 0);
    fixture_end(fixture, &fixture->sent[0], 0);
    fixture_end(fixture, &fixture->sent[0], 0);
    struct collect_load load;
    collect_load_read(fixture->room, &load);
    assert_int_equal(load.orders, 0);
}

/* First the concentrator, then the meter itself, then the reason stands. */
static void the_meter_itself_is_the_second_step(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    fixture_fill(fixture, meter);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    fixture_answer_problem(fixture, fixture->sent[0].order_id, meter, LINE_PROBLEM_NOT_FILED, true);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(fixture->sent[1].route, LINE_ROUTE_FORWARD);
    assert_int_equal(fixture->sent[1].device_id, meter);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_NOT_FILED);
    struct collect_item item = fixture_item(fixture, task.task_id, meter);
    assert_int_equal(item.state, COLLECT_ITEM_FAILED);
    assert_int_equal(item.problem, LINE_PROBLEM_NOT_FILED);
    assert_int_equal(fixture_task_now(fixture, task.task_id).failed, 1);
}

static void a_silent_meter_is_asked_three_times(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_GAS);
    fixture_fill(fixture, meter);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fixture->sent_count, i + 1);
        assert_int_equal(fixture->sent[i].route, LINE_ROUTE_DIRECT);
        fixture_end(fixture, &fixture->sent[i], LINE_PROBLEM_NO_ANSWER);
        fixture_wait(fixture, 30);
    }
    assert_int_equal(fixture->sent_count, 3);
    struct collect_item item = fixture_item(fixture, task.task_id, meter);
    assert_int_equal(item.state, COLLECT_ITEM_FAILED);
    assert_int_equal(item.problem, LINE_PROBLEM_NO_ANSWER);
    assert_int_equal(item.tries, 3);
}

static void an_offline_line_is_asked_when_it_logs_in(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    fixture_fill(fixture, meter);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    fixture_wait(fixture, 60);
    assert_int_equal(fixture->sent_count, 0);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 1);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_OFFLINE);
    fixture_wait(fixture, 60);
    assert_int_equal(fixture->sent_count, 1);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).problem, LINE_PROBLEM_OFFLINE);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 2);
    fixture_answer_now(fixture, fixture->sent[1].order_id, meter, 50000);
    assert_int_equal(fixture_task_now(fixture, task.task_id).done, 1);
}

static void a_task_that_nobody_answers_ends_with_reasons(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    request.expires_s = 60;
    struct collect_task task = fixture_task(fixture, &request);
    fixture_wait(fixture, 61);
    task = fixture_task_now(fixture, task.task_id);
    assert_int_equal(task.state, COLLECT_TASK_DONE);
    assert_int_equal(task.failed, 1);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).problem, LINE_PROBLEM_EXPIRED);
}

static void what_is_cancelled_is_not_asked_any_more(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    uint32_t meters[10];
    for (int i = 0; i < 10; i++) {
        meters[i] = fixture_meter(fixture, line, DEVICE_KIND_HEAT);
        fixture_fill(fixture, meters[i]);
    }
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    int asked = fixture->sent_count;
    assert_in_range(asked, 1, 9);
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_task_cancel(fixture->room, task.task_id, fixture->now_s), 0);
    assert_int_equal(collect_task_cancel(fixture->room, task.task_id, fixture->now_s), COLLECT_ERR_FINISHED);
    assert_int_equal(collect_task_cancel(fixture->room, 99, fixture->now_s), COLLECT_ERR_TASK);
    room_fixture_commit(&fixture->rooms);
    fixture_tick(fixture);
    assert_int_equal(fixture->cancelled_count, asked);
    for (int i = 0; i < asked; i++)
        fixture_end(fixture, &fixture->sent[i], LINE_PROBLEM_CANCELLED);
    assert_int_equal(fixture->sent_count, asked);
    task = fixture_task_now(fixture, task.task_id);
    assert_int_equal(task.state, COLLECT_TASK_CANCELLED);
    assert_int_equal(task.cancelled, 10);
}

static void a_restart_asks_again_what_had_not_answered(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meters[3];
    for (int i = 0; i < 3; i++) {
        meters[i] = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
        fixture_fill(fixture, meters[i]);
    }
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    fixture_answer_now(fixture, fixture->sent[0].order_id, meters[0], 50000);
    collect_fixture_reload(fixture);
    task = fixture_task_now(fixture, task.task_id);
    assert_int_equal(task.done, 1);
    assert_int_equal(task.state, COLLECT_TASK_OPEN);
    fixture_wait(fixture, 2);
    assert_int_equal(fixture->sent_count, 1);
    fixture_login(fixture, line);
    assert_int_equal(fixture->sent_count, 2);
    assert_false(order_asks(fixture, &fixture->sent[1], meters[0]));
    fixture_answer_now(fixture, fixture->sent[0].order_id, meters[1], 50000);
    assert_int_equal(fixture_task_now(fixture, task.task_id).done, 1);
    fixture_answer_now(fixture, fixture->sent[1].order_id, meters[1], 50000);
    fixture_answer_now(fixture, fixture->sent[1].order_id, meters[2], 50000);
    assert_int_equal(fixture_task_now(fixture, task.task_id).state, COLLECT_TASK_DONE);
}

static void a_transaction_that_fails_leaves_no_order(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    struct collect_task task;
    struct collect_preview preview;
    fixture_fill(fixture, meter);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_task_create(fixture->room, &request, fixture->now_s, &task, &preview), 0);
    assert_in_range(collect_tick(fixture->room, fixture->now_s, 1000), 0, 1);
    room_fixture_rollback(&fixture->rooms);
    collect_rolled_back(fixture->room);
    fixture_wait(fixture, 2);
    struct collect_load load;
    collect_load_read(fixture->room, &load);
    assert_int_equal(load.orders, 0);
    assert_int_equal(load.items_waiting, 0);
    assert_int_equal(fixture->sent_count, 0);
    assert_int_equal(collect_task_read(fixture->room, task.task_id, &task), 0);
}

static void a_full_gate_gets_the_order_later(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    fixture_fill(fixture, meter);
    fixture_login(fixture, line);
    fixture->gate_full = true;
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    fixture_task(fixture, &request);
    fixture_wait(fixture, 3);
    assert_int_equal(fixture->sent_count, 0);
    fixture->gate_full = false;
    fixture_wait(fixture, 1);
    assert_int_equal(fixture->sent_count, 1);
}

static void requests_are_checked(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t meter = fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER);
    struct collect_preview preview;
    struct { uint8_t what; int32_t day; int expected; } cases[] = {
        { COLLECT_CURRENT, 0, 0 }, { COLLECT_CURRENT, DAY, COLLECT_ERR_DATE },
        { COLLECT_DAILY, DAY, 0 }, { COLLECT_DAILY, DAY - 30, 0 }, { COLLECT_DAILY, DAY - 31, COLLECT_ERR_DATE },
        { COLLECT_DAILY, DAY + 1, COLLECT_ERR_DATE },
        { COLLECT_MONTHLY, DAY - 3, 0 }, /* 2024-10-01 */ { COLLECT_MONTHLY, DAY - 2, COLLECT_ERR_DATE },
        { COLLECT_MONTHLY, DAY - 3 - 335, 0 }, /* 2023-11-01 */ { COLLECT_MONTHLY, DAY - 3 - 366, COLLECT_ERR_DATE },
        { COLLECT_CURVE, 0, COLLECT_ERR_WHAT }, { 0, 0, COLLECT_ERR_WHAT }, { 200, 0, COLLECT_ERR_WHAT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct collect_request request = fixture_request(fixture, cases[i].what, cases[i].day);
        assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), cases[i].expected);
    }
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), 0);
    assert_int_equal(preview.total, 1);
    assert_int_equal(preview.offline, 1);
    request.area_id = fixture->rooms.building_b;
    assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), COLLECT_ERR_NOBODY);
    request.device_ids = &meter;
    request.device_count = 1;
    assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), COLLECT_ERR_SCOPE);
    request.area_id = 0;
    request.device_ids = &line;
    assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), COLLECT_ERR_DEVICE);
    request.device_ids = &meter;
    registry_scope_make(fixture->rooms.registry, fixture->rooms.tenant_id, fixture->rooms.building_b, &request.scope);
    assert_int_equal(collect_task_preview(fixture->room, &request, fixture->now_s, &preview), COLLECT_ERR_DEVICE);
}

static void a_meter_with_a_radio_counts_when_it_reports(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t meter = room_fixture_device(&fixture->rooms, 0);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    assert_int_equal(fixture->radio_asked, meter);
    struct collect_item item = fixture_item(fixture, task.task_id, meter);
    assert_int_equal(item.state, COLLECT_ITEM_ASKED);
    assert_int_equal(item.problem, COLLECT_REASON_ASLEEP);
    struct uplink uplink = { .device_id = meter, .kind = UPLINK_REPORT, .received_s = fixture->now_s, .item_count = 2,
                             .items = { { .quantity = QUANTITY_WATER_VOLUME, .value = 700, .time_s = fixture->now_s },
                                        { .quantity = QUANTITY_VALVE_STATE, .time_s = fixture->now_s } } };
    fixture_uplink(fixture, &uplink);
    assert_int_equal(fixture_item(fixture, task.task_id, meter).state, COLLECT_ITEM_DONE);
    assert_int_equal(fixture_task_now(fixture, task.task_id).state, COLLECT_TASK_DONE);
}

/* All lines latch in one transaction; what could not be latched is not read as if it had been. */
static void a_freeze_comes_before_its_reading(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t lines[3];
    uint32_t meters[3];
    for (int i = 0; i < 3; i++) {
        lines[i] = fixture_concentrator(fixture);
        meters[i] = fixture_meter(fixture, lines[i], DEVICE_KIND_ELECTRICITY);
        fixture_fill(fixture, meters[i]);
        if (i < 2)
            fixture_login(fixture, lines[i]);
    }
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    request.freeze = 1;
    struct collect_task task = fixture_task(fixture, &request);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(fixture->sent[0].operation, LINE_FREEZE);
    assert_int_equal(fixture->sent[1].operation, LINE_FREEZE);
    assert_int_equal(fixture->sent[0].device_id, 0);
    assert_int_equal(fixture->sent[0].port, FIXTURE_PORT);
    assert_int_equal(fixture_item(fixture, task.task_id, meters[2]).problem, COLLECT_REASON_LINE_OFFLINE);
    int first = fixture->sent[0].line_id == lines[0] ? 0 : 1;
    fixture_end(fixture, &fixture->sent[first], LINE_PROBLEM_NONE);
    fixture_end(fixture, &fixture->sent[1 - first], LINE_PROBLEM_NEVER_QUIET);
    fixture_wait(fixture, 60);
    assert_int_equal(fixture_item(fixture, task.task_id, meters[1]).problem, LINE_PROBLEM_NEVER_QUIET);
    assert_int_equal(fixture->sent_count, 3);
    assert_int_equal(fixture->sent[2].operation, LINE_READ_CURRENT);
    assert_int_equal(fixture->sent[2].time_s, NOW);
    fixture_answer_now(fixture, fixture->sent[2].order_id, meters[0], 60000);
    task = fixture_task_now(fixture, task.task_id);
    assert_int_equal(task.done, 1);
    assert_int_equal(task.failed, 2);
    assert_int_equal(task.state, COLLECT_TASK_DONE);
}

/* A concentrator passes a broadcast on at one port only: every port with meters gets one, and only the meters of the port
 * where it failed are given up. */
static void every_port_with_meters_latches(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t here = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    uint32_t there = fixture_meter_at_port(fixture, line, FIXTURE_PORT + 1);
    uint32_t there_too = fixture_meter_at_port(fixture, line, FIXTURE_PORT + 1);
    fixture_fill(fixture, here);
    fixture_fill(fixture, there);
    fixture_fill(fixture, there_too);
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    request.freeze = 1;
    struct collect_task task = fixture_task(fixture, &request);
    assert_int_equal(fixture->sent_count, 2);
    assert_int_equal(fixture->sent[0].port, FIXTURE_PORT);
    assert_int_equal(fixture->sent[1].port, FIXTURE_PORT + 1);
    assert_int_equal(fixture->sent[1].operation, LINE_FREEZE);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NONE);
    fixture_end(fixture, &fixture->sent[1], LINE_PROBLEM_NO_ANSWER);
    assert_int_equal(fixture_item(fixture, task.task_id, there).problem, LINE_PROBLEM_NO_ANSWER);
    assert_int_equal(fixture_item(fixture, task.task_id, there_too).problem, LINE_PROBLEM_NO_ANSWER);
    assert_int_not_equal(fixture_item(fixture, task.task_id, here).state, COLLECT_ITEM_FAILED);
    assert_int_equal(fixture_task_now(fixture, task.task_id).failed, 2);
}

/* The concentrator's data of a point are of another moment than the meter's own freeze. */
static void what_was_latched_is_asked_of_the_meter_itself(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_concentrator(fixture);
    uint32_t electricity = fixture_meter(fixture, line, DEVICE_KIND_ELECTRICITY);
    fixture_fill(fixture, electricity);
    fixture_fill(fixture, fixture_meter(fixture, line, DEVICE_KIND_COLD_WATER));
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    request.freeze = 1;
    (void)fixture_task(fixture, &request);
    fixture_end(fixture, &fixture->sent[0], LINE_PROBLEM_NONE);
    fixture_wait(fixture, 60);
    assert_int_equal(fixture->sent_count, 3);
    for (int i = 1; i < 3; i++) {
        const struct line_order *order = &fixture->sent[i];
        assert_int_equal(order->time_s, NOW);
        assert_int_equal(order->route, order->device_id == electricity ? LINE_ROUTE_FORWARD : LINE_ROUTE_POINT);
    }
}

/* An answer makes room for the next meter in the same transaction. */
static void a_bus_is_kept_busy(void **state)
{
    struct collect_fixture *fixture = *state;
    uint32_t line = fixture_bus(fixture);
    for (int i = 0; i < 20; i++)
        fixture_fill(fixture, fixture_meter(fixture, line, DEVICE_KIND_GAS));
    fixture_login(fixture, line);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    for (int i = 0; i < 20; i++) {
        assert_true(fixture->sent_count > i);
        struct line_order order = fixture->sent[i];
        fixture_answer_now(fixture, order.order_id, order.device_id, 60000);
        fixture_end(fixture, &order, LINE_PROBLEM_NONE);
    }
    assert_int_equal(fixture_task_now(fixture, task.task_id).done, 20);
}

/* Whatever lines send: orders end once, no task counts more than it has, and what is left can still be answered. */
static void random_answers_break_nothing(void **state)
{
    struct collect_fixture *fixture = *state;
    struct random random = random_of_seed(11);
    uint32_t lines[2] = { fixture_concentrator(fixture), fixture_bus(fixture) };
    uint32_t meters[12];
    for (int i = 0; i < 12; i++) {
        meters[i] = fixture_meter(fixture, lines[i % 2], DEVICE_KIND_COLD_WATER);
        fixture_fill(fixture, meters[i]);
    }
    fixture_login(fixture, lines[0]);
    fixture_login(fixture, lines[1]);
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_task task = fixture_task(fixture, &request);
    for (int i = 0; i < 3000; i++) {
        uint32_t sender = random_chance(&random, 1, 3) ? lines[random_below(&random, 2)] : meters[random_below(&random, 12)];
        uint64_t order_id = fixture->sent_count > 0 && random_chance(&random, 3, 4)
                                ? fixture->sent[random_below(&random, (uint64_t)fixture->sent_count)].order_id
                                : random_next(&random);
        struct uplink uplink = { .device_id = sender, .kind = (uint8_t)random_below(&random, 6), .order_id = order_id,
                                 .problem = random_chance(&random, 1, 2) ? 0 : (uint8_t)random_below(&random, 256),
                                 .order_ended = random_chance(&random, 1, 3), .presence = (uint8_t)random_below(&random, 7),
                                 .item_count = (uint16_t)random_below(&random, 3), .received_s = fixture->now_s,
                                 .content_hash = random_next(&random) };
        uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_WATER_VOLUME, .period = (uint8_t)random_below(&random, 4),
                                                .value = random_between(&random, -5, 90000), .time_s = fixture->now_s };
        fixture_uplink(fixture, &uplink);
        fixture_wait(fixture, random_chance(&random, 1, 8) ? 30 : 0);
        if (fixture->sent_count > SENT_LIMIT - 40)
            fixture->sent_count = 20;
        struct collect_task now = fixture_task_now(fixture, task.task_id);
        assert_true(now.done + now.failed + now.cancelled <= now.total);
        assert_int_equal(now.state == COLLECT_TASK_OPEN, now.done + now.failed < now.total);
        if (now.state != COLLECT_TASK_OPEN)
            task = fixture_task(fixture, &request);
    }
    struct collect_load load;
    collect_load_read(fixture->room, &load);
    assert_true(load.orders <= 2 * LINE_ORDER_OPEN_LIMIT);
    assert_int_equal(load.items_waiting, room_fixture_number(&fixture->rooms,
                                                             "SELECT count(*) FROM reading_task_item WHERE state = 1"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, collect_fixture_setup, collect_fixture_teardown)
    const struct CMUnitTest tests[] = {
        CASE(one_meter_is_read_at_once),
        CASE(an_area_goes_out_in_sets_by_kind),
        CASE(heat_meters_go_out_by_model),
        CASE(what_is_not_believed_is_not_done),
        CASE(another_value_alone_is_not_the_dial),
        CASE(a_day_before_the_first_reading_is_told_so),
        CASE(answers_of_others_change_nothing),
        CASE(the_meter_itself_is_the_second_step),
        CASE(a_silent_meter_is_asked_three_times),
        CASE(an_offline_line_is_asked_when_it_logs_in),
        CASE(a_task_that_nobody_answers_ends_with_reasons),
        CASE(what_is_cancelled_is_not_asked_any_more),
        CASE(a_restart_asks_again_what_had_not_answered),
        CASE(a_transaction_that_fails_leaves_no_order),
        CASE(a_full_gate_gets_the_order_later),
        CASE(requests_are_checked),
        CASE(a_meter_with_a_radio_counts_when_it_reports),
        CASE(a_freeze_comes_before_its_reading),
        CASE(every_port_with_meters_latches),
        CASE(what_was_latched_is_asked_of_the_meter_itself),
        CASE(a_bus_is_kept_busy),
        CASE(random_answers_break_nothing),
    };
    return cmocka_run_group_tests_name("collect_task", tests, NULL, NULL);
}
