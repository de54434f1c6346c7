/* What `meterworks decode` says of every vector: each member of its meaning is found under its own key; every byte
 * of the frame stands in some row. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/text.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"
#include "codec/item/item.h"
#include "codec/q376/q376_frame.h"
#include "tests/unit/codec/vector_json.h"

#define VECTORS "q376/qgdw376.json"
#define ROW_LIMIT 800
#define ITEM_LIMIT 200

struct row {
    char key[48];
    char value[EXPLAIN_TEXT_LIMIT];
    bool is_taken;
};

/* Everything an explanation hands over. */
struct told {
    struct row rows[ROW_LIMIT];
    size_t row_count;
    struct item items[ITEM_LIMIT];
    size_t item_count;
    size_t item_taken;
    bool covered[VECTOR_FRAME_LIMIT]; /* by a row without children */
    size_t address_count;
    char address[32];
    int result;
    size_t error_offset;
};

static struct told told;

static void row_keep(void *context, const struct explain_field *field)
{
    struct told *out = context;

    assert_true(out->row_count < ROW_LIMIT);
    struct row *row = &out->rows[out->row_count++];
    row->is_taken = false;
    (void)text_copy(span_of_text(field->key == NULL ? "" : field->key), row->key, sizeof row->key);
    (void)text_copy(span_of_text(field->value), row->value, sizeof row->value);
    assert_true(field->name[0] != '\0');
    assert_true(field->clause[0] != '\0');
    for (size_t i = 0; i < field->size; i++)
        out->covered[field->offset + i] = true;
    if (field->is_address) {
        out->address_count++;
        (void)text_copy(span_of_text(field->value), out->address, sizeof out->address);
    }
}

static void item_keep(void *context, const struct item *item, const char *meaning)
{
    (void)meaning;
    struct told *out = context;
    assert_true(out->item_count < ITEM_LIMIT);
    out->items[out->item_count++] = *item;
}

static void tell(struct span frame, enum explain_language language)
{
    struct explain_sink sink = { language, row_keep, item_keep, &told, NULL };
    memset(&told, 0, sizeof told);
    told.error_offset = SIZE_MAX;
    told.result = explain_protocol_find("q376")->explain(&sink, frame, &told.error_offset);
}

/* One more row of that key has that value. */
static void assert_row(size_t vector, const char *key, const char *value)
{
    for (size_t i = 0; i < told.row_count; i++) {
        struct row *row = &told.rows[i];
        if (!row->is_taken && strcmp(row->key, key) == 0 && strcmp(row->value, value) == 0) {
            row->is_taken = true;
            return;
        }
    }
    fail_msg("entry %zu: no row %s with \"%s\"", vector, key, value);
}

/* One more row of that key, whatever its value. */
static void assert_key(size_t vector, const char *key)
{
    for (size_t i = 0; i < told.row_count; i++)
        if (!told.rows[i].is_taken && strcmp(told.rows[i].key, key) == 0) {
            told.rows[i].is_taken = true;
            return;
        }
    fail_msg("entry %zu: no row %s", vector, key);
}

/* The next measured item has that value; null: the terminal has none. */
static void assert_item(size_t vector, const char *key, const json_t *value)
{
    char text[64];
    struct writer out = writer_of_buffer(text, sizeof text);

    assert_key(vector, key);
    while (told.item_taken < told.item_count && told.items[told.item_taken].kind != ITEM_KIND_NUMBER)
        told.item_taken++;
    if (told.item_taken == told.item_count)
        fail_msg("entry %zu: too few items", vector);
    const struct item *item = &told.items[told.item_taken++];
    if (json_is_null(value)) {
        assert_int_equal(item->quality, ITEM_MISSING);
        return;
    }
    item_value_write(item, &out);
    double difference = strtod(writer_terminate(&out), NULL) - json_number_value(value);
    if (difference > 1e-9 || difference < -1e-9)
        fail_msg("entry %zu: item is %s, not %f", vector, text, json_number_value(value));
}

