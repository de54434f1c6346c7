/* Worked bills by tariff: tiered use, price changes, meter exchange, rollover, multiplier. */
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"
#include "base/wide.h"
#include "rating/exact_json.h"
#include "rating/rating_case_internal.h"
#include "rating/tariff_document.h"

#include <stdio.h>
#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE

static int32_t season_find(const struct tariff *tariff, const char *name)
{
    for (int32_t index = 0; index < tariff->season_count; index++) {
        if (strcmp(tariff->seasons[index].name, name) == 0)
            return index;
    }
    return CHARGE_SEASON_NONE;
}

/* "E-SZ summer": the table before the blank, the season behind it. */
static int tariff_by_name(struct rating_case *rating_case, const char *name, struct tariff *tariff, int32_t *season)
{
    const char *blank = strchr(name, ' ');
    char table[16];
    size_t size = blank != NULL ? (size_t)(blank - name) : strlen(name);
    const char *document = NULL;
    int error;

    if (text_copy(span_of_bytes(name, size), table, sizeof table) >= 0)
        document = price_table_find(table);
    if (document == NULL)
        return rating_case_refuse(rating_case, "tariff", "没有这个价格表", "is not the name of a known price table");
    error = tariff_parse(span_of_text(document), tariff, rating_case->problem);
    *season = blank != NULL && error == 0 ? season_find(tariff, blank + 1) : CHARGE_SEASON_NONE;
    return error;
}

int rating_case_tariff(struct rating_case *rating_case, const json_t *value, struct tariff *tariff, int32_t *season)
{
    *season = CHARGE_SEASON_NONE;
    if (json_is_string(value))
        return tariff_by_name(rating_case, json_string_value(value), tariff, season);
    if (!json_is_object(value))
        return rating_case_refuse(rating_case, "tariff", "缺少价格", "is missing");
    return tariff_document_read(value, false, tariff, rating_case->problem);
}

static int season_read(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage)
{
    const json_t *season = json_object_get(rating_case->input, "season");

    if (json_is_string(season) && tariff->season_count > 0) {
        usage->season = season_find(tariff, json_string_value(season));
        if (usage->season < 0)
            return rating_case_refuse(rating_case, "input.season", "价格中没有这个季节", "is not a season of the tariff");
    }
    return 0;
}

int rating_case_usage(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage)
{
    int64_t persons = 0, months = 0;
    int error = rating_case_decimal(rating_case, rating_case->input, "ytd", QUANTITY, 0, &usage->used_e4);

    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "persons", 0, 0, &persons);
    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "months", 0, 0, &months);
    if (error == 0 && (persons < 0 || persons > INT16_MAX || months < 0 || months > INT16_MAX))
        error = RATING_ERR_USAGE;
    if (error < 0)
        return error;
    usage->persons = (int32_t)persons;
    usage->months = (int32_t)months;
    if (months > 0 && tariff->prorate == TARIFF_PRORATE_WHOLE_MONTHS && tariff->cycle != TARIFF_CYCLE_MONTH) {
        usage->cycle_part = (int32_t)(months < 12 ? months : 12);
        usage->cycle_whole = 12;
    }
    return season_read(rating_case, tariff, usage);
}

static int32_t period_find(const struct tariff *tariff, const char *name)
{
    for (int32_t index = 0; index < tariff->period_count; index++) {
        if (strcmp(tariff->period_name[index], name) == 0)
            return index;
    }
    return -1;
}

/* "tou": {"peak": 180, ...} against the tariff's periods. */
static int periods_read(struct rating_case *rating_case, const struct tariff *tariff, const json_t *periods,
                        struct charge_usage *usage)
{
    const char *name;
    json_t *value;

    usage->period_count = tariff->period_count;
    json_object_foreach((json_t *)(uintptr_t)periods, name, value)
    {
        int32_t period = period_find(tariff, name);
        int64_t quantity_e4;

        if (period < 0)
            return rating_case_refuse(rating_case, "input.tou", "价格中没有这个时段", "names a period the tariff lacks");
        if (exact_json_decimal(value, QUANTITY, &quantity_e4) < 0 || quantity_e4 < 0 ||
            quantity_e4 > TARIFF_QUANTITY_MAXIMUM)
            return rating_case_refuse(rating_case, "input.tou", "应为最多 4 位小数的用量",
                                      "must hold quantities of at most 4 places");
        usage->period_quantity_e4[period] = quantity_e4;
        usage->quantity_e4 += quantity_e4;
    }
    return 0;
}

