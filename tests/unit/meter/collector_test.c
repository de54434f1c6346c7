/* The collector between two lines: it passes what it was told to pass, as it came; and what it says itself. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_request.h"
#include "sim/line_answer.h"
#include "sim/line_collector.h"
#include "sim/line_meters.h"

#define NOW_S INT64_C(1795219200)
#define MS INT64_C(1000)
#define WAIT_US (3000 * MS)
#define GAP_US (30 * MS)

static const struct dlt645_address own = { { 0x01, 0x00, 0x00, 0x00, 0x00, 0x77 } };
static const struct dlt645_password password = { 2, 0x123456 };

/* An electricity meter that knows one reading, counts broadcasts and can be asked to be late. */
struct power_meter {
    struct dlt645_address address;
    int broadcasts;
    int asked;
    struct line_slave slave;
};

struct world {
    struct line upper;
    struct line lower;
    struct line_collector collector;
    struct line_meters water;
    struct power_meter power[2];
    int64_t now_us;
    uint8_t answer[LINE_BURST_LIMIT];
    size_t answer_size;
    struct dlt645_frame frame; /* of the last answer */
    struct dlt645_message message;
};

static size_t power_receive(void *slave, struct span burst, uint8_t *answer, size_t limit)
{
    static const uint8_t values[] = { 0x34, 0x12, 0x00, 0x00 };
    struct power_meter *meter = slave;
    struct writer out = writer_of_buffer(answer, limit);
    struct dlt645_frame frame;
    size_t skip;
    if (dlt645_frame_take(burst, &skip, &frame) == 0 || (frame.control & DLT645_CONTROL_ANSWER) != 0)
        return 0;
    meter->broadcasts += memcmp(&frame.address, &dlt645_address_broadcast, sizeof frame.address) == 0;
    if (memcmp(&frame.address, &meter->address, sizeof frame.address) != 0)
        return 0;
    meter->asked++;
    writer_put_bytes(&out, "\xfe\xfe", 2);
    assert_int_equal(dlt645_read_answer_encode(DLT645_2007, &meter->address, 0x00010000,
                                               span_of_bytes(values, sizeof values), false, &out),
                     0);
    return out.size;
}

static void entry_add(struct world *world, uint8_t place, uint8_t protocol, uint8_t type, const uint8_t *address,
                      size_t size)
{
    struct collector_entry entry = { protocol, 24, type, { 0 } };
    memcpy(entry.address, address, size);
    assert_int_equal(line_collector_meter_add(&world->collector, place, &entry), 0);
}

static void power_open(struct world *world, unsigned index)
{
    struct power_meter *meter = &world->power[index];
    memset(meter, 0, sizeof *meter);
    meter->address = (struct dlt645_address){ { (uint8_t)(0x11 + index), 0x22, 0x33, 0, 0, 0 } };
    meter->slave.slave = meter;
    meter->slave.receive = power_receive;
    meter->slave.delay_low_us = 30 * MS;
    meter->slave.delay_high_us = 80 * MS;
    line_attach(&world->lower, &meter->slave);
    entry_add(world, (uint8_t)(10 + index), COLLECTOR_DLT645_2007, 0, meter->address.bytes, DLT645_ADDRESS_SIZE);
}

/* Two electricity meters at places 10 and 11, three CJ/T 188 meters at 0 to 2. */
static void world_open(struct world *world)
{
    struct line_config config = { .kind = LINE_RS485, .parity = LINE_PARITY_EVEN, .baud = 2400, .seed = 9 };
    struct line_meters_config meters = { .protocols = BUS_METER_CJT188,
                                         .kind = LINE_METERS_EACH_KIND,
                                         .count = 3,
                                         .first_number = 501,
                                         .delay_low_us = 20 * MS,
                                         .delay_high_us = 60 * MS,
                                         .preamble_size = 2,
                                         .seed = 4 };
    memset(world, 0, sizeof *world);
    line_open(&world->lower, &config);
    config.kind = LINE_RADIO;
    config.baud = 9600;
    line_open(&world->upper, &config);
    assert_int_equal(line_collector_open(&world->collector, &own, &world->upper, &world->lower, 5), 0);
    world->collector.config.password = password;
    world->collector.core.config.password = password;
    assert_int_equal(line_meters_open(&world->water, &meters, &world->lower, NOW_S), 0);
    for (uint8_t i = 0; i < meters.count; i++)
        entry_add(world, i, COLLECTOR_CJT188, bus_meter_type((enum bus_meter_kind)i),
                  world->water.meters[i].host.meter.settings.address, COLLECTOR_ADDRESS_SIZE);
    power_open(world, 0);
    power_open(world, 1);
}

