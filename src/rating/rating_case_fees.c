/* Worked bills without tiers: heat, minimum, late fee, sharing, unit purchase, closing, hot water, two-part prices. */
#include "base/decimal.h"
#include "rating/exact_json.h"
#include "rating/late_fee.h"
#include "rating/rating_case_internal.h"
#include "rating/rating_internal.h"
#include "rating/unit_purchase.h"

#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define PRICE TARIFF_PRICE_SCALE
#define LIST_LIMIT 1000
/* quantity 1e-4 x price 1e-8 yuan = 1e-10 fen */
#define PRODUCT_FEN ((rating_exact)INT64_C(10000000000))

static int required(struct rating_case *rating_case, const char *name, int scale, int64_t *out)
{
    int error = rating_case_decimal(rating_case, rating_case->input, name, scale, RATING_CASE_REQUIRED, out);

    if (error == 0 && (*out < 0 || *out > TARIFF_QUANTITY_MAXIMUM))
        return rating_case_refuse(rating_case, name, "不能为负或过大", "must not be negative or too large");
    return error;
}

/* amount = quantity x price, rounded to the fen. */
static int product_read(struct rating_case *rating_case, const char *quantity, const char *price, int64_t *amount_fen)
{
    int64_t quantity_e4, price_e8;
    int error = required(rating_case, quantity, QUANTITY, &quantity_e4);

    if (error == 0)
        error = required(rating_case, price, PRICE, &price_e8);
    return error < 0 ? error : rating_exact_round((rating_exact)quantity_e4 * price_e8, PRODUCT_FEN, amount_fen);
}

/* Share added for a high ceiling, 1e-12: (height - over) x add a metre, at most the cap. */
static int ceiling_share(struct rating_case *rating_case, int64_t *share_e12)
{
    const json_t *input = rating_case->input;
    int64_t height_e4 = 0, over_e4 = 0, add_e8 = 0, cap_e8 = 0;
    int error = rating_case_decimal(rating_case, input, "ceiling_m", QUANTITY, 0, &height_e4);

    if (error == 0)
        error = rating_case_decimal(rating_case, input, "over_m", QUANTITY, INT64_MAX, &over_e4);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "add_per_m", PRICE, 0, &add_e8);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "add_cap", PRICE, TARIFF_PRICE_ONE, &cap_e8);
    if (error < 0)
        return error;
    *share_e12 = 0;
    if (height_e4 > 1000 * TARIFF_QUANTITY_ONE || add_e8 < 0 || add_e8 > TARIFF_PRICE_ONE || cap_e8 < 0 ||
        cap_e8 > 10 * TARIFF_PRICE_ONE)
        return RATING_ERR_RANGE;
    if (height_e4 > over_e4)
        *share_e12 = (height_e4 - over_e4) * add_e8;
    if (*share_e12 > cap_e8 * TARIFF_QUANTITY_ONE)
        *share_e12 = cap_e8 * TARIFF_QUANTITY_ONE;
    return 0;
}

int rating_case_heat_area(struct rating_case *rating_case)
{
    const rating_exact one_e12 = (rating_exact)TARIFF_PRICE_ONE * TARIFF_QUANTITY_ONE;
    int64_t area_e4, price_e8, share_e12, total_fen;
    int error = required(rating_case, "area_m2", QUANTITY, &area_e4);

    if (error == 0)
        error = required(rating_case, "price", PRICE, &price_e8);
    if (error == 0)
        error = ceiling_share(rating_case, &share_e12);
    if (error == 0 && (area_e4 > TARIFF_QUANTITY_MAXIMUM / 100 || price_e8 > TARIFF_PRICE_MAXIMUM))
        error = RATING_ERR_RANGE;
    if (error == 0)
        error = rating_exact_round((rating_exact)area_e4 * price_e8 * (one_e12 + share_e12), PRODUCT_FEN * one_e12,
                                   &total_fen);
    if (error == 0)
        rating_case_member_integer(rating_case, "total_fen", total_fen);
    return error;
}

static int heat_metered(struct rating_case *rating_case, const char *quantity)
{
    int64_t base_fen, energy_fen;
    int error = product_read(rating_case, "area_m2", "base_price", &base_fen);

    if (error == 0)
        error = product_read(rating_case, quantity, "energy_price", &energy_fen);
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, "base_fen", base_fen);
    rating_case_member_integer(rating_case, "energy_fen", energy_fen);
    rating_case_member_integer(rating_case, "total_fen", base_fen + energy_fen);
    return 0;
}

