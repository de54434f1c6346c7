#include "store/postgres/postgres_statement.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/postgres/postgres_prepared.h"
#include "store/postgres/postgres_rows.h"

#define NUMBER_SIZE 24 /* characters of an int64 and a zero */
#define ROWS_SKIPPED 64 /* that are left unread before the server is asked to stop */

/* What is bound to a place, as it is sent. */
struct place {
    const char *value; /* NULL is NULL */
    int size;
    int format; /* 1 binary */
    struct postgres_bytes own;
    char number[NUMBER_SIZE];
};

enum row_source { ROWS_NONE, ROWS_COMING, ROWS_PARKED };

struct postgres_statement {
    struct statement statement;
    struct postgres_prepared prepared;
    struct place *places;
    int places_made; /* as many as there may ever be: of the text, and of the columns of rows */
    int given_error;      /* why the rows could not be bound; STORE_ERR_STATEMENT when none were */
    enum row_source source;
    PGresult *row; /* the row that is there, when it came by itself */
    struct postgres_rows parked;
    int broken; /* what the parked rows end with: 0 their last one, else STORE_ERR_* */
    struct postgres_value *values;
    char (*numbers)[NUMBER_SIZE];
};

static inline struct postgres_statement *of(struct statement *statement)
{
    return (struct postgres_statement *)statement;
}

static inline struct postgres_store *store_of(const struct postgres_statement *statement)
{
    return postgres_of(statement->statement.store);
}

static void row_clear(struct postgres_statement *statement)
{
    PQclear(statement->row);
    statement->row = NULL;
}

/* What nobody wants to read is not brought here; inside a transaction stopping the server would end that too, so it is. */
static void coming_end(struct postgres_statement *statement)
{
    struct postgres_store *store = store_of(statement);
    int skipped = 0;

    for (PGresult *result; (result = postgres_connection_result(&store->connection)) != NULL; PQclear(result))
        if (++skipped == ROWS_SKIPPED && !store->in_transaction)
            postgres_connection_cancel(&store->connection);
    store->reading = NULL;
    (void)postgres_exchange_end(store, 0);
}

static void rows_end(struct postgres_statement *statement)
{
    enum row_source source = statement->source;

    if (source == ROWS_NONE)
        return;
    statement->source = ROWS_NONE;
    row_clear(statement);
    if (source == ROWS_COMING)
        coming_end(statement);
    else
        postgres_rows_clear(&statement->parked);
}

static void engine_finalize(struct statement *base)
{
    struct postgres_statement *statement = of(base);

    rows_end(statement);
    for (int i = 0; i < statement->places_made; i++)
        free(statement->places[i].own.bytes);
    postgres_prepared_free(store_of(statement), &statement->prepared);
    free(statement->places);
    free(statement->values);
    free(statement->numbers);
    free(statement);
}

static void engine_reset(struct statement *base)
{
    struct postgres_statement *statement = of(base);

    rows_end(statement);
    for (int i = 0; i < statement->places_made; i++)
        statement->places[i].value = NULL;
    statement->given_error = statement->prepared.given_place > 0 ? STORE_ERR_STATEMENT : 0;
}

static struct place *place_at(struct postgres_statement *statement, int place)
{
    assert(place >= 1 && place <= statement->prepared.text.places);
    return &statement->places[place - 1];
}

static void engine_bind_integer(struct statement *base, int place, int64_t value)
{
    struct place *to = place_at(of(base), place);

    to->value = to->number;
    switch (of(base)->prepared.place_types[place - 1]) {
    case POSTGRES_INT8:
        postgres_put64((uint8_t *)to->number, (uint64_t)value);
        to->size = 8;
        to->format = 1;
        break;
    case POSTGRES_BOOL:
        snprintf(to->number, sizeof to->number, "%s", value != 0 ? "t" : "f");
        to->format = 0;
        break;
    default:
        snprintf(to->number, sizeof to->number, "%lld", (long long)value);
        to->format = 0;
        break;
    }
}

