#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "base/text.h"
#include "rating/charge.h"
#include "rating/exact_json.h"
#include "rating/tariff_json.h"
#include "rating/tariff_unit.h"

struct trial {
    struct tariff tariff;
    struct charge_usage usage;
    struct charge charge;
};

static int document_refuse(struct exchange *exchange, const struct tariff_problem *problem)
{
    struct field_problem answer = { .error = API_ERR_FIELD_RANGE };
    int size = (int)text_utf8_cut(span_of_text(problem->path), sizeof answer.field - sizeof "document.");

    (void)snprintf(answer.field, sizeof answer.field, "document.%.*s", size, problem->path);
    (void)snprintf(answer.text_en, sizeof answer.text_en, "%s", problem->text_en);
    (void)snprintf(answer.text_zh, sizeof answer.text_zh, "%s", problem->text_zh);
    return exchange_refuse_field(exchange, &answer);
}

/* An item's amount stands on its first line, as on a bill. */
static void line_write(struct json_writer *out, const struct charge *charge, int32_t index)
{
    const struct charge_line *line = &charge->lines[index];
    const struct charge_item *item = &charge->items[line->item];
    bool first = true;

    for (int32_t i = 0; i < index; i++)
        if (charge->lines[i].item == line->item)
            first = false;
    json_object_begin(out);
    json_put_key_integer(out, "line", index + 1);
    json_put_key_text(out, "item", item->name);
    json_put_key_integer(out, "tier", line->tier);
    json_put_key_text(out, "period", line->period > 0 ? charge->period_name[line->period - 1] : "");
    json_put_key_integer(out, "quantity_e4", line->quantity_e4);
    json_put_key_integer(out, "coefficient_e8", line->coefficient_e8);
    json_put_key_integer(out, "price_e8", line->price_e8);
    json_put_key_integer(out, "amount_fen", first ? item->amount_fen : 0);
    json_object_end(out);
}

void handle_charge_write(struct json_writer *out, const struct charge *charge)
{
    json_object_begin(out);
    json_put_key(out, "lines");
    json_array_begin(out);
    for (int32_t i = 0; i < charge->line_count; i++)
        line_write(out, charge, i);
    json_array_end(out);
    json_put_key(out, "items");
    json_array_begin(out);
    for (int32_t i = 0; i < charge->item_count; i++) {
        json_object_begin(out);
        json_put_key_text(out, "item", charge->items[i].name);
        json_put_key_integer(out, "amount_fen", charge->items[i].amount_fen);
        json_put_key_integer(out, "tax_fen", charge->items[i].tax_fen);
        json_object_end(out);
    }
    json_array_end(out);
    json_put_key_integer(out, "total_fen", charge->total_fen);
    json_object_end(out);
}

static const struct tariff_problem unit_problem = {
    .path = "unit",
    .text_en = "water and gas are sold by m3, electricity by kWh, heat by kWh, MWh, MJ or GJ",
    .text_zh = "水、气按 m3, 电按 kWh, 热按 kWh、MWh、MJ 或 GJ 计价",
};

/* {"peak": 180.5, "valley": "120"}: quantities by the tariff's periods. */
static int periods_read(struct exchange *exchange, struct trial *trial, json_t *periods)
{
    static const struct field_problem problem = { .error = API_ERR_FIELD_RANGE, .field = "tou",
        .text_en = "needs each of the tariff's periods with its quantity", .text_zh = "应为价格的各时段及其用量" };
    struct charge_usage *usage = &trial->usage;

    usage->period_count = trial->tariff.period_count;
    usage->quantity_e4 = 0;
    if (!json_is_object(periods) || json_object_size(periods) > (size_t)usage->period_count)
        return exchange_refuse_field(exchange, &problem);
    for (int32_t period = 0; period < usage->period_count; period++) {
        const json_t *value = json_object_get(periods, trial->tariff.period_name[period]);
        int64_t *quantity_e4 = &usage->period_quantity_e4[period];

        if (value == NULL || exact_json_decimal(value, TARIFF_QUANTITY_SCALE, quantity_e4) < 0 || *quantity_e4 < 0 ||
            *quantity_e4 > TARIFF_QUANTITY_MAXIMUM)
            return exchange_refuse_field(exchange, &problem);
        usage->quantity_e4 += *quantity_e4;
    }
    return 0;
}

static int usage_read(struct exchange *exchange, struct trial *trial, int64_t unit_value)
{
    struct charge_usage *usage = &trial->usage;
    const struct field_value *tou = exchange_value(exchange, "tou");
    json_error_t error;
    int result;

    usage->quantity_e4 = exchange_integer(exchange, "usage_value", 0) / unit_value;
    usage->used_e4 = exchange_integer(exchange, "cycle_used_value", 0) / unit_value;
    usage->persons = (int32_t)exchange_integer(exchange, "persons", 1);
    usage->months = (int32_t)exchange_integer(exchange, "months", 1);
    usage->season = tariff_season_on(&trial->tariff, exchange_integer(exchange, "day", exchange_today(exchange)));
    usage->measure_e4[TARIFF_MEASURE_AREA] = exchange_integer(exchange, "area_e4", 0);
    usage->measure_e4[TARIFF_MEASURE_CAPACITY] = exchange_integer(exchange, "capacity_e4", 0);
    usage->measure_e4[TARIFF_MEASURE_DEMAND] = exchange_integer(exchange, "demand_e4", 0);
    usage->power_factor_e8 = exchange_integer(exchange, "power_factor_e8", -1);
    if (tou == NULL)
        return 0;
    json_t *periods = exact_json_load(tou->text, &error);
    result = periods_read(exchange, trial, periods);
    json_decref(periods);
    return result;
}

static int trial_run(struct exchange *exchange, struct trial *trial)
{
    struct tariff_problem problem = { .path = "" };

    if (tariff_parse(exchange_value(exchange, "document")->text, &trial->tariff, &problem) != 0)
        return document_refuse(exchange, &problem);
    int64_t unit_value = tariff_unit_value(&trial->tariff);
    if (unit_value == 0)
        return document_refuse(exchange, &unit_problem);
    if (usage_read(exchange, trial, unit_value) < 0)
        return -1;
    int error = charge_compute(&trial->tariff, &trial->usage, &trial->charge);
    if (error != 0)
        return exchange_refuse(exchange, rating_error_info(error), NULL);
    handle_charge_write(&exchange->out, &trial->charge);
    return 0;
}

int handle_tariff_trial(struct exchange *exchange)
{
    struct trial *trial = calloc(1, sizeof *trial);

    if (trial == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    int result = trial_run(exchange, trial);
    free(trial);
    return result;
}
