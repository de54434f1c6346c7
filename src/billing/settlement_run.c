/* A settlement of a whole tenant: drafted, approved, issued in slices; resumable, idempotent, and reversible by correcting
 * transfers. All it knows of its way is its row, written with each slice. */
#include "base/calendar.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#include <stdio.h>
#include <string.h>

int billing_run_day(const struct billing_run *run, const struct billing_account *account, int64_t *to_day)
{
    *to_day = run->due_only ? billing_bill_day_next(account) : run->to_day;
    return *to_day > account->settled_day && *to_day <= run->to_day;
}

/* Compute every bill that the run would issue for the account, which moves on in memory only. */
static int draft_compute(struct billing_look *look, const struct billing_run *run, struct billing_draft *draft)
{
    struct billing_account account = *look->account;
    int64_t to_day;
    int error = 0;

    while (error == 0 && billing_run_day(run, &account, &to_day)) {
        struct billing_bill bill, taken_back;
        struct charge charge;

        draft->to_day = to_day;
        error = billing_bill_compute(look, &account, to_day, &bill, &charge, &taken_back);
        if (error == 0) {
            draft->usage_value += bill.usage_value;
            draft->amount_fen += bill.amount_fen;
            draft->estimated |= bill.estimated;
            error = billing_account_advance(look->billing, &account, &bill);
        }
    }
    return error;
}

static int account_draft(struct billing_look *look, struct billing_run *run)
{
    const struct billing_store *store = look->billing->store;
    struct billing_draft draft = { .run_id = run->run_id, .account_id = look->account->account_id };
    int error = draft_compute(look, run, &draft);

    if (billing_error_of_store(error))
        return error;
    if (draft.to_day == 0)
        return 0;
    if (error < 0) {
        draft = (struct billing_draft){ .run_id = run->run_id, .account_id = draft.account_id, .to_day = draft.to_day,
                                        .held_error = error };
        run->held++;
    } else {
        run->drafts++;
        run->draft_fen += draft.amount_fen;
        run->estimated += draft.estimated;
        error = billing_draft_judge(look, &draft);
        if (error < 0)
            return error;
        run->exceptions += draft.exception != BILLING_EXCEPTION_NONE;
        run->unreviewed += draft.exception != BILLING_EXCEPTION_NONE;
    }
    return store->draft_insert(store->context, &draft);
}

int billing_run_allows(struct billing_look *look, const struct billing_run *run, int64_t amount_fen)
{
    const struct billing_store *store = look->billing->store;
    struct billing_draft draft;
    int found;

    if (!run->drafted)
        return 0;
    found = store->draft_read(store->context, run->run_id, look->account->account_id, &draft);
    if (found < 0)
        return found;
    if (found == 1 && draft.review == BILLING_REVIEW_HELD)
        return BILLING_ERR_REVIEW_HELD;
    return found == 0 || draft.held_error != 0 || draft.amount_fen != amount_fen ? BILLING_ERR_DRAFT : 0;
}

/* What a run has issued to one account. */
struct issued {
    int64_t amount_fen;
    bool estimated;
    bool any;
};

/* Issue what the run owes the account. returns 0; the reason it waits */
static int bills_issue(struct billing_look *look, const struct billing_run *run, struct issued *issued)
{
    int64_t to_day;

    while (billing_run_day(run, look->account, &to_day)) {
        struct billing_bill bill;
        int error = billing_bill_issue(look, to_day, &bill);

        if (error < 0)
            return error;
        issued->amount_fen += bill.amount_fen;
        issued->estimated |= bill.estimated;
        issued->any = true;
    }
    return 0;
}

/* Whether the run owes the account more than one bill. */
static bool several_due(const struct billing_run *run, const struct billing_account *account)
{
    struct billing_account after = *account;
    int64_t to_day;

    if (!billing_run_day(run, account, &to_day))
        return false;
    after.settled_day = to_day;
    return billing_run_day(run, &after, &to_day);
}

