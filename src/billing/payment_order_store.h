/* What payments through channels need of a store. store/sql/payment_sql.h implements it; rules as billing_store.h. */
#ifndef BILLING_PAYMENT_ORDER_STORE_H
#define BILLING_PAYMENT_ORDER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAYMENT_ORDER_CHANNEL_SIZE 16
#define PAYMENT_ORDER_NUMBER_SIZE 33
#define PAYMENT_ORDER_REFERENCE_SIZE 65
#define PAYMENT_ORDER_PROBLEM_SIZE 64
#define PAYMENT_ORDER_KEY_SIZE 80

/* The names in the table: created, pending, paid, closed, disputed. */
enum payment_order_state {
    PAYMENT_ORDER_CREATED = 1, /* the channel may not know it yet */
    PAYMENT_ORDER_PENDING,     /* the channel waits for the customer */
    PAYMENT_ORDER_PAID,        /* and booked: both in one transaction */
    PAYMENT_ORDER_CLOSED,      /* not paid; should money come all the same, it is booked */
    PAYMENT_ORDER_DISPUTED     /* the channel says something else than we asked: booked is nothing, a person decides */
};

/* The names in the table: pending, done, failed, disputed. */
enum payment_refund_row_state {
    PAYMENT_REFUND_ROW_PENDING = 1, /* the money has left the wallet */
    PAYMENT_REFUND_ROW_DONE,        /* and the channel */
    PAYMENT_REFUND_ROW_FAILED,      /* it is back in the wallet */
    PAYMENT_REFUND_ROW_DISPUTED      /* the channel contradicts itself or us: a person decides */
};

/* What the channel is to be told or asked next. */
enum payment_step {
    PAYMENT_STEP_NONE = 0,
    PAYMENT_STEP_ORDER,
    PAYMENT_STEP_QUERY,
    PAYMENT_STEP_CLOSE,
    PAYMENT_STEP_REFUND,
    PAYMENT_STEP_REFUND_QUERY,
    PAYMENT_STEP_BILL
};

/* One row of table payment_order. Times are real ones: the channel's clock is the world's. */
struct payment_order {
    int64_t payment_order_id;
    int64_t account_id;
    int64_t amount_fen;
    int64_t created_s;
    int64_t expires_s;
    int64_t next_s;           /* when `step` is due; meaningless with PAYMENT_STEP_NONE */
    int64_t paid_s;           /* 0: not paid */
    int64_t payment_id;       /* of table payment; 0: not paid, or in suspense */
    int64_t transfer_id;      /* that booked the money; 0 none */
    int64_t second_of;        /* the order whose second payment this is; 0: an order of its own */
    uint32_t tenant_id;
    uint32_t created_by;
    int32_t attempts;         /* of the present step */
    uint8_t state;            /* enum payment_order_state */
    uint8_t step;             /* enum payment_step */
    uint8_t scene;
    bool in_suspense;         /* the account was closed when the money came, or the order paid already */
    char channel[PAYMENT_ORDER_CHANNEL_SIZE];
    char key[PAYMENT_ORDER_KEY_SIZE];
    char trade_number[PAYMENT_ORDER_NUMBER_SIZE];
    char reference[PAYMENT_ORDER_REFERENCE_SIZE]; /* the channel's own number; "" until paid */
    char problem[PAYMENT_ORDER_PROBLEM_SIZE];
    char description[128];
    char payer_id[64];
    char client_ip[46];
};

/* One row of table payment_refund. */
struct payment_refund {
    int64_t payment_refund_id;
    int64_t payment_order_id;
    int64_t amount_fen;
    int64_t created_s;
    int64_t next_s;
    uint32_t tenant_id;
    uint32_t created_by;
    int32_t attempts;
    uint8_t state;            /* enum payment_refund_row_state */
    uint8_t step;
    char key[PAYMENT_ORDER_KEY_SIZE];
    char refund_number[PAYMENT_ORDER_NUMBER_SIZE];
    char problem[PAYMENT_ORDER_PROBLEM_SIZE];
    char reason[128];
};

/* One row of table payment_reconciliation. */
struct payment_bill_run {
    int64_t run_id;
    int64_t day;              /* the channel's local day */
    int64_t next_s;
    int64_t rows;
    int64_t matched;
    int64_t paid_fen;
    int64_t refunded_fen;
    int64_t asked_s;
    int64_t finished_s;
    uint32_t tenant_id;
    uint32_t asked_by;
    int32_t attempts;
    uint8_t state;            /* enum payment_bill_state */
    char channel[PAYMENT_ORDER_CHANNEL_SIZE];
    char problem[PAYMENT_ORDER_PROBLEM_SIZE];
};

