#include "rating/charge.h"

#include "rating/charge_internal.h"

#include <stddef.h>
#include <string.h>

#define CHARGE_DAYS_LIMIT 1200
#define SAFE_NUMERATOR (CHARGE_EXACT_LIMIT / ((rating_exact)TARIFF_PRICE_MAXIMUM * TARIFF_COEFFICIENT_MAXIMUM))
#define CHARGE_MONTHS_LIMIT 120

/* All segments of one bill count days and cycle parts by the same denominators. */
static int segment_check(const struct charge_working *working, const struct charge_segment *segment)
{
    const struct charge_segment *first = &working->segments[0];
    int error = charge_usage_check(segment->tariff, &segment->usage);

    if (error < 0)
        return error;
    if (segment->total_days != first->total_days || segment->usage.cycle_whole != first->usage.cycle_whole)
        return RATING_ERR_SEGMENTS;
    if (segment->total_days < 0 || segment->total_days > CHARGE_DAYS_LIMIT || segment->days < 0 ||
        segment->days > segment->total_days)
        return RATING_ERR_SEGMENTS;
    if (segment->days_before < 0 || segment->days_before > segment->total_days - segment->days)
        return RATING_ERR_SEGMENTS;
    if (segment->quantity_by_days && (segment->total_days == 0 || segment->tariff->period_count > 0))
        return RATING_ERR_SEGMENTS;
    return 0;
}

int charge_product_exact(rating_exact numerator, int64_t coefficient_e8, int64_t price_e8, rating_exact *out)
{
    rating_exact factor = (rating_exact)coefficient_e8 * price_e8;
    rating_exact magnitude = numerator < 0 ? -numerator : numerator;

    /* Dividing is dear, and all but the largest users lie below what even the largest price may be multiplied by. */
    if (magnitude > SAFE_NUMERATOR && factor > 0 && magnitude > CHARGE_EXACT_LIMIT / factor)
        return RATING_ERR_RANGE;
    *out = numerator * factor;
    return 0;
}

/* The same, rounded to the fen where the tariff rounds each row of a bill. */
static int product_row(const struct charge_working *working, rating_exact numerator, int64_t coefficient_e8,
                       int64_t price_e8, rating_exact *out)
{
    int error = charge_product_exact(numerator, coefficient_e8, price_e8, out);
    int64_t rounded;

    if (error < 0 || working->row_divisor == 1)
        return error;
    if (rating_exact_round(*out, working->row_divisor, &rounded) < 0)
        return RATING_ERR_RANGE;
    *out = rounded * working->row_divisor;
    return 0;
}

/* A numerator in 1e-4 unit, half up: what is printed where a share by days has more digits. Amounts stay exact. */
static int64_t quantity_shown(const struct charge_working *working, rating_exact numerator)
{
    rating_exact half = working->scale / 2;

    return (int64_t)((numerator + (numerator < 0 ? -half : half)) / working->scale);
}

/* Add a product to an item, and the line that explains it. */
static int line_add(struct charge_working *working, struct charge_line line, rating_exact numerator)
{
    struct charge *charge = &working->charge;
    rating_exact amount;
    int error;

    if (numerator == 0)
        return 0;
    if (charge->line_count == CHARGE_LINE_LIMIT)
        return RATING_ERR_SEGMENTS;
    error = product_row(working, numerator, line.coefficient_e8, line.price_e8, &amount);
    if (error < 0)
        return error;
    working->item_exact[line.item] += amount;
    line.quantity_e4 = quantity_shown(working, numerator);
    charge->lines[charge->line_count++] = line;
    return 0;
}

static int item_charge_tiers(struct charge_working *working, struct charge_line line, const struct tariff_item *item,
                             int32_t tier_count, const rating_exact *tier)
{
    for (int32_t index = 0; index < tier_count; index++) {
        int error;

        line.tier = (uint8_t)(index + 1);
        line.price_e8 = item->price_e8[index];
        error = line_add(working, line, tier[index]);
        if (error < 0)
            return error;
    }
    return 0;
}