static void world_close(struct world *world)
{
    line_meters_close(&world->water);
    line_collector_close(&world->collector);
}

static size_t ask(struct world *world, struct span request)
{
    world->now_us += 100 * MS;
    world->answer_size =
        line_exchange(&world->upper, &world->now_us, request, WAIT_US, GAP_US, world->answer, sizeof world->answer);
    return world->answer_size;
}

static size_t ask_power(struct world *world, const struct dlt645_address *address)
{
    uint8_t bytes[DLT645_FRAME_SIZE_MAX];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, address, 0x00010000, &request), 0);
    return ask(world, writer_span(&request));
}

static size_t ask_water(struct world *world, unsigned index)
{
    const struct bus_meter *meter = &world->water.meters[index].host.meter;
    struct cjt188_link link = { bus_meter_type((enum bus_meter_kind)meter->config.kind), { 0 }, 33, 1, NULL };
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    memcpy(link.address, meter->settings.address, sizeof link.address);
    assert_int_equal(cjt188_request_encode(&link, CJT188_METERING, NULL, 0, &request), 0);
    return ask(world, writer_span(&request));
}

/* Ask the collector itself; returns the control code of its answer, 0 silence. */
static uint8_t ask_own(struct world *world, struct writer *request)
{
    size_t skip;
    if (ask(world, writer_span(request)) == 0)
        return 0;
    assert_true(dlt645_frame_take(span_of_bytes(world->answer, world->answer_size), &skip, &world->frame) > 0);
    dlt645_message_decode(&world->frame, &world->message);
    return world->frame.control;
}

static uint8_t read_own(struct world *world, uint32_t identifier)
{
    uint8_t bytes[DLT645_FRAME_SIZE_MAX];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &world->collector.core.address, identifier, &request), 0);
    return ask_own(world, &request);
}

static uint8_t write_own(struct world *world, uint32_t identifier, uint32_t digits, const void *values, size_t size)
{
    struct dlt645_authority authority = { { password.level, digits }, 7 };
    uint8_t bytes[DLT645_FRAME_SIZE_MAX];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_write_request_encode(DLT645_2007, &world->collector.core.address, identifier, &authority,
                                                 span_of_bytes(values, size), &request),
                     0);
    return ask_own(world, &request);
}

static void answers_go_up_as_they_came(void **state)
{
    static struct world world;
    uint8_t expected[LINE_BURST_LIMIT], request[64];
    struct writer writer = writer_of_buffer(request, sizeof request);

    (void)state;
    world_open(&world);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &world.power[1].address, 0x00010000, &writer), 0);
    size_t size = power_receive(&world.power[1], writer_span(&writer), expected, sizeof expected);
    assert_int_equal(ask_power(&world, &world.power[1].address), size);
    assert_memory_equal(world.answer, expected, size);
    for (unsigned i = 0; i < 3; i++) {
        struct cjt188_frame frame;
        size_t skip;
        assert_true(ask_water(&world, i) > 0);
        assert_true(cjt188_frame_take(span_of_bytes(world.answer, world.answer_size), &skip, &frame) > 0);
        assert_int_equal(frame.preamble_size, 2);
        assert_int_equal(frame.serial, 33);
        assert_memory_equal(frame.address, world.water.meters[i].host.meter.settings.address, sizeof frame.address);
    }
    assert_int_equal(world.power[0].asked, 0);
    assert_int_equal(world.collector.core.counts.up, 4);
    world_close(&world);
}

static void whom_it_was_not_told_of_it_does_not_ask(void **state)
{
    static struct world world;
    struct dlt645_address other = { { 0x99, 0x22, 0x33, 0, 0, 0 } };
    struct dlt645_address both = { { 0xaa, 0x22, 0x33, 0, 0, 0 } };

    (void)state;
    world_open(&world);
    assert_int_equal(ask_power(&world, &other), 0);
    assert_int_equal(ask_power(&world, &both), 0); /* two meters are meant */
    assert_int_equal(ask_power(&world, &dlt645_address_any), 0);
    assert_int_equal(world.lower.counts.bursts, 0);
    world_close(&world);
}

