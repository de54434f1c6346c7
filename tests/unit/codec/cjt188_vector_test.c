/* Every frame of the vectors, explained as people and programs get it, compared field by field with its meaning. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "codec/cjt188/cjt188_frame.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"
#include "tests/unit/codec/vector_json.h"

#define VECTORS "cjt188/cjt188.json"
#define FIELD_VECTORS "cjt188/field.json"
#define JSON_LIMIT 65536

/* The first row of that key, at any depth; NULL when there is none. */
static const json_t *row_find(const json_t *rows, const char *key)
{
    size_t index;
    json_t *row;

    json_array_foreach(rows, index, row)
    {
        const char *own = vector_json_text(row, "key");
        if (own != NULL && strcmp(own, key) == 0)
            return row;
        const json_t *inner = row_find(json_object_get(row, "children"), key);
        if (inner != NULL)
            return inner;
    }
    return NULL;
}

static const char *row_text(const json_t *explained, const char *key, const char *member)
{
    return vector_json_text(row_find(json_object_get(explained, "fields"), key), member);
}

/* "m³" as the vectors write it. */
static void unit_spell(const char *value, char *out, size_t size)
{
    const char *unit = strchr(value, ' ');
    const char *cubic = unit != NULL ? strstr(unit, "m³") : NULL;

    if (cubic != NULL)
        (void)snprintf(out, size, "m3%s", cubic + strlen("m³"));
    else
        (void)snprintf(out, size, "%s", unit != NULL ? unit + 1 : "");
}

/* Which row says what a key of the meanings says, and how to compare. */
enum comparison { SAME_VALUE, SAME_MEANING, SAME_NUMBER, SAME_UNIT, SAME_TIME, SAME_TRUTH, SAME_FLAG, STARTS_VALUE };

static const struct comparison_row {
    const char *key;
    const char *row;
    enum comparison how;
} comparisons[] = {
    { "preamble_FE", "preamble_fe", SAME_NUMBER },
    { "meter_type", "meter_type", SAME_VALUE },
    { "meter_type_name", "meter_type_name", SAME_VALUE },
    { "address", "address", SAME_VALUE },
    { "control", "control", SAME_VALUE },
    { "function", "function", SAME_VALUE },
    { "length", "length", SAME_NUMBER },
    { "abnormal", "abnormal", SAME_TRUTH },
    { "di", "di", SAME_VALUE },
    { "di_on_wire", "di_on_wire", SAME_VALUE },
    { "di_name", "di_name", SAME_VALUE },
    { "ser", "ser", SAME_NUMBER },
    { "semantic_error", "semantic_error", SAME_VALUE },
    { "valve_command", "valve_command", SAME_VALUE },
    { "valve_command_name", "valve_command_name", STARTS_VALUE },
    { "new_address", "new_address", SAME_VALUE },
    { "price_1", "price_1", SAME_NUMBER },
    { "volume_1", "volume_1", SAME_NUMBER },
    { "price_2", "price_2", SAME_NUMBER },
    { "volume_2", "volume_2", SAME_NUMBER },
    { "price_3", "price_3", SAME_NUMBER },
    { "day", "day", SAME_NUMBER },
    { "key_version", "key_version", SAME_NUMBER },
    { "current_cumulative", "current_cumulative", SAME_NUMBER },
    { "current_cumulative_unit", "current_cumulative", SAME_UNIT },
    { "settlement_day_cumulative", "settlement_day_cumulative", SAME_NUMBER },
    { "settlement_day_cumulative_unit", "settlement_day_cumulative", SAME_UNIT },
    { "energy_field_1", "energy_field_1", SAME_NUMBER },
    { "energy_field_1_unit", "energy_field_1", SAME_UNIT },
    { "current_heat_energy", "current_heat_energy", SAME_NUMBER },
    { "current_heat_energy_unit", "current_heat_energy", SAME_UNIT },
    { "thermal_power", "thermal_power", SAME_NUMBER },
    { "thermal_power_unit", "thermal_power", SAME_UNIT },
    { "flow_rate", "flow_rate", SAME_NUMBER },
    { "flow_rate_unit", "flow_rate", SAME_UNIT },
    { "cumulative_volume", "cumulative_volume", SAME_NUMBER },
    { "cumulative_volume_unit", "cumulative_volume", SAME_UNIT },
    { "supply_temperature_degC", "supply_temperature", SAME_NUMBER },
    { "return_temperature_degC", "return_temperature", SAME_NUMBER },
    { "working_hours", "working_hours", SAME_NUMBER },
    { "meter_time", "meter_time", SAME_TIME },
    { "time_hex", "time_hex", SAME_VALUE },
    { "status_hex", "status_hex", SAME_VALUE },
    { "valve_by_ST1_bits_1_0", "valve", SAME_MEANING },
    { "battery_low_by_ST1_bit_2", "battery_low", SAME_FLAG },
    { "data_hex", "data_hex", SAME_VALUE },
};