int rating_case_heat_metered(struct rating_case *rating_case)
{
    return heat_metered(rating_case, "kwh");
}

int rating_case_heat_metered_gj(struct rating_case *rating_case)
{
    return heat_metered(rating_case, "gj");
}

int rating_case_minimum_volume(struct rating_case *rating_case)
{
    int64_t quantity_e4, minimum_e4, price_e8, total_fen;
    int error = required(rating_case, "qty", QUANTITY, &quantity_e4);

    if (error == 0)
        error = required(rating_case, "min_qty", QUANTITY, &minimum_e4);
    if (error == 0)
        error = required(rating_case, "price", PRICE, &price_e8);
    if (error < 0)
        return error;
    if (quantity_e4 < minimum_e4)
        quantity_e4 = minimum_e4;
    error = rating_exact_round((rating_exact)quantity_e4 * price_e8, PRODUCT_FEN, &total_fen);
    if (error < 0)
        return error;
    rating_case_member_decimal(rating_case, "billed_qty", quantity_e4, QUANTITY);
    rating_case_member_integer(rating_case, "total_fen", total_fen);
    return 0;
}

static int late_terms_read(struct rating_case *rating_case, struct late_fee_terms *terms)
{
    const json_t *input = rating_case->input;
    const json_t *cap = json_object_get(input, "cap");
    int64_t rate_e8;
    int error = required(rating_case, "principal_fen", 0, &terms->principal_fen);

    if (error == 0)
        error = rating_case_date(rating_case, input, "due", &terms->due_day);
    if (error == 0)
        error = rating_case_date(rating_case, input, "paid", &terms->paid_day);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "rate_day", PRICE, 0, &rate_e8);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "rate_day_same_year", PRICE, rate_e8,
                                    &terms->rate_same_year_e8);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "rate_day_later_year", PRICE, terms->rate_same_year_e8,
                                    &terms->rate_later_year_e8);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "min_fen", 0, 0, &terms->minimum_fen);
    terms->capped = json_is_string(cap) && strcmp(json_string_value(cap), "principal") == 0;
    return error;
}

int rating_case_late_fee(struct rating_case *rating_case)
{
    struct late_fee_terms terms = { .principal_fen = 0 };
    struct late_fee fee;
    int error = late_terms_read(rating_case, &terms);

    if (error == 0)
        error = late_fee_compute(&terms, &fee);
    if (error < 0)
        return error;
    if (json_object_get(rating_case->input, "rate_day_later_year") != NULL) {
        int64_t days[2] = { fee.days_same_year, fee.days_later_year };

        rating_case_member_integers(rating_case, "days", days, 2);
    } else {
        rating_case_member_integer(rating_case, "days", fee.days_same_year + fee.days_later_year);
    }
    if (terms.capped)
        rating_case_member_integer(rating_case, "uncapped_fen", fee.uncapped_fen);
    rating_case_member_integer(rating_case, "late_fen", fee.amount_fen);
    return 0;
}

int rating_case_apportion(struct rating_case *rating_case)
{
    const json_t *list = json_object_get(rating_case->input, "weights");
    int32_t count = (int32_t)json_array_size(list);
    rating_exact weights[LIST_LIMIT];
    int64_t parts_fen[LIST_LIMIT];
    int64_t cost_fen;
    int error = rating_case_decimal(rating_case, rating_case->input, "cost_fen", 0, RATING_CASE_REQUIRED, &cost_fen);

    if (error == 0 && (json_array_size(list) == 0 || json_array_size(list) > LIST_LIMIT))
        error = rating_case_refuse(rating_case, "input.weights", "应为 1 到 1000 项", "must have 1 to 1000 entries");
    for (int32_t index = 0; error == 0 && index < count; index++) {
        int64_t weight;

        if (exact_json_decimal(json_array_get(list, (size_t)index), PRICE, &weight) < 0 || weight < 0)
            error = rating_case_refuse(rating_case, "input.weights", "应为非负数", "must be numbers, not negative");
        else
            weights[index] = weight;
    }
    if (error == 0)
        error = rating_largest_remainder(cost_fen, weights, count, parts_fen);
    if (error == 0)
        rating_case_member_integers(rating_case, "parts_fen", parts_fen, count);
    return error;
}

static int purchase_tariff(struct rating_case *rating_case, struct tariff *tariff, struct charge_usage *usage)
{
    const json_t *price = json_object_get(rating_case->input, "price");
    json_t *document;
    int error;

    if (price == NULL) {
        error = rating_case_tariff(rating_case, json_object_get(rating_case->root, "tariff"), tariff, &usage->season);
        return error < 0 ? error : rating_case_usage(rating_case, tariff, usage);
    }
    document = json_pack("{s:[{s:s, s:O}]}", "items", "name", "usage", "price", price);
    error = rating_case_tariff(rating_case, document, tariff, &usage->season);
    json_decref(document);
    return error;
}