/* A copy of its own, with a zero behind it; without memory NULL is bound, which the schema or the text refuses. */
static const char *copy_make(struct place *place, struct span from)
{
    if (from.size + 1 > place->own.capacity) {
        uint8_t *grown = realloc(place->own.bytes, from.size + 1);
        if (grown == NULL)
            return NULL;
        place->own.bytes = grown;
        place->own.capacity = from.size + 1;
    }
    if (from.size > 0)
        memcpy(place->own.bytes, from.bytes, from.size);
    place->own.bytes[from.size] = 0;
    return (const char *)place->own.bytes;
}

/* Binary is the bytes themselves for texts and bytes; words of a number have to be read by the server. */
static bool takes_bytes(unsigned type)
{
    return type == POSTGRES_TEXT || type == POSTGRES_BYTEA || type == POSTGRES_VARCHAR || type == POSTGRES_BPCHAR;
}

static void span_bind(struct postgres_statement *statement, int place, struct span value, bool lasts)
{
    struct place *to = place_at(statement, place);
    bool is_binary = takes_bytes(statement->prepared.place_types[place - 1]);

    to->format = is_binary ? 1 : 0;
    to->size = (int)value.size;
    to->value = lasts && is_binary ? (const char *)value.bytes : copy_make(to, value);
}

static void engine_bind_text(struct statement *base, int place, struct span text, bool lasts)
{
    if (text.bytes != NULL)
        span_bind(of(base), place, text, lasts);
    else
        place_at(of(base), place)->value = NULL;
}

static void engine_bind_bytes(struct statement *base, int place, struct span bytes)
{
    span_bind(of(base), place, bytes, false);
}

/* An array for each column: the first in the place of the rows, the others behind the text's own. */
static void engine_bind_rows(struct statement *base, int place, const struct given_rows *rows)
{
    struct postgres_statement *statement = of(base);
    int error = place == statement->prepared.given_place ? postgres_prepared_give(store_of(statement), &statement->prepared, rows)
                                                         : STORE_ERR_STATEMENT;

    for (size_t column = 0; error == 0 && column < rows->column_count; column++) {
        int at = column == 0 ? place - 1 : statement->prepared.text.places + (int)column - 1;
        struct place *to = &statement->places[at];
        error = postgres_given_array(rows, column, &to->own);
        to->value = (const char *)to->own.bytes;
        to->size = (int)to->own.size;
        to->format = 1;
    }
    statement->given_error = error;
}

/* The columns are known when it is prepared; with rows given, that is late. */
static int values_make(struct postgres_statement *statement)
{
    size_t count = (size_t)statement->prepared.column_count;

    if (statement->values != NULL)
        return 0;
    statement->values = calloc(count + 1, sizeof *statement->values);
    statement->numbers = calloc(count + 1, sizeof *statement->numbers);
    if (statement->values == NULL || statement->numbers == NULL)
        return STORE_ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        statement->values[i].type = statement->prepared.column_types[i];
    return 0;
}

static bool statement_send(struct postgres_statement *statement)
{
    const char *values[POSTGRES_PLACES];
    int sizes[POSTGRES_PLACES], formats[POSTGRES_PLACES];
    char name[24];
    int count = statement->prepared.place_count;

    for (int i = 0; i < count; i++) {
        values[i] = statement->places[i].value;
        sizes[i] = statement->places[i].size;
        formats[i] = statement->places[i].format;
    }
    snprintf(name, sizeof name, "s%u", statement->prepared.number);
    return PQsendQueryPrepared(store_of(statement)->connection.native, name, count, values, sizes, formats, 1) == 1;
}

static int exchange_try(struct postgres_statement *statement)
{
    struct postgres_store *store = store_of(statement);
    int error = postgres_exchange_begin(store);

    if (error != 0)
        return error;
    error = postgres_exchange_send(store, postgres_prepared_send(store, &statement->prepared) && statement_send(statement));
    if (error == 0)
        statement->prepared.connection = store->connections;
    return error;
}

