/* Calls about refunds and whatever else waits for a second person. */
#include <stdio.h>
#include <string.h>

#include "api/case_port.h"
#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "security/secret.h"

static int chance_fill(uint64_t *chance)
{
    struct secret_source source = secret_source_system();

    return source.fill(source.context, (uint8_t *)chance, sizeof *chance);
}

static int refund_fill(const struct core_refund *ask, struct billing_refund_request *request)
{
    *request = (struct billing_refund_request){ .amount_fen = ask->amount_fen, .payment_id = ask->payment_id,
                                                .red_letter = ask->red_letter, .wall_s = ask->head.wall_s };
    request->rest = (uint8_t)refund_route_of_name(ask->rest);
    if (ask->what == CORE_REFUND_OF_ORDER)
        request->payment_order_id = ask->head.object_id;
    else
        request->account_id = ask->head.object_id;
    if (text_copy(span_of_text(ask->key), request->key, sizeof request->key) < 0)
        return BILLING_ERR_KEY;
    if (text_copy(span_of_text(ask->reason), request->reason, sizeof request->reason) < 0)
        return BILLING_ERR_REASON;
    if (text_copy(span_of_text(ask->payee), request->payee, sizeof request->payee) < 0 ||
        text_copy(span_of_text(ask->bank), request->bank, sizeof request->bank) < 0 ||
        text_copy(span_of_text(ask->bank_account), request->bank_account, sizeof request->bank_account) < 0)
        return CASE_ERR_PAYEE;
    return chance_fill(&request->chance);
}

int core_refund_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_refund *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_refund_request wanted;
    int result = refund_fill(ask, &wanted);

    if (result >= 0)
        result = billing_refund_ask(core->billing, &scope, core->now_s, &wanted, ask->out);
    if (result < 0)
        return result;
    reply->object_id = ask->out->row.refund_id;
    reply->repeated = ask->out->repeated;
    return reply->repeated ? 0 : core_audit(core, &ask->head, ask->out->needs_approval ? "refund.ask" : "refund.release",
                                            "account", ask->out->row.account_id, wanted.reason);
}

int core_refund_preview(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_refund *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_refund_request wanted;
    int result = refund_fill(ask, &wanted);

    (void)reply;
    return result < 0 ? result : billing_refund_preview(core->billing, &scope, core->now_s, &wanted, ask->out);
}

int core_refund_settle(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_refund_settle *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    char detail[CASE_BANK_SIZE + sizeof ask->action + 2];
    int result = billing_refund_settle(core->billing, &scope, core->now_s, ask->head.object_id,
                                       strcmp(ask->action, "paid") == 0, ask->reference);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    (void)snprintf(detail, sizeof detail, "%s: %s", ask->action, ask->reference);
    return core_audit(core, &ask->head, "refund.settle", "refund", ask->head.object_id, detail);
}

int core_approval_read(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_approval *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);

    (void)reply;
    return billing_approval_read(core->billing, &scope, core->now_s, ask->head.object_id, ask->out);
}

int core_approval_decide(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_approval *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_decision decision = { .approval_id = ask->head.object_id, .wall_s = ask->head.wall_s,
                                         .approve = ask->approve, .reason = ask->reason, .seen = ask->seen };
    struct billing_approval approval;
    char action[64];
    int result = chance_fill(&decision.chance);

    if (result >= 0)
        result = billing_approval_decide(core->billing, &scope, core->now_s, &decision, &approval);
    if (result < 0)
        return result;
    reply->object_id = approval.row.approval_id;
    (void)snprintf(action, sizeof action, "%s.%s", approval_kind_name(approval.row.kind), ask->approve ? "approve" : "refuse");
    return core_audit(core, &ask->head, action, "approval", approval.row.approval_id, ask->reason);
}