/* Several bills are drafted as one sum: only when all are there is it known whether they are what was approved. */
static int several_issue(struct billing_look *look, const struct billing_run *run, struct issued *issued)
{
    struct billing_account before = *look->account;
    int result = billing_step_begin(look->billing);
    int ended;

    if (result < 0)
        return result;
    result = bills_issue(look, run, issued);
    if (result == 0)
        result = billing_run_allows(look, run, issued->amount_fen);
    if (billing_error_of_store(result))
        return result;
    ended = result < 0 ? billing_step_revert(look->billing) : billing_step_keep(look->billing);
    if (result < 0)
        *look->account = before;
    return ended < 0 ? ended : result;
}

static int account_issue(struct billing_look *look, struct billing_run *run)
{
    struct issued issued = { .any = false };
    bool several = several_due(run, look->account);
    int result;

    look->run_id = run->run_id;
    look->allowed_by = several ? NULL : run;
    result = several ? several_issue(look, run, &issued) : bills_issue(look, run, &issued);
    if (billing_error_of_store(result) || (result == 0 && !issued.any))
        return result;
    look->account->held_error = result;
    if (result < 0) {
        run->held++;
    } else {
        run->issued++;
        run->amount_fen += issued.amount_fen;
        run->estimated += issued.estimated && !run->drafted;
    }
    return billing_look_finish(look);
}

/* Whether an account is one of the run's: 1; 0; negative of the store. Neighbours lie in one area. */
static int run_holds(struct billing *billing, const struct billing_run *run, const struct billing_account *account)
{
    const struct billing_scope scope = { .tenant_id = run->tenant_id, .path = run->area_path };
    const struct billing_store *store = billing->store;
    int found = 1;

    if (billing_account_rests(account) || (run->months != 0 && run->months != account->settlement_months))
        return 0;
    if (run->area_path[0] == '\0')
        return 1;
    if (billing->area_id != account->area_id) {
        billing->area_id = 0;
        found = store->area_path_read(store->context, account->tenant_id, account->area_id, billing->area_path);
    }
    if (found <= 0)
        return found;
    billing->area_id = account->area_id;
    return billing_scope_holds(&scope, account->tenant_id, billing->area_path);
}

/* returns 1; 0 when the account is none of the run's */
static int run_account(struct billing *billing, struct billing_run *run, struct billing_account *account, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_look look;
    int result = run_holds(billing, run, account);

    if (result <= 0)
        return result;
    /* A look at the main account of a group moves its members: what was read of them before is old. */
    if (account->main_account_id != 0)
        result = store->account_read(store->context, account->account_id, account);
    if (result == 1)
        result = billing_look_begin(billing, account, now_s, &look);
    if (result < 0)
        return result;
    billing->policy_tenant_id = account->tenant_id;
    look.unchanged = true;
    look.estimate = (enum billing_estimate)run->estimate;
    result = run->state == BILLING_RUN_DRAFTING ? account_draft(&look, run) : account_issue(&look, run);
    return result < 0 ? result : 1;
}

/* One bill of the run taken back; one that has a successor stays and is counted. */
static int run_bill_reverse(struct billing *billing, struct billing_run *run, struct billing_bill *bill, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    int error = store->account_read(store->context, bill->account_id, &account);

    if (error <= 0)
        return error < 0 ? error : BILLING_ERR_ACCOUNT;
    error = billing_bill_reverse(billing, &account, bill, now_s);
    if (error == BILLING_ERR_NEWER_BILL) {
        run->held++;
        return 0;
    }
    run->reversed++;
    return error < 0 ? error : store->account_update(store->context, &account);
}

/* Bills of the run taken back. returns how many were looked at; fewer than `limit`: they were the last */
static int run_reverse(struct billing *billing, struct billing_run *run, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    struct billing_bill bill;
    int32_t done = 0;
    int found = 1;

    while (done < limit && (found = store->bill_of_run_next(store->context, run->run_id, run->next_account_id, &bill)) == 1) {
        int error = run_bill_reverse(billing, run, &bill, now_s);

        if (error < 0)
            return error;
        run->next_account_id = bill.bill_id;
        run->done++;
        done++;
    }
    return found < 0 ? found : done;
}

