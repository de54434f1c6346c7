/* The tariff and the use of a case; the plain tiered bill. */
#include "rating/rating_case_internal.h"

#include "base/span.h"
#include "base/text.h"
#include "base/wide.h"
#include "rating/exact_json.h"
#include "rating/tariff_document.h"

#include <stdio.h>
#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define PRICE TARIFF_PRICE_SCALE
#define DAYS_OF_YEAR 365

static int32_t season_find(const struct tariff *tariff, const char *name)
{
    for (int32_t index = 0; index < tariff->season_count; index++) {
        if (strcmp(tariff->seasons[index].name, name) == 0)
            return index;
    }
    return CHARGE_SEASON_NONE;
}

/* A whole name first ("E-ZJ TOU"), then the table before the last blank with the season behind it ("E-SZ summer"). */
static int tariff_by_name(struct rating_case *rating_case, const char *name, struct tariff *tariff, int32_t *season)
{
    const char *document = price_table_find(name);
    const char *blank = document == NULL ? strrchr(name, ' ') : NULL;
    char table[16];
    int error;

    if (blank != NULL && text_copy(span_of_bytes(name, (size_t)(blank - name)), table, sizeof table) >= 0)
        document = price_table_find(table);
    if (document == NULL)
        return rating_case_refuse(rating_case, "tariff", "没有这个价格表", "is not the name of a known price table");
    error = tariff_parse(span_of_text(document), tariff, rating_case->problem);
    if (error == 0 && blank != NULL) {
        *season = season_find(tariff, blank + 1);
        if (*season < 0)
            return rating_case_refuse(rating_case, "tariff", "价格表中没有这个季节", "names a season its table lacks");
    }
    return error;
}

/* Limits of the cycle beside limits of a month: those of the month, when the months in use are named (rule 5). */
static int limits_choose(struct rating_case *rating_case, const json_t *value, struct tariff *tariff)
{
    bool monthly = json_object_get(rating_case->input, "months") != NULL;
    json_t *document = json_copy((json_t *)(uintptr_t)value);
    int error;

    (void)json_object_del(document, monthly ? "limits" : "monthly_limits");
    error = tariff_document_read(document, false, tariff, rating_case->problem);
    json_decref(document);
    return error;
}

int rating_case_tariff(struct rating_case *rating_case, const json_t *value, struct tariff *tariff, int32_t *season)
{
    *season = CHARGE_SEASON_NONE;
    if (json_is_string(value))
        return tariff_by_name(rating_case, json_string_value(value), tariff, season);
    if (value == NULL)
        return rating_case_refuse(rating_case, "tariff", "缺少价格", "is missing");
    if (!json_is_object(value))
        return rating_case_refuse(rating_case, "tariff", "应为价格文件或价格表的名称",
                                  "must be a document or the name of a price table");
    if (json_object_get(value, "limits") != NULL && json_object_get(value, "monthly_limits") != NULL)
        return limits_choose(rating_case, value, tariff);
    return tariff_document_read(value, false, tariff, rating_case->problem);
}

static const char *const price_members[] = { "price", "prices", "tou_prices", NULL };

bool rating_case_is_single(const json_t *object)
{
    bool priced = false;

    for (const char *const *name = price_members; *name != NULL; name++)
        priced = priced || json_object_get(object, *name) != NULL;
    return priced && json_object_get(object, "items") == NULL;
}

int rating_case_single(struct rating_case *rating_case, json_t *document, struct tariff *tariff, int32_t *season)
{
    json_t *item = json_pack("{s:s, s:O*}", "name", "usage", "coef", json_object_get(document, "coef"));
    int error;

    if (!json_is_object(json_object_get(document, "power_factor"))) /* the use's, not the tariff's */
        (void)json_object_del(document, "power_factor");
    for (const char *const *name = price_members; *name != NULL; name++) {
        if (json_object_get(document, *name) != NULL)
            (void)json_object_set(item, *name, json_object_get(document, *name));
    }
    (void)json_object_set_new(document, "items", json_pack("[o]", item));
    error = rating_case_tariff(rating_case, document, tariff, season);
    json_decref(document);
    return error;
}

