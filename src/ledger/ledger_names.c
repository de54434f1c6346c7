#include "ledger/ledger_store.h"

#include <string.h>

static const char *const account_kinds[LEDGER_KIND_COUNT] = {
    [LEDGER_WALLET] = "wallet",
    [LEDGER_REVENUE] = "revenue",
    [LEDGER_RECEIVABLE] = "receivable",
    [LEDGER_CASH] = "cash",
    [LEDGER_METER_CREDIT] = "meter_credit",
    [LEDGER_ADJUSTMENT] = "adjustment",
    [LEDGER_CLEARING] = "clearing",
    [LEDGER_ROUNDING] = "rounding",
    [LEDGER_SUSPENSE] = "suspense",
    [LEDGER_DEPOSIT] = "deposit",
    [LEDGER_CHANNEL] = "channel",
};

static const char *const transfer_kinds[LEDGER_TRANSFER_KIND_COUNT] = {
    [LEDGER_PAYMENT] = "payment",   [LEDGER_CHARGE] = "charge",         [LEDGER_BILL] = "bill",
    [LEDGER_RECHARGE] = "recharge", [LEDGER_CORRECTION] = "correction", [LEDGER_REFUND] = "refund",
    [LEDGER_MOVE] = "move",         [LEDGER_DIFFERENCE] = "difference",
    [LEDGER_SHARE] = "share",       [LEDGER_LATE_FEE] = "late_fee",
};

static const char *const hold_states[LEDGER_HOLD_STATE_COUNT] = {
    [LEDGER_HOLD_PENDING] = "pending",
    [LEDGER_HOLD_POSTED] = "posted",
    [LEDGER_HOLD_VOIDED] = "voided",
    [LEDGER_HOLD_EXPIRED] = "expired",
};

static const char *name_at(const char *const *names, int count, int index)
{
    return index > 0 && index < count ? names[index] : "unknown";
}

static int index_of(const char *const *names, int count, const char *name)
{
    for (int index = 1; index < count; index++) {
        if (strcmp(names[index], name) == 0)
            return index;
    }
    return 0;
}

const char *ledger_account_kind_name(int kind)
{
    return name_at(account_kinds, LEDGER_KIND_COUNT, kind);
}

const char *ledger_transfer_kind_name(int kind)
{
    return name_at(transfer_kinds, LEDGER_TRANSFER_KIND_COUNT, kind);
}

int ledger_account_kind_of_name(const char *name)
{
    return index_of(account_kinds, LEDGER_KIND_COUNT, name);
}

int ledger_transfer_kind_of_name(const char *name)
{
    return index_of(transfer_kinds, LEDGER_TRANSFER_KIND_COUNT, name);
}

const char *ledger_hold_state_name(int state)
{
    return name_at(hold_states, LEDGER_HOLD_STATE_COUNT, state);
}

int ledger_hold_state_of_name(const char *name)
{
    return index_of(hold_states, LEDGER_HOLD_STATE_COUNT, name);
}
