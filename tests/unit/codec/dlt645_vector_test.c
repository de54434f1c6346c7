/* Every frame of tests/vectors/dlt645 against its meaning, field by field, as a program reads it from the JSON form. */
#include "tests/unit/unit_test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/dlt645/dlt645_frame.h"
#include "codec/dlt645/dlt645_items.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"
#include "tests/unit/codec/vector_json.h"

#define JSON_LIMIT 65536
#define VECTOR_COUNT 72
#define FIELD_VECTOR_COUNT 34

/* Members of a meaning that are one value: where it is found. */
static const struct value_row {
    const char *name;
    const char *key;  /* of the row in "fields" */
    const char *unit; /* "" for none */
} value_rows[] = {
    { "active_energy_di_9000", "active_energy_di_9000", "kWh" },
    { "forward_active_energy_total", "forward_active_energy_total", "kWh" },
    { "forward_active_energy_total_kWh", "forward_active_energy_total", "kWh" },
    { "forward_active_energy_tariff_1_kWh", "forward_active_energy_tariff_1", "kWh" },
    { "forward_active_energy_tariff_2_kWh", "forward_active_energy_tariff_2", "kWh" },
    { "forward_active_energy_tariff_3_kWh", "forward_active_energy_tariff_3", "kWh" },
    { "forward_active_energy_tariff_4_kWh", "forward_active_energy_tariff_4", "kWh" },
    { "forward_reactive_energy_total", "forward_reactive_energy_total", "kvarh" },
    { "phase_C_quadrant_4_reactive_energy", "phase_c_quadrant_4_reactive_energy", "kvarh" },
    { "voltage_A", "voltage_a", "V" },
    { "voltage_B", "voltage_b", "V" },
    { "voltage_A_V", "voltage_a", "V" },
    { "voltage_B_V", "voltage_b", "V" },
    { "voltage_C_V", "voltage_c", "V" },
    { "current_A", "current_a", "A" },
    { "current_A_A", "current_a", "A" },
    { "current_B_A", "current_b", "A" },
    { "current_C_A", "current_c", "A" },
    { "power_factor_total", "power_factor_total", "" },
    { "frequency", "frequency", "Hz" },
    { "trip_count", "trip_count", "" },
    { "reverse_active_energy_total", "reverse_active_energy_total", "kWh" },
    { "combined_active_energy_total", "combined_active_energy_total", "kWh" },
    { "combined_reactive_energy_1_total", "combined_reactive_energy_1_total", "kvarh" },
    { "combined_reactive_energy_2_total", "combined_reactive_energy_2_total", "kvarh" },
    { "active_power_total", "active_power_total", "kW" },
    { "reactive_power_total", "reactive_power_total", "kvar" },
    { "apparent_power_total", "apparent_power_total", "kVA" },
    { "voltage_C", "voltage_c", "V" },
    { "remaining_money", "remaining_money", "yuan" },
    { "cover_opening_count", "cover_opening_count", "" },
};

/* The first row of that key, at any depth. */
static const json_t *row_of(const json_t *fields, const char *key)
{
    size_t index;
    const json_t *row;

    json_array_foreach(fields, index, row)
    {
        const char *found = vector_json_text(row, "key");
        if (found != NULL && strcmp(found, key) == 0)
            return row;
        const json_t *below = row_of(json_object_get(row, "children"), key);
        if (below != NULL)
            return below;
    }
    return NULL;
}

static const char *value_of(const json_t *story, const char *key)
{
    const json_t *row = row_of(json_object_get(story, "fields"), key);
    return row == NULL ? NULL : vector_json_text(row, "value");
}

/* The item that stands at the place of that row. */
static const json_t *item_of(const json_t *story, const char *key)
{
    const json_t *row = row_of(json_object_get(story, "fields"), key), *item;
    size_t index;

    json_array_foreach(json_object_get(story, "items"), index, item)
    {
        const char *shown = vector_json_text(item, "value");
        const char *unit = vector_json_text(item, "unit");
        char text[128];
        snprintf(text, sizeof text, "%s%s%s", shown == NULL ? "" : shown, shown == NULL || unit[0] == '\0' ? "" : " ",
                 shown == NULL ? "" : unit);
        if (strcmp(text, vector_json_text(row, "value")) == 0)
            return item;
    }
    return NULL;
}

