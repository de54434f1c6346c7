/* From registers to a quantity (rule 13) and its bill: meter exchange, rollover, transformers; public meters (rule 14). */
#include "rating/rating_case_internal.h"

#include "base/decimal.h"
#include "base/wide.h"
#include "rating/exact_json.h"
#include "rating/share_split.h"

#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define DIGITS_MAXIMUM 9

/* What lies between a register's two values and the billed quantity. */
struct register_terms {
    int64_t multiplier_e4; /* of current and voltage transformers */
    int64_t modulus_e4;    /* where the register wraps; 0 it may not */
    int64_t carry_e4;      /* fraction left by the bill before, when whole units are billed */
    bool whole;
};

static int digits_read(struct rating_case *rating_case, int64_t otherwise, int64_t *modulus_e4)
{
    int64_t digits = 0;
    int error = rating_case_decimal(rating_case, rating_case->input, "digits", 0, otherwise, &digits);

    *modulus_e4 = 0;
    if (error < 0 || json_object_get(rating_case->input, "digits") == NULL)
        return error;
    if (digits < 1 || digits > DIGITS_MAXIMUM)
        return rating_case_refuse(rating_case, "input.digits", "应为 1 到 9", "must be 1 to 9");
    *modulus_e4 = TARIFF_QUANTITY_ONE;
    for (; digits > 0; digits--)
        *modulus_e4 *= 10;
    return 0;
}

/* "multiplier", or the ratios of current and voltage transformers whose product it is. */
static int multiplier_read(struct rating_case *rating_case, int64_t *multiplier_e4)
{
    int64_t current_e4, voltage_e4;
    int error = rating_case_optional(rating_case, "ct", QUANTITY, TARIFF_QUANTITY_ONE, &current_e4);

    if (error == 0)
        error = rating_case_optional(rating_case, "pt", QUANTITY, TARIFF_QUANTITY_ONE, &voltage_e4);
    if (error == 0 && wide_multiply_divide_round(current_e4, voltage_e4, TARIFF_QUANTITY_ONE, multiplier_e4) < 0)
        error = RATING_ERR_RANGE;
    return error < 0 ? error
                     : rating_case_optional(rating_case, "multiplier", QUANTITY, *multiplier_e4, multiplier_e4);
}

static int terms_read(struct rating_case *rating_case, int64_t digits, struct register_terms *terms)
{
    const json_t *fractions = json_object_get(rating_case->input, "fractions");
    int error = multiplier_read(rating_case, &terms->multiplier_e4);

    if (error == 0)
        error = digits_read(rating_case, digits, &terms->modulus_e4);
    if (error == 0)
        error = rating_case_optional(rating_case, "carry", QUANTITY, 0, &terms->carry_e4);
    terms->whole = json_is_string(fractions) && strcmp(json_string_value(fractions), "carry") == 0;
    if (error == 0 && terms->multiplier_e4 == 0)
        error = rating_case_refuse(rating_case, "multiplier", "倍率应大于 0", "must be above 0");
    return error;
}

/* Use between two values of one register. */
static int growth_read(struct rating_case *rating_case, const struct register_terms *terms, const json_t *from,
                       const json_t *to, const char *path, int64_t *used_e4)
{
    int64_t from_e4, to_e4;

    if (exact_json_decimal(from, QUANTITY, &from_e4) < 0 || exact_json_decimal(to, QUANTITY, &to_e4) < 0 ||
        from_e4 < 0 || to_e4 < 0 || from_e4 > TARIFF_QUANTITY_MAXIMUM || to_e4 > TARIFF_QUANTITY_MAXIMUM)
        return rating_case_refuse(rating_case, path, "应为起数与止数,非负、最多 4 位小数",
                                  "must be start and end, not negative and of at most 4 places");
    if (terms->modulus_e4 > 0 && (from_e4 >= terms->modulus_e4 || to_e4 >= terms->modulus_e4))
        return rating_case_refuse(rating_case, path, "示数超过表的位数", "has more digits than the register");
    if (to_e4 < from_e4 && terms->modulus_e4 == 0)
        return rating_case_refuse(rating_case, path, "止数小于起数;翻转需给出位数 digits",
                                  "runs backwards: a register that wrapped needs its digits");
    if (to_e4 < from_e4)
        to_e4 += terms->modulus_e4;
    if (wide_multiply_divide_round(to_e4 - from_e4, terms->multiplier_e4, TARIFF_QUANTITY_ONE, used_e4) < 0 ||
        *used_e4 > TARIFF_QUANTITY_MAXIMUM)
        return RATING_ERR_QUANTITY;
    return 0;
}

