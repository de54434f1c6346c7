#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"
#include "codec/wmbus/wmbus_security.h"
#include "security/cipher_openssl.h"
#include "tests/unit/codec/vector_json.h"

#define VECTORS "wmbus/wmbus.json"
#define FIELD_VECTORS "wmbus/field.json"
#define JSON_LIMIT (512 * 1024)
#define TEXT_LIMIT 2048

/* A vector, and what the program says about it. */
struct story {
    const struct vector_json *vector;
    const json_t *fields;
    const json_t *items;
    const char *address;
    size_t *counts;
};

enum count { COUNT_VECTORS, COUNT_DECRYPTED, COUNT_VALUES, COUNT_TIMES, COUNT_COMPACT, COUNT_KINDS };

static void fail_at(const struct story *story, const char *what, const char *got, const char *want)
{
    fail_msg("entry %zu, %s: got %s, want %s", story->vector->index, what, got == NULL ? "nothing" : got,
             want == NULL ? "nothing" : want);
}

static void same_text(const struct story *story, const char *what, const char *got, const char *want)
{
    if (got == NULL || want == NULL || strcmp(got, want) != 0)
        fail_at(story, what, got, want);
}

/* The value of the first row with that key; `parent` NULL looks at the rows side by side only. */
static const json_t *row_find(const json_t *rows, const char *key)
{
    size_t index;
    const json_t *row;
    json_array_foreach(rows, index, row)
    {
        const char *found = vector_json_text(row, "key");
        if (found != NULL && strcmp(found, key) == 0)
            return row;
    }
    return NULL;
}

static const char *row_value(const json_t *rows, const char *key)
{
    return vector_json_text(row_find(rows, key), "value");
}

static const json_t *children_of(const json_t *rows, const char *key)
{
    return json_object_get(row_find(rows, key), "children");
}

/* A member of the meaning as the text that a row shows: numbers in decimal, truth as a word. */
static const char *want_text(const json_t *value, char *text, size_t size)
{
    if (json_is_integer(value))
        (void)snprintf(text, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        (void)snprintf(text, size, "%s", json_is_true(value) ? "true" : "false");
    else
        return json_string_value(value);
    return text;
}

static void member_check(const struct story *story, const json_t *rows, const json_t *object, const char *key)
{
    char text[32];
    const json_t *value = json_object_get(object, key);
    if (value != NULL)
        same_text(story, key, row_value(rows, key), want_text(value, text, sizeof text));
}

/* Every member of a layer's object is a row below the layer's row. */
static void layer_check(const struct story *story, const char *name)
{
    const json_t *layer = json_object_get(story->vector->meaning, name);
    const json_t *rows = children_of(story->fields, name);
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)layer, key, value)
    {
        member_check(story, rows, layer, key);
    }
}

static void layers_check(const struct story *story)
{
    char text[TEXT_LIMIT] = "";
    size_t index;
    const json_t *name;
    const json_t *layers = json_object_get(story->vector->meaning, "layers");

    json_array_foreach(layers, index, name)
    {
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", index > 0 ? ", " : "",
                       json_string_value(name));
    }
    same_text(story, "layers", row_value(story->fields, "layers"), text);
    member_check(story, children_of(story->fields, "tpl"), story->vector->meaning, "ci");
    layer_check(story, "ell");
    layer_check(story, "afl");
    layer_check(story, "tpl");
    member_check(story, children_of(story->fields, "afl"), story->vector->meaning, "mac_ok");
}

/* The meter is the one of the long header; the link layer may be that of a radio module. */
static void address_check(const struct story *story)
{
    const char *inner = vector_json_text(json_object_get(story->vector->meaning, "tpl"), "id");
    same_text(story, "address", story->address, inner != NULL ? inner : vector_json_text(story->vector->meaning, "id"));
}