/* "voltage A", "V": of the item that comes next. */
static void assert_kind(size_t vector, const char *key, const char *text)
{
    const struct item *item = &told.items[told.item_taken];
    char name[64];

    if (strcmp(key, "unit") == 0)
        (void)text_copy(span_of_text(item_unit_text((enum item_unit)item->unit)), name, sizeof name);
    else
        snprintf(name, sizeof name, "%s %c", item_quantity_info((enum item_quantity)item->quantity)->name,
                 '@' + item->phase);
    if (strcmp(name, text) != 0)
        fail_msg("entry %zu: %s is \"%s\", not \"%s\"", vector, key, name, text);
}

static void list_text(const json_t *list, char *text, size_t capacity)
{
    struct writer out = writer_of_buffer(text, capacity);
    size_t index;
    const json_t *member;

    json_array_foreach(list, index, member)
    {
        writer_format(&out, index == 0 ? "%d" : ",%d", (int)json_integer_value(member));
    }
    (void)writer_terminate(&out);
}

static bool is_measured(const char *key)
{
    return strcmp(key, "total") == 0 || strcmp(key, "by_tariff") == 0 || strcmp(key, "values") == 0;
}

static void meaning_check(size_t vector, const char *key, const json_t *meaning);

static void members_check(size_t vector, const json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        if (strcmp(key, "valid") != 0 && strcmp(key, "units") != 0)
            meaning_check(vector, key, value);
    }
}

static void elements_check(size_t vector, const char *key, const json_t *list)
{
    char text[EXPLAIN_TEXT_LIMIT];
    size_t index;
    json_t *value;

    if (strcmp(key, "pn") == 0 || strcmp(key, "fn") == 0) {
        list_text(list, text, sizeof text);
        assert_row(vector, key, text);
        return;
    }
    json_array_foreach(list, index, value)
    {
        meaning_check(vector, key, value);
    }
}

static void meaning_check(size_t vector, const char *key, const json_t *meaning)
{
    char text[32];

    if (json_is_object(meaning))
        members_check(vector, meaning);
    else if (json_is_array(meaning))
        elements_check(vector, key, meaning);
    else if (is_measured(key))
        assert_item(vector, key, meaning);
    else if (strcmp(key, "unit") == 0 || strcmp(key, "quantity") == 0)
        assert_kind(vector, key, json_string_value(meaning));
    else if (json_is_string(meaning))
        assert_row(vector, key, json_string_value(meaning));
    else {
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(meaning));
        assert_row(vector, key, text);
    }
}

static void vector_check(const struct vector_json *vector, void *context)
{
    (void)context;
    tell(vector->frame, EXPLAIN_ENGLISH);
    if (!json_is_true(json_object_get(vector->meaning, "valid"))) {
        assert_true(told.result < 0);
        assert_true(told.error_offset < vector->frame.size);
        assert_true(told.row_count > 0);
        return;
    }
    assert_int_equal(told.result, 0);
    assert_int_equal(told.address_count, 1);
    for (size_t i = 0; i < vector->frame.size; i++)
        assert_true(told.covered[i]);
    elements_check(vector->index, "units", json_object_get(vector->meaning, "units"));
    members_check(vector->index, vector->meaning);
}

static void every_vector_is_told_as_its_meaning(void **state)
{
    (void)state;
    vector_json_each(VECTORS, vector_check, NULL);
}

static void chinese_check(const struct vector_json *vector, void *context)
{
    static char text[1 << 16];
    struct writer out = writer_of_buffer(text, sizeof text);

    (void)context;
    int result = explain_json_write(explain_protocol_find("q376"), EXPLAIN_CHINESE, vector->frame, NULL, &out);
    assert_int_equal(result == 0, json_is_true(json_object_get(vector->meaning, "valid")));
    json_t *object = json_loadb(text, out.size, 0, NULL);
    assert_non_null(object);
    json_decref(object);
}

static void every_vector_is_told_in_chinese(void **state)
{
    (void)state;
    vector_json_each(VECTORS, chinese_check, NULL);
}

static struct span span_of_hex(const char *hex)
{
    static uint8_t bytes[512];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);
    assert_true(size > 0);
    return span_of_bytes(bytes, (size_t)size);
}

