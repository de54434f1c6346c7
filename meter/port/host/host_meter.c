#include "meter/port/host/host_meter.h"

#include <string.h>

#define BATTERY_FRESH_MV 3600

/* Sectors of 1 KiB as small Cortex-M parts have them. */
static const struct meter_flash_geometry geometry = { 1024, 8, 8 };
static const struct meter_signal good_signal = { -92, 14, 0, 213, 0x0a3f21c, 2506 };

static void valve_drive(void *context, enum meter_motion motion)
{
    struct host_meter *meter = context;
    host_valve_drive(&meter->valve, motion, meter->board.now_ms);
}

static enum meter_position valve_sense(void *context)
{
    struct host_meter *meter = context;
    return host_valve_sense(&meter->valve, meter->board.now_ms);
}

static uint8_t sensors_read(void *context)
{
    const struct host_meter *meter = context;
    return meter->sensors;
}

static uint16_t battery_read_mv(void *context)
{
    const struct host_meter *meter = context;
    return meter->battery_mv;
}

static void radio_open(void *context)
{
    struct host_meter *meter = context;
    if (!host_board_is_dead(&meter->board))
        meter->ports.radio_open(meter->ports.context, meter);
}

static void radio_close(void *context)
{
    struct host_meter *meter = context;
    if (!host_board_is_dead(&meter->board) && meter->ports.radio_close != NULL)
        meter->ports.radio_close(meter->ports.context, meter);
}

static void radio_send(void *context, struct span bytes, enum meter_release release)
{
    struct host_meter *meter = context;
    if (!host_board_is_dead(&meter->board))
        meter->ports.radio_send(meter->ports.context, meter, bytes, release);
}

static void radio_signal(void *context, struct meter_signal *out)
{
    const struct host_meter *meter = context;
    *out = meter->signal;
}

static void radio_forget_frequencies(void *context)
{
    (void)context;
}

static uint32_t random_u32(void *context)
{
    struct host_meter *meter = context;
    return (uint32_t)(random_next(&meter->random) >> 32);
}

static void display(void *context, const struct meter_display *shown)
{
    struct host_meter *meter = context;
    if (meter->ports.display != NULL)
        meter->ports.display(meter->ports.context, meter, shown);
}

static struct meter_hal hal_of(struct host_meter *meter)
{
    return (struct meter_hal){
        .context = meter,
        .clock_read_s = host_board_clock_read_s,
        .clock_write_s = host_board_clock_write_s,
        .flash = geometry,
        .flash_read = host_flash_read,
        .flash_program = host_flash_program,
        .flash_erase = host_flash_erase,
        .valve_drive = valve_drive,
        .valve_sense = valve_sense,
        .sensors_read = sensors_read,
        .battery_read_mv = battery_read_mv,
        .radio_open = radio_open,
        .radio_close = radio_close,
        .radio_send = radio_send,
        .radio_signal = radio_signal,
        .radio_forget_frequencies = radio_forget_frequencies,
        .random = random_u32,
        .display = display,
    };
}

void host_meter_open(struct host_meter *meter, const struct host_meter_ports *ports, uint64_t seed, int64_t now_ms)
{
    memset(meter, 0, sizeof *meter);
    meter->ports = *ports;
    meter->hal = hal_of(meter);
    meter->random = random_of_stream(seed, 0);
    meter->signal = good_signal;
    meter->valve = host_valve_new();
    meter->battery_mv = BATTERY_FRESH_MV;
    host_board_open(&meter->board, geometry, random_next(&meter->random), now_ms);
}

void host_meter_flash_choose(struct host_meter *meter, struct meter_flash_geometry chosen)
{
    host_flash_close(&meter->board.flash);
    host_flash_open(&meter->board.flash, chosen, random_next(&meter->random));
    meter->hal.flash = chosen;
}

void host_meter_close(struct host_meter *meter)
{
    host_board_close(&meter->board);
}

int host_meter_power_up(struct host_meter *meter, const struct meter_config *config, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    host_flash_restore(&meter->board.flash);
    meter->valve.motion = METER_MOTION_STOP;
    int error = meter_open(&meter->meter, config, &meter->hal, meter->board.now_ms);
    meter->board.is_powered = error != METER_ERR_CONFIG;
    return error;
}

int64_t host_meter_step(struct host_meter *meter, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    return host_board_is_dead(&meter->board) ? INT64_MAX : meter_step(&meter->meter, meter->board.now_ms);
}

int64_t host_meter_pulse(struct host_meter *meter, int32_t pulses, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    if (!host_board_is_dead(&meter->board))
        meter_pulse(&meter->meter, pulses, meter->board.now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_set_sensors(struct host_meter *meter, uint8_t sensors, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    meter->sensors = sensors;
    if (!host_board_is_dead(&meter->board))
        meter_sensors_changed(&meter->meter, meter->board.now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_button(struct host_meter *meter, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    if (!host_board_is_dead(&meter->board))
        meter_button(&meter->meter, meter->board.now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_attached(struct host_meter *meter, bool attached, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    if (!host_board_is_dead(&meter->board))
        meter_radio_attached(&meter->meter, attached, meter->board.now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_received(struct host_meter *meter, struct span bytes, int64_t now_ms)
{
    host_board_now_set(&meter->board, now_ms);
    if (!host_board_is_dead(&meter->board))
        meter_radio_received(&meter->meter, bytes, meter->board.now_ms);
    return host_meter_step(meter, now_ms);
}
