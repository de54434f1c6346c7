/* Books of one tenant in a store in memory: a till, a wallet, a revenue item, and another tenant's till. */
#ifndef TESTS_LEDGER_BOOKS_H
#define TESTS_LEDGER_BOOKS_H

#include "ledger/ledger.h"
#include "store/sql/ledger_sql.h"

struct books {
    struct store *store;
    struct ledger_sql *sql;
    const struct ledger_store *ledger;
    int64_t cash, wallet, revenue, foreign;
};

/* For cmocka: *state is a struct books. */
int books_open(void **state);
int books_close(void **state);

/* From the till to the wallet, booked at second 1000. */
struct ledger_transfer books_transfer(const struct books *books, const char *key, int64_t amount_fen);
int64_t books_balance(const struct books *books, int64_t account);

#endif
