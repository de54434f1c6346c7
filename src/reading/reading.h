/* What was measured: from uplinks to believed midnight values and the state of every device.
 *
 * Each device has one main register (registry_device_quantity): register_value is what its dial shows, total_value what
 * flowed, the ratio of transformers in it. Both are in the unit of that quantity.
 *
 * Registers are cumulative; use is the difference of believed totals. A value is stored once, or set aside with its
 * reason; nothing is guessed and nothing is dropped. The room sends nothing and knows no clock: the outcome tells the
 * core whom to tell. Single-threaded; no allocation after a device's first uplink.
 *
 * Every call that changes something belongs to the core's transaction: call reading_flush before the commit; after a
 * rollback let base/undo.h put the memory back and call reading_rolled_back. An undo of 32 MiB holds the before-images
 * of some 20,000 first reports; a daily report costs about 300 bytes of it. */
#ifndef READING_READING_H
#define READING_READING_H

#include <stdbool.h>

#include "base/undo.h"
#include "base/uplink.h"
#include "reading/reading_error.h"
#include "reading/reading_state.h"
#include "reading/reading_store.h"
#include "registry/registry.h"

#define READING_EXPECT_LIMIT 4096 /* days of quarter-hours that one transaction may ask the store for together */
#define READING_OUTCOME_DAYS UPLINK_ITEM_LIMIT /* values one uplink can add or set aside */
#define READING_CLOCK_BOUND_S 300    /* beyond it the device's clock is wrong */
#define READING_FRAME_KEEP_LEAST 500000 /* frames kept however few devices there are */
#define READING_FRAME_KEEP_EACH 20      /* and for each device */

struct reading_config {
    const struct reading_store *store;  /* lives as long as the room */
    const struct registry *registry;
    struct undo *undo;                  /* may be NULL */
    uint32_t device_limit;              /* 0: REGISTRY_DEVICE_LIMIT_DEFAULT */
    int64_t frame_keep;                 /* rows; 0: by READING_FRAME_KEEP_EACH and _LEAST */
};

/* What one uplink changed. */
struct reading_outcome {
    struct reading_state before;        /* as it was; `after` is reading_state_find */
    struct reading_day days[READING_OUTCOME_DAYS]; /* newly believed midnights, oldest first */
    uint8_t reasons[READING_OUTCOME_DAYS];         /* enum reading_reason of each value newly set aside */
    uint32_t device_id;
    int32_t changed_from_day;           /* totals of this day and later ones changed or are new; 0: none */
    uint8_t day_count;
    uint8_t set_aside_count;
    uint8_t repeated_count;             /* midnights that were stored already with the same value */
    uint8_t unknown_device;             /* nothing was done */
    uint8_t removed_device;             /* out of service: only the frame was kept */
    uint8_t duplicate;                  /* the same report again: only the time of contact changed */
    uint8_t stale;                      /* older than the state known: only missing midnights were taken */
    uint8_t current_refused;            /* enum reading_reason of the current value, 0 when believed or absent */
    uint8_t full_report;                /* a report that carried state */
    uint8_t before_installation_count;  /* midnights before this meter hung here */
    uint8_t register_count;             /* other values newly stored */
    uint8_t register_conflict_count;    /* of them, values that contradict a stored one, newly kept beside it */
    uint8_t register_refused_count;     /* with a time that cannot be */
    uint16_t interval_count;            /* quarter-hours newly stored, or changed */
    uint16_t interval_repeated_count;   /* that were stored already with the same value */
    uint16_t interval_refused_count;    /* not believed, of the days that changed */
};

/* Stored readings of a meter that cannot be read: their block is damaged. The rest of its readings is not touched. */
enum reading_damage_kind { READING_DAMAGE_MIDNIGHTS, READING_DAMAGE_INTERVALS };
#define READING_DAMAGE_LIMIT 16

struct reading_damage {
    uint32_t device_id;
    int32_t day;  /* one of its days, local since 1970 */
    uint8_t kind; /* enum reading_damage_kind */
};

struct reading_room;

/* Load every state.
 * returns  0; READING_ERR_MEMORY, READING_ERR_STORED; negative of the store; *out untouched on failure */
int reading_open(const struct reading_config *config, struct reading_room **out);

/* The same in parts: make, then each range of devices once, in any order and from several threads at a time, then end when all are
 * loaded. Nobody writes the store meanwhile. After a failure the room can only be closed.
 * store        of the calling thread's own connection
 * first, last  identifiers of a range; `first` is a multiple of REGISTRY_RANGE_DEVICES (registry/registry.h)
 * returns      as reading_open */
int reading_make(const struct reading_config *config, struct reading_room **out);
int reading_load_range(struct reading_room *room, const struct reading_store *store, uint32_t first, uint32_t last);
int reading_load_end(struct reading_room *room);

/* Accepts NULL. */
void reading_close(struct reading_room *room);

/* Take in one uplink of any kind: keep its frame, note the contact, believe or set aside its values.
 * uplink   from a stranger: any content is possible
 * returns  0 and *outcome; READING_ERR_FULL, READING_ERR_MEMORY; negative of the store: the transaction must be rolled
 *          back then */
int reading_accept(struct reading_room *room, const struct uplink *uplink, int64_t now_s,
                   struct reading_outcome *outcome);

/* Midnights and frames taken in so far are written, so that others can read them in this transaction; a state still comes
 * with reading_flush. Call it before a savepoint begins and before it ends, however it ends.
 * returns  0; negative of the store */
int reading_settle(struct reading_room *room);

/* The state of a device; NULL when it was never heard of. Good until the room is closed. */
const struct reading_state *reading_state_find(const struct reading_room *room, uint32_t device_id);

