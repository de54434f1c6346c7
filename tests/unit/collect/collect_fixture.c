#include "tests/unit/collect/collect_fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "registry/registry_line.h"
#include "tests/unit/unit_test.h"

int (*collect_fixture_radio_intervals)(void *listener, uint32_t device_id, uint32_t person_id, int64_t time_s);

static bool order_take(void *context, const struct line_order *order)
{
    struct collect_fixture *fixture = context;
    if (fixture->gate_full)
        return false;
    assert_true(fixture->sent_count < SENT_LIMIT);
    fixture->sent[fixture->sent_count++] = *order;
    return true;
}

static bool order_cancel(void *context, uint32_t line_id, uint64_t order_id)
{
    struct collect_fixture *fixture = context;
    assert_int_not_equal(line_id, 0);
    fixture->cancelled[fixture->cancelled_count++] = order_id;
    return true;
}

static void progress_note(void *context, const struct collect_task *task)
{
    struct collect_fixture *fixture = context;
    fixture->told_count++;
    fixture->told = *task;
}

static int radio_note(void *context, uint32_t device_id, uint32_t person_id)
{
    struct collect_fixture *fixture = context;
    assert_int_equal(person_id, 7);
    fixture->radio_asked = device_id;
    return 1;
}

static void room_open(struct collect_fixture *fixture)
{
    assert_int_equal(collect_sql_open(fixture->rooms.store, &fixture->sql), 0);
    fixture->store = *collect_sql_store(fixture->sql);
    if (fixture->store_wrap)
        fixture->store_wrap(&fixture->store);
    struct collect_config config = {
        .store = &fixture->store, .registry = fixture->rooms.registry,
        .reading = fixture->rooms.reading, .undo = fixture->rooms.undo, .device_limit = 5000, .seed = 1,
        .listener = fixture, .progressed = progress_note, .radio_read = radio_note,
        .radio_intervals = collect_fixture_radio_intervals,
    };
    assert_int_equal(collect_open(&config, &fixture->room), 0);
}

int collect_fixture_setup(void **state)
{
    return collect_fixture_open(state, NULL);
}

int collect_fixture_open(void **state, void (*store_wrap)(struct collect_store *store))
{
    static struct collect_fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    fixture.store_wrap = store_wrap;
    room_fixture_open(&fixture.rooms, NULL);
    fixture.now_s = NOW;
    room_open(&fixture);
    *state = &fixture;
    return 0;
}

int collect_fixture_teardown(void **state)
{
    struct collect_fixture *fixture = *state;
    collect_close(fixture->room);
    collect_sql_close(fixture->sql);
    room_fixture_close(&fixture->rooms);
    return 0;
}

void collect_fixture_reload(struct collect_fixture *fixture)
{
    collect_close(fixture->room);
    collect_sql_close(fixture->sql);
    room_fixture_reload(&fixture->rooms);
    room_open(fixture);
}

static uint32_t line_add(struct collect_fixture *fixture, uint32_t kind, uint8_t line_kind, const char *address)
{
    struct room_fixture *rooms = &fixture->rooms;
    struct device_record row = { .area_id = rooms->building_a, .kind = kind };
    struct registry_line_record line = { .kind = line_kind, .meter_limit = 2000 };
    unsigned number = registry_device_count(rooms->registry) + 1;
    snprintf(row.meter_number, sizeof row.meter_number, "line-%u", number);
    snprintf(row.address, sizeof row.address, address, number);
    room_fixture_begin(rooms);
    assert_int_equal(registry_line_add(rooms->registry, &rooms->scope, NOW - 100 * 86400, &row, &line), 0);
    room_fixture_commit(rooms);
    return row.device_id;
}

uint32_t fixture_concentrator(struct collect_fixture *fixture)
{
    return line_add(fixture, REGISTRY_KIND_CONCENTRATOR, LINE_KIND_CONCENTRATOR, "4401%05u");
}

uint32_t fixture_bus(struct collect_fixture *fixture)
{
    return line_add(fixture, REGISTRY_KIND_LINE, LINE_KIND_SERIAL, "/dev/ttyS%u");
}