static bool value_is(const json_t *story, const struct value_row *row, const json_t *expected, bool is_valid)
{
    const char *text = value_of(story, row->key);

    if (text == NULL)
        return false;
    if (json_is_null(expected))
        return text[0] == '\0';
    char *end;
    double number = strtod(text, &end);
    bool is_unit_right = strcmp(*end == ' ' ? end + 1 : end, row->unit) == 0;
    return end != text && fabs(number - json_number_value(expected)) < 1e-9 && is_unit_right &&
           (!is_valid || item_of(story, row->key) != NULL);
}

static bool text_is(const char *text, const json_t *expected)
{
    char number[32];

    if (text == NULL)
        return false;
    if (json_is_string(expected))
        return strcmp(text, json_string_value(expected)) == 0;
    if (json_is_boolean(expected))
        return strcmp(text, json_is_true(expected) ? "true" : "false") == 0;
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(expected));
    return strcmp(text, number) == 0;
}

/* All rows named error_bits, in order. */
static bool error_bits_are(const json_t *story, const json_t *expected)
{
    const json_t *bits = json_object_get(row_of(json_object_get(story, "fields"), "error_word"), "children");
    size_t index;
    const json_t *text;

    if (json_array_size(bits) != json_array_size(expected))
        return false;
    json_array_foreach(expected, index, text)
    {
        const json_t *row = json_array_get(bits, index);
        if (strcmp(vector_json_text(row, "key"), "error_bits") != 0 || !text_is(vector_json_text(row, "value"), text))
            return false;
    }
    return true;
}

/* Why the frame is damaged: the vectors only have wrong check sums, "checksum is 03, should be 61". */
static bool defect_is(const json_t *story, const json_t *expected, struct span frame)
{
    long long offset = vector_json_integer(story, "error_offset", -1);
    char text[64];

    if (offset != (long long)frame.size - 2)
        return false;
    snprintf(text, sizeof text, "checksum is %02X", frame.bytes[offset]);
    return strncmp(json_string_value(expected), text, strlen(text)) == 0 &&
           strcmp(vector_json_text(story, "error"), "check sum is wrong") == 0;
}

static const struct value_row *value_row_of(const char *name)
{
    for (size_t i = 0; i < sizeof value_rows / sizeof value_rows[0]; i++)
        if (strcmp(value_rows[i].name, name) == 0)
            return &value_rows[i];
    return NULL;
}

static bool member_is(const json_t *story, const char *name, const json_t *expected, struct span frame)
{
    bool is_valid = json_is_true(json_object_get(story, "valid"));
    const struct value_row *row = value_row_of(name);

    if (row != NULL)
        return value_is(story, row, expected, is_valid);
    if (strcmp(name, "frame_valid") == 0)
        return is_valid == json_is_true(expected);
    if (strcmp(name, "defect") == 0)
        return defect_is(story, expected, frame);
    if (strcmp(name, "preamble_FE") == 0)
        return text_is(value_of(story, "preamble_fe"), expected);
    if (strcmp(name, "error_bits") == 0)
        return error_bits_are(story, expected);
    if (strcmp(name, "unit") == 0 || strcmp(name, "note_error") == 0)
        return true; /* the unit is checked with its value; the note is for people */
    return text_is(value_of(story, name), expected);
}

static json_t *story_of(struct span frame)
{
    static char text[JSON_LIMIT];
    struct writer out = writer_of_buffer(text, sizeof text);
    json_error_t error;

    (void)explain_json_write(explain_protocol_find("dlt645"), EXPLAIN_ENGLISH, frame, NULL, &out);
    json_t *story = json_loads(writer_terminate(&out), 0, &error);
    assert_non_null(story);
    return story;
}

static void meaning_check(const struct vector_json *vector, void *context)
{
    unsigned *count = context;
    json_t *story = story_of(vector->frame);
    const json_t *direction = json_object_get(vector->entry, "direction");
    void *iterator = json_object_iter((json_t *)vector->meaning);

    if (!text_is(value_of(story, "direction"), direction))
        fail_msg("vector %zu: direction", vector->index);
    for (; iterator != NULL; iterator = json_object_iter_next((json_t *)vector->meaning, iterator))
        if (!member_is(story, json_object_iter_key(iterator), json_object_iter_value(iterator), vector->frame))
            fail_msg("vector %zu: %s", vector->index, json_object_iter_key(iterator));
    if (!json_is_true(json_object_get(story, "valid")))
        assert_int_equal(json_array_size(json_object_get(story, "items")), 0);
    json_decref(story);
    (*count)++;
}