static void decrypted_check(const struct story *story)
{
    const char *want = vector_json_text(story->vector->meaning, "decrypted_payload");
    char got[TEXT_LIMIT] = "";
    size_t index;
    const json_t *row;

    if (want == NULL)
        return;
    json_array_foreach(story->fields, index, row)
    {
        if (strcmp(vector_json_text(row, "key"), "decrypted_payload") == 0)
            (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s", vector_json_text(row, "value"));
    }
    same_text(story, "decrypted_payload", got, want);
    story->counts[COUNT_DECRYPTED]++;
}

/* What the vectors call a quantity, where it is another word than the program's. */
static const char *const quantity_names[][2] = {
    { "flow_temperature", "temperature_flow" },
    { "return_temperature", "temperature_return" },
    { "external_temperature", "temperature_external" },
    { "hca_units", "heat_cost_units" },
    { "relative_humidity", "humidity" },
    { "datetime", "date_time" },
    { "model_version", "model" },
    { "parameter_activation_state", "parameter_activation" },
    { "parameter_set_id", "parameter_set" },
    { "manufacturer_specific_vif", "manufacturer_value" },
    { "CO2", "other" }, /* a unit in words */
    { "#UI", "other" },
    { "#AL", "other" },
};

/* Vectors name no unit for some VIF that the standard defines. */
static bool is_unnamed(const char *quantity)
{
    return strncmp(quantity, "unknown_vif_", strlen("unknown_vif_")) == 0;
}

static void quantity_check(const struct story *story, const json_t *item, const json_t *record)
{
    const char *want = vector_json_text(record, "quantity");
    const char *got = vector_json_text(item, "quantity");

    if (is_unnamed(want))
        return;
    for (size_t i = 0; i < sizeof quantity_names / sizeof quantity_names[0]; i++)
        if (strcmp(want, quantity_names[i][0]) == 0)
            want = quantity_names[i][1];
    if (strcmp(got, "volume_reverse") == 0) /* said by VIFE 3C, which the vectors show beside the quantity */
        same_text(story, "vife", vector_json_text(record, "vife"), "3C");
    else
        same_text(story, "quantity", got, want);
}

static void place_check(const struct story *story, const json_t *item, const json_t *record)
{
    static const char *const functions[][2] = {
        { "inst", "instantaneous" }, { "max", "maximum" }, { "min", "minimum" }, { "error", "error_state" }
    };
    static const char *const places[] = { "storage", "tariff", "subunit" };
    const char *function = vector_json_text(item, "function");
    const char *want = vector_json_text(record, "function");

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (vector_json_integer(item, places[i], 0) != vector_json_integer(record, places[i], -1))
            fail_at(story, places[i], "another", vector_json_text(record, "raw"));
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(want, functions[i][0]) == 0)
            same_text(story, "function", function == NULL ? "instantaneous" : function, functions[i][1]);
}

/* "22-01-31" of the vectors is "2022-01-31"; what they mark as no date has no value here, what as doubtful a quality.
 */
static void time_check(const struct story *story, const json_t *item, const json_t *record, const char *want)
{
    char text[64];

    (void)snprintf(text, sizeof text, "20%s", want);
    if (json_is_true(json_object_get(record, "date_invalid"))) {
        assert_true(json_is_null(json_object_get(item, "value")));
        return;
    }
    if (json_is_true(json_object_get(record, "time_invalid"))) {
        assert_string_not_equal(vector_json_text(item, "quality"), "good");
        return;
    }
    if (strncmp(want, "127-", 4) == 0) /* every year */
        return;
    same_text(story, "time", vector_json_text(item, "value"), text);
    story->counts[COUNT_TIMES]++;
}

/* Exact for integers; what the vectors have as a fraction went through floating point there. */
static void number_check(const struct story *story, const json_t *item, const json_t *record)
{
    const json_t *want = json_object_get(record, "value");
    const char *got = vector_json_text(item, "value");

    if (got == NULL)
        fail_at(story, "value", "null", vector_json_text(record, "raw"));
    if (json_is_integer(want)) {
        long long value = strtoll(got, NULL, strncmp(got, "0x", 2) == 0 ? 16 : 10);
        if (value != json_integer_value(want))
            fail_at(story, "value", got, vector_json_text(record, "raw"));
    } else {
        double value = strtod(got, NULL);
        double difference = value - json_real_value(want);
        double limit = 1e-12 * (value < 0 ? -value : value);
        if (difference > limit || -difference > limit)
            fail_at(story, "value", got, vector_json_text(record, "raw"));
    }
    story->counts[COUNT_VALUES]++;
}

