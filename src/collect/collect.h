/* Who is read, when, and what is still missing: reading plans, tasks of people, and the re-reading of whatever the
 * completeness map of a wired meter lacks, until it is there or given up with a reason (S2-024, S2-025, S2-030..036).
 *
 * A person's task has a stored row for each meter and goes on after a restart. Plans and re-reads have none: what is
 * missing tells what to ask, so ten million meters cost 40 bytes each. Orders leave after the commit, at most
 * LINE_ORDER_OPEN_LIMIT at a line, of which only half may be scheduled ones: what a person asks finds a place at once.
 * A value counts as read when the reading room has believed it, never when it was sent.
 *
 * Single-threaded; everything belongs to the core's transaction: call collect_flush before the commit, collect_send
 * after it, and after a rollback let base/undo.h put the memory back and call collect_rolled_back. */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include "base/line_order.h"
#include "base/undo.h"
#include "base/uplink.h"
#include "collect/collect_error.h"
#include "collect/collect_store.h"
#include "reading/reading.h"
#include "registry/registry.h"

#define COLLECT_TASK_LIMIT 1000     /* open at a time */
#define COLLECT_TASK_DEVICES 100000 /* meters of one task */
#define COLLECT_PLAN_LIMIT 1000
#define COLLECT_PLAN_DEVICES 1000000 /* named by plans with a set of their own, together */
#define COLLECT_LINE_LIMIT 200000
#define COLLECT_ORDER_LIMIT 65536 /* given to lines and not ended, all lines together */
#define COLLECT_SEND_LIMIT 1024   /* orders of one transaction */
#define COLLECT_SCHEDULED_LIMIT (LINE_ORDER_OPEN_LIMIT / 2)
#define COLLECT_DAYS 31                           /* midnights and */
#define COLLECT_MONTHS 12                         /* months that can be asked for (S2-033) */
#define COLLECT_START_S 3600                      /* a midnight without a plan is asked for so long after it */
#define COLLECT_TASK_KEEP_S (INT64_C(92) * 86400) /* ended tasks are kept */

struct collect_room;

struct collect_config {
    const struct collect_store *store; /* lives as long as the room */
    struct registry *registry;
    struct reading_room *reading;
    struct undo *undo;     /* may be NULL */
    uint32_t device_limit; /* 0: REGISTRY_DEVICE_LIMIT_DEFAULT */
    uint64_t seed;         /* of the hash tables */
    void *listener;        /* given to these; each may be NULL */
    /* A task moved: told at most once a second of each, and when it ends. */
    void (*progressed)(void *listener, const struct collect_task *task);
    /* Ask a meter with a radio of its own to report. 1; 0 it cannot be asked; negative of the store. */
    int (*radio_read)(void *listener, uint32_t device_id, uint32_t person_id);
    /* The same for the quarter-hours of the day that begins at time_s; person_id 0: the room itself asks. */
    int (*radio_intervals)(void *listener, uint32_t device_id, uint32_t person_id, int64_t time_s);
};

/* Load plans, open tasks and troubles; no line is connected yet.
 * returns  0; COLLECT_ERR_MEMORY, _STORED; negative of the store; *out untouched on failure */
int collect_open(const struct collect_config *config, struct collect_room **out);

/* Accepts NULL. */
void collect_close(struct collect_room *room);

/* What a person wants read. Either device_ids, or area_id (0: all of the scope). */
struct collect_request {
    struct registry_scope scope; /* the caller's; nothing outside is read */
    const uint32_t *device_ids;  /* may be NULL */
    size_t device_count;         /* at most COLLECT_TASK_DEVICES */
    uint32_t area_id;
    uint32_t requested_by; /* person */
    int32_t day;           /* of daily, monthly and interval: local days since 1970 */
    int64_t expires_s;     /* from now; 0: an hour for one meter, else a day */
    uint8_t kind;          /* enum device_kind; 0: all */
    uint8_t what;          /* COLLECT_CURRENT, _DAILY, _MONTHLY, _INTERVAL */
    uint8_t priority;      /* 0: high for one meter, else normal */
    uint8_t only_missing;  /* meters whose value is there are not in the task */
    uint8_t freeze;        /* of COLLECT_CURRENT: latch all at one instant, then read what was latched */
};

/* How its meters can be reached at this moment. */
struct collect_preview {
    uint32_t total;
    uint32_t now;         /* its line is connected */
    uint32_t offline;     /* its line is not: read as soon as it connects */
    uint32_t asleep;      /* a radio of its own: answers in its next window */
    uint32_t unreachable; /* neither: will fail */
};

