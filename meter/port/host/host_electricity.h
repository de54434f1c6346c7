/* One electricity meter on a computer: the core with simulated flash, relay and clock; line and load are the owner's.
 *
 * Memory: sizeof(struct host_electricity) plus the flash sectors in use, allocated as they are first written. */
#ifndef METER_PORT_HOST_HOST_ELECTRICITY_H
#define METER_PORT_HOST_HOST_ELECTRICITY_H

#include <stdbool.h>
#include <stdint.h>

#include "meter/core/electricity/electricity_meter.h"
#include "meter/port/host/host_board.h"

struct host_electricity {
    struct host_board board; /* first */
    struct electricity_meter meter;
    struct electricity_hal hal;
    uint32_t rate; /* of the port, as the meter last set it; 0 as configured */
    bool relay_closed;
    uint64_t tag; /* the owner's own number for it */
};

/* Make a meter with empty flash, without power.
 * cipher  for recharges, NULL: none; lives as long as the meter
 * now_ms  of simulated time, ms since 1970 UTC, so that the calendar clock is right with offset 0 */
void host_electricity_open(struct host_electricity *meter, const struct cipher *cipher, uint64_t seed, int64_t now_ms);

/* Free the flash. */
void host_electricity_close(struct host_electricity *meter);

/* Power comes: the core starts from its flash.
 * returns  as electricity_meter_open */
int host_electricity_power_up(struct host_electricity *meter, const struct electricity_config *config, int64_t now_ms);

/* Power goes.
 * warned  the port saw it coming, and the core could keep its registers */
void host_electricity_power_down(struct host_electricity *meter, bool warned, int64_t now_ms);

/* As the functions of the core of the same names; without power nothing happens, and the next time is INT64_MAX. */
int64_t host_electricity_step(struct host_electricity *meter, int64_t now_ms);
int64_t host_electricity_sample(struct host_electricity *meter, const struct electricity_sample *sample,
                                int64_t now_ms);
size_t host_electricity_receive(struct host_electricity *meter, struct span frame, uint8_t *answer, size_t limit,
                                int64_t now_ms);

#endif
