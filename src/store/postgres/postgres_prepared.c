#include "store/postgres/postgres_prepared.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/cut_text.h"
#include "store/postgres/postgres_value.h"

#define NAME_SIZE 16

static const char *native_text(const struct postgres_prepared *prepared)
{
    return prepared->given_text != NULL ? prepared->given_text : prepared->text.text;
}

static void name_write(unsigned number, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "s%u", number);
}

static void columns_free(struct postgres_prepared *prepared)
{
    for (int i = 0; i < prepared->column_count; i++)
        free(prepared->column_names[i]);
    free(prepared->column_names);
    free(prepared->column_types);
    prepared->column_names = NULL;
    prepared->column_types = NULL;
    prepared->column_count = 0;
}

static int column_note(struct postgres_prepared *prepared, const PGresult *description, int column)
{
    prepared->column_types[column] = PQftype(description, column);
    prepared->column_names[column] = strdup(PQfname(description, column));
    prepared->column_count = column + 1;
    if (prepared->column_names[column] == NULL)
        return STORE_ERR_MEMORY;
    if (postgres_type_known(prepared->column_types[column]))
        return 0;
    log_write(LOG_STORE, LOG_ERROR, "", "column %s of a statement has type %u, which is not read",
              prepared->column_names[column], prepared->column_types[column]);
    return STORE_ERR_STATEMENT;
}

static int columns_note(struct postgres_prepared *prepared, const PGresult *description)
{
    size_t count = (size_t)PQnfields(description);
    int error = 0;

    columns_free(prepared);
    prepared->column_names = calloc(count + 1, sizeof *prepared->column_names);
    prepared->column_types = calloc(count + 1, sizeof *prepared->column_types);
    if (prepared->column_names == NULL || prepared->column_types == NULL)
        return STORE_ERR_MEMORY;
    for (int i = 0; error == 0 && i < (int)count; i++)
        error = column_note(prepared, description, i);
    return error;
}

/* Have the server parse a text under the name, with `types` as far as they are not 0. */
static int parse(struct postgres_store *store, const struct postgres_prepared *prepared, const char *text, const unsigned types[])
{
    char name[NAME_SIZE];

    name_write(prepared->number, name);
    struct postgres_connection *connection = &store->connection;
    PGresult *result = postgres_connection_last(
        connection, PQsendPrepare(connection->native, name, text, prepared->place_count, types) == 1);
    int error = postgres_connection_error(&store->connection, result);
    if (error == STORE_ERR_STATEMENT)
        log_write(LOG_STORE, LOG_ERROR, "", "the statement is: %s", text);
    PQclear(result);
    return error;
}

static int describe(struct postgres_store *store, struct postgres_prepared *prepared)
{
    char name[NAME_SIZE];

    name_write(prepared->number, name);
    PGresult *result = postgres_connection_last(&store->connection, PQsendDescribePrepared(store->connection.native, name) == 1);
    int error = postgres_connection_error(&store->connection, result);
    if (error == 0 && PQnparams(result) > POSTGRES_PLACES)
        error = STORE_ERR_STATEMENT;
    if (error == 0) {
        int known = prepared->place_count;
        prepared->place_count = PQnparams(result) > known ? PQnparams(result) : known;
        for (int i = 0; i < PQnparams(result); i++)
            prepared->place_types[i] = PQparamtype(result, i);
        error = columns_note(prepared, result);
    }
    PQclear(result);
    return error;
}

/* The program's integers have 64 bits; beside a literal, or a smaller function's argument, the server guesses fewer.
 * returns  true when a place was widened */
static bool widen(const struct postgres_prepared *prepared, unsigned types[])
{
    bool any = false;

    for (int i = 0; i < prepared->place_count; i++) {
        bool is_small = prepared->place_types[i] == POSTGRES_INT4 || prepared->place_types[i] == POSTGRES_INT2;
        types[i] = is_small ? POSTGRES_INT8 : prepared->place_types[i];
        any |= is_small;
    }
    return any;
}

/* A second look, with wide integers and the types that the probe has told; a text that does not allow wide ones (an argument of a
 * function) stays as it was.
 * probe  what was parsed first: the text itself, when it leaves no type open */
