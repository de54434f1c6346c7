/* The command room's store on SQLite: tables command, command_step. */
#ifndef STORE_SQL_COMMAND_SQL_H
#define STORE_SQL_COMMAND_SQL_H

#include "command/command_store.h"
#include "store/store.h"

struct command_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int command_sql_open(struct store *store, struct command_sql **out);

/* Accepts NULL. Close before the store. */
void command_sql_close(struct command_sql *sql);

/* The interface; lives as long as `sql`. */
const struct command_store *command_sql_store(const struct command_sql *sql);

#endif
