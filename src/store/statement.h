/* One prepared statement, whichever database is behind the store, and short words to bind, step and read it.
 *
 * Each use: statement_reset, bind, then statement_run, or statement_row until it answers 0 (statement_end before that).
 * A statement belongs to the thread of its store. The words are inline: they cost a call into the engine, no more. */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "store/store.h"

struct given_rows;

enum statement_type { STATEMENT_NULL, STATEMENT_INTEGER, STATEMENT_TEXT, STATEMENT_BYTES };

struct statement;

/* What an engine does for the words below. */
struct statement_engine {
    void (*finalize)(struct statement *statement);
    void (*reset)(struct statement *statement);
    void (*bind_integer)(struct statement *statement, int place, int64_t value);
    void (*bind_text)(struct statement *statement, int place, struct span text, bool lasts);
    void (*bind_bytes)(struct statement *statement, int place, struct span bytes);
    void (*bind_rows)(struct statement *statement, int place, const struct given_rows *rows);
    int (*run)(struct statement *statement);
    int (*row)(struct statement *statement);
    void (*end)(struct statement *statement);
    int64_t (*integer)(struct statement *statement, int column);
    struct span (*text)(struct statement *statement, int column);
    struct span (*bytes)(struct statement *statement, int column);
    enum statement_type (*type)(struct statement *statement, int column);
    int (*places)(struct statement *statement);
    int (*place)(struct statement *statement, const char *name);
    const char *(*place_name)(struct statement *statement, int place);
    int (*columns)(struct statement *statement);
    const char *(*column_name)(struct statement *statement, int column);
};

/* The common beginning of what an engine keeps of a statement. */
struct statement {
    const struct statement_engine *engine;
    struct store *store;
};

/* Prepare one text.
 * out      owned by the caller, given back with statement_finalize; untouched on failure
 * returns  0; STORE_ERR_STATEMENT for a text that does not fit the schema; STORE_ERR_MEMORY; STORE_ERR_* */
int statement_prepare(struct store *store, const char *text, struct statement **out);

/* Accepts NULL. */
void statement_finalize(struct statement *statement);

/* Ready to be bound anew: no bindings (what is not bound is NULL), no row. */
static inline void statement_reset(struct statement *statement)
{
    statement->engine->reset(statement);
}

/* Bind at one place (1 is the first). A place that the text does not have is a mistake of the caller (assertion). */
static inline void statement_bind_integer(struct statement *statement, int place, int64_t value)
{
    statement->engine->bind_integer(statement, place, value);
}

/* Bind the integers to parameters 1 to count, in order. */
static inline void statement_bind_integers(struct statement *statement, const int64_t values[], int count)
{
    for (int i = 0; i < count; i++)
        statement->engine->bind_integer(statement, i + 1, values[i]);
}

/* Text is copied; NULL binds NULL. */
void statement_bind_text(struct statement *statement, int place, const char *text);

/* Text that lives as long as the program, such as a name of an enum: not copied. */
void statement_bind_name(struct statement *statement, int place, const char *text);

/* Text that lives until the statement has run: not copied. */
static inline void statement_bind_span(struct statement *statement, int place, struct span text)
{
    statement->engine->bind_text(statement, place, text, true);
}

/* Text, and bytes, of any length: copied. */
static inline void statement_bind_copy(struct statement *statement, int place, struct span text)
{
    statement->engine->bind_text(statement, place, text, false);
}

void statement_bind_bytes(struct statement *statement, int place, const void *bytes, size_t size);

/* Step a statement that gives no rows, and reset it.
 * returns  rows changed (0 or more); STORE_ERR_* */
static inline int statement_run(struct statement *statement)
{
    return statement->engine->run(statement);
}

/* As statement_run where it does not matter how many rows changed: 0; STORE_ERR_* */
static inline int statement_change(struct statement *statement)
{
    int changed = statement_run(statement);

    return changed < 0 ? changed : 0;
}

/* The same for one new row: 0 and the identifier it got; STORE_ERR_* with *identifier untouched */
int statement_run_insert(struct statement *statement, int64_t *identifier);

/* Step to the next row.
 * returns  1 a row is there; 0 no more (reset already); STORE_ERR_* (reset already) */
static inline int statement_row(struct statement *statement)
{
    return statement->engine->row(statement);
}

/* The integer that the only row of a statement gives, stepped to its end: what RETURNING gives is written only then.
 * returns  1 and *number; 0 no row; STORE_ERR_* */
int statement_number(struct statement *statement, int64_t *number);

/* End a query before its last row. */
static inline void statement_end(struct statement *statement)
{
    statement->engine->end(statement);
}

/* Column `column` (0 is the first) of the row; 0 for NULL. Only while a row is there. */
static inline int64_t statement_integer(struct statement *statement, int column)
{
    return statement->engine->integer(statement, column);
}

/* The same for a column whose values fit; higher bits are cut off. */
static inline int statement_int(struct statement *statement, int column)
{
    return (int)statement->engine->integer(statement, column);
}

static inline bool statement_is_null(struct statement *statement, int column)
{
    return statement->engine->type(statement, column) == STATEMENT_NULL;
}

static inline enum statement_type statement_type(struct statement *statement, int column)
{
    return statement->engine->type(statement, column);
}

/* The column as text that ends with 0, NULL for NULL; it lives until the next step or reset. */
static inline const char *statement_text_at(struct statement *statement, int column)
{
    return (const char *)statement->engine->text(statement, column).bytes;
}

/* The same with its size; bytes that may contain 0. Empty for NULL. They live until the next step or reset. */
static inline struct span statement_text_span(struct statement *statement, int column)
{
    return statement->engine->text(statement, column);
}

static inline struct span statement_bytes(struct statement *statement, int column)
{
    return statement->engine->bytes(statement, column);
}

/* Copy the column as text, cut at a code point when it is longer than the buffer; "" for NULL. */
void statement_text(struct statement *statement, int column, char *text, size_t capacity);

/* How many places and columns the text has; the place of ":name" (0: none) and the other way round (NULL for ?1); the
 * name of a column, which lives as long as the statement. */
static inline int statement_places(struct statement *statement)
{
    return statement->engine->places(statement);
}

static inline int statement_place(struct statement *statement, const char *name)
{
    return statement->engine->place(statement, name);
}

static inline const char *statement_place_name(struct statement *statement, int place)
{
    return statement->engine->place_name(statement, place);
}

static inline int statement_columns(struct statement *statement)
{
    return statement->engine->columns(statement);
}

static inline const char *statement_column_name(struct statement *statement, int column)
{
    return statement->engine->column_name(statement, column);
}

#endif
