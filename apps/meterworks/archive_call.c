#include "apps/meterworks/archive_call.h"

#include <stdio.h>
#include <string.h>

void archive_call_head(struct core_request *head, uint32_t tenant_id, uint32_t root_area_id, int64_t wall_s)
{
    memset(head, 0, sizeof *head);
    head->tenant_id = tenant_id;
    head->wall_s = wall_s;
    snprintf(head->scope_path, sizeof head->scope_path, "/%u/", root_area_id);
}
