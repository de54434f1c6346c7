#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "sim/town_plan.h"

static size_t homes_in(const struct town_plan *plan, const char *estate, const char *building)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->home_count; i++) {
        const struct town_area *area = &plan->areas[plan->homes[i].building];
        count += strcmp(area->name, building) == 0 && strcmp(plan->areas[area->parent].name, estate) == 0;
    }
    return count;
}

static void the_town_has_the_campus_and_the_district(void **state)
{
    const struct town_plan_config config = { .seed = 1 };
    struct town_plan plan;

    (void)state;
    assert_int_equal(town_plan_open(&plan, &config), 0);
    assert_int_equal(plan.home_count, TOWN_METERS_DEFAULT);
    assert_int_equal(homes_in(&plan, "云山学院", "A5"), 370);
    assert_int_equal(homes_in(&plan, "云山学院", "A6"), 210);
    assert_int_equal(homes_in(&plan, "云山学院", "B"), 180);
    assert_int_equal(homes_in(&plan, "云山学院", "美院新舍"), 336);
    assert_int_equal(homes_in(&plan, "榕荫花园", "3栋"), 144);
    assert_string_equal(plan.homes[plan.story].room, "1204");
    assert_string_equal(plan.homes[plan.story].customer.text, "陈佳怡");
    assert_string_equal(plan.homes[plan.story].customer.initials, "cjy");
    assert_string_equal(plan.homes[plan.story].meter_number, "350303124471");
    town_plan_close(&plan);
}

static int imei_compare(const void *a, const void *b)
{
    return memcmp(((const struct town_home *)a)->imei_text, ((const struct town_home *)b)->imei_text, 15);
}

/* Luhn over all fifteen digits (GSMA TS.06). */
static bool check_digit_fits(const char *imei)
{
    int sum = 0;

    for (int i = 0; i < 15; i++) {
        int digit = imei[i] - '0';
        int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += i % 2 == 1 ? doubled : digit;
    }
    return sum % 10 == 0;
}

static void identities_are_unique_and_well_formed(void **state)
{
    const struct town_plan_config config = { .seed = 2, .meters = 13000 };
    struct town_plan plan;

    (void)state;
    assert_int_equal(town_plan_open(&plan, &config), 0);
    assert_int_equal(plan.home_count, 13000);
    for (size_t i = 0; i < plan.home_count; i++) {
        assert_int_equal(strlen(plan.homes[i].imei_text), 15);
        assert_int_equal(strlen(plan.homes[i].meter_number), 12);
        assert_true(check_digit_fits(plan.homes[i].imei_text));
        assert_int_equal(plan.areas[plan.homes[i].building].kind, TOWN_BUILDING);
    }
    qsort(plan.homes, plan.home_count, sizeof plan.homes[0], imei_compare);
    for (size_t i = 1; i < plan.home_count; i++)
        assert_int_not_equal(imei_compare(&plan.homes[i - 1], &plan.homes[i]), 0);
    town_plan_close(&plan);
}

static void a_small_town_keeps_its_people_of_the_story(void **state)
{
    (void)state;
    for (uint32_t meters = 9; meters < 300; meters += 29) {
        const struct town_plan_config config = { .seed = 3, .meters = meters, .secured_permille = 1000 };
        struct town_plan plan;
        size_t known = 0;
        assert_int_equal(town_plan_open(&plan, &config), 0);
        assert_in_range(plan.home_count, meters - 1, meters);
        for (size_t i = 0; i < plan.home_count; i++)
            known += strcmp(plan.homes[i].customer.text, "陈佳怡") == 0 || plan.homes[i].is_protected;
        assert_true(known >= 2);
        town_plan_close(&plan);
    }
}

static void the_same_seed_is_the_same_town(void **state)
{
    const struct town_plan_config config = { .seed = 7, .meters = 500, .secured_permille = 100 };
    struct town_plan a;
    struct town_plan b;

    (void)state;
    assert_int_equal(town_plan_open(&a, &config), 0);
    assert_int_equal(town_plan_open(&b, &config), 0);
    assert_memory_equal(a.homes, b.homes, a.home_count * sizeof a.homes[0]);
    assert_int_equal(a.area_count, b.area_count);
    town_plan_close(&a);
    town_plan_close(&b);
}

static void too_many_meters_are_refused(void **state)
{
    const struct town_plan_config config = { .seed = 1, .meters = TOWN_METERS_LIMIT + 1 };
    struct town_plan plan;

    (void)state;
    assert_int_equal(town_plan_open(&plan, &config), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_town_has_the_campus_and_the_district),
        cmocka_unit_test(identities_are_unique_and_well_formed),
        cmocka_unit_test(a_small_town_keeps_its_people_of_the_story),
        cmocka_unit_test(the_same_seed_is_the_same_town),
        cmocka_unit_test(too_many_meters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