static int parse_wide(struct postgres_store *store, struct postgres_prepared *prepared, const char *probe)
{
    bool is_whole = strcmp(probe, native_text(prepared)) == 0;
    unsigned types[POSTGRES_PLACES];
    bool guarded = PQtransactionStatus(store->connection.native) == PQTRANS_INTRANS;
    unsigned first = prepared->number;

    if (!widen(prepared, types) && is_whole)
        return 0;
    if (guarded)
        PQclear(postgres_connection_ask(&store->connection, "SAVEPOINT widen"));
    prepared->number = ++store->statements;
    char name[NAME_SIZE];
    name_write(prepared->number, name);
    PGresult *result = postgres_connection_last(
        &store->connection,
        PQsendPrepare(store->connection.native, name, native_text(prepared), prepared->place_count, types) == 1);
    bool is_refused = PQresultStatus(result) != PGRES_COMMAND_OK;
    int error = is_whole ? 0 : postgres_connection_error(&store->connection, result);
    PQclear(result);
    if (guarded)
        PQclear(postgres_connection_ask(&store->connection, is_refused ? "ROLLBACK TO widen" : "RELEASE widen"));
    if (is_refused) {
        prepared->number = first;
        return postgres_connection_lost(&store->connection) ? STORE_ERR_CONNECTION : error;
    }
    postgres_exchange_drop(store, first);
    return describe(store, prepared);
}

static int look_once(struct postgres_store *store, struct postgres_prepared *prepared)
{
    const char *probe = prepared->given_text != NULL ? prepared->given_text : prepared->text.probe;
    unsigned types[POSTGRES_PLACES] = { 0 };
    int error = postgres_exchange_ready(store);

    memcpy(types, prepared->text.types, (size_t)prepared->text.places * sizeof *types);
    if (prepared->given_text != NULL)
        types[prepared->given_place - 1] = 0;

    if (error != 0)
        return error;
    prepared->number = ++store->statements;
    prepared->connection = 0;
    error = parse(store, prepared, probe, types);
    if (error == 0)
        error = describe(store, prepared);
    if (error == 0)
        error = parse_wide(store, prepared, probe);
    if (error == 0)
        prepared->connection = store->connections;
    if (postgres_connection_lost(&store->connection))
        postgres_exchange_forget(store);
    return error;
}

/* Preparing changes nothing: where no transaction is lost with the connection, it is done on the next. */
static int look(struct postgres_store *store, struct postgres_prepared *prepared)
{
    bool stands_alone = store->begin_waits || !store->in_transaction;
    int error = look_once(store, prepared);

    return error == STORE_ERR_CONNECTION && stands_alone ? look_once(store, prepared) : error;
}

int postgres_prepared_make(struct postgres_store *store, const char *text, struct postgres_prepared *out)
{
    struct postgres_prepared made = { 0 };
    char *chosen = cut_text_choose(text, store->is_cut);
    int error = chosen != NULL ? postgres_text_make(chosen, &made.text) : STORE_ERR_MEMORY;

    free(chosen);
    if (error != 0)
        return error;
    made.place_count = made.text.places;
    made.given_place = postgres_given_place(made.text.text);
    if (made.given_place == 0)
        error = look(store, &made);
    if (error != 0) {
        postgres_prepared_free(store, &made);
        return error;
    }
    *out = made;
    return 0;
}

int postgres_prepared_give(struct postgres_store *store, struct postgres_prepared *prepared, const struct given_rows *rows)
{
    assert(rows->column_count <= GIVEN_COLUMN_LIMIT);
    if (prepared->given_text != NULL && postgres_given_same(rows, prepared->given_types, prepared->given_count))
        return 0;
    free(prepared->given_text);
    if (prepared->connection == store->connections)
        postgres_exchange_drop(store, prepared->number);
    prepared->connection = 0;
    prepared->given_text = postgres_given_text(prepared->text.text, prepared->text.places, rows);
    if (prepared->given_text == NULL)
        return STORE_ERR_MEMORY;
    prepared->place_count = prepared->text.places + (int)rows->column_count - 1;
    prepared->given_count = rows->column_count;
    for (size_t i = 0; i < rows->column_count; i++)
        prepared->given_types[i] = rows->columns[i].type;
    return look(store, prepared);
}

bool postgres_prepared_send(struct postgres_store *store, struct postgres_prepared *prepared)
{
    char name[NAME_SIZE];

    if (prepared->connection == store->connections)
        return true;
    name_write(prepared->number, name);
    if (PQsendPrepare(store->connection.native, name, native_text(prepared), prepared->place_count, prepared->place_types) == 0)
        return false;
    postgres_exchange_leads(store);
    return true;
}

void postgres_prepared_free(struct postgres_store *store, struct postgres_prepared *prepared)
{
    if (prepared->connection != 0 && prepared->connection == store->connections)
        postgres_exchange_drop(store, prepared->number);
    columns_free(prepared);
    free(prepared->given_text);
    if (prepared->text.text != NULL)
        postgres_text_free(&prepared->text);
    *prepared = (struct postgres_prepared){ 0 };
}
