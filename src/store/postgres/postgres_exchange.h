/* One request to the server and its answers, and what the store knows between two of them. For this folder only.
 *
 * What gives no answer of interest (BEGIN, SAVEPOINT, RELEASE) waits, and goes out together with the next statement: they
 * cost no round trip. */
#ifndef STORE_POSTGRES_POSTGRES_EXCHANGE_H
#define STORE_POSTGRES_POSTGRES_EXCHANGE_H

#include "store/postgres/postgres_connection.h"
#include "store/store_engine.h"

#define POSTGRES_WAITING_LIMIT 8
#define POSTGRES_COMMAND_SIZE 40
#define POSTGRES_DROPPED_LIMIT 32

struct postgres_statement;

struct postgres_store {
    struct store store;
    struct store_config config; /* its path is the store's own */
    struct postgres_connection connection;
    unsigned connections; /* opened so far: a statement is prepared on one of them */
    unsigned statements;  /* prepared so far: they are named by number */
    int64_t timeline;     /* of the server's log: changes when another server takes over */
    char session[120];    /* a condition that holds for our session among all of the server's, "" when there is none */
    uint64_t transaction; /* the number that the server gave the transaction; 0: none yet */
    bool is_cut;          /* tables are cut into shards (citus_places.h) */
    bool in_transaction;
    char first_mark[POSTGRES_COMMAND_SIZE]; /* the transaction began with it, and ends with its release; "": it did not */
    bool begin_waits;     /* in_transaction, and the server has not heard of it */
    char waiting[POSTGRES_WAITING_LIMIT][POSTGRES_COMMAND_SIZE];
    int waiting_count;
    int leading; /* answers that come before that of the statement */
    bool led_by_begin;
    unsigned dropped[POSTGRES_DROPPED_LIMIT]; /* statements that the server may forget */
    int dropped_count;
    bool doomed; /* the transaction was lost with its connection; nothing is done until it has been rolled back */
    bool repeatable; /* if the connection is lost during this request, nothing but the request is */
    bool unsure; /* nothing is done any more: STORE_ERR_UNSURE */
    struct postgres_statement *reading; /* whose rows are coming in on the connection */
};

static inline struct postgres_store *postgres_of(const struct store *store)
{
    return (struct postgres_store *)(uintptr_t)store;
}

/* A connection that is there and free: one that is lost is opened again, rows that are coming in are put aside.
 * returns  0; STORE_ERR_CONNECTION also for a transaction that went with its connection; STORE_ERR_* */
int postgres_exchange_ready(struct postgres_store *store);

/* Begin a request: what waited is sent. Then send one thing and call postgres_exchange_send.
 * returns  0; STORE_ERR_* and nothing is under way */
int postgres_exchange_begin(struct postgres_store *store);

/* The caller sent one more command whose answer is of no interest. */
void postgres_exchange_leads(struct postgres_store *store);

/* All is sent; take the answers to what went ahead of the statement.
 * is_sent  libpq took everything
 * returns  0, the statement's own results come next; STORE_ERR_* with the exchange ended */
int postgres_exchange_send(struct postgres_store *store, bool is_sent);

/* Take what is left of the answers.
 * error    what is known already, 0 when nothing went wrong
 * returns  `error`; else 0 or STORE_ERR_* */
int postgres_exchange_end(struct postgres_store *store, int error);

/* May what ended with `error` be asked once more: the connection was lost, with it nothing but the question, and somebody still waits
 * for the answer? */
bool postgres_exchange_again(struct postgres_store *store, int error);

/* Statements without parameters, in one text; what waits goes first. */
int postgres_exchange_text(struct postgres_store *store, const char *text);

/* BEGIN, SAVEPOINT, RELEASE: with the next statement. */
int postgres_exchange_wait(struct postgres_store *store, const char *command);

/* A prepared statement of this connection is wanted no more; many are forgotten at once. */
void postgres_exchange_drop(struct postgres_store *store, unsigned statement);

/* The first column of the first row of a text, as text, outside any exchange; "" when there is none. */
int postgres_exchange_word(struct postgres_store *store, const char *text, char *word, size_t capacity);

/* The connection is lost: forget what was on it. */
void postgres_exchange_forget(struct postgres_store *store);

#endif
