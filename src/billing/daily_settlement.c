/* Platform prepayment, and the shadow of meter-side prepayment: each day costs cost(used today) - cost(used before). */
#include "base/calendar.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <string.h>

/* The next stretch that ends at a stored midnight. A missing midnight is waited for as long as the meter may still
 * back-fill it; then the days around it are charged as one.
 * returns 1 and *out; 0 nothing (held_error says why); negative of the store */
static int stretch_next(struct billing_look *look, struct billing_stretch *out)
{
    struct billing_account *account = look->account;
    int64_t wanted = account->settled_day + 1;
    int64_t last = look->settle_day < wanted + BILLING_PROBE_LIMIT ? look->settle_day : wanted + BILLING_PROBE_LIMIT;

    account->held_error = 0;
    for (int64_t day = wanted; day <= last; day++) {
        int found = billing_midnight_read(look->billing, account, day, &out->to_total_value);

        if (found < 0)
            return found;
        if (found == 0)
            continue;
        if (day > wanted && look->settle_day - wanted < BILLING_GAP_WAIT_DAYS)
            break;
        out->from_day = account->settled_day;
        out->day = day - 1;
        out->from_total_value = account->settled_total_value;
        return 1;
    }
    if (look->settle_day > wanted)
        account->held_error = BILLING_ERR_MIDNIGHT;
    return 0;
}

/* The volume used in the cycle before a stretch: nothing when a new cycle begins with it. */
static int64_t used_before(const struct billing_account *account, const struct tariff *tariff, int64_t day)
{
    return tariff_cycle_start(tariff, day) == account->cycle_start_day ? account->cycle_used_value : 0;
}

static struct billing_posting posting_of(const struct billing_daily_charge *row)
{
    return (struct billing_posting){ LEDGER_CHARGE, row->account_id, row->day + 1, row->charged_s };
}

/* Post what a charge comes to; the row names the transfer and holds the items. */
static int charge_post(struct billing *billing, const struct billing_account *account, const struct charge *charge,
                       struct billing_daily_charge *row)
{
    struct billing_posting posting = posting_of(row);
    struct billing_posted posted;
    int error = billing_items_post(billing, account, charge, &posting, &posted);

    if (error < 0)
        return error;
    row->amount_fen = charge->total_fen;
    row->transfer_id = posted.transfer_id;
    memcpy(row->items, posted.items, sizeof row->items);
    return 0;
}

int billing_day_rate(struct billing *billing, const struct billing_account *account, const struct billing_stretch *stretch,
                     struct billing_day *out)
{
    struct billing_daily_charge *row = &out->row;
    struct billing_tariff_version version;
    const struct tariff *tariff;
    int error = billing_tariff_on(billing, account->tariff_id, stretch->day, &version, &tariff);

    if (error < 0)
        return error;
    row->account_id = account->account_id;
    row->day = stretch->day;
    row->from_day = stretch->from_day;
    row->from_total_value = stretch->from_total_value;
    row->to_total_value = stretch->to_total_value;
    row->cycle_used_value = used_before(account, tariff, stretch->day);
    row->tariff_version_id = version.tariff_version_id;
    row->revision = 0;
    out->cycle_start_day = tariff_cycle_start(tariff, stretch->day);
    return billing_stretch_rate(billing, account, tariff, stretch, row->cycle_used_value, &out->charge);
}

int billing_day_post(struct billing *billing, struct billing_account *account, struct billing_day *day, int64_t now_s)
{
    struct billing_daily_charge *row = &day->row;
    int error;

    row->charged_s = now_s;
    error = charge_post(billing, account, &day->charge, row);
    if (error < 0)
        return error;
    account->cycle_start_day = day->cycle_start_day;
    account->cycle_used_value = row->cycle_used_value + row->to_total_value - row->from_total_value;
    account->settled_day = row->day + 1;
    account->settled_total_value = row->to_total_value;
    account->midnight_known = false;
    return 0;
}

