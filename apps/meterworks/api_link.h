/* The api's end of what lies between it and a core elsewhere: brings requests to the core that works, and repeats that
 * core's live events.
 *
 * One connection is always open, the feed: it tells live events and, at least once a second, that the core lives. The core
 * that it reaches is the one that works; who is silent for LINK_SILENCE_MS is left, and the cores are tried in turn. Each
 * request goes over a connection of its own to that core, so that nothing is ever sent twice and none waits for another.
 *
 * A thread of its own; the functions are for any. */
#ifndef APPS_METERWORKS_API_LINK_H
#define APPS_METERWORKS_API_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/forward_port.h"
#include "api/live.h"
#include "base/counter.h"
#include "wire/tls_channel.h"

#define API_LINK_CORE_LIMIT 8
#define API_LINK_REQUESTS 256         /* under way at most; half of them for those that nobody waits for */
#define API_LINK_DIAL_MS 3000         /* to reach the core and shake hands; nothing is sent before */
#define API_LINK_ANSWER_MS 60000      /* without a byte from the core */
#define API_LINK_PAUSE_MS 100         /* before the first repeated round through the cores; doubles */
#define API_LINK_PAUSE_LIMIT_MS 1000

struct api_link;

struct api_link_config {
    const char *cores[API_LINK_CORE_LIMIT]; /* "192.0.2.1:7378" */
    size_t core_count;
    uint32_t shard;        /* of the database that the api reads: a core of another one is none for it */
    const char *name;
    uint8_t key[TLS_CHANNEL_KEY_SIZE];
    struct live_hub *live; /* gets the core's events; outlives the link */
    int64_t silence_ms;    /* of the core, until it is left; 0: LINK_SILENCE_MS */
    int64_t dial_ms;       /* to reach it; 0: API_LINK_DIAL_MS */
};

/* Rows of api_link_counters(). */
enum api_link_counter {
    API_LINK_DIALLED,
    API_LINK_FAILED,
    API_LINK_LINKED,
    API_LINK_LOST,
    API_LINK_EVENTS,
    API_LINK_FORWARDED,
    API_LINK_ANSWERED,
    API_LINK_GIVEN_UP,
    API_LINK_NO_CORE,
    API_LINK_FULL,
    API_LINK_UNKNOWN,
    API_LINK_COUNTER_COUNT
};

/* Begin to look for a core.
 * out      given back by api_link_close; strings of config are copied
 * returns  0; GATE_ERR_LINK_SOCKET (an address is none), GATE_ERR_MEMORY, GATE_ERR_CRYPTOGRAPHY, GATE_ERR_SYSTEM */
int api_link_open(const struct api_link_config *config, struct api_link **out);

/* Requests under way end as if there were no core, and no new ones begin; then the api may be closed. Accepts NULL. */
void api_link_stop(struct api_link *link);

/* Every request has been given back. Accepts NULL. */
void api_link_close(struct api_link *link);

/* Lives as long as the link. */
struct api_forward api_link_port(struct api_link *link);
struct counter_table *api_link_counters(struct api_link *link);

#endif
