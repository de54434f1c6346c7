#include "rating/rating_case.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/error.h"
#include "rating/exact_json.h"
#include "rating/rating_case_internal.h"
#include "rating/tariff_document.h"

#include <stdio.h>
#include <string.h>

static const struct rating_case_kind kinds[] = {
    { "", rating_case_tiered },
    { "price_change", rating_case_price_change },
    { "meter_replace", rating_case_meter_replace },
    { "rollover", rating_case_rollover },
    { "ct_multiplier", rating_case_multiplier },
    { "heat_area", rating_case_heat_area },
    { "heat_metered", rating_case_heat_metered },
    { "heat_metered_gj", rating_case_heat_metered_gj },
    { "minimum_volume", rating_case_minimum_volume },
    { "late_fee", rating_case_late_fee },
    { "apportion", rating_case_apportion },
    { "unit_purchase", rating_case_unit_purchase },
    { "close_account", rating_case_close_account },
    { "hot_water_session", rating_case_hot_water },
    { "two_part_business", rating_case_two_part },
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
    if (exact_json_decimal(value, scale, out) < 0)
        return rating_case_refuse(rating_case, name, "应为小数,位数不超过允许", "must be a decimal without surplus places");
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

static int root_run(struct rating_case *rating_case, const struct rating_case_kind *more)
{
    const json_t *kind_value = json_object_get(rating_case->root, "kind");
    const char *name = json_is_string(kind_value) ? json_string_value(kind_value) : "";
    const struct rating_case_kind *kind = kind_find(kinds, name);
    const json_t *id = json_object_get(rating_case->root, "id");
    int error;

    if (kind == NULL)
        kind = kind_find(more, name);
    if (kind == NULL) {
        (void)rating_case_refuse(rating_case, "kind", "不认识的用例类型", "is not a known kind of case");
        return RATING_ERR_KIND;
    }
    writer_text(rating_case->out, "{");
    if (json_is_string(id)) {
        rating_case_member(rating_case, "id");
        rating_case_text(rating_case, json_string_value(id));
    }
    error = kind->run(rating_case);
    writer_text(rating_case->out, "}");
    if (error == 0 && writer_result(rating_case->out) < 0)
        error = RATING_ERR_FULL;
    if (error < 0 && error != RATING_ERR_DOCUMENT)
        (void)rating_case_refuse(rating_case, "input", rating_error_text_zh(error), rating_error_text(error));
    return error;
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
        rating_case.root = root;
        rating_case.input = json_object_get(root, "input");
        if (!json_is_object(rating_case.input))
            rating_case.input = empty;
        error = root_run(&rating_case, more);
    } else {
        (void)rating_case_refuse(&rating_case, "case", "不是 JSON 对象(最多 65536 字节)",
                                 "is not a JSON object of at most 65,536 bytes");
    }
    json_decref(root);
    json_decref(empty);
    return error;
}