/* The scaled number is the raw integer with its point moved: so no digit was lost or made up. */
static void digits_check(const struct story *story, const json_t *item, const json_t *record)
{
    const char *got = vector_json_text(item, "value");
    long long raw = vector_json_integer(record, "int", 0);
    long long value = 0;

    if (got == NULL || strchr(got, '.') == NULL)
        return;
    for (const char *p = got; *p != '\0'; p++)
        if (*p >= '0' && *p <= '9')
            value = 10 * value + (*p - '0');
    if (value != (raw < 0 ? -raw : raw))
        fail_at(story, "digits", got, vector_json_text(record, "raw"));
}

static void value_check(const struct story *story, const json_t *item, const json_t *record)
{
    const char *date = vector_json_text(record, "date");
    const char *time = vector_json_text(record, "datetime");
    const char *quantity = vector_json_text(record, "quantity");
    const json_t *value = json_object_get(record, "value");

    if (date != NULL || time != NULL)
        time_check(story, item, record, date != NULL ? date : time);
    else if (json_is_number(value) && !is_unnamed(quantity)) {
        number_check(story, item, record);
        digits_check(story, item, record);
    } else if (json_is_null(value))
        assert_true(json_is_null(json_object_get(item, "value")));
}

static void record_check(const struct story *story, const json_t *item, const json_t *row, const json_t *record)
{
    const char *manufacturer = vector_json_text(record, "manufacturer_specific");
    const char *raw = vector_json_text(row, "value");

    if (manufacturer != NULL) {
        same_text(story, "quantity", vector_json_text(item, "quantity"), "manufacturer_data");
        same_text(story, "manufacturer_specific", vector_json_text(item, "value"), manufacturer);
        return;
    }
    same_text(story, "raw", raw, vector_json_text(record, "raw"));
    quantity_check(story, item, record);
    place_check(story, item, record);
    value_check(story, item, record);
}

static bool are_records_readable(const struct vector_json *vector)
{
    return strstr(vector->note, "record area not standard-decodable") == NULL;
}

/* What cannot be read is shown to the end, in one piece. */
static void broken_check(const struct story *story)
{
    const json_t *rows = children_of(story->fields, "records");
    const json_t *row = row_find(rows, "broken_record");

    assert_non_null(row_find(rows, "record_error"));
    assert_non_null(row);
    assert_true(vector_json_integer(row, "size", 0) > 0);
    assert_int_equal(vector_json_integer(row, "offset", 0) + vector_json_integer(row, "size", 0),
                     story->vector->frame.size);
}

/* The row of record number `number`; fillers have rows of their own. */
static const json_t *record_row(const json_t *rows, size_t number)
{
    size_t index;
    const json_t *row;

    json_array_foreach(rows, index, row)
    {
        if (strcmp(vector_json_text(row, "key"), "record") == 0 && number-- == 0)
            return row;
    }
    return NULL;
}

static void records_check(const struct story *story)
{
    const json_t *records = json_object_get(story->vector->meaning, "records");
    const json_t *rows = children_of(story->fields, "records");
    size_t index;
    const json_t *record;

    if (records == NULL) {
        bool is_compact = row_find(story->fields, "format_signature") != NULL;
        assert_true(json_array_size(story->items) == 0 || is_compact || !are_records_readable(story->vector));
        if (!are_records_readable(story->vector))
            broken_check(story);
        story->counts[COUNT_COMPACT] += is_compact && json_array_size(story->items) > 0;
        return;
    }
    assert_int_equal(json_array_size(story->items), json_array_size(records));
    json_array_foreach(records, index, record)
    {
        record_check(story, json_array_get(story->items, index), record_row(rows, index), record);
    }
}

static void telegram_check(const struct story *story)
{
    static const char *const heads[] = { "dll_crc", "l", "c", "manufacturer", "id", "version", "type", "medium" };
    static const char *const states[] = { "payload_already_decrypted", "decrypt_verified", "decrypt_iv" };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        member_check(story, story->fields, story->vector->meaning, heads[i]);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        member_check(story, story->fields, story->vector->meaning, states[i]);
    layers_check(story);
    address_check(story);
    decrypted_check(story);
    records_check(story);
}

static bool is_wrong_key(const struct vector_json *vector)
{
    return json_is_false(json_object_get(vector->meaning, "decrypt_verified"));
}

