/* Calls about settlements. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"

#define PREVIEW_LIMIT 5000 /* accounts; the core does nothing else meanwhile, about 20 us for each */

int core_settlement_run(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_settlement *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_settlement settlement;
    int result = billing_scope_check_whole(&scope);

    if (result == 0)
        result = billing_settlement_run(core->billing, &scope, ask->to_day, core->now_s, &settlement);
    if (result < 0)
        return result;
    reply->count = settlement.issued;
    reply->held = settlement.held;
    reply->amount_fen = settlement.amount_fen;
    return core_audit(core, &ask->head, "settlement.run", "settlement", ask->to_day, "");
}

int core_settlement_preview(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_settlement *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_settlement_preview preview;
    int result = billing_settlement_preview(core->billing, &scope, ask->to_day, core->now_s, PREVIEW_LIMIT, &preview);

    if (result < 0)
        return result;
    reply->count = preview.ready;
    reply->held = preview.held;
    reply->amount_fen = preview.complete ? preview.amount_fen : -1;
    return 0;
}

int core_run_draft(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_settlement *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_run run = { .to_day = ask->to_day, .due_only = strcmp(ask->accounts, "all") != 0,
                               .months = ask->months };
    int result;

    run.estimate = strcmp(ask->estimate, "usual") == 0 ? BILLING_ESTIMATE_USUAL : BILLING_ESTIMATE_HOLD;
    result = billing_run_draft(core->billing, &scope, core->now_s, ask->area_id, &run, &run);
    if (result < 0)
        return result;
    reply->object_id = run.run_id;
    return core_audit(core, &ask->head, "settlement.draft", "settlement_run", run.run_id, "");
}

static int run_decide(struct core *core, const struct core_reason *ask, enum billing_run_decision decision,
                      const char *action, struct core_reply *reply)
{
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_run run;
    int result = billing_run_decide(core->billing, &scope, core->now_s, ask->head.object_id, decision, &run);

    if (result < 0)
        return result;
    reply->object_id = run.run_id;
    return core_audit(core, &ask->head, action, "settlement_run", run.run_id, ask->reason);
}

int core_run_approve(struct core *core, const void *request, struct core_reply *reply)
{
    return run_decide(core, request, BILLING_RUN_APPROVE, "settlement.approve", reply);
}

int core_run_cancel(struct core *core, const void *request, struct core_reply *reply)
{
    return run_decide(core, request, BILLING_RUN_CANCEL, "settlement.cancel", reply);
}

int core_run_reverse(struct core *core, const void *request, struct core_reply *reply)
{
    return run_decide(core, request, BILLING_RUN_REVERSE, "settlement.reverse", reply);
}

int core_run_review(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_review *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    bool hold = strcmp(ask->decision, "hold") == 0;
    struct billing_run run;
    char detail[64];
    int result = billing_run_review(core->billing, &scope, ask->head.object_id, ask->account_id,
                                    strcmp(ask->exception, "zero") == 0 ? BILLING_EXCEPTION_ZERO : BILLING_EXCEPTION_JUMP,
                                    hold ? BILLING_REVIEW_HELD : BILLING_REVIEW_ACCEPTED, &run);

    if (result < 0)
        return result;
    reply->object_id = run.run_id;
    if (ask->account_id != 0)
        (void)snprintf(detail, sizeof detail, "account %lld", (long long)ask->account_id);
    else
        (void)snprintf(detail, sizeof detail, "all of %s", ask->exception);
    return core_audit(core, &ask->head, hold ? "settlement.hold" : "settlement.accept", "settlement_run", run.run_id, detail);
}

int core_run_sample(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_sample *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);

    (void)reply;
    return billing_run_sample(core->billing, &scope, core->now_s, ask->head.object_id, ask->account_id, ask->bill,
                              ask->charge);
}
