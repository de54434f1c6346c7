#include "meter/port/host/host_bus_meter.h"

#include <string.h>

#define VALVE_TRAVEL_S 5

/* Sectors of 1 KiB as small Cortex-M parts have them. */
static const struct meter_flash_geometry geometry = { 1024, 8, 8 };

static int flash_read(void *context, uint32_t offset, void *bytes, uint32_t size)
{
    const struct host_bus_meter *meter = context;
    return host_flash_read(&meter->flash, offset, bytes, size);
}

static int flash_program(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    struct host_bus_meter *meter = context;
    return host_flash_program(&meter->flash, offset, bytes, size);
}

static int flash_erase(void *context, uint16_t sector)
{
    struct host_bus_meter *meter = context;
    return host_flash_erase(&meter->flash, sector);
}

/* Where the valve is by now: a running motor brings it to its end in valve_travel_s. */
static void valve_update(struct host_bus_meter *meter)
{
    uint8_t end = meter->valve_motion == METER_MOTION_OPEN ? METER_POSITION_OPEN : METER_POSITION_CLOSED;
    if (meter->valve_motion == METER_MOTION_STOP || meter->valve_stuck)
        return;
    if (meter->now_s - meter->valve_started_s >= meter->valve_travel_s)
        meter->valve_position = end;
    else if (meter->valve_position != end)
        meter->valve_position = METER_POSITION_BETWEEN;
}

static void valve_drive(void *context, enum meter_motion motion)
{
    struct host_bus_meter *meter = context;
    valve_update(meter);
    if (motion != (enum meter_motion)meter->valve_motion)
        meter->valve_started_s = meter->now_s;
    meter->valve_motion = (uint8_t)motion;
    valve_update(meter);
}

static enum meter_position valve_sense(void *context)
{
    struct host_bus_meter *meter = context;
    valve_update(meter);
    return (enum meter_position)meter->valve_position;
}

void host_bus_meter_open(struct host_bus_meter *meter, uint64_t seed)
{
    memset(meter, 0, sizeof *meter);
    host_flash_open(&meter->flash, geometry, seed);
    meter->hal.context = meter;
    meter->hal.flash = geometry;
    meter->hal.flash_read = flash_read;
    meter->hal.flash_program = flash_program;
    meter->hal.flash_erase = flash_erase;
    meter->hal.valve_drive = valve_drive;
    meter->hal.valve_sense = valve_sense;
    meter->valve_travel_s = VALVE_TRAVEL_S;
    meter->valve_position = METER_POSITION_OPEN;
}

void host_bus_meter_close(struct host_bus_meter *meter)
{
    host_flash_close(&meter->flash);
}

int host_bus_meter_power_up(struct host_bus_meter *meter, const struct bus_meter_config *config, int64_t now_s)
{
    host_flash_restore(&meter->flash);
    meter->now_s = now_s;
    int result = bus_meter_open(&meter->meter, &meter->hal, config, now_s);
    meter->is_powered = result != BUS_METER_ERR_CONFIG;
    return result;
}

void host_bus_meter_step(struct host_bus_meter *meter, int64_t now_s)
{
    meter->now_s = now_s;
    if (meter->is_powered && !meter->flash.cut)
        bus_meter_step(&meter->meter, now_s);
}

size_t host_bus_meter_receive(void *meter, struct span frame, uint8_t *answer, size_t limit)
{
    struct host_bus_meter *host = meter;
    if (!host->is_powered || host->flash.cut)
        return 0;
    size_t size = bus_meter_receive(&host->meter, frame, answer, limit);
    return host->flash.cut ? 0 : size;
}
