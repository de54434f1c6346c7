/* Reports as a gate would hand them over, a line of test each. */
#ifndef TESTS_UNIT_READING_REPORT_BUILDER_H
#define TESTS_UNIT_READING_REPORT_BUILDER_H

#include "base/quantity.h"
#include "base/uplink.h"

/* A report without items, received then; each gets another content hash. */
struct uplink report_make(uint32_t device_id, int64_t received_s);

void report_item(struct uplink *uplink, uint16_t quantity, uint8_t period, int64_t value, int64_t time_s);

/* The midnight that begins `day`, by a clock that is right. */
void report_midnight(struct uplink *uplink, int32_t day, int64_t register_value);

/* A full report of a meter whose clock is right, at three in the morning of `day`: its clock, the current value and
 * `count` midnights up to `day`, newest value first. */
struct uplink report_full(uint32_t device_id, int32_t day, const int64_t *registers_value, int count, int64_t current_value);

#endif
