/* A concentrator with real meter cores on its lines. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "sim/concentrator_meters.h"

#define NOW_MS INT64_C(1795233600000) /* 2026-11-21T04:00:00Z, noon in China */
#define DAY_MS INT64_C(86400000)
#define METERS 12

static struct concentrator_site site;
static struct concentrator_meters meters;

static void dial(void *context, struct concentrator_site *dialled)
{
    (void)context;
    concentrator_site_opened(dialled, false);
}

static void hear(void *context, struct concentrator_site *from, struct span bytes)
{
    (void)context;
    (void)from;
    (void)bytes;
}

static void hang_up(void *context, struct concentrator_site *from)
{
    (void)context;
    (void)from;
}

static void real_meters_are_read_without_a_head_end(void **state)
{
    struct concentrator_site_config config;
    struct concentrator_freeze freeze;
    int64_t midnight_registers[METERS];

    (void)state;
    memset(&config, 0, sizeof config);
    config.core = concentrator_config_default();
    config.core.address.terminal = 5;
    config.lines[0].lost_permille = 20;
    config.lines[1].lost_permille = 20;
    config.uplink.open = dial;
    config.uplink.send = hear;
    config.uplink.close = hang_up;
    config.now_ms = NOW_MS;
    assert_int_equal(concentrator_site_open(&site, &config), 0);
    assert_int_equal(concentrator_meters_open(&meters, &site, METERS, true, 880000000001, NULL, 3), 0);
    assert_int_equal(concentrator_meters_enter(&meters, &site), 0);
    (void)concentrator_site_step(&site, NOW_MS + DAY_MS / 2);
    for (size_t i = 0; i < METERS; i++)
        midnight_registers[i] = concentrator_meters_register(&meters, i);
    (void)concentrator_site_step(&site, NOW_MS + DAY_MS);
    int32_t day = (int32_t)calendar_local_day(NOW_MS / 1000, 28800);
    for (size_t i = 0; i < METERS; i++) {
        assert_int_equal(concentrator_day_find(&site.host.core, (uint16_t)(i + 1), day, &freeze), 1);
        assert_in_range(freeze.registers.values[0] - midnight_registers[i], 0, 20);
        assert_true(freeze.registers.values[0] <= concentrator_meters_register(&meters, i));
    }
    assert_int_equal(site.host.core.counts.foreign, 0);
    concentrator_site_close(&site);
    concentrator_meters_close(&meters);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(real_meters_are_read_without_a_head_end) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
