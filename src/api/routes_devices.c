#include "api/handlers.h"
#include "api/route.h"

#define FLAG(name_, summary_) { .name = name_, .type = FIELD_BOOLEAN, .summary = summary_ }
#define DAY(name_, summary_) { .name = name_, .type = FIELD_DAY, .summary = summary_ }
#define FORMAT { .name = "format", .type = FIELD_CHOICE, .choices = "json csv", .summary = "csv: as a spreadsheet's text" }
#define COMMAND_KINDS \
    "open_valve close_valve open_relay close_relay permit_close keep_on keep_on_cancel recharge clear_balance set_mode" \
    " write_parameter write_steps write_day_table read_now set_clock freeze"
#define REASON(type_, required_) \
    { .name = "reason", .type = FIELD_TEXT, .required = required_, .minimum = required_ ? 1 : 0, .maximum = 255, \
        FIELD_INTO(type_, reason), .summary = "why; kept with the act" }

static const struct field area_only[] = { FIELD_AREA };
static const struct field list_fields[] = { FIELDS_OF_LIST };
#define METER_KINDS "cold_water hot_water electricity gas heat"
#define DEVICE_KINDS METER_KINDS " collector concentrator line"
#define VALUE_MAXIMUM INT64_C(1000000000000000000)
#define ONE_KIND \
    { .name = "kind", .type = FIELD_CHOICE, .choices = METER_KINDS, .summary = "of these meters; cold water when absent" }
#define ANY_KIND \
    { .name = "kind", .type = FIELD_CHOICE, .choices = METER_KINDS, .summary = "only these meters" }