/* The accounts of one query. returns how many there were; fewer than `limit`: they were the last */
static int run_accounts(struct billing *billing, struct billing_run *run, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    int count = store->accounts_postpaid(store->context, run->tenant_id, run->next_account_id, run->to_day, limit, billing->due);

    for (int index = 0; index < count; index++) {
        int result = run_account(billing, run, &billing->due[index], now_s);

        if (result < 0)
            return result;
        run->next_account_id = billing->due[index].account_id + 1;
        run->done += result;
    }
    return count;
}

/* Drafts are there: another person than who began looks at them. */
static int ready_ask(struct billing *billing, const struct billing_run *run, int64_t now_s)
{
    struct billing_scope scope = { .tenant_id = run->tenant_id, .person_id = run->started_by };
    struct approval approval = { .kind = APPROVAL_SETTLEMENT_RUN, .object_id = run->run_id, .amount_fen = run->draft_fen,
                                 .needs_other = true };

    memcpy(approval.area_path, run->area_path, sizeof approval.area_path);
    return billing_approval_ask(billing, &scope, now_s, &approval);
}

static void run_end(struct billing_run *run, int64_t now_s)
{
    static const uint8_t followers[BILLING_RUN_STATE_COUNT] = {
        [BILLING_RUN_DRAFTING] = BILLING_RUN_READY,
        [BILLING_RUN_ISSUING] = BILLING_RUN_ISSUED,
        [BILLING_RUN_REVERSING] = BILLING_RUN_REVERSED,
    };

    run->state = followers[run->state];
    run->finished_s = now_s;
}

/* returns 1 there may be more, and next_account_id says where; 0 it was the last */
static int run_steps(struct billing *billing, struct billing_run *run, int64_t now_s, int32_t limit)
{
    int32_t done = 0;

    while (done < limit) {
        int32_t wanted = limit - done < BILLING_DUE_LIMIT ? limit - done : BILLING_DUE_LIMIT;
        int count = run->state == BILLING_RUN_REVERSING ? run_reverse(billing, run, now_s, wanted)
                                                        : run_accounts(billing, run, now_s, wanted);

        if (count < wanted)
            return count < 0 ? count : 0;
        done += count;
    }
    return 1;
}

static int run_slice(struct billing *billing, struct billing_run *run, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    int more;

    billing->policy_tenant_id = 0;
    billing->area_id = 0;
    billing_batch_begin(billing);
    more = billing_batch_end(billing, run_steps(billing, run, now_s, limit));
    billing->policy_tenant_id = 0;
    if (more < 0)
        return more;
    if (more == 0)
        run_end(run, now_s);
    more = store->run_update(store->context, run);
    return more == 0 && run->state == BILLING_RUN_READY ? ready_ask(billing, run, now_s) : more;
}

int billing_run_continue(struct billing *billing, uint32_t tenant_id, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    struct billing_run run;
    int found = store->run_open(store->context, tenant_id, &run);
    int error;

    if (found <= 0)
        return found;
    error = run_slice(billing, &run, now_s, limit);
    return error < 0 ? error : 1;
}

static int to_day_check(struct billing *billing, const struct billing_scope *scope, int64_t to_day, int64_t now_s)
{
    struct billing_policy policy;
    int error = billing_policy_read(billing, scope->tenant_id, &policy);

    if (error < 0)
        return error;
    return to_day > calendar_local_day(now_s, policy.arrears.zone_offset_s) ? BILLING_ERR_TO_DAY : 0;
}

/* Nobody else may be at work on the tenant's accounts. */
static int idle_check(struct billing *billing, uint32_t tenant_id)
{
    struct billing_run other;
    int found = billing->store->run_open(billing->store->context, tenant_id, &other);

    return found == 1 ? BILLING_ERR_RUNNING : found;
}

