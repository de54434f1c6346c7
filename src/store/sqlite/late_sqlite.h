/* Late fees of bills in SQLite (billing/late_store.h). */
#ifndef STORE_SQLITE_LATE_SQLITE_H
#define STORE_SQLITE_LATE_SQLITE_H

#include "billing/late_store.h"
#include "store/store.h"

struct late_sqlite;

/* returns  0 and *out; STORE_ERR_* */
int late_sqlite_open(struct store *store, struct late_sqlite **out);

/* Accepts NULL. */
void late_sqlite_close(struct late_sqlite *sqlite);

/* Lives as long as `sqlite`. */
const struct billing_late_store *late_sqlite_store(const struct late_sqlite *sqlite);

#endif
