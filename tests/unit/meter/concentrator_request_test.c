/* What a concentrator answers, denies, and is silent to. */
#include "tests/unit/unit_test.h"

#include "tests/unit/meter/concentrator_world.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "tests/unit/codec/vector_json.h"

static struct concentrator_world world;

static int32_t test_day(void)
{
    return concentrator_world_today(&world);
}

/* A request with everything of its head given. */
static int frame_ask(struct q376_frame *frame, int64_t wait_ms)
{
    uint8_t bytes[2100];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    if (frame->protocol == 0)
        frame->protocol = Q376_PROTOCOL_376;
    frame->address = world.config.core.address;
    frame->sequence = (uint8_t)(frame->sequence | Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL);
    assert_int_equal(q376_frame_encode(frame, &out), 0);
    return concentrator_world_send(&world, writer_span(&out), wait_ms);
}

static struct q376_frame frame_of(uint8_t control, uint8_t afn, struct span units)
{
    static const uint8_t zeros[Q376_PASSWORD_SIZE];
    struct q376_setting setting = q376_setting_default();
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.control = control;
    frame.afn = afn;
    frame.units = units;
    if (q376_password_size(&setting, Q376_PROTOCOL_376, control, afn) > 0)
        frame.password = span_of_bytes(zeros, sizeof zeros);
    return frame;
}

enum expected { EXPECT_SILENCE, EXPECT_DENIAL, EXPECT_ANSWER };

/* By the rules of the README: who is meant, how old it may be, whether PW fits, whether the AFN is one of ours. */
static enum expected expected_of(const struct q376_frame *frame)
{
    static const uint8_t answered[] = { 0x01, 0x03, 0x04, 0x05, 0x06, 0x08, 0x09,
                                        0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10 };
    bool is_old = frame->has_time_tag && frame->time_tag.delay_min > 0;

    if (q376_frame_is_uplink(frame) || frame->address.is_group || is_old ||
        memchr(answered, frame->afn, sizeof answered) == NULL)
        return EXPECT_SILENCE;
    if (frame->password.size > 0 && !span_is_filled(frame->password, 0))
        return EXPECT_DENIAL;
    return EXPECT_ANSWER;
}

static void vector_replay(const struct vector_json *vector, void *context)
{
    struct q376_frame frame;
    unsigned *replayed = context;
    bool is_sound = q376_frame_decode(vector->frame, &frame, NULL) == 0;
    bool is_ours = is_sound && !frame.address.is_group && frame.address.terminal != 0;

    concentrator_world_prepare(&world);
    if (is_ours)
        world.config.core.address = frame.address;
    world.config.core.address.station = 0;
    if (is_sound)
        world.config.core.protocol = frame.protocol;
    concentrator_world_start(&world);
    concentrator_world_run(&world, 10 * WORLD_SECOND_MS);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 7);
    concentrator_world_archive(&world);
    int afn = concentrator_world_send(&world, vector->frame, 8000);
    enum expected expected = is_ours ? expected_of(&frame) : EXPECT_SILENCE;
    if (expected == EXPECT_SILENCE) {
        assert_int_equal(afn, -1);
    } else {
        assert_true(world.fits);
        assert_true(afn == frame.afn || afn == Q376_AFN_CONFIRM);
        assert_int_equal(world.last.sequence & Q376_SEQUENCE_NUMBER,
                         (frame.sequence + world.frames - 1) & Q376_SEQUENCE_NUMBER);
        if (expected == EXPECT_DENIAL)
            assert_true(concentrator_world_is_denied(&world));
        (*replayed)++;
    }
    concentrator_world_run(&world, 5 * WORLD_MINUTE_MS);
    assert_true(concentrator_is_online(&world.site.host.core));
    concentrator_world_close(&world);
}