static void a_shortened_address_that_means_one_meter_is_passed(void **state)
{
    static struct world world;
    struct dlt645_address shortened = { { 0x12, 0x22, 0xaa, 0xaa, 0xaa, 0xaa } };

    (void)state;
    world_open(&world);
    world.power[1].address = shortened; /* as the meter hears it */
    assert_true(ask_power(&world, &shortened) > 0);
    world_close(&world);
}

static void a_broadcast_goes_down_and_nobody_answers(void **state)
{
    static struct world world;
    static const struct dlt645_freeze_time now = { 99, 99, 99, 99 };
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    world_open(&world);
    assert_int_equal(dlt645_freeze_request_encode(&dlt645_address_broadcast, &now, &request), 0);
    assert_int_equal(ask(&world, writer_span(&request)), 0);
    assert_int_equal(world.power[0].broadcasts, 1);
    assert_int_equal(world.power[1].broadcasts, 1);
    assert_int_equal(world.lower.counts.bursts, 1);
    world_close(&world);
}

static void silence_below_is_silence_above(void **state)
{
    static struct world world;

    (void)state;
    world_open(&world);
    world.power[0].slave.is_absent = true;
    assert_int_equal(ask_power(&world, &world.power[0].address), 0);
    assert_int_equal(world.collector.core.counts.unanswered, 1);
    assert_true(ask_power(&world, &world.power[1].address) > 0); /* the line is free again */
    world_close(&world);
}

static void the_answer_of_another_is_not_passed_off_as_the_meters(void **state)
{
    static struct world world;

    (void)state;
    world_open(&world);
    world.power[0].slave.alter = line_answer_misaddress;
    assert_int_equal(ask_power(&world, &world.power[0].address), 0);
    assert_int_equal(world.collector.core.counts.foreign, 1);
    world_close(&world);
}

static void an_echo_below_is_no_answer(void **state)
{
    static struct world world;

    (void)state;
    world_open(&world);
    world.lower.config.echo = true;
    assert_true(ask_power(&world, &world.power[0].address) > 0);
    assert_true(world.answer_size < 30);
    assert_int_equal(world.collector.core.counts.foreign, 0);
    world_close(&world);
}

static void it_tells_its_own_address_and_status(void **state)
{
    static struct world world;
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    world_open(&world);
    assert_int_equal(dlt645_read_address_request_encode(&request), 0);
    assert_int_equal(ask_own(&world, &request), DLT645_CONTROL_ANSWER | DLT645_READ_ADDRESS);
    assert_memory_equal(&world.frame.address, &own, sizeof own);
    assert_int_equal(ask_power(&world, &world.power[0].address) > 0, true);
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_STATUS), DLT645_CONTROL_ANSWER | DLT645_READ);
    assert_int_equal(world.message.values.size, COLLECTOR_STATUS_SIZE);
    assert_int_equal(world.message.values.bytes[0], 5);   /* meters */
    assert_int_equal(world.message.values.bytes[3], 1);   /* down */
    assert_int_equal(world.message.values.bytes[7], 1);   /* up */
    assert_int_equal(read_own(&world, 0x02010100), 0xd1); /* it measures nothing */
    assert_int_equal(world.frame.data[0], 0x02);
    world_close(&world);
}

static void an_archive_is_written_with_the_password_and_kept(void **state)
{
    static struct world world;
    static const uint8_t entry[COLLECTOR_ENTRY_SIZE] = { COLLECTOR_CJT188, 24, 0x30, 9, 8, 7, 6, 5, 4, 3 };
    static const uint8_t none[COLLECTOR_ENTRY_SIZE] = { COLLECTOR_NONE };

    (void)state;
    world_open(&world);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 64, 0x654321, entry, sizeof entry), 0xd4);
    assert_int_equal(world.frame.data[0], 0x04);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 64, 0x123456, entry, sizeof entry), 0x94);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 65, 0x123456, entry, sizeof entry), 0xd4);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 63, 0x123456, entry, sizeof entry), 0xd4); /* twice */
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 63, 0x123456, entry, 9), 0xd4);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 1, 0x123456, none, sizeof none), 0x94);
    assert_int_equal(line_collector_restart(&world.collector), 0);
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_ENTRY + 64), 0x91);
    assert_memory_equal(world.message.values.bytes, entry, sizeof entry);
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_ENTRY + 1), 0x91);
    assert_memory_equal(world.message.values.bytes, none, sizeof none);
    assert_int_equal(ask_water(&world, 0), 0); /* its place was emptied */
    assert_true(ask_water(&world, 1) > 0);
    world_close(&world);
}

