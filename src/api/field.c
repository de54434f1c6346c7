#include "api/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_error.h"
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"

#define QUOTED_LIMIT 40 /* bytes of an unknown name that are repeated to the caller */

static int refuse(struct field_problem *problem, int error, const char *name)
{
    const struct error_info *info = api_error_info(error);

    problem->error = error;
    (void)snprintf(problem->field, sizeof problem->field, "%s", name);
    (void)snprintf(problem->text_en, sizeof problem->text_en, "%s: %s", info->text_en, problem->field);
    (void)snprintf(problem->text_zh, sizeof problem->text_zh, "%s: %s", info->text_zh, problem->field);
    return error;
}

/* "integer from 1 to 100": what is right, so that the caller need not guess. */
static void expectation(const struct field *field, char *en, char *zh, size_t capacity)
{
    switch (field->type) {
    case FIELD_INTEGER:
        (void)snprintf(en, capacity, "a whole number from %" PRId64 " to %" PRId64, field->minimum, field->maximum);
        (void)snprintf(zh, capacity, "%" PRId64 " 至 %" PRId64 " 的整数", field->minimum, field->maximum);
        break;
    case FIELD_BOOLEAN:
        (void)snprintf(en, capacity, "true or false");
        (void)snprintf(zh, capacity, "true 或 false");
        break;
    case FIELD_DAY:
        (void)snprintf(en, capacity, "a date like 2026-11-21");
        (void)snprintf(zh, capacity, "形如 2026-11-21 的日期");
        break;
    case FIELD_CHOICE:
        (void)snprintf(en, capacity, "one of: %s", field->choices);
        (void)snprintf(zh, capacity, "以下之一: %s", field->choices);
        break;
    case FIELD_DIGITS:
        (void)snprintf(en, capacity, "%" PRId64 " to %" PRId64 " digits", field->minimum, field->maximum);
        (void)snprintf(zh, capacity, "%" PRId64 " 至 %" PRId64 " 位数字", field->minimum, field->maximum);
        break;
    case FIELD_NUMBERS:
        (void)snprintf(en, capacity, "a list of 1 to %" PRId64 " identifiers", field->maximum);
        (void)snprintf(zh, capacity, "1 至 %" PRId64 " 个标识的列表", field->maximum);
        break;
    case FIELD_DOCUMENT:
        (void)snprintf(en, capacity, "a JSON object of at most %" PRId64 " bytes", field->maximum);
        (void)snprintf(zh, capacity, "最多 %" PRId64 " 字节的 JSON 对象", field->maximum);
        break;
    case FIELD_TEXT:
    case FIELD_SECRET:
    case FIELD_SCALAR:
        (void)snprintf(en, capacity, "text of %" PRId64 " to %" PRId64 " bytes", field->minimum, field->maximum);
        (void)snprintf(zh, capacity, "%" PRId64 " 至 %" PRId64 " 字节的文字", field->minimum, field->maximum);
        break;
    }
}

static int refuse_value(struct field_problem *problem, int error, const struct field *field)
{
    char en[128];
    char zh[128];

    expectation(field, en, zh, sizeof en);
    (void)refuse(problem, error, field->name);
    (void)snprintf(problem->text_en, sizeof problem->text_en, "%s must be %s", field->name, en);
    (void)snprintf(problem->text_zh, sizeof problem->text_zh, "%s 须为%s", field->name, zh);
    return error;
}

static bool has_control(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((text.bytes[i] < 0x20 && text.bytes[i] != '\n' && text.bytes[i] != '\t') || text.bytes[i] == 0x7f)
            return true;
    return false;
}

static int text_take(const struct field *field, struct span text, struct field_value *value,
    struct field_problem *problem)
{
    if (text_utf8_check(text) < 0 || has_control(text) || (int64_t)text.size < field->minimum
        || (int64_t)text.size > field->maximum)
        return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    value->text = text;
    return 0;
}

