#include "meter/core/meter_valve.h"

#include <string.h>

void meter_valve_open(struct meter_valve *valve, bool present)
{
    memset(valve, 0, sizeof *valve);
    valve->present = present;
    valve->phase = METER_VALVE_AT_REST;
}

void meter_valve_ask(struct meter_valve *valve, bool closed, bool anew)
{
    if (valve->closed_wanted == closed && !anew)
        return;
    valve->closed_wanted = closed;
    valve->tries = 0;
    if (valve->phase == METER_VALVE_STUCK || valve->phase == METER_VALVE_RESTING)
        valve->phase = METER_VALVE_AT_REST;
}

static bool position_is_wanted(const struct meter_valve *valve, const struct meter_hal *hal)
{
    enum meter_position wanted = valve->closed_wanted ? METER_POSITION_CLOSED : METER_POSITION_OPEN;
    return hal->valve_sense(hal->context) == wanted;
}

static void drive(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                  int64_t now_ms)
{
    hal->valve_drive(hal->context, valve->closed_wanted ? METER_MOTION_CLOSE : METER_MOTION_OPEN);
    valve->phase = METER_VALVE_DRIVING;
    valve->deadline_ms = now_ms + timers->valve_travel_ms;
    valve->poll_ms = now_ms + timers->valve_poll_ms;
}

static int64_t rest_step(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                         int64_t now_ms)
{
    if (position_is_wanted(valve, hal))
        return INT64_MAX;
    drive(valve, hal, timers, now_ms);
    return valve->poll_ms;
}

static void arrive(struct meter_valve *valve, const struct meter_hal *hal)
{
    hal->valve_drive(hal->context, METER_MOTION_STOP);
    valve->phase = METER_VALVE_AT_REST;
    valve->tries = 0;
}

static int64_t driving_step(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                            int64_t now_ms)
{
    if (position_is_wanted(valve, hal)) {
        arrive(valve, hal);
        return INT64_MAX;
    }
    if (now_ms < valve->deadline_ms) {
        /* Asked for the other way while running: the motor turns round at once. */
        hal->valve_drive(hal->context, valve->closed_wanted ? METER_MOTION_CLOSE : METER_MOTION_OPEN);
        valve->poll_ms = now_ms + timers->valve_poll_ms;
        return valve->poll_ms;
    }
    hal->valve_drive(hal->context, METER_MOTION_STOP);
    valve->tries++;
    if (valve->tries >= METER_VALVE_TRIES) {
        valve->phase = METER_VALVE_STUCK;
        return INT64_MAX;
    }
    valve->phase = METER_VALVE_RESTING;
    valve->deadline_ms = now_ms + timers->valve_rest_ms;
    return valve->deadline_ms;
}

static int64_t resting_step(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                            int64_t now_ms)
{
    if (now_ms < valve->deadline_ms)
        return valve->deadline_ms;
    drive(valve, hal, timers, now_ms);
    return valve->poll_ms;
}

/* Somebody may have turned it by hand. */
static int64_t stuck_step(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                          int64_t now_ms)
{
    (void)timers;
    (void)now_ms;
    if (position_is_wanted(valve, hal))
        arrive(valve, hal);
    return INT64_MAX;
}

typedef int64_t phase_step(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                           int64_t now_ms);

/* What is done in each phase, and what is reported. */
static const struct {
    phase_step *step;
    uint8_t state_closed, state_open; /* enum valve_state by what is wanted */
} phases[METER_VALVE_PHASE_COUNT] = {
    [METER_VALVE_AT_REST] = { rest_step, VALVE_CLOSED, VALVE_OPEN },
    [METER_VALVE_DRIVING] = { driving_step, VALVE_MOVING, VALVE_MOVING },
    [METER_VALVE_RESTING] = { resting_step, VALVE_MOVING, VALVE_MOVING },
    [METER_VALVE_STUCK] = { stuck_step, VALVE_FAULT, VALVE_FAULT },
};

int64_t meter_valve_step(struct meter_valve *valve, const struct meter_hal *hal, const struct meter_timers *timers,
                         int64_t now_ms)
{
    if (!valve->present)
        return INT64_MAX;
    return phases[valve->phase].step(valve, hal, timers, now_ms);
}

enum valve_state meter_valve_state(const struct meter_valve *valve)
{
    if (!valve->present)
        return VALVE_NONE;
    uint8_t state = valve->closed_wanted ? phases[valve->phase].state_closed : phases[valve->phase].state_open;
    return (enum valve_state)state;
}
