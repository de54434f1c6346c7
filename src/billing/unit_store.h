/* Units sold to meters that hold units themselves (S1-017). store/sql/unit_sql.h implements it.
 *
 * Functions answer as those of billing_store.h. Values are in the unit of the meter's main register (mWh, ml); places count
 * from 0 along everything that was sold to an account and not taken back. */
#ifndef BILLING_UNIT_STORE_H
#define BILLING_UNIT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "billing/billing_store.h"

/* One row of table account_units. */
struct billing_unit_book {
    int64_t account_id;
    int64_t bought_value;     /* sold to the meter and not taken back */
    int64_t used_value;       /* that flowed, up to the midnight that is settled; may be more than bought */
    int64_t charged_value;    /* of them, moved from the meter's account to revenue: at most bought */
};

/* One row of table unit_purchase. */
struct billing_unit_purchase {
    int64_t unit_purchase_id;
    int64_t account_id;
    int64_t command_id;       /* that carries it to the meter; 0: it was there already */
    int64_t transfer_id;      /* its cost, from the wallet to the meter's account; 0 none */
    int64_t at_s;
    int64_t value;
    int64_t from_value;       /* its place */
    int64_t cost_fen;
    int64_t wallet_fen;       /* what stayed in the wallet: less than the next unit costs */
    int64_t tariff_version_id;
    int64_t cycle_before_value; /* bought in the tier cycle before it */
    int64_t cycle_start_day;
    bool taken_back;          /* it never reached the meter */
};

/* What a meter shows of its units. */
struct billing_meter_units {
    int64_t value;
    int64_t shown_s;          /* 0: it has shown none */
    int64_t pending_value;    /* purchases on their way */
};

/* One row of table unit_carry: what an exchanged meter left for the next one. */
struct billing_unit_carry {
    int64_t unit_carry_id;
    int64_t account_id;
    uint32_t from_device_id, to_device_id;
    int64_t at_s;
    int64_t end_total_value;  /* where the old meter ended */
    int64_t value;            /* sold and not used up to there */
    int64_t worth_fen;        /* what it was bought for */
    int64_t shown_value;      /* what the old meter showed last; -1 nothing */
    int64_t command_id;       /* that takes it to the new meter; 0: to be asked for */
    int64_t done_s;           /* when the new meter had it; 0 */
};

struct billing_unit_store {
    void *context;

    /* 1 and *out; 0 none. */
    int (*book_read)(void *context, int64_t account_id, struct billing_unit_book *out);
    int (*book_write)(void *context, const struct billing_unit_book *book);
    /* Fills unit_purchase_id. lines: as those of bills (billing_store.h) */
    int (*purchase_insert)(void *context, struct billing_unit_purchase *row, struct span lines);
    /* The purchase of a command: 1 and *out; 0 none. */
    int (*purchase_of_command)(void *context, int64_t command_id, struct billing_unit_purchase *out);
    /* It is taken back; those behind it move up. */
    int (*purchase_take_back)(void *context, const struct billing_unit_purchase *row);
    /* One that was taken back has reached the meter after all: at row->from_value. */
    int (*purchase_put_back)(void *context, const struct billing_unit_purchase *row);
    /* Fills unit_carry_id. */
    int (*carry_insert)(void *context, struct billing_unit_carry *row);
    /* The oldest that the new meter does not have: 1 and *out; 0 none. */
    int (*carry_open)(void *context, int64_t account_id, struct billing_unit_carry *out);
    /* Writes command_id and done_s. */
    int (*carry_update)(void *context, const struct billing_unit_carry *row);
    /* The recharge of a device after command_id, asked for at since_s or later, that ended without reaching it: 1 and *out; 0. */
    int (*recharge_failed_next)(void *context, uint32_t device_id, int64_t since_s, int64_t command_id, int64_t *out);
    /* The purchase that holds the place, of those not taken back: 1 and *out; 0 none. */
    int (*purchase_at)(void *context, int64_t account_id, int64_t place_value, struct billing_unit_purchase *out);
    /* The items of a purchase with amounts, at most `capacity`; how many. */
    int (*items_read)(void *context, int64_t unit_purchase_id, struct billing_bill_line *out, int32_t capacity);
    int (*meter_read)(void *context, uint32_t device_id, struct billing_meter_units *out);
};

#endif