static int stretch_charge(struct billing_look *look, const struct billing_stretch *stretch)
{
    struct billing *billing = look->billing;
    struct billing_day day;
    int error;

    if (look->account->holds_units)
        return billing_units_charge(look, stretch);
    error = billing_day_rate(billing, look->account, stretch, &day);
    if (error == 0)
        error = billing_day_post(billing, look->account, &day, look->now_s);
    return error < 0 ? error : billing->store->charge_insert(billing->store->context, &day.row);
}

int billing_days_settle(struct billing_look *look)
{
    struct billing_account *account = look->account;
    struct billing_stretch stretch;
    int found = 1;

    if (account->device_id == 0) {
        account->held_error = BILLING_ERR_NO_DEVICE;
        return 0;
    }
    for (int charged = 0; charged < BILLING_LOOK_SETTLE_LIMIT; charged++) {
        int error;

        found = stretch_next(look, &stretch);
        if (found <= 0)
            return found;
        if (stretch.to_total_value < stretch.from_total_value) {
            account->held_error = BILLING_ERR_BACKWARD;
            return 0;
        }
        error = stretch_charge(look, &stretch);
        if (billing_error_holds(error)) {
            account->held_error = error;
            return 0;
        }
        if (error < 0)
            return error;
    }
    look->more = true;
    return 0;
}

int billing_days_end(struct billing_look *look, const struct billing_final *final)
{
    struct billing_account *account = look->account;
    struct billing_stretch stretch;
    int error;

    /* Midnights that came after the reading was agreed are the next contract's. */
    if (look->settle_day >= final->to_day)
        look->settle_day = final->to_day - 1;
    error = billing_days_settle(look);
    if (error < 0)
        return error;
    if (final->total_value < account->settled_total_value || final->to_day <= account->settled_day)
        return BILLING_ERR_BACKWARD;
    stretch = (struct billing_stretch){ .from_day = account->settled_day, .day = final->to_day - 1,
                                        .from_total_value = account->settled_total_value,
                                        .to_total_value = final->total_value };
    account->held_error = 0;
    return stretch_charge(look, &stretch);
}

static int charge_take_back(struct billing *billing, struct billing_account *account, const struct tariff *tariff,
                            const struct billing_daily_charge *row, int64_t now_s)
{
    struct billing_posting posting = posting_of(row);
    struct billing_posted posted = { .transfer_id = row->transfer_id };
    char prefix[LEDGER_KEY_SIZE];

    if (row->items[0] != '\0') {
        memcpy(posted.items, row->items, sizeof posted.items);
        posting.at_s = now_s;
        return billing_items_take_back(billing, account, &posted, &posting);
    }
    (void)snprintf(prefix, sizeof prefix, "charge/%lld/%lld/%d", (long long)row->account_id, (long long)row->day,
                   (int)row->revision);
    return billing_items_reverse(billing, account, tariff, prefix, now_s);
}

/* Replace a charge: correct its transfer and post it anew with the next revision. */
static int charge_replace(struct billing *billing, struct billing_account *account, struct billing_daily_charge *row,
                          int64_t now_s)
{
    struct billing_stretch stretch = { row->from_day, row->day, row->from_total_value, row->to_total_value };
    const struct tariff *tariff;
    struct charge charge;
    int error = billing_tariff_load(billing, row->tariff_version_id, &tariff);

    if (error < 0)
        return error;
    error = charge_take_back(billing, account, tariff, row, now_s);
    if (error == 0)
        error = billing_stretch_rate(billing, account, tariff, &stretch, row->cycle_used_value, &charge);
    if (error < 0)
        return error;
    row->revision++;
    row->charged_s = now_s;
    error = charge_post(billing, account, &charge, row);
    return error < 0 ? error : billing->store->charge_update(billing->store->context, row);
}

/* What a charge should be now that a midnight has another value. `before` is the charge in front of it, NULL for the
 * first one looked at. returns 1 it differs and *row is as it should be; 0 it stands; BILLING_ERR_BACKWARD */
