/* Calls about documents: prints are counted, and noted in the audit trail. */
#include <stdio.h>

#include "api/document_port.h"
#include "apps/meterworks/core_internal.h"

int core_document_print(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_document_print *ask = request;
    struct document_sqlite_print print = { .tenant_id = ask->head.tenant_id,
                                           .person_id = ask->head.person_id,
                                           .kind = ask->kind,
                                           .object_id = ask->head.object_id,
                                           .now_s = core->now_s };
    char detail[48];
    int copy = document_sqlite_print_add(core->document_sqlite, &print);

    if (copy < 0)
        return copy;
    reply->count = copy;
    reply->object_id = ask->head.object_id;
    (void)snprintf(detail, sizeof detail, "%s %d", ask->paper, copy);
    return core_audit(core, &ask->head, "document.print", ask->kind, ask->head.object_id, detail);
}
