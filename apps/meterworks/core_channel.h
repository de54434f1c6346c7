/* How api threads hand typed calls to the core's thread and wait for the answer.
 *
 * A bounded list of calls: the caller's request and reply stay on the caller's stack, which stands still until the core
 * has committed. Full means CORE_ERR_UNAVAILABLE at once: a person is told to try again rather than made to wait. */
#ifndef APPS_METERWORKS_CORE_CHANNEL_H
#define APPS_METERWORKS_CORE_CHANNEL_H

#include <stddef.h>

#include "api/core_port.h"

struct core_channel;

/* One call as the core sees it. */
struct core_call {
    enum core_operation operation;
    const void *request;
    struct core_reply *reply;
    int result;                    /* 0 or negative, as core_port.call, written by the core */
};

/* capacity  calls waiting or in work at once, 1 to 1024
 * returns   0 with *out owned by the caller; -1 no memory or no event descriptor */
int core_channel_open(size_t capacity, struct core_channel **out);

/* Nobody may be inside core_channel_call any more. NULL is accepted. */
void core_channel_close(struct core_channel *channel);

/* [api threads] Execute a call; returns after the core's commit or rollback. Fits struct core_port. */
int core_channel_call(void *channel, enum core_operation operation, const void *request, struct core_reply *reply);

/* [core] Readable when calls wait. */
int core_channel_descriptor(const struct core_channel *channel);

/* [core] Take all calls that wait, at most `limit`; each must come back through core_channel_finish.
 * returns  how many */
size_t core_channel_take(struct core_channel *channel, struct core_call *calls[], size_t limit);

/* [core] The calls are answered: wake their callers. */
void core_channel_finish(struct core_channel *channel, struct core_call *calls[], size_t count);

/* [core] No more calls from now on: those waiting and those to come get CORE_ERR_UNAVAILABLE. */
void core_channel_stop(struct core_channel *channel);

#endif
