#include "apps/meterworks/house_error.h"

#include <stddef.h>

#include "api/core_port.h"
#include "billing/billing_error.h"
#include "billing/case_error.h"
#include "billing/cash_error.h"
#include "collect/collect_error.h"
#include "command/command_error.h"
#include "document/document_error.h"
#include "estate/estate_error.h"
#include "ledger/ledger_error.h"
#include "notify/notify_error.h"
#include "payment/payment_error.h"
#include "rating/rating_error.h"
#include "reading/reading_error.h"
#include "registry/registry_error.h"
#include "security/security_error.h"
#include "store/store_error.h"
#include "watch/watch_error.h"

static const struct error_info own_rows[] = { HOUSE_ERRORS(ERROR_INFO_ROW) };

static const struct error_info *own_info(int error)
{
    for (size_t i = 0; i < sizeof own_rows / sizeof own_rows[0]; i++)
        if (own_rows[i].error == error)
            return &own_rows[i];
    return NULL;
}

const struct error_info *house_error_info(int error)
{
    static const struct error_info *(*const rooms[])(int) = {
        own_info,           store_error_info,   registry_error_info, reading_error_info, command_error_info,
        collect_error_info, watch_error_info,   security_error_info, rating_error_info,  ledger_error_info,
        billing_error_info, notify_error_info,  payment_error_info,  estate_error_info,  core_error_info,
        case_error_info,    cash_error_info,
        document_error_info,
    };

    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        const struct error_info *info = rooms[i](error);
        if (info != NULL)
            return info;
    }
    return own_info(HOUSE_ERR_INTERNAL);
}
