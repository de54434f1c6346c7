#include "rating/tariff_json.h"

#include "base/calendar.h"
#include "base/text.h"
#include "rating/charge.h"
#include "rating/exact_json.h"
#include "rating/tariff_json_internal.h"

#include <stdio.h>
#include <string.h>

static const struct tariff_word cycle_words[] = {
    { "month", TARIFF_CYCLE_MONTH },
    { "calendar-year", TARIFF_CYCLE_CALENDAR_YEAR },
    { "anchor-year", TARIFF_CYCLE_ANCHOR_YEAR },
    { "heating-season", TARIFF_CYCLE_ANCHOR_YEAR },
    { NULL, 0 },
};
static const struct tariff_word rounding_words[] = { { "item", TARIFF_ROUND_ITEM },
                                                     { "row", TARIFF_ROUND_ROW },
                                                     { "tier", TARIFF_ROUND_ROW },
                                                     { "bill", TARIFF_ROUND_BILL },
                                                     { NULL, 0 } };
static const struct tariff_word prorate_words[] = {
    { "none", TARIFF_PRORATE_NONE },
    { "whole_months", TARIFF_PRORATE_WHOLE_MONTHS },
    { "days", TARIFF_PRORATE_DAYS },
    { NULL, 0 },
};
static const struct tariff_word change_words[] = {
    { "snapshot", TARIFF_CHANGE_SNAPSHOT },
    { "by_day", TARIFF_CHANGE_BY_DAY },
    { "by_reading_date", TARIFF_CHANGE_BY_READING_DATE },
    { NULL, 0 },
};
static const struct tariff_word season_rule_words[] = { { "reading_date", TARIFF_SEASON_READING_DATE },
                                                        { "by_day", TARIFF_SEASON_BY_DAY },
                                                        { NULL, 0 } };

static int cycle_field(struct tariff_reader *reader, const json_t *value)
{
    int cycle;
    int error = tariff_word_read(reader, value, "cycle", cycle_words, &cycle);

    if (error < 0)
        return error;
    reader->tariff->cycle = (enum tariff_cycle)cycle;
    reader->tariff->anchor_month = strcmp(json_string_value(value), "heating-season") == 0 ? 11 : 1;
    reader->tariff->anchor_day = reader->tariff->anchor_month == 11 ? 15 : 1;
    return 0;
}

static int anchor_field(struct tariff_reader *reader, const json_t *value)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    char date[CALENDAR_DATE_TEXT_LIMIT];
    int64_t day;

    if (strlen(text) == 10) /* a whole date: the year does not matter */
        text += 5;
    (void)snprintf(date, sizeof date, "2000-%.5s", text);
    if (strlen(text) != 5 || calendar_parse_date(span_of_text(date), &day) < 0)
        return tariff_refuse(reader, "anchor", "应为月-日,例如 \"07-01\"", "must be month-day, for example \"07-01\"");
    reader->tariff->anchor_month = calendar_date_of_day(day).month;
    reader->tariff->anchor_day = calendar_date_of_day(day).day_of_month;
    return 0;
}

static int total_from_field(struct tariff_reader *reader, const json_t *value)
{
    if (!json_is_string(value) || strcmp(json_string_value(value), "composite") != 0)
        return tariff_refuse(reader, "total_from", "只能是 \"composite\"", "can only be \"composite\"");
    reader->tariff->composite = true;
    return 0;
}

static int composite_field(struct tariff_reader *reader, const json_t *value)
{
    int32_t count = 0;
    int error = tariff_decimals_read(reader, value, "composite", TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM,
                                     TARIFF_TIER_LIMIT, reader->tariff->composite_e8, &count);

    if (error == 0 && count != reader->tariff->tier_count)
        error = tariff_refuse(reader, "composite", "每档需要一个综合价", "needs one price for each tier");
    return error;
}

static int remainder_item_field(struct tariff_reader *reader, const json_t *value)
{
    for (int32_t index = 0; json_is_string(value) && index < reader->tariff->item_count; index++) {
        if (strcmp(reader->tariff->items[index].name, json_string_value(value)) == 0) {
            reader->tariff->remainder_item = index;
            return 0;
        }
    }
    return tariff_refuse(reader, "remainder_item", "应为 items 中的项目名称", "must be the name of one of the items");
}

static int round_field(struct tariff_reader *reader, const json_t *value)
{
    int word = 0;
    int error = tariff_word_read(reader, value, "round", rounding_words, &word);

    reader->tariff->rounding = (enum tariff_rounding)word;
    return error;
}

static int prorate_field(struct tariff_reader *reader, const json_t *value)
{
    int word = 0;
    int error = tariff_word_read(reader, value, "prorate", prorate_words, &word);

    reader->tariff->prorate = (enum tariff_prorate)word;
    return error;
}

static int price_change_field(struct tariff_reader *reader, const json_t *value)
{
    int word = 0;
    int error = tariff_word_read(reader, value, "price_change", change_words, &word);

    reader->tariff->price_change = (enum tariff_price_change)word;
    return error;
}

