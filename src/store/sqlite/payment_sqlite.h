/* Payments through channels on SQLite: tables payment_order and payment_refund. */
#ifndef STORE_SQLITE_PAYMENT_SQLITE_H
#define STORE_SQLITE_PAYMENT_SQLITE_H

#include "billing/payment_order_store.h"
#include "store/store.h"

struct payment_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int payment_sqlite_open(struct store *store, struct payment_sqlite **out);

/* Accepts NULL. Close before the store. */
void payment_sqlite_close(struct payment_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct payment_order_store *payment_sqlite_store(const struct payment_sqlite *sqlite);

#endif
