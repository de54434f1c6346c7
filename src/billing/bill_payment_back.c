/* A payment may arrive after others that were made later. Late fees must not depend on that: what was paid late after the day of
 * this payment is taken off its bills, and all of it pays again in the order in which it was paid. */
#include "base/calendar.h"
#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"

#define PIECE_LIMIT 64 /* parts that make way, and the fees behind them; older ones stay where they are */

struct pieces {
    int32_t count;
    struct piece {
        int64_t day;
        int64_t amount_fen;
    } rows[PIECE_LIMIT];
};

static void piece_add(struct pieces *pieces, int64_t day, int64_t amount_fen)
{
    if (amount_fen > 0)
        pieces->rows[pieces->count++] = (struct piece){ day, amount_fen };
}

/* The bill is as if this part had not been paid: its fee runs again, and what was paid of that is free. */
static int part_free(struct billing *billing, const struct billing_account *account, const struct billing_late_part *part,
                     struct billing_paying *paying, struct pieces *pieces)
{
    const struct billing_store *store = billing->store;
    const struct billing_late_store *lates = billing->config.lates;
    struct billing_late_part none = { .bill_id = part->bill_id, .paid_day = part->paid_day };
    struct billing_bill bill, before;
    int error = store->bill_read(store->context, part->bill_id, &bill);

    if (error <= 0)
        return error;
    before = bill;
    piece_add(pieces, part->paid_day, bill.paid_fen - bill.amount_fen);
    piece_add(pieces, part->paid_day, part->amount_fen);
    if (bill.paid_fen > bill.amount_fen)
        bill.paid_fen = bill.amount_fen;
    bill.paid_fen -= part->amount_fen;
    bill.state = BILLING_BILL_ISSUED;
    error = lates->part_write(lates->context, &none);
    if (error == 0)
        error = billing_late_fee_return(billing, account, &bill, bill.late_fee_fen, paying->now_s);
    paying->late_fee_fen += bill.late_fee_fen - before.late_fee_fen;
    return error < 0 ? error : billing_bill_update(billing, &before, &bill);
}

static int parts_free(struct billing *billing, const struct billing_account *account, int64_t day,
                      struct billing_paying *paying, struct pieces *pieces)
{
    const struct billing_late_store *lates = billing->config.lates;
    struct billing_late_part part;
    int found = 0;

    while (pieces->count + 2 <= PIECE_LIMIT &&
           (found = lates->part_after(lates->context, account->account_id, day, &part)) == 1) {
        int error = part_free(billing, account, &part, paying, pieces);

        if (error < 0)
            return error;
    }
    return found < 0 ? found : 0;
}

/* The newest was taken first: from the last to the first they are in order. */
static int pieces_pay(struct billing *billing, struct billing_account *account, const struct pieces *pieces,
                      struct billing_paying *paying)
{
    int error = 0;

    for (int32_t index = pieces->count; error == 0 && index-- > 0;) {
        struct billing_paying piece = { calendar_midnight(pieces->rows[index].day, account->zone_offset_s), paying->now_s, 0,
                                        pieces->rows[index].amount_fen };

        error = billing_bills_pay(billing, account, &piece);
        paying->late_fee_fen += piece.late_fee_fen;
    }
    return error;
}

int billing_bills_pay_back(struct billing *billing, struct billing_account *account, int64_t amount_fen,
                           struct billing_paying *paying)
{
    int64_t day = calendar_local_day(paying->paid_s, account->zone_offset_s);
    struct pieces pieces = { .count = 0 };
    int error = 0;

    if (billing->config.lates != NULL && day < calendar_local_day(paying->now_s, account->zone_offset_s))
        error = parts_free(billing, account, day, paying, &pieces);
    if (error < 0 || pieces.count == 0)
        return error < 0 ? error : billing_bills_pay(billing, account, paying);
    paying->limit_fen = amount_fen;
    error = billing_bills_pay(billing, account, paying);
    return error < 0 ? error : pieces_pay(billing, account, &pieces, paying);
}
