/* A meter that holds money is exchanged: what the books say it still held waits for a second person, and goes by the wallet to
 * the new meter (S1-027).
 *
 *   asked -> done    approved: into the wallet, from where it goes on by an ordinary top-up; what is left out is booked to
 *                    adjustment / meter drift
 *   asked -> open    refused or lapsed: to be asked for anew, with another amount */
#ifndef BILLING_MONEY_CARRY_H
#define BILLING_MONEY_CARRY_H

#include "billing/billing.h"

/* The names in the table: asked, open, done. */
enum billing_money_carry_state { MONEY_CARRY_ASKED = 1, MONEY_CARRY_OPEN, MONEY_CARRY_DONE, MONEY_CARRY_STATE_COUNT };

/* One row of table money_carry. */
struct billing_money_carry {
    int64_t money_carry_id;
    int64_t account_id;
    int64_t at_s;
    int64_t end_total_value;  /* where the old meter ended */
    int64_t books_fen;        /* what it held there by the books, with top-ups that it never answered; negative: it owed */
    int64_t shown_fen;        /* what it showed last */
    int64_t shown_s;          /* 0: it has shown nothing */
    int64_t amount_fen;       /* asked for, or carried */
    uint32_t from_device_id, to_device_id;
    uint8_t state;            /* enum billing_money_carry_state */
};

struct billing_money_carry_store {
    void *context;
    /* Fills money_carry_id. */
    int (*insert)(void *context, struct billing_money_carry *row);
    /* Writes amount_fen and state. */
    int (*update)(void *context, const struct billing_money_carry *row);
    /* 1 and *out; 0 none. */
    int (*read)(void *context, int64_t money_carry_id, struct billing_money_carry *out);
    /* Sum of books_fen of an account's carries that are not done, and how many there are. */
    int (*waiting_sum)(void *context, int64_t account_id, int64_t *books_fen, int64_t *count);
};

/* Ask for another amount than was refused.
 * amount_fen  -100,000,000 to 100,000,000
 * returns     0 and *approval_id; CASE_ERR_CARRY there is none in the scope, or it is asked for or done; BILLING_ERR_AMOUNT,
 *             _REASON; negative of the store */
int billing_money_carry_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t money_carry_id,
                            int64_t amount_fen, const char *reason, int64_t *approval_id);

#endif
