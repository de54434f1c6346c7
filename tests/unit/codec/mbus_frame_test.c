/* Whole wired frames: every vector, field by field, as frame and as explanation; finding, damage. */
#include "codec/mbus/mbus_frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_json.h"
#include "codec/mbus/mbus_message.h"
#include "security/cipher_openssl.h"
#include "tests/unit/codec/mbus_vector.h"
#include "tests/unit/unit_test.h"

#define ITEM_LIMIT 128
#define JSON_SIZE 262144
#define EXPLAINED_STEP 13 /* of the flipped bits every so manieth is explained as well: texts take their time */

static const char *const kind_names[] = { "ack", "short", "control", "long" };

static int items_of(struct span bytes, struct item_list *list)
{
    struct mbus_frame frame;
    int result = mbus_frame_decode(bytes, &frame, NULL);
    return result < 0 ? result : mbus_items_decode(&frame, list, NULL, NULL);
}

static void link_check(const struct vector_json *vector)
{
    const char *control = vector_json_text(vector->meaning, "c"), *ci = vector_json_text(vector->meaning, "ci");
    struct mbus_frame frame;

    assert_int_equal(mbus_frame_decode(vector->frame, &frame, NULL), 0);
    assert_string_equal(kind_names[frame.kind], vector_json_text(vector->meaning, "type"));
    assert_int_equal(frame.control, strtoul(control, NULL, 16));
    assert_int_equal(frame.address, vector_json_integer(vector->meaning, "a", -1));
    if (ci != NULL)
        assert_int_equal(frame.ci, strtoul(ci, NULL, 16));
}

static void records_check(const struct vector_json *vector)
{
    const json_t *records = json_object_get(vector->meaning, "records");
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    size_t index;
    json_t *record;

    if (records == NULL)
        return;
    assert_int_equal(items_of(vector->frame, &list), 0);
    assert_int_equal(list.count, json_array_size(records));
    json_array_foreach(records, index, record)
    {
        mbus_vector_record_check(record, &items[index]);
    }
}

static void vector_check(const struct vector_json *vector, void *context)
{
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    unsigned *count = context;

    (*count)++;
    if (vector_json_text(vector->meaning, "type") != NULL)
        link_check(vector);
    if (json_is_true(json_object_get(vector->meaning, "valid")))
        records_check(vector);
    else
        assert_true(items_of(vector->frame, &list) < 0);
}

static void every_vector_means_what_it_says(void **state)
{
    (void)state;
    unsigned count = 0;
    vector_json_each("mbus/mbus.json", vector_check, &count);
    assert_int_equal(count, 84);
}

/* The field of that key somewhere in the explanation, the first in reading order. */
static const json_t *field_find(const json_t *fields, const char *key)
{
    size_t index;
    json_t *field;

    json_array_foreach(fields, index, field)
    {
        const char *name = vector_json_text(field, "key");
        if (name != NULL && strcmp(name, key) == 0)
            return field;
        const json_t *inside = field_find(json_object_get(field, "children"), key);
        if (inside != NULL)
            return inside;
    }
    return NULL;
}

/* A member of the meaning against the value of the field with its key; numbers as text, booleans as words. */
static void field_check(const json_t *fields, const char *key, const json_t *expected)
{
    const json_t *field = field_find(fields, key);
    char number[32];
    const char *text = json_string_value(expected);

    if (json_is_integer(expected)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(expected));
        text = number;
    } else if (json_is_boolean(expected))
        text = json_is_true(expected) ? "true" : "false";
    assert_non_null(field);
    assert_string_equal(vector_json_text(field, "value"), text);
}

static bool is_statement(const char *key)
{
    static const char *const others[] = { "valid", "reason", "records", "purpose" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i], key) == 0)
            return true;
    return false;
}

