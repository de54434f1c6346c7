/* What the ledger needs of a store. store/sql/ledger_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the ledger hands on unchanged. They run
 * inside the transaction that the caller has open: a posting is whole or not there. */
#ifndef LEDGER_LEDGER_STORE_H
#define LEDGER_LEDGER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#define LEDGER_KEY_SIZE 80
#define LEDGER_NAME_SIZE 48

/* What an account stands for; the name in the table is ledger_account_kind_name(). */
enum ledger_account_kind {
    LEDGER_WALLET = 1,   /* a customer's money with us; negative: the customer owes */
    LEDGER_REVENUE,      /* earned, one account for each item of a bill */
    LEDGER_RECEIVABLE,
    LEDGER_CASH,         /* the till; grows negative, because it is debited when money comes in */
    LEDGER_METER_CREDIT, /* money that a meter holds itself */
    LEDGER_ADJUSTMENT,
    LEDGER_ROUNDING,
    LEDGER_SUSPENSE,     /* money whose owner is not known yet */
    LEDGER_DEPOSIT,      /* money kept for a customer as security */
    LEDGER_CHANNEL,      /* money at a payment channel; grows negative like the till, until it is paid out to us */
    LEDGER_CLEARING,     /* charges on their way to the items of revenue; 0 at every commit */
    LEDGER_KIND_COUNT
};

/* Why money moved; the name in the table is ledger_transfer_kind_name(). */
enum ledger_transfer_kind {
    LEDGER_PAYMENT = 1,
    LEDGER_CHARGE,     /* days of platform prepayment, or of a meter that deducts itself; reference: the account */
    LEDGER_BILL,       /* reference: the bill */
    LEDGER_RECHARGE,   /* wallet to meter; reference: the payment */
    LEDGER_CORRECTION, /* mirrors `reverses` */
    LEDGER_REFUND,
    LEDGER_MOVE,       /* between wallets, when accounts join a group; of cash to the safe and to the bank */
    LEDGER_DIFFERENCE, /* cash found over or short; reference: the shift */
    LEDGER_SHARE,      /* a part of what a public meter cost; reference: the public account */
    LEDGER_LATE_FEE,   /* of a bill, or given back; reference: the bill */
    LEDGER_TRANSFER_KIND_COUNT
};

/* What became of a pre-deduction; the name in the table is ledger_hold_state_name(). */
enum ledger_hold_state {
    LEDGER_HOLD_PENDING = 1, /* reserved */
    LEDGER_HOLD_POSTED,      /* moved, in whole or in part; the rest was given back */
    LEDGER_HOLD_VOIDED,      /* given back */
    LEDGER_HOLD_EXPIRED,     /* given back, because nobody settled it in time */
    LEDGER_HOLD_STATE_COUNT
};

/* One row of table ledger_account. Sums only grow; the balance is their difference. */
struct ledger_account {
    int64_t ledger_account_id;
    int64_t last_transfer_id; /* its newest transfer, where the chain of them begins; 0 none */
    int64_t debits_fen;
    int64_t credits_fen;
    int64_t held_fen;         /* reserved by pending pre-deductions */
    int64_t minimum_fen;      /* credits - debits - held never falls below it, when has_minimum */
    uint32_t tenant_id;
    bool has_minimum;
    uint8_t kind;             /* enum ledger_account_kind */
    char name[LEDGER_NAME_SIZE];
};

/* One row of table transfer. Never changed, never removed. */
struct ledger_transfer {
    int64_t transfer_id;
    int64_t debit_account_id;
    int64_t credit_account_id;
    int64_t amount_fen;       /* > 0 */
    int64_t reference;
    int64_t reverses;         /* transfer corrected by this one; 0 none */
    int64_t at_s;             /* when it was booked */
    int64_t value_s;          /* when its matter happened; 0: at_s. Never in a closed period: see late_s */
    int64_t late_s;           /* when the matter really happened, if that period was closed already; else 0 */
    int64_t debit_before;     /* the transfer of the debit account before this one: a chain, newest first; 0 its first */
    int64_t credit_before;    /* the same of the credit account */
    uint32_t tenant_id;
    uint8_t kind;             /* enum ledger_transfer_kind */
    char key[LEDGER_KEY_SIZE]; /* "": a row of the caller names the transfer and is what makes it once */
};

/* One row of table transfer_hold: a pre-deduction, the first half of a two-phase transfer. */
struct ledger_hold {
    int64_t hold_id;
    int64_t debit_account_id;
    int64_t credit_account_id;
    int64_t amount_fen;       /* > 0 */
    int64_t reference;
    int64_t at_s;
    int64_t expires_s;        /* given back from then on */
    int64_t settled_s;        /* 0: pending */
    int64_t posted_fen;
    int64_t transfer_id;      /* that posted it; 0 none */
    uint32_t tenant_id;
    uint8_t kind;             /* enum ledger_transfer_kind of the posting */
    uint8_t state;            /* enum ledger_hold_state */
    char key[LEDGER_KEY_SIZE];
};

