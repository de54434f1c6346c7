/* Rows of money of every kind, changed behind the program's back after some weeks of life: verify names what does not fit, with
 * its account and posting. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/verify.h"
#include "store/statement.h"
#include "tests/simulation/year.h"

/* What is changed, and what must then be told: a query of before the change. */
static const struct tampering {
    const char *change;
    const char *told;
} tamperings[] = {
    { "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE transfer_id = 1",
      "SELECT 'DIFFERENCE account ' || debit_account_id || ' (' FROM transfer WHERE transfer_id = 1" },
    { "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE transfer_id = 1",
      "SELECT 'DIFFERENCE account ' || credit_account_id || ' (' FROM transfer WHERE transfer_id = 1" },
    { "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE transfer_id = (SELECT transfer_id FROM bill "
      "WHERE bill_id = 1)",
      "SELECT 'bills whose postings do not add up to their amount: ' || number FROM bill WHERE bill_id = "
      "1" },
    { "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE transfer_id = (SELECT transfer_id FROM "
      "payment WHERE payment_id = 3)",
      "SELECT 'payments that were booked with another amount: ' || receipt FROM payment WHERE payment_id "
      "= 3" },
    { "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE transfer_id = (SELECT transfer_id FROM "
      "daily_charge WHERE account_id = 4 AND amount_fen > 0 ORDER BY day LIMIT 1)",
      "SELECT 'days whose postings do not add up to their charge: 4 day ' || day FROM daily_charge WHERE "
      "account_id = 4 AND amount_fen > 0 ORDER BY day LIMIT 1" },
    { "UPDATE ledger_account SET debits_fen = debits_fen + 1 WHERE ledger_account_id = 7",
      "SELECT 'DIFFERENCE account 7 ('" },
    { "UPDATE ledger_account SET held_fen = held_fen + 1 WHERE ledger_account_id = 7",
      "SELECT 'DIFFERENCE account 7 ('" },
    { "UPDATE ledger_account SET last_transfer_id = 1 WHERE ledger_account_id = 2",
      "SELECT 'its chain of postings ends at ' || last_transfer_id || ', stored 1' FROM ledger_account "
      "WHERE ledger_account_id = 2" },
    { "UPDATE transfer SET debit_before = 1 WHERE transfer_id = 90",
      "SELECT 'posting 90 does not name the one before it'" },
    { "DELETE FROM transfer WHERE transfer_id = 90",
      "SELECT 'posting ' || min(transfer_id) || ' does not name the one before it' FROM transfer WHERE 90 "
      "IN (debit_before, credit_before)" },
    { "DELETE FROM transfer WHERE transfer_id = (SELECT max(transfer_id) FROM transfer)",
      "SELECT 'stored ' || max(transfer_id) FROM transfer" },
    { "UPDATE bill SET lines = json_set(lines, '$[0][6]', json_extract(lines, '$[0][6]') + 1) WHERE "
      "bill_id = 1",
      "SELECT 'bills whose lines do not add up to their amount: ' || number FROM bill WHERE bill_id = 1" },
    { "UPDATE bill SET amount_fen = amount_fen + 1 WHERE bill_id = 1",
      "SELECT 'bills whose postings do not add up to their amount: ' || number FROM bill WHERE bill_id = "
      "1" },
    { "UPDATE payment SET amount_fen = amount_fen + 1 WHERE payment_id = 3",
      "SELECT 'payments that were booked with another amount: ' || receipt FROM payment WHERE payment_id "
      "= 3" },
    { "UPDATE daily_charge SET amount_fen = amount_fen + 1 WHERE account_id = 4 AND day = (SELECT "
      "max(day) FROM daily_charge WHERE account_id = 4)",
      "SELECT 'days whose postings do not add up to their charge: 4 day ' || max(day) FROM daily_charge "
      "WHERE account_id = 4" },
    { "UPDATE transfer SET reverses = 1 WHERE transfer_id = 90",
      "SELECT 'corrections that do not mirror what they name: ' || coalesce(key, '') FROM transfer WHERE "
      "transfer_id = 90" },
};

static void text_read(struct year *year, const char *query, char text[200])
{
    struct statement *statement = NULL;

    assert_int_equal(statement_prepare(year->fixture->store, query, &statement), 0);
    assert_int_equal(statement_row(statement), 1);
    (void)snprintf(text, 200, "%s", statement_text_at(statement, 0));
    statement_finalize(statement);
}

static void tampering_try(struct year *year, const struct tampering *tampering)
{
    char expected[200];
    char *told = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&told, &size);
    int faults = 0;

    assert_non_null(out);
    text_read(year, tampering->told, expected);
    assert_int_equal(store_execute(year->fixture->store, "BEGIN; PRAGMA defer_foreign_keys = ON"), 0);
    assert_int_equal(store_execute(year->fixture->store, tampering->change), 0);
    assert_int_equal(verify_store(year->fixture->store, out, &faults), 0);
    (void)fclose(out);
    if (faults == 0 || strstr(told, expected) == NULL)
        fail_msg("%s\nshould be told as: %s\nbut told was: %s", tampering->change, expected, told);
    free(told);
    assert_int_equal(store_execute(year->fixture->store, "ROLLBACK"), 0);
}

static void whatever_was_changed_is_named(void **state)
{
    const struct year_config config = { .seed = 2, .delivery = 2, .days = 40, .homes = 14 };
    struct year *year = calloc(1, sizeof *year);

    (void)state;
    assert_non_null(year);
    year_open(year, &config);
    year_run(year);
    assert_int_equal(year->problem_count, 0);
    for (size_t i = 0; i < sizeof tamperings / sizeof tamperings[0]; i++)
        tampering_try(year, &tamperings[i]);
    year_close(year);
    free(year);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_was_changed_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
