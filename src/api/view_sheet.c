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
    { "net_fen", "不含税金额 (元)", "Net (yuan)" },
    { "tax_fen", "税额 (元)", "Tax (yuan)" },
    { "debit_fen", "支出 (元)", "Out (yuan)" },
    { "credit_fen", "收入 (元)", "In (yuan)" },
    { "debits_fen", "支出合计 (元)", "Out in total (yuan)" },
    { "credits_fen", "收入合计 (元)", "In in total (yuan)" },
    { "billed_fen", "出账金额 (元)", "Billed (yuan)" },
    { "due_fen", "应缴 (元)", "Due (yuan)" },
    { "late_fee_fen", "违约金 (元)", "Late fee (yuan)" },
    { "late_waived_fen", "减免违约金 (元)", "Late fee waived (yuan)" },
    { "open_fen", "未结 (元)", "Open (yuan)" },
    { "not_due_fen", "未到期 (元)", "Not due yet (yuan)" },
    { "older_fen", "更早 (元)", "Older (yuan)" },
    { "before_fen", "之前余额 (元)", "Balance before (yuan)" },
    { "refunded_fen", "已退 (元)", "Refunded (yuan)" },
    { "pending_fen", "办理中 (元)", "Pending (yuan)" },
    { "meter_fen", "表内余额 (元)", "In the meter (yuan)" },
    { "meter_balance_fen", "表端余额 (元)", "Meter balance (yuan)" },
    { "wallet_fen", "账户余额 (元)", "Wallet (yuan)" },
    { "ledger_fen", "账面余额 (元)", "In the books (yuan)" },
    { "difference_fen", "差额 (元)", "Difference (yuan)" },
    { "our_fen", "我方金额 (元)", "Ours (yuan)" },
    { "their_fen", "对方金额 (元)", "Theirs (yuan)" },
    { "float_fen", "备用金 (元)", "Float (yuan)" },
    { "cash_fen", "现金 (元)", "Cash (yuan)" },
    { "counted_fen", "清点金额 (元)", "Counted (yuan)" },
    { "expected_fen", "应有金额 (元)", "Expected (yuan)" },
    { "opening_fen", "期初余额 (元)", "Opening balance (yuan)" },
    { "closing_fen", "期末余额 (元)", "Closing balance (yuan)" },
    { "total_fen", "合计 (元)", "Total (yuan)" },
    { "cost_fen", "费用 (元)", "Cost (yuan)" },
    { "charged_fen", "已扣费 (元)", "Charged (yuan)" },
    { "booked_fen", "已入账 (元)", "Booked (yuan)" },
    { "remaining_fen", "剩余 (元)", "Remaining (yuan)" },
    { "shared_fen", "已分摊 (元)", "Shared (yuan)" },
    { "held_fen", "冻结 (元)", "Held (yuan)" },
    { "low_balance_fen", "提醒余额 (元)", "Reminder level (yuan)" },
    { "overdraft_fen", "透支额度 (元)", "Overdraft (yuan)" },
    { "restore_fen", "复供线 (元)", "Restore level (yuan)" },
    { "today_fen", "今日 (元)", "Today (yuan)" },
    { "month_fen", "本月 (元)", "This month (yuan)" },
    { "bill_number", "账单号", "Bill" },
    { "buyer_title", "购买方", "Buyer" },
    { "buyer_tax_number", "购买方税号", "Buyer's tax number" },
    { "buyer_contact", "交付方式", "Delivered to" },
    { "serial", "流水号", "Serial" },
    { "red_number", "红字发票号码", "Red-letter number" },
    { "issued_s", "开具时间", "Issued at" },
    { "asked_s", "申请时间", "Asked at" },
    { "asked_by_name", "申请人", "Asked by" },
    { "closing_id", "结算单号", "Closing" },
    { "channel", "渠道", "Channel" },
    { "trade_number", "交易号", "Trade number" },
    { "account_id", "账户编号", "Account" },
    { "customer_id", "客户编号", "Customer ID" },
    { "bill_id", "账单编号", "Bill ID" },
    { "payment_id", "缴费编号", "Payment ID" },
    { "overdue_days", "逾期天数", "Days overdue" },
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
