#include "rating/charge.h"

#include "base/span.h"
#include "base/text.h"
#include "rating/rating_internal.h"

#include <string.h>

#define CHARGE_DAYS_LIMIT 1200
#define CHARGE_MONTHS_LIMIT 120
#define CHARGE_PERSONS_LIMIT 1000
#define CHARGE_CYCLE_LIMIT 366
#define CHARGE_FEN_LIMIT (INT64_MAX / 64)
/* Room for the sum of all lines of a bill without leaving 128 bits. */
#define CHARGE_EXACT_LIMIT (((rating_exact)1 << 126) / CHARGE_LINE_LIMIT)

/* What one bill is being computed from and into. Quantities inside are numerators over `scale`. */
struct working {
    const struct charge_segment *segments;
    int32_t segment_count;
    const struct tariff *last; /* rounding, composite, fixed and minimum come from here */
    rating_exact days_whole;   /* common denominator of days */
    rating_exact cycle_whole;  /* common denominator of parts of the cycle */
    rating_exact scale;
    rating_exact row_divisor;  /* 1: rows stay exact */
    rating_exact item_exact[CHARGE_ITEM_LIMIT];
    rating_exact composite_exact;
    rating_exact tier_numerator[TARIFF_TIER_LIMIT];
    struct charge charge;
};

static bool tiers_restart_monthly(const struct tariff *tariff)
{
    return tariff->cycle == TARIFF_CYCLE_MONTH || tariff->limits_monthly;
}

static int32_t months_of(const struct charge_usage *usage)
{
    return usage->months > 0 ? usage->months : 1;
}

static int usage_check(const struct tariff *tariff, const struct charge_usage *usage)
{
    int64_t reached_e4 = usage->used_e4 + usage->quantity_e4;

    if (usage->quantity_e4 > TARIFF_QUANTITY_MAXIMUM || usage->quantity_e4 < -TARIFF_QUANTITY_MAXIMUM)
        return RATING_ERR_QUANTITY;
    if (usage->used_e4 < 0 || usage->used_e4 > TARIFF_QUANTITY_MAXIMUM)
        return RATING_ERR_USAGE;
    if (reached_e4 < 0)
        return RATING_ERR_QUANTITY;
    if (usage->persons < 0 || usage->persons > CHARGE_PERSONS_LIMIT || usage->months < 0 ||
        usage->months > CHARGE_MONTHS_LIMIT)
        return RATING_ERR_USAGE;
    if (usage->cycle_whole < 0 || usage->cycle_whole > CHARGE_CYCLE_LIMIT || usage->cycle_part < 0 ||
        usage->cycle_part > usage->cycle_whole)
        return RATING_ERR_USAGE;
    if (tariff->season_count > 0 ? usage->season < 0 || usage->season >= tariff->season_count : usage->season > 0)
        return RATING_ERR_SEASON;
    if (usage->period_count != tariff->period_count)
        return RATING_ERR_PERIOD;
    return 0;
}

static int periods_check(const struct charge_usage *usage)
{
    int64_t sum = 0;

    if (usage->period_count == 0)
        return 0;
    for (int32_t period = 0; period < usage->period_count; period++) {
        if (usage->period_quantity_e4[period] < 0 || usage->period_quantity_e4[period] > TARIFF_QUANTITY_MAXIMUM)
            return RATING_ERR_QUANTITY;
        sum += usage->period_quantity_e4[period];
    }
    return sum == usage->quantity_e4 ? 0 : RATING_ERR_PERIOD;
}

