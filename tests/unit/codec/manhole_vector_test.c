#include "tests/unit/codec/profile_vector.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/manhole/manhole_area.h"
#include "codec/manhole/manhole_security.h"
#include "security/cipher_openssl.h"

static const struct manhole_profile *profile;

static bool is_valid(const struct vector_json *vector)
{
    return json_is_true(json_object_get(vector->meaning, "frame_valid"));
}

/* The clear area of a valid vector. */
static struct span area_of(const struct vector_json *vector, const struct manhole_frame *frame,
                           struct manhole_keys *keys)
{
    static uint8_t buffer[MANHOLE_FRAME_LIMIT];
    struct span key = profile_vector_key(vector);
    struct span clear = frame->area;

    if (key.size > 0) {
        assert_int_equal(manhole_keys_derive(profile, cipher_openssl(), key.bytes, frame->slot, keys), 0);
        assert_int_equal(manhole_frame_open(profile, cipher_openssl(), keys, frame, buffer, &clear), 0);
    }
    return clear;
}

static void explained(const struct vector_json *vector, void *context)
{
    (void)context;
    profile_vector_check("manhole", vector);
}

static void vectors_are_explained_field_by_field(void **state)
{
    (void)state;
    vector_json_each("manhole/mhc1.json", explained, NULL);
}

static void head_compare(const struct vector_json *vector, void *context)
{
    static struct profile_told told;
    struct manhole_frame frame;
    const json_t *meaning = vector->meaning;
    size_t from = 0;

    (void)context;
    if (!is_valid(vector))
        return;
    assert_int_equal(manhole_frame_decode(profile, vector->frame, &frame, NULL), 0);
    assert_int_equal(frame.sequence, vector_json_integer(meaning, "sequence", -1));
    assert_int_equal(frame.mode, vector_json_integer(meaning, "mode", -1));
    assert_int_equal(frame.slot, vector_json_integer(meaning, "slot", -1));
    profile_tell(&told, "manhole", EXPLAIN_CHINESE, vector->frame, span_of_bytes(NULL, 0));
    assert_int_equal(told.result, 0); /* no key is no damage */
    const struct profile_row *id = profile_row_find(&told, "terminal_id", &from);
    assert_string_equal(id->value, vector_json_text(meaning, "terminal_id"));
    assert_true(id->is_address);
    assert_string_equal(profile_row_find(&told, "terminal_type", &from)->value,
                        vector_json_text(meaning, "terminal_type"));
    assert_string_equal(profile_row_find(&told, "function", &from)->value, vector_json_text(meaning, "function"));
}

static void heads_are_split_up(void **state)
{
    (void)state;
    vector_json_each("manhole/mhc1.json", head_compare, NULL);
}

static void items_again(struct span items, struct writer *out)
{
    struct reader reader = reader_of_span(items);
    struct manhole_item_value item;
    int result;

    while ((result = manhole_item_next(profile, &reader, &item)) > 0)
        assert_int_equal(manhole_item_encode(profile, &item, out), 0);
    assert_int_equal(result, 0);
}

/* Read into structures, written from them. */
static void area_again(unsigned function, struct span area, struct writer *out)
{
    static uint8_t again[MANHOLE_FRAME_LIMIT];
    struct writer items = writer_of_buffer(again, sizeof again);
    struct manhole_upload upload;
    struct manhole_upload_answer answer;
    struct manhole_control control;
    struct manhole_control_answer control_answer;

    switch (function) {
    case MANHOLE_UPLOAD:
        assert_int_equal(manhole_upload_decode(profile, area, &upload, NULL), 0);
        items_again(upload.items, &items);
        upload.items = writer_span(&items);
        assert_int_equal(manhole_upload_encode(profile, &upload, out), 0);
        break;
    case MANHOLE_UPLOAD_ANSWER:
        assert_int_equal(manhole_upload_answer_decode(profile, area, &answer, NULL), 0);
        assert_int_equal(manhole_upload_answer_encode(profile, &answer, out), 0);
        break;
    case MANHOLE_CONTROL:
        assert_int_equal(manhole_control_decode(profile, area, &control, NULL), 0);
        assert_int_equal(manhole_control_encode(profile, &control, out), 0);
        break;
    default:
        assert_int_equal(manhole_control_answer_decode(profile, area, &control_answer, NULL), 0);
        assert_int_equal(manhole_control_answer_encode(profile, &control_answer, out), 0);
    }
}

static void written_again(const struct vector_json *vector, void *context)
{
    static uint8_t area_bytes[MANHOLE_FRAME_LIMIT], scratch_bytes[MANHOLE_FRAME_LIMIT], out_bytes[MANHOLE_FRAME_LIMIT];
    struct writer area = writer_of_buffer(area_bytes, sizeof area_bytes);
    struct writer scratch = writer_of_buffer(scratch_bytes, sizeof scratch_bytes);
    struct writer out = writer_of_buffer(out_bytes, sizeof out_bytes);
    struct manhole_frame frame;
    struct manhole_keys keys;

    (void)context;
    if (!is_valid(vector) || strstr(vector->note, "nobody knows") != NULL)
        return;
    assert_int_equal(manhole_frame_decode(profile, vector->frame, &frame, NULL), 0);
    struct span initial = span_of_bytes(frame.area.bytes, manhole_initial_size(profile, frame.mode));
    area_again(frame.function, area_of(vector, &frame, &keys), &area);
    frame.area = writer_span(&area);
    assert_int_equal(manhole_frame_seal(profile, cipher_openssl(), &keys, &frame, initial, &scratch, &out), 0);
    assert_int_equal(out.size, vector->frame.size);
    assert_memory_equal(out.bytes, vector->frame.bytes, out.size);
}

