#include "rating/tariff_json.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"
#include "base/writer.h"
#include "rating/exact_json.h"
#include "rating/tariff_document.h"

#include <stdio.h>
#include <string.h>

struct reader {
    const json_t *root;
    struct tariff *tariff;
    struct tariff_problem *problem;
};

struct word {
    const char *name;
    int value;
};

static const struct word cycle_words[] = {
    { "month", TARIFF_CYCLE_MONTH },
    { "calendar-year", TARIFF_CYCLE_CALENDAR_YEAR },
    { "anchor-year", TARIFF_CYCLE_ANCHOR_YEAR },
    { "heating-season", TARIFF_CYCLE_ANCHOR_YEAR },
    { NULL, 0 },
};
static const struct word rounding_words[] = {
    { "item", TARIFF_ROUND_ITEM }, { "row", TARIFF_ROUND_ROW }, { "bill", TARIFF_ROUND_BILL }, { NULL, 0 }
};
static const struct word prorate_words[] = {
    { "none", TARIFF_PRORATE_NONE },
    { "whole_months", TARIFF_PRORATE_WHOLE_MONTHS },
    { "days", TARIFF_PRORATE_DAYS },
    { NULL, 0 },
};
static const struct word change_words[] = {
    { "snapshot", TARIFF_CHANGE_SNAPSHOT },
    { "by_day", TARIFF_CHANGE_BY_DAY },
    { "by_reading_date", TARIFF_CHANGE_BY_READING_DATE },
    { NULL, 0 },
};
static const struct word household_words[] = {
    { "per_person", TARIFF_HOUSEHOLD_PER_PERSON }, { "flat", TARIFF_HOUSEHOLD_FLAT }, { NULL, 0 }
};

static int refuse(struct reader *reader, const char *path, const char *chinese, const char *english)
{
    struct tariff_problem *problem = reader->problem;

    (void)snprintf(problem->path, sizeof problem->path, "%s", path);
    (void)snprintf(problem->text_zh, sizeof problem->text_zh, "%s", chinese);
    (void)snprintf(problem->text_en, sizeof problem->text_en, "%s", english);
    return RATING_ERR_DOCUMENT;
}

static int decimal_read(struct reader *reader, const json_t *value, const char *path, int scale, int64_t maximum,
                        int64_t *out)
{
    int64_t parsed;

    if (exact_json_decimal(value, scale, &parsed) < 0) {
        if (scale == TARIFF_PRICE_SCALE)
            return refuse(reader, path, "应为最多 8 位小数的数,例如 \"2.67\"",
                          "must be a decimal of at most 8 places, for example \"2.67\"");
        return refuse(reader, path, "应为最多 4 位小数的数,例如 22 或 \"12.5\"",
                      "must be a decimal of at most 4 places, for example 22 or \"12.5\"");
    }
    if (parsed < 0)
        return refuse(reader, path, "不能为负", "must not be negative");
    if (parsed > maximum)
        return refuse(reader, path, "数值过大(价格最高 10000 元,系数最大 10,用量最大十亿)",
                      "is too large (prices to 10,000 yuan, coefficients to 10, quantities to a thousand million)");
    *out = parsed;
    return 0;
}

static int count_read(struct reader *reader, const json_t *value, const char *path, int32_t maximum, int32_t *out)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > maximum)
        return refuse(reader, path, "应为不太大的非负整数", "must be a whole number, not negative and not too large");
    *out = (int32_t)json_integer_value(value);
    return 0;
}

static int name_read(struct reader *reader, const json_t *value, const char *path, char *out)
{
    if (!json_is_string(value) || json_string_length(value) == 0 ||
        text_copy(span_of_text(json_string_value(value)), out, TARIFF_NAME_SIZE) < 0)
        return refuse(reader, path, "应为 1 到 47 字节的文字", "must be a text of 1 to 47 bytes");
    return 0;
}

static int word_read(struct reader *reader, const json_t *value, const char *path, const struct word *words, int *out)
{
    char english[192], chinese[192];
    struct writer list_en = writer_of_buffer(english, sizeof english);
    struct writer list_zh = writer_of_buffer(chinese, sizeof chinese);

    writer_text(&list_en, "must be one of:");
    writer_text(&list_zh, "应为以下之一:");
    for (const struct word *word = words; word->name != NULL; word++) {
        if (json_is_string(value) && strcmp(json_string_value(value), word->name) == 0) {
            *out = word->value;
            return 0;
        }
        writer_format(&list_en, " %s", word->name);
        writer_format(&list_zh, " %s", word->name);
    }
    return refuse(reader, path, writer_terminate(&list_zh), writer_terminate(&list_en));
}