/* All segments of one bill count days and cycle parts by the same denominators. */
static int segment_check(const struct working *working, const struct charge_segment *segment)
{
    const struct charge_segment *first = &working->segments[0];
    int error = usage_check(segment->tariff, &segment->usage);

    if (error == 0)
        error = periods_check(&segment->usage);
    if (error < 0)
        return error;
    if (segment->total_days != first->total_days || segment->usage.cycle_whole != first->usage.cycle_whole)
        return RATING_ERR_SEGMENTS;
    if (segment->total_days < 0 || segment->total_days > CHARGE_DAYS_LIMIT || segment->days < 0 ||
        segment->days > segment->total_days)
        return RATING_ERR_SEGMENTS;
    if (segment->quantity_by_days && (segment->total_days == 0 || segment->tariff->period_count > 0))
        return RATING_ERR_SEGMENTS;
    return 0;
}

/* Limit of one tier after season, household size and months (rules 4, 6, 7), in 1e-4 unit. */
static int64_t limit_extended(const struct tariff *tariff, const struct charge_usage *usage, int32_t tier)
{
    int64_t limit_e4 = tariff->season_count > 0 ? tariff->seasons[usage->season].limit_e4[tier] : tariff->limit_e4[tier];

    switch (tariff->household) {
    case TARIFF_HOUSEHOLD_PER_PERSON:
        if (usage->persons > tariff->persons)
            limit_e4 += tariff->add_e4[tier] * (usage->persons - tariff->persons);
        break;
    case TARIFF_HOUSEHOLD_FLAT:
        if (usage->persons >= tariff->persons)
            limit_e4 += tariff->add_e4[tier];
        break;
    case TARIFF_HOUSEHOLD_REPLACED:
        if (usage->persons >= tariff->persons)
            limit_e4 = tariff->add_e4[tier];
        break;
    case TARIFF_HOUSEHOLD_NONE:
        break;
    }
    return tiers_restart_monthly(tariff) ? limit_e4 * months_of(usage) : limit_e4;
}

/* Numerator of a limit over working->scale: its share by days (rule 9) and by the part of the cycle in use (rule 5). */
static rating_exact limit_numerator(const struct working *working, const struct charge_segment *segment, int32_t tier)
{
    const struct tariff *tariff = segment->tariff;
    rating_exact days = working->days_whole;
    rating_exact part = working->cycle_whole;

    if (segment->total_days > 0 && tiers_restart_monthly(tariff))
        days = segment->days;
    if (segment->usage.cycle_whole > 0 && tariff->prorate != TARIFF_PRORATE_NONE)
        part = segment->usage.cycle_part;
    return limit_extended(tariff, &segment->usage, tier) * days * part;
}

/* How much of a cumulated quantity lies in (lower, upper]; upper < 0: no upper limit. */
static rating_exact tier_overlap(rating_exact quantity, rating_exact lower, rating_exact upper)
{
    if (upper >= 0 && quantity > upper)
        quantity = upper;
    return quantity > lower ? quantity - lower : 0;
}

/* Place the quantity on top of what was used (rule 3); fills tier[] with numerators. */
static void tiers_fill(const struct working *working, const struct charge_segment *segment, rating_exact quantity,
                       rating_exact *tier)
{
    rating_exact before = segment->usage.used_e4 * working->scale;
    rating_exact lower = 0;

    for (int32_t index = 0; index < segment->tariff->tier_count; index++) {
        bool last = index == segment->tariff->tier_count - 1;
        rating_exact upper = last ? -1 : limit_numerator(working, segment, index);

        tier[index] = tier_overlap(before + quantity, lower, upper) - tier_overlap(before, lower, upper);
        lower = upper;
    }
}

static int32_t item_find_or_add(struct charge *charge, const char *name)
{
    for (int32_t index = 0; index < charge->item_count; index++) {
        if (strcmp(charge->items[index].name, name) == 0)
            return index;
    }
    if (charge->item_count == CHARGE_ITEM_LIMIT)
        return RATING_ERR_SEGMENTS;
    (void)text_copy(span_of_text(name), charge->items[charge->item_count].name, TARIFF_NAME_SIZE);
    return charge->item_count++;
}

