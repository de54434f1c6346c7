/* Who shares the cost of a public meter. store/sql/share_sql.h implements it.
 *
 * Functions answer as those of billing_store.h. */
#ifndef BILLING_SHARE_STORE_H
#define BILLING_SHARE_STORE_H

#include <stdint.h>

/* One row of table account_share, with the wallet that pays. */
struct billing_share {
    int64_t account_id;
    int64_t wallet_id;
    int64_t weight;
    uint32_t device_id;       /* of its own meter; 0 none */
};

/* What weighs the parts. The name in the table is billing_share_basis_name(). */
enum billing_share_basis {
    BILLING_SHARE_BY_RATIO,
    BILLING_SHARE_BY_USE,     /* ratio times what the main registers of their meters counted */
    BILLING_SHARE_BY_TIME,    /* ratio times how long their units ran, by the meters' own count */
    BILLING_SHARE_BASIS_COUNT
};

/* One row of table share_run: a cost that was shared. */
struct billing_share_run {
    int64_t share_run_id;
    int64_t public_account_id;
    int64_t at_s;
    int64_t from_day, to_day;
    int64_t from_total_value, to_total_value;
    int64_t amount_fen;
    int64_t weight_total;
    uint8_t basis;            /* enum billing_share_basis */
};

/* One row of table share_part. */
struct billing_share_part {
    int64_t account_id;
    int64_t ratio;
    int64_t from_value, to_value;
    int64_t weight;
    int64_t amount_fen;
};

struct billing_share_store {
    void *context;

    /* weight 0: the row goes. Keeps account.is_public of the public account. */
    int (*share_write)(void *context, int64_t public_account_id, int64_t account_id, int64_t weight);
    /* The open accounts that share, by account: at most `capacity`; how many. */
    int (*shares_read)(void *context, int64_t public_account_id, struct billing_share *out, int32_t capacity);
    int (*basis_write)(void *context, int64_t public_account_id, enum billing_share_basis basis);
    /* enum billing_share_basis. */
    int (*basis_read)(void *context, int64_t public_account_id);
    /* The last cost of a public account that was shared: 1 and *out; 0 none. */
    int (*run_last)(void *context, int64_t public_account_id, struct billing_share_run *out);
    /* Fills share_run_id. */
    int (*run_insert)(void *context, struct billing_share_run *run);
    int (*part_insert)(void *context, int64_t share_run_id, const struct billing_share_part *part);
    /* Where the account's meter stood when it last shared in this public account on this basis: 1 and *to_value; 0. */
    int (*part_last)(void *context, int64_t public_account_id, int64_t account_id, enum billing_share_basis basis,
                     int64_t *to_value);
    /* How long the device's unit had run by its own count at the last reading before an instant: 1 and *value; 0 none. */
    int (*running_time_read)(void *context, uint32_t device_id, int64_t before_s, int64_t *value);
    /* Does the account share in a public meter? 1; 0. */
    int (*shares_in)(void *context, int64_t account_id);
};

/* "ratio", "use", "time"; "unknown" outside the list. And back; -1. */
const char *billing_share_basis_name(int basis);
int billing_share_basis_of_name(const char *name);

#endif
