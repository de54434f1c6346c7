/* The meter meets the platform's own LwM2M server: both ends of the conversation, word for word, without a network. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "dialog/lwm2m_server.h"
#include "meter/port/host/host_meter.h"

#define NOW_MS INT64_C(1795219200000)
#define SECOND INT64_C(1000)
#define IMEI UINT64_C(861234567890123)
#define DEVICE_ID 5
#define QUEUE_LIMIT 8
#define LATENCY_MS 50

struct datagram {
    uint16_t size;
    uint8_t bytes[METER_MESSAGE_LIMIT];
};

struct queue {
    struct datagram datagrams[QUEUE_LIMIT];
    int count;
};

struct pair {
    struct host_meter host;
    struct lwm2m_server *server;
    struct dialog_peer peer;
    struct queue up, down;
    bool attach_waits;
    int64_t now_ms;
    int64_t due_ms;
    struct uplink last;         /* of any kind */
    struct uplink report;       /* last report or event */
    struct uplink answers[8];
    int answer_count;
    int report_count;
    bool core_answers;
    struct random random;
    uint64_t trouble;           /* of 100 datagrams so many are lost, as many doubled, as many overtaken */
};

static void queue_put(struct queue *queue, struct span bytes)
{
    assert_true(bytes.size <= METER_MESSAGE_LIMIT);
    if (queue->count == QUEUE_LIMIT)
        return;
    struct datagram *datagram = &queue->datagrams[queue->count++];
    datagram->size = (uint16_t)bytes.size;
    memcpy(datagram->bytes, bytes.bytes, bytes.size);
}

static void network_put(struct pair *pair, struct queue *queue, struct span bytes)
{
    if (random_chance(&pair->random, pair->trouble, 100))
        return;
    queue_put(queue, bytes);
    if (random_chance(&pair->random, pair->trouble, 100))
        queue_put(queue, bytes);
    if (queue->count > 1 && random_chance(&pair->random, pair->trouble, 100)) {
        struct datagram first = queue->datagrams[0];
        queue->datagrams[0] = queue->datagrams[queue->count - 1];
        queue->datagrams[queue->count - 1] = first;
    }
}

static struct datagram queue_take(struct queue *queue)
{
    struct datagram first = queue->datagrams[0];
    queue->count--;
    memmove(queue->datagrams, queue->datagrams + 1, (size_t)queue->count * sizeof first);
    return first;
}

static void radio_open(void *context, struct host_meter *host)
{
    struct pair *pair = context;
    (void)host;
    pair->attach_waits = true;
}

static void radio_send(void *context, struct host_meter *host, struct span bytes, enum meter_release release)
{
    struct pair *pair = context;
    (void)host;
    (void)release;
    network_put(pair, &pair->up, bytes);
}

static void server_send(void *context, const struct dialog_peer *to, struct span bytes)
{
    struct pair *pair = context;
    (void)to;
    if (meter_is_awake(&pair->host.meter))
        network_put(pair, &pair->down, bytes);
}

static bool server_offer(void *context, const struct uplink *uplink)
{
    struct pair *pair = context;
    pair->last = *uplink;
    if (uplink->kind == UPLINK_ANSWER && uplink->answer != UPLINK_ANSWER_SENT && pair->answer_count < 8)
        pair->answers[pair->answer_count++] = *uplink;
    if (uplink->kind == UPLINK_REPORT || uplink->kind == UPLINK_EVENT) {
        pair->report = *uplink;
        pair->report_count++;
    }
    return true;
}

static bool device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    (void)context;
    if (imei != IMEI)
        return false;
    *out = (struct dialog_device){ DEVICE_ID, false };
    return true;
}

/* The core's answer, when it gives one, comes after the offer and not from within. */
static void core_acknowledge(struct pair *pair)
{
    struct uplink_acknowledgement acknowledgement = { pair->last.message_id, DEVICE_ID, pair->last.gate, 1, 0 };
    if (pair->last.message_id == 0 || !pair->core_answers)
        return;
    pair->last.message_id = 0;
    lwm2m_server_acknowledge(pair->server, &acknowledgement, pair->now_ms);
}

