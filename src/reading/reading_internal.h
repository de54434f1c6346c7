/* Shared by the files of this room. */
#ifndef READING_READING_INTERNAL_H
#define READING_READING_INTERNAL_H

#include "base/dense_array.h"
#include "base/quantity.h"
#include "reading/reading.h"

struct interval_work;
struct state_log;
struct midnight_work;

#define READING_DIRTY_LIMIT 131072 /* devices changed in one transaction */
#define READING_GAIN_SLOTS 16384   /* (area, day) pairs collected before they are written; a power of two */
#define READING_GAIN_LIMIT (READING_GAIN_SLOTS / 4 * 3)

/* Registers and clocks are compared with an hour of tolerance: report and latch are never at the same second. */
#define READING_TOLERANCE_S 3600
/* A clock wrong by less than half a day still names the right midnight: the nearest one. */
#define READING_DAY_TRUST_S 43200

struct reading_room {
    struct reading_store store;
    const struct registry *registry;
    struct undo *undo;
    struct dense_array states; /* struct reading_state by device_id */
    struct dense_array standings; /* struct interval_standing by device_id */
    uint32_t *dirty;           /* device_id; may name a device twice or one that is clean again */
    uint32_t dirty_count;
    struct state_log *state_log; /* state_log.h */
    uint32_t gain_count;
    uint32_t sum_count;
    struct reading_gain *gains; /* open addressing; area_id 0: free */
    struct reading_gain *sums;  /* of areas above, only while the gains are written */
    bool gaps_counted;          /* table area_gap knows every device */
    int64_t frame_keep;
    struct reading_register trim_at; /* the channel that was trimmed last */
    struct interval_work *fold_work; /* interval_work.h */
    struct midnight_work *midnight_work; /* midnight_work.h */
    struct retention retention;
    struct reading_damage damage[READING_DAMAGE_LIMIT]; /* not told yet */
    size_t damage_count;
    struct interval_key expected[READING_EXPECT_LIMIT]; /* reading_expect: on their way to the store */
};

/* Remember what cannot be read, for reading_damage_take; beyond READING_DAMAGE_LIMIT it is found again by the next round of folding. */
void reading_damage_note(struct reading_room *room, enum reading_damage_kind kind, uint32_t device_id, int32_t day);

/* Another content of a stored midnight, wherever it rests.
 * returns  0; READING_ERR_STORED: it is not stored; negative of the store */
int reading_day_change(struct reading_room *room, uint32_t device_id, const struct reading_day *day);

/* What an area gained on a day in meters of one kind; or, with a gap_day, how many more of its devices have that gap. */
struct reading_gain {
    int64_t usage_value;
    int32_t received; /* devices of a gap */
    int32_t on_time;
    uint32_t area_id;
    int32_t day;      /* the newest day of a device with the gap */
    int32_t gap_day;  /* 0: figures of the day */
    uint8_t kind;     /* enum device_kind */
};

/* A point that later values are measured from. */
struct reading_point {
    int64_t register_value;
    int64_t total_value;
    int64_t time_s;
    int64_t multiplier_e3; /* of the growth that ends here; of a stored midnight */
    int32_t day;  /* 0: the installation */
    bool known;   /* false: the dial at installation is not known and nothing was read yet */
};

/* What the judge says of one midnight value. */
struct reading_verdict {
    enum reading_reason reason;
    int64_t total_value;      /* when believed */
    int64_t multiplier_e3;    /* of the growth that ends here */
    int64_t expected_value;   /* when not */
    struct reading_point before;
    struct reading_point after; /* known: there is a later midnight already */
};

/* Judge a midnight that is not stored yet.
 * returns  0 and *verdict; READING_ERR_STORED when map and store disagree; negative of the store */
int reading_judge(struct reading_room *room, const struct registry_device *device, const struct reading_state *state,
                  int32_t day, int64_t register_value, struct reading_verdict *verdict);

/* Judge the step from one point to a value at a time: READING_BELIEVED with the total, or why not.
 * multiplier_e3  what flows for one unit on the dial, thousandths */
enum reading_reason reading_step_judge(const struct registry_device *device, const struct reading_point *from,
                                       int64_t register_value, int64_t time_s, int64_t multiplier_e3,
                                       int64_t *total_value);

/* A place on the dial in what flowed since the dial's zero. */
int64_t reading_place_value(int64_t dial_value, int64_t multiplier_e3);