/* Add quantity x coefficient x price to an item, and the line that explains it. */
static int line_add(struct working *working, struct charge_line line, rating_exact numerator)
{
    struct charge *charge = &working->charge;
    rating_exact factor = (rating_exact)line.coefficient_e8 * line.price_e8;
    rating_exact amount;
    int64_t rounded;

    if (numerator == 0)
        return 0;
    if (charge->line_count == CHARGE_LINE_LIMIT)
        return RATING_ERR_SEGMENTS;
    if (factor > 0 && (numerator < 0 ? -numerator : numerator) > CHARGE_EXACT_LIMIT / factor)
        return RATING_ERR_RANGE;
    amount = numerator * factor;
    if (working->row_divisor > 1) {
        if (rating_exact_round(amount, working->row_divisor, &rounded) < 0)
            return RATING_ERR_RANGE;
        amount = rounded * working->row_divisor;
    }
    working->item_exact[line.item] += amount;
    line.quantity_e4 = (int64_t)(numerator / working->scale);
    charge->lines[charge->line_count++] = line;
    return 0;
}

static int item_charge_tiers(struct working *working, struct charge_line line, const struct tariff_item *item,
                             const rating_exact *tier)
{
    for (int32_t index = 0; index < item->price_count; index++) {
        int error;

        line.tier = (uint8_t)(index + 1);
        line.price_e8 = item->price_e8[index];
        error = line_add(working, line, tier[index]);
        if (error < 0)
            return error;
    }
    return 0;
}

static int item_charge_periods(struct working *working, struct charge_line line, const struct tariff_item *item,
                               const struct charge_usage *usage)
{
    for (int32_t index = 0; index < usage->period_count; index++) {
        int error;

        line.period = (uint8_t)(index + 1);
        line.price_e8 = item->period_price_e8[index];
        error = line_add(working, line, usage->period_quantity_e4[index] * working->scale);
        if (error < 0)
            return error;
    }
    return 0;
}

static int item_charge(struct working *working, int32_t segment_index, const struct tariff_item *item,
                       rating_exact quantity, const rating_exact *tier)
{
    const struct charge_segment *segment = &working->segments[segment_index];
    int32_t index = item_find_or_add(&working->charge, item->name);
    struct charge_line line = { .coefficient_e8 = item->coefficient_e8, .segment = (uint8_t)segment_index };

    if (index < 0)
        return index;
    line.item = (uint8_t)index;
    if (item->price_count == 0)
        return item_charge_periods(working, line, item, &segment->usage);
    if (item->price_count > 1)
        return item_charge_tiers(working, line, item, tier);
    line.price_e8 = item->price_e8[0];
    return line_add(working, line, quantity);
}

static int composite_add(struct working *working, const struct tariff *tariff, const rating_exact *tier)
{
    for (int32_t index = 0; tariff->composite && index < tariff->tier_count; index++) {
        rating_exact factor = (rating_exact)tariff->composite_e8[index] * TARIFF_PRICE_ONE;
        rating_exact magnitude = tier[index] < 0 ? -tier[index] : tier[index];

        if (factor > 0 && magnitude > CHARGE_EXACT_LIMIT / factor)
            return RATING_ERR_RANGE;
        working->composite_exact += tier[index] * factor;
    }
    return 0;
}

static int segment_charge(struct working *working, int32_t segment_index)
{
    const struct charge_segment *segment = &working->segments[segment_index];
    const struct tariff *tariff = segment->tariff;
    rating_exact days = segment->quantity_by_days ? segment->days : working->days_whole;
    rating_exact quantity = segment->usage.quantity_e4 * days * working->cycle_whole;
    rating_exact tier[TARIFF_TIER_LIMIT] = { 0 };
    int error;

    tiers_fill(working, segment, quantity, tier);
    for (int32_t index = 0; index < tariff->tier_count; index++)
        working->tier_numerator[index] += tier[index];
    error = composite_add(working, tariff, tier);
    for (int32_t index = 0; error == 0 && index < tariff->item_count; index++)
        error = item_charge(working, segment_index, &tariff->items[index], quantity, tier);
    return error;
}