/* Whole units are billed and the rest is carried on, or fractions are billed. */
static int64_t quantity_billed(struct rating_case *rating_case, const struct register_terms *terms, int64_t used_e4)
{
    int64_t billed_e4;

    if (!terms->whole)
        return used_e4;
    billed_e4 = (used_e4 + terms->carry_e4) / TARIFF_QUANTITY_ONE * TARIFF_QUANTITY_ONE;
    rating_case_member_decimal(rating_case, "carry", used_e4 + terms->carry_e4 - billed_e4, QUANTITY);
    return billed_e4;
}

/* A quantity as text with at least one place: "21.0", "740.4". */
static void quantity_text_show(struct rating_case *rating_case, int64_t quantity_e4)
{
    char text[DECIMAL_TEXT_LIMIT];

    (void)decimal_format(quantity_e4, QUANTITY, true, text, sizeof text);
    rating_case_member(rating_case, "qty");
    writer_format(rating_case->out, "\"%s%s\"", text, strchr(text, '.') == NULL ? ".0" : "");
}

/* Charge what `usage` holds by now. */
static int bill_show(struct rating_case *rating_case, const struct tariff *tariff, const struct charge_usage *usage,
                     bool as_text)
{
    struct charge charge;
    int error = charge_compute(tariff, usage, &charge);

    if (error < 0)
        return error;
    if (as_text)
        quantity_text_show(rating_case, usage->quantity_e4);
    else
        rating_case_member_decimal(rating_case, "qty", usage->quantity_e4, QUANTITY);
    rating_case_member_decimals(rating_case, "limits", charge.limit_e4, charge.tier_count - 1, QUANTITY);
    rating_case_member_decimals(rating_case, "tier_qty", charge.tier_quantity_e4, charge.tier_count, QUANTITY);
    rating_case_member_amounts(rating_case, tariff, &charge);
    return 0;
}

static int segments_read(struct rating_case *rating_case, const struct register_terms *terms, int64_t *quantity_e4)
{
    const json_t *segments = json_object_get(rating_case->input, "segments");
    int error = 0;

    if (json_array_size(segments) == 0 || json_array_size(segments) > 100)
        return rating_case_refuse(rating_case, "input.segments", "应为 1 到 100 段", "must be 1 to 100 segments");
    for (size_t index = 0; error == 0 && index < json_array_size(segments); index++) {
        const json_t *pair = json_array_get(segments, index);
        int64_t used_e4 = 0;

        if (json_array_size(pair) != 2)
            return rating_case_refuse(rating_case, "input.segments", "每段应为 [起数, 止数]",
                                      "must be pairs of start and end");
        error = growth_read(rating_case, terms, json_array_get(pair, 0), json_array_get(pair, 1), "input.segments",
                            &used_e4);
        *quantity_e4 += used_e4;
    }
    return error;
}

int rating_case_meter_replace(struct rating_case *rating_case)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct register_terms terms;
    struct tariff tariff;
    int64_t quantity_e4 = 0;
    int error = rating_case_terms(rating_case, &tariff, &usage);

    if (error == 0)
        error = terms_read(rating_case, 0, &terms);
    if (error == 0)
        error = segments_read(rating_case, &terms, &quantity_e4);
    if (error < 0)
        return error;
    usage.quantity_e4 = quantity_billed(rating_case, &terms, quantity_e4);
    return bill_show(rating_case, &tariff, &usage, true);
}

