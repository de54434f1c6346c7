#include "tests/unit/unit_test.h"

#include "tests/unit/meter/bus_meter_world.h"

#include <string.h>

void bus_world_open(struct bus_world *world, enum bus_meter_kind kind)
{
    static const uint8_t address[] = { 0x78, 0x56, 0x34, 0x00, 0x12, 0x00, 0x00 };
    uint8_t medium;
    memset(world, 0, sizeof *world);
    world->now_s = BUS_WORLD_NOW_S;
    world->config = bus_meter_config_default(kind);
    memcpy(world->config.address, address, sizeof address);
    medium = wmbus_address_type(&world->config.identity);
    assert_int_equal(wmbus_address_make("KAM", "12345678", 1, medium, &world->config.identity), 0);
    world->config.primary = 5;
    world->link.meter_type = bus_meter_type(kind);
    memcpy(world->link.address, address, sizeof address);
    world->link.serial = 7;
    host_bus_meter_open(&world->host, 7);
}

void bus_world_close(struct bus_world *world)
{
    host_bus_meter_close(&world->host);
}

void bus_world_start(struct bus_world *world)
{
    assert_int_equal(host_bus_meter_power_up(&world->host, &world->config, world->now_s), 0);
}

void bus_world_restart(struct bus_world *world)
{
    memset(&world->host.meter, 0, sizeof world->host.meter);
    bus_world_start(world);
}

void bus_world_run(struct bus_world *world, int64_t span_s)
{
    int64_t end_s = world->now_s + span_s;
    int64_t step_s = span_s < 60 ? 1 : 60;
    while (world->now_s < end_s) {
        world->now_s += step_s;
        host_bus_meter_step(&world->host, world->now_s);
    }
}

size_t bus_world_send(struct bus_world *world, struct span bytes)
{
    world->item_count = 0;
    world->answer_size = host_bus_meter_receive(&world->host, bytes, world->answer, sizeof world->answer);
    return world->answer_size;
}

uint8_t bus_world_hear_cjt188(struct bus_world *world, struct span request)
{
    struct item_list list = item_list_of(world->items, BUS_WORLD_ITEM_LIMIT);
    if (bus_world_send(world, request) == 0)
        return 0;
    assert_int_equal(cjt188_frame_decode(span_of_bytes(world->answer, world->answer_size), &world->frame, NULL), 0);
    assert_int_equal(cjt188_items_decode(&world->frame, world->config.variant, &list), 0);
    world->item_count = list.count;
    return world->frame.control;
}

uint8_t bus_world_read(struct bus_world *world, uint16_t identifier)
{
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(cjt188_request_encode(&world->link, identifier, NULL, 0, &request), 0);
    return bus_world_hear_cjt188(world, writer_span(&request));
}

size_t bus_world_hear_mbus(struct bus_world *world, struct span request)
{
    struct item_list list = item_list_of(world->items, BUS_WORLD_ITEM_LIMIT);
    struct mbus_frame frame;
    size_t error_offset = 0;
    if (bus_world_send(world, request) == 0)
        return 0;
    assert_int_equal(mbus_frame_decode(span_of_bytes(world->answer, world->answer_size), &frame, NULL), 0);
    if (frame.kind == MBUS_FRAME_ACKNOWLEDGE)
        return 1;
    assert_int_equal(mbus_message_decode(&frame, &world->message, NULL), 0);
    assert_int_equal(mbus_message_items(&world->message, &list, &world->more_follow, &error_offset), 0);
    world->item_count = list.count;
    return world->answer_size;
}

const struct item *bus_world_item(const struct bus_world *world, uint16_t quantity, uint32_t storage)
{
    for (size_t i = 0; i < world->item_count; i++)
        if (world->items[i].quantity == quantity && world->items[i].storage == storage)
            return &world->items[i];
    fail_msg("no item of quantity %u, storage %u", quantity, (unsigned)storage);
    return NULL;
}
