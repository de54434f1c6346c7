/* What cases need of a store: approvals and refunds. store/sql/case_sql.h implements it; rules as billing_store.h. */
#ifndef BILLING_CASE_STORE_H
#define BILLING_CASE_STORE_H

#include "billing/billing_store.h"
#include "billing/closing_store.h"
#include "billing/payment_order_store.h"

#define CASE_FIGURES_SIZE 1024

/* The names in the table: refund, cut_off_batch, settlement_run, closing, payment_move, payment_undo. */
enum approval_kind_number {
    APPROVAL_REFUND = 1,
    APPROVAL_CUT_OFF_BATCH,
    APPROVAL_SETTLEMENT_RUN,
    APPROVAL_CLOSING,
    APPROVAL_PAYMENT_MOVE,
    APPROVAL_PAYMENT_UNDO,
    APPROVAL_TARIFF,
    APPROVAL_CASH_DIFFERENCE,
    APPROVAL_BANK_RETURN,
    APPROVAL_LATE_FEE,
    APPROVAL_METER_CARRY,
    APPROVAL_KIND_COUNT
};

/* The names in the table: waiting, approved, refused, lapsed. */
enum approval_state { APPROVAL_WAITING = 1, APPROVAL_APPROVED, APPROVAL_REFUSED, APPROVAL_LAPSED, APPROVAL_STATE_COUNT };

/* One row of table approval. */
struct approval {
    int64_t approval_id;
    int64_t object_id;        /* its row in the table of its kind */
    int64_t account_id;       /* 0: not of one account */
    int64_t amount_fen;
    int64_t asked_s;
    int64_t expires_s;        /* 0: never */
    int64_t decided_s;
    uint32_t tenant_id;
    uint32_t asked_by;
    uint32_t decided_by;
    bool needs_other;         /* another person than asked_by must approve */
    uint8_t kind;             /* enum approval_kind_number */
    uint8_t state;            /* enum approval_state */
    char reason[CASE_REASON_SIZE];
    char decision[CASE_REASON_SIZE];
    char area_path[BILLING_PATH_SIZE]; /* of what is of no account; "": the whole tenant */
    char figures[CASE_FIGURES_SIZE];
};

/* The names in the table: waiting, released, refused. */
enum refund_state { REFUND_WAITING = 1, REFUND_RELEASED, REFUND_REFUSED, REFUND_STATE_COUNT };

/* How money goes back. The names in the table: channel, cash, bank; as the way of the rest also none. */
enum refund_route { REFUND_BY_NONE = 0, REFUND_BY_CHANNEL, REFUND_BY_CASH, REFUND_BY_BANK, REFUND_ROUTE_COUNT };

/* The names in the table: waiting, paying, done, failed, refused. */
enum refund_part_state {
    REFUND_PART_WAITING = 1,  /* for the second person */
    REFUND_PART_PAYING,       /* the money has left the wallet; of channel: see payment_refund */
    REFUND_PART_DONE,
    REFUND_PART_FAILED,       /* the bank has returned it: it is back in the wallet */
    REFUND_PART_REFUSED,
    REFUND_PART_STATE_COUNT
};

/* One row of table refund. */
struct refund {
    int64_t refund_id;
    int64_t account_id;
    int64_t payment_id;       /* 0: of the balance */
    int64_t payment_order_id; /* 0 none */
    int64_t closing_id;       /* 0 none */
    int64_t amount_fen;
    int64_t hold_id;          /* 0: nothing is reserved */
    int64_t asked_s;
    uint32_t tenant_id;
    uint32_t asked_by;
    uint8_t rest;             /* enum refund_route: what no channel takes back */
    uint8_t state;            /* enum refund_state */
    bool red_letter;          /* invoices that stand for its money are taken back */
    char key[BILLING_KEY_SIZE];
    char payee[BILLING_NAME_SIZE];
    char bank[CASE_BANK_SIZE];
    char bank_account[CASE_BANK_SIZE];
    char reason[CASE_REASON_SIZE];
};

/* One row of table refund_part. */
struct refund_part {
    int64_t refund_id;
    int64_t amount_fen;
    int64_t payment_order_id;
    int64_t payment_refund_id;
    int64_t settled_s;
    int64_t shift_id;         /* of cash: out of whose drawer; 0 none */
    uint32_t settled_by;
    int32_t part;             /* 1.. */
    uint8_t route;            /* enum refund_route, not none */
    uint8_t state;            /* enum refund_part_state */
    char reference[CASE_BANK_SIZE];
    char refund_number[PAYMENT_ORDER_NUMBER_SIZE]; /* of channel; joined, never written */
};

