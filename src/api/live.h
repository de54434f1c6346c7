/* Live events for browsers: a bounded ring of small messages that every listening client reads at its own pace.
 *
 * The core publishes; api threads read. A client that falls behind by more than the ring holds is told "resync" and
 * goes on from the newest: nothing waits for a slow browser. Thread-safe. */
#ifndef API_LIVE_H
#define API_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIVE_TEXT_LIMIT 320 /* JSON of one event with its zero */
#define LIVE_PATH_LIMIT 192

enum live_kind {
    LIVE_READING = 1,  /* {device_id, day?, total_value, at_s} */
    LIVE_DEVICE,       /* {device_id, status, valve_state, ...} */
    LIVE_COMMAND,      /* {command_id, device_id, state, at_s} */
    LIVE_EVENT,        /* {event_id, device_id, kind, severity, raised_s, cleared_s?} */
    LIVE_PAYMENT,      /* {payment_id, account_id, amount_fen} */
    LIVE_NOTICE,       /* {notice_id, account_id, kind} */
    LIVE_TASK,         /* {task_id, state, total, done, failed, cancelled, at_s} */
    LIVE_TICK,         /* {now_s, ...figures} */
    LIVE_KIND_COUNT
};

/* Names in the event stream: "reading", "device", ...; NULL outside the table. */
const char *live_kind_name(enum live_kind kind);

struct live_hub;

/* capacity  events kept, a power of two from 16 to 65536
 * returns   0 with *out owned by the caller; -1 for a wrong capacity or no memory */
int live_hub_open(size_t capacity, struct live_hub **out);
void live_hub_close(struct live_hub *hub);

/* Append one event. Never blocks for a reader.
 * tenant_id  whose it is
 * area_path  where it happened ("/1/7/23/"); NULL or "": for the whole tenant
 * json       one JSON object without line ends, shorter than LIVE_TEXT_LIMIT; longer or NULL is dropped and counted */
void live_publish(struct live_hub *hub, uint32_t tenant_id, const char *area_path, enum live_kind kind, const char *json);

/* What a reader may see. */
struct live_filter {
    uint32_t tenant_id;
    char path[LIVE_PATH_LIMIT]; /* jurisdiction: only this area and below */
};

struct live_event {
    uint64_t sequence;          /* 1, 2, ...: the Last-Event-ID */
    enum live_kind kind;
    char json[LIVE_TEXT_LIMIT];
};

/* The next event after *position that the filter lets through.
 * position  in: sequence last seen; out: moved past everything looked at (also what was filtered)
 * returns   1 with *out written; 0 nothing new; -1 the reader fell behind: *position is now the newest, tell it "resync" */
int live_next(struct live_hub *hub, const struct live_filter *filter, uint64_t *position, struct live_event *out);

/* An event with whose it is and where, for a hub in another process. */
struct live_item {
    uint64_t sequence;
    uint32_t tenant_id;
    enum live_kind kind;
    char path[LIVE_PATH_LIMIT];
    char json[LIVE_TEXT_LIMIT];
};

/* As live_next, for everybody's events. */
int live_next_item(struct live_hub *hub, uint64_t *position, struct live_item *out);

/* In a hub that repeats another one: the event with the number that it has there. Events between the newest and it were
 * missed: readers are told to resync. One that is not newer is passed over, one that is none dropped and counted. */
void live_follow(struct live_hub *hub, const struct live_item *item);

/* What came before is another story (a hub that was started anew, or is not the one repeated so far): readers are told to
 * resync, and numbers go on behind `newest`. */
void live_restart(struct live_hub *hub, uint64_t newest);

/* Sequence of the newest event; 0 when none. */
uint64_t live_newest(struct live_hub *hub);

/* Called after each publish, with the hub unlocked: the server wakes its waiting clients. One listener; NULL removes. */
void live_listen(struct live_hub *hub, void (*wake)(void *context), void *context);

struct live_figures {
    uint64_t published;
    uint64_t dropped;           /* too long */
    uint64_t resyncs;
};
struct live_figures live_figures_read(struct live_hub *hub);

#endif
