/* What the ledger needs of a store. store/sqlite/ledger_sqlite.h implements it.
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
    LEDGER_SUSPENSE,
    LEDGER_KIND_COUNT
};

/* Why money moved; the name in the table is ledger_transfer_kind_name(). */
enum ledger_transfer_kind {
    LEDGER_PAYMENT = 1,
    LEDGER_CHARGE,     /* one day of platform prepayment, or of a meter that deducts itself; reference: the day */
    LEDGER_BILL,       /* reference: the bill */
    LEDGER_RECHARGE,   /* wallet to meter; reference: the payment */
    LEDGER_CORRECTION, /* mirrors `reverses` */
    LEDGER_REFUND,
    LEDGER_TRANSFER_KIND_COUNT
};

/* One row of table ledger_account. Sums only grow; the balance is their difference. */
struct ledger_account {
    int64_t ledger_account_id;
    int64_t debits_fen;
    int64_t credits_fen;
    int64_t minimum_fen;      /* credits - debits never falls below it, when has_minimum */
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
    int64_t at_s;
    uint32_t tenant_id;
    uint8_t kind;             /* enum ledger_transfer_kind */
    char key[LEDGER_KEY_SIZE];
};

/* What an account's own transfers add up to. */
struct ledger_sums {
    int64_t debits_fen;
    int64_t credits_fen;
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
    /* Writes debits_fen and credits_fen. */
    int (*account_update)(void *context, const struct ledger_account *account);
    /* 1 and *out; 0 none. */
    int (*transfer_read)(void *context, int64_t transfer_id, struct ledger_transfer *out);
    int (*transfer_find_key)(void *context, const char *key, struct ledger_transfer *out);
    int (*transfer_find_reversal)(void *context, int64_t reverses, struct ledger_transfer *out);
    /* Fills transfer_id. */
    int (*transfer_insert)(void *context, struct ledger_transfer *transfer);
    /* Every account of a tenant in order of identifier, with the sums of its transfers read from their rows. */
    int (*accounts_walk)(void *context, uint32_t tenant_id,
                         int (*visit)(void *visitor, const struct ledger_account *account,
                                      const struct ledger_sums *sums),
                         void *visitor);
};

/* "wallet", "payment", ...; "unknown" outside the list. */
const char *ledger_account_kind_name(int kind);
const char *ledger_transfer_kind_name(int kind);
/* The numbers of these names; 0 when there is none. */
int ledger_account_kind_of_name(const char *name);
int ledger_transfer_kind_of_name(const char *name);

#endif
