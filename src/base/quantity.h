/* The quantities a meter can speak of, each with its one unit in this program.
 *
 * A reading, an event or a state is (quantity, period, value); the value is an int64 in the unit of
 * the table in quantity.c. Rooms behind `dialog` know quantities, never protocols. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdint.h>

/* Numbers are stored: a new quantity goes to the end. */
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
    /* Cumulative registers of electricity; mWh, mvarh, mVAh hold 0.0001 kWh exactly. */
    QUANTITY_ENERGY_ACTIVE_COMBINED,
    QUANTITY_ENERGY_ACTIVE_IMPORT,
    QUANTITY_ENERGY_ACTIVE_EXPORT,
    QUANTITY_ENERGY_REACTIVE_COMBINED_1,
    QUANTITY_ENERGY_REACTIVE_COMBINED_2,
    QUANTITY_ENERGY_REACTIVE_IMPORT,
    QUANTITY_ENERGY_REACTIVE_EXPORT,
    QUANTITY_ENERGY_REACTIVE_QUADRANT_1,
    QUANTITY_ENERGY_REACTIVE_QUADRANT_2,
    QUANTITY_ENERGY_REACTIVE_QUADRANT_3,
    QUANTITY_ENERGY_REACTIVE_QUADRANT_4,
    QUANTITY_ENERGY_APPARENT_IMPORT,
    QUANTITY_ENERGY_APPARENT_EXPORT,
    QUANTITY_DEMAND_ACTIVE_IMPORT,    /* mW, largest of the settlement period */
    QUANTITY_DEMAND_ACTIVE_EXPORT,
    QUANTITY_DEMAND_REACTIVE_IMPORT,  /* mvar */
    QUANTITY_DEMAND_REACTIVE_EXPORT,
    QUANTITY_POWER_ACTIVE,            /* mW; negative: export */
    QUANTITY_POWER_REACTIVE,          /* mvar */
    QUANTITY_POWER_APPARENT,          /* mVA */
    QUANTITY_POWER_FACTOR,            /* 0.001 */
    QUANTITY_VOLTAGE,                 /* mV */
    QUANTITY_CURRENT,                 /* mA */
    QUANTITY_FREQUENCY,               /* mHz */
    QUANTITY_PHASE_ANGLE,             /* 0.001 degree */
    QUANTITY_RELAY_STATE,             /* enum relay_state */
    QUANTITY_PURCHASE_COUNT,
    QUANTITY_BALANCE_ENERGY,          /* mWh that a prepaid meter still gives */
    QUANTITY_OVERDRAFT,               /* fen */
    QUANTITY_HOT_WATER_VOLUME,        /* ml, cumulative register */
    QUANTITY_GAS_VOLUME,              /* ml, cumulative register */
    QUANTITY_VOLUME_REVERSE,          /* ml, what flowed backwards */
    QUANTITY_FLOW,                    /* ml/h */
    QUANTITY_HEAT_ENERGY,             /* J, cumulative register */
    QUANTITY_COOLING_ENERGY,          /* J, cumulative register */
    QUANTITY_HEAT_VOLUME,             /* ml, heat carrier, cumulative register */
    QUANTITY_HEAT_POWER,              /* mW */
    QUANTITY_TEMPERATURE,             /* 0.001 degree Celsius */
    QUANTITY_TEMPERATURE_SUPPLY,
    QUANTITY_TEMPERATURE_RETURN,
    QUANTITY_TEMPERATURE_DIFFERENCE,  /* mK */
    QUANTITY_TEMPERATURE_AMBIENT,
    QUANTITY_PRESSURE,                /* Pa */
    QUANTITY_OPERATING_TIME,          /* s */
    QUANTITY_STATUS_BITS,             /* status word as the meter sends it; register_index tells which */
    QUANTITY_TERMINAL_EVENT,          /* code of what happened (376.1 ERC); register_index: low byte of what it affects */
    QUANTITY_BALANCE_VOLUME,          /* ml that a prepaid meter still gives */
    QUANTITY_COUNT
};

enum valve_state { VALVE_OPEN = 0, VALVE_CLOSED = 1, VALVE_MOVING = 2, VALVE_FAULT = 3, VALVE_NONE = 4 };

/* The relay of an electricity meter; whether power can flow. */
enum relay_state { RELAY_CONNECTED = 0, RELAY_DISCONNECTED = 1 };

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
