#include "document/document_kind.h"

#include <string.h>

#include "document/document_packed.h"

#define R (1u << DOCUMENT_RECEIPT)
#define B (1u << DOCUMENT_BILL)
#define S (1u << DOCUMENT_STATEMENT)
#define ALL (R | B | S)

static const char *const kind_names[] = {
    [DOCUMENT_RECEIPT] = "receipt",
    [DOCUMENT_BILL] = "bill",
    [DOCUMENT_STATEMENT] = "statement",
};

static const struct document_name names[] = {
    { ALL, "", "organisation", "收款单位", "the organisation", "云榕水务有限公司", "Yunrong Water Co., Ltd" },
    { ALL, "", "phone", "服务电话 (设置)", "service phone (setting)", "88880000", "8888 0000" },
    { ALL, "", "footer", "收据页脚 (设置)", "footer (setting)", "请妥善保管此凭证", "Please keep this paper" },
    { ALL, "", "customer_name", "户名", "the customer's name", "陈佳怡", "Chen Jiayi" },
    { ALL, "", "customer_number", "户号", "the customer's number", "C000128", "C000128" },
    { ALL, "", "place", "房间", "building and room", "榕荫花园 3栋 1204", "Rongyin Garden 3-1204" },
    { ALL, "", "meter_number", "表号", "meter number", "031200004471", "031200004471" },
    { ALL, "", "printed_at", "打印时间", "when it was printed", "2026-11-21 10:42", "2026-11-21 10:42" },
    { ALL, "", "printed_by", "打印人", "who printed it", "收费员 林志远", "Lin Zhiyuan" },
    { ALL, "", "copy", "第几次打印", "which print this is: 1 is the first", "2", "2" },
    { ALL, "", "reprint", "补打字样, 首次打印为空", "words of a reprint; empty on the first print", "补打 第 2 次", "Reprint no. 2" },
    { ALL, "", "page", "页码", "number of the page", "1", "1" },
    { ALL, "", "pages", "总页数", "number of pages", "1", "1" },

    { R, "", "receipt", "收据号", "receipt number", "R20261121-000042", "R20261121-000042" },
    { R, "", "amount", "实收金额", "amount received", "100.00", "100.00" },
    { R, "", "amount_capital", "大写金额", "amount in Chinese capital numerals", "壹佰元整", "壹佰元整" },
    { R, "", "method", "收款方式", "how it was paid", "现金", "Cash" },
    { R, "", "before", "缴费前余额", "balance before", "-12.40", "-12.40" },
    { R, "", "balance", "缴费后余额", "balance after", "87.60", "87.60" },
    { R, "", "paid_at", "收款时间", "when it was paid", "2026-11-21 10:41:07", "2026-11-21 10:41:07" },
    { R, "", "undone", "撤销字样, 未撤销为空", "words of a payment that was undone; empty otherwise", "", "" },
    { R, "", "cashier", "收款员", "the cashier", "林志远", "Lin Zhiyuan" },

    { B, "", "bill_number", "账单号", "number of the bill", "B202610-000128", "B202610-000128" },
    { B | S, "", "from_day", "起始日", "first day of the period", "2026-10-01", "2026-10-01" },
    { B | S, "", "to_day", "截止日", "last day of the period", "2026-11-01", "2026-11-01" },
    { B, "", "from_register", "上次累计", "total at the beginning", "712.300", "712.300" },
    { B, "", "to_register", "本次累计", "total at the end", "738.300", "738.300" },
    { B, "", "usage", "用量", "what was used", "26.000", "26.000" },
    { B | S, "", "unit", "计量单位", "unit of what was used", "m³", "m³" },
    { B, "", "tariff", "价格名称", "name of the tariff", "居民生活用水", "Household water" },
    { B, "", "amount", "账单金额", "amount of the bill", "82.12", "82.12" },
    { B, "", "amount_capital", "大写金额", "amount in Chinese capital numerals", "捌拾贰元壹角贰分", "捌拾贰元壹角贰分" },
    { B, "", "paid", "已缴金额", "paid so far", "20.00", "20.00" },
    { B, "", "due", "应缴金额", "still to be paid", "62.12", "62.12" },
    { B, "", "due_day", "缴费截止日", "last day to pay", "2026-11-16", "2026-11-16" },
    { B, "", "issued_on", "出账日期", "day of issue", "2026-11-01", "2026-11-01" },
    { B, "", "state", "账单状态", "state of the bill", "待缴", "To be paid" },
    { B, "", "estimated", "估算字样, 非估算为空", "words of an estimate; empty otherwise", "含估算用量", "Contains an estimate" },
    { B, "", "reversed", "冲正字样, 未冲正为空", "words of a bill taken back; empty otherwise", "", "" },
    { B, "", "pay_address", "缴费网址 (用于二维码), 未设置公共网址或已缴清为空",
        "address to pay at (for the QR code); empty without a public address, or when nothing is due",
        "https://water.example.cn/resident/pay?bill=128&code=3f9a1c0e7b52d684", "https://water.example.cn/resident/pay?bill=128&code=3f9a1c0e7b52d684" },
    { B, "lines", "item", "费用项目", "what is charged", "水费;水费;污水处理费", "Water;Water;Sewage" },
    { B, "lines", "tier", "阶梯", "tier", "1;2;", "1;2;" },
    { B, "lines", "quantity", "数量", "quantity", "20.000;6.000;26.000", "20.000;6.000;26.000" },
    { B, "lines", "coefficient", "系数", "coefficient", "1;1;1", "1;1;1" },
    { B, "lines", "price", "单价", "unit price", "1.98;2.97;0.95", "1.98;2.97;0.95" },
    { B, "lines", "amount", "金额", "amount", "39.60;17.82;24.70", "39.60;17.82;24.70" },
    { B, "readings", "day", "抄表日", "day of the reading", "2026-10-01;2026-11-01", "2026-10-01;2026-11-01" },
    { B, "readings", "register", "表码", "what the dial said", "712.300;738.300", "712.300;738.300" },

    { S, "", "opening", "期初余额", "balance at the beginning", "50.00", "50.00" },
    { S, "", "closing", "期末余额", "balance at the end", "87.60", "87.60" },
    { S, "", "debits", "支出合计", "sum of what went out", "62.40", "62.40" },
    { S, "", "credits", "收入合计", "sum of what came in", "100.00", "100.00" },
    { S, "", "count", "笔数", "number of postings", "3", "3" },
    { S, "rows", "at", "时间", "when", "2026-10-03 00:05;2026-10-04 00:05;2026-10-05 10:41",
        "2026-10-03 00:05;2026-10-04 00:05;2026-10-05 10:41" },
    { S, "rows", "kind", "摘要", "what for", "日扣费;日扣费;缴费", "Daily charge;Daily charge;Payment" },
    { S, "rows", "debit", "支出", "went out", "30.00;32.40;", "30.00;32.40;" },
    { S, "rows", "credit", "收入", "came in", ";;100.00", ";;100.00" },
    { S, "rows", "balance", "余额", "balance after it", "20.00;-12.40;87.60", "20.00;-12.40;87.60" },
    { S, "rows", "reference", "流水号", "number of the posting", "5021;5188;5230", "5021;5188;5230" },
};

