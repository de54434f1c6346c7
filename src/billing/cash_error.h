/* Why the cash desk refused. */
#ifndef BILLING_CASH_ERROR_H
#define BILLING_CASH_ERROR_H

#include "base/error_info.h"

#define CASH_ERRORS(ROW) \
    ROW(CASH_ERR_SHIFT, -2501, 404, "shift_unknown", "", "There is no such shift, or it is outside your jurisdiction", \
        "没有这个班次, 或不在您的辖区内") \
    ROW(CASH_ERR_SHIFT_OPEN, -2502, 409, "shift_open", "", "You have an open shift already: close it first", \
        "您已有未交班的班次, 请先交班") \
    ROW(CASH_ERR_SHIFT_NEEDED, -2503, 409, "shift_needed", "", "Open a shift first: payments at the counter belong to one", \
        "请先开班: 柜台收款须记入班次") \
    ROW(CASH_ERR_SHIFT_CLOSED, -2504, 409, "shift_closed", "", "This shift is closed already", "该班次已交班") \
    ROW(CASH_ERR_SHIFT_STATE, -2505, 409, "shift_state", "", "This shift does not wait for a second person", \
        "该班次不在等待复核") \
    ROW(CASH_ERR_FLOAT, -2506, 422, "float_range", "float_fen", "The float is 0 to 100,000 yuan", "备用金应为 0 至 100000 元") \
    ROW(CASH_ERR_COUNT, -2507, 422, "count_range", "counted_fen", "A count is 0 to 100,000,000 yuan", \
        "清点金额应为 0 至 1 亿元") \
    ROW(CASH_ERR_REASON, -2508, 422, "reason_form", "reason", "A reason of 1 to 120 bytes is needed", \
        "请填写 1 至 120 字节的原因") \
    ROW(CASH_ERR_SAME_PERSON, -2509, 409, "second_person", "", \
        "Another person than those who took or counted the money must confirm it", "须由收款人和清点人以外的另一人复核") \
    ROW(CASH_ERR_PAYMENT, -2511, 404, "payment_unknown", "", \
        "There is no such payment, or it is outside your jurisdiction", "没有这笔收款, 或不在您的辖区内") \
    ROW(CASH_ERR_UNDO_SHIFT, -2512, 409, "undo_shift", "", \
        "Only a payment of an open shift can be undone; afterwards it is refunded", "只能撤销未交班班次内的收款, 之后请走退款") \
    ROW(CASH_ERR_UNDO_DAY, -2513, 409, "undo_day", "", \
        "A payment can be undone on its own day only; afterwards it is refunded", "只能当日撤销, 之后请走退款") \
    ROW(CASH_ERR_UNDONE, -2514, 409, "payment_undone", "", "This payment is undone already", "这笔收款已撤销") \
    ROW(CASH_ERR_UNDO_ASKED, -2515, 409, "undo_asked", "", "Somebody has asked for it already; it waits for a second person", \
        "已有人申请撤销, 正在等待复核") \
    ROW(CASH_ERR_UNDO_METER, -2516, 409, "undo_meter", "", \
        "The money has gone on to the meter or another wallet: it can only be refunded", "款项已下发到表或转入其他钱包, 只能退款") \
    ROW(CASH_ERR_UNDO_CHANNEL, -2517, 409, "undo_channel", "", \
        "Money of a payment channel goes back through it: refund the order", "渠道收款请按订单原路退款") \
    ROW(CASH_ERR_UNDO_GONE, -2541, 409, "undo_gone", "", \
        "Part of this money was given back or moved to another account: it would leave twice", \
        "款项已(部分)退款或转移, 撤销将重复退出") \
    ROW(CASH_ERR_UNDO, -2518, 404, "undo_unknown", "", "There is no such request", "没有这个撤销申请") \
    ROW(CASH_ERR_UNDO_DECIDED, -2519, 409, "undo_decided", "", "This request is decided already", "该申请已处理") \
    ROW(CASH_ERR_DEPOSIT_AMOUNT, -2521, 409, "deposit_amount", "amount_fen", "There is less cash than that", \
        "现金不足该金额") \
    ROW(CASH_ERR_SOURCE, -2522, 422, "cash_source", "source", "Cash comes from the safe or the counter", \
        "现金来源应为 safe 或 counter") \
    ROW(CASH_ERR_BANK, -2523, 422, "bank_form", "bank", "A bank's name has 1 to 39 bytes", "银行名称为 1 至 39 字节的文字") \
    ROW(CASH_ERR_STATEMENT, -2531, 404, "statement_unknown", "", "There is no such bank statement", "没有这份银行流水") \
    ROW(CASH_ERR_STATEMENT_STATE, -2532, 409, "statement_state", "", \
        "The statement is not in a state that permits this", "该流水当前状态不允许此操作") \
    ROW(CASH_ERR_STATEMENT_EMPTY, -2533, 422, "statement_empty", "", "The statement has no lines", "流水中没有明细") \
    ROW(CASH_ERR_STATEMENT_TEXT, -2534, 422, "statement_text", "", \
        "The statement is neither text between commas in UTF-8 or GB18030 nor an Excel workbook (xlsx)", \
        "流水须为 Excel(xlsx), 或 UTF-8 / GB18030 编码的 CSV 文本") \
    ROW(CASH_ERR_STATEMENT_COLUMNS, -2535, 422, "statement_columns", "", \
        "No heading with the columns of amount and payer or remark was found; tell which is which", \
        "没有找到含金额和付款人(或摘要)的标题行, 请指定各列") \
    ROW(CASH_ERR_STATEMENT_LONG, -2536, 422, "statement_long", "", "A statement has at most 5,000 lines and one MB", \
        "一份流水最多 5000 行, 1 MB") \
    ROW(CASH_ERR_LINE, -2537, 404, "line_unknown", "", "There is no such line", "没有这条明细") \
    ROW(CASH_ERR_LINE_STATE, -2538, 409, "line_state", "", "This line is not waiting for an account", \
        "该明细不在等待指定账户") \
    ROW(CASH_ERR_RETURN_ASKED, -2540, 409, "return_asked", "", \
        "Somebody has asked for its return already; it waits for a second person", "已有人申请退回, 正在等待审批") \
    ROW(CASH_ERR_MAPPING, -2539, 422, "mapping_form", "amount", \
        "A column of amounts is needed, and with a column of direction the word for money that came in", \
        "须指定金额列; 指定收支列时还须指定表示收入的文字") \
    ROW(CASH_ERR_NOTES, -2525, 422, "notes_form", "notes", \
        "Notes are counted by their value in fen, such as {\"10000\": 3}, and come to the counted sum", \
        "票面清点以分为面额, 如 {\"10000\": 3}, 且合计应等于清点金额")

enum cash_error { CASH_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of CASH_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *cash_error_info(int error);

#endif
