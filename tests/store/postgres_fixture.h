/* A fresh place on the server of tests/store/postgres_run. */
#ifndef TESTS_STORE_POSTGRES_FIXTURE_H
#define TESTS_STORE_POSTGRES_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

/* Is there a server to test with? */
bool postgres_fixture_there(void);

/* Make an empty schema with a name of its own.
 * path  where it is, for store_config.path; ends the test when it cannot be made */
void postgres_fixture_path(char *path, size_t capacity);

/* The same with the whole schema in it, built once: a copy of a database where the server is our own, else as postgres_fixture_path.
 * It is there until eight more have been asked for. */
void postgres_fixture_copy_path(char *path, size_t capacity);

/* Run statements on a connection of their own, for what another program might do at the same time. */
void postgres_fixture_execute(const char *text);

/* End the server as a power cut does, start it again, or both: "stop", "start", "restart". "replica" and
 * "takeover" are about a second server: tests/store/postgres_run. */
void postgres_fixture_server(const char *word);

/* The same while the test goes on: a process, to be awaited. Awaiting 0 does nothing; *process is 0 afterwards. */
long postgres_fixture_server_begin(const char *word);
void postgres_fixture_server_await(long *process);

#endif
