/* Second persons, for every kind of case by one rule. */
#include "billing/approval.h"

#include "base/decimal.h"
#include "base/text.h"
#include "base/writer.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"
#include "billing/cash_error.h"

#include <stdio.h>
#include <string.h>

#define REASON_LIMIT 120
#define HOUR_S 3600

/* One row a kind. A strict kind is not approved when any figure differs from what was asked; figures() answers the error for
 * which approving would be refused now, 0 none. refuse() NULL: nothing was done that must be undone, a drawer is counted again,
 * a transfer waits for its owner as before. */
static const struct approval_kind {
    const char *permission;
    bool strict;
    bool forever;             /* waits without a bound */
    int (*figures)(struct billing *billing, const struct approval *row, int64_t now_s, struct approval_figures *out);
    int (*approve)(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                   const struct billing_decision *decision, const struct approval *row);
    int (*refuse)(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const struct approval *row);
} kinds[APPROVAL_KIND_COUNT] = {
    [APPROVAL_REFUND] = { "settlement.run", false, false, billing_refund_figures, billing_refund_approve,
                          billing_refund_refuse },
    [APPROVAL_CLOSING] = { "settlement.run", true, false, billing_closing_figures, billing_closing_approve,
                           billing_closing_refuse },
    [APPROVAL_PAYMENT_MOVE] = { "settlement.run", false, false, billing_move_figures, billing_move_approve,
                                billing_move_refuse },
    [APPROVAL_PAYMENT_UNDO] = { "payments.write", false, false, billing_undo_figures, billing_undo_approve,
                                billing_undo_refuse },
    [APPROVAL_CUT_OFF_BATCH] = { "commands.write", false, false, billing_batch_figures, billing_batch_approve, NULL },
    [APPROVAL_TARIFF] = { "tariffs.write", false, false, billing_tariff_figures, billing_tariff_approve,
                          billing_tariff_refuse },
    [APPROVAL_CASH_DIFFERENCE] = { "settlement.run", false, true, billing_difference_figures, billing_difference_approve, NULL },
    [APPROVAL_BANK_RETURN] = { "settlement.run", false, false, billing_bank_return_figures, billing_bank_return_approve, NULL },
    [APPROVAL_LATE_FEE] = { "settlement.run", false, false, billing_late_fee_figures, billing_late_fee_approve, NULL },
    [APPROVAL_METER_CARRY] = { "settlement.run", false, true, billing_meter_carry_figures, billing_meter_carry_approve,
                               billing_meter_carry_refuse },
    [APPROVAL_SETTLEMENT_RUN] = { "settlement.run", false, true, billing_run_figures, billing_run_approve,
                                  billing_run_refuse },
};

void approval_figure_add(struct approval_figures *figures, const char *name, int64_t value)
{
    struct approval_figure *row;

    if (figures->count == APPROVAL_FIGURE_LIMIT)
        return;
    row = &figures->rows[figures->count++];
    (void)snprintf(row->name, sizeof row->name, "%s", name);
    row->value = value;
}

int approval_figures_write(const struct approval_figures *figures, char out[CASE_FIGURES_SIZE])
{
    struct writer writer = writer_of_buffer(out, CASE_FIGURES_SIZE);

    for (int32_t index = 0; index < figures->count; index++)
        writer_format(&writer, "%s=%lld;", figures->rows[index].name, (long long)figures->rows[index].value);
    (void)writer_terminate(&writer);
    return writer_result(&writer) < 0 ? CASE_ERR_FIGURES_CHANGED : 0;
}

void approval_figures_read(const char *text, struct approval_figures *out)
{
    struct approval_figures figures = { .count = 0 };

    while (figures.count < APPROVAL_FIGURE_LIMIT) {
        struct approval_figure *row = &figures.rows[figures.count];
        size_t name_size = strcspn(text, "=");
        size_t value_size = strcspn(text, ";");

        if (text[name_size] != '=' || text[value_size] != ';' || name_size >= value_size || name_size >= sizeof row->name)
            break;
        memcpy(row->name, text, name_size);
        row->name[name_size] = '\0';
        if (decimal_parse(span_of_bytes(text + name_size + 1, value_size - name_size - 1), 0, &row->value) != 0)
            break;
        figures.count++;
        text += value_size + 1;
    }
    *out = figures;
}