static int integer_take(const struct field *field, int64_t number, struct field_value *value,
    struct field_problem *problem)
{
    if (number < field->minimum || number > field->maximum)
        return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    value->integer = number;
    return 0;
}

static int digits_take(const struct field *field, struct span text, struct field_value *value,
    struct field_problem *problem)
{
    if ((int64_t)text.size < field->minimum || (int64_t)text.size > field->maximum)
        return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    value->text = text;
    if (text.size <= 18)
        (void)decimal_parse(text, 0, &value->integer);
    return 0;
}

static bool is_choice(const char *choices, struct span text)
{
    size_t size = strlen(choices);
    size_t begin = 0;

    for (size_t i = 0; i <= size; i++) {
        if (i < size && choices[i] != ' ')
            continue;
        if (i - begin == text.size && text.size > 0 && memcmp(choices + begin, text.bytes, text.size) == 0)
            return true;
        begin = i + 1;
    }
    return false;
}

static int choice_take(const struct field *field, struct span text, struct field_value *value,
    struct field_problem *problem)
{
    if (!is_choice(field->choices, text))
        return refuse_value(problem, API_ERR_FIELD_CHOICE, field);
    value->text = text;
    return 0;
}

static int day_take(const struct field *field, struct span text, struct field_value *value,
    struct field_problem *problem)
{
    if (calendar_parse_date(text, &value->integer) != 0)
        return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    return 0;
}

/* The text of an array of numbers, owned by the value. */
static int numbers_own(const struct field *field, const json_t *array, struct field_value *value,
    struct field_problem *problem)
{
    size_t count = json_array_size(array);

    if (count == 0 || count > (size_t)field->maximum)
        return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    for (size_t i = 0; i < count; i++) {
        const json_t *number = json_array_get(array, i);
        if (!json_is_integer(number))
            return refuse_value(problem, API_ERR_FIELD_TYPE, field);
        json_int_t magnitude = json_integer_value(number) * (field->minimum < 0 && json_integer_value(number) < 0 ? -1 : 1);
        if (magnitude < 1 || magnitude > INT32_MAX)
            return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    }
    value->owned = json_dumps(array, JSON_COMPACT);
    if (value->owned == NULL)
        return refuse(problem, API_ERR_MEMORY, field->name);
    value->text = span_of_text(value->owned);
    if (field->size > 0 && value->text.size >= field->size)
        return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    return 0;
}

/* "1,2" as of a query. */
static int numbers_take(const struct field *field, struct span text, struct field_value *value,
    struct field_problem *problem)
{
    json_t *array = json_array();
    int result = array == NULL ? refuse(problem, API_ERR_MEMORY, field->name) : 0;

    while (result == 0 && text.size > 0) {
        ptrdiff_t comma = span_find_byte(text, ',');
        struct span word = { text.bytes, comma < 0 ? text.size : (size_t)comma };
        int64_t number = 0;

        if (decimal_parse(word, 0, &number) != 0 || json_array_size(array) == (size_t)field->maximum)
            result = refuse_value(problem, API_ERR_FIELD_TYPE, field);
        else if (json_array_append_new(array, json_integer(number)) != 0)
            result = refuse(problem, API_ERR_MEMORY, field->name);
        size_t used = comma < 0 ? text.size : word.size + 1;
        text.bytes += used;
        text.size -= used;
    }
    if (result == 0)
        result = numbers_own(field, array, value, problem);
    json_decref(array);
    return result;
}

/* A value that came as text: all of a query, the text types of JSON. */
static int text_value_take(const struct field *field, struct span text, struct field_value *value,
    struct field_problem *problem)
{
    int64_t number = 0;

