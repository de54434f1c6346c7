/* Prepaid days settled per second: rating, ledger postings, arrears and the store in one thread, in transactions of 500. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/bench_clock.h"

#define ACCOUNTS_DEFAULT 5000
#define SLICE 500

static void accounts_prepare(struct fixture *fixture, uint32_t count)
{
    int64_t day = fixture_day("2026-05-20");

    assert_int_equal(sqlite_store_begin(fixture->store), 0);
    for (uint32_t device_id = 1; device_id <= count; device_id++) {
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 10000000);
        fixture_midnight_put(fixture, device_id, day, 0);
        fixture_midnight_put(fixture, device_id, day + 1, 1000000);
    }
    assert_int_equal(sqlite_store_commit(fixture->store), 0);
}

static int day_settle(struct fixture *fixture)
{
    int total = 0, done;

    do {
        assert_int_equal(sqlite_store_begin(fixture->store), 0);
        done = billing_tick(fixture->billing, fixture->now_s, SLICE);
        assert_true(done >= 0);
        assert_int_equal(sqlite_store_commit(fixture->store), 0);
        total += done;
    } while (done == SLICE);
    return total;
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : ACCOUNTS_DEFAULT;
    struct fixture *fixture;
    double wall_s, processor_s;
    int64_t postings;
    void *state;

    if (fixture_open(&state) != 0)
        return 1;
    fixture = state;
    accounts_prepare(fixture, count);
    fixture->now_s = fixture_time("2026-05-21T04:00");
    wall_s = bench_clock_seconds(CLOCK_MONOTONIC);
    processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    (void)day_settle(fixture);
    wall_s = bench_clock_seconds(CLOCK_MONOTONIC) - wall_s;
    processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_s;
    postings = fixture_number(fixture, "SELECT count(*) FROM transfer");
    printf("settlement, store in memory: %u account days, %lld postings in %.2f s; per second of processor time %.0f account"
           " days, %.0f postings\n",
           count, (long long)postings, wall_s, count / processor_s, (double)postings / processor_s);
    return fixture_close(&state);
}
