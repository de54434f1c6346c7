/* What the files of the api's link share: api_link.c (thread and feed) and api_link_requests.c. Everything here is for who
 * holds link->lock. */
#ifndef APPS_METERWORKS_API_LINK_INTERNAL_H
#define APPS_METERWORKS_API_LINK_INTERNAL_H

#include <pthread.h>

#include "api/live_line.h"
#include "apps/meterworks/api_link.h"
#include "apps/meterworks/core_trouble.h"
#include "apps/meterworks/http_answer.h"
#include "apps/meterworks/link_caller.h"
#include "wire/notifier.h"

#define API_LINK_ADDRESS_LIMIT 64

struct feed {
    struct link_caller caller;
    struct core_trouble_log troubles[API_LINK_CORE_LIMIT];
    bool linked;      /* the core has said its first line */
    uint32_t its_shard; /* of the core that is there, when it has said it; else the one that is wanted */
    size_t in_vain;   /* cores of this round that did not answer */
    int64_t pause_ms;
    int64_t retry_ms; /* without a caller: to dial then */
    int64_t heard_ms;
    size_t size;
    uint8_t bytes[16 * LIVE_LINE_LIMIT];
};

/* One request, from `begin` until it is given back and its connection is closed. */
struct forwarded {
    struct api_link *link;
    struct forwarded *next;
    struct link_caller caller;
    uint8_t *question; /* as it goes over the connection */
    size_t question_size;
    size_t question_sent;
    bool changes;      /* is no GET: what was sent may have been done */
    bool over;         /* nothing more comes; the connection is closed */
    bool released;     /* given back, or detached from the beginning */
    int result;        /* when over before the answer's end: enum forward_result; else 0 */
    int client_socket; /* -1 */
    int64_t deadline_ms;
    void (*wake)(void *context);
    void *wake_context;
    uint8_t *body;     /* of the answer, what was not read yet */
    size_t body_start;
    size_t body_end;
    struct http_answer answer;
};

struct api_link {
    struct api_link_config config;
    char cores[API_LINK_CORE_LIMIT][API_LINK_ADDRESS_LIMIT];
    pthread_mutex_t lock;
    pthread_t thread;
    bool runs;
    bool stopping;
    struct notifier notifier;
    struct tls_party *party;
    size_t core; /* dialled now, next, or linked */
    struct feed feed;
    struct forwarded *first;
    size_t request_count;
    struct counter values[API_LINK_COUNTER_COUNT];
    struct counter_table counters;
};

extern const struct counter_description api_link_rows[API_LINK_COUNTER_COUNT];

/* Do what can be done now for every request. */
void api_link_requests_work(struct api_link *link, int64_t now_ms);

/* End those under way. */
void api_link_requests_fail(struct api_link *link);

/* Without the thread, the lock need not be held. */
void api_link_requests_free(struct api_link *link);

/* No room for more of the answer? */
bool forwarded_is_full(const struct forwarded *request);
bool forwarded_wants_write(const struct forwarded *request);

/* The socket whose end is to be noticed; -1: none. */
int forwarded_client(const struct forwarded *request);

#endif
