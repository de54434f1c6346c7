#include "store/postgres/postgres_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/postgres/postgres_statement.h"
#include "store/postgres/postgres_text.h"

/* One pen: whoever writes holds this lock until the transaction ends. The number is asked for here because the answer to
 * COMMIT may be lost, see postgres_outcome.c. */
static const char pen_text[] =
    "SELECT pg_current_xact_id()::text, pg_advisory_xact_lock(hashtext('meterworks'), hashtext(current_schema()))";
/* The server's timeline; and our session, told from a later one that has got its number. */
static const char session_text[] =
    "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int || ' ' || format('pid = %s AND backend_start"
    " = %L', pid, backend_start) FROM pg_stat_activity WHERE pid = pg_backend_pid()";
static const char alone_text[] = "SELECT pg_advisory_lock(hashtext('meterworks alone'), hashtext(current_schema()))::text";

static int word_ask(struct postgres_connection *connection, const char *text, char *word, size_t capacity)
{
    PGresult *result = postgres_connection_ask(connection, text);
    int error = postgres_connection_error(connection, result);

    if (error == 0)
        snprintf(word, capacity, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return error;
}

/* Our server may stand still, its connections open, while another one has been made the one to write to. */
static void another_look_for(void *context)
{
    struct postgres_store *store = context;
    struct postgres_connection other = { .native = NULL };
    char word[sizeof store->session + 24];

    if (postgres_connection_open(&other, &store->config) != 0)
        return;
    if (word_ask(&other, session_text, word, sizeof word) == 0 && strtoll(word, NULL, 10) != store->timeline)
        postgres_connection_break(&store->connection);
    postgres_connection_close(&other);
}

void postgres_exchange_forget(struct postgres_store *store)
{
    struct postgres_statement *reading = store->reading;

    store->reading = NULL;
    if (reading != NULL)
        postgres_statement_lost(reading);
    postgres_connection_close(&store->connection);
    store->dropped_count = 0;
    if (store->begin_waits)
        return; /* the transaction may begin on the next */
    store->doomed = store->in_transaction;
    store->waiting_count = 0;
}

/* A session of ours whose connection was lost may not have noticed: it would keep the pen, and the place of the one who is
 * alone. */
static void session_end(struct postgres_store *store)
{
    char text[sizeof store->session + 120], word[8];

    if (store->session[0] == '\0')
        return;
    snprintf(text, sizeof text, "SELECT pg_terminate_backend(pid, 1000)::text FROM pg_stat_activity WHERE %s", store->session);
    (void)postgres_exchange_word(store, text, word, sizeof word);
    store->session[0] = '\0';
}

static int writer_begin(struct postgres_store *store)
{
    char word[sizeof store->session + 24];
    char *rest;
    int error;

    session_end(store);
    error = postgres_exchange_word(store, session_text, word, sizeof word);
    if (error != 0)
        return error;
    store->timeline = strtoll(word, &rest, 10);
    snprintf(store->session, sizeof store->session, "%s", rest);
    store->connection.silent = another_look_for;
    store->connection.silent_context = store;
    return store->config.alone ? postgres_exchange_word(store, alone_text, word, sizeof word) : 0;
}

/* What was made in the session before went with it. */
static int session_make(struct postgres_store *store)
{
    struct postgres_text made;
    int error = 0;

    for (int i = 0; error == 0 && i < store->store.session_count; i++) {
        error = postgres_text_make(store->store.session_texts[i], &made);
        if (error != 0)
            return error;
        PGresult *result = postgres_connection_ask(&store->connection, made.text);
        error = postgres_connection_error(&store->connection, result);
        PQclear(result);
        postgres_text_free(&made);
    }
    return error;
}

static int connection_open(struct postgres_store *store)
{
    int error = postgres_connection_open(&store->connection, &store->config);

    if (error != 0)
        return error;
    store->connections++;
    error = store->config.read_only ? 0 : writer_begin(store);
    if (error == 0)
        error = session_make(store);
    if (error != 0)
        postgres_connection_close(&store->connection);
    return error;
}

void postgres_exchange_drop(struct postgres_store *store, unsigned statement)
{
    if (store->dropped_count < POSTGRES_DROPPED_LIMIT)
        store->dropped[store->dropped_count++] = statement; /* the server keeps what is beyond: see dropped_forget */
}

/* A transaction that has failed takes no statement, so this waits for its end. */
static void dropped_forget(struct postgres_store *store)
{
    char text[POSTGRES_DROPPED_LIMIT * 24] = "";
    size_t size = 0;

    if (store->dropped_count < POSTGRES_DROPPED_LIMIT / 2 ||
        PQtransactionStatus(store->connection.native) == PQTRANS_INERROR)
        return;
    for (int i = 0; i < store->dropped_count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "DEALLOCATE s%u;", store->dropped[i]);
    store->dropped_count = 0;
    PQclear(postgres_connection_ask(&store->connection, text));
}

int postgres_exchange_ready(struct postgres_store *store)
{
    if (store->unsure)
        return STORE_ERR_UNSURE;
    if (store->doomed)
        return STORE_ERR_CONNECTION;
    if (store->reading != NULL && !postgres_connection_lost(&store->connection)) {
        int error = postgres_statement_park(store->reading);
        if (error != 0)
            return error;
    }
    if (!postgres_connection_lost(&store->connection)) {
        dropped_forget(store);
        return 0;
    }
    postgres_exchange_forget(store);
    return store->doomed ? STORE_ERR_CONNECTION : connection_open(store);
}

void postgres_exchange_leads(struct postgres_store *store)
{
    store->leading++;
}

static bool command_send(struct postgres_store *store, const char *text)
{
    if (PQsendQueryParams(store->connection.native, text, 0, NULL, NULL, NULL, NULL, 0) == 0)
        return false;
    store->leading++;
    return true;
}

/* Who only reads wants one state for all its statements, and no pen. */
static bool begin_send(struct postgres_store *store)
{
    if (store->config.read_only)
        return command_send(store, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    return command_send(store, "BEGIN") && command_send(store, pen_text);
}

static bool waiting_send(struct postgres_store *store)
{
    store->led_by_begin = store->begin_waits;
    if (store->begin_waits && !begin_send(store))
        return false;
    for (int i = 0; i < store->waiting_count; i++)
        if (!command_send(store, store->waiting[i]))
            return false;
    return true;
}

int postgres_exchange_begin(struct postgres_store *store)
{
    store->repeatable = store->begin_waits || (store->config.read_only && !store->in_transaction);
    int error = postgres_exchange_ready(store);
    if (error != 0)
        return error;
    store->leading = 0;
    store->connection.may_cancel = true;
    store->connection.cancelled = false;
    if (PQenterPipelineMode(store->connection.native) == 1 && waiting_send(store))
        return 0;
    return postgres_exchange_end(store, postgres_connection_lost(&store->connection) ? STORE_ERR_CONNECTION
                                                                                     : STORE_ERR_MEMORY);
}

/* The answer to pen_text is the only one that has a row. */
static void transaction_note(struct postgres_store *store, const PGresult *result)
{
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
        store->transaction = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
}

static int leading_take(struct postgres_store *store)
{
    int first = 0;

    for (; store->leading > 0; store->leading--) {
        for (PGresult *result; (result = postgres_connection_result(&store->connection)) != NULL; PQclear(result)) {
            int error = postgres_connection_error(&store->connection, result);
            first = first != 0 ? first : error;
            if (store->led_by_begin)
                transaction_note(store, result);
            if (error != 0 && postgres_connection_lost(&store->connection)) {
                PQclear(result);
                return first;
            }
        }
    }
    return first;
}

int postgres_exchange_send(struct postgres_store *store, bool is_sent)
{
    int error = 0;

    if (!is_sent || PQpipelineSync(store->connection.native) == 0)
        error = postgres_connection_lost(&store->connection) ? STORE_ERR_CONNECTION : STORE_ERR_MEMORY;
    if (error == 0)
        error = leading_take(store);
    if (error != 0)
        return postgres_exchange_end(store, error);
    store->repeatable &= !store->led_by_begin;
    store->begin_waits = false;
    store->waiting_count = 0;
    return 0;
}

/* Until the server is ready again. A request that could not be sent whole has no end: its connection is given up. */
static int answers_take(struct postgres_store *store, int error)
{
    struct postgres_connection *connection = &store->connection;
    int empty = 0;

    while (!postgres_connection_lost(connection) && empty < 2) {
        PGresult *result = postgres_connection_result(connection);
        ExecStatusType status = PQresultStatus(result);
        int found = result != NULL ? postgres_connection_error(connection, result) : 0;
        error = error != 0 ? error : found;
        empty = result == NULL ? empty + 1 : 0;
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC && PQexitPipelineMode(connection->native) == 1)
            return error;
    }
    if (!postgres_connection_lost(connection) && PQexitPipelineMode(connection->native) == 1)
        return error;
    postgres_connection_close(connection);
    return error != 0 ? error : STORE_ERR_CONNECTION;
}

/* After an error in the request that began it, the server's own transaction has failed and waits for its end: so do we. */
int postgres_exchange_end(struct postgres_store *store, int error)
{
    error = answers_take(store, error);
    store->leading = 0;
    if (postgres_connection_lost(&store->connection)) {
        postgres_exchange_forget(store);
        return error;
    }
    if (PQtransactionStatus(store->connection.native) == PQTRANS_IDLE && store->in_transaction && store->begin_waits)
        return error;
    store->begin_waits = false;
    store->waiting_count = 0;
    store->in_transaction = PQtransactionStatus(store->connection.native) != PQTRANS_IDLE;
    return error;
}

bool postgres_exchange_again(struct postgres_store *store, int error)
{
    return error == STORE_ERR_CONNECTION && store->repeatable && !store->connection.cancelled;
}

int postgres_exchange_wait(struct postgres_store *store, const char *command)
{
    if (store->waiting_count == POSTGRES_WAITING_LIMIT) {
        int error = postgres_exchange_text(store, "");
        if (error != 0)
            return error;
    }
    snprintf(store->waiting[store->waiting_count++], POSTGRES_COMMAND_SIZE, "%s", command);
    return 0;
}

/* What waits is sent alone. */
static int waiting_flush(struct postgres_store *store)
{
    if (!store->begin_waits && store->waiting_count == 0)
        return postgres_exchange_ready(store);
    int error = postgres_exchange_begin(store);
    if (error == 0)
        error = postgres_exchange_send(store, true);
    return error == 0 ? postgres_exchange_end(store, 0) : error;
}

static int text_run(struct postgres_store *store, const char *text)
{
    struct postgres_connection *connection = &store->connection;
    int error = 0;

    if (PQsendQuery(connection->native, text) == 0)
        error = STORE_ERR_CONNECTION;
    for (PGresult *result; error != STORE_ERR_CONNECTION && (result = postgres_connection_result(connection)) != NULL;
         PQclear(result)) {
        int found = postgres_connection_error(connection, result);
        error = error != 0 ? error : found;
    }
    if (postgres_connection_lost(connection))
        postgres_exchange_forget(store);
    else
        store->in_transaction = PQtransactionStatus(connection->native) != PQTRANS_IDLE;
    return error;
}

int postgres_exchange_text(struct postgres_store *store, const char *text)
{
    int error = waiting_flush(store);

    if (postgres_exchange_again(store, error))
        error = waiting_flush(store);
    if (error != 0 || text[0] == '\0')
        return error;
    store->connection.may_cancel = true;
    store->connection.cancelled = false;
    return text_run(store, text);
}

int postgres_exchange_word(struct postgres_store *store, const char *text, char *word, size_t capacity)
{
    return word_ask(&store->connection, text, word, capacity);
}
