/* Accounting periods: an instant up to which the books of a tenant are closed, moved forward only. */
#include "ledger/ledger_internal.h"

int ledger_period_place(const struct ledger_store *store, struct ledger_transfer *transfer)
{
    int64_t until_s = 0;
    int error = store->closed_until(store->context, transfer->tenant_id, &until_s);

    if (error < 0)
        return error;
    transfer->late_s = 0;
    if (transfer->value_s == 0)
        transfer->value_s = transfer->at_s;
    if (transfer->value_s < until_s) {
        transfer->late_s = transfer->value_s;
        transfer->value_s = until_s;
    }
    return 0;
}

int ledger_period_close(const struct ledger_store *store, struct ledger_closing *closing)
{
    int error;

    if (closing->until_s <= 0 || closing->until_s > closing->closed_s)
        return LEDGER_ERR_PERIOD;
    error = store->closed_until(store->context, closing->tenant_id, &closing->from_s);
    if (error < 0)
        return error;
    if (closing->until_s <= closing->from_s)
        return LEDGER_ERR_PERIOD_CLOSED;
    error = store->period_sums(store->context, closing);
    return error < 0 ? error : store->closing_insert(store->context, closing);
}
