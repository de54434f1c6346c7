#include "tests/unit/unit_test.h"

#include "tests/unit/meter/electricity_world.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/dlt645/dlt645_field.h"

#define ZONE_S 28800
#define FRAME_LIMIT 300
#define OPERATOR 0x11223344

static int mixing_cmac(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                       const struct span *parts, size_t part_count, uint8_t out[CIPHER_BLOCK_SIZE])
{
    uint64_t state = 0x9e3779b97f4a7c15u + (uint64_t)algorithm;
    (void)context;
    for (size_t i = 0; i < CIPHER_BLOCK_SIZE; i++)
        state = (state ^ key[i]) * 0xff51afd7ed558ccdu;
    for (size_t part = 0; part < part_count; part++)
        for (size_t i = 0; i < parts[part].size; i++) {
            state = (state ^ parts[part].bytes[i]) * 0xff51afd7ed558ccdu;
            state ^= state >> 29;
        }
    for (size_t i = 0; i < CIPHER_BLOCK_SIZE; i++) {
        state = state * 0xff51afd7ed558ccdu + 1;
        out[i] = (uint8_t)(state >> 40);
    }
    return 0;
}

static const struct cipher mixing = { .cmac = mixing_cmac };

const struct cipher *world_cipher(void)
{
    return &mixing;
}

void world_prepare(struct electricity_world *world)
{
    const struct span digits = span_of_text("4321");
    const uint8_t password[] = { 0x56, 0x34, 0x12 };

    memset(world, 0, sizeof *world);
    world->config = electricity_config_default();
    assert_int_equal(dlt645_address_read(digits, &world->address), 0);
    memcpy(world->config.parameters.address, world->address.bytes, DLT645_ADDRESS_SIZE);
    memcpy(world->config.parameters.passwords[2], password, sizeof password);
    memcpy(world->config.parameters.passwords[4], password, sizeof password);
    memset(world->config.recharge_key, 0x5a, sizeof world->config.recharge_key);
    world->config.answers_1997 = true;
    world->authority.password.level = 2;
    world->authority.password.digits = 0x123456;
    world->authority.operator_code = OPERATOR;
    world->now_ms = WORLD_NOW_MS;
    world_load(world, 0, 1000);
    host_electricity_open(&world->host, &mixing, 1, world->now_ms);
}

void world_start(struct electricity_world *world)
{
    assert_int_equal(host_electricity_power_up(&world->host, &world->config, world->now_ms), 0);
    (void)host_electricity_step(&world->host, world->now_ms);
}

void world_open(struct electricity_world *world)
{
    world_prepare(world);
    world_start(world);
}

void world_close(struct electricity_world *world)
{
    assert_false(world->host.board.flash.overprogrammed);
    host_electricity_close(&world->host);
}

void world_restart(struct electricity_world *world)
{
    host_electricity_power_down(&world->host, false, world->now_ms);
    world_start(world);
}

void world_load(struct electricity_world *world, int32_t power_w, int32_t power_factor)
{
    world->load = electricity_sample_of(220000, power_w * 1000, power_factor, 50000);
}

void world_run(struct electricity_world *world, int64_t duration_ms, int64_t step_ms)
{
    const struct electricity_sample nothing = electricity_sample_of(220000, 0, 1000, 50000);
    int64_t end_ms = world->now_ms + duration_ms;

    while (true) {
        const struct electricity_sample *sample = world->host.relay_closed ? &world->load : &nothing;
        (void)host_electricity_sample(&world->host, sample, world->now_ms);
        if (world->now_ms >= end_ms)
            break;
        world->now_ms = world->now_ms + step_ms < end_ms ? world->now_ms + step_ms : end_ms;
        (void)host_electricity_step(&world->host, world->now_ms);
    }
}

uint8_t world_send(struct electricity_world *world, const struct writer *request)
{
    assert_false(request->overflow);
    world->answer_size = host_electricity_receive(&world->host, writer_span(request), world->answer,
                                                  sizeof world->answer, world->now_ms);
    if (world->answer_size == 0)
        return 0;
    assert_int_equal(dlt645_frame_decode(span_of_bytes(world->answer, world->answer_size), &world->frame, NULL), 0);
    assert_memory_equal(world->frame.address.bytes, world->host.meter.parameters.address, DLT645_ADDRESS_SIZE);
    assert_true((world->frame.control & DLT645_CONTROL_ANSWER) != 0);
    return world->frame.control;
}

struct span world_read(struct electricity_world *world, uint32_t identifier)
{
    const struct span nothing = { NULL, 0 };
    uint8_t bytes[FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_message message;

    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &world->address, identifier, &request), 0);
    if ((world_send(world, &request) & ~DLT645_CONTROL_MORE) != (DLT645_READ | DLT645_CONTROL_ANSWER))
        return nothing;
    dlt645_message_decode(&world->frame, &message);
    assert_int_equal(message.identifier, identifier);
    return message.values;
}

int64_t world_number(struct electricity_world *world, uint32_t identifier)
{
    struct span values = world_read(world, identifier);
    return values.size == 0 ? -1 : bcd_read(values);
}

uint8_t world_write(struct electricity_world *world, uint32_t identifier, struct span values)
{
    uint8_t bytes[FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(
        dlt645_write_request_encode(DLT645_2007, &world->address, identifier, &world->authority, values, &request), 0);
    return world_send(world, &request);
}

uint8_t world_write_number(struct electricity_world *world, uint32_t identifier, int64_t number, size_t size)
{
    uint8_t bytes[BCD_SIZE_LIMIT];
    assert_int_equal(bcd_write(number, bytes, size), 0);
    return world_write(world, identifier, span_of_bytes(bytes, size));
}

struct item_time world_time(const struct electricity_world *world)
{
    return item_time_of_unix(world->now_ms / 1000 + world->host.board.clock_offset_s + ZONE_S);
}

uint8_t world_relay(struct electricity_world *world, enum dlt645_relay_command command)
{
    uint8_t bytes[FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    struct item_time until = item_time_of_unix(world->now_ms / 1000 + ZONE_S + 3600);

    assert_int_equal(
        dlt645_relay_request_encode(&world->address, &world->authority, (uint8_t)command, 0, &until, &request), 0);
    return world_send(world, &request);
}

uint8_t world_recharge(struct electricity_world *world, uint32_t identifier, uint32_t count, uint32_t amount)
{
    struct dlt645_recharge recharge = { identifier, amount, count, { 0 } };
    uint8_t values[DLT645_RECHARGE_SIZE], bytes[FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);

    memcpy(recharge.customer, world->host.meter.parameters.customer_number, sizeof recharge.customer);
    assert_int_equal(dlt645_recharge_encode(&mixing, world->config.recharge_key, &world->address, &recharge, values),
                     0);
    assert_int_equal(dlt645_security_request_encode(&world->address, identifier, OPERATOR,
                                                    span_of_bytes(values, sizeof values), &request),
                     0);
    return world_send(world, &request);
}

unsigned world_error(const struct electricity_world *world)
{
    assert_true(world->answer_size > 0 && (world->frame.control & DLT645_CONTROL_ABNORMAL) != 0);
    return world->frame.data_size == 2 ? (unsigned)(world->frame.data[0] | world->frame.data[1] << 8)
                                       : world->frame.data[0];
}
