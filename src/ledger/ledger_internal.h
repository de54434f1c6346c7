/* Shared by the files of this room only. */
#ifndef LEDGER_LEDGER_INTERNAL_H
#define LEDGER_LEDGER_INTERNAL_H

#include "ledger/ledger.h"

/* Sums stay far from int64's end, so that no balance or trial balance can overflow. */
#define LEDGER_SUM_MAXIMUM_FEN INT64_C(1000000000000000000)

/* ledger.c */
int ledger_key_check(const char *key);
/* Both accounts, of this tenant: 0; LEDGER_ERR_DEBIT_ACCOUNT, _CREDIT_ACCOUNT, _TENANT; negative of the store. */
int ledger_accounts_read(const struct ledger_store *store, uint32_t tenant_id, int64_t debit_account_id,
                         int64_t credit_account_id, struct ledger_account *debit, struct ledger_account *credit);

/* ledger_period.c: give a posting its value_s, and its late_s when that period is closed. */
int ledger_period_place(const struct ledger_store *store, struct ledger_transfer *transfer);

#endif
