#include "meter/port/host/host_electricity.h"

#include <string.h>

#define MS_PER_S 1000

/* Two on computers that are small themselves. */
#ifndef HOST_ELECTRICITY_SECTORS
#define HOST_ELECTRICITY_SECTORS 4
#endif

static const struct meter_flash_geometry geometry = { ELECTRICITY_SECTOR_SMALLEST, HOST_ELECTRICITY_SECTORS, 8 };

static int64_t clock_read_s(void *context)
{
    const struct host_electricity *meter = context;
    return meter->now_ms / MS_PER_S + meter->clock_offset_s;
}

static void clock_write_s(void *context, int64_t clock_s)
{
    struct host_electricity *meter = context;
    meter->clock_offset_s = clock_s - meter->now_ms / MS_PER_S;
}

static int flash_read(void *context, uint32_t offset, void *bytes, uint32_t size)
{
    const struct host_electricity *meter = context;
    return host_flash_read(&meter->flash, offset, bytes, size);
}

static int flash_program(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    struct host_electricity *meter = context;
    return host_flash_program(&meter->flash, offset, bytes, size);
}

static int flash_erase(void *context, uint16_t sector)
{
    struct host_electricity *meter = context;
    return host_flash_erase(&meter->flash, sector);
}

/* After a power cut nothing moves any more, whatever the core still tries. */
static bool is_dead(const struct host_electricity *meter)
{
    return !meter->powered || meter->flash.cut;
}

static void relay_drive(void *context, bool closed)
{
    struct host_electricity *meter = context;
    if (!is_dead(meter))
        meter->relay_closed = closed;
}

static void rate_set(void *context, uint32_t rate)
{
    struct host_electricity *meter = context;
    meter->rate = rate;
}

void host_electricity_open(struct host_electricity *meter, const struct cipher *cipher, uint64_t seed, int64_t now_ms)
{
    memset(meter, 0, sizeof *meter);
    meter->hal = (struct electricity_hal){
        .context = meter,
        .clock_read_s = clock_read_s,
        .clock_write_s = clock_write_s,
        .flash = geometry,
        .flash_read = flash_read,
        .flash_program = flash_program,
        .flash_erase = flash_erase,
        .relay_drive = relay_drive,
        .rate_set = rate_set,
        .cipher = cipher,
    };
    meter->now_ms = now_ms;
    meter->relay_closed = true;
    host_flash_open(&meter->flash, geometry, seed);
}

void host_electricity_close(struct host_electricity *meter)
{
    host_flash_close(&meter->flash);
}

static void now_set(struct host_electricity *meter, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
}

int host_electricity_power_up(struct host_electricity *meter, const struct electricity_config *config, int64_t now_ms)
{
    now_set(meter, now_ms);
    host_flash_restore(&meter->flash);
    meter->powered = true;
    int error = electricity_meter_open(&meter->meter, &meter->hal, config);
    meter->powered = error != ELECTRICITY_ERR_CONFIG;
    return error;
}

void host_electricity_power_down(struct host_electricity *meter, bool warned, int64_t now_ms)
{
    now_set(meter, now_ms);
    if (!is_dead(meter) && warned)
        electricity_meter_power_failing(&meter->meter, meter->now_ms);
    meter->powered = false;
}

int64_t host_electricity_step(struct host_electricity *meter, int64_t now_ms)
{
    now_set(meter, now_ms);
    return is_dead(meter) ? INT64_MAX : electricity_meter_step(&meter->meter, meter->now_ms);
}

int64_t host_electricity_sample(struct host_electricity *meter, const struct electricity_sample *sample, int64_t now_ms)
{
    now_set(meter, now_ms);
    return is_dead(meter) ? INT64_MAX : electricity_meter_sample(&meter->meter, sample, meter->now_ms);
}

size_t host_electricity_receive(struct host_electricity *meter, struct span frame, uint8_t *answer, size_t limit,
                                int64_t now_ms)
{
    now_set(meter, now_ms);
    if (is_dead(meter))
        return 0;
    (void)electricity_meter_step(&meter->meter, meter->now_ms);
    size_t size = electricity_meter_receive(&meter->meter, frame, answer, limit);
    return is_dead(meter) ? 0 : size;
}