static uint32_t meter_add_at(struct collect_fixture *fixture, uint32_t parent, uint32_t kind, int64_t start_register_value,
                             const char *profile, uint8_t port)
{
    struct room_fixture *rooms = &fixture->rooms;
    struct device_record row = { .area_id = rooms->building_a, .kind = kind, .parent_device_id = parent,
                                 .start_register_value = start_register_value, .port = port,
                                 .installed_s = NOW - 100 * 86400 };
    snprintf(row.profile, sizeof row.profile, "%s", profile);
    snprintf(row.meter_number, sizeof row.meter_number, "2026%08u", registry_device_count(rooms->registry) + 1);
    room_fixture_begin(rooms);
    assert_int_equal(registry_device_add(rooms->registry, &rooms->scope, NOW, &row), 0);
    room_fixture_commit(rooms);
    return row.device_id;
}

static uint32_t meter_add(struct collect_fixture *fixture, uint32_t parent, uint32_t kind, int64_t start_register_value,
                          const char *profile)
{
    return meter_add_at(fixture, parent, kind, start_register_value, profile, FIXTURE_PORT);
}

uint32_t fixture_meter_at_port(struct collect_fixture *fixture, uint32_t parent, uint8_t port)
{
    return meter_add_at(fixture, parent, DEVICE_KIND_ELECTRICITY, 0, "", port);
}

uint32_t fixture_meter(struct collect_fixture *fixture, uint32_t parent, uint32_t kind)
{
    return meter_add(fixture, parent, kind, 0, "");
}

uint32_t fixture_meter_without_start(struct collect_fixture *fixture, uint32_t parent)
{
    return meter_add(fixture, parent, DEVICE_KIND_COLD_WATER, REGISTRY_START_UNKNOWN, "");
}

uint32_t fixture_heat_meter(struct collect_fixture *fixture, uint32_t parent, const char *profile)
{
    return meter_add(fixture, parent, DEVICE_KIND_HEAT, 0, profile);
}

void fixture_commit(struct collect_fixture *fixture)
{
    assert_int_equal(collect_flush(fixture->room, fixture->now_s), 0);
    room_fixture_commit(&fixture->rooms);
    collect_send(fixture->room, fixture, order_take, order_cancel);
}

void fixture_uplink(struct collect_fixture *fixture, const struct uplink *uplink)
{
    struct reading_outcome outcome;
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(reading_accept(fixture->rooms.reading, uplink, fixture->now_s, &outcome), 0);
    assert_int_equal(collect_observe(fixture->room, uplink, &outcome, fixture->now_s), 0);
    assert_in_range(collect_tick(fixture->room, fixture->now_s, 100000), 0, 1);
    fixture_commit(fixture);
}

static void presence(struct collect_fixture *fixture, uint32_t line_id, uint8_t what)
{
    struct uplink uplink = { .device_id = line_id, .kind = UPLINK_PRESENCE, .presence = what,
                             .received_s = fixture->now_s };
    fixture_uplink(fixture, &uplink);
}

void fixture_login(struct collect_fixture *fixture, uint32_t line_id)
{
    presence(fixture, line_id, UPLINK_PRESENCE_LOGIN);
}

void fixture_lost(struct collect_fixture *fixture, uint32_t line_id)
{
    presence(fixture, line_id, UPLINK_PRESENCE_LOST);
}

void fixture_tick(struct collect_fixture *fixture)
{
    room_fixture_begin(&fixture->rooms);
    assert_in_range(collect_tick(fixture->room, fixture->now_s, 100000), 0, 1);
    fixture_commit(fixture);
}

void fixture_tick_of(struct collect_fixture *fixture, int limit)
{
    room_fixture_begin(&fixture->rooms);
    assert_in_range(collect_tick(fixture->room, fixture->now_s++, limit), 0, 1);
    fixture_commit(fixture);
}

void fixture_wait(struct collect_fixture *fixture, int64_t seconds)
{
    for (int64_t i = 0; i < seconds; i++) {
        fixture->now_s++;
        fixture_tick(fixture);
    }
}