/* What flowed while the dial went from one value to another, over its end when the later one is smaller. Steps add up:
 * the growth of two parts is the growth of the whole, whatever the ratio. Both values lie on the dial. */
int64_t reading_growth_value(const struct registry_device *device, int64_t from_value, int64_t to_value,
                             int64_t multiplier_e3);

/* The most that the dial can move in this time, tolerance included. */
int64_t reading_flow_bound_value(const struct registry_device *device, int64_t elapsed_s);

/* The newest value known: the last one seen on the dial, or a midnight that came after it, or the installation. */
struct reading_point reading_newest_point(const struct registry_device *device, const struct reading_state *state,
                                          int32_t zone_offset_s);

/* Where the meter began. */
struct reading_point reading_installation_point(const struct registry_device *device);

/* Store a believed midnight, and note it in state, map, area figures and outcome.
 * returns  0; READING_ERR_FULL; negative of the store */
int reading_day_take(struct reading_room *room, const struct registry_device *device, struct reading_state *state,
                     const struct reading_day *day, const struct reading_verdict *verdict,
                     struct reading_outcome *outcome);

/* Forward the map to a newer day, without storing anything. */
void reading_map_advance(struct reading_state *state, int32_t day);

/* Gains are gathered over a transaction and written at its end, or earlier when they are too many: for the area, and for
 * every area above it that is no building, its whole.
 * undo     remembers them first, so that a savepoint may be reverted; NULL at the end of the transaction
 * returns  0; READING_ERR_MEMORY (open), READING_ERR_FULL; negative of the store */
int reading_gains_open(struct reading_room *room);
void reading_gains_close(struct reading_room *room);
int reading_gain(struct reading_room *room, const struct reading_gain *gain);
int reading_gains_write(struct reading_room *room, struct undo *undo);
void reading_gains_forget(struct reading_room *room);

/* Count a device's gap in, sign 1, or out, -1, where it has one: around every change of its map.
 * returns  0; READING_ERR_FULL; negative of the store */
int reading_gap_count(struct reading_room *room, const struct registry_device *device, const struct reading_state *state,
                      int sign);

/* Whether the store has counted the gaps; and once, for a store that is older than their counts, count them all. */
int reading_gaps_begin(struct reading_room *room);
int reading_gaps_build(struct reading_room *room);

/* The state of a device, made when it is new, remembered by the undo, and marked as to be written.
 * returns  0; READING_ERR_MEMORY; READING_ERR_FULL */
int reading_state_touch(struct reading_room *room, uint32_t device_id, struct reading_state **out);

/* One midnight as a device lists it. */
struct reading_midnight {
    int64_t register_value;
    int64_t time_s;
    int32_t day;       /* by the device's clock: the nearest midnight */
    uint8_t monthly;   /* of a list that goes far back */
    uint8_t misplaced; /* its time is no midnight */
};

struct reading_list {
    struct reading_midnight items[UPLINK_ITEM_LIMIT]; /* oldest first */
    size_t count;
};

/* Collect the midnights of the main register in an uplink, oldest first.
 * quantity  the main register's */
void reading_list_collect(const struct uplink *uplink, enum quantity quantity, int32_t zone_offset_s,
                          struct reading_list *list);

/* Decide which days a list means.
 * clock_known, clock_error_s  device clock minus ours
 * shift_days                  to be added to each day
 * returns  true; false when the days are not certain: set the values aside for READING_CLOCK */
bool reading_list_date(const struct reading_list *list, const struct reading_state *state, int64_t received_s,
                       int32_t zone_offset_s, bool clock_known, int64_t clock_error_s, int32_t *shift_days);

/* What the values of one uplink share. */
struct reading_registers {
    struct reading_room *room;
    const struct registry_device *device;
    struct reading_outcome *outcome;
    const struct reading_state *state;
    int64_t received_s;
    int32_t zone_offset_s;
    bool clock_known; /* the device stated its own clock: its values of now are of the time of arrival */
};

/* What flows for one of a quantity's value, thousandths, by the transformers before the device. */
int64_t reading_register_scale(const struct registry_device *device, enum quantity quantity);

/* Store the values of an uplink that are no midnights of the main register and no state.
 * returns  0; READING_ERR_STORED; negative of the store */
int reading_registers_take(struct reading_registers *in, const struct uplink *uplink);

/* Copy the state items of an uplink into the state; values outside their range are left out. */
void reading_state_apply(const struct uplink *uplink, struct reading_state *state);

#endif