static bool pair_deliver(struct pair *pair)
{
    if (pair->attach_waits) {
        pair->attach_waits = false;
        pair->due_ms = host_meter_attached(&pair->host, true, pair->now_ms);
    } else if (pair->up.count > 0) {
        struct datagram datagram = queue_take(&pair->up);
        lwm2m_server_receive(pair->server, &pair->peer, span_of_bytes(datagram.bytes, datagram.size), pair->now_ms);
        core_acknowledge(pair);
    } else if (pair->down.count > 0) {
        struct datagram datagram = queue_take(&pair->down);
        struct span bytes = span_of_bytes(datagram.bytes, datagram.size);
        pair->due_ms = host_meter_received(&pair->host, bytes, pair->now_ms);
    } else {
        return false;
    }
    return true;
}

static void pair_run(struct pair *pair, int64_t span_ms)
{
    int64_t end_ms = pair->now_ms + span_ms;
    while (pair->now_ms < end_ms) {
        while (pair_deliver(pair))
            pair->now_ms += LATENCY_MS;
        int64_t tick_ms = lwm2m_server_tick(pair->server, pair->now_ms);
        int64_t next_ms = pair->due_ms < tick_ms ? pair->due_ms : tick_ms;
        if (pair->now_ms >= pair->due_ms)
            pair->due_ms = host_meter_step(&pair->host, pair->now_ms);
        else
            pair->now_ms = next_ms < end_ms && next_ms > pair->now_ms ? next_ms : pair->now_ms + SECOND;
    }
}

static int setup(void **state)
{
    static struct pair pair;
    memset(&pair, 0, sizeof pair);
    pair.now_ms = NOW_MS;
    pair.core_answers = true;
    pair.random = random_of_seed(1);
    pair.peer.address.port = 41000;
    struct lwm2m_server_config server_config = { .device_limit = 64, .secret = { 1, 2 }, .handle_key = { 3, 4 } };
    struct lwm2m_server_ports server_ports = { &pair, server_send, server_offer, device_find, NULL };
    assert_int_equal(lwm2m_server_open(&server_config, &server_ports, &pair.server), 0);
    struct host_meter_ports ports = { .context = &pair, .radio_open = radio_open, .radio_send = radio_send };
    struct meter_config config = meter_config_default();
    config.imei = "861234567890123";
    config.meter_number = "20261100000042";
    config.prepayment = true;
    config.start_balance_fen = 2000;
    config.start_volume_ml = 7817000;
    host_meter_open(&pair.host, &ports, 7, pair.now_ms);
    assert_int_equal(host_meter_power_up(&pair.host, &config, pair.now_ms), 0);
    *state = &pair;
    return 0;
}

static int teardown(void **state)
{
    struct pair *pair = *state;
    host_meter_close(&pair->host);
    lwm2m_server_close(pair->server);
    return 0;
}

/* Value of the first item of a quantity and period; -1 without. */
static int64_t item_find(const struct uplink *uplink, enum quantity quantity, enum uplink_period period)
{
    for (unsigned i = 0; i < uplink->item_count; i++)
        if (uplink->items[i].quantity == quantity && uplink->items[i].period == period)
            return uplink->items[i].value;
    return -1;
}

static void ask(struct pair *pair, struct downlink downlink)
{
    downlink.command_id = 100;
    downlink.device_id = DEVICE_ID;
    downlink.timeout_ms = 25000;
    downlink.expires_s = INT64_MAX;
    pair->answer_count = 0;
    lwm2m_server_deliver(pair->server, &downlink, pair->now_ms);
    pair_run(pair, 12 * SECOND);
}

