/* A bus meter alone on a Cortex-M3, with nothing around it but a flash that is empty: linked to be measured. */
#include <string.h>

#include "meter/core/bus_meter/bus_meter.h"
#include "meter/port/cortex_m/probe_flash.h"

int main(void);

static struct bus_meter meter;

static void valve_drive(void *context, enum meter_motion motion)
{
    (void)context;
    (void)motion;
}

static enum meter_position valve_sense(void *context)
{
    (void)context;
    return METER_POSITION_OPEN;
}

int main(void)
{
    static uint8_t frame[BUS_METER_ANSWER_LIMIT];
    static const struct bus_meter_sensors sensors;
    struct bus_meter_config config = bus_meter_config_default(BUS_METER_HEAT);
    struct meter_hal hal;
    size_t size = 0;

    memset(&hal, 0, sizeof hal);
    hal.flash = (struct meter_flash_geometry){ 1024, 8, 8 };
    hal.flash_read = probe_flash_read;
    hal.flash_program = probe_flash_program;
    hal.flash_erase = probe_flash_erase;
    hal.valve_drive = valve_drive;
    hal.valve_sense = valve_sense;
    (void)bus_meter_open(&meter, &hal, &config, 1);
    for (int64_t now_s = 1; now_s < INT32_MAX; now_s++) {
        bus_meter_sense(&meter, &sensors);
        bus_meter_flow(&meter, 1000, 1);
        size = bus_meter_receive(&meter, span_of_bytes(frame, size), frame, sizeof frame);
        bus_meter_step(&meter, now_s);
    }
    return 0;
}
