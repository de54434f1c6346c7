/* A motor valve that takes its time, or does not move at all. */
#ifndef METER_PORT_HOST_HOST_VALVE_H
#define METER_PORT_HOST_HOST_VALVE_H

#include <stdbool.h>
#include <stdint.h>

#include "meter/hal.h"

struct host_valve {
    int64_t started_ms;
    int32_t travel_ms; /* 0: jumps at once */
    uint8_t motion;    /* enum meter_motion */
    uint8_t position;  /* enum meter_position */
    bool is_stuck;     /* does not move whatever the motor does */
};

/* Open, the motor at rest; 5 s from end to end. */
struct host_valve host_valve_new(void);

/* As in struct meter_hal. */
void host_valve_drive(struct host_valve *valve, enum meter_motion motion, int64_t now_ms);
enum meter_position host_valve_sense(struct host_valve *valve, int64_t now_ms);

#endif
