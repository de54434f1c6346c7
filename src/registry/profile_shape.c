/* The format of a profile: one row a key. docs/profiles.md says the same in sentences. */
#include "registry/profile_internal.h"

#define INTO(type, member) .offset = offsetof(struct type, member), .size = sizeof ((struct type *)0)->member
#define ROWS(list) list, sizeof (list) / sizeof (list)[0]
#define SECOND_LIMIT 86400
#define TIMEOUT_LIMIT_MS 120000

static const struct profile_field words_fields[] = {
    { .key = "zh", .read = profile_read_text, .required = true, INTO(device_profile_words, zh), .help = "Chinese" },
    { .key = "en", .read = profile_read_text, .required = true, INTO(device_profile_words, en), .help = "English" },
};
static const struct profile_shape words_shape = { "a name", "名称", ROWS(words_fields) };

static const struct profile_field note_fields[] = {
    { .key = "zh", .read = profile_read_text, .required = true, INTO(device_profile_note, zh), .help = "Chinese" },
    { .key = "en", .read = profile_read_text, .required = true, INTO(device_profile_note, en), .help = "English" },
};
static const struct profile_shape note_shape = { "a note", "说明", ROWS(note_fields) };

static const struct profile_field settings_fields[] = {
    { .key = "preamble", .read = profile_read_integer, .maximum = 16, INTO(device_profile_settings, preamble),
        .setting = DEVICE_SETTING_PREAMBLE, .help = "FE bytes sent before a frame" },
    { .key = "meter_type", .read = profile_read_integer, .minimum = 0x01, .maximum = 0xFF,
        INTO(device_profile_settings, meter_type), .setting = DEVICE_SETTING_METER_TYPE,
        .help = "CJ/T 188 type T, as 0x10" },
    { .key = "identifier_order", .read = profile_read_word, INTO(device_profile_settings, identifier_order),
        .words = (const struct profile_word[]){ { "high_first", DEVICE_IDENTIFIER_HIGH_FIRST },
            { "low_first", DEVICE_IDENTIFIER_LOW_FIRST }, { NULL, 0 } },
        .setting = DEVICE_SETTING_IDENTIFIER_ORDER, .help = "CJ/T 188: 90 1F (2004) or 1F 90 (2018) on the wire" },
    { .key = "password_level", .read = profile_read_integer, .maximum = 9,
        INTO(device_profile_settings, password_level), .setting = DEVICE_SETTING_PASSWORD_LEVEL,
        .help = "DL/T 645 PA" },
    { .key = "operator", .read = profile_read_integer, .maximum = 99999999,
        INTO(device_profile_settings, operator_code), .setting = DEVICE_SETTING_OPERATOR,
        .help = "DL/T 645 operator code C0 to C3 when a command gives none" },
    { .key = "connect_code", .read = profile_read_integer, .maximum = 0xFF,
        INTO(device_profile_settings, connect_code), .setting = DEVICE_SETTING_RELAY_CODES,
        .help = "DL/T 645-2007 1CH: N1 that switches on" },
    { .key = "permit_code", .read = profile_read_integer, .maximum = 0xFF, INTO(device_profile_settings, permit_code),
        .setting = DEVICE_SETTING_RELAY_CODES, .help = "N1 that allows the customer to switch on" },
    { .key = "disconnect_code", .read = profile_read_integer, .maximum = 0xFF,
        INTO(device_profile_settings, disconnect_code), .setting = DEVICE_SETTING_RELAY_CODES,
        .help = "N1 that switches off" },
    { .key = "relay_valid_s", .read = profile_read_integer, .minimum = 10, .maximum = SECOND_LIMIT,
        INTO(device_profile_settings, relay_valid_s), .setting = DEVICE_SETTING_RELAY_CODES,
        .help = "how long a relay command holds when it states no valid_until" },
    { .key = "layout", .read = profile_read_word_set, INTO(device_profile_settings, layout),
        .words = (const struct profile_word[]){ { "unit_first", DEVICE_LAYOUT_UNIT_FIRST },
            { "short_reading", DEVICE_LAYOUT_SHORT_READING }, { "cooling_first", DEVICE_LAYOUT_COOLING_FIRST },
            { NULL, 0 } },
        .setting = DEVICE_SETTING_LAYOUT, .help = "CJ/T 188: what the model's answers do differently" },
    { .key = "status_map", .read = profile_read_word, INTO(device_profile_settings, status_map),
        .words = (const struct profile_word[]){ { "standard", DEVICE_STATUS_STANDARD },
            { "mirrored", DEVICE_STATUS_MIRRORED }, { "heat", DEVICE_STATUS_HEAT },
            { "heat_faults", DEVICE_STATUS_HEAT_FAULTS }, { NULL, 0 } },
        .setting = DEVICE_SETTING_LAYOUT, .help = "CJ/T 188: where the status bytes say valve and battery" },
    { .key = "litre_decimals", .read = profile_read_word, INTO(device_profile_settings, litre_decimals),
        .words = (const struct profile_word[]){ { "0", 0 }, { "2", 2 }, { NULL, 0 } },
        .setting = DEVICE_SETTING_LAYOUT, .help = "CJ/T 188: decimals of values in litres" },
    { .key = "address_function", .read = profile_read_integer, .minimum = 0x01, .maximum = 0x3F,
        INTO(device_profile_settings, address_function), .setting = DEVICE_SETTING_LAYOUT,
        .help = "CJ/T 188: control code that writes the address, 0x15" },
};
static const struct profile_shape settings_shape = { "settings", "settings（设置）", ROWS(settings_fields) };

