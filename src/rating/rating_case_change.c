/* A price change inside a period (rule 9): by register at the change, by days, or all at the reading date. */
#include "rating/rating_case_internal.h"

#include "base/calendar.h"
#include "base/wide.h"

#include <stdio.h>
#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define PERIOD_DAYS_LIMIT 1000

struct change {
    struct tariff before, after;
    int64_t previous_day, current_day, change_day;
    int64_t quantity_e4, quantity_before_e4;
    struct charge_segment segments[2];
};

/* The cycle that the case names anywhere; with a use of the cycle so far it can only be longer than the period. */
static const char *cycle_of(const struct rating_case *rating_case)
{
    const json_t *cycle = json_object_get(rating_case->input, "cycle");

    if (cycle == NULL)
        cycle = json_object_get(rating_case->root, "cycle");
    if (cycle != NULL)
        return json_is_string(cycle) ? json_string_value(cycle) : "";
    return json_object_get(rating_case->input, "ytd") != NULL ? "calendar-year" : "month";
}

/* A whole tariff, or only what differs from "tariff": at the least the prices of one item. */
static int side_tariff(struct rating_case *rating_case, const char *side, struct tariff *tariff)
{
    const json_t *value = json_object_get(rating_case->input, side);
    const json_t *common = json_object_get(rating_case->root, "tariff");
    const json_t *household = json_object_get(rating_case->input, "household");
    json_t *document;
    int32_t season;
    int error;

    if (!json_is_object(value))
        return rating_case_tariff(rating_case, value, tariff, &season);
    document = json_is_object(common) ? json_copy((json_t *)(uintptr_t)common) : json_object();
    (void)json_object_update(document, (json_t *)(uintptr_t)value);
    if (household != NULL && json_object_get(document, "household") == NULL)
        (void)json_object_set(document, "household", (json_t *)(uintptr_t)household);
    if (json_object_get(document, "cycle") == NULL)
        (void)json_object_set_new(document, "cycle", json_string(cycle_of(rating_case)));
    if (rating_case_is_single(value))
        return rating_case_single(rating_case, document, tariff, &season);
    error = rating_case_tariff(rating_case, document, tariff, &season);
    json_decref(document);
    return error;
}

/* "old" or "new"; what is wrong with it is told as its own. */
static int side_read(struct rating_case *rating_case, const char *side, struct tariff *tariff)
{
    struct tariff_problem *problem = rating_case->problem;
    int error = side_tariff(rating_case, side, tariff);
    char path[sizeof problem->path];

    if (error == RATING_ERR_DOCUMENT) {
        (void)snprintf(path, sizeof path, "input.%s.%.80s", side, problem->path);
        path[strcmp(problem->path, "tariff") == 0 ? strlen("input.") + strlen(side) : strlen(path)] = '\0';
        memcpy(problem->path, path, sizeof path);
    }
    return error;
}

static int days_read(struct rating_case *rating_case, struct change *change)
{
    const json_t *input = rating_case->input;
    int error = rating_case_date(rating_case, input, "prev_read", &change->previous_day);

    if (error == 0)
        error = rating_case_date(rating_case, input, "cur_read", &change->current_day);
    if (error == 0)
        error = rating_case_date(rating_case, input, "change", &change->change_day);
    if (error == 0 &&
        (change->current_day <= change->previous_day || change->current_day - change->previous_day > PERIOD_DAYS_LIMIT))
        error = RATING_ERR_DATES;
    return error;
}

static int change_read(struct rating_case *rating_case, struct change *change)
{
    int error = side_read(rating_case, "old", &change->before);

    if (error == 0)
        error = side_read(rating_case, "new", &change->after);
    if (error == 0)
        error = days_read(rating_case, change);
    if (error == 0)
        error = rating_case_required(rating_case, "qty", QUANTITY, &change->quantity_e4);
    if (error == 0)
        error = rating_case_optional(rating_case, "qty_before_change", QUANTITY, 0, &change->quantity_before_e4);
    if (error == 0 && change->quantity_before_e4 > change->quantity_e4)
        error = rating_case_refuse(rating_case, "qty_before_change", "不能大于 qty", "must not be above qty");
    return error;
}

