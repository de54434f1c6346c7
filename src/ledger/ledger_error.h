/* Why the ledger refused a posting: one code for each reason, in the order in which they are checked. */
#ifndef LEDGER_LEDGER_ERROR_H
#define LEDGER_LEDGER_ERROR_H

#include "base/error_info.h"

/* Order of precedence: a request with several faults always gets the first of these. */
#define LEDGER_ERRORS(ROW) \
    ROW(LEDGER_ERR_KEY, -2101, 422, "ledger_key", "key", "A posting needs a key of 1 to 79 printable characters", \
        "每笔过账需要 1 至 79 个可见字符的流水号") \
    ROW(LEDGER_ERR_KEY_REUSED, -2102, 409, "key_reused", "key", \
        "This key was used before for a posting of other content", "该流水号已用于内容不同的过账") \
    ROW(LEDGER_ERR_AMOUNT, -2103, 422, "ledger_amount", "amount_fen", \
        "The amount must be above zero and at most a thousand million yuan", "金额应大于零, 最多十亿元") \
    ROW(LEDGER_ERR_SAME_ACCOUNT, -2104, 422, "ledger_same_account", "", \
        "Debit and credit must be different accounts", "借贷双方不能是同一账户") \
    ROW(LEDGER_ERR_DEBIT_ACCOUNT, -2105, 404, "ledger_debit_account", "", "There is no such account to debit", \
        "没有这个借方账户") \
    ROW(LEDGER_ERR_CREDIT_ACCOUNT, -2106, 404, "ledger_credit_account", "", "There is no such account to credit", \
        "没有这个贷方账户") \
    ROW(LEDGER_ERR_TENANT, -2107, 403, "ledger_tenant", "", "Both accounts must belong to the tenant of the posting", \
        "借贷双方应属于同一运营单位") \
    ROW(LEDGER_ERR_REVERSES, -2108, 404, "ledger_reverses", "", "There is no such posting to correct", \
        "没有要冲正的过账") \
    ROW(LEDGER_ERR_REVERSED, -2109, 409, "ledger_reversed", "", "This posting was corrected already", \
        "该过账已冲正") \
    ROW(LEDGER_ERR_REVERSAL_CONTENT, -2110, 422, "ledger_reversal_content", "", \
        "A correcting posting mirrors the corrected one", "冲正应与原过账金额相同、方向相反") \
    ROW(LEDGER_ERR_MINIMUM, -2111, 409, "ledger_minimum", "amount_fen", \
        "The account to debit would fall below its smallest permitted balance", "借方账户余额将低于下限") \
    ROW(LEDGER_ERR_OVERFLOW, -2112, 409, "ledger_overflow", "", "The account's sums would leave the range of the ledger", \
        "账户累计额超出范围") \
    ROW(LEDGER_ERR_EXPIRY, -2113, 422, "ledger_expiry", "expires_s", \
        "A pre-deduction ends later than it begins, and within 31 days", "预扣的有效期应晚于当前时间, 且不超过 31 天") \
    ROW(LEDGER_ERR_HOLD, -2114, 404, "hold_unknown", "", "There is no such pre-deduction", "没有这笔预扣") \
    ROW(LEDGER_ERR_HOLD_SETTLED, -2115, 409, "hold_settled", "", \
        "This pre-deduction was settled in another way, or has expired", "该预扣已按其他方式结清或已过期") \
    ROW(LEDGER_ERR_HOLD_AMOUNT, -2116, 422, "hold_amount", "amount_fen", \
        "At most what was reserved can be posted", "入账金额不能超过预扣金额") \
    ROW(LEDGER_ERR_PERIOD, -2117, 422, "period_form", "until_day", \
        "A period can be closed when it has ended", "只能关闭已经结束的账期") \
    ROW(LEDGER_ERR_PERIOD_CLOSED, -2118, 409, "period_closed", "until_day", \
        "The books are closed up to that day already", "账簿已关闭到该日")

enum ledger_error { LEDGER_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of LEDGER_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *ledger_error_info(int error);

/* English text of one of LEDGER_ERR_*; "unknown ledger error" for any other number. */
const char *ledger_error_text(int error);

#endif
