/* Use by the clock (rule 8): readings of intervals fall into the tariff's periods of the day and are billed. */
#include "rating/rating_case_internal.h"

#include "base/calendar.h"
#include "rating/clock_text.h"
#include "rating/exact_json.h"

#include <stdio.h>
#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define HOLIDAY_LIMIT 64

struct holidays {
    int64_t days[HOLIDAY_LIMIT];
    size_t count;
};

static int holidays_read(struct rating_case *rating_case, struct holidays *holidays)
{
    const json_t *list = json_object_get(rating_case->input, "holidays");

    holidays->count = 0;
    if (json_array_size(list) > HOLIDAY_LIMIT)
        return rating_case_refuse(rating_case, "input.holidays", "最多 64 天", "may have at most 64 days");
    for (size_t index = 0; index < json_array_size(list); index++) {
        const json_t *date = json_array_get(list, index);

        if (!json_is_string(date) ||
            calendar_parse_date(span_of_text(json_string_value(date)), &holidays->days[holidays->count++]) < 0)
            return rating_case_refuse(rating_case, "input.holidays", "应为日期的数组", "must be an array of dates");
    }
    return 0;
}

static bool holiday_is(const struct holidays *holidays, int64_t day)
{
    for (size_t index = 0; index < holidays->count; index++) {
        if (holidays->days[index] == day)
            return true;
    }
    return false;
}

/* ["2026-07-15T10:00", "1.5"]: what was used in an interval that lies in the period in which it begins. */
static int interval_add(struct rating_case *rating_case, const struct tariff *tariff, const struct holidays *holidays,
                        const json_t *entry, size_t index, struct charge_usage *usage)
{
    const json_t *at = json_array_get(entry, 0);
    const char *text = json_is_string(at) ? json_string_value(at) : "";
    int32_t minute = strlen(text) == 16 && text[10] == 'T' ? clock_text_minutes(text + 11) : -1;
    int64_t day = 0, quantity_e4 = 0;
    int32_t period;
    char path[40];

    (void)snprintf(path, sizeof path, "input.intervals[%zu]", index);
    if (minute < 0 || minute == CLOCK_TEXT_DAY_MIN || calendar_parse_date(span_of_bytes(text, 10), &day) < 0 ||
        exact_json_decimal(json_array_get(entry, 1), QUANTITY, &quantity_e4) < 0 || quantity_e4 < 0 ||
        quantity_e4 > TARIFF_QUANTITY_MAXIMUM)
        return rating_case_refuse(rating_case, path, "应为 [时刻, 用量],例如 [\"2026-07-15T10:00\", \"1.5\"]",
                                  "must be time and quantity, for example [\"2026-07-15T10:00\", \"1.5\"]");
    period = tariff_period_at(tariff, day, holiday_is(holidays, day), minute);
    if (period < 0)
        return RATING_ERR_PERIOD;
    usage->period_quantity_e4[period] += quantity_e4;
    usage->quantity_e4 += quantity_e4;
    return usage->quantity_e4 > TARIFF_QUANTITY_MAXIMUM ? RATING_ERR_QUANTITY : 0;
}

static void periods_show(struct rating_case *rating_case, const struct tariff *tariff, const struct charge_usage *usage)
{
    rating_case_member(rating_case, "tou");
    writer_text(rating_case->out, "{");
    for (int32_t period = 0; period < tariff->period_count; period++)
        rating_case_member_decimal(rating_case, tariff->period_name[period], usage->period_quantity_e4[period],
                                   QUANTITY);
    writer_text(rating_case->out, "}");
}

int rating_case_intervals(struct rating_case *rating_case)
{
    const json_t *list = json_object_get(rating_case->input, "intervals");
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    struct holidays holidays;
    struct tariff tariff;
    struct charge charge;
    int error = rating_case_terms(rating_case, &tariff, &usage);

    if (error == 0 && (tariff.schedule_count == 0 || !json_is_array(list)))
        error = rating_case_refuse(rating_case, "input.intervals", "需要 intervals 与价格中的 tou_schedule",
                                   "must be there, and a tou_schedule in the tariff");
    if (error == 0)
        error = holidays_read(rating_case, &holidays);
    usage.period_count = tariff.period_count;
    for (size_t index = 0; error == 0 && index < json_array_size(list); index++)
        error = interval_add(rating_case, &tariff, &holidays, json_array_get(list, index), index, &usage);
    if (error == 0)
        error = charge_compute(&tariff, &usage, &charge);
    if (error < 0)
        return error;
    periods_show(rating_case, &tariff, &usage);
    rating_case_member_decimals(rating_case, "limits", charge.limit_e4, charge.tier_count - 1, QUANTITY);
    rating_case_member_decimals(rating_case, "tier_qty", charge.tier_quantity_e4, charge.tier_count, QUANTITY);
    rating_case_member_amounts(rating_case, &tariff, &charge);
    return 0;
}