/* One row of table ledger_closing. */
struct ledger_closing {
    int64_t until_s;          /* the period's end, which is not in it */
    int64_t from_s;
    int64_t transfers;
    int64_t amount_fen;
    int64_t closed_s;
    uint32_t tenant_id;
    uint32_t closed_by;       /* person; 0: the platform */
};

/* A stretch of transfers that follow each other in one block of LEDGER_BLOCK identifiers, and the times they lie between:
 * what is sought by time skips the blocks that cannot hold it. Clocks may be set back, identifiers only grow. */
#define LEDGER_BLOCK 4096

struct ledger_span {
    int64_t block;            /* identifiers block * LEDGER_BLOCK and up */
    int64_t at_from_s, at_to_s;
    int64_t value_from_s, value_to_s;
};

/* What an account's own transfers add up to. */
struct ledger_sums {
    int64_t debits_fen;
    int64_t credits_fen;
    int64_t last_transfer_id; /* the newest of them, when each names the one before it; else minus the first that does not */
    int64_t held_fen;         /* of its pending pre-deductions */
};

struct ledger_store {
    void *context;
    /* 1 and *out; 0 there is none. */
    int (*account_read)(void *context, int64_t ledger_account_id, struct ledger_account *out);
    /* The account of a tenant by kind and name: 1 and *out; 0 none. */
    int (*account_find)(void *context, uint32_t tenant_id, enum ledger_account_kind kind, const char *name,
                        struct ledger_account *out);
    /* Fills ledger_account_id. */
    int (*account_insert)(void *context, struct ledger_account *account);
    /* Writes debits_fen, credits_fen, held_fen and last_transfer_id. */
    int (*account_update)(void *context, const struct ledger_account *account);
    /* Both for many, asked by a ledger_cache in front. `visit` gets each account that is there. */
    int (*accounts_read)(void *context, const int64_t ledger_account_ids[], uint32_t count,
                         void (*visit)(void *visitor, const struct ledger_account *account), void *visitor);
    int (*accounts_update)(void *context, const struct ledger_account accounts[], uint32_t count);
    /* 1 and *out; 0 none. */
    int (*transfer_read)(void *context, int64_t transfer_id, struct ledger_transfer *out);
    int (*transfer_find_key)(void *context, const char *key, struct ledger_transfer *out);
    int (*transfer_find_reversal)(void *context, int64_t reverses, struct ledger_transfer *out);
    /* Fills transfer_id: one more than the newest. */
    int (*transfer_insert)(void *context, struct ledger_transfer *transfer);
    /* Many at once, without keys and corrections; their transfer_ids follow each other and the newest. */
    int (*transfers_append)(void *context, const struct ledger_transfer *transfers, uint32_t count);
    /* The newest; 0 none. */
    int (*transfer_last)(void *context, int64_t *transfer_id);
    /* Widen the times of a block to those of the span. */
    int (*span_widen)(void *context, const struct ledger_span *span);

    /* 1 and *out; 0 none. */
    int (*hold_read)(void *context, int64_t hold_id, struct ledger_hold *out);
    int (*hold_find_key)(void *context, const char *key, struct ledger_hold *out);
    /* The pending hold with the smallest expires_s, if that is <= now_s. */
    int (*hold_expired)(void *context, int64_t now_s, struct ledger_hold *out);
    /* Fills hold_id. */
    int (*hold_insert)(void *context, struct ledger_hold *hold);
    /* Writes state, settled_s, posted_fen and transfer_id. */
    int (*hold_update)(void *context, const struct ledger_hold *hold);

    /* End of the newest closed period of a tenant; 0 when none was closed. */
    int (*closed_until)(void *context, uint32_t tenant_id, int64_t *until_s);
    /* Number and sum of a tenant's postings with from_s <= value_s < until_s, into `closing`. */
    int (*period_sums)(void *context, struct ledger_closing *closing);
    int (*closing_insert)(void *context, const struct ledger_closing *closing);

    /* Every account of a tenant in order of identifier, with the sums of its transfers read from their rows. */
    int (*accounts_walk)(void *context, uint32_t tenant_id,
                         int (*visit)(void *visitor, const struct ledger_account *account,
                                      const struct ledger_sums *sums),
                         void *visitor);
};

/* "wallet", "payment", ...; "unknown" outside the list. */
const char *ledger_account_kind_name(int kind);
const char *ledger_transfer_kind_name(int kind);
const char *ledger_hold_state_name(int state);
/* The numbers of these names; 0 when there is none. */
int ledger_account_kind_of_name(const char *name);
int ledger_transfer_kind_of_name(const char *name);
int ledger_hold_state_of_name(const char *name);

#endif
