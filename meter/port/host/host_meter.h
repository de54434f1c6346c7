/* One meter on a computer: the core with simulated flash, valve, sensors, battery and clock; the radio is the owner's.
 *
 * Memory: sizeof(struct host_meter) plus the flash sectors in use, allocated as they are first written. */
#ifndef METER_PORT_HOST_HOST_METER_H
#define METER_PORT_HOST_HOST_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "meter/core/meter.h"
#include "meter/port/host/host_board.h"
#include "meter/port/host/host_valve.h"

struct host_meter;

/* The owner's side; `context` is passed to each. Only radio_open and radio_send are required. */
struct host_meter_ports {
    void *context;
    /* Answer with host_meter_attached(), later; not from within. */
    void (*radio_open)(void *context, struct host_meter *meter);
    void (*radio_close)(void *context, struct host_meter *meter);
    /* Bytes live until it returns. Answers come through host_meter_received(); not from within. */
    void (*radio_send)(void *context, struct host_meter *meter, struct span bytes, enum meter_release release);
    void (*display)(void *context, struct host_meter *meter, const struct meter_display *display);
};

struct host_meter {
    struct host_board board; /* first */
    struct meter meter;
    struct meter_hal hal;
    struct host_meter_ports ports;
    struct random random;
    struct meter_signal signal; /* what the module will report; the owner changes it at will */
    struct host_valve valve;
    uint16_t battery_mv;
    uint8_t sensors; /* set of enum meter_sensor */
    uint64_t tag;    /* the owner's own number for it */
};

/* Make a meter with empty flash, valve open, battery 3.6 V, good signal, and without power.
 * now_ms  of simulated time, ms since 1970 UTC, so that the calendar clock is right with offset 0 */
void host_meter_open(struct host_meter *meter, const struct host_meter_ports *ports, uint64_t seed, int64_t now_ms);

/* Another flash than the usual eight sectors of 1 KiB, empty; before the first power-up. */
void host_meter_flash_choose(struct host_meter *meter, struct meter_flash_geometry geometry);

/* Free the flash. */
void host_meter_close(struct host_meter *meter);

/* Battery in, or a reset: the core starts from its flash.
 * returns  as meter_open */
int host_meter_power_up(struct host_meter *meter, const struct meter_config *config, int64_t now_ms);

/* The core's step at simulated time.
 * returns  when to come again, INT64_MAX without power */
int64_t host_meter_step(struct host_meter *meter, int64_t now_ms);

/* What happens to it; each is followed by a step.
 * returns  as host_meter_step */
int64_t host_meter_pulse(struct host_meter *meter, int32_t pulses, int64_t now_ms);
int64_t host_meter_set_sensors(struct host_meter *meter, uint8_t sensors, int64_t now_ms);
int64_t host_meter_button(struct host_meter *meter, int64_t now_ms);
int64_t host_meter_attached(struct host_meter *meter, bool attached, int64_t now_ms);
int64_t host_meter_received(struct host_meter *meter, struct span bytes, int64_t now_ms);

#endif