/* Number, from 1, of a period among those that the bill's lines speak of. */
static int32_t period_find_or_add(struct charge *charge, const char *name)
{
    int32_t index = 0;

    while (index < charge->period_count && strcmp(charge->period_name[index], name) != 0)
        index++;
    if (index == TARIFF_PERIOD_LIMIT)
        return RATING_ERR_PERIOD;
    if (index == charge->period_count) {
        memcpy(charge->period_name[index], name, TARIFF_NAME_SIZE);
        charge->period_count++;
    }
    return index + 1;
}

static int item_charge_periods(struct charge_working *working, struct charge_line line, const struct tariff_item *item,
                               const struct charge_segment *segment)
{
    const struct charge_usage *usage = &segment->usage;

    for (int32_t index = 0; index < usage->period_count; index++) {
        int error = period_find_or_add(&working->charge, segment->tariff->period_name[index]);

        if (error < 0)
            return error;
        line.period = (uint8_t)error;
        line.price_e8 = item->period_price_e8[index];
        error = line_add(working, line, usage->period_quantity_e4[index] * working->scale);
        if (error < 0)
            return error;
    }
    return 0;
}

static int item_charge(struct charge_working *working, int32_t segment_index, const struct tariff_item *item,
                       rating_exact quantity, const rating_exact *tier)
{
    const struct charge_segment *segment = &working->segments[segment_index];
    int32_t index = charge_item_find_or_add(&working->charge, item->name);
    struct charge_line line = { .coefficient_e8 = item->coefficient_e8, .segment = (uint8_t)segment_index };
    int error = 0;

    if (index < 0)
        return index;
    line.item = (uint8_t)index;
    if (item->by_period)
        error = item_charge_periods(working, line, item, segment);
    if (error == 0 && item->tiered)
        error = item_charge_tiers(working, line, item, segment->tariff->tier_count, tier);
    line.price_e8 = item->flat_price_e8;
    return error < 0 || !item->flat ? error : line_add(working, line, quantity);
}

static int composite_add(struct charge_working *working, const struct tariff *tariff, const rating_exact *tier)
{
    for (int32_t index = 0; tariff->composite && index < tariff->tier_count; index++) {
        rating_exact amount;

        if (product_row(working, tier[index], TARIFF_PRICE_ONE, tariff->composite_e8[index], &amount) < 0)
            return RATING_ERR_RANGE;
        working->composite_exact += amount;
    }
    return 0;
}

/* What an item asks for a quantity that has no periods of the day. */
static int item_cost(const struct tariff *tariff, const struct tariff_item *item, const rating_exact *tier,
                     rating_exact *sum)
{
    for (int32_t index = 0; index < tariff->tier_count; index++) {
        int64_t price_e8 = (item->tiered ? item->price_e8[index] : 0) + (item->flat ? item->flat_price_e8 : 0);
        rating_exact amount;

        if (charge_product_exact(tier[index], item->coefficient_e8, price_e8, &amount) < 0)
            return RATING_ERR_RANGE;
        *sum += amount;
    }
    return 0;
}

static rating_exact smaller(rating_exact one, rating_exact other)
{
    return one < other ? one : other;
}

/* Rule 15: the first units of the month are free; they fill the tiers all the same. */
static int allowance_add(struct charge_working *working, const struct charge_segment *segment, rating_exact before,
                         rating_exact quantity)
{
    const struct tariff *tariff = segment->tariff;
    rating_exact days = segment->total_days > 0 ? segment->days : working->days_whole;
    rating_exact free =
        (rating_exact)tariff->allowance_e4 * charge_months(&segment->usage) * days * working->cycle_whole;
    rating_exact from = smaller(before, free);
    rating_exact tier[TARIFF_TIER_LIMIT] = { 0 };

    if (tariff->allowance_e4 == 0)
        return 0;
    charge_tiers_fill(working, segment, from, smaller(before + quantity, free) - from, tier);
    for (int32_t index = 0; index < tariff->item_count; index++) {
        if (item_cost(tariff, &tariff->items[index], tier, &working->allowance_exact) < 0)
            return RATING_ERR_RANGE;
    }
    return 0;
}

