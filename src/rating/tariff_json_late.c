/* What a bill that is not paid in time costs: the terms of a price (rule 12). */
#include "rating/exact_json.h"
#include "rating/tariff_json_internal.h"

#define GRACE_DAYS_MAXIMUM 366

/* A share above 0, up to the whole. */
static int share_read(struct tariff_reader *reader, const json_t *value, const char *path, int64_t *out)
{
    int64_t share_e8 = 0;

    if (exact_json_decimal(value, TARIFF_PRICE_SCALE, &share_e8) < 0 || share_e8 <= 0 || share_e8 > LATE_FEE_RATE_ONE)
        return tariff_refuse(reader, path, "应大于 0 且不超过 1, 例如每日千分之一写 \"0.001\"",
                             "must be above 0 and at most 1, for example \"0.001\" for 0.1 % a day");
    *out = share_e8;
    return 0;
}

static int rates_read(struct tariff_reader *reader, const json_t *value, struct late_fee_rule *rule)
{
    const json_t *later = json_object_get(value, "rate_day_later_year");
    int error = share_read(reader, json_object_get(value, "rate_day"), "late_fee.rate_day", &rule->rate_same_year_e8);

    if (error < 0)
        return error;
    rule->rate_later_year_e8 = rule->rate_same_year_e8;
    return later == NULL ? 0 : share_read(reader, later, "late_fee.rate_day_later_year", &rule->rate_later_year_e8);
}

static int bounds_read(struct tariff_reader *reader, const json_t *value, struct late_fee_rule *rule)
{
    const json_t *minimum = json_object_get(value, "minimum");
    const json_t *cap = json_object_get(value, "cap");
    const json_t *grace = json_object_get(value, "grace_days");
    int error = 0;

    if (minimum != NULL)
        error = tariff_decimal_read(reader, minimum, "late_fee.minimum", 2, TARIFF_YUAN_MAXIMUM_FEN, &rule->minimum_fen);
    if (error == 0 && cap != NULL)
        error = share_read(reader, cap, "late_fee.cap", &rule->cap_e8);
    if (error == 0 && grace != NULL && (!json_is_integer(grace) || json_integer_value(grace) < 0 ||
                                        json_integer_value(grace) > GRACE_DAYS_MAXIMUM))
        error = tariff_refuse(reader, "late_fee.grace_days", "应为 0 到 366 天", "must be 0 to 366 days");
    if (error == 0 && grace != NULL)
        rule->grace_days = (int32_t)json_integer_value(grace);
    return error;
}

int tariff_late_fee_field(struct tariff_reader *reader, const json_t *value)
{
    static const char *const names[] = { "rate_day", "rate_day_later_year", "minimum", "cap", "grace_days", NULL };
    struct late_fee_rule rule = { .rate_same_year_e8 = 0 };
    int error = tariff_members_check(reader, value, "late_fee", names);

    if (error == 0)
        error = rates_read(reader, value, &rule);
    if (error == 0)
        error = bounds_read(reader, value, &rule);
    if (error == 0)
        reader->tariff->late_fee = rule;
    return error;
}
