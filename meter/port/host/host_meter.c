#include "meter/port/host/host_meter.h"

#include <string.h>

#define MS_PER_S 1000
#define VALVE_TRAVEL_MS 5000
#define BATTERY_FRESH_MV 3600

/* Sectors of 1 KiB as small Cortex-M parts have them. */
static const struct meter_flash_geometry geometry = { 1024, 8, 8 };
static const struct meter_signal good_signal = { -92, 14, 0, 213, 0x0a3f21c, 2506 };

static int64_t clock_read_s(void *context)
{
    const struct host_meter *meter = context;
    return meter->now_ms / MS_PER_S + meter->clock_offset_s;
}

static void clock_write_s(void *context, int64_t clock_s)
{
    struct host_meter *meter = context;
    meter->clock_offset_s = clock_s - meter->now_ms / MS_PER_S;
}

static int flash_read(void *context, uint32_t offset, void *bytes, uint32_t size)
{
    const struct host_meter *meter = context;
    return host_flash_read(&meter->flash, offset, bytes, size);
}

static int flash_program(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    struct host_meter *meter = context;
    return host_flash_program(&meter->flash, offset, bytes, size);
}

static int flash_erase(void *context, uint16_t sector)
{
    struct host_meter *meter = context;
    return host_flash_erase(&meter->flash, sector);
}

static enum meter_position position_after_travel(const struct host_meter *meter)
{
    return meter->valve_motion == METER_MOTION_OPEN ? METER_POSITION_OPEN : METER_POSITION_CLOSED;
}

/* Where the valve is by now: a running motor brings it to its end in valve_travel_ms. */
static void valve_update(struct host_meter *meter)
{
    if (meter->valve_motion == METER_MOTION_STOP || meter->valve_stuck)
        return;
    if (meter->now_ms - meter->valve_started_ms >= meter->valve_travel_ms)
        meter->valve_position = (uint8_t)position_after_travel(meter);
    else if (meter->valve_position != (uint8_t)position_after_travel(meter))
        meter->valve_position = METER_POSITION_BETWEEN;
}

static void valve_drive(void *context, enum meter_motion motion)
{
    struct host_meter *meter = context;
    valve_update(meter);
    if (motion != (enum meter_motion)meter->valve_motion)
        meter->valve_started_ms = meter->now_ms;
    meter->valve_motion = (uint8_t)motion;
    valve_update(meter);
}

static enum meter_position valve_sense(void *context)
{
    struct host_meter *meter = context;
    valve_update(meter);
    return (enum meter_position)meter->valve_position;
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

/* After a power cut nothing leaves any more, whatever the core still tries. */
static bool is_dead(const struct host_meter *meter)
{
    return !meter->powered || meter->flash.cut;
}

static void radio_open(void *context)
{
    struct host_meter *meter = context;
    if (!is_dead(meter))
        meter->ports.radio_open(meter->ports.context, meter);
}

static void radio_close(void *context)
{
    struct host_meter *meter = context;
    if (!is_dead(meter) && meter->ports.radio_close != NULL)
        meter->ports.radio_close(meter->ports.context, meter);
}

static void radio_send(void *context, struct span bytes, enum meter_release release)
{
    struct host_meter *meter = context;
    if (!is_dead(meter))
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
        .clock_read_s = clock_read_s,
        .clock_write_s = clock_write_s,
        .flash = geometry,
        .flash_read = flash_read,
        .flash_program = flash_program,
        .flash_erase = flash_erase,
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
    meter->now_ms = now_ms;
    meter->valve_travel_ms = VALVE_TRAVEL_MS;
    meter->valve_position = METER_POSITION_OPEN;
    meter->battery_mv = BATTERY_FRESH_MV;
    host_flash_open(&meter->flash, geometry, random_next(&meter->random));
}

void host_meter_close(struct host_meter *meter)
{
    host_flash_close(&meter->flash);
}

static void now_set(struct host_meter *meter, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
}

int host_meter_power_up(struct host_meter *meter, const struct meter_config *config, int64_t now_ms)
{
    now_set(meter, now_ms);
    host_flash_restore(&meter->flash);
    meter->valve_motion = METER_MOTION_STOP;
    int error = meter_open(&meter->meter, config, &meter->hal, meter->now_ms);
    meter->powered = error != METER_ERR_CONFIG;
    return error;
}

int64_t host_meter_step(struct host_meter *meter, int64_t now_ms)
{
    now_set(meter, now_ms);
    return is_dead(meter) ? INT64_MAX : meter_step(&meter->meter, meter->now_ms);
}

int64_t host_meter_pulse(struct host_meter *meter, int32_t pulses, int64_t now_ms)
{
    now_set(meter, now_ms);
    if (!is_dead(meter))
        meter_pulse(&meter->meter, pulses, meter->now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_set_sensors(struct host_meter *meter, uint8_t sensors, int64_t now_ms)
{
    now_set(meter, now_ms);
    meter->sensors = sensors;
    if (!is_dead(meter))
        meter_sensors_changed(&meter->meter, meter->now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_button(struct host_meter *meter, int64_t now_ms)
{
    now_set(meter, now_ms);
    if (!is_dead(meter))
        meter_button(&meter->meter, meter->now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_attached(struct host_meter *meter, bool attached, int64_t now_ms)
{
    now_set(meter, now_ms);
    if (!is_dead(meter))
        meter_radio_attached(&meter->meter, attached, meter->now_ms);
    return host_meter_step(meter, now_ms);
}

int64_t host_meter_received(struct host_meter *meter, struct span bytes, int64_t now_ms)
{
    now_set(meter, now_ms);
    if (!is_dead(meter))
        meter_radio_received(&meter->meter, bytes, meter->now_ms);
    return host_meter_step(meter, now_ms);
}
