/* Many accounts in one transaction. */
#include <assert.h>
#include <string.h>

#include "billing/billing_internal.h"

static void batch_close(struct billing *billing)
{
    billing->config.ledger = billing->ledger_behind;
    billing->batch_open = false;
    billing->bill_last = 0;
}

void billing_batch_begin(struct billing *billing)
{
    assert(!billing->batch_open && billing->sums.count == 0 && billing->dues.count == 0);
    billing_versions_forget(billing);
    billing->config.ledger = ledger_cache_store(billing->ledger_cache);
    billing->batch_open = true;
}

int billing_batch_end(struct billing *billing, int error)
{
    if (error >= 0) {
        int passed = billing_items_pass(billing);

        if (passed >= 0)
            passed = billing_dues_pass(billing);
        if (passed >= 0)
            passed = ledger_cache_flush(billing->ledger_cache);
        error = passed < 0 ? passed : error;
    }
    if (error < 0) {
        ledger_cache_drop(billing->ledger_cache);
        billing->sums.count = 0;
        billing->dues.count = 0;
        billing->step_open = false;
    }
    batch_close(billing);
    return error;
}

static void sums_copy(const struct billing_item_sums *from, struct billing_item_sums *to)
{
    to->count = from->count;
    memcpy(to->rows, from->rows, from->count * sizeof from->rows[0]);
}

static void dues_copy(const struct billing_due_sums *from, struct billing_due_sums *to)
{
    to->count = from->count;
    memcpy(to->rows, from->rows, from->count * sizeof from->rows[0]);
}

int billing_step_begin(struct billing *billing)
{
    const struct billing_store *store = billing->store;
    int error = billing->batch_open ? ledger_cache_step_begin(billing->ledger_cache) : 0;

    if (error >= 0)
        error = store->step_begin(store->context);
    if (error < 0)
        return error;
    sums_copy(&billing->sums, &billing->sums_before);
    dues_copy(&billing->dues, &billing->dues_before);
    billing->bill_last_before = billing->bill_last;
    billing->step_mark = undo_mark(billing->config.undo);
    billing->step_open = true;
    return 0;
}

int billing_step_keep(struct billing *billing)
{
    const struct billing_store *store = billing->store;

    billing->step_open = false;
    if (billing->batch_open)
        ledger_cache_step_keep(billing->ledger_cache);
    return store->step_keep(store->context);
}

int billing_step_revert(struct billing *billing)
{
    const struct billing_store *store = billing->store;

    sums_copy(&billing->sums_before, &billing->sums);
    dues_copy(&billing->dues_before, &billing->dues);
    billing->bill_last = billing->bill_last_before;
    undo_revert(billing->config.undo, billing->step_mark);
    billing->step_open = false;
    if (billing->batch_open)
        ledger_cache_step_revert(billing->ledger_cache);
    return store->step_revert(store->context);
}