static void every_meaning_is_told(void **state)
{
    (void)state;
    unsigned count = 0;
    vector_json_each("dlt645/dlt645.json", meaning_check, &count);
    assert_int_equal(count, VECTOR_COUNT);
    vector_json_each("dlt645/field.json", meaning_check, &count);
    assert_int_equal(count, VECTOR_COUNT + FIELD_VECTOR_COUNT);
}

/* Every byte lies in some row. */
static void coverage_check(const struct vector_json *vector, void *context)
{
    bool is_told[VECTOR_FRAME_LIMIT] = { false };
    json_t *story = story_of(vector->frame), *row;
    size_t index;

    (void)context;
    json_array_foreach(json_object_get(story, "fields"), index, row)
    {
        size_t offset = (size_t)vector_json_integer(row, "offset", 0);
        size_t size = (size_t)vector_json_integer(row, "size", 0);
        for (size_t i = 0; i < size; i++)
            is_told[offset + i] = true;
    }
    for (size_t i = 0; i < vector->frame.size; i++)
        if (!is_told[i])
            fail_msg("vector %zu: byte %zu is in no row", vector->index, i);
    json_decref(story);
}

static void every_byte_is_told(void **state)
{
    (void)state;
    vector_json_each("dlt645/dlt645.json", coverage_check, NULL);
    vector_json_each("dlt645/field.json", coverage_check, NULL);
}

/* Exactly the bytes there are, so that a sanitizer sees every step outside. */
static int decode_copy(struct span bytes, struct dlt645_frame *frame, struct item_list *list)
{
    uint8_t *copy = malloc(bytes.size > 0 ? bytes.size : 1);
    size_t skip;

    assert_non_null(copy);
    if (bytes.size > 0)
        memcpy(copy, bytes.bytes, bytes.size);
    struct span exact = span_of_bytes(copy, bytes.size);
    int result = dlt645_frame_decode(exact, frame, NULL);
    (void)dlt645_frame_find(exact, &skip);
    if (result == 0) {
        list->count = 0;
        (void)dlt645_items_decode(frame, list);
        json_decref(story_of(exact));
    }
    free(copy);
    return result;
}

static void truncation_check(const struct vector_json *vector, void *context)
{
    struct item items[256];
    struct item_list list = item_list_of(items, 256);
    struct dlt645_frame frame;

    (void)context;
    for (size_t size = 0; size < vector->frame.size; size++)
        assert_true(decode_copy(span_of_bytes(vector->bytes, size), &frame, &list) < 0);
}

static void no_part_of_a_frame_is_a_frame(void **state)
{
    (void)state;
    vector_json_each("dlt645/dlt645.json", truncation_check, NULL);
}

/* A flipped bit breaks the sum, a start, the length or the end; only a flip in the wake-up bytes can be left out by
 * whoever searches a stream, and a wrong sum can be flipped right. */
static void flip_check(const struct vector_json *vector, void *context)
{
    uint8_t bytes[VECTOR_FRAME_LIMIT];
    struct item items[256];
    struct item_list list = item_list_of(items, 256);
    struct dlt645_frame frame, whole;
    bool is_valid = dlt645_frame_decode(vector->frame, &whole, NULL) == 0;

    (void)context;
    for (size_t bit = 0; bit < vector->frame.size * 8; bit++) {
        memcpy(bytes, vector->bytes, vector->frame.size);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        int result = decode_copy(span_of_bytes(bytes, vector->frame.size), &frame, &list);
        assert_true(result < 0 || !is_valid);
    }
}

static void no_flipped_bit_is_believed(void **state)
{
    (void)state;
    vector_json_each("dlt645/dlt645.json", flip_check, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_meaning_is_told),
        cmocka_unit_test(every_byte_is_told),
        cmocka_unit_test(no_part_of_a_frame_is_a_frame),
        cmocka_unit_test(no_flipped_bit_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
