/* The core over an estate: lines told to the gate, points turned into meters, commands as orders, secrets, imports. */
#include "apps/meterworks/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/archive_call.h"
#include "base/quantity.h"
#include "registry/registry_error.h"
#include "registry/registry_line.h"
#include "security/key_holder.h"
#include "store/store.h"
#include "store/statement.h"
#include "tests/unit/unit_test.h"

#define NOW_S INT64_C(1795000000)
#define ORDER_LIMIT 64

struct house {
    struct core *core;
    struct key_holder *keys;
    uint32_t tenant, root, line, meter;
    int64_t now_s;
    struct line_order orders[ORDER_LIMIT];
    unsigned order_count;
    struct line_record record; /* told last */
    unsigned told;
    bool full;                 /* the gate takes nothing */
    char path[64];
};

static bool line_order(void *context, const struct line_order *order)
{
    struct house *house = context;

    if (house->full || house->order_count == ORDER_LIMIT)
        return false;
    house->orders[house->order_count++] = *order;
    return true;
}

static bool line_put(void *context, const struct line_record *record)
{
    struct house *house = context;

    house->record = *record;
    house->told++;
    return true;
}

static void core_begin(struct house *house)
{
    char problem[256];
    struct core_config config = { .path = house->path, .synchronous = "OFF", .device_limit = 10000, .keys = house->keys,
                                  .ports = { .context = house, .line_order = line_order, .line_put = line_put } };

    assert_int_equal(core_open(&config, &house->core, problem), 0);
}

static int call(struct house *house, enum core_operation operation, struct core_request *head, struct core_reply *reply)
{
    uint64_t present = head->present;
    int64_t object_id = head->object_id;

    archive_call_head(head, house->tenant, house->root, house->now_s);
    head->present = present;
    head->object_id = object_id;
    return core_execute(house->core, operation, head, reply, house->now_s);
}

static uint32_t line_add(struct house *house, const char *address)
{
    static struct core_line line;
    static struct core_reply reply;

    memset(&line, 0, sizeof line);
    line.area_id = house->root;
    line.head.present = CORE_LINE_HAS_SECRET;
    snprintf(line.kind, sizeof line.kind, "concentrator");
    snprintf(line.address, sizeof line.address, "%s", address);
    snprintf(line.secret, sizeof line.secret, "a1b2");
    assert_int_equal(call(house, CORE_LINE_CREATE, &line.head, &reply), 0);
    return (uint32_t)reply.object_id;
}

static uint32_t meter_of_kind_add(struct house *house, const char *kind, const char *number, const char *password)
{
    static struct core_device device;
    static struct core_reply reply;

    memset(&device, 0, sizeof device);
    device.area_id = house->root;
    device.parent_device_id = house->line;
    device.head.present = password[0] != '\0' ? CORE_DEVICE_HAS_PASSWORD : 0;
    snprintf(device.kind, sizeof device.kind, "%s", kind);
    snprintf(device.meter_number, sizeof device.meter_number, "%s", number);
    snprintf(device.password, sizeof device.password, "%s", password);
    assert_int_equal(call(house, CORE_DEVICE_CREATE, &device.head, &reply), 0);
    return (uint32_t)reply.object_id;
}

static uint32_t meter_add(struct house *house, const char *number, const char *password)
{
    return meter_of_kind_add(house, "electricity", number, password);
}

static int house_setup(void **state)
{
    static struct house house;
    static const uint8_t master[KEY_HOLDER_MASTER_SIZE] = { 7 };

    memset(&house, 0, sizeof house);
    house.now_s = NOW_S;
    house.keys = key_holder_of_key(master);
    snprintf(house.path, sizeof house.path, "/tmp/core_line_test.%ld.db", (long)getpid());
    core_begin(&house);
    assert_int_equal(core_tenant_add(house.core, "estate", 28800, NOW_S, &house.tenant, &house.root), 0);
    house.line = line_add(&house, "440112345");
    house.meter = meter_add(&house, "202600000001", "123456");
    *state = &house;
    return 0;
}

static int house_teardown(void **state)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    struct house *house = *state;
    char name[80];

    core_close(house->core);
    key_holder_close(house->keys);
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", house->path, endings[i]);
        (void)unlink(name);
    }
    return 0;
}

