#include "tests/unit/codec/profile_vector.h"

#include <stdio.h>
#include <string.h>

#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_frame.h"
#include "security/cipher_openssl.h"

static bool is_valid(const struct vector_json *vector)
{
    return json_is_true(json_object_get(vector->meaning, "frame_valid"));
}

/* The clear payload of a valid vector. */
static struct span payload_of(const struct vector_json *vector, const struct hotwater_frame *frame)
{
    static uint8_t buffer[HOTWATER_PAYLOAD_LIMIT];
    struct span key = profile_vector_key(vector);
    struct span clear = frame->payload;

    if (key.size > 0)
        assert_int_equal(hotwater_frame_open(frame, cipher_openssl(), key.bytes, buffer, &clear), 0);
    return clear;
}

static void explained(const struct vector_json *vector, void *context)
{
    (void)context;
    profile_vector_check("hotwater", vector);
}

static void vectors_are_explained_field_by_field(void **state)
{
    (void)state;
    vector_json_each("hotwater/hw1.json", explained, NULL);
}

static void head_compare(const struct vector_json *vector, void *context)
{
    static struct profile_told told;
    struct hotwater_frame frame;
    const json_t *meaning = vector->meaning;
    char command[8];
    size_t from = 0;

    (void)context;
    if (!is_valid(vector))
        return;
    assert_int_equal(hotwater_frame_decode(vector->frame, &frame, NULL), 0);
    assert_int_equal(frame.flags, vector_json_integer(meaning, "flags", -1));
    assert_int_equal(frame.counter, vector_json_integer(meaning, "counter", -1));
    assert_int_equal(hotwater_frame_is_encrypted(&frame), json_is_true(json_object_get(meaning, "encrypted")));
    snprintf(command, sizeof command, "%02XH", frame.command);
    assert_string_equal(command, vector_json_text(meaning, "command"));
    profile_tell(&told, "hotwater", EXPLAIN_ENGLISH, vector->frame, span_of_bytes(NULL, 0));
    assert_int_equal(told.result, 0); /* no key is no damage */
    if (hotwater_frame_is_encrypted(&frame))
        assert_int_equal(told.item_count, 0);
    const struct profile_row *meter = profile_row_find(&told, "meter_number", &from);
    assert_string_equal(meter->value, vector_json_text(meaning, "meter_number"));
    assert_true(meter->is_address);
    assert_string_equal(profile_row_find(&told, "command", &from)->meaning, vector_json_text(meaning, "command_name"));
}

static void heads_are_split_up(void **state)
{
    (void)state;
    vector_json_each("hotwater/hw1.json", head_compare, NULL);
}

/* Read into a structure, written from it. */
static void written_again(const struct vector_json *vector, void *context)
{
    static uint8_t payload_bytes[HOTWATER_PAYLOAD_LIMIT], out_bytes[HOTWATER_FRAME_LIMIT];
    struct writer payload = writer_of_buffer(payload_bytes, sizeof payload_bytes);
    struct writer out = writer_of_buffer(out_bytes, sizeof out_bytes);
    struct hotwater_message message;
    struct hotwater_frame frame;

    (void)context;
    if (!is_valid(vector))
        return;
    assert_int_equal(hotwater_frame_decode(vector->frame, &frame, NULL), 0);
    assert_int_equal(hotwater_message_decode(frame.command, payload_of(vector, &frame), &message, NULL), 0);
    assert_int_equal(hotwater_message_encode(&message, &payload), 0);
    frame.payload = writer_span(&payload);
    struct span key = profile_vector_key(vector);
    if (key.size == 0 && hotwater_command_is_private(frame.command)) { /* read from others, never sent by us */
        assert_int_equal(hotwater_frame_encode(&frame, NULL, NULL, &out), CODEC_ERR_KEY);
        return;
    }
    assert_int_equal(hotwater_frame_encode(&frame, cipher_openssl(), key.bytes, &out), 0);
    assert_int_equal(out.size, vector->frame.size);
    assert_memory_equal(out.bytes, vector->frame.bytes, out.size);
}

static void decoded_vectors_are_written_again(void **state)
{
    (void)state;
    vector_json_each("hotwater/hw1.json", written_again, NULL);
}