static void captured_requests_are_answered_or_denied(void **state)
{
    unsigned replayed = 0;

    (void)state;
    vector_json_each("q376/qgdw376.json", vector_replay, &replayed);
    assert_in_range(replayed, 15, 40);
    print_message("# %u of the recorded requests are answered or denied\n", replayed);
}

static void an_archive_beyond_the_limit_is_denied(void **state)
{
    struct q376_archive_entry entry;
    uint8_t bytes[64];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    concentrator_world_open(&world);
    for (uint64_t i = 0; i < CONCENTRATOR_WORLD_METERS; i++)
        concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_NONE, 1000 + i);
    concentrator_world_archive(&world);
    assert_int_equal(world.site.host.core.alive, 500);
    entry = concentrator_world_entry(&world, 0, 2);
    entry.number = 501;
    entry.point = 501;
    assert_int_equal(q376_archive_put(&entry, 1, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_SET, writer_span(&units), 1000), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_denied(&world));
    assert_int_equal(world.site.host.core.alive, 500);
    /* One goes, one comes: in one request. */
    struct q376_archive_entry both[2] = { entry, concentrator_world_entry(&world, 9, 2) };
    both[1].point = 0;
    units.size = 0;
    assert_int_equal(q376_archive_put(both, 2, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_SET, writer_span(&units), 1000), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    assert_int_equal(concentrator_site_restart(&world.site), 0);
    assert_int_equal(world.site.host.core.alive, 500);
    assert_int_not_equal(world.site.host.core.place_of_point[501], UINT16_MAX);
    assert_int_equal(world.site.host.core.place_of_point[10], UINT16_MAX);
    concentrator_world_close(&world);
}

static void two_entries_cannot_hold_one_point(void **state)
{
    struct q376_archive_entry entries[2];
    uint8_t bytes[96];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    concentrator_world_open(&world);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_NONE, 1);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_NONE, 2);
    concentrator_world_archive(&world);
    entries[0] = concentrator_world_entry(&world, 0, 2);
    entries[0].point = 2;
    assert_int_equal(q376_archive_put(entries, 1, &units), 0);
    (void)concentrator_world_ask(&world, Q376_AFN_SET, writer_span(&units), 1000);
    assert_true(concentrator_world_is_denied(&world));
    /* But they may change places. */
    entries[1] = concentrator_world_entry(&world, 1, 2);
    entries[1].point = 1;
    units.size = 0;
    assert_int_equal(q376_archive_put(entries, 2, &units), 0);
    (void)concentrator_world_ask(&world, Q376_AFN_SET, writer_span(&units), 1000);
    assert_true(concentrator_world_is_confirmed(&world));
    concentrator_world_close(&world);
}

static void a_wrong_password_changes_nothing(void **state)
{
    static const uint8_t wrong[Q376_PASSWORD_SIZE] = { 0x67, 0x89 };
    uint8_t bytes[32];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    struct item_time time = { 2027, 1, 1, 0, 0, 0, ITEM_TIME_SECOND, 0, 0 };

    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(q376_clock_put(&time, &units), 0);
    struct q376_frame frame = frame_of(0x4a, Q376_AFN_CONTROL, writer_span(&units));
    frame.password = span_of_bytes(wrong, sizeof wrong);
    unsigned reports = world.reports;
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_denied(&world));
    concentrator_world_run(&world, WORLD_SECOND_MS);
    assert_int_equal(world.reports, reports + 1); /* ERC20 */
    for (int i = 0; i < 100; i++)
        assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CONFIRM);
    concentrator_world_run(&world, WORLD_SECOND_MS);
    assert_int_equal(world.reports, reports + 1); /* not one for each: flash wears out */
    concentrator_world_run(&world, 61 * WORLD_MINUTE_MS);
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CONFIRM);
    concentrator_world_run(&world, WORLD_SECOND_MS);
    assert_int_equal(world.reports, reports + 2);
    int32_t before = test_day();
    assert_int_equal(concentrator_world_current(&world, 0, 2), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_DATE_TIME, 0, 0)->time.year, 2026);
    /* The right one sets the clock. */
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_CONTROL, writer_span(&units), 1000), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    assert_int_equal(concentrator_world_current(&world, 0, 2), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_DATE_TIME, 0, 0)->time.year, 2027);
    assert_int_equal(before, test_day());
    concentrator_world_close(&world);
}