static int64_t number_of(struct house *house, const char *query)
{
    struct statement *statement = NULL;

    assert_int_equal(statement_prepare(core_store(house->core), query, &statement), 0);
    int64_t value = statement_row(statement) == 1 ? statement_integer(statement, 0) : -1;
    statement_finalize(statement);
    return value;
}

static void work(struct house *house, const struct uplink *uplink, int64_t seconds)
{
    house->now_s += seconds;
    assert_int_equal(core_work(house->core, uplink, uplink != NULL, NULL, 0, house->now_s), 0);
}

static void login(struct house *house)
{
    struct uplink uplink = { .kind = UPLINK_PRESENCE, .presence = UPLINK_PRESENCE_LOGIN, .device_id = house->line };
    work(house, &uplink, 1);
}

static const struct line_order *order_last(const struct house *house)
{
    assert_true(house->order_count > 0);
    return &house->orders[house->order_count - 1];
}

static void order_end(struct house *house, const struct line_order *order, enum line_problem problem)
{
    struct uplink uplink = { .kind = UPLINK_ANSWER, .device_id = order->device_id, .order_id = order->order_id,
                             .order_ended = 1, .problem = (uint8_t)problem };
    work(house, &uplink, 1);
}

static int64_t command_with_table_ask(struct house *house, const char *kind, const struct downlink_table *table)
{
    static struct core_command command;
    static struct core_reply reply;

    memset(&command, 0, sizeof command);
    command.head.object_id = house->meter;
    snprintf(command.kind, sizeof command.kind, "%s", kind);
    snprintf(command.reason, sizeof command.reason, "test");
    command.table = *table;
    assert_int_equal(call(house, CORE_COMMAND_REQUEST, &command.head, &reply), 0);
    return reply.object_id;
}

static int64_t command_ask(struct house *house, const char *kind)
{
    const struct downlink_table none = { .count = 0 };

    return command_with_table_ask(house, kind, &none);
}

static void assert_command(struct house *house, int64_t command_id, const char *state, const char *outcome)
{
    char query[200];

    snprintf(query, sizeof query, "SELECT count(*) FROM command WHERE command_id = %lld AND state = '%s' AND outcome = '%s'",
             (long long)command_id, state, outcome);
    assert_int_equal(number_of(house, query), 1);
}

static void lines_are_told_with_their_secret(void **state)
{
    struct house *house = *state;

    assert_int_equal(house->told >= 1, 1);
    assert_int_equal(house->record.line_id, house->line);
    assert_string_equal(house->record.address, "440112345");
    assert_int_equal(house->record.secret_size, 2);
    assert_int_equal(house->record.secret[0], 0xA1);
    core_close(house->core);
    house->told = 0;
    core_begin(house);
    work(house, NULL, 1);
    assert_int_equal(house->told, 1); /* after a restart again */
    assert_int_equal(house->record.kind, LINE_KIND_CONCENTRATOR);
}

/* The database holds no password: neither as it was typed nor as its digits in another form. */
static void secrets_are_sealed(void **state)
{
    struct house *house = *state;

    assert_int_equal(number_of(house, "SELECT count(*) FROM device_secret"), 2);
    assert_int_equal(number_of(house, "SELECT count(*) FROM device_secret WHERE instr(sealed, CAST('123456' AS BLOB)) > 0"), 0);
    assert_int_equal(number_of(house, "SELECT length(sealed) FROM device_secret WHERE purpose = 'password'"),
                     6 + KEY_HOLDER_SEAL_SIZE);
}

static struct uplink report_of_point(struct house *house, uint16_t point, int64_t value)
{
    struct uplink uplink = { .kind = UPLINK_REPORT, .device_id = house->line, .measurement_point = point,
                             .received_s = house->now_s, .item_count = 1, .content_hash = (uint64_t)value };
    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_ENERGY_ACTIVE_IMPORT, .value = value, .time_s = house->now_s };
    return uplink;
}

static void a_point_is_a_meter(void **state)
{
    struct house *house = *state;

    login(house);
    struct uplink uplink = report_of_point(house, 1, 5000000);
    work(house, &uplink, 1);
    assert_int_equal(number_of(house, "SELECT register_value FROM device_state WHERE device_id = 2"), 5000000);
    uplink = report_of_point(house, 7, 1);
    work(house, &uplink, 1);
    assert_int_equal(number_of(house, "SELECT count(*) FROM event WHERE kind = 'unknown_point' AND device_id = 1"
                                      " AND detail = '7' AND cleared_s IS NULL"), 1);
}

