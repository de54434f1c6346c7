#include "rating/rating_case.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/error.h"
#include "rating/exact_json.h"
#include "rating/rating_case_internal.h"
#include "rating/rating_internal.h"
#include "rating/tariff_document.h"

#include <stdio.h>
#include <string.h>

static const struct rating_case_kind kinds[] = {
    { "", rating_case_tiered },
    { "tiered", rating_case_tiered },
    { "time_of_use", rating_case_tiered },
    { "tou_intervals", rating_case_intervals },
    { "price_change", rating_case_price_change },
    { "meter_replace", rating_case_meter_replace },
    { "rollover", rating_case_rollover },
    { "ct_multiplier", rating_case_multiplier },
    { "public_meter", rating_case_public_meter },
    { "prepaid_days", rating_case_prepaid_days },
    { "rerate", rating_case_rerate },
    { "heat_area", rating_case_heat_area },
    { "heat_metered", rating_case_heat_metered },
    { "heat_metered_gj", rating_case_heat_metered },
    { "minimum_volume", rating_case_minimum_volume },
    { "minimum_charge", rating_case_minimum_charge },
    { "late_fee", rating_case_late_fee },
    { "apportion", rating_case_apportion },
    { "tax_split", rating_case_tax_split },
    { "unit_purchase", rating_case_unit_purchase },
    { "close_account", rating_case_close_account },
    { "hot_water_session", rating_case_hot_water },
    { "two_part_business", rating_case_two_part },
    { "capacity", rating_case_two_part },
    { "demand", rating_case_two_part },
    { "power_factor", rating_case_power_factor },
    { NULL, NULL },
};

int rating_case_refuse(struct rating_case *rating_case, const char *path, const char *chinese, const char *english)
{
    struct tariff_problem *problem = rating_case->problem;

    (void)snprintf(problem->path, sizeof problem->path, "%s", path);
    (void)snprintf(problem->text_zh, sizeof problem->text_zh, "%s", chinese);
    (void)snprintf(problem->text_en, sizeof problem->text_en, "%s", english);
    return RATING_ERR_DOCUMENT;
}

/* Of fen, persons and months only whole ones are known; of the others so many places. */
static int decimal_refuse(struct rating_case *rating_case, const char *path, int scale)
{
    char chinese[80], english[80];

    if (scale == 0)
        return rating_case_refuse(rating_case, path, "应为整数,不超过 64 位", "must be a whole number within 64 bits");
    (void)snprintf(chinese, sizeof chinese, "应为最多 %d 位小数的数,不超过 64 位", scale);
    (void)snprintf(english, sizeof english, "must be a decimal of at most %d places, within 64 bits", scale);
    return rating_case_refuse(rating_case, path, chinese, english);
}

int rating_case_decimal(struct rating_case *rating_case, const json_t *object, const char *name, int scale,
                        int64_t otherwise, int64_t *out)
{
    const json_t *value = json_object_get(object, name);

    if (value == NULL && otherwise != RATING_CASE_REQUIRED) {
        *out = otherwise;
        return 0;
    }
    if (value == NULL)
        return rating_case_refuse(rating_case, name, "缺少此项", "is missing");
    return exact_json_decimal(value, scale, out) < 0 ? decimal_refuse(rating_case, name, scale) : 0;
}

int rating_case_within(struct rating_case *rating_case, const json_t *object, const char *name, int64_t otherwise,
                       int64_t most, int64_t *out)
{
    int error = rating_case_decimal(rating_case, object, name, 0, otherwise, out);

    return error == 0 && (*out > most || *out < -most) ? rating_case_refuse(rating_case, name, "过大", "is too large")
                                                      : error;
}

int rating_case_array(struct rating_case *rating_case, const json_t *object, const char *name, const json_t **out)
{
    const json_t *value = json_object_get(object, name);

    if (value != NULL && !json_is_array(value))
        return rating_case_refuse(rating_case, name, "应为数组", "must be an array");
    *out = value;
    return 0;
}

int rating_case_date(struct rating_case *rating_case, const json_t *object, const char *name, int64_t *day)
{
    const json_t *value = json_object_get(object, name);

    if (!json_is_string(value) || calendar_parse_date(span_of_text(json_string_value(value)), day) < 0)
        return rating_case_refuse(rating_case, name, "应为日期,例如 \"2026-01-31\"",
                                  "must be a date, for example \"2026-01-31\"");
    return 0;
}

int rating_case_optional(struct rating_case *rating_case, const char *name, int scale, int64_t otherwise, int64_t *out)
{
    int error = rating_case_decimal(rating_case, rating_case->input, name, scale, otherwise, out);

    if (error == 0 && (*out < 0 || *out > TARIFF_QUANTITY_MAXIMUM))
        return rating_case_refuse(rating_case, name, "不能为负或过大", "must not be negative or too large");
    return error;
}

