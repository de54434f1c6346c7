/* A closing from the asking to the approval. What it comes to is in closing_settlement.c. */
#include "billing/closing.h"

#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#include <stdio.h>
#include <string.h>

#define REASON_LIMIT 120
#define DEPOSIT_KEY_SHORT 48
#define CLEAR_REASON "move-out 退租结算"

static struct billing_refund_request ways_of(const struct closing *row, int64_t wall_s, uint64_t chance)
{
    struct billing_refund_request ways = { .wall_s = wall_s, .chance = chance, .rest = row->rest,
                                           .closing_id = row->closing_id };

    (void)snprintf(ways.key, sizeof ways.key, "closing-%lld", (long long)row->closing_id);
    memcpy(ways.payee, row->payee, sizeof ways.payee);
    memcpy(ways.bank, row->bank, sizeof ways.bank);
    memcpy(ways.bank_account, row->bank_account, sizeof ways.bank_account);
    memcpy(ways.reason, row->reason, sizeof ways.reason);
    return ways;
}

static int request_check(const struct billing_closing_request *request)
{
    size_t reason_size = strlen(request->reason);

    if (!billing_key_permitted(request->key))
        return BILLING_ERR_KEY;
    if (reason_size == 0 || reason_size > REASON_LIMIT)
        return BILLING_ERR_REASON;
    if (request->rest == REFUND_BY_BANK && (request->payee[0] == '\0' || request->bank_account[0] == '\0'))
        return CASE_ERR_PAYEE;
    return 0;
}

/* Another owner than the present one; what the meter can hold is looked at when the new contract is tried. */
static bool owner_differs(const struct billing_closing_request *request, const struct billing_account *account)
{
    if (billing_mode_of_name(request->new_mode) == 0)
        return false;
    return strcmp(request->new_mode, billing_mode_name(account->mode)) != 0 ||
           (request->new_holds[0] != '\0' && (strcmp(request->new_holds, "units") == 0) != account->holds_units);
}

/* The account can end: open, of no group, and nothing of its wallet reserved. Who holds a balance is a matter of a meter. */
static int account_check(struct billing *billing, const struct billing_closing_request *request,
                         const struct billing_account *account)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account wallet;
    int64_t member_id;
    int found;

    if (account->closed_s != 0)
        return BILLING_ERR_ACCOUNT_CLOSED;
    if (account->closing_id != 0)
        return CASE_ERR_CLOSING_OPEN;
    found = billing_money_carries_settled(billing, account->account_id);
    if (found < 0)
        return found;
    if (account->device_id == 0 && (account->mode != BILLING_POSTPAID || request->kind == CLOSING_OWNER_CHANGE))
        return BILLING_ERR_NO_DEVICE;
    if (request->kind == CLOSING_TENANT_CHANGE &&
        (request->new_customer_id == 0 || request->new_customer_id == account->customer_id))
        return CASE_ERR_NEW_CUSTOMER;
    if (request->kind == CLOSING_OWNER_CHANGE && !owner_differs(request, account))
        return BILLING_ERR_OWNER;
    found = billing->store->account_member_next(billing->store->context, account->account_id, 0, &member_id);
    if (found != 0 || account->main_account_id != 0)
        return found < 0 ? found : CASE_ERR_MEMBER;
    found = ledger->account_read(ledger->context, account->wallet_id, &wallet);
    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    return wallet.held_fen != 0 ? BILLING_ERR_GROUP_HELD : 0;
}

/* Units go back at what they were bought for. */
static int units_look(struct billing *billing, const struct billing_account *account, struct closing *row)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_meter_units shown;
    int error = units->meter_read(units->context, account->device_id, &shown);

    if (error < 0)
        return error;
    if (shown.pending_value != 0)
        return CASE_ERR_METER_PENDING;
    row->meter_units_value = shown.value > 0 ? shown.value : 0;
    row->clear_command_id = -1;
    return billing_units_worth(billing, account, row->meter_units_value, &row->meter_fen);
}

