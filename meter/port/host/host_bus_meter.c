#include "meter/port/host/host_bus_meter.h"

#include <string.h>

#define MS_PER_S 1000

/* Sectors of 1 KiB as small Cortex-M parts have them. */
static const struct meter_flash_geometry geometry = { 1024, 8, 8 };

static void valve_drive(void *context, enum meter_motion motion)
{
    struct host_bus_meter *meter = context;
    host_valve_drive(&meter->valve, motion, meter->board.now_ms);
}

static enum meter_position valve_sense(void *context)
{
    struct host_bus_meter *meter = context;
    return host_valve_sense(&meter->valve, meter->board.now_ms);
}

void host_bus_meter_open(struct host_bus_meter *meter, uint64_t seed)
{
    memset(meter, 0, sizeof *meter);
    host_board_open(&meter->board, geometry, seed, 0);
    meter->hal.context = meter;
    meter->hal.flash = geometry;
    meter->hal.flash_read = host_flash_read;
    meter->hal.flash_program = host_flash_program;
    meter->hal.flash_erase = host_flash_erase;
    meter->hal.valve_drive = valve_drive;
    meter->hal.valve_sense = valve_sense;
    meter->valve = host_valve_new();
}

void host_bus_meter_close(struct host_bus_meter *meter)
{
    host_board_close(&meter->board);
}

int host_bus_meter_power_up(struct host_bus_meter *meter, const struct bus_meter_config *config, int64_t now_s)
{
    host_flash_restore(&meter->board.flash);
    meter->board.now_ms = now_s * MS_PER_S;
    int result = bus_meter_open(&meter->meter, &meter->hal, config, now_s);
    meter->board.is_powered = result != BUS_METER_ERR_CONFIG;
    return result;
}

void host_bus_meter_step(struct host_bus_meter *meter, int64_t now_s)
{
    meter->board.now_ms = now_s * MS_PER_S;
    if (!host_board_is_dead(&meter->board))
        bus_meter_step(&meter->meter, now_s);
}

size_t host_bus_meter_receive(void *meter, struct span frame, uint8_t *answer, size_t limit)
{
    struct host_bus_meter *host = meter;
    if (host_board_is_dead(&host->board))
        return 0;
    size_t size = bus_meter_receive(&host->meter, frame, answer, limit);
    return host->board.flash.cut ? 0 : size;
}