static void an_old_request_is_dropped(void **state)
{
    uint8_t bytes[16];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(q376_unit_put(0, 2, &units), 0);
    struct q376_frame frame = frame_of(0x4b, Q376_AFN_CURRENT, writer_span(&units));
    frame.has_time_tag = true;
    frame.time_tag.delay_min = 5;
    const uint8_t now[] = { 0x00, 0x00, 0x09, 0x21 }, old[] = { 0x00, 0x54, 0x08, 0x21 };
    memcpy(frame.time_tag.sent_at, now, sizeof now);
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CURRENT);
    memcpy(frame.time_tag.sent_at, old, sizeof old);
    assert_int_equal(frame_ask(&frame, 1000), -1);
    assert_int_equal(world.site.host.core.counts.stale, 1);
    frame.time_tag.delay_min = 0; /* not to be checked */
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CURRENT);
    concentrator_world_close(&world);
}

/* The tag has a day, and no month: around the end of a month it is the nearest that is meant. */
static void a_request_is_not_old_at_the_end_of_a_month(void **state)
{
    static const struct {
        struct item_time now;
        uint8_t sent_at[4]; /* second, minute, hour, day */
        bool is_stale;
    } rows[] = {
        { { 2026, 12, 1, 0, 1, 0, ITEM_TIME_SECOND, 0, 0 }, { 0x30, 0x59, 0x23, 0x30 }, false },
        { { 2027, 3, 1, 0, 1, 0, ITEM_TIME_SECOND, 0, 0 }, { 0x30, 0x59, 0x23, 0x28 }, false },
        { { 2028, 3, 1, 0, 1, 0, ITEM_TIME_SECOND, 0, 0 }, { 0x30, 0x59, 0x23, 0x29 }, false },
        { { 2027, 1, 1, 0, 1, 0, ITEM_TIME_SECOND, 0, 0 }, { 0x30, 0x59, 0x23, 0x31 }, false },
        { { 2027, 1, 31, 23, 59, 30, ITEM_TIME_SECOND, 0, 0 }, { 0x10, 0x00, 0x00, 0x01 }, false }, /* sender ahead */
        { { 2027, 2, 28, 23, 59, 30, ITEM_TIME_SECOND, 0, 0 }, { 0x10, 0x00, 0x00, 0x01 }, false },
        { { 2027, 3, 1, 0, 1, 0, ITEM_TIME_SECOND, 0, 0 }, { 0x30, 0x59, 0x23, 0x27 }, true },
        { { 2027, 3, 1, 0, 1, 0, ITEM_TIME_SECOND, 0, 0 }, { 0x30, 0x59, 0x23, 0x31 }, true },
        { { 2027, 1, 31, 23, 59, 30, ITEM_TIME_SECOND, 0, 0 }, { 0x10, 0x10, 0x00, 0x01 }, true },
    };
    uint8_t bytes[16];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    assert_int_equal(q376_unit_put(0, 2, &units), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar_date date = { rows[i].now.year, rows[i].now.month, rows[i].now.day };
        int64_t day;
        concentrator_world_open(&world);
        struct q376_frame frame = frame_of(0x4b, Q376_AFN_CURRENT, writer_span(&units));
        frame.has_time_tag = true;
        frame.time_tag.delay_min = 5;
        assert_int_equal(calendar_day_of_date(date, &day), 0);
        int64_t now_s = calendar_midnight((int32_t)day, CONCENTRATOR_WORLD_ZONE_S) + rows[i].now.hour * 3600 +
                        rows[i].now.minute * 60 + rows[i].now.second;
        world.site.host.board.clock_offset_s = now_s - world.site.now_ms / 1000;
        memcpy(frame.time_tag.sent_at, rows[i].sent_at, sizeof rows[i].sent_at);
        assert_int_equal(frame_ask(&frame, 1000), rows[i].is_stale ? -1 : Q376_AFN_CURRENT);
        concentrator_world_close(&world);
    }
}