/* It says energy of everything. */
static void what_a_concentrator_says_by_itself_is_of_the_meters_kind(void **state)
{
    struct house *house = *state;
    uint32_t water = meter_of_kind_add(house, "cold_water", "202600000002", "");
    uint32_t heat = meter_of_kind_add(house, "heat", "202600000003", "");
    char query[160];

    login(house);
    for (uint16_t point = 2; point <= 3; point++) {
        struct uplink uplink = report_of_point(house, point, 7000000 + point);
        uplink.item_count = 3;
        uplink.items[1] = uplink.items[2] = uplink.items[0];
        uplink.items[1].register_index = 1;
        uplink.items[1].value = 1000000;
        uplink.items[2].quantity = QUANTITY_ENERGY_ACTIVE_EXPORT;
        work(house, &uplink, 1);
    }
    snprintf(query, sizeof query, "SELECT register_value FROM device_state WHERE device_id = %u", (unsigned)water);
    assert_int_equal(number_of(house, query), 7000002);
    snprintf(query, sizeof query, "SELECT count(*) FROM device_state WHERE device_id = %u AND register_value <> 0",
             (unsigned)heat);
    assert_int_equal(number_of(house, query), 0);
    assert_int_equal(number_of(house, "SELECT count(*) FROM register_reading"), 1);
    assert_int_equal(number_of(house, "SELECT value FROM register_reading"), 7000002);
}

/* A concentrator that was exchanged for one with older values. */
static void old_data_are_laid_at_the_concentrators_door(void **state)
{
    struct house *house = *state;
    int64_t midnight = NOW_S / 86400 * 86400 - 8 * 3600;

    login(house);
    for (int day = 1; day <= 2; day++) {
        house->now_s = midnight + day * 86400 + 100;
        struct uplink uplink = report_of_point(house, 1, 9000000000 + day * 1000000);
        uplink.items[0].period = UPLINK_DAILY_FREEZE;
        uplink.items[0].time_s = midnight + day * 86400;
        work(house, &uplink, 1);
    }
    house->now_s = midnight + 3 * 86400 + 100;
    struct uplink uplink = { .kind = UPLINK_PRESENCE, .presence = UPLINK_PRESENCE_LOST, .device_id = house->line };
    work(house, &uplink, 1);
    login(house);
    assert_int_equal(number_of(house, "SELECT count(*) FROM event WHERE kind = 'old_data'"), 0);
    uplink = report_of_point(house, 1, 4000000000);
    uplink.items[0].period = UPLINK_DAILY_FREEZE;
    uplink.items[0].time_s = midnight + 3 * 86400;
    work(house, &uplink, 1);
    assert_int_equal(number_of(house, "SELECT count(*) FROM event WHERE kind = 'old_data' AND device_id = 1"
                                      " AND cleared_s IS NULL"), 1);
}

/* How many such events of a device are open. */
static int64_t events_open(struct house *house, const char *kind, uint32_t device_id)
{
    char query[160];

    snprintf(query, sizeof query, "SELECT count(*) FROM event WHERE kind = '%s' AND device_id = %u AND cleared_s IS NULL",
             kind, (unsigned)device_id);
    return number_of(house, query);
}

/* Each order's end says something of the line, of the meter, of both or of none. */
static void what_is_wrong_on_a_line_is_an_event_until_it_is_right(void **state)
{
    static const struct {
        enum line_problem problem;
        int never_quiet, address_conflict; /* open afterwards */
    } ends[] = {
        { LINE_PROBLEM_NO_ANSWER, 0, 0 }, { LINE_PROBLEM_NEVER_QUIET, 1, 0 }, { LINE_PROBLEM_OFFLINE, 1, 0 },
        { LINE_PROBLEM_NEVER_QUIET, 1, 0 }, { LINE_PROBLEM_COLLISION, 0, 1 }, { LINE_PROBLEM_NO_ANSWER, 0, 1 },
        { LINE_PROBLEM_NEVER_QUIET, 1, 1 }, { LINE_PROBLEM_NONE, 0, 0 },     { LINE_PROBLEM_ADDRESS, 0, 1 },
        { LINE_PROBLEM_REFUSED, 0, 0 },
    };
    struct house *house = *state;
    struct line_order order = { .order_id = 5, .line_id = house->line, .device_id = house->meter };

    login(house);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        order_end(house, &order, ends[i].problem);
        assert_int_equal(events_open(house, "never_quiet", house->line), ends[i].never_quiet);
        assert_int_equal(events_open(house, "address_conflict", house->meter), ends[i].address_conflict);
    }
    assert_int_equal(number_of(house, "SELECT count(*) FROM event WHERE kind = 'never_quiet'"), 2);
    assert_int_equal(number_of(house, "SELECT count(*) FROM event WHERE kind = 'address_conflict' AND detail IN"
                                      " ('collision', 'address')"), 2);
    order_end(house, &order, LINE_PROBLEM_NEVER_QUIET);
    core_close(house->core);
    core_begin(house);
    login(house);
    order_end(house, &order, LINE_PROBLEM_NONE);
    assert_int_equal(events_open(house, "never_quiet", house->line), 0);
}

