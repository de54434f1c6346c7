/* What the api asks of the core about cases that a second person decides. Part of core_port.h; the pointers' targets are
 * written by the core during the call, whose caller waits. */
#ifndef API_CASE_PORT_H
#define API_CASE_PORT_H

#include "api/core_port.h"
#include "billing/refund.h"

struct core_refund {
    struct core_request head;   /* object_id: see `what` */
    int64_t amount_fen;
    int64_t payment_id;
    enum { CORE_REFUND_OF_ACCOUNT, CORE_REFUND_OF_ORDER } what;
    char rest[8];               /* cash, bank, none */
    char key[CORE_KEY_LIMIT];
    char payee[CORE_NAME_LIMIT];
    char bank[CASE_BANK_SIZE];
    char bank_account[CASE_BANK_SIZE];
    char reason[CORE_REASON_LIMIT];
    struct billing_refund *out;
};

struct core_refund_settle {
    struct core_request head;   /* object_id: the refund */
    char action[16];            /* paid, returned */
    char reference[CASE_BANK_SIZE];
};

struct core_approval {
    struct core_request head;   /* object_id: the approval */
    bool approve;
    char reason[CORE_REASON_LIMIT];
    char seen[CASE_FIGURES_SIZE];
    struct billing_approval *out;
};

#endif
