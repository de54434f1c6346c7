#include "api/books_check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    int64_t tenant_id; /* 0: free */
    int64_t at_ms;     /* when the answer came */
    bool being_made;   /* a newer one */
    size_t size;       /* 0: there is none yet */
    uint8_t answer[BOOKS_CHECK_LIMIT];
};

struct books_check {
    pthread_mutex_t lock;
    struct kept kept[BOOKS_CHECK_TENANTS];
};

struct books_check *books_check_open(void)
{
    struct books_check *check = calloc(1, sizeof *check);

    if (check != NULL && pthread_mutex_init(&check->lock, NULL) != 0) {
        free(check);
        check = NULL;
    }
    return check;
}

void books_check_close(struct books_check *check)
{
    if (check == NULL)
        return;
    pthread_mutex_destroy(&check->lock);
    free(check);
}

/* The tenant's own place, else a free one, else that of the oldest answer. */
static struct kept *place_of(struct books_check *check, int64_t tenant_id)
{
    struct kept *best = &check->kept[0];

    for (struct kept *at = check->kept; at < check->kept + BOOKS_CHECK_TENANTS; at++) {
        if (at->tenant_id == tenant_id)
            return at;
        if (best->tenant_id != 0 && (at->tenant_id == 0 || at->at_ms < best->at_ms))
            best = at;
    }
    *best = (struct kept){ .tenant_id = tenant_id };
    return best;
}

size_t books_check_find(struct books_check *check, int64_t tenant_id, int64_t now_ms, uint8_t *answer)
{
    pthread_mutex_lock(&check->lock);
    struct kept *kept = place_of(check, tenant_id);
    bool good = kept->size > 0 && (kept->being_made || now_ms - kept->at_ms < BOOKS_CHECK_KEPT_MS);
    size_t size = good ? kept->size : 0;

    memcpy(answer, kept->answer, size);
    if (!good)
        kept->being_made = true;
    pthread_mutex_unlock(&check->lock);
    return size;
}

void books_check_keep(struct books_check *check, int64_t tenant_id, int64_t now_ms, struct span answer)
{
    pthread_mutex_lock(&check->lock);
    struct kept *kept = place_of(check, tenant_id);

    kept->being_made = false;
    if (answer.size > 0 && answer.size <= sizeof kept->answer) {
        memcpy(kept->answer, answer.bytes, answer.size);
        kept->size = answer.size;
        kept->at_ms = now_ms;
    }
    pthread_mutex_unlock(&check->lock);
}