static void its_address_is_changed_and_kept(void **state)
{
    static struct world world;
    static const uint8_t changed[] = { 0x02, 0x00, 0x00, 0x00, 0x00, 0x77 };
    static const uint8_t letters[] = { 0x0a, 0x00, 0x00, 0x00, 0x00, 0x77 };

    (void)state;
    world_open(&world);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ADDRESS, 0x123456, letters, sizeof letters), 0xd4);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ADDRESS, 0x123456, changed, sizeof changed), 0x94);
    assert_memory_equal(&world.frame.address, &own, sizeof own);
    assert_int_equal(line_collector_restart(&world.collector), 0);
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_ADDRESS), 0x91);
    assert_memory_equal(world.message.values.bytes, changed, sizeof changed);
    world_close(&world);
}

static void what_it_polls_is_told_only_when_asked_with_its_age(void **state)
{
    static struct world world;
    static const uint8_t minutes[] = { 10, 0 };
    struct cjt188_frame frame;

    (void)state;
    world_open(&world);
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_CACHE + 1), 0xd1);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_POLL, 0x123456, minutes, sizeof minutes), 0x94);
    world.power[0].slave.is_absent = true;
    world.now_us += 25 * 60000 * MS;
    line_collector_step(&world.collector, world.now_us);
    assert_int_equal(line_due_us(&world.upper, world.now_us), INT64_MAX); /* nothing by itself */
    world.now_us += 90000 * MS;
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_CACHE + 1), 0x91);
    const uint8_t *values = world.message.values.bytes;
    unsigned age_s = values[0] | (unsigned)values[1] << 8;
    assert_in_range(age_s, 60, 700);
    assert_int_equal(cjt188_frame_decode(span_of_bytes(values + 4, world.message.values.size - 4), &frame, NULL), 0);
    assert_memory_equal(frame.address, world.water.meters[0].host.meter.settings.address, sizeof frame.address);
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_CACHE + 11), 0xd1); /* the absent meter's */
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_CACHE + 12), 0x91);
    assert_int_equal(world.power[1].asked, 2); /* every ten minutes */
    world_close(&world);
}

static void a_request_during_a_poll_waits_its_turn(void **state)
{
    static struct world world;
    static const uint8_t minutes[] = { 1, 0 };

    (void)state;
    world_open(&world);
    for (int i = 0; i < 2; i++)
        world.power[i].slave.delay_low_us = world.power[i].slave.delay_high_us = 1200 * MS;
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_POLL, 0x123456, minutes, sizeof minutes), 0x94);
    for (int i = 0; i < 80; i++) {
        world.now_us += (500 + i * 13) * MS;
        assert_true(ask_water(&world, 1) > 0);
    }
    assert_int_equal(world.lower.counts.collisions, 0);
    assert_int_equal(world.collector.core.counts.foreign, 0);
    assert_int_equal(world.collector.core.counts.unanswered, 0);
    assert_true(world.power[0].asked + world.power[1].asked >= 2);
    world_close(&world);
}

/* Neither the collector nor a meter behind it can be called like everybody. */
static void nobody_is_called_like_everybody(void **state)
{
    static struct world world;
    static const uint8_t everybody[] = { 0x99, 0x99, 0x99, 0x99, 0x99, 0x99 };
    uint8_t entry[] = { COLLECTOR_DLT645_2007, 24, 0, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0 };

    (void)state;
    world_open(&world);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ADDRESS, 0x123456, everybody, sizeof everybody), 0xd4);
    assert_int_equal(read_own(&world, COLLECTOR_ITEM_ADDRESS), 0x91);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 5, 0x123456, entry, sizeof entry), 0xd4);
    entry[0] = COLLECTOR_CJT188; /* where it is an address like others */
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_ENTRY + 5, 0x123456, entry, sizeof entry), 0x94);
    world_close(&world);
}

