#include "meter/core/meter_internal.h"

#define BATTERY_RECOVERY_MV 100 /* a cell under load sags: the alarm ends only well above its limit */

bool meter_alarm_stands(const struct meter *meter, enum alarm alarm)
{
    return ((unsigned)meter->state.alarm_bits >> alarm & 1u) != 0;
}

void meter_alarm_set(struct meter *meter, enum alarm alarm, bool standing)
{
    unsigned bits = meter->state.alarm_bits & ~(1u << alarm);
    bits |= (standing ? 1u : 0u) << alarm;
    if (bits == meter->state.alarm_bits)
        return;
    meter->state.alarm_bits = (uint16_t)bits;
    meter->state_dirty = true;
}

static const struct {
    uint8_t sensor; /* enum meter_sensor */
    uint8_t alarm;  /* enum alarm */
    bool tamper;    /* may close the valve (white paper 5.4) */
} sensor_rows[] = {
    { METER_SENSOR_REED_FAULT, ALARM_REED_SWITCH, true },
    { METER_SENSOR_MAGNET, ALARM_MAGNET, true },
    { METER_SENSOR_MOVED, ALARM_MOVED, false },
    { METER_SENSOR_HOUSING, ALARM_HOUSING, false },
};

static void sensors_judge(struct meter *meter)
{
    unsigned sensors = meter->hal->sensors_read(meter->hal->context);
    for (size_t i = 0; i < sizeof sensor_rows / sizeof sensor_rows[0]; i++) {
        enum alarm alarm = (enum alarm)sensor_rows[i].alarm;
        bool standing = (sensors & sensor_rows[i].sensor) != 0;
        bool begins = standing && !meter_alarm_stands(meter, alarm);
        meter_alarm_set(meter, alarm, standing);
        if (begins && sensor_rows[i].tamper && meter->config.tamper_closes)
            meter->state.valve_holds = (uint8_t)(meter->state.valve_holds | METER_HOLD_TAMPER);
    }
}

static void battery_judge(struct meter *meter)
{
    meter->battery_mv = meter->hal->battery_read_mv(meter->hal->context);
    int limit_mv = meter->config.battery_limit_mv;
    if (meter->battery_mv < limit_mv)
        meter_alarm_set(meter, ALARM_BATTERY, true);
    else if (meter->battery_mv >= limit_mv + BATTERY_RECOVERY_MV)
        meter_alarm_set(meter, ALARM_BATTERY, false);
}

void meter_alarm_check(struct meter *meter)
{
    sensors_judge(meter);
    battery_judge(meter);
    meter_alarm_set(meter, ALARM_CLOCK, meter_clock_s(meter) == 0);
}