void rating_case_member_amounts(struct rating_case *rating_case, const struct charge *charge)
{
    rating_case_member(rating_case, "items_fen");
    writer_text(rating_case->out, "{");
    for (int32_t index = 0; index < charge->item_count; index++)
        rating_case_member_integer(rating_case, charge->items[index].name, charge->items[index].amount_fen);
    writer_text(rating_case->out, "}");
    rating_case_member_integer(rating_case, "total_fen", charge->total_fen);
}

int rating_case_tiered(struct rating_case *rating_case)
{
    const json_t *periods = json_object_get(rating_case->input, "tou");
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct tariff tariff;
    struct charge charge;
    int error = rating_case_tariff(rating_case, json_object_get(rating_case->root, "tariff"), &tariff, &usage.season);

    if (error == 0)
        error = rating_case_usage(rating_case, &tariff, &usage);
    if (error == 0 && periods != NULL)
        error = periods_read(rating_case, &tariff, periods, &usage);
    else if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "qty", QUANTITY, RATING_CASE_REQUIRED,
                                    &usage.quantity_e4);
    if (error == 0)
        error = charge_compute(&tariff, &usage, &charge);
    if (error < 0)
        return error;
    rating_case_member_decimals(rating_case, "limits", charge.limit_e4, charge.tier_count - 1, QUANTITY);
    rating_case_member_decimals(rating_case, "tier_qty", charge.tier_quantity_e4, charge.tier_count, QUANTITY);
    rating_case_member_amounts(rating_case, &charge);
    return 0;
}

/* "old" and "new" of a price change: a whole tariff, or only limits and prices of one item by the month. */
static int side_read(struct rating_case *rating_case, const char *side, struct tariff *tariff)
{
    const json_t *value = json_object_get(rating_case->input, side);
    const json_t *cycle = json_object_get(rating_case->input, "cycle");
    json_t *document, *item;
    int32_t season;
    int error;

    if (json_object_get(value, "items") != NULL || !json_is_object(value))
        return rating_case_tariff(rating_case, value, tariff, &season);
    document = json_copy((json_t *)(uintptr_t)value);
    item = json_pack("{s:s, s:O?}", "name", "usage", "prices", json_object_get(value, "prices"));
    if (json_object_get(document, "cycle") == NULL)
        (void)json_object_set_new(document, "cycle",
                                  json_string(json_is_string(cycle) ? json_string_value(cycle) : "month"));
    (void)json_object_set_new(document, "items", json_pack("[o]", item));
    error = tariff_document_read(document, false, tariff, rating_case->problem);
    json_decref(document);
    return error;
}

struct change {
    struct tariff before, after;
    int64_t previous_day, current_day, change_day;
    int64_t quantity_e4, quantity_before_e4;
    struct charge_segment segments[2];
};

static int change_read(struct rating_case *rating_case, struct change *change)
{
    const json_t *input = rating_case->input;
    int error = side_read(rating_case, "old", &change->before);

    if (error == 0)
        error = side_read(rating_case, "new", &change->after);
    if (error == 0)
        error = rating_case_date(rating_case, input, "prev_read", &change->previous_day);
    if (error == 0)
        error = rating_case_date(rating_case, input, "cur_read", &change->current_day);
    if (error == 0)
        error = rating_case_date(rating_case, input, "change", &change->change_day);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "qty", QUANTITY, RATING_CASE_REQUIRED, &change->quantity_e4);
    if (error == 0)
        error = rating_case_decimal(rating_case, input, "qty_before_change", QUANTITY, 0, &change->quantity_before_e4);
    if (error == 0 && (change->change_day <= change->previous_day || change->change_day > change->current_day ||
                       change->current_day - change->previous_day > 1000))
        error = RATING_ERR_DATES;
    return error;
}

/* Rule 9: days counted are those after the previous reading up to and including the current one. */
static int segments_fill(struct rating_case *rating_case, struct change *change, bool by_days)
{
    struct charge_segment *before = &change->segments[0], *after = &change->segments[1];
    int error;

    *before = (struct charge_segment){ .tariff = &change->before, .usage = { .season = CHARGE_SEASON_NONE } };
    *after = (struct charge_segment){ .tariff = &change->after, .usage = { .season = CHARGE_SEASON_NONE } };
    error = rating_case_usage(rating_case, &change->before, &before->usage);
    if (error == 0)
        error = rating_case_usage(rating_case, &change->after, &after->usage);
    before->total_days = after->total_days = (int32_t)(change->current_day - change->previous_day);
    before->days = (int32_t)(change->change_day - change->previous_day - 1);
    after->days = after->total_days - before->days;
    before->quantity_by_days = after->quantity_by_days = by_days;
    before->usage.quantity_e4 = by_days ? change->quantity_e4 : change->quantity_before_e4;
    after->usage.quantity_e4 = by_days ? change->quantity_e4 : change->quantity_e4 - change->quantity_before_e4;
    if (change->before.cycle != TARIFF_CYCLE_MONTH && !change->before.limits_monthly)
        after->usage.used_e4 +=
            by_days ? change->quantity_e4 * before->days / before->total_days : change->quantity_before_e4;
    return error;
}

