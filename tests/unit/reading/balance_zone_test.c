#include "reading/balance_zone.h"

#include <string.h>

#include "tests/store/room_fixture.h"
#include "tests/unit/unit_test.h"

static int fixture_setup(void **state)
{
    static struct room_fixture fixture;
    room_fixture_open(&fixture, NULL);
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    room_fixture_close(*state);
    return 0;
}

static struct balance_zone zone_of(uint32_t area_id, uint32_t device_id)
{
    return (struct balance_zone){ .area_id = area_id, .kind = DEVICE_KIND_ELECTRICITY, .name = "transformer 3",
                                  .supply_count = 1, .supply = { { device_id, 1 } } };
}

static uint32_t electric(struct room_fixture *fixture)
{
    return room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
}

static void a_zone_is_kept_changed_and_removed(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t in = electric(fixture), out = electric(fixture);
    struct balance_zone zone = zone_of(fixture->building_a, in);
    room_fixture_begin(fixture);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 99, &zone), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT created_s FROM balance_zone"), 99);
    struct balance_zone change = { .balance_zone_id = zone.balance_zone_id, .supply_count = 2,
                                   .supply = { { in, 1 }, { out, -1 } } };
    assert_int_equal(balance_zone_change(fixture->reading, &fixture->scope, BALANCE_CHANGE_SUPPLY, &change), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(direction) FROM balance_supply"), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM balance_zone WHERE name = 'transformer 3'"), 1);
    assert_int_equal(balance_zone_remove(fixture->reading, &fixture->scope, zone.balance_zone_id), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM balance_supply"), 0);
    assert_int_equal(balance_zone_remove(fixture->reading, &fixture->scope, zone.balance_zone_id), READING_ERR_ZONE);
    room_fixture_commit(fixture);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t in = electric(fixture), water = room_fixture_device(fixture, 0);
    struct balance_zone none = zone_of(fixture->building_a, in), other = zone_of(fixture->building_a, water),
                        nobody = zone_of(fixture->building_a, 999), twice = zone_of(fixture->building_a, in),
                        nowhere = zone_of(999, in), unnamed = zone_of(fixture->building_a, in),
                        line = zone_of(fixture->building_a, in), kept = zone_of(fixture->building_a, in);
    none.supply_count = 0;
    twice.supply_count = 2;
    twice.supply[1] = twice.supply[0];
    unnamed.name[0] = '\0';
    line.kind = REGISTRY_KIND_LINE;
    room_fixture_begin(fixture);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &none), READING_ERR_ZONE_SUPPLY);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &other), READING_ERR_ZONE_SUPPLY);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &nobody), READING_ERR_ZONE_SUPPLY);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &twice), READING_ERR_ZONE_SUPPLY);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &nowhere), REGISTRY_ERR_AREA);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &unnamed), READING_ERR_ZONE_NAME);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &line), READING_ERR_ZONE_UTILITY);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &kept), 0);
    assert_int_equal(balance_zone_add(fixture->reading, &fixture->scope, 1, &kept), READING_ERR_ZONE_NAME_TAKEN);
    room_fixture_commit(fixture);
}

static void jurisdiction_ends_at_its_area(void **state)
{
    struct room_fixture *fixture = *state;
    struct registry_scope a, b;
    struct balance_zone zone = zone_of(fixture->building_a, electric(fixture));
    assert_int_equal(registry_scope_make(fixture->registry, fixture->tenant_id, fixture->building_a, &a), 0);
    assert_int_equal(registry_scope_make(fixture->registry, fixture->tenant_id, fixture->building_b, &b), 0);
    room_fixture_begin(fixture);
    assert_int_equal(balance_zone_add(fixture->reading, &b, 1, &zone), REGISTRY_ERR_AREA);
    assert_int_equal(balance_zone_add(fixture->reading, &a, 1, &zone), 0);
    assert_int_equal(balance_zone_change(fixture->reading, &b, 0, &zone), READING_ERR_ZONE);
    assert_int_equal(balance_zone_remove(fixture->reading, &b, zone.balance_zone_id), READING_ERR_ZONE);
    zone.area_id = fixture->building_b;
    assert_int_equal(balance_zone_change(fixture->reading, &a, BALANCE_CHANGE_AREA, &zone), REGISTRY_ERR_AREA);
    room_fixture_commit(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_zone_is_kept_changed_and_removed, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(jurisdiction_ends_at_its_area, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