static int season_rule_field(struct tariff_reader *reader, const json_t *value)
{
    int word = 0;
    int error = tariff_word_read(reader, value, "season_rule", season_rule_words, &word);

    reader->tariff->season_rule = (enum tariff_season_rule)word;
    return error;
}

static int minimum_quantity_field(struct tariff_reader *reader, const json_t *value)
{
    if (reader->tariff->period_count > 0)
        return tariff_refuse(reader, "min_qty", "分时电价不能设最低用量", "cannot stand beside prices by time of day");
    return tariff_decimal_read(reader, value, "min_qty", TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                               &reader->tariff->minimum_quantity_e4);
}

static int minimum_charge_field(struct tariff_reader *reader, const json_t *value)
{
    return tariff_decimal_read(reader, value, "min_charge", 2, TARIFF_YUAN_MAXIMUM_FEN,
                               &reader->tariff->minimum_charge_fen);
}

static int utility_field(struct tariff_reader *reader, const json_t *value)
{
    return tariff_name_read(reader, value, "utility", reader->tariff->utility);
}

static int unit_field(struct tariff_reader *reader, const json_t *value)
{
    return tariff_name_read(reader, value, "unit", reader->tariff->unit);
}

static int remark_field(struct tariff_reader *reader, const json_t *value)
{
    return json_is_string(value) ? 0 : tariff_refuse(reader, "city, note", "应为文字", "must be texts");
}

/* In the order of reading: limits before what counts tiers, items before what names them. */
static const struct field {
    const char *name;
    int (*read)(struct tariff_reader *reader, const json_t *value);
} fields[] = {
    { "city", remark_field },
    { "note", remark_field },
    { "utility", utility_field },
    { "unit", unit_field },
    { "cycle", cycle_field },
    { "anchor", anchor_field },
    { "limits", tariff_limits_field },
    { "monthly_limits", tariff_monthly_limits_field },
    { "season_limits", tariff_season_limits_field },
    { "season_months", tariff_season_months_field },
    { "season_rule", season_rule_field },
    { "household", tariff_household_field },
    { "household_monthly", tariff_household_monthly_field },
    { "items", tariff_items_field },
    { "tou_schedule", tariff_schedule_field },
    { "tou_registers", tariff_registers_field },
    { "total_from", total_from_field },
    { "composite", composite_field },
    { "remainder_item", remainder_item_field },
    { "round", round_field },
    { "prorate", prorate_field },
    { "price_change", price_change_field },
    { "fixed", tariff_fixed_field },
    { "min_qty", minimum_quantity_field },
    { "min_charge", minimum_charge_field },
    { "allowance", tariff_allowance_field },
    { "power_factor", tariff_power_factor_field },
    { "late_fee", tariff_late_fee_field },
};

static bool field_known(const char *name)
{
    for (size_t index = 0; index < sizeof fields / sizeof fields[0]; index++) {
        if (strcmp(fields[index].name, name) == 0)
            return true;
    }
    return false;
}

static int unknown_fields_refuse(struct tariff_reader *reader)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)reader->root, name, value)
    {
        char path[TARIFF_PATH_SIZE];

        (void)value;
        tariff_path_join("", name, path);
        if (!field_known(name))
            return tariff_refuse(reader, path, "不认识的字段;可用字段见价格文件说明",
                                 "is not a known field; docs/tariffs.md lists them");
    }
    return 0;
}

static int fields_read(struct tariff_reader *reader)
{
    for (size_t index = 0; index < sizeof fields / sizeof fields[0]; index++) {
        const json_t *value = json_object_get(reader->root, fields[index].name);
        int error = 0;

        if (strcmp(fields[index].name, "items") == 0 && reader->tariff->tier_count == 0)
            reader->tariff->tier_count = 1;
        if (value != NULL)
            error = fields[index].read(reader, value);
        if (error < 0)
            return error;
    }
    return 0;
}

static bool name_is_reserved(const char *name)
{
    return strcmp(name, CHARGE_MINIMUM_ITEM) == 0 || strcmp(name, CHARGE_POWER_FACTOR_ITEM) == 0 ||
           strcmp(name, CHARGE_LATE_FEE_ITEM) == 0;
}

static bool name_is_item(const struct tariff *tariff, const char *name)
{
    for (int32_t index = 0; index < tariff->item_count; index++) {
        if (strcmp(tariff->items[index].name, name) == 0)
            return true;
    }
    return name_is_reserved(name);
}

