/* One connection to a PostgreSQL server: waiting for its answers, what its errors mean, whether it is lost. */
#ifndef STORE_POSTGRES_POSTGRES_CONNECTION_H
#define STORE_POSTGRES_POSTGRES_CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "store/store.h"

struct postgres_connection {
    PGconn *native; /* NULL: none, or lost */
    bool (*abandoned)(void *context);
    void *abandoned_context;
    bool may_cancel; /* the answer that is waited for is one that nobody may wait for any more */
    bool cancelled;  /* asked already, for this answer */
};

/* Connect as config->path says; several hosts are tried in its order, and one that may not be written is passed over
 * unless the path says otherwise.
 * config->why, unless NULL, gets what the server or the way to it said when it failed.
 * returns  0; STORE_ERR_OPEN; STORE_ERR_BUSY the server has no place; STORE_ERR_CONNECTION it does not answer */
int postgres_connection_open(struct postgres_connection *connection, const struct store_config *config);

/* Accepts one that is lost. */
void postgres_connection_close(struct postgres_connection *connection);

/* The next result of what was sent, NULL when there is no more; asks now and then whether anyone waits for it. */
PGresult *postgres_connection_result(struct postgres_connection *connection);

/* Ask the server to stop what it does. The answer to that still comes. */
void postgres_connection_cancel(struct postgres_connection *connection);

/* 0 for a result that is none of an error; STORE_ERR_*. The reason of a mistaken statement is logged. */
int postgres_connection_error(const struct postgres_connection *connection, const PGresult *result);

/* True when nothing comes over it any more. */
bool postgres_connection_lost(const struct postgres_connection *connection);

/* STORE_ERR_* for an SQLSTATE of five characters; NULL is a connection without answer. */
int postgres_state_error(const char *state);

/* Wait a moment before the next try. */
void postgres_pause(int pause_ms);

#endif