static void frames_are_recognised(void **state)
{
    (void)state;
    const struct explain_protocol *protocol = explain_protocol_find("q376");

    assert_int_equal(protocol->recognise(span_of_hex("683200320068C900000005000260000001003116")), EXPLAIN_CERTAIN);
    assert_int_equal(protocol->recognise(span_of_hex("683200320068C900000005000260000001003216")), EXPLAIN_LIKELY);
    assert_int_equal(protocol->recognise(span_of_hex("6861100130121568110433333433AE16")), EXPLAIN_NO);
    assert_ptr_equal(explain_protocol_guess(span_of_hex("683200320068C900000005000260000001003116")), protocol);
}

static void a_wrong_check_sum_is_told_to_the_end(void **state)
{
    (void)state;
    struct span frame =
        span_of_hex("68AE00AE00688810451500000C6C200101103517250114040079920000000000000000973200000088450000"
                    "00941300006F16");
    tell(frame, EXPLAIN_ENGLISH);
    assert_int_equal(told.result, CODEC_ERR_CHECKSUM);
    assert_int_equal(told.error_offset, frame.size - 2);
    assert_string_equal(told.address, "45100015");
    assert_int_equal(told.item_count, 5);
}

static void the_southern_grid_is_told_by_name(void **state)
{
    (void)state;
    tell(span_of_hex("681200120068C90306442103000002710000001000E00401A216"), EXPLAIN_ENGLISH);
    assert_int_equal(told.result, CODEC_ERR_UNSUPPORTED);
    assert_row(0, "variant", "China Southern Power Grid (Q/CSG)");
    assert_row(0, "afn", "02");
}

static void a_forwarded_frame_is_explained_one_level_deep(void **state)
{
    (void)state;
    tell(
        span_of_hex("68E200E200684B000234120410E0000001001F6BBC0A100068611001301215681104333334337B16000000000000000000"
                    "00000000000000001351232105A116"),
        EXPLAIN_ENGLISH);
    assert_int_equal(told.result, 0);
    assert_int_equal(told.address_count, 1);
    assert_string_equal(told.address, "02001234");
    for (size_t i = 0; i < told.row_count; i++)
        if (strcmp(told.rows[i].key, "inner_protocol") == 0) {
            assert_string_equal(told.rows[i].value, "dlt645");
            return;
        }
    fail_msg("no inner protocol");
}

/* A file of 300 bytes, which no table knows. */
static void programs_get_bytes_of_any_length_whole(void **state)
{
    (void)state;
    static char json[16384], wanted[2 * 300 + 16] = "\"value\":\"";
    uint8_t units[4 + 300] = { 0, 0, 1, 0 }, buffer[400];
    struct writer frame = writer_of_buffer(buffer, sizeof buffer), out = writer_of_buffer(json, sizeof json);
    struct q376_frame parts = { .protocol = Q376_PROTOCOL_376,
                                .control = Q376_CONTROL_UPLINK,
                                .afn = Q376_AFN_FILE,
                                .sequence = Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL,
                                .units = span_of_bytes(units, sizeof units) };
    size_t start = strlen(wanted);

    memset(units + 4, 0x5a, 300);
    for (size_t i = 0; i < 300; i++)
        memcpy(wanted + start + 2 * i, "5A", 2);
    memcpy(wanted + start + 2 * 300, "\"", 2);
    assert_int_equal(q376_frame_encode(&parts, &frame), 0);
    assert_int_equal(explain_json_write(NULL, EXPLAIN_ENGLISH, writer_span(&frame), NULL, &out), 0);
    assert_non_null(strstr(writer_terminate(&out), wanted));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_is_told_as_its_meaning),
        cmocka_unit_test(every_vector_is_told_in_chinese),
        cmocka_unit_test(frames_are_recognised),
        cmocka_unit_test(a_wrong_check_sum_is_told_to_the_end),
        cmocka_unit_test(the_southern_grid_is_told_by_name),
        cmocka_unit_test(a_forwarded_frame_is_explained_one_level_deep),
        cmocka_unit_test(programs_get_bytes_of_any_length_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
