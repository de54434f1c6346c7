/* Why refunds, closings and whatever else two people answer for were refused. */
#ifndef BILLING_CASE_ERROR_H
#define BILLING_CASE_ERROR_H

#include "base/error_info.h"

#define CASE_ERRORS(ROW) \
    ROW(CASE_ERR_APPROVAL, -2601, 404, "approval_unknown", "", \
        "There is no such request, or it is outside your jurisdiction", "没有这项申请, 或不在您的辖区内") \
    ROW(CASE_ERR_APPROVAL_SETTLED, -2602, 409, "approval_settled", "", \
        "This request was decided before, or has lapsed", "该申请已处理或已失效") \
    ROW(CASE_ERR_FIGURES_CHANGED, -2603, 409, "figures_changed", "", \
        "The figures have changed since; look at them again, or refuse it so that it is asked anew", \
        "金额自申请后已变化, 请重新核对, 或退回重新申请") \
    ROW(CASE_ERR_REFUND_ROUTE, -2604, 409, "refund_route", "rest", \
        "Not all of it can go back by the channel it came through; say whether the rest is paid in cash or by bank", \
        "不能全部原路退回, 请选择余款以现金或银行转账退还") \
    ROW(CASE_ERR_PAYEE, -2605, 422, "payee_form", "payee", \
        "A payout by bank needs the payee's name and account number", "银行退款须填写收款人户名和账号") \
    ROW(CASE_ERR_REFUND_STATE, -2606, 409, "refund_state", "", \
        "Only a payout that is with the bank can be settled", "只有银行办理中的退款才能登记结果") \
    ROW(CASE_ERR_MEMBER, -2607, 409, "group_member", "account_id", \
        "This account is paid from a main account's wallet, or others are paid from its own; take the group apart first", \
        "该户由总户钱包付费, 或有分户由其付费, 请先解除组合") \
    ROW(CASE_ERR_CLOSING_OPEN, -2608, 409, "closing_open", "account_id", \
        "This account is being closed already", "该户正在办理退租或过户") \
    ROW(CASE_ERR_READING_OLD, -2609, 409, "reading_old", "reading", \
        "The meter has not been read within a day: read it now, type the reading, or let it be estimated", \
        "表计一天内没有读数, 请立即抄表, 或录入读数, 或按规则估算") \
    ROW(CASE_ERR_METER_PENDING, -2610, 409, "meter_pending", "", \
        "A top-up is still on its way to the meter; wait until it has arrived", "有充值正在下发到表, 请待到表后再办理") \
    ROW(CASE_ERR_NEW_CUSTOMER, -2611, 422, "new_customer", "new_customer_id", \
        "A transfer needs another customer than the present one", "过户须选择另一位客户") \
    ROW(CASE_ERR_MOVE_SAME, -2612, 409, "move_same", "to_account_id", \
        "The money is on this account already", "款项已在该账户") \
    ROW(CASE_ERR_MOVE_AMOUNT, -2613, 409, "move_amount", "amount_fen", \
        "At most what was paid, less what was refunded or moved before, can be moved", \
        "转移金额不能超过已付金额减去已退和已转的金额") \
    ROW(CASE_ERR_SPENT, -2614, 409, "money_spent", "amount_fen", \
        "The money is partly used already; move what is left, or move it all so that the wrong account owes the rest", \
        "款项已部分用掉: 可只转移余下的部分, 或全部转移并由原账户承担欠款") \
    ROW(CASE_ERR_BILL, -2615, 404, "bill_unknown", "", \
        "There is no such bill, or it is outside your jurisdiction", "没有这张账单, 或不在您的辖区内") \
    ROW(CASE_ERR_WAIVER_AMOUNT, -2616, 409, "waiver_amount", "amount_fen", \
        "No more than the late fee as it is today can be waived", "减免金额不能超过截至今日的违约金") \
    ROW(CASE_ERR_WAIVER_ASKED, -2617, 409, "waiver_asked", "", \
        "A waiver of this bill's late fee waits for approval already", "该账单已有待审批的违约金减免") \
    ROW(CASE_ERR_INVOICED, -2618, 409, "invoiced", "red_letter", \
        "An invoice stands for this money: let it be red-lettered with the refund, or on the page of invoices first", \
        "这笔款项已开发票: 请选择退款时一并红冲, 或先在发票页红冲") \
    ROW(CASE_ERR_CARRY, -2619, 409, "carry_unknown", "", \
        "There is no exchanged meter here whose money waits to be asked for", "没有待申请结转的旧表余额") \
    ROW(CASE_ERR_CARRY_WAITS, -2620, 409, "carry_waits", "", \
        "What an exchanged meter still held has not been carried over yet: decide about that first", \
        "换下的旧表余额尚未结转, 请先处理")

enum case_error { CASE_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of CASE_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *case_error_info(int error);

#endif
