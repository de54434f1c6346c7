#include "tests/unit/unit_test.h"

#include "tests/unit/dialog/line_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/profile_shelf.h"
#include "codec/bcd/bcd.h"

#define ORDERS 64
#define SILENCE_MS 14 /* 33 bits at 2,400 */

static void scene_send(void *context, void *line, struct span bytes)
{
    struct line_scene *scene = context;
    assert_ptr_equal(line, scene);
    assert_true(scene->now_ms - scene->heard_ms >= SILENCE_MS); /* the master is no babbler itself */
    line_send(&scene->line, scene->now_ms * 1000, bytes);
}

static bool scene_offer(void *context, struct uplink *uplink)
{
    struct line_scene *scene = context;
    if (scene->core_is_full)
        return false;
    assert_true(scene->uplink_count < LINE_SCENE_UPLINKS);
    scene->uplinks[scene->uplink_count++] = *uplink;
    scene->ended_count += uplink->order_ended;
    return true;
}

static const struct device_profile *scene_profile_find(void *context, const char *name)
{
    const struct line_scene *scene = context;
    const struct profile_set_row *row = profile_set_find(scene->profiles, span_of_text(name));
    return row != NULL ? &row->profile : NULL;
}

static struct profile_set *profiles_read(void)
{
    static struct profile_problems problems;
    struct profile_sources sources = { NULL, NULL };
    struct profile_set *set = profile_sources_read(&sources, &problems);
    assert_non_null(set);
    return set;
}

struct line_scene *line_scene_open(const struct line_config *line)
{
    struct line_scene *scene = calloc(1, sizeof *scene);
    struct line_config config = *line;

    assert_non_null(scene);
    config.parity = LINE_PARITY_EVEN;
    line_open(&scene->line, &config);
    scene->now_ms = LINE_SCENE_NOW_MS;
    scene->next_order = 1;
    scene->profiles = profiles_read();
    scene->counters = (struct counter_table){ line_dialog_counters(), scene->values, LINE_DIALOG_COUNTER_COUNT };
    scene->house = (struct line_dialog_house){
        scene, scene_send, scene_offer, scene_profile_find, NULL, line_order_pool_open(ORDERS), &scene->counters
    };
    scene->record = (struct line_record){ .line_id = LINE_SCENE_LINE, .kind = LINE_KIND_SERIAL };
    scene->master = malloc(line_master_kind.size);
    assert_non_null(scene->master);
    line_master_kind.begin(scene->master, &scene->house, &scene->record, scene, scene->now_ms);
    return scene;
}

void line_scene_close(struct line_scene *scene)
{
    for (size_t i = 0; i < scene->meter_count; i++) {
        if (scene->meters[i].is_electricity)
            host_electricity_close(&scene->meters[i].electricity);
        else
            host_bus_meter_close(&scene->meters[i].bus);
    }
    assert_int_equal(line_order_pool_free_count(scene->house.orders) + 0, ORDERS);
    line_order_pool_close(scene->house.orders);
    profile_set_close(scene->profiles);
    free(scene->master);
    free(scene);
}

static size_t electricity_receive(void *slave, struct span frame, uint8_t *answer, size_t limit)
{
    struct line_scene_meter *meter = slave;
    return host_electricity_receive(&meter->electricity, frame, answer, limit, meter->scene->now_ms);
}

static size_t bus_receive(void *slave, struct span frame, uint8_t *answer, size_t limit)
{
    struct line_scene_meter *meter = slave;
    return host_bus_meter_receive(&meter->bus, frame, answer, limit);
}

static struct line_scene_meter *meter_add(struct line_scene *scene,
                                          size_t (*receive)(void *, struct span, uint8_t *, size_t))
{
    struct line_scene_meter *meter = &scene->meters[scene->meter_count++];

    assert_true(scene->meter_count <= LINE_SCENE_METERS);
    meter->scene = scene;
    meter->slave =
        (struct line_slave){ .slave = meter, .receive = receive, .delay_low_us = 30000, .delay_high_us = 60000 };
    line_attach(&scene->line, &meter->slave);
    return meter;
}

struct line_scene_meter *line_scene_electricity(struct line_scene *scene, const char *address)
{
    static const uint8_t password[] = { 0x56, 0x34, 0x12 };
    struct line_scene_meter *meter = meter_add(scene, electricity_receive);
    struct electricity_config config = electricity_config_default();
    struct dlt645_address bytes;

