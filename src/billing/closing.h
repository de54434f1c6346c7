/* A contract ends: the last reading, the last bill, what is left paid out, the meter free; or a new customer takes it over.
 *
 *   clearing -> waiting -> done      clearing: only where the meter itself holds money that it must first give back
 *   clearing, waiting -> refused     the account goes on as if nothing had been asked
 *
 * A change of the balance's owner (X-003: platform, money on the meter, units on the meter) is the same, with a new contract of
 * the same customer: a final count, what the meter holds taken back into the wallet, the wallet to the new contract, which
 * fills the meter anew when it holds the balance.
 *
 * From the asking on the account rests: nothing is settled, sent to the meter or cut off, so what was agreed stays true.
 * All of the ending happens in the transaction of the approval, which is refused when a figure differs from what was asked. */
#ifndef BILLING_CLOSING_H
#define BILLING_CLOSING_H

#include "billing/refund.h"

#define CLOSING_READING_AGE_S 86400 /* a reading of the meter is the last one so long at most */

struct billing_closing_request {
    int64_t account_id;
    int64_t total_value;      /* of typed */
    int64_t new_customer_id;  /* of tenant_change */
    int64_t new_tariff_id;    /* 0: the same */
    int64_t wall_s;
    uint8_t kind;             /* enum closing_kind */
    uint8_t reading;          /* enum closing_reading */
    uint8_t rest;             /* enum refund_route */
    bool close_valve;
    bool move_balance;        /* of tenant_change: what is left goes with the meter */
    bool leave_meter;         /* of prepaid_meter: what the meter holds is not taken back, and not paid */
    char new_mode[24];        /* of owner_change: how the same customer pays from now on */
    char new_holds[8];        /* "money", "units", "" what the model says */
    char key[BILLING_KEY_SIZE];
    char payee[BILLING_NAME_SIZE];
    char bank[CASE_BANK_SIZE];
    char bank_account[CASE_BANK_SIZE];
    char reason[CASE_REASON_SIZE];
};

struct billing_closing {
    struct closing row;
    struct approval_figures figures; /* every part of the sum: reading, balance, final_use, meter_remainder, deposit, ... */
    int64_t approval_id;      /* 0: the meter has to give its money back first */
    bool repeated;
};

/* The whole sum; nothing changes.
 * returns  as billing_closing_ask */
int billing_closing_preview(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            const struct billing_closing_request *request, struct billing_closing *out);

/* returns  0; BILLING_ERR_KEY, _KEY_REUSED, _REASON, _ACCOUNT, _ACCOUNT_CLOSED, _NO_DEVICE, _BACKWARD a reading below what is
 *          settled, _CUSTOMER, _GROUP_HELD; CASE_ERR_MEMBER, _CLOSING_OPEN, _READING_OLD, _PAYEE, _METER_PENDING,
 *          _NEW_CUSTOMER; BILLING_ERR_OWNER when the new owner is the present one, or cannot be; BILLING_ERR_* and RATING_ERR_* of the last bill; what the command room refuses */
int billing_closing_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct billing_closing_request *request, struct billing_closing *out);

/* A command that takes a meter's money back has ended. Others are not minded.
 * returns  0; negative of ledger or store */
int billing_clear_ended(struct billing *billing, int64_t command_id, bool cleared, int64_t now_s);

/* Part of what the wallet holds is kept as security; it goes back with the closing.
 * key      the same key twice is one deposit
 * returns  0 and *deposit_fen, all that is kept; BILLING_ERR_KEY, _AMOUNT, _ACCOUNT, _ACCOUNT_CLOSED, _FUNDS;
 *          CASE_ERR_MEMBER; LEDGER_ERR_* */
int billing_deposit_take(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                         int64_t amount_fen, const char *key, int64_t *deposit_fen);

#endif
