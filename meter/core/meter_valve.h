/* The valve's motor: drive until the contact says that it arrived, try a stuck one again, then give up and say so. */
#ifndef METER_CORE_METER_VALVE_H
#define METER_CORE_METER_VALVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/quantity.h"
#include "meter/core/meter_timer.h"
#include "meter/hal.h"

enum meter_valve_phase {
    METER_VALVE_AT_REST, /* motor off, position as wanted */
    METER_VALVE_DRIVING, /* motor on */
    METER_VALVE_RESTING, /* motor off between two tries */
    METER_VALVE_STUCK,   /* motor off, given up until somebody asks again */
    METER_VALVE_PHASE_COUNT
};

struct meter_valve {
    uint8_t phase; /* enum meter_valve_phase */
    uint8_t tries;
    bool closed_wanted;
    bool present;
    int64_t deadline_ms; /* of the phase */
    int64_t poll_ms;     /* next look */
};

void meter_valve_open(struct meter_valve *valve, bool present);

/* Ask for a position; asking a stuck valve again, even for the same, makes it try again when `anew`. */
void meter_valve_ask(struct meter_valve *valve, bool closed, bool anew);

/* Drive, look, stop.
 * returns  time of the next look, INT64_MAX when nothing moves */
int64_t meter_valve_step(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                         int64_t now_ms);

/* As reported: open, closed, moving, fault, none. */
enum valve_state meter_valve_state(const struct meter_valve *valve);

#endif
