/* Months of reports through a network that loses, repeats and delays them: whatever arrives, what is stored is the truth. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define SEEDS 40
#define DAYS 120
#define FLOW_LIMIT_ML_PER_H 1000
#define MODULUS_ML 1000000 /* wraps about every eighty days */
#define FIRST_DAY (ROOM_FIXTURE_DAY - 9)

struct town_meter {
    uint32_t device_id;
    int64_t truth_value[DAYS + 1]; /* true total at the midnight of FIRST_DAY + k */
    bool delivered[DAYS + 1];   /* some report that arrived named this midnight */
};

static struct room_fixture fixture;
static struct town_meter meter;
static struct reading_outcome outcome;
static int64_t set_aside_total;

static uint32_t device_add(void)
{
    struct device_record row = { .area_id = fixture.building_a, .imei = UINT64_C(861111111111111),
                                 .meter_number = "123456789012", .flow_limit_value_per_h = FLOW_LIMIT_ML_PER_H,
                                 .register_modulus_value = MODULUS_ML,
                                 .installed_s = room_fixture_midnight_s(FIRST_DAY) };
    room_fixture_begin(&fixture);
    assert_int_equal(registry_device_add(fixture.registry, &fixture.scope, ROOM_FIXTURE_NOW_S, &row), 0);
    room_fixture_commit(&fixture);
    return row.device_id;
}

static struct uplink day_report(int day)
{
    int64_t registers[8];
    int count = 0;
    for (; count < 8 && day - count >= 0; count++)
        registers[count] = meter.truth_value[day - count] % MODULUS_ML;
    return report_full(meter.device_id, FIRST_DAY + day, registers, count, registers[0]);
}

static void deliver(int day, int64_t delay_s)
{
    struct uplink report = day_report(day);
    report.received_s += delay_s;
    room_fixture_begin(&fixture);
    assert_int_equal(reading_accept(fixture.reading, &report, report.received_s, &outcome), 0);
    room_fixture_commit(&fixture);
    set_aside_total += outcome.set_aside_count;
    for (int i = 0; i < 8 && day - i >= 0; i++)
        meter.delivered[day - i] = true;
}

static void truth_make(struct random *random)
{
    memset(&meter, 0, sizeof meter);
    for (int day = 1; day <= DAYS; day++)
        meter.truth_value[day] = meter.truth_value[day - 1] + (int64_t)random_below(random, 24001);
}

/* A third is lost; some come again days later, when newer ones have come already. */
static void months_run(struct random *random)
{
    for (int day = 0; day <= DAYS; day++) {
        if (random_below(random, 3) != 0)
            deliver(day, (int64_t)random_below(random, 11 * 3600));
        if (random_below(random, 5) == 0 && day >= 3 && meter.delivered[day - 3])
            deliver(day - 3, 3 * 86400 + 14 * 3600);
        if (random_below(random, 40) == 0)
            room_fixture_reload(&fixture);
    }
}

static void truth_check(void)
{
    int64_t rows = 0;
    for (int day = 0; day <= DAYS; day++) {
        struct reading_day stored;
        int found = reading_day_read(fixture.reading, meter.device_id, FIRST_DAY + day, &stored);
        assert_int_equal(found, meter.delivered[day]);
        rows += found;
        if (found == 0)
            continue;
        assert_int_equal(stored.total_value, meter.truth_value[day]);
        assert_int_equal(stored.register_value, meter.truth_value[day] % MODULUS_ML);
    }
    assert_int_equal(room_fixture_number(&fixture, "SELECT count(*) FROM daily_reading"), rows);
    assert_int_equal(room_fixture_number(&fixture, "SELECT sum(received) FROM area_day"), rows);
    assert_int_equal(room_fixture_number(&fixture, "SELECT sum(usage_value) FROM area_day"),
                     reading_state_find(fixture.reading, meter.device_id)->newest_total_value);
    assert_int_equal(set_aside_total, 0);
}

static void stored_is_true_whatever_the_network_does(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct random random = random_of_seed(seed);
        room_fixture_open(&fixture, NULL);
        set_aside_total = 0;
        truth_make(&random);
        meter.device_id = device_add();
        months_run(&random);
        print_message("seed %d\n", (int)seed);
        truth_check();
        room_fixture_close(&fixture);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(stored_is_true_whatever_the_network_does) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