int rating_case_required(struct rating_case *rating_case, const char *name, int scale, int64_t *out)
{
    return rating_case_optional(rating_case, name, scale, RATING_CASE_REQUIRED, out);
}

int rating_case_product(struct rating_case *rating_case, const char *quantity, const char *price, int64_t *amount_fen)
{
    int64_t quantity_e4, price_e8;
    int error = rating_case_required(rating_case, quantity, TARIFF_QUANTITY_SCALE, &quantity_e4);

    if (error == 0)
        error = rating_case_required(rating_case, price, TARIFF_PRICE_SCALE, &price_e8);
    return error < 0 ? error : rating_product_round(quantity_e4, price_e8, amount_fen);
}

int rating_case_list(struct rating_case *rating_case, const char *name, int scale, int64_t lowest, int64_t *out,
                     int32_t *count)
{
    const json_t *list = json_object_get(rating_case->input, name);
    char path[48];

    (void)snprintf(path, sizeof path, "input.%s", name);
    if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > RATING_CASE_LIST_LIMIT)
        return rating_case_refuse(rating_case, path, "应为 1 到 1000 项的数组",
                                  "must be an array of 1 to 1000 entries");
    for (size_t index = 0; index < json_array_size(list); index++) {
        (void)snprintf(path, sizeof path, "input.%s[%zu]", name, index);
        if (exact_json_decimal(json_array_get(list, index), scale, &out[index]) < 0)
            return decimal_refuse(rating_case, path, scale);
        if (out[index] < lowest)
            return rating_case_refuse(rating_case, path, "不能为负", "must not be negative");
    }
    *count = (int32_t)json_array_size(list);
    return 0;
}

void rating_case_text(struct rating_case *rating_case, const char *text)
{
    struct writer *out = rating_case->out;

    writer_put_u8(out, '"');
    for (; *text != '\0'; text++) {
        uint8_t byte = (uint8_t)*text;

        if (byte == '"' || byte == '\\')
            writer_format(out, "\\%c", byte);
        else if (byte < 0x20)
            writer_format(out, "\\u%04x", byte);
        else
            writer_put_u8(out, byte);
    }
    writer_put_u8(out, '"');
}

void rating_case_member(struct rating_case *rating_case, const char *name)
{
    struct span written = writer_span(rating_case->out);

    if (written.size > 0 && written.bytes[written.size - 1] != '{')
        writer_text(rating_case->out, ", ");
    rating_case_text(rating_case, name);
    writer_text(rating_case->out, ": ");
}

static void decimal_put(struct rating_case *rating_case, int64_t value, int scale)
{
    char text[DECIMAL_TEXT_LIMIT];

    if (decimal_format(value, scale, true, text, sizeof text) > 0)
        writer_text(rating_case->out, text);
}

void rating_case_member_decimal(struct rating_case *rating_case, const char *name, int64_t value, int scale)
{
    rating_case_member(rating_case, name);
    decimal_put(rating_case, value, scale);
}

void rating_case_member_integer(struct rating_case *rating_case, const char *name, int64_t value)
{
    rating_case_member_decimal(rating_case, name, value, 0);
}

void rating_case_member_decimals(struct rating_case *rating_case, const char *name, const int64_t *values,
                                 int32_t count, int scale)
{
    rating_case_member(rating_case, name);
    writer_text(rating_case->out, "[");
    for (int32_t index = 0; index < count; index++) {
        if (index > 0)
            writer_text(rating_case->out, ", ");
        decimal_put(rating_case, values[index], scale);
    }
    writer_text(rating_case->out, "]");
}

void rating_case_member_integers(struct rating_case *rating_case, const char *name, const int64_t *values,
                                 int32_t count)
{
    rating_case_member_decimals(rating_case, name, values, count, 0);
}

static const struct rating_case_kind *kind_find(const struct rating_case_kind *table, const char *name)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0)
            return table;
    }
    return NULL;
}

static void id_put(struct rating_case *rating_case)
{
    const json_t *id = json_object_get(rating_case->root, "id");

    if (json_is_string(id)) {
        rating_case_member(rating_case, "id");
        rating_case_text(rating_case, json_string_value(id));
    } else if (json_is_integer(id)) {
        rating_case_member_integer(rating_case, "id", json_integer_value(id));
    }
}

