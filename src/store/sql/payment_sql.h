/* Payments through channels on SQLite: tables payment_order and payment_refund. */
#ifndef STORE_SQL_PAYMENT_SQL_H
#define STORE_SQL_PAYMENT_SQL_H

#include "billing/payment_order_store.h"
#include "store/store.h"

struct payment_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int payment_sql_open(struct store *store, struct payment_sql **out);

/* Accepts NULL. Close before the store. */
void payment_sql_close(struct payment_sql *sql);

/* The interface; lives as long as `sql`. */
const struct payment_order_store *payment_sql_store(const struct payment_sql *sql);

#endif
