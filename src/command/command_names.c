#include <string.h>

#include "base/downlink.h"
#include "command/command_store.h"

static const char *const state_names[COMMAND_STATE_COUNT] = {
    [COMMAND_QUEUED] = "queued",     [COMMAND_SENT] = "sent",     [COMMAND_DELIVERED] = "delivered",
    [COMMAND_EXECUTED] = "executed", [COMMAND_VERIFIED] = "verified", [COMMAND_FAILED] = "failed",
    [COMMAND_EXPIRED] = "expired",   [COMMAND_CANCELLED] = "cancelled",
};

static const char *const operation_names[DOWNLINK_OPERATION_COUNT] = {
    [DOWNLINK_OPEN_VALVE] = "open_valve",           [DOWNLINK_CLOSE_VALVE] = "close_valve",
    [DOWNLINK_RECHARGE] = "recharge",               [DOWNLINK_WRITE_PARAMETER] = "write_parameter",
    [DOWNLINK_READ_NOW] = "read_now",               [DOWNLINK_SET_CLOCK] = "set_clock",
    [DOWNLINK_PERMIT_CLOSE] = "permit_close",       [DOWNLINK_KEEP_ON] = "keep_on",
    [DOWNLINK_KEEP_ON_CANCEL] = "keep_on_cancel",   [DOWNLINK_CLEAR_BALANCE] = "clear_balance",
    [DOWNLINK_SET_MODE] = "set_mode",               [DOWNLINK_WRITE_STEPS] = "write_steps",
    [DOWNLINK_WRITE_DAY_TABLE] = "write_day_table", [DOWNLINK_FREEZE] = "freeze",
    [DOWNLINK_TELL_INTERVALS] = "tell_intervals",
};

static const char *const parameter_names[PARAMETER_COUNT] = {
    [PARAMETER_LOW_BALANCE] = "low_balance", [PARAMETER_OVERDRAFT] = "overdraft",
    [PARAMETER_REPORT_PERIOD] = "report_period", [PARAMETER_REPORT_TIME] = "report_time",
    [PARAMETER_STAGGER] = "stagger",         [PARAMETER_FLOW_LIMIT] = "flow_limit",
    [PARAMETER_LEAK_LIMIT] = "leak_limit",   [PARAMETER_LEAK_TIME] = "leak_time",
    [PARAMETER_PRICE] = "price",
};

static int name_find(const char *const names[], int count, const char *name)
{
    for (int i = 1; i < count; i++)
        if (name && strcmp(names[i], name) == 0)
            return i;
    return 0;
}

const char *command_state_name(enum command_state state)
{
    return state >= COMMAND_QUEUED && state < COMMAND_STATE_COUNT ? state_names[state] : "unknown";
}

const char *command_operation_name(int operation)
{
    return operation > 0 && operation < DOWNLINK_OPERATION_COUNT ? operation_names[operation] : "unknown";
}

const char *command_parameter_name(int parameter)
{
    return parameter > 0 && parameter < PARAMETER_COUNT ? parameter_names[parameter] : "";
}

int command_state_of_name(const char *name)
{
    return name_find(state_names, COMMAND_STATE_COUNT, name);
}

/* The words of the relay mean the same two acts: closed, it lets power through. */
int command_operation_of_name(const char *name)
{
    if (name && strcmp(name, "close_relay") == 0)
        return DOWNLINK_OPEN_VALVE;
    if (name && strcmp(name, "open_relay") == 0)
        return DOWNLINK_CLOSE_VALVE;
    return name_find(operation_names, DOWNLINK_OPERATION_COUNT, name);
}

int command_parameter_of_name(const char *name)
{
    return name_find(parameter_names, PARAMETER_COUNT, name);
}
