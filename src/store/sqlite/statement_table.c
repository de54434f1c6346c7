#include "store/sqlite/statement_table.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

int statement_table_prepare(struct statement_table *table, struct sqlite_store *store, const char *const texts[],
                            size_t count)
{
    assert(count <= STATEMENT_TABLE_LIMIT);
    *table = (struct statement_table){ .connection = sqlite_store_connection(store) };
    for (size_t i = 0; i < count; i++) {
        int result = sqlite3_prepare_v3(table->connection, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                        &table->statements[i], NULL);
        table->count = i + 1;
        if (result != SQLITE_OK) {
            statement_table_finalize(table);
            return sqlite_store_error(result);
        }
    }
    return 0;
}

void statement_table_finalize(struct statement_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        sqlite3_finalize(table->statements[i]);
    *table = (struct statement_table){ 0 };
}

sqlite3_stmt *statement_take(struct statement_table *table, size_t index)
{
    assert(index < table->count);
    sqlite3_stmt *statement = table->statements[index];
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

/* Binding fails only for a wrong place or without memory; a wrong place is a mistake in this room. */
static void bind_check(int result)
{
    assert(result != SQLITE_RANGE && result != SQLITE_MISUSE);
    (void)result;
}

void statement_bind_integer(sqlite3_stmt *statement, int place, int64_t value)
{
    bind_check(sqlite3_bind_int64(statement, place, value));
}

void statement_bind_integers(sqlite3_stmt *statement, const int64_t values[], int count)
{
    for (int i = 0; i < count; i++)
        statement_bind_integer(statement, i + 1, values[i]);
}

void statement_bind_text(sqlite3_stmt *statement, int place, const char *text)
{
    bind_check(text ? sqlite3_bind_text(statement, place, text, -1, SQLITE_TRANSIENT)
                    : sqlite3_bind_null(statement, place));
}

void statement_bind_name(sqlite3_stmt *statement, int place, const char *text)
{
    bind_check(sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC));
}

void statement_bind_span(sqlite3_stmt *statement, int place, struct span text)
{
    bind_check(sqlite3_bind_text(statement, place, (const char *)text.bytes, (int)text.size, SQLITE_STATIC));
}

void statement_bind_bytes(sqlite3_stmt *statement, int place, const void *bytes, size_t size)
{
    bind_check(sqlite3_bind_blob64(statement, place, size > 0 ? bytes : "", size, SQLITE_TRANSIENT));
}

int statement_run(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    if (result == SQLITE_DONE)
        result = SQLITE_OK;
    int reset = sqlite3_reset(statement);
    if (result != SQLITE_OK || reset != SQLITE_OK)
        return sqlite_store_error(reset != SQLITE_OK ? reset : result);
    return sqlite3_changes(sqlite3_db_handle(statement));
}

int statement_change(sqlite3_stmt *statement)
{
    int changed = statement_run(statement);

    return changed < 0 ? changed : 0;
}

int statement_run_insert(sqlite3_stmt *statement, int64_t *identifier)
{
    int error = statement_change(statement);

    if (error == 0)
        *identifier = sqlite3_last_insert_rowid(sqlite3_db_handle(statement));
    return error;
}

int statement_row(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        return 1;
    sqlite3_reset(statement);
    return sqlite_store_error(result);
}

int statement_number(sqlite3_stmt *statement, int64_t *number)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    int64_t value = sqlite3_column_int64(statement, 0);
    found = statement_row(statement);
    if (found < 0)
        return found;
    *number = value;
    return 1;
}

void statement_end(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
}

void statement_text(sqlite3_stmt *statement, int column, char *text, size_t capacity)
{
    const char *from = (const char *)sqlite3_column_text(statement, column);
    size_t size = from ? (size_t)sqlite3_column_bytes(statement, column) : 0;
    if (capacity == 0)
        return;
    size = text_utf8_cut(span_of_bytes(from, size), capacity - 1 < size ? capacity - 1 : size);
    if (size > 0)
        memcpy(text, from, size);
    text[size] = '\0';
}