static int purchase_add(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage,
                        const json_t *payment, int64_t *wallet_fen, int64_t *units)
{
    int64_t payment_fen, cost_fen;
    int error;

    if (exact_json_decimal(payment, 0, &payment_fen) < 0 || payment_fen < 0 || payment_fen > TARIFF_QUANTITY_MAXIMUM)
        return rating_case_refuse(rating_case, "input.payments_fen", "应为非负整数", "must be whole, not negative");
    error = unit_purchase_compute(tariff, usage, *wallet_fen + payment_fen, units, &cost_fen);
    if (error < 0)
        return error;
    *wallet_fen += payment_fen - cost_fen;
    usage->used_e4 += *units * TARIFF_QUANTITY_ONE;
    return 0;
}

int rating_case_unit_purchase(struct rating_case *rating_case)
{
    const json_t *payments = json_object_get(rating_case->input, "payments_fen");
    int32_t count = (int32_t)json_array_size(payments);
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    int64_t units[LIST_LIMIT], wallets_fen[LIST_LIMIT], wallet_fen;
    struct tariff tariff;
    int error = required(rating_case, "wallet_fen", 0, &wallet_fen);

    if (error == 0)
        error = purchase_tariff(rating_case, &tariff, &usage);
    if (error == 0 && json_array_size(payments) > LIST_LIMIT)
        error = RATING_ERR_FULL;
    for (int32_t index = 0; error == 0 && index < count; index++) {
        error = purchase_add(rating_case, &tariff, &usage, json_array_get(payments, (size_t)index), &wallet_fen,
                             &units[index]);
        wallets_fen[index] = wallet_fen;
    }
    if (error < 0)
        return error;
    rating_case_member_integers(rating_case, "units", units, count);
    rating_case_member_integers(rating_case, "wallet_after_fen", wallets_fen, count);
    return 0;
}

int rating_case_close_account(struct rating_case *rating_case)
{
    int64_t left_fen, wallet_fen, bill_fen, rest_fen;
    int error = required(rating_case, "meter_money_left_fen", 0, &left_fen);

    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "wallet_fen", 0, 0, &wallet_fen);
    if (error == 0)
        error = required(rating_case, "last_bill_fen", 0, &bill_fen);
    if (error == 0 && (wallet_fen > TARIFF_QUANTITY_MAXIMUM || wallet_fen < -TARIFF_QUANTITY_MAXIMUM))
        error = RATING_ERR_RANGE;
    if (error < 0)
        return error;
    rest_fen = left_fen + wallet_fen - bill_fen;
    rating_case_member_integer(rating_case, "refund_fen", rest_fen > 0 ? rest_fen : 0);
    if (rest_fen < 0)
        rating_case_member_integer(rating_case, "due_fen", -rest_fen);
    return 0;
}

struct band {
    int64_t from_e4, price_e8;
};

static int bands_read(struct rating_case *rating_case, struct band *bands, int32_t *count)
{
    const json_t *list = json_object_get(rating_case->input, "price_per_t");

    if (json_array_size(list) == 0 || json_array_size(list) > TARIFF_TIER_LIMIT)
        return rating_case_refuse(rating_case, "input.price_per_t", "应为 1 到 8 段 [起, 止, 价]",
                                  "must be 1 to 8 bands of from, to, price");
    for (size_t index = 0; index < json_array_size(list); index++) {
        const json_t *entry = json_array_get(list, index);

        if (exact_json_decimal(json_array_get(entry, 0), QUANTITY, &bands[index].from_e4) < 0 ||
            exact_json_decimal(json_array_get(entry, 2), PRICE, &bands[index].price_e8) < 0 ||
            bands[index].price_e8 < 0 || bands[index].price_e8 > TARIFF_PRICE_MAXIMUM)
            return rating_case_refuse(rating_case, "input.price_per_t", "应为 [起, 止, 价]", "must be from, to, price");
    }
    *count = (int32_t)json_array_size(list);
    return 0;
}

