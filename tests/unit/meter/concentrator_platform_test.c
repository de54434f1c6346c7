/* The real concentrator core and the platform's conversation with it, over a stream that loses, damages and cuts what
 * is sent, until everything is read: the archive is written, a midnight passes, every point's freeze comes, meters are
 * read through the concentrator, its clock is set. */
#include "tests/unit/unit_test.h"

#include "tests/unit/meter/concentrator_world.h"

#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "base/random.h"
#include "dialog/line_dialog.h"

#define METERS 40
#define PIPE_LIMIT 65536
#define UPLINK_LIMIT 4096
#define LINE_ID 5
#define MIDNIGHT_S (CONCENTRATOR_WORLD_NOW_MS / 1000 + 15 * 3600) /* the next one in China */
#define LOSS_ONE_IN 12

struct pipe {
    size_t size;
    uint8_t bytes[PIPE_LIMIT];
};

static struct concentrator_world world;
static struct pipe up, down;
static struct line_dialog_house house;
static struct uplink uplinks[UPLINK_LIMIT];
static size_t uplink_count;
static void *session;
static bool is_lossy, is_open;
static uint64_t chance = 17, next_order = 1;
static int64_t due_ms;

/* What is sent arrives, is lost, or has a wrong byte. */
static void pipe_put(struct pipe *pipe, struct span bytes)
{
    uint64_t roll = random_splitmix(&chance);

    assert_true(pipe->size + bytes.size <= sizeof pipe->bytes);
    if (is_lossy && roll % LOSS_ONE_IN == 0)
        return;
    memcpy(pipe->bytes + pipe->size, bytes.bytes, bytes.size);
    if (is_lossy && roll % LOSS_ONE_IN == 1)
        pipe->bytes[pipe->size + (roll >> 8) % bytes.size] ^= 0x10;
    pipe->size += bytes.size;
}

/* Any piece of what is on the way. */
static struct span pipe_take(struct pipe *pipe, uint8_t *room)
{
    size_t size = pipe->size;

    if (is_lossy && size > 1)
        size = 1 + random_splitmix(&chance) % size;
    memcpy(room, pipe->bytes, size);
    memmove(pipe->bytes, pipe->bytes + size, pipe->size - size);
    pipe->size -= size;
    return span_of_bytes(room, size);
}

static void platform_send(void *context, void *line, struct span bytes)
{
    (void)context;
    (void)line;
    pipe_put(&down, bytes);
}

static bool platform_offer(void *context, struct uplink *uplink)
{
    (void)context;
    if (is_lossy && random_splitmix(&chance) % LOSS_ONE_IN == 0)
        return false;
    assert_true(uplink_count < UPLINK_LIMIT);
    uplink->message_id = ++uplink_count;
    uplinks[uplink_count - 1] = *uplink;
    return true;
}

static const struct device_profile *profile_find(void *context, const char *name)
{
    static struct device_profile profile;

    (void)context;
    (void)name;
    profile.codec = 0; /* dlt645-2007 */
    profile.kind = DEVICE_KIND_ELECTRICITY;
    profile.settings.preamble = 4;
    profile.line = (struct device_profile_line){ 2400, 'E', 1, 2, 0, 1500, 500 };
    profile.point_count = 1;
    profile.points[0] = (struct device_point){
        .identifier = 0x00010000, .identifier_digits = 8, .is_register = 1, .quantity = ITEM_ENERGY_ACTIVE_IMPORT
    };
    profile.command_count = 1;
    profile.commands[0].command = DEVICE_COMMAND_READ_NOW;
    return &profile;
}

static void site_dial(void *context, struct concentrator_site *site)
{
    struct line_record record = { .line_id = LINE_ID,
                                  .zone_offset_s = CONCENTRATOR_WORLD_ZONE_S,
                                  .secret_size = 16,
                                  .address = "440304321",
                                  .answer_timeout_ms = 5000 };

    (void)context;
    if (is_open)
        q376_session_kind.end(session, LINE_PROBLEM_LOST, site->now_ms);
    up.size = down.size = 0;
    q376_session_kind.begin(session, &house, &record, NULL, site->now_ms);
    is_open = true;
    due_ms = 0;
    concentrator_site_opened(site, true);
}

static void site_send(void *context, struct concentrator_site *site, struct span bytes)
{
    (void)context;
    (void)site;
    pipe_put(&up, bytes);
}

