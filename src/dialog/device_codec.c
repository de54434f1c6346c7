#include "dialog/device_codec.h"

#define COMMAND(name) (UINT32_C(1) << DEVICE_COMMAND_##name)
#define READS (COMMAND(READ) | COMMAND(READ_NOW))
#define FREEZES (COMMAND(READ_DAILY_FREEZE) | COMMAND(READ_MONTHLY_FREEZE))
#define VALVE (COMMAND(OPEN_VALVE) | COMMAND(CLOSE_VALVE))
#define LINE_2400_8E1(answer_ms, byte_ms) { 2400, 'E', 1, 2, 0, (answer_ms), (byte_ms) }

/* Answer times are those of a line behind a converter: what the standards allow, and what the converter adds. */
static const struct device_codec_info codecs[] = {
    { "dlt645-2007", "DL/T 645-2007", "DL/T 645-2007",
        DEVICE_SETTING_PREAMBLE | DEVICE_SETTING_PASSWORD_LEVEL | DEVICE_SETTING_RELAY_CODES | DEVICE_SETTING_OPERATOR,
        READS | FREEZES | VALVE | COMMAND(PERMIT_OPEN) | COMMAND(SET_CLOCK) | COMMAND(FREEZE_NOW) |
            COMMAND(READ_ADDRESS) | COMMAND(WRITE_ADDRESS),
        8, 1,
        { .preamble = 4, .password_level = 2, .connect_code = 0x1C, .permit_code = 0x1B, .disconnect_code = 0x1A,
            .relay_valid_s = 300 },
        LINE_2400_8E1(1500, 500) },
    { "dlt645-1997", "DL/T 645-1997", "DL/T 645-1997", DEVICE_SETTING_PREAMBLE | DEVICE_SETTING_PASSWORD_LEVEL,
        READS | COMMAND(READ_MONTHLY_FREEZE) | COMMAND(SET_CLOCK), 4, 1, { .preamble = 4 },
        LINE_2400_8E1(1500, 500) },
    { "cjt188", "CJ/T 188", "CJ/T 188", DEVICE_SETTING_PREAMBLE | DEVICE_SETTING_METER_TYPE | DEVICE_SETTING_IDENTIFIER_ORDER,
        READS | COMMAND(READ_MONTHLY_FREEZE) | VALVE | COMMAND(SET_CLOCK) | COMMAND(READ_ADDRESS) |
            COMMAND(WRITE_ADDRESS) | COMMAND(RECHARGE),
        4, 1, { .preamble = 2, .meter_type = 0x10 }, LINE_2400_8E1(3000, 500) },
    { "mbus", "M-Bus (EN 13757-2/-3)", "M-Bus（EN 13757-2/-3）", DEVICE_SETTING_PRIMARY_ADDRESS,
        READS | COMMAND(SET_CLOCK), 0, 1, { .primary_address = 253 }, LINE_2400_8E1(500, 100) },
    { "wmbus", "Wireless M-Bus (EN 13757-4)", "无线 M-Bus（EN 13757-4）", 0, 0, 0, 0, { 0 }, { 0 } },
    { "lwm2m-water", "LwM2M water meter (NB-IoT)", "LwM2M 水表（NB-IoT）", 0,
        COMMAND(READ_NOW) | VALVE | COMMAND(SET_CLOCK) | COMMAND(RECHARGE), 0, 0, { 0 }, { 0 } },
};

const struct device_codec_info *device_codec_table(size_t *count)
{
    *count = sizeof codecs / sizeof codecs[0];
    return codecs;
}
