/* What a hot-water meter advertises over Bluetooth LE (HW-1 section 3), because a phone may hide the radio address:
 * the name "HW" and the last six digits of its number, and as manufacturer data
 *
 *     +--------------+-------+----------------+
 *     | meter number | state | unsent records |
 *     | 6, BCD       | 1     | 1, 255 or more |
 *     +--------------+-------+----------------+
 */
#ifndef CODEC_HOTWATER_ADVERTISEMENT_H
#define CODEC_HOTWATER_ADVERTISEMENT_H

#include "codec/hotwater/hotwater_message.h"

#define HOTWATER_ADVERTISEMENT_SIZE 8
#define HOTWATER_NAME_LIMIT 9 /* "HW000123" and its zero */

struct hotwater_advertisement {
    uint8_t meter[HOTWATER_METER_SIZE];
    uint8_t valve;          /* enum hotwater_valve; LAYOUT_UNKNOWN */
    uint8_t unsent_records; /* 255: that many or more */
};

/* The manufacturer data without the company number.
 * returns  0; CODEC_ERR_RANGE (digits), CODEC_ERR_UNKNOWN (valve), CODEC_ERR_FULL */
int hotwater_advertisement_encode(const struct hotwater_advertisement *advertisement, struct writer *out);

/* out      written on success only
 * returns  0; CODEC_ERR_SHORT, CODEC_ERR_TRAILING; CODEC_ERR_FORMAT when the number has other than digits */
int hotwater_advertisement_decode(struct span data, struct hotwater_advertisement *out);

/* "HW000123", zero-terminated.
 * returns  0; CODEC_ERR_RANGE when the number has other than digits (nothing written) */
int hotwater_name_write(const uint8_t meter[HOTWATER_METER_SIZE], char name[HOTWATER_NAME_LIMIT]);

#endif
