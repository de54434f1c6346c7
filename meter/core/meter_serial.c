#include "meter/core/meter_serial.h"

bool meter_serial_is_used(const struct meter_serial *serial, uint32_t number)
{
    if (number > serial->highest)
        return false;
    uint32_t age = serial->highest - number;
    return age >= METER_SERIAL_WINDOW || ((serial->seen >> age) & 1u) != 0;
}

void meter_serial_use(struct meter_serial *serial, uint32_t number)
{
    if (number == 0)
        return;
    if (number > serial->highest) {
        uint32_t step = number - serial->highest;
        serial->seen = step < METER_SERIAL_WINDOW ? (serial->seen << step) | 1u : 1u;
        serial->highest = number;
    } else if (serial->highest - number < METER_SERIAL_WINDOW) {
        serial->seen |= UINT32_C(1) << (serial->highest - number);
    }
}
