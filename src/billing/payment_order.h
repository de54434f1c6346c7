/* Payments through channels: an order from its creation to the money in the wallet, and refunds back the same way.
 *
 * What the channel says arrives by callback or by query, early, late, twice, in any order; the state and the posting change
 * in one transaction, so money is booked exactly once. What waits is a column (step, next_s): a restart forgets nothing.
 *
 *   created -> pending -> paid            paid is never left
 *   created, pending -> closed -> paid    when money comes after all
 *   created, pending, closed -> disputed  when the channel names another amount; a later right word makes it paid */
#ifndef BILLING_PAYMENT_ORDER_H
#define BILLING_PAYMENT_ORDER_H

#include "billing/billing.h"
#include "billing/payment_order_store.h"

#define PAYMENT_ORDER_TIME_S 1800 /* how long a customer may take */
#define PAYMENT_ORDER_LEASE_S 60  /* a step that was handed out and never answered is handed out again */

struct payment_order_request {
    int64_t account_id;
    int64_t amount_fen;       /* 1 to 100,000,000 */
    uint8_t scene;
    uint64_t chance;          /* random: part of the trade number */
    char channel[PAYMENT_ORDER_CHANNEL_SIZE];
    char key[BILLING_KEY_SIZE]; /* chosen by the caller: the same key twice is one order */
    char description[128];
    char payer_id[64];
    char client_ip[46];
};

/* wall_s   real time
 * returns  0; 1 the same order came before, *out as it stands; BILLING_ERR_KEY, _KEY_REUSED, _AMOUNT, _CHANNEL, _NAME (no
 *          description), _ACCOUNT, _ACCOUNT_CLOSED; negative of the store */
int payment_order_create(struct billing *billing, const struct billing_scope *scope, int64_t wall_s,
                         const struct payment_order_request *request, struct payment_order *out);

/* The customer will not pay: its time ends now and the channel is told to close it. Until the channel has said that it is
 * closed it may still be paid; that money is booked like any other.
 * returns  0 with *out afterwards, also when it was cancelled or closed before; BILLING_ERR_ORDER, _ORDER_ENDED: it is paid
 *          or disputed; negative of the store */
int payment_order_cancel(struct billing *billing, const struct billing_scope *scope, int64_t wall_s,
                         int64_t payment_order_id, struct payment_order *out);

/* The next thing a channel is to be told or asked. */
struct payment_order_work {
    enum payment_step step;
    struct payment_order order;
    struct payment_refund refund; /* of the refund steps */
    struct payment_bill_run run;  /* of PAYMENT_STEP_BILL */
};

/* channel  whose work; that of a channel nobody asks for waits
 * returns  1 with *out, which is then lent for PAYMENT_ORDER_LEASE_S; 0 nothing is due; negative of the store */
int payment_order_work_take(struct billing *billing, int64_t wall_s, const char *channel, struct payment_order_work *out);

enum payment_order_word {
    PAYMENT_WORD_UNKNOWN = 0, /* no answer, or one that is not to be believed: it may have happened */
    PAYMENT_WORD_REFUSED,     /* a clear no */
    PAYMENT_WORD_ABSENT,
    PAYMENT_WORD_PENDING,
    PAYMENT_WORD_PAID,        /* of an order; of a refund: done */
    PAYMENT_WORD_CLOSED,      /* of an order; of a refund: failed */
    PAYMENT_WORD_RETURNED     /* of an order: paid, and some or all of it has gone back */
};

/* What a channel said, already verified. */
struct payment_order_outcome {
    enum payment_order_word word;
    enum payment_step step;   /* that was answered; PAYMENT_STEP_NONE: a callback */
    bool is_refund;
    int64_t amount_fen;       /* of the order or the refund; of PAID always */
    int64_t paid_s;           /* real time at which the payer paid; 0: not said */
    const char *channel;
    const char *number;       /* trade number; of a refund its number */
    const char *reference;
    const char *code;         /* the channel's word, for people */
    const char *invitation_kind; /* "" none */
    const char *invitation;
};

/* now_s    of the platform, for postings
 * out      the order afterwards; may be NULL
 * returns  0; BILLING_ERR_ORDER, _REFUND_UNKNOWN: nobody asked for that; LEDGER_ERR_*; negative of the store */
int payment_order_outcome_take(struct billing *billing, int64_t wall_s, int64_t now_s,
                               const struct payment_order_outcome *outcome, struct payment_order *out);

struct payment_refund_request {
    int64_t payment_order_id;
    int64_t amount_fen;
    uint64_t chance;
    char key[BILLING_KEY_SIZE];
    char reason[128];
};

/* Money leaves the wallet now and goes back by the channel it came through; should the channel refuse, it returns.
 * returns  0; 1 the same refund came before; BILLING_ERR_KEY, _KEY_REUSED, _AMOUNT, _ORDER, _ORDER_UNPAID, _REFUND_AMOUNT,
 *          _FUNDS; LEDGER_ERR_* */
int payment_refund_ask(struct billing *billing, const struct billing_scope *scope, int64_t wall_s, int64_t now_s,
                       const struct payment_refund_request *request, struct payment_refund *out);

/* A person has found out what became of a disputed refund.
 * paid_out true: the channel has paid it out, it is done; the customer owes what went back to the wallet meanwhile.
 *          false: it has not; the refund failed and its money is where it came from
 * returns  0 with *out afterwards; BILLING_ERR_REFUND_UNKNOWN, _REFUND_SETTLED: it is not disputed; LEDGER_ERR_*; negative
 *          of the store */
int payment_refund_resolve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           int64_t payment_refund_id, bool paid_out, struct payment_refund *out);

#endif
