/* The HTTP server: REST under /api/v1, live events, the packed console.
 *
 * Runs a small pool of threads (libmicrohttpd, epoll). It changes nothing itself: reads go through a view store, writes
 * through the core port. */
#ifndef API_SERVER_H
#define API_SERVER_H

#include "api/core_port.h"
#include "api/district.h"
#include "api/forward_port.h"
#include "api/live.h"
#include "api/packed_files.h"
#include "api/partner_port.h"
#include "api/payment_port.h"
#include "api/resident_port.h"
#include "api/view_store.h"
#include "api/webhook_port.h"
#include "base/counter.h"
#include "base/line_order.h"
#include "registry/profile.h"

struct api_server;

/* The platform's time (virtual in a demo) and the real time (sessions, lock-outs). */
struct api_clock {
    void *context;
    int64_t (*now_s)(void *context);
    int64_t (*wall_s)(void *context);
    uint32_t (*speed)(void *context); /* NULL: 1; 0 is paused */
};

/* The demo's extra face; all NULL when the server is not a demo. Its routes answer 404 then. */
struct api_demo {
    void *context;
    /* JSON object {"seed":..,"chapter":..}: zero-terminated in `text`; returns characters or -1 */
    int (*describe)(void *context, char *text, size_t capacity);
    /* 0 pause, 1, 60, 4320; returns 0 or -1 for another number */
    int (*speed_set)(void *context, uint32_t speed);
};

/* The device models; all NULL when the server has none: their routes answer 501 then. */
struct api_profiles {
    void *context;
    /* The present set, unchanged until released. */
    const struct profile_set *(*hold)(void *context);
    void (*release)(void *context, const struct profile_set *set);
    /* Read the files anew. 0; -1 with rows in `problems`, the old set stays */
    int (*reload)(void *context, struct profile_problems *problems);
    /* What the last reading complained of; count 0 when all was right. */
    void (*complaints)(void *context, struct profile_problems *problems);
};

#define API_STRANGER_LIMIT 64

/* Somebody who dialled in as concentrators and DTU do, and is no line of the archive. */
struct api_stranger {
    char address[64]; /* as the archive would write it; of a DTU what it sent */
    char peer[56];    /* from where, the last time */
    bool is_concentrator;
    uint32_t count; /* how often */
    int64_t first_s;
    int64_t at_s; /* the last time */
};

/* Those who dialled in lately; NULL when nobody can. */
struct api_strangers {
    void *context;
    /* returns  how many were written, the latest first */
    size_t (*read)(void *context, struct api_stranger out[API_STRANGER_LIMIT]);
};

/* What the last search of a line for meters found. */
struct api_found {
    void *context;
    /* returns  0 with *ended and *problem, -1 when it was not searched lately. Each row is given to `take`. */
    int (*read)(void *context, uint32_t line_id, int64_t *started_s, int64_t *ended_s, enum line_problem *problem,
                void (*take)(void *taker, const struct uplink_archive_row *row), void *taker);
};

struct api_config {
    const char *address;        /* "127.0.0.1", "::", NULL: all */
    uint16_t port;              /* 0: any free one, see api_server_port */
    unsigned threads;           /* 1 to 8; 0: 3 */
    struct view_store views;
    struct core_port core;
    struct api_forward forward; /* begin NULL: the core is in this process; else `core` is never called */
    struct live_hub *live;      /* may be NULL: /live answers 404; must outlive the server */
    struct api_clock clock;
    struct district_list districts; /* count 0: the company is not divided, or this address serves one district only */
    struct api_demo demo;
    struct api_profiles profiles;
    struct api_strangers strangers;
    struct api_found found; /* read NULL: nothing is ever searched */
    struct api_payments payments; /* channel NULL: no payment channels */
    struct api_links links;     /* code NULL: no links */
    struct api_partners partners;
    struct api_webhooks webhooks;
    const struct counter_table *const *counters; /* of the whole process, for /metrics and /health; may be NULL */
    size_t counter_count;
    const struct packed_file *files; /* NULL: packed_files of this build */
    size_t file_count;
    const char *folder;         /* during development: serve the console from here instead; NULL */
    const char *version;
};

enum api_server_error {
    API_SERVER_ERR_CONFIG = -1,
    API_SERVER_ERR_ADDRESS = -2, /* cannot listen there: in use, not ours, no right */
    API_SERVER_ERR_MEMORY = -3
};

/* Start listening. `config` is copied; what it points to must outlive the server.
 * returns  0 with *out owned by the caller, or enum api_server_error */
int api_server_open(const struct api_config *config, struct api_server **out);

/* Serve one more connection, as if a proxy of this machine had dialled.
 * descriptor  a connected stream socket that does not block; the server's from now on, closed also when this fails
 * returns     0; API_SERVER_ERR_MEMORY (all places are taken, too). Any thread, until api_server_close */
int api_server_adopt(struct api_server *server, int descriptor);

/* The port listened on. */
uint16_t api_server_port(const struct api_server *server);

/* Stop listening, end the requests in flight, free everything. NULL is accepted. */
void api_server_close(struct api_server *server);

/* English text of enum api_server_error. Never NULL. */
const char *api_server_error_text(int error);

#endif
