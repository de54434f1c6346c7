/* A line of hostile bytes under the master of a transparent line: every order ends once, whatever comes, and nothing is
 * sent or read beyond the bounds. The first byte chooses the order; then pieces: a byte of time (in steps of 16 ms), a
 * byte of size, the bytes. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/profile_shelf.h"
#include "dialog/line_dialog.h"
#include "fuzz/open_cipher.h"

#define NOW_MS INT64_C(1795219200000)
#define STEP_MS 16
#define REQUEST_LIMIT 320
#define END_LIMIT_MS (24 * 3600 * INT64_C(1000))

struct world {
    struct profile_set *profiles;
    struct line_order_pool *orders;
    void *master;
    unsigned ended;
    unsigned offered;
};

static void world_send(void *context, void *line, struct span bytes)
{
    (void)context;
    (void)line;
    assert(bytes.size > 0 && bytes.size <= REQUEST_LIMIT);
}

/* Now and then the core is full. */
static bool world_offer(void *context, struct uplink *uplink)
{
    struct world *world = context;

    if (++world->offered % 7 == 0)
        return false;
    assert(uplink->item_count <= UPLINK_ITEM_LIMIT && uplink->order_id == 1);
    world->ended += uplink->order_ended;
    assert(world->ended <= 1);
    return true;
}

static const struct device_profile *world_profile_find(void *context, const char *name)
{
    const struct world *world = context;
    const struct profile_set_row *row = profile_set_find(world->profiles, span_of_text(name));
    return row != NULL ? &row->profile : NULL;
}

static void world_open(struct world *world)
{
    static struct profile_problems problems;
    struct profile_sources sources = { NULL, NULL };

    world->profiles = profile_sources_read(&sources, &problems);
    world->orders = line_order_pool_open(4);
    world->master = malloc(line_master_kind.size);
    assert(world->profiles != NULL && world->orders != NULL && world->master != NULL);
}

static struct line_order order_of(uint8_t choice)
{
    static const struct {
        const char *profile;
        const char *address;
    } meters[] = { { "dlt645-2007-single-phase-prepaid", "4321" },
                   { "cjt188-cold-water", "00001200345678" },
                   { "mbus-heat", "12345678" },
                   { "dlt645-1997-meter", "4321" },
                   { "mbus-heat", "5" },
                   { "", "" } };
    static const uint8_t operations[] = { LINE_READ_CURRENT, LINE_READ_DAILY, LINE_READ_MONTHLY, LINE_COMMAND,
                                          LINE_SEARCH,       LINE_CLOCK_READ, LINE_CLOCK_SET };
    size_t meter = choice % (sizeof meters / sizeof meters[0]);
    struct line_order order = {
        .order_id = 1, .line_id = 9, .device_id = 5, .zone_offset_s = 28800, .has_password = 1
    };

    order.operation = operations[choice / 8 % sizeof operations];
    order.body.command = (struct downlink){ .command_id = 3, .operation = DOWNLINK_CLOSE_VALVE };
    snprintf(order.profile, sizeof order.profile, "%s", meters[meter].profile);
    snprintf(order.address, sizeof order.address, "%s", meters[meter].address);
    return order;
}

static void order_play(struct world *world, const struct line_dialog_house *house, const uint8_t *data, size_t size)
{
    struct line_record record = { .line_id = 9, .kind = LINE_KIND_SERIAL, .baud = 9600 };
    struct line_order order = order_of(data[0]);
    int64_t now_ms = NOW_MS;
    size_t at = 1;

    line_master_kind.begin(world->master, house, &record, world, now_ms);
    assert(line_master_kind.order(world->master, &order, now_ms) == 0);
    while (at + 2 <= size) {
        size_t piece = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;
        now_ms += data[at] * STEP_MS;
        (void)line_master_kind.tick(world->master, now_ms);
        line_master_kind.receive(world->master, span_of_bytes(data + at + 2, piece), now_ms);
        int64_t due_ms = line_master_kind.tick(world->master, now_ms);
        assert(due_ms > now_ms - STEP_MS);
        at += 2 + piece;
    }
    for (int64_t due_ms = now_ms; due_ms != INT64_MAX; now_ms = due_ms > now_ms ? due_ms : now_ms + 1) {
        assert(now_ms - NOW_MS < END_LIMIT_MS);
        due_ms = line_master_kind.tick(world->master, now_ms);
    }
    assert(world->ended == 1);
    line_master_kind.end(world->master, LINE_PROBLEM_LOST, now_ms);
    assert(world->ended == 1 && line_order_pool_free_count(world->orders) == 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    struct line_dialog_house house = { &world, world_send, world_offer, world_profile_find, &open_cipher, NULL, NULL };

    if (world.profiles == NULL)
        world_open(&world);
    if (size == 0)
        return 0;
    house.orders = world.orders;
    world.ended = 0;
    world.offered = 0;
    order_play(&world, &house, data, size);
    return 0;
}
