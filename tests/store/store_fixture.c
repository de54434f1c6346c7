#include "tests/store/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/postgres/citus_distribute.h"
#include "tests/store/postgres_fixture.h"

/* On a Citus cluster, with METERWORKS_TEST_SHARDS: its large tables are cut into so many shards before the test sees it. */
static void tables_cut(const char *path)
{
    const char *shards = getenv("METERWORKS_TEST_SHARDS");
    struct store *store = NULL;
    int error;

    if (shards == NULL)
        return;
    error = store_open(&(struct store_config){ .path = path }, &store);
    if (error == 0)
        error = citus_distribute(store, (int)strtol(shards, NULL, 10));
    store_close(store);
    if (error < 0) {
        fprintf(stderr, "store_fixture: %s\n", store_error_text(error));
        abort();
    }
}

void store_fixture_place(char *path, size_t capacity)
{
    if (postgres_fixture_there()) {
        postgres_fixture_copy_path(path, capacity);
        tables_cut(path);
    } else
        snprintf(path, capacity, ":memory:");
}

struct store *store_fixture_memory(void)
{
    struct store *store = NULL;
    char path[STORE_FIXTURE_PATH];

    store_fixture_place(path, sizeof path);
    int error = store_open(&(struct store_config){ .path = path }, &store);
    if (error != 0) {
        fprintf(stderr, "store_fixture: %s\n", store_error_text(error));
        abort();
    }
    return store;
}

struct store *store_fixture_shared(char *path, size_t capacity)
{
    struct store *store = NULL;

    if (postgres_fixture_there())
        store_fixture_place(path, capacity);
    else
        store_fixture_path(path, capacity);
    int error = store_open(&(struct store_config){ .path = path }, &store);
    if (error != 0) {
        fprintf(stderr, "store_fixture: %s\n", store_error_text(error));
        abort();
    }
    return store;
}

void store_fixture_loosen(struct store *store)
{
    static const char of_server[] =
        "DO 'DECLARE k record; BEGIN FOR k IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint WHERE contype = ''f''"
        " AND connamespace = current_schema()::regnamespace LOOP EXECUTE format(''ALTER TABLE %s DROP CONSTRAINT %I'', k.owner, k.conname);"
        " END LOOP; END'";
    int error = store_execute(store, postgres_fixture_there() ? of_server : "PRAGMA foreign_keys = OFF");

    if (error != 0) {
        fprintf(stderr, "store_fixture: %s\n", store_error_text(error));
        abort();
    }
}

void store_fixture_path(char *path, size_t capacity)
{
    const char *temporary = getenv("TMPDIR");
    char folder[200];
    snprintf(folder, sizeof folder, "%s/meterworks-store-XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(folder))
        abort();
    snprintf(path, capacity, "%s/meterworks.db", folder);
}

void store_fixture_remove(const char *path)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[300];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
    snprintf(name, sizeof name, "%s", path);
    char *slash = strrchr(name, '/');
    if (slash) {
        *slash = '\0';
        rmdir(name);
    }
}