/* Every key of the meaning has its field; objects have theirs inside the field of their key. */
static void object_check(const json_t *fields, json_t *meaning)
{
    const char *key;
    json_t *value;

    json_object_foreach(meaning, key, value)
    {
        bool is_empty = json_is_string(value) && json_string_value(value)[0] == '\0';
        if (strncmp(key, "source", 6) == 0 || is_statement(key) || is_empty)
            continue;
        if (json_is_object(value))
            object_check(json_object_get(field_find(fields, key), "children"), value);
        else
            field_check(fields, key, value);
    }
}

static json_t *explained(struct span bytes, int *result)
{
    static char text[JSON_SIZE];
    struct writer out = writer_of_buffer(text, sizeof text);
    json_error_t error;

    *result = explain_json_write(explain_protocol_find("mbus"), EXPLAIN_ENGLISH, bytes, NULL, &out);
    json_t *json = json_loadb(text, out.size, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(json);
    return json;
}

static void explanation_check(const struct vector_json *vector, void *context)
{
    json_t *meaning = json_object_get(vector->entry, "meaning");
    bool is_valid = json_is_true(json_object_get(meaning, "valid"));
    int result;

    (void)context;
    json_t *json = explained(vector->frame, &result);
    assert_int_equal(result == 0, is_valid);
    assert_ptr_equal(explain_protocol_guess(vector->frame), explain_protocol_find("mbus"));
    if (vector_json_text(meaning, "type") != NULL)
        object_check(json_object_get(json, "fields"), meaning);
    json_decref(json);
}

static void every_meaning_is_in_the_explanation(void **state)
{
    (void)state;
    vector_json_each("mbus/mbus.json", explanation_check, NULL);
}

/* Every byte lies in a row that has none below it. */
static void coverage_mark(const json_t *fields, uint8_t *covered)
{
    size_t index;
    json_t *field;

    json_array_foreach(fields, index, field)
    {
        const json_t *children = json_object_get(field, "children");
        long long offset = vector_json_integer(field, "offset", 0), size = vector_json_integer(field, "size", 0);
        if (children != NULL)
            coverage_mark(children, covered);
        else
            memset(covered + offset, 1, (size_t)size);
    }
}

static void coverage_check(const struct vector_json *vector, void *context)
{
    uint8_t covered[VECTOR_FRAME_LIMIT] = { 0 };
    struct mbus_frame frame;
    int result;

    (void)context;
    if (mbus_frame_decode(vector->frame, &frame, NULL) < 0)
        return;
    json_t *json = explained(vector->frame, &result);
    coverage_mark(json_object_get(json, "fields"), covered);
    if (result != CODEC_ERR_SHORT || frame.data.size >= 12)
        assert_null(memchr(covered, 0, vector->frame.size));
    json_decref(json);
}

static void every_byte_is_explained(void **state)
{
    (void)state;
    vector_json_each("mbus/mbus.json", coverage_check, NULL);
}

static void truncation_check(const struct vector_json *vector, void *context)
{
    struct mbus_frame frame;
    size_t skip;

    (void)context;
    if (mbus_frame_decode(vector->frame, &frame, NULL) < 0)
        return;
    for (size_t size = 0; size < vector->frame.size; size++) {
        uint8_t *copy = malloc(size + 1); /* so that the sanitizer sees a read behind the end */
        memcpy(copy, vector->frame.bytes, size);
        struct span part = span_of_bytes(copy, size);
        copy = realloc(copy, size == 0 ? 1 : size);
        part.bytes = copy;
        assert_true(mbus_frame_decode(part, &frame, NULL) < 0);
        assert_int_equal(mbus_frame_find(part, &skip), 0);
        assert_int_equal(skip, 0);
        free(copy);
    }
}

static void no_cut_frame_is_believed(void **state)
{
    (void)state;
    vector_json_each("mbus/mbus.json", truncation_check, NULL);
}

static void field_ignore(void *context, const struct explain_field *field)
{
    const struct span *frame = context;
    assert_true(field->offset <= frame->size && field->size <= frame->size - field->offset);
}

static void explain_quietly(struct span frame)
{
    struct explain_sink sink = { EXPLAIN_CHINESE, field_ignore, NULL, &frame, NULL };
    size_t error_offset = 0;
    if (explain_protocol_find("mbus")->explain(&sink, frame, &error_offset) < 0)
        assert_true(error_offset <= frame.size);
}

/* The sum sees every single flip; the records of a frame whose sum was made right again must still stay inside. */
static void flip_check(const struct vector_json *vector, void *context)
{
    struct item items[ITEM_LIMIT];
    struct mbus_frame frame;

    (void)context;
    if (mbus_frame_decode(vector->frame, &frame, NULL) < 0 || frame.kind == MBUS_FRAME_ACKNOWLEDGE)
        return;
    for (size_t bit = 0; bit < 8 * vector->frame.size; bit++) {
        uint8_t copy[VECTOR_FRAME_LIMIT];
        struct item_list list = item_list_of(items, ITEM_LIMIT);
        memcpy(copy, vector->frame.bytes, vector->frame.size);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct span damaged = span_of_bytes(copy, vector->frame.size);
        assert_true(mbus_frame_decode(damaged, &frame, NULL) < 0);
        if (frame.kind == MBUS_FRAME_LONG && bit / 8 >= 4 && bit / 8 < damaged.size - 2) {
            copy[damaged.size - 2] = (uint8_t)(copy[damaged.size - 2] + copy[bit / 8] - vector->frame.bytes[bit / 8]);
            assert_int_equal(mbus_frame_decode(damaged, &frame, NULL), 0);
            (void)mbus_items_decode(&frame, &list, NULL, NULL);
        }
        if (bit % EXPLAINED_STEP == 0)
            explain_quietly(damaged);
    }
}

static void no_flipped_bit_is_believed(void **state)
{
    (void)state;
    vector_json_each("mbus/mbus.json", flip_check, NULL);
}

static size_t found(const char *hex, size_t *skip)
{
    uint8_t bytes[VECTOR_FRAME_LIMIT];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);
    return mbus_frame_find(span_of_bytes(bytes, (size_t)size), skip);
}

