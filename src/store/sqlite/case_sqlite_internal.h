/* The parts of the cases' store. */
#ifndef STORE_SQLITE_CASE_SQLITE_INTERNAL_H
#define STORE_SQLITE_CASE_SQLITE_INTERNAL_H

#include "store/sqlite/case_sqlite.h"
#include "store/statement_table.h"

struct case_sqlite {
    struct statement_table table;
    struct statement_table closings;
    struct case_store store;
};

/* case_sqlite_closings.c: prepares its statements and fills its functions into sqlite->store. 0; STORE_ERR_STATEMENT */
int case_sqlite_closings_open(struct store *store, struct case_sqlite *sqlite);

#endif