/* The line below is one: a broadcast waits for the answer that is on its way, and is not forgotten for a request. */
static void a_broadcast_during_a_poll_waits_its_turn(void **state)
{
    static struct world world;
    static const uint8_t minutes[] = { 1, 0 };
    const struct dlt645_freeze_time now = { 99, 99, 99, 99 };
    uint8_t bytes[32];
    struct writer freeze = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    world_open(&world);
    for (int i = 0; i < 2; i++)
        world.power[i].slave.delay_low_us = world.power[i].slave.delay_high_us = 1200 * MS;
    assert_int_equal(dlt645_freeze_request_encode(&dlt645_address_broadcast, &now, &freeze), 0);
    assert_int_equal(write_own(&world, COLLECTOR_ITEM_POLL, 0x123456, minutes, sizeof minutes), 0x94);
    for (int i = 0; i < 80; i++) {
        world.now_us += (500 + i * 13) * MS;
        line_collector_step(&world.collector, world.now_us);
        (void)line_send(&world.upper, world.now_us, writer_span(&freeze));
        assert_true(ask_water(&world, 1) > 0);
    }
    assert_int_equal(world.lower.counts.collisions, 0);
    assert_int_equal(world.collector.core.counts.unanswered, 0);
    assert_true(world.power[0].asked + world.power[1].asked >= 2);
    assert_int_equal(world.power[0].broadcasts, 80);
    world_close(&world);
}

/* The archive is downloaded again and again while the power goes at every flash operation. */
static void a_power_cut_leaves_each_place_old_or_new(void **state)
{
    static struct world world;
    uint64_t operations = 1;

    (void)state;
    for (unsigned tear = 0; tear < HOST_FLASH_TEAR_COUNT; tear++) {
        for (uint64_t cut_at = 0; cut_at <= operations; cut_at++) {
            int acknowledged = -1;
            world_open(&world);
            uint64_t before = world.collector.flash.operations;
            world.collector.flash.tear = (uint8_t)tear;
            world.collector.flash.cut_at = cut_at == 0 ? 0 : before + cut_at;
            for (uint8_t i = 0; i < 150 && !world.collector.flash.cut; i++) {
                struct collector_entry entry = { COLLECTOR_DLT645_1997, 12, 0, { i, 1, 0, 0, 0, 0, 0 } };
                if (line_collector_meter_add(&world.collector, (uint8_t)(i % 20 + 20), &entry) == 0)
                    acknowledged = i;
            }
            operations = cut_at == 0 ? world.collector.flash.operations - before : operations;
            assert_int_equal(line_collector_restart(&world.collector), 0);
            for (int place = 20; place < 40; place++) {
                const struct collector_entry *entry = &world.collector.core.entries[place];
                int newest = acknowledged - (acknowledged - (place - 20) + 20) % 20;
                bool is_kept = newest >= 0 && newest % 20 == place - 20;
                if (is_kept)
                    assert_true(entry->address[0] == newest || entry->address[0] == newest + 20);
            }
            assert_int_equal(world.collector.core.entries[0].protocol, COLLECTOR_CJT188);
            assert_false(world.collector.flash.overprogrammed);
            world_close(&world);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_go_up_as_they_came),
        cmocka_unit_test(whom_it_was_not_told_of_it_does_not_ask),
        cmocka_unit_test(a_shortened_address_that_means_one_meter_is_passed),
        cmocka_unit_test(a_broadcast_goes_down_and_nobody_answers),
        cmocka_unit_test(silence_below_is_silence_above),
        cmocka_unit_test(the_answer_of_another_is_not_passed_off_as_the_meters),
        cmocka_unit_test(an_echo_below_is_no_answer),
        cmocka_unit_test(it_tells_its_own_address_and_status),
        cmocka_unit_test(an_archive_is_written_with_the_password_and_kept),
        cmocka_unit_test(its_address_is_changed_and_kept),
        cmocka_unit_test(what_it_polls_is_told_only_when_asked_with_its_age),
        cmocka_unit_test(a_request_during_a_poll_waits_its_turn),
        cmocka_unit_test(a_broadcast_during_a_poll_waits_its_turn),
        cmocka_unit_test(nobody_is_called_like_everybody),
        cmocka_unit_test(a_power_cut_leaves_each_place_old_or_new),
    };
    return cmocka_run_group_tests_name("collector", tests, NULL, NULL);
}