static int items_round_each(struct working *working)
{
    for (int32_t index = 0; index < working->charge.item_count; index++) {
        int error = rating_exact_round(working->item_exact[index], RATING_EXACT_FEN * working->scale,
                                       &working->charge.items[index].amount_fen);

        if (error < 0)
            return error;
    }
    return 0;
}

/* Round the bill once and hand the fen to the items by largest remainder, so that they still add up. */
static int items_round_bill(struct working *working)
{
    struct charge *charge = &working->charge;
    rating_exact weights[CHARGE_ITEM_LIMIT];
    int64_t parts[CHARGE_ITEM_LIMIT];
    rating_exact sum = 0;
    int64_t total;
    int error;

    for (int32_t index = 0; index < charge->item_count; index++) {
        rating_exact amount = working->item_exact[index];

        weights[index] = (amount < 0 ? -amount : amount) / working->scale;
        sum += amount;
    }
    error = rating_exact_round(sum, RATING_EXACT_FEN * working->scale, &total);
    if (error < 0 || sum == 0)
        return error;
    error = rating_largest_remainder(total, weights, charge->item_count, parts);
    for (int32_t index = 0; error == 0 && index < charge->item_count; index++)
        charge->items[index].amount_fen = parts[index];
    return error;
}

/* Rule 2: the official price is the composite one; the named item takes what the others leave. */
static int items_take_remainder(struct working *working)
{
    struct charge *charge = &working->charge;
    const struct tariff *tariff = working->last;
    int64_t total;
    int32_t remainder;
    int error = rating_exact_round(working->composite_exact, RATING_EXACT_FEN * working->scale, &total);

    if (error < 0)
        return error;
    remainder = item_find_or_add(charge, tariff->items[tariff->remainder_item].name);
    for (int32_t index = 0; index < charge->item_count; index++) {
        if (index != remainder)
            total -= charge->items[index].amount_fen;
    }
    charge->items[remainder].amount_fen = total;
    return 0;
}

static int total_sum(struct charge *charge)
{
    int64_t total = 0;

    for (int32_t index = 0; index < charge->item_count; index++) {
        int64_t amount_fen = charge->items[index].amount_fen;

        if (amount_fen > CHARGE_FEN_LIMIT || amount_fen < -CHARGE_FEN_LIMIT)
            return RATING_ERR_RANGE;
        total += amount_fen;
    }
    charge->total_fen = total;
    return 0;
}

/* Rule 11: fixed charges for each month, and what is missing to the smallest bill. */
static int fixed_add(struct working *working)
{
    struct charge *charge = &working->charge;
    const struct charge_usage *usage = &working->segments[working->segment_count - 1].usage;
    int32_t index;

    for (int32_t fixed = 0; fixed < working->last->fixed_count; fixed++) {
        index = item_find_or_add(charge, working->last->fixed[fixed].name);
        if (index < 0)
            return index;
        charge->items[index].amount_fen += working->last->fixed[fixed].amount_fen * months_of(usage);
        charge->total_fen += working->last->fixed[fixed].amount_fen * months_of(usage);
    }
    if (charge->total_fen >= working->last->minimum_charge_fen || usage->quantity_e4 < 0)
        return 0;
    index = item_find_or_add(charge, "minimum_charge");
    if (index < 0)
        return index;
    charge->items[index].amount_fen = working->last->minimum_charge_fen - charge->total_fen;
    charge->total_fen = working->last->minimum_charge_fen;
    return 0;
}

