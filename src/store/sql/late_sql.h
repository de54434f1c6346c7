/* Late fees of bills in SQLite (billing/late_store.h). */
#ifndef STORE_SQL_LATE_SQL_H
#define STORE_SQL_LATE_SQL_H

#include "billing/late_store.h"
#include "store/store.h"

struct late_sql;

/* returns  0 and *out; STORE_ERR_* */
int late_sql_open(struct store *store, struct late_sql **out);

/* Accepts NULL. */
void late_sql_close(struct late_sql *sql);

/* Lives as long as `sql`. */
const struct billing_late_store *late_sql_store(const struct late_sql *sql);

#endif