/* Where the run goes: the area asked for, within the person's; without one all of the person's. */
static int area_take(struct billing *billing, const struct billing_scope *scope, int64_t area_id, struct billing_run *run)
{
    int found = 1;

    if (area_id == 0)
        (void)snprintf(run->area_path, sizeof run->area_path, "%s", scope->path != NULL ? scope->path : "");
    else
        found = billing->store->area_path_read(billing->store->context, scope->tenant_id, area_id, run->area_path);
    if (found < 0)
        return found;
    return found == 0 || !billing_scope_holds(scope, run->tenant_id, run->area_path) ? BILLING_ERR_AREA : 0;
}

int billing_run_draft(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t area_id,
                      const struct billing_run *request, struct billing_run *out)
{
    struct billing_run run = { .to_day = request->to_day, .started_s = now_s, .tenant_id = scope->tenant_id,
                               .started_by = scope->person_id, .state = BILLING_RUN_DRAFTING, .months = request->months,
                               .estimate = request->estimate, .due_only = request->due_only, .drafted = true };
    int error = to_day_check(billing, scope, run.to_day, now_s);

    if (error == 0)
        error = area_take(billing, scope, area_id, &run);

    if (error == 0)
        error = idle_check(billing, scope->tenant_id);
    if (error == 0)
        error = billing->store->run_insert(billing->store->context, &run);
    if (error == 0)
        error = run_slice(billing, &run, now_s, BILLING_RUN_SLICE);
    if (error == 0)
        *out = run;
    return error;
}

/* returns 0 and the run in its new state; BILLING_ERR_RUN_STATE */
static int decision_apply(struct billing_run *run, enum billing_run_decision decision)
{
    static const struct {
        uint8_t from[3];
        uint8_t to;
    } rows[] = {
        [BILLING_RUN_APPROVE] = { { BILLING_RUN_READY }, BILLING_RUN_ISSUING },
        [BILLING_RUN_CANCEL] = { { BILLING_RUN_DRAFTING, BILLING_RUN_READY, BILLING_RUN_ISSUING }, BILLING_RUN_CANCELLED },
        [BILLING_RUN_REVERSE] = { { BILLING_RUN_ISSUED, BILLING_RUN_CANCELLED }, BILLING_RUN_REVERSING },
    };

    for (size_t index = 0; index < sizeof rows[0].from; index++) {
        if (run->state == rows[decision].from[index]) {
            run->state = rows[decision].to;
            return 0;
        }
    }
    return BILLING_ERR_RUN_STATE;
}

int billing_run_load(struct billing *billing, const struct billing_scope *scope, int64_t run_id, struct billing_run *run)
{
    int found = billing->store->run_read(billing->store->context, run_id, run);

    if (found < 0)
        return found;
    return found == 0 || !billing_scope_holds(scope, run->tenant_id, run->area_path) ? BILLING_ERR_RUN : 0;
}

static int run_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t run_id,
                      enum billing_run_decision decision, struct billing_run *out)
{
    struct billing_run run;
    int error = billing_run_load(billing, scope, run_id, &run);

    if (error == 0)
        error = decision_apply(&run, decision);
    if (error == 0 && decision != BILLING_RUN_CANCEL)
        error = idle_check(billing, scope->tenant_id);
    if (error < 0)
        return error;
    run.decided_by = scope->person_id;
    run.decided_s = now_s;
    run.finished_s = decision == BILLING_RUN_CANCEL ? now_s : 0;
    if (decision == BILLING_RUN_CANCEL) {
        error = billing->store->run_update(billing->store->context, &run);
    } else {
        run.next_account_id = 0;
        run.done = 0;
        run.held = 0;
        error = run_slice(billing, &run, now_s, BILLING_RUN_SLICE);
    }
    if (error == 0)
        *out = run;
    return error;
}