static const struct profile_field line_fields[] = {
    { .key = "baud", .read = profile_read_word, INTO(device_profile_line, baud),
        .words = (const struct profile_word[]){ { "300", 300 }, { "600", 600 }, { "1200", 1200 }, { "2400", 2400 },
            { "4800", 4800 }, { "9600", 9600 }, { "19200", 19200 }, { "38400", 38400 }, { "57600", 57600 },
            { "115200", 115200 }, { NULL, 0 } },
        .help = "bits per second" },
    { .key = "format", .read = profile_read_format, .help = "data bits, parity, stop bits: 8E1, 8N1, 8O1, 8N2" },
    { .key = "answer_timeout_ms", .read = profile_read_integer, .minimum = 50, .maximum = TIMEOUT_LIMIT_MS,
        INTO(device_profile_line, answer_timeout_ms), .help = "from the request's last byte to the answer's first" },
    { .key = "byte_timeout_ms", .read = profile_read_integer, .minimum = 5, .maximum = TIMEOUT_LIMIT_MS,
        INTO(device_profile_line, byte_timeout_ms), .help = "a longer silence ends a frame" },
    { .key = "retries", .read = profile_read_integer, .maximum = 10, INTO(device_profile_line, retries),
        .help = "how often a request is repeated" },
};
static const struct profile_shape line_shape = { "line", "line（线路）", ROWS(line_fields) };

static const struct profile_field limits_fields[] = {
    { .key = "unit", .read = profile_read_unit, .required = true, INTO(device_profile_limits, unit),
        .help = "of the register" },
    { .key = "integer_digits", .read = profile_read_integer, .required = true, .minimum = 1, .maximum = 12,
        INTO(device_profile_limits, integer_digits), .help = "before the point; the register wraps behind them" },
    { .key = "decimals", .read = profile_read_integer, .required = true, .maximum = 6,
        INTO(device_profile_limits, decimals), .help = "behind the point" },
    { .key = "day_maximum", .read = profile_read_decimal, INTO(device_profile_limits, day_maximum),
        .help = "largest plausible step of a day, in the register's unit" },
};
const struct profile_shape profile_limits_shape = { "limits", "limits（限值）", ROWS(limits_fields) };

