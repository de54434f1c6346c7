#include "tests/unit/codec/profile_vector.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "security/cipher_openssl.h"

struct span profile_vector_key(const struct vector_json *vector)
{
    static uint8_t key[CIPHER_BLOCK_SIZE];
    const char *text = vector_json_text(vector->entry, "key");

    if (text == NULL)
        return span_of_bytes(NULL, 0);
    assert_int_equal(hex_decode(span_of_text(text), key, sizeof key), CIPHER_BLOCK_SIZE);
    return span_of_bytes(key, sizeof key);
}

static void key_copy(const char *name, char *key, size_t capacity)
{
    size_t size = 0;

    for (; *name != '\0' && size + 1 < capacity; name++) {
        char c = *name;
        bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        else if (!is_word)
            c = '_';
        key[size++] = c;
    }
    key[size] = '\0';
}

static void row_take(void *context, const struct explain_field *field)
{
    struct profile_told *told = context;

    assert_true(told->row_count < PROFILE_VECTOR_ROWS);
    struct profile_row *row = &told->rows[told->row_count++];
    row->offset = field->offset;
    row->size = field->size;
    row->depth = field->depth;
    row->is_address = field->is_address;
    key_copy(field->key, row->key, sizeof row->key);
    snprintf(row->value, sizeof row->value, "%s", field->value);
    snprintf(row->meaning, sizeof row->meaning, "%s", field->meaning);
    assert_true(field->name[0] != '\0');
    assert_true(field->clause[0] != '\0');
}

static void item_take(void *context, const struct item *item, const char *meaning)
{
    (void)meaning;
    struct profile_told *told = context;

    assert_true(told->item_count < PROFILE_VECTOR_ITEMS);
    char *text = told->item_values[told->item_count];
    struct writer value = writer_of_buffer(text, sizeof told->item_values[0]);
    item_value_write(item, &value);
    writer_terminate(&value);
    told->items[told->item_count++] = *item;
}

void profile_tell(struct profile_told *told, const char *protocol, enum explain_language language, struct span frame,
                  struct span key)
{
    struct explain_secret secret = { key, cipher_openssl() };
    struct explain_sink sink = { language, row_take, item_take, told, key.size > 0 ? &secret : NULL };

    told->row_count = 0;
    told->item_count = 0;
    told->error_offset = SIZE_MAX;
    told->result = explain_protocol_find(protocol)->explain(&sink, frame, &told->error_offset);
}

const struct profile_row *profile_row_find(const struct profile_told *told, const char *key, size_t *from)
{
    for (size_t i = *from; i < told->row_count; i++) {
        if (strcmp(told->rows[i].key, key) != 0)
            continue;
        *from = i + 1;
        return &told->rows[i];
    }
    fail_msg("no row \"%s\"", key);
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* The fields stand in the order of the frame, headings between them. */
static void fields_check(const struct profile_told *told, const json_t *fields)
{
    const json_t *field;
    size_t index, from = 0;

    json_array_foreach(fields, index, field)
    {
        const char *value = json_string_value(json_array_get(field, 1));
        const char *words = json_string_value(json_array_get(field, 2));
        const char *key = json_string_value(json_array_get(field, 0));
        const struct profile_row *row = profile_row_find(told, key, &from);
        while (row->value[0] == '\0' && value[0] != '\0')
            row = profile_row_find(told, key, &from); /* a heading of the same name */
        assert_string_equal(row->value, value);
        if (words != NULL && !ends_with(row->meaning, words))
            fail_msg("\"%s\" means \"%s\", not \"%s\"", row->key, row->meaning, words);
    }
}

static void item_check(const struct item *item, const char *value, const json_t *expected)
{
    const char *quality = vector_json_text(expected, "quality");
    const char *time = vector_json_text(expected, "time");
    char text[32];
    struct writer writer = writer_of_buffer(text, sizeof text);

    assert_string_equal(item_quantity_info((enum item_quantity)item->quantity)->name,
                        vector_json_text(expected, "quantity"));
    assert_string_equal(value, vector_json_text(expected, "value"));
    assert_string_equal(item_unit_text((enum item_unit)item->unit), vector_json_text(expected, "unit"));
    assert_string_equal(item_quality_name((enum item_quality)item->quality), quality == NULL ? "good" : quality);
    if (item->kind != ITEM_KIND_TIME)
        item_time_write(&item->time, &writer);
    assert_string_equal(writer_terminate(&writer), time == NULL ? "" : time);
}

static void bytes_check(const struct profile_told *told, struct span frame)
{
    for (size_t at = 0; at < frame.size; at++) {
        bool is_covered = false;
        for (size_t i = 0; i < told->row_count; i++)
            is_covered |= at >= told->rows[i].offset && at < told->rows[i].offset + told->rows[i].size;
        if (!is_covered)
            fail_msg("byte %zu has no row", at);
    }
}

static void refusal_check(const char *protocol, const struct profile_told *told, const struct vector_json *vector)
{
    static const struct {
        const char *name;
        int error;
    } errors[] = {
        { "CODEC_ERR_CHECKSUM", CODEC_ERR_CHECKSUM }, { "CODEC_ERR_SHORT", CODEC_ERR_SHORT },
        { "CODEC_ERR_TRAILING", CODEC_ERR_TRAILING }, { "CODEC_ERR_RANGE", CODEC_ERR_RANGE },
        { "CODEC_ERR_VERSION", CODEC_ERR_VERSION },   { "CODEC_ERR_RESERVED", CODEC_ERR_RESERVED },
        { "CODEC_ERR_KEY", CODEC_ERR_KEY },
    };
    const char *expected = vector_json_text(vector->meaning, "error");
    bool is_head_wrong =
        told->result == CODEC_ERR_VERSION || told->result == CODEC_ERR_RESERVED || told->result == CODEC_ERR_RANGE;

    if (!is_head_wrong)
        assert_string_equal(explain_protocol_guess(vector->frame)->name, protocol); /* damaged, but still known */
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (strcmp(errors[i].name, expected) == 0) {
            assert_int_equal(told->result, errors[i].error);
            assert_in_range(told->error_offset, 0, vector->frame.size);
            assert_int_equal(told->item_count, 0);
            return;
        }
    fail_msg("unknown error %s", expected);
}

void profile_vector_check(const char *protocol, const struct vector_json *vector)
{
    static struct profile_told told;
    const json_t *item;
    size_t index;

    print_message("  %zu: %s\n", vector->index, vector->note);
    profile_tell(&told, protocol, EXPLAIN_ENGLISH, vector->frame, profile_vector_key(vector));
    if (!json_is_true(json_object_get(vector->meaning, "frame_valid"))) {
        refusal_check(protocol, &told, vector);
        return;
    }
    assert_int_equal(told.result, 0);
    const struct explain_protocol *guess = explain_protocol_guess(vector->frame);
    assert_string_equal(guess->name, protocol);
    assert_int_equal(guess->recognise(vector->frame), EXPLAIN_CERTAIN);
    fields_check(&told, json_object_get(vector->meaning, "fields"));
    const json_t *items = json_object_get(vector->meaning, "items");
    assert_int_equal(told.item_count, json_array_size(items));
    json_array_foreach(items, index, item)
    {
        item_check(&told.items[index], told.item_values[index], item);
    }
    bytes_check(&told, vector->frame);
}
