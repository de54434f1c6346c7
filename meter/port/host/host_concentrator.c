#include "meter/port/host/host_concentrator.h"

#include <string.h>

#define PROGRAM_SIZE 16

static void uplink_open(void *context, const struct concentrator_station *station)
{
    struct host_concentrator *concentrator = context;
    if (!host_board_is_dead(&concentrator->board))
        concentrator->outside.uplink_open(concentrator->outside.context, station);
}

static void uplink_send(void *context, struct span bytes)
{
    struct host_concentrator *concentrator = context;
    if (!host_board_is_dead(&concentrator->board))
        concentrator->outside.uplink_send(concentrator->outside.context, bytes);
}

static void uplink_close(void *context)
{
    struct host_concentrator *concentrator = context;
    concentrator->outside.uplink_close(concentrator->outside.context);
}

static void port_send(void *context, uint8_t port, const struct concentrator_line *line, struct span bytes)
{
    struct host_concentrator *concentrator = context;
    if (!host_board_is_dead(&concentrator->board))
        concentrator->outside.port_send(concentrator->outside.context, port, line, bytes);
}

static uint32_t random_draw(void *context)
{
    struct host_concentrator *concentrator = context;
    return (uint32_t)random_next(&concentrator->random);
}

void host_concentrator_open(struct host_concentrator *concentrator, const struct host_concentrator_outside *outside,
                            uint32_t sector_size, uint16_t meters, uint64_t seed, int64_t now_ms)
{
    uint32_t size = concentrator_flash_size(sector_size, meters);
    struct meter_flash_geometry geometry = { sector_size, (uint16_t)(sector_size == 0 ? 0 : size / sector_size),
                                             PROGRAM_SIZE };

    memset(concentrator, 0, sizeof *concentrator);
    concentrator->outside = *outside;
    concentrator->hal = (struct concentrator_hal){
        .context = concentrator,
        .clock_read_s = host_board_clock_read_s,
        .clock_write_s = host_board_clock_write_s,
        .flash = geometry,
        .flash_read = host_flash_read,
        .flash_program = host_flash_program,
        .flash_erase = host_flash_erase,
        .uplink_open = uplink_open,
        .uplink_send = uplink_send,
        .uplink_close = uplink_close,
        .port_send = port_send,
        .random = random_draw,
    };
    concentrator->random = random_of_seed(seed ^ UINT64_C(0x636f6e63));
    host_board_open(&concentrator->board, geometry, seed, now_ms);
    concentrator->hal.flash = concentrator->board.flash.geometry;
}

void host_concentrator_close(struct host_concentrator *concentrator)
{
    host_board_close(&concentrator->board);
}

int host_concentrator_power_up(struct host_concentrator *concentrator, const struct concentrator_config *config,
                               int64_t now_ms)
{
    concentrator->board.now_ms = now_ms;
    concentrator->board.is_powered = true;
    int error = concentrator_open(&concentrator->core, config, &concentrator->hal, now_ms);
    concentrator->board.is_powered = error != CONCENTRATOR_ERR_CONFIG;
    return error;
}

void host_concentrator_power_down(struct host_concentrator *concentrator)
{
    concentrator->board.is_powered = false;
}

int64_t host_concentrator_step(struct host_concentrator *concentrator, int64_t now_ms)
{
    concentrator->board.now_ms = now_ms;
    return host_board_is_dead(&concentrator->board) ? INT64_MAX : concentrator_step(&concentrator->core, now_ms);
}

void host_concentrator_uplink_opened(struct host_concentrator *concentrator, bool opened, int64_t now_ms)
{
    concentrator->board.now_ms = now_ms;
    if (!host_board_is_dead(&concentrator->board))
        concentrator_uplink_opened(&concentrator->core, opened, now_ms);
}

void host_concentrator_uplink_closed(struct host_concentrator *concentrator, int64_t now_ms)
{
    concentrator->board.now_ms = now_ms;
    if (!host_board_is_dead(&concentrator->board))
        concentrator_uplink_closed(&concentrator->core, now_ms);
}

void host_concentrator_uplink_receive(struct host_concentrator *concentrator, struct span bytes, int64_t now_ms)
{
    concentrator->board.now_ms = now_ms;
    if (!host_board_is_dead(&concentrator->board))
        concentrator_uplink_receive(&concentrator->core, bytes, now_ms);
}

void host_concentrator_port_receive(struct host_concentrator *concentrator, uint8_t port, struct span bytes,
                                    int64_t now_ms)
{
    concentrator->board.now_ms = now_ms;
    if (!host_board_is_dead(&concentrator->board))
        concentrator_port_receive(&concentrator->core, port, bytes, now_ms);
}
