/* Speaks with one payment channel on a thread of its own: takes what is due from the core, one thing at a time, moves the
 * bytes, and tells the core what was said. A slow channel keeps no other one waiting. */
#ifndef APPS_METERWORKS_PAYMENT_WORKER_H
#define APPS_METERWORKS_PAYMENT_WORKER_H

#include "apps/meterworks/core_channel.h"
#include "apps/meterworks/payment_channels.h"
#include "apps/meterworks/payment_http.h"
#include "apps/meterworks/work_thread.h"
#include "billing/payment_order.h"

struct payment_worker {
    const struct payment_channel_entry *entry;
    struct core_channel *core;
    struct payment_http http;
    struct work_thread work;
    int64_t asked_day;              /* whose bill has been asked for; 0 none since the start */
    struct payment_order_work task; /* of the thread, as all below */
    struct payment_request request;
    struct payment_outcome outcome;
};

/* Its thread is worker->work: started, woken, stopped and joined by work_thread_*. While it ends, the core must still answer:
 * what the channel has said is told.
 * entry, core  live longer than the worker
 * returns      0; -1 no memory, *worker then closed */
int payment_worker_open(struct payment_worker *worker, const struct payment_channel_entry *entry,
                        struct core_channel *core);

/* After the thread's end. */
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

#endif
