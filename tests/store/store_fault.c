#include "tests/store/store_fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/sqlite_store.h"

#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __real_sqlite3_exec(sqlite3 *connection, const char *text, int (*row)(void *, int, char **, char **), void *context,
                        char **problem);
int __wrap_sqlite3_exec(sqlite3 *connection, const char *text, int (*row)(void *, int, char **, char **), void *context,
                        char **problem);

static struct {
    int64_t allowed;
    enum store_fault_kind kind;
    bool armed;
    bool came;
} fault;

static bool statement_fails(void)
{
    if (!fault.armed || (fault.came && fault.kind == STORE_FAULT_ONE))
        return false;
    if (fault.allowed > 0) {
        fault.allowed--;
        return false;
    }
    fault.came = true;
    return true;
}

int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    return statement_fails() ? SQLITE_FULL : __real_sqlite3_step(statement);
}

int __wrap_sqlite3_exec(sqlite3 *connection, const char *text, int (*row)(void *, int, char **, char **), void *context,
                        char **problem)
{
    if (strncmp(text, "ROLLBACK", strlen("ROLLBACK")) != 0 && statement_fails())
        return SQLITE_FULL;
    return __real_sqlite3_exec(connection, text, row, context, problem);
}

void store_fault_arm(enum store_fault_kind kind, int64_t allowed)
{
    fault.kind = kind;
    fault.allowed = allowed;
    fault.armed = true;
    fault.came = false;
}

bool store_fault_disarm(void)
{
    fault.armed = false;
    return fault.came;
}

static void give_up(sqlite3 *connection)
{
    fprintf(stderr, "store_digest: %s\n", sqlite3_errmsg(connection));
    abort();
}

static sqlite3_stmt *prepare(sqlite3 *connection, const char *text)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(connection, text, -1, &statement, NULL) != SQLITE_OK)
        give_up(connection);
    return statement;
}

static uint64_t mix(uint64_t digest, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;

    for (size_t i = 0; i < size; i++)
        digest = (digest ^ from[i]) * FNV_PRIME;
    return (digest ^ size) * FNV_PRIME;
}

/* Rows in the order of their keys; NULL differs from "". */
static uint64_t table_mix(sqlite3 *connection, const char *table, uint64_t digest)
{
    char text[160];
    sqlite3_stmt *rows;

    (void)snprintf(text, sizeof text, "SELECT * FROM \"%.100s\"", table);
    rows = prepare(connection, text);
    while (sqlite3_step(rows) == SQLITE_ROW)
        for (int column = 0; column < sqlite3_column_count(rows); column++) {
            int type = sqlite3_column_type(rows, column);
            const void *bytes = sqlite3_column_blob(rows, column);

            digest = mix(digest, &type, sizeof type);
            digest = mix(digest, bytes, (size_t)sqlite3_column_bytes(rows, column));
        }
    if (sqlite3_finalize(rows) != SQLITE_OK)
        give_up(connection);
    return digest;
}

uint64_t store_digest(struct store *store)
{
    sqlite3 *connection = sqlite_store_connection(store);
    /* A virtual table has no page of its own: its rows lie in ordinary ones beside it, and those are looked at. */
    sqlite3_stmt *tables = prepare(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
                                               " AND name NOT LIKE 'sqlite_%' ORDER BY name");
    uint64_t digest = FNV_BASIS;

    while (sqlite3_step(tables) == SQLITE_ROW)
        digest = table_mix(connection, (const char *)sqlite3_column_text(tables, 0), digest);
    if (sqlite3_finalize(tables) != SQLITE_OK)
        give_up(connection);
    return digest;
}
