/* The parts of the cases' store. */
#ifndef STORE_SQL_CASE_SQL_INTERNAL_H
#define STORE_SQL_CASE_SQL_INTERNAL_H

#include "store/sql/case_sql.h"
#include "store/statement_table.h"

struct case_sql {
    struct statement_table table;
    struct statement_table closings;
    struct case_store store;
};

/* case_sql_closings.c: prepares its statements and fills its functions into sql->store. 0; STORE_ERR_STATEMENT */
int case_sql_closings_open(struct store *store, struct case_sql *sql);

#endif
