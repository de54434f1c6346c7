#include "tests/unit/unit_test.h"

#include "tests/unit/ledger/books.h"

static void posting_moves_money_once(void **state)
{
    struct books *books = *state;
    struct ledger_transfer first = books_transfer(books, "a", 700), again = books_transfer(books, "a", 700);

    assert_int_equal(ledger_post(books->ledger, &first), 0);
    again.at_s = 2000;
    assert_int_equal(ledger_post(books->ledger, &again), 1);
    assert_int_equal(again.transfer_id, first.transfer_id);
    assert_int_equal(again.at_s, 1000);
    assert_int_equal(books_balance(books, books->wallet), 700);
    assert_int_equal(books_balance(books, books->cash), -700);
}

/* Every fault alone, and then with all later faults present: the first in the order of precedence is named. */
static void faults_are_named_in_their_order(void **state)
{
    struct books *books = *state;
    struct ledger_transfer transfer = books_transfer(books, "used", 5);

    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    transfer = books_transfer(books, "", 0);
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_KEY);
    transfer = books_transfer(books, "tab\t", 5);
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_KEY);
    transfer = books_transfer(books, "used", 0);
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_KEY_REUSED);
    transfer = books_transfer(books, "b", 0);
    transfer.credit_account_id = transfer.debit_account_id;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_AMOUNT);
    transfer.amount_fen = LEDGER_AMOUNT_MAXIMUM_FEN + 1;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_AMOUNT);
    transfer.amount_fen = 5;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_SAME_ACCOUNT);
    transfer.debit_account_id = 99;
    transfer.credit_account_id = 98;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_DEBIT_ACCOUNT);
    transfer.debit_account_id = books->foreign;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_CREDIT_ACCOUNT);
    transfer.credit_account_id = books->wallet;
    transfer.reverses = 77;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_TENANT);
    transfer.debit_account_id = books->cash;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_REVERSES);
    assert_int_equal(books_balance(books, books->wallet), 5);
}

static void correction_mirrors_and_happens_once(void **state)
{
    struct books *books = *state;
    struct ledger_transfer transfer = books_transfer(books, "a", 700), mirror, wrong;

    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    wrong = books_transfer(books, "w", 700);
    wrong.reverses = transfer.transfer_id;
    assert_int_equal(ledger_post(books->ledger, &wrong), LEDGER_ERR_REVERSAL_CONTENT);
    assert_int_equal(ledger_reverse(books->ledger, 1, transfer.transfer_id, "r", 5000, &mirror), 0);
    assert_int_equal(mirror.reverses, transfer.transfer_id);
    assert_int_equal(books_balance(books, books->wallet), 0);
    assert_int_equal(ledger_reverse(books->ledger, 1, transfer.transfer_id, "r", 5000, NULL), 1);
    assert_int_equal(ledger_reverse(books->ledger, 1, transfer.transfer_id, "r2", 5000, NULL), LEDGER_ERR_REVERSED);
    assert_int_equal(ledger_reverse(books->ledger, 1, 999, "r3", 5000, NULL), LEDGER_ERR_REVERSES);
    assert_int_equal(ledger_reverse(books->ledger, 2, transfer.transfer_id, "r4", 5000, NULL), LEDGER_ERR_TENANT);
}

static void minimum_is_kept(void **state)
{
    struct books *books = *state;
    struct ledger_account account = { .tenant_id = 1, .kind = LEDGER_WALLET, .has_minimum = true, .minimum_fen = -100 };
    struct ledger_transfer transfer = books_transfer(books, "a", 101);

    assert_int_equal(books->ledger->account_insert(books->ledger->context, &account), 0);
    transfer.debit_account_id = account.ledger_account_id;
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_MINIMUM);
    transfer.amount_fen = 100;
    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
}

static int difference_note(void *context, const struct ledger_difference *difference)
{
    *(struct ledger_difference *)context = *difference;
    return 0;
}

/* A row that somebody changed by hand is found and named. */
static void verification_names_what_was_tampered_with(void **state)
{
    struct books *books = *state;
    struct ledger_transfer transfer = books_transfer(books, "a", 700);
    struct ledger_verification verification;
    struct ledger_difference difference = { .account = { .ledger_account_id = 0 } };

    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    assert_int_equal(ledger_verify(books->ledger, 1, difference_note, &difference, &verification), 0);
    assert_true(verification.balanced);
    assert_int_equal(verification.trial.rows[0].debits_fen, 700);
    assert_int_equal(verification.trial.rows[LEDGER_WALLET].credits_fen, 700);
    assert_int_equal(store_execute(books->store, "UPDATE ledger_account SET credits_fen = 701 WHERE kind = 'wallet'"),
                     0);
    assert_int_equal(ledger_verify(books->ledger, 1, difference_note, &difference, &verification), 0);
    assert_false(verification.balanced);
    assert_int_equal(verification.differences, 1);
    assert_int_equal(difference.account.ledger_account_id, books->wallet);
    assert_int_equal(difference.derived.credits_fen, 700);
}

/* Debits that equal credits no more, though every balance fits its postings. */
static void verification_sees_money_that_leaves_the_tenant(void **state)
{
    struct books *books = *state;
    struct ledger_transfer transfer = books_transfer(books, "a", 700);
    struct ledger_verification verification;

    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    assert_int_equal(store_execute(books->store, "UPDATE ledger_account SET tenant_id = 2 WHERE kind = 'cash'"), 0);
    assert_int_equal(ledger_verify(books->ledger, 1, NULL, NULL, &verification), 0);
    assert_int_equal(verification.differences, 0);
    assert_false(verification.balanced);
}

static void account_is_opened_once_by_name(void **state)
{
    struct books *books = *state;
    int64_t again;

    assert_int_equal(ledger_account_open(books->ledger, 1, LEDGER_REVENUE, "water", &again), 0);
    assert_int_equal(again, books->revenue);
    assert_int_equal(ledger_account_open(books->ledger, 2, LEDGER_REVENUE, "water", &again), 0);
    assert_int_not_equal(again, books->revenue);
}

static void names_and_numbers_agree(void **state)
{
    (void)state;
    for (int kind = 1; kind < LEDGER_KIND_COUNT; kind++)
        assert_int_equal(ledger_account_kind_of_name(ledger_account_kind_name(kind)), kind);
    for (int kind = 1; kind < LEDGER_TRANSFER_KIND_COUNT; kind++)
        assert_int_equal(ledger_transfer_kind_of_name(ledger_transfer_kind_name(kind)), kind);
    assert_string_equal(ledger_account_kind_name(0), "unknown");
    assert_int_equal(ledger_transfer_kind_of_name("gift"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(posting_moves_money_once, books_open, books_close),
        cmocka_unit_test_setup_teardown(faults_are_named_in_their_order, books_open, books_close),
        cmocka_unit_test_setup_teardown(correction_mirrors_and_happens_once, books_open, books_close),
        cmocka_unit_test_setup_teardown(minimum_is_kept, books_open, books_close),
        cmocka_unit_test_setup_teardown(verification_names_what_was_tampered_with, books_open, books_close),
        cmocka_unit_test_setup_teardown(verification_sees_money_that_leaves_the_tenant, books_open, books_close),
        cmocka_unit_test_setup_teardown(account_is_opened_once_by_name, books_open, books_close),
        cmocka_unit_test(names_and_numbers_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