/* A meter that holds the money itself has to give it back, unless it stays in it. */
static int meter_look(struct billing *billing, const struct billing_closing_request *request,
                      const struct billing_account *account, struct closing *row)
{
    bool changes_owner = request->kind == CLOSING_OWNER_CHANGE;
    struct billing_device device;
    int found;

    if (account->mode != BILLING_PREPAID_METER || (!changes_owner && (request->leave_meter || row->move_balance)))
        return 0;
    if (account->holds_units)
        return units_look(billing, account, row);
    found = billing_device_read(billing, account->device_id, &device);
    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_NO_DEVICE;
    if (device.pending_fen != 0)
        return CASE_ERR_METER_PENDING;
    row->meter_fen = device.balance_fen > 0 ? device.balance_fen : 0;
    row->clear_command_id = -1; /* asked for when the rest is sure */
    return 0;
}

/* The same customer goes on, and everything stays with them. */
static void owner_take(const struct billing_closing_request *request, const struct billing_account *account,
                       struct closing *row)
{
    row->new_customer_id = account->customer_id;
    row->rest = REFUND_BY_NONE;
    row->close_valve = false;
    memcpy(row->new_mode, request->new_mode, sizeof row->new_mode);
    memcpy(row->new_holds, request->new_holds, sizeof row->new_holds);
}

static int row_make(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                    const struct billing_closing_request *request, struct closing *row)
{
    struct billing_account account;
    int error = request_check(request);

    if (error == 0)
        error = billing_account_load(billing, scope, request->account_id, &account);
    if (error == 0)
        error = account_check(billing, request, &account);
    if (error < 0)
        return error;
    *row = (struct closing){ .account_id = request->account_id, .total_value = request->total_value,
                             .new_customer_id = request->new_customer_id, .new_tariff_id = request->new_tariff_id,
                             .asked_s = now_s, .tenant_id = scope->tenant_id, .asked_by = scope->person_id,
                             .kind = request->kind, .state = CLOSING_WAITING, .reading = request->reading,
                             .rest = request->rest, .close_valve = request->close_valve && account.device_id != 0,
                             .move_balance = request->kind == CLOSING_OWNER_CHANGE ||
                                             (request->move_balance && request->kind == CLOSING_TENANT_CHANGE) };
    if (request->kind == CLOSING_OWNER_CHANGE)
        owner_take(request, &account, row);
    (void)snprintf(row->key, sizeof row->key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    memcpy(row->payee, request->payee, sizeof row->payee);
    memcpy(row->bank, request->bank, sizeof row->bank);
    memcpy(row->bank_account, request->bank_account, sizeof row->bank_account);
    memcpy(row->reason, request->reason, sizeof row->reason);
    error = billing_closing_read(billing, &account, now_s, row);
    return error < 0 ? error : meter_look(billing, request, &account, row);
}

/* Computed by doing it and taking it back: what is shown is what will happen. */
static int figures_compute(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct closing *row, int64_t wall_s, struct approval_figures *figures)
{
    const struct billing_store *store = billing->store;
    struct billing_refund_request ways = ways_of(row, wall_s, 0);
    struct closing trial = *row;
    size_t mark = undo_mark(billing->config.undo);
    int result = store->step_begin(store->context);
    int ended;

    if (result < 0)
        return result;
    result = billing_closing_compute(billing, scope, now_s, &ways, false, &trial, figures);
    if (billing_error_of_store(result))
        return result;
    undo_revert(billing->config.undo, mark);
    ended = store->step_revert(store->context);
    return ended < 0 ? ended : result;
}

int billing_closing_preview(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            const struct billing_closing_request *request, struct billing_closing *out)
{
    struct billing_closing closing = { .approval_id = 0 };
    int error = row_make(billing, scope, now_s, request, &closing.row);

    if (error == 0)
        error = figures_compute(billing, scope, now_s, &closing.row, request->wall_s, &closing.figures);
    if (error == 0)
        *out = closing;
    return error;
}

/* The account rests, or goes on. */
static int rest_set(struct billing *billing, int64_t account_id, int64_t closing_id, int64_t now_s)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_account account;
    int result = billing->store->account_read(billing->store->context, account_id, &account);

    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_ACCOUNT;
    account.closing_id = closing_id;
    result = cases->account_closing_set(cases->context, &account);
    return result < 0 || closing_id != 0 ? result : billing->store->account_look(billing->store->context, account_id, now_s);
}

static int approval_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct closing *row, int64_t *approval_id)
{
    struct approval approval = { .kind = APPROVAL_CLOSING, .object_id = row->closing_id, .account_id = row->account_id,
                                 .needs_other = true };
    int error;

    memcpy(approval.reason, row->reason, sizeof approval.reason);
    error = billing_approval_ask(billing, scope, now_s, &approval);
    *approval_id = approval.approval_id;
    return error;
}

