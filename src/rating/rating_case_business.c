/* Two-part business electricity (rule 11): capacity or demand, energy by period, power factor. */
#include "rating/rating_case_internal.h"

#include "rating/exact_json.h"
#include "rating/power_factor.h"
#include "rating/rating_internal.h"

#include <stdio.h>
#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define PRICE TARIFF_PRICE_SCALE

/* By registers of the periods: a charge like any other. */
static int energy_by_period(struct rating_case *rating_case, int64_t *energy_fen)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct tariff tariff;
    struct charge charge;
    int error = rating_case_terms(rating_case, &tariff, &usage);

    if (error == 0)
        error = rating_case_periods(rating_case, &tariff, json_object_get(rating_case->input, "tou"), &usage);
    if (error == 0)
        error = charge_compute(&tariff, &usage, &charge);
    if (error == 0)
        *energy_fen = charge.total_fen;
    return error;
}

static int energy_read(struct rating_case *rating_case, int64_t *energy_fen)
{
    *energy_fen = 0;
    if (json_object_get(rating_case->input, "tou") != NULL)
        return energy_by_period(rating_case, energy_fen);
    if (json_object_get(rating_case->input, "kwh") == NULL)
        return 0;
    return rating_case_product(rating_case, "kwh", "energy_price", energy_fen);
}

/* Demand in kW, or the contracted ones when they are more. */
static int demand_read(struct rating_case *rating_case, int64_t *demand_fen)
{
    int64_t measured_e4, contract_e4, price_e8;
    int error = rating_case_required(rating_case, "demand_kw", QUANTITY, &measured_e4);

    if (error == 0)
        error = rating_case_optional(rating_case, "contract_kw", QUANTITY, 0, &contract_e4);
    if (error == 0)
        error = rating_case_required(rating_case, "demand_price", PRICE, &price_e8);
    if (error < 0)
        return error;
    if (measured_e4 < contract_e4)
        measured_e4 = contract_e4;
    rating_case_member_decimal(rating_case, "billed_kw", measured_e4, QUANTITY);
    return rating_product_round(measured_e4, price_e8, demand_fen);
}

/* "pf_table": [["0.85", "0.025"], ["0.90", "0"], ["0.95", "-0.0075"]], factors rising. */
static int table_read(struct rating_case *rating_case, const json_t *table, struct power_factor_terms *terms)
{
    if (json_array_size(table) == 0 || json_array_size(table) > POWER_FACTOR_ROW_LIMIT)
        return rating_case_refuse(rating_case, "input.pf_table", "应为 1 到 64 行 [力率, 比例]",
                                  "must be 1 to 64 rows of factor and rate");
    for (size_t index = 0; index < json_array_size(table); index++) {
        const json_t *entry = json_array_get(table, index);
        struct power_factor_row *row = &terms->rows[index];
        char path[40];

        (void)snprintf(path, sizeof path, "input.pf_table[%zu]", index);
        if (exact_json_decimal(json_array_get(entry, 0), PRICE, &row->factor_e8) < 0 ||
            exact_json_decimal(json_array_get(entry, 1), PRICE, &row->rate_e8) < 0 || row->rate_e8 > POWER_FACTOR_ONE ||
            row->rate_e8 < -POWER_FACTOR_ONE || row->factor_e8 < 0 || row->factor_e8 > POWER_FACTOR_ONE)
            return rating_case_refuse(rating_case, path, "应为 [力率, 比例]", "must be factor and rate");
        if (index > 0 && row->factor_e8 <= terms->rows[index - 1].factor_e8)
            return rating_case_refuse(rating_case, path, "力率应逐行升高",
                                      "must have a higher factor than the row before");
    }
    terms->row_count = (int32_t)json_array_size(table);
    return 0;
}

static int terms_read(struct rating_case *rating_case, struct power_factor_terms *terms)
{
    const json_t *table = json_object_get(rating_case->input, "pf_table");
    int error = rating_case_optional(rating_case, "pf_step", PRICE, POWER_FACTOR_ONE / 100, &terms->step_e8);

    if (error == 0 && table != NULL)
        return table_read(rating_case, table, terms);
    if (error == 0)
        error = rating_case_required(rating_case, "pf_standard", PRICE, &terms->standard_e8);
    if (error == 0)
        error = rating_case_required(rating_case, "pf_rate_per_step_below", PRICE, &terms->rate_below_e8);
    if (error == 0)
        error = rating_case_optional(rating_case, "pf_rate_per_step_above", PRICE, 0, &terms->rate_above_e8);
    if (error == 0)
        error = rating_case_optional(rating_case, "pf_reward_cap", PRICE, POWER_FACTOR_ONE, &terms->reward_maximum_e8);
    return error;
}

