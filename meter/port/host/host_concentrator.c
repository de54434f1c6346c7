#include "meter/port/host/host_concentrator.h"

#include <string.h>

#define MS_PER_S 1000
#define PROGRAM_SIZE 16

static int64_t clock_read_s(void *context)
{
    const struct host_concentrator *concentrator = context;
    return concentrator->clock_lost ? 0 : concentrator->now_ms / MS_PER_S + concentrator->clock_offset_s;
}

static void clock_write_s(void *context, int64_t clock_s)
{
    struct host_concentrator *concentrator = context;
    concentrator->clock_offset_s = clock_s - concentrator->now_ms / MS_PER_S;
    concentrator->clock_lost = false;
}

static int flash_read(void *context, uint32_t offset, void *bytes, uint32_t size)
{
    const struct host_concentrator *concentrator = context;
    return host_flash_read(&concentrator->flash, offset, bytes, size);
}

static int flash_program(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    struct host_concentrator *concentrator = context;
    return host_flash_program(&concentrator->flash, offset, bytes, size);
}

static int flash_erase(void *context, uint16_t sector)
{
    struct host_concentrator *concentrator = context;
    return host_flash_erase(&concentrator->flash, sector);
}

/* After a power cut nothing goes out any more, whatever the core still tries. */
static bool is_dead(const struct host_concentrator *concentrator)
{
    return !concentrator->is_powered || concentrator->flash.cut;
}

static void uplink_open(void *context, const struct concentrator_station *station)
{
    struct host_concentrator *concentrator = context;
    if (!is_dead(concentrator))
        concentrator->outside.uplink_open(concentrator->outside.context, station);
}

static void uplink_send(void *context, struct span bytes)
{
    struct host_concentrator *concentrator = context;
    if (!is_dead(concentrator))
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
    if (!is_dead(concentrator))
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
        .clock_read_s = clock_read_s,
        .clock_write_s = clock_write_s,
        .flash = geometry,
        .flash_read = flash_read,
        .flash_program = flash_program,
        .flash_erase = flash_erase,
        .uplink_open = uplink_open,
        .uplink_send = uplink_send,
        .uplink_close = uplink_close,
        .port_send = port_send,
        .random = random_draw,
    };
    concentrator->now_ms = now_ms;
    concentrator->random = random_of_seed(seed ^ UINT64_C(0x636f6e63));
    host_flash_open(&concentrator->flash, geometry, seed);
    concentrator->hal.flash = concentrator->flash.geometry;
}

void host_concentrator_close(struct host_concentrator *concentrator)
{
    host_flash_close(&concentrator->flash);
}

int host_concentrator_power_up(struct host_concentrator *concentrator, const struct concentrator_config *config,
                               int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    concentrator->is_powered = true;
    return concentrator_open(&concentrator->core, config, &concentrator->hal, now_ms);
}

void host_concentrator_power_down(struct host_concentrator *concentrator)
{
    concentrator->is_powered = false;
}

int64_t host_concentrator_step(struct host_concentrator *concentrator, int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    return is_dead(concentrator) ? INT64_MAX : concentrator_step(&concentrator->core, now_ms);
}

void host_concentrator_uplink_opened(struct host_concentrator *concentrator, bool opened, int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    if (!is_dead(concentrator))
        concentrator_uplink_opened(&concentrator->core, opened, now_ms);
}

void host_concentrator_uplink_closed(struct host_concentrator *concentrator, int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    if (!is_dead(concentrator))
        concentrator_uplink_closed(&concentrator->core, now_ms);
}

void host_concentrator_uplink_receive(struct host_concentrator *concentrator, struct span bytes, int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    if (!is_dead(concentrator))
        concentrator_uplink_receive(&concentrator->core, bytes, now_ms);
}

void host_concentrator_port_receive(struct host_concentrator *concentrator, uint8_t port, struct span bytes,
                                    int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    if (!is_dead(concentrator))
        concentrator_port_receive(&concentrator->core, port, bytes, now_ms);
}
