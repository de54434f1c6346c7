/* Uplinks with any content, through registry, reading and watch on a store in memory. Whatever a device says, a stored
 * total never falls from one day to the next, the totals of days and areas agree, and a rollback leaves nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "base/undo.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "store/sql/reading_sql.h"
#include "store/sql/registry_sql.h"
#include "store/store.h"
#include "store/sql/watch_sql.h"
#include "watch/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define START_S INT64_C(1728000000)
#define UPLINKS_LIMIT 40

static struct store *store;
static struct registry_sql *registry_sql;
static struct reading_sql *reading_sql;
static struct watch_sql *watch_sql;
static struct undo *undo;
static struct registry *registry;
static struct registry_scope scope;
static struct reading_room *reading;
static struct watch_room *watch;

static void must(int result)
{
    if (result < 0)
        abort();
}

static void device_make(uint32_t root_area_id)
{
    struct area_record building = { .parent_area_id = root_area_id, .kind = AREA_BUILDING, .name = "1" };
    must(registry_area_add(registry, &scope, &building));
    struct device_record device = { .area_id = building.area_id, .imei = UINT64_C(860000000000001),
                                    .meter_number = "123456789012", .installed_s = START_S - 864000 };
    must(registry_device_add(registry, &scope, START_S, &device));
    struct device_record behind_transformers = { .area_id = building.area_id, .imei = UINT64_C(860000000000002),
                                                 .meter_number = "123456789013", .installed_s = START_S - 864000,
                                                 .kind = DEVICE_KIND_ELECTRICITY, .multiplier_e3 = 33330 };
    must(registry_device_add(registry, &scope, START_S, &behind_transformers));
}

static void house_open(void)
{
    uint32_t tenant_id = 0;
    uint32_t root_area_id = 0;
    must(store_open(&(struct store_config){ .path = ":memory:" }, &store));
    must(registry_sql_open(store, &registry_sql));
    must(reading_sql_open(store, &reading_sql));
    must(watch_sql_open(store, &watch_sql));
    must(undo_open(1 << 22, &undo));
    must(registry_open(&(struct registry_config){ .store = registry_sql_store(registry_sql), .undo = undo,
                                                  .device_limit = 10 },
                       &registry));
    must(registry_tenant_add(registry, "fuzz", 28800, START_S, &tenant_id, &root_area_id));
    must(registry_scope_make(registry, tenant_id, 0, &scope));
    device_make(root_area_id);
    undo_clear(undo);
    must(reading_open(&(struct reading_config){ .store = reading_sql_store(reading_sql), .registry = registry,
                                                .undo = undo, .device_limit = 10 },
                      &reading));
    must(watch_open(&(struct watch_config){ .store = watch_sql_store(watch_sql), .registry = registry,
                                            .reading = reading, .undo = undo, .device_limit = 10 },
                    &watch));
}

/* Small numbers are days or litres around what is plausible; the rest is taken as it is. */
static int64_t number_take(struct reader *reader, int64_t near, int64_t step)
{
    uint8_t kind = 0;
    uint64_t value = 0;
    if (reader_take_u8(reader, &kind) != 0)
        return near;
    if (kind < 192)
        return near + ((int64_t)kind - 64) * step;
    return reader_take_u64be(reader, &value) == 0 ? (int64_t)value : near;
}

static void uplink_take(struct reader *reader, int64_t received_s, struct uplink *uplink)
{
    uint8_t head[3] = { 0, 0, 0 };
    for (size_t i = 0; i < sizeof head; i++)
        if (reader_take_u8(reader, &head[i]) != 0)
            break;
    *uplink = (struct uplink){ .device_id = head[0] % 3, .kind = (uint8_t)(head[1] % 6), .answer = (uint8_t)(head[1] / 6),
                               .received_s = received_s, .item_count = head[2] % 40, .frame_size = head[2],
                               .content_hash = head[0] };
    for (size_t i = 0; i < UPLINK_ITEM_LIMIT && i < uplink->item_count; i++) {
        struct uplink_item *item = &uplink->items[i];
        uint8_t what = 0;
        if (reader_take_u8(reader, &what) != 0)
            break;
        item->quantity = what % 18;
        item->period = (uint8_t)(what / 18 % 4);
        item->value = item->quantity == 12 ? number_take(reader, received_s, 3600) : number_take(reader, 2000000, 100000);
        item->time_s = number_take(reader, received_s / 86400 * 86400 - 28800, 86400);
    }
}

static int64_t number(const char *query)
{
    int64_t value = 0;
    must(store_number(store, query, &value));
    return value;
}

static void truth_check(void)
{
    if (number("SELECT count(*) FROM (SELECT total_value < lag(total_value) OVER (PARTITION BY device_id ORDER BY day) AS fell"
               " FROM daily_reading) WHERE fell") != 0)
        abort();
    if (number("SELECT ifnull((SELECT sum(usage_value) FROM area_day), 0) <> ifnull((SELECT sum(newest) FROM"
               " (SELECT max(total_value) AS newest FROM daily_reading GROUP BY device_id)), 0)") != 0)
        abort();
    if (number("SELECT ifnull((SELECT sum(received) FROM area_day), 0) <> (SELECT count(*) FROM daily_reading)") != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader reader = reader_of_span((struct span){ bytes, size });
    if (!store)
        house_open();
    must(store_begin(store));
    int64_t now_s = START_S;
    for (int i = 0; i < UPLINKS_LIMIT && reader_remaining(&reader) > 0; i++) {
        struct uplink uplink;
        struct reading_outcome outcome;
        uplink_take(&reader, now_s, &uplink);
        must(reading_accept(reading, &uplink, now_s, &outcome));
        must(watch_observe(watch, &outcome, 0, now_s));
        now_s += 3600 * (1 + uplink.item_count);
    }
    must(reading_flush(reading));
    truth_check();
    store_rollback(store);
    undo_revert(undo, 0);
    reading_rolled_back(reading);
    if (reading_state_find(reading, 1) || reading_state_find(reading, 2))
        abort();
    return 0;
}
