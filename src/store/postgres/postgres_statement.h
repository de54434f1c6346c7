/* Statements of a PostgreSQL server behind statement.h. */
#ifndef STORE_POSTGRES_POSTGRES_STATEMENT_H
#define STORE_POSTGRES_POSTGRES_STATEMENT_H

#include "store/postgres/postgres_exchange.h"
#include "store/statement.h"

/* As statement_prepare. */
int postgres_statement_prepare(struct postgres_store *store, const char *text, struct statement **out);

/* Another statement wants the connection: take in the rows that are still to come. The row that is there stays.
 * returns  0; STORE_ERR_MEMORY, STORE_ERR_FULL: there is no room for them; STORE_ERR_CONNECTION */
int postgres_statement_park(struct postgres_statement *statement);

/* The connection is lost, and with it the rows that were to come. */
void postgres_statement_lost(struct postgres_statement *statement);

/* The number that the last row of an INSERT got; 0 when it cannot be asked. */
int64_t postgres_statement_last_identifier(struct postgres_store *store);

#endif
