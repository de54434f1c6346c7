/* Midnights of long ago at rest (日冻结归并): the days of one meter in one row, in four columns of few bytes.
 *
 * Everything a row of daily_reading says comes back as it was: the dial, the total, quality, time of arrival and the ratio of the
 * growth that ends there. Each part is a series_block.h of period SERIES_DAY over all MIDNIGHT_BLOCK_DAYS days of its stretch:
 *
 *   registers   the dial; the state of a slot is the quality of the midnight, SERIES_STATE_GAP where none is stored
 *   totals      total less the dial scaled by the midnight's ratio (reading_place_value), modulo 2^64: it changes where the dial
 *               wraps, a meter is exchanged or a ratio changes, and rests in between. Empty: 0 on every day
 *   ratios      multiplier_e3. Empty: 1000 on every day
 *   arrivals    the second of its UTC day at which it came; the state is that day less the midnight's, plus 1. State 254, where
 *               that is no number of 0 to 253: all seconds from 00:00 UTC of the day's number. So a late one bends no neighbour
 *
 * Totals and ratios have no states. Only registers has gaps: in the other parts a day without a midnight repeats its neighbour. */
#ifndef READING_MIDNIGHT_BLOCK_H
#define READING_MIDNIGHT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define MIDNIGHT_BLOCK_DAYS 256       /* of a stretch: stretch n is local days 256 n to 256 n + 255 */
#define MIDNIGHT_PART_SIZE_LIMIT 3584 /* bytes that no part exceeds */

enum midnight_part { MIDNIGHT_REGISTERS, MIDNIGHT_TOTALS, MIDNIGHT_RATIOS, MIDNIGHT_ARRIVALS, MIDNIGHT_PART_COUNT };

/* Table midnight_block. */
struct midnight_block {
    int32_t stretch;
    uint32_t device_id;
    size_t sizes[MIDNIGHT_PART_COUNT];
    uint8_t parts[MIDNIGHT_PART_COUNT][MIDNIGHT_PART_SIZE_LIMIT];
};

/* The days of a stretch laid out; quality SERIES_STATE_GAP: no midnight. */
struct midnight_days {
    int64_t register_value[MIDNIGHT_BLOCK_DAYS];
    int64_t total_value[MIDNIGHT_BLOCK_DAYS];
    int64_t multiplier_e3[MIDNIGHT_BLOCK_DAYS];
    int64_t received_s[MIDNIGHT_BLOCK_DAYS];
    uint8_t quality[MIDNIGHT_BLOCK_DAYS];
};

struct reading_day;

/* The stretch of a day, 0 or later. */
int32_t midnight_block_stretch(int32_t day);

/* No midnight on any day. */
void midnight_days_clear(struct midnight_days *days);

/* Lay a midnight over what its day had. */
void midnight_days_put(struct midnight_days *days, const struct reading_day *day);

/* What a day of the stretch has.
 * returns  true with *out; false when there is none, *out untouched */
bool midnight_days_get(const struct midnight_days *days, int32_t day, struct reading_day *out);

/* Pack the days of block->stretch into the parts.
 * returns  0; BASE_ERR_FULL never for days as above */
int midnight_block_encode(const struct midnight_days *days, struct midnight_block *block);

/* Unpack.
 * parts    as stored, of the row of `stretch`; read in place
 * returns  how many days have a midnight; BASE_ERR_SHORT, BASE_ERR_SYNTAX, BASE_ERR_RANGE: the bytes are no such block,
 *          *out may hold anything then */
int midnight_block_decode(int32_t stretch, const struct span parts[MIDNIGHT_PART_COUNT], struct midnight_days *out);

#endif