const char *document_kind_name(enum document_kind kind)
{
    return kind > 0 && kind < DOCUMENT_KIND_COUNT ? kind_names[kind] : "unknown";
}

int document_kind_of_name(const char *name)
{
    for (int kind = 1; kind < DOCUMENT_KIND_COUNT; kind++)
        if (strcmp(kind_names[kind], name) == 0)
            return kind;
    return 0;
}

const char *document_language_name(enum document_language language)
{
    return language == DOCUMENT_ENGLISH ? "en" : "zh";
}

const struct document_default *document_default_at(size_t index)
{
    return index < document_packed_count ? &document_packed[index] : NULL;
}

const struct document_default *document_default_find(enum document_kind kind, const char *paper,
    enum document_language language)
{
    for (size_t i = 0; i < document_packed_count; i++)
        if (document_packed[i].kind == kind && document_packed[i].language == language
            && strcmp(document_packed[i].paper, paper) == 0)
            return &document_packed[i];
    return NULL;
}

const struct document_name *document_name_at(enum document_kind kind, size_t index)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((names[i].kinds & 1u << kind) != 0 && index-- == 0)
            return &names[i];
    return NULL;
}

const struct document_name *document_name_find(enum document_kind kind, const char *list, struct span name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((names[i].kinds & 1u << kind) != 0 && strcmp(names[i].list, list) == 0 && span_equal_text(name, names[i].name))
            return &names[i];
    return NULL;
}

bool document_list_exists(enum document_kind kind, struct span list)
{
    for (size_t i = 0; list.size > 0 && i < sizeof names / sizeof names[0]; i++)
        if ((names[i].kinds & 1u << kind) != 0 && span_equal_text(list, names[i].list))
            return true;
    return false;
}
