/* The world around the meter core: everything it cannot do itself, as one struct of functions.
 *
 * All functions are called from within meter_* calls, never from elsewhere, and must return quickly: none waits for a
 * motor, a network or a person. Results of slow things come back through the event functions of meter/core/meter.h. */
#ifndef METER_HAL_H
#define METER_HAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct meter_flash_geometry {
    uint32_t sector_size;  /* bytes erased at once; 512 to 65,536, a multiple of 16 */
    uint16_t sector_count; /* 2 to 256 */
    uint16_t program_size; /* bytes programmed at once: 1, 2, 4, 8 or 16 */
};

enum meter_motion { METER_MOTION_STOP, METER_MOTION_OPEN, METER_MOTION_CLOSE };

enum meter_position { METER_POSITION_BETWEEN, METER_POSITION_OPEN, METER_POSITION_CLOSED };

/* Set of what the sensors say at this moment. */
enum meter_sensor {
    METER_SENSOR_REED_FAULT = 1, /* the two pulse contacts contradict each other */
    METER_SENSOR_MAGNET = 2,     /* a foreign magnetic field */
    METER_SENSOR_MOVED = 4,      /* tilted or taken off the pipe */
    METER_SENSOR_HOUSING = 8     /* the housing is open */
};

/* What the network may do after this message: release assistance indication (S3-111). */
enum meter_release { METER_RELEASE_ANSWER_EXPECTED, METER_RELEASE_NO_ANSWER };

struct meter_signal {
    int16_t rsrp_dbm;
    int16_t snr_db;
    uint8_t coverage_level; /* 0, 1, 2 (white paper ECL) */
    uint16_t physical_cell; /* PCI */
    uint32_t cell_id;
    uint32_t earfcn;
};

/* What the user may see. */
struct meter_display {
    int64_t volume_ml;
    int64_t balance_fen; /* meaningful in prepayment mode */
    uint8_t valve_state; /* enum valve_state */
    uint8_t fault_code;  /* lowest standing alarm + 1 (enum alarm of base/quantity.h), 0 none */
    bool low_balance;    /* show the hint (S3-095) */
    bool radio_busy;
};

struct meter_hal {
    void *context; /* passed to every function */

    /* Calendar clock, s since 1970 UTC, running on while the meter is without power. 0: it lost its time. */
    int64_t (*clock_read_s)(void *context);
    void (*clock_write_s)(void *context, int64_t clock_s);

    /* Flash reserved for the meter. Erased bytes read as 0xFF. Offsets count from its beginning. Whole program units,
     * each programmed at most once between erasures, not always in ascending order.
     * returns  0; negative when the flash reports a fault: what was to be written may be there in part */
    struct meter_flash_geometry flash;
    int (*flash_read)(void *context, uint32_t offset, void *bytes, uint32_t size);
    int (*flash_program)(void *context, uint32_t offset, const void *bytes, uint32_t size);
    int (*flash_erase)(void *context, uint16_t sector);

    void (*valve_drive)(void *context, enum meter_motion motion);
    enum meter_position (*valve_sense)(void *context);

    uint8_t (*sensors_read)(void *context); /* set of enum meter_sensor */
    uint16_t (*battery_read_mv)(void *context);

    /* Leave PSM or search the network; meter_radio_attached() follows, at once or later. */
    void (*radio_open)(void *context);
    /* Into PSM. Nothing is received any more. */
    void (*radio_close)(void *context);
    /* One CoAP message, sealed by the module or the port where DTLS is used. `bytes` live until it returns. Loss is
     * allowed. */
    void (*radio_send)(void *context, struct span bytes, enum meter_release release);
    void (*radio_signal)(void *context, struct meter_signal *out);
    void (*radio_forget_frequencies)(void *context); /* clear what the module remembers of the network (S3-092) */

    uint32_t (*random)(void *context); /* for spreading and message numbers; seeded in simulation */

    void (*display)(void *context, const struct meter_display *display);
};

#endif
