/* Speaks with one payment channel on a thread of its own: takes what is due from the core, one thing at a time, moves the
 * bytes, and tells the core what was said. A slow channel keeps no other one waiting. */
#ifndef APPS_METERWORKS_PAYMENT_WORKER_H
#define APPS_METERWORKS_PAYMENT_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "apps/meterworks/core_channel.h"
#include "apps/meterworks/payment_channels.h"
#include "apps/meterworks/payment_http.h"
#include "billing/payment_order.h"

struct payment_worker {
    const struct payment_channel_entry *entry;
    struct core_channel *core;
    struct payment_http http;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    atomic_bool stopping;
    bool started;
    bool woken;
    int64_t asked_day;              /* whose bill has been asked for; 0 none since the start */
    struct payment_order_work task; /* of the thread, as all below */
    struct payment_request request;
    struct payment_outcome outcome;
};

/* entry, core  live longer than the worker
 * returns      0; -1 no memory, *worker then closed */
int payment_worker_open(struct payment_worker *worker, const struct payment_channel_entry *entry,
                        struct core_channel *core);

/* returns  0; -1 */
int payment_worker_start(struct payment_worker *worker);

/* Something may be due. From any thread. */
void payment_worker_wake(struct payment_worker *worker);

/* Ask it to end, without waiting: a request under way is given up. */
void payment_worker_stop(struct payment_worker *worker);

/* Wait for its end after payment_worker_stop. The core must still answer: what the channel has said is told. */
void payment_worker_join(struct payment_worker *worker);

/* After its end. */
void payment_worker_close(struct payment_worker *worker);

/* One signed request about `matter`, its answer unread. For the parts of the worker, as all below.
 * answer   all zero; its bytes are the caller's to free, whatever is returned
 * returns  HTTP status > 0; negative PAYMENT_ERR_* */
int payment_worker_fetch(struct payment_worker *worker, enum payment_call call, const struct payment_matter *matter,
                         struct payment_http_answer *answer);

/* The same with the answer verified and read into worker->outcome.
 * returns  0; negative PAYMENT_ERR_* */
int payment_worker_call(struct payment_worker *worker, enum payment_call call, const struct payment_matter *matter,
                        struct payment_http_answer *answer);

/* Has the channel such a call? */
bool payment_worker_has(const struct payment_worker *worker, enum payment_call call);

/* Fetch the channel's bill of worker->task.run and hand its rows to the core. */
void payment_worker_bill(struct payment_worker *worker);

/* Seconds since 1970, the world's. */
int64_t payment_worker_wall_s(void);

#endif