const char *billing_approval_permission(int kind)
{
    return kind > 0 && kind < APPROVAL_KIND_COUNT ? kinds[kind].permission : NULL;
}

const struct error_info *billing_approval_error_info(int error)
{
    static const struct error_info *(*const rooms[])(int) = { case_error_info, billing_error_info, cash_error_info,
                                                              ledger_error_info };

    for (size_t index = 0; index < sizeof rooms / sizeof rooms[0]; index++)
        if (rooms[index](error) != NULL)
            return rooms[index](error);
    return NULL;
}

/* Whose case it is bounds who sees it; what concerns the whole tenant is everybody's who has the right. */
static int scope_check(struct billing *billing, const struct billing_scope *scope, const struct approval *row)
{
    struct billing_account account;
    int error;

    if (row->tenant_id != scope->tenant_id)
        return CASE_ERR_APPROVAL;
    if (row->account_id == 0)
        return row->area_path[0] == '\0' || billing_scope_holds(scope, row->tenant_id, row->area_path) ? 0 : CASE_ERR_APPROVAL;
    error = billing_account_load(billing, scope, row->account_id, &account);
    return error == BILLING_ERR_ACCOUNT ? CASE_ERR_APPROVAL : error;
}

static int kind_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const struct approval *row)
{
    return kinds[row->kind].refuse != NULL ? kinds[row->kind].refuse(billing, scope, now_s, row) : 0;
}

static int figures_load(struct billing *billing, int64_t now_s, struct billing_approval *out)
{
    int error;

    approval_figures_read(out->row.figures, &out->asked);
    out->now = out->asked;
    out->error = 0;
    if (out->row.state != APPROVAL_WAITING)
        return 0;
    out->now.count = 0;
    error = kinds[out->row.kind].figures(billing, &out->row, now_s, &out->now);
    if (billing_error_of_store(error))
        return error;
    out->error = error;
    return 0;
}

static int row_find(struct billing *billing, const struct billing_scope *scope, int64_t approval_id, struct approval *row)
{
    const struct case_store *cases = billing->config.cases;
    int found = cases->approval_read(cases->context, approval_id, row);

    if (found <= 0)
        return found < 0 ? found : CASE_ERR_APPROVAL;
    return scope_check(billing, scope, row);
}

static bool figures_differ(const struct billing_approval *approval)
{
    char now[CASE_FIGURES_SIZE];

    return approval_figures_write(&approval->now, now) < 0 || strcmp(now, approval->row.figures) != 0;
}

/* What would refuse an approval as things are: the figures, or the kind's own reason. */
static void error_find(struct billing_approval *approval)
{
    if (approval->row.state == APPROVAL_WAITING && approval->error == 0 && kinds[approval->row.kind].strict &&
        figures_differ(approval))
        approval->error = CASE_ERR_FIGURES_CHANGED;
}

int billing_approval_read(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t approval_id,
                          struct billing_approval *out)
{
    struct billing_approval approval;
    int error = row_find(billing, scope, approval_id, &approval.row);

    if (error == 0)
        error = figures_load(billing, now_s, &approval);
    if (error < 0)
        return error;
    error_find(&approval);
    *out = approval;
    return 0;
}

int billing_approval_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, struct approval *row)
{
    const struct case_store *cases = billing->config.cases;
    struct approval_figures figures = { .count = 0 };
    struct billing_policy policy;
    int error = billing_policy_read(billing, scope->tenant_id, &policy);

    row->tenant_id = scope->tenant_id;
    row->asked_by = scope->person_id;
    row->asked_s = now_s;
    row->state = APPROVAL_WAITING;
    if (row->expires_s == 0 && !kinds[row->kind].forever)
        row->expires_s = now_s + (int64_t)policy.approval_hours * HOUR_S;
    if (error == 0)
        error = kinds[row->kind].figures(billing, row, now_s, &figures);
    if (!billing_error_of_store(error)) /* what stands in its way now may be gone when it is decided */
        error = approval_figures_write(&figures, row->figures);
    return error < 0 ? error : cases->approval_insert(cases->context, row);
}

