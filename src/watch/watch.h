/* What went wrong: turns changes of state into events that are raised once and cleared when the cause is gone, decides
 * the status bits of the board, and notices who is silent.
 *
 * Kinds are the alarm names of base/quantity.h and, seen by the platform itself: silent, clock_error, set_aside,
 * command_failed, line_offline, unknown_point, archive_differs, old_data, never_quiet, address_conflict.
 * Single-threaded; everything belongs to the core's transaction. */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include "base/undo.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "watch/watch_error.h"
#include "watch/watch_store.h"

#define WATCH_SILENT_MARGIN_S 10800  /* spread of reports over two hours (S3-121), and an hour of bad coverage */

/* Conditions that the platform sees, not the meter. */
enum watch_condition {
    WATCH_SILENT = 0,
    WATCH_CLOCK_ERROR,
    WATCH_SET_ASIDE,
    WATCH_COMMAND_FAILED,
    WATCH_LINE_OFFLINE,     /* of a concentrator or line */
    WATCH_UNKNOWN_POINT,    /* it reports a measurement point that the archive lacks */
    WATCH_ARCHIVE_DIFFERS,  /* it holds another archive than the platform */
    WATCH_OLD_DATA,         /* since it connected it tells values older than what is known: another device, or restored */
    WATCH_NEVER_QUIET,      /* of a line: so much is said on it that nobody can be asked */
    WATCH_ADDRESS_CONFLICT, /* of a meter on a line: two answer at its address, or another's address answers */
    WATCH_CONDITION_COUNT
};

struct watch_change {
    const struct watch_event *event; /* good during the call */
    bool cleared;                    /* else raised */
};

struct watch_config {
    const struct watch_store *store;   /* lives as long as the room */
    const struct registry *registry;
    struct reading_room *reading;      /* states are read there, status bits written there */
    struct undo *undo;                 /* may be NULL */
    uint32_t device_limit;             /* 0: REGISTRY_DEVICE_LIMIT_DEFAULT */
    int64_t silent_margin_s;           /* 0: WATCH_SILENT_MARGIN_S */
    void *listener;
    /* Called inside the transaction for each event raised or cleared; may be NULL. A negative answer is handed on. */
    int (*changed)(void *listener, const struct watch_change *change);
};

struct watch_room;

/* returns  0; WATCH_ERR_MEMORY; negative of the store; *out untouched on failure */
int watch_open(const struct watch_config *config, struct watch_room **out);

/* Accepts NULL. */
void watch_close(struct watch_room *room);

/* After reading_accept: raise and clear events, set the status bits.
 * event_time_s  when the device says it happened; 0: not said
 * returns       events raised and cleared; negative of the store or of `changed` */
int watch_observe(struct watch_room *room, const struct reading_outcome *outcome, int64_t event_time_s, int64_t now_s);

/* Raise or clear one condition from elsewhere (a command that failed, a set-aside that was decided).
 * detail   shown to people: a number or code, never personal data
 * returns  1 raised or cleared, 0 it was so already; negative of the store or of `changed` */
int watch_condition_set(struct watch_room *room, uint32_t device_id, enum watch_condition condition, bool present,
                        const char *detail, int64_t now_s);

/* An event of a moment, over as soon as it was: what a concentrator reports of itself.
 * kind      at most WATCH_KIND_LIMIT - 1 bytes
 * raised_s  when it was, by the device's clock; 0: now
 * returns   1; negative of the store or of `changed` */
int watch_note(struct watch_room *room, uint32_t device_id, const char *kind, int32_t severity, const char *detail,
               int64_t raised_s, int64_t now_s);

/* Look at the next `limit` devices for silence; call often, it goes round. Returns events raised; negative of the store. */
int watch_tick(struct watch_room *room, int64_t now_s, uint32_t limit);

/* When a device that was last heard then is called silent. */
int64_t watch_silent_after_s(const struct watch_room *room, uint32_t device_id, int64_t report_received_s);

/* A person has seen it. The caller checks jurisdiction with watch_event_read.
 * returns  0; WATCH_ERR_EVENT, WATCH_ERR_ACKNOWLEDGED; negative of the store */
int watch_acknowledge(struct watch_room *room, int64_t event_id, uint32_t person_id, int64_t now_s);

/* 1 and *out; 0 when there is none; negative of the store. */
int watch_event_read(struct watch_room *room, int64_t event_id, struct watch_event *out);

/* The board's figures (S1-044): each device in service counts once, by its most serious condition
 * (fault, alarm, silent, cut off, normal); `cut`, `silent` ... of a device with several are not counted twice. */
struct watch_counts {
    int64_t total;
    int64_t normal;
    int64_t cut;
    int64_t fault;
    int64_t alarm;
    int64_t silent;
};
void watch_counts(const struct watch_room *room, const struct registry_scope *scope, struct watch_counts *out);

/* "silent", "clock_error", ... as they stand above; "unknown" outside of it. */
const char *watch_condition_name(enum watch_condition condition);

#endif
