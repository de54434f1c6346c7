/* Who shares the cost of a public meter. store/sqlite/share_sqlite.h implements it.
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
};

struct billing_share_store {
    void *context;

    /* weight 0: the row goes. Keeps account.is_public of the public account. */
    int (*share_write)(void *context, int64_t public_account_id, int64_t account_id, int64_t weight);
    /* The open accounts that share, by account: at most `capacity`; how many. */
    int (*shares_read)(void *context, int64_t public_account_id, struct billing_share *out, int32_t capacity);
    /* Does the account share in a public meter? 1; 0. */
    int (*shares_in)(void *context, int64_t account_id);
};

#endif