static int decision_check(const struct billing_scope *scope, int64_t now_s, const struct billing_decision *decision,
                          const struct approval *row)
{
    size_t size = strlen(decision->reason);

    if (row->state != APPROVAL_WAITING || (row->expires_s != 0 && now_s >= row->expires_s))
        return CASE_ERR_APPROVAL_SETTLED;
    if (size > REASON_LIMIT || (size == 0 && !decision->approve))
        return BILLING_ERR_REASON;
    return decision->approve && row->needs_other && row->asked_by == scope->person_id ? BILLING_ERR_SAME_PERSON : 0;
}

static int figures_check(struct billing *billing, int64_t now_s, const struct billing_decision *decision,
                         struct billing_approval *out)
{
    char now[CASE_FIGURES_SIZE];
    int error = decision->approve ? figures_load(billing, now_s, out) : 0;

    if (error < 0 || !decision->approve)
        return error;
    error_find(out);
    if (out->error == 0 && decision->seen[0] != '\0' &&
        (approval_figures_write(&out->now, now) < 0 || strcmp(now, decision->seen) != 0))
        out->error = CASE_ERR_FIGURES_CHANGED;
    return out->error;
}

/* The row first: what follows may look at it. */
static int decision_write(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          const struct billing_decision *decision, struct approval *row)
{
    const struct case_store *cases = billing->config.cases;
    int error;

    row->state = decision->approve ? APPROVAL_APPROVED : APPROVAL_REFUSED;
    row->decided_by = scope->person_id;
    row->decided_s = now_s;
    (void)text_copy(span_of_text(decision->reason), row->decision, sizeof row->decision);
    error = cases->approval_update(cases->context, row);
    if (error < 0)
        return error;
    return decision->approve ? kinds[row->kind].approve(billing, scope, now_s, decision, row)
                             : kind_refuse(billing, scope, now_s, row);
}

int billing_approval_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            const struct billing_decision *decision, struct billing_approval *out)
{
    struct billing_approval approval = { .error = 0 };
    int error = row_find(billing, scope, decision->approval_id, &approval.row);

    if (error == 0)
        error = decision_check(scope, now_s, decision, &approval.row);
    if (error == 0)
        error = figures_check(billing, now_s, decision, &approval);
    if (error == 0)
        error = decision_write(billing, scope, now_s, decision, &approval.row);
    if (error >= 0 || error == CASE_ERR_FIGURES_CHANGED)
        *out = approval;
    return error;
}

int billing_approval_decide_object(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int kind,
                                   int64_t object_id, bool approve, int missing)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_decision decision = { .approve = approve, .reason = approve ? "" : "withdrawn", .seen = "" };
    struct billing_approval approval;
    int found = cases->approval_of(cases->context, kind, object_id, &approval.row);
    int error;

    if (found <= 0)
        return found < 0 ? found : missing;
    decision.approval_id = approval.row.approval_id;
    error = billing_approval_decide(billing, scope, now_s, &decision, &approval);
    return error == CASE_ERR_APPROVAL_SETTLED ? missing : error;
}

int billing_approval_withdraw(struct billing *billing, int64_t now_s, int kind, int64_t object_id)
{
    const struct case_store *cases = billing->config.cases;
    struct approval row;
    int found = cases->approval_of(cases->context, kind, object_id, &row);

    if (found <= 0)
        return found;
    row.state = APPROVAL_LAPSED;
    row.decided_s = now_s;
    return cases->approval_update(cases->context, &row);
}

static int lapse(struct billing *billing, struct approval *row, int64_t now_s)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_scope platform = { .tenant_id = row->tenant_id };
    int error;

    row->state = APPROVAL_LAPSED;
    row->decided_s = now_s;
    error = cases->approval_update(cases->context, row);
    return error < 0 ? error : kind_refuse(billing, &platform, now_s, row);
}

int billing_approvals_lapse(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct case_store *cases = billing->config.cases;

    for (int32_t done = 0; done < limit; done++) {
        struct approval row;
        int result = cases->approval_lapsed(cases->context, now_s, &row);

        if (result <= 0)
            return result;
        result = lapse(billing, &row, now_s);
        if (result < 0)
            return result;
    }
    return 0;
}
