/* How quarter-hours of a day enter the room: the one way for series of a device and for curves that a line brought. */
#ifndef READING_READING_INTERVAL_H
#define READING_READING_INTERVAL_H

#include "reading/interval.h"
#include "reading/reading_internal.h"

/* One value of one register, as reported. */
struct reading_instant {
    int64_t time_s;
    int64_t value;
    uint8_t state; /* INTERVAL_GOOD or INTERVAL_DOUBTED */
};

/* Whether values of this channel at this time are kept as quarter-hours. */
bool reading_interval_fits(const struct reading_registers *in, uint32_t channel, int64_t time_s);

/* Sort instants of one register into days, merge, judge and store them.
 * instants  count of them, in order of time, each of which reading_interval_fits
 * returns   0; READING_ERR_STORED; negative of the store */
int reading_interval_take(struct reading_registers *in, uint32_t channel, const struct reading_instant *instants,
                          size_t count);

/* An uplink of kind UPLINK_SERIES.
 * clock_wrong  the device's clock was wrong at its last report: the values are doubted */
int reading_series_take(struct reading_registers *in, const struct uplink *uplink, bool clock_wrong);

#endif