static void a_repetition_is_answered_and_not_done_again(void **state)
{
    static const uint8_t deletion[] = { 0, 0, 0x10, 6, 2 }; /* F53, port 2 */

    (void)state;
    concentrator_world_open(&world);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_NONE, 1);
    concentrator_world_archive(&world);
    struct q376_frame frame = frame_of(0x7a, Q376_AFN_CONTROL, span_of_bytes(deletion, sizeof deletion));
    frame.sequence = 9;
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    assert_int_equal(world.site.host.core.alive, 0);
    concentrator_world_archive(&world);
    /* The same FCB after the archive came back without one: the confirmation alone is repeated. */
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CONFIRM);
    uint32_t alive = world.site.host.core.alive;
    assert_int_equal(alive, 0); /* another exchange lay between: it is a new one */
    concentrator_world_archive(&world);
    frame.control = 0x5a;
    frame.sequence = 10;
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CONFIRM);
    struct q376_archive_entry entry = concentrator_world_entry(&world, 0, 2);
    assert_int_equal(concentrator_archive_enter(&world.site.host.core, &entry, 1), 0);
    assert_int_equal(frame_ask(&frame, 1000), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    assert_int_equal(world.site.host.core.alive, 1);
    concentrator_world_close(&world);
}

static void units_are_confirmed_one_by_one(void **state)
{
    /* F1 with a heartbeat of 5 min, F24 that is not kept here. */
    static const uint8_t units[] = { 0, 0, 1, 0, 0, 0, 0x0a, 0x20, 0, 5, 0, 0, 0x80, 2, 1 };

    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_SET, span_of_bytes(units, sizeof units), 1000),
                     Q376_AFN_CONFIRM);
    assert_int_equal(world.units[2], 4); /* F3 */
    assert_int_equal(world.units[4], Q376_AFN_SET);
    assert_int_equal(world.units[9], 0);
    assert_int_equal(world.units[14], 1);
    assert_int_equal(world.site.host.core.f1[5], 5);
    concentrator_world_close(&world);
}

/* What an order cannot hold is not confirmed with the rest. */
static void units_beyond_the_limit_are_denied(void **state)
{
    static const uint8_t unit[] = { 0, 0, 1, 0, 0, 0, 0x0a, 0x20, 0, 5 }; /* F1 */
    uint8_t bytes[14 * sizeof unit];

    (void)state;
    concentrator_world_open(&world);
    for (size_t i = 0; i < 14; i++)
        memcpy(bytes + i * sizeof unit, unit, sizeof unit);
    assert_int_equal(
        concentrator_world_ask(&world, Q376_AFN_SET, span_of_bytes(bytes, 12 * sizeof unit), WORLD_SECOND_MS),
        Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_SET, span_of_bytes(bytes, sizeof bytes), WORLD_SECOND_MS),
                     Q376_AFN_CONFIRM);
    assert_int_equal(world.units[2], 4); /* F3 */
    assert_int_equal(world.size, 4 + 1 + 13 * 5);
    assert_int_equal(world.units[world.size - 6], 0);
    assert_int_equal(world.units[world.size - 1], 1);
    concentrator_world_close(&world);
}

