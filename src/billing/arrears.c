#include "billing/arrears.h"

#include "base/calendar.h"

#include <string.h>

#define SEARCH_DAYS_LIMIT 400 /* a year of holidays and one more month: then there is no permitted day */

static const char *const stage_names[ARREARS_STAGE_COUNT] = {
    [ARREARS_GOOD] = "good",           [ARREARS_LOW_FIRST] = "low_first",       [ARREARS_LOW_SECOND] = "low_second",
    [ARREARS_OVERDRAFT] = "overdraft", [ARREARS_FINAL_NOTICE] = "final_notice", [ARREARS_CUT] = "cut",
};

static const enum arrears_action stage_actions[ARREARS_STAGE_COUNT] = {
    [ARREARS_LOW_FIRST] = ARREARS_REMIND_FIRST,
    [ARREARS_LOW_SECOND] = ARREARS_REMIND_SECOND,
    [ARREARS_OVERDRAFT] = ARREARS_WARN_OVERDRAFT,
    [ARREARS_FINAL_NOTICE] = ARREARS_WARN_FINAL,
};

const char *arrears_stage_name(int stage)
{
    return stage >= 0 && stage < ARREARS_STAGE_COUNT ? stage_names[stage] : "unknown";
}

int arrears_stage_of_name(const char *name)
{
    for (int stage = 0; stage < ARREARS_STAGE_COUNT; stage++) {
        if (strcmp(stage_names[stage], name) == 0)
            return stage;
    }
    return -1;
}

enum arrears_stage arrears_level(int64_t balance_fen, int64_t low_fen, int64_t overdraft_fen, int32_t second_percent)
{
    if (balance_fen < -overdraft_fen)
        return ARREARS_FINAL_NOTICE;
    if (balance_fen < 0)
        return ARREARS_OVERDRAFT;
    if (balance_fen * 100 < low_fen * second_percent)
        return ARREARS_LOW_SECOND;
    return balance_fen < low_fen ? ARREARS_LOW_FIRST : ARREARS_GOOD;
}

static int32_t minute_of_day(const struct arrears_policy *policy, int64_t time_s)
{
    return calendar_second_of_day(time_s, policy->zone_offset_s) / 60;
}

static bool notice_permitted(const struct arrears_policy *policy, int64_t now_s)
{
    int32_t minute = minute_of_day(policy, now_s);

    return minute >= policy->notice_from_min && minute < policy->notice_to_min;
}

/* The start of the next notice hours after now_s. */
static int64_t notice_next_s(const struct arrears_policy *policy, int64_t now_s)
{
    int64_t day = calendar_local_day(now_s, policy->zone_offset_s);
    int64_t start_s = calendar_midnight(day, policy->zone_offset_s) + policy->notice_from_min * 60;

    if (policy->notice_from_min >= policy->notice_to_min)
        return ARREARS_NEVER_S;
    return start_s > now_s ? start_s : start_s + CALENDAR_DAY_S;
}

static bool cut_day_permitted(const struct arrears_policy *policy, int64_t day)
{
    if ((policy->cut_weekdays & (1 << calendar_weekday_of_day(day))) == 0)
        return false;
    for (int32_t index = 0; index < policy->holiday_count; index++) {
        if (policy->holidays[index] == day)
            return false;
    }
    return true;
}

int64_t arrears_cut_moment_s(const struct arrears_policy *policy, int64_t from_s)
{
    int64_t first = calendar_local_day(from_s, policy->zone_offset_s);

    if (policy->cut_from_min >= policy->cut_to_min)
        return ARREARS_NEVER_S;
    for (int64_t day = first; day < first + SEARCH_DAYS_LIMIT; day++) {
        int64_t midnight_s = calendar_midnight(day, policy->zone_offset_s);
        int64_t opens_s = midnight_s + policy->cut_from_min * 60;

        if (!cut_day_permitted(policy, day) || from_s >= midnight_s + policy->cut_to_min * 60)
            continue;
        return from_s > opens_s ? from_s : opens_s;
    }
    return ARREARS_NEVER_S;
}

static void stage_set(struct arrears_state *state, enum arrears_stage stage, int64_t now_s)
{
    state->stage = stage;
    state->stage_since_s = now_s;
    state->final_notice_s = stage == ARREARS_FINAL_NOTICE ? now_s : 0;
}

/* The rung that the balance asks for; the protected are never threatened with the valve. */
static enum arrears_stage stage_wanted(const struct arrears_facts *facts)
{
    return facts->is_protected && facts->level == ARREARS_FINAL_NOTICE ? ARREARS_OVERDRAFT : facts->level;
}

static enum arrears_action step_cut(const struct arrears_facts *facts, struct arrears_state *state, int64_t now_s)
{
    if (!facts->restorable && !facts->is_protected)
        return ARREARS_NOTHING;
    stage_set(state, stage_wanted(facts), now_s);
    return ARREARS_RESTORE;
}

static enum arrears_action step_final_notice(const struct arrears_policy *policy, const struct arrears_facts *facts,
                                             struct arrears_state *state, int64_t now_s)
{
    int64_t earliest_s = state->final_notice_s + facts->grace_s;

    if (now_s < earliest_s || arrears_cut_moment_s(policy, now_s) != now_s)
        return ARREARS_NOTHING;
    if (facts->level < ARREARS_FINAL_NOTICE || facts->is_protected) {
        stage_set(state, stage_wanted(facts), now_s);
        return ARREARS_CUT_CANCELLED;
    }
    if (!facts->may_cut)
        return ARREARS_NOTHING;
    stage_set(state, ARREARS_CUT, now_s);
    return ARREARS_CLOSE;
}

enum arrears_action arrears_step(const struct arrears_policy *policy, const struct arrears_facts *facts,
                                 struct arrears_state *state, int64_t now_s)
{
    enum arrears_stage wanted = stage_wanted(facts);

    if (state->stage == ARREARS_CUT)
        return step_cut(facts, state, now_s);
    if (state->stage == ARREARS_FINAL_NOTICE)
        return step_final_notice(policy, facts, state, now_s);
    if (wanted < state->stage)
        stage_set(state, wanted, now_s);
    if (wanted <= state->stage || !notice_permitted(policy, now_s))
        return ARREARS_NOTHING;
    stage_set(state, wanted, now_s);
    return stage_actions[wanted];
}

int64_t arrears_next_s(const struct arrears_policy *policy, const struct arrears_facts *facts,
                       const struct arrears_state *state, int64_t now_s)
{
    int64_t moment_s;

    if (state->stage == ARREARS_CUT)
        return ARREARS_NEVER_S;
    if (state->stage != ARREARS_FINAL_NOTICE)
        return stage_wanted(facts) > state->stage ? notice_next_s(policy, now_s) : ARREARS_NEVER_S;
    moment_s = arrears_cut_moment_s(policy, state->final_notice_s + facts->grace_s);
    if (moment_s <= now_s) {
        int64_t tomorrow = calendar_local_day(now_s, policy->zone_offset_s) + 1;
        int64_t now_moment_s = arrears_cut_moment_s(policy, now_s);

        moment_s = now_moment_s > now_s
                       ? now_moment_s
                       : arrears_cut_moment_s(policy, calendar_midnight(tomorrow, policy->zone_offset_s));
    }
    return moment_s;
}
