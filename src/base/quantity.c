#include "base/quantity.h"

#include <stddef.h>

static const struct quantity_info quantities[QUANTITY_COUNT] = {
    [QUANTITY_NONE]             = { "unknown", "" },
    [QUANTITY_WATER_VOLUME]     = { "water_volume", "ml" },
    [QUANTITY_BALANCE]          = { "balance", "fen" },
    [QUANTITY_VALVE_STATE]      = { "valve_state", "" },
    [QUANTITY_ALARM_BITS]       = { "alarm_bits", "" },
    [QUANTITY_BATTERY]          = { "battery", "mV" },
    [QUANTITY_SIGNAL_RSRP]      = { "signal_rsrp", "dBm" },
    [QUANTITY_SIGNAL_SNR]       = { "signal_snr", "dB" },
    [QUANTITY_COVERAGE_LEVEL]   = { "coverage_level", "" },
    [QUANTITY_PHYSICAL_CELL]    = { "physical_cell", "" },
    [QUANTITY_CELL_ID]          = { "cell_id", "" },
    [QUANTITY_EARFCN]           = { "earfcn", "" },
    [QUANTITY_DEVICE_TIME]      = { "device_time", "s" },
    [QUANTITY_RECHARGE_SERIAL]  = { "recharge_serial", "" },
    [QUANTITY_FIRMWARE_VERSION] = { "firmware_version", "" },
    [QUANTITY_ENERGY_ACTIVE_COMBINED]     = { "energy_active_combined", "mWh" },
    [QUANTITY_ENERGY_ACTIVE_IMPORT]       = { "energy_active_import", "mWh" },
    [QUANTITY_ENERGY_ACTIVE_EXPORT]       = { "energy_active_export", "mWh" },
    [QUANTITY_ENERGY_REACTIVE_COMBINED_1] = { "energy_reactive_combined_1", "mvarh" },
    [QUANTITY_ENERGY_REACTIVE_COMBINED_2] = { "energy_reactive_combined_2", "mvarh" },
    [QUANTITY_ENERGY_REACTIVE_IMPORT]     = { "energy_reactive_import", "mvarh" },
    [QUANTITY_ENERGY_REACTIVE_EXPORT]     = { "energy_reactive_export", "mvarh" },
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_1] = { "energy_reactive_quadrant_1", "mvarh" },
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_2] = { "energy_reactive_quadrant_2", "mvarh" },
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_3] = { "energy_reactive_quadrant_3", "mvarh" },
    [QUANTITY_ENERGY_REACTIVE_QUADRANT_4] = { "energy_reactive_quadrant_4", "mvarh" },
    [QUANTITY_ENERGY_APPARENT_IMPORT]     = { "energy_apparent_import", "mVAh" },
    [QUANTITY_ENERGY_APPARENT_EXPORT]     = { "energy_apparent_export", "mVAh" },
    [QUANTITY_DEMAND_ACTIVE_IMPORT]       = { "demand_active_import", "mW" },
    [QUANTITY_DEMAND_ACTIVE_EXPORT]       = { "demand_active_export", "mW" },
    [QUANTITY_DEMAND_REACTIVE_IMPORT]     = { "demand_reactive_import", "mvar" },
    [QUANTITY_DEMAND_REACTIVE_EXPORT]     = { "demand_reactive_export", "mvar" },
    [QUANTITY_POWER_ACTIVE]               = { "power_active", "mW" },
    [QUANTITY_POWER_REACTIVE]             = { "power_reactive", "mvar" },
    [QUANTITY_POWER_APPARENT]             = { "power_apparent", "mVA" },
    [QUANTITY_POWER_FACTOR]               = { "power_factor", "0.001" },
    [QUANTITY_VOLTAGE]                    = { "voltage", "mV" },
    [QUANTITY_CURRENT]                    = { "current", "mA" },
    [QUANTITY_FREQUENCY]                  = { "frequency", "mHz" },
    [QUANTITY_PHASE_ANGLE]                = { "phase_angle", "0.001 deg" },
    [QUANTITY_RELAY_STATE]                = { "relay_state", "" },
    [QUANTITY_PURCHASE_COUNT]             = { "purchase_count", "" },
    [QUANTITY_BALANCE_ENERGY]             = { "balance_energy", "mWh" },
    [QUANTITY_OVERDRAFT]                  = { "overdraft", "fen" },
    [QUANTITY_HOT_WATER_VOLUME]           = { "hot_water_volume", "ml" },
    [QUANTITY_GAS_VOLUME]                 = { "gas_volume", "ml" },
    [QUANTITY_VOLUME_REVERSE]             = { "volume_reverse", "ml" },
    [QUANTITY_FLOW]                       = { "flow", "ml/h" },
    [QUANTITY_HEAT_ENERGY]                = { "heat_energy", "J" },
    [QUANTITY_COOLING_ENERGY]             = { "cooling_energy", "J" },
    [QUANTITY_HEAT_VOLUME]                = { "heat_volume", "ml" },
    [QUANTITY_HEAT_POWER]                 = { "heat_power", "mW" },
    [QUANTITY_TEMPERATURE]                = { "temperature", "0.001 C" },
    [QUANTITY_TEMPERATURE_SUPPLY]         = { "temperature_supply", "0.001 C" },
    [QUANTITY_TEMPERATURE_RETURN]         = { "temperature_return", "0.001 C" },
    [QUANTITY_TEMPERATURE_DIFFERENCE]     = { "temperature_difference", "mK" },
    [QUANTITY_TEMPERATURE_AMBIENT]        = { "temperature_ambient", "0.001 C" },
    [QUANTITY_PRESSURE]                   = { "pressure", "Pa" },
    [QUANTITY_OPERATING_TIME]             = { "operating_time", "s" },
    [QUANTITY_STATUS_BITS]                = { "status_bits", "" },
    [QUANTITY_TERMINAL_EVENT]             = { "terminal_event", "" },
    [QUANTITY_BALANCE_VOLUME]             = { "balance_volume", "ml" },
};

struct alarm_info {
    const char *name;
    int severity;
};

/* Severity 2: the device cannot do its work until a person looks after it. */
static const struct alarm_info alarms[ALARM_COUNT] = {
    [ALARM_OVER_FLOW]         = { "over_flow", 1 },
    [ALARM_SMALL_LEAK]        = { "small_leak", 1 },
    [ALARM_REED_SWITCH]       = { "reed_switch", 2 },
    [ALARM_LEAK_VALVE_CLOSED] = { "leak_valve_closed", 2 },
    [ALARM_MOVED]             = { "moved", 1 },
    [ALARM_BATTERY]           = { "battery", 2 },
    [ALARM_ARREARS]           = { "arrears", 1 },
    [ALARM_MAGNET]            = { "magnet", 1 },
    [ALARM_BACK_FLOW]         = { "back_flow", 1 },
    [ALARM_VALVE_FAULT]       = { "valve_fault", 2 },
    [ALARM_HOUSING]           = { "housing", 1 },
    [ALARM_CLOCK]             = { "clock", 1 },
};

const struct quantity_info *quantity_info(enum quantity quantity)
{
    size_t index = (size_t)quantity;
    return &quantities[index < QUANTITY_COUNT ? index : QUANTITY_NONE];
}

const char *alarm_name(enum alarm alarm)
{
    size_t index = (size_t)alarm;
    return index < ALARM_COUNT ? alarms[index].name : "unknown";
}

int alarm_severity(enum alarm alarm)
{
    size_t index = (size_t)alarm;
    return index < ALARM_COUNT ? alarms[index].severity : 1;
}