int rating_case_terms(struct rating_case *rating_case, struct tariff *tariff, struct charge_usage *usage)
{
    const json_t *input = rating_case->input;
    const json_t *named = json_object_get(input, "tariff");
    int error;

    if (named == NULL)
        named = json_object_get(rating_case->root, "tariff");
    if (named == NULL && json_object_get(input, "items") != NULL)
        named = input;
    if (named == NULL && rating_case_is_single(input))
        error = rating_case_single(rating_case, json_copy((json_t *)(uintptr_t)input), tariff, &usage->season);
    else
        error = rating_case_tariff(rating_case, named, tariff, &usage->season);
    return error < 0 ? error : rating_case_usage(rating_case, tariff, usage);
}

static int season_read(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage)
{
    const json_t *season = json_object_get(rating_case->input, "season");

    if (!json_is_string(season) || tariff->season_count == 0)
        return 0;
    usage->season = season_find(tariff, json_string_value(season));
    if (usage->season < 0 && !tariff->limits_given)
        return rating_case_refuse(rating_case, "input.season", "价格中没有这个季节", "is not a season of the tariff");
    return 0;
}

/* The part of the cycle in use, for limits of a whole cycle (rule 5). */
static int part_read(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage)
{
    int64_t days, whole;
    int error = rating_case_optional(rating_case, "days", 0, 0, &days);

    if (error == 0)
        error = rating_case_optional(rating_case, "cycle_days", 0, DAYS_OF_YEAR, &whole);
    if (error < 0 || tariff_tiers_monthly(tariff))
        return error;
    if (tariff->prorate == TARIFF_PRORATE_WHOLE_MONTHS && usage->months > 0) {
        usage->cycle_part = usage->months < 12 ? usage->months : 12;
        usage->cycle_whole = 12;
    }
    if (tariff->prorate == TARIFF_PRORATE_DAYS && days > 0) {
        if (whole < 1 || whole > DAYS_OF_YEAR + 1 || days > whole)
            return RATING_ERR_USAGE;
        usage->cycle_part = (int32_t)days;
        usage->cycle_whole = (int32_t)whole;
    }
    return 0;
}

static int measures_read(struct rating_case *rating_case, struct charge_usage *usage)
{
    static const char *const names[TARIFF_MEASURE_COUNT] = {
        [TARIFF_MEASURE_ONE] = NULL,
        [TARIFF_MEASURE_AREA] = "area_m2",
        [TARIFF_MEASURE_CAPACITY] = "capacity_kva",
        [TARIFF_MEASURE_DEMAND] = "demand_kw",
    };
    int error = 0;

    for (int measure = 0; error == 0 && measure < TARIFF_MEASURE_COUNT; measure++) {
        if (names[measure] != NULL)
            error = rating_case_optional(rating_case, names[measure], QUANTITY, 0, &usage->measure_e4[measure]);
    }
    if (error == 0 && usage->months > 1)
        usage->measure_e4[TARIFF_MEASURE_DEMAND] *= usage->months;
    if (error == 0)
        error = rating_case_optional(rating_case, "power_factor", PRICE, 0, &usage->power_factor_e8);
    return error;
}

int rating_case_usage(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage)
{
    int64_t persons = 0, months = 0;
    int error = rating_case_optional(rating_case, "ytd", QUANTITY, 0, &usage->used_e4);

    if (error == 0)
        error = rating_case_optional(rating_case, "persons", 0, 0, &persons);
    if (error == 0)
        error = rating_case_optional(rating_case, "months", 0, 0, &months);
    if (error == 0 && (persons > INT16_MAX || months > INT16_MAX))
        error = RATING_ERR_USAGE;
    if (error < 0)
        return error;
    usage->persons = (int32_t)persons;
    usage->months = (int32_t)months;
    error = part_read(rating_case, tariff, usage);
    if (error == 0)
        error = measures_read(rating_case, usage);
    return error < 0 ? error : season_read(rating_case, tariff, usage);
}

static int32_t period_find(const struct tariff *tariff, const char *name)
{
    for (int32_t index = 0; index < tariff->period_count; index++) {
        if (strcmp(tariff->period_name[index], name) == 0)
            return index;
    }
    return -1;
}

int rating_case_periods(struct rating_case *rating_case, const struct tariff *tariff, const json_t *periods,
                        struct charge_usage *usage)
{
    const char *name;
    json_t *value;

