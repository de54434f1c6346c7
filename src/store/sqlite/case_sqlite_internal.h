/* The parts of the cases' store. */
#ifndef STORE_SQLITE_CASE_SQLITE_INTERNAL_H
#define STORE_SQLITE_CASE_SQLITE_INTERNAL_H

#include "store/sqlite/case_sqlite.h"
#include "store/sqlite/statement_table.h"

struct case_sqlite {
    struct statement_table table;
    struct case_store store;
};

#endif
