/* Accounts whose meter holds units: money buys whole units at the price in force, what is worth less than one unit stays in
 * the wallet for the next time (S1-017, rule 17).
 *
 * In the ledger the meter's account keeps what the units in it were paid with; each day that passes takes from it what the
 * units used that day were bought for, the oldest first. So a price change never touches units that were sold. */
#ifndef BILLING_UNIT_ACCOUNT_H
#define BILLING_UNIT_ACCOUNT_H

#include "billing/billing.h"
#include "billing/unit_store.h"
#include "rating/charge.h"

#define BILLING_UNITS_LIMIT 999999 /* of one purchase: what a meter's eight digits hold */

/* What a sum of money buys now. */
struct billing_unit_quote {
    int64_t money_fen;        /* of the wallet and the payment together */
    int64_t units;
    int64_t unit_value;       /* of one unit, on the register */
    int64_t cost_fen;
    int64_t rest_fen;         /* stays in the wallet */
    int64_t cycle_before_value;
    int64_t cycle_start_day;
    int64_t tariff_version_id;
    struct charge charge;     /* of the units, explained; without fixed charges */
};

/* returns  0; BILLING_ERR_ACCOUNT, _ACCOUNT_CLOSED, _OWNER for a meter that holds no units, _AMOUNT, _TARIFF_VERSION;
 *          RATING_ERR_*; negative of the store */
int billing_unit_quote_read(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                            int64_t amount_fen, struct billing_unit_quote *out);

/* A purchase ended without reaching the meter: the money is in the wallet again, once. Of meters that hold money too. What
 * cannot be told yet (sent, and no answer until it expired) stays as it is until the meter shows its count. What was to be carried
 * to an exchanged meter is asked for again.
 * command_id   of any command; those of others are not minded
 * returns  0; negative of ledger or store */
int billing_recharge_failed(struct billing *billing, uint32_t device_id, int64_t command_id, int64_t now_s);

/* The meter shows that it has a purchase: one that was taken back is booked again, even when the wallet has to owe it. */
int billing_recharge_arrived(struct billing *billing, uint32_t device_id, int64_t command_id, int64_t now_s);

#endif