/* A number without a value has no digits; a preamble of no bytes has no row. */
static void number_check(const json_t *expected, const char *value)
{
    char *end;

    if (json_is_null(expected)) {
        assert_string_equal(value, "");
        return;
    }
    if (value == NULL) {
        assert_true(json_number_value(expected) == 0);
        return;
    }
    double found = strtod(value, &end);
    assert_true(end > value && (*end == '\0' || *end == ' '));
    assert_true(found - json_number_value(expected) < 1e-6 && json_number_value(expected) - found < 1e-6);
}

/* The unit of a missing value is in the item only. */
static void unit_check(const json_t *expected, const char *value)
{
    char unit[16];

    if (value[0] == '\0')
        return;
    unit_spell(value, unit, sizeof unit);
    assert_string_equal(unit, json_string_value(expected));
}

static void time_check(const json_t *expected, const char *value)
{
    char time[32];

    (void)snprintf(time, sizeof time, "%s", json_is_null(expected) ? "" : json_string_value(expected));
    char *blank = strchr(time, ' ');
    if (blank != NULL)
        *blank = 'T';
    assert_string_equal(value, time);
}

static void member_check(const json_t *explained, const struct comparison_row *row, const json_t *expected)
{
    const char *value = row_text(explained, row->row, "value");

    if (row->how != SAME_NUMBER)
        assert_non_null(value);
    switch (row->how) {
    case SAME_VALUE:
        assert_string_equal(value, json_string_value(expected));
        break;
    case SAME_MEANING:
        assert_string_equal(row_text(explained, row->row, "meaning"), json_string_value(expected));
        break;
    case SAME_NUMBER:
        number_check(expected, value);
        break;
    case SAME_UNIT:
        unit_check(expected, value);
        break;
    case SAME_TIME:
        time_check(expected, value);
        break;
    case SAME_TRUTH:
        assert_string_equal(value, json_is_true(expected) ? "true" : "false");
        break;
    case SAME_FLAG:
        assert_string_equal(value, json_is_true(expected) ? "1" : "0");
        break;
    case STARTS_VALUE:
        assert_int_equal(strncmp(value, json_string_value(expected), strlen(json_string_value(expected))), 0);
        break;
    }
}

static const struct comparison_row *comparison_find(const char *key)
{
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++)
        if (strcmp(comparisons[i].key, key) == 0)
            return &comparisons[i];
    return NULL;
}

static void meaning_check(const json_t *explained, const json_t *meaning)
{
    const char *key;
    json_t *expected;

    json_object_foreach((json_t *)(uintptr_t)meaning, key, expected)
    {
        const struct comparison_row *row = comparison_find(key);
        if (row != NULL)
            member_check(explained, row, expected);
        else
            assert_true(strcmp(key, "protocol") == 0 || strcmp(key, "frame_valid") == 0);
    }
}

