/* What the api asks of the core about meters that hold units. Part of core_port.h; the pointer's target is written by the
 * core during the call, whose caller waits. */
#ifndef API_UNIT_PORT_H
#define API_UNIT_PORT_H

#include "api/core_port.h"
#include "billing/unit_account.h"

struct core_unit_quote {
    struct core_request head;   /* object_id: the account */
    int64_t amount_fen;         /* to be paid, on top of what the wallet holds */
    struct billing_unit_quote *out;
};

#endif
