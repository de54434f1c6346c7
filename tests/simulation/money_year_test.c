/* Seeds: whole years of money with misfortunes, checked after every commit. A share of the seeds is given as "first count":
 * a few in the test run, hundreds for a night. The environment's METERWORKS_SEED runs that one instead. "properties": what
 * must come out the same twice. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "tests/simulation/year.h"
#include "tests/store/store_fault.h"

#define HOMES 28

static void story_print(struct year *year)
{
    const struct year_counts *counts = &year->counts;

    print_message("seed %llu, delivery %llu: %llu commits, %llu refused, killed %llu times; %llu midnights, %llu postings, %d orders,"
                  " %llu callbacks, %llu lies\n",
                  (unsigned long long)year->config.seed, (unsigned long long)year->config.delivery,
                  (unsigned long long)counts->commits, (unsigned long long)counts->refused, (unsigned long long)counts->kills,
                  (unsigned long long)counts->midnights, (unsigned long long)counts->transfers, (int)year->order_count,
                  (unsigned long long)counts->callbacks, (unsigned long long)counts->lies);
    for (size_t i = 0; year_deed_name(i) != NULL; i++)
        print_message("%s%s %llu", i == 0 ? "  " : ", ", year_deed_name(i), (unsigned long long)counts->deeds[i]);
    print_message("\n  %lld bills with a late fee\n", (long long)year_number(year, "SELECT count(*) FROM bill WHERE late_fee_fen > 0"));
}

static void problems_print(const struct year *year)
{
    for (unsigned i = 0; i < year->problem_count && i < YEAR_PROBLEM_LIMIT; i++)
        print_message("  %s\n", year->problems[i]);
    if (year->problem_count > 0)
        print_message("%u promises broken by seed %llu, delivery %llu; books: %s\n", year->problem_count,
                      (unsigned long long)year->config.seed, (unsigned long long)year->config.delivery, year->path);
}

static struct year *year_lived(const struct year_config *config)
{
    struct year *year = calloc(1, sizeof *year);

    assert_non_null(year);
    year_open(year, config);
    year_run(year);
    problems_print(year);
    assert_int_equal(year->problem_count, 0);
    return year;
}

static void year_forget(struct year *year)
{
    year_close(year);
    free(year);
}

static void seed_run(void **state)
{
    uint64_t seed = *(const uint64_t *)*state;
    const struct year_config config = { .seed = seed, .delivery = seed, .days = 365, .homes = HOMES, .kill_one_in = 150 };

    struct year *year = year_lived(&config);

    story_print(year);
    year_forget(year);
}

static void the_same_seed_gives_the_same_rows(void **state)
{
    const struct year_config config = { .seed = 77, .delivery = 78, .days = 70, .homes = 14, .kill_one_in = 80 };
    uint64_t digests[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct year *year = year_lived(&config);

        digests[i] = store_digest(year->fixture->store);
        year_forget(year);
    }
    assert_int_equal(digests[0], digests[1]);
}

/* Of a home: what its wallet and its meter hold by the books. */
static int64_t balance_of(struct year *year, int32_t home)
{
    return year_number(year, "SELECT coalesce(sum(l.credits_fen - l.debits_fen), 0) FROM account a JOIN ledger_account l ON"
                             " l.ledger_account_id IN (a.wallet_id, a.meter_credit_id) WHERE a.device_id = %u",
                       year->homes[home].device_id);
}

/* The fen that a split leaves over go to one or the other, by how many days came together: their sum is what is compared.
 * Steps by month on bills by two months are not: a correction behind a bill belongs to the next one. */
static void balances_read(struct year *year, int64_t balances[YEAR_HOME_LIMIT])
{
    memset(balances, 0, YEAR_HOME_LIMIT * sizeof balances[0]);
    for (int32_t home = 0; home < year->config.homes; home++) {
        enum year_kind kind = year->homes[home].kind;

        if (kind == YEAR_PUBLIC || kind == YEAR_SHARER)
            balances[0] += balance_of(year, home);
        else if (kind != YEAR_BILLED_STEPS)
            balances[home] = balance_of(year, home);
    }
}

/* However midnights, corrections, answers and callbacks travelled, and however often the process died on the way. */
static void the_order_of_arrival_changes_no_balance(void **state)
{
    int64_t straight[YEAR_HOME_LIMIT], shuffled[YEAR_HOME_LIMIT];
    struct year_config config = { .seed = 5, .delivery = 1, .days = 100, .homes = 14, .straight = true, .plain = true };
    struct year *year = year_lived(&config);

    (void)state;
    balances_read(year, straight);
    year_forget(year);
    config.straight = false;
    config.kill_one_in = 100;
    for (config.delivery = 2; config.delivery <= 3; config.delivery++) {
        year = year_lived(&config);
        balances_read(year, shuffled);
        year_forget(year);
        for (int32_t home = 0; home < config.homes; home++) {
            if (shuffled[home] != straight[home])
                print_message("home %d, delivery %llu\n", (int)home, (unsigned long long)config.delivery);
            assert_int_equal(shuffled[home], straight[home]);
        }
    }
}