static void a_terminal_event_is_a_row(void **state)
{
    struct house *house = *state;
    struct uplink uplink = { .kind = UPLINK_EVENT, .device_id = house->line, .item_count = 1 };

    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_TERMINAL_EVENT, .value = 14, .time_s = NOW_S - 60 };
    work(house, &uplink, 1);
    assert_int_equal(number_of(house, "SELECT count(*) FROM event WHERE kind = 'terminal_event' AND detail LIKE 'ERC14 %'"
                                      " AND raised_s = 1794999940"), 1);
}

/* The relay's state as the meter says it, in answer to an order. */
static void relay_say(struct house *house, const struct line_order *order, enum relay_state relay)
{
    struct uplink uplink = { .kind = UPLINK_REPORT, .device_id = house->meter, .order_id = order->order_id, .item_count = 1,
                             .received_s = house->now_s, .content_hash = (uint64_t)house->now_s };
    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_RELAY_STATE, .value = relay, .time_s = house->now_s };
    work(house, &uplink, 0);
    order_end(house, order, LINE_PROBLEM_NONE);
}

static void a_command_waits_for_the_line_and_is_proven(void **state)
{
    struct house *house = *state;
    int64_t command = command_ask(house, "open_relay");

    work(house, NULL, 1);
    assert_int_equal(house->order_count, 0);
    login(house);
    work(house, NULL, 1);
    assert_command(house, command, "sent", "");
    const struct line_order order = *order_last(house);
    assert_int_equal(order.operation, LINE_COMMAND);
    assert_int_equal(order.priority, LINE_PRIORITY_SAFETY);
    assert_int_equal(order.route, LINE_ROUTE_FORWARD);
    assert_int_equal(order.has_password, 1);
    assert_int_equal(order.password, 123456);
    assert_int_equal(order.body.command.operation, DOWNLINK_CLOSE_VALVE);
    assert_true(order.order_id >> 63 == 1);
    order_end(house, &order, LINE_PROBLEM_NONE);
    assert_command(house, command, "executed", "");
    unsigned before = house->order_count;
    work(house, NULL, 3);
    assert_int_equal(house->order_count, before + 1); /* it looks at the meter itself */
    struct line_order look = *order_last(house);
    assert_int_equal(look.operation, LINE_READ_CURRENT);
    assert_int_equal(look.route, LINE_ROUTE_FORWARD);
    relay_say(house, &look, RELAY_CONNECTED); /* not yet */
    assert_command(house, command, "executed", "");
    work(house, NULL, 10);
    look = *order_last(house);
    relay_say(house, &look, RELAY_DISCONNECTED);
    assert_command(house, command, "verified", "valve_shown_closed");
    before = house->order_count;
    work(house, NULL, 400);
    assert_int_equal(house->order_count, before); /* nothing left to look for */
}

static void a_wrong_password_is_named(void **state)
{
    struct house *house = *state;

    login(house);
    int64_t command = command_ask(house, "close_relay");
    order_end(house, order_last(house), LINE_PROBLEM_PASSWORD);
    assert_command(house, command, "failed", "line_refused password");
    assert_int_equal(number_of(house, "SELECT count(*) FROM event WHERE kind = 'command_failed'"), 1);
}

