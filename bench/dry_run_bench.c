/* A drafted price tried on the readings of the months that are over: households a second, water in three steps that grow with the
 * household, three items, charged at the present and at the drafted price. Each slice is on the disk when it ends.
 * usage: dry_run_bench [ACCOUNTS [MONTHS]] */
#include "tests/unit/unit_test.h"

#include "base/calendar.h"
#include "bench/account_street.h"
#include "bench/bench_clock.h"

#include "billing/tariff_draft.h"

#include <stdio.h>
#include <stdlib.h>

#define ACCOUNTS_DEFAULT 20000
#define SLICE 500 /* as the core */

static const char present_document[] =
    "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [22, 30],"
    " \"household\": {\"kind\": \"per_person\", \"base\": 4, \"add\": [5, 7]}, \"items\": ["
    "{\"name\": \"water\", \"prices\": [\"2.67\", \"4.01\", \"8.01\"]},"
    "{\"name\": \"sewage\", \"coef\": \"0.9\", \"prices\": [\"0.90\", \"1.00\", \"1.10\"]},"
    "{\"name\": \"garbage\", \"coef\": \"0.9\", \"price\": \"0.59\"}]}";

static const char drafted_document[] =
    "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [20, 30],"
    " \"household\": {\"kind\": \"per_person\", \"base\": 4, \"add\": [5, 7]}, \"items\": ["
    "{\"name\": \"water\", \"prices\": [\"2.71\", \"4.15\", \"8.20\"]},"
    "{\"name\": \"sewage\", \"coef\": \"0.9\", \"prices\": [\"0.90\", \"1.00\", \"1.10\"]},"
    "{\"name\": \"garbage\", \"coef\": \"0.9\", \"price\": \"0.59\"}]}";

static void dry_run_measure(struct fixture *fixture, int64_t draft_id, uint32_t count, int32_t months)
{
    double wall_s = bench_clock_seconds(CLOCK_MONOTONIC), processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    int done;

    assert_int_equal(billing_dry_run_start(fixture->billing, &fixture->scope, fixture->now_s, draft_id, months), 0);
    do {
        assert_int_equal(store_begin(fixture->store), 0);
        done = billing_tick(fixture->billing, fixture->now_s, SLICE);
        assert_true(done >= 0);
        assert_int_equal(store_commit(fixture->store), 0);
    } while (fixture_number(fixture, "SELECT count(*) FROM tariff_draft WHERE run_state = 'running'") > 0);
    wall_s = bench_clock_seconds(CLOCK_MONOTONIC) - wall_s;
    processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_s;
    printf("dry run over %d months, durable: %u accounts in %.2f s: %.0f accounts a second, %.0f a second of processor time; "
           "%lld fen now, %lld drafted\n", (int)months, count, wall_s, count / wall_s, count / processor_s,
           (long long)fixture_number(fixture, "SELECT run_present_fen FROM tariff_draft"),
           (long long)fixture_number(fixture, "SELECT run_draft_fen FROM tariff_draft"));
    assert_int_equal(fixture_number(fixture, "SELECT run_done FROM tariff_draft WHERE run_skipped = 0"), count);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : ACCOUNTS_DEFAULT;
    int32_t months = argc > 2 ? (int32_t)strtol(argv[2], NULL, 10) : 1;
    struct account_street street;
    struct fixture *fixture;
    int64_t to_day, draft_id;

    if (account_street_open(&street) != 0)
        return 1;
    fixture = street.fixture;
    to_day = fixture_day("2026-06-01");
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "阶梯水价", "water",
                                           fixture_day("2020-01-01"), present_document, NULL, &street.tariff_id), 0);
    account_street_fill(&street, "postpaid", count, calendar_month_start_after(to_day, -months));
    for (int32_t month = months - 1; month >= 0; month--) {
        char total[64];

        (void)snprintf(total, sizeof total, "%d * (5000000 + i * 7919 %% 33000 * 1000)", (int)(months - month));
        account_street_read(&street, count, calendar_month_start_after(to_day, -month), total);
    }
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET persons = 1 + account_id % 6, look_s = 4000000000"), 0);
    fixture->now_s = fixture_time("2026-06-10T12:00");
    assert_int_equal(billing_draft_create(fixture->billing, &fixture->scope, fixture->now_s, street.tariff_id,
                                          fixture_day("2026-07-01"), drafted_document, NULL, &draft_id), 0);
    dry_run_measure(fixture, draft_id, count, months);
    account_street_close(&street);
    return 0;
}
