/* What the reading room needs of a store. store/sql/reading_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the room hands on unchanged. They run inside
 * the transaction that the core has open. */
#ifndef READING_READING_STORE_H
#define READING_READING_STORE_H

#include <stddef.h>

#include "base/quantity.h"
#include "base/span.h"
#include "reading/fold_round.h"
#include "reading/interval_fold.h"
#include "reading/interval_standing.h"
#include "reading/midnight_fold.h"
#include "reading/reading_state.h"
#include "reading/retention.h"

enum reading_quality { READING_ON_TIME = 0, READING_LATE = 1, READING_CORRECTED = 2, READING_ESTIMATED = 3 };

/* Why a value is not believed. */
enum reading_reason {
    READING_BELIEVED = 0,
    READING_BACKWARD, /* less than an earlier value, or more than a later one */
    READING_JUMP,     /* more than the pipe can carry in the time between */
    READING_CONFLICT, /* another value is stored for the same midnight */
    READING_CLOCK,    /* the device's clock does not say which day it is */
    READING_RANGE,    /* the dial cannot show it */
    READING_REASON_COUNT
};

/* One midnight value of one device (table daily_reading). */
struct reading_day {
    int64_t register_value;
    int64_t total_value;
    int64_t received_s;
    int64_t multiplier_e3; /* with which the growth up to this midnight counts; day_update leaves it */
    int32_t day;
    int32_t quality; /* enum reading_quality */
};

/* A row of daily_reading on its way into a block (midnight_fold.h). */
struct midnight_row {
    struct reading_day day;
    uint32_t device_id;
};

struct reading_set_aside {
    int64_t set_aside_id;
    int64_t register_value;
    int64_t expected_value; /* the earliest register that would have been believed */
    int64_t received_s;
    int64_t decided_s;   /* 0: open */
    uint32_t device_id;
    uint32_t decided_by; /* 0: the platform itself */
    int32_t day;
    uint8_t reason;      /* enum reading_reason */
    uint8_t accepted;    /* of a decided one */
};

/* What one area gained on one day in meters of one kind (table area_day): figures of the overview without counting
 * meters. */
struct reading_area_day {
    int64_t usage_value;  /* used on that day */
    int32_t received;  /* midnights stored */
    int32_t on_time;
    uint32_t area_id;
    int32_t day;
    uint8_t kind;      /* enum device_kind */
};

/* What a midnight adds to an area and all below it (table area_midnight): figures of a whole town without a walk through its
 * buildings. Buildings themselves have none: their own meters are all they hold. */
struct reading_area_sum {
    int64_t usage_value; /* used on the day that this midnight ended */
    int32_t received;    /* midnights stored */
    int32_t on_time;
    uint32_t area_id;
    int32_t day;
    uint8_t kind;        /* enum device_kind */
};

/* How many more meters of an area and all below it, no building, lack a midnight (table area_gap). */
struct reading_area_gap {
    uint32_t area_id;
    int32_t newest_day; /* their newest midnight */
    int32_t gap_day;    /* the newest one before it that they owe and did not give */
    int32_t devices;
    uint8_t kind;       /* enum device_kind */
};

/* The newest midnight before the newest one that a meter owes and did not give, by its map (struct reading_state).
 * installed_day  it owes the midnights after this day
 * returns        local days since 1970; 0: none within the map */
int32_t reading_gap_day(uint64_t complete_days, int32_t newest_day, int32_t installed_day);

/* Values at instants are kept so long; those latched at midnights and months stay. */
#define READING_REGISTER_KEEP_DAYS 400
/* Contradictions kept of one device. */
#define READING_REGISTER_CONFLICT_LIMIT 200

enum reading_register_quality {
    READING_REGISTER_GOOD = 0,
    READING_REGISTER_DOUBTED = 1, /* by the device itself */
    READING_REGISTER_CONFLICT = 2 /* another value was reported for the same instant */
};

/* One value of one channel at one time (table register_reading). */
struct reading_register {
    uint32_t device_id;
    uint32_t channel;   /* reading_register_channel */
    uint8_t period;     /* enum uplink_period */
    uint8_t quality;    /* enum reading_register_quality */
    int64_t time_s;
    int64_t value;      /* as the dial shows it */
    int64_t scale_e3;   /* what flows for one of it, by the transformers of that time: 1000 without */
    int64_t received_s;
};