static void what_nobody_answered_is_sent_again(void **state)
{
    struct house *house = *state;

    login(house);
    int64_t command = command_ask(house, "keep_on");
    order_end(house, order_last(house), LINE_PROBLEM_NO_ANSWER);
    assert_command(house, command, "queued", "");
    unsigned before = house->order_count;
    work(house, NULL, 20);
    assert_int_equal(house->order_count, before + 1);
    order_end(house, order_last(house), LINE_PROBLEM_NONE);
    assert_command(house, command, "verified", "meter_confirmed");
}

/* A report that comes by does not show the table: the outcome must not name it as the proof. */
static void a_table_rests_on_the_word_of_the_meter(void **state)
{
    struct house *house = *state;

    const struct downlink_table day = { .number = 1, .count = 2, .from = { 0, 480 }, .value = { 1, 2 } };

    login(house);
    int64_t command = command_with_table_ask(house, "write_day_table", &day);
    order_end(house, order_last(house), LINE_PROBLEM_NONE);
    assert_command(house, command, "verified", "meter_confirmed");
}

static void a_full_gate_loses_no_command(void **state)
{
    struct house *house = *state;

    login(house);
    house->full = true;
    int64_t command = command_ask(house, "open_relay");
    work(house, NULL, 1);
    assert_int_equal(house->order_count, 0);
    house->full = false;
    work(house, NULL, 1);
    work(house, NULL, 1);
    assert_int_equal(house->order_count, 1);
    assert_command(house, command, "sent", "");
    assert_int_equal(number_of(house, "SELECT tries FROM command"), 1);
}

static void a_relay_that_does_not_move_refutes(void **state)
{
    struct house *house = *state;

    login(house);
    int64_t command = command_ask(house, "open_relay");
    order_end(house, order_last(house), LINE_PROBLEM_NONE);
    for (int i = 0; i < 12 && number_of(house, "SELECT finished_s IS NULL FROM command") == 1; i++) {
        unsigned before = house->order_count;
        work(house, NULL, 121);
        if (house->order_count > before)
            relay_say(house, order_last(house), RELAY_CONNECTED);
    }
    assert_command(house, command, "failed", "valve_still_open");
}

static int64_t recharge_ask(struct house *house, int64_t amount_fen)
{
    static struct core_command command;
    static struct core_reply reply;

    memset(&command, 0, sizeof command);
    command.head.object_id = house->meter;
    command.amount_fen = amount_fen;
    snprintf(command.kind, sizeof command.kind, "recharge");
    snprintf(command.reason, sizeof command.reason, "test");
    assert_int_equal(call(house, CORE_COMMAND_REQUEST, &command.head, &reply), 0);
    return reply.object_id;
}

static void purchases_say(struct house *house, int64_t count)
{
    struct uplink uplink = { .kind = UPLINK_REPORT, .device_id = house->meter, .item_count = 1,
                             .received_s = house->now_s, .content_hash = (uint64_t)count + 77 };
    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_PURCHASE_COUNT, .value = count, .time_s = house->now_s };
    work(house, &uplink, 1);
}

/* The look that a purchase waits for is under way. */
static struct line_order count_awaited(struct house *house)
{
    work(house, NULL, 0);
    const struct line_order look = *order_last(house);

    assert_int_equal(look.operation, LINE_READ_CURRENT);
    assert_int_equal(look.route, LINE_ROUTE_FORWARD);
    return look;
}

/* By a card, or by a program before ours, the meter has had purchases that nobody here knows. */
static void a_purchase_waits_for_the_meters_own_count(void **state)
{
    struct house *house = *state;

    login(house);
    int64_t first = recharge_ask(house, 5000);
    struct line_order look = count_awaited(house);
    order_end(house, &look, LINE_PROBLEM_NO_ANSWER);
    assert_command(house, first, "queued", "");
    work(house, NULL, 10);
    look = count_awaited(house);
    purchases_say(house, 1);
    order_end(house, &look, LINE_PROBLEM_NONE);
    assert_int_equal(order_last(house)->operation, LINE_COMMAND);
    assert_int_equal(order_last(house)->body.command.serial, 2);
}

static bool is_for_meter(const struct house *house, const struct line_order *order)
{
    return order->device_id == house->meter && order->route == LINE_ROUTE_FORWARD;
}

