#include "tests/unit/unit_test.h"

#include <inttypes.h>

#include "base/calendar.h"
#include "tests/golden/story.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define DAY ROOM_FIXTURE_DAY

static struct room_fixture fixture;

static const char *date(int32_t day)
{
    static char text[CALENDAR_DATE_TEXT_LIMIT];
    calendar_format_date(day, text, sizeof text);
    return text;
}

static void outcome_tell(const struct reading_outcome *outcome)
{
    if (outcome->duplicate)
        story_tell("  the same report again: nothing changes");
    if (outcome->stale)
        story_tell("  older than what is known: only missing midnights are taken");
    for (int i = 0; i < outcome->day_count; i++)
        story_tell("  %s: dial %" PRId64 " L, total %" PRId64 " L, %s", date(outcome->days[i].day),
                   outcome->days[i].register_value / 1000, outcome->days[i].total_value / 1000,
                   outcome->days[i].quality == READING_ON_TIME ? "on time"
                   : outcome->days[i].quality == READING_LATE  ? "late"
                                                               : "corrected");
    if (outcome->repeated_count > 0)
        story_tell("  %d midnights known already", outcome->repeated_count);
    if (outcome->before_installation_count > 0)
        story_tell("  %d midnights from before this meter hung here", outcome->before_installation_count);
    for (int i = 0; i < outcome->set_aside_count; i++)
        story_tell("  set aside: %s", reading_reason_name((enum reading_reason)outcome->reasons[i]));
    if (outcome->current_refused != 0)
        story_tell("  the value on the dial now is not believed: %s",
                   reading_reason_name((enum reading_reason)outcome->current_refused));
}

static void hear(const char *what, const struct uplink *uplink)
{
    struct reading_outcome outcome;
    story_tell("%s %s", date((int32_t)calendar_local_day(uplink->received_s, ROOM_FIXTURE_ZONE_S)), what);
    room_fixture_begin(&fixture);
    assert_int_equal(reading_accept(fixture.reading, uplink, uplink->received_s, &outcome), 0);
    room_fixture_commit(&fixture);
    outcome_tell(&outcome);
    const struct reading_state *state = reading_state_find(fixture.reading, uplink->device_id);
    story_tell("  now: dial %" PRId64 " L, total %" PRId64 " L, clock %+d s, days %#" PRIx64, state->register_value / 1000,
               state->total_value / 1000, (int)state->clock_error_s, state->complete_days);
}

static void decide(const char *what, int64_t set_aside_id, bool accept, uint32_t device_id)
{
    struct reading_outcome outcome;
    story_tell("%s", what);
    room_fixture_begin(&fixture);
    assert_int_equal(
        reading_decide(fixture.reading, set_aside_id, accept, 4, room_fixture_midnight_s(DAY + 20), &outcome), 0);
    room_fixture_commit(&fixture);
    outcome_tell(&outcome);
    const struct reading_state *state = reading_state_find(fixture.reading, device_id);
    story_tell("  rating looks again from %s; total %" PRId64 " L",
               outcome.changed_from_day != 0 ? date(outcome.changed_from_day) : "nowhere", state->total_value / 1000);
}

static struct uplink two_days(uint32_t id, int32_t day, int64_t today_value, int64_t yesterday_value)
{
    return report_full(id, day, (int64_t[]){ today_value, yesterday_value }, 2, today_value + 30000);
}

/* A meter whose life has everything in it. */
static void oddities(void **state)
{
    (void)state;
    room_fixture_open(&fixture, NULL);
    story_begin();
    uint32_t id = room_fixture_device(&fixture, INT64_C(99999000000));
    struct uplink report = two_days(id, DAY, INT64_C(99999500000), INT64_C(99999300000));
    hear("the first report, near the end of the dial", &report);
    hear("the network repeats it", &report);
    report = two_days(id, DAY + 1, INT64_C(99999800000), INT64_C(99999500000));
    hear("a plain day", &report);
    report = two_days(id, DAY + 2, 100000, INT64_C(99999800000));
    hear("the dial wraps", &report);
    struct uplink late = two_days(id, DAY + 3, 400000, 100000);
    report = two_days(id, DAY + 5, 1000000, 700000);
    hear("two reports were missed, this one repairs one of them", &report);
    late.received_s = report.received_s + 900;
    hear("the missed report arrives two days late", &late);
    report = two_days(id, DAY + 6, 250000000, 1000000);
    hear("250 m3 overnight", &report);
    report = two_days(id, DAY + 7, 250300000, 250000000);
    hear("and the day after goes on from there", &report);
    decide("somebody looked: the pipe had burst", 1, true, id);
    report = two_days(id, DAY + 8, 250600000, 250299000);
    hear("yesterday's value is another one than before", &report);
    decide("a mistake of the reading head: rejected", 3, false, id);
    report = two_days(id, DAY + 9, 200000000, 250600000);
    hear("the register lost its memory", &report);
    decide("confirmed by a photograph: it starts anew", 4, true, id);
    report = two_days(id, DAY + 10, 200300000, 200000000);
    report.items[0].value = 86400 * 3;
    for (int i = 2; i < 4; i++)
        report.items[i].time_s = INT64_C(86400) * (4 - i) - ROOM_FIXTURE_ZONE_S + INT64_C(86400);
    hear("its clock begins in 1970", &report);
    story_expect("reading_story");
    room_fixture_close(&fixture);
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(oddities) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