static uint16_t register_quantity(struct collect_fixture *fixture, uint32_t device_id)
{
    static const uint16_t quantities[DEVICE_KIND_COUNT] = {
        [DEVICE_KIND_COLD_WATER] = QUANTITY_WATER_VOLUME,
        [DEVICE_KIND_HOT_WATER] = QUANTITY_HOT_WATER_VOLUME,
        [DEVICE_KIND_ELECTRICITY] = QUANTITY_ENERGY_ACTIVE_IMPORT,
        [DEVICE_KIND_GAS] = QUANTITY_GAS_VOLUME,
        [DEVICE_KIND_HEAT] = QUANTITY_HEAT_ENERGY,
    };
    return quantities[registry_device_find(fixture->rooms.registry, device_id)->kind];
}

static struct uplink report(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id)
{
    static uint64_t hash;
    return (struct uplink){ .device_id = device_id, .kind = UPLINK_REPORT, .order_id = order_id,
                            .received_s = fixture->now_s, .content_hash = ++hash };
}

void fixture_answer_day(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id, int32_t day, int64_t value)
{
    struct uplink uplink = report(fixture, order_id, device_id);
    uplink.items[uplink.item_count++] = (struct uplink_item){
        .quantity = register_quantity(fixture, device_id), .period = UPLINK_DAILY_FREEZE, .value = value,
        .time_s = room_fixture_midnight_s(day),
    };
    fixture_uplink(fixture, &uplink);
}

void fixture_answer_now(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id, int64_t value)
{
    struct uplink uplink = report(fixture, order_id, device_id);
    uplink.items[uplink.item_count++] = (struct uplink_item){
        .quantity = register_quantity(fixture, device_id), .period = UPLINK_CURRENT, .value = value,
        .time_s = fixture->now_s,
    };
    fixture_uplink(fixture, &uplink);
}

void fixture_answer_problem(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id, uint8_t problem,
                            bool ended)
{
    struct uplink uplink = report(fixture, order_id, device_id);
    uplink.kind = UPLINK_ANSWER;
    uplink.problem = problem;
    uplink.order_ended = ended;
    fixture_uplink(fixture, &uplink);
}

void fixture_end(struct collect_fixture *fixture, const struct line_order *order, uint8_t problem)
{
    fixture_answer_problem(fixture, order->order_id, order->line_id, problem, true);
}

struct collect_request fixture_request(const struct collect_fixture *fixture, uint8_t what, int32_t day)
{
    return (struct collect_request){ .scope = fixture->rooms.scope, .requested_by = 7, .what = what, .day = day };
}

struct collect_task fixture_task(struct collect_fixture *fixture, const struct collect_request *request)
{
    struct collect_task task;
    struct collect_preview preview;
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(collect_task_create(fixture->room, request, fixture->now_s, &task, &preview), 0);
    assert_in_range(collect_tick(fixture->room, fixture->now_s, 100000), 0, 1);
    fixture_commit(fixture);
    return task;
}

struct collect_task fixture_task_now(struct collect_fixture *fixture, int64_t task_id)
{
    struct collect_task task;
    assert_int_equal(collect_task_read(fixture->room, task_id, &task), 1);
    return task;
}

struct collect_item fixture_item(struct collect_fixture *fixture, int64_t task_id, uint32_t device_id)
{
    const struct collect_store *store = collect_sql_store(fixture->sql);
    struct collect_item item;
    assert_int_equal(store->item_read(store->context, task_id, device_id, &item), 1);
    return item;
}

void fixture_fill(struct collect_fixture *fixture, uint32_t device_id)
{
    for (int32_t day = DAY - 31; day <= DAY; day++)
        fixture_answer_day(fixture, 0, device_id, day, 1000 * (day - DAY + 40));
}

bool order_asks(const struct collect_fixture *fixture, const struct line_order *order, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(fixture->rooms.registry, device_id);
    if (order->line_id != device->line_device_id)
        return false;
    if (order->device_id != 0)
        return order->device_id == device_id;
    return (order->body.points[device->measurement_point / 8] & 1u << device->measurement_point % 8) != 0;
}
