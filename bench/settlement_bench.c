/* Prepaid days settled per second: rating, ledger postings, arrears and the store in one thread, in transactions of 2,000 that
 * are on the disk when they end. usage: settlement_bench [ACCOUNTS] */
#include "tests/unit/unit_test.h"

#include "bench/account_street.h"
#include "bench/bench_clock.h"

#include <stdio.h>
#include <stdlib.h>

#define ACCOUNTS_DEFAULT 20000
#define SLICE 2000 /* as many as the core gives a transaction */

static int day_settle(struct fixture *fixture)
{
    int total = 0, done;

    do {
        assert_int_equal(store_begin(fixture->store), 0);
        done = billing_tick(fixture->billing, fixture->now_s, SLICE);
        assert_true(done >= 0);
        assert_int_equal(store_commit(fixture->store), 0);
        total += done;
    } while (done == SLICE);
    return total;
}

static void day_measure(struct fixture *fixture, uint32_t count)
{
    int64_t before = fixture_number(fixture, "SELECT max(transfer_id) FROM transfer");
    double wall_s = bench_clock_seconds(CLOCK_MONOTONIC);
    double processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    int64_t postings;

    (void)day_settle(fixture);
    wall_s = bench_clock_seconds(CLOCK_MONOTONIC) - wall_s;
    processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_s;
    postings = fixture_number(fixture, "SELECT max(transfer_id) FROM transfer") - before;
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM daily_charge"), count);
    fixture_verify(fixture);
    printf("settlement, durable: a day of %u accounts, %lld postings in %.2f s: %.0f accounts a second, %.0f a second of"
           " processor time\n",
           count, (long long)postings, wall_s, count / wall_s, count / processor_s);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : ACCOUNTS_DEFAULT;
    struct account_street street;
    int64_t day = fixture_day("2026-05-20");

    if (account_street_open(&street) != 0)
        return 1;
    account_street_fill(&street, "prepaid_platform", count, day);
    account_street_read(&street, count, day + 1, "1000000");
    street.fixture->now_s = fixture_time("2026-05-21T04:00");
    day_measure(street.fixture, count);
    account_street_close(&street);
    return 0;
}