static void frames_are_found_in_a_stream(void **state)
{
    (void)state;
    size_t skip;

    assert_int_equal(found("E51040FD3D16", &skip), 1);
    assert_int_equal(skip, 0);
    assert_int_equal(found("00FF1040FD3D16", &skip), 5);
    assert_int_equal(skip, 2);
    /* An E5 in what is no frame is no acknowledge. */
    assert_int_equal(found("00E51040FD3D16", &skip), 5);
    assert_int_equal(skip, 2);
    /* A start that is none: the search goes on with the byte behind it. */
    assert_int_equal(found("6803686803036853FE50A116", &skip), 9);
    assert_int_equal(skip, 3);
    /* The rest may still come. */
    assert_int_equal(found("00006803036853FE", &skip), 0);
    assert_int_equal(skip, 2);
    assert_int_equal(found("0102030405", &skip), 0);
    assert_int_equal(skip, 5);
    assert_int_equal(found("", &skip), 0);
    assert_int_equal(skip, 0);
}

static int decoded(const char *hex, size_t *error_offset)
{
    uint8_t bytes[VECTOR_FRAME_LIMIT];
    struct mbus_frame frame;
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);
    return mbus_frame_decode(span_of_bytes(bytes, (size_t)size), &frame, error_offset);
}

static void damage_is_named_where_it_is(void **state)
{
    (void)state;
    size_t offset = 99;
    static const struct {
        const char *hex;
        int error;
        size_t offset;
    } cases[] = {
        { "", CODEC_ERR_EMPTY, 0 },
        { "11", CODEC_ERR_FORMAT, 0 },
        { "E5E5", CODEC_ERR_TRAILING, 1 },
        { "1040003F16", CODEC_ERR_CHECKSUM, 3 },
        { "1040004017", CODEC_ERR_FORMAT, 4 },
        { "104000", CODEC_ERR_SHORT, 3 },
        { "680200", CODEC_ERR_FORMAT, 1 },
        { "680304", CODEC_ERR_FORMAT, 2 },
        { "68030367", CODEC_ERR_FORMAT, 3 },
        { "6803036853FE50A216", CODEC_ERR_CHECKSUM, 7 },
        { "6803036853FE50A117", CODEC_ERR_FORMAT, 8 },
        { "6803036853FE50A11600", CODEC_ERR_TRAILING, 9 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(decoded(cases[i].hex, &offset), cases[i].error);
        assert_int_equal(offset, cases[i].offset);
    }
}

/* "0.123 m³" of the first counter, which is 123, in unit `code`. */
static const char *fixed_text(uint8_t status, uint8_t code, size_t index)
{
    static char text[64];
    uint8_t data[] = { 1, 0, 0, 0, 7, status, code, 0x3e, 0x23, 0x01, 0, 0, 0x45, 0, 0, 0 };
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes), words = writer_of_buffer(text, sizeof text);
    struct item items[2];
    struct item_list list = item_list_of(items, 2);

    assert_int_equal(mbus_long_encode(MBUS_RSP_UD, 1, 0x73, span_of_bytes(data, sizeof data), &out), 0);
    assert_int_equal(items_of(writer_span(&out), &list), 0);
    assert_int_equal(list.count, 2);
    assert_int_equal(items[1].storage, 1);
    assert_int_equal(items[0].storage, (status & 2) != 0);
    item_value_write(&items[index], &words);
    writer_text(&words, item_unit_text((enum item_unit)items[index].unit));
    return writer_terminate(&words);
}