/* An array of decimals; `count` gets how many. */
static int decimals_read(struct reader *reader, const json_t *value, const char *path, int scale, int64_t maximum,
                         int32_t capacity, int64_t *out, int32_t *count)
{
    if (!json_is_array(value) || json_array_size(value) > (size_t)capacity)
        return refuse(reader, path, "应为最多 8 项的数组", "must be an array of at most 8 entries");
    for (size_t index = 0; index < json_array_size(value); index++) {
        char entry[112];
        int error;

        (void)snprintf(entry, sizeof entry, "%s[%zu]", path, index);
        error = decimal_read(reader, json_array_get(value, index), entry, scale, maximum, &out[index]);
        if (error < 0)
            return error;
    }
    *count = (int32_t)json_array_size(value);
    return 0;
}

/* Limits rise; with n of them there are n + 1 tiers, the same number wherever the document has limits. */
static int limits_read(struct reader *reader, const json_t *value, const char *path, int64_t *out)
{
    int32_t count = 0;
    int error = decimals_read(reader, value, path, TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                              TARIFF_TIER_LIMIT - 1, out, &count);

    for (int32_t index = 1; error == 0 && index < count; index++) {
        if (out[index] <= out[index - 1])
            error = refuse(reader, path, "分档上限应逐档升高", "limits must rise from tier to tier");
    }
    if (error == 0 && reader->tariff->tier_count > 0 && reader->tariff->tier_count != count + 1)
        error = refuse(reader, path, "各处的分档数应一致", "must have as many tiers as the other limits");
    if (error == 0)
        reader->tariff->tier_count = count + 1;
    return error;
}

static int cycle_field(struct reader *reader, const json_t *value)
{
    int cycle;
    int error = word_read(reader, value, "cycle", cycle_words, &cycle);

    if (error < 0)
        return error;
    reader->tariff->cycle = (enum tariff_cycle)cycle;
    reader->tariff->anchor_month = strcmp(json_string_value(value), "heating-season") == 0 ? 11 : 1;
    reader->tariff->anchor_day = reader->tariff->anchor_month == 11 ? 15 : 1;
    return 0;
}

static int anchor_field(struct reader *reader, const json_t *value)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    char date[CALENDAR_DATE_TEXT_LIMIT];
    int64_t day;

    (void)snprintf(date, sizeof date, "2000-%.5s", text);
    if (strlen(text) != 5 || calendar_parse_date(span_of_text(date), &day) < 0)
        return refuse(reader, "anchor", "应为月-日,例如 \"07-01\"", "must be month-day, for example \"07-01\"");
    reader->tariff->anchor_month = calendar_date_of_day(day).month;
    reader->tariff->anchor_day = calendar_date_of_day(day).day_of_month;
    return 0;
}

static int limits_field(struct reader *reader, const json_t *value)
{
    return limits_read(reader, value, "limits", reader->tariff->limit_e4);
}

static int monthly_limits_field(struct reader *reader, const json_t *value)
{
    if (reader->tariff->tier_count > 0)
        return refuse(reader, "monthly_limits", "不能与 limits 并用", "cannot stand beside limits");
    reader->tariff->limits_monthly = true;
    return limits_read(reader, value, "monthly_limits", reader->tariff->limit_e4);
}

static int season_limits_field(struct reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;
    const char *name;
    json_t *limits;

    if (!json_is_object(value) || json_object_size(value) == 0 || json_object_size(value) > TARIFF_SEASON_LIMIT)
        return refuse(reader, "season_limits", "应为 1 到 4 个季节的对象", "must be an object of 1 to 4 seasons");
    if (tariff->tier_count > 0)
        return refuse(reader, "season_limits", "不能与其他分档上限并用", "cannot stand beside other limits");
    json_object_foreach((json_t *)(uintptr_t)value, name, limits)
    {
        struct tariff_season *season = &tariff->seasons[tariff->season_count];
        char path[80];
        int error;

        (void)snprintf(path, sizeof path, "season_limits.%.47s", name);
        if (text_copy(span_of_text(name), season->name, sizeof season->name) < 0)
            return refuse(reader, path, "名称过长", "the name is too long");
        error = limits_read(reader, limits, path, season->limit_e4);
        if (error < 0)
            return error;
        tariff->season_count++;
    }
    return 0;
}