/* 1 the same closing stands already; 0 new. */
static int repetition_find(struct billing *billing, const struct billing_scope *scope,
                           const struct billing_closing_request *request, struct billing_closing *out)
{
    const struct case_store *cases = billing->config.cases;
    char key[BILLING_KEY_SIZE];
    int found;

    (void)snprintf(key, sizeof key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    found = cases->closing_find_key(cases->context, key, &out->row);
    if (found == 1 && out->row.account_id != request->account_id)
        return BILLING_ERR_KEY_REUSED;
    out->repeated = found == 1;
    return found;
}

static int meter_ask(struct billing *billing, int64_t now_s, struct closing *row)
{
    const struct billing_actions *actions = billing->config.actions;
    struct billing_account account;
    struct billing_command command;
    int result = billing->store->account_read(billing->store->context, row->account_id, &account);

    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_ACCOUNT;
    result = actions->request_clear(actions->context, account.device_id, CLEAR_REASON, now_s, &command);
    row->clear_command_id = (int64_t)command.command_id;
    row->state = CLOSING_CLEARING;
    return result;
}

int billing_closing_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct billing_closing_request *request, struct billing_closing *out)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_closing closing = { .approval_id = 0 };
    int result = repetition_find(billing, scope, request, &closing);

    if (result == 0)
        result = billing_closing_preview(billing, scope, now_s, request, &closing);
    if (result == 0 && !closing.repeated && closing.row.clear_command_id != 0)
        result = meter_ask(billing, now_s, &closing.row);
    if (result == 0)
        result = cases->closing_insert(cases->context, &closing.row);
    if (result == 0)
        result = rest_set(billing, closing.row.account_id, closing.row.closing_id, now_s);
    if (result == 0 && closing.row.state == CLOSING_WAITING)
        result = approval_ask(billing, scope, now_s, &closing.row, &closing.approval_id);
    if (result >= 0)
        *out = closing;
    return result < 0 ? result : 0;
}

static int refuse(struct billing *billing, struct closing *row, int64_t now_s)
{
    const struct case_store *cases = billing->config.cases;
    int error;

    row->state = CLOSING_REFUSED;
    error = cases->closing_update(cases->context, row);
    return error < 0 ? error : rest_set(billing, row->account_id, 0, now_s);
}

/* The meter's money is the customer's again, once. */
static int meter_take(struct billing *billing, const struct closing *row, int64_t now_s)
{
    struct billing_account account;
    struct ledger_transfer transfer = { .amount_fen = row->meter_fen, .reference = row->account_id, .at_s = now_s,
                                        .tenant_id = row->tenant_id, .kind = LEDGER_MOVE };
    int result = billing->store->account_read(billing->store->context, row->account_id, &account);

    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_ACCOUNT;
    if (row->meter_fen == 0)
        return 0;
    transfer.debit_account_id = account.meter_credit_id;
    transfer.credit_account_id = account.wallet_id;
    (void)snprintf(transfer.key, sizeof transfer.key, "closing/%lld/cleared", (long long)row->closing_id);
    result = ledger_post(billing->config.ledger, &transfer);
    return result < 0 ? result : 0;
}

int billing_clear_ended(struct billing *billing, int64_t command_id, bool cleared, int64_t now_s)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_account account;
    struct billing_scope scope;
    struct closing row;
    int64_t approval_id;
    int result = cases->closing_of_command(cases->context, command_id, &row);

    if (result <= 0)
        return result;
    scope = (struct billing_scope){ .tenant_id = row.tenant_id, .person_id = row.asked_by };
    result = billing->store->account_read(billing->store->context, row.account_id, &account);
    if (result < 0 || !cleared)
        return result < 0 ? result : refuse(billing, &row, now_s);
    row.state = CLOSING_WAITING;
    row.cleared_s = now_s;
    result = meter_take(billing, &row, now_s);
    if (result == 0 && row.reading != CLOSING_READ_TYPED)
        result = billing_closing_read(billing, &account, now_s, &row);
    if (result < 0 && !billing_error_of_store(result))
        result = 0; /* the reading of the asking stands */
    if (result == 0)
        result = cases->closing_update(cases->context, &row);
    return result < 0 ? result : approval_ask(billing, &scope, now_s, &row, &approval_id);
}

