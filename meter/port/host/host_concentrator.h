/* One concentrator on a computer: the core with simulated flash and clock; connection and lines are the owner's.
 *
 * Memory: sizeof(struct host_concentrator) plus the flash sectors in use, allocated as they are first written. */
#ifndef METER_PORT_HOST_HOST_CONCENTRATOR_H
#define METER_PORT_HOST_HOST_CONCENTRATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "meter/core/concentrator/concentrator.h"
#include "meter/port/host/host_board.h"

/* The owner's part of struct concentrator_hal; `context` is handed to all of them. */
struct host_concentrator_outside {
    void *context;
    void (*uplink_open)(void *context, const struct concentrator_station *station);
    void (*uplink_send)(void *context, struct span bytes);
    void (*uplink_close)(void *context);
    void (*port_send)(void *context, uint8_t port, const struct concentrator_line *line, struct span bytes);
};

struct host_concentrator {
    struct host_board board; /* first */
    struct concentrator core;
    struct concentrator_hal hal;
    struct host_concentrator_outside outside;
    struct random random;
};

/* Make a concentrator with empty flash, without power. It must stay where it is.
 * outside  copied
 * sector_size, meters  of the flash: concentrator_flash_size() must fit 256 sectors
 * now_ms   of simulated time, ms since 1970 UTC */
void host_concentrator_open(struct host_concentrator *concentrator, const struct host_concentrator_outside *outside,
                            uint32_t sector_size, uint16_t meters, uint64_t seed, int64_t now_ms);

/* Free the flash. */
void host_concentrator_close(struct host_concentrator *concentrator);

/* Power comes: the core starts from its flash.
 * returns  as concentrator_open */
int host_concentrator_power_up(struct host_concentrator *concentrator, const struct concentrator_config *config,
                               int64_t now_ms);

/* Power goes, without warning. */
void host_concentrator_power_down(struct host_concentrator *concentrator);

/* As the functions of the core of the same names; without power, or after a cut in the flash, nothing happens, and the
 * next time is INT64_MAX. */
int64_t host_concentrator_step(struct host_concentrator *concentrator, int64_t now_ms);
void host_concentrator_uplink_opened(struct host_concentrator *concentrator, bool opened, int64_t now_ms);
void host_concentrator_uplink_closed(struct host_concentrator *concentrator, int64_t now_ms);
void host_concentrator_uplink_receive(struct host_concentrator *concentrator, struct span bytes, int64_t now_ms);
void host_concentrator_port_receive(struct host_concentrator *concentrator, uint8_t port, struct span bytes,
                                    int64_t now_ms);

#endif
