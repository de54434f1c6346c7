/* What a database behind the store is made of: the functions below, over a struct that begins with struct store. For
 * the engines of this room only. */
#ifndef STORE_STORE_ENGINE_H
#define STORE_STORE_ENGINE_H

#include "store/statement.h"
#include "store/store.h"
#include "store/store_parts.h"

/* The contract of each is that of the store_* or statement_* function of its name. */
struct store_engine {
    bool answers_late; /* store_answers_late */
    void (*close)(struct store *store);
    int (*begin)(struct store *store);
    int (*commit)(struct store *store);
    void (*rollback)(struct store *store);
    bool (*in_transaction)(const struct store *store);
    int (*execute)(struct store *store, const char *text);
    int (*mark)(struct store *store, const char *text); /* SAVEPOINT, RELEASE, ROLLBACK TO: done when the next statement is, at the latest */
    int64_t (*last_identifier)(const struct store *store);
    void (*abandon_ask)(struct store *store, bool (*abandoned)(void *context), void *context);
    void (*checkpoint)(struct store *store);
    int (*parts_keep)(struct store *store, const struct store_parts *parts, int64_t *rest);
    int (*prepare)(struct store *store, const char *text, struct statement **out);
};

struct store {
    const struct store_engine *engine;
    int version; /* of the schema */
    int depth;   /* of savepoints */
    const char *session_texts[STORE_SESSION_LIMIT]; /* what an engine that connects anew does again */
    int session_count;
};

#endif