static int tell(const struct vector_json *vector, json_t **story)
{
    static uint8_t text[JSON_LIMIT];
    uint8_t key[CIPHER_BLOCK_SIZE];
    struct writer out = writer_of_buffer(text, sizeof text);
    const char *hex = vector_json_text(vector->entry, "key");
    struct explain_secret secret = { { key, sizeof key }, cipher_openssl() };

    if (hex != NULL)
        assert_int_equal(hex_decode(span_of_text(hex), key, sizeof key), sizeof key);
    int result = explain_json_write(explain_protocol_find("wmbus"), EXPLAIN_ENGLISH, vector->frame,
                                    hex == NULL ? NULL : &secret, &out);
    *story = json_loadb((const char *)out.bytes, out.size, JSON_ALLOW_NUL, NULL);
    assert_non_null(*story);
    return result;
}

static void vector_check(const struct vector_json *vector, void *context)
{
    json_t *told;
    int result = tell(vector, &told);
    struct story story = { vector, json_object_get(told, "fields"), json_object_get(told, "items"),
                           vector_json_text(told, "address"), context };

    story.counts[COUNT_VECTORS]++;
    if (!json_is_true(json_object_get(vector->meaning, "valid")))
        assert_int_equal(result, CODEC_ERR_CHECKSUM);
    else if (is_wrong_key(vector)) {
        assert_int_equal(result, 0);
        assert_int_equal(json_array_size(story.items), 0);
        same_text(&story, "decrypt_verified", row_value(story.fields, "decrypt_verified"), "false");
        assert_null(row_find(story.fields, "decrypted_payload"));
        assert_null(row_find(story.fields, "records"));
    } else {
        assert_int_equal(result, 0);
        telegram_check(&story);
    }
    json_decref(told);
}

static void vectors_mean_what_they_say(void **state)
{
    (void)state;
    size_t counts[COUNT_KINDS] = { 0 };

    vector_json_each(VECTORS, vector_check, counts);
    assert_int_equal(counts[COUNT_VECTORS], 207);
    assert_int_equal(counts[COUNT_DECRYPTED], 22);
    assert_true(counts[COUNT_VALUES] > 900);
    assert_true(counts[COUNT_TIMES] > 100);
    assert_int_equal(counts[COUNT_COMPACT], 9);
}

/* Fields that other people's decoder gives for compact telegrams, whose formats the house knows. */
static void compact_check(const struct vector_json *vector, void *context)
{
    static const struct {
        const char *field;
        const char *quantity;
        double factor;
        long long storage;
        long long subunit;
    } fields[] = {
        { "total_energy_consumption_kwh", "energy", 0.001, 0, 0 },
        { "total_volume_m3", "volume", 1, 0, 0 },
        { "total_m3", "volume", 1, 0, 0 },
        { "target_volume_m3", "volume", 1, 1, 0 },
        { "target_m3", "volume", 1, 1, 0 },
        { "volume_flow_m3h", "volume_flow", 1, 0, 0 },
        { "t1_temperature_c", "temperature_flow", 1, 0, 0 },
        { "t2_temperature_c", "temperature_return", 1, 0, 0 },
    };
    const json_t *expected = json_object_get(vector->meaning, "source_decoder_fields");
    json_t *told;

    if (json_object_get(vector->meaning, "records") != NULL)
        return;
    (void)tell(vector, &told);
    const json_t *items = json_object_get(told, "items");
    for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++) {
        const json_t *want = json_object_get(expected, fields[f].field);
        size_t index;
        const json_t *item;
        json_array_foreach(items, index, item)
        {
            if (want == NULL || row_find(json_object_get(told, "fields"), "format_signature") == NULL ||
                json_object_get(item, "modifier") != NULL ||
                strcmp(vector_json_text(item, "quantity"), fields[f].quantity) != 0 ||
                vector_json_integer(item, "storage", 0) != fields[f].storage ||
                vector_json_integer(item, "subunit", 0) != fields[f].subunit ||
                strcmp(vector_json_text(item, "unit"), "J") == 0)
                continue;
            double difference =
                strtod(vector_json_text(item, "value"), NULL) * fields[f].factor - json_number_value(want);
            assert_true(difference < 1e-6 && difference > -1e-6);
            ++*(size_t *)context;
        }
    }
    json_decref(told);
}

static void compact_telegrams_mean_what_others_say(void **state)
{
    (void)state;
    size_t checked = 0;
    vector_json_each(VECTORS, compact_check, &checked);
    vector_json_each(FIELD_VECTORS, compact_check, &checked);
    assert_true(checked >= 35);
}

