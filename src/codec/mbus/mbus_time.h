/* Dates and times of EN 13757-3 annex A, by their size: G (2 bytes, date), J (3, time of day), F (4, date and time),
 * I (6, date and time with seconds). */
#ifndef CODEC_MBUS_TIME_H
#define CODEC_MBUS_TIME_H

#include "codec/item/item.h"

/* `data` is 2, 3, 4 or 6 bytes as in the frame.
 * returns  ITEM_GOOD; ITEM_DOUBTED when the meter marks its clock as invalid; ITEM_MISSING when nothing is set (all
 *          bits 1, of a date also all 0); ITEM_INVALID, also for other sizes, *out then stating nothing. "Every year"
 *          gives ITEM_TIME_OF_YEAR, "every year and month" ITEM_TIME_OF_MONTH, day 0 ("every day") of a date
 *          ITEM_TIME_MONTH. A year without century is 2000 to 2080, 1981 to 1999. */
enum item_quality mbus_time_decode(struct span data, struct item_time *out);

/* The way back, in the type that holds all parts: G for a date, F with minutes, I with seconds, J for a time of day.
 * out      room for 6 bytes, untouched on failure
 * returns  number of bytes; CODEC_ERR_RANGE for an illegal time, a year outside 1900 to 2299 and before 1981 or after
 *          2080 for a date alone; CODEC_ERR_UNSUPPORTED for parts that have no type (year, month, hour) */
int mbus_time_encode(const struct item_time *time, uint8_t *out);

#endif
