/* Why the billing room refused a request or holds an account back. */
#ifndef BILLING_BILLING_ERROR_H
#define BILLING_BILLING_ERROR_H

#include "base/error_info.h"

#define BILLING_ERRORS(ROW) \
    ROW(BILLING_ERR_CUSTOMER, -2201, 404, "customer_unknown", "customer_id", "There is no such customer", \
        "没有这个客户") \
    ROW(BILLING_ERR_CUSTOMER_NUMBER, -2202, 422, "customer_number", "number", \
        "A customer number has 1 to 31 letters, digits or dashes", "户号为 1 至 31 个字母、数字或短横线") \
    ROW(BILLING_ERR_CUSTOMER_TAKEN, -2203, 409, "customer_number_taken", "number", \
        "This customer number is taken", "户号已被使用") \
    ROW(BILLING_ERR_NAME, -2204, 422, "name_form", "name", "A name is valid text of 1 to 120 bytes", \
        "名称为 1 至 120 字节的文字") \
    ROW(BILLING_ERR_PHONES, -2205, 422, "phones_form", "phones", \
        "Phones are up to 5 numbers of 5 to 20 digits, dashes or a plus, separated by commas", \
        "电话最多 5 个, 每个 5 至 20 位数字、短横线或加号, 用逗号分隔") \
    ROW(BILLING_ERR_INITIALS, -2206, 422, "initials_form", "name_initials", \
        "Initials are at most 31 lower-case letters or digits", "拼音首字母最多 31 个小写字母或数字") \
    ROW(BILLING_ERR_PROTECTION, -2207, 422, "protection_form", "protected_until_s", \
        "A protected customer needs a reason and an end not before 1970", "保护用户需要原因和截止时间") \
    ROW(BILLING_ERR_ACCOUNT, -2210, 404, "account_unknown", "account_id", \
        "There is no such account, or it is outside your jurisdiction", "没有这个账户, 或不在您的辖区内") \
    ROW(BILLING_ERR_ACCOUNT_CLOSED, -2211, 409, "account_closed", "account_id", "This account is closed", \
        "该账户已销户") \
    ROW(BILLING_ERR_DEVICE, -2212, 404, "device_unknown", "device_id", \
        "There is no such meter, or it is outside your jurisdiction", "没有这块表, 或不在您的辖区内") \
    ROW(BILLING_ERR_DEVICE_TAKEN, -2213, 409, "device_taken", "device_id", \
        "This meter belongs to another open account", "这块表已属于另一个账户") \
    ROW(BILLING_ERR_MODE, -2214, 422, "payment_mode", "payment_mode", \
        "The way of paying is postpaid, prepaid_platform or prepaid_meter", \
        "付费方式应为 postpaid、prepaid_platform 或 prepaid_meter") \
    ROW(BILLING_ERR_PERSONS, -2215, 422, "persons_range", "persons", "A household has 1 to 100 persons", \
        "人口应为 1 至 100") \
    ROW(BILLING_ERR_PERSONS_DAYS, -2221, 422, "persons_days", "persons_from", \
        "Another household counts from today at the earliest, and until a later day: what was settled stays", \
        "人口最早从今天起变更, 止日不能早于起日: 已结算的不变") \
    ROW(BILLING_ERR_SETTLEMENT_DAY, -2216, 422, "settlement_day_range", "settlement_day", \
        "The settlement day is 1 to 28", "结算日应为 1 至 28") \
    ROW(BILLING_ERR_LOW_BALANCE, -2217, 422, "low_balance_range", "low_balance_fen", \
        "The reminder level is 0 to 100,000 yuan", "提醒线应为 0 至 100000 元") \
    ROW(BILLING_ERR_OVERDRAFT, -2218, 422, "overdraft_range", "overdraft_fen", "The overdraft is 0 to 100,000 yuan", \
        "透支额度应为 0 至 100000 元") \
    ROW(BILLING_ERR_RESTORE, -2219, 422, "restore_range", "restore_fen", \
        "The restore level lies between the negative overdraft and 100,000 yuan", "复供线应在透支额度与 100000 元之间") \
    ROW(BILLING_ERR_GRACE, -2220, 422, "grace_range", "grace_h", "The grace is 0 to 2,160 hours", \
        "宽限应为 0 至 2160 小时") \
    ROW(BILLING_ERR_TARIFF, -2230, 404, "tariff_unknown", "tariff_id", "There is no such tariff", "没有这个价格") \
    ROW(BILLING_ERR_TARIFF_TAKEN, -2231, 409, "tariff_name_taken", "name", "This tariff name is taken", \
        "价格名称已被使用") \
    ROW(BILLING_ERR_UTILITY, -2232, 422, "utility_unknown", "utility", \
        "The utility is water, hot_water, electricity, gas or heat", \
        "类别应为 water、hot_water、electricity、gas 或 heat") \
    ROW(BILLING_ERR_EFFECTIVE_DAY, -2233, 422, "effective_day_range", "effective_day", \
        "A version begins today or later: what was settled keeps its price", "新版本最早今天生效: 已结算的保持原价") \
    ROW(BILLING_ERR_EFFECTIVE_TAKEN, -2234, 409, "effective_day_taken", "effective_day", \
        "This tariff has a version that begins on this day", "该价格在这一天已有版本") \
    ROW(BILLING_ERR_TARIFF_VERSION, -2235, 409, "tariff_version_missing", "tariff_id", \
        "No version of the tariff is valid on that day", "该日没有有效的价格版本") \
    ROW(BILLING_ERR_AMOUNT, -2240, 422, "amount_range", "amount_fen", "A payment is 0.01 to 1,000,000 yuan", \
        "收款金额应为 0.01 至 1000000 元") \
    ROW(BILLING_ERR_METHOD, -2241, 422, "method_unknown", "method", "The way of paying is cash or card", \
        "收款方式应为 cash 或 card") \
    ROW(BILLING_ERR_KEY, -2242, 422, "key_form", "key", "A key has 1 to 64 letters, digits, dots, dashes or underscores", \
        "流水号为 1 至 64 个字母、数字、点、横线或下划线") \
    ROW(BILLING_ERR_KEY_REUSED, -2243, 409, "key_reused", "key", \
        "This key was used before for another payment", "该流水号已用于另一笔收款") \
    ROW(BILLING_ERR_PAYMENT, -2244, 404, "payment_unknown", "payment_id", "There is no such payment", "没有这笔收款") \
    ROW(BILLING_ERR_TO_DAY, -2250, 422, "to_day_range", "to_day", "The settlement may not reach into the future", \
        "结算日期不能在将来") \
    ROW(BILLING_ERR_MIDNIGHT, -2251, 409, "midnight_missing", "", \
        "The reading of that midnight is missing; it waits for the meter's next report", "缺少该日零点读数, 等待表计补报") \
    ROW(BILLING_ERR_BACKWARD, -2252, 409, "usage_backward", "", \
        "The reading is below what was settled already", "读数低于已结算的读数") \
    ROW(BILLING_ERR_NO_DEVICE, -2253, 409, "device_missing", "", "The account has no meter", "该账户没有表计") \
    ROW(BILLING_ERR_SETTLED, -2254, 409, "settled_already", "", "The account is settled up to that day already", \
        "该账户已结算到该日") \
    ROW(BILLING_ERR_NEWER_BILL, -2255, 409, "newer_bill", "", "A newer bill of the account must be reversed first", \
        "应先冲正该账户更新的账单") \
    ROW(BILLING_ERR_RUNNING, -2256, 409, "settlement_running", "to_day", \
        "Another settlement is under way; try again when it has finished", "另一次结算正在进行, 请稍后再试") \
    ROW(BILLING_ERR_TARIFF_UTILITY, -2257, 422, "tariff_utility", "tariff_id", \
        "The tariff is for another utility than the meter", "该价格的能源类别与表计类型不符") \
    ROW(BILLING_ERR_FUNDS, -2258, 409, "funds_insufficient", "amount_fen", \
        "The balance and its overdraft do not cover this amount", "余额与透支额度不足") \
    ROW(BILLING_ERR_ITEM, -2259, 422, "item_form", "item", "An item has 1 to 23 lower-case letters or underscores", \
        "费用项目为 1 至 23 个小写字母或下划线") \
    ROW(BILLING_ERR_MONTHS, -2261, 422, "settlement_months", "settlement_months", \
        "A period is 1, 2, 3, 4, 6 or 12 months and closes first in month 1 to 12", "结算周期应为 1、2、3、4、6 或 12 个月, 起始月为 1 至 12") \
    ROW(BILLING_ERR_RUN, -2262, 404, "settlement_unknown", "", "There is no such settlement", "没有这次结算") \
    ROW(BILLING_ERR_RUN_STATE, -2263, 409, "settlement_state", "", \
        "The settlement is not in a state that permits this", "结算当前状态不允许此操作") \
    ROW(BILLING_ERR_DRAFT, -2264, 409, "draft_changed", "", \
        "The bill would differ from the approved draft; it was left out", "账单与已审核的草稿不一致, 未出账") \
    ROW(BILLING_ERR_REVIEW, -2283, 409, "review_none", "account_id", \
        "There is no draft with a bill to decide about", "没有可复核的账单草稿") \
    ROW(BILLING_ERR_REVIEW_HELD, -2284, 409, "review_held", "", "Held back by a person", "经人工复核暂挂") \
    ROW(BILLING_ERR_UNREVIEWED, -2285, 409, "review_open", "", \
        "Some drafts stand out and nobody has decided about them yet", "还有异常草稿没有复核") \
    ROW(BILLING_ERR_AREA, -2286, 404, "area_unknown", "area_id", \
        "There is no such area within your jurisdiction", "辖区内没有这个区域") \
    ROW(BILLING_ERR_ORDER, -2270, 404, "order_unknown", "", \
        "There is no such payment order, or it is outside your jurisdiction", "没有这笔支付订单, 或不在您的辖区内") \
    ROW(BILLING_ERR_CHANNEL, -2271, 422, "channel_unknown", "channel", "There is no such payment channel", \
        "没有这个支付渠道") \
    ROW(BILLING_ERR_ORDER_UNPAID, -2272, 409, "order_unpaid", "", "Only a paid order can be refunded", \
        "只有已支付的订单可以退款") \
    ROW(BILLING_ERR_ORDER_ENDED, -2278, 409, "order_ended", "", "The order is paid or disputed; it cannot be cancelled", \
        "订单已付或有争议, 不能取消") \
    ROW(BILLING_ERR_ORDER_CODE, -2279, 404, "order_code_missing", "", "There is no QR code to show for this order now", \
        "该订单现在没有可显示的二维码") \
    ROW(BILLING_ERR_REFUND_AMOUNT, -2273, 409, "refund_amount", "amount_fen", \
        "At most what was paid and not yet refunded can go back", "退款金额不能超过已付且未退的金额") \
    ROW(BILLING_ERR_DIFFERENCE, -2275, 404, "difference_unknown", "", "There is no such difference", "没有这条差异") \
    ROW(BILLING_ERR_DIFFERENCE_RESOLVED, -2276, 409, "difference_resolved", "", "This difference is resolved already", \
        "该差异已处理") \
    ROW(BILLING_ERR_DIFFERENCE_BOOK, -2277, 409, "difference_book", "action", \
        "Only money the channel took for an order of ours, of the same amount, can be booked", \
        "只有渠道已收、我方有订单且金额一致的款项才能补记") \
    ROW(BILLING_ERR_REFUND_UNKNOWN, -2274, 404, "refund_unknown", "", "There is no such refund", "没有这笔退款") \
    ROW(BILLING_ERR_BATCH, -2265, 404, "batch_unknown", "", "There is no such batch", "没有这个停供批次") \
    ROW(BILLING_ERR_BATCH_SETTLED, -2266, 409, "batch_settled", "", \
        "The batch was released before, or its day is over", "该批次已放行, 或已过当日") \
    ROW(BILLING_ERR_SAME_PERSON, -2267, 409, "second_person", "", \
        "Another person than the one who asked must release it", "须由申请人以外的另一人放行") \
    ROW(BILLING_ERR_CLOSINGS, -2268, 422, "closings_range", "closings", \
        "A batch is 1 to 10,000 closings", "每批停供 1 至 10000 户") \
    ROW(BILLING_ERR_REASON, -2269, 422, "reason_form", "reason", "A reason of 1 to 120 bytes is needed", \
        "请填写 1 至 120 字节的原因") \
    ROW(BILLING_ERR_GROUP, -2280, 409, "group_form", "main_account_id", \
        "A group is open accounts that prepay on the platform: one main account and its members, one level deep", \
        "组合户须为平台预付费的有效账户: 一个总户及其分户, 只有一级") \
    ROW(BILLING_ERR_GROUP_HELD, -2281, 409, "group_held", "", \
        "Money of this wallet is kept aside; settle the pre-deduction first", "该钱包有未结清的预扣, 请先结清") \
    ROW(BILLING_ERR_REFUND_SETTLED, -2282, 409, "refund_settled", "", "Only a disputed refund can be resolved", \
        "只有存在争议的退款才能处理") \
    ROW(BILLING_ERR_WHOLE, -2287, 403, "whole_company_only", "", \
        "This concerns the whole company; you are responsible for one area of it", \
        "此操作涉及整个公司, 您只负责其中一个区域") \
    ROW(BILLING_ERR_REGISTERS, -2294, 409, "registers_missing", "", \
        "The tariff charges by registers that the meter has not shown at both ends of the period", \
        "该价格按分时或无功示数计费, 但期初或期末缺少这些示数") \
    ROW(BILLING_ERR_DEMAND, -2291, 409, "demand_missing", "", \
        "The tariff charges by demand and the meter has shown none in a month of the period", \
        "该价格按需量计费, 但某个月没有表计的需量") \
    ROW(BILLING_ERR_MEASURES, -2292, 422, "measure_range", "", \
        "Area, capacity and demand are from 0 to 10,000,000", "面积、容量、需量应为 0 至 10000000") \
    ROW(BILLING_ERR_POSTPAID_TARIFF, -2293, 409, "tariff_postpaid", "tariff_id", \
        "Demand and power factor are known when a period ends: such a tariff is for post-paid accounts", \
        "需量与力率在周期结束时才能确定: 此类价格只能用于后付费账户") \
    ROW(BILLING_ERR_TARIFF_DRAFT, -2295, 404, "tariff_draft_unknown", "", "There is no such draft of a tariff", \
        "没有这份价格草案") \
    ROW(BILLING_ERR_DRAFT_STATE, -2296, 409, "tariff_draft_state", "", \
        "The draft is not in a state that permits this", "草案当前状态不允许此操作") \
    ROW(BILLING_ERR_DRY_RUN, -2297, 409, "dry_run_missing", "", \
        "Try the price on real use first: no dry run of the draft as it is has finished", \
        "请先用实际用量试算: 草案修改后还没有完成的试算") \
    ROW(BILLING_ERR_RELEASE, -2298, 409, "tariff_release", "", \
        "This tariff has a version: the next one is drafted, and released by a second person", \
        "该价格已有版本: 新版本须先存为草案, 由第二人放行") \
    ROW(BILLING_ERR_BEGUN, -2299, 409, "tariff_begun", "", \
        "The version has begun; it can be followed by another one, not withdrawn", "该版本已生效, 只能另立新版本, 不能撤回") \
    ROW(BILLING_ERR_SHARE, -2245, 409, "share_form", "public_account_id", \
        "A public meter and those that share its cost are open accounts that prepay on the platform; the public one is in" \
        " no group, not cut off, and shares in no other", \
        "公共表与分摊户须为平台预付费的有效账户; 公共表不在组合户内, 未停供, 也不再分摊别的公共表") \
    ROW(BILLING_ERR_SHARE_WEIGHT, -2246, 422, "share_weight", "weight", "A weight is 0 to 1,000,000", \
        "分摊比例为 0 至 1000000") \
    ROW(BILLING_ERR_SHARE_FULL, -2247, 409, "share_full", "public_account_id", \
        "At most 500 accounts share one public meter", "一块公共表最多由 500 户分摊") \
    ROW(BILLING_ERR_OWNER, -2248, 409, "owner_form", "payment_mode", \
        "The meter cannot hold this balance: its model holds something else, or takes no purchases", \
        "该表不能存放这种余额: 型号存放的不同, 或不接受充值") \
    ROW(BILLING_ERR_UNIT_TARIFF, -2249, 409, "tariff_units", "tariff_id", \
        "Units are sold at one price a tier: this tariff has periods of the day, fixed charges, minima or free units", \
        "按量充值只能用单一或阶梯价格: 该价格含分时、固定费用、最低收费或减免") \
    ROW(BILLING_ERR_MEMORY, -2260, 503, "billing_memory", "", "Out of memory", "内存不足")

enum billing_error { BILLING_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of BILLING_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *billing_error_info(int error);

/* English text of one of BILLING_ERR_*; "unknown billing error" for any other number. */
const char *billing_error_text(int error);

#endif
