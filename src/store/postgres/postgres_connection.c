#include "store/postgres/postgres_connection.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"

#define DEFAULT_BUSY_TIMEOUT_MS 5000
#define ASK_MS 50        /* between two questions whether anyone still waits */
#define LEAVE_MS 2000    /* for the answer to being told to stop */
#define SILENCE_MS 10000 /* between two looks at a server that says nothing */

struct state_row {
    const char *state; /* the first characters of it */
    int error;
};

/* The first row that fits, so the narrower come first. PostgreSQL's appendix A. */
static const struct state_row state_rows[] = {
    { "00", 0 },
    { "53100", STORE_ERR_FULL },        /* disk_full */
    { "53200", STORE_ERR_MEMORY },      /* out_of_memory */
    { "53300", STORE_ERR_BUSY },        /* too_many_connections */
    { "55P03", STORE_ERR_BUSY },        /* lock_not_available */
    { "40", STORE_ERR_BUSY },           /* serialization_failure, deadlock_detected */
    { "57014", STORE_ERR_INTERRUPTED }, /* query_canceled */
    { "57P", STORE_ERR_CONNECTION },    /* admin_shutdown, crash_shutdown, cannot_connect_now */
    { "08", STORE_ERR_CONNECTION },
    { "23", STORE_ERR_CONSTRAINT },
    { "22021", STORE_ERR_CONSTRAINT }, /* character_not_in_repertoire: a text with a zero, or that is no UTF-8 */
    { "P0001", STORE_ERR_CONSTRAINT }, /* raise_exception of a trigger */
    { "25006", STORE_ERR_READ_ONLY },  /* read_only_sql_transaction */
    { "28", STORE_ERR_OPEN },          /* invalid_authorization_specification */
    { "3D000", STORE_ERR_OPEN },       /* invalid_catalog_name */
    { "58", STORE_ERR_INPUT_OUTPUT },
    { "XX001", STORE_ERR_CORRUPT }, /* data_corrupted */
    { "XX002", STORE_ERR_CORRUPT }, /* index_corrupted */
};

int postgres_state_error(const char *state)
{
    if (state == NULL)
        return STORE_ERR_CONNECTION;
    for (size_t i = 0; i < sizeof state_rows / sizeof state_rows[0]; i++)
        if (strncmp(state, state_rows[i].state, strlen(state_rows[i].state)) == 0)
            return state_rows[i].error;
    return STORE_ERR_STATEMENT;
}

bool postgres_connection_lost(const struct postgres_connection *connection)
{
    return connection->native == NULL || PQstatus(connection->native) == CONNECTION_BAD;
}

int postgres_connection_error(const struct postgres_connection *connection, const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_FATAL_ERROR && status != PGRES_BAD_RESPONSE && status != PGRES_PIPELINE_ABORTED)
        return 0;
    if (postgres_connection_lost(connection))
        return STORE_ERR_CONNECTION;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    int error = state != NULL ? postgres_state_error(state) : STORE_ERR_STATEMENT;
    const char *field = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *words = field != NULL ? field : "";
    if (error == STORE_ERR_STATEMENT && status != PGRES_PIPELINE_ABORTED)
        log_write(LOG_STORE, LOG_ERROR, "", "PostgreSQL refuses a statement: %s %s", state != NULL ? state : "", words);
    if (error == STORE_ERR_CONNECTION) /* not ours: of a cluster, to one of its workers */
        log_write(LOG_STORE, LOG_WARNING, "", "PostgreSQL misses a server: %s", words);
    return error;
}

void postgres_pause(int pause_ms)
{
    (void)poll(NULL, 0, pause_ms);
}

/* PQcancel has no time limit: where the server stands still, or the line is silent, it waits as long as they do. What follows the path
 * says again, to the same server, what the path may leave open. */
bool postgres_connection_cancel(struct postgres_connection *connection)
{
    static const char *const keywords[] = { "application_name", "dbname", "host", "hostaddr", "port", "connect_timeout", NULL };
    const char *const values[] = { "meterworks", connection->path, PQhost(connection->native), PQhostaddr(connection->native),
                                   PQport(connection->native), "2", NULL };
    char text[60];
    PGconn *second = PQconnectdbParams(keywords, values, 1);
    bool is_there = PQstatus(second) == CONNECTION_OK;

    snprintf(text, sizeof text, "SELECT pg_cancel_backend(%d)", PQbackendPID(connection->native));
    if (is_there)
        PQclear(PQexec(second, text));
    PQfinish(second);
    return is_there;
}

void postgres_connection_break(struct postgres_connection *connection)
{
    (void)shutdown(PQsocket(connection->native), SHUT_RDWR);
}

static void reader_look(struct postgres_connection *connection, int *left_ms)
{
    if (connection->cancelled)
        *left_ms += ASK_MS;
    else if (connection->abandoned(connection->abandoned_context))
        *left_ms = postgres_connection_cancel(connection) ? 0 : LEAVE_MS;
    else
        return;
    connection->cancelled = true;
    if (*left_ms >= LEAVE_MS)
        postgres_connection_break(connection);
}