static int row_load(struct billing *billing, int64_t closing_id, struct closing *row)
{
    const struct case_store *cases = billing->config.cases;
    int found = cases->closing_read(cases->context, closing_id, row);

    return found == 1 ? 0 : found < 0 ? found : CASE_ERR_APPROVAL;
}

int billing_closing_figures(struct billing *billing, const struct approval *approval, int64_t now_s,
                            struct approval_figures *out)
{
    struct billing_scope scope = { .tenant_id = approval->tenant_id };
    struct closing row;
    int error = row_load(billing, approval->object_id, &row);

    return error < 0 ? error : figures_compute(billing, &scope, now_s, &row, now_s, out);
}

/* The valve may be refused or fail: that keeps nobody from moving out. */
static int valve_ask(struct billing *billing, const struct closing *row, int64_t now_s)
{
    const struct billing_actions *actions = billing->config.actions;
    struct billing_account account;
    struct billing_command command;
    int result = billing->store->account_read(billing->store->context, row->account_id, &account);

    if (result <= 0 || !row->close_valve || row->kind != CLOSING_MOVE_OUT)
        return result < 0 ? result : 0;
    result = actions->request_valve(actions->context, account.device_id, BILLING_VALVE_CLOSE, CLEAR_REASON, now_s, &command);
    return result < 0 ? billing_journal(billing, &account, "move_out_valve_refused", "", now_s) : 0;
}

int billing_closing_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            const struct billing_decision *decision, const struct approval *approval)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_scope whole = { .tenant_id = scope->tenant_id, .person_id = scope->person_id };
    struct approval_figures figures = { .count = 0 };
    struct billing_refund_request ways;
    struct closing row;
    int error = row_load(billing, approval->object_id, &row);

    if (error < 0)
        return error;
    ways = ways_of(&row, decision->wall_s, decision->chance);
    whole.person_id = row.asked_by;
    error = billing_closing_compute(billing, &whole, now_s, &ways, true, &row, &figures);
    row.state = CLOSING_DONE;
    row.done_s = now_s;
    if (error == 0)
        error = cases->closing_update(cases->context, &row);
    return error < 0 ? error : valve_ask(billing, &row, now_s);
}

int billing_closing_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct approval *approval)
{
    struct closing row;
    int error = row_load(billing, approval->object_id, &row);

    (void)scope;
    return error < 0 ? error : refuse(billing, &row, now_s);
}

/* A deposit out of what is reserved, or not there, is refused after its posting, which the caller takes back. */
static int funds_check(struct billing *billing, const struct billing_account *account)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account wallet;
    int found = ledger->account_read(ledger->context, account->wallet_id, &wallet);

    if (found < 0)
        return found;
    return found == 0 || ledger_account_available(&wallet) < 0 ? BILLING_ERR_FUNDS : 0;
}

int billing_deposit_take(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                         int64_t amount_fen, const char *key, int64_t *deposit_fen)
{
    const struct case_store *cases = billing->config.cases;
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer = { .amount_fen = amount_fen, .reference = account_id, .at_s = now_s,
                                        .tenant_id = scope->tenant_id, .kind = LEDGER_MOVE };
    struct billing_account account;
    int result = billing_key_permitted(key) ? billing_account_load(billing, scope, account_id, &account) : BILLING_ERR_KEY;

    if (result < 0)
        return result;
    if (billing_account_rests(&account))
        return BILLING_ERR_ACCOUNT_CLOSED;
    if (account.main_account_id != 0)
        return CASE_ERR_MEMBER;
    if (account.deposit_id == 0) {
        result = ledger_account_add(ledger, scope->tenant_id, LEDGER_DEPOSIT, "", &account.deposit_id);
        if (result == 0)
            result = cases->account_closing_set(cases->context, &account);
    }
    transfer.debit_account_id = account.wallet_id;
    transfer.credit_account_id = account.deposit_id;
    /* The longest key has room for a short word only. */
    (void)snprintf(transfer.key, sizeof transfer.key, "%s/%u/%.64s", strlen(key) <= DEPOSIT_KEY_SHORT ? "deposit" : "dep",
                   (unsigned)scope->tenant_id, key);
    if (result == 0)
        result = ledger_post(ledger, &transfer);
    if (result == 0)
        result = funds_check(billing, &account);
    return result < 0 ? result : ledger_balance_read(ledger, account.deposit_id, deposit_fen);
}