static const struct profile_field calendar_fields[] = {
    { .key = "settlement_day", .read = profile_read_integer, .required = true, .minimum = 1, .maximum = 28,
        INTO(device_profile_calendar, settlement_day), .help = "when the meter latches its monthly values" },
    { .key = "settlement_hour", .read = profile_read_integer, .maximum = 23,
        INTO(device_profile_calendar, settlement_hour), .help = "hour of that day, 0" },
};
static const struct profile_shape calendar_shape = { "calendar", "calendar（结算日）", ROWS(calendar_fields) };

static const struct profile_field prepayment_fields[] = {
    { .key = "holds", .read = profile_read_word, .required = true, INTO(device_profile_prepayment, holds),
        .words = (const struct profile_word[]){ { "money", DEVICE_HOLDS_MONEY }, { "units", DEVICE_HOLDS_UNITS },
            { NULL, 0 } },
        .help = "what the meter counts down: money, or units of its register" },
    { .key = "smallest_fen", .read = profile_read_integer, .minimum = 1, .maximum = 10000,
        INTO(device_profile_prepayment, smallest_fen), .help = "of money: a purchase is a multiple of it, 1 when absent" },
};
static const struct profile_shape prepayment_shape = { "prepayment", "prepayment（预付费）", ROWS(prepayment_fields) };

static const struct profile_field point_fields[] = {
    { .key = "name", .read = profile_read_name, INTO(device_point, name),
        .help = "for commands and messages; made of quantity, phase, tariff and period when absent" },
    { .key = "words", .read = profile_read_mapping, .shape = &words_shape, INTO(device_point, words),
        .help = "for people, when the quantity's own words do not do" },
    { .key = "quantity", .read = profile_read_quantity, .required = true, INTO(device_point, quantity),
        .help = "a name of item_quantity.h" },
    { .key = "identifier", .read = profile_read_identifier, INTO(device_point, identifier),
        .help = "the protocol's own, hexadecimal; of a freeze the last one's" },
    { .key = "unit", .read = profile_read_unit, INTO(device_point, unit), .help = "as the meter states it" },
    { .key = "tariff", .read = profile_read_integer, .maximum = 63, INTO(device_point, tariff), .help = "0 total" },
    { .key = "phase", .read = profile_read_word, INTO(device_point, phase),
        .words = (const struct profile_word[]){ { "all", 0 }, { "a", 1 }, { "b", 2 }, { "c", 3 }, { "neutral", 4 },
            { NULL, 0 } },
        .help = "of an electricity meter" },
    { .key = "period", .read = profile_read_word, .words = profile_period_words, INTO(device_point, period),
        .help = "value of now, or latched at a boundary" },
    { .key = "storage", .read = profile_read_integer, .maximum = 65535, INTO(device_point, storage),
        .help = "settlements back, or the storage number of EN 13757-3" },
    { .key = "subunit", .read = profile_read_integer, .maximum = 1023, INTO(device_point, subunit),
        .help = "of EN 13757-3" },
    { .key = "function", .read = profile_read_word, INTO(device_point, function),
        .words = (const struct profile_word[]){ { "instantaneous", 0 }, { "maximum", 1 }, { "minimum", 2 },
            { "error_state", 3 }, { NULL, 0 } },
        .help = "of EN 13757-3" },
    { .key = "bit", .read = profile_read_bit, .maximum = 63, INTO(device_point, bit),
        .help = "the value is this bit of the word behind the identifier" },
    { .key = "alarm", .read = profile_read_word, .words = profile_alarm_words, INTO(device_point, alarm),
        .help = "the alarm that a value other than 0 raises; all of a model's stand in one answer" },
    { .key = "group", .read = profile_read_word, .words = profile_group_words, INTO(device_point, group),
        .help = "how often it is read without being asked" },
    { .key = "register", .read = profile_read_boolean, INTO(device_point, is_register),
        .help = "true: the cumulative register that limits speaks of" },
};
const struct profile_shape profile_point_shape = { "a point", "数据点", ROWS(point_fields) };

