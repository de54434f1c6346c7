/* What a bill comes to: its readings, measured or estimated, and its prices. Nothing is written. */
#include "base/calendar.h"
#include "base/wide.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <string.h>

/* The register total at the end of a period, measured or (when the meter can no longer send it) estimated. */
struct closing {
    int64_t total_value;
    bool estimated;
};

int64_t billing_bill_day_next(const struct billing_account *account)
{
    int64_t day = calendar_month_start(account->settled_day) + account->settlement_day - 1;

    if (day <= account->settled_day)
        day = calendar_month_start_after(account->settled_day, 1) + account->settlement_day - 1;
    while ((calendar_date_of_day(day).month + 12 - account->settlement_first_month) % account->settlement_months != 0)
        day = calendar_month_start_after(day, 1) + account->settlement_day - 1;
    return day;
}

/* The nearest stored midnight from `day` on in steps of `step`, not beyond `last`: 1; 0 none. */
static int midnight_search(struct billing *billing, const struct billing_account *account, int64_t day, int64_t last,
                           int64_t step, int64_t *found_day, int64_t *total_value)
{
    const struct billing_store *store = billing->store;

    for (; step > 0 ? day <= last : day >= last; day += step) {
        int found = store->midnight_read(store->context, account->device_id, day, total_value);

        if (found != 0) {
            *found_day = day;
            return found;
        }
    }
    return 0;
}

/* A midnight that nobody can back-fill any more lies on the straight line between its neighbours. */
static int closing_estimate(struct billing *billing, const struct billing_account *account, int64_t to_day,
                            int64_t today, struct closing *out)
{
    int64_t before_day = account->settled_day, before_value = account->settled_total_value;
    int64_t after_day, after_value, found_day, found_value, grown_value;
    int found;

    if (today - to_day < BILLING_GAP_WAIT_DAYS)
        return BILLING_ERR_MIDNIGHT;
    found = midnight_search(billing, account, to_day + 1, today, 1, &after_day, &after_value);
    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_MIDNIGHT;
    found = midnight_search(billing, account, to_day - 1, account->settled_day + 1, -1, &found_day, &found_value);
    if (found < 0)
        return found;
    if (found == 1) {
        before_day = found_day;
        before_value = found_value;
    }
    if (after_value < before_value ||
        wide_multiply_divide_round(after_value - before_value, to_day - before_day, after_day - before_day, &grown_value) < 0)
        return BILLING_ERR_BACKWARD;
    *out = (struct closing){ before_value + grown_value, true };
    return 0;
}

/* The newest midnight known before `to_day`; the end of the last bill when there is none. */
static int closing_newest(struct billing *billing, const struct billing_account *account, int64_t to_day, int64_t *day,
                          int64_t *total_value)
{
    int found = midnight_search(billing, account, to_day - 1, account->settled_day + 1, -1, day, total_value);

    if (found == 0) {
        *day = account->settled_day;
        *total_value = account->settled_total_value;
    }
    return found < 0 ? found : 0;
}

/* On from the newest midnight at the daily use of the last bill, or (without one) of the period so far. */
static int closing_usual(struct billing *billing, const struct billing_account *account, int64_t to_day,
                         struct closing *out)
{
    struct billing_bill bill;
    int64_t day, total_value, grown_value, usual_value, usual_days;
    int error = closing_newest(billing, account, to_day, &day, &total_value);
    int found;

    if (error < 0)
        return error;
    found = billing->store->bill_newest(billing->store->context, account->account_id, &bill);
    if (found < 0)
        return found;
    usual_value = found == 1 ? bill.usage_value : total_value - account->settled_total_value;
    usual_days = found == 1 ? bill.to_day - bill.from_day : day - account->settled_day;
    if (usual_days <= 0 || usual_value < 0 || total_value < account->settled_total_value)
        return BILLING_ERR_MIDNIGHT;
    if (wide_multiply_divide_round(usual_value, to_day - day, usual_days, &grown_value) < 0)
        return BILLING_ERR_MIDNIGHT;
    *out = (struct closing){ total_value + grown_value, true };
    return 0;
}