static void report_arrives_whole(void **state)
{
    struct pair *pair = *state;
    pair_run(pair, 60 * SECOND);
    assert_true(lwm2m_server_is_registered(pair->server, DEVICE_ID, pair->now_ms));
    assert_int_equal(pair->report_count, 1);
    assert_int_equal(pair->report.kind, UPLINK_REPORT);
    assert_int_equal(pair->report.device_id, DEVICE_ID);
    assert_int_equal(item_find(&pair->report, QUANTITY_WATER_VOLUME, UPLINK_CURRENT), 7817000);
    assert_int_equal(item_find(&pair->report, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE), 7817000);
    assert_int_equal(item_find(&pair->report, QUANTITY_BALANCE, UPLINK_CURRENT), 2000);
    assert_int_equal(item_find(&pair->report, QUANTITY_VALVE_STATE, UPLINK_CURRENT), VALVE_OPEN);
    assert_int_equal(item_find(&pair->report, QUANTITY_SIGNAL_RSRP, UPLINK_CURRENT), -92);
    assert_int_equal(item_find(&pair->report, QUANTITY_COVERAGE_LEVEL, UPLINK_CURRENT), 0);
    assert_int_equal(item_find(&pair->report, QUANTITY_PHYSICAL_CELL, UPLINK_CURRENT), 213);
    assert_int_equal(item_find(&pair->report, QUANTITY_EARFCN, UPLINK_CURRENT), 2506);
    assert_int_equal(item_find(&pair->report, QUANTITY_BATTERY, UPLINK_CURRENT), 3600);
}

/* The core that stores nothing answers nothing: the meter repeats, and tells it all the same later. */
static void report_is_repeated_until_stored(void **state)
{
    struct pair *pair = *state;
    pair->core_answers = false;
    pair_run(pair, 90 * SECOND);
    pair->core_answers = true;
    pair_run(pair, 300 * SECOND);
    assert_true(pair->report_count >= 1);
    assert_int_equal(pair->host.meter.session.report_due, 0);
    assert_int_equal(pair->host.meter.session.attempt, 0);
}