static void decoded_vectors_are_written_again(void **state)
{
    (void)state;
    vector_json_each("manhole/mhc1.json", written_again, NULL);
}

/* The items of the list are those that the explainer hands over. */
static void items_compare(const struct vector_json *vector, void *context)
{
    static struct profile_told told;
    struct item room[PROFILE_VECTOR_ITEMS];
    struct item_list list = item_list_of(room, PROFILE_VECTOR_ITEMS);
    struct manhole_frame frame;
    struct manhole_keys keys;

    (void)context;
    if (!is_valid(vector))
        return;
    assert_int_equal(manhole_frame_decode(profile, vector->frame, &frame, NULL), 0);
    struct span area = area_of(vector, &frame, &keys);
    assert_int_equal(manhole_items_decode(profile, frame.terminal, frame.function, area, &list), 0);
    profile_tell(&told, "manhole", EXPLAIN_ENGLISH, vector->frame, profile_vector_key(vector));
    assert_int_equal(list.count, told.item_count);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(room[i].quantity, told.items[i].quantity);
        assert_int_equal(room[i].value, told.items[i].value);
    }
    if (list.count > 0) {
        list = item_list_of(room, list.count - 1);
        assert_int_equal(manhole_items_decode(profile, frame.terminal, frame.function, area, &list), CODEC_ERR_FULL);
    }
}

static void items_are_listed(void **state)
{
    (void)state;
    vector_json_each("manhole/mhc1.json", items_compare, NULL);
}

/* Whatever is cut or flipped: nothing crashes, and a packet is believed only when it is the right one. */
static void damaged(const struct vector_json *vector, void *context)
{
    static struct profile_told told;
    static uint8_t bytes[VECTOR_FRAME_LIMIT];
    struct span key = profile_vector_key(vector);

    (void)context;
    if (!is_valid(vector))
        return;
    for (size_t size = 0; size < vector->frame.size; size++) {
        profile_tell(&told, "manhole", EXPLAIN_CHINESE, span_of_bytes(vector->frame.bytes, size), key);
        assert_true(told.result < 0);
        assert_in_range(told.error_offset, 0, size);
    }
    for (size_t bit = 0; bit < 8 * vector->frame.size; bit++) {
        memcpy(bytes, vector->frame.bytes, vector->frame.size);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1 << bit % 8);
        profile_tell(&told, "manhole", EXPLAIN_ENGLISH, span_of_bytes(bytes, vector->frame.size), key);
        assert_true(told.result < 0);
        assert_int_equal(told.item_count, 0);
    }
}

static void damage_is_never_believed(void **state)
{
    (void)state;
    vector_json_each("manhole/mhc1.json", damaged, NULL);
}

static const char *meaning_of(const struct profile_told *told, const char *key)
{
    size_t from = 0;
    return profile_row_find(told, key, &from)->meaning;
}

/* The published alarm: with its key in two languages, without one, with a wrong one. */
static void alarm_told(const struct vector_json *vector, void *context)
{
    static const uint8_t wrong[CIPHER_BLOCK_SIZE];
    static struct profile_told told;
    struct span key = profile_vector_key(vector);

    (void)context;
    if (vector->index != 1)
        return;
    profile_tell(&told, "manhole", EXPLAIN_ENGLISH, vector->frame, key);
    assert_string_equal(meaning_of(&told, "alarm_code"), "2024-11-20T23:59:54Z, tilt");
    profile_tell(&told, "manhole", EXPLAIN_CHINESE, vector->frame, key);
    assert_string_equal(meaning_of(&told, "alarm_code"), "2024-11-20T23:59:54Z, 倾斜开盖");
    assert_string_equal(meaning_of(&told, "tag"), "正确");
    profile_tell(&told, "manhole", EXPLAIN_ENGLISH, vector->frame, span_of_bytes(NULL, 0));
    assert_int_equal(told.result, 0);
    assert_int_equal(told.item_count, 0);
    assert_string_equal(meaning_of(&told, "protected_data"), "key needed");
    assert_string_equal(meaning_of(&told, "tag"), "not checked");
    profile_tell(&told, "manhole", EXPLAIN_ENGLISH, vector->frame, span_of_bytes(wrong, sizeof wrong));
    assert_int_equal(told.result, CODEC_ERR_KEY);
    assert_int_equal(told.error_offset, 82);
    assert_int_equal(told.item_count, 0);
    assert_string_equal(meaning_of(&told, "tag"), "wrong");
    assert_string_equal(meaning_of(&told, "crc"), "right");
}

static void keys_open_what_is_told(void **state)
{
    (void)state;
    vector_json_each("manhole/mhc1.json", alarm_told, NULL);
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
    profile = manhole_profile_mhc1();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
