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