static void items_compare(const struct vector_json *vector, void *context)
{
    static struct profile_told told;
    struct item room[PROFILE_VECTOR_ITEMS];
    struct item_list list = item_list_of(room, PROFILE_VECTOR_ITEMS);
    struct hotwater_frame frame;

    (void)context;
    if (!is_valid(vector))
        return;
    assert_int_equal(hotwater_frame_decode(vector->frame, &frame, NULL), 0);
    struct span payload = payload_of(vector, &frame);
    assert_int_equal(hotwater_items_decode(frame.command, payload, &list), 0);
    profile_tell(&told, "hotwater", EXPLAIN_CHINESE, vector->frame, profile_vector_key(vector));
    assert_int_equal(list.count, told.item_count);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(room[i].quantity, told.items[i].quantity);
        assert_int_equal(room[i].value, told.items[i].value);
    }
    if (list.count > 0) {
        list = item_list_of(room, list.count - 1);
        assert_int_equal(hotwater_items_decode(frame.command, payload, &list), CODEC_ERR_FULL);
    }
}

static void items_are_listed(void **state)
{
    (void)state;
    vector_json_each("hotwater/hw1.json", items_compare, NULL);
}

static void damaged(const struct vector_json *vector, void *context)
{
    static struct profile_told told;
    static uint8_t bytes[VECTOR_FRAME_LIMIT];
    struct span key = profile_vector_key(vector);

    (void)context;
    if (!is_valid(vector))
        return;
    for (size_t size = 0; size < vector->frame.size; size++) {
        profile_tell(&told, "hotwater", EXPLAIN_CHINESE, span_of_bytes(vector->frame.bytes, size), key);
        assert_true(told.result < 0);
        assert_in_range(told.error_offset, 0, size);
    }
    for (size_t bit = 0; bit < 8 * vector->frame.size; bit++) {
        memcpy(bytes, vector->frame.bytes, vector->frame.size);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1 << bit % 8);
        profile_tell(&told, "hotwater", EXPLAIN_ENGLISH, span_of_bytes(bytes, vector->frame.size), key);
        assert_true(told.result < 0);
        assert_int_equal(told.item_count, 0);
    }
}

static void damage_is_never_believed(void **state)
{
    (void)state;
    vector_json_each("hotwater/hw1.json", damaged, NULL);
}

static const char *meaning_of(const struct profile_told *told, const char *key)
{
    size_t from = 0;
    return profile_row_find(told, key, &from)->meaning;
}

/* The close answer with the published record: with its key in two languages, without one, with a wrong one. */
static void record_told(const struct vector_json *vector, void *context)
{
    static const uint8_t wrong[CIPHER_BLOCK_SIZE];
    static struct profile_told told;
    struct span key = profile_vector_key(vector);

    (void)context;
    if (vector->index != 4)
        return;
    profile_tell(&told, "hotwater", EXPLAIN_ENGLISH, vector->frame, key);
    assert_string_equal(meaning_of(&told, "end_reason"), "2024-11-21T00:05:05Z, ended by app");
    profile_tell(&told, "hotwater", EXPLAIN_CHINESE, vector->frame, key);
    assert_string_equal(meaning_of(&told, "end_reason"), "2024-11-21T00:05:05Z, 手机结束");
    assert_string_equal(meaning_of(&told, "tag"), "正确");
    profile_tell(&told, "hotwater", EXPLAIN_ENGLISH, vector->frame, span_of_bytes(NULL, 0));
    assert_int_equal(told.result, 0);
    assert_int_equal(told.item_count, 0);
    assert_string_equal(meaning_of(&told, "protected_data"), "key needed");
    profile_tell(&told, "hotwater", EXPLAIN_ENGLISH, vector->frame, span_of_bytes(wrong, sizeof wrong));
    assert_int_equal(told.result, CODEC_ERR_KEY);
    assert_int_equal(told.error_offset, vector->frame.size - 10);
    assert_int_equal(told.item_count, 0);
    assert_string_equal(meaning_of(&told, "tag"), "wrong");
}

static void keys_open_what_is_told(void **state)
{
    (void)state;
    vector_json_each("hotwater/hw1.json", record_told, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_explained_field_by_field),
        cmocka_unit_test(heads_are_split_up),
        cmocka_unit_test(decoded_vectors_are_written_again),
        cmocka_unit_test(items_are_listed),
        cmocka_unit_test(damage_is_never_believed),
        cmocka_unit_test(keys_open_what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
