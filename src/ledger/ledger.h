/* Who owes what: double entry over a small store interface.
 *
 * Every posting debits one account and credits another by the same amount, carries a key chosen by the caller, and is
 * never changed; a mistake gets a correcting posting. The same key with the same content again is the same posting.
 * Nothing is posted into a closed period: what comes too late goes to the start of the open one and says where it belongs. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "ledger/ledger_error.h"
#include "ledger/ledger_store.h"

/* One posting: a thousand million yuan. */
#define LEDGER_AMOUNT_MAXIMUM_FEN INT64_C(100000000000)

/* How long money may be reserved. */
#define LEDGER_HOLD_MAXIMUM_S (31 * INT64_C(86400))

/* Credits minus debits. */
int64_t ledger_account_balance(const struct ledger_account *account);

/* The balance without what pre-deductions have reserved. */
int64_t ledger_account_available(const struct ledger_account *account);

/* Post a transfer.
 * transfer  key, tenant, accounts, amount, kind, reference, at_s, value_s and (for a correction) reverses; transfer_id and
 *           late_s are filled in. Of a repeated key the first posting's row is given back
 * returns   0 posted; 1 the same content was posted before under this key: nothing was done; LEDGER_ERR_* in the order
 *           of precedence of ledger_error.h; negative of the store */
int ledger_post(const struct ledger_store *store, struct ledger_transfer *transfer);

/* Post a transfer without a key. The caller writes a row that names it (transfer_id) in the same transaction, and that row
 * is what makes it once: the millions of charges of a night need no index of keys.
 * returns  as ledger_post, never 1; LEDGER_ERR_KEY when there is a key */
int ledger_post_named(const struct ledger_store *store, struct ledger_transfer *transfer);

/* Post the mirror of a transfer (kind LEDGER_CORRECTION, same reference).
 * key      of the correcting posting
 * out      the correcting posting; may be NULL
 * returns  as ledger_post; LEDGER_ERR_REVERSED when another key corrected it before */
int ledger_reverse(const struct ledger_store *store, uint32_t tenant_id, int64_t transfer_id, const char *key,
                   int64_t at_s, struct ledger_transfer *out);

/* Reserve money of the debit account (pre-deduction).
 * hold     key, tenant, accounts, amount, kind, reference, at_s and expires_s; hold_id and state are filled in. Of a repeated
 *          key the first one's row is given back, settled or not
 * returns  0; 1 repeated; LEDGER_ERR_KEY, _KEY_REUSED, _AMOUNT, _SAME_ACCOUNT, _DEBIT_ACCOUNT, _CREDIT_ACCOUNT, _TENANT,
 *          _MINIMUM, _OVERFLOW, _EXPIRY; negative of the store */
int ledger_hold(const struct ledger_store *store, struct ledger_hold *hold);

/* Move reserved money, under the key "hold/<hold>"; what is not needed is given back.
 * amount_fen  1 to the reserved amount
 * hold        may be NULL: as it stands then
 * returns     0; 1 posted before with this amount; LEDGER_ERR_HOLD, _HOLD_SETTLED, _HOLD_AMOUNT; as ledger_post */
int ledger_hold_post(const struct ledger_store *store, uint32_t tenant_id, int64_t hold_id, int64_t amount_fen,
                     int64_t at_s, struct ledger_hold *hold);

/* Give reserved money back.
 * returns  0; 1 given back before; LEDGER_ERR_HOLD, _HOLD_SETTLED; negative of the store */
int ledger_hold_void(const struct ledger_store *store, uint32_t tenant_id, int64_t hold_id, int64_t at_s,
                     struct ledger_hold *hold);

/* Give back what has expired, of all tenants, at most `limit`.
 * returns  how many; negative of the store */
int ledger_holds_expire(const struct ledger_store *store, int64_t now_s, int32_t limit);

/* Close the books of a tenant: from now on nothing is posted with a value before closing->until_s.
 * closing  tenant_id, until_s, closed_by and closed_s; the sums of the period are filled in
 * returns  0; LEDGER_ERR_PERIOD when until_s is 0 or later than closed_s; LEDGER_ERR_PERIOD_CLOSED; negative of the store */
int ledger_period_close(const struct ledger_store *store, struct ledger_closing *closing);

/* The account of a tenant with this kind and name, opened when there is none; no minimum.
 * returns  0; negative of the store */
int ledger_account_open(const struct ledger_store *store, uint32_t tenant_id, enum ledger_account_kind kind,
                        const char *name, int64_t *ledger_account_id);

/* A new account of its own for every call, such as a customer's wallet. */
int ledger_account_add(const struct ledger_store *store, uint32_t tenant_id, enum ledger_account_kind kind,
                       const char *name, int64_t *ledger_account_id);

/* Balance of an account.
 * returns  0; LEDGER_ERR_DEBIT_ACCOUNT when there is none; negative of the store */
int ledger_balance_read(const struct ledger_store *store, int64_t ledger_account_id, int64_t *balance_fen);

/* Sums over one kind of account. */
struct ledger_trial_row {
    int64_t debits_fen;
    int64_t credits_fen;
    int64_t held_fen;
    int64_t accounts;
};

/* The trial balance of a tenant, by kind; row 0 is the sum of all. Balanced when its debits equal its credits. */
struct ledger_trial_balance {
    struct ledger_trial_row rows[LEDGER_KIND_COUNT];
};

/* An account whose stored sums are not those of its transfers. */
struct ledger_difference {
    struct ledger_account account;
    struct ledger_sums derived;
};

struct ledger_verification {
    struct ledger_trial_balance trial; /* from the transfers' rows */
    int64_t differences;               /* accounts reported to the caller */
    bool balanced;                     /* debits = credits, and no difference */
};

/* Derive every balance of a tenant from its transfers and compare (promise 2).
 * report   called for each difference; may be NULL; a negative answer ends the walk and is returned
 * returns  0, whatever was found: see out; negative of the store */
int ledger_verify(const struct ledger_store *store, uint32_t tenant_id,
                  int (*report)(void *context, const struct ledger_difference *difference), void *context,
                  struct ledger_verification *out);

#endif