static int segment_charge(struct charge_working *working, int32_t segment_index)
{
    const struct charge_segment *segment = &working->segments[segment_index];
    const struct tariff *tariff = segment->tariff;
    rating_exact days = segment->quantity_by_days ? segment->days : working->days_whole;
    rating_exact quantity = segment->usage.quantity_e4 * days * working->cycle_whole;
    rating_exact before = segment->usage.used_e4 * working->scale +
                          (rating_exact)segment->usage.quantity_e4 * segment->days_before * working->cycle_whole;
    rating_exact tier[TARIFF_TIER_LIMIT] = { 0 };
    int error;

    charge_tiers_fill(working, segment, before, quantity, tier);
    for (int32_t index = 0; index < tariff->tier_count; index++)
        working->tier_numerator[index] += tier[index];
    error = composite_add(working, tariff, tier);
    for (int32_t index = 0; error == 0 && index < tariff->item_count; index++)
        error = item_charge(working, segment_index, &tariff->items[index], quantity, tier);
    return error < 0 ? error : allowance_add(working, segment, before, quantity);
}

/* Limits and quantities of the printed bill. */
static void tiers_show(struct charge_working *working)
{
    const struct charge_segment *segment = &working->segments[working->segment_count - 1];
    struct charge *charge = &working->charge;
    rating_exact billed = 0;

    charge->tier_count = segment->tariff->tier_count;
    for (int32_t tier = 0; tier < TARIFF_TIER_LIMIT; tier++) {
        billed += working->tier_numerator[tier];
        charge->tier_quantity_e4[tier] = quantity_shown(working, working->tier_numerator[tier]);
    }
    for (int32_t tier = 0; tier + 1 < charge->tier_count; tier++)
        charge->limit_e4[tier] = quantity_shown(working, charge_limit_numerator(working, segment, tier));
    charge->billed_e4 = quantity_shown(working, billed);
}

static int working_open(struct charge_working *working, const struct charge_segment *segments, int32_t count)
{
    if (count < 1 || count > CHARGE_SEGMENT_LIMIT)
        return RATING_ERR_SEGMENTS;
    memset(working, 0, offsetof(struct charge_working, charge) + offsetof(struct charge, lines));
    working->segments = segments;
    working->segment_count = count;
    working->last = segments[count - 1].tariff;
    for (int32_t index = 0; index < count; index++) {
        int error = segment_check(working, &segments[index]);

        if (error < 0)
            return error;
    }
    working->days_whole = segments[0].total_days > 0 ? segments[0].total_days : 1;
    working->cycle_whole = segments[0].usage.cycle_whole > 0 ? segments[0].usage.cycle_whole : 1;
    working->scale = working->days_whole * working->cycle_whole;
    working->row_divisor = working->last->rounding == TARIFF_ROUND_ROW ? RATING_EXACT_FEN * working->scale : 1;
    return 0;
}

int charge_use_compute(struct charge_working *working, const struct charge_segment *segments, int32_t count)
{
    int error = working_open(working, segments, count);

    for (int32_t index = 0; error == 0 && index < count; index++)
        error = segment_charge(working, index);
    if (error == 0)
        error = charge_working_round(working);
    if (error == 0)
        tiers_show(working);
    return error;
}

rating_exact charge_exact_sum(const struct charge_working *working)
{
    rating_exact sum = working->composite_exact;

    for (int32_t index = 0; !working->last->composite && index < working->charge.item_count; index++)
        sum += working->item_exact[index];
    return sum - working->allowance_exact;
}

/* Millions of accounts are charged in a night: only the lines that exist are copied. */
void charge_copy(const struct charge *charge, struct charge *out)
{
    memcpy(out, charge, offsetof(struct charge, lines) + (size_t)charge->line_count * sizeof charge->lines[0]);
}