/* What the power factor is held against: "capacity+energy", "energy", "demand+energy", ... */
static int base_read(struct rating_case *rating_case, int64_t standing_fen, int64_t energy_fen, int64_t *base_fen)
{
    const json_t *value = json_object_get(rating_case->input, "pf_base");
    const char *base = value == NULL ? "capacity+energy" : json_is_string(value) ? json_string_value(value) : "";
    bool standing = strstr(base, "capacity") != NULL || strstr(base, "demand") != NULL;
    bool energy = strstr(base, "energy") != NULL;

    if (!standing && !energy)
        return rating_case_refuse(rating_case, "pf_base", "应为 \"capacity+energy\"、\"demand+energy\" 或 \"energy\"",
                                  "must be \"capacity+energy\", \"demand+energy\" or \"energy\"");
    *base_fen = (standing ? standing_fen : 0) + (energy ? energy_fen : 0);
    return 0;
}

static int adjust_read(struct rating_case *rating_case, int64_t standing_fen, int64_t energy_fen, int64_t *adjust_fen)
{
    struct power_factor_terms terms = { .row_count = 0 };
    int64_t factor_e8, base_fen = 0;
    int error;

    *adjust_fen = 0;
    if (json_object_get(rating_case->input, "power_factor") == NULL)
        return 0;
    error = rating_case_required(rating_case, "power_factor", PRICE, &factor_e8);
    if (error == 0)
        error = terms_read(rating_case, &terms);
    if (error == 0)
        error = base_read(rating_case, standing_fen, energy_fen, &base_fen);
    return error < 0 ? error : power_factor_adjust(&terms, factor_e8, base_fen, adjust_fen);
}

/* The adjustment alone, of an amount that is known. */
int rating_case_power_factor(struct rating_case *rating_case)
{
    struct power_factor_terms terms = { .row_count = 0 };
    int64_t base_fen, factor_e8, adjust_fen;
    int error = rating_case_required(rating_case, "base_fen", 0, &base_fen);

    if (error == 0)
        error = rating_case_required(rating_case, "power_factor", PRICE, &factor_e8);
    if (error == 0)
        error = terms_read(rating_case, &terms);
    if (error == 0)
        error = power_factor_adjust(&terms, factor_e8, base_fen, &adjust_fen);
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, "pf_adjust_fen", adjust_fen);
    rating_case_member_integer(rating_case, "total_fen", base_fen + adjust_fen);
    return 0;
}

/* By demand, by capacity, or (with prices of the energy alone) neither. */
static int standing_read(struct rating_case *rating_case, bool by_demand, int64_t *standing_fen)
{
    const json_t *input = rating_case->input;

    *standing_fen = 0;
    if (by_demand)
        return demand_read(rating_case, standing_fen);
    if (json_object_get(input, "capacity_kva") == NULL && json_object_get(input, "capacity_price") == NULL &&
        (json_object_get(input, "tou") != NULL || json_object_get(input, "kwh") != NULL))
        return 0;
    return rating_case_product(rating_case, "capacity_kva", "capacity_price", standing_fen);
}

int rating_case_two_part(struct rating_case *rating_case)
{
    bool by_demand = json_object_get(rating_case->input, "demand_kw") != NULL;
    int64_t standing_fen, energy_fen, adjust_fen;
    int error = standing_read(rating_case, by_demand, &standing_fen);

    if (error == 0)
        error = energy_read(rating_case, &energy_fen);
    if (error == 0)
        error = adjust_read(rating_case, standing_fen, energy_fen, &adjust_fen);
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, by_demand ? "demand_fen" : "capacity_fen", standing_fen);
    rating_case_member_integer(rating_case, "energy_fen", energy_fen);
    rating_case_member_integer(rating_case, "pf_adjust_fen", adjust_fen);
    rating_case_member_integer(rating_case, "total_fen", standing_fen + energy_fen + adjust_fen);
    return 0;
}
