/* Calls about prices, and about what accounts are charged by besides their use. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "apps/meterworks/house_error.h"
#include "billing/tariff_draft.h"
#include "rating/rating_error.h"

/* A wrong document is explained at the place that is wrong; other refusals keep their own words. */
static int tariff_answer(struct core *core, int result, const struct tariff_problem *problem)
{
    if (result != RATING_ERR_DOCUMENT && result != RATING_ERR_JSON)
        return result;
    snprintf(core->problem.code, sizeof core->problem.code, "%s", house_error_info(result)->code);
    snprintf(core->problem.field, sizeof core->problem.field, "document.%s", problem->path);
    memcpy(core->problem.text_zh, problem->text_zh, sizeof problem->text_zh);
    memcpy(core->problem.text_en, problem->text_en, sizeof problem->text_en);
    return result;
}

int core_tariff_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_tariff *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct tariff_problem problem = { .path = "" };
    int result = billing_tariff_create(core->billing, &scope, core->now_s, ask->name, ask->utility, ask->effective_day,
                                       ask->document, &problem, &reply->object_id);

    if (result < 0)
        return tariff_answer(core, result, &problem);
    return core_audit(core, &ask->head, "tariff.create", "tariff", reply->object_id, ask->name);
}

int core_tariff_version_add(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_tariff_version *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct tariff_problem problem = { .path = "" };
    int result = billing_tariff_version_first(core->billing, &scope, core->now_s, ask->head.object_id, ask->effective_day,
                                              ask->document, &problem, &reply->object_id);

    if (result < 0)
        return tariff_answer(core, result, &problem);
    return core_audit(core, &ask->head, "tariff.version", "tariff_version", reply->object_id, "");
}

int core_tariff_draft_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_tariff_draft *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct tariff_problem problem = { .path = "" };
    int result = billing_draft_create(core->billing, &scope, core->now_s, ask->head.object_id, ask->effective_day,
                                      ask->document, &problem, &reply->object_id);

    if (result < 0)
        return tariff_answer(core, result, &problem);
    return core_audit(core, &ask->head, "tariff.draft", "tariff_draft", reply->object_id, "");
}

int core_tariff_draft_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_tariff_draft *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct tariff_problem problem = { .path = "" };
    int result = billing_draft_change(core->billing, &scope, core->now_s, ask->head.object_id, ask->effective_day,
                                      ask->document, &problem);

    reply->object_id = ask->head.object_id;
    if (result < 0)
        return tariff_answer(core, result, &problem);
    return core_audit(core, &ask->head, "tariff.draft_change", "tariff_draft", reply->object_id, "");
}

int core_tariff_draft_try(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_tariff_try *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = billing_dry_run_start(core->billing, &scope, core->now_s, ask->head.object_id, ask->months);

    reply->object_id = ask->head.object_id;
    return result < 0 ? result : core_audit(core, &ask->head, "tariff.dry_run", "tariff_draft", reply->object_id, "");
}

int core_tariff_draft_try_cancel(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = billing_dry_run_cancel(core->billing, &scope, core->now_s, ask->head.object_id);

    reply->object_id = ask->head.object_id;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "tariff.dry_run_cancel", "tariff_draft", reply->object_id, "");
}

static int draft_decide(struct core *core, const struct core_reason *ask, enum tariff_draft_decision decision,
                        const char *action, struct core_reply *reply)
{
    struct billing_scope scope = core_money_scope(&ask->head);
    int result =
        billing_draft_decide(core->billing, &scope, core->now_s, ask->head.object_id, decision, ask->reason);

    reply->object_id = ask->head.object_id;
    return result < 0 ? result : core_audit(core, &ask->head, action, "tariff_draft", reply->object_id, ask->reason);
}

int core_tariff_draft_ask(struct core *core, const void *request, struct core_reply *reply)
{
    return draft_decide(core, request, TARIFF_DRAFT_ASK, "tariff.ask", reply);
}

int core_tariff_draft_release(struct core *core, const void *request, struct core_reply *reply)
{
    return draft_decide(core, request, TARIFF_DRAFT_RELEASE, "tariff.release", reply);
}

int core_tariff_draft_refuse(struct core *core, const void *request, struct core_reply *reply)
{
    return draft_decide(core, request, TARIFF_DRAFT_REFUSE, "tariff.refuse", reply);
}

int core_tariff_draft_withdraw(struct core *core, const void *request, struct core_reply *reply)
{
    return draft_decide(core, request, TARIFF_DRAFT_WITHDRAW, "tariff.withdraw", reply);
}

_Static_assert(CORE_MEASURES_HAS_AREA == BILLING_MEASURE_AREA && CORE_MEASURES_HAS_CAPACITY == BILLING_MEASURE_CAPACITY &&
               CORE_MEASURES_HAS_DEMAND == BILLING_MEASURE_DEMAND,
               "field bits of api and billing agree");

int core_measures_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_measures *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_measures measures = { ask->area_e4, ask->capacity_e4, ask->contract_demand_e4 };
    int result = billing_measures_change(core->billing, &scope, core->now_s, ask->head.object_id, ask->head.present,
                                         &measures);

    reply->object_id = ask->head.object_id;
    return result < 0 ? result : core_audit(core, &ask->head, "account.measures", "account", ask->head.object_id, "");
}