static void site_hang_up(void *context, struct concentrator_site *site)
{
    (void)context;
    if (is_open)
        q376_session_kind.end(session, LINE_PROBLEM_LOST, site->now_ms);
    is_open = false;
}

static void setting_open(void)
{
    concentrator_world_prepare(&world);
    world.config.uplink = (struct concentrator_site_uplink){ NULL, site_dial, site_send, site_hang_up };
    memset(&house, 0, sizeof house);
    house.send = platform_send;
    house.offer = platform_offer;
    house.profile_find = profile_find;
    house.orders = line_order_pool_open(LINE_ORDER_OPEN_LIMIT);
    session = malloc(q376_session_kind.size);
    assert_true(house.orders != NULL && session != NULL);
    is_open = is_lossy = false;
    uplink_count = 0;
    concentrator_world_start(&world);
}

static void setting_close(void)
{
    if (is_open)
        q376_session_kind.end(session, LINE_PROBLEM_LOST, world.site.now_ms);
    is_open = false;
    concentrator_world_close(&world);
    line_order_pool_close(house.orders);
    free(session);
}

/* The core stores what it took. */
static void core_run(size_t from)
{
    for (size_t i = from; i < uplink_count; i++) {
        struct uplink_acknowledgement answer = { .message_id = i + 1, .accepted = 1 };
        q376_session_kind.acknowledge(session, &answer, world.site.now_ms);
    }
}

static void step(int64_t step_ms)
{
    uint8_t room[PIPE_LIMIT];
    size_t before = uplink_count;

    concentrator_world_run(&world, step_ms);
    if (down.size > 0)
        concentrator_site_receive(&world.site, pipe_take(&down, room));
    if (!is_open)
        return;
    if (up.size > 0)
        q376_session_kind.receive(session, pipe_take(&up, room), world.site.now_ms);
    core_run(before);
    if (world.site.now_ms >= due_ms || up.size + down.size > 0)
        due_ms = q376_session_kind.tick(session, world.site.now_ms);
}

static void run(int64_t span_ms, int64_t step_ms)
{
    int64_t end_ms = world.site.now_ms + span_ms;

    while (world.site.now_ms < end_ms)
        step(step_ms);
}

static struct line_order order_of(enum line_operation operation)
{
    return (struct line_order){ .order_id = next_order++,
                                .line_id = LINE_ID,
                                .device_id = LINE_ID,
                                .operation = (uint16_t)operation,
                                .priority = LINE_PRIORITY_SCHEDULED,
                                .kind = DEVICE_KIND_ELECTRICITY,
                                .zone_offset_s = CONCENTRATOR_WORLD_ZONE_S };
}

/* Give an order and wait for its end; a connection that is not there is waited for.
 * returns  how it ended */
static enum line_problem order_run(const struct line_order *order)
{
    size_t seen = uplink_count;

    while (!is_open)
        step(1000);
    assert_int_equal(q376_session_kind.order(session, order, world.site.now_ms), 0);
    due_ms = 0;
    for (unsigned i = 0; i < 20000; i++) {
        for (; seen < uplink_count; seen++)
            if (uplinks[seen].order_id == order->order_id && uplinks[seen].order_ended)
                return (enum line_problem)uplinks[seen].problem;
        step(100);
    }
    fail_msg("an order never ended");
    return LINE_PROBLEM_NONE;
}

/* The same until it ends well: a lossy stream is nobody's fault. */
static void order_insist(struct line_order order)
{
    for (unsigned i = 0; i < 30; i++) {
        order.order_id = next_order++;
        if (order_run(&order) == LINE_PROBLEM_NONE)
            return;
    }
    fail_msg("operation %u never ended well", order.operation);
}

static void archive_write(void)
{
    for (size_t first = 0; first < METERS; first += LINE_ARCHIVE_ROW_LIMIT) {
        struct line_order order = order_of(LINE_ARCHIVE_WRITE);
        order.count = LINE_ARCHIVE_ROW_LIMIT;
        for (size_t i = 0; i < LINE_ARCHIVE_ROW_LIMIT; i++) {
            struct q376_archive_entry entry = concentrator_world_entry(&world, first + i, 2);
            order.body.archive[i] = (struct uplink_archive_row){ .address = entry.address,
                                                                 .number = entry.number,
                                                                 .measurement_point = entry.point,
                                                                 .port = entry.port,
                                                                 .protocol_code = entry.protocol,
                                                                 .tariffs = entry.tariffs,
                                                                 .user_class = (uint8_t)(entry.user_major << 4) };
        }
        order_insist(order);
    }
}

