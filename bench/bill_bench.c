/* Monthly bills of post-paid households issued per second: water in three steps that grow with the household, three items. A
 * settlement is drafted, approved and issued in slices, each in a transaction that is on the disk when it ends.
 * usage: bill_bench [ACCOUNTS] */
#include "tests/unit/unit_test.h"

#include "bench/account_street.h"
#include "bench/bench_clock.h"

#include <stdio.h>
#include <stdlib.h>

#define ACCOUNTS_DEFAULT 20000
#define SLICE 2000
#define PERSONS_MAXIMUM 6

static const char step_document[] =
    "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [22, 30],"
    " \"household\": {\"kind\": \"per_person\", \"base\": 4, \"add\": [5, 7]}, \"items\": ["
    "{\"name\": \"water\", \"prices\": [\"2.67\", \"4.01\", \"8.01\"]},"
    "{\"name\": \"sewage\", \"coef\": \"0.9\", \"prices\": [\"0.90\", \"1.00\", \"1.10\"]},"
    "{\"name\": \"garbage\", \"coef\": \"0.9\", \"price\": \"0.59\"}]}";

/* From 5 to 38 m3: a third of the households reach the second step, a few the third. */
#define USAGE_OF_I "5000000 + i * 7919 % 33000 * 1000"

static void street_prepare(struct account_street *street, uint32_t count, int64_t from_day, int64_t to_day)
{
    struct fixture *fixture = street->fixture;
    char text[96];

    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "阶梯水价", "water",
                                           fixture_day("2020-01-01"), step_document, NULL, &street->tariff_id),
                     0);
    account_street_fill(street, "postpaid", count, from_day);
    account_street_read(street, count, to_day, USAGE_OF_I);
    (void)snprintf(text, sizeof text, "UPDATE account SET persons = 1 + account_id %% %d", PERSONS_MAXIMUM);
    assert_int_equal(store_execute(fixture->store, text), 0);
    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'bills_by_run', '1')"), 0);
}

struct measure {
    double wall_s, processor_s;
};

static struct measure now(void)
{
    return (struct measure){ bench_clock_seconds(CLOCK_MONOTONIC), bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) };
}

static void measure_print(const char *what, uint32_t count, struct measure before)
{
    struct measure after = now();

    printf("monthly step bills, durable: %u accounts %s in %.2f s: %.0f accounts a second, %.0f a second of processor time\n",
           count, what, after.wall_s - before.wall_s, count / (after.wall_s - before.wall_s),
           count / (after.processor_s - before.processor_s));
}

/* Tick until the run has nothing left to do. */
static void run_finish(struct fixture *fixture, int64_t run_id, uint8_t working)
{
    const struct billing_store *store = billing_sql_store(fixture->billing_sql);
    struct billing_run run;

    do {
        assert_int_equal(store_begin(fixture->store), 0);
        assert_true(billing_tick(fixture->billing, fixture->now_s, SLICE) >= 0);
        assert_int_equal(store_commit(fixture->store), 0);
        assert_int_equal(store->run_read(store->context, run_id, &run), 1);
    } while (run.state == working);
}

static void bills_measure(struct fixture *fixture, uint32_t count, int64_t to_day)
{
    struct billing_run request = { .to_day = to_day }, run;
    struct billing_scope other = fixture->scope;
    struct measure before = now();

    other.person_id++;
    assert_int_equal(store_begin(fixture->store), 0);
    assert_int_equal(billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &request, &run), 0);
    assert_int_equal(store_commit(fixture->store), 0);
    run_finish(fixture, run.run_id, BILLING_RUN_DRAFTING);
    measure_print("drafted", count, before);
    before = now();
    assert_int_equal(store_begin(fixture->store), 0);
    assert_int_equal(billing_run_decide(fixture->billing, &other, fixture->now_s, run.run_id, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(store_commit(fixture->store), 0);
    run_finish(fixture, run.run_id, BILLING_RUN_ISSUING);
    measure_print("issued", count, before);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE state = 'issued'"), count);
    assert_int_equal(fixture_number(fixture, "SELECT sum(amount_fen) FROM bill"),
                     fixture_number(fixture, "SELECT sum(billed_fen) FROM bill_due"));
    fixture_verify(fixture);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : ACCOUNTS_DEFAULT;
    struct account_street street;

    if (account_street_open(&street) != 0)
        return 1;
    street_prepare(&street, count, fixture_day("2026-05-01"), fixture_day("2026-06-01"));
    street.fixture->now_s = fixture_time("2026-06-01T12:00");
    bills_measure(street.fixture, count, fixture_day("2026-06-01"));
    account_street_close(&street);
    return 0;
}