/* returns  0 and *out; COLLECT_ERR_WHAT, _DATE, _SCOPE, _NOBODY, _TASK_LARGE, _DEVICE, _PRIORITY, _EXPIRY */
int collect_task_preview(struct collect_room *room, const struct collect_request *request, int64_t now_s,
                         struct collect_preview *out);

/* returns  0, *out and *preview; as above; COLLECT_ERR_TASKS_FULL; negative of the store */
int collect_task_create(struct collect_room *room, const struct collect_request *request, int64_t now_s,
                        struct collect_task *out, struct collect_preview *preview);

/* What has not been asked is not; what is under way ends by itself. The caller checks the jurisdiction.
 * returns  0; COLLECT_ERR_TASK, _FINISHED; negative of the store */
int collect_task_cancel(struct collect_room *room, int64_t task_id, int64_t now_s);

/* 1 and *out; 0 when there is none; negative of the store. */
int collect_task_read(struct collect_room *room, int64_t task_id, struct collect_task *out);

/* Add a plan, or change all of one but its identifier, maker and runs. With area_id 0 it has its own meters.
 * returns  0 (plan_id filled in by create); COLLECT_ERR_NAME, _WHAT, _PERIOD, _SCOPE, _PLANS_FULL, _PLAN, _DEVICE,
 *          _MEMORY; negative of the store */
int collect_plan_create(struct collect_room *room, struct collect_plan *plan, const uint32_t *device_ids,
                        size_t device_count);
int collect_plan_change(struct collect_room *room, const struct collect_plan *plan);
int collect_plan_delete(struct collect_room *room, int64_t plan_id);

/* NULL when there is none; good until the next change of a plan. */
const struct collect_plan *collect_plan_find(const struct collect_room *room, int64_t plan_id);

/* The last instant at or before now_s, and the first after it, at which the plan is due. */
int64_t collect_plan_due_s(const struct collect_plan *plan, int64_t now_s, int32_t zone_offset_s);
int64_t collect_plan_next_s(const struct collect_plan *plan, int64_t now_s, int32_t zone_offset_s);

/* After reading has judged an uplink: of an order, of the presence of a line, or a report of a meter with a radio.
 * device_id is the meter, measurement points having been looked up already. Hostile content changes nothing.
 * returns  0; COLLECT_ERR_FULL, _MEMORY; negative of the store */
int collect_observe(struct collect_room *room, const struct uplink *uplink, const struct reading_outcome *outcome,
                    int64_t now_s);

/* A meter with a radio did not report though asked: its command ended. 0; negative of the store. */
int collect_radio_failed(struct collect_room *room, uint32_t device_id, int64_t now_s);

/* The command that asked it for a day of quarter-hours ended.
 * problem  LINE_PROBLEM_NONE: the meter took it, the day follows; _REFUSED: it has none; else it may be asked again
 * returns  0; COLLECT_ERR_MEMORY, _FULL; negative of the store */
int collect_radio_told(struct collect_room *room, uint32_t device_id, uint8_t problem, int64_t now_s);

/* Give work to lines: first to those something came from in this transaction, and once a second to all of them in turn.
 * limit    meters looked at
 * returns  1 when the limit cut it short, 0; COLLECT_ERR_FULL, _MEMORY; negative of the store */
int collect_tick(struct collect_room *room, int64_t now_s, int limit);

/* Write what is waiting in memory; once before every commit. 0; negative of the store. */
int collect_flush(struct collect_room *room, int64_t now_s);

/* After the commit: hand every order (and cancellation) to `order` (and `cancel`); what is refused with false is offered
 * again next time. Either may be NULL: nothing leaves. */
void collect_send(struct collect_room *room, void *context,
                  bool (*order)(void *context, const struct line_order *order),
                  bool (*cancel)(void *context, uint32_t line_id, uint64_t order_id));

/* Forget the orders of a transaction that was rolled back; after the undo was reverted to 0. */
void collect_rolled_back(struct collect_room *room);

/* How busy the lines are. */
struct collect_load {
    uint32_t lines;
    uint32_t lines_online;
    uint32_t lines_busy;    /* with at least one order */
    uint32_t orders;        /* given to lines and not ended */
    uint32_t items_waiting; /* meters of tasks that wait for their turn */
};
void collect_load_read(const struct collect_room *room, struct collect_load *out);

#endif