/* Every amount of a bill is posted under its own name. */
static int names_check(struct tariff_reader *reader)
{
    const struct tariff *tariff = reader->tariff;

    for (int32_t index = 0; index < tariff->item_count; index++) {
        char path[48];

        (void)snprintf(path, sizeof path, "items[%d].name", (int)index);
        if (name_is_reserved(tariff->items[index].name))
            return tariff_refuse(reader, path, "这个名称由系统使用, 请换一个",
                                 "this name is used by the program itself; choose another one");
    }
    for (int32_t index = 0; index < tariff->fixed_count; index++) {
        bool taken = name_is_item(tariff, tariff->fixed[index].name) ||
                     strcmp(tariff->fixed[index].name, tariff->allowance_name) == 0;
        char path[48];

        for (int32_t other = 0; other < index; other++)
            taken = taken || strcmp(tariff->fixed[index].name, tariff->fixed[other].name) == 0;
        (void)snprintf(path, sizeof path, "fixed[%d].name", (int)index);
        if (taken)
            return tariff_refuse(reader, path, "名称与其他收费项目重复",
                                 "this name is already taken by another charge");
    }
    return 0;
}

/* The smallest distance of a limit from the one before it, over all seasons. */
static int64_t limit_gap_e4(const struct tariff *tariff, int32_t tier)
{
    int64_t gap_e4 = INT64_MAX;

    if (tariff->limits_given)
        gap_e4 = tariff->limit_e4[tier] - tariff->limit_e4[tier - 1];
    for (int32_t season = 0; season < tariff->season_count; season++) {
        int64_t own_e4 = tariff->seasons[season].limit_e4[tier] - tariff->seasons[season].limit_e4[tier - 1];

        gap_e4 = own_e4 < gap_e4 ? own_e4 : gap_e4;
    }
    return gap_e4;
}

/* A household must not move a limit past the next one, however large it is. */
static int household_check(struct tariff_reader *reader)
{
    const struct tariff *tariff = reader->tariff;

    for (int32_t tier = 1; tariff->household != TARIFF_HOUSEHOLD_NONE && tier + 1 < tariff->tier_count; tier++) {
        int64_t shrink_e4 = tariff->add_e4[tier - 1] - tariff->add_e4[tier];
        int64_t gap_e4 = tariff->household == TARIFF_HOUSEHOLD_FLAT ? limit_gap_e4(tariff, tier) : 0;

        if (shrink_e4 > gap_e4)
            return tariff_refuse(reader, "household.add", "增加后分档上限应仍逐档升高",
                                 "must leave the limits rising from tier to tier");
    }
    return 0;
}

static int whole_check(struct tariff_reader *reader)
{
    bool composite = json_object_get(reader->root, "composite") != NULL;
    bool remainder = json_object_get(reader->root, "remainder_item") != NULL;

    if (reader->tariff->item_count == 0 && reader->tariff->fixed_count == 0)
        return tariff_refuse(reader, "items", "缺少收费项目", "is missing: a tariff has at least one item or fixed charge");
    if (reader->tariff->composite != composite || reader->tariff->composite != remainder)
        return tariff_refuse(reader, "total_from", "total_from、composite、remainder_item 三者应同时出现",
                             "total_from, composite and remainder_item stand together");
    if (!reader->strict)
        return 0;
    return names_check(reader) < 0 ? RATING_ERR_DOCUMENT : household_check(reader);
}

int tariff_document_read(const json_t *document, bool strict, struct tariff *out, struct tariff_problem *problem)
{
    struct tariff tariff = { .anchor_month = 1, .anchor_day = 1 };
    struct tariff_problem unwanted;
    struct tariff_reader reader = { document, &tariff, problem != NULL ? problem : &unwanted, strict };
    int error = 0;

    if (!json_is_object(document))
        return tariff_refuse(&reader, "", "价格文件应为 JSON 对象", "a tariff document is a JSON object");
    if (strict)
        error = unknown_fields_refuse(&reader);
    if (error == 0)
        error = fields_read(&reader);
    if (error == 0)
        error = whole_check(&reader);
    if (error == 0)
        *out = tariff;
    return error;
}

static int document_parse(struct span text, bool strict, struct tariff *out, struct tariff_problem *problem)
{
    struct tariff_problem unwanted;
    json_error_t json_error = { .line = 0 };
    json_t *document = NULL;
    int error;

    if (problem == NULL)
        problem = &unwanted;
    if (text.size <= TARIFF_DOCUMENT_LIMIT)
        document = exact_json_load(text, &json_error);
    if (document == NULL) {
        (void)snprintf(problem->path, sizeof problem->path, "line %d", json_error.line);
        (void)snprintf(problem->text_zh, sizeof problem->text_zh, "不是有效的 JSON(最多 65536 字节)");
        (void)snprintf(problem->text_en, sizeof problem->text_en, "not valid JSON of at most 65,536 bytes: %.120s",
                       json_error.text);
        return RATING_ERR_JSON;
    }
    error = tariff_document_read(document, strict, out, problem);
    json_decref(document);
    return error;
}

int tariff_parse(struct span text, struct tariff *out, struct tariff_problem *problem)
{
    return document_parse(text, true, out, problem);
}

int tariff_parse_stored(struct span text, struct tariff *out)
{
    return document_parse(text, false, out, NULL);
}
