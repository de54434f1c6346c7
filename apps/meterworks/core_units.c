/* Calls about meters that hold units. */
#include "api/unit_port.h"
#include "apps/meterworks/core_internal.h"

int core_unit_quote(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_unit_quote *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);

    (void)reply;
    return billing_unit_quote_read(core->billing, &scope, core->now_s, ask->head.object_id, ask->amount_fen, ask->out);
}