static const struct profile_field confirm_fields[] = {
    { .key = "point", .read = profile_read_confirm_point, .required = true, .help = "name of the point to read back" },
    { .key = "equals", .read = profile_read_confirm_value, .required = true,
        INTO(device_profile_command, confirm_value), .minimum = -INT64_C(1000000000000),
        .maximum = INT64_C(1000000000000),
        .help = "open, closed, connected, disconnected, or a whole number in the unit of our quantity" },
    { .key = "within_s", .read = profile_read_integer, .minimum = 1, .maximum = 3600,
        INTO(device_profile_command, confirm_within_s), .help = "how long it may take; 30 when absent" },
};
const struct profile_shape profile_confirm_shape = { "confirm", "confirm（回读确认）", ROWS(confirm_fields) };

static const struct profile_field command_fields[] = {
    { .key = "command", .read = profile_read_word, .required = true, .words = profile_command_words,
        INTO(device_profile_command, command), .help = "what is asked" },
    { .key = "words", .read = profile_read_mapping, .shape = &words_shape, INTO(device_profile_command, words),
        .help = "what people call it on this model" },
    { .key = "parameters", .read = profile_read_word_set, .words = profile_parameter_words,
        INTO(device_profile_command, parameters), .help = "that must be given" },
    { .key = "optional", .read = profile_read_word_set, .words = profile_parameter_words,
        INTO(device_profile_command, optional), .help = "that may be given" },
    { .key = "confirm", .read = profile_read_confirm, .shape = &profile_confirm_shape,
        .help = "the value to read back before it counts as done" },
};
const struct profile_shape profile_command_shape = { "a command", "命令", ROWS(command_fields) };

static const struct profile_field root_fields[] = {
    { .key = "profile", .read = profile_read_name, .required = true, INTO(device_profile, name),
        .help = "the model's name: that of the file without .yaml" },
    { .key = "name", .read = profile_read_mapping, .required = true, .shape = &words_shape,
        INTO(device_profile, words), .help = "what people call it" },
    { .key = "note", .read = profile_read_mapping, .shape = &note_shape, INTO(device_profile, note),
        .help = "what the next person must know" },
    { .key = "maker", .read = profile_read_text, INTO(device_profile, maker), .help = "who makes it" },
    { .key = "kind", .read = profile_read_word, .required = true, .words = profile_kind_words,
        INTO(device_profile, kind), .help = "what it measures" },
    { .key = "codec", .read = profile_read_codec, .required = true, INTO(device_profile, codec),
        .help = "protocol and edition" },
    { .key = "transformer", .read = profile_read_word, .words = profile_transformer_words,
        INTO(device_profile, transformer), .help = "whether CT and PT ratios apply to what it shows" },
    { .key = "settings", .read = profile_read_mapping, .shape = &settings_shape, INTO(device_profile, settings),
        .help = "of the codec" },
    { .key = "line", .read = profile_read_mapping, .shape = &line_shape, INTO(device_profile, line),
        .help = "of the serial line" },
    { .key = "limits", .read = profile_read_limits, .shape = &profile_limits_shape, INTO(device_profile, limits),
        .help = "of the register" },
    { .key = "calendar", .read = profile_read_mapping, .shape = &calendar_shape, INTO(device_profile, calendar),
        .help = "when monthly values are latched" },
    { .key = "prepayment", .read = profile_read_mapping, .shape = &prepayment_shape, INTO(device_profile, prepayment),
        .help = "of a meter that holds the customer's credit itself" },
    { .key = "points", .read = profile_read_points, .required = true, .shape = &profile_point_shape,
        .help = "the values it has" },
    { .key = "commands", .read = profile_read_commands, .shape = &profile_command_shape,
        .help = "what it can be asked to do" },
};
const struct profile_shape profile_shape = { "a profile", "型号档案", ROWS(root_fields) };