/* "add": one decimal for all limits, or one a limit. */
static int household_add_read(struct reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;
    int32_t count = 0;
    int error;

    if (!json_is_array(value)) {
        error = decimal_read(reader, value, "household.add", TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                             &tariff->add_e4[0]);
        for (int32_t tier = 1; tier < TARIFF_TIER_LIMIT; tier++)
            tariff->add_e4[tier] = tariff->add_e4[0];
        return error;
    }
    error = decimals_read(reader, value, "household.add", TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                          TARIFF_TIER_LIMIT - 1, tariff->add_e4, &count);
    if (error == 0 && count != tariff->tier_count - 1)
        error = refuse(reader, "household.add", "每个分档上限需要一个值", "needs one value for each limit");
    return error;
}

static int household_field(struct reader *reader, const json_t *value)
{
    int kind;
    int error = word_read(reader, json_object_get(value, "kind"), "household.kind", household_words, &kind);

    if (error < 0)
        return error;
    reader->tariff->household = (enum tariff_household)kind;
    if (kind == TARIFF_HOUSEHOLD_FLAT)
        error = count_read(reader, json_object_get(value, "min"), "household.min", 1000, &reader->tariff->persons);
    else
        error = count_read(reader, json_object_get(value, "base"), "household.base", 1000, &reader->tariff->persons);
    return error < 0 ? error : household_add_read(reader, json_object_get(value, "add"));
}

static int household_monthly_field(struct reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;
    int error;

    if (tariff->household != TARIFF_HOUSEHOLD_NONE)
        return refuse(reader, "household_monthly", "不能与 household 并用", "cannot stand beside household");
    if (!tariff->limits_monthly && tariff->cycle != TARIFF_CYCLE_MONTH)
        return refuse(reader, "household_monthly", "需要按月的分档上限(monthly_limits)",
                      "needs limits by the month (monthly_limits)");
    error = count_read(reader, json_object_get(value, "min"), "household_monthly.min", 1000, &tariff->persons);
    if (error == 0)
        error = limits_read(reader, json_object_get(value, "limits"), "household_monthly.limits", tariff->add_e4);
    tariff->household = TARIFF_HOUSEHOLD_REPLACED;
    return error;
}

static int period_find_or_add(struct reader *reader, const char *name)
{
    struct tariff *tariff = reader->tariff;

    for (int32_t index = 0; index < tariff->period_count; index++) {
        if (strcmp(tariff->period_name[index], name) == 0)
            return index;
    }
    if (tariff->period_count == TARIFF_PERIOD_LIMIT ||
        text_copy(span_of_text(name), tariff->period_name[tariff->period_count], TARIFF_NAME_SIZE) < 0)
        return RATING_ERR_DOCUMENT;
    return tariff->period_count++;
}

static int item_periods_read(struct reader *reader, const json_t *value, const char *path, struct tariff_item *item)
{
    const char *name;
    json_t *price;

    if (!json_is_object(value) || json_object_size(value) == 0)
        return refuse(reader, path, "应为时段到价格的对象", "must be an object of period and price");
    json_object_foreach((json_t *)(uintptr_t)value, name, price)
    {
        int period = period_find_or_add(reader, name);
        int error;

        if (period < 0)
            return refuse(reader, path, "时段过多(最多 8 个)", "has too many periods (at most 8)");
        error = decimal_read(reader, price, path, TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM,
                             &item->period_price_e8[period]);
        if (error < 0)
            return error;
    }
    item->price_count = 0;
    return 0;
}

static int item_tiers_read(struct reader *reader, const json_t *value, const char *path, struct tariff_item *item)
{
    int error = decimals_read(reader, value, path, TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM, TARIFF_TIER_LIMIT,
                              item->price_e8, &item->price_count);

    if (error == 0 && item->price_count != reader->tariff->tier_count)
        return refuse(reader, path, "每档需要一个价格:价格比分档上限多一个",
                      "needs one price for each tier: one more than there are limits");
    return error;
}