    switch (field->type) {
    case FIELD_INTEGER:
        if (decimal_parse(text, 0, &number) != 0)
            return refuse_value(problem, API_ERR_FIELD_TYPE, field);
        return integer_take(field, number, value, problem);
    case FIELD_BOOLEAN:
        value->integer = span_equal_text(text, "true") || span_equal_text(text, "1");
        if (value->integer == 0 && !span_equal_text(text, "false") && !span_equal_text(text, "0"))
            return refuse_value(problem, API_ERR_FIELD_TYPE, field);
        return 0;
    case FIELD_DAY:
        return day_take(field, text, value, problem);
    case FIELD_CHOICE:
        return choice_take(field, text, value, problem);
    case FIELD_DIGITS:
        return digits_take(field, text, value, problem);
    case FIELD_TEXT:
    case FIELD_SECRET:
    case FIELD_SCALAR:
        return text_take(field, text, value, problem);
    case FIELD_NUMBERS:
        return numbers_take(field, text, value, problem);
    case FIELD_DOCUMENT:
        break;
    }
    return refuse_value(problem, API_ERR_FIELD_TYPE, field);
}

static const struct field *field_find(const struct field *fields, size_t count, struct span name, size_t *index)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal_text(name, fields[i].name)) {
            *index = i;
            return &fields[i];
        }
    return NULL;
}

static int refuse_unknown(struct field_problem *problem, int error, struct span name)
{
    char text[QUOTED_LIMIT + 1];
    size_t size = text_utf8_check(name) < 0 ? 0 : text_utf8_cut(name, QUOTED_LIMIT);

    memcpy(text, name.bytes, size);
    text[size] = 0;
    return refuse(problem, error, text);
}

static int missing_check(const struct field *fields, size_t count, const struct field_value *values,
    struct field_problem *problem)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].required && !values[i].given)
            return refuse(problem, API_ERR_FIELD_MISSING, fields[i].name);
    return 0;
}

int fields_read_query(const struct field *fields, size_t count, const struct request_target *target,
    struct field_value *values, struct field_problem *problem)
{
    memset(values, 0, count * sizeof *values);
    for (size_t i = 0; i < target->pair_count; i++) {
        const struct request_pair *pair = &target->pairs[i];
        size_t index = 0;
        const struct field *field = field_find(fields, count, pair->name, &index);
        if (field == NULL)
            return refuse_unknown(problem, API_ERR_FIELD_UNKNOWN, pair->name);
        if (values[index].given)
            return refuse(problem, API_ERR_FIELD_TWICE, field->name);
        if (pair->value.size == 0 && !field->required)
            continue;
        int result = text_value_take(field, pair->value, &values[index], problem);
        if (result != 0)
            return result;
        values[index].given = true;
    }
    return missing_check(fields, count, values, problem);
}

static int number_as_text(const struct field *field, const json_t *json, struct field_value *value,
    struct field_problem *problem)
{
    char *text = malloc(24);

    if (text == NULL)
        return refuse(problem, API_ERR_MEMORY, field->name);
    (void)snprintf(text, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    value->owned = text;
    return text_value_take(field, span_of_text(text), value, problem);
}

static int document_take(const struct field *field, const json_t *json, struct field_value *value,
    struct field_problem *problem)
{
    if (!json_is_object(json))
        return refuse_value(problem, API_ERR_FIELD_TYPE, field);
    /* 15 digits: what a person typed as 2.1 leaves as 2.1, not as its nearest binary fraction. */
    value->owned = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15));
    if (value->owned == NULL)
        return refuse(problem, API_ERR_MEMORY, field->name);
    value->text = span_of_text(value->owned);
    if ((int64_t)value->text.size > field->maximum)
        return refuse_value(problem, API_ERR_FIELD_RANGE, field);
    return 0;
}

static int json_take(const struct field *field, const json_t *json, struct field_value *value,
    struct field_problem *problem)
{
    if (field->type == FIELD_DOCUMENT)
        return document_take(field, json, value, problem);
    if (field->type == FIELD_NUMBERS)
        return json_is_array(json) ? numbers_own(field, json, value, problem)
                                   : refuse_value(problem, API_ERR_FIELD_TYPE, field);
    if (field->type == FIELD_INTEGER) {
        if (!json_is_integer(json))
            return refuse_value(problem, API_ERR_FIELD_TYPE, field);
        return integer_take(field, json_integer_value(json), value, problem);
    }
    if (field->type == FIELD_BOOLEAN) {
        if (!json_is_boolean(json))
            return refuse_value(problem, API_ERR_FIELD_TYPE, field);
        value->integer = json_is_true(json);
        return 0;
    }
    if (json_is_integer(json) && (field->type == FIELD_DIGITS || field->type == FIELD_SCALAR))
        return number_as_text(field, json, value, problem);
    if (!json_is_string(json))
        return refuse_value(problem, API_ERR_FIELD_TYPE, field);
    return text_value_take(field, span_of_bytes(json_string_value(json), json_string_length(json)), value, problem);
}