/* Send it with what is bound; its results come next. */
static int exchange_start(struct postgres_statement *statement)
{
    rows_end(statement);
    if (statement->given_error != 0)
        return statement->given_error;
    int error = values_make(statement);
    if (error == 0)
        error = exchange_try(statement);
    return postgres_exchange_again(store_of(statement), error) ? exchange_try(statement) : error;
}

static int run_once(struct postgres_statement *statement, int *changed)
{
    struct postgres_store *store = store_of(statement);
    int error = exchange_start(statement);

    if (error != 0)
        return error;
    PGresult *result = postgres_connection_result(&store->connection);
    error = postgres_connection_error(&store->connection, result);
    if (error == 0 && result != NULL && PQresultStatus(result) == PGRES_COMMAND_OK)
        *changed = (int)strtol(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return postgres_exchange_end(store, error);
}

/* SAVEPOINT and what belongs to it wait for the next statement, as those of store.h do. */
static bool mark_is(const char *text)
{
    return strncmp(text, "SAVEPOINT ", 10) == 0 || strncmp(text, "RELEASE ", 8) == 0 || strncmp(text, "ROLLBACK TO ", 12) == 0;
}

static int engine_run(struct statement *base)
{
    const char *text = of(base)->prepared.text.text;
    int changed = 0;

    if (mark_is(text))
        return base->store->engine->mark(base->store, text);
    int error = run_once(of(base), &changed);

    return error != 0 ? error : changed;
}

static void row_show(struct postgres_statement *statement)
{
    for (int i = 0; i < statement->prepared.column_count; i++) {
        statement->values[i].bytes = (const uint8_t *)PQgetvalue(statement->row, 0, i);
        statement->values[i].size = PQgetisnull(statement->row, 0, i) ? -1 : PQgetlength(statement->row, 0, i);
    }
}

/* The next result is a row, or the end.
 * returns  1; 0 or STORE_ERR_*, with the exchange ended */
static int coming_next(struct postgres_statement *statement)
{
    struct postgres_store *store = store_of(statement);

    row_clear(statement);
    PGresult *result = postgres_connection_result(&store->connection);
    if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
        statement->row = result;
        row_show(statement);
        return 1;
    }
    int error = postgres_connection_error(&store->connection, result);
    PQclear(result);
    statement->source = ROWS_NONE;
    store->reading = NULL;
    return postgres_exchange_end(store, error);
}

static int rows_begin(struct postgres_statement *statement)
{
    struct postgres_store *store = store_of(statement);
    int error = exchange_start(statement);

    if (error != 0)
        return error;
    (void)PQsetSingleRowMode(store->connection.native);
    statement->source = ROWS_COMING;
    store->reading = statement;
    return coming_next(statement);
}

static int parked_next(struct postgres_statement *statement)
{
    row_clear(statement);
    int found = postgres_rows_next(&statement->parked, statement->values, statement->prepared.column_count);

    if (found == 1)
        return 1;
    found = found < 0 ? found : statement->broken;
    statement->source = ROWS_NONE;
    postgres_rows_clear(&statement->parked);
    return found;
}

static int engine_row(struct statement *base)
{
    struct postgres_statement *statement = of(base);

    switch (statement->source) {
    case ROWS_COMING:
        return coming_next(statement);
    case ROWS_PARKED:
        return parked_next(statement);
    default: {
        int found = rows_begin(statement);
        if (postgres_exchange_again(store_of(statement), found))
            found = rows_begin(statement);
        return found;
    }
    }
}

int postgres_statement_park(struct postgres_statement *statement)
{
    struct postgres_store *store = store_of(statement);
    int error = 0;

    for (PGresult *result; (result = postgres_connection_result(&store->connection)) != NULL; PQclear(result)) {
        bool is_row = PQresultStatus(result) == PGRES_SINGLE_TUPLE;
        int found = is_row && error == 0 ? postgres_rows_add(&statement->parked, result)
                                         : postgres_connection_error(&store->connection, result);
        error = error != 0 ? error : found;
    }
    statement->source = ROWS_PARKED;
    store->reading = NULL;
    statement->broken = postgres_exchange_end(store, error);
    return 0;
}