    if (!json_is_object(periods) || json_object_size(periods) == 0)
        return rating_case_refuse(rating_case, "input.tou", "应为时段到用量的对象",
                                  "must be an object of period and quantity");
    usage->period_count = tariff->period_count;
    json_object_foreach((json_t *)(uintptr_t)periods, name, value)
    {
        int32_t period = period_find(tariff, name);
        int64_t quantity_e4;

        if (period < 0 && tariff->period_count > 0)
            return rating_case_refuse(rating_case, "input.tou", "价格中没有这个时段",
                                      "names a period the tariff lacks");
        if (exact_json_decimal(value, QUANTITY, &quantity_e4) < 0 || quantity_e4 < 0 ||
            quantity_e4 > TARIFF_QUANTITY_MAXIMUM)
            return rating_case_refuse(rating_case, "input.tou", "应为最多 4 位小数的用量",
                                      "must hold quantities of at most 4 places");
        if (period >= 0)
            usage->period_quantity_e4[period] = quantity_e4;
        usage->quantity_e4 += quantity_e4;
        if (usage->quantity_e4 > TARIFF_QUANTITY_MAXIMUM)
            return RATING_ERR_QUANTITY;
    }
    return 0;
}

void rating_case_member_amounts(struct rating_case *rating_case, const struct tariff *tariff,
                                const struct charge *charge)
{
    bool taxed = false;

    rating_case_member(rating_case, "items_fen");
    writer_text(rating_case->out, "{");
    for (int32_t index = 0; index < charge->item_count; index++)
        rating_case_member_integer(rating_case, charge->items[index].name, charge->items[index].amount_fen);
    writer_text(rating_case->out, "}");
    for (int32_t index = 0; index < tariff->item_count; index++)
        taxed = taxed || tariff->items[index].tax_rate_e8 > 0;
    if (taxed) {
        rating_case_member(rating_case, "tax_fen");
        writer_text(rating_case->out, "{");
        for (int32_t index = 0; index < charge->item_count; index++)
            rating_case_member_integer(rating_case, charge->items[index].name, charge->items[index].tax_fen);
        writer_text(rating_case->out, "}");
    }
    rating_case_member_integer(rating_case, "total_fen", charge->total_fen);
}

/* Registers by period are billed; a total that differs is told, and refused beyond the tolerance (rule 8). */
static int registers_compare(struct rating_case *rating_case, int64_t sum_e4)
{
    int64_t total_e4, tolerance_e4, difference_e4;
    int error = rating_case_optional(rating_case, "qty", QUANTITY, sum_e4, &total_e4);

    if (error == 0)
        error = rating_case_optional(rating_case, "tolerance", QUANTITY, TARIFF_QUANTITY_ONE, &tolerance_e4);
    if (error < 0)
        return error;
    difference_e4 = total_e4 - sum_e4;
    if (difference_e4 != 0)
        rating_case_member_decimal(rating_case, "register_difference", difference_e4, QUANTITY);
    if (difference_e4 > tolerance_e4 || difference_e4 < -tolerance_e4)
        return rating_case_refuse(rating_case, "input.qty", "总示数与各时段之和相差超过容许值(tolerance)",
                                  "differs from the sum of the periods by more than the tolerance");
    return 0;
}

static int quantity_read(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage)
{
    const json_t *periods = json_object_get(rating_case->input, "tou");
    int error;

    if (periods == NULL)
        return rating_case_decimal(rating_case, rating_case->input, "qty", QUANTITY, RATING_CASE_REQUIRED,
                                   &usage->quantity_e4);
    error = rating_case_periods(rating_case, tariff, periods, usage);
    return error < 0 ? error : registers_compare(rating_case, usage->quantity_e4);
}

int rating_case_tiered(struct rating_case *rating_case)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct tariff tariff;
    struct charge charge;
    int error = rating_case_terms(rating_case, &tariff, &usage);

    if (error == 0)
        error = quantity_read(rating_case, &tariff, &usage);
    if (error == 0)
        error = rating_case_charge(rating_case, &tariff, &usage, &charge);
    if (error < 0)
        return error;
    rating_case_member_decimals(rating_case, "limits", charge.limit_e4, charge.tier_count - 1, QUANTITY);
    rating_case_member_decimals(rating_case, "tier_qty", charge.tier_quantity_e4, charge.tier_count, QUANTITY);
    rating_case_member_amounts(rating_case, &tariff, &charge);
    return 0;
}
