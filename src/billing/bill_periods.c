/* A bill by period of the day: registers at both ends of each stretch of one price, or the whole shared by days. */
#include "base/wide.h"
#include "billing/billing_internal.h"

/* Registers at the changes tell each segment: 1; 0 one is missing, nothing is changed. */
static int segments_by_register(struct billing *billing, const struct billing_account *account, int64_t to_day,
                                struct charge_segment *segments, const int64_t *from_days, int32_t count)
{
    struct charge_usage usages[CHARGE_SEGMENT_LIMIT];

    for (int32_t index = 0; index < count; index++) {
        int64_t end = index + 1 < count ? from_days[index + 1] : to_day;
        int error;

        usages[index] = segments[index].usage;
        if (segments[index].tariff->period_count == 0)
            continue;
        if (segments[index].quantity_by_days)
            return 0;
        error = billing_periods_read(billing, account, segments[index].tariff, from_days[index], end, &usages[index]);
        if (error < 0)
            return error == BILLING_ERR_REGISTERS ? 0 : error;
    }
    for (int32_t index = 0; index < count; index++)
        segments[index].usage = usages[index];
    return 1;
}

/* The share of a quantity up to so many of all days; parts of it add up. */
static int64_t share_until(int64_t quantity_e4, int32_t days, int32_t total_days)
{
    int64_t share_e4 = 0;

    (void)wide_multiply_divide_truncate(quantity_e4, days, total_days, &share_e4);
    return share_e4;
}

/* One segment's part by days of what its periods used in the whole bill. */
static void segment_share(struct charge_segment *segment, const struct charge_usage *whole, int32_t days_before)
{
    struct charge_usage *usage = &segment->usage;

    usage->quantity_e4 = 0;
    usage->period_count = whole->period_count;
    for (int32_t period = 0; period < whole->period_count; period++) {
        int64_t quantity_e4 = whole->period_quantity_e4[period];

        usage->period_quantity_e4[period] =
            share_until(quantity_e4, days_before + segment->days, segment->total_days) -
            share_until(quantity_e4, days_before, segment->total_days);
        usage->quantity_e4 += usage->period_quantity_e4[period];
    }
    segment->quantity_by_days = false;
    segment->days_before = 0;
}

static int whole_read(struct billing *billing, const struct billing_account *account, const struct billing_bill *bill,
                      const struct tariff *tariff, struct charge_usage *whole)
{
    int error;

    whole->quantity_e4 = billing_quantity_e4(tariff, bill->usage_value);
    error = billing_periods_read(billing, account, tariff, bill->from_day, bill->to_day, whole);
    return error == BILLING_ERR_REGISTERS && bill->estimated
               ? billing_periods_estimate(billing, account, tariff, bill->from_day, bill->to_day, whole)
               : error;
}

static int segments_by_day(struct billing *billing, const struct billing_account *account,
                           const struct billing_bill *bill, struct charge_segment *segments, int32_t count)
{
    int32_t days_before = 0;

    for (int32_t index = 0; index < count; index++) {
        struct charge_segment *segment = &segments[index];
        struct charge_usage whole = segment->usage;
        int error;

        if (segment->tariff->period_count > 0) {
            error = whole_read(billing, account, bill, segment->tariff, &whole);
            if (error < 0)
                return error;
            if (count == 1)
                segment->usage = whole;
            else
                segment_share(segment, &whole, days_before);
        }
        days_before += segment->days;
    }
    return 0;
}

/* Tiers of a longer cycle: each segment stands on what those before it used. */
static void segments_restack(struct charge_segment *segments, int32_t count)
{
    int64_t used_e4 = segments[0].usage.used_e4;

    for (int32_t index = 0; index < count; index++) {
        const struct charge_segment *segment = &segments[index];

        if (!tariff_tiers_monthly(segment->tariff) && !segment->quantity_by_days)
            segments[index].usage.used_e4 = used_e4;
        used_e4 += segment->quantity_by_days
                       ? share_until(segment->usage.quantity_e4, segment->days, segment->total_days)
                       : segment->usage.quantity_e4;
    }
}

int billing_bill_periods(struct billing *billing, const struct billing_account *account, const struct billing_bill *bill,
                         struct charge_segment *segments, const int64_t *from_days, int32_t count)
{
    bool wanted = false;
    int result;

    for (int32_t index = 0; index < count; index++)
        wanted = wanted || segments[index].tariff->period_count > 0;
    if (!wanted)
        return 0;
    result = segments_by_register(billing, account, bill->to_day, segments, from_days, count);
    if (result == 0)
        result = segments_by_day(billing, account, bill, segments, count);
    if (result < 0)
        return result;
    segments_restack(segments, count);
    return 0;
}
