#include "meter/port/host/host_electricity.h"

#include <string.h>

/* Two on computers that are small themselves. */
#ifndef HOST_ELECTRICITY_SECTORS
#define HOST_ELECTRICITY_SECTORS 4
#endif

static const struct meter_flash_geometry geometry = { ELECTRICITY_SECTOR_SMALLEST, HOST_ELECTRICITY_SECTORS, 8 };

static void relay_drive(void *context, bool closed)
{
    struct host_electricity *meter = context;
    if (!host_board_is_dead(&meter->board))
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
        .clock_read_s = host_board_clock_read_s,
        .clock_write_s = host_board_clock_write_s,
        .flash = geometry,
        .flash_read = host_flash_read,
        .flash_program = host_flash_program,
        .flash_erase = host_flash_erase,
        .relay_drive = relay_drive,
        .rate_set = rate_set,
        .cipher = cipher,
    };
    meter->relay_closed = true;
    host_board_open(&meter->board, geometry, seed, now_ms);
}

void host_electricity_close(struct host_electricity *meter)
{
    host_board_close(&meter->board);
}

int host_electricity_power_up(struct host_electricity *meter, const struct electricity_config *config, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    host_flash_restore(&meter->board.flash);
    meter->board.is_powered = true;
    int error = electricity_meter_open(&meter->meter, &meter->hal, config);
    meter->board.is_powered = error != ELECTRICITY_ERR_CONFIG;
    return error;
}

void host_electricity_power_down(struct host_electricity *meter, bool warned, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    if (!host_board_is_dead(&meter->board) && warned)
        electricity_meter_power_failing(&meter->meter, meter->board.now_ms);
    meter->board.is_powered = false;
}

int64_t host_electricity_step(struct host_electricity *meter, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    return host_board_is_dead(&meter->board) ? INT64_MAX : electricity_meter_step(&meter->meter, meter->board.now_ms);
}

int64_t host_electricity_sample(struct host_electricity *meter, const struct electricity_sample *sample, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    return host_board_is_dead(&meter->board) ? INT64_MAX
                                             : electricity_meter_sample(&meter->meter, sample, meter->board.now_ms);
}

size_t host_electricity_receive(struct host_electricity *meter, struct span frame, uint8_t *answer, size_t limit,
                                int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    if (host_board_is_dead(&meter->board))
        return 0;
    (void)electricity_meter_step(&meter->meter, meter->board.now_ms);
    size_t size = electricity_meter_receive(&meter->meter, frame, answer, limit);
    return host_board_is_dead(&meter->board) ? 0 : size;
}
