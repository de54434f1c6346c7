/* The register at each quarter of an hour (分时数据): today and three days that wait to be told.
 *
 * Places of a day are numbered by what they end: place 0 is 00:15, place 95 is 24:00. */
#ifndef METER_CORE_METER_INTERVAL_H
#define METER_CORE_METER_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

#define METER_INTERVAL_DAYS 4
#define METER_INTERVAL_PLACES 96
#define METER_INTERVAL_S 900
#define METER_INTERVAL_NONE UINT32_MAX
#define METER_INTERVAL_HOUR_PLACES 4 /* kept in flash together */
#define METER_INTERVAL_SECTOR_SMALLEST 4096 /* bytes of a flash sector of a meter that keeps quarters */

/* A day's place is its number modulo the ring; day 0 marks an empty one. */
struct meter_interval_day {
    uint32_t volume_l[METER_INTERVAL_PLACES];
    uint16_t day; /* local day since 1970 */
    bool told;    /* the platform has it, or does not want it */
};

struct meter_intervals {
    struct meter_interval_day days[METER_INTERVAL_DAYS];
    int32_t quarter_seen; /* the newest quarter that began, local, since 1970; 0 none */
    uint16_t telling_day; /* of the message on its way */
    bool asked;           /* the platform wants a day once more, now */
};

/* Latch one place; a day that is not in the ring takes the place of the one it follows by its length.
 * day  1 to 65,535; place below METER_INTERVAL_PLACES; others are ignored */
void meter_intervals_put(struct meter_intervals *intervals, int32_t day, unsigned place, uint32_t volume_l);

/* NULL when the ring does not have the day. */
const struct meter_interval_day *meter_intervals_find(const struct meter_intervals *intervals, int32_t day);

/* The oldest day before `today` that has a value and was not told; 0 none. */
int32_t meter_intervals_untold(const struct meter_intervals *intervals, int32_t today);

/* Tell the day once more. false: nothing of it is in the ring, or it is not over.
 * today  the local day */
bool meter_intervals_ask(struct meter_intervals *intervals, int32_t day, int32_t today);

/* The day needs not be told any more. */
void meter_intervals_told(struct meter_intervals *intervals, int32_t day);

#endif
