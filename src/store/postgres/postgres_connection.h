/* One connection to a PostgreSQL server: waiting for its answers, what its errors mean, whether it is lost. */
#ifndef STORE_POSTGRES_POSTGRES_CONNECTION_H
#define STORE_POSTGRES_POSTGRES_CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "store/store.h"

struct postgres_connection {
    PGconn *native;   /* NULL: none, or lost */
    const char *path; /* where it leads: store_config.path of whoever opened it */
    bool (*abandoned)(void *context);
    void *abandoned_context;
    bool may_cancel; /* the answer that is waited for is one that nobody may wait for any more */
    bool cancelled;  /* asked already, for this answer */
    void (*silent)(void *context); /* called every ten seconds in which no answer came; may break the connection; NULL: wait on */
    void *silent_context;
};

/* Connect as config->path says; several hosts are tried in its order, and one that may not be written is passed over
 * unless the path says otherwise.
 * config->why, unless NULL, gets what the server or the way to it said when it failed.
 * returns  0; STORE_ERR_OPEN; STORE_ERR_BUSY the server has no place; STORE_ERR_CONNECTION it does not answer */
int postgres_connection_open(struct postgres_connection *connection, const struct store_config *config);

/* Accepts one that is lost. */
void postgres_connection_close(struct postgres_connection *connection);

/* The next result of what was sent, NULL when there is no more; asks now and then whether anyone waits for it. When nobody does, the
 * server is told; when it does not answer to that within two seconds, or cannot be told, the connection is broken. */
PGresult *postgres_connection_result(struct postgres_connection *connection);

/* The last result of what was sent outside a pipeline, or the one that says why it failed; NULL when there is none.
 * is_sent  libpq took it */
PGresult *postgres_connection_last(struct postgres_connection *connection, bool is_sent);

/* Statements without parameters, in one text: their last result, as above. */
PGresult *postgres_connection_ask(struct postgres_connection *connection, const char *text);

/* Ask the server to stop what it does, over a second connection, within two seconds. The answer to that still comes.
 * returns  false when the server cannot be asked */
bool postgres_connection_cancel(struct postgres_connection *connection);

/* Nothing comes over it any more: what is waited for ends with STORE_ERR_CONNECTION. */
void postgres_connection_break(struct postgres_connection *connection);

/* 0 for a result that is none of an error; STORE_ERR_*. The reason of a mistaken statement is logged. */
int postgres_connection_error(const struct postgres_connection *connection, const PGresult *result);

/* True when nothing comes over it any more. */
bool postgres_connection_lost(const struct postgres_connection *connection);

/* STORE_ERR_* for an SQLSTATE of five characters; NULL is a connection without answer. */
int postgres_state_error(const char *state);

/* Wait a moment before the next try. */
void postgres_pause(int pause_ms);

#endif
