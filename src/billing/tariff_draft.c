#include "billing/tariff_draft.h"

#include "base/calendar.h"
#include "base/text.h"
#include "billing/approval.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#include <string.h>

static const char *const draft_states[TARIFF_DRAFT_STATE_COUNT] = { "", "draft", "asked", "released", "withdrawn" };
static const char *const run_states[TARIFF_RUN_STATE_COUNT] = { "none", "running", "done", "cancelled" };

static int name_find(const char *const *names, int count, const char *name)
{
    for (int index = 0; index < count; index++) {
        if (strcmp(names[index], name) == 0)
            return index;
    }
    return 0;
}

const char *tariff_draft_state_name(int state)
{
    return state > 0 && state < TARIFF_DRAFT_STATE_COUNT ? draft_states[state] : "unknown";
}

int tariff_draft_state_of_name(const char *name)
{
    return name_find(draft_states, TARIFF_DRAFT_STATE_COUNT, name);
}

const char *tariff_run_state_name(int state)
{
    return state >= 0 && state < TARIFF_RUN_STATE_COUNT ? run_states[state] : "unknown";
}

int tariff_run_state_of_name(const char *name)
{
    return name_find(run_states, TARIFF_RUN_STATE_COUNT, name);
}

int billing_draft_load(struct billing *billing, const struct billing_scope *scope, int64_t tariff_draft_id,
                       struct tariff_draft *out)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    int error = billing_scope_check_whole(scope);
    int found;

    if (error < 0)
        return error;
    found = drafts->read(drafts->context, scope->tenant_id, tariff_draft_id, out);
    return found < 0 ? found : found == 0 ? BILLING_ERR_TARIFF_DRAFT : 0;
}

int billing_tariff_version_first(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                                 int64_t tariff_id, int64_t effective_day, const char *document,
                                 struct tariff_problem *problem, int64_t *tariff_version_id)
{
    const struct billing_store *store = billing->store;
    struct billing_tariff_version newest;
    struct billing_tariff row;
    int found = store->tariff_read(store->context, scope->tenant_id, tariff_id, &row);

    if (found == 1)
        found = store->tariff_version_on(store->context, tariff_id, INT64_MAX, &newest);
    if (found < 0)
        return found;
    if (found == 1)
        return BILLING_ERR_RELEASE;
    return billing_tariff_version_add(billing, scope, now_s, tariff_id, effective_day, document, problem,
                                      tariff_version_id);
}

int billing_draft_create(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t tariff_id,
                         int64_t effective_day, const char *document, struct tariff_problem *problem,
                         int64_t *tariff_draft_id)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct tariff_draft row = { .tariff_id = tariff_id, .effective_day = effective_day, .changed_s = now_s,
                                .tenant_id = scope->tenant_id, .changed_by = scope->person_id,
                                .state = TARIFF_DRAFT_OPEN };
    int error = billing_scope_check_whole(scope);

    if (error == 0)
        error = billing_tariff_version_check(billing, scope, now_s, tariff_id, effective_day, document, problem);
    if (error == 0)
        error = drafts->insert(drafts->context, &row, document);
    if (error == 0)
        *tariff_draft_id = row.tariff_draft_id;
    return error;
}

static int document_take(struct billing *billing, const char *document, struct tariff_draft *row)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;

    if (document[0] == '\0')
        return 0;
    row->run.state = TARIFF_RUN_NONE;
    return drafts->document_write(drafts->context, row->tariff_draft_id, document);
}

int billing_draft_change(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         int64_t tariff_draft_id, int64_t effective_day, const char *document,
                         struct tariff_problem *problem)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct tariff_draft row;
    int error = billing_draft_load(billing, scope, tariff_draft_id, &row);

    if (error < 0)
        return error;
    if (row.state != TARIFF_DRAFT_OPEN)
        return BILLING_ERR_DRAFT_STATE;
    if (effective_day != 0)
        row.effective_day = effective_day;
    error = billing_tariff_version_check(billing, scope, now_s, row.tariff_id, row.effective_day, document, problem);
    if (error == 0)
        error = document_take(billing, document, &row);
    row.changed_by = scope->person_id;
    row.changed_s = now_s;
    return error < 0 ? error : drafts->update(drafts->context, &row);
}

/* What waits for the second person is in the one list of all that does. */
static int draft_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, struct tariff_draft *row)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct approval approval = { .kind = APPROVAL_TARIFF, .object_id = row->tariff_draft_id, .needs_other = true,
                                 .amount_fen = row->run.draft_fen - row->run.present_fen };
    int error;

    if (row->run.state != TARIFF_RUN_DONE)
        return BILLING_ERR_DRY_RUN;
    row->state = TARIFF_DRAFT_ASKED;
    row->asked_by = scope->person_id;
    row->asked_s = now_s;
    (void)text_copy(span_of_text(row->reason), approval.reason, sizeof approval.reason);
    error = drafts->update(drafts->context, row);
    return error < 0 ? error : billing_approval_ask(billing, scope, now_s, &approval);
}

/* Released is what was tried and asked for, checked again: its day may have passed while it waited. */
static int draft_release(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         struct tariff_draft *row)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    int found;

    if (scope->person_id == row->asked_by || scope->person_id == row->changed_by)
        return BILLING_ERR_SAME_PERSON;
    found = drafts->document_read(drafts->context, row->tariff_draft_id, billing->document, sizeof billing->document);
    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_TARIFF_DRAFT;
    row->state = TARIFF_DRAFT_RELEASED;
    return billing_tariff_version_add(billing, scope, now_s, row->tariff_id, row->effective_day, billing->document, NULL,
                                      &row->tariff_version_id);
}

