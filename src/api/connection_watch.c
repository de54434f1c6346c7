#include "api/connection_watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/client_address.h"

struct watched_connection {
    int descriptor;      /* -1: free */
    int64_t until_ms;    /* 0: no end is set */
    struct network_address address;
};

struct connection_watch {
    pthread_mutex_t lock;
    struct watched_connection rows[CONNECTION_LIMIT];
};

struct connection_watch *connection_watch_open(void)
{
    struct connection_watch *watch = calloc(1, sizeof *watch);

    if (watch != NULL && pthread_mutex_init(&watch->lock, NULL) != 0) {
        free(watch);
        return NULL;
    }
    for (size_t i = 0; watch != NULL && i < CONNECTION_LIMIT; i++)
        watch->rows[i].descriptor = -1;
    return watch;
}

void connection_watch_close(struct connection_watch *watch)
{
    if (watch == NULL)
        return;
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}

bool connection_watch_admits(struct connection_watch *watch, const struct network_address *address)
{
    size_t house_size = client_address_house_size(address);
    size_t held = 0;

    if (network_list_holds(NETWORKS_OF_THIS_MACHINE, address))
        return true;
    pthread_mutex_lock(&watch->lock);
    for (size_t i = 0; i < CONNECTION_LIMIT; i++)
        held += watch->rows[i].descriptor >= 0 && memcmp(&watch->rows[i].address, address, house_size) == 0;
    pthread_mutex_unlock(&watch->lock);
    return held < CONNECTIONS_OF_ADDRESS;
}

struct watched_connection *connection_watch_opened(struct connection_watch *watch, int descriptor,
    const struct network_address *address, int64_t now_ms)
{
    struct watched_connection *row = NULL;

    pthread_mutex_lock(&watch->lock);
    for (size_t i = 0; i < CONNECTION_LIMIT && row == NULL; i++)
        if (watch->rows[i].descriptor < 0)
            row = &watch->rows[i];
    if (row != NULL)
        *row = (struct watched_connection){ descriptor, now_ms + CONNECTION_REQUEST_MS, *address };
    pthread_mutex_unlock(&watch->lock);
    return row;
}

static void until_put(struct connection_watch *watch, struct watched_connection *row, int64_t until_ms)
{
    if (row == NULL)
        return;
    pthread_mutex_lock(&watch->lock);
    row->until_ms = until_ms;
    pthread_mutex_unlock(&watch->lock);
}

void connection_watch_answering(struct connection_watch *watch, struct watched_connection *row, bool endless, int64_t now_ms)
{
    until_put(watch, row, endless ? 0 : now_ms + CONNECTION_ANSWER_MS);
}

void connection_watch_waiting(struct connection_watch *watch, struct watched_connection *row, int64_t now_ms)
{
    until_put(watch, row, now_ms + CONNECTION_REQUEST_MS);
}

void connection_watch_closed(struct connection_watch *watch, struct watched_connection *row)
{
    if (row == NULL)
        return;
    pthread_mutex_lock(&watch->lock);
    row->descriptor = -1;
    pthread_mutex_unlock(&watch->lock);
}

size_t connection_watch_tick(struct connection_watch *watch, int64_t now_ms, void (*end)(int descriptor))
{
    size_t ended = 0;

    pthread_mutex_lock(&watch->lock);
    for (size_t i = 0; i < CONNECTION_LIMIT; i++) {
        struct watched_connection *row = &watch->rows[i];
        if (row->descriptor < 0 || row->until_ms == 0 || row->until_ms > now_ms)
            continue;
        row->until_ms = 0;
        end(row->descriptor);
        ended++;
    }
    pthread_mutex_unlock(&watch->lock);
    return ended;
}