static void limits_show(struct rating_case *rating_case, const struct change *change, int side, const char *name)
{
    const struct charge_segment *segment = &change->segments[side];
    int64_t limits_e4[TARIFF_TIER_LIMIT];
    struct charge charge;

    if (charge_compute_segments(segment, 1, &charge) < 0)
        return;
    memcpy(limits_e4, charge.limit_e4, sizeof limits_e4);
    rating_case_member_decimals(rating_case, name, limits_e4, charge.tier_count - 1, QUANTITY);
}

static void shares_show(struct rating_case *rating_case, const struct change *change)
{
    const struct charge_segment *segments = change->segments;
    int64_t days[2] = { segments[0].days, segments[1].days };
    int64_t shares_e4[2] = { 0, 0 };

    for (int side = 0; side < 2; side++)
        (void)wide_multiply_divide_round(change->quantity_e4, days[side], segments[side].total_days, &shares_e4[side]);
    rating_case_member_integers(rating_case, "days", days, 2);
    rating_case_member_decimals(rating_case, "qty", shares_e4, 2, QUANTITY);
    limits_show(rating_case, change, 0, "limits_old");
    limits_show(rating_case, change, 1, "limits_new");
}

static int by_reading_date_run(struct rating_case *rating_case, const struct change *change)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct charge charge;
    int error = rating_case_usage(rating_case, &change->after, &usage);

    usage.quantity_e4 = change->quantity_e4;
    if (error == 0)
        error = charge_compute(&change->after, &usage, &charge);
    if (error == 0)
        rating_case_member_integer(rating_case, "total_fen", charge.total_fen);
    return error;
}

int rating_case_price_change(struct rating_case *rating_case)
{
    const json_t *method_value = json_object_get(rating_case->root, "method");
    const char *method = json_is_string(method_value) ? json_string_value(method_value) : "snapshot";
    bool by_days = strcmp(method, "by_day") == 0;
    struct change change;
    struct charge charge;
    int error = change_read(rating_case, &change);

    if (error < 0)
        return error;
    if (strcmp(method, "by_reading_date") == 0)
        return by_reading_date_run(rating_case, &change);
    if (!by_days && strcmp(method, "snapshot") != 0)
        return rating_case_refuse(rating_case, "method", "应为 snapshot、by_day 或 by_reading_date",
                                  "must be snapshot, by_day or by_reading_date");
    error = segments_fill(rating_case, &change, by_days);
    if (error == 0)
        error = charge_compute_segments(change.segments, 2, &charge);
    if (error < 0)
        return error;
    if (by_days) {
        shares_show(rating_case, &change);
    } else {
        int64_t parts_e4[2] = { change.quantity_before_e4, change.quantity_e4 - change.quantity_before_e4 };

        rating_case_member_decimals(rating_case, "qty", parts_e4, 2, QUANTITY);
    }
    rating_case_member_integer(rating_case, "total_fen", charge.total_fen);
    return 0;
}

/* Charge a quantity found from registers with the tariff that the input names. */
static int registers_charge(struct rating_case *rating_case, int64_t quantity_e4, struct charge *charge)
{
    const json_t *reference = json_object_get(rating_case->input, "tariff");
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct tariff tariff;
    int error;

    if (reference == NULL)
        reference = json_object_get(rating_case->root, "tariff");
    error = rating_case_tariff(rating_case, reference, &tariff, &usage.season);
    if (error == 0)
        error = rating_case_usage(rating_case, &tariff, &usage);
    usage.quantity_e4 = quantity_e4;
    return error < 0 ? error : charge_compute(&tariff, &usage, charge);
}

