/* A payment that was booked to the wrong account, or waits in suspense, goes to the right one: by transfers, by two people. */
#ifndef BILLING_PAYMENT_MOVE_H
#define BILLING_PAYMENT_MOVE_H

#include "billing/approval.h"

struct billing_move_request {
    int64_t payment_id;       /* 0: payment_order_id */
    int64_t payment_order_id; /* whose money lies in suspense */
    int64_t to_account_id;
    int64_t amount_fen;       /* 0: all of it */
    bool into_debt;           /* also what was spent already: the wrong account then owes it */
    char key[BILLING_KEY_SIZE];
    char reason[CASE_REASON_SIZE];
};

struct billing_move {
    struct payment_move row;
    int64_t available_fen;    /* of it where it is now */
    int64_t approval_id;
    bool repeated;
};

/* returns  0; BILLING_ERR_KEY, _KEY_REUSED, _REASON, _PAYMENT, _ORDER, _ACCOUNT, _ACCOUNT_CLOSED; CASE_ERR_MOVE_SAME the right
 *          account already, _MOVE_AMOUNT more than is left of the payment, _SPENT with out->available_fen */
int billing_move_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                     const struct billing_move_request *request, struct billing_move *out);

#endif
