/* The charges of an account. The store finds one by its day; the row says where the one before it ends. */
#include "billing/billing_internal.h"

int billing_charge_after(struct billing *billing, const struct billing_account *account, int64_t day,
                         struct billing_daily_charge *out)
{
    const struct billing_store *store = billing->store;
    int found = 0;

    for (; found == 0 && day < account->settled_day; day++)
        found = store->charge_read(store->context, account->account_id, day, out);
    return found;
}

int billing_charges_sum(struct billing *billing, const struct billing_account *account, int64_t after_day,
                        int64_t *amount_fen, int64_t *days)
{
    const struct billing_store *store = billing->store;
    struct billing_daily_charge row = { .from_day = account->settled_day };
    int found = 1;

    *amount_fen = *days = 0;
    while (found == 1 && row.from_day - 1 > after_day) {
        found = store->charge_read(store->context, account->account_id, row.from_day - 1, &row);
        if (found == 1) {
            *amount_fen += row.amount_fen;
            *days += row.day - row.from_day + 1;
        }
    }
    return found < 0 ? found : 0;
}