/* Lift the quantity to the tariff's minimum: on the last segment, or on the whole when it is shared out by days. */
static void minimum_apply(struct charge_segment *segments, int32_t count)
{
    const struct charge_segment *last = &segments[count - 1];
    int64_t minimum_e4 = last->tariff->minimum_quantity_e4 * charge_months(&last->usage);
    int64_t missing_e4 = minimum_e4;

    if (last->quantity_by_days) {
        for (int32_t index = 0; index < count; index++) {
            if (segments[index].usage.quantity_e4 < minimum_e4)
                segments[index].usage.quantity_e4 = minimum_e4;
        }
        return;
    }
    for (int32_t index = 0; index < count; index++) {
        if (segments[index].usage.quantity_e4 < 0)
            return;
        missing_e4 -= segments[index].usage.quantity_e4;
    }
    if (missing_e4 > 0)
        segments[count - 1].usage.quantity_e4 += missing_e4;
}

int charge_compute_segments(const struct charge_segment *segments, int32_t count, struct charge *out)
{
    struct charge_segment own[CHARGE_SEGMENT_LIMIT];
    struct charge_working working;
    int error;

    if (count < 1 || count > CHARGE_SEGMENT_LIMIT)
        return RATING_ERR_SEGMENTS;
    memcpy(own, segments, (size_t)count * sizeof *segments);
    if (own[count - 1].tariff->minimum_quantity_e4 > 0 && own[count - 1].tariff->period_count == 0 &&
        own[count - 1].usage.months >= 0 && own[count - 1].usage.months <= CHARGE_MONTHS_LIMIT)
        minimum_apply(own, count);
    error = charge_use_compute(&working, own, count);
    if (error == 0)
        error = charge_fixed_add(&working);
    if (error == 0)
        error = charge_taxes_fill(&working);
    if (error == 0)
        charge_copy(&working.charge, out);
    return error;
}

int charge_compute(const struct tariff *tariff, const struct charge_usage *usage, struct charge *out)
{
    struct charge_segment segment = { .tariff = tariff, .usage = *usage };

    return charge_compute_segments(&segment, 1, out);
}

/* A growth charged as such, its items replaced by the difference of what both ends cost. */
int charge_compute_growth_between(const struct tariff *tariff, const struct charge_usage *before_usage,
                                  const struct charge_usage *after_usage, struct charge *out)
{
    struct charge_segment before_segment = { .tariff = tariff, .usage = *before_usage };
    struct charge_segment after_segment = { .tariff = tariff, .usage = *after_usage };
    struct charge_segment segment = { .tariff = tariff, .usage = *after_usage };
    struct charge_working growth, before, after;
    int error;

    if (before_usage->quantity_e4 < 0 || after_usage->quantity_e4 < 0)
        return RATING_ERR_QUANTITY;
    before_segment.usage.used_e4 = after_segment.usage.used_e4 = 0;
    segment.usage.used_e4 = before_usage->quantity_e4;
    segment.usage.quantity_e4 -= before_usage->quantity_e4;
    for (int32_t period = 0; period < TARIFF_PERIOD_LIMIT; period++)
        segment.usage.period_quantity_e4[period] -= before_usage->period_quantity_e4[period];
    error = charge_use_compute(&growth, &segment, 1);
    if (error == 0)
        error = charge_use_compute(&before, &before_segment, 1);
    if (error == 0)
        error = charge_use_compute(&after, &after_segment, 1);
    if (error < 0)
        return error;
    for (int32_t item = 0; item < growth.charge.item_count; item++)
        growth.charge.items[item].amount_fen =
            after.charge.items[item].amount_fen - before.charge.items[item].amount_fen;
    growth.charge.total_fen = after.charge.total_fen - before.charge.total_fen;
    error = charge_taxes_fill(&growth);
    if (error == 0)
        charge_copy(&growth.charge, out);
    return error;
}

int charge_compute_growth(const struct tariff *tariff, const struct charge_usage *like, int64_t before_e4,
                          int64_t after_e4, struct charge *out)
{
    struct charge_usage before = *like, after = *like;

    before.quantity_e4 = before_e4;
    after.quantity_e4 = after_e4;
    return charge_compute_growth_between(tariff, &before, &after, out);
}
