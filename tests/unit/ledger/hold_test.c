#include "tests/unit/unit_test.h"

#include "tests/unit/ledger/books.h"

#include <stdio.h>

static struct ledger_hold hold_of(const struct books *books, const char *key, int64_t amount_fen)
{
    struct ledger_hold hold = { .debit_account_id = books->wallet, .credit_account_id = books->revenue,
                                .amount_fen = amount_fen, .at_s = 1000, .expires_s = 2000, .tenant_id = 1,
                                .kind = LEDGER_CHARGE };

    (void)snprintf(hold.key, sizeof hold.key, "%s", key);
    return hold;
}

static int64_t held_of(const struct books *books, int64_t id)
{
    struct ledger_account account;

    assert_int_equal(books->ledger->account_read(books->ledger->context, id, &account), 1);
    assert_int_equal(ledger_account_available(&account), ledger_account_balance(&account) - account.held_fen);
    return account.held_fen;
}

static void verify(const struct books *books)
{
    struct ledger_verification verification;

    assert_int_equal(ledger_verify(books->ledger, 1, NULL, NULL, &verification), 0);
    assert_true(verification.balanced);
}

static void reserving_moves_nothing_yet(void **state)
{
    struct books *books = *state;
    struct ledger_hold hold = hold_of(books, "h", 300), again = hold_of(books, "h", 300);

    assert_int_equal(ledger_hold(books->ledger, &hold), 0);
    assert_int_equal(ledger_hold(books->ledger, &again), 1);
    assert_int_equal(again.hold_id, hold.hold_id);
    again = hold_of(books, "h", 301);
    assert_int_equal(ledger_hold(books->ledger, &again), LEDGER_ERR_KEY_REUSED);
    assert_int_equal(held_of(books, books->wallet), 300);
    assert_int_equal(books_balance(books, books->wallet), 0);
    verify(books);
}

static void posting_moves_what_was_used_once(void **state)
{
    struct books *books = *state;
    struct ledger_hold hold = hold_of(books, "h", 300), after;

    assert_int_equal(ledger_hold(books->ledger, &hold), 0);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 301, 1500, NULL), LEDGER_ERR_HOLD_AMOUNT);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 0, 1500, NULL), LEDGER_ERR_HOLD_AMOUNT);
    assert_int_equal(ledger_hold_post(books->ledger, 2, hold.hold_id, 1, 1500, NULL), LEDGER_ERR_HOLD);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 120, 1500, &after), 0);
    assert_int_equal(after.state, LEDGER_HOLD_POSTED);
    assert_int_equal(after.posted_fen, 120);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 120, 2500, NULL), 1);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 121, 1500, NULL), LEDGER_ERR_HOLD_SETTLED);
    assert_int_equal(ledger_hold_void(books->ledger, 1, hold.hold_id, 1500, NULL), LEDGER_ERR_HOLD_SETTLED);
    assert_int_equal(held_of(books, books->wallet), 0);
    assert_int_equal(books_balance(books, books->wallet), -120);
    assert_int_equal(books_balance(books, books->revenue), 120);
    verify(books);
}

static void voiding_gives_all_back(void **state)
{
    struct books *books = *state;
    struct ledger_hold hold = hold_of(books, "h", 300);

    assert_int_equal(ledger_hold(books->ledger, &hold), 0);
    assert_int_equal(ledger_hold_void(books->ledger, 2, hold.hold_id, 1500, NULL), LEDGER_ERR_HOLD);
    assert_int_equal(ledger_hold_void(books->ledger, 1, hold.hold_id, 1500, NULL), 0);
    assert_int_equal(ledger_hold_void(books->ledger, 1, hold.hold_id, 1500, NULL), 1);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 300, 1500, NULL), LEDGER_ERR_HOLD_SETTLED);
    assert_int_equal(held_of(books, books->wallet), 0);
    assert_int_equal(books_balance(books, books->wallet), 0);
    verify(books);
}

