#include "tests/unit/unit_test.h"

#include "tests/unit/meter/concentrator_world.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_message.h"

#define TERMINAL 4321
#define FRAME_LIMIT 2100
#define STEP_MS 50
#define TARIFFS 4
#define FREEZES_KEPT 62
#define REGISTER_START_S INT64_C(1790000000)
#define CENTI_A_DAY 1440 /* a register counts 0.01 a minute */

static int64_t now_s(const struct concentrator_world *world)
{
    return world->site.now_ms / 1000;
}

int32_t concentrator_world_today(const struct concentrator_world *world)
{
    return (int32_t)calendar_local_day(now_s(world), CONCENTRATOR_WORLD_ZONE_S);
}

int64_t concentrator_world_midnight(int32_t day)
{
    return calendar_midnight(day, CONCENTRATOR_WORLD_ZONE_S);
}

int64_t scripted_register(const struct scripted_meter *meter, int64_t time_s)
{
    return 100000 + (int64_t)(meter->address % 1000) * 100 + (time_s - REGISTER_START_S) / 60;
}

static void register_put(int64_t value, struct writer *out)
{
    uint8_t bytes[4];
    assert_int_equal(bcd_write(value, bytes, sizeof bytes), 0);
    writer_put_bytes(out, bytes, sizeof bytes);
}

/* Total and four tariffs that sum up to it. */
static void registers_put(int64_t value, struct writer *out)
{
    register_put(value, out);
    for (int i = 1; i < TARIFFS; i++)
        register_put(value / TARIFFS, out);
    register_put(value - value / TARIFFS * (TARIFFS - 1), out);
}

static void time_put(int64_t time_s, struct writer *out)
{
    struct item_time time = item_time_of_unix(time_s + CONCENTRATOR_WORLD_ZONE_S);
    writer_put_u8(out, bcd_byte_write(time.minute));
    writer_put_u8(out, bcd_byte_write(time.hour));
    writer_put_u8(out, bcd_byte_write(time.day));
    writer_put_u8(out, bcd_byte_write(time.month));
    writer_put_u8(out, bcd_byte_write(time.year % 100));
}

/* The n-th last freeze of a kind; 0: there is none. */
static int64_t freeze_time(const struct scripted_meter *meter, unsigned kind, unsigned number)
{
    int64_t clock_s = now_s(meter->world) - (meter->has_clock_behind ? 1800 : 0);
    int64_t day = calendar_local_day(clock_s, CONCENTRATOR_WORLD_ZONE_S);

    if (kind == 1)
        return number == 1 ? meter->frozen_s : 0;
    return meter->has_daily && number <= FREEZES_KEPT ? concentrator_world_midnight((int32_t)day - (int32_t)number + 1)
                                                      : 0;
}

static bool freeze_read(const struct scripted_meter *meter, uint32_t identifier, struct writer *out)
{
    int64_t time_s = freeze_time(meter, identifier >> 16 & 0xff, identifier & 0xff);

    if (time_s == 0)
        return false;
    switch (identifier >> 8 & 0xff) {
    case 0:
        time_put(time_s, out);
        return true;
    case 1:
        registers_put(scripted_register(meter, time_s), out);
        return true;
    case 2:
        registers_put(77, out);
        return true;
    default:
        return false;
    }
}

