/* Where an installation's database is: DATA/meterworks.db, or a PostgreSQL server that `init --store` was given. The address
 * rests in DATA/store, private, because it may hold a password: command lines are seen by everybody on the machine. */
#ifndef APPS_METERWORKS_STORE_PLACE_H
#define APPS_METERWORKS_STORE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#define STORE_PLACE_SIZE 4096

/* Find it.
 * folder   the data folder
 * given    what --store said, which holds; NULL when it was not there
 * problem  one sentence when it fails
 * returns  0; -1: given is no address of a server, DATA/store cannot be read or holds none, or the folder's name is too long */
int store_place_find(const char *folder, const char *given, char path[STORE_PLACE_SIZE], char problem[256]);

/* Write DATA/store, mode 0600, for those who come after init.
 * returns  0; -1 with errno */
int store_place_keep(const char *folder, const char *given);

/* Is it a server rather than a file? */
bool store_place_is_server(const char *path);

/* What people may be told of it: the path of a file, "PostgreSQL" for a server. */
const char *store_place_name(const char *path);

/* "PostgreSQL: the database cannot be opened (FATAL: ...)": the place, what is wrong, and what store_open said why, "" for nothing. */
void store_place_problem(const char *path, const char *text, const char *why, char problem[256]);

#endif
