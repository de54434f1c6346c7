#include "store/sqlite/sqlite_statement.h"

#include <assert.h>
#include <stdlib.h>

#include "store/sqlite/given_rows_table.h"
#include "store/sqlite/sqlite_store.h"

struct sqlite_statement {
    struct statement statement;
    sqlite3_stmt *native;
    sqlite3 *connection;
    bool bound;   /* a place was bound since the bindings were cleared */
    bool stepped; /* since the last reset */
};

static inline struct sqlite_statement *of(struct statement *statement)
{
    return (struct sqlite_statement *)statement;
}

static void engine_finalize(struct statement *statement)
{
    sqlite3_finalize(of(statement)->native);
    free(statement);
}

static int native_reset(struct sqlite_statement *statement)
{
    if (!statement->stepped)
        return SQLITE_OK;
    statement->stepped = false;
    return sqlite3_reset(statement->native);
}

static void engine_reset(struct statement *statement)
{
    (void)native_reset(of(statement));
    if (of(statement)->bound)
        sqlite3_clear_bindings(of(statement)->native);
    of(statement)->bound = false;
}

/* Binding fails only for a wrong place or without memory; a wrong place is a mistake in this room. */
static void bind_check(struct sqlite_statement *statement, int result)
{
    assert(result != SQLITE_RANGE && result != SQLITE_MISUSE);
    (void)result;
    statement->bound = true;
}

static void engine_bind_integer(struct statement *statement, int place, int64_t value)
{
    bind_check(of(statement), sqlite3_bind_int64(of(statement)->native, place, value));
}

static void engine_bind_text(struct statement *statement, int place, struct span text, bool lasts)
{
    bind_check(of(statement), sqlite3_bind_text64(of(statement)->native, place, (const char *)text.bytes, text.size,
                                                  lasts ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8));
}

static void engine_bind_bytes(struct statement *statement, int place, struct span bytes)
{
    bind_check(of(statement),
               sqlite3_bind_blob64(of(statement)->native, place, bytes.bytes, bytes.size, SQLITE_TRANSIENT));
}

static void engine_bind_rows(struct statement *statement, int place, const struct given_rows *rows)
{
    bind_check(of(statement), given_rows_table_bind(of(statement)->native, place, rows));
}

static int engine_run(struct statement *statement)
{
    struct sqlite_statement *own = of(statement);

    own->stepped = true;
    int result = sqlite3_step(own->native);
    if (result == SQLITE_DONE)
        result = SQLITE_OK;
    int reset = native_reset(own);
    if (result != SQLITE_OK || reset != SQLITE_OK)
        return sqlite_store_error(reset != SQLITE_OK ? reset : result);
    return sqlite3_changes(own->connection);
}

static int engine_row(struct statement *statement)
{
    struct sqlite_statement *own = of(statement);

    own->stepped = true;
    int result = sqlite3_step(own->native);
    if (result == SQLITE_ROW)
        return 1;
    (void)native_reset(own);
    return sqlite_store_error(result);
}

static void engine_end(struct statement *statement)
{
    (void)native_reset(of(statement));
}

static int64_t engine_integer(struct statement *statement, int column)
{
    return sqlite3_column_int64(of(statement)->native, column);
}

/* Where the value is not text, asking for it makes it so: the size is known after that only. */
static struct span engine_text(struct statement *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(of(statement)->native, column);

    return span_of_bytes(text, text != NULL ? (size_t)sqlite3_column_bytes(of(statement)->native, column) : 0);
}

static struct span engine_bytes(struct statement *statement, int column)
{
    const void *bytes = sqlite3_column_blob(of(statement)->native, column);

    return span_of_bytes(bytes, (size_t)sqlite3_column_bytes(of(statement)->native, column));
}

static enum statement_type engine_type(struct statement *statement, int column)
{
    switch (sqlite3_column_type(of(statement)->native, column)) {
    case SQLITE_INTEGER:
        return STATEMENT_INTEGER;
    case SQLITE_TEXT:
        return STATEMENT_TEXT;
    case SQLITE_BLOB:
        return STATEMENT_BYTES;
    default:
        return STATEMENT_NULL;
    }
}

static int engine_places(struct statement *statement)
{
    return sqlite3_bind_parameter_count(of(statement)->native);
}

static int engine_place(struct statement *statement, const char *name)
{
    return sqlite3_bind_parameter_index(of(statement)->native, name);
}

static const char *engine_place_name(struct statement *statement, int place)
{
    return sqlite3_bind_parameter_name(of(statement)->native, place);
}

static int engine_columns(struct statement *statement)
{
    return sqlite3_column_count(of(statement)->native);
}

static const char *engine_column_name(struct statement *statement, int column)
{
    return sqlite3_column_name(of(statement)->native, column);
}

static const struct statement_engine engine = {
    .finalize = engine_finalize,
    .reset = engine_reset,
    .bind_integer = engine_bind_integer,
    .bind_text = engine_bind_text,
    .bind_bytes = engine_bind_bytes,
    .bind_rows = engine_bind_rows,
    .run = engine_run,
    .row = engine_row,
    .end = engine_end,
    .integer = engine_integer,
    .text = engine_text,
    .bytes = engine_bytes,
    .type = engine_type,
    .places = engine_places,
    .place = engine_place,
    .place_name = engine_place_name,
    .columns = engine_columns,
    .column_name = engine_column_name,
};

int sqlite_statement_prepare(struct store *store, sqlite3 *connection, const char *text, struct statement **out)
{
    struct sqlite_statement *statement = calloc(1, sizeof *statement);

    if (statement == NULL)
        return STORE_ERR_MEMORY;
    statement->statement = (struct statement){ &engine, store };
    statement->connection = connection;
    int result = sqlite3_prepare_v3(connection, text, -1, SQLITE_PREPARE_PERSISTENT, &statement->native, NULL);
    if (result != SQLITE_OK) {
        free(statement);
        return sqlite_store_error(result);
    }
    *out = &statement->statement;
    return 0;
}
