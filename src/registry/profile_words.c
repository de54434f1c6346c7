/* The words of the format, and their numbers. */
#include "registry/profile_internal.h"

#include "base/quantity.h"
#include "base/uplink.h"

const struct profile_word profile_kind_words[] = {
    { "cold_water", DEVICE_KIND_COLD_WATER }, { "hot_water", DEVICE_KIND_HOT_WATER },
    { "electricity", DEVICE_KIND_ELECTRICITY }, { "gas", DEVICE_KIND_GAS }, { "heat", DEVICE_KIND_HEAT }, { NULL, 0 },
};

const struct profile_word profile_group_words[] = {
    { "on_demand", DEVICE_GROUP_ON_DEMAND }, { "quarter_hourly", DEVICE_GROUP_QUARTER_HOURLY },
    { "hourly", DEVICE_GROUP_HOURLY }, { "daily", DEVICE_GROUP_DAILY }, { "monthly", DEVICE_GROUP_MONTHLY },
    { NULL, 0 },
};

const struct profile_word profile_command_words[] = {
    { "read", DEVICE_COMMAND_READ }, { "read_now", DEVICE_COMMAND_READ_NOW },
    { "read_daily_freeze", DEVICE_COMMAND_READ_DAILY_FREEZE },
    { "read_monthly_freeze", DEVICE_COMMAND_READ_MONTHLY_FREEZE }, { "read_address", DEVICE_COMMAND_READ_ADDRESS },
    { "open_valve", DEVICE_COMMAND_OPEN_VALVE }, { "close_valve", DEVICE_COMMAND_CLOSE_VALVE },
    { "permit_open", DEVICE_COMMAND_PERMIT_OPEN }, { "set_clock", DEVICE_COMMAND_SET_CLOCK },
    { "freeze_now", DEVICE_COMMAND_FREEZE_NOW }, { "recharge", DEVICE_COMMAND_RECHARGE },
    { "write_address", DEVICE_COMMAND_WRITE_ADDRESS }, { "keep_on", DEVICE_COMMAND_KEEP_ON },
    { "keep_on_cancel", DEVICE_COMMAND_KEEP_ON_CANCEL }, { "clear_balance", DEVICE_COMMAND_CLEAR_BALANCE },
    { "write_steps", DEVICE_COMMAND_WRITE_STEPS }, { "write_day_table", DEVICE_COMMAND_WRITE_DAY_TABLE },
    { "read_instant_freeze", DEVICE_COMMAND_READ_INSTANT_FREEZE }, { "read_clock", DEVICE_COMMAND_READ_CLOCK },
    { "set_mode", DEVICE_COMMAND_SET_MODE }, { "read_load_record", DEVICE_COMMAND_READ_LOAD_RECORD },
    { NULL, 0 },
};

const struct profile_word profile_parameter_words[] = {
    { "password", DEVICE_PARAMETER_PASSWORD }, { "operator", DEVICE_PARAMETER_OPERATOR },
    { "valid_until", DEVICE_PARAMETER_VALID_UNTIL }, { "time", DEVICE_PARAMETER_TIME },
    { "back", DEVICE_PARAMETER_BACK }, { "serial", DEVICE_PARAMETER_SERIAL }, { "amount", DEVICE_PARAMETER_AMOUNT },
    { "address", DEVICE_PARAMETER_ADDRESS }, { NULL, 0 },
};

const struct profile_word profile_period_words[] = {
    { "current", UPLINK_CURRENT }, { "daily_freeze", UPLINK_DAILY_FREEZE },
    { "monthly_freeze", UPLINK_MONTHLY_FREEZE }, { "instant_freeze", DEVICE_PERIOD_INSTANT_FREEZE },
    { "load_record", DEVICE_PERIOD_LOAD_RECORD }, { NULL, 0 },
};

const struct profile_word profile_transformer_words[] = {
    { "none", DEVICE_TRANSFORMER_NONE }, { "secondary", DEVICE_TRANSFORMER_SECONDARY },
    { "primary", DEVICE_TRANSFORMER_PRIMARY }, { NULL, 0 },
};

/* What a confirmation may wait for, beside a number. */
const struct profile_word profile_value_words[] = {
    { "open", VALVE_OPEN }, { "closed", VALVE_CLOSED }, { "connected", RELAY_CONNECTED },
    { "disconnected", RELAY_DISCONNECTED }, { NULL, 0 },
};

/* alarm_name() of base; numbers one higher, so that 0 is none. */
const struct profile_word profile_alarm_words[] = {
    { "over_flow", 1 + ALARM_OVER_FLOW }, { "small_leak", 1 + ALARM_SMALL_LEAK },
    { "reed_switch", 1 + ALARM_REED_SWITCH }, { "leak_valve_closed", 1 + ALARM_LEAK_VALVE_CLOSED },
    { "moved", 1 + ALARM_MOVED }, { "battery", 1 + ALARM_BATTERY }, { "arrears", 1 + ALARM_ARREARS },
    { "magnet", 1 + ALARM_MAGNET }, { "back_flow", 1 + ALARM_BACK_FLOW }, { "valve_fault", 1 + ALARM_VALVE_FAULT },
    { "housing", 1 + ALARM_HOUSING }, { "clock", 1 + ALARM_CLOCK }, { NULL, 0 },
};

static const char *word_of(const struct profile_word *words, int64_t value)
{
    for (; words->name != NULL; words++)
        if (words->value == value)
            return words->name;
    return "";
}

const char *profile_kind_name(enum device_kind kind)
{
    return word_of(profile_kind_words, kind);
}

const char *profile_group_name(enum device_point_group group)
{
    return word_of(profile_group_words, group);
}

const char *profile_command_name(enum device_command_code command)
{
    return word_of(profile_command_words, command);
}

const char *profile_period_name(int period)
{
    return word_of(profile_period_words, period);
}

const char *profile_transformer_name(enum device_transformer transformer)
{
    return word_of(profile_transformer_words, transformer);
}

const char *profile_parameter_name(unsigned index)
{
    return index < DEVICE_PARAMETER_BIT_COUNT ? profile_parameter_words[index].name : "";
}

enum device_command_code profile_command_find(struct span name)
{
    for (const struct profile_word *word = profile_command_words; word->name != NULL; word++)
        if (span_equal_text(name, word->name))
            return (enum device_command_code)word->value;
    return DEVICE_COMMAND_NONE;
}