/* In place of the answer: {"id": ..., "error": {"path": ..., "text": ..., "text_zh": ...}}. */
static void error_put(struct rating_case *rating_case)
{
    const struct tariff_problem *problem = rating_case->problem;
    struct writer *out = rating_case->out;

    *out = writer_of_buffer(out->bytes, out->capacity);
    writer_text(out, "{");
    id_put(rating_case);
    rating_case_member(rating_case, "error");
    writer_text(out, "{");
    rating_case_member(rating_case, "path");
    rating_case_text(rating_case, problem->path);
    rating_case_member(rating_case, "text");
    rating_case_text(rating_case, problem->text_en);
    rating_case_member(rating_case, "text_zh");
    rating_case_text(rating_case, problem->text_zh);
    writer_text(out, "}}");
}

/* "input" and "config" hold members, if they are there. */
static int objects_check(struct rating_case *rating_case)
{
    static const char *const names[] = { "input", "config" };

    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        const json_t *value = json_object_get(rating_case->root, names[index]);

        if (value != NULL && !json_is_object(value))
            return rating_case_refuse(rating_case, names[index], "应为对象", "must be an object");
    }
    return 0;
}

static int root_run(struct rating_case *rating_case, const struct rating_case_kind *more)
{
    const json_t *kind_value = json_object_get(rating_case->root, "kind");
    const char *name = json_is_string(kind_value) ? json_string_value(kind_value) : "";
    const struct rating_case_kind *kind = kind_find(kinds, name);
    int error;

    if (kind == NULL)
        kind = kind_find(more, name);
    if (kind == NULL || (kind_value != NULL && !json_is_string(kind_value))) {
        (void)rating_case_refuse(rating_case, "kind", "不认识的用例类型", "is not a known kind of case");
        return RATING_ERR_KIND;
    }
    writer_text(rating_case->out, "{");
    id_put(rating_case);
    error = objects_check(rating_case);
    if (error == 0)
        error = kind->run(rating_case);
    writer_text(rating_case->out, "}");
    if (error == 0 && writer_result(rating_case->out) < 0)
        error = RATING_ERR_FULL;
    if (error < 0 && error != RATING_ERR_DOCUMENT)
        (void)rating_case_refuse(rating_case, "input", rating_error_text_zh(error), rating_error_text(error));
    return error;
}

/* What is no JSON object at all: too big integers, names given twice and words such as NaN are told as such. */
static void text_refuse(struct rating_case *rating_case, size_t size, const char *reason)
{
    char chinese[160], english[160];

    if (size > RATING_CASE_LIMIT) {
        (void)rating_case_refuse(rating_case, "case", "超过 65536 字节", "is longer than 65,536 bytes");
        return;
    }
    (void)snprintf(chinese, sizeof chinese, "不是 JSON 对象%s%.90s", reason[0] != '\0' ? ": " : "", reason);
    (void)snprintf(english, sizeof english, "is not a JSON object%s%.90s", reason[0] != '\0' ? ": " : "", reason);
    (void)rating_case_refuse(rating_case, "case", chinese, english);
}

/* A member without a value says as much as one that is not there: in the case and in the objects that it holds. */
static void nulls_drop(json_t *object, bool deeper)
{
    const char *name;
    json_t *value;
    void *next;

    json_object_foreach_safe(object, next, name, value)
    {
        if (json_is_null(value))
            (void)json_object_del(object, name);
        else if (deeper)
            nulls_drop(value, false);
    }
}

/* Other words for the same member, as price tables and contracts have them. */
static void words_replace(json_t *input)
{
    static const struct {
        const char *other, *name;
    } words[] = {
        { "max_demand_kw", "demand_kw" },
        { "contracted_kw", "contract_kw" },
        { "contract_demand_kw", "contract_kw" },
        { "cold_price", "cold_price_per_t" },
        { "accounts", "count" },
        { "min_charge_fen", "min_fen" },
    };

    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++) {
        json_t *value = json_object_get(input, words[index].other);

        if (value != NULL && json_object_get(input, words[index].name) == NULL)
            (void)json_object_set(input, words[index].name, value);
    }
}

int rating_case_run(struct span text, const struct rating_case_kind *more, struct writer *out,
                    struct tariff_problem *problem)
{
    struct rating_case rating_case = { .out = out, .problem = problem };
    json_error_t json_error = { .line = 0 };
    json_t *root = text.size <= RATING_CASE_LIMIT ? exact_json_load(text, &json_error) : NULL;
    json_t *empty = json_object();
    int error = RATING_ERR_JSON;

    if (json_is_object(root) && empty != NULL) {
        nulls_drop(root, true);
        rating_case.root = root;
        rating_case.input = json_object_get(root, "input");
        if (!json_is_object(rating_case.input))
            rating_case.input = empty;
        words_replace((json_t *)(uintptr_t)rating_case.input);
        error = root_run(&rating_case, more);
    } else {
        text_refuse(&rating_case, text.size, root != NULL ? "" : json_error.text);
    }
    if (error < 0)
        error_put(&rating_case);
    json_decref(root);
    json_decref(empty);
    return error;
}
