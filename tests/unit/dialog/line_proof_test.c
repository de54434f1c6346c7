/* What was done to a meter is shown by the meter: before it, when it may have been done already, and after it. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "codec/cjt188/cjt188_data.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_message.h"
#include "tests/unit/dialog/line_scene.h"

#define ELECTRICITY "dlt645-2007-single-phase-prepaid"
#define WATER "cjt188-cold-water"
#define METER "000000004321"
#define WATER_METER "00001200345678"
#define MINUTE_MS 60000

/* A listener in front of an electricity meter: it counts, and answers one write itself. */
struct listener {
    struct line_scene_meter *meter;
    size_t (*receive)(void *slave, struct span frame, uint8_t *answer, size_t limit);
    uint32_t swallowed; /* identifier whose writes do not reach the meter */
    unsigned relays;
    unsigned writes;
    unsigned reads;
};

static size_t listen(void *slave, struct span bytes, uint8_t *answer, size_t limit)
{
    struct listener *listener = slave;
    struct writer out = writer_of_buffer(answer, limit);
    struct dlt645_frame frame;
    struct dlt645_message message;

    assert_int_equal(dlt645_frame_decode(bytes, &frame, NULL), 0);
    dlt645_message_decode(&frame, &message);
    listener->relays += frame.control == DLT645_RELAY;
    listener->writes += frame.control == DLT645_WRITE;
    listener->reads += frame.control == DLT645_READ;
    if (frame.control != DLT645_WRITE || message.identifier != listener->swallowed)
        return listener->receive(listener->meter, bytes, answer, limit);
    assert_int_equal(dlt645_done_answer_encode(DLT645_2007, &frame.address, DLT645_WRITE, &out), 0);
    return out.size;
}

static struct line_scene *scene_make(void)
{
    struct line_config config = { .kind = LINE_RS485, .seed = 1 };
    return line_scene_open(&config);
}

static void listener_place(struct line_scene *scene, struct listener *listener)
{
    listener->meter = line_scene_electricity(scene, METER);
    listener->receive = listener->meter->slave.receive;
    listener->meter->slave.receive = listen;
    listener->meter->slave.slave = listener;
}

static struct line_order command_order(const char *profile, const char *address, enum downlink_operation operation)
{
    struct line_order order = line_scene_order_of(LINE_COMMAND, profile, address);

    order.body.command = (struct downlink){ .command_id = 77, .device_id = 5, .operation = (uint16_t)operation };
    order.has_password = 1;
    order.password = 123456;
    return order;
}

static struct line_order steps_order(void)
{
    struct line_order order = command_order(ELECTRICITY, METER, DOWNLINK_WRITE_STEPS);

    order.body.command.table = (struct downlink_table){ .from = { 0, 18000, 36000 },
                                                        .value = { 5000, 6500, 8000 },
                                                        .count = 3,
                                                        .number = 1 };
    return order;
}

static const struct uplink *order_run(struct line_scene *scene, const struct line_order *order)
{
    uint64_t order_id = line_scene_order(scene, order);

    line_scene_run(scene, scene->ended_count + 1, MINUTE_MS);
    return line_scene_ended(scene, order_id);
}