/* Two bytes of PW, as terminals of 2005 have them, do not stand for sixteen. */
static void a_short_password_does_not_open_a_long_one(void **state)
{
    uint8_t bytes[32];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    struct item_time time = { 2027, 1, 1, 0, 0, 0, ITEM_TIME_SECOND, 0, 0 };

    (void)state;
    concentrator_world_prepare(&world);
    memset(world.config.core.password, 7, sizeof world.config.core.password);
    concentrator_world_start(&world);
    concentrator_world_run(&world, 10 * WORLD_SECOND_MS);
    assert_int_equal(q376_clock_put(&time, &units), 0);
    struct q376_frame frame = frame_of(0x4a, Q376_AFN_CONTROL, writer_span(&units));
    frame.protocol = Q376_PROTOCOL_130;
    frame.password = span_of_bytes(world.config.core.password, 2);
    assert_int_equal(frame_ask(&frame, WORLD_SECOND_MS), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_denied(&world));
    frame.protocol = Q376_PROTOCOL_376;
    frame.password = span_of_bytes(world.config.core.password, Q376_PASSWORD_SIZE);
    assert_int_equal(frame_ask(&frame, WORLD_SECOND_MS), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    concentrator_world_close(&world);
}

static void many_points_come_in_many_frames(void **state)
{
    uint8_t bytes[600];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    struct item_time day = { 2026, 11, 19, 0, 0, 0, ITEM_TIME_DAY, 0, 0 };

    (void)state;
    concentrator_world_open(&world);
    for (uint64_t i = 0; i < 64; i++)
        concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_NONE, 1 + i);
    concentrator_world_archive(&world);
    for (unsigned point = 1; point <= 64; point++)
        assert_int_equal(q376_day_put(point, 161, &day, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_HISTORY, writer_span(&units), 1000), Q376_AFN_HISTORY);
    assert_true(world.frames > 1);
    assert_true(world.fits);
    for (unsigned point = 1; point <= 64; point++) {
        const struct item *item = concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_IMPORT, point, 0);
        assert_non_null(item);
        assert_int_equal(item->quality, ITEM_MISSING);
    }
    concentrator_world_close(&world);
}

static void one_time_mark_stands_for_all_points_of_the_last_unit(void **state)
{
    static const uint8_t units[] = { 0xff, 1, 1, 0x14, 0x19, 0x11, 0x26 };

    (void)state;
    concentrator_world_open(&world);
    for (uint64_t i = 0; i < 8; i++)
        concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_NONE, 1 + i);
    concentrator_world_archive(&world);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_HISTORY, span_of_bytes(units, sizeof units), 1000),
                     Q376_AFN_HISTORY);
    assert_true(world.fits);
    for (unsigned point = 1; point <= 8; point++)
        assert_non_null(concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_IMPORT, point, 0));
    assert_null(concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_IMPORT, 9, 0));
    concentrator_world_close(&world);
}

static void events_are_told_and_kept(void **state)
{
    static const uint8_t request[] = { 0, 0, 2, 0, 0, 2 }; /* F2, general events 0 to 2 */

    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(world.reports, 1); /* ERC1 at the first start */
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_NONE, 1);
    concentrator_world_archive(&world); /* ERC3, general */
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_EVENT, span_of_bytes(request, sizeof request), 1000),
                     Q376_AFN_EVENT);
    assert_true(world.fits);
    assert_int_equal(world.units[4], 1); /* EC1 */
    assert_int_equal(world.units[5], 1); /* EC2 */
    assert_int_equal(world.units[7], 1); /* Pn: what there is */
    assert_int_equal(world.units[8], 3);
    assert_int_equal(concentrator_site_restart(&world.site), 0);
    concentrator_world_run(&world, 20 * WORLD_SECOND_MS);
    assert_int_equal(world.reports, 2); /* ERC14 */
    assert_int_equal(concentrator_world_current(&world, 0, 7), Q376_AFN_CURRENT);
    assert_int_equal(world.units[4], 2);
    assert_int_equal(world.units[5], 1);
    concentrator_world_close(&world);
}

