/* The world around the electricity meter: everything it cannot do itself, as one struct of functions.
 *
 * All functions are called from within electricity_meter_* calls, never from elsewhere, and must return quickly. The
 * port tells what happens through the event functions of electricity_meter.h. */
#ifndef METER_CORE_ELECTRICITY_ELECTRICITY_HAL_H
#define METER_CORE_ELECTRICITY_ELECTRICITY_HAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cipher.h"
#include "meter/hal.h"

struct electricity_hal {
    void *context; /* passed to every function */

    /* Calendar clock, s since 1970 UTC, running on while the meter is without power. 0: it lost its time. */
    int64_t (*clock_read_s)(void *context);
    void (*clock_write_s)(void *context, int64_t clock_s);

    /* Flash reserved for the meter, as in struct meter_hal; sectors of at least ELECTRICITY_SECTOR_SMALLEST bytes. */
    struct meter_flash_geometry flash;
    int (*flash_read)(void *context, uint32_t offset, void *bytes, uint32_t size);
    int (*flash_program)(void *context, uint32_t offset, const void *bytes, uint32_t size);
    int (*flash_erase)(void *context, uint16_t sector);

    /* Pulse the latching relay. Called at power-up and at every change. */
    void (*relay_drive)(void *context, bool closed);

    /* Bits per second of the communication port, 600 to 19200, from the next frame on. NULL: the rate is fixed. */
    void (*rate_set)(void *context, uint32_t rate);

    /* Checks the tags of recharges; only `cmac` is used. NULL: every recharge is refused. */
    const struct cipher *cipher;
};

#endif
