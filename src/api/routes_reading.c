#include "api/handlers.h"
#include "api/route.h"

/* Routes of registers, loss and reports. */

#define METER_KINDS "cold_water hot_water electricity gas heat"
#define TIME(name_, summary_) \
    { .name = name_, .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_C(100000000000), .summary = summary_ }
#define DAY(name_, summary_) { .name = name_, .type = FIELD_DAY, .summary = summary_ }

static const struct field register_values_fields[] = {
    { .name = "quantity", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 40,
        .summary = "voltage, power_active, energy_active_import, ... as /devices/{id}/registers names them" },
    { .name = "register_index", .type = FIELD_INTEGER, .minimum = 0, .maximum = 63, .summary = "tariff register; 0 total" },
    { .name = "phase", .type = FIELD_INTEGER, .minimum = 0, .maximum = 4, .summary = "1 to 3 phases A to C, 4 neutral; 0 all" },
    { .name = "period", .type = FIELD_CHOICE, .choices = "instant day month",
        .summary = "instant: curves and values of now, when absent" },
    TIME("from_s", "first time"),
    TIME("to_s", "last time; now when absent"),
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX, .summary = "`next` of the page before" },
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = 5000, .summary = "rows of a page; 50 when absent" },
    { .name = "format", .type = FIELD_CHOICE, .choices = "json csv", .summary = "csv: all rows" },
};
#define INTERVAL_STEP \
    { .name = "granularity", .type = FIELD_CHOICE, .choices = "quarter hour day", .summary = "quarter of an hour when absent" }
static const struct field intervals_fields[] = {
    DAY("from", "first day; to when absent"),
    DAY("to", "last day; yesterday when absent"),
    INTERVAL_STEP,
    { .name = "quantity", .type = FIELD_TEXT, .minimum = 1, .maximum = 40, .summary = "the meter's main register when absent" },
    { .name = "register_index", .type = FIELD_INTEGER, .minimum = 0, .maximum = 63, .summary = "tariff register; 0 total" },
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT32_MAX / 2,
        .summary = "`next` of the page before; a page holds 31 days" },
};
static const struct field load_curve_fields[] = {
    FIELD_AREA,
    { .name = "kind", .type = FIELD_CHOICE, .choices = METER_KINDS, .summary = "kind of its meters; cold_water when absent" },
    DAY("day", "the day; yesterday when absent"),
    INTERVAL_STEP,
    FIELD_PART,
};
static const struct field zone_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "utility", .type = FIELD_CHOICE, .choices = METER_KINDS, .summary = "only zones of these meters" },
};

#define ZONE_CHANGEABLE(required_) \
    { .name = "area_id", .type = FIELD_INTEGER, .required = required_, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_balance_zone, area_id), .present = CORE_BALANCE_HAS_AREA, \
        .summary = "all meters of the utility in it and below it sell, but the border meters" }, \
    { .name = "name", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = 120, \
        FIELD_INTO(core_balance_zone, name), .present = CORE_BALANCE_HAS_NAME, .summary = "name, one of its kind" }, \
    { .name = "supply", .type = FIELD_NUMBERS, .required = required_, .minimum = -1, .maximum = 64, \
        FIELD_INTO(core_balance_zone, supply), .present = CORE_BALANCE_HAS_SUPPLY, \
        .summary = "border meters by device_id, 64 at most; negative: what it counts leaves the zone" }

static const struct field zone_create_fields[] = {
    ZONE_CHANGEABLE(true),
    { .name = "utility", .type = FIELD_CHOICE, .required = true, .choices = METER_KINDS,
        FIELD_INTO(core_balance_zone, utility), .summary = "kind of its meters" },
};
static const struct field zone_change_fields[] = { ZONE_CHANGEABLE(false) };
static const struct field balance_fields[] = {
    DAY("from_day", "first day; six days before to_day when absent"),
    DAY("to_day", "last day; yesterday when absent. At most 100 days"),
};
#define REPORT_METERS \
    FIELD_AREA, \
    { .name = "kind", .type = FIELD_CHOICE, .choices = METER_KINDS, .summary = "only these meters" }, \
    { .name = "device_ids", .type = FIELD_NUMBERS, .maximum = 2000, .summary = "only these meters" }, \
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX, .summary = "`next` of the page before" }, \
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = 199, .summary = "meters of a page at most" }