/* For the printed bill: limits and quantities in 1e-4 unit, cut where a share by days has more digits. */
static void tiers_show(struct working *working)
{
    const struct charge_segment *segment = &working->segments[working->segment_count - 1];
    struct charge *charge = &working->charge;
    rating_exact billed = 0;

    charge->tier_count = segment->tariff->tier_count;
    for (int32_t tier = 0; tier < TARIFF_TIER_LIMIT; tier++) {
        billed += working->tier_numerator[tier];
        charge->tier_quantity_e4[tier] = (int64_t)(working->tier_numerator[tier] / working->scale);
    }
    for (int32_t tier = 0; tier + 1 < charge->tier_count; tier++)
        charge->limit_e4[tier] = (int64_t)(limit_numerator(working, segment, tier) / working->scale);
    charge->billed_e4 = (int64_t)(billed / working->scale);
}

static int working_round(struct working *working)
{
    int error;

    if (working->last->composite) {
        error = items_round_each(working);
        if (error == 0)
            error = items_take_remainder(working);
    } else if (working->last->rounding == TARIFF_ROUND_BILL) {
        error = items_round_bill(working);
    } else {
        error = items_round_each(working);
    }
    return error < 0 ? error : total_sum(&working->charge);
}

static int working_open(struct working *working, const struct charge_segment *segments, int32_t count)
{
    if (count < 1 || count > CHARGE_SEGMENT_LIMIT)
        return RATING_ERR_SEGMENTS;
    memset(working, 0, sizeof *working);
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

/* The use alone, without fixed charges and minimum. */
static int usage_charge(struct working *working, const struct charge_segment *segments, int32_t count)
{
    int error = working_open(working, segments, count);

    for (int32_t index = 0; error == 0 && index < count; index++)
        error = segment_charge(working, index);
    if (error == 0)
        error = working_round(working);
    if (error == 0)
        tiers_show(working);
    return error;
}

/* Lift the quantity to the tariff's minimum: on the last segment, or on the whole when it is shared out by days. */
static void minimum_apply(struct charge_segment *segments, int32_t count)
{
    const struct charge_segment *last = &segments[count - 1];
    int64_t minimum_e4 = last->tariff->minimum_quantity_e4 * months_of(&last->usage);
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
    struct working working;
    int error;

    if (count < 1 || count > CHARGE_SEGMENT_LIMIT)
        return RATING_ERR_SEGMENTS;
    memcpy(own, segments, (size_t)count * sizeof *segments);
    if (own[count - 1].tariff->minimum_quantity_e4 > 0 && own[count - 1].tariff->period_count == 0 &&
        own[count - 1].usage.months <= CHARGE_MONTHS_LIMIT)
        minimum_apply(own, count);
    error = usage_charge(&working, own, count);
    if (error == 0)
        error = fixed_add(&working);
    if (error == 0)
        *out = working.charge;
    return error;
}

int charge_compute(const struct tariff *tariff, const struct charge_usage *usage, struct charge *out)
{
    struct charge_segment segment = { .tariff = tariff, .usage = *usage };

    return charge_compute_segments(&segment, 1, out);
}

int charge_compute_growth(const struct tariff *tariff, const struct charge_usage *like, int64_t before_e4,
                          int64_t after_e4, struct charge *out)
{
    struct charge_segment segment = { .tariff = tariff, .usage = *like };
    struct working growth, before, after;
    int error;

    if (before_e4 < 0 || after_e4 < 0)
        return RATING_ERR_QUANTITY;
    segment.usage.used_e4 = before_e4;
    segment.usage.quantity_e4 = after_e4 - before_e4;
    error = usage_charge(&growth, &segment, 1);
    segment.usage.used_e4 = 0;
    segment.usage.quantity_e4 = before_e4;
    if (error == 0)
        error = usage_charge(&before, &segment, 1);
    segment.usage.quantity_e4 = after_e4;
    if (error == 0)
        error = usage_charge(&after, &segment, 1);
    if (error < 0)
        return error;
    for (int32_t item = 0; item < growth.charge.item_count; item++)
        growth.charge.items[item].amount_fen =
            after.charge.items[item].amount_fen - before.charge.items[item].amount_fen;
    growth.charge.total_fen = after.charge.total_fen - before.charge.total_fen;
    *out = growth.charge;
    return 0;
}