static void valve_closes_and_tells(void **state)
{
    struct pair *pair = *state;
    pair_run(pair, 60 * SECOND);
    ask(pair, (struct downlink){ .operation = DOWNLINK_CLOSE_VALVE, .serial = 1 });
    assert_int_equal(pair->answer_count, 1);
    assert_int_equal(pair->answers[0].answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(item_find(&pair->report, QUANTITY_VALVE_STATE, UPLINK_CURRENT), VALVE_CLOSED);
}

static void recharge_arrives_once(void **state)
{
    struct pair *pair = *state;
    pair_run(pair, 60 * SECOND);
    for (int i = 0; i < 3; i++) {
        ask(pair, (struct downlink){ .operation = DOWNLINK_RECHARGE, .serial = 9, .amount_fen = 5000 });
        assert_int_equal(pair->answers[0].answer, UPLINK_ANSWER_EXECUTED);
    }
    assert_int_equal(pair->host.meter.state.balance_fen, 7000);
    assert_int_equal(item_find(&pair->report, QUANTITY_RECHARGE_SERIAL, UPLINK_CURRENT), 9);
    assert_int_equal(item_find(&pair->report, QUANTITY_BALANCE, UPLINK_CURRENT), 7000);
}

static void every_parameter_can_be_written(void **state)
{
    static const int64_t values[PARAMETER_COUNT] = { 0, 1500, 500, 43200, 7200, 1800, 5000000, 6000, 720, 42000 };
    struct pair *pair = *state;
    pair_run(pair, 60 * SECOND);
    for (uint16_t parameter = 1; parameter < PARAMETER_COUNT; parameter++) {
        ask(pair, (struct downlink){ .operation = DOWNLINK_WRITE_PARAMETER, .parameter = parameter,
                                     .value = values[parameter] });
        assert_int_equal(pair->answer_count, 1);
        assert_int_equal(pair->answers[0].answer, UPLINK_ANSWER_EXECUTED);
    }
    const struct meter_parameters *held = &pair->host.meter.parameters;
    assert_int_equal(held->low_balance_fen, 1500);
    assert_int_equal(held->overdraft_fen, 500);
    assert_int_equal(held->report_period_s, 43200);
    assert_int_equal(held->report_time_s, 7200);
    assert_int_equal(held->stagger_ms, 1800);
    assert_int_equal(held->flow_limit_ml_h, 5000000);
    assert_int_equal(held->leak_limit_ml_h, 6000);
    assert_int_equal(held->leak_time_min, 720);
    assert_int_equal(held->price_steps.steps[0].price, 42000);
}

static void state_is_read_on_request(void **state)
{
    struct pair *pair = *state;
    pair_run(pair, 60 * SECOND);
    (void)host_meter_pulse(&pair->host, 5, pair->now_ms);
    ask(pair, (struct downlink){ .operation = DOWNLINK_READ_NOW });
    assert_int_equal(pair->answer_count, 1);
    assert_int_equal(pair->answers[0].answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(item_find(&pair->report, QUANTITY_WATER_VOLUME, UPLINK_CURRENT), 7822000);
}

static void clock_is_corrected(void **state)
{
    struct pair *pair = *state;
    pair->host.board.clock_offset_s = 11 * 3600;
    pair_run(pair, 60 * SECOND);
    ask(pair, (struct downlink){ .operation = DOWNLINK_SET_CLOCK });
    assert_int_equal(pair->answers[0].answer, UPLINK_ANSWER_EXECUTED);
    assert_in_range(pair->host.board.clock_offset_s + 1, 0, 2);
}

static void sleeping_meter_times_the_command_out(void **state)
{
    struct pair *pair = *state;
    pair_run(pair, 900 * SECOND);
    assert_false(meter_is_awake(&pair->host.meter));
    ask(pair, (struct downlink){ .operation = DOWNLINK_OPEN_VALVE, .serial = 3 });
    assert_int_equal(pair->answer_count, 1);
    assert_int_equal(pair->answers[0].answer, UPLINK_ANSWER_TIMEOUT);
}

/* Ask again and again, as the core does, until the meter says that it is done. */
static void insist(struct pair *pair, struct downlink downlink)
{
    for (int tries = 0; tries < 60; tries++) {
        if (!meter_is_awake(&pair->host.meter))
            pair->due_ms = host_meter_button(&pair->host, pair->now_ms);
        ask(pair, downlink);
        pair_run(pair, 45 * SECOND);
        if (pair->answer_count > 0 && pair->answers[0].answer == UPLINK_ANSWER_EXECUTED)
            return;
    }
    fail_msg("the command never arrived");
}

/* Loss, doubling and overtaking both ways: each recharge counts once, the last word about the valve stands. */
static void troubled_network_changes_no_sum(void **state)
{
    teardown(state);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        assert_int_equal(setup(state), 0);
        struct pair *pair = *state;
        pair->random = random_of_seed(seed);
        pair->trouble = 5 + seed;
        pair_run(pair, 60 * SECOND);
        for (uint32_t serial = 1; serial <= 12; serial += 2) {
            bool closed = serial % 4 == 1;
            insist(pair, (struct downlink){ .operation = DOWNLINK_RECHARGE, .serial = serial, .amount_fen = serial });
            insist(pair, (struct downlink){ .operation = closed ? DOWNLINK_CLOSE_VALVE : DOWNLINK_OPEN_VALVE,
                                            .serial = serial + 1 });
        }
        assert_int_equal(pair->host.meter.state.balance_fen, 2000 + 1 + 3 + 5 + 7 + 9 + 11);
        assert_int_equal(pair->host.meter.state.valve_holds, 0);
        teardown(state);
    }
    assert_int_equal(setup(state), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(report_arrives_whole),
        CASE(report_is_repeated_until_stored),
        CASE(valve_closes_and_tells),
        CASE(recharge_arrives_once),
        CASE(every_parameter_can_be_written),
        CASE(state_is_read_on_request),
        CASE(clock_is_corrected),
        CASE(sleeping_meter_times_the_command_out),
        CASE(troubled_network_changes_no_sum),
    };
    return cmocka_run_group_tests_name("meter_platform", tests, NULL, NULL);
}
