/* A refund on its way: reserved, released or refused, and each of its parts until it has arrived. */
#include "billing/refund.h"

#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"
#include "billing/cash_shift.h"
#include "billing/refund_invoice.h"

#include <stdio.h>
#include <string.h>

#define BANK_ACCOUNT_NAME "bank"

int billing_refund_parts_read(struct billing *billing, struct billing_refund *refund)
{
    const struct case_store *cases = billing->config.cases;
    int found = 1;

    for (refund->count = 0; found == 1 && refund->count < REFUND_PART_LIMIT;) {
        found = cases->part_read(cases->context, refund->row.refund_id, refund->count + 1, &refund->parts[refund->count]);
        refund->count += found == 1;
    }
    return found < 0 ? found : 0;
}

static int refund_load(struct billing *billing, int64_t refund_id, struct billing_refund *out)
{
    const struct case_store *cases = billing->config.cases;
    int found = cases->refund_read(cases->context, refund_id, &out->row);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_REFUND_UNKNOWN;
    return billing_refund_parts_read(billing, out);
}

int billing_refund_write(struct billing *billing, struct billing_refund *refund)
{
    const struct case_store *cases = billing->config.cases;
    int error = cases->refund_insert(cases->context, &refund->row);

    for (int32_t index = 0; error == 0 && index < refund->count; index++) {
        refund->parts[index].refund_id = refund->row.refund_id;
        error = cases->part_insert(cases->context, &refund->parts[index]);
    }
    if (error == 0)
        error = billing_refund_payments_write(billing, refund);
    return error < 0 ? error : billing_refund_invoices_read(billing, refund);
}

static int rows_admit(struct billing *billing, struct billing_refund *refund)
{
    int error = billing_refund_write(billing, refund);

    return error < 0 ? error : billing_refund_invoices_admit(refund);
}

static int suspense_open(struct billing *billing, uint32_t tenant_id, int64_t *ledger_account_id)
{
    return ledger_account_open(billing->config.ledger, tenant_id, LEDGER_SUSPENSE, "refunds", ledger_account_id);
}

/* The money stays where it is, but nobody can spend it. */
static int money_reserve(struct billing *billing, int64_t source_id, int64_t until_s, struct refund *row)
{
    struct ledger_hold hold = { .debit_account_id = source_id, .amount_fen = row->amount_fen, .reference = row->account_id,
                                .at_s = row->asked_s, .expires_s = until_s, .tenant_id = row->tenant_id,
                                .kind = LEDGER_REFUND };
    int error = suspense_open(billing, row->tenant_id, &hold.credit_account_id);

    (void)snprintf(hold.key, sizeof hold.key, "refund/%lld", (long long)row->refund_id);
    if (error == 0)
        error = ledger_hold(billing->config.ledger, &hold);
    row->hold_id = hold.hold_id;
    return error < 0 ? error : 0;
}

int billing_refund_wait(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t source_id,
                        struct billing_refund *refund)
{
    const struct case_store *cases = billing->config.cases;
    struct approval approval = { .kind = APPROVAL_REFUND, .account_id = refund->row.account_id,
                                 .amount_fen = refund->row.amount_fen, .needs_other = true };
    struct billing_policy policy;
    int error = rows_admit(billing, refund);

    if (error == 0)
        error = billing_policy_read(billing, scope->tenant_id, &policy);
    if (error < 0)
        return error;
    approval.expires_s = now_s + (int64_t)policy.approval_hours * 3600;
    approval.object_id = refund->row.refund_id;
    memcpy(approval.reason, refund->row.reason, sizeof approval.reason);
    error = money_reserve(billing, source_id, approval.expires_s, &refund->row);
    if (error == 0)
        error = cases->refund_update(cases->context, &refund->row);
    if (error == 0)
        error = billing_approval_ask(billing, scope, now_s, &approval);
    refund->approval_id = approval.approval_id;
    return error;
}

static void leg_key(const struct refund_part *part, const char *leg, char key[LEDGER_KEY_SIZE])
{
    (void)snprintf(key, LEDGER_KEY_SIZE, "refund/%lld/%d/%s", (long long)part->refund_id, (int)part->part, leg);
}

static int leg_post(struct billing *billing, const struct refund *row, const struct refund_part *part, const char *leg,
                    int64_t debit_id, int64_t credit_id, int64_t now_s)
{
    struct ledger_transfer transfer = { .debit_account_id = debit_id, .credit_account_id = credit_id,
                                        .amount_fen = part->amount_fen, .reference = row->account_id, .at_s = now_s,
                                        .tenant_id = row->tenant_id, .kind = LEDGER_REFUND };
    int result;

    leg_key(part, leg, transfer.key);
    result = ledger_post(billing->config.ledger, &transfer);
    return result < 0 ? result : 0;
}