/* Expired at the second, even before anybody has swept. */
static void expiry_gives_back_what_nobody_settled(void **state)
{
    struct books *books = *state;
    struct ledger_hold hold = hold_of(books, "h", 300), other = hold_of(books, "i", 20);

    other.expires_s = 3000;
    assert_int_equal(ledger_hold(books->ledger, &hold), 0);
    assert_int_equal(ledger_hold(books->ledger, &other), 0);
    assert_int_equal(ledger_holds_expire(books->ledger, 1999, 10), 0);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 300, 2000, NULL), LEDGER_ERR_HOLD_SETTLED);
    assert_int_equal(ledger_holds_expire(books->ledger, 2000, 10), 1);
    assert_int_equal(held_of(books, books->wallet), 20);
    assert_int_equal(ledger_holds_expire(books->ledger, 9000, 10), 1);
    assert_int_equal(ledger_hold_void(books->ledger, 1, hold.hold_id, 9000, NULL), 1);
    verify(books);
}

static void reserved_money_cannot_be_spent_twice(void **state)
{
    struct books *books = *state;
    struct ledger_account account = { .tenant_id = 1, .kind = LEDGER_DEPOSIT, .has_minimum = true, .minimum_fen = -100 };
    struct ledger_hold hold = hold_of(books, "h", 60);
    struct ledger_transfer transfer = books_transfer(books, "t", 41);

    assert_int_equal(books->ledger->account_insert(books->ledger->context, &account), 0);
    hold.debit_account_id = transfer.debit_account_id = account.ledger_account_id;
    assert_int_equal(ledger_hold(books->ledger, &hold), 0);
    assert_int_equal(ledger_post(books->ledger, &transfer), LEDGER_ERR_MINIMUM);
    transfer.amount_fen = 40;
    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    assert_int_equal(ledger_hold_post(books->ledger, 1, hold.hold_id, 60, 1500, NULL), 0);
    hold = hold_of(books, "h2", 1);
    hold.debit_account_id = account.ledger_account_id;
    assert_int_equal(ledger_hold(books->ledger, &hold), LEDGER_ERR_MINIMUM);
    verify(books);
}

static void faults_are_named(void **state)
{
    struct books *books = *state;
    struct ledger_hold hold = hold_of(books, "", 1);

    assert_int_equal(ledger_hold(books->ledger, &hold), LEDGER_ERR_KEY);
    hold = hold_of(books, "h", 0);
    assert_int_equal(ledger_hold(books->ledger, &hold), LEDGER_ERR_AMOUNT);
    hold = hold_of(books, "h", INT64_MAX);
    assert_int_equal(ledger_hold(books->ledger, &hold), LEDGER_ERR_AMOUNT);
    hold = hold_of(books, "h", 1);
    hold.expires_s = hold.at_s;
    assert_int_equal(ledger_hold(books->ledger, &hold), LEDGER_ERR_EXPIRY);
    hold.expires_s = hold.at_s + LEDGER_HOLD_MAXIMUM_S + 1;
    assert_int_equal(ledger_hold(books->ledger, &hold), LEDGER_ERR_EXPIRY);
    hold = hold_of(books, "h", 1);
    hold.credit_account_id = books->foreign;
    assert_int_equal(ledger_hold(books->ledger, &hold), LEDGER_ERR_TENANT);
    assert_int_equal(ledger_hold_void(books->ledger, 1, 99, 1500, NULL), LEDGER_ERR_HOLD);
    assert_int_equal(held_of(books, books->wallet), 0);
}

/* A reservation that somebody wrote by hand is found. */
static void verification_derives_what_is_reserved(void **state)
{
    struct books *books = *state;
    struct ledger_verification verification;

    assert_int_equal(store_execute(books->store, "UPDATE ledger_account SET held_fen = 1 WHERE kind = 'wallet'"), 0);
    assert_int_equal(ledger_verify(books->ledger, 1, NULL, NULL, &verification), 0);
    assert_int_equal(verification.differences, 1);
    assert_false(verification.balanced);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reserving_moves_nothing_yet, books_open, books_close),
        cmocka_unit_test_setup_teardown(posting_moves_what_was_used_once, books_open, books_close),
        cmocka_unit_test_setup_teardown(voiding_gives_all_back, books_open, books_close),
        cmocka_unit_test_setup_teardown(expiry_gives_back_what_nobody_settled, books_open, books_close),
        cmocka_unit_test_setup_teardown(reserved_money_cannot_be_spent_twice, books_open, books_close),
        cmocka_unit_test_setup_teardown(faults_are_named, books_open, books_close),
        cmocka_unit_test_setup_teardown(verification_derives_what_is_reserved, books_open, books_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
