/* What the wallet pays of bills: the oldest first, of each the principal, then its late fee, which is known by then. */
#include "base/calendar.h"
#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"

/* Pay a bill until so much of it is paid. false: the money ends before. */
static bool part_take(struct billing_bill *bill, int64_t until_fen, int64_t *funds_fen)
{
    int64_t rest_fen = until_fen - bill->paid_fen;
    int64_t part_fen = *funds_fen < rest_fen ? *funds_fen : rest_fen;

    if (part_fen < 0 || (part_fen == 0 && rest_fen > 0))
        return false;
    bill->paid_fen += part_fen;
    *funds_fen -= part_fen;
    return bill->paid_fen >= until_fen;
}

/* Of open bills the wallet pays what is not owed, negative when it owes more. */
static int64_t funds_of(int64_t open_fen, int64_t balance_fen)
{
    return open_fen + balance_fen;
}

int billing_bill_pay_alone(struct billing *billing, struct billing_account *account, struct billing_bill *bill)
{
    int64_t balance_fen, funds_fen;
    int error = ledger_balance_read(billing->config.ledger, account->wallet_id, &balance_fen);

    if (error < 0)
        return error;
    funds_fen = funds_of(bill->amount_fen, balance_fen);
    if (part_take(bill, bill->amount_fen, &funds_fen))
        bill->state = BILLING_BILL_PAID;
    account->bill_open = bill->state == BILLING_BILL_ISSUED;
    account->bill_due_day = bill->due_day;
    return 0;
}

/* 1 the bill is paid; 0 the money ends with it, or before; negative of rating, ledger or store */
static int bill_cover(struct billing *billing, const struct billing_account *account, struct billing_paying *paying,
                      struct billing_bill *bill, int64_t *funds_fen)
{
    int64_t today = calendar_local_day(paying->now_s, account->zone_offset_s);
    int64_t before_fen = bill->paid_fen, booked_fen = bill->late_fee_fen;
    bool covered = bill->paid_fen > bill->amount_fen || part_take(bill, bill->amount_fen, funds_fen);
    int error = billing_late_part_note(billing, bill, calendar_local_day(paying->paid_s, account->zone_offset_s),
                                       bill->paid_fen - before_fen);

    if (error == 0 && covered)
        error = billing_late_fee_book(billing, account, bill, today, paying->now_s);
    if (error < 0)
        return error;
    paying->late_fee_fen += bill->late_fee_fen - booked_fen;
    if (covered && part_take(bill, bill->amount_fen + bill->late_fee_fen, funds_fen))
        bill->state = BILLING_BILL_PAID;
    return bill->state == BILLING_BILL_PAID;
}

static int bill_pay(struct billing *billing, const struct billing_account *account, struct billing_paying *paying,
                    struct billing_bill *bill, int64_t *funds_fen)
{
    const struct billing_bill before = *bill;
    int covered = bill_cover(billing, account, paying, bill, funds_fen);
    int error = 0;

    if (covered >= 0 && (bill->paid_fen != before.paid_fen || bill->late_fee_fen != before.late_fee_fen ||
                         bill->state != before.state))
        error = billing_bill_update(billing, &before, bill);
    return error < 0 ? error : covered;
}

/* The next open bill: 1; 0 none. */
static int bill_next(struct billing *billing, const struct billing_account *account, struct billing_bill *bill)
{
    return billing->store->bill_unpaid_next(billing->store->context, account->account_id, bill->to_day, bill);
}

/* What the wallet lacks belongs to the newest bills; everything before them is paid. */
int billing_bills_pay(struct billing *billing, struct billing_account *account, struct billing_paying *paying)
{
    struct billing_bill bill = { .to_day = INT64_MIN };
    int64_t open_fen = 0, balance_fen, funds_fen;
    int found;
    int error = ledger_balance_read(billing->config.ledger, account->wallet_id, &balance_fen);

    if (error < 0)
        return error;
    account->bills_known = false;
    while ((found = bill_next(billing, account, &bill)) == 1)
        open_fen += bill.amount_fen + bill.late_fee_fen - bill.paid_fen;
    funds_fen = funds_of(open_fen, balance_fen);
    if (paying->limit_fen > 0 && funds_fen > paying->limit_fen)
        funds_fen = paying->limit_fen;
    bill.to_day = INT64_MIN;
    while (found == 0 && (found = bill_next(billing, account, &bill)) == 1) {
        found = bill_pay(billing, account, paying, &bill, &funds_fen);
        if (found <= 0)
            return found;
        found = 0;
    }
    return found < 0 ? found : 0;
}