static void the_fixed_structure_has_its_own_units(void **state)
{
    (void)state;
    assert_string_equal(fixed_text(0, 0x02, 0), "123Wh");
    assert_string_equal(fixed_text(0, 0x0a, 0), "12300000000Wh");
    assert_string_equal(fixed_text(0, 0x0b, 0), "123000J");
    assert_string_equal(fixed_text(0, 0x13, 0), "12300000000000J");
    assert_string_equal(fixed_text(0, 0x17, 0), "123000W");
    assert_string_equal(fixed_text(0, 0x1d, 0), "123000J/h");
    assert_string_equal(fixed_text(0, 0x29, 0), "0.123m³");
    assert_string_equal(fixed_text(0, 0x35, 0), "123m³/h");
    assert_string_equal(fixed_text(0, 0x38, 0), "0.123°C");
    assert_string_equal(fixed_text(0, 0x3f, 0), "123");
    /* The second counter has the unit of the first; binary, stored. */
    assert_string_equal(fixed_text(0, 0x29, 1), "0.045m³");
    assert_string_equal(fixed_text(3, 0x29, 0), "0.291m³");
}

static void a_counter_of_ones_has_no_value(void **state)
{
    (void)state;
    static const uint8_t ones[] = { 0xff, 0xff, 0xff, 0xff }, letters[] = { 0xaf, 0, 0, 0 };
    struct mbus_message message = { .fixed = { .units = { 0x02, 0x02 } } };
    struct item item;

    message.fixed.counters[0] = span_of_bytes(ones, sizeof ones);
    message.fixed.counters[1] = span_of_bytes(letters, sizeof letters);
    mbus_fixed_item(&message, 0, &item);
    assert_int_equal(item.quality, ITEM_MISSING);
    mbus_fixed_item(&message, 1, &item);
    assert_int_equal(item.quality, ITEM_INVALID);
    message.fixed.is_binary = true;
    mbus_fixed_item(&message, 0, &item);
    assert_int_equal(item.quality, ITEM_GOOD);
    assert_int_equal(item.value, UINT32_MAX);
}

static void alarms_are_items(void **state)
{
    (void)state;
    static const uint8_t alarm = 0x14;
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct item items[2];
    struct item_list list = item_list_of(items, 2);

    assert_int_equal(mbus_long_encode(MBUS_RSP_UD, 1, 0x71, span_of_bytes(&alarm, 1), &out), 0);
    assert_int_equal(items_of(writer_span(&out), &list), 0);
    assert_int_equal(list.count, 1);
    assert_int_equal(items[0].quantity, ITEM_ALARM);
    assert_int_equal(items[0].value, 0x14);
}

