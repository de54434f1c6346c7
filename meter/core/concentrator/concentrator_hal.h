/* The world around the concentrator core: everything it cannot do itself, as one struct of functions.
 *
 * All functions are called from within concentrator_* calls, never from elsewhere, and must return quickly: none waits
 * for a network, a line or a meter. Results of slow things come back through the event functions of concentrator.h. */
#ifndef METER_CORE_CONCENTRATOR_HAL_H
#define METER_CORE_CONCENTRATOR_HAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "meter/hal.h"

enum concentrator_parity { CONCENTRATOR_PARITY_NONE, CONCENTRATOR_PARITY_EVEN, CONCENTRATOR_PARITY_ODD };

/* How a downlink port is set for one frame. */
struct concentrator_line {
    uint32_t baud;     /* 300 to 19,200 */
    uint8_t parity;    /* enum concentrator_parity */
    uint8_t data_bits; /* 5 to 8 */
    uint8_t stop_bits; /* 1 or 2 */
};

/* Where to dial: AFN 04 F3. All zero until somebody writes one: then the port's own setting holds. */
struct concentrator_station {
    uint8_t ip[4]; /* in reading order */
    uint16_t port;
    uint8_t apn[16]; /* ASCII, zeros behind it */
};

struct concentrator_hal {
    void *context; /* passed to every function */

    /* Calendar clock, s since 1970 UTC, running on while there is no power. 0: it lost its time. */
    int64_t (*clock_read_s)(void *context);
    void (*clock_write_s)(void *context, int64_t clock_s);

    /* Flash reserved for the concentrator, as in struct meter_hal. CONCENTRATOR_FLASH_SIZE says how much is needed. */
    struct meter_flash_geometry flash;
    int (*flash_read)(void *context, uint32_t offset, void *bytes, uint32_t size);
    int (*flash_program)(void *context, uint32_t offset, const void *bytes, uint32_t size);
    int (*flash_erase)(void *context, uint16_t sector);

    /* Dial the head-end; concentrator_uplink_opened() follows, at once or later. */
    void (*uplink_open)(void *context, const struct concentrator_station *station);
    /* Whole frames in order; the bytes live until it returns. What cannot be sent is followed by
     * concentrator_uplink_closed(). */
    void (*uplink_send)(void *context, struct span bytes);
    void (*uplink_close)(void *context);

    /* One frame to the meters of a port. What comes back goes to concentrator_port_receive(), in any pieces; an echo of
     * the frame itself is allowed. */
    void (*port_send)(void *context, uint8_t port, const struct concentrator_line *line, struct span bytes);

    uint32_t (*random)(void *context); /* for spreading; seeded in simulation */
};

#endif
