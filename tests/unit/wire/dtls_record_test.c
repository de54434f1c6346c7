#include "tests/unit/unit_test.h"

#include <string.h>

#include "wire/dtls_record.h"
#include "wire/wire_error.h"

static const uint8_t two_records[] = { 23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 1, 0, 2, 0, 3, 'a', 'b', 'c',
                                       21, 0xfe, 0xfd, 0, 1, 0, 0, 0, 1, 0, 3, 0, 0 };

static void header_fields_are_read(void **state)
{
    (void)state;
    struct dtls_record record;
    assert_int_equal(dtls_record_decode(span_of_bytes(two_records, sizeof two_records), &record), 16);
    assert_int_equal(record.type, DTLS_APPLICATION_DATA);
    assert_int_equal(record.version, DTLS_VERSION_1_2);
    assert_int_equal(record.epoch, 1);
    assert_int_equal(record.sequence, 0x10002);
    assert_true(span_equal_text(record.fragment, "abc"));
    assert_int_equal(dtls_record_decode(span_of_bytes(two_records + 16, 13), &record), 13);
    assert_int_equal(record.fragment.size, 0);
}

static void every_truncation_is_refused_and_leaves_the_output(void **state)
{
    (void)state;
    for (size_t size = 0; size < 16; size++) {
        struct dtls_record record = { .type = 99 };
        assert_int_equal(dtls_record_decode(span_of_bytes(two_records, size), &record), WIRE_ERR_RECORD);
        assert_int_equal(record.type, 99);
    }
}

static void foreign_types_and_versions_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[16];
    struct dtls_record record;
    memcpy(bytes, two_records, sizeof bytes);
    bytes[0] = 19;
    assert_int_equal(dtls_record_decode(span_of_bytes(bytes, sizeof bytes), &record), WIRE_ERR_RECORD);
    bytes[0] = 24;
    assert_int_equal(dtls_record_decode(span_of_bytes(bytes, sizeof bytes), &record), WIRE_ERR_RECORD);
    bytes[0] = 23;
    bytes[1] = 3; /* TLS over the wrong port */
    assert_int_equal(dtls_record_decode(span_of_bytes(bytes, sizeof bytes), &record), WIRE_ERR_RECORD);
}

static void replay_window_holds_sixty_four_numbers(void **state)
{
    (void)state;
    struct dtls_replay_window window = { 0 };
    assert_true(dtls_replay_window_is_new(&window, 0));
    dtls_replay_window_mark(&window, 0);
    assert_false(dtls_replay_window_is_new(&window, 0));
    dtls_replay_window_mark(&window, 63);
    assert_false(dtls_replay_window_is_new(&window, 0));
    assert_true(dtls_replay_window_is_new(&window, 1));
    dtls_replay_window_mark(&window, 1);
    assert_false(dtls_replay_window_is_new(&window, 1));
    dtls_replay_window_mark(&window, 64);
    assert_false(dtls_replay_window_is_new(&window, 0)); /* fell out: too old, even were it new */
    assert_true(dtls_replay_window_is_new(&window, 2));
    dtls_replay_window_mark(&window, DTLS_SEQUENCE_LIMIT - 1);
    assert_false(dtls_replay_window_is_new(&window, 64));
    assert_false(dtls_replay_window_is_new(&window, DTLS_SEQUENCE_LIMIT - 1));
    assert_true(dtls_replay_window_is_new(&window, DTLS_SEQUENCE_LIMIT - 64));
}

static void sealed_text_opens_only_with_its_own_key_and_number(void **state)
{
    (void)state;
    struct dtls_aead *aead;
    assert_int_equal(dtls_aead_open(&aead), 0);
    struct dtls_direction_key key = { .key = "sixteen bytes ok", .implicit_nonce = { 1, 2, 3, 4 } };
    for (int suite = 0; suite < DTLS_SUITE_COUNT; suite++) {
        struct dtls_record header = { .type = DTLS_APPLICATION_DATA, .epoch = 1, .sequence = 77 };
        struct dtls_record record;
        uint8_t sealed[128];
        uint8_t opened[128];
        int size = dtls_aead_seal(aead, (enum dtls_suite)suite, &key, &header, span_of_text("7.817 m3"), sealed,
                                  sizeof sealed);
        assert_int_equal(size, DTLS_RECORD_HEADER_SIZE + 8 + 8 + (int)dtls_suite_tag_size((enum dtls_suite)suite));
        assert_int_equal(dtls_record_decode(span_of_bytes(sealed, (size_t)size), &record), size);
        assert_int_equal(dtls_aead_unseal(aead, (enum dtls_suite)suite, &key, &record, opened), 8);
        assert_memory_equal(opened, "7.817 m3", 8);
        record.sequence++;
        assert_int_equal(dtls_aead_unseal(aead, (enum dtls_suite)suite, &key, &record, opened), WIRE_ERR_RECORD);
        record.sequence--;
        key.key[0] ^= 1;
        assert_int_equal(dtls_aead_unseal(aead, (enum dtls_suite)suite, &key, &record, opened), WIRE_ERR_RECORD);
        key.key[0] ^= 1;
        assert_int_equal(dtls_aead_unseal(aead, (enum dtls_suite)suite, &key, &record, opened), 8);
    }
    dtls_aead_close(aead);
}

static void record_that_does_not_fit_is_not_written(void **state)
{
    (void)state;
    struct dtls_aead *aead;
    assert_int_equal(dtls_aead_open(&aead), 0);
    struct dtls_direction_key key = { { 0 }, { 0 } };
    struct dtls_record header = { .type = DTLS_APPLICATION_DATA, .epoch = 1 };
    uint8_t sealed[40];
    assert_int_equal(dtls_aead_seal(aead, DTLS_SUITE_GCM, &key, &header, span_of_text("1234"), sealed, 40),
                     WIRE_ERR_TOO_LONG);
    assert_int_equal(dtls_aead_seal(aead, DTLS_SUITE_GCM, &key, &header, span_of_text("123"), sealed, 40), 40);
    dtls_aead_close(aead);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_fields_are_read),
        cmocka_unit_test(every_truncation_is_refused_and_leaves_the_output),
        cmocka_unit_test(foreign_types_and_versions_are_refused),
        cmocka_unit_test(replay_window_holds_sixty_four_numbers),
        cmocka_unit_test(sealed_text_opens_only_with_its_own_key_and_number),
        cmocka_unit_test(record_that_does_not_fit_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
