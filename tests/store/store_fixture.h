/* A store in memory or in a file of its own, for tests of what lies on the real database. */
#ifndef TESTS_STORE_STORE_FIXTURE_H
#define TESTS_STORE_STORE_FIXTURE_H

#include "store/store.h"

#define STORE_FIXTURE_PATH 400 /* characters of a place with its zero, more than enough */

/* Where a test's store may be made: in memory; on the server of tests/store/postgres_run, when there is one, where it is
 * there only as long as postgres_fixture_copy_path says. With METERWORKS_TEST_SHARDS the server is the coordinator of a Citus cluster, and the store there is cut (docs/citus.md). */
void store_fixture_place(char *path, size_t capacity);

/* Opened, migrated, at such a place; ends the test when it cannot be. */
struct store *store_fixture_memory(void);

/* Opened, migrated, where other connections can be opened, too: in a file, or on the server; ends the test when it cannot be.
 * path  to open others with, and for store_fixture_remove */
struct store *store_fixture_shared(char *path, size_t capacity);

/* From now on a row may name another one that is not there: what a test does not look at need not be made. For good on a server. */
void store_fixture_loosen(struct store *store);

/* A path in a fresh folder under the temporary directory; remove it with store_fixture_remove. */
void store_fixture_path(char *path, size_t capacity);

/* Remove the file with its log, and its folder. */
void store_fixture_remove(const char *path);

#endif
