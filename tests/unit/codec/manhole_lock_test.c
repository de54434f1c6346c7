#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/manhole/manhole_lock.h"
#include "security/cipher_openssl.h"

#define MIDNIGHT 0x673e7800u /* Thursday 2024-11-21 00:00 UTC */
#define CHINA_S 28800

static const uint8_t lock_key[16] = { 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
                                      0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf };

static struct span bytes_of(const char *hex, uint8_t *bytes, size_t capacity)
{
    int size = hex_decode(span_of_text(hex), bytes, capacity);
    assert_true(size >= 0);
    return span_of_bytes(bytes, (size_t)size);
}

/* MHC-1, worked examples: record, Ktok, answer. */
static void the_published_key_opens(void **state)
{
    (void)state;
    const struct manhole_profile *profile = manhole_profile_mhc1();
    uint8_t record_bytes[64], expected[16], key[16], nonce[8], answer[8];
    struct manhole_lock_record record;
    struct span shown = bytes_of("00001001086123456789099900000000000047110000004d673e7800673ee8807f000005a00403",
                                 record_bytes, sizeof record_bytes);

    assert_int_equal(manhole_lock_record_decode(profile, shown, &record), 0);
    assert_int_equal(record.authorisation_id, 0x1001);
    assert_int_equal(record.holder_id, 77);
    assert_int_equal(record.not_after_s - record.not_before_s, 8 * 3600);
    assert_int_equal(record.daily_end_min, 1440);
    assert_int_equal(record.uses, 4);
    assert_int_equal(record.actions, 3);
    assert_int_equal(manhole_lock_key(profile, cipher_openssl(), lock_key, shown, key), 0);
    bytes_of("1d676c8aab6917c0c6f45faeaabb8e27", expected, sizeof expected);
    assert_memory_equal(key, expected, 16);
    bytes_of("c0ffee0011223344", nonce, sizeof nonce);
    assert_int_equal(manhole_lock_answer(profile, cipher_openssl(), key, nonce, MANHOLE_LOCK_OPEN, answer), 0);
    bytes_of("74ad445209c4cbaf", expected, sizeof expected);
    assert_memory_equal(answer, expected, 8);
    assert_int_equal(manhole_lock_answer_check(profile, cipher_openssl(), key, nonce, MANHOLE_LOCK_OPEN, answer), 0);
    assert_int_equal(manhole_lock_answer_check(profile, cipher_openssl(), key, nonce, MANHOLE_LOCK_CLOSE, answer),
                     CODEC_ERR_KEY);
    nonce[7] ^= 1;
    assert_int_equal(manhole_lock_answer_check(profile, cipher_openssl(), key, nonce, MANHOLE_LOCK_OPEN, answer),
                     CODEC_ERR_KEY);
    assert_int_equal(manhole_lock_answer(profile, cipher_openssl(), key, nonce, 2, answer), CODEC_ERR_UNKNOWN);
}

static const struct manhole_lock_record any_time = { .lock_id = { 1, 2, 3 },
                                                     .not_before_s = MIDNIGHT - 86400,
                                                     .not_after_s = MIDNIGHT + 86400,
                                                     .weekdays = 0x7f,
                                                     .daily_end_min = 1440,
                                                     .uses = 4,
                                                     .actions = 3 };
static const struct manhole_lock_moment now = {
    .lock_id = { 1, 2, 3 }, .now_s = MIDNIGHT, .zone_offset_s = CHINA_S, .is_clock_set = true
};

static void refusals_have_reasons(void **state)
{
    (void)state;
    struct manhole_lock_record record = any_time;
    struct manhole_lock_moment moment = now;

    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_NONE);
    moment.lock_id[0] = 9;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_WRONG_LOCK);
    moment = now;
    moment.now_s = record.not_before_s - 1;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_TOO_EARLY);
    moment.now_s = record.not_before_s;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_NONE);
    moment.now_s = record.not_after_s;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_NONE);
    moment.now_s++;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_TOO_LATE);
    moment = now;
    moment.uses = 3;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_NONE);
    moment.uses = 4;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_USED_UP);
    record.uses = 0; /* unlimited */
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_NONE);
    moment.is_revoked = true;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_REVOKED);
    moment.is_clock_set = false;
    assert_int_equal(manhole_lock_permit(&record, &moment), MANHOLE_REFUSAL_CLOCK_NOT_SET);
}

static enum manhole_refusal at(const struct manhole_lock_record *record, int64_t local_day, int minute)
{
    struct manhole_lock_moment moment = now;
    moment.now_s = (uint32_t)((int64_t)MIDNIGHT + local_day * 86400 + minute * 60 - CHINA_S);
    return manhole_lock_permit(record, &moment);
}

static void the_first_minute_is_inside_and_the_last_outside(void **state)
{
    (void)state;
    struct manhole_lock_record record = any_time;

    record.daily_start_min = 8 * 60;
    record.daily_end_min = 18 * 60;
    assert_int_equal(at(&record, 0, 8 * 60 - 1), MANHOLE_REFUSAL_OUTSIDE_WINDOW);
    assert_int_equal(at(&record, 0, 8 * 60), MANHOLE_REFUSAL_NONE);
    assert_int_equal(at(&record, 0, 18 * 60 - 1), MANHOLE_REFUSAL_NONE);
    assert_int_equal(at(&record, 0, 18 * 60), MANHOLE_REFUSAL_OUTSIDE_WINDOW);
    record.weekdays = 0x77; /* no Thursday */
    assert_int_equal(at(&record, 0, 9 * 60), MANHOLE_REFUSAL_OUTSIDE_WINDOW);
    record.weekdays = 0x08; /* Thursday only */
    assert_int_equal(at(&record, 0, 9 * 60), MANHOLE_REFUSAL_NONE);
}

/* 22:00 to 06:00, Wednesday nights: Thursday's early hours belong to Wednesday. */
static void windows_may_cross_midnight(void **state)
{
    (void)state;
    struct manhole_lock_record record = any_time;

    record.daily_start_min = 22 * 60;
    record.daily_end_min = 6 * 60;
    record.weekdays = 0x04;
    assert_int_equal(at(&record, -1, 22 * 60), MANHOLE_REFUSAL_NONE);
    assert_int_equal(at(&record, 0, 0), MANHOLE_REFUSAL_NONE);
    assert_int_equal(at(&record, 0, 6 * 60 - 1), MANHOLE_REFUSAL_NONE);
    assert_int_equal(at(&record, 0, 6 * 60), MANHOLE_REFUSAL_OUTSIDE_WINDOW);
    assert_int_equal(at(&record, 0, 22 * 60), MANHOLE_REFUSAL_OUTSIDE_WINDOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_key_opens),
        cmocka_unit_test(refusals_have_reasons),
        cmocka_unit_test(the_first_minute_is_inside_and_the_last_outside),
        cmocka_unit_test(windows_may_cross_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