static int item_price_read(struct reader *reader, const json_t *value, const char *path, struct tariff_item *item)
{
    const json_t *flat = json_object_get(value, "price");
    const json_t *tiers = json_object_get(value, "prices");
    const json_t *periods = json_object_get(value, "tou_prices");
    char below[96];

    if ((flat != NULL) + (tiers != NULL) + (periods != NULL) != 1)
        return refuse(reader, path, "需要 price、prices、tou_prices 三者之一",
                      "needs exactly one of price, prices, tou_prices");
    if (tiers != NULL) {
        (void)snprintf(below, sizeof below, "%s.prices", path);
        return item_tiers_read(reader, tiers, below, item);
    }
    if (periods != NULL) {
        (void)snprintf(below, sizeof below, "%s.tou_prices", path);
        return item_periods_read(reader, periods, below, item);
    }
    (void)snprintf(below, sizeof below, "%s.price", path);
    item->price_count = 1;
    return decimal_read(reader, flat, below, TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM, &item->price_e8[0]);
}

static int item_read(struct reader *reader, const json_t *value, struct tariff_item *item, size_t index)
{
    const json_t *coefficient = json_object_get(value, "coef");
    char path[32], below[48];
    int error;

    (void)snprintf(path, sizeof path, "items[%zu]", index);
    (void)snprintf(below, sizeof below, "%s.name", path);
    item->coefficient_e8 = TARIFF_PRICE_ONE;
    error = name_read(reader, json_object_get(value, "name"), below, item->name);
    for (size_t other = 0; error == 0 && other < index; other++) {
        if (strcmp(reader->tariff->items[other].name, item->name) == 0)
            error = refuse(reader, below, "项目名称重复", "this name is already taken by another item");
    }
    (void)snprintf(below, sizeof below, "%s.coef", path);
    if (error == 0 && coefficient != NULL)
        error = decimal_read(reader, coefficient, below, TARIFF_PRICE_SCALE, TARIFF_COEFFICIENT_MAXIMUM,
                             &item->coefficient_e8);
    return error < 0 ? error : item_price_read(reader, value, path, item);
}

static int items_field(struct reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;

    if (!json_is_array(value) || json_array_size(value) == 0 || json_array_size(value) > TARIFF_ITEM_LIMIT)
        return refuse(reader, "items", "应为 1 到 8 个收费项目", "must be an array of 1 to 8 items");
    for (size_t index = 0; index < json_array_size(value); index++) {
        int error = item_read(reader, json_array_get(value, index), &tariff->items[index], index);

        if (error < 0)
            return error;
        tariff->item_count++;
    }
    return 0;
}

static int total_from_field(struct reader *reader, const json_t *value)
{
    if (!json_is_string(value) || strcmp(json_string_value(value), "composite") != 0)
        return refuse(reader, "total_from", "只能是 \"composite\"", "can only be \"composite\"");
    reader->tariff->composite = true;
    return 0;
}

static int composite_field(struct reader *reader, const json_t *value)
{
    int32_t count = 0;
    int error = decimals_read(reader, value, "composite", TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM,
                              TARIFF_TIER_LIMIT, reader->tariff->composite_e8, &count);

    if (error == 0 && count != reader->tariff->tier_count)
        error = refuse(reader, "composite", "每档需要一个综合价", "needs one price for each tier");
    return error;
}

static int remainder_item_field(struct reader *reader, const json_t *value)
{
    for (int32_t index = 0; json_is_string(value) && index < reader->tariff->item_count; index++) {
        if (strcmp(reader->tariff->items[index].name, json_string_value(value)) == 0) {
            reader->tariff->remainder_item = index;
            return 0;
        }
    }
    return refuse(reader, "remainder_item", "应为 items 中的项目名称", "must be the name of one of the items");
}

static int round_field(struct reader *reader, const json_t *value)
{
    int word = 0;
    int error = word_read(reader, value, "round", rounding_words, &word);

    reader->tariff->rounding = (enum tariff_rounding)word;
    return error;
}

static int prorate_field(struct reader *reader, const json_t *value)
{
    int word = 0;
    int error = word_read(reader, value, "prorate", prorate_words, &word);

    reader->tariff->prorate = (enum tariff_prorate)word;
    return error;
}

static int price_change_field(struct reader *reader, const json_t *value)
{
    int word = 0;
    int error = word_read(reader, value, "price_change", change_words, &word);

    reader->tariff->price_change = (enum tariff_price_change)word;
    return error;
}