static const struct field usage_report_fields[] = {
    { .name = "granularity", .type = FIELD_CHOICE, .choices = "minute hour day month year",
        .summary = "minute: every stored instant; day when absent" },
    DAY("from", "first day; to when absent"),
    DAY("to", "last day; today when absent"),
    REPORT_METERS,
    { .name = "format", .type = FIELD_CHOICE, .choices = "json xlsx", .summary = "xlsx: all rows, as an Excel workbook" },
};
static const struct field current_report_fields[] = {
    REPORT_METERS,
    { .name = "format", .type = FIELD_CHOICE, .choices = "json csv xlsx", .summary = "csv, xlsx: all rows" },
};
static const struct field daily_report_fields[] = {
    { .name = "day", .type = FIELD_DAY, .required = true, .summary = "the day" },
    FIELD_AREA,
    { .name = "kind", .type = FIELD_CHOICE, .choices = METER_KINDS, .summary = "only these meters" },
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX, .summary = "`next` of the page before" },
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = 200, .summary = "rows of a page; 50 when absent" },
    { .name = "format", .type = FIELD_CHOICE, .choices = "json csv xlsx", .summary = "csv, xlsx: all rows" },
};
static const struct route_part zone_parts[] = { { "supply", VIEW_BALANCE_SUPPLY, true } };

#define READ(path_, tag_, handle_, en, zh) \
    .method = "GET", .path = path_, .tag = tag_, .permission = PERMISSION_DEVICES_READ, .handle = handle_, \
    ROUTE_SUMMARY(en, zh)
#define WRITE(method_, path_, tag_, permission_, operation_, type_, en, zh) \
    .method = method_, .path = path_, .tag = tag_, .permission = PERMISSION_##permission_, .handle = handle_write, \
    .operation = operation_, ROUTE_REQUEST(type_), ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { READ("/devices/{id}/registers", "reading", handle_list, "The newest value of each of its registers", "各项最新读数"),
        .view = VIEW_DEVICE_REGISTERS },
    { READ("/devices/{id}/register-values", "reading", handle_list, "Values of one register over time", "单项读数曲线"),
        ROUTE_FIELDS(register_values_fields), .view = VIEW_DEVICE_REGISTER_VALUES },
    { READ("/devices/{id}/register-conflicts", "reading", handle_list, "Values that contradict a stored one",
        "同一时刻互相矛盾的读数"), .view = VIEW_DEVICE_REGISTER_CONFLICTS },
    { READ("/devices/{id}/intervals", "reading", handle_device_intervals,
        "Use and register by quarter of an hour, judged value by value", "15 分钟分时用量"), ROUTE_FIELDS(intervals_fields) },
    { READ("/devices/{id}/interval-channels", "reading", handle_list, "Which registers are reported by quarter of an hour",
        "有分时数据的读数项"), .view = VIEW_DEVICE_INTERVAL_CHANNELS },
    { READ("/load-curve", "reading", handle_load_curve, "What an area used in each quarter of an hour of a day",
        "片区日负荷（分时用量）曲线"), ROUTE_FIELDS(load_curve_fields) },
    { READ("/balance-zones", "reading", handle_list, "Zones whose loss is watched", "损耗分析区"),
        ROUTE_FIELDS(zone_list_fields), .view = VIEW_BALANCE_ZONES },
    { WRITE("POST", "/balance-zones", "reading", AREAS_WRITE, CORE_BALANCE_ZONE_CREATE, core_balance_zone, "Watch a zone's loss",
        "新增损耗分析区"), ROUTE_FIELDS(zone_create_fields), .view = VIEW_BALANCE_ZONE },
    { READ("/balance-zones/{id}", "reading", handle_document, "One zone and its border meters", "损耗分析区详情"),
        .view = VIEW_BALANCE_ZONE, ROUTE_PARTS(zone_parts) },
    { WRITE("PATCH", "/balance-zones/{id}", "reading", AREAS_WRITE, CORE_BALANCE_ZONE_CHANGE, core_balance_zone,
        "Change a zone", "修改损耗分析区"), ROUTE_FIELDS(zone_change_fields), .view = VIEW_BALANCE_ZONE },
    { WRITE("DELETE", "/balance-zones/{id}", "reading", AREAS_WRITE, CORE_BALANCE_ZONE_DELETE, core_balance_zone,
        "Watch a zone no longer", "删除损耗分析区") },
    { READ("/balance-zones/{id}/balance", "reading", handle_balance, "Supply, sold and loss by day", "供售差与损耗率"),
        ROUTE_FIELDS(balance_fields) },
    { READ("/reports/usage", "reports", handle_usage_report, "Use and register of any set of meters over time", "用量报表"),
        ROUTE_FIELDS(usage_report_fields) },
    { READ("/reports/current", "reports", handle_list, "What every meter shows now", "当前数据报表"),
        ROUTE_FIELDS(current_report_fields), .view = VIEW_REPORT_CURRENT },
    { READ("/reports/daily", "reports", handle_list, "Use of a day by area and kind of meter", "日用量概览"),
        ROUTE_FIELDS(daily_report_fields), .view = VIEW_REPORT_DAILY },
};

const struct route_list routes_reading = { rows, sizeof rows / sizeof rows[0] };