static int channel_send(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const struct refund *row,
                        const struct billing_refund_request *ways, struct refund_part *part)
{
    struct billing_scope whole = { .tenant_id = scope->tenant_id, .person_id = row->asked_by };
    struct payment_refund_request request = { .payment_order_id = part->payment_order_id, .amount_fen = part->amount_fen,
                                              .chance = ways->chance + (uint64_t)part->part };
    struct payment_refund sent;
    int result;

    (void)snprintf(request.key, sizeof request.key, "refund-%lld-%d", (long long)row->refund_id, (int)part->part);
    memcpy(request.reason, row->reason, sizeof request.reason);
    result = payment_refund_ask(billing, &whole, ways->wall_s, now_s, &request, &sent);
    if (result < 0)
        return result;
    part->payment_refund_id = sent.payment_refund_id;
    memcpy(part->refund_number, sent.refund_number, sizeof part->refund_number);
    part->state = REFUND_PART_PAYING;
    return 0;
}

/* The ledger account that the money of a refund leaves, and returns to. */
static int source_find(struct billing *billing, const struct refund *row, int64_t *ledger_account_id)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct billing_account account;
    struct payment_order order;
    int found;

    if (row->payment_order_id != 0) {
        found = orders->order_read(orders->context, row->payment_order_id, &order);
        return found == 1 ? billing_order_source(billing, &order, ledger_account_id) : found < 0 ? found : BILLING_ERR_ORDER;
    }
    found = billing->store->account_read(billing->store->context, row->account_id, &account);
    if (found == 1)
        *ledger_account_id = account.wallet_id;
    return found == 1 ? 0 : found < 0 ? found : BILLING_ERR_ACCOUNT;
}

/* Cash leaves the drawer of who asked, who stands at the counter; of who approved when that is closed by now. */
static int drawer_find(struct billing *billing, const struct billing_scope *scope, const struct refund *row, int64_t *shift_id)
{
    struct billing_policy policy;
    int error = cash_shift_of(billing, row->tenant_id, row->asked_by, shift_id);

    if (error == 0 && *shift_id == 0)
        error = cash_shift_of(billing, row->tenant_id, scope->person_id, shift_id);
    if (error < 0 || *shift_id != 0)
        return error;
    error = billing_policy_read(billing, row->tenant_id, &policy);
    if (error < 0)
        return error;
    return policy.cash_shift_required != 0 ? CASH_ERR_SHIFT_NEEDED : 0;
}

/* What a channel pays out is told when the channel says so. */
static int part_tell(struct billing *billing, const struct refund *row, const struct refund_part *part)
{
    char number[40];

    if (part->state != REFUND_PART_DONE)
        return 0;
    (void)snprintf(number, sizeof number, "refund-%lld-%d", (long long)row->refund_id, (int)part->part);
    return billing_money_tell(billing, &(struct billing_money){
        .tenant_id = row->tenant_id, .account_id = row->account_id, .kind = BILLING_MONEY_REFUNDED,
        .amount_fen = part->amount_fen, .method = part->route == REFUND_BY_CASH ? "cash" : "bank", .reference = number });
}

/* Out of the drawer at once; the bank's payout waits in suspense until somebody says that it has arrived. */
static int hand_send(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const struct refund *row,
                     struct refund_part *part)
{
    bool cash = part->route == REFUND_BY_CASH;
    int64_t source_id = 0, credit_id = 0;
    int result = source_find(billing, row, &source_id);

    if (result == 0 && cash)
        result = drawer_find(billing, scope, row, &part->shift_id);
    if (result < 0)
        return result;
    result = cash ? ledger_account_open(billing->config.ledger, row->tenant_id, LEDGER_CASH, "counter", &credit_id)
                  : suspense_open(billing, row->tenant_id, &credit_id);
    if (result == 0)
        result = leg_post(billing, row, part, cash ? "cash" : "asked", source_id, credit_id, now_s);
    part->state = cash ? REFUND_PART_DONE : REFUND_PART_PAYING;
    part->settled_s = cash ? now_s : 0;
    part->settled_by = cash ? scope->person_id : 0;
    return result < 0 ? result : part_tell(billing, row, part);
}

/* Parts that are written already leave. */
static int parts_send(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                      const struct billing_refund_request *ways, struct billing_refund *refund)
{
    const struct case_store *cases = billing->config.cases;
    const struct billing_store *store = billing->store;
    int error = 0;

    for (int32_t index = 0; error == 0 && index < refund->count; index++) {
        struct refund_part *part = &refund->parts[index];

        error = part->route == REFUND_BY_CHANNEL ? channel_send(billing, scope, now_s, &refund->row, ways, part)
                                                 : hand_send(billing, scope, now_s, &refund->row, part);
        if (error == 0)
            error = cases->part_update(cases->context, part);
    }
    refund->row.state = REFUND_RELEASED;
    if (error == 0)
        error = cases->refund_update(cases->context, &refund->row);
    if (error == 0)
        error = billing_refund_invoices_take_back(billing, scope, refund);
    return error < 0 ? error : store->account_look(store->context, refund->row.account_id, now_s);
}

int billing_refund_send(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct billing_refund_request *request, struct billing_refund *refund)
{
    int error = rows_admit(billing, refund);

    return error < 0 ? error : parts_send(billing, scope, now_s, request, refund);
}

