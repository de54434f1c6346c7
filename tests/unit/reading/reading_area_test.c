/* Figures that are kept of areas stay what their meters say: whatever comes late, moves, is taken down or rolled back, and of a
 * store that is older than they are. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "reading/reading_internal.h"
#include "store/sql/area_agreement.h"
#include "store/sql/area_counts.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define METERS 7
#define DAYS 30
#define SEEDS 6

static struct room_fixture fixture;
static struct random chance;
static uint32_t meters[METERS];
static int32_t removed_day[METERS];

static int64_t differences(const char *query)
{
    char text[4096];

    assert_true(snprintf(text, sizeof text, "SELECT count(*) FROM (%s)", query) < (int)sizeof text);
    return room_fixture_number(&fixture, text);
}

static void agreements_check(void)
{
    assert_int_equal(differences(AREA_AGREEMENT_STATUS("1")), 0);
    assert_int_equal(differences(AREA_AGREEMENT_DUE("1")), 0);
    assert_int_equal(differences(AREA_AGREEMENT_REPORT_TIME("1")), 0);
    assert_int_equal(differences(AREA_AGREEMENT_GAP("1")), 0);
    assert_int_equal(differences(AREA_AGREEMENT_MIDNIGHT("1")), 0);
}

static void accept(uint32_t device_id, int32_t day, int count)
{
    static struct reading_outcome outcome;
    int64_t registers[7];

    for (int i = 0; i < count; i++)
        registers[i] = (int64_t)(day - i - ROOM_FIXTURE_DAY + 20) * 1000 * device_id;
    struct uplink report = report_full(device_id, day, registers, count, registers[0]);
    assert_int_equal(reading_accept(fixture.reading, &report, report.received_s, &outcome), 0);
    assert_int_equal(reading_status_set(fixture.reading, device_id, (uint8_t)random_below(&chance, 3)), 0);
}

/* To the other building, or down, as the core does it. */
static void archive_change(uint32_t device_id, int32_t day)
{
    struct device_record row = { .device_id = device_id };
    int64_t now_s = room_fixture_midnight_s(day) + 20000;

    row.area_id = random_below(&chance, 2) == 0 ? fixture.building_a : fixture.building_b;
    int left = reading_archive_leaves(fixture.reading, device_id);
    if (left == 0)
        return;
    assert_int_equal(left, 1);
    if (random_below(&chance, 6) == 0) {
        assert_int_equal(registry_device_remove(fixture.registry, &fixture.scope, device_id, now_s), 0);
        removed_day[device_id - meters[0]] = day;
    } else
        assert_int_equal(registry_device_change(fixture.registry, &fixture.scope, REGISTRY_CHANGE_AREA, &row), 0);
    assert_int_equal(reading_archive_returns(fixture.reading, device_id, now_s), 0);
}

/* Midnights of the meters that hang in a building now; of one that was taken down, those before that day. */
static int64_t midnights_of(uint32_t building)
{
    int64_t count = 0;

    for (int i = 0; i < METERS; i++) {
        const struct registry_device *device = registry_device_find(fixture.registry, meters[i]);
        const struct reading_state *known = reading_state_find(fixture.reading, meters[i]);
        for (int32_t day = ROOM_FIXTURE_DAY - 9; known != NULL && device->area_id == building && day <= known->newest_day; day++)
            count += reading_day_known(known, day) && !(device->removed && day == removed_day[i]);
    }
    return count;
}

static void figures_check(void)
{
    char text[80];

    for (uint32_t building = fixture.building_a; building <= fixture.building_b; building++) {
        (void)snprintf(text, sizeof text, "SELECT coalesce(sum(received), 0) FROM area_day WHERE area_id = %u", building);
        assert_int_equal(room_fixture_number(&fixture, text), midnights_of(building));
    }
    agreements_check();
}

