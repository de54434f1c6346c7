/* One bus meter on a computer: the core with simulated flash and valve; the bus is the owner's.
 *
 * Memory: sizeof(struct host_bus_meter) plus the flash sectors in use, allocated as they are first written. */
#ifndef METER_PORT_HOST_HOST_BUS_METER_H
#define METER_PORT_HOST_HOST_BUS_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "meter/core/bus_meter/bus_meter.h"
#include "meter/port/host/host_board.h"
#include "meter/port/host/host_valve.h"

struct host_bus_meter {
    struct host_board board; /* first */
    struct bus_meter meter;
    struct meter_hal hal;
    struct host_valve valve;
};

/* Make a meter with empty flash and open valve, without power. It must stay where it is. */
void host_bus_meter_open(struct host_bus_meter *meter, uint64_t seed);

/* Free the flash. */
void host_bus_meter_close(struct host_bus_meter *meter);

/* Battery in, or a reset: the core starts from its flash.
 * returns  as bus_meter_open */
int host_bus_meter_power_up(struct host_bus_meter *meter, const struct bus_meter_config *config, int64_t now_s);

/* The core's step. now_s: s since 1970 UTC. */
void host_bus_meter_step(struct host_bus_meter *meter, int64_t now_s);

/* As bus_meter_receive, for a line's slave; silent without power and after a cut in the flash.
 * meter  struct host_bus_meter */
size_t host_bus_meter_receive(void *meter, struct span frame, uint8_t *answer, size_t limit);

#endif
