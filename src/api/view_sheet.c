#include "api/view_sheet.h"

#include <string.h>

#include "api/view_json.h"

static const struct column_words {
    const char *name;
    const char *zh;
    const char *en;
} words[] = {
    { "device_id", "设备编号", "Device" },
    { "meter_number", "表号", "Meter" },
    { "place", "位置", "Place" },
    { "room", "房号", "Room" },
    { "area_name", "区域", "Area" },
    { "parent_name", "上级区域", "Above" },
    { "device_kind", "表计类型", "Kind" },
    { "kind", "类型", "Kind" },
    { "imei", "IMEI", "IMEI" },
    { "maker", "厂家", "Maker" },
    { "profile", "型号", "Model" },
    { "customer_name", "户名", "Customer" },
    { "customer_number", "户号", "Customer number" },
    { "phones", "电话", "Phones" },
    { "register_value", "读数 (m³/kWh)", "Register (m³, kWh)" },
    { "total_value", "累计量 (m³/kWh)", "Total (m³, kWh)" },
    { "usage_value", "用量 (m³/kWh)", "Usage (m³, kWh)" },
    { "multiplier_e3", "倍率", "Multiplier" },
    { "register_s", "抄表时间", "Read at" },
    { "balance_fen", "余额 (元)", "Balance (yuan)" },
    { "owed_fen", "欠费 (元)", "Owed (yuan)" },
    { "amount_fen", "金额 (元)", "Amount (yuan)" },
    { "paid_fen", "已缴 (元)", "Paid (yuan)" },
    { "valve_state", "阀门/继电器", "Valve or relay" },
    { "status", "状态", "Status" },
    { "state", "状态", "State" },
    { "last_received_s", "最后通信", "Last contact" },
    { "last_report_s", "最后上报", "Last report" },
    { "received_s", "收到时间", "Received at" },
    { "day", "日期", "Day" },
    { "from_day", "起始日", "From" },
    { "to_day", "截止日", "To" },
    { "due_day", "缴费截止日", "Due" },
    { "meters", "表计数", "Meters" },
    { "received_meters", "已抄表数", "Meters read" },
    { "quality", "数据质量", "Quality" },
    { "reason", "原因", "Reason" },
    { "number", "编号", "Number" },
    { "name", "名称", "Name" },
    { "payment_mode", "付费方式", "Payment mode" },
    { "tariff_name", "价格", "Tariff" },
    { "place_name", "位置", "Place" },
    { "months", "月数", "Months" },
    { "present_fen", "现价 (元)", "At present prices (yuan)" },
    { "draft_fen", "新价 (元)", "At drafted prices (yuan)" },
    { "change_fen", "差额 (元)", "Change (yuan)" },
    { "protected", "保护用户", "Protected" },
    { "held", "未计算原因", "Why not charged" },
    { "receipt", "收据号", "Receipt" },
    { "method", "收款方式", "Method" },
    { "cashier_name", "收款员", "Cashier" },
    { "at_s", "时间", "At" },
    { "raised_s", "发生时间", "Raised at" },
    { "cleared_s", "恢复时间", "Cleared at" },
    { "detail", "说明", "Detail" },
    { "quantity", "数据项", "Quantity" },
    { "line_id", "线路编号", "Line" },
    { "line_number", "线路地址", "Line address" },
    { "route", "抄读途径", "Read from" },
    { "tries", "尝试次数", "Tries" },
    { "unit", "单位", "Unit" },
    { "time_s", "数据时间", "Time" },
};

static const char *title_of(const char *name, bool english)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0)
            return english ? words[i].en : words[i].zh;
    return name;
}

size_t view_sheet_titles(const struct view_row *row, bool english, const char *titles[SHEET_COLUMN_LIMIT])
{
    size_t count = 0;

    for (size_t i = 0; i < row->count && count < SHEET_COLUMN_LIMIT; i++)
        if (row->columns[i].kind != VIEW_KIND_CURSOR)
            titles[count++] = title_of(row->columns[i].name, english);
    return count;
}

static void integer_put(struct sheet_writer *sheet, const struct view_row *row, size_t index, int32_t zone_offset_s)
{
    const struct view_column *column = &row->columns[index];
    int scale;
    int64_t value = view_csv_number(row, index, &scale);

    if (scale < 0 || column->kind == VIEW_KIND_TIME || column->kind == VIEW_KIND_DAY) {
        if (value == 0)
            sheet_cell_empty(sheet);
        else if (column->kind == VIEW_KIND_DAY)
            sheet_cell_day(sheet, value);
        else
            sheet_cell_time(sheet, value + zone_offset_s);
        return;
    }
    sheet_cell_number(sheet, value, scale);
}

void view_sheet_row(struct sheet_writer *sheet, const struct view_row *row, bool reveal, int32_t zone_offset_s)
{
    struct json_writer masked = json_writer_make(4096);

    sheet_row_begin(sheet);
    for (size_t i = 0; i < row->count; i++) {
        const struct view_cell *cell = &row->cells[i];
        if (row->columns[i].kind == VIEW_KIND_CURSOR)
            continue;
        if (cell->type == VIEW_INTEGER)
            integer_put(sheet, row, i, zone_offset_s);
        else if (cell->type == VIEW_TEXT)
            sheet_cell_text(sheet, reveal ? cell->text : view_masked_text(&masked, row, i));
        else
            sheet_cell_empty(sheet);
    }
    sheet_row_end(sheet);
    json_writer_free(&masked);
}