static void a_lost_clock_is_said(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 1);
    concentrator_world_archive(&world);
    world.site.host.board.clock_lost = true;
    concentrator_world_run(&world, 2 * WORLD_MINUTE_MS);
    assert_int_equal(concentrator_world_current(&world, 0, 2), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_DATE_TIME, 0, 0)->quality, ITEM_MISSING);
    uint8_t bytes[32];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    struct item_time time = { 2026, 11, 21, 9, 30, 0, ITEM_TIME_SECOND, 0, 0 };
    assert_int_equal(q376_clock_put(&time, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_CONTROL, writer_span(&units), 1000), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    assert_int_equal(concentrator_world_current(&world, 0, 2), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_DATE_TIME, 0, 0)->time.minute, 30);
    concentrator_world_close(&world);
}

static void resets_clear_what_they_say(void **state)
{
    static const uint8_t data[] = { 0, 0, 2, 0 }, factory[] = { 0, 0, 4, 0 };
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 1);
    concentrator_world_archive(&world);
    concentrator_world_run(&world, WORLD_DAY_MS);
    int32_t day = test_day() - 1;
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, day, &freeze), 1);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_RESET, span_of_bytes(data, sizeof data), 1000),
                     Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    concentrator_world_run(&world, 2500);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, day, &freeze), 0);
    assert_int_equal(world.site.host.core.alive, 1);
    concentrator_world_run(&world, 30 * WORLD_SECOND_MS);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_RESET, span_of_bytes(factory, sizeof factory), 1000),
                     Q376_AFN_CONFIRM);
    concentrator_world_run(&world, 2500);
    assert_int_equal(world.site.host.core.alive, 0);
    concentrator_world_close(&world);
}

static void control_rounds_are_denied(void **state)
{
    static const uint8_t trip[] = { 1, 1, 1, 0, 0 };

    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_CONTROL, span_of_bytes(trip, sizeof trip), 1000),
                     Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_denied(&world));
    concentrator_world_close(&world);
}

static void silence_makes_it_dial_again(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    world.is_silent = true;
    concentrator_world_run(&world, 5 * WORLD_MINUTE_MS);
    assert_false(concentrator_is_online(&world.site.host.core));
    assert_in_range(world.opened, 2, 12);
    world.refuses_connections = true;
    world.opened = 0;
    concentrator_world_run(&world, WORLD_HOUR_MS);
    assert_in_range(world.opened, 10, 40); /* about every 4 min */
    world.refuses_connections = false;
    world.is_silent = false;
    concentrator_world_run(&world, 6 * WORLD_MINUTE_MS);
    assert_true(concentrator_is_online(&world.site.host.core));
    concentrator_leave(&world.site.host.core, world.site.now_ms);
    world.site.core_due_ms = world.site.now_ms;
    concentrator_world_run(&world, WORLD_HOUR_MS);
    assert_int_equal(world.logouts, 1);
    assert_false(world.is_connected);
    concentrator_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captured_requests_are_answered_or_denied),
        cmocka_unit_test(an_archive_beyond_the_limit_is_denied),
        cmocka_unit_test(two_entries_cannot_hold_one_point),
        cmocka_unit_test(a_wrong_password_changes_nothing),
        cmocka_unit_test(units_beyond_the_limit_are_denied),
        cmocka_unit_test(a_short_password_does_not_open_a_long_one),
        cmocka_unit_test(an_old_request_is_dropped),
        cmocka_unit_test(a_request_is_not_old_at_the_end_of_a_month),
        cmocka_unit_test(a_repetition_is_answered_and_not_done_again),
        cmocka_unit_test(units_are_confirmed_one_by_one),
        cmocka_unit_test(many_points_come_in_many_frames),
        cmocka_unit_test(one_time_mark_stands_for_all_points_of_the_last_unit),
        cmocka_unit_test(events_are_told_and_kept),
        cmocka_unit_test(a_lost_clock_is_said),
        cmocka_unit_test(resets_clear_what_they_say),
        cmocka_unit_test(control_rounds_are_denied),
        cmocka_unit_test(silence_makes_it_dial_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