static int closing_read(struct billing *billing, const struct billing_account *account, int64_t to_day, int64_t today,
                        enum billing_estimate estimate, struct closing *out)
{
    int error = 0;
    int found;

    if (account->device_id == 0)
        return BILLING_ERR_NO_DEVICE;
    if (billing->final != NULL) {
        *out = (struct closing){ billing->final->total_value, billing->final->estimated };
        return out->total_value < account->settled_total_value ? BILLING_ERR_BACKWARD : 0;
    }
    found = billing_midnight_read(billing, account, to_day, &out->total_value);
    if (found < 0)
        return found;
    out->estimated = false;
    if (found == 0)
        error = closing_estimate(billing, account, to_day, today, out);
    if (error == BILLING_ERR_MIDNIGHT && estimate == BILLING_ESTIMATE_USUAL)
        error = closing_usual(billing, account, to_day, out);
    if (error == 0 && out->total_value < account->settled_total_value)
        error = BILLING_ERR_BACKWARD;
    return error;
}

/* The period as segments of one price each. */
struct period {
    struct charge_segment segments[CHARGE_SEGMENT_LIMIT];
    const struct tariff *tariffs[CHARGE_SEGMENT_LIMIT]; /* parsed copies: far fewer than BILLING_TARIFF_CACHE */
    int64_t from_days[CHARGE_SEGMENT_LIMIT];
    int32_t count;
    int64_t tariff_version_id; /* of the last segment */
    enum tariff_price_change method;
};

static int32_t months_between(int64_t from_day, int64_t to_day)
{
    struct calendar_date from = calendar_date_of_day(from_day), to = calendar_date_of_day(to_day);
    int32_t months = (to.year - from.year) * 12 + to.month - from.month;

    return months > 0 ? months : 1;
}

/* The versions valid in the period, oldest first. */
static int period_versions(struct billing *billing, const struct billing_account *account, int64_t to_day,
                           struct period *period)
{
    int64_t starts[CHARGE_SEGMENT_LIMIT];
    int64_t versions[CHARGE_SEGMENT_LIMIT];
    int32_t count = 0;
    int64_t day = to_day - 1;

    while (count < CHARGE_SEGMENT_LIMIT) {
        struct billing_tariff_version version;
        const struct tariff *tariff;
        int error = billing_tariff_on(billing, account->tariff_id, day, &version, &tariff);

        if (error < 0)
            return error;
        if (count == 0)
            period->method = tariff->price_change;
        starts[count] = version.effective_day > account->settled_day ? version.effective_day : account->settled_day;
        versions[count++] = version.tariff_version_id;
        if (version.effective_day <= account->settled_day || period->method == TARIFF_CHANGE_BY_READING_DATE)
            break;
        day = version.effective_day - 1;
    }
    period->count = count;
    period->tariff_version_id = versions[0];
    for (int32_t index = 0; index < count; index++) {
        int error = billing_tariff_load(billing, versions[count - 1 - index], &period->tariffs[index]);

        if (error < 0)
            return error;
        period->from_days[index] = starts[count - 1 - index];
    }
    period->from_days[0] = account->settled_day;
    return 0;
}

/* Open a segment at `day` with the price of the segment before it. */
static void segment_insert(struct period *period, int32_t index, int64_t day)
{
    memmove(&period->tariffs[index + 1], &period->tariffs[index],
            (size_t)(period->count - index) * sizeof period->tariffs[0]);
    memmove(&period->from_days[index + 1], &period->from_days[index],
            (size_t)(period->count - index) * sizeof period->from_days[0]);
    period->tariffs[index] = period->tariffs[index - 1];
    period->from_days[index] = day;
    period->count++;
}

/* Where the tariff splits a bill by seasons, a season that begins inside a segment opens another one. */
static int seasons_split(struct period *period, int64_t to_day)
{
    for (int32_t index = 0; index < period->count; index++) {
        const struct tariff *tariff = period->tariffs[index];
        int64_t end = index + 1 < period->count ? period->from_days[index + 1] : to_day;
        int64_t day = calendar_month_start_after(period->from_days[index], 1);

        if (tariff->season_rule != TARIFF_SEASON_BY_DAY)
            continue;
        while (day < end && tariff_season_on(tariff, day) == tariff_season_on(tariff, period->from_days[index]))
            day = calendar_month_start_after(day, 1);
        if (day >= end)
            continue;
        if (period->count == CHARGE_SEGMENT_LIMIT)
            return RATING_ERR_SEGMENTS;
        segment_insert(period, index + 1, day);
    }
    return 0;
}

