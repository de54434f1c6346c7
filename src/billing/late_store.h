/* What was paid late of bills, and the postings of their late fees. store/sql/late_sql.h implements it.
 *
 * Functions answer as those of billing_store.h. */
#ifndef BILLING_LATE_STORE_H
#define BILLING_LATE_STORE_H

#include <stdint.h>

#include "rating/late_fee.h"

/* One row of table bill_late_part. */
struct billing_late_part {
    int64_t bill_id;
    int64_t paid_day;
    int64_t amount_fen;
    struct late_fee_days days;
};

struct billing_late_store {
    void *context;

    /* The part of a bill paid on a day: 1 and *out; 0 none. */
    int (*part_read)(void *context, int64_t bill_id, int64_t paid_day, struct billing_late_part *out);
    /* Its part with the largest paid_day: 1 and *out; 0 none. */
    int (*part_newest)(void *context, int64_t bill_id, struct billing_late_part *out);
    /* Of all bills of an account that are not reversed, the part with the largest paid_day > after_day: 1 and *out; 0 none. */
    int (*part_after)(void *context, int64_t account_id, int64_t after_day, struct billing_late_part *out);
    /* In place of the one of its day; amount_fen 0: the row goes. */
    int (*part_write)(void *context, const struct billing_late_part *part);
    /* Adds up the parts of a bill. */
    int (*parts_sum)(void *context, int64_t bill_id, struct late_fee_basis *out);
    int (*posting_insert)(void *context, int64_t transfer_id, int64_t bill_id, int64_t amount_fen);
};

#endif