/* Nobody answers for so long: how many orders leave for the meter. */
static unsigned orders_unanswered(struct house *house, int64_t span_s)
{
    unsigned count = 0;

    for (int64_t end_s = house->now_s + span_s; house->now_s < end_s;) {
        house->order_count = 0;
        work(house, NULL, 10);
        for (unsigned i = 0; i < house->order_count; i++) {
            const struct line_order order = house->orders[i];
            count += is_for_meter(house, &order);
            order_end(house, &order, LINE_PROBLEM_NO_ANSWER);
        }
    }
    return count;
}

/* A purchase waits for a week; the line is not kept busy for it, and the meter's first word is enough. */
static void a_meter_that_is_away_is_looked_at_ever_more_seldom(void **state)
{
    struct house *house = *state;
    struct line_order routine = { .order_id = 5, .line_id = house->line, .device_id = house->meter };

    login(house);
    int64_t command = recharge_ask(house, 5000);
    assert_in_range(orders_unanswered(house, 86400), 12, 18);
    house->order_count = 0;
    work(house, NULL, 60);
    assert_int_equal(house->order_count, 0);
    order_end(house, &routine, LINE_PROBLEM_NONE);
    struct line_order look = *order_last(house);
    assert_int_equal(look.operation, LINE_READ_CURRENT);
    purchases_say(house, 0);
    order_end(house, &look, LINE_PROBLEM_NONE);
    assert_int_equal(order_last(house)->operation, LINE_COMMAND);
    order_end(house, order_last(house), LINE_PROBLEM_NO_ANSWER);
    assert_in_range(orders_unanswered(house, 86400), 14, 40);
    assert_int_equal(number_of(house, "SELECT tries > 10 FROM command"), 1);
    house->order_count = 0;
    work(house, NULL, 60);
    assert_int_equal(house->order_count, 0);
    (void)command_ask(house, "close_relay"); /* somebody stands before the meter */
    assert_true(is_for_meter(house, order_last(house)));
    assert_command(house, command, "sent", "");
}

static void a_count_is_read_again_when_it_has_grown_old(void **state)
{
    struct house *house = *state;

    login(house);
    purchases_say(house, 1);
    work(house, NULL, 3600);
    int64_t command = recharge_ask(house, 5000);
    struct line_order look = count_awaited(house);
    purchases_say(house, 2); /* somebody went to the meter with a card */
    order_end(house, &look, LINE_PROBLEM_NONE);
    assert_int_equal(order_last(house)->body.command.serial, 3);
    assert_command(house, command, "sent", "");
}

/* A meter without a readable count says "repeated": whose purchase it has, nobody knows. */
static void a_repetition_without_a_count_is_not_money(void **state)
{
    struct house *house = *state;

    login(house);
    int64_t command = recharge_ask(house, 5000);
    struct line_order look = count_awaited(house);
    order_end(house, &look, LINE_PROBLEM_NO_DATA);
    assert_int_equal(order_last(house)->body.command.serial, 1);
    struct uplink repeated = { .kind = UPLINK_ANSWER, .device_id = house->meter, .order_id = order_last(house)->order_id,
                               .order_ended = 1, .problem = LINE_PROBLEM_NO_DATA, .answer_code = 2 };
    work(house, &repeated, 1);
    assert_command(house, command, "failed", "line_refused no_data");
}

/* S1-025: the meter takes the purchase behind its last one and no other. */
static void purchases_are_numbered_as_the_meter_counts(void **state)
{
    struct house *house = *state;

    login(house);
    int64_t relay = command_ask(house, "open_relay"); /* takes no number */
    order_end(house, order_last(house), LINE_PROBLEM_PASSWORD);
    assert_command(house, relay, "failed", "line_refused password");
    int64_t first = recharge_ask(house, 5000);
    struct line_order look = count_awaited(house);
    purchases_say(house, 0);
    order_end(house, &look, LINE_PROBLEM_NONE);
    assert_int_equal(order_last(house)->body.command.serial, 1);
    order_end(house, order_last(house), LINE_PROBLEM_REFUSED);
    assert_command(house, first, "failed", "line_refused refused");
    int64_t second = recharge_ask(house, 5000);
    assert_int_equal(order_last(house)->body.command.serial, 1); /* nothing was taken: the number is free */
    order_end(house, order_last(house), LINE_PROBLEM_NONE);
    assert_command(house, second, "executed", "");
    purchases_say(house, 1);
    assert_command(house, second, "verified", "serial_shown");
    int64_t third = recharge_ask(house, 7000);
    assert_int_equal(order_last(house)->body.command.serial, 2);
    struct uplink repeated = { .kind = UPLINK_ANSWER, .device_id = house->meter, .order_id = order_last(house)->order_id,
                               .order_ended = 1, .problem = LINE_PROBLEM_NO_DATA, .answer_code = 2 };
    work(house, &repeated, 1); /* the answer had been lost, the money had not */
    assert_command(house, third, "executed", "");
    purchases_say(house, 2);
    assert_command(house, third, "verified", "serial_shown");
}

