/* A drawer from its opening to its count, and what becomes of the difference and the money. */
#include "billing/cash_shift.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#define REASON_LIMIT 120

static const char *const shift_states[CASH_SHIFT_STATE_COUNT] = {
    [CASH_SHIFT_OPEN] = "open", [CASH_SHIFT_COUNTED] = "counted", [CASH_SHIFT_CLOSED] = "closed"
};

const char *cash_shift_state_name(int state)
{
    return state > 0 && state < CASH_SHIFT_STATE_COUNT ? shift_states[state] : "unknown";
}

int cash_shift_state_of_name(const char *name)
{
    for (int state = 1; state < CASH_SHIFT_STATE_COUNT; state++)
        if (strcmp(shift_states[state], name) == 0)
            return state;
    return 0;
}

int cash_shift_of(struct billing *billing, uint32_t tenant_id, uint32_t person_id, int64_t *shift_id)
{
    const struct cash_store *cash = billing->config.cash;
    struct cash_shift shift;
    int found = cash != NULL && person_id != 0 ? cash->shift_open_of(cash->context, tenant_id, person_id, &shift) : 0;

    if (found < 0)
        return found;
    *shift_id = found == 1 ? shift.shift_id : 0;
    return 0;
}

static int number_give(struct billing *billing, struct cash_shift *shift)
{
    const struct cash_store *cash = billing->config.cash;
    struct billing_policy policy;
    struct calendar_date date;
    int error = billing_policy_read(billing, shift->tenant_id, &policy);

    if (error < 0)
        return error;
    date = calendar_date_of_day(calendar_local_day(shift->opened_s, policy.arrears.zone_offset_s));
    (void)snprintf(shift->number, sizeof shift->number, "S%04d%02d%02d-%06lld", (int)date.year, (int)date.month,
                   (int)date.day_of_month, (long long)shift->shift_id);
    return cash->shift_update(cash->context, shift);
}

int cash_shift_open(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t float_fen,
                    const char *notes, struct cash_shift *out)
{
    const struct cash_store *cash = billing->config.cash;
    struct cash_shift shift = { .opened_s = now_s, .float_fen = float_fen, .tenant_id = scope->tenant_id,
                                .cashier = scope->person_id, .state = CASH_SHIFT_OPEN };
    int64_t open_id = 0;
    int error;

    if (float_fen < 0 || float_fen > CASH_FLOAT_LIMIT_FEN)
        return CASH_ERR_FLOAT;
    if (text_copy(span_of_text(notes), shift.opening_notes, sizeof shift.opening_notes) < 0)
        return CASH_ERR_NOTES;
    error = cash_shift_of(billing, scope->tenant_id, scope->person_id, &open_id);
    if (error == 0 && open_id != 0)
        error = CASH_ERR_SHIFT_OPEN;
    if (error == 0)
        error = cash->shift_insert(cash->context, &shift);
    if (error == 0)
        error = number_give(billing, &shift);
    if (error == 0)
        *out = shift;
    return error;
}

/* A shift of the cashier's own, or of somebody whose jurisdiction lies in the caller's. */
static int shift_load(struct billing *billing, const struct billing_scope *scope, int64_t shift_id,
                      struct cash_shift *out)
{
    const struct cash_store *cash = billing->config.cash;
    int found = cash->shift_read(cash->context, shift_id, out);

    if (found < 0)
        return found;
    if (found == 0 || out->tenant_id != scope->tenant_id)
        return CASH_ERR_SHIFT;
    return out->cashier == scope->person_id || billing_scope_holds(scope, out->tenant_id, out->cashier_path)
               ? 0 : CASH_ERR_SHIFT;
}

