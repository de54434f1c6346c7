/* Every name that a template may use, with words and samples. */
#include <string.h>

#include "document/document_kind.h"

#define R (1u << DOCUMENT_RECEIPT)
#define B (1u << DOCUMENT_BILL)
#define S (1u << DOCUMENT_STATEMENT)
#define C (1u << DOCUMENT_CLOSING)
#define N (1u << DOCUMENT_NOTICE)
#define I (1u << DOCUMENT_INVOICE)
#define L (1u << DOCUMENT_LABEL)
#define OF_ACCOUNT (R | B | S | C | N | I)
#define ALL (OF_ACCOUNT | L)
#define SAME(sample) sample, sample /* in both languages */

static const struct document_name names[] = {
    { ALL, "", "organisation", "收款单位", "the organisation", "云榕水务有限公司", "Yunrong Water Co., Ltd" },
    { ALL, "", "phone", "服务电话 (设置)", "service phone (setting)", "88880000", "8888 0000" },
    { ALL, "", "footer", "收据页脚 (设置)", "footer (setting)", "请妥善保管此凭证", "Please keep this paper" },
    { OF_ACCOUNT, "", "customer_name", "户名", "the customer's name", "陈佳怡", "Chen Jiayi" },
    { OF_ACCOUNT, "", "customer_number", "户号", "the customer's number", SAME("C000128") },
    { OF_ACCOUNT, "", "place", "房间", "building and room", "榕荫花园 3栋 1204", "Rongyin Garden 3-1204" },
    { OF_ACCOUNT, "", "meter_number", "表号", "meter number", SAME("031200004471") },
    { ALL, "", "printed_at", "打印时间", "when it was printed", SAME("2026-11-21 10:42") },
    { ALL, "", "printed_by", "打印人", "who printed it", "收费员 林志远", "Lin Zhiyuan" },
    { OF_ACCOUNT, "", "copy", "第几次打印", "which print this is: 1 is the first", SAME("2") },
    { OF_ACCOUNT, "", "reprint", "补打字样, 首次打印为空", "words of a reprint; empty on the first print", "补打 第 2 次", "Reprint no. 2" },
    { ALL, "", "page", "页码", "number of the page", SAME("1") },
    { ALL, "", "pages", "总页数", "number of pages", SAME("1") },

    { R, "", "receipt", "收据号", "receipt number", SAME("R20261121-000042") },
    { R, "", "amount", "实收金额", "amount received", SAME("100.00") },
    { R, "", "amount_capital", "大写金额", "amount in Chinese capital numerals", SAME("壹佰元整") },
    { R, "", "method", "收款方式", "how it was paid", "现金", "Cash" },
    { R, "", "late_fee", "其中违约金, 无则为空", "late fees settled with it; empty when there are none", SAME("") },
    { R, "", "before", "缴费前余额", "balance before", SAME("-12.40") },
    { R, "", "balance", "缴费后余额", "balance after", SAME("87.60") },
    { R, "", "units", "购入数量 (表内存电量/水量者)", "units bought, of a meter that holds units", "", "" },
    { R, "", "unit_cost", "购入金额", "what they cost", "", "" },
    { R, "", "unit_rest", "留在钱包", "what stays in the wallet", "", "" },
    { R, "", "paid_at", "收款时间", "when it was paid", SAME("2026-11-21 10:41:07") },
    { R, "", "undone", "撤销字样, 未撤销为空", "words of a payment that was undone; empty otherwise", "", "" },
    { R, "", "cashier", "收款员", "the cashier", "林志远", "Lin Zhiyuan" },

    { B, "", "bill_number", "账单号", "number of the bill", SAME("B202610-000128") },
    { B | S, "", "from_day", "起始日", "first day of the period", SAME("2026-10-01") },
    { B | S, "", "to_day", "截止日", "last day of the period", SAME("2026-11-01") },
    { B, "", "from_register", "上次累计", "total at the beginning", SAME("712.300") },
    { B, "", "to_register", "本次累计", "total at the end", SAME("738.300") },
    { B, "", "usage", "用量", "what was used", SAME("26.000") },
    { B | S | C, "", "unit", "计量单位", "unit of what was used", SAME("m³") },
    { B, "", "tariff", "价格名称", "name of the tariff", "居民生活用水", "Household water" },
    { B, "", "amount", "账单金额", "amount of the bill", SAME("82.12") },
    { B, "", "amount_capital", "大写金额", "amount in Chinese capital numerals", SAME("捌拾贰元壹角贰分") },
    { B, "", "paid", "已缴金额", "paid so far", SAME("20.00") },
    { B, "", "late_fee", "截至打印日的违约金, 无则为空", "late fee up to the day of print; empty when there is none", SAME("") },
    { B, "", "due", "应缴金额", "still to be paid", SAME("62.12") },
    { B, "", "due_day", "缴费截止日", "last day to pay", SAME("2026-11-16") },
    { B, "", "issued_on", "出账日期", "day of issue", SAME("2026-11-01") },
    { B, "", "state", "账单状态", "state of the bill", "待缴", "To be paid" },
    { B, "", "estimated", "估算字样, 非估算为空", "words of an estimate; empty otherwise", "含估算用量", "Contains an estimate" },
    { B, "", "reversed", "冲正字样, 未冲正为空", "words of a bill taken back; empty otherwise", "", "" },
    { B, "", "pay_address", "缴费网址 (用于二维码), 未设置公共网址或已缴清为空",
        "address to pay at (for the QR code); empty without a public address, or when nothing is due",
        SAME("https://water.example.cn/resident/pay?bill=128&code=3f9a1c0e7b52d684") },
    { B, "lines", "item", "费用项目", "what is charged", "水费;水费;污水处理费", "Water;Water;Sewage" },
    { B, "lines", "tier", "阶梯", "tier", SAME("1;2;") },
    { B, "lines", "period", "时段 (尖峰平谷), 不分时为空", "period of the day; empty when prices do not depend on it", SAME(";;") },
    { B, "lines", "quantity", "数量", "quantity", SAME("20.000;6.000;26.000") },
    { B, "lines", "coefficient", "系数", "coefficient", SAME("1;1;1") },
    { B, "lines", "price", "单价", "unit price", SAME("1.98;2.97;0.95") },
    { B, "lines", "amount", "金额", "amount", SAME("39.60;17.82;24.70") },
    { B, "readings", "day", "抄表日", "day of the reading", SAME("2026-10-01;2026-11-01") },
    { B, "readings", "register", "表码", "what the dial said", SAME("712.300;738.300") },

    { S, "", "opening", "期初余额", "balance at the beginning", SAME("50.00") },
    { S, "", "closing", "期末余额", "balance at the end", SAME("87.60") },
    { S, "", "debits", "支出合计", "sum of what went out", SAME("62.40") },
    { S, "", "credits", "收入合计", "sum of what came in", SAME("100.00") },
    { S, "", "count", "笔数", "number of postings", SAME("3") },
    { S, "rows", "at", "时间", "when", SAME("2026-10-03 00:05;2026-10-04 00:05;2026-10-05 10:41") },
    { S, "rows", "kind", "摘要", "what for", "日扣费;日扣费;缴费", "Daily charge;Daily charge;Payment" },
    { S, "rows", "debit", "支出", "went out", SAME("30.00;32.40;") },
    { S, "rows", "credit", "收入", "came in", SAME(";;100.00") },
    { S, "rows", "balance", "余额", "balance after it", SAME("20.00;-12.40;87.60") },
    { S, "rows", "reference", "流水号", "number of the posting", SAME("5021;5188;5230") },

    { C, "", "closing_number", "结算单号", "number of the closing", SAME("12") },
    { C, "", "closing_kind", "类型: 退租或过户", "move-out or transfer", "退租", "Move-out" },
    { C, "", "unfinished", "未生效字样, 已办结为空", "words of a closing that is not done; empty otherwise", "", "" },
    { C, "", "last_day", "末日", "the last day of the contract", SAME("2026-11-20") },
    { C, "", "register", "终抄读数", "the last reading", SAME("738.300") },
    { C, "", "reading_kind", "终抄来源", "where the last reading comes from", "表计读数", "Read from the meter" },
    { C, "", "new_customer_name", "新户名, 退租为空", "who takes the meter over; empty at a move-out", "", "" },
    { C, "", "left", "应退金额, 无应退为空", "amount to be paid out; empty when there is none", SAME("87.60") },
    { C, "", "left_capital", "应退大写", "amount to be paid out in capital numerals", SAME("捌拾柒元陆角整") },
    { C, "", "debt", "应补金额, 无应补为空", "amount still owed; empty when there is none", "", "" },
    { C, "", "paid_by", "退款方式, 留在账户时为空", "how it is paid out; empty when it stays", "原路退回 ¥50.00; 银行转账 ¥37.60", "By original channel ¥50.00; By bank ¥37.60" },
    { C, "", "payee", "收款人户名", "holder of the account it is paid to", "陈佳怡", "Chen Jiayi" },
    { C, "", "bank", "开户行", "bank it is paid to", "中国银行榕城支行", "Bank of China, Rongcheng" },
    { C, "", "bank_account", "收款账号", "account it is paid to", SAME("6217 0000 0000 0000 128") },
    { C, "", "reason", "原因", "why", "租约到期", "end of the lease" },
    { C, "", "asked_by", "申请人", "who asked for it", "林志远", "Lin Zhiyuan" },
    { C, "", "asked_at", "申请时间", "when it was asked for", SAME("2026-11-20 10:02:11") },
    { C, "", "approved_by", "审批人", "who approved it", "周敏", "Zhou Min" },
    { C, "", "done_at", "办结时间", "when it was done", SAME("2026-11-20 10:41:07") },
    { C, "parts", "part", "款项", "part of the sum", "余额;未结用量;押金", "Balance;Open use;Deposit" },
    { C, "parts", "amount", "金额", "amount", SAME("50.00;-12.40;50.00") },

    { N, "", "amount", "应缴合计", "sum of what is due", SAME("185.84") },
    { N, "", "amount_capital", "大写金额", "amount in Chinese capital numerals", SAME("壹佰捌拾伍元捌角肆分") },
    { N, "", "balance", "余额, 按账单缴费者为空", "balance; empty of an account that pays bills", "", "" },
    { N, "", "count", "未缴账单数", "number of open bills", SAME("2") },
    { N, "", "oldest_day", "最早的缴费截止日, 无账单为空", "last day to pay of the oldest bill; empty without bills", SAME("2026-10-16") },
    { N, "", "home_address", "住户页网址 (用于二维码), 未设置公共网址为空",
        "address of the residents' page (for the QR code); empty without a public address",
        SAME("https://water.example.cn/resident") },
    { N, "bills", "bill_number", "账单号", "number of the bill", SAME("B202609-000128;B202610-000128") },
    { N, "bills", "from_day", "起始日", "first day of the period", SAME("2026-09-01;2026-10-01") },
    { N, "bills", "to_day", "截止日", "last day of the period", SAME("2026-10-01;2026-11-01") },
    { N, "bills", "amount", "账单金额", "amount of the bill", SAME("120.12;82.12") },
    { N, "bills", "paid", "已缴金额", "paid so far", SAME("20.00;0.00") },
    { N, "bills", "late_fee", "截至打印日的违约金, 无则为空", "late fee up to the day of print; empty when there is none", SAME("3.60;") },
    { N, "bills", "due", "应缴金额", "still to be paid", SAME("103.72;82.12") },
    { N, "bills", "due_day", "缴费截止日", "last day to pay", SAME("2026-10-16;2026-11-16") },
    { N, "bills", "overdue", "逾期天数, 未逾期为空", "days overdue; empty before that", SAME("36;5") },
    { N, "bills", "pay_address", "缴费网址 (用于二维码), 未设置公共网址为空", "address to pay at (for the QR code); empty without a public address",
        SAME("https://water.example.cn/resident/pay?bill=101&code=3f9a1c0e7b52d684;https://water.example.cn/resident/pay?bill=128&code=3f9a1c0e7b52d684") },

    { I, "", "invoice_number", "发票号码", "number of the invoice", SAME("25442000000000000128") },
    { I, "", "red_number", "红字发票号码, 未红冲为空", "number of the red-letter invoice; empty otherwise", "", "" },
    { I, "", "red", "红冲字样, 未红冲为空", "words of an invoice taken back; empty otherwise", "", "" },
    { I, "", "test", "测试字样, 正式发票为空", "words of a test invoice; empty of a real one", "测试发票, 不作报销凭证", "Test invoice: not valid" },
    { I, "", "issued_on", "开票日期", "day of issue", SAME("2026-11-21") },
    { I, "", "buyer_title", "购买方名称", "the buyer", "榕城文化有限公司", "Rongcheng Culture Co., Ltd" },
    { I, "", "buyer_tax_number", "购买方税号, 个人为空", "the buyer's tax number; empty of a person", SAME("91350100M000100Y43") },
    { I, "", "seller_name", "销售方名称", "the seller", "云榕水务有限公司", "Yunrong Water Co., Ltd" },
    { I, "", "seller_tax_number", "销售方税号", "the seller's tax number", SAME("91350100M0001000XH") },
    { I, "", "net", "不含税金额", "amount without tax", SAME("79.73") },
    { I, "", "tax", "税额", "tax", SAME("2.39") },
    { I, "", "amount", "价税合计", "total with tax", SAME("82.12") },
    { I, "", "amount_capital", "大写金额", "amount in Chinese capital numerals", SAME("捌拾贰元壹角贰分") },
    { I, "", "bill_number", "账单号, 对缴费开票为空", "number of the bill; empty of a payment's invoice", SAME("B202610-000128") },
    { I, "", "receipt", "收据号, 对账单开票为空", "receipt number; empty of a bill's invoice", "", "" },
    { I, "", "asked_by", "开票人", "who asked for it", "林志远", "Lin Zhiyuan" },
    { I, "", "code", "发票二维码内容, 由开票服务商给出", "what the invoice's QR code holds, given by the provider; may be empty",
        SAME("01,32,,25442000000000000128,82.12,20261121,,C0DE") },
    { I, "lines", "item", "项目名称", "what is sold", SAME("*水冰雪*水费;*水冰雪*水费") },
    { I, "lines", "rate", "税率", "rate of tax", SAME("3%;3%") },
    { I, "lines", "net", "不含税金额", "amount without tax", SAME("38.45;41.28") },
    { I, "lines", "tax", "税额", "tax", SAME("1.15;1.24") },
    { I, "lines", "amount", "价税合计", "total with tax", SAME("39.60;42.52") },

    { L, "meters", "meter_number", "表号", "meter number", SAME("031200004471;031200004472;031200004473") },
    { L, "meters", "place", "房间", "building and room", "榕荫花园 3栋 1204;榕荫花园 3栋 1205;榕荫花园 3栋 1206",
        "Rongyin Garden 3-1204;Rongyin Garden 3-1205;Rongyin Garden 3-1206" },
    { L, "meters", "kind", "表计种类", "kind of meter", "水表;水表;水表", "Water meter;Water meter;Water meter" },
    { L, "meters", "profile", "设备型号档案", "profile of the device", SAME("meterworks-nb-water;meterworks-nb-water;meterworks-nb-water") },
    { L, "meters", "imei", "模组 IMEI, 无则为空", "IMEI of the module; empty when it has none", SAME("862220000000001;862220000000002;862220000000003") },
};

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