/* The freezes that the platform holds, by point; 0 none. */
static unsigned freezes_gather(int64_t *values)
{
    unsigned count = 0;

    memset(values, 0, (METERS + 1) * sizeof *values);
    for (size_t i = 0; i < uplink_count; i++)
        for (unsigned item = 0; uplinks[i].kind == UPLINK_REPORT && item < uplinks[i].item_count; item++) {
            const struct uplink_item *it = &uplinks[i].items[item];
            if (it->period != UPLINK_DAILY_FREEZE || it->quantity != QUANTITY_ENERGY_ACTIVE_IMPORT ||
                it->register_index != 0)
                continue;
            assert_int_equal(it->time_s, MIDNIGHT_S);
            assert_true(uplinks[i].measurement_point >= 1 && uplinks[i].measurement_point <= METERS);
            count += values[uplinks[i].measurement_point] == 0;
            values[uplinks[i].measurement_point] = it->value;
        }
    return count;
}

static void midnight_read(void)
{
    int64_t values[METERS + 1];

    for (unsigned round = 0; round < 30 && freezes_gather(values) < METERS; round++) {
        struct line_order order = order_of(LINE_READ_DAILY);
        order.device_id = 0;
        order.time_s = MIDNIGHT_S;
        for (unsigned point = 1; point <= METERS; point++)
            if (values[point] == 0)
                order.body.points[point / 8] |= (uint8_t)(1u << point % 8);
        (void)order_run(&order);
        if (freezes_gather(values) < METERS)
            run(10 * WORLD_MINUTE_MS, 1000); /* some are not frozen yet */
    }
    assert_int_equal(freezes_gather(values), METERS);
    for (unsigned point = 1; point <= METERS; point++)
        assert_int_equal(values[point], scripted_register(&world.meters[point - 1], MIDNIGHT_S) * 10000);
}

static void meter_read(unsigned point)
{
    struct line_order order = order_of(LINE_READ_CURRENT);
    const struct scripted_meter *meter = &world.meters[point - 1];
    int64_t before = scripted_register(meter, world.site.now_ms / 1000), value = -1;

    order.device_id = 1000 + point;
    order.measurement_point = (uint16_t)point;
    order.route = LINE_ROUTE_FORWARD;
    order.port = 2;
    memcpy(order.profile, "m", 2);
    for (uint64_t i = 12, digits = meter->address; i-- > 0; digits /= 10)
        order.address[i] = (char)('0' + digits % 10);
    order_insist(order);
    for (size_t i = 0; i < uplink_count; i++)
        if (uplinks[i].device_id == order.device_id && uplinks[i].item_count == 1)
            value = uplinks[i].items[0].value;
    assert_in_range(value, before * 10000, scripted_register(meter, world.site.now_ms / 1000) * 10000);
}

static void everything_is_read(bool lossy)
{
    setting_open();
    for (unsigned i = 0; i < METERS; i++)
        concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 123456780000 + i);
    run(10 * WORLD_SECOND_MS, 100);
    assert_true(is_open && concentrator_is_online(&world.site.host.core));
    assert_int_equal(uplinks[0].presence, UPLINK_PRESENCE_LOGIN);
    is_lossy = lossy;
    archive_write();
    order_insist(order_of(LINE_ARCHIVE_READ));
    order_insist(order_of(LINE_CLOCK_SET));
    run((MIDNIGHT_S * 1000 - world.site.now_ms) + 30 * WORLD_MINUTE_MS, 1000);
    midnight_read();
    meter_read(1);
    meter_read(METERS);
    order_insist(order_of(LINE_EVENTS_READ));
    setting_close();
}

static void everything_is_read_over_a_good_stream(void **state)
{
    (void)state;
    everything_is_read(false);
}

static void everything_is_read_over_a_lossy_stream(void **state)
{
    (void)state;
    everything_is_read(true);
}

static void a_wrong_password_is_told(void **state)
{
    struct line_order order = order_of(LINE_CLOCK_SET);

    (void)state;
    setting_open();
    concentrator_site_close(&world.site);
    memset(world.config.core.password, 7, sizeof world.config.core.password);
    concentrator_world_start(&world);
    run(10 * WORLD_SECOND_MS, 100);
    assert_int_equal(order_run(&order), LINE_PROBLEM_PASSWORD);
    setting_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_read_over_a_good_stream),
        cmocka_unit_test(everything_is_read_over_a_lossy_stream),
        cmocka_unit_test(a_wrong_password_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
