#include "apps/meterworks/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/archive_call.h"
#include "base/quantity.h"
#include "tests/unit/unit_test.h"

#define DEVICE_COUNT 40
#define POISON 17 /* the device whose message is too much for one transaction */
#define NOW_S INT64_C(1795000000)
#define DAY_S 86400

struct house {
    struct core *core;
    uint32_t devices[DEVICE_COUNT];
    struct uplink uplinks[DEVICE_COUNT];
    unsigned accepted[DEVICE_COUNT];
    unsigned refused[DEVICE_COUNT];
    char path[64];
};

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct house *house = context;

    if (acknowledgement->accepted)
        house->accepted[acknowledgement->message_id]++;
    else
        house->refused[acknowledgement->message_id]++;
}

static uint32_t device_add(struct house *house, uint32_t tenant, uint32_t root, int number)
{
    static struct core_device device;
    static struct core_reply reply;

    memset(&device, 0, sizeof device);
    archive_call_head(&device.head, tenant, root, NOW_S);
    device.imei = INT64_C(861234567000000) + number;
    device.area_id = root;
    device.installed_s = NOW_S - 100 * DAY_S;
    snprintf(device.meter_number, sizeof device.meter_number, "%012d", number);
    snprintf(device.security, sizeof device.security, "plain");
    assert_int_equal(core_execute(house->core, CORE_DEVICE_CREATE, &device, &reply, NOW_S), 0);
    return (uint32_t)reply.object_id;
}

/* A report of the register and of `days` midnights. */
static struct uplink report_of(uint32_t device_id, uint64_t message_id, uint16_t days)
{
    struct uplink uplink = { .message_id = message_id, .device_id = device_id, .kind = UPLINK_REPORT };
    int64_t midnight = NOW_S / DAY_S * DAY_S - 8 * 3600;

    uplink.content_hash = message_id + 1;
    uplink.received_s = NOW_S;
    uplink.item_count = (uint16_t)(days + 1);
    uplink.items[0] = (struct uplink_item){ .quantity = QUANTITY_WATER_VOLUME, .value = 5000000, .time_s = NOW_S };
    for (uint16_t i = 1; i <= days; i++)
        uplink.items[i] = (struct uplink_item){ .quantity = QUANTITY_WATER_VOLUME,
                                                .period = UPLINK_DAILY_FREEZE,
                                                .value = 5000000 - 10000 * i,
                                                .time_s = midnight - DAY_S * (i - 1) };
    return uplink;
}

static void house_open(struct house *house, size_t undo_capacity)
{
    char problem[256];
    uint32_t tenant;
    uint32_t root;

    memset(house, 0, sizeof *house);
    snprintf(house->path, sizeof house->path, "/tmp/core_test.%ld.db", (long)getpid());
    struct core_config config = { .path = house->path,
                                  .synchronous = "OFF",
                                  .undo_capacity = undo_capacity,
                                  .ports = { .context = house, .acknowledge = acknowledge } };
    assert_int_equal(core_open(&config, &house->core, problem), 0);
    assert_int_equal(core_tenant_add(house->core, "waterworks", 28800, NOW_S, &tenant, &root), 0);
    for (int i = 0; i < DEVICE_COUNT; i++) {
        house->devices[i] = device_add(house, tenant, root, i + 1);
        house->uplinks[i] = report_of(house->devices[i], (uint64_t)i, 1);
    }
}

static void house_close(struct house *house)
{
    char name[80];

    core_close(house->core);
    for (int i = 0; i < 3; i++) {
        static const char *const endings[] = { "", "-wal", "-shm" };
        snprintf(name, sizeof name, "%s%s", house->path, endings[i]);
        (void)unlink(name);
    }
}

static uint64_t counted(const struct house *house, const char *name)
{
    const struct counter_table *table = core_counters(house->core);

    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->rows[i].name, name) == 0)
            return counter_read(table, i);
    fail();
    return 0;
}

/* So small that the whole batch does not fit, and the poison not even alone. */
#define TIGHT_UNDO 3000

static void one_message_too_many_keeps_no_other_out(void **state)
{
    static struct house house;

    (void)state;
    house_open(&house, TIGHT_UNDO);
    house.uplinks[POISON] = report_of(house.devices[POISON], POISON, UPLINK_ITEM_LIMIT - 1);
    uint64_t commits_before = counted(&house, "core_commits");
    assert_int_equal(core_work(house.core, house.uplinks, DEVICE_COUNT, NULL, 0, NOW_S + 1), 0);
    for (int i = 0; i < DEVICE_COUNT; i++) {
        assert_int_equal(house.accepted[i], i != POISON);
        assert_int_equal(house.refused[i], i == POISON);
    }
    assert_true(counted(&house, "core_rollbacks") >= 2);
    assert_int_equal(counted(&house, "core_uplinks"), DEVICE_COUNT); /* however often they were tried */
    assert_int_equal(counted(&house, "core_midnights"), DEVICE_COUNT - 1);
    assert_true(counted(&house, "core_commits") - commits_before < DEVICE_COUNT / 2); /* halves, not one by one */
    house_close(&house);
}

static void a_batch_that_is_good_is_one_transaction(void **state)
{
    static struct house house;

    (void)state;
    house_open(&house, 0);
    assert_int_equal(core_work(house.core, house.uplinks, DEVICE_COUNT, NULL, 0, NOW_S + 1), 0);
    for (int i = 0; i < DEVICE_COUNT; i++)
        assert_int_equal(house.accepted[i], 1);
    assert_int_equal(counted(&house, "core_rollbacks"), 0);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_message_too_many_keeps_no_other_out),
        cmocka_unit_test(a_batch_that_is_good_is_one_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
