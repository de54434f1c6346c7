#include "meter/port/host/host_valve.h"

#define TRAVEL_MS 5000

struct host_valve host_valve_new(void)
{
    return (struct host_valve){ .travel_ms = TRAVEL_MS, .motion = METER_MOTION_STOP, .position = METER_POSITION_OPEN };
}

/* Where it is by now: a running motor brings it to its end in travel_ms. */
static void update(struct host_valve *valve, int64_t now_ms)
{
    uint8_t end = valve->motion == METER_MOTION_OPEN ? METER_POSITION_OPEN : METER_POSITION_CLOSED;

    if (valve->motion == METER_MOTION_STOP || valve->is_stuck)
        return;
    if (now_ms - valve->started_ms >= valve->travel_ms)
        valve->position = end;
    else if (valve->position != end)
        valve->position = METER_POSITION_BETWEEN;
}

void host_valve_drive(struct host_valve *valve, enum meter_motion motion, int64_t now_ms)
{
    update(valve, now_ms);
    if (motion != (enum meter_motion)valve->motion)
        valve->started_ms = now_ms;
    valve->motion = (uint8_t)motion;
    update(valve, now_ms);
}

enum meter_position host_valve_sense(struct host_valve *valve, int64_t now_ms)
{
    update(valve, now_ms);
    return (enum meter_position)valve->position;
}