static int draft_withdraw(struct billing *billing, int64_t now_s, struct tariff_draft *row)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct billing_policy policy;
    int error = billing_policy_read(billing, row->tenant_id, &policy);

    if (error == 0 && row->state == TARIFF_DRAFT_RELEASED) {
        if (row->effective_day <= calendar_local_day(now_s, policy.arrears.zone_offset_s))
            return BILLING_ERR_BEGUN;
        billing_tariffs_forget(billing);
        error = drafts->version_delete(drafts->context, row->tariff_version_id);
    }
    row->state = TARIFF_DRAFT_WITHDRAWN;
    row->tariff_version_id = 0;
    return error;
}

static int draft_decided(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const char *reason,
                         struct tariff_draft *row)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;

    row->decided_by = scope->person_id;
    row->decided_s = now_s;
    if (text_copy(span_of_text(reason), row->reason, sizeof row->reason) < 0)
        return BILLING_ERR_REASON;
    return drafts->update(drafts->context, row);
}

int billing_tariff_figures(struct billing *billing, const struct approval *row, int64_t now_s,
                           struct approval_figures *out)
{
    struct billing_scope scope = { .tenant_id = row->tenant_id };
    struct tariff_draft draft;
    int error = billing_draft_load(billing, &scope, row->object_id, &draft);

    if (error < 0)
        return error;
    approval_figure_add(out, "accounts", draft.run.done - draft.run.skipped);
    approval_figure_add(out, "accounts_more", draft.run.more);
    approval_figure_add(out, "accounts_less", draft.run.less);
    approval_figure_add(out, "change", draft.run.draft_fen - draft.run.present_fen);
    return billing_tariff_version_check(billing, &scope, now_s, draft.tariff_id, draft.effective_day, "", NULL);
}

int billing_tariff_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct billing_decision *decision, const struct approval *row)
{
    struct tariff_draft draft;
    int error = billing_draft_load(billing, scope, row->object_id, &draft);

    if (error == 0)
        error = draft_release(billing, scope, now_s, &draft);
    return error < 0 ? error : draft_decided(billing, scope, now_s, decision->reason, &draft);
}

int billing_tariff_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          const struct approval *row)
{
    struct tariff_draft draft;
    int error = billing_draft_load(billing, scope, row->object_id, &draft);

    draft.state = TARIFF_DRAFT_OPEN;
    return error < 0 ? error : draft_decided(billing, scope, now_s, row->decision, &draft);
}

/* Which decision a state permits. */
static bool decision_permitted(int state, enum tariff_draft_decision decision)
{
    static const bool permitted[TARIFF_DRAFT_STATE_COUNT][TARIFF_DRAFT_WITHDRAW + 1] = {
        [TARIFF_DRAFT_OPEN] = { [TARIFF_DRAFT_ASK] = true, [TARIFF_DRAFT_WITHDRAW] = true },
        [TARIFF_DRAFT_ASKED] = { [TARIFF_DRAFT_RELEASE] = true,
                                 [TARIFF_DRAFT_REFUSE] = true,
                                 [TARIFF_DRAFT_WITHDRAW] = true },
        [TARIFF_DRAFT_RELEASED] = { [TARIFF_DRAFT_WITHDRAW] = true },
    };

    return permitted[state][decision];
}

/* Decide what waits in the list; the draft follows. */
static int approval_settle(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           int64_t tariff_draft_id, bool approve, const char *reason)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_decision decision = { .approve = approve, .reason = reason, .seen = "" };
    struct billing_approval approval;
    int found = cases->approval_of(cases->context, APPROVAL_TARIFF, tariff_draft_id, &approval.row);
    int error;

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_DRAFT_STATE;
    decision.approval_id = approval.row.approval_id;
    error = billing_approval_decide(billing, scope, now_s, &decision, &approval);
    return error == CASE_ERR_APPROVAL_SETTLED ? BILLING_ERR_DRAFT_STATE : error;
}

int billing_draft_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         int64_t tariff_draft_id, enum tariff_draft_decision decision, const char *reason)
{
    struct tariff_draft row;
    int error = billing_draft_load(billing, scope, tariff_draft_id, &row);

    if (error < 0)
        return error;
    if (!decision_permitted(row.state, decision))
        return BILLING_ERR_DRAFT_STATE;
    if (text_copy(span_of_text(reason), row.reason, sizeof row.reason) < 0)
        return BILLING_ERR_REASON;
    if (decision == TARIFF_DRAFT_ASK)
        return draft_ask(billing, scope, now_s, &row);
    if (decision != TARIFF_DRAFT_WITHDRAW)
        return approval_settle(billing, scope, now_s, tariff_draft_id, decision == TARIFF_DRAFT_RELEASE, reason);
    if (row.state == TARIFF_DRAFT_ASKED)
        error = approval_settle(billing, scope, now_s, tariff_draft_id, false, reason[0] != '\0' ? reason : "withdrawn");
    if (error == 0)
        error = draft_withdraw(billing, now_s, &row);
    return error < 0 ? error : draft_decided(billing, scope, now_s, reason, &row);
}