static int hold_free(struct billing *billing, struct refund *row, int64_t now_s)
{
    int result = row->hold_id != 0 ? ledger_hold_void(billing->config.ledger, row->tenant_id, row->hold_id, now_s, NULL) : 0;

    return result < 0 ? result : 0;
}

static int invoices_show(struct billing *billing, struct billing_refund *refund, struct approval_figures *out)
{
    int error = billing_refund_invoices_read(billing, refund);
    int64_t sum_fen = 0;

    for (int32_t index = 0; index < refund->invoice_count; index++)
        sum_fen += refund->invoices[index].amount_fen;
    if (error == 0 && sum_fen > 0)
        approval_figure_add(out, "red_letters", sum_fen);
    return error;
}

int billing_refund_figures(struct billing *billing, const struct approval *approval, int64_t now_s,
                           struct approval_figures *out)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account source;
    struct ledger_hold hold;
    struct billing_refund refund;
    int64_t balance_fen;
    int result = refund_load(billing, approval->object_id, &refund);

    (void)now_s;
    if (result == 0)
        result = ledger->hold_read(ledger->context, refund.row.hold_id, &hold);
    if (result == 1)
        result = ledger->account_read(ledger->context, hold.debit_account_id, &source);
    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_REFUND_UNKNOWN;
    balance_fen = ledger_account_available(&source) + (hold.state == LEDGER_HOLD_PENDING ? hold.amount_fen : 0);
    approval_figure_add(out, "balance", balance_fen);
    for (int32_t index = 0; index < refund.count; index++) {
        char name[24];

        (void)snprintf(name, sizeof name, "refund_%s", refund_route_name(refund.parts[index].route));
        approval_figure_add(out, name, -refund.parts[index].amount_fen);
    }
    approval_figure_add(out, "balance_after", balance_fen - refund.row.amount_fen);
    result = invoices_show(billing, &refund, out);
    if (result == 0)
        result = billing_refund_invoices_admit(&refund);
    return result == 0 && balance_fen < refund.row.amount_fen ? BILLING_ERR_FUNDS : result;
}

int billing_refund_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct billing_decision *decision, const struct approval *approval)
{
    struct billing_refund_request ways = { .wall_s = decision->wall_s, .chance = decision->chance };
    struct billing_refund refund;
    int error = refund_load(billing, approval->object_id, &refund);

    if (error == 0)
        error = billing_refund_invoices_read(billing, &refund);
    if (error == 0)
        error = billing_refund_invoices_admit(&refund);
    if (error == 0)
        error = hold_free(billing, &refund.row, now_s);
    return error < 0 ? error : parts_send(billing, scope, now_s, &ways, &refund);
}

int billing_refund_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          const struct approval *approval)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_refund refund;
    int error = refund_load(billing, approval->object_id, &refund);

    (void)scope;
    if (error == 0)
        error = hold_free(billing, &refund.row, now_s);
    for (int32_t index = 0; error == 0 && index < refund.count; index++) {
        refund.parts[index].state = REFUND_PART_REFUSED;
        error = cases->part_update(cases->context, &refund.parts[index]);
    }
    refund.row.state = REFUND_REFUSED;
    if (error == 0)
        error = cases->refund_update(cases->context, &refund.row);
    return error < 0 ? error : billing->store->account_look(billing->store->context, refund.row.account_id, now_s);
}

static struct refund_part *bank_part(struct billing_refund *refund)
{
    for (int32_t index = 0; index < refund->count; index++)
        if (refund->parts[index].route == REFUND_BY_BANK && refund->parts[index].state == REFUND_PART_PAYING)
            return &refund->parts[index];
    return NULL;
}

int billing_refund_settle(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t refund_id,
                          bool paid, const char *reference)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_account account;
    struct billing_refund refund;
    struct refund_part *part;
    int64_t waiting_id = 0, credit_id = 0;
    int error = refund_load(billing, refund_id, &refund);

    if (error == 0)
        error = billing_account_load(billing, scope, refund.row.account_id, &account);
    if (error < 0)
        return error == BILLING_ERR_ACCOUNT ? BILLING_ERR_REFUND_UNKNOWN : error;
    part = bank_part(&refund);
    if (part == NULL)
        return CASE_ERR_REFUND_STATE;
    error = source_find(billing, &refund.row, &credit_id);
    if (error == 0)
        error = suspense_open(billing, refund.row.tenant_id, &waiting_id);
    if (error == 0 && paid)
        error = ledger_account_open(billing->config.ledger, refund.row.tenant_id, LEDGER_CHANNEL, BANK_ACCOUNT_NAME,
                                    &credit_id);
    if (error == 0)
        error = leg_post(billing, &refund.row, part, paid ? "paid" : "back", waiting_id, credit_id, now_s);
    part->state = paid ? REFUND_PART_DONE : REFUND_PART_FAILED;
    part->settled_by = scope->person_id;
    part->settled_s = now_s;
    (void)text_copy(span_of_text(reference), part->reference, sizeof part->reference);
    if (error == 0)
        error = part_tell(billing, &refund.row, part);
    return error < 0 ? error : cases->part_update(cases->context, part);
}