/* Totals at the price changes; false when one is missing and the days must decide. */
static int changes_read(struct billing *billing, const struct billing_account *account, const struct period *period,
                        int64_t *totals_value, bool *known)
{
    const struct billing_store *store = billing->store;

    *known = period->method != TARIFF_CHANGE_BY_DAY;
    for (int32_t index = 1; index < period->count && *known; index++) {
        int found = store->midnight_read(store->context, account->device_id, period->from_days[index],
                                         &totals_value[index]);

        if (found < 0)
            return found;
        *known = found == 1 && totals_value[index] >= totals_value[index - 1];
    }
    return 0;
}

/* Give each segment its days, its quantity and the use below it. */
static int segments_fill(struct billing *billing, const struct billing_account *account,
                         const struct billing_bill *bill, int64_t used_value, struct period *period)
{
    int64_t totals_value[CHARGE_SEGMENT_LIMIT + 1] = { bill->from_total_value };
    int32_t total_days = (int32_t)(bill->to_day - bill->from_day);
    int64_t offset_value = used_value - bill->from_total_value; /* cycle use = register total + offset */
    bool known;
    int error = changes_read(billing, account, period, totals_value, &known);

    if (error < 0)
        return error;
    totals_value[period->count] = bill->to_total_value;
    for (int32_t index = 0; index < period->count; index++) {
        struct charge_segment *segment = &period->segments[index];
        int64_t end = index + 1 < period->count ? period->from_days[index + 1] : bill->to_day;
        int64_t from_value = known ? totals_value[index] : bill->from_total_value;
        int64_t to_value = known ? totals_value[index + 1] : bill->to_total_value;

        *segment = (struct charge_segment){ .tariff = period->tariffs[index] };
        segment->usage = billing_usage_of(account, period->tariffs[period->count - 1], bill->to_day - 1);
        segment->usage.persons = billing_persons_of(account, bill->from_day);
        segment->usage.months = months_between(bill->from_day, bill->to_day);
        segment->usage.season = tariff_season_on(
            segment->tariff, segment->tariff->season_rule == TARIFF_SEASON_BY_DAY ? end - 1 : bill->to_day - 1);
        segment->usage.used_e4 = billing_quantity_e4(segment->tariff, from_value + offset_value);
        segment->usage.quantity_e4 =
            billing_quantity_e4(segment->tariff, to_value + offset_value) - segment->usage.used_e4;
        segment->quantity_by_days = !known && period->count > 1;
        segment->days = period->count > 1 ? (int32_t)(end - period->from_days[index]) : 0;
        segment->total_days = period->count > 1 ? total_days : 0;
    }
    return 0;
}

/* By days, older volume fills the year's tiers first; monthly tiers begin anew at each price. */
static void segments_stack(struct period *period)
{
    int32_t days = 0;

    for (int32_t index = 0; index < period->count && period->count > 1; index++) {
        struct charge_segment *segment = &period->segments[index];
        if (tariff_tiers_monthly(segment->tariff))
            segment->usage.used_e4 = 0;
        else if (segment->quantity_by_days)
            segment->days_before = days;
        days += segment->days;
    }
}

/* Charges by area alone are due whether the meter speaks or not. */
static bool period_needs_reading(const struct period *period)
{
    bool sold = false;

    for (int32_t index = 0; index < period->count; index++)
        sold = sold || period->tariffs[index]->item_count > 0 || period->tariffs[index]->power_factor_adjusted;
    return sold;
}

/* Fixed charges and power factor are those of the last segment. */
static int measures_fill(struct billing *billing, const struct billing_account *account,
                         const struct billing_bill *bill, struct period *period)
{
    struct charge_segment *last = &period->segments[period->count - 1];

    return billing_measures_fill(billing, account, last->tariff, bill->from_day, bill->to_day, bill->usage_value,
                                 &last->usage);
}