static int members_read(const struct field *fields, size_t count, const json_t *body, bool lenient,
    struct field_value *values, struct field_problem *problem)
{
    json_t *object = (json_t *)(uintptr_t)body; /* jansson's iterators know no const */

    memset(values, 0, count * sizeof *values);
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *json = json_object_iter_value(at);
        size_t index = 0;
        const struct field *field = field_find(fields, count, span_of_text(name), &index);
        if (field == NULL && lenient)
            continue;
        if (field == NULL)
            return refuse_unknown(problem, API_ERR_FIELD_UNKNOWN, span_of_text(name));
        if (json_is_null(json) && !field->required)
            continue;
        int result = json_take(field, json, &values[index], problem);
        if (result != 0)
            return result;
        values[index].given = true;
    }
    return 0;
}

int fields_read_json(const struct field *fields, size_t count, const json_t *body, bool partial,
    struct field_value *values, struct field_problem *problem)
{
    int result = members_read(fields, count, body, false, values, problem);
    return result != 0 || partial ? result : missing_check(fields, count, values, problem);
}

int fields_read_json_leniently(const struct field *fields, size_t count, const json_t *body, struct field_value *values,
    struct field_problem *problem)
{
    int result = members_read(fields, count, body, true, values, problem);
    return result != 0 ? result : missing_check(fields, count, values, problem);
}

int field_body_parse(struct span bytes, json_t **out, struct field_problem *problem)
{
    json_error_t error;
    json_t *body = json_loadb((const char *)bytes.bytes, bytes.size, JSON_REJECT_DUPLICATES, &error);

    if (body == NULL) {
        (void)refuse(problem, API_ERR_BODY_JSON, "");
        (void)snprintf(problem->text_en, sizeof problem->text_en, "The body is not valid JSON (line %d, column %d)",
            error.line, error.column);
        (void)snprintf(problem->text_zh, sizeof problem->text_zh, "请求内容不是有效的 JSON(第 %d 行第 %d 列)", error.line,
            error.column);
        return API_ERR_BODY_JSON;
    }
    if (!json_is_object(body)) {
        json_decref(body);
        return refuse(problem, API_ERR_BODY_OBJECT, "");
    }
    *out = body;
    return 0;
}

static void value_copy(const struct field *field, const struct field_value *value, uint8_t *member)
{
    int32_t narrow = (int32_t)value->integer;
    bool flag = value->integer != 0;

    if (field->type == FIELD_BOOLEAN) {
        memcpy(member, &flag, sizeof flag);
    } else if (field->type == FIELD_INTEGER || field->type == FIELD_DAY
        || (field->type == FIELD_DIGITS && field->size == sizeof(int64_t))) {
        if (field->size == sizeof narrow)
            memcpy(member, &narrow, sizeof narrow);
        else
            memcpy(member, &value->integer, sizeof value->integer);
    } else {
        (void)text_copy(value->text, (char *)member, field->size);
    }
}

void fields_copy(const struct field *fields, size_t count, const struct field_value *values, void *request,
    uint64_t *present)
{
    for (size_t i = 0; i < count; i++) {
        if (!values[i].given)
            continue;
        *present |= fields[i].present;
        if (fields[i].offset != 0)
            value_copy(&fields[i], &values[i], (uint8_t *)request + fields[i].offset);
    }
}

void field_values_free(struct field_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(values[i].owned);
        values[i].owned = NULL;
    }
}
