/* Two cores over one database: who was taken over stores nothing, acknowledges nothing and ends. */
#include "tests/unit/unit_test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/core.h"
#include "apps/meterworks/core_thread.h"
#include "base/quantity.h"
#include "store/sql/lease_sql.h"
#include "store/store.h"
#include "tests/store/store_fixture.h"

#define NOW_S INT64_C(1795000000)
#define DAY_S 86400
#define SHARD 3

struct house {
    char path[STORE_FIXTURE_PATH];
    struct store *store; /* of whoever waits */
    struct lease_sql rows;
    struct lease_store lease_store;
    uint32_t device;
    unsigned accepted;
    unsigned refused;
};

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct house *house = context;

    house->accepted += acknowledgement->accepted;
    house->refused += !acknowledgement->accepted;
}

static void house_open(struct house *house)
{
    memset(house, 0, sizeof *house);
    store_fixture_path(house->path, sizeof house->path);
    assert_int_equal(store_open(&(struct store_config){ .path = house->path }, &house->store), 0);
    assert_int_equal(lease_sql_shard_set(house->store, SHARD), 0);
    assert_int_equal(lease_sql_open(&house->rows, house->store, &house->lease_store), 0);
}

static void house_close(struct house *house)
{
    lease_sql_close(&house->rows);
    store_close(house->store);
    store_fixture_remove(house->path);
}

/* Wait for the shard as a process of that name would, and open a core with it. */
static struct core *core_take(struct house *house, const char *owner)
{
    struct core_config config = { .path = house->path, .seed = 1, .synchronous = "OFF",
                                  .ports = { .context = house, .acknowledge = acknowledge } };
    struct core *core = NULL;
    struct lease lease;
    char problem[256] = "";

    assert_int_equal(lease_begin(&lease, &house->lease_store, SHARD, owner), 0);
    if (lease_look(&lease, 0) == 0)
        assert_int_equal(lease_look(&lease, LEASE_QUIET_MS), 1);
    config.lease_epoch = lease.epoch;
    assert_int_equal(core_open(&config, &core, problem), 0);
    assert_int_equal(core_shard(core), SHARD);
    return core;
}

static void device_add(struct house *house, struct core *core)
{
    static struct core_device device;
    static struct core_reply reply;
    uint32_t tenant, root;

    memset(&device, 0, sizeof device);
    assert_int_equal(core_tenant_add(core, "Water", 28800, NOW_S, &tenant, &root), 0);
    archive_call_head(&device.head, tenant, root, NOW_S);
    device.imei = INT64_C(861234567000001);
    device.area_id = root;
    device.installed_s = NOW_S - 100 * DAY_S;
    snprintf(device.meter_number, sizeof device.meter_number, "%012d", 1);
    snprintf(device.security, sizeof device.security, "plain");
    assert_int_equal(core_execute(core, CORE_DEVICE_CREATE, &device, &reply, NOW_S), 0);
    house->device = (uint32_t)reply.object_id;
}

static int report(struct house *house, struct core *core, int64_t volume_ml, int64_t now_s)
{
    struct uplink uplink = { .message_id = (uint64_t)volume_ml, .content_hash = (uint64_t)volume_ml, .kind = UPLINK_REPORT,
                             .device_id = house->device, .received_s = now_s, .item_count = 1,
                             .items = { { .quantity = QUANTITY_WATER_VOLUME, .value = volume_ml, .time_s = now_s } } };
    return core_work(core, &uplink, 1, NULL, 0, now_s);
}

static int64_t number(struct house *house, const char *query)
{
    int64_t value = -1;
    assert_int_equal(store_number(house->store, query, &value), 0);
    return value;
}

static void who_was_taken_over_stores_nothing(void **state)
{
    (void)state;
    struct house house;

    house_open(&house);
    struct core *north = core_take(&house, "north");
    device_add(&house, north);
    assert_int_equal(report(&house, north, 1000, NOW_S), 0);
    assert_int_equal(house.accepted, 1);
    struct core *south = core_take(&house, "south");
    assert_int_equal(report(&house, south, 2000, NOW_S + 10), 0);
    assert_int_equal(house.accepted, 2);
    int64_t frames = number(&house, "SELECT count(*) FROM device_state WHERE register_value = 2000");
    assert_int_equal(frames, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(report(&house, north, 3000, NOW_S + 20 + i), STORE_ERR_FENCED);
    assert_int_equal(house.accepted, 2);
    assert_int_equal(house.refused, 3);
    assert_int_equal(number(&house, "SELECT count(*) FROM device_state WHERE register_value = 2000"), 1);
    struct core_reply reply;
    struct core_device device;
    memset(&device, 0, sizeof device);
    archive_call_head(&device.head, 1, 1, NOW_S);
    assert_int_equal(core_execute(north, CORE_DEVICE_CREATE, &device, &reply, NOW_S + 30), STORE_ERR_FENCED);
    core_close(north); /* gives nothing back that is not its own */
    assert_int_equal(report(&house, south, 4000, NOW_S + 40), 0);
    core_close(south);
    assert_int_equal(number(&house, "SELECT count(*) FROM core_lease WHERE owner = '' AND epoch = 2"), 1);
    house_close(&house);
}

/* Who waits sees by it that the owner lives. */
static void a_second_without_work_is_a_beat(void **state)
{
    (void)state;
    struct house house;

    house_open(&house);
    struct core *north = core_take(&house, "north");
    int64_t beats = number(&house, "SELECT beat FROM core_lease");
    for (int second = 1; second <= 5; second++)
        assert_int_equal(core_work(north, NULL, 0, NULL, 0, NOW_S + second), 0);
    assert_int_equal(number(&house, "SELECT beat FROM core_lease"), beats + 5);
    core_close(north);
    house_close(&house);
}

static int64_t clock_now_ms(void *context)
{
    (void)context;
    return (NOW_S + 20) * 1000;
}

static uint32_t clock_speed(void *context)
{
    (void)context;
    return 1;
}

/* Who asks a core that has given up is refused at once: the process waits for everybody before it ends. */
static void who_asks_a_core_that_gave_up_is_refused(void **state)
{
    (void)state;
    struct house house;
    struct core_channel *channel = NULL;
    struct core_thread *thread = NULL;
    struct core_reply reply;
    struct core_device device;
    sigset_t told, before;
    int number = 0;

    house_open(&house);
    struct core *north = core_take(&house, "north");
    device_add(&house, north);
    struct core *south = core_take(&house, "south");
    assert_int_equal(report(&house, south, 2000, NOW_S + 10), 0);
    sigemptyset(&told);
    sigaddset(&told, SIGTERM);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &told, &before), 0);
    assert_int_equal(core_channel_open(4, &channel), 0);
    struct core_thread_config config = { .core = north, .channel = channel, .clock_now_ms = clock_now_ms, .clock_speed = clock_speed };
    assert_int_equal(core_thread_start(&config, &thread), 0);
    assert_int_equal(sigwait(&told, &number), 0);
    assert_true(core_thread_gave_up(thread));
    memset(&device, 0, sizeof device);
    assert_int_equal(core_channel_call(channel, CORE_DEVICE_CREATE, &device, &reply), CORE_ERR_UNAVAILABLE);
    core_thread_stop(thread);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
    core_channel_close(channel);
    core_close(north);
    core_close(south);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_taken_over_stores_nothing),
        cmocka_unit_test(a_second_without_work_is_a_beat),
        cmocka_unit_test(who_asks_a_core_that_gave_up_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
