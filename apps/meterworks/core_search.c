/* Searches for meters on lines: asked by a person, sent after the commit. What they find is shown, and becomes part of
 * the archive only when somebody enters it. */
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "apps/meterworks/house_error.h"
#include "base/span.h"
#include "base/text.h"
#include "registry/registry_line.h"

#define SEARCH_SPACE (UINT64_C(1) << 60) /* of order_id: a serial and the line's identifier below (core_orders.c) */
#define SEARCH_SERIAL_SHIFT 32
#define SEARCH_SERIAL_MASK 0xFFFFFFu
#define SEARCH_LIFE_S 600

/* returns  0; ESTATE_ERR_CONCENTRATOR: no line, or none that this person may see */
static int line_check(struct core *core, const struct core_request *head)
{
    uint32_t line_id = (uint32_t)head->object_id;
    struct registry_scope scope;
    int result = core_scope(core, head, &scope);

    if (result == 0 && (!registry_scope_holds(core->registry, &scope, line_id) ||
                        registry_line_of(core->registry, line_id) != line_id))
        result = ESTATE_ERR_CONCENTRATOR;
    return result;
}

int core_line_search(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_line_search *ask = request;
    uint32_t line_id = (uint32_t)ask->head.object_id;
    struct core_search search = { .line_id = line_id };
    int result = line_check(core, &ask->head);

    if (result == 0 && (core->search_count == CORE_SEARCH_LIMIT ||
                        text_copy(span_of_text(ask->profile), search.profile, sizeof search.profile) < 0))
        result = HOUSE_ERR_CHANGES_FULL;
    if (result == 0)
        result = core_audit(core, &ask->head, "line.search", "device", line_id, ask->reason);
    if (result < 0)
        return result;
    core->searches[core->search_count++] = search;
    reply->object_id = line_id;
    return 0;
}

static void searches_forget(struct core *core, uint32_t line_id)
{
    size_t count = 0;
    size_t committed = 0;

    for (size_t i = 0; i < core->search_count; i++) {
        if (core->searches[i].line_id == line_id)
            continue;
        committed += i < core->search_kept;
        core->searches[count++] = core->searches[i];
    }
    core->search_count = count;
    core->search_kept = committed;
}

/* What has not left does not leave; what has is ended by the gate, which tells so. One that has ended minds nothing. */
int core_line_search_cancel(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    const struct core_ports *ports = &core->config.ports;
    uint32_t line_id = (uint32_t)ask->head.object_id;
    int result = line_check(core, &ask->head);

    if (result == 0)
        result = core_audit(core, &ask->head, "line.search_cancel", "device", line_id, ask->reason);
    if (result < 0)
        return result;
    for (size_t i = 0; i < CORE_SEARCH_LIMIT; i++)
        if (core->searches_sent[i].line_id == line_id && ports->line_cancel != NULL)
            (void)ports->line_cancel(ports->context, line_id, core->searches_sent[i].order_id);
    searches_forget(core, line_id);
    reply->object_id = line_id;
    return 0;
}

static bool search_leave(struct core *core, const struct core_search *search)
{
    const struct core_ports *ports = &core->config.ports;
    struct line_order order = { .line_id = search->line_id,
                                .device_id = search->line_id,
                                .operation = LINE_SEARCH,
                                .priority = LINE_PRIORITY_ON_DEMAND,
                                .route = LINE_ROUTE_DIRECT,
                                .expires_s = core->now_s + SEARCH_LIFE_S };

    core->search_serial = (core->search_serial + 1) & SEARCH_SERIAL_MASK;
    order.order_id = SEARCH_SPACE | (uint64_t)core->search_serial << SEARCH_SERIAL_SHIFT | search->line_id;
    memcpy(order.profile, search->profile, sizeof order.profile);
    core->searches_sent[core->search_serial % CORE_SEARCH_LIMIT] =
        (struct core_search_sent){ .line_id = search->line_id, .order_id = order.order_id };
    return ports->line_order == NULL || ports->line_order(ports->context, &order);
}

void core_searches_send(struct core *core)
{
    size_t kept = 0;

    for (size_t i = 0; i < core->search_count; i++)
        if (!search_leave(core, &core->searches[i]))
            core->searches[kept++] = core->searches[i];
    core->search_count = kept;
    core->search_kept = kept;
}