/* The keys of one message that the vectors name, from the key of the meter. */
static void derived_check(const struct vector_json *vector, void *context)
{
    static const struct {
        const char *member;
        enum wmbus_key_use use;
    } uses[] = { { "kenc", WMBUS_KEY_ENCRYPTION_METER }, { "kmac", WMBUS_KEY_MAC_METER } };
    const json_t *layer = json_object_get(vector->meaning, "afl");
    uint8_t key[CIPHER_BLOCK_SIZE];
    uint8_t derived[CIPHER_BLOCK_SIZE];
    char text[2 * CIPHER_BLOCK_SIZE + 1];
    struct wmbus_secret secret = { cipher_openssl(), key };
    struct wmbus_address meter;

    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        const char *want = vector_json_text(vector->meaning, uses[i].member);
        if (want == NULL)
            continue;
        assert_int_equal(hex_decode(span_of_text(vector_json_text(vector->entry, "key")), key, sizeof key), sizeof key);
        assert_int_equal(wmbus_address_make("AAA", vector_json_text(vector->meaning, "id"), 0, 0, &meter), 0);
        assert_int_equal(
            wmbus_key_derive(&secret, uses[i].use, (uint32_t)vector_json_integer(layer, "counter", 0), &meter, derived),
            0);
        for (size_t k = 0; k < sizeof derived; k++)
            (void)snprintf(text + 2 * k, 3, "%02X", derived[k]);
        assert_string_equal(text, want);
        ++*(size_t *)context;
    }
}

static void derived_keys_are_those_of_the_vectors(void **state)
{
    (void)state;
    size_t checked = 0;
    vector_json_each(VECTORS, derived_check, &checked);
    assert_int_equal(checked, 6);
}

static void row_ignore(void *context, const struct explain_field *field)
{
    const struct span *frame = context;
    assert_true(field->offset <= frame->size && field->size <= frame->size - field->offset);
    assert_true(field->clause[0] != '\0');
}

static void item_ignore(void *context, const struct item *item, const char *meaning)
{
    (void)meaning;
    (void)context;
    assert_true(item->quantity < ITEM_QUANTITY_COUNT);
}

/* Explain a copy in a block of its own, so that the sanitizer sees every step outside. */
static int explain_copy(const struct vector_json *vector, const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    struct span frame = { copy, size };
    uint8_t key[CIPHER_BLOCK_SIZE];
    struct explain_secret secret = { { key, sizeof key }, cipher_openssl() };
    const char *hex = vector_json_text(vector->entry, "key");
    struct explain_sink sink = { EXPLAIN_CHINESE, row_ignore, item_ignore, &frame, NULL };
    size_t error_offset = SIZE_MAX;

    memcpy(copy, bytes, size);
    if (hex != NULL && hex_decode(span_of_text(hex), key, sizeof key) == (int)sizeof key)
        sink.secret = &secret;
    int result = explain_protocol_find("wmbus")->explain(&sink, frame, &error_offset);
    assert_true(result == 0 || error_offset <= size);
    free(copy);
    return result;
}

static void damage_check(const struct vector_json *vector, void *context)
{
    const char *format = vector_json_text(vector->meaning, "dll_crc");
    size_t *refused = context;

    if (format == NULL) /* one bit is wrong already */
        return;

    for (size_t size = 0; size < vector->frame.size; size++)
        assert_true(explain_copy(vector, vector->bytes, size) < 0);
    for (size_t bit = 0; bit < 8 * vector->frame.size; bit++) {
        uint8_t copy[VECTOR_FRAME_LIMIT];
        memcpy(copy, vector->bytes, vector->frame.size);
        copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ 1u << bit % 8);
        int result = explain_copy(vector, copy, vector->frame.size);
        assert_true(result < 0 || strcmp(format, "format A") != 0); /* see wmbus_frame_decode about format B */
        *refused += result < 0;
    }
}

static void damage_never_harms(void **state)
{
    (void)state;
    size_t refused = 0;
    vector_json_each(VECTORS, damage_check, &refused);
    assert_true(refused > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_mean_what_they_say),
        cmocka_unit_test(compact_telegrams_mean_what_others_say),
        cmocka_unit_test(derived_keys_are_those_of_the_vectors),
        cmocka_unit_test(damage_never_harms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