/* Move cash between two ledger accounts: from debit to credit when it is negative. */
static int cash_move(struct billing *billing, const struct cash_shift *shift, int64_t debit_id, int64_t credit_id,
                     int64_t amount_fen, enum ledger_transfer_kind kind, const char *what)
{
    struct ledger_transfer transfer = {
        .debit_account_id = amount_fen > 0 ? debit_id : credit_id,
        .credit_account_id = amount_fen > 0 ? credit_id : debit_id,
        .amount_fen = amount_fen > 0 ? amount_fen : -amount_fen,
        .reference = shift->shift_id, .at_s = shift->closed_s, .tenant_id = shift->tenant_id, .kind = (uint8_t)kind,
    };
    int error;

    if (amount_fen == 0)
        return 0;
    (void)snprintf(transfer.key, sizeof transfer.key, "shift/%lld/%s", (long long)shift->shift_id, what);
    error = ledger_post(billing->config.ledger, &transfer);
    return error < 0 ? error : 0;
}

/* The drawer is empty afterwards: its difference is named, its takings lie in the safe. */
static int shift_book(struct billing *billing, const struct cash_shift *shift)
{
    const struct ledger_store *ledger = billing->config.ledger;
    int64_t counter, safe, difference;
    int error = ledger_account_open(ledger, shift->tenant_id, LEDGER_CASH, "counter", &counter);

    if (error == 0)
        error = ledger_account_open(ledger, shift->tenant_id, LEDGER_CASH, "safe", &safe);
    if (error == 0)
        error = ledger_account_open(ledger, shift->tenant_id, LEDGER_ADJUSTMENT, "cash over and short", &difference);
    if (error == 0)
        error = cash_move(billing, shift, counter, difference, shift->difference_fen, LEDGER_DIFFERENCE, "difference");
    if (error == 0)
        error = cash_move(billing, shift, safe, counter, shift->cash_fen + shift->difference_fen, LEDGER_MOVE, "safe");
    return error;
}

int billing_shift_close(struct billing *billing, struct cash_shift *shift, int64_t now_s)
{
    const struct cash_store *cash = billing->config.cash;
    int error;

    shift->state = CASH_SHIFT_CLOSED;
    shift->closed_s = now_s;
    error = shift_book(billing, shift);
    return error < 0 ? error : cash->shift_update(cash->context, shift);
}

static int count_take(struct cash_shift *shift, const struct billing_scope *scope, int64_t now_s, int64_t counted_fen,
                      const char *notes, const char *reason)
{
    shift->counted_s = now_s;
    shift->counted_by = scope->person_id;
    shift->counted_fen = counted_fen;
    shift->difference_fen = counted_fen - shift->float_fen - shift->cash_fen;
    if (text_copy(span_of_text(notes), shift->notes, sizeof shift->notes) < 0)
        return CASH_ERR_NOTES;
    if (strlen(reason) > REASON_LIMIT || (shift->difference_fen != 0 && reason[0] == '\0'))
        return CASH_ERR_REASON;
    (void)text_copy(span_of_text(reason), shift->reason, sizeof shift->reason);
    return 0;
}

int cash_shift_count(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t shift_id,
                     int64_t counted_fen, const char *notes, const char *reason, struct cash_shift *out)
{
    const struct cash_store *cash = billing->config.cash;
    struct billing_policy policy;
    struct cash_shift shift;
    int error = shift_load(billing, scope, shift_id, &shift);

    if (error < 0)
        return error;
    if (shift.state == CASH_SHIFT_CLOSED)
        return CASH_ERR_SHIFT_CLOSED;
    if (counted_fen < 0 || counted_fen > CASH_COUNT_LIMIT_FEN)
        return CASH_ERR_COUNT;
    error = cash->shift_cash(cash->context, shift_id, &shift.cash_fen);
    if (error == 0)
        error = count_take(&shift, scope, now_s, counted_fen, notes, reason);
    if (error == 0)
        error = billing_policy_read(billing, shift.tenant_id, &policy);
    if (error == 0) /* a count before this one */
        error = billing_approval_withdraw(billing, now_s, APPROVAL_CASH_DIFFERENCE, shift_id);
    if (error < 0)
        return error;
    if (shift.difference_fen > policy.cash_difference_limit_fen ||
        shift.difference_fen < -policy.cash_difference_limit_fen) {
        shift.state = CASH_SHIFT_COUNTED;
        error = cash->shift_update(cash->context, &shift);
        if (error == 0)
            error = billing_difference_ask(billing, scope, now_s, &shift);
    } else {
        error = billing_shift_close(billing, &shift, now_s);
    }
    if (error == 0)
        *out = shift;
    return error;
}

