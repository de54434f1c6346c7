/* The quantities a meter can speak of, each with its one unit in this program.
 *
 * A reading, an event or a state is (quantity, period, value); the value is an int64 in the unit of
 * the table in quantity.c. Rooms behind `dialog` know quantities, never protocols. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdint.h>

enum quantity {
    QUANTITY_NONE = 0,
    QUANTITY_WATER_VOLUME,        /* ml, cumulative register */
    QUANTITY_BALANCE,             /* fen, money the meter itself holds */
    QUANTITY_VALVE_STATE,         /* enum valve_state */
    QUANTITY_ALARM_BITS,          /* bit set of enum alarm */
    QUANTITY_BATTERY,             /* mV */
    QUANTITY_SIGNAL_RSRP,         /* dBm */
    QUANTITY_SIGNAL_SNR,          /* dB */
    QUANTITY_COVERAGE_LEVEL,      /* 0, 1, 2 (white paper ECL) */
    QUANTITY_PHYSICAL_CELL,       /* PCI */
    QUANTITY_CELL_ID,
    QUANTITY_EARFCN,
    QUANTITY_DEVICE_TIME,         /* s since 1970 UTC, by the device's own clock */
    QUANTITY_RECHARGE_SERIAL,     /* last serial applied */
    QUANTITY_FIRMWARE_VERSION,    /* major << 16 | minor << 8 | patch */
    QUANTITY_COUNT
};

enum valve_state { VALVE_OPEN = 0, VALVE_CLOSED = 1, VALVE_MOVING = 2, VALVE_FAULT = 3, VALVE_NONE = 4 };

/* Bits of QUANTITY_ALARM_BITS, the order of resource /33424/x/10. */
enum alarm {
    ALARM_OVER_FLOW = 0, ALARM_SMALL_LEAK = 1, ALARM_REED_SWITCH = 2, ALARM_LEAK_VALVE_CLOSED = 3,
    ALARM_MOVED = 4, ALARM_BATTERY = 5, ALARM_ARREARS = 6, ALARM_MAGNET = 7, ALARM_BACK_FLOW = 8,
    ALARM_VALVE_FAULT = 9, ALARM_HOUSING = 10, ALARM_CLOCK = 11, ALARM_COUNT = 12
};

struct quantity_info {
    const char *name;   /* "water_volume" */
    const char *unit;   /* "ml" */
};

/* Never NULL; an unknown quantity gives the row of QUANTITY_NONE. */
const struct quantity_info *quantity_info(enum quantity quantity);

/* "over_flow", "small_leak", ...; "unknown" outside the table. */
const char *alarm_name(enum alarm alarm);

/* Severity of an alarm bit: 1 alarm, 2 fault (the device needs a person). */
int alarm_severity(enum alarm alarm);

#endif
