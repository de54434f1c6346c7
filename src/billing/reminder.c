#include "billing/reminder.h"

#include "base/calendar.h"

static bool is_low(enum arrears_stage stage)
{
    return stage == ARREARS_LOW_FIRST || stage == ARREARS_LOW_SECOND;
}

/* Until it is paid, or supply has stopped. */
static bool is_open(enum arrears_stage stage)
{
    return stage > ARREARS_GOOD && stage < ARREARS_CUT;
}

bool reminder_is_third(const struct reminder_policy *policy, int64_t balance_fen, int64_t low_fen)
{
    return balance_fen * 100 < low_fen * policy->third_percent;
}

static int64_t minute_s(const struct arrears_policy *hours, int64_t day, int32_t minute)
{
    return calendar_midnight(day, hours->zone_offset_s) + (int64_t)minute * 60;
}

static bool hours_permit(const struct arrears_policy *hours, int64_t now_s)
{
    int32_t minute = calendar_second_of_day(now_s, hours->zone_offset_s) / 60;

    return minute >= hours->notice_from_min && minute < hours->notice_to_min;
}

enum reminder reminder_due(const struct reminder_policy *policy, const struct arrears_policy *hours,
                           enum arrears_stage stage, bool is_third, const struct reminder_state *state, int64_t now_s)
{
    int64_t today = calendar_local_day(now_s, hours->zone_offset_s);

    if (policy->is_daily != 0)
        return is_open(stage) && state->day < today && now_s >= minute_s(hours, today, policy->daily_min)
                   ? REMINDER_DAILY : REMINDER_NONE;
    return is_low(stage) && is_third && !state->third && hours_permit(hours, now_s) ? REMINDER_THIRD : REMINDER_NONE;
}

int64_t reminder_next_s(const struct reminder_policy *policy, const struct arrears_policy *hours,
                        enum arrears_stage stage, bool is_third, const struct reminder_state *state, int64_t now_s)
{
    int64_t today = calendar_local_day(now_s, hours->zone_offset_s);
    int32_t minute = policy->is_daily != 0 ? policy->daily_min : hours->notice_from_min;
    int64_t next_s = minute_s(hours, today, minute);

    if (policy->is_daily != 0 ? !is_open(stage) : !is_low(stage) || !is_third || state->third)
        return ARREARS_NEVER_S;
    if (policy->is_daily == 0 && hours->notice_from_min >= hours->notice_to_min)
        return ARREARS_NEVER_S;
    if (policy->is_daily != 0 && state->day >= today)
        next_s = minute_s(hours, today + 1, minute);
    return next_s > now_s ? next_s : minute_s(hours, today + 1, minute);
}