int cash_shift_confirm(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t shift_id)
{
    struct cash_shift shift;
    int error = shift_load(billing, scope, shift_id, &shift);

    if (error < 0)
        return error;
    if (shift.state != CASH_SHIFT_COUNTED)
        return CASH_ERR_SHIFT_STATE;
    if (scope->person_id == shift.cashier || scope->person_id == shift.counted_by)
        return CASH_ERR_SAME_PERSON;
    return billing_approval_decide_object(billing, scope, now_s, APPROVAL_CASH_DIFFERENCE, shift_id, true,
                                          CASH_ERR_SHIFT_STATE);
}

static int deposit_check(const struct billing_scope *scope, const struct cash_deposit *row)
{
    int error = billing_scope_check_whole(scope);

    if (error < 0)
        return error;
    if (!billing_key_permitted(row->key))
        return BILLING_ERR_KEY;
    if (strcmp(row->source, "safe") != 0 && strcmp(row->source, "counter") != 0)
        return CASH_ERR_SOURCE;
    if (row->bank[0] == '\0')
        return CASH_ERR_BANK;
    return row->amount_fen > 0 ? 0 : CASH_ERR_DEPOSIT_AMOUNT;
}

/* The key came before: 1 the same deposit, which *row then is; 0 new. */
static int deposit_repeated(const struct cash_store *cash, struct cash_deposit *row)
{
    struct cash_deposit before;
    int found = cash->deposit_find_key(cash->context, row->key, &before);

    if (found <= 0)
        return found;
    if (before.amount_fen != row->amount_fen || strcmp(before.source, row->source) != 0 ||
        strcmp(before.bank, row->bank) != 0)
        return BILLING_ERR_KEY_REUSED;
    *row = before;
    return 1;
}

static int deposit_post(struct billing *billing, struct cash_deposit *row)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer = { .amount_fen = row->amount_fen, .at_s = row->at_s, .tenant_id = row->tenant_id,
                                        .kind = LEDGER_MOVE };
    char name[LEDGER_NAME_SIZE];
    int64_t balance_fen = 0;
    int error = ledger_account_open(ledger, row->tenant_id, LEDGER_CASH, row->source, &transfer.credit_account_id);

    (void)snprintf(name, sizeof name, "bank %s", row->bank);
    if (error == 0)
        error = ledger_account_open(ledger, row->tenant_id, LEDGER_CHANNEL, name, &transfer.debit_account_id);
    if (error == 0)
        error = ledger_balance_read(ledger, transfer.credit_account_id, &balance_fen);
    if (error == 0 && -balance_fen < row->amount_fen) /* cash grows negative */
        error = CASH_ERR_DEPOSIT_AMOUNT;
    (void)snprintf(transfer.key, sizeof transfer.key, "deposit/%.70s", row->key);
    if (error == 0)
        error = ledger_post(ledger, &transfer);
    row->transfer_id = transfer.transfer_id;
    return error < 0 ? error : 0;
}

int cash_deposit_book(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                      struct cash_deposit *row)
{
    const struct cash_store *cash = billing->config.cash;
    char key[BILLING_KEY_SIZE];
    int error = deposit_check(scope, row);

    if (error < 0)
        return error;
    row->tenant_id = scope->tenant_id;
    row->person_id = scope->person_id;
    row->at_s = now_s;
    memcpy(key, row->key, sizeof key);
    (void)snprintf(row->key, sizeof row->key, "%u/%.64s", (unsigned)scope->tenant_id, key);
    error = deposit_repeated(cash, row);
    if (error != 0)
        return error;
    error = deposit_post(billing, row);
    return error < 0 ? error : cash->deposit_insert(cash->context, row);
}