/* The meter took it and shows it otherwise: its number is not for another purchase. */
static void a_contradicted_purchase_keeps_its_number(void **state)
{
    struct house *house = *state;

    login(house);
    int64_t command = recharge_ask(house, 5000);
    struct line_order look = count_awaited(house);
    purchases_say(house, 4);
    order_end(house, &look, LINE_PROBLEM_NONE);
    order_end(house, order_last(house), LINE_PROBLEM_PARTIAL);
    assert_command(house, command, "failed", "line_refused partial");
    assert_int_equal(number_of(house, "SELECT serial FROM command"), 5);
    (void)recharge_ask(house, 700);
    assert_int_equal(order_last(house)->body.command.serial, 6);
}

static void a_concentrators_clock_is_set_and_read_back(void **state)
{
    static struct core_reason reason;
    static struct core_reply reply;
    struct house *house = *state;

    login(house);
    memset(&reason, 0, sizeof reason);
    reason.head.object_id = house->line;
    assert_int_equal(call(house, CORE_LINE_CLOCK_SET, &reason.head, &reply), 0);
    int64_t command = reply.command_id;
    const struct line_order order = *order_last(house);
    assert_int_equal(order.operation, LINE_CLOCK_SET);
    assert_int_equal(order.device_id, house->line);
    assert_int_equal(order.time_s, house->now_s);
    order_end(house, &order, LINE_PROBLEM_NONE);
    work(house, NULL, 3);
    assert_int_equal(order_last(house)->operation, LINE_CLOCK_READ);
    struct uplink uplink = { .kind = UPLINK_REPORT, .device_id = house->line, .order_id = order_last(house)->order_id,
                             .received_s = house->now_s, .item_count = 1 };
    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_DEVICE_TIME, .value = house->now_s + 2 };
    work(house, &uplink, 1);
    assert_command(house, command, "verified", "clock_right");
    reason.head.object_id = house->meter;
    assert_true(call(house, CORE_LINE_CLOCK_SET, &reason.head, &reply) < 0);
}

static void a_full_line_is_named_with_its_figures(void **state)
{
    static struct core_line line;
    static struct core_device device;
    static struct core_reply reply;
    struct house *house = *state;

    memset(&line, 0, sizeof line);
    line.head.object_id = house->line;
    line.head.present = CORE_LINE_HAS_METER_LIMIT;
    line.meter_limit = 1;
    assert_int_equal(call(house, CORE_LINE_CHANGE, &line.head, &reply), 0);
    memset(&device, 0, sizeof device);
    device.area_id = house->root;
    device.parent_device_id = house->line;
    snprintf(device.kind, sizeof device.kind, "electricity");
    snprintf(device.meter_number, sizeof device.meter_number, "202600000002");
    assert_int_equal(call(house, CORE_DEVICE_CREATE, &device.head, &reply), REGISTRY_ERR_LINE_FULL);
    assert_string_equal(reply.text_en, "this concentrator or line has 1 meters, and its limit is 1");
    assert_string_equal(reply.text_zh, "该集中器已有 1 块表，上限为 1 块");
    assert_string_equal(reply.field, "parent_device_id");
}

static int import(struct house *house, const char *text, bool dry_run, struct core_import_report *report)
{
    struct core_import request = { .dry_run = dry_run, .text = text, .report = report };
    static struct core_reply reply;
    int result = call(house, CORE_DEVICES_IMPORT, &request.head, &reply);

    assert_int_equal(result, 0);
    return reply.count;
}

