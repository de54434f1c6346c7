/* Heads of core calls that the program itself makes, without a person behind them. */
#ifndef APPS_METERWORKS_ARCHIVE_CALL_H
#define APPS_METERWORKS_ARCHIVE_CALL_H

#include "api/core_port.h"

/* A head for the platform itself over a whole tenant.
 * root_area_id  the tenant's root area */
void archive_call_head(struct core_request *head, uint32_t tenant_id, uint32_t root_area_id, int64_t wall_s);

#endif
