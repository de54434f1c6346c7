/* A store in memory or in a file of its own, for tests of what lies on the real database. */
#ifndef TESTS_STORE_STORE_FIXTURE_H
#define TESTS_STORE_STORE_FIXTURE_H

#include "store/store.h"

/* Opened, migrated, in memory; ends the test when it cannot be. */
struct store *store_fixture_memory(void);

/* A path in a fresh folder under the temporary directory; remove it with store_fixture_remove. */
void store_fixture_path(char *path, size_t capacity);

/* Remove the file with its log, and its folder. */
void store_fixture_remove(const char *path);

#endif
