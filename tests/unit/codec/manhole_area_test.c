#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/manhole/manhole_area.h"
#include "tests/unit/codec/layout_random.h"

#define ROUNDS 3000
#define ROOM 1024

static const struct manhole_profile *profile;

static int control_try(const struct manhole_control *control)
{
    uint8_t bytes[256];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    return manhole_control_encode(profile, control, &out);
}

static struct manhole_control reporting(uint32_t health, uint32_t sample, uint32_t upload, uint16_t alarm_sample,
                                        uint16_t alarm_upload)
{
    struct manhole_control control = { .command = MANHOLE_COMMAND_SET_REPORTING, .request_id = 1 };

    control.as.reporting.health_period_s = health;
    control.as.reporting.sample_period_s = sample;
    control.as.reporting.upload_period_s = upload;
    control.as.reporting.alarm_sample_period_s = alarm_sample;
    control.as.reporting.alarm_upload_period_s = alarm_upload;
    return control;
}

static void reporting_keeps_its_bounds(void **state)
{
    static const struct {
        uint32_t health, sample, upload;
        uint16_t alarm_sample, alarm_upload;
        int result;
    } cases[] = {
        { 86400, 600, 3600, 10, 10, 0 },
        { 600, 600, 600, 1, 1, 0 },
        { 604800, 1, 3600, 3600, 3600, 0 },
        { 599, 600, 3600, 10, 10, CODEC_ERR_RANGE },
        { 604801, 600, 3600, 10, 10, CODEC_ERR_RANGE },
        { 86400, 601, 600, 10, 10, CODEC_ERR_RANGE },    /* uploads more often than samples */
        { 86400, 600, 3600, 11, 10, CODEC_ERR_RANGE },   /* the same in an alarm */
        { 86400, 600, 3600, 0, 0, CODEC_ERR_RANGE },     /* alarm upload below 1 s */
        { 86400, 600, 7200, 10, 3601, CODEC_ERR_RANGE }, /* above 3600 s */
        { 86400, 600, 1800, 10, 1801, CODEC_ERR_RANGE }, /* slower than without an alarm */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct manhole_control control =
            reporting(cases[i].health, cases[i].sample, cases[i].upload, cases[i].alarm_sample, cases[i].alarm_upload);
        assert_int_equal(control_try(&control), cases[i].result);
    }
}

static void tilt_thresholds_keep_their_bounds(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct manhole_threshold threshold = manhole_threshold_tilt(profile);
    const struct manhole_threshold right = threshold;

    assert_int_equal(threshold.high, 150);
    assert_int_equal(threshold.hysteresis, 30);
    assert_int_equal(threshold.hold_s, 2);
    assert_int_equal(manhole_threshold_encode(profile, &threshold, &out), 0);
    threshold.high = 49;
    assert_int_equal(manhole_threshold_encode(profile, &threshold, &out), CODEC_ERR_RANGE);
    threshold.high = 901;
    assert_int_equal(manhole_threshold_encode(profile, &threshold, &out), CODEC_ERR_RANGE);
    threshold = right;
    threshold.hold_s = 30;
    assert_int_equal(manhole_threshold_encode(profile, &threshold, &out), CODEC_ERR_RANGE);
    threshold = right;
    threshold.hysteresis = 150; /* would never be lifted */
    assert_int_equal(manhole_threshold_encode(profile, &threshold, &out), CODEC_ERR_RANGE);
    threshold.item = MANHOLE_ITEM_LEVEL; /* another quantity, other values */
    assert_int_equal(manhole_threshold_encode(profile, &threshold, &out), 0);
    threshold.hysteresis = -1;
    assert_int_equal(manhole_threshold_encode(profile, &threshold, &out), CODEC_ERR_RANGE);
}

/* What another program wrote is judged as well before it is passed on. */
static void thresholds_of_a_request_are_checked(void **state)
{
    (void)state;
    static const uint8_t wrong[] = { 1, 0, 0, 0, 49, 0, 0, 0, 0, 0, 0, 0, 30, 0, 2 };
    struct manhole_control control = { .command = MANHOLE_COMMAND_SET_THRESHOLDS };

    assert_int_equal(control_try(&control), CODEC_ERR_RANGE); /* none at all */
    control.as.thresholds = span_of_bytes(wrong, sizeof wrong);
    assert_int_equal(control_try(&control), CODEC_ERR_RANGE);
    control.as.thresholds.size--;
    assert_int_equal(control_try(&control), CODEC_ERR_SHORT);
}

static void an_open_alarm_stays_inside_thirty_seconds(void **state)
{
    (void)state;
    struct manhole_threshold threshold = manhole_threshold_tilt(profile);
    struct manhole_reporting periods = { 86400, 600, 3600, 10, 10 };

    assert_int_equal(manhole_alarm_delay_check(profile, &threshold, &periods, 18), 0);
    assert_int_equal(manhole_alarm_delay_check(profile, &threshold, &periods, 19), CODEC_ERR_RANGE);
    threshold.hold_s = 29;
    assert_int_equal(manhole_alarm_delay_check(profile, &threshold, &periods, 0), CODEC_ERR_RANGE);
}

