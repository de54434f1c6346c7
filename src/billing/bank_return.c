/* A transfer that is nobody's goes back to the bank account it came from: asked by one person, approved by another. */
#include "billing/bank_import.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#define REASON_LIMIT 120

static int line_load(struct billing *billing, uint32_t tenant_id, int64_t line_id, struct bank_line *line)
{
    const struct bank_store *bank = billing->config.bank;
    int found = bank->line_read(bank->context, line_id, line);

    if (found < 0)
        return found;
    if (found == 0 || line->tenant_id != tenant_id)
        return CASH_ERR_LINE;
    return line->state == BANK_LINE_SUSPENSE ? 0 : CASH_ERR_LINE_STATE;
}

int bank_line_return_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t line_id,
                         const char *reason, int64_t *approval_id)
{
    const struct case_store *cases = billing->config.cases;
    struct approval approval = { .kind = APPROVAL_BANK_RETURN, .object_id = line_id, .needs_other = true };
    struct approval before;
    struct bank_line line;
    int result = billing_scope_check_whole(scope);

    if (result == 0)
        result = line_load(billing, scope->tenant_id, line_id, &line);
    if (result < 0)
        return result;
    if (reason[0] == '\0' || strlen(reason) > REASON_LIMIT)
        return CASH_ERR_REASON;
    result = cases->approval_of(cases->context, APPROVAL_BANK_RETURN, line_id, &before);
    if (result != 0)
        return result < 0 ? result : CASH_ERR_RETURN_ASKED;
    approval.amount_fen = line.amount_fen;
    (void)text_copy(span_of_text(reason), approval.reason, sizeof approval.reason);
    result = billing_approval_ask(billing, scope, now_s, &approval);
    if (result == 0)
        *approval_id = approval.approval_id;
    return result;
}

int billing_bank_return_figures(struct billing *billing, const struct approval *row, int64_t now_s,
                                struct approval_figures *out)
{
    struct bank_line line;
    int error = line_load(billing, row->tenant_id, row->object_id, &line);

    (void)now_s;
    if (error == 0 || error == CASH_ERR_LINE_STATE)
        approval_figure_add(out, "amount", line.amount_fen);
    return error;
}

int billing_bank_return_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                                const struct billing_decision *decision, const struct approval *row)
{
    const struct bank_store *bank = billing->config.bank;
    struct ledger_transfer transfer = { .reference = row->object_id, .at_s = now_s, .tenant_id = row->tenant_id,
                                        .kind = LEDGER_REFUND };
    struct bank_line line;
    int error = line_load(billing, row->tenant_id, row->object_id, &line);

    (void)decision;
    if (error == 0)
        error = billing_bank_suspense_open(billing, &line, &transfer.debit_account_id);
    if (error == 0)
        error = billing_bank_account_open(billing, &line, &transfer.credit_account_id);
    if (error < 0)
        return error;
    transfer.amount_fen = line.amount_fen;
    (void)snprintf(transfer.key, sizeof transfer.key, "bank/%lld/return", (long long)line.line_id);
    error = ledger_post(billing->config.ledger, &transfer);
    if (error < 0)
        return error;
    line.state = BANK_LINE_RETURNED;
    line.assigned_by = scope->person_id;
    line.assigned_s = now_s;
    return bank->line_update(bank->context, &line);
}