    meter->is_electricity = true;
    assert_int_equal(dlt645_address_read(span_of_text(address), &bytes), 0);
    memcpy(config.parameters.address, bytes.bytes, sizeof config.parameters.address);
    memcpy(config.parameters.passwords[2], password, sizeof password);
    config.start_forward_mwh = INT64_C(123450000) + (int64_t)scene->meter_count * 1000000;
    host_electricity_open(&meter->electricity, NULL, scene->meter_count, scene->now_ms);
    assert_int_equal(host_electricity_power_up(&meter->electricity, &config, scene->now_ms), 0);
    (void)host_electricity_step(&meter->electricity, scene->now_ms);
    return meter;
}

struct line_scene_meter *line_scene_bus_meter(struct line_scene *scene, enum bus_meter_kind kind, const char *address,
                                              uint8_t primary)
{
    struct line_scene_meter *meter = meter_add(scene, bus_receive);
    struct bus_meter_config config = bus_meter_config_default(kind);
    uint8_t type = wmbus_address_type(&config.identity);

    assert_int_equal(bcd_text_read(span_of_text(address), config.address, sizeof config.address), 0);
    assert_int_equal(wmbus_address_make("KAM", address + strlen(address) - 8, 1, type, &config.identity), 0);
    config.primary = primary;
    config.start_volume_ml = INT64_C(77000000) + (int64_t)scene->meter_count * 1000000;
    host_bus_meter_open(&meter->bus, scene->meter_count);
    assert_int_equal(host_bus_meter_power_up(&meter->bus, &config, scene->now_ms / 1000), 0);
    return meter;
}

struct line_order line_scene_order_of(enum line_operation operation, const char *profile, const char *address)
{
    struct line_order order = { .line_id = LINE_SCENE_LINE,
                                .device_id = 5,
                                .operation = (uint16_t)operation,
                                .priority = LINE_PRIORITY_SCHEDULED,
                                .route = LINE_ROUTE_DIRECT,
                                .zone_offset_s = LINE_SCENE_ZONE_S };
    snprintf(order.profile, sizeof order.profile, "%s", profile);
    snprintf(order.address, sizeof order.address, "%s", address);
    return order;
}

uint64_t line_scene_order(struct line_scene *scene, const struct line_order *order)
{
    struct line_order given = *order;

    given.order_id = scene->next_order++;
    return line_master_kind.order(scene->master, &given, scene->now_ms) == 0 ? given.order_id : 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void line_scene_run(struct line_scene *scene, unsigned ended_count, int64_t limit_ms)
{
    int64_t end_ms = scene->now_ms + limit_ms;
    uint8_t bytes[LINE_QUEUE_LIMIT];

    while (scene->now_ms < end_ms) {
        size_t size = line_receive(&scene->line, scene->now_ms * 1000, bytes, sizeof bytes);
        if (size > 0)
            line_master_kind.receive(scene->master, span_of_bytes(bytes, size), scene->now_ms);
        scene->heard_ms = size > 0 ? scene->now_ms : scene->heard_ms;
        int64_t due_ms = line_master_kind.tick(scene->master, scene->now_ms);
        if (scene->ended_count >= ended_count)
            return;
        int64_t byte_us = line_due_us(&scene->line, scene->now_ms * 1000);
        int64_t byte_ms = byte_us == INT64_MAX ? INT64_MAX : byte_us / 1000 + 1;
        int64_t next_ms = earlier(earlier(due_ms, byte_ms), end_ms);
        scene->now_ms = next_ms > scene->now_ms ? next_ms : scene->now_ms + 1;
        for (size_t i = 0; i < scene->meter_count; i++) {
            if (scene->meters[i].is_electricity)
                (void)host_electricity_step(&scene->meters[i].electricity, scene->now_ms);
            else
                host_bus_meter_step(&scene->meters[i].bus, scene->now_ms / 1000);
        }
    }
}

const struct uplink *line_scene_ended(const struct line_scene *scene, uint64_t order_id)
{
    const struct uplink *found = NULL;

    for (size_t i = 0; i < scene->uplink_count; i++)
        if (scene->uplinks[i].order_id == order_id && scene->uplinks[i].order_ended) {
            assert_null(found);
            found = &scene->uplinks[i];
        }
    assert_non_null(found);
    return found;
}

int64_t line_scene_reading(const struct line_scene *scene, uint64_t order_id, uint16_t quantity, uint8_t period)
{
    for (size_t i = 0; i < scene->uplink_count; i++)
        for (unsigned item = 0; scene->uplinks[i].order_id == order_id && scene->uplinks[i].kind == UPLINK_REPORT &&
                                item < scene->uplinks[i].item_count;
             item++)
            if (scene->uplinks[i].items[item].quantity == quantity && scene->uplinks[i].items[item].period == period &&
                scene->uplinks[i].items[item].register_index == 0)
                return scene->uplinks[i].items[item].value;
    fail_msg("order %llu gave no reading of %u", (unsigned long long)order_id, (unsigned)quantity);
    return 0;
}