/* The names in the table: asked, done, failed. */
enum payment_bill_state { PAYMENT_BILL_ASKED = 1, PAYMENT_BILL_DONE, PAYMENT_BILL_FAILED };

/* One row of table payment_difference. */
struct payment_difference {
    int64_t difference_id;
    int64_t run_id;
    int64_t our_fen;
    int64_t their_fen;
    int64_t resolved_s;
    uint32_t tenant_id;       /* joined, never written */
    uint32_t resolved_by;
    bool is_refund;
    char channel[PAYMENT_ORDER_CHANNEL_SIZE]; /* joined */
    char kind[16];            /* we_lack, they_lack, amount_differs, status_differs */
    char number[PAYMENT_ORDER_NUMBER_SIZE];
    char reference[PAYMENT_ORDER_REFERENCE_SIZE];
    char resolution[16];      /* "" open, booked, accepted, found */
    char reason[128];
};

struct payment_order_store {
    void *context;
    /* Fills payment_order_id. */
    int (*order_insert)(void *context, struct payment_order *row);
    /* Writes expires_s, next_s, paid_s, payment_id, transfer_id, attempts, state, step, in_suspense, reference and problem. */
    int (*order_update)(void *context, const struct payment_order *row);
    /* 1 and *out; 0 none. */
    int (*order_read)(void *context, int64_t payment_order_id, struct payment_order *out);
    int (*order_find)(void *context, const char *channel, const char *trade_number, struct payment_order *out);
    int (*order_find_key)(void *context, const char *key, struct payment_order *out);
    int (*order_find_reference)(void *context, const char *channel, const char *reference, struct payment_order *out);
    /* The order of a channel with the smallest next_s whose step is due: 1; 0 none. */
    int (*order_due)(void *context, const char *channel, int64_t now_s, struct payment_order *out);
    int (*invitation_write)(void *context, int64_t payment_order_id, const char *kind, const char *text);
    /* Fills payment_refund_id. */
    int (*refund_insert)(void *context, struct payment_refund *row);
    /* Writes next_s, attempts, state, step and problem. */
    int (*refund_update)(void *context, const struct payment_refund *row);
    /* 1 and *out; 0 none. */
    int (*refund_read)(void *context, int64_t payment_refund_id, struct payment_refund *out);
    int (*refund_find)(void *context, const char *channel, const char *refund_number, struct payment_refund *out);
    int (*refund_find_key)(void *context, const char *key, struct payment_refund *out);
    int (*refund_due)(void *context, const char *channel, int64_t now_s, struct payment_refund *out);
    /* What of an order went back or is on its way. */
    int (*refund_sum)(void *context, int64_t payment_order_id, int64_t *amount_fen);
    /* The paid order of a tenant and channel, paid in from_s <= paid_s < until_s and found in no bill yet, with the
     * smallest identifier > after: 1; 0 none. */
    int (*order_unreconciled)(void *context, const struct payment_bill_run *run, int64_t from_s, int64_t until_s,
                              int64_t after, struct payment_order *out);
    int (*order_reconciled)(void *context, int64_t payment_order_id, int64_t day);
    /* Insert, or of a (tenant, channel, day) that stands already begin anew. Fills run_id. */
    int (*run_ask)(void *context, struct payment_bill_run *row);
    /* One for every tenant with orders of the channel that has none for the day. */
    int (*runs_ask)(void *context, const struct payment_bill_run *row);
    int (*run_read)(void *context, int64_t run_id, struct payment_bill_run *out);
    int (*run_due)(void *context, const char *channel, int64_t now_s, struct payment_bill_run *out);
    /* Writes all but tenant, channel, day and who asked. */
    int (*run_update)(void *context, const struct payment_bill_run *row);
    /* Open differences of a run go. */
    int (*differences_clear)(void *context, int64_t run_id);
    int (*difference_insert)(void *context, const struct payment_difference *row);
    int (*difference_read)(void *context, int64_t difference_id, struct payment_difference *out);
    /* Writes resolution, reason, resolved_by and resolved_s. */
    int (*difference_update)(void *context, const struct payment_difference *row);
    /* Whether a person has resolved a difference of this number in this run: 1; 0. */
    int (*difference_resolved)(void *context, int64_t run_id, const char *number);
    /* Open "they_lack" of this number are "found". */
    int (*difference_found)(void *context, const char *number, int64_t now_s);
};

/* "created", ...; "unknown" outside the list. */
const char *payment_order_state_name(int state);
int payment_order_state_of_name(const char *name);
const char *payment_refund_row_state_name(int state);
int payment_refund_row_state_of_name(const char *name);

#endif
