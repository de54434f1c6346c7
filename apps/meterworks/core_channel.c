#include "apps/meterworks/core_channel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "apps/meterworks/house_error.h"

struct waiting_call {
    struct core_call call; /* first: the core sees only this */
    bool finished;
};

struct core_channel {
    pthread_mutex_t lock;
    pthread_cond_t finished;
    int descriptor;
    bool stopped;
    size_t capacity;
    size_t in_use;                   /* waiting and in work */
    size_t count;                    /* waiting */
    struct waiting_call *waiting[];  /* oldest first */
};

int core_channel_open(size_t capacity, struct core_channel **out)
{
    struct core_channel *channel;

    if (capacity == 0 || capacity > 1024)
        return -1;
    channel = calloc(1, sizeof *channel + capacity * sizeof channel->waiting[0]);
    if (channel == NULL)
        return -1;
    channel->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (channel->descriptor < 0) {
        free(channel);
        return -1;
    }
    channel->capacity = capacity;
    pthread_mutex_init(&channel->lock, NULL);
    pthread_cond_init(&channel->finished, NULL);
    *out = channel;
    return 0;
}

void core_channel_close(struct core_channel *channel)
{
    if (channel == NULL)
        return;
    close(channel->descriptor);
    pthread_cond_destroy(&channel->finished);
    pthread_mutex_destroy(&channel->lock);
    free(channel);
}

static int call_refuse(struct core_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    return core_reply_refuse(reply, house_error_info(CORE_ERR_UNAVAILABLE));
}

/* A full eventfd counter is readable already, so a failing write loses nothing. */
static void descriptor_signal(int descriptor)
{
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
}

int core_channel_call(void *context, enum core_operation operation, const void *request, struct core_reply *reply)
{
    struct core_channel *channel = context;
    struct waiting_call waiting = {
        .call = { .operation = operation, .request = request, .reply = reply, .result = CORE_ERR_UNAVAILABLE },
    };
    bool refused;

    pthread_mutex_lock(&channel->lock);
    refused = channel->stopped || channel->in_use == channel->capacity;
    if (!refused) {
        channel->waiting[channel->count++] = &waiting;
        channel->in_use++;
        descriptor_signal(channel->descriptor);
        while (!waiting.finished)
            pthread_cond_wait(&channel->finished, &channel->lock);
    }
    pthread_mutex_unlock(&channel->lock);
    return refused ? call_refuse(reply) : waiting.call.result;
}

int core_channel_descriptor(const struct core_channel *channel)
{
    return channel->descriptor;
}

size_t core_channel_take(struct core_channel *channel, struct core_call *calls[], size_t limit)
{
    uint64_t signals;
    size_t count;

    pthread_mutex_lock(&channel->lock);
    count = channel->count < limit ? channel->count : limit;
    for (size_t i = 0; i < count; i++)
        calls[i] = &channel->waiting[i]->call;
    memmove(channel->waiting, channel->waiting + count, (channel->count - count) * sizeof channel->waiting[0]);
    channel->count -= count;
    if (channel->count == 0) {
        ssize_t size = read(channel->descriptor, &signals, sizeof signals);
        (void)size;
    }
    pthread_mutex_unlock(&channel->lock);
    return count;
}

void core_channel_finish(struct core_channel *channel, struct core_call *calls[], size_t count)
{
    if (count == 0)
        return;
    pthread_mutex_lock(&channel->lock);
    for (size_t i = 0; i < count; i++)
        ((struct waiting_call *)calls[i])->finished = true;
    channel->in_use -= count;
    pthread_cond_broadcast(&channel->finished);
    pthread_mutex_unlock(&channel->lock);
}

void core_channel_stop(struct core_channel *channel)
{
    pthread_mutex_lock(&channel->lock);
    channel->stopped = true;
    for (size_t i = 0; i < channel->count; i++) {
        channel->waiting[i]->call.result = call_refuse(channel->waiting[i]->call.reply);
        channel->waiting[i]->finished = true;
    }
    channel->in_use -= channel->count;
    channel->count = 0;
    pthread_cond_broadcast(&channel->finished);
    pthread_mutex_unlock(&channel->lock);
}
