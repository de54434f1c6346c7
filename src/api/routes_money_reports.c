/* Routes of reports of money: revenue, receipts, arrears by age, collection. */
#include "api/handlers.h"
#include "api/route.h"

#define FORMAT \
    { .name = "format", .type = FIELD_CHOICE, .choices = "json csv xlsx", \
        .summary = "csv: UTF-8 text with a byte order mark, xlsx: an Excel workbook" }
#define FROM_AND_TO \
    { .name = "from", .type = FIELD_DAY, .summary = "first day; 30 days ago when absent" }, \
    { .name = "to", .type = FIELD_DAY, .summary = "last day, which is in it; today when absent" }
#define EVERY \
    { .name = "every", .type = FIELD_CHOICE, .choices = "day month year whole", \
        .summary = "one row a day (when absent), month, year, or of all the time; `period` is its first day" }

static const struct field flow_fields[] = {
    FIELD_AREA, FROM_AND_TO, EVERY, FORMAT,
    { .name = "by", .type = FIELD_CHOICE, .choices = "name area",
        .summary = "name: by item or channel (when absent); area: by the areas right below" },
};
static const struct field ageing_fields[] = {
    FIELD_AREA, FORMAT,
    { .name = "by", .type = FIELD_CHOICE, .choices = "whole area", .summary = "area: a row for each area right below" },
};
static const struct field collection_fields[] = {
    FIELD_AREA, FROM_AND_TO, EVERY, FORMAT,
    { .name = "by", .type = FIELD_CHOICE, .choices = "whole area", .summary = "area: a row for each area right below" },
};

#define REPORT(path_, fields_, view_, en, zh) \
    { .method = "GET", .path = path_, .tag = "reports", .permission = PERMISSION_MONEY_READ, .handle = handle_list, \
        ROUTE_FIELDS(fields_), .view = view_, ROUTE_SUMMARY(en, zh) }

static const struct api_route rows[] = {
    REPORT("/reports/revenue", flow_fields, VIEW_REPORT_REVENUE,
        "What was earned, by the day of booking; corrections are taken off where they were booked", "收入报表"),
    REPORT("/reports/receipts", flow_fields, VIEW_REPORT_RECEIPTS,
        "What came in by the till and by channels; refunds are taken off", "实收报表"),
    REPORT("/reports/ageing", ageing_fields, VIEW_REPORT_AGEING,
        "What is owed on bills, by the days since it was due; late_fee_fen: late fees of today that are not booked yet;"
        " due_fen: both", "欠费账龄"),
    REPORT("/reports/collection", collection_fields, VIEW_REPORT_COLLECTION,
        "How much of the bills due in a time is paid; rate_e4 10000 is all of it", "收缴率"),
};

const struct route_list routes_money_reports = { rows, sizeof rows / sizeof rows[0] };
