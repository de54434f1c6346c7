/* Which invoices stand for payments and bills, in SQLite (billing/standing_store.h). */
#ifndef STORE_SQL_INVOICE_STANDING_SQL_H
#define STORE_SQL_INVOICE_STANDING_SQL_H

#include "billing/standing_store.h"
#include "store/store.h"

struct invoice_standing_sql;

/* returns  0 and *out; STORE_ERR_* */
int invoice_standing_sql_open(struct store *store, struct invoice_standing_sql **out);

/* Accepts NULL. */
void invoice_standing_sql_close(struct invoice_standing_sql *sql);

/* Lives as long as `sql`. */
const struct billing_standing_store *invoice_standing_sql_store(const struct invoice_standing_sql *sql);

#endif