int billing_bill_preview(struct billing *billing, const struct billing_account *account, int64_t to_day, int64_t now_s,
                         struct billing_bill *bill, struct charge *charge)
{
    return billing_bill_draft(billing, account, to_day, now_s, BILLING_ESTIMATE_HOLD, bill, charge);
}

int billing_bill_draft(struct billing *billing, const struct billing_account *account, int64_t to_day, int64_t now_s,
                       enum billing_estimate estimate, struct billing_bill *bill, struct charge *charge)
{
    int64_t today = calendar_local_day(now_s, account->zone_offset_s);
    struct period period;
    struct closing closing = { account->settled_total_value, false };
    int64_t used_value;
    int error;

    if (to_day <= account->settled_day)
        return BILLING_ERR_SETTLED;
    if (to_day > today && billing->final == NULL)
        return BILLING_ERR_TO_DAY;
    error = billing_devices_settle(billing, &account->device_id, 1);
    if (error == 0)
        error = period_versions(billing, account, to_day, &period);
    if (error == 0)
        error = period_needs_reading(&period) ? closing_read(billing, account, to_day, today, estimate, &closing) : 0;
    if (error == 0)
        error = seasons_split(&period, to_day);
    if (error < 0)
        return error;
    *bill = (struct billing_bill){ .account_id = account->account_id,
                                   .from_day = account->settled_day,
                                   .to_day = to_day,
                                   .from_total_value = account->settled_total_value,
                                   .to_total_value = closing.total_value,
                                   .usage_value = closing.total_value - account->settled_total_value,
                                   .issued_s = now_s,
                                   .tariff_version_id = period.tariff_version_id,
                                   .cycle_start_day = account->cycle_start_day,
                                   .cycle_used_value = account->cycle_used_value,
                                   .tenant_id = account->tenant_id,
                                   .area_id = account->area_id,
                                   .state = BILLING_BILL_ISSUED,
                                   .estimated = closing.estimated };
    used_value = tariff_cycle_start(period.tariffs[period.count - 1], to_day - 1) == account->cycle_start_day
                  ? account->cycle_used_value
                  : 0;
    error = segments_fill(billing, account, bill, used_value, &period);
    if (error < 0)
        return error;
    segments_stack(&period);
    error = billing_bill_periods(billing, account, bill, period.segments, period.from_days, period.count);
    if (error == 0)
        error = measures_fill(billing, account, bill, &period);
    if (error == 0)
        error = charge_compute_segments(period.segments, period.count, charge);
    if (error == 0)
        bill->amount_fen = charge->total_fen;
    return error;
}

/* The reading shows that the last bill was estimated too high: what the whole stretch comes to without that bill.
 * returns 0; BILLING_ERR_BACKWARD when the last bill was measured; as billing_bill_draft */
static int estimate_recompute(struct billing_look *look, struct billing_account *account, int64_t to_day,
                              struct billing_bill *bill, struct charge *charge, struct billing_bill *taken_back)
{
    struct billing *billing = look->billing;
    struct billing_account before = *account;
    struct billing_bill newest;
    int found = billing->store->bill_newest(billing->store->context, account->account_id, &newest);
    int error;

    if (found < 0)
        return found;
    if (found == 0 || !newest.estimated || newest.to_day != account->settled_day)
        return BILLING_ERR_BACKWARD;
    billing_account_return(&before, &newest);
    error = billing_bill_draft(billing, &before, to_day, look->now_s, look->estimate, bill, charge);
    if (error < 0)
        return error;
    *account = before;
    *taken_back = newest;
    return 0;
}

int billing_bill_compute(struct billing_look *look, struct billing_account *account, int64_t to_day,
                         struct billing_bill *bill, struct charge *charge, struct billing_bill *taken_back)
{
    int error = billing_bill_draft(look->billing, account, to_day, look->now_s, look->estimate, bill, charge);

    taken_back->bill_id = 0;
    return error == BILLING_ERR_BACKWARD ? estimate_recompute(look, account, to_day, bill, charge, taken_back) : error;
}