/* "checksum is 24, should be 25" and "length L=144 but 20 data bytes". */
static void defect_check(const json_t *explained, const char *defect)
{
    unsigned found, right, length;
    char expected[32];
    const char *error = vector_json_text(explained, "error");

    if (sscanf(defect, "checksum is %x, should be %x", &found, &right) == 2) {
        assert_string_equal(error, codec_error_text(CODEC_ERR_CHECKSUM));
        (void)snprintf(expected, sizeof expected, "%02XH", found);
        assert_string_equal(row_text(explained, "check_sum", "value"), expected);
        (void)snprintf(expected, sizeof expected, "should be %02XH", right);
        assert_string_equal(row_text(explained, "check_sum", "meaning"), expected);
        return;
    }
    assert_int_equal(sscanf(defect, "length L=%u", &length), 1);
    assert_string_equal(error, codec_error_text(CODEC_ERR_SHORT));
    (void)snprintf(expected, sizeof expected, "%u", length);
    assert_string_equal(row_text(explained, "length", "value"), expected);
}

static json_t *explain(struct span frame)
{
    static char buffer[JSON_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    (void)explain_json_write(NULL, EXPLAIN_ENGLISH, frame, NULL, &out); /* its result is in the text too */
    json_t *explained = json_loads(writer_terminate(&out), 0, NULL);
    assert_non_null(explained);
    return explained;
}

static void vector_check(const struct vector_json *vector, void *context)
{
    bool is_valid = json_is_true(json_object_get(vector->meaning, "frame_valid"));
    json_t *explained = explain(vector->frame);

    ++*(size_t *)context;
    assert_string_equal(vector_json_text(explained, "protocol"), "cjt188");
    assert_int_equal(json_is_true(json_object_get(explained, "valid")), is_valid);
    if (is_valid)
        meaning_check(explained, vector->meaning);
    else
        defect_check(explained, vector_json_text(vector->meaning, "defect"));
    json_decref(explained);
}

static void vectors_mean_what_they_say(void **state)
{
    size_t count = 0;

    (void)state;
    vector_json_each(VECTORS, vector_check, &count);
    assert_int_equal(count, 42);
    vector_json_each(FIELD_VECTORS, vector_check, &count);
    assert_int_equal(count, 52);
}

/* Rows side by side leave no byte out and share none. */
static size_t rows_cover(const json_t *rows)
{
    size_t index, next = 0;
    json_t *row;

    json_array_foreach(rows, index, row)
    {
        size_t offset = (size_t)vector_json_integer(row, "offset", 0);
        size_t size = (size_t)vector_json_integer(row, "size", 0);
        if (strcmp(vector_json_text(row, "key"), "data_hex") == 0 && index + 1 < json_array_size(rows) &&
            vector_json_integer(json_array_get(rows, index + 1), "offset", 0) == (long long)offset)
            continue; /* makers' payloads are shown whole and then in parts */
        if (size == 0)
            continue;
        assert_int_equal(offset, next);
        next = offset + size;
    }
    return next;
}

static void vector_cover(const struct vector_json *vector, void *context)
{
    json_t *explained = explain(vector->frame);

    (void)context;
    if (json_is_true(json_object_get(explained, "valid")))
        assert_int_equal(rows_cover(json_object_get(explained, "fields")), vector->frame.size);
    json_decref(explained);
}

static void every_byte_is_in_a_row(void **state)
{
    (void)state;
    vector_json_each(VECTORS, vector_cover, NULL);
    vector_json_each(FIELD_VECTORS, vector_cover, NULL);
}

/* The rest of a cut reading is as long as other makers' shorter readings; it must not be read as one. */
static void cut_check(const struct vector_json *vector, void *context)
{
    size_t data_start, *checked = context;
    struct cjt188_frame frame;

    if (cjt188_frame_decode(vector->frame, &frame, NULL) != 0)
        return;
    data_start = (size_t)(frame.data.bytes - vector->frame.bytes);
    for (size_t size = data_start; size < data_start + frame.data.size; size++) {
        json_t *explained = explain(span_of_bytes(vector->frame.bytes, size));
        assert_int_equal(json_array_size(json_object_get(explained, "items")), 0);
        assert_true(json_is_false(json_object_get(explained, "valid")));
        json_decref(explained);
        ++*checked;
    }
}

static void a_cut_frame_invents_no_value(void **state)
{
    (void)state;
    size_t checked = 0;

    vector_json_each(VECTORS, cut_check, &checked);
    assert_true(checked > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_frame_invents_no_value),
        cmocka_unit_test(vectors_mean_what_they_say),
        cmocka_unit_test(every_byte_is_in_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
