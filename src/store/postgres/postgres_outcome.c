#include "store/postgres/postgres_outcome.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define TRIES 300
#define PAUSE_MS 200

enum outcome { OUTCOME_UNKNOWN, OUTCOME_STORED, OUTCOME_NOTHING };

/* A number that the server has not given out yet was never stored there. */
static const char status_format[] =
    "SELECT CASE WHEN '%llu'::xid8 >= pg_snapshot_xmax(pg_current_snapshot())"
    " THEN 'aborted' ELSE coalesce(pg_xact_status('%llu'::xid8), '') END";

static int word_ask(struct postgres_store *store, const char *format, uint64_t transaction, char *word, size_t capacity)
{
    char text[400];
    unsigned long long number = transaction;

    snprintf(text, sizeof text, format, number, number);
    return postgres_exchange_word(store, text, word, capacity);
}

static enum outcome ask(struct postgres_store *store, uint64_t transaction)
{
    char word[24] = "";

    if (postgres_exchange_ready(store) != 0)
        return OUTCOME_UNKNOWN;
    if (word_ask(store, status_format, transaction, word, sizeof word) != 0)
        return OUTCOME_UNKNOWN;
    if (strcmp(word, "committed") == 0)
        return OUTCOME_STORED;
    if (strcmp(word, "aborted") == 0)
        return OUTCOME_NOTHING;
    return OUTCOME_UNKNOWN; /* the session that was ended works at it still */
}

/* Another server may have given the number to somebody else's transaction, if ours never came there. */
static enum outcome outcome_of(struct postgres_store *store, uint64_t transaction, int64_t timeline)
{
    enum outcome outcome = OUTCOME_UNKNOWN;

    for (int i = 0; i < TRIES && outcome == OUTCOME_UNKNOWN; i++) {
        if (i > 0)
            postgres_pause(PAUSE_MS);
        outcome = ask(store, transaction);
    }
    return outcome == OUTCOME_STORED && store->timeline != timeline ? OUTCOME_UNKNOWN : outcome;
}

int postgres_outcome_find(struct postgres_store *store, uint64_t transaction)
{
    enum outcome outcome = outcome_of(store, transaction, store->timeline);

    log_write(LOG_STORE, LOG_WARNING, "", "the connection to the database was lost during a commit: %s",
              outcome == OUTCOME_STORED    ? "it is stored"
              : outcome == OUTCOME_NOTHING ? "nothing of it is stored"
                                           : "nobody says whether it is stored");
    store->unsure = outcome == OUTCOME_UNKNOWN;
    return outcome == OUTCOME_STORED ? 0 : outcome == OUTCOME_NOTHING ? STORE_ERR_CONNECTION : STORE_ERR_UNSURE;
}
