/* Customers told of the bills of a run, through the core as the program runs it: each bill becomes one notice and a message to
 * each phone of its customer; every tenth has two. Every slice is on the disk when it ends.
 * usage: notice_bench [ACCOUNTS] */
#include "tests/unit/unit_test.h"

#include "apps/meterworks/core.h"
#include "bench/account_street.h"
#include "bench/bench_clock.h"

#include <stdio.h>
#include <stdlib.h>

#define ACCOUNTS_DEFAULT 20000

/* Bills as a run leaves them, whose customers nobody has told. */
static void bills_fill(struct account_street *street, uint32_t count, int64_t to_day)
{
    struct store *store = street->fixture->store;
    char text[1024];

    (void)snprintf(text, sizeof text, "INSERT INTO bill (bill_id, tenant_id, account_id, number, from_day, to_day, from_total_value,"
                   " to_total_value, usage_value, amount_fen, paid_fen, state, due_day, issued_s, tariff_version_id, area_id,"
                   " transfer_id, lines) SELECT account_id, 1, account_id, 'B' || account_id, %lld - 31, %lld, 0, 0, 12000000, 6100, 0,"
                   " 'issued', %lld + 15, 0, 1, area_id, 0, '[]' FROM account", (long long)to_day, (long long)to_day, (long long)to_day);
    assert_int_equal(store_execute(store, text), 0);
    assert_int_equal(store_execute(store, "INSERT INTO bill_due SELECT 1, due_day, area_id, count(*), count(*), sum(amount_fen), 0"
                                          " FROM bill GROUP BY due_day, area_id"), 0);
    (void)snprintf(text, sizeof text, "UPDATE account_standing SET settled_day = %lld; UPDATE account SET look_s = %lld",
                   (long long)to_day, (long long)ARREARS_NEVER_S);
    assert_int_equal(store_execute(store, text), 0);
    assert_int_equal(store_execute(store, "UPDATE customer SET phones = '139' || printf('%08d',"
                                          " customer_id * 7919 % 100000000) || iif(customer_id % 10 = 0, ',138' ||"
                                          " printf('%08d', customer_id), '')"), 0);
    assert_int_equal(store_execute(store, "UPDATE device_state SET last_report_s = 4000000000"), 0);
    assert_true(fixture_number(street->fixture, "SELECT count(*) FROM bill") == count);
}

static void notices_measure(const char *path, uint32_t count, int64_t now_s)
{
    struct core_config config = { .path = path, .message_channels = MESSAGE_CHANNEL_BIT(MESSAGE_SMS) };
    struct core *core;
    char problem[256];
    double wall_s, processor_s;
    int64_t told = 0, messages = 0;

    assert_int_equal(core_open(&config, &core, problem), 0);
    wall_s = bench_clock_seconds(CLOCK_MONOTONIC);
    processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    do
        assert_int_equal(core_work(core, NULL, 0, NULL, 0, now_s), 0);
    while (core_work_remains(core));
    wall_s = bench_clock_seconds(CLOCK_MONOTONIC) - wall_s;
    processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_s;
    assert_int_equal(store_number(core_store(core), "SELECT count(*) FROM notice", &told), 0);
    assert_int_equal(store_number(core_store(core), "SELECT count(*) FROM message WHERE state = 1", &messages), 0);
    printf("customers of a run told, durable: %lld notices, %lld messages in %.2f s: %.0f notices a second, %.0f a second of processor"
           " time\n", (long long)told, (long long)messages, wall_s, (double)told / wall_s, (double)told / processor_s);
    assert_true(told == count && messages == count + count / 10);
    core_close(core);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : ACCOUNTS_DEFAULT;
    int64_t to_day = fixture_day("2026-06-01");
    struct account_street street;

    if (account_street_open(&street) != 0)
        return 1;
    account_street_fill(&street, "postpaid", count, to_day);
    bills_fill(&street, count, to_day);
    notices_measure(street.path, count, fixture_time("2026-06-01T12:00"));
    account_street_close(&street);
    return 0;
}
