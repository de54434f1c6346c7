#include "store/sqlite/given_rows_table.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "store/sqlite/sqlite_store.h"

#define POINTER_TYPE "given_rows"
#define HIDDEN_COLUMN GIVEN_COLUMN_LIMIT
/* What the planner is told: few enough that the rows given are always the outer loop. */
#define ROWS_EXPECTED 64

static const char declaration[] =
    "CREATE TABLE given_rows (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17, v18, v19,"
    " v20, v21, v22, v23, v24, v25, v26, v27, v28, v29, v30, v31, given HIDDEN)";

struct cursor {
    sqlite3_vtab_cursor base;
    const struct given_rows *rows;
    size_t at;
};

static int table_connect(sqlite3 *connection, void *unused, int count, const char *const *arguments, sqlite3_vtab **out,
                         char **message)
{
    int result = sqlite3_declare_vtab(connection, declaration);

    (void)unused;
    (void)count;
    (void)arguments;
    (void)message;
    if (result != SQLITE_OK)
        return result;
    *out = calloc(1, sizeof **out);
    return *out == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

/* There is one way to read the table: from the array that is given. */
static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    for (int index = 0; index < info->nConstraint; index++) {
        if (info->aConstraint[index].iColumn != HIDDEN_COLUMN || !info->aConstraint[index].usable)
            continue;
        info->aConstraintUsage[index].argvIndex = 1;
        info->aConstraintUsage[index].omit = 1;
        info->estimatedCost = 1.0;
        info->estimatedRows = ROWS_EXPECTED;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int cursor_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct cursor *cursor = calloc(1, sizeof *cursor);

    (void)table;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *base)
{
    free(base);
    return SQLITE_OK;
}

static int cursor_begin(sqlite3_vtab_cursor *base, int number, const char *text, int count, sqlite3_value **values)
{
    struct cursor *cursor = (struct cursor *)base;

    (void)number;
    (void)text;
    (void)count;
    cursor->rows = sqlite3_value_pointer(values[0], POINTER_TYPE);
    cursor->at = 0;
    return cursor->rows == NULL ? SQLITE_MISUSE : SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    ((struct cursor *)base)->at++;
    return SQLITE_OK;
}

static int cursor_ended(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (const struct cursor *)base;

    return cursor->at >= cursor->rows->count;
}

static int column_give(sqlite3_vtab_cursor *base, sqlite3_context *result, int number)
{
    const struct cursor *cursor = (const struct cursor *)base;
    const struct given_rows *rows = cursor->rows;
    const struct given_column *column;
    const unsigned char *value;

    if ((size_t)number >= rows->column_count)
        return SQLITE_OK; /* nothing said is NULL */
    column = &rows->columns[number];
    value = (const unsigned char *)rows->first + cursor->at * rows->size + column->offset;
    switch (column->type) {
    case GIVEN_INT64:
        sqlite3_result_int64(result, *(const int64_t *)(const void *)value);
        break;
    case GIVEN_INT32:
        sqlite3_result_int64(result, *(const int32_t *)(const void *)value);
        break;
    case GIVEN_UINT32:
        sqlite3_result_int64(result, *(const uint32_t *)(const void *)value);
        break;
    case GIVEN_TEXT:
        sqlite3_result_text(result, (const char *)value, -1, SQLITE_STATIC);
        break;
    case GIVEN_NAME:
        sqlite3_result_text(result, column->name(*value), -1, SQLITE_STATIC);
        break;
    case GIVEN_BYTES: {
        const struct span *bytes = (const struct span *)(const void *)value;
        sqlite3_result_blob64(result, bytes->size > 0 ? (const void *)bytes->bytes : "", bytes->size, SQLITE_STATIC);
        break;
    }
    }
    return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((const struct cursor *)base)->at;
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = table_connect,
    .xBestIndex = plan,
    .xDisconnect = table_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_begin,
    .xNext = cursor_next,
    .xEof = cursor_ended,
    .xColumn = column_give,
    .xRowid = row_number,
};

int given_rows_table_register(sqlite3 *connection)
{
    return sqlite_store_error(sqlite3_create_module(connection, "given_rows", &module, NULL));
}

/* SQLite passes the pointer on as it is; only cursor_begin above takes it, and reads. */
int given_rows_table_bind(sqlite3_stmt *statement, int place, const struct given_rows *rows)
{
    assert(rows->column_count <= GIVEN_COLUMN_LIMIT);
    return sqlite3_bind_pointer(statement, place, (void *)(uintptr_t)rows, POINTER_TYPE, NULL);
}