static void tables_are_read_back(void **state)
{
    struct line_scene *scene = scene_make();
    struct listener listener = { .swallowed = 0 };
    struct line_order steps = steps_order(), day = command_order(ELECTRICITY, METER, DOWNLINK_WRITE_DAY_TABLE);

    (void)state;
    day.body.command.table = (struct downlink_table){ .from = { 0, 480 }, .value = { 4, 1 }, .count = 2, .number = 1 };
    listener_place(scene, &listener);
    assert_int_equal(order_run(scene, &steps)->problem, LINE_PROBLEM_NONE);
    assert_int_equal(listener.writes, 6);
    assert_int_equal(listener.reads, 6);
    const struct uplink *ended = order_run(scene, &day);
    assert_int_equal(ended->problem, LINE_PROBLEM_NONE);
    assert_int_equal(ended->answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(listener.reads, 7);
    line_scene_close(scene);
}

static void what_reads_back_otherwise_is_named(void **state)
{
    static const uint32_t identifiers[] = { 0x04060002, 0x04060101, 0x04000207 };

    (void)state;
    for (size_t i = 0; i < sizeof identifiers / sizeof identifiers[0]; i++) {
        struct line_scene *scene = scene_make();
        struct listener listener = { .swallowed = identifiers[i] };
        struct line_order steps = steps_order();
        listener_place(scene, &listener);
        const struct uplink *ended = order_run(scene, &steps);
        assert_int_equal(ended->problem, LINE_PROBLEM_PARTIAL);
        assert_int_equal(ended->answer_about, identifiers[i]);
        line_scene_close(scene);
    }
}

/* Sent before the program ended, and done: the meter says so, and is not told again. */
static void what_is_done_is_not_sent_again(void **state)
{
    struct line_scene *scene = scene_make();
    struct listener listener = { .swallowed = 0 };
    struct line_order order = command_order(ELECTRICITY, METER, DOWNLINK_CLOSE_VALVE);

    (void)state;
    listener_place(scene, &listener);
    order.is_repeated = 1;
    assert_int_equal(order_run(scene, &order)->answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(listener.relays, 1);
    assert_false(listener.meter->electricity.relay_closed);
    const struct uplink *again = order_run(scene, &order);
    assert_int_equal(again->problem, LINE_PROBLEM_NONE);
    assert_int_equal(again->answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(listener.relays, 1);
    line_scene_close(scene);
}

/* A CJ/T 188 meter with money in it. */
struct purse {
    uint8_t purchase[5]; /* number, amount */
    unsigned purchases;
    bool keeps_amount; /* takes the number, not the amount */
    bool is_mute;      /* about purchases */
    bool has_no_memory; /* knows 8105 not */
    struct line_slave slave;
};

static size_t purse_receive(void *slave, struct span bytes, uint8_t *answer, size_t limit)
{
    struct purse *purse = slave;
    struct writer out = writer_of_buffer(answer, limit);
    struct cjt188_frame frame;
    uint8_t data[17] = { 0 };

    assert_int_equal(cjt188_frame_decode(bytes, &frame, NULL), 0);
    struct cjt188_link link = { .meter_type = frame.meter_type, .serial = frame.serial };
    memcpy(link.address, frame.address, sizeof link.address);
    if (frame.identifier == CJT188_PURCHASE_WRITE) {
        purse->purchases++;
        memcpy(purse->purchase, frame.payload.bytes, purse->keeps_amount ? 1 : sizeof purse->purchase);
        if (purse->is_mute)
            return 0;
    }
    if (frame.identifier == CJT188_PURCHASE && purse->has_no_memory) {
        assert_int_equal(cjt188_abnormal_answer_encode(&link, CJT188_READ_DATA, 0, &out), 0);
        return out.size;
    }
    memcpy(data, purse->purchase, sizeof purse->purchase);
    size_t size = frame.identifier == CJT188_PURCHASE ? 15 : 5;
    assert_int_equal(cjt188_message_encode(&link, (uint8_t)(frame.control | CJT188_FROM_METER), frame.identifier,
                                           span_of_bytes(data, size), &out),
                     0);
    return out.size;
}

static struct line_order purchase_order(void)
{
    struct line_order order = command_order(WATER, WATER_METER, DOWNLINK_RECHARGE);

    order.body.command.serial = 7;
    order.body.command.amount_fen = 12345;
    return order;
}

static const struct uplink *purchase_run(struct line_scene *scene, struct purse *purse, const struct line_order *order)
{
    purse->slave =
        (struct line_slave){ .slave = purse, .receive = purse_receive, .delay_low_us = 30000, .delay_high_us = 60000 };
    line_attach(&scene->line, &purse->slave);
    return order_run(scene, order);
}

static void a_purchase_is_read_back(void **state)
{
    struct line_scene *scene = scene_make();
    struct line_order order = purchase_order();
    struct purse purse = { .purchases = 0 };

    (void)state;
    const struct uplink *ended = purchase_run(scene, &purse, &order);
    assert_int_equal(ended->problem, LINE_PROBLEM_NONE);
    assert_int_equal(ended->answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(line_scene_reading(scene, ended->order_id, QUANTITY_PURCHASE_COUNT, UPLINK_CURRENT), 7);
    line_scene_close(scene);
}

/* The wire has one byte for the number; the house counts on. */
static void a_purchase_behind_the_255th_is_taken(void **state)
{
    struct line_scene *scene = scene_make();
    struct line_order order = purchase_order();
    struct purse purse = { .purchase = { 255 } };

    (void)state;
    order.body.command.serial = 257;
    const struct uplink *ended = purchase_run(scene, &purse, &order);
    assert_int_equal(ended->problem, LINE_PROBLEM_NONE);
    assert_int_equal(purse.purchase[0], 1);
    assert_int_equal(line_scene_reading(scene, ended->order_id, QUANTITY_PURCHASE_COUNT, UPLINK_CURRENT), 257);
    line_scene_close(scene);
}

static void a_purchase_of_another_amount_is_no_proof(void **state)
{
    struct line_scene *scene = scene_make();
    struct line_order order = purchase_order();
    struct purse purse = { .keeps_amount = true };

    (void)state;
    const struct uplink *ended = purchase_run(scene, &purse, &order);
    assert_int_equal(ended->problem, LINE_PROBLEM_PARTIAL);
    assert_int_equal(ended->answer_about, CJT188_PURCHASE);
    for (size_t i = 0; i < scene->uplink_count; i++)
        assert_int_equal(scene->uplinks[i].item_count, 0);
    line_scene_close(scene);
}

/* The answer was lost, the purchase was not: it is looked for, and not sent a second time. */
static void a_purchase_is_sent_once(void **state)
{
    struct line_scene *scene = scene_make();
    struct line_order order = purchase_order();
    struct purse purse = { .is_mute = true };

    (void)state;
    const struct uplink *ended = purchase_run(scene, &purse, &order);
    assert_int_equal(ended->problem, LINE_PROBLEM_NONE);
    assert_int_equal(purse.purchases, 1);
    order.is_repeated = 1;
    ended = order_run(scene, &order);
    assert_int_equal(ended->answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(purse.purchases, 1);
    line_scene_close(scene);
}

/* A meter that took it and keeps no record: its word counts, and proves nothing. */
static void a_purchase_that_cannot_be_read_back_rests_on_the_meters_word(void **state)
{
    struct line_scene *scene = scene_make();
    struct line_order order = purchase_order();
    struct purse purse = { .has_no_memory = true };

    (void)state;
    const struct uplink *ended = purchase_run(scene, &purse, &order);
    assert_int_equal(ended->problem, LINE_PROBLEM_NONE);
    assert_int_equal(ended->answer, UPLINK_ANSWER_EXECUTED);
    for (size_t i = 0; i < scene->uplink_count; i++)
        assert_int_equal(scene->uplinks[i].item_count, 0);
    purse.is_mute = true;
    assert_int_equal(order_run(scene, &order)->problem, LINE_PROBLEM_NO_ANSWER);
    line_scene_close(scene);
}

static void a_purchase_that_did_not_arrive_is_not_answered(void **state)
{
    struct line_scene *scene = scene_make();
    struct line_order order = purchase_order();
    struct purse purse = { .is_mute = true, .keeps_amount = true };

    (void)state;
    assert_int_equal(purchase_run(scene, &purse, &order)->problem, LINE_PROBLEM_NO_ANSWER);
    assert_int_equal(purse.purchases, 1);
    line_scene_close(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_read_back),
        cmocka_unit_test(what_reads_back_otherwise_is_named),
        cmocka_unit_test(what_is_done_is_not_sent_again),
        cmocka_unit_test(a_purchase_is_read_back), cmocka_unit_test(a_purchase_behind_the_255th_is_taken),
        cmocka_unit_test(a_purchase_of_another_amount_is_no_proof),
        cmocka_unit_test(a_purchase_is_sent_once),
        cmocka_unit_test(a_purchase_that_cannot_be_read_back_rests_on_the_meters_word),
        cmocka_unit_test(a_purchase_that_did_not_arrive_is_not_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
