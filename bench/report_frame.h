/* The CoAP messages of a water meter that reports once a day: what load generators and benches send. */
#ifndef BENCH_REPORT_FRAME_H
#define BENCH_REPORT_FRAME_H

#include <stdint.h>

#include "base/writer.h"
#include "codec/water_meter/water_meter_series.h"

#define REPORT_FRAME_LIMIT 400 /* bytes that any of them needs at most */

struct report_frame {
    uint32_t number;     /* of the meter; also the token, 4 bytes, lowest first */
    uint16_t message_id;
    int64_t midnight_s;  /* of the newest of its seven midnights */
    int64_t clock_s;     /* what its clock shows */
    uint32_t volume_l;   /* at that midnight */
    uint32_t day_use_l;  /* so much less each day before; 0: 250 */
    uint32_t alarm_bits; /* of an event */
};

struct span report_frame_token(uint32_t number, uint8_t token[4]);

/* POST /rd of `imei`.
 * returns  false when `out` is full */
bool report_frame_register(const struct report_frame *frame, uint64_t imei, struct writer *out);

/* POST /dp: the frame of S3-094 without the constant texts, eight volumes and fourteen states.
 * returns  false when `out` is full */
bool report_frame_daily(const struct report_frame *frame, struct writer *out);

/* The dial at the 96 quarters of an hour that end at the frame's midnight: little at night, most in the morning and the evening,
 * the day's use in all. Another number or midnight is another day. */
void report_frame_quarters(const struct report_frame *frame, struct water_meter_series *series);

/* POST /dp: resource 33424/0/21 with this series, in whole litres.
 * returns  false when `out` is full, or no meter could send the series */
bool report_frame_series(const struct report_frame *frame, const struct water_meter_series *series, struct writer *out);

/* POST /dp: an alarm, sent at once (S3-084).
 * returns  false when `out` is full */
bool report_frame_event(const struct report_frame *frame, struct writer *out);

#endif