/* Rule 21: the band of the temperature, below the lowest one as cold water; the advance at the dearest price. */
int rating_case_hot_water(struct rating_case *rating_case)
{
    const rating_exact litre_fen = PRODUCT_FEN * 1000;
    struct band bands[TARIFF_TIER_LIMIT];
    int64_t litres_e4, temperature_e4, advance_e4, advance_fen, total_fen, price_e8, dearest_e8 = 0;
    int32_t count = 0;
    int error = required(rating_case, "litres", QUANTITY, &litres_e4);

    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "temp_c", QUANTITY, RATING_CASE_REQUIRED,
                                    &temperature_e4);
    if (error == 0)
        error = required(rating_case, "preauth_litres", QUANTITY, &advance_e4);
    if (error == 0)
        error = bands_read(rating_case, bands, &count);
    if (error < 0)
        return error;
    price_e8 = bands[0].price_e8;
    for (int32_t index = 0; index < count; index++) {
        if (temperature_e4 >= bands[index].from_e4)
            price_e8 = bands[index].price_e8;
        if (bands[index].price_e8 > dearest_e8)
            dearest_e8 = bands[index].price_e8;
    }
    error = rating_exact_round((rating_exact)advance_e4 * dearest_e8, litre_fen, &advance_fen);
    if (error == 0)
        error = rating_exact_round((rating_exact)litres_e4 * price_e8, litre_fen, &total_fen);
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, "preauth_fen", advance_fen);
    rating_case_member_integer(rating_case, "total_fen", total_fen);
    return 0;
}

static int periods_sum(struct rating_case *rating_case, int64_t *energy_fen)
{
    const json_t *prices = json_object_get(rating_case->input, "tou_prices");
    const char *name;
    json_t *value;
    rating_exact sum = 0;

    json_object_foreach((json_t *)(uintptr_t)json_object_get(rating_case->input, "tou"), name, value)
    {
        int64_t quantity_e4, price_e8;

        if (exact_json_decimal(value, QUANTITY, &quantity_e4) < 0 || quantity_e4 < 0 ||
            exact_json_decimal(json_object_get(prices, name), PRICE, &price_e8) < 0 || price_e8 < 0)
            return rating_case_refuse(rating_case, "input.tou", "每个时段需要用量和价格",
                                      "needs a quantity and a price for each period");
        sum += (rating_exact)quantity_e4 * price_e8;
    }
    return rating_exact_round(sum, PRODUCT_FEN, energy_fen);
}

/* Power factor below the standard: for each whole step a share of the base (rule 11). */
static int power_factor_adjust(struct rating_case *rating_case, int64_t capacity_fen, int64_t energy_fen,
                               int64_t *adjust_fen)
{
    const json_t *base_value = json_object_get(rating_case->input, "pf_base");
    const char *base = json_is_string(base_value) ? json_string_value(base_value) : "capacity+energy";
    int64_t factor_e8, standard_e8, step_e8, rate_e8, base_fen = 0;
    int error = required(rating_case, "power_factor", PRICE, &factor_e8);

    if (error == 0)
        error = required(rating_case, "pf_standard", PRICE, &standard_e8);
    if (error == 0)
        error = required(rating_case, "pf_step", PRICE, &step_e8);
    if (error == 0)
        error = required(rating_case, "pf_rate_per_step_below", PRICE, &rate_e8);
    if (error == 0 && (step_e8 == 0 || standard_e8 > TARIFF_PRICE_ONE || rate_e8 > TARIFF_PRICE_ONE))
        error = RATING_ERR_RANGE;
    if (error < 0)
        return error;
    if (strstr(base, "capacity") != NULL)
        base_fen += capacity_fen;
    if (strstr(base, "energy") != NULL)
        base_fen += energy_fen;
    *adjust_fen = 0;
    if (factor_e8 >= standard_e8)
        return 0;
    return rating_exact_round((rating_exact)base_fen * rate_e8 * ((standard_e8 - factor_e8) / step_e8),
                              TARIFF_PRICE_ONE, adjust_fen);
}

int rating_case_two_part(struct rating_case *rating_case)
{
    int64_t capacity_fen, energy_fen, adjust_fen;
    int error = product_read(rating_case, "capacity_kva", "capacity_price", &capacity_fen);

    if (error == 0)
        error = periods_sum(rating_case, &energy_fen);
    if (error == 0)
        error = power_factor_adjust(rating_case, capacity_fen, energy_fen, &adjust_fen);
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, "capacity_fen", capacity_fen);
    rating_case_member_integer(rating_case, "energy_fen", energy_fen);
    rating_case_member_integer(rating_case, "pf_adjust_fen", adjust_fen);
    rating_case_member_integer(rating_case, "total_fen", capacity_fen + energy_fen + adjust_fen);
    return 0;
}