/* A checker that cannot fail proves nothing: each of these, behind the program's back, must be missed. */
static const struct harm {
    const char *change;
    void (*check)(struct year *year);
} harms[] = {
    { "INSERT INTO transfer (tenant_id, debit_account_id, credit_account_id, amount_fen, kind, reference, at_s, value_s)"
      " SELECT 1, debit_account_id, credit_account_id, 1, 'payment', 0, at_s, value_s FROM transfer LIMIT 1", year_check_commit },
    { "INSERT INTO bill (tenant_id, account_id, number, from_day, to_day, from_total_value, to_total_value, usage_value,"
      " amount_fen, state, due_day, issued_s, tariff_version_id) SELECT 1, account_id, 'X', 0, 0, 0, 0, 0, 100, 'issued', 0, 0, 1"
      " FROM account LIMIT 1", year_check_commit },
    { "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE transfer_id = 5", year_check_whole },
    { "UPDATE ledger_account SET credits_fen = credits_fen + 1 WHERE ledger_account_id = 3", year_check_whole },
    { "UPDATE bill SET lines = json_set(lines, '$[0][6]', json_extract(lines, '$[0][6]') + 1) WHERE bill_id = 1", year_check_whole },
    { "UPDATE daily_charge SET from_total_value = from_total_value + 1", year_check_whole },
    { "UPDATE payment_order SET state = 'closed' WHERE state = 'paid'", year_check_whole },
    { "UPDATE cash_shift SET difference_fen = difference_fen + 1", year_check_whole },
    { "UPDATE bill SET paid_fen = amount_fen + 1 WHERE bill_id = 1", year_check_whole },
    { "UPDATE payment SET key = key || 'x' WHERE method = 'cash'", year_check_end },
    { "UPDATE payment_order SET state = 'closed' WHERE payment_order_id = (SELECT min(payment_order_id) FROM payment_order"
      " WHERE state = 'paid')", year_check_end },
    { "UPDATE ledger_account SET debits_fen = debits_fen + 1 WHERE kind = 'channel' AND name = 'wechat'", year_check_end },
    { "UPDATE account_standing SET settled_day = settled_day - 3", year_check_end },
};

static void what_is_harmed_is_missed(void **state)
{
    const struct year_config config = { .seed = 2, .delivery = 2, .days = 45, .homes = 14 };
    struct year *year = year_lived(&config);
    int64_t last_transfer_id = year->books.last_transfer_id;
    int64_t last_bill_id = year->books.last_bill_id;

    (void)state;
    for (size_t i = 0; i < sizeof harms / sizeof harms[0]; i++) {
        struct year_books books = year->books;

        assert_int_equal(store_execute(year->fixture->store, "SAVEPOINT harm"), 0);
        assert_int_equal(store_execute(year->fixture->store, harms[i].change), 0);
        harms[i].check(year);
        if (year->problem_count == 0)
            fail_msg("nobody missed: %s", harms[i].change);
        year->problem_count = 0;
        assert_int_equal(store_execute(year->fixture->store, "ROLLBACK TO harm; RELEASE harm"), 0);
        books.table = year->books.table;
        year->books = books;
    }
    assert_true(last_transfer_id > 100 && last_bill_id > 0);
    year_check_whole(year);
    year_check_end(year);
    assert_int_equal(year->problem_count, 0);
    year_forget(year);
}

static int properties_run(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_harmed_is_missed),
        cmocka_unit_test(the_same_seed_gives_the_same_rows),
        cmocka_unit_test(the_order_of_arrival_changes_no_balance),
    };

    return cmocka_run_group_tests_name("order and repetition", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
    static uint64_t seeds[1000];
    static char names[1000][32];
    static struct CMUnitTest tests[1000];
    const char *chosen = getenv("METERWORKS_SEED");
    int64_t first = 1;
    int64_t count = 1;
    int64_t seed = 0;

    if (argc == 2 && strcmp(argv[1], "properties") == 0)
        return properties_run();
    if (argc != 3 || decimal_parse(span_of_text(argv[1]), 0, &first) < 0 ||
        decimal_parse(span_of_text(argv[2]), 0, &count) < 0 || count < 1 || count > 1000)
        return 2;
    if (chosen != NULL && decimal_parse(span_of_text(chosen), 0, &seed) == 0) {
        count = first == 1 ? 1 : 0;
        first = seed;
    }
    for (int64_t i = 0; i < count; i++) {
        seeds[i] = (uint64_t)(first + i);
        (void)snprintf(names[i], sizeof names[i], "seed %lld", (long long)seeds[i]);
        tests[i] = (struct CMUnitTest){ names[i], seed_run, NULL, NULL, &seeds[i] };
    }
    return count == 0 ? 0 : _cmocka_run_group_tests("a year of money", tests, (size_t)count, NULL, NULL);
}