static int fixed_field(struct reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;

    if (!json_is_array(value) || json_array_size(value) > TARIFF_FIXED_LIMIT)
        return refuse(reader, "fixed", "应为最多 4 项固定费用的数组", "must be an array of at most 4 fixed charges");
    for (size_t index = 0; index < json_array_size(value); index++) {
        const json_t *entry = json_array_get(value, index);
        struct tariff_fixed *fixed = &tariff->fixed[tariff->fixed_count++];
        char path[48];
        int error;

        (void)snprintf(path, sizeof path, "fixed[%zu].name", index);
        error = name_read(reader, json_object_get(entry, "name"), path, fixed->name);
        (void)snprintf(path, sizeof path, "fixed[%zu].amount", index);
        if (error == 0)
            error = decimal_read(reader, json_object_get(entry, "amount"), path, 2, INT64_C(100000000),
                                 &fixed->amount_fen);
        if (error < 0)
            return error;
    }
    return 0;
}

static int minimum_quantity_field(struct reader *reader, const json_t *value)
{
    if (reader->tariff->period_count > 0)
        return refuse(reader, "min_qty", "分时电价不能设最低用量", "cannot stand beside prices by time of day");
    return decimal_read(reader, value, "min_qty", TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                        &reader->tariff->minimum_quantity_e4);
}

static int minimum_charge_field(struct reader *reader, const json_t *value)
{
    return decimal_read(reader, value, "min_charge", 2, INT64_C(100000000), &reader->tariff->minimum_charge_fen);
}

static int utility_field(struct reader *reader, const json_t *value)
{
    return name_read(reader, value, "utility", reader->tariff->utility);
}

static int unit_field(struct reader *reader, const json_t *value)
{
    return name_read(reader, value, "unit", reader->tariff->unit);
}

static int remark_field(struct reader *reader, const json_t *value)
{
    return json_is_string(value) ? 0 : refuse(reader, "city, note", "应为文字", "must be texts");
}

/* In the order of reading: limits before what counts tiers, items before what names them. */
static const struct field {
    const char *name;
    int (*read)(struct reader *reader, const json_t *value);
} fields[] = {
    { "city", remark_field },
    { "note", remark_field },
    { "utility", utility_field },
    { "unit", unit_field },
    { "cycle", cycle_field },
    { "anchor", anchor_field },
    { "limits", limits_field },
    { "monthly_limits", monthly_limits_field },
    { "season_limits", season_limits_field },
    { "household", household_field },
    { "household_monthly", household_monthly_field },
    { "items", items_field },
    { "total_from", total_from_field },
    { "composite", composite_field },
    { "remainder_item", remainder_item_field },
    { "round", round_field },
    { "prorate", prorate_field },
    { "price_change", price_change_field },
    { "fixed", fixed_field },
    { "min_qty", minimum_quantity_field },
    { "min_charge", minimum_charge_field },
};

static bool field_known(const char *name)
{
    for (size_t index = 0; index < sizeof fields / sizeof fields[0]; index++) {
        if (strcmp(fields[index].name, name) == 0)
            return true;
    }
    return false;
}

static int unknown_fields_refuse(struct reader *reader)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)reader->root, name, value)
    {
        char path[64];

        (void)value;
        (void)snprintf(path, sizeof path, "%.60s", name);
        if (!field_known(name))
            return refuse(reader, path, "不认识的字段;可用字段见价格文件说明",
                          "is not a known field; docs/tariffs.md lists them");
    }
    return 0;
}

static int fields_read(struct reader *reader)
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

static int whole_check(struct reader *reader)
{
    bool composite = json_object_get(reader->root, "composite") != NULL;
    bool remainder = json_object_get(reader->root, "remainder_item") != NULL;

    if (reader->tariff->item_count == 0)
        return refuse(reader, "items", "缺少收费项目", "is missing: a tariff has at least one item");
    if (reader->tariff->composite != composite || reader->tariff->composite != remainder)
        return refuse(reader, "total_from", "total_from、composite、remainder_item 三者应同时出现",
                      "total_from, composite and remainder_item stand together");
    return 0;
}

int tariff_document_read(const json_t *document, bool strict, struct tariff *out, struct tariff_problem *problem)
{
    struct tariff tariff = { .anchor_month = 1, .anchor_day = 1 };
    struct tariff_problem unwanted;
    struct reader reader = { document, &tariff, problem != NULL ? problem : &unwanted };
    int error = 0;

    if (!json_is_object(document))
        return refuse(&reader, "", "价格文件应为 JSON 对象", "a tariff document is a JSON object");
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

int tariff_parse(struct span text, struct tariff *out, struct tariff_problem *problem)
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
    error = tariff_document_read(document, true, out, problem);
    json_decref(document);
    return error;
}