static void an_estate_is_imported_whole_or_not_at_all(void **state)
{
    static struct core_import_report report;
    static const char good[] = "\xEF\xBB\xBF表号,类型,集中器,房号,表底,密码,CT一次,CT二次\r\n"
                               "202600000011,电,440112345,101,12.5,654321,100,5\r\n"
                               "\r\n"
                               "202600000012,热量,440112345,\"102, A\",2.5,,,\r\n";
    static const char wrong[] = "meter_number,kind,parent,port\n"
                                "202600000021,electricity,440112345,2\n"
                                "202600000021,electricity,440112345,2\n"
                                "20260000002X,electricity,440112345,2\n"
                                "202600000023,steam,440112345,2\n"
                                "202600000024,gas,nowhere,2\n"
                                "202600000025,gas,440112345,99\n";
    struct house *house = *state;

    assert_int_equal(import(house, good, true, &report), 0);
    assert_int_equal(report.problem_count, 0);
    assert_int_equal(report.rows, 2);
    assert_int_equal(number_of(house, "SELECT count(*) FROM device"), 2);
    assert_int_equal(import(house, good, false, &report), 2);
    assert_int_equal(number_of(house, "SELECT start_register_value FROM device WHERE meter_number = '202600000011'"), 12500000);
    assert_int_equal(number_of(house, "SELECT multiplier_e3 FROM device WHERE meter_number = '202600000011'"), 20000);
    assert_int_equal(number_of(house, "SELECT start_register_value FROM device WHERE meter_number = '202600000012'"), 9000000);
    assert_int_equal(number_of(house, "SELECT measurement_point FROM device WHERE room = '102, A'"), 3);
    assert_int_equal(number_of(house, "SELECT count(*) FROM device_secret WHERE purpose = 'password'"), 2);
    assert_int_equal(import(house, wrong, false, &report), 0);
    assert_int_equal(report.problem_count, 5);
    assert_int_equal(number_of(house, "SELECT count(*) FROM device"), 4);
    assert_int_equal(report.problems[0].row, 3);
    assert_string_equal(report.problems[0].column, "meter_number");
    assert_string_equal(report.problems[0].value, "202600000021");
    assert_string_equal(report.problems[1].value, "20260000002X");
    assert_string_equal(report.problems[2].column, "kind");
    assert_string_equal(report.problems[3].column, "parent_device_id");
    assert_string_equal(report.problems[4].column, "port");
    assert_true(report.problems[4].rule_zh[0] != '\0');
    /* What was taken back is free again. */
    assert_int_equal(import(house, "meter_number,kind,parent\n202600000021,gas,440112345\n", false, &report), 1);
}

static void text_that_is_no_spreadsheet_is_named(void **state)
{
    static struct core_import_report report;
    struct house *house = *state;

    import(house, "meter_number,kind,parent\n\"202600000031,gas,440112345\n", false, &report);
    assert_int_equal(report.problem_count, 1);
    assert_string_equal(report.problems[0].value, "line 2");
    import(house, "number,kind\n1,gas\n", false, &report);
    assert_int_equal(report.problem_count, 2); /* an unknown column, and none of meter numbers */
    import(house, "meter_number\n1,2\n", false, &report);
    assert_int_equal(report.problem_count, 1);
    import(house, "", false, &report);
    assert_int_equal(report.rows, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, house_setup, house_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_are_told_with_their_secret), TEST(secrets_are_sealed), TEST(a_point_is_a_meter), TEST(what_a_concentrator_says_by_itself_is_of_the_meters_kind),
        TEST(what_is_wrong_on_a_line_is_an_event_until_it_is_right),
        TEST(a_terminal_event_is_a_row), TEST(old_data_are_laid_at_the_concentrators_door), TEST(a_command_waits_for_the_line_and_is_proven), TEST(a_wrong_password_is_named),
        TEST(what_nobody_answered_is_sent_again), TEST(a_table_rests_on_the_word_of_the_meter),
        TEST(a_full_gate_loses_no_command),
        TEST(a_relay_that_does_not_move_refutes), TEST(a_purchase_waits_for_the_meters_own_count),
        TEST(a_meter_that_is_away_is_looked_at_ever_more_seldom),
        TEST(a_count_is_read_again_when_it_has_grown_old), TEST(a_repetition_without_a_count_is_not_money),
        TEST(a_contradicted_purchase_keeps_its_number),
        TEST(purchases_are_numbered_as_the_meter_counts), TEST(a_concentrators_clock_is_set_and_read_back),
        TEST(a_full_line_is_named_with_its_figures), TEST(an_estate_is_imported_whole_or_not_at_all),
        TEST(text_that_is_no_spreadsheet_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
