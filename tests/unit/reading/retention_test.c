/* What is older than its setting goes, slice by slice, and nothing else. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "reading/reading_internal.h"
#include "reading/retention.h"
#include "security/setting.h"
#include "tests/store/room_fixture.h"

#define NOW_S (INT64_C(86400) * 22000)

static struct room_fixture fixture;

static int fixture_setup(void **state)
{
    (void)state;
    room_fixture_open(&fixture, NULL);
    return 0;
}

static int fixture_teardown(void **state)
{
    (void)state;
    room_fixture_close(&fixture);
    return 0;
}

static void execute(const char *text)
{
    room_fixture_begin(&fixture);
    assert_int_equal(store_execute(fixture.store, text), 0);
    room_fixture_commit(&fixture);
}

static int tick(int64_t now_s)
{
    room_fixture_begin(&fixture);
    int dropped = retention_tick(fixture.reading, now_s);
    room_fixture_commit(&fixture);
    return dropped;
}

static int64_t count_of(const char *query)
{
    return room_fixture_number(&fixture, query);
}

static void every_kind_has_its_setting(void **state)
{
    (void)state;
    for (int kind = 0; kind < RETENTION_KIND_COUNT; kind++) {
        const struct setting *setting = setting_find(retention_setting((enum retention_kind)kind));
        assert_non_null(setting);
        assert_int_equal(setting_integer(setting, NULL), retention_standard_days((enum retention_kind)kind));
        assert_true(setting->minimum >= 1);
    }
    /* Nothing is folded that a late report may still meet, nor what two months of a bill look at. */
    const struct setting *fold = setting_find(MIDNIGHT_FOLD_SETTING);
    assert_non_null(fold);
    assert_int_equal(setting_integer(fold, NULL), MIDNIGHT_FOLD_AGE_DAYS);
    assert_true(fold->minimum > READING_MAP_DAYS && fold->minimum > 2 * 31);
}

static void the_longest_wish_of_any_tenant_counts(void **state)
{
    (void)state;
    assert_int_equal(tick(NOW_S), 0);
    assert_int_equal(fixture.reading->retention.days[RETENTION_FRAMES], 90);
    execute("INSERT INTO setting (tenant_id, key, value) VALUES (1, 'frame_keep_days', '30')");
    assert_int_equal(tick(NOW_S + 3599), 0);
    assert_int_equal(fixture.reading->retention.days[RETENTION_FRAMES], 90);
    assert_int_equal(tick(NOW_S + 3600), 0);
    assert_int_equal(fixture.reading->retention.days[RETENTION_FRAMES], 30);
    uint32_t other_tenant;
    uint32_t other_root;
    room_fixture_begin(&fixture);
    assert_int_equal(registry_tenant_add(fixture.registry, "other", ROOM_FIXTURE_ZONE_S, 1, &other_tenant, &other_root), 0);
    room_fixture_commit(&fixture);
    assert_int_equal(tick(NOW_S + 7200), 0);
    assert_int_equal(fixture.reading->retention.days[RETENTION_FRAMES], 90);
}

static void frames_go_by_age(void **state)
{
    (void)state;
    execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
            " INSERT INTO frame (frame_id, device_id, previous_frame, at_s, direction, bytes)"
            " SELECT i, 1, 0, 86400 * (20999 + i), 0, x'00' FROM n");
    int64_t old = count_of("SELECT count(*) FROM frame WHERE at_s < 86400 * (22000 - 90)");
    assert_true(old > 800);
    assert_int_equal(tick(NOW_S), 400);
    assert_int_equal(count_of("SELECT min(frame_id) FROM frame"), 401);
    while (tick(NOW_S) > 0)
        ;
    assert_int_equal(count_of("SELECT count(*) FROM frame"), 1000 - old);
    assert_int_equal(count_of("SELECT min(at_s) FROM frame"), 86400 * (22000 - 90));
}

static void midnights_stay_for_ever_unless_told_otherwise(void **state)
{
    (void)state;
    execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            " INSERT INTO daily_reading (day, device_id, register_value, total_value, quality, received_s)"
            " SELECT 20000 + i, 1, i, i, 0, 0 FROM n");
    assert_int_equal(tick(NOW_S), 0);
    execute("INSERT INTO setting (tenant_id, key, value) VALUES (1, 'daily_keep_days', '1096')");
    while (tick(NOW_S + 3600) > 0)
        ;
    assert_int_equal(count_of("SELECT min(day) FROM daily_reading"), 22000 - 1096);
    assert_int_equal(count_of("SELECT count(*) FROM daily_reading"), 1097);
}

static void open_events_stay(void **state)
{
    (void)state;
    execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)"
            " INSERT INTO event (tenant_id, device_id, kind, severity, raised_s, received_s, cleared_s)"
            " SELECT 1, 1, 'leak', 1, 86400 * (20000 + i * 4), 0, CASE WHEN i % 100 = 7 THEN NULL ELSE 1 END FROM n");
    while (tick(NOW_S) > 0)
        ;
    assert_int_equal(count_of("SELECT count(*) FROM event WHERE raised_s < 86400 * (22000 - 1096)"), 3);
    assert_int_equal(count_of("SELECT count(*) FROM event WHERE raised_s < 86400 * (22000 - 1096) AND cleared_s IS NOT NULL"), 0);
    assert_int_equal(count_of("SELECT count(*) FROM event WHERE raised_s >= 86400 * (22000 - 1096)"), 375);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_setting),
        ROOM_TEST(the_longest_wish_of_any_tenant_counts),
        ROOM_TEST(frames_go_by_age),
        ROOM_TEST(midnights_stay_for_ever_unless_told_otherwise),
        ROOM_TEST(open_events_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
