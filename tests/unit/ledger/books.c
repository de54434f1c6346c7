#include "tests/unit/unit_test.h"

#include "tests/unit/ledger/books.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/store/store_fixture.h"

int books_open(void **state)
{
    struct books *books = calloc(1, sizeof *books);
    char path[STORE_FIXTURE_PATH];
    struct store_config config = { .path = path };

    store_fixture_place(path, sizeof path);
    assert_non_null(books);
    assert_int_equal(store_open(&config, &books->store), 0);
    assert_int_equal(store_execute(books->store, "INSERT INTO tenant VALUES (1, 'a', 28800, 0), (2, 'b', 28800, 0)"),
                     0);
    assert_int_equal(ledger_sql_open(books->store, &books->sql), 0);
    books->ledger = ledger_sql_store(books->sql);
    assert_int_equal(ledger_account_open(books->ledger, 1, LEDGER_CASH, "counter", &books->cash), 0);
    assert_int_equal(ledger_account_open(books->ledger, 1, LEDGER_REVENUE, "water", &books->revenue), 0);
    assert_int_equal(ledger_account_add(books->ledger, 1, LEDGER_WALLET, "", &books->wallet), 0);
    assert_int_equal(ledger_account_open(books->ledger, 2, LEDGER_CASH, "counter", &books->foreign), 0);
    *state = books;
    return 0;
}

int books_close(void **state)
{
    struct books *books = *state;

    ledger_sql_close(books->sql);
    store_close(books->store);
    free(books);
    return 0;
}

struct ledger_transfer books_transfer(const struct books *books, const char *key, int64_t amount_fen)
{
    struct ledger_transfer transfer = { .debit_account_id = books->cash, .credit_account_id = books->wallet,
                                        .amount_fen = amount_fen, .at_s = 1000, .tenant_id = 1, .kind = LEDGER_PAYMENT };

    (void)snprintf(transfer.key, sizeof transfer.key, "%s", key);
    return transfer;
}

int64_t books_balance(const struct books *books, int64_t account)
{
    int64_t balance_fen;

    assert_int_equal(ledger_balance_read(books->ledger, account, &balance_fen), 0);
    return balance_fen;
}