static const struct field trend_fields[] = {
    FIELD_AREA,
    ONE_KIND,
    { .name = "days", .type = FIELD_INTEGER, .minimum = 1, .maximum = 400, .summary = "how many; 30 when absent" },
};
static const struct field completeness_fields[] = {
    FIELD_AREA,
    ANY_KIND,
    { .name = "days", .type = FIELD_INTEGER, .minimum = 1, .maximum = 60, .summary = "how many; 30 when absent" },
    { .name = "group", .type = FIELD_CHOICE, .choices = "building concentrator maker",
        .summary = "a matrix instead: one row a group, the worst first, each with its days" },
    DAY("from_day", "of the matrix: first day"),
    DAY("to_day", "of the matrix: last day; today when absent"),
    FIELD_PART,
};
static const struct field days_fields[] = {
    DAY("from", "first day"),
    DAY("to", "last day; today when absent"),
    { .name = "days", .type = FIELD_INTEGER, .minimum = 1, .maximum = 60, .summary = "instead of from: so many days" },
    FORMAT,
};
static const struct field usage_fields[] = {
    FIELD_AREA,
    ONE_KIND,
    DAY("from", "first day"),
    DAY("to", "last day; today when absent"),
    { .name = "step", .type = FIELD_CHOICE, .choices = "day month", .summary = "what one row covers; day when absent" },
    FORMAT,
};
static const struct field area_list_fields[] = {
    FIELDS_OF_LIST,
    FIELD_QUERY,
    FIELD_ID("parent", "only those that stand in this one"),
    FIELD_ID("above", "this one and all that hold it, the highest first"),
};
static const struct field device_list_fields[] = {
    FIELDS_OF_LIST,
    FIELD_QUERY,
    { .name = "status", .type = FIELD_CHOICE, .choices = "normal cut fault alarm silent", .summary = "only meters in it" },
    FLAG("removed", "true: also those out of service"),
    { .name = "kind", .type = FIELD_CHOICE, .choices = METER_KINDS, .summary = "only meters of this kind" },
};
static const struct field command_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE,
        .choices = "queued sent delivered executed verified failed expired cancelled", .summary = "only commands in it" },
    { .name = "kind", .type = FIELD_CHOICE, .choices = COMMAND_KINDS, .summary = "only these" },
    FLAG("open", "true: not ended yet; false: ended"),
};
static const struct field event_list_fields[] = {
    FIELDS_OF_LIST,
    FLAG("open", "true: still standing; false: cleared"),
    FLAG("acknowledged", "true: somebody has seen it"),
    { .name = "severity", .type = FIELD_INTEGER, .minimum = 0, .maximum = 2, .summary = "0 notice, 1 alarm, 2 fault" },
    { .name = "kind", .type = FIELD_TEXT, .minimum = 1, .maximum = 40, .summary = "only these" },
};
static const struct field set_aside_fields[] = {
    FIELDS_OF_LIST,
    FLAG("open", "true: nobody has decided yet"),
    { .name = "reason", .type = FIELD_CHOICE, .choices = "backward jump conflict clock range", .summary = "only these" },
};
static const struct field area_create_fields[] = {
    { .name = "parent_area_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_area, parent_area_id), .summary = "area above" },
    { .name = "kind", .type = FIELD_CHOICE, .required = true, .choices = "district estate building",
        FIELD_INTO(core_area, kind), .summary = "what it is" },
    { .name = "name", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, FIELD_INTO(core_area, name),
        .summary = "name, one of its kind under its parent" },
};

#define TRANSFORMER(name_, member_, summary_) \
    { .name = name_, .type = FIELD_INTEGER, .minimum = 0, .maximum = 10000000, FIELD_INTO(core_device, member_), \
        .present = CORE_DEVICE_HAS_TRANSFORMERS, .summary = summary_ }

#define DEVICE_CHANGEABLE(area_required, number_required) \
    { .name = "area_id", .type = FIELD_INTEGER, .required = area_required, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_device, area_id), .present = CORE_DEVICE_HAS_AREA, .summary = "building it hangs in" }, \
    { .name = "room", .type = FIELD_TEXT, .minimum = 0, .maximum = 63, FIELD_INTO(core_device, room), \
        .present = CORE_DEVICE_HAS_ROOM, .summary = "room" }, \
    { .name = "meter_number", .type = FIELD_SCALAR, .required = number_required, .minimum = 1, .maximum = 14, \
        FIELD_INTO(core_device, meter_number), .present = CORE_DEVICE_HAS_METER_NUMBER, \
        .summary = "printed on the dial: 12 or 14 digits; on a line 6 to 14; of a collector any name" }, \
    { .name = "maker", .type = FIELD_TEXT, .minimum = 0, .maximum = 63, FIELD_INTO(core_device, maker), \
        .present = CORE_DEVICE_HAS_MAKER, .summary = "maker" }, \
    { .name = "security", .type = FIELD_CHOICE, .choices = "psk plain", FIELD_INTO(core_device, security), \
        .present = CORE_DEVICE_HAS_SECURITY, .summary = "psk: DTLS with a key of its own" }, \
    { .name = "flow_limit_value_per_h", .type = FIELD_INTEGER, .minimum = 1000, .maximum = VALUE_MAXIMUM, \
        FIELD_INTO(core_device, flow_limit_value_per_h), .present = CORE_DEVICE_HAS_FLOW_LIMIT, \
        .summary = "more between two reads is an impossible jump" }, \
    { .name = "multiplier_e3", .type = FIELD_INTEGER, .minimum = 1, .maximum = 1000000000, \
        FIELD_INTO(core_device, multiplier_e3), .present = CORE_DEVICE_HAS_TRANSFORMERS, \
        .summary = "ratio of its transformers in thousandths: what flows for one unit on the dial; 1000 when absent" }, \
    TRANSFORMER("ct_primary_a", ct_primary_a, "current transformer, primary"), \
    TRANSFORMER("ct_secondary_a", ct_secondary_a, "current transformer, secondary"), \
    TRANSFORMER("pt_primary_v", pt_primary_v, "voltage transformer, primary"), \
    TRANSFORMER("pt_secondary_v", pt_secondary_v, "voltage transformer, secondary"), \
    { .name = "parent_device_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_device, parent_device_id), .present = CORE_DEVICE_HAS_PARENT, \
        .summary = "collector, concentrator or line it hangs on; then it has no IMEI" }, \
    { .name = "address", .type = FIELD_DIGITS, .minimum = 1, .maximum = 16, FIELD_INTO(core_device, address), \
        .present = CORE_DEVICE_HAS_ADDRESS, .summary = "on the line; the meter number when absent" }, \
    { .name = "port", .type = FIELD_INTEGER, .minimum = 1, .maximum = 31, FIELD_INTO(core_device, port), \
        .present = CORE_DEVICE_HAS_PORT, .summary = "of the concentrator; 2 when absent" }, \
    { .name = "measurement_point", .type = FIELD_INTEGER, .minimum = 1, .maximum = 2047, \
        FIELD_INTO(core_device, measurement_point), .summary = "its number on the line; the next free one when absent" }, \
    { .name = "profile", .type = FIELD_TEXT, .minimum = 0, .maximum = 63, FIELD_INTO(core_device, profile), \
        .present = CORE_DEVICE_HAS_PROFILE, .summary = "device model" }, \
    { .name = "password", .type = FIELD_SECRET, .minimum = 0, .maximum = 6, FIELD_INTO(core_device, password), \
        .present = CORE_DEVICE_HAS_PASSWORD, .summary = "digits; kept sealed and never shown; empty forgets it" }, \
    { .name = "operator_code", .type = FIELD_SECRET, .minimum = 0, .maximum = 8, FIELD_INTO(core_device, operator_code), \
        .present = CORE_DEVICE_HAS_OPERATOR, .summary = "digits; kept sealed and never shown" }, \
    { .name = "key", .type = FIELD_SECRET, .minimum = 0, .maximum = 32, FIELD_INTO(core_device, key), \
        .present = CORE_DEVICE_HAS_KEY, .summary = "32 hexadecimal digits; kept sealed and never shown" }, \
    { .name = "report_time_s", .type = FIELD_INTEGER, .minimum = 0, .maximum = 86399, \
        FIELD_INTO(core_device, report_time_s), .present = CORE_DEVICE_HAS_REPORT_TIME, \
        .summary = "when it reports, seconds after local midnight" }

#define INSTALLED(summary_) \
    { .name = "installed_s", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT64_C(4102444800), \
        FIELD_INTO(core_device, installed_s), .present = CORE_DEVICE_HAS_INSTALLED, .summary = summary_ }

static const struct field device_create_fields[] = {
    DEVICE_CHANGEABLE(true, true),
    { .name = "kind", .type = FIELD_CHOICE, .choices = DEVICE_KINDS, FIELD_INTO(core_device, kind),
        .summary = "what it measures; cold_water when absent" },
    { .name = "imei", .type = FIELD_DIGITS, .minimum = 15, .maximum = 15, FIELD_INTO(core_device, imei),
        .summary = "15 digits of its module; a meter on a line has none" },
    { .name = "size_dn_mm", .type = FIELD_INTEGER, .minimum = 8, .maximum = 600, FIELD_INTO(core_device, size_dn_mm),
        .summary = "nominal size" },
    { .name = "start_register_value", .type = FIELD_INTEGER, .minimum = 0, .maximum = VALUE_MAXIMUM,
        FIELD_INTO(core_device, start_register_value), .present = CORE_DEVICE_HAS_START_REGISTER,
        .summary = "what the dial showed at installation; without it the first reading begins the total" },
    INSTALLED("when it was installed; now when not given"),
    { .name = "register_modulus_value", .type = FIELD_INTEGER, .minimum = 1000000, .maximum = VALUE_MAXIMUM,
        FIELD_INTO(core_device, register_modulus_value), .summary = "where the dial wraps" },
};
static const struct field device_change_fields[] = {
    DEVICE_CHANGEABLE(false, false),
    INSTALLED("when it was installed: days before are not due"),
    { .name = "removed", .type = FIELD_BOOLEAN, FIELD_INTO(core_device, removed), .present = CORE_DEVICE_HAS_REMOVED,
        .summary = "true: take it out of service" },
};
static const struct field exchange_fields[] = {
    { .name = "new_imei", .type = FIELD_DIGITS, .minimum = 15, .maximum = 15,
        FIELD_INTO(core_device_exchange, new_imei), .summary = "15 digits; a meter on a line has none" },
    { .name = "new_meter_number", .type = FIELD_DIGITS, .required = true, .minimum = 6, .maximum = 14,
        FIELD_INTO(core_device_exchange, new_meter_number), .summary = "12 or 14 digits; on a line 6 to 14" },
    { .name = "new_address", .type = FIELD_DIGITS, .minimum = 1, .maximum = 16,
        FIELD_INTO(core_device_exchange, new_address), .summary = "of a meter on a line; its number when absent" },
    { .name = "old_end_value", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = VALUE_MAXIMUM,
        FIELD_INTO(core_device_exchange, old_end_value), .summary = "last value of the old dial" },
    { .name = "new_start_value", .type = FIELD_INTEGER, .required = true, .minimum = 0,
        .maximum = VALUE_MAXIMUM, FIELD_INTO(core_device_exchange, new_start_value),
        .summary = "first value of the new dial" },
    REASON(core_device_exchange, true),
};
static const struct field command_fields[] = {
    { .name = "kind", .type = FIELD_CHOICE, .required = true,
        .choices = COMMAND_KINDS, FIELD_INTO(core_command, kind),
        .summary = "what the meter shall do; open_relay disconnects, close_relay restores" },
    { .name = "parameter", .type = FIELD_TEXT, .minimum = 0, .maximum = 31, FIELD_INTO(core_command, parameter),
        .summary = "of write_parameter: low_balance, overdraft, report_time, flow_limit, ..." },
    { .name = "value", .type = FIELD_INTEGER, .minimum = INT64_MIN, .maximum = INT64_MAX, FIELD_INTO(core_command, value),
        .summary = "of write_parameter, in the parameter's unit; of set_mode 1 post-paid, 2 prepaid, 3 public" },
    { .name = "amount_fen", .type = FIELD_INTEGER, .minimum = 0, .maximum = 100000000, FIELD_INTO(core_command, amount_fen),
        .summary = "of recharge" },
    { .name = "expires_s", .type = FIELD_INTEGER, .minimum = 60, .maximum = 2592000, FIELD_INTO(core_command, expires_s),
        .summary = "give up after so many seconds" },
    { .name = "table", .type = FIELD_DOCUMENT, .maximum = 1000,
        .summary = "of write_steps and write_day_table: {\"number\": 1, \"rows\": [[0, 6000], [18000, 6500]]}; a step is"
            " from 0.01 kWh or 0.001 m3 and 1e-4 yuan, a day's row minute and tariff" },
    REASON(core_command, true),
};
static const struct field import_fields[] = {
    FLAG("dry_run", "true: only say what is wrong"),
};
static const struct field reason_fields[] = { REASON(core_reason, false) };
static const struct field decision_fields[] = {
    { .name = "decision", .type = FIELD_CHOICE, .required = true, .choices = "accepted rejected",
        FIELD_INTO(core_decision, decision), .summary = "accepted: the value counts from now on" },
    REASON(core_decision, false),
};

static const struct route_part overview_parts[] = {
    { "reporting", VIEW_OVERVIEW_REPORTING, false }, { "supply", VIEW_OVERVIEW_SUPPLY, false },
    { "kinds", VIEW_OVERVIEW_KINDS, true },
    { "revenue", VIEW_OVERVIEW_REVENUE, false }, { "latest", VIEW_OVERVIEW_LATEST, true }, { "attention", VIEW_OVERVIEW_ATTENTION, true },
};
static const struct route_part trend_parts[] = { { "days", VIEW_OVERVIEW_TREND, true } };
static const struct route_part device_parts[] = {
    { "account", VIEW_DEVICE_ACCOUNT, false }, { "last_commands", VIEW_DEVICE_COMMANDS, true },
};
static const struct route_part command_parts[] = { { "steps", VIEW_COMMAND_STEPS, true } };

#define READ(path_, tag_, permission_, handle_, en, zh) \
    .method = "GET", .path = path_, .tag = tag_, .permission = PERMISSION_##permission_, .handle = handle_, \
    ROUTE_SUMMARY(en, zh)
#define WRITE(method_, path_, tag_, permission_, operation_, type_, en, zh) \
    .method = method_, .path = path_, .tag = tag_, .permission = PERMISSION_##permission_, .handle = handle_write, \
    .operation = operation_, ROUTE_REQUEST(type_), ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { READ("/overview", "overview", OVERVIEW_READ, handle_document, "Today's figures and what needs a person",
        "今日数据与待处理事项"), ROUTE_FIELDS(area_only), ROUTE_PARTS(overview_parts) },
    { READ("/overview/balance", "overview", OVERVIEW_READ, handle_books_check, "Whether debits equal credits, by every balance of the books",
        "借贷是否相等(核对全部账户余额)"), .view = VIEW_OVERVIEW_BALANCE },
    { READ("/overview/trend", "overview", OVERVIEW_READ, handle_document, "Use and completeness by day", "逐日用量与完整率"),
        ROUTE_FIELDS(trend_fields), ROUTE_PARTS(trend_parts) },
    { READ("/board", "overview", OVERVIEW_READ, handle_board, "Status board: one cell a meter", "状态看板"),
        ROUTE_FIELDS(area_only) },
    { READ("/areas", "archive", DEVICES_READ, handle_list, "Areas: the tree from above, or a part of it", "片区"),
        ROUTE_FIELDS(area_list_fields), .view = VIEW_AREAS },
    { WRITE("POST", "/areas", "archive", AREAS_WRITE, CORE_AREA_CREATE, core_area, "Add an area", "新增片区"),
        ROUTE_FIELDS(area_create_fields) },
    { READ("/devices", "devices", DEVICES_READ, handle_list, "Meters", "表计列表"), ROUTE_FIELDS(device_list_fields),
        .view = VIEW_DEVICES },
    { WRITE("POST", "/devices", "devices", DEVICES_WRITE, CORE_DEVICE_CREATE, core_device, "Register a meter", "登记表计"),
        ROUTE_FIELDS(device_create_fields), .view = VIEW_DEVICE },
    { .method = "POST", .path = "/devices/import", .tag = "devices", .permission = PERMISSION_DEVICES_WRITE,
        .handle = handle_devices_import, ROUTE_FIELDS(import_fields), .body_type = "text/csv",
        .operation = CORE_DEVICES_IMPORT,
        ROUTE_SUMMARY("Enter the meters of an estate from a spreadsheet's text: all rows, or none and what is wrong",
            "批量导入表计：全部导入，或逐格指出错误") },
    { READ("/devices/{id}/commands-available", "commands", COMMANDS_READ, handle_device_commands,
        "Which commands this meter has", "该表可执行的命令"), .at_core = true },
    { READ("/devices/{id}", "devices", DEVICES_READ, handle_document, "One meter", "表计详情"), .view = VIEW_DEVICE,
        ROUTE_PARTS(device_parts) },
    { WRITE("PATCH", "/devices/{id}", "devices", DEVICES_WRITE, CORE_DEVICE_CHANGE, core_device, "Change a meter",
        "修改表计"), ROUTE_FIELDS(device_change_fields), .view = VIEW_DEVICE },
    { WRITE("POST", "/devices/{id}/exchange", "devices", DEVICES_WRITE, CORE_DEVICE_EXCHANGE, core_device_exchange,
        "Replace the meter on the wall by another", "换表"), ROUTE_FIELDS(exchange_fields), .view = VIEW_DEVICE },
    { READ("/devices/{id}/readings", "devices", DEVICES_READ, handle_device_readings, "Midnight readings", "日冻结读数"),
        ROUTE_FIELDS(days_fields) },
    { READ("/devices/{id}/usage", "devices", DEVICES_READ, handle_device_usage, "Use by day or month", "按日或按月用量"),
        ROUTE_FIELDS(usage_fields) },
    { READ("/devices/{id}/completeness", "devices", DEVICES_READ, handle_device_completeness, "Which days are there",
        "完整率"), ROUTE_FIELDS(days_fields) },
    { READ("/devices/{id}/events", "devices", DEVICES_READ, handle_list, "Its alarms", "该表告警"),
        ROUTE_FIELDS(list_fields), .view = VIEW_DEVICE_EVENTS },
    { READ("/devices/{id}/commands", "devices", COMMANDS_READ, handle_list, "Its commands", "该表命令"),
        ROUTE_FIELDS(list_fields), .view = VIEW_DEVICE_COMMANDS },
    { READ("/devices/{id}/frames", "devices", DEVICES_READ, handle_list, "Bytes as they came and went", "原始报文"),
        ROUTE_FIELDS(list_fields), .view = VIEW_DEVICE_FRAMES },
    { READ("/devices/{id}/set-aside", "devices", DEVICES_READ, handle_list, "Its values not believed", "该表可疑读数"),
        ROUTE_FIELDS(list_fields), .view = VIEW_DEVICE_SET_ASIDE },
    { WRITE("POST", "/devices/{id}/commands", "commands", COMMANDS_WRITE, CORE_COMMAND_REQUEST, core_command,
        "Ask a meter to do something", "下发命令"), ROUTE_FIELDS(command_fields), .view = VIEW_COMMAND,
        .prepare = command_prepare },
    { READ("/usage", "reading", DEVICES_READ, handle_usage, "Use of an area", "片区用量"), ROUTE_FIELDS(usage_fields) },
    { READ("/completeness", "reading", DEVICES_READ, handle_completeness, "Can I bill from this", "完整率"),
        ROUTE_FIELDS(completeness_fields) },
    { READ("/set-aside", "reading", DEVICES_READ, handle_list, "Values seen but not believed", "可疑读数"),
        ROUTE_FIELDS(set_aside_fields), .view = VIEW_SET_ASIDE },
    { WRITE("POST", "/set-aside/{id}", "reading", EVENTS_WRITE, CORE_SET_ASIDE_DECIDE, core_decision,
        "Decide about a value", "判定可疑读数"), ROUTE_FIELDS(decision_fields) },
    { READ("/commands", "commands", COMMANDS_READ, handle_list, "Commands", "命令列表"),
        ROUTE_FIELDS(command_list_fields), .view = VIEW_COMMANDS },
    { READ("/commands/{id}", "commands", COMMANDS_READ, handle_document, "One command and its steps", "命令详情"),
        .view = VIEW_COMMAND, ROUTE_PARTS(command_parts) },
    { WRITE("POST", "/commands/{id}/cancel", "commands", COMMANDS_WRITE, CORE_COMMAND_CANCEL, core_reason,
        "Cancel a command that has not left", "取消未发出的命令"), ROUTE_FIELDS(reason_fields), .view = VIEW_COMMAND },
    { READ("/events", "events", DEVICES_READ, handle_list, "Alarms and faults", "告警列表"),
        ROUTE_FIELDS(event_list_fields), .view = VIEW_EVENTS },
    { WRITE("POST", "/events/{id}/acknowledge", "events", EVENTS_WRITE, CORE_EVENT_ACKNOWLEDGE, core_reason,
        "I have seen this", "确认告警"), ROUTE_FIELDS(reason_fields), .view = VIEW_EVENT },
};

const struct route_list routes_devices = { rows, sizeof rows / sizeof rows[0] };