int billing_run_figures(struct billing *billing, const struct approval *row, int64_t now_s, struct approval_figures *out)
{
    struct billing_scope scope = { .tenant_id = row->tenant_id };
    struct billing_run run;
    int error = billing_run_load(billing, &scope, row->object_id, &run);

    (void)now_s;
    if (error < 0)
        return error;
    approval_figure_add(out, "bills", run.drafts);
    approval_figure_add(out, "held_bills", run.held);
    approval_figure_add(out, "estimated_bills", run.estimated);
    approval_figure_add(out, "unreviewed_bills", run.unreviewed);
    approval_figure_add(out, "amount", run.draft_fen);
    return run.unreviewed > 0 ? BILLING_ERR_UNREVIEWED : 0;
}

int billing_run_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct billing_decision *decision, const struct approval *row)
{
    struct billing_run run;

    (void)decision;
    return run_decide(billing, scope, now_s, row->object_id, BILLING_RUN_APPROVE, &run);
}

int billing_run_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                       const struct approval *row)
{
    struct billing_run run;

    return run_decide(billing, scope, now_s, row->object_id, BILLING_RUN_CANCEL, &run);
}

/* Nobody issues alone what they have drafted, and nothing that stands out goes out unseen. */
int billing_run_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t run_id,
                       enum billing_run_decision decision, struct billing_run *out)
{
    struct billing_run run;
    int error = billing_run_load(billing, scope, run_id, &run);

    if (error < 0)
        return error;
    if (run.state != BILLING_RUN_READY || decision == BILLING_RUN_REVERSE)
        return run_decide(billing, scope, now_s, run_id, decision, out);
    error = billing_approval_decide_object(billing, scope, now_s, APPROVAL_SETTLEMENT_RUN, run_id,
                                           decision == BILLING_RUN_APPROVE, BILLING_ERR_RUN_STATE);
    return error < 0 ? error : billing_run_load(billing, scope, run_id, out);
}

int billing_settlement_run(struct billing *billing, const struct billing_scope *scope, int64_t to_day, int64_t now_s,
                           struct billing_settlement *out)
{
    const struct billing_store *store = billing->store;
    struct billing_run run = { .to_day = to_day, .started_s = now_s, .tenant_id = scope->tenant_id,
                               .started_by = scope->person_id, .state = BILLING_RUN_ISSUING };
    struct billing_run open;
    int result = to_day_check(billing, scope, to_day, now_s);

    if (result == 0)
        result = area_take(billing, scope, 0, &run);
    if (result < 0)
        return result;
    result = store->run_open(store->context, scope->tenant_id, &open);
    if (result == 1) {
        result = open.to_day == to_day && open.state == BILLING_RUN_ISSUING && !open.drafted ? 0 : BILLING_ERR_RUNNING;
        run = open;
    } else if (result == 0) {
        result = store->run_insert(store->context, &run);
    }
    if (result == 0)
        result = run_slice(billing, &run, now_s, BILLING_RUN_SLICE);
    if (result == 0)
        *out = (struct billing_settlement){ run.issued, run.held, run.amount_fen, run.finished_s != 0 };
    return result;
}

int billing_settlement_reverse(struct billing *billing, const struct billing_scope *scope, int64_t to_day,
                               int64_t now_s, int32_t *count)
{
    const struct billing_store *store = billing->store;
    struct billing_bill bill = { .bill_id = 0 };
    int32_t reversed = 0;
    int found;

    while ((found = store->bill_of_day_next(store->context, scope->tenant_id, to_day, bill.bill_id, &bill)) == 1) {
        struct billing_account account;
        int error = store->account_read(store->context, bill.account_id, &account);

        if (error <= 0)
            return error < 0 ? error : BILLING_ERR_ACCOUNT;
        error = billing_bill_reverse(billing, &account, &bill, now_s);
        if (error == 0)
            error = store->account_update(store->context, &account);
        if (error < 0)
            return error;
        reversed++;
    }
    if (found == 0)
        *count = reversed;
    return found;
}