void postgres_statement_lost(struct postgres_statement *statement)
{
    statement->source = ROWS_PARKED;
    statement->broken = STORE_ERR_CONNECTION;
}

static void engine_end(struct statement *base)
{
    rows_end(of(base));
}

static const struct postgres_value *value_at(struct statement *base, int column)
{
    assert(column >= 0 && column < of(base)->prepared.column_count);
    return &of(base)->values[column];
}

static int64_t engine_integer(struct statement *base, int column)
{
    return postgres_value_integer(value_at(base, column));
}

static struct span engine_bytes(struct statement *base, int column)
{
    const struct postgres_value *value = value_at(base, column);

    return span_of_bytes(value->size > 0 ? value->bytes : NULL, value->size > 0 ? (size_t)value->size : 0);
}

static struct span engine_text(struct statement *base, int column)
{
    const struct postgres_value *value = value_at(base, column);

    if (value->size < 0)
        return span_of_bytes(NULL, 0);
    if (postgres_value_type(value) != STATEMENT_INTEGER)
        return span_of_bytes(value->bytes, (size_t)value->size);
    char *number = of(base)->numbers[column];
    int size = snprintf(number, NUMBER_SIZE, "%lld", (long long)postgres_value_integer(value));
    return span_of_bytes(number, (size_t)size);
}

static enum statement_type engine_type(struct statement *base, int column)
{
    return postgres_value_type(value_at(base, column));
}

static int engine_places(struct statement *base)
{
    return of(base)->prepared.text.places;
}

static int engine_place(struct statement *base, const char *name)
{
    const struct postgres_text *text = &of(base)->prepared.text;

    for (int i = 0; i < text->places; i++)
        if (text->names[i] != NULL && strcmp(text->names[i], name) == 0)
            return i + 1;
    return 0;
}

static const char *engine_place_name(struct statement *base, int place)
{
    return of(base)->prepared.text.names[place - 1];
}

static int engine_columns(struct statement *base)
{
    return of(base)->prepared.column_count;
}

static const char *engine_column_name(struct statement *base, int column)
{
    return of(base)->prepared.column_names[column];
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

static int statement_make(struct postgres_store *store, const char *text, struct postgres_statement *statement)
{
    int error = postgres_prepared_make(store, text, &statement->prepared);

    if (error != 0)
        return error;
    statement->statement = (struct statement){ &engine, &store->store };
    statement->given_error = statement->prepared.given_place > 0 ? STORE_ERR_STATEMENT : 0;
    statement->places_made = statement->prepared.place_count + (statement->prepared.given_place > 0 ? GIVEN_COLUMN_LIMIT : 0);
    statement->places = calloc((size_t)statement->places_made + 1, sizeof *statement->places);
    if (statement->places != NULL)
        return 0;
    postgres_prepared_free(store, &statement->prepared);
    return STORE_ERR_MEMORY;
}

int postgres_statement_prepare(struct postgres_store *store, const char *text, struct statement **out)
{
    struct postgres_statement *statement = calloc(1, sizeof *statement);
    int error = statement != NULL ? statement_make(store, text, statement) : STORE_ERR_MEMORY;

    if (error != 0) {
        free(statement);
        return error;
    }
    *out = &statement->statement;
    return 0;
}

int64_t postgres_statement_last_identifier(struct postgres_store *store)
{
    char word[NUMBER_SIZE] = "";

    if (postgres_exchange_ready(store) != 0 || store->begin_waits ||
        postgres_exchange_word(store, "SELECT lastval()", word, sizeof word) != 0)
        return 0;
    return strtoll(word, NULL, 10);
}
