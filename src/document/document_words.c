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
    { "bill_state", "issued", "待缴", "To be paid" },
    { "bill_state", "paid", "已缴清", "Paid" },
    { "bill_state", "reversed", "已冲正", "Reversed" },
    { "item", "water", "水费", "Water" },
    { "item", "sewage", "污水处理费", "Sewage" },
    { "item", "electricity", "电费", "Electricity" },
    { "item", "gas", "燃气费", "Gas" },
    { "item", "heat", "热费", "Heat" },
    { "item", "hot_water", "热水费", "Hot water" },
};

const char *document_word(const char *group, struct span code, enum document_language language)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].group, group) == 0 && span_equal_text(code, words[i].code))
            return language == DOCUMENT_ENGLISH ? words[i].en : words[i].zh;
    return NULL;
}