static int charge_rederive(struct billing *billing, const struct billing_account *account,
                           const struct billing_daily_charge *before, struct billing_daily_charge *row)
{
    const struct billing_store *store = billing->store;
    struct billing_daily_charge wanted = *row;
    const struct tariff *tariff;
    int found = store->midnight_read(store->context, account->device_id, row->day + 1, &wanted.to_total_value);

    if (found >= 0)
        found = billing_tariff_load(billing, row->tariff_version_id, &tariff);
    if (found < 0)
        return found;
    if (before != NULL) {
        bool same_cycle = tariff_cycle_start(tariff, before->day) == tariff_cycle_start(tariff, row->day);

        wanted.from_total_value = before->to_total_value;
        wanted.cycle_used_value =
            same_cycle ? before->cycle_used_value + before->to_total_value - before->from_total_value : 0;
    }
    if (wanted.to_total_value < wanted.from_total_value)
        return BILLING_ERR_BACKWARD;
    if (wanted.from_total_value == row->from_total_value && wanted.to_total_value == row->to_total_value &&
        wanted.cycle_used_value == row->cycle_used_value)
        return 0;
    *row = wanted;
    return 1;
}

/* The account stands where its newest charge ends. */
static int account_follow(struct billing *billing, struct billing_account *account,
                          const struct billing_daily_charge *newest)
{
    const struct tariff *tariff;
    int error = billing_tariff_load(billing, newest->tariff_version_id, &tariff);

    if (error < 0 || newest->day + 1 != account->settled_day)
        return error;
    account->settled_total_value = newest->to_total_value;
    account->cycle_start_day = tariff_cycle_start(tariff, newest->day);
    account->cycle_used_value = newest->cycle_used_value + newest->to_total_value - newest->from_total_value;
    return 0;
}

/* Walk the charges from the one that ends at midnight `day` until one stands as it is.
 * apply    false: only look whether all of it can be done */
static int charges_rederive(struct billing *billing, struct billing_account *account, int64_t day, int64_t now_s,
                            bool apply)
{
    const struct billing_store *store = billing->store;
    struct billing_daily_charge row, before;
    int found = store->charge_read(store->context, account->account_id, day - 1, &row);
    bool first = true;

    while (found == 1) {
        int changed = charge_rederive(billing, account, first ? NULL : &before, &row);

        if (changed < 0 || (changed == 0 && !first))
            return changed;
        if (changed == 1 && apply) {
            int error = charge_replace(billing, account, &row, now_s);

            if (error == 0)
                error = account_follow(billing, account, &row);
            if (error < 0)
                return error;
        }
        first = false;
        before = row;
        found = billing_charge_after(billing, account, row.day + 1, &row);
    }
    return found;
}

/* The minima of a month were charged with its last day: they follow what its days cost now. */
static int minimum_rederive(struct billing *billing, struct billing_account *account, int64_t day, int64_t now_s)
{
    struct billing_daily_charge row;
    struct billing_stretch stretch;
    const struct tariff *tariff;
    struct charge charge;
    int found = billing_charge_after(billing, account, calendar_month_start_after(day, 1) - 1, &row);
    int error;

    if (found <= 0)
        return found;
    error = billing_tariff_load(billing, row.tariff_version_id, &tariff);
    if (error < 0 || (tariff->minimum_quantity_e4 == 0 && tariff->minimum_charge_fen == 0))
        return error;
    stretch = (struct billing_stretch){ row.from_day, row.day, row.from_total_value, row.to_total_value };
    error = billing_stretch_rate(billing, account, tariff, &stretch, row.cycle_used_value, &charge);
    if (error < 0 || charge.total_fen == row.amount_fen)
        return error;
    return charge_replace(billing, account, &row, now_s);
}

int billing_day_correct(struct billing *billing, struct billing_account *account, int64_t day, int64_t now_s)
{
    int error;

    if (account->holds_units)
        return billing_units_correct(billing, account);
    error = charges_rederive(billing, account, day, now_s, false);
    if (error == BILLING_ERR_BACKWARD) {
        account->held_error = error;
        return billing_journal(billing, account, "correction_held", billing_error_text(error), now_s);
    }
    if (error == 0)
        error = charges_rederive(billing, account, day, now_s, true);
    if (error == 0)
        error = minimum_rederive(billing, account, day - 1, now_s);
    if (error == 0 && calendar_month_start(day) == day)
        error = minimum_rederive(billing, account, day, now_s);
    return error;
}
