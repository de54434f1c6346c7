/* Which command serials were applied: each counts once, however often and in whatever order it comes (S3-083). */
#ifndef METER_CORE_METER_SERIAL_H
#define METER_CORE_METER_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

#define METER_SERIAL_WINDOW 32

struct meter_serial {
    uint32_t highest; /* 0 none yet */
    uint32_t seen;    /* bit k: highest - k was applied */
};

/* Was it applied? Serials more than METER_SERIAL_WINDOW below the highest count as applied: doubting in favour of
 * "already done" can cost a recharge a second command with a new serial, never money twice. */
bool meter_serial_is_used(const struct meter_serial *serial, uint32_t number);

/* Mark as applied; number 0 is ignored. */
void meter_serial_use(struct meter_serial *serial, uint32_t number);

#endif
