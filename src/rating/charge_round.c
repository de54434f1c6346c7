/* From exact sums to fen: rules 2, 11 and 15. */
#include "rating/charge_internal.h"

#include "base/span.h"
#include "base/text.h"
#include "rating/tax.h"

#include <string.h>

#define CHARGE_FEN_LIMIT (INT64_MAX / 64)

int32_t charge_item_find_or_add(struct charge *charge, const char *name)
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

static int items_round_each(struct charge_working *working)
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
static int items_round_bill(struct charge_working *working)
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
static int items_take_remainder(struct charge_working *working)
{
    struct charge *charge = &working->charge;
    const struct tariff *tariff = working->last;
    int64_t total;
    int32_t remainder;
    int error = rating_exact_round(working->composite_exact, RATING_EXACT_FEN * working->scale, &total);

    if (error < 0)
        return error;
    remainder = charge_item_find_or_add(charge, tariff->items[tariff->remainder_item].name);
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

/* Rule 15: what the free quantity would have cost, as an item of its own. */
static int allowance_take(struct charge_working *working)
{
    const struct tariff *tariff = working->last;
    int64_t amount_fen;
    int32_t index;
    int error;

    if (tariff->allowance_e4 == 0)
        return 0;
    error = rating_exact_round(working->allowance_exact, RATING_EXACT_FEN * working->scale, &amount_fen);
    if (error < 0)
        return error;
    index = charge_item_find_or_add(&working->charge, tariff->allowance_name);
    if (index < 0)
        return index;
    working->charge.items[index].amount_fen -= amount_fen;
    return 0;
}

int charge_working_round(struct charge_working *working)
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
    if (error == 0)
        error = allowance_take(working);
    return error < 0 ? error : total_sum(&working->charge);
}

/* So often does a fixed charge fall due in a bill of so many months. */
static int64_t fixed_times(const struct tariff_fixed *fixed, int32_t months)
{
    return fixed->once || fixed->measure == TARIFF_MEASURE_DEMAND ? 1 : months;
}

int tariff_fixed_fen(const struct tariff_fixed *fixed, int64_t measure_e4, int32_t months, int64_t *amount_fen)
{
    int64_t count_e4 = fixed->measure == TARIFF_MEASURE_ONE ? TARIFF_QUANTITY_ONE : measure_e4;

    if (measure_e4 < 0 || (fixed->measure != TARIFF_MEASURE_ONE && measure_e4 == 0))
        return RATING_ERR_MEASURE;
    return rating_product_round(count_e4, (rating_exact)fixed->price_e8 * fixed_times(fixed, months), amount_fen);
}

/* The product behind a fixed charge. */
static int fixed_explain(struct charge *charge, const struct tariff_fixed *fixed, int64_t measure_e4, int32_t months,
                         int32_t item)
{
    if (charge->line_count == CHARGE_LINE_LIMIT)
        return RATING_ERR_SEGMENTS;
    charge->lines[charge->line_count++] = (struct charge_line){
        .item = (uint8_t)item,
        .quantity_e4 = fixed->measure == TARIFF_MEASURE_ONE ? TARIFF_QUANTITY_ONE : measure_e4,
        .coefficient_e8 = fixed_times(fixed, months) * TARIFF_PRICE_ONE,
        .price_e8 = fixed->price_e8,
    };
    return 0;
}

static int fixed_add_one(struct charge_working *working, const struct charge_usage *usage,
                         const struct tariff_fixed *fixed)
{
    struct charge *charge = &working->charge;
    int32_t index = charge_item_find_or_add(charge, fixed->name);
    int64_t amount_fen;
    int error;

    if (index < 0)
        return index;
    error = tariff_fixed_fen(fixed, usage->measure_e4[fixed->measure], charge_months(usage), &amount_fen);
    if (error < 0)
        return error;
    if (amount_fen > CHARGE_FEN_LIMIT)
        return RATING_ERR_RANGE;
    charge->items[index].amount_fen += amount_fen;
    charge->total_fen += amount_fen;
    return amount_fen == 0 ? 0 : fixed_explain(charge, fixed, usage->measure_e4[fixed->measure], charge_months(usage), index);
}

static int64_t standing_sum(const struct charge_working *working)
{
    const struct charge *charge = &working->charge;
    int64_t sum_fen = 0;

    for (int32_t fixed = 0; fixed < working->last->fixed_count; fixed++) {
        enum tariff_measure measure = working->last->fixed[fixed].measure;

        for (int32_t item = 0; item < charge->item_count; item++) {
            if ((measure == TARIFF_MEASURE_CAPACITY || measure == TARIFF_MEASURE_DEMAND) &&
                strcmp(charge->items[item].name, working->last->fixed[fixed].name) == 0)
                sum_fen += charge->items[item].amount_fen;
        }
    }
    return sum_fen;
}

/* Rule 11: more for a power factor below the standard, less for one above. energy_fen: of the bill before fixed charges. */
static int power_factor_add(struct charge_working *working, const struct charge_usage *usage, int64_t energy_fen)
{
    const struct tariff *tariff = working->last;
    struct charge *charge = &working->charge;
    int64_t base_fen = energy_fen + (tariff->power_factor_on_standing ? standing_sum(working) : 0);
    int64_t adjust_fen;
    int32_t index;
    int error;

    if (!tariff->power_factor_adjusted || usage->power_factor_e8 < 0)
        return 0;
    if (usage->power_factor_e8 == 0)
        return RATING_ERR_MEASURE;
    error = power_factor_adjust(&tariff->power_factor, usage->power_factor_e8, base_fen, &adjust_fen);
    if (error < 0)
        return error;
    index = charge_item_find_or_add(charge, CHARGE_POWER_FACTOR_ITEM);
    if (index < 0)
        return index;
    charge->items[index].amount_fen += adjust_fen;
    charge->total_fen += adjust_fen;
    return 0;
}

static int minimum_add(struct charge_working *working, const struct charge_usage *usage)
{
    struct charge *charge = &working->charge;
    int32_t index;

    if (charge->total_fen >= working->last->minimum_charge_fen || usage->quantity_e4 < 0)
        return 0;
    index = charge_item_find_or_add(charge, CHARGE_MINIMUM_ITEM);
    if (index < 0)
        return index;
    charge->items[index].amount_fen += working->last->minimum_charge_fen - charge->total_fen;
    charge->total_fen = working->last->minimum_charge_fen;
    return 0;
}

int charge_fixed_add(struct charge_working *working)
{
    const struct charge_usage *usage = &working->segments[working->segment_count - 1].usage;
    int64_t energy_fen = working->charge.total_fen;
    int error = 0;

    for (int32_t fixed = 0; error == 0 && fixed < working->last->fixed_count; fixed++)
        error = fixed_add_one(working, usage, &working->last->fixed[fixed]);
    if (error == 0)
        error = power_factor_add(working, usage, energy_fen);
    return error < 0 ? error : minimum_add(working, usage);
}

int charge_taxes_fill(struct charge_working *working)
{
    const struct tariff *tariff = working->last;

    for (int32_t item = 0; item < tariff->item_count; item++) {
        int32_t index = charge_item_find_or_add(&working->charge, tariff->items[item].name);
        int error;

        if (index < 0)
            return index;
        error = tax_contained(working->charge.items[index].amount_fen, tariff->items[item].tax_rate_e8,
                              &working->charge.items[index].tax_fen);
        if (error < 0)
            return error;
    }
    return 0;
}