static bool sample_read(uint32_t identifier, struct writer *out)
{
    static const struct {
        uint32_t identifier;
        uint8_t size;
        uint8_t bytes[12];
    } samples[] = {
        { 0x0203ff00, 12, { 0x34, 0x12, 0, 0x34, 0x12, 0 } },
        { 0x0206ff00, 8, { 0x98, 0x09, 0x98, 0x09 } },
        { 0x0201ff00, 2, { 0x05, 0x22 } },
        { 0x0202ff00, 3, { 0x61, 0x05, 0 } },
        { 0x04000503, 2, { 0, 0 } },
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        if (samples[i].identifier == identifier) {
            writer_put_bytes(out, samples[i].bytes, samples[i].size);
            return true;
        }
    return false;
}

static bool value_read(const struct scripted_meter *meter, uint32_t identifier, struct writer *out)
{
    int64_t value = scripted_register(meter, now_s(meter->world));

    if (identifier == 0x04000503 && meter->relay_off) {
        writer_put_u16le(out, 0x10);
        return true;
    }
    if (identifier >> 24 == 5)
        return freeze_read(meter, identifier, out);
    if ((identifier == 0x0001ff00 || identifier == 0x901f) && !meter->refuses_blocks)
        registers_put(value, out);
    else if (identifier == 0x00010000 || identifier == 0x9010)
        register_put(value, out);
    else if (identifier == 0x00020000 || identifier == 0x9020)
        register_put(77, out);
    else
        return sample_read(identifier, out);
    return true;
}

static size_t answer_645(struct scripted_meter *meter, const struct dlt645_frame *frame, struct writer *out)
{
    bool is_1997 = meter->protocol == CONCENTRATOR_PROTOCOL_DLT645_1997;
    enum dlt645_version version = is_1997 ? DLT645_1997 : DLT645_2007;
    uint8_t read = is_1997 ? DLT645_1997_READ : DLT645_READ, bytes[64];
    struct writer values = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_message message;

    dlt645_message_decode(frame, &message);
    if (frame->control == DLT645_RELAY) {
        const struct dlt645_part *command = dlt645_message_part(&message, DLT645_PART_RELAY_COMMAND);
        meter->relay_off = command != NULL && command->bytes.bytes[0] == 0x1a;
        assert_int_equal(dlt645_done_answer_encode(version, &frame->address, DLT645_RELAY, out), 0);
    } else if (frame->control != read || !message.has_identifier) {
        return 0;
    } else if (value_read(meter, message.identifier, &values)) {
        assert_int_equal(
            dlt645_read_answer_encode(version, &frame->address, message.identifier, writer_span(&values), false, out),
            0);
    } else {
        assert_int_equal(dlt645_error_answer_encode(version, &frame->address, read, 2, out), 0);
    }
    return out->size;
}

static size_t receive_645(struct scripted_meter *meter, struct span bytes, struct writer *out)
{
    struct dlt645_frame frame;
    uint8_t own[DLT645_ADDRESS_SIZE];
    size_t skip;

    if (dlt645_frame_take(bytes, &skip, &frame) == 0 || (frame.control & DLT645_CONTROL_ANSWER) != 0)
        return 0;
    if (memcmp(&frame.address, &dlt645_address_broadcast, sizeof frame.address) == 0) {
        if (frame.control == DLT645_FREEZE)
            meter->frozen_s = now_s(meter->world);
        if (frame.control == DLT645_TIME)
            meter->clock_set_s = now_s(meter->world);
        return 0;
    }
    assert_int_equal(bcd_write((int64_t)meter->address, own, sizeof own), 0);
    if (memcmp(frame.address.bytes, own, sizeof own) != 0)
        return 0;
    meter->asked++;
    return answer_645(meter, &frame, out);
}

static size_t receive_188(struct scripted_meter *meter, struct span bytes, struct writer *out)
{
    struct cjt188_frame frame;
    struct cjt188_link link;
    uint8_t own[6];
    size_t skip;
    bool is_heat = meter->type >= 0x20 && meter->type < 0x30;
    struct item items[3];

    if (cjt188_frame_take(bytes, &skip, &frame) == 0 || (frame.control & CJT188_FROM_METER) != 0)
        return 0;
    assert_int_equal(bcd_write((int64_t)meter->address, own, sizeof own), 0);
    if (memcmp(frame.address, own, sizeof own) != 0 || frame.identifier != CJT188_METERING)
        return 0;
    meter->asked++;
    memset(&link, 0, sizeof link);
    memset(items, 0, sizeof items);
    link.meter_type = meter->type;
    memcpy(link.address, frame.address, sizeof link.address);
    link.serial = frame.serial;
    items[0].quantity = is_heat ? ITEM_ENERGY_HEAT : ITEM_VOLUME;
    items[0].unit = is_heat ? ITEM_UNIT_KWH : ITEM_UNIT_M3;
    items[0].exponent = -2;
    items[0].value = scripted_register(meter, now_s(meter->world));
    assert_int_equal(cjt188_answer_encode(&link, CJT188_METERING, items, 1, out), 0);
    return out->size;
}

static size_t scripted_receive(void *slave, struct span bytes, uint8_t *answer, size_t limit)
{
    struct scripted_meter *meter = slave;
    struct writer out = writer_of_buffer(answer, limit);

    return meter->protocol == CONCENTRATOR_PROTOCOL_CJT188 ? receive_188(meter, bytes, &out)
                                                           : receive_645(meter, bytes, &out);
}

struct scripted_meter *concentrator_world_meter(struct concentrator_world *world, uint8_t port, uint8_t protocol,
                                                uint64_t address)
{
    struct scripted_meter *meter = &world->meters[world->meter_count++];

    assert_true(world->meter_count <= CONCENTRATOR_WORLD_METERS);
    meter->world = world;
    meter->protocol = protocol;
    meter->address = address;
    meter->type = 0x10;
    meter->has_daily = protocol == CONCENTRATOR_PROTOCOL_DLT645_2007;
    meter->slave.slave = meter;
    meter->slave.receive = scripted_receive;
    meter->slave.delay_low_us = 20000;
    meter->slave.delay_high_us = 50000;
    assert_int_equal(concentrator_site_attach(&world->site, port, &meter->slave), 0);
    return meter;
}

/* The head-end. */

static void world_dial(void *context, struct concentrator_site *site)
{
    struct concentrator_world *world = context;
    world->opened++;
    world->is_connected = !world->refuses_connections;
    concentrator_site_opened(site, world->is_connected);
}

static void world_hang_up(void *context, struct concentrator_site *site)
{
    struct concentrator_world *world = context;
    (void)site;
    world->is_connected = false;
}

static void link_count(struct concentrator_world *world, enum q376_link link)
{
    world->logins += link == Q376_LINK_LOGIN ? 1u : 0u;
    world->heartbeats += link == Q376_LINK_HEARTBEAT ? 1u : 0u;
    world->logouts += link == Q376_LINK_LOGOUT ? 1u : 0u;
}

static void answer_begin(struct concentrator_world *world)
{
    world->frames = 0;
    world->size = 0;
    world->item_count = 0;
    world->is_final = false;
    world->fits = true;
}

static void answer_keep(struct concentrator_world *world, const struct q376_frame *frame)
{
    /* A late answer to an earlier request takes the place of the one before. */
    if ((frame->sequence & Q376_SEQUENCE_FIRST) != 0)
        answer_begin(world);
    else
        assert_true(world->frames > 0);
    struct item_list list =
        item_list_of(world->items + world->item_count, CONCENTRATOR_WORLD_ITEMS - world->item_count);
    assert_true(world->size + frame->units.size <= sizeof world->units);
    struct q376_frame held = *frame;
    memcpy(world->units + world->size, frame->units.bytes, frame->units.size);
    held.units = span_of_bytes(world->units + world->size, frame->units.size);
    world->size += frame->units.size;
    world->afn = frame->afn;
    world->frames++;
    world->has_acd = frame->has_event_counters;
    world->is_final = (frame->sequence & Q376_SEQUENCE_FINAL) != 0;
    world->answered_ms = world->site.now_ms;
    world->fits = world->fits && q376_data_fits(&held);
    world->last = held;
    if (q376_items_decode(&held, &list) == 0)
        world->item_count += list.count;
}

static void world_hear(void *context, struct concentrator_site *site, struct span bytes)
{
    struct concentrator_world *world = context;
    struct q376_frame frame;
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    assert_int_equal(q376_frame_decode(bytes, &frame, NULL), 0);
    assert_true(q376_frame_is_uplink(&frame));
    if (world->is_silent)
        return;
    if ((frame.control & Q376_CONTROL_PRIMARY) == 0) {
        answer_keep(world, &frame);
        return;
    }
    link_count(world, q376_link_of(&frame));
    world->reports += frame.afn == Q376_AFN_EVENT ? 1u : 0u;
    assert_int_equal(q376_confirm_encode(&frame, false, &out), 0);
    concentrator_site_receive(site, writer_span(&out));
}

void concentrator_world_prepare(struct concentrator_world *world)
{
    memset(world, 0, sizeof *world);
    world->config.core = concentrator_config_default();
    world->config.core.address.region[0] = 0x03;
    world->config.core.address.region[1] = 0x44;
    world->config.core.address.terminal = TERMINAL;
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        world->config.lines[i].parity = LINE_PARITY_EVEN;
    world->config.uplink.context = world;
    world->config.uplink.open = world_dial;
    world->config.uplink.send = world_hear;
    world->config.uplink.close = world_hang_up;
    world->config.seed = 7;
    world->config.now_ms = CONCENTRATOR_WORLD_NOW_MS;
}

void concentrator_world_start(struct concentrator_world *world)
{
    assert_int_equal(concentrator_site_open(&world->site, &world->config), 0);
}

void concentrator_world_open(struct concentrator_world *world)
{
    concentrator_world_prepare(world);
    concentrator_world_start(world);
    concentrator_world_run(world, 10 * WORLD_SECOND_MS);
    assert_true(concentrator_is_online(&world->site.host.core));
}

void concentrator_world_close(struct concentrator_world *world)
{
    assert_false(world->site.host.board.flash.overprogrammed);
    concentrator_site_close(&world->site);
}

void concentrator_world_run(struct concentrator_world *world, int64_t span_ms)
{
    (void)concentrator_site_step(&world->site, world->site.now_ms + span_ms);
}

int concentrator_world_send(struct concentrator_world *world, struct span frame, int64_t wait_ms)
{
    int64_t end_ms = world->site.now_ms + wait_ms;

    answer_begin(world);
    concentrator_site_receive(&world->site, frame);
    while (!world->is_final && world->site.now_ms < end_ms)
        concentrator_world_run(world, STEP_MS);
    return world->is_final ? world->afn : -1;
}

int concentrator_world_ask(struct concentrator_world *world, uint8_t afn, struct span units, int64_t wait_ms)
{
    uint8_t bytes[FRAME_LIMIT];
    static const uint8_t password[Q376_PASSWORD_SIZE];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct q376_exchange exchange;

    memset(&exchange, 0, sizeof exchange);
    exchange.protocol = world->config.core.protocol;
    exchange.address = world->config.core.address;
    exchange.address.station = 1;
    exchange.sequence = world->sequence++ & Q376_SEQUENCE_NUMBER;
    exchange.password = span_of_bytes(password, exchange.protocol == Q376_PROTOCOL_130 ? 2 : sizeof password);
    assert_int_equal(q376_request_encode(&exchange, afn, units, &out), 0);
    return concentrator_world_send(world, writer_span(&out), wait_ms);
}

static bool is_confirmation(const struct concentrator_world *world, uint8_t dt1)
{
    return world->is_final && world->afn == Q376_AFN_CONFIRM && world->size == Q376_UNIT_ID_SIZE &&
           world->units[2] == dt1 && world->units[3] == 0;
}

bool concentrator_world_is_confirmed(const struct concentrator_world *world)
{
    return is_confirmation(world, 1);
}

bool concentrator_world_is_denied(const struct concentrator_world *world)
{
    return is_confirmation(world, 2);
}

struct q376_archive_entry concentrator_world_entry(const struct concentrator_world *world, size_t i, uint8_t port)
{
    const struct scripted_meter *meter = &world->meters[i];
    struct q376_archive_entry entry;

    memset(&entry, 0, sizeof entry);
    entry.number = (uint16_t)(i + 1);
    entry.point = (uint16_t)(i + 1);
    entry.port = port;
    entry.protocol = meter->protocol;
    entry.address = meter->address;
    entry.tariffs = meter->protocol == CONCENTRATOR_PROTOCOL_CJT188 ? 1 : TARIFFS;
    entry.integer_digits = 6;
    entry.decimal_digits = 2;
    entry.user_major = 1;
    return entry;
}

void concentrator_world_archive(struct concentrator_world *world)
{
    enum { AT_ONCE = 30 };
    struct q376_archive_entry entries[AT_ONCE];
    uint8_t bytes[AT_ONCE * Q376_ARCHIVE_ENTRY_SIZE + 8];

    for (size_t i = 0; i < world->meter_count; i += AT_ONCE) {
        size_t count = world->meter_count - i < AT_ONCE ? world->meter_count - i : AT_ONCE;
        struct writer units = writer_of_buffer(bytes, sizeof bytes);
        for (size_t k = 0; k < count; k++) {
            bool is_bus = world->meters[i + k].protocol == CONCENTRATOR_PROTOCOL_CJT188;
            entries[k] = concentrator_world_entry(world, i + k, is_bus ? 3 : 2);
        }
        assert_int_equal(q376_archive_put(entries, count, &units), 0);
        assert_int_equal(concentrator_world_ask(world, Q376_AFN_SET, writer_span(&units), 5000), Q376_AFN_CONFIRM);
        assert_true(concentrator_world_is_confirmed(world));
    }
}

int concentrator_world_current(struct concentrator_world *world, unsigned point, unsigned function)
{
    uint8_t bytes[16];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_unit_put(point, function, &units), 0);
    return concentrator_world_ask(world, Q376_AFN_CURRENT, writer_span(&units), 60 * WORLD_SECOND_MS);
}

const struct item *concentrator_world_item(const struct concentrator_world *world, uint16_t quantity, unsigned point,
                                           unsigned tariff)
{
    for (size_t i = 0; i < world->item_count; i++)
        if (world->items[i].quantity == quantity && world->items[i].subunit == point &&
            world->items[i].tariff == tariff)
            return &world->items[i];
    return NULL;
}

const struct item *concentrator_world_day(struct concentrator_world *world, unsigned point, int32_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    struct item_time time = {
        (uint16_t)date.year, (uint8_t)date.month, (uint8_t)date.day_of_month, 0, 0, 0, ITEM_TIME_DAY, 0, 0
    };
    uint8_t bytes[16];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_day_put(point, 161, &time, &units), 0);
    assert_int_equal(concentrator_world_ask(world, Q376_AFN_HISTORY, writer_span(&units), 5000), Q376_AFN_HISTORY);
    assert_true(world->fits);
    const struct item *item = concentrator_world_item(world, ITEM_ENERGY_ACTIVE_IMPORT, point, 0);
    assert_non_null(item);
    return item->quality == ITEM_MISSING ? NULL : item;
}