/* A quantity as text with at least one place: "21.0", "740.4". */
static void quantity_text_show(struct rating_case *rating_case, int64_t quantity_e4)
{
    char text[DECIMAL_TEXT_LIMIT];

    (void)decimal_format(quantity_e4, QUANTITY, true, text, sizeof text);
    rating_case_member(rating_case, "qty");
    writer_format(rating_case->out, "\"%s%s\"", text, strchr(text, '.') == NULL ? ".0" : "");
}

static int pair_read(struct rating_case *rating_case, const json_t *pair, int64_t *used_e4)
{
    int64_t start_e4, end_e4;

    if (json_array_size(pair) != 2 || exact_json_decimal(json_array_get(pair, 0), QUANTITY, &start_e4) < 0 ||
        exact_json_decimal(json_array_get(pair, 1), QUANTITY, &end_e4) < 0 || start_e4 < 0 || end_e4 < start_e4 ||
        end_e4 > TARIFF_QUANTITY_MAXIMUM)
        return rating_case_refuse(rating_case, "input.segments", "每段应为 [起数, 止数],止数不小于起数",
                                  "must be pairs of start and end, the end not below the start");
    *used_e4 = end_e4 - start_e4;
    return 0;
}

int rating_case_meter_replace(struct rating_case *rating_case)
{
    const json_t *segments = json_object_get(rating_case->input, "segments");
    int64_t quantity_e4 = 0;
    struct charge charge;
    int error = 0;

    if (json_array_size(segments) == 0 || json_array_size(segments) > 100)
        return rating_case_refuse(rating_case, "input.segments", "应为 1 到 100 段", "must be 1 to 100 segments");
    for (size_t index = 0; error == 0 && index < json_array_size(segments); index++) {
        int64_t used_e4 = 0;

        error = pair_read(rating_case, json_array_get(segments, index), &used_e4);
        quantity_e4 += used_e4;
    }
    if (error == 0)
        error = registers_charge(rating_case, quantity_e4, &charge);
    if (error < 0)
        return error;
    quantity_text_show(rating_case, quantity_e4);
    rating_case_member_amounts(rating_case, &charge);
    return 0;
}

static int previous_and_current_read(struct rating_case *rating_case, int64_t *previous_e4, int64_t *current_e4)
{
    int error = rating_case_decimal(rating_case, rating_case->input, "prev", QUANTITY, RATING_CASE_REQUIRED, previous_e4);

    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "cur", QUANTITY, RATING_CASE_REQUIRED, current_e4);
    if (error == 0 && (*previous_e4 < 0 || *current_e4 < 0 || *previous_e4 > TARIFF_QUANTITY_MAXIMUM ||
                       *current_e4 > TARIFF_QUANTITY_MAXIMUM))
        error = RATING_ERR_QUANTITY;
    return error;
}

int rating_case_rollover(struct rating_case *rating_case)
{
    int64_t previous_e4, current_e4, digits = 0;
    int64_t modulus_e4 = TARIFF_QUANTITY_ONE;
    struct charge charge;
    int error = previous_and_current_read(rating_case, &previous_e4, &current_e4);

    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "digits", 0, RATING_CASE_REQUIRED, &digits);
    if (error == 0 && (digits < 1 || digits > 9))
        error = rating_case_refuse(rating_case, "input.digits", "应为 1 到 9", "must be 1 to 9");
    if (error < 0)
        return error;
    for (; digits > 0; digits--)
        modulus_e4 *= 10;
    if (current_e4 < previous_e4)
        current_e4 += modulus_e4;
    error = registers_charge(rating_case, current_e4 - previous_e4, &charge);
    if (error < 0)
        return error;
    rating_case_member_decimal(rating_case, "qty", current_e4 - previous_e4, QUANTITY);
    rating_case_member_amounts(rating_case, &charge);
    return 0;
}

int rating_case_multiplier(struct rating_case *rating_case)
{
    int64_t previous_e4, current_e4, multiplier_e4 = 0, quantity_e4 = 0;
    struct charge charge;
    int error = previous_and_current_read(rating_case, &previous_e4, &current_e4);

    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "multiplier", QUANTITY, RATING_CASE_REQUIRED,
                                    &multiplier_e4);
    if (error == 0 && wide_multiply_divide_round(current_e4 - previous_e4, multiplier_e4, TARIFF_QUANTITY_ONE,
                                                 &quantity_e4) < 0)
        error = RATING_ERR_QUANTITY;
    if (error == 0)
        error = registers_charge(rating_case, quantity_e4, &charge);
    if (error < 0)
        return error;
    quantity_text_show(rating_case, quantity_e4);
    rating_case_member_amounts(rating_case, &charge);
    return 0;
}