/* Which of a meter's values: quantity, tariff register (0 total), phase (0 all). */
static inline uint32_t reading_register_channel(enum quantity quantity, uint8_t register_index, uint8_t phase)
{
    return (uint32_t)quantity << 16 | (uint32_t)register_index << 8 | phase;
}

struct reading_frame {
    uint64_t previous_frame;
    int64_t at_s;
    uint32_t device_id;
    uint32_t direction; /* 0 from the device, 1 to the device */
    const uint8_t *bytes;
    size_t size;
};

/* A zone whose loss is watched (balance_zone.h): one row of balance_zone with those of balance_supply. */
#define BALANCE_NAME_LIMIT 128
#define BALANCE_SUPPLY_LIMIT 64

struct balance_supply {
    uint32_t device_id;
    int32_t direction;  /* 1 into the zone, -1 out of it */
};

struct balance_zone {
    int64_t balance_zone_id;
    uint32_t tenant_id;
    uint32_t area_id;
    uint32_t kind;      /* enum device_kind of its meters */
    uint32_t supply_count;
    int64_t created_s;
    struct balance_supply supply[BALANCE_SUPPLY_LIMIT];
    char name[BALANCE_NAME_LIMIT];
};

struct reading_store {
    void *context;
    /* The states of devices `first` to `last`, with the registers of their newest days, ordered by device. */
    int (*states_walk)(void *context, uint32_t first, uint32_t last,
                       int (*visit)(void *visitor, uint32_t device_id, const struct reading_state *state), void *visitor);
    /* state_write, day_insert, frame_insert, interval_write, standing_write and state_log_append may keep the row back and write many at
     * once: `settle` comes before anybody but this interface looks, and before the commit. A midnight that is stored already may be
     * told as late as then.
     * state->dirty says what of the state may differ from its row. */
    int (*state_write)(void *context, uint32_t device_id, const struct reading_state *state);
    int (*day_insert)(void *context, uint32_t device_id, const struct reading_day *day);
    /* A row of state_log with the next number (state_log.h); every row, oldest first; no row up to a number any more. */
    int (*state_log_append)(void *context, int64_t log_id, struct span states);
    int (*state_log_walk)(void *context, int (*visit)(void *visitor, int64_t log_id, struct span states), void *visitor);
    int (*state_log_drop)(void *context, int64_t log_id);
    int (*settle)(void *context);
    /* The transaction was rolled back: what was kept back is nobody's. */
    void (*forget)(void *context);
    /* 1 updated; 0 there is no such row. */
    int (*day_update)(void *context, uint32_t device_id, const struct reading_day *day);
    /* 1 and *out; 0 when there is no row of that midnight: it may be folded. */
    int (*day_read)(void *context, uint32_t device_id, int32_t day, struct reading_day *out);
    /* 0; *id of the new row, or 0 when the same value of the same day is set aside already. */
    int (*set_aside_insert)(void *context, const struct reading_set_aside *row, int64_t *id);
    /* 1 and *out; 0 when there is none. */
    int (*set_aside_read)(void *context, int64_t id, struct reading_set_aside *out);
    /* The undecided one of the lowest day above `after_day`: 1 and *out; 0 when there is none. */
    int (*set_aside_next)(void *context, uint32_t device_id, int32_t after_day, struct reading_set_aside *out);
    int (*set_aside_decide)(void *context, const struct reading_set_aside *row);
    int (*area_day_add)(void *context, const struct reading_area_day *gain);
    int (*area_sum_add)(void *context, const struct reading_area_sum *sum);
    int (*area_gap_add)(void *context, const struct reading_area_gap *gap);
    /* Whether the gaps of every device are in area_gap: 1, 0; negative of the store. And from now on they are. */
    int (*gaps_counted)(void *context);
    int (*gaps_counted_note)(void *context);
    /* 1 stored; 0 there is a value of this instant already. */
    int (*register_insert)(void *context, const struct reading_register *row);
    /* The value of the device, channel, period and time in *row: 1 and the rest of *row; 0 none. */
    int (*register_read)(void *context, struct reading_register *row);
    /* Writes the quality. */
    int (*register_mark)(void *context, const struct reading_register *row);
    /* 1 stored; 0 known already, or the device has READING_REGISTER_CONFLICT_LIMIT of them. */
    int (*conflict_insert)(void *context, const struct reading_register *row);
    /* Go on to the channel after at->device_id and at->channel, device_id 0 when that was the last one, and remove at most
     * `limit` of its oldest instants before `before_s`; the number removed. */
    int (*registers_trim)(void *context, struct reading_register *at, int64_t before_s, int limit);
    /* The row of the device, channel and day in *row: 1 and the rest of *row; 0 none. Bytes longer than any block are given as
     * none, block_size 0: here, in interval_rows and in the blocks of folded history. */
    int (*interval_read)(void *context, struct interval_row *row);
    /* These rows will be read, in this order, so that a store that answers late can bring many at once; what was expected before is
     * not any more. Only a hint: a store may forget it, and NULL is a store that needs none. */
    void (*intervals_expect)(void *context, const struct interval_key keys[], size_t count);
    /* A new row, or another content of one that is there. */
    int (*interval_write)(void *context, const struct interval_row *row);
    /* The rows of interval_standing of devices `first` to `last`, ordered by device; one row, new or changed. */
    int (*standings_walk)(void *context, uint32_t first, uint32_t last,
                          int (*visit)(void *visitor, uint32_t device_id, const struct interval_standing *standing),
                          void *visitor);
    int (*standing_write)(void *context, uint32_t device_id, const struct interval_standing *standing);
    /* Rows of days below `before_day` of the devices above `after` up to `last`, ordered by device, channel and day: how
     * many, at most `limit`. */
    int (*interval_rows)(void *context, uint32_t after, uint32_t last, int32_t before_day, struct interval_row *rows,
                         int limit);
    /* Remove the row of the device, channel and day in *row. */
    int (*interval_delete)(void *context, const struct interval_row *row);
    /* The block of the stretch, device and channel in *fold: 1 and the rest of it; 0 none. */
    int (*interval_fold_read)(void *context, struct interval_fold *fold);
    /* A new block, or another content of one that is there. */
    int (*interval_fold_write)(void *context, const struct interval_fold *fold);
    /* Where the round of a kind of folding stands. */
    int (*fold_progress_read)(void *context, enum fold_kind kind, struct fold_progress *out);
    int (*fold_progress_write)(void *context, enum fold_kind kind, const struct fold_progress *progress);
    /* Rows of days below `before_day` of the devices above `after` up to `last`: how many, at most `limit`. */
    int (*midnights_old)(void *context, uint32_t after, uint32_t last, int32_t before_day, struct midnight_row *rows,
                         int limit);
    /* Remove these rows. */
    int (*midnights_delete)(void *context, const struct midnight_row *rows, size_t count);
    /* The block of the stretch and device in *block: 1 and its parts; 0 none, *block untouched. */
    int (*midnight_block_read)(void *context, struct midnight_block *block);
    /* A new block, or another content of one that is there. */
    int (*midnight_block_write)(void *context, const struct midnight_block *block);
    /* The largest number that any tenant has set for `setting`, or `standard` where one has set nothing: 0 and *days. */
    int (*retention_read)(void *context, const char *setting, int32_t standard, int32_t *days);
    /* Where the database keeps a kind in parts: make those of today, drop those that end before `before_s`; the number dropped. */
    int (*retention_parts)(void *context, enum retention_kind kind, int64_t now_s, int64_t before_s);
    /* Remove at most `limit` of the oldest rows of a kind (of each of its tables) before `before_s`, but for those that go with their
     * part soon; the number removed. */
    int (*retention_trim)(void *context, enum retention_kind kind, int64_t before_s, int limit);
    /* 1 and *out with its border meters; 0 none. */
    int (*zone_read)(void *context, int64_t balance_zone_id, struct balance_zone *out);
    /* With its border meters; fills balance_zone_id. */
    int (*zone_insert)(void *context, struct balance_zone *zone);
    /* Writes area, name and border meters. */
    int (*zone_update)(void *context, const struct balance_zone *zone);
    int (*zone_delete)(void *context, int64_t balance_zone_id);
    /* 1 when another zone of the tenant has the name; 0 when none. */
    int (*zone_name_taken)(void *context, uint32_t tenant_id, const char *name, int64_t except_zone_id);
    int (*frame_insert)(void *context, const struct reading_frame *frame, uint64_t *id);
    /* Remove at most `limit` of the oldest frames until `keep` are left; the number removed. */
    int (*frames_trim)(void *context, int64_t keep, int limit);
};

/* "backward", "jump", "conflict", "clock", "range"; "" for READING_BELIEVED and numbers outside the list. */
const char *reading_reason_name(enum reading_reason reason);

/* The reason of that name; READING_BELIEVED when there is none. */
enum reading_reason reading_reason_of_name(const char *name);

#endif
