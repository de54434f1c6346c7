#include "billing/tariff_draft.h"

#include "base/calendar.h"
#include "base/text.h"
#include "billing/billing_internal.h"

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

static int draft_ask(const struct billing_scope *scope, int64_t now_s, struct tariff_draft *row)
{
    if (row->run.state != TARIFF_RUN_DONE)
        return BILLING_ERR_DRY_RUN;
    row->state = TARIFF_DRAFT_ASKED;
    row->asked_by = scope->person_id;
    row->asked_s = now_s;
    return 0;
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

static int decision_apply(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          enum tariff_draft_decision decision, struct tariff_draft *row)
{
    switch (decision) {
    case TARIFF_DRAFT_ASK:
        return draft_ask(scope, now_s, row);
    case TARIFF_DRAFT_RELEASE:
        return draft_release(billing, scope, now_s, row);
    case TARIFF_DRAFT_WITHDRAW:
        return draft_withdraw(billing, now_s, row);
    case TARIFF_DRAFT_REFUSE:
    default:
        row->state = TARIFF_DRAFT_OPEN;
        return row->reason[0] != '\0' ? 0 : BILLING_ERR_REASON;
    }
}

int billing_draft_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         int64_t tariff_draft_id, enum tariff_draft_decision decision, const char *reason)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct tariff_draft row;
    int error = billing_draft_load(billing, scope, tariff_draft_id, &row);

    if (error < 0)
        return error;
    if (!decision_permitted(row.state, decision))
        return BILLING_ERR_DRAFT_STATE;
    if (text_copy(span_of_text(reason), row.reason, sizeof row.reason) < 0)
        return BILLING_ERR_REASON;
    error = decision_apply(billing, scope, now_s, decision, &row);
    if (decision != TARIFF_DRAFT_ASK) {
        row.decided_by = scope->person_id;
        row.decided_s = now_s;
    }
    return error < 0 ? error : drafts->update(drafts->context, &row);
}