/* Days counted are those after the previous reading up to and including the current one; the change day is a new one. */
static int segments_fill(struct rating_case *rating_case, struct change *change, bool by_days)
{
    struct charge_segment *before = &change->segments[0], *after = &change->segments[1];
    int64_t old_days = change->change_day - change->previous_day - 1;
    int error;

    *before = (struct charge_segment){ .tariff = &change->before, .usage = { .season = CHARGE_SEASON_NONE } };
    *after = (struct charge_segment){ .tariff = &change->after, .usage = { .season = CHARGE_SEASON_NONE } };
    error = rating_case_usage(rating_case, &change->before, &before->usage);
    if (error == 0)
        error = rating_case_usage(rating_case, &change->after, &after->usage);
    if (old_days < 0)
        old_days = 0;
    before->total_days = after->total_days = (int32_t)(change->current_day - change->previous_day);
    before->days = old_days < before->total_days ? (int32_t)old_days : before->total_days;
    after->days = after->total_days - before->days;
    before->quantity_by_days = after->quantity_by_days = by_days;
    before->usage.quantity_e4 = by_days ? change->quantity_e4 : change->quantity_before_e4;
    after->usage.quantity_e4 = by_days ? change->quantity_e4 : change->quantity_e4 - change->quantity_before_e4;
    if (tariff_tiers_monthly(&change->after))
        return error;
    if (by_days)
        after->days_before = before->days;
    else
        after->usage.used_e4 += change->quantity_before_e4;
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

static void shares_show(struct rating_case *rating_case, const struct change *change, bool by_days)
{
    const struct charge_segment *segments = change->segments;
    int64_t days[2] = { segments[0].days, segments[1].days };
    int64_t shares_e4[2] = { segments[0].usage.quantity_e4, segments[1].usage.quantity_e4 };

    for (int side = 0; by_days && side < 2; side++)
        (void)wide_multiply_divide_round(change->quantity_e4, days[side], segments[side].total_days, &shares_e4[side]);
    rating_case_member_integers(rating_case, "days", days, 2);
    rating_case_member_decimals(rating_case, "qty", shares_e4, 2, QUANTITY);
    limits_show(rating_case, change, 0, "limits_old");
    limits_show(rating_case, change, 1, "limits_new");
}

static int by_reading_date_run(struct rating_case *rating_case, const struct change *change)
{
    const struct tariff *tariff = change->change_day > change->current_day ? &change->before : &change->after;
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct charge charge;
    int error = rating_case_usage(rating_case, tariff, &usage);

    usage.quantity_e4 = change->quantity_e4;
    if (error == 0)
        error = charge_compute(tariff, &usage, &charge);
    if (error < 0)
        return error;
    rating_case_member_decimals(rating_case, "limits", charge.limit_e4, charge.tier_count - 1, QUANTITY);
    rating_case_member_amounts(rating_case, tariff, &charge);
    return 0;
}

/* Beside the input or in it. */
static const char *method_of(const struct rating_case *rating_case)
{
    const json_t *method = json_object_get(rating_case->root, "method");

    if (method == NULL)
        method = json_object_get(rating_case->input, "method");
    if (method == NULL)
        return "snapshot";
    return json_is_string(method) ? json_string_value(method) : "";
}

/* A frozen register (rule 9) has to be known where the change lies inside the period. */
static int snapshot_check(struct rating_case *rating_case, struct change *change)
{
    bool known = json_object_get(rating_case->input, "qty_before_change") != NULL;

    if (!known && change->segments[0].days > 0 && change->segments[1].days > 0)
        return rating_case_refuse(rating_case, "input.qty_before_change", "缺少变价时冻结的用量",
                                  "is missing: the use that the register froze at the change");
    if (!known && change->segments[1].days == 0) {
        change->segments[0].usage.quantity_e4 = change->quantity_e4;
        change->segments[1].usage.quantity_e4 = 0;
    }
    return 0;
}

int rating_case_price_change(struct rating_case *rating_case)
{
    const char *method = method_of(rating_case);
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
    if (error == 0 && !by_days)
        error = snapshot_check(rating_case, &change);
    if (error == 0)
        error = charge_compute_segments(change.segments, 2, &charge);
    if (error < 0)
        return error;
    shares_show(rating_case, &change, by_days);
    rating_case_member_amounts(rating_case, &change.after, &charge);
    return 0;
}