static void lock_records_keep_their_bounds(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    const struct manhole_lock_record right = {
        .not_before_s = 1, .not_after_s = 2, .weekdays = 0x7f, .daily_end_min = 1440, .actions = 1
    };
    struct manhole_lock_record record = right;

    assert_int_equal(manhole_lock_record_encode(profile, &record, &out), 0);
    assert_int_equal(out.size, MANHOLE_LOCK_RECORD_SIZE);
    record.not_after_s = 1;
    assert_int_equal(manhole_lock_record_encode(profile, &record, &out), CODEC_ERR_RANGE);
    record = right;
    record.daily_end_min = 1441;
    assert_int_equal(manhole_lock_record_encode(profile, &record, &out), CODEC_ERR_RANGE);
    record = right;
    record.daily_start_min = 1440;
    assert_int_equal(manhole_lock_record_encode(profile, &record, &out), CODEC_ERR_RANGE);
    record = right;
    record.weekdays = 0;
    assert_int_equal(manhole_lock_record_encode(profile, &record, &out), CODEC_ERR_RANGE);
    record = right;
    record.actions = 0;
    assert_int_equal(manhole_lock_record_encode(profile, &record, &out), CODEC_ERR_RANGE);
    record.actions = 4;
    assert_int_equal(manhole_lock_record_encode(profile, &record, &out), CODEC_ERR_UNKNOWN);
}

static void unknown_items_are_passed_over(void **state)
{
    (void)state;
    static const uint8_t items[] = { 0xee, 2, 1, 2, 0x02, 1, 1, 0xef, 0, 0x03, 3, 0, 0, 1 };
    struct reader reader = reader_of_span(span_of_bytes(items, sizeof items));
    struct manhole_item_value item;

    assert_int_equal(manhole_item_next(profile, &reader, &item), 1);
    assert_int_equal(item.item, MANHOLE_ITEM_COVER);
    assert_int_equal(item.as.cover, MANHOLE_COVER_OPEN);
    assert_int_equal(manhole_item_next(profile, &reader, &item), CODEC_ERR_FORMAT); /* a level of three bytes */
    assert_int_equal(item.item, MANHOLE_ITEM_COVER);
    reader = reader_of_span(span_of_bytes(items, 3));
    assert_int_equal(manhole_item_next(profile, &reader, &item), CODEC_ERR_SHORT);
}

/* Encode, decode, compare; structures that no builder accepts do not count. */
static unsigned rounds_run(const struct layout *layout, size_t structure_size)
{
    struct random random = random_of_seed(35);
    uint64_t one[64], other[64];
    uint8_t room_bytes[ROOM], bytes[ROOM];
    unsigned done = 0;

    assert_true(structure_size <= sizeof one);
    for (int round = 0; round < ROUNDS; round++) {
        struct writer room = writer_of_buffer(room_bytes, sizeof room_bytes);
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        memset(one, 0, sizeof one);
        memset(other, 0, sizeof other);
        layout_random_fill(layout, profile->sets, &random, one, &room);
        if (room.overflow || layout_encode(layout, profile->sets, one, &out) < 0)
            continue;
        struct reader reader = reader_of_span(writer_span(&out));
        assert_int_equal(layout_decode(layout, profile->sets, &reader, other), 0);
        assert_int_equal(reader_remaining(&reader), 0);
        assert_true(layout_random_same(layout, profile->sets, one, other));
        done++;
    }
    return done;
}

static void random_areas_come_back(void **state)
{
    (void)state;
    assert_in_range(rounds_run(profile->upload, sizeof(struct manhole_upload)), ROUNDS * 9 / 10, ROUNDS);
    assert_int_equal(rounds_run(profile->upload_answer, sizeof(struct manhole_upload_answer)), ROUNDS);
    assert_in_range(rounds_run(profile->control, sizeof(struct manhole_control)), ROUNDS * 9 / 10, ROUNDS);
    assert_int_equal(rounds_run(profile->control_answer, sizeof(struct manhole_control_answer)), ROUNDS);
    assert_int_equal(rounds_run(profile->lock_record, sizeof(struct manhole_lock_record)), ROUNDS);
    for (size_t i = 0; i < profile->sets[MANHOLE_SET_ITEM].count; i++) {
        unsigned least = i == MANHOLE_ITEM_SERIES ? ROUNDS / 4 : ROUNDS; /* a series of series is none */
        const struct layout *layout = profile->sets[MANHOLE_SET_ITEM].rows[i].about;
        assert_in_range(rounds_run(layout, sizeof(struct manhole_item_value)), least, ROUNDS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reporting_keeps_its_bounds),
        cmocka_unit_test(tilt_thresholds_keep_their_bounds),
        cmocka_unit_test(thresholds_of_a_request_are_checked),
        cmocka_unit_test(an_open_alarm_stays_inside_thirty_seconds),
        cmocka_unit_test(lock_records_keep_their_bounds),
        cmocka_unit_test(unknown_items_are_passed_over),
        cmocka_unit_test(random_areas_come_back),
    };
    profile = manhole_profile_mhc1();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