PGresult *postgres_connection_result(struct postgres_connection *connection)
{
    int left_ms = 0;

    while (PQisBusy(connection->native)) {
        bool asks = connection->abandoned != NULL && connection->may_cancel;
        struct pollfd socket = { .fd = PQsocket(connection->native), .events = POLLIN };
        if (socket.fd < 0)
            break;
        int ready = poll(&socket, 1, asks ? ASK_MS : SILENCE_MS);
        if (ready > 0 && PQconsumeInput(connection->native) == 0)
            break; /* the result says why */
        if (ready == 0 && asks)
            reader_look(connection, &left_ms);
        else if (ready == 0 && connection->silent != NULL)
            connection->silent(connection->silent_context);
    }
    return PQgetResult(connection->native);
}

PGresult *postgres_connection_last(struct postgres_connection *connection, bool is_sent)
{
    PGresult *last = NULL;

    connection->may_cancel = true;
    connection->cancelled = false;
    for (PGresult *result; is_sent && (result = postgres_connection_result(connection)) != NULL; last = result)
        PQclear(last);
    return last;
}

PGresult *postgres_connection_ask(struct postgres_connection *connection, const char *text)
{
    return postgres_connection_last(connection, PQsendQuery(connection->native, text) == 1);
}

/* What every session of ours begins with. A commit that was answered must survive a power cut, whatever the database's
 * own default is; compiling short statements costs more than it brings; functions of ours go before the server's. A session
 * whose message broke off half-way is not idle, so no time limit ends it, and it holds what it has locked: the server looks
 * as often as we do whether we are still there, in place of every two hours. */
static int session_configure(struct postgres_connection *connection, const struct store_config *config)
{
    char text[800];
    bool is_off = config->synchronous != NULL && strcmp(config->synchronous, "OFF") == 0;

    snprintf(text, sizeof text,
             "SET lock_timeout = %d; SET idle_in_transaction_session_timeout = %d; SET jit = off; SET TimeZone = 'UTC';"
             " SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;"
             " SET client_min_messages = error;"
             " SELECT set_config('synchronous_commit', CASE WHEN %s THEN 'off'"
             " WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'"
             " ELSE current_setting('synchronous_commit') END, false);"
             " SELECT set_config('search_path', current_setting('search_path') || ', pg_catalog', false);%s",
             config->busy_timeout_ms > 0 ? config->busy_timeout_ms : DEFAULT_BUSY_TIMEOUT_MS,
             config->idle_limit_ms > 0 ? config->idle_limit_ms : 0, is_off ? "true" : "false",
             config->read_only ? " SET default_transaction_read_only = on;"
                                 " SET default_transaction_isolation = 'repeatable read';"
                               : "");
    PGresult *result = postgres_connection_ask(connection, text);
    int error = postgres_connection_error(connection, result);
    PQclear(result);
    return error;
}

static void notice_drop(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* libpq does not give the state of a connection that was refused; its words do. */
static int refusal_error(PGconn *native)
{
    const char *words = PQerrorMessage(native);

    if (strstr(words, "too many clients") != NULL || strstr(words, "connection slots") != NULL)
        return STORE_ERR_BUSY;
    if (strstr(words, "authentication failed") != NULL || strstr(words, "does not exist") != NULL ||
        strstr(words, "no password supplied") != NULL || strstr(words, "invalid ") != NULL)
        return STORE_ERR_OPEN;
    return STORE_ERR_CONNECTION;
}

/* A sentence for each address that was tried, in one line. */
static void refusal_keep(PGconn *native, char *why)
{
    const char *words = PQerrorMessage(native);
    size_t size = strlen(words);

    while (size > 0 && words[size - 1] == '\n')
        size--;
    (void)snprintf(why, STORE_WHY_SIZE, "%.*s", (int)size, words);
    for (char *at = why; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
}

int postgres_connection_open(struct postgres_connection *connection, const struct store_config *config)
{
    /* What the path says itself comes later and holds. A peer that is gone without a word is found out in half a minute. */
    static const char *const keywords[] = { "client_encoding", "application_name", "connect_timeout", "keepalives_idle",
                                            "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                                            "target_session_attrs", "dbname", NULL };
    const char *const values[] = { "UTF8", "meterworks", "5", "10", "5", "3", "30000", "read-write", config->path, NULL };

    postgres_connection_close(connection);
    PGconn *native = PQconnectdbParams(keywords, values, 1);
    if (native == NULL)
        return STORE_ERR_MEMORY;
    if (PQstatus(native) != CONNECTION_OK) {
        int error = refusal_error(native);
        if (config->why != NULL)
            refusal_keep(native, config->why);
        PQfinish(native);
        return error;
    }
    connection->native = native;
    connection->path = config->path;
    PQsetNoticeReceiver(native, notice_drop, NULL);
    int error = session_configure(connection, config);
    if (error != 0)
        postgres_connection_close(connection);
    return error;
}

void postgres_connection_close(struct postgres_connection *connection)
{
    PQfinish(connection->native);
    connection->native = NULL;
}