/* {"peak": [prev, cur]}, or prev and cur as objects of period and value. */
static int registers_by_period(struct rating_case *rating_case, const struct register_terms *terms,
                               const struct tariff *tariff, struct charge_usage *usage)
{
    const json_t *pairs = json_object_get(rating_case->input, "tou");
    const json_t *previous = json_object_get(rating_case->input, "prev");
    const json_t *current = json_object_get(rating_case->input, "cur");
    json_t *used = json_object();
    const char *name;
    json_t *value;
    int error = 0;

    json_object_foreach((json_t *)(uintptr_t)(pairs != NULL ? pairs : current), name, value)
    {
        char text[DECIMAL_TEXT_LIMIT];
        int64_t used_e4 = 0;

        if (error == 0)
            error = growth_read(rating_case, terms,
                                pairs != NULL ? json_array_get(value, 0) : json_object_get(previous, name),
                                pairs != NULL ? json_array_get(value, 1) : value, "input.tou", &used_e4);
        (void)decimal_format(used_e4, QUANTITY, true, text, sizeof text);
        (void)json_object_set_new(used, name, json_string(text));
    }
    if (error == 0)
        error = rating_case_periods(rating_case, tariff, used, usage);
    json_decref(used);
    return error;
}

static int registers_run(struct rating_case *rating_case, int64_t digits, bool as_text)
{
    const json_t *input = rating_case->input;
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct register_terms terms;
    struct tariff tariff;
    int64_t used_e4 = 0;
    int error = rating_case_terms(rating_case, &tariff, &usage);

    if (error == 0)
        error = terms_read(rating_case, digits, &terms);
    if (error < 0)
        return error;
    if (json_object_get(input, "tou") != NULL || json_is_object(json_object_get(input, "cur"))) {
        error = registers_by_period(rating_case, &terms, &tariff, &usage);
        return error < 0 ? error : bill_show(rating_case, &tariff, &usage, as_text);
    }
    error = growth_read(rating_case, &terms, json_object_get(input, "prev"), json_object_get(input, "cur"),
                        "input.prev, input.cur", &used_e4);
    if (error < 0)
        return error;
    usage.quantity_e4 = quantity_billed(rating_case, &terms, used_e4);
    return bill_show(rating_case, &tariff, &usage, as_text);
}

int rating_case_rollover(struct rating_case *rating_case)
{
    return registers_run(rating_case, RATING_CASE_REQUIRED, false);
}

int rating_case_multiplier(struct rating_case *rating_case)
{
    return registers_run(rating_case, 0, true);
}

/* Main meter minus the sum of its sub-meters, billed and shared by weights (by use when no weights are given). */
int rating_case_public_meter(struct rating_case *rating_case)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    int64_t subs_e4[RATING_CASE_LIST_LIMIT], weights[RATING_CASE_LIST_LIMIT], parts_fen[RATING_CASE_LIST_LIMIT];
    struct tariff tariff;
    struct charge charge;
    int64_t main_e4;
    int32_t count = 0, weight_count = 0;
    int error = rating_case_terms(rating_case, &tariff, &usage);

    if (error == 0)
        error = rating_case_required(rating_case, "main", QUANTITY, &main_e4);
    if (error == 0)
        error = rating_case_list(rating_case, "subs", QUANTITY, 0, subs_e4, &count);
    if (error < 0)
        return error;
    memcpy(weights, subs_e4, sizeof weights);
    weight_count = count;
    if (json_object_get(rating_case->input, "weights") != NULL)
        error = rating_case_list(rating_case, "weights", TARIFF_PRICE_SCALE, 0, weights, &weight_count);
    if (error == 0 && weight_count != count)
        error = rating_case_refuse(rating_case, "input.weights", "应与分表一一对应", "must be one for each of subs");
    for (int32_t index = 0; error == 0 && index < count; index++) {
        main_e4 -= subs_e4[index];
        if (main_e4 < 0)
            error =
                rating_case_refuse(rating_case, "input.subs", "分表之和大于总表", "add up to more than the main meter");
    }
    usage.quantity_e4 = main_e4;
    if (error == 0)
        error = charge_compute(&tariff, &usage, &charge);
    if (error == 0)
        error = share_split(charge.total_fen, weights, count, parts_fen);
    if (error < 0)
        return error;
    rating_case_member_decimal(rating_case, "public_qty", main_e4, QUANTITY);
    rating_case_member_integer(rating_case, "cost_fen", charge.total_fen);
    rating_case_member_integers(rating_case, "parts_fen", parts_fen, count);
    return 0;
}