static void latched_values_have_their_time(void **state)
{
    (void)state;
    /* Volume now, storage 1 with its date, its maximum, the next date (VIFE 7EH), storage 2 without a date. */
    static const uint8_t records[] = { 0x01, 0x13, 5,    0x41, 0x13, 6,    0x42, 0x6c, 0xbf, 0x1c, 0x51,
                                       0x13, 7,    0x42, 0xec, 0x7e, 0xdf, 0x1c, 0x81, 0x01, 0x13, 8 };
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);

    assert_int_equal(mbus_long_encode(MBUS_RSP_UD, 1, 0x78, span_of_bytes(records, sizeof records), &out), 0);
    assert_int_equal(items_of(writer_span(&out), &list), 0);
    assert_int_equal(list.count, 6);
    assert_int_equal(items[0].time.parts, ITEM_TIME_NONE);
    assert_int_equal(items[1].time.parts, ITEM_TIME_DAY);
    assert_int_equal(items[1].time.year, 2013);
    assert_int_equal(items[3].time.parts, ITEM_TIME_NONE);
    assert_int_equal(items[5].time.parts, ITEM_TIME_NONE);
}

static const uint8_t meter_key[CIPHER_BLOCK_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

/* A telegram in mode 5 with one encrypted block, a volume in it and one behind it.
 * blocks  as the configuration word says */
static struct span sealed_frame(uint8_t blocks, uint8_t *bytes)
{
    static const uint8_t plain[] = { 0x2f, 0x2f, 0x0c, 0x13, 0x78, 0x56, 0x34, 0x12, 0x2f, 0x2f,
                                     0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x01, 0x13, 0x05 };
    uint8_t data[12 + sizeof plain] = { 0x21, 0, 0, 0, 0xb0, 0x5c, 2, 7, 18, 0, (uint8_t)(blocks << 4), 0x05 };
    struct wmbus_secret secret = { cipher_openssl(), meter_key };
    struct wmbus_address meter = wmbus_address_of_header(data);
    uint8_t initial[CIPHER_BLOCK_SIZE];
    struct writer out = writer_of_buffer(bytes, MBUS_FRAME_LIMIT);

    memcpy(data + 12, plain, sizeof plain);
    wmbus_initial_vector(&meter, 18, initial);
    assert_int_equal(wmbus_seal_close(&secret, initial, span_of_bytes(plain, CIPHER_BLOCK_SIZE), data + 12), 0);
    assert_int_equal(mbus_long_encode(MBUS_RSP_UD, 1, 0x72, span_of_bytes(data, sizeof data), &out), 0);
    return writer_span(&out);
}

static void encrypted_records_stay_closed(void **state)
{
    (void)state;
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct span sealed = sealed_frame(1, bytes);
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    int result;

    assert_int_equal(items_of(sealed, &list), CODEC_ERR_KEY);
    assert_int_equal(list.count, 0);
    json_t *json = explained(sealed, &result);
    assert_int_equal(result, 0);
    assert_string_equal(vector_json_text(field_find(json_object_get(json, "fields"), "payload"), "meaning"),
                        "encrypted, key needed");
    json_decref(json);
}

static void encrypted_records_open_with_their_key(void **state)
{
    (void)state;
    uint8_t bytes[MBUS_FRAME_LIMIT], buffer[MBUS_DATA_LIMIT], other_key[CIPHER_BLOCK_SIZE] = { 0 };
    struct wmbus_secret secret = { cipher_openssl(), meter_key }, wrong = { cipher_openssl(), other_key };
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct mbus_frame frame;
    struct mbus_message message;
    size_t offset;

    assert_int_equal(mbus_frame_decode(sealed_frame(1, bytes), &frame, NULL), 0);
    assert_int_equal(mbus_message_decode(&frame, &message, NULL), 0);
    assert_int_equal(mbus_message_open(&message, &wrong, buffer), CODEC_ERR_KEY);
    assert_true(message.is_encrypted);
    assert_int_equal(mbus_message_open(&message, &secret, buffer), 0);
    assert_int_equal(mbus_message_items(&message, &list, NULL, &offset), 0);
    assert_int_equal(list.count, 2);
    assert_int_equal(items[0].value, 12345678);
    assert_int_equal(items[1].value, 5);
    assert_int_equal(mbus_message_open(&message, &secret, buffer), CODEC_ERR_UNSUPPORTED);
    /* More blocks are announced than there are. */
    assert_int_equal(mbus_frame_decode(sealed_frame(2, bytes), &frame, NULL), 0);
    assert_int_equal(mbus_message_decode(&frame, &message, NULL), 0);
    assert_int_equal(mbus_message_open(&message, &secret, buffer), CODEC_ERR_SHORT);
}

static void item_count(void *context, const struct item *item, const char *meaning)
{
    (void)meaning;
    (void)context;
    if (item->quantity == ITEM_VOLUME)
        function_called();
}

static void the_key_opens_the_explanation(void **state)
{
    (void)state;
    uint8_t bytes[MBUS_FRAME_LIMIT], other_key[CIPHER_BLOCK_SIZE] = { 0 };
    struct span sealed = sealed_frame(1, bytes);
    struct explain_secret secret = { span_of_bytes(meter_key, sizeof meter_key), cipher_openssl() };
    struct explain_secret wrong = { span_of_bytes(other_key, sizeof other_key), cipher_openssl() };
    struct explain_sink sink = { EXPLAIN_ENGLISH, field_ignore, item_count, &sealed, &secret };
    size_t error_offset = 0;

    expect_function_calls(item_count, 2);
    assert_int_equal(explain_protocol_find("mbus")->explain(&sink, sealed, &error_offset), 0);
    sink.secret = &wrong;
    assert_int_equal(explain_protocol_find("mbus")->explain(&sink, sealed, &error_offset), CODEC_ERR_KEY);
    assert_int_equal(error_offset, 19);
}

static void payload_words_take(void *context, const struct explain_field *field)
{
    char *words = context;
    if (strcmp(field->key, "payload") == 0)
        (void)snprintf(words, EXPLAIN_TEXT_LIMIT, "%s", field->meaning);
}

/* Mode 7 is for the radio; the key changes nothing, so it is not asked for. */
static void what_no_key_opens_is_said(void **state)
{
    (void)state;
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct span sealed = sealed_frame(1, bytes);
    struct explain_secret secret = { span_of_bytes(meter_key, sizeof meter_key), cipher_openssl() };
    char words[EXPLAIN_TEXT_LIMIT] = "";
    struct explain_sink sink = { EXPLAIN_ENGLISH, payload_words_take, NULL, words, &secret };
    size_t error_offset = 0;

    bytes[18] = 7;
    bytes[sealed.size - 2] = (uint8_t)(bytes[sealed.size - 2] + 2);
    assert_int_equal(explain_protocol_find("mbus")->explain(&sink, sealed, &error_offset), 0);
    assert_string_equal(words, "encrypted, cannot be opened: the mode, or the meter is not named");
    sink.secret = NULL;
    assert_int_equal(explain_protocol_find("mbus")->explain(&sink, sealed, &error_offset), 0);
    assert_string_equal(words, "encrypted, key needed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_means_what_it_says),
        cmocka_unit_test(every_meaning_is_in_the_explanation),
        cmocka_unit_test(every_byte_is_explained),
        cmocka_unit_test(no_cut_frame_is_believed),
        cmocka_unit_test(no_flipped_bit_is_believed),
        cmocka_unit_test(frames_are_found_in_a_stream),
        cmocka_unit_test(damage_is_named_where_it_is),
        cmocka_unit_test(the_fixed_structure_has_its_own_units),
        cmocka_unit_test(a_counter_of_ones_has_no_value),
        cmocka_unit_test(alarms_are_items),
        cmocka_unit_test(latched_values_have_their_time),
        cmocka_unit_test(encrypted_records_stay_closed),
        cmocka_unit_test(encrypted_records_open_with_their_key),
        cmocka_unit_test(the_key_opens_the_explanation),
        cmocka_unit_test(what_no_key_opens_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
