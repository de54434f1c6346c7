/* What the api asks of the core about cases that a second person decides. Part of core_port.h; the pointers' targets are
 * written by the core during the call, whose caller waits. */
#ifndef API_CASE_PORT_H
#define API_CASE_PORT_H

#include "api/core_port.h"
#include "billing/closing.h"
#include "billing/payment_move.h"

struct core_refund {
    struct core_request head;   /* object_id: see `what` */
    int64_t amount_fen;
    int64_t payment_id;
    enum { CORE_REFUND_OF_ACCOUNT, CORE_REFUND_OF_ORDER } what;
    bool red_letter;            /* invoices that stand for the money are taken back with it */
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

struct core_closing {
    struct core_request head;   /* object_id: the account */
    int64_t register_value;     /* of typed: what the dial shows */
    int64_t new_customer_id;
    int64_t new_tariff_id;
    bool close_valve;
    bool move_balance;
    bool leave_meter;
    char kind[16];              /* move_out, tenant_change, owner_change */
    char new_mode[24];          /* of owner_change: payment_mode */
    char new_holds[8];          /* of prepaid_meter: money, units, "" */
    char reading[12];           /* meter, typed, estimated */
    char rest[8];               /* cash, bank, none */
    char key[CORE_KEY_LIMIT];
    char payee[CORE_NAME_LIMIT];
    char bank[CASE_BANK_SIZE];
    char bank_account[CASE_BANK_SIZE];
    char reason[CORE_REASON_LIMIT];
    bool preview;               /* nothing changes */
    struct billing_closing *out;
};

struct core_deposit {
    struct core_request head;   /* object_id: the account; reply.amount_fen = all that is kept */
    int64_t amount_fen;
    char key[CORE_KEY_LIMIT];
};

struct core_payment_move {
    struct core_request head;   /* object_id: the payment, or the order whose money is in suspense */
    int64_t to_account_id;
    int64_t amount_fen;         /* 0: all of it */
    bool into_debt;
    bool of_order;
    char key[CORE_KEY_LIMIT];
    char reason[CORE_REASON_LIMIT];
    struct billing_move *out;
};

struct core_late_fee_waiver {
    struct core_request head;   /* object_id: the bill */
    int64_t amount_fen;
    char reason[CORE_REASON_LIMIT];
};

struct core_meter_carry {
    struct core_request head;   /* object_id: what an exchanged meter held */
    int64_t amount_fen;
    char reason[CORE_REASON_LIMIT];
};

struct core_approval {
    struct core_request head;   /* object_id: the approval */
    bool approve;
    char reason[CORE_REASON_LIMIT];
    char seen[CASE_FIGURES_SIZE];
    struct billing_approval *out;
};

#endif
