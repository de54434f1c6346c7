/* The command room's store on SQLite: tables command, command_step. */
#ifndef STORE_SQLITE_COMMAND_SQLITE_H
#define STORE_SQLITE_COMMAND_SQLITE_H

#include "command/command_store.h"
#include "store/store.h"

struct command_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int command_sqlite_open(struct store *store, struct command_sqlite **out);

/* Accepts NULL. Close before the store. */
void command_sqlite_close(struct command_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct command_store *command_sqlite_store(const struct command_sqlite *sqlite);

#endif
