/* How long what devices say is kept, by kind (数据保留期限): a setting each, in days.
 *
 * Settings are of a tenant, tables are of all: the longest time that any tenant asks for counts. What is older goes by bounded
 * slices of a range; where the database keeps a table in parts (store/store_parts.h) a part goes as a whole, when all that is in it is too
 * old. Nothing is dropped before the settings were read. */
#ifndef READING_RETENTION_H
#define READING_RETENTION_H

#include <stdint.h>

enum retention_kind {
    RETENTION_MIDNIGHTS, /* daily_reading, midnight_block */
    RETENTION_INTERVALS, /* interval_day, interval_block */
    RETENTION_REGISTERS, /* register_reading, values at instants */
    RETENTION_FRAMES,    /* frame, which is bounded by count as well */
    RETENTION_EVENTS,    /* event, those that are over */
    RETENTION_KIND_COUNT
};

struct retention {
    int32_t days[RETENTION_KIND_COUNT];
    int32_t midnight_row_days; /* so long a midnight is a row, then folded (midnight_fold.h) */
    int64_t read_s; /* when the settings were read; 0 never */
};

struct reading_room;

/* Key of the setting, and what counts where a tenant has set nothing. */
const char *retention_setting(enum retention_kind kind);
int32_t retention_standard_days(enum retention_kind kind);

/* Read the settings again once an hour, and drop a bounded part of what is too old; in the core's transaction.
 * returns  rows and parts dropped; negative of the store */
int retention_tick(struct reading_room *room, int64_t now_s);

#endif
