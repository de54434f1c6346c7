/* What exchanged meters held in money, in SQL (billing/money_carry.h). */
#ifndef STORE_SQL_MONEY_CARRY_SQL_H
#define STORE_SQL_MONEY_CARRY_SQL_H

#include "billing/money_carry.h"
#include "store/store.h"

struct money_carry_sql;

/* returns  0 and *out; STORE_ERR_* */
int money_carry_sql_open(struct store *store, struct money_carry_sql **out);

/* Accepts NULL. */
void money_carry_sql_close(struct money_carry_sql *sql);

/* Lives as long as `sql`. */
const struct billing_money_carry_store *money_carry_sql_store(const struct money_carry_sql *sql);

#endif
