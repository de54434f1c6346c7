#include "document/document_words.h"

#include <string.h>

static const struct word {
    const char *group;
    const char *code;
    const char *zh;
    const char *en;
} words[] = {
    { "method", "cash", "现金", "Cash" },
    { "method", "card", "银行卡", "Bank card" },
    { "method", "bank_transfer", "银行转账", "Bank transfer" },
    { "method", "transfer", "银行转账", "Bank transfer" },
    { "method", "cheque", "支票", "Cheque" },
    { "method", "wechat", "微信支付", "WeChat Pay" },
    { "method", "alipay", "支付宝", "Alipay" },
    { "method", "unionpay", "银联", "UnionPay" },
    { "transfer", "payment", "缴费", "Payment" },
    { "transfer", "charge", "日扣费", "Daily charge" },
    { "transfer", "bill", "账单", "Bill" },
    { "transfer", "recharge", "写入表计", "Sent to the meter" },
    { "transfer", "correction", "冲正", "Correction" },
    { "transfer", "refund", "退费", "Refund" },
    { "transfer", "move", "转账", "Moved" },
    { "transfer", "late_fee", "违约金", "Late fee" },
    { "bill_state", "issued", "待缴", "To be paid" },
    { "bill_state", "paid", "已缴清", "Paid" },
    { "bill_state", "reversed", "已冲正", "Reversed" },
    { "item", "water", "水费", "Water" },
    { "item", "sewage", "污水处理费", "Sewage" },
    { "item", "electricity", "电费", "Electricity" },
    { "item", "gas", "燃气费", "Gas" },
    { "item", "heat", "热费", "Heat" },
    { "item", "hot_water", "热水费", "Hot water" },
    { "item", "late_fee", "违约金", "Late fee" },
    { "period", "sharp", "尖", "Sharp" },
    { "period", "peak", "峰", "Peak" },
    { "period", "flat", "平", "Flat" },
    { "period", "valley", "谷", "Valley" },
    { "device_kind", "cold_water", "水表", "Water meter" },
    { "device_kind", "hot_water", "热水表", "Hot-water meter" },
    { "device_kind", "electricity", "电表", "Electricity meter" },
    { "device_kind", "gas", "燃气表", "Gas meter" },
    { "device_kind", "heat", "热量表", "Heat meter" },
    { "closing_kind", "move_out", "退租", "Move-out" },
    { "closing_kind", "tenant_change", "过户", "Transfer" },
    { "closing_kind", "owner_change", "更换余额归属", "Balance held elsewhere" },
    { "reading_kind", "meter", "表计读数", "Read from the meter" },
    { "reading_kind", "typed", "人工录入", "Typed in" },
    { "reading_kind", "estimated", "估算", "Estimated" },
    { "closing_part", "balance", "余额", "Balance" },
    { "closing_part", "final_use", "未结用量", "Open use" },
    { "closing_part", "meter_remainder", "表内余额", "In the meter" },
    { "closing_part", "meter_drift", "表计与账差异 (不计入)", "Meter and books apart (not counted)" },
    { "closing_part", "left_in_meter", "留在表内 (不退)", "Left in the meter (not paid)" },
    { "closing_part", "late_fee", "违约金", "Late fee" },
    { "closing_part", "deposit", "押金", "Deposit" },
    { "closing_part", "moved_to_new", "转入新户", "To the new account" },
    { "closing_part", "meter_to_new", "表内余额转入新户", "Meter money to the new account" },
    { "closing_part", "pay_by_channel", "原路退回", "By original channel" },
    { "closing_part", "pay_by_cash", "现金", "In cash" },
    { "closing_part", "pay_by_bank", "银行转账", "By bank" },
};

const char *document_word(const char *group, struct span code, enum document_language language)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].group, group) == 0 && span_equal_text(code, words[i].code))
            return language == DOCUMENT_ENGLISH ? words[i].en : words[i].zh;
    return NULL;
}
