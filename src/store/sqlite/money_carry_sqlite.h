/* What exchanged meters held in money, in SQL (billing/money_carry.h). */
#ifndef STORE_SQLITE_MONEY_CARRY_SQLITE_H
#define STORE_SQLITE_MONEY_CARRY_SQLITE_H

#include "billing/money_carry.h"
#include "store/store.h"

struct money_carry_sqlite;

/* returns  0 and *out; STORE_ERR_* */
int money_carry_sqlite_open(struct store *store, struct money_carry_sqlite **out);

/* Accepts NULL. */
void money_carry_sqlite_close(struct money_carry_sqlite *sqlite);

/* Lives as long as `sqlite`. */
const struct billing_money_carry_store *money_carry_sqlite_store(const struct money_carry_sqlite *sqlite);

#endif
