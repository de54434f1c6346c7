/* The eleven interfaces for other systems (S1-072 to S1-083), each one POST below OPEN_ROUTE_PREFIX. */
#include "api/handlers.h"
#include "api/route.h"

#define FEN_LIMIT INT64_C(100000000) /* one million yuan at once */

#define FIELD_TOKEN \
    { .name = "token", .type = FIELD_SECRET, .minimum = 64, .maximum = 64, \
        .summary = "the partner's token; or in the header Authorization: Bearer" }
#define FIELD_DEVICE \
    { .name = "device_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX, \
        .summary = "which device, as interface 2 lists them" }
#define FIELD_DEVICES \
    { .name = "device_ids", .type = FIELD_NUMBERS, .required = true, .minimum = 1, .maximum = OPEN_DEVICE_LIMIT, \
        .summary = "one or several devices" }
#define FIELDS_PAGE \
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX, \
        .summary = "where the page begins: `next` of the page before" }, \
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = 200, .summary = "rows of a page; 50 when absent" }
#define FIELD_NUMBER(name_, summary_) \
    { .name = name_, .type = FIELD_TEXT, .required = true, .minimum = 6, .maximum = 32, .summary = summary_ }
#define FIELD_MONTH(name_, required_, summary_) \
    { .name = name_, .type = FIELD_TEXT, .required = required_, .minimum = 7, .maximum = 7, .summary = summary_ }

static const struct field device_fields[] = { FIELD_TOKEN, FIELD_DEVICE };
static const struct field list_fields[] = { FIELD_TOKEN, FIELDS_PAGE };
static const struct field top_up_fields[] = {
    FIELD_TOKEN, FIELD_DEVICE,
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = FEN_LIMIT,
        .summary = "how much, a whole number of fen" },
    FIELD_NUMBER("trade_number", "chosen by the partner, 6 to 32 letters, digits, dots, dashes or underscores: the same "
        "number again is the same top-up"),
    { .name = "currency", .type = FIELD_CHOICE, .choices = "CNY", .summary = "CNY when absent; there is no other" },
};
static const struct field result_fields[] = {
    FIELD_TOKEN, FIELD_DEVICE, FIELD_NUMBER("trade_number", "of the top-up"),
};
static const struct field low_fields[] = {
    FIELD_TOKEN,
    { .name = "below_fen", .type = FIELD_INTEGER, .required = true, .minimum = -FEN_LIMIT, .maximum = FEN_LIMIT,
        .summary = "less than so much is left" },
    FIELDS_PAGE,
};
static const struct field monthly_fields[] = {
    FIELD_TOKEN, FIELD_DEVICES, FIELD_MONTH("from_month", true, "first month, like 2026-01"),
    FIELD_MONTH("to_month", false, "last month, at most 12 with the first; the first alone when absent"),
};
static const struct field daily_fields[] = {
    FIELD_TOKEN, FIELD_DEVICES, FIELD_MONTH("month", true, "like 2026-11"),
};
static const struct field top_ups_fields[] = {
    FIELD_TOKEN, FIELD_DEVICES,
    { .name = "from_day", .type = FIELD_DAY, .required = true, .summary = "first day" },
    { .name = "to_day", .type = FIELD_DAY, .summary = "last day; today when absent" },
    FIELDS_PAGE,
};
static const struct field control_fields[] = {
    FIELD_TOKEN, FIELD_DEVICE,
    { .name = "mode", .type = FIELD_CHOICE, .required = true,
        .choices = "open close keep_on keep_on_cancel prepaid postpaid public clear_balance permit_close",
        .summary = "open, close: the valve or relay lets through, or not; keep_on: nothing closes it; prepaid, postpaid, "
        "public: how the meter counts money; clear_balance: what it holds is gone; permit_close: the customer may switch "
        "on by the button" },
    FIELD_NUMBER("request_number", "chosen by the partner: the same number again is the same request, and tells how far it "
        "is"),
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 200, .summary = "why; kept in the audit trail" },
};

#define OPEN(number, path_, handle_, fields_, view_, en, zh) \
    { .method = "POST", .path = path_, .tag = "open", .permission = ROUTE_PUBLIC, .interface_number = number, \
        .handle = handle_, ROUTE_FIELDS(fields_), .view = view_, ROUTE_SUMMARY(en, zh) }

static const struct api_route rows[] = {
    OPEN(1, "/device/balance", handle_open_device, device_fields, VIEW_OPEN_DEVICE,
        "What is left and was used, of one device", "查询单个设备的余量和已使用量"),
    OPEN(2, "/devices/balance", handle_list, list_fields, VIEW_OPEN_DEVICES,
        "What is left and was used, of all devices", "查询所有设备的余量和已使用量"),
    OPEN(3, "/top-up", handle_open_top_up, top_up_fields, VIEW_OPEN_TOP_UP, "Top up a device", "给设备充值"),
    OPEN(4, "/top-up/result", handle_open_top_up_result, result_fields, VIEW_OPEN_TOP_UP, "What became of a top-up",
        "查询充值结果"),
    OPEN(5, "/customer", handle_open_device, device_fields, VIEW_OPEN_CUSTOMER, "Basic information of a device's customer",
        "查询用户基本信息"),
    OPEN(6, "/customers/low", handle_list, low_fields, VIEW_OPEN_LOW, "Who has less left than so much",
        "查询剩余量少于指定值的用户"),
    OPEN(7, "/usage/monthly", handle_open_usage_monthly, monthly_fields, VIEW_NONE, "Use by month of one or several devices",
        "查询一个或多个用户的月用量"),
    OPEN(8, "/usage/daily", handle_open_usage_daily, daily_fields, VIEW_NONE,
        "Use by day within a month of one or several devices", "查询一个或多个用户一个月内每天的用量"),
    OPEN(9, "/top-ups", handle_list, top_ups_fields, VIEW_OPEN_TOP_UPS, "Top-ups of one or several devices",
        "查询一个或多个用户的充值记录"),
    OPEN(10, "/devices/abnormal", handle_list, list_fields, VIEW_OPEN_ABNORMAL, "State of all abnormal devices",
        "查询所有异常设备的状态"),
    OPEN(11, "/device/mode", handle_open_control, control_fields, VIEW_OPEN_CONTROL, "Control how a device supplies",
        "表计模式控制"),
};

const struct route_list routes_open = { rows, sizeof rows / sizeof rows[0] };
