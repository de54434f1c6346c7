#include "codec/manhole/manhole_lock.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/codec_error.h"

int manhole_lock_key(const struct manhole_profile *profile, const struct cipher *cipher,
                     const uint8_t lock_key[CIPHER_BLOCK_SIZE], struct span record, uint8_t out[CIPHER_BLOCK_SIZE])
{
    struct span parts[2] = { span_of_text(profile->lock_labels[0]), record };
    return cipher->cmac(cipher->context, CIPHER_SM4, lock_key, parts, 2, out);
}

int manhole_lock_answer(const struct manhole_profile *profile, const struct cipher *cipher,
                        const uint8_t key[CIPHER_BLOCK_SIZE], const uint8_t nonce[MANHOLE_NONCE_SIZE], uint8_t action,
                        uint8_t out[MANHOLE_LOCK_ANSWER_SIZE])
{
    uint8_t whole[CIPHER_BLOCK_SIZE];

    if (!manhole_can_say(profile, MANHOLE_SET_LOCK_ACTION, action))
        return CODEC_ERR_UNKNOWN;
    uint8_t code = manhole_code(profile, MANHOLE_SET_LOCK_ACTION, action);
    struct span parts[3] = { span_of_text(profile->lock_labels[1]), span_of_bytes(nonce, MANHOLE_NONCE_SIZE),
                             span_of_bytes(&code, 1) };
    int result = cipher->cmac(cipher->context, CIPHER_SM4, key, parts, 3, whole);
    if (result == 0)
        memcpy(out, whole, MANHOLE_LOCK_ANSWER_SIZE);
    return result;
}

int manhole_lock_answer_check(const struct manhole_profile *profile, const struct cipher *cipher,
                              const uint8_t key[CIPHER_BLOCK_SIZE], const uint8_t nonce[MANHOLE_NONCE_SIZE],
                              uint8_t action, const uint8_t answer[MANHOLE_LOCK_ANSWER_SIZE])
{
    uint8_t expected[MANHOLE_LOCK_ANSWER_SIZE];
    int result = manhole_lock_answer(profile, cipher, key, nonce, action, expected);

    if (result < 0)
        return result;
    return cipher_equal(expected, answer, sizeof expected) ? 0 : CODEC_ERR_KEY;
}

static bool weekday_is_allowed(const struct manhole_lock_record *record, int64_t day)
{
    return (record->weekdays >> (calendar_weekday_of_day(day) - CALENDAR_MONDAY) & 1) != 0;
}

static bool window_is_open(const struct manhole_lock_record *record, const struct manhole_lock_moment *moment)
{
    int64_t day = calendar_local_day(moment->now_s, moment->zone_offset_s);
    int32_t minute = calendar_second_of_day(moment->now_s, moment->zone_offset_s) / 60;
    bool is_after_start = minute >= record->daily_start_min;
    bool is_before_end = minute < record->daily_end_min;

    if (record->daily_start_min <= record->daily_end_min)
        return is_after_start && is_before_end && weekday_is_allowed(record, day);
    if (is_after_start)
        return weekday_is_allowed(record, day);
    return is_before_end && weekday_is_allowed(record, day - 1);
}

enum manhole_refusal manhole_lock_permit(const struct manhole_lock_record *record,
                                         const struct manhole_lock_moment *moment)
{
    if (!moment->is_clock_set)
        return MANHOLE_REFUSAL_CLOCK_NOT_SET;
    if (memcmp(record->lock_id, moment->lock_id, sizeof record->lock_id) != 0)
        return MANHOLE_REFUSAL_WRONG_LOCK;
    if (moment->now_s < record->not_before_s)
        return MANHOLE_REFUSAL_TOO_EARLY;
    if (moment->now_s > record->not_after_s)
        return MANHOLE_REFUSAL_TOO_LATE;
    if (!window_is_open(record, moment))
        return MANHOLE_REFUSAL_OUTSIDE_WINDOW;
    if (record->uses != 0 && moment->uses >= record->uses)
        return MANHOLE_REFUSAL_USED_UP;
    return moment->is_revoked ? MANHOLE_REFUSAL_REVOKED : MANHOLE_REFUSAL_NONE;
}
