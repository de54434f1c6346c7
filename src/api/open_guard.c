#include "api/open_guard.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MILLI 1000          /* parts of a request */
#define MINUTE_MS 60000
#define NONCE_WAYS 8        /* places where one nonce may lie */
#define NONCE_ROWS (OPEN_GUARD_NONCE_LIMIT / NONCE_WAYS)

struct tally {
    uint64_t who;           /* 0: free */
    int64_t left_milli;     /* requests left, in thousandths */
    int64_t at_ms;          /* when that was so */
};

struct nonce {
    uint8_t digest[OPEN_GUARD_NONCE_SIZE];
    int64_t until_s;        /* 0: free */
};

struct open_guard {
    pthread_mutex_t lock;
    struct tally tallies[OPEN_GUARD_TALLY_LIMIT];
    struct nonce nonces[NONCE_ROWS][NONCE_WAYS];
};

struct open_guard *open_guard_open(void)
{
    struct open_guard *guard = calloc(1, sizeof *guard);

    if (guard != NULL && pthread_mutex_init(&guard->lock, NULL) != 0) {
        free(guard);
        guard = NULL;
    }
    return guard;
}

void open_guard_close(struct open_guard *guard)
{
    if (guard == NULL)
        return;
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}

/* The tally of somebody; a free one or the quietest when there is none yet. */
static struct tally *tally_find(struct open_guard *guard, uint64_t who)
{
    struct tally *quietest = &guard->tallies[0];

    for (size_t i = 0; i < OPEN_GUARD_TALLY_LIMIT; i++) {
        struct tally *tally = &guard->tallies[i];
        if (tally->who == who)
            return tally;
        if (quietest->who != 0 && (tally->who == 0 || tally->at_ms < quietest->at_ms))
            quietest = tally;
    }
    return quietest;
}

/* returns  seconds to wait; 0 none */
static int64_t tally_look(struct tally *tally, uint64_t who, int64_t per_minute, int64_t now_ms)
{
    int64_t most = per_minute * MILLI;

    if (tally->who != who)
        *tally = (struct tally){ .who = who, .left_milli = most, .at_ms = now_ms };
    int64_t passed_ms = now_ms - tally->at_ms;
    int64_t more_milli = passed_ms < MINUTE_MS ? passed_ms * most / MINUTE_MS : most;
    /* What is too little for a thousandth of a request yet stays in the time that has passed. */
    tally->at_ms = passed_ms < MINUTE_MS ? tally->at_ms + more_milli * MINUTE_MS / most : now_ms;
    tally->left_milli = tally->left_milli + more_milli < most ? tally->left_milli + more_milli : most;
    if (tally->left_milli >= MILLI)
        return 0;
    int64_t wait_ms = ((MILLI - tally->left_milli) * MINUTE_MS + most - 1) / most;
    return (wait_ms + 999) / 1000;
}

int64_t open_guard_count(struct open_guard *guard, uint64_t who, int64_t per_minute, int64_t now_ms)
{
    pthread_mutex_lock(&guard->lock);
    struct tally *tally = tally_find(guard, who);
    int64_t wait_s = tally_look(tally, who, per_minute, now_ms);
    if (wait_s == 0)
        tally->left_milli -= MILLI;
    pthread_mutex_unlock(&guard->lock);
    return wait_s;
}

int64_t open_guard_look(struct open_guard *guard, uint64_t who, int64_t per_minute, int64_t now_ms)
{
    int64_t wait_s = 0;

    pthread_mutex_lock(&guard->lock);
    struct tally *tally = tally_find(guard, who);
    if (tally->who == who)
        wait_s = tally_look(tally, who, per_minute, now_ms);
    pthread_mutex_unlock(&guard->lock);
    return wait_s;
}

enum open_nonce open_guard_nonce(struct open_guard *guard, const uint8_t digest[OPEN_GUARD_NONCE_SIZE], int64_t until_s,
    int64_t now_s)
{
    size_t row = ((size_t)digest[0] << 8 | digest[1]) % NONCE_ROWS;
    struct nonce *place = NULL;
    enum open_nonce result = OPEN_NONCE_NEW;

    pthread_mutex_lock(&guard->lock);
    for (size_t i = 0; i < NONCE_WAYS; i++) {
        struct nonce *nonce = &guard->nonces[row][i];
        if (nonce->until_s == 0 || nonce->until_s < now_s)
            place = nonce;
        else if (memcmp(nonce->digest, digest, OPEN_GUARD_NONCE_SIZE) == 0)
            result = OPEN_NONCE_REPEATED;
    }
    if (result == OPEN_NONCE_NEW && place == NULL)
        result = OPEN_NONCE_FULL;
    if (result == OPEN_NONCE_NEW) {
        memcpy(place->digest, digest, OPEN_GUARD_NONCE_SIZE);
        place->until_s = until_s;
    }
    pthread_mutex_unlock(&guard->lock);
    return result;
}