/* A day: most report, some with all their week, some not at all; now and then something moves, and is all for nothing. */
static void day_live(int32_t day)
{
    bool refused = random_below(&chance, 5) == 0;

    room_fixture_begin(&fixture);
    for (int i = 0; i < METERS; i++)
        if (random_below(&chance, 4) != 0)
            accept(meters[i], day, random_below(&chance, 3) == 0 ? 7 : 1);
    if (random_below(&chance, 4) == 0)
        archive_change(meters[random_below(&chance, METERS)], day);
    if (!refused) {
        room_fixture_commit(&fixture);
        return;
    }
    room_fixture_rollback(&fixture);
    room_fixture_reload(&fixture);
}

static void town_open(uint64_t seed)
{
    chance = random_of_seed(seed);
    room_fixture_open(&fixture, NULL);
    for (int i = 0; i < METERS; i++)
        meters[i] = room_fixture_device_of(&fixture, i == 0 ? DEVICE_KIND_HEAT : DEVICE_KIND_COLD_WATER,
                                           REGISTRY_MULTIPLIER_NONE_E3, 0);
}

static void figures_follow_what_happens(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        town_open(seed);
        for (int32_t day = ROOM_FIXTURE_DAY; day < ROOM_FIXTURE_DAY + DAYS; day++) {
            day_live(day);
            figures_check();
        }
        assert_true(room_fixture_number(&fixture, "SELECT count(*) FROM area_gap WHERE devices > 0") > 0);
        assert_true(room_fixture_number(&fixture, "SELECT count(*) FROM area_midnight WHERE usage_value > 0") > 0);
        room_fixture_close(&fixture);
    }
}

/* One slice in a transaction of its own; the rooms know afterwards what the store has. */
static bool slice_build(struct area_counts *counts)
{
    bool remains = false;

    room_fixture_begin(&fixture);
    assert_int_equal(area_counts_build(counts, 2, &remains), 0);
    room_fixture_commit(&fixture);
    return remains;
}

/* What is summed up with a slice is exact at once; the rest of the days is counted when its turn comes, with what came meanwhile. */
static void an_older_store_is_counted_in_slices_while_readings_come(void **state)
{
    struct area_counts *counts = NULL;
    int slices = 0;

    (void)state;
    town_open(9);
    for (int32_t day = ROOM_FIXTURE_DAY; day < ROOM_FIXTURE_DAY + DAYS; day++)
        day_live(day);
    assert_int_equal(area_counts_open(fixture.store, &counts), 0);
    room_fixture_begin(&fixture);
    assert_int_equal(area_counts_forget(counts), 0);
    room_fixture_commit(&fixture);
    room_fixture_reload(&fixture);
    assert_int_equal(room_fixture_number(&fixture, "SELECT count(*) FROM area_midnight"), 0);
    for (int32_t day = ROOM_FIXTURE_DAY + DAYS; slice_build(counts); slices++) {
        if (slices == 5) {
            room_fixture_begin(&fixture);
            assert_true(reading_tick(fixture.reading, room_fixture_midnight_s(day)) >= 0);
            room_fixture_commit(&fixture);
        }
        if (slices % 3 == 0)
            day_live(day++);
        agreements_check();
    }
    assert_true(slices > DAYS);
    agreements_check();
    assert_int_equal(room_fixture_number(&fixture, "SELECT sum(received) FROM area_midnight WHERE area_id = 1"),
                     room_fixture_number(&fixture, "SELECT sum(received) FROM area_day"));
    area_counts_close(counts);
    room_fixture_close(&fixture);
}

static void a_gap_is_what_the_map_lacks(void **state)
{
    (void)state;
    assert_int_equal(reading_gap_day(0, 0, 10), 0);
    assert_int_equal(reading_gap_day(1, 20, 19), 0);
    assert_int_equal(reading_gap_day(1, 20, 18), 19);
    assert_int_equal(reading_gap_day(0xB, 20, 10), 18);
    assert_int_equal(reading_gap_day(UINT64_MAX, 100, 0), 0);
    assert_int_equal(reading_gap_day(UINT64_MAX >> 1, 100, 0), 37);
    assert_int_equal(reading_gap_day(UINT64_MAX >> 1, 100, 37), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_follow_what_happens),
        cmocka_unit_test(an_older_store_is_counted_in_slices_while_readings_come),
        cmocka_unit_test(a_gap_is_what_the_map_lacks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
