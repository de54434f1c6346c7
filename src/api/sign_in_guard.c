#include "api/sign_in_guard.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "security/people.h"
#include "security/secret.h"

#define WAYS 8
#define ROWS (SIGN_IN_NOBODY_LIMIT / WAYS)
#define DIGEST_KEPT 16
#define NOBODY_FORGET_S 86400 /* quiet for so long: it begins anew */

struct nobody {
    uint8_t digest[DIGEST_KEPT];
    int64_t failed_count;   /* 0: free */
    int64_t failed_s;
    int64_t locked_until_s;
};

struct sign_in_guard {
    pthread_mutex_t lock;
    struct nobody rows[ROWS][WAYS];
};

struct sign_in_guard *sign_in_guard_open(void)
{
    struct sign_in_guard *guard = calloc(1, sizeof *guard);

    if (guard != NULL && pthread_mutex_init(&guard->lock, NULL) != 0) {
        free(guard);
        guard = NULL;
    }
    return guard;
}

void sign_in_guard_close(struct sign_in_guard *guard)
{
    if (guard == NULL)
        return;
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}

/* -1 when no digest can be made. */
static int login_digest(enum sign_in_door door, struct span login, uint8_t digest[SECRET_HASH_SIZE])
{
    char text[128];
    int size = snprintf(text, sizeof text, "%d/%.*s", (int)door, (int)(login.size < 100 ? login.size : 100),
        (const char *)login.bytes);

    return size < 0 ? -1 : secret_hash(span_of_text(text), digest);
}

/* The login's row, or NULL; with `place` the one to use for it. */
static struct nobody *nobody_find(struct sign_in_guard *guard, const uint8_t digest[SECRET_HASH_SIZE], struct nobody **place)
{
    struct nobody *ways = guard->rows[((size_t)digest[30] << 8 | digest[31]) % ROWS];

    *place = &ways[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (ways[i].failed_count > 0 && memcmp(ways[i].digest, digest, DIGEST_KEPT) == 0)
            return *place = &ways[i];
        if (ways[i].failed_s < (*place)->failed_s)
            *place = &ways[i];
    }
    return NULL;
}

int64_t sign_in_nobody_locked_s(struct sign_in_guard *guard, enum sign_in_door door, struct span login, int64_t wall_s)
{
    uint8_t digest[SECRET_HASH_SIZE];
    struct nobody *place;
    int64_t left_s = 0;

    if (login_digest(door, login, digest) != 0)
        return 0;
    pthread_mutex_lock(&guard->lock);
    const struct nobody *known = nobody_find(guard, digest, &place);
    if (known != NULL && known->locked_until_s > wall_s)
        left_s = known->locked_until_s - wall_s;
    pthread_mutex_unlock(&guard->lock);
    return left_s;
}

void sign_in_nobody_failed(struct sign_in_guard *guard, enum sign_in_door door, struct span login, int64_t wall_s)
{
    uint8_t digest[SECRET_HASH_SIZE];
    struct nobody *place;

    if (login_digest(door, login, digest) != 0)
        return;
    pthread_mutex_lock(&guard->lock);
    const struct nobody *known = nobody_find(guard, digest, &place);
    if (known == NULL || wall_s - known->failed_s > NOBODY_FORGET_S)
        *place = (struct nobody){ .failed_count = 0 };
    memcpy(place->digest, digest, DIGEST_KEPT);
    place->failed_count++;
    place->failed_s = wall_s;
    int64_t lock_s = sign_in_lock_s(place->failed_count);
    place->locked_until_s = lock_s > 0 ? wall_s + lock_s : 0;
    pthread_mutex_unlock(&guard->lock);
}