/* A paid order whose channel can still take money back. */
struct refund_source {
    int64_t payment_order_id;
    int64_t refundable_fen;   /* paid, less what went back or is asked to */
};

struct case_store {
    void *context;

    /* Fills approval_id. */
    int (*approval_insert)(void *context, struct approval *row);
    /* Writes state, decided_by, decided_s and decision. */
    int (*approval_update)(void *context, const struct approval *row);
    /* 1 and *out; 0 none. */
    int (*approval_read)(void *context, int64_t approval_id, struct approval *out);
    /* The waiting approval of an object: 1; 0 none. */
    int (*approval_of)(void *context, int kind, int64_t object_id, struct approval *out);
    /* The waiting approval with the smallest expires_s, if that is <= now_s: 1; 0 none. */
    int (*approval_lapsed)(void *context, int64_t now_s, struct approval *out);

    /* Fills refund_id. */
    int (*refund_insert)(void *context, struct refund *row);
    /* Writes state and hold_id. */
    int (*refund_update)(void *context, const struct refund *row);
    int (*refund_read)(void *context, int64_t refund_id, struct refund *out);
    int (*refund_find_key)(void *context, const char *key, struct refund *out);
    int (*part_insert)(void *context, const struct refund_part *row);
    /* Writes state, payment_refund_id, reference, shift_id, settled_by and settled_s. */
    int (*part_update)(void *context, const struct refund_part *row);
    /* Part number `part` of a refund: 1; 0 none. */
    int (*part_read)(void *context, int64_t refund_id, int32_t part, struct refund_part *out);
    /* What waiting parts will take of an order. */
    int (*order_asked_sum)(void *context, int64_t payment_order_id, int64_t *amount_fen);
    /* What has gone back, or is asked to, of a payment at the counter. */
    int (*payment_refunded_sum)(void *context, int64_t payment_id, int64_t *amount_fen);
    /* The same, with what was moved to other accounts, and what its account got back since by other ways than channels. */
    int (*payment_gone_sum)(void *context, int64_t payment_id, int64_t *amount_fen);
    /* The newest order below `before` that was paid into a wallet not earlier than from_s, of which something can go back and
     * whose channel has refused none of it: 1; 0 none. */
    int (*source_next)(void *context, int64_t wallet_id, int64_t from_s, int64_t before, struct refund_source *out);
    /* A payment that was not undone: 1 and *out; 0 none. */
    int (*payment_read)(void *context, int64_t payment_id, struct billing_payment *out);
    /* Fills closing_id. */
    int (*closing_insert)(void *context, struct closing *row);
    /* Writes state, total_value, read_s, clear_command_id, meter_fen, cleared_s, new_account_id, refund_id and done_s. */
    int (*closing_update)(void *context, const struct closing *row);
    int (*closing_read)(void *context, int64_t closing_id, struct closing *out);
    int (*closing_find_key)(void *context, const char *key, struct closing *out);
    /* The closing that waits for a command: 1; 0 none. */
    int (*closing_of_command)(void *context, int64_t command_id, struct closing *out);
    /* Writes closing_id, closed_s and deposit_id of an account. */
    int (*account_closing_set)(void *context, const struct billing_account *row);
    /* Where the newest closed contract of a device ended: 1; 0 it had none. */
    int (*device_left)(void *context, uint32_t device_id, int64_t *day, int64_t *total_value);

    /* Fills payment_move_id. */
    int (*move_insert)(void *context, struct payment_move *row);
    /* Writes state and hold_id. */
    int (*move_update)(void *context, const struct payment_move *row);
    int (*move_read)(void *context, int64_t payment_move_id, struct payment_move *out);
    int (*move_find_key)(void *context, const char *key, struct payment_move *out);
    /* What was moved, or is asked to be, of a payment (or else of an order). */
    int (*moved_sum)(void *context, int64_t payment_id, int64_t payment_order_id, int64_t *amount_fen);
    /* An order's money is another account's now, out of suspense. */
    int (*order_account_set)(void *context, int64_t payment_order_id, int64_t account_id);

    /* The paid order that a payment came through: 1 and its identifier; 0 none. */
    int (*payment_order_of)(void *context, int64_t payment_id, int64_t *payment_order_id);
};

/* "refund", ...; "unknown" outside the list. The numbers of the names; 0 when there is none. */
const char *approval_kind_name(int kind);
int approval_kind_of_name(const char *name);
const char *approval_state_name(int state);
int approval_state_of_name(const char *name);
const char *refund_state_name(int state);
int refund_state_of_name(const char *name);
const char *refund_route_name(int route);
int refund_route_of_name(const char *name);
const char *refund_part_state_name(int state);
int refund_part_state_of_name(const char *name);

#endif