/* Which days of quarter-hours of a device are complete; NULL: it sends none. Good until the room is closed. */
const struct interval_standing *reading_standing_find(const struct reading_room *room, uint32_t device_id);

/* Set the status bits (enum device_status): watch decides them.
 * returns  0; READING_ERR_DEVICE, READING_ERR_FULL, READING_ERR_MEMORY */
int reading_status_set(struct reading_room *room, uint32_t device_id, uint8_t status);

/* Write what is waiting in memory; once before every commit. 0; negative of the store. */
int reading_flush(struct reading_room *room);

/* In a storm of reports the row of a state in the store, and that of its newest midnight, may be behind by up to a minute (its
 * status never); reading_flush keeps what they lack in a log, so nothing is lost. This brings the rows of a device up, for somebody
 * who is about to read them.
 * returns  0; READING_ERR_FULL; negative of the store */
int reading_row_settle(struct reading_room *room, uint32_t device_id);
int reading_devices_settle(struct reading_room *room, const uint32_t *device_ids, uint32_t count);

/* The same for some thousand devices that are behind, before an orderly end.
 * returns  1 some are left; 0 none; READING_ERR_FULL; negative of the store */
int reading_rows_settle(struct reading_room *room);

/* Every device whose newest midnight is not a row yet, in their order: after a start, whoever has to hear of these midnights again. */
void reading_waiting_walk(const struct reading_room *room, void (*visit)(void *visitor, uint32_t device_id), void *visitor);

/* These uplinks come next, in this order: what they will ask the store for may be brought together. Only a hint, of the first
 * READING_EXPECT_LIMIT days of quarter-hours among them. */
void reading_expect(struct reading_room *room, const struct uplink *uplinks, size_t count);

/* Forget what was waiting to be written; after the undo was reverted to 0. Not needed for savepoints. */
void reading_rolled_back(struct reading_room *room);

/* A person decides about a value set aside. Accepted: it is stored with quality READING_CORRECTED, later totals are
 * derived again, and values set aside after it that fit now are accepted as well.
 * returns  0 and *outcome (changed_from_day is what rating must look at again); READING_ERR_SET_ASIDE, _DECIDED,
 *          _NOT_ACCEPTABLE, _FULL; negative of the store */
int reading_decide(struct reading_room *room, int64_t set_aside_id, bool accept, uint32_t person_id, int64_t now_s,
                   struct reading_outcome *outcome);

/* The device of a value set aside, for the check of jurisdiction: 1 and *out; 0 none; negative of the store. */
int reading_set_aside_find(struct reading_room *room, int64_t set_aside_id, struct reading_set_aside *out);

/* Whether a device has values set aside that nobody has decided: 1, 0; negative of the store. */
int reading_set_aside_open(struct reading_room *room, uint32_t device_id);

/* The archive has another ratio for this device (struct registry_device.multiplier_e3): what flowed since the newest
 * stored midnight, or since the installation, counts with it; stored totals stay.
 * returns  0; READING_ERR_DEVICE, READING_ERR_FULL, READING_ERR_MEMORY */
int reading_multiplier_changed(struct reading_room *room, uint32_t device_id);

/* Around a change of the archive that may move a device to another area, change when it was installed, or take it down: its
 * midnights follow it in the figures of areas (its use stays where it was used). Between the two calls the change is made; the
 * second is for what the first counted out.
 * returns  1 counted out; 0 not in service; READING_ERR_FULL; negative of the store */
int reading_archive_leaves(struct reading_room *room, uint32_t device_id);

/* returns  0; READING_ERR_FULL; negative of the store */
int reading_archive_returns(struct reading_room *room, uint32_t device_id, int64_t now_s);

/* The total of a meter that is taken off the wall showing `end_register_value` (for registry_device_exchange).
 * returns  0; READING_ERR_DEVICE; READING_ERR_END when the dial cannot have come so far since its last reading */
int reading_exchange_total(const struct reading_room *room, uint32_t device_id, int64_t end_register_value, int64_t now_s,
                           int64_t *total_value);

/* A stored midnight: 1 and *out; 0 when it is missing; negative of the store. */
int reading_day_read(struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out);

/* The newest stored midnight at or before `day`, at most READING_MAP_DAYS back: 1, 0, negative of the store. */
int reading_day_before(struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out);

/* Whether the completeness map has the midnight; days older than the map count as missing. */
bool reading_day_known(const struct reading_state *state, int32_t day);

/* How many devices inside the scope owed the midnight of `day`, and how many gave it on its day and by now (S3-114). */
struct reading_rate {
    int64_t due;
    int64_t on_time;
    int64_t eventual;
};
void reading_rate_of_day(const struct reading_room *room, const struct registry_scope *scope, int32_t day,
                         struct reading_rate *out);

/* What flowed between two values that the main dial showed, the ratio in it, by the same rules as for midnights.
 * device   its modulus and flow limit are looked at
 * returns  READING_BELIEVED with *usage_value; READING_RANGE, READING_JUMP, READING_BACKWARD */
enum reading_reason reading_instants_judge(const struct registry_device *device, int64_t from_value, int64_t from_s,
                                           int64_t to_value, int64_t to_s, int64_t multiplier_e3, int64_t *usage_value);

/* Whether a quantity only grows. */
bool reading_register_cumulative(enum quantity quantity);

/* Remove a bounded number of the oldest frames beyond the bound and of what is older than its retention (retention.h), and
 * fold some midnights (midnight_fold.h) and days of quarter-hours (interval_fold.h); returns how many rows, or negative of the
 * store. */
int reading_tick(struct reading_room *room, int64_t now_s);

/* What was found damaged and passed by, one after the other: 1 and *out; 0 nothing more. To be asked in the same transaction; a
 * round of folding finds the same damage again. */
int reading_damage_take(struct reading_room *room, struct reading_damage *out);

#endif
