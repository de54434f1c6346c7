/* Which invoices stand for payments and bills, in SQLite (billing/standing_store.h). */
#ifndef STORE_SQLITE_INVOICE_STANDING_SQLITE_H
#define STORE_SQLITE_INVOICE_STANDING_SQLITE_H

#include "billing/standing_store.h"
#include "store/store.h"

struct invoice_standing_sqlite;

/* returns  0 and *out; STORE_ERR_* */
int invoice_standing_sqlite_open(struct store *store, struct invoice_standing_sqlite **out);

/* Accepts NULL. */
void invoice_standing_sqlite_close(struct invoice_standing_sqlite *sqlite);

/* Lives as long as `sqlite`. */
const struct billing_standing_store *invoice_standing_sqlite_store(const struct invoice_standing_sqlite *sqlite);

#endif
