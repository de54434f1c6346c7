#include "billing/arrears_case.h"

#include "base/calendar.h"
#include "billing/arrears.h"
#include "rating/clock_text.h"
#include "rating/exact_json.h"

#include <stdio.h>
#include <string.h>

#define TIMELINE_DAYS_LIMIT 1000
#define TIMELINE_EVENTS_LIMIT 2000
#define TIMELINE_PAYMENTS_LIMIT 1000
#define TIMELINE_FEN_LIMIT INT64_C(1000000000000)
#define MINUTE_S 60
#define MINUTES_A_DAY 1440

struct timeline_payment {
    int64_t at_s;
    int64_t amount_fen;
};

struct timeline_event {
    int64_t at_s;
    enum arrears_action action;
};

struct timeline {
    struct rating_case *rating_case;
    struct arrears_policy policy;
    int64_t low_fen, overdraft_fen, restore_fen, grace_s;
    int32_t settle_min;
    bool is_protected;
    int64_t balance_fen, daily_charge_fen;
    int64_t from_day, to_day;
    struct timeline_payment payments[TIMELINE_PAYMENTS_LIMIT];
    size_t payment_count;
    struct arrears_state state;
    struct timeline_event events[TIMELINE_EVENTS_LIMIT];
    size_t event_count;
    int64_t balances_fen[TIMELINE_DAYS_LIMIT];
    int32_t balance_count;
};

static const char *const action_names[ARREARS_ACTION_COUNT] = {
    [ARREARS_REMIND_FIRST] = "low_first",           [ARREARS_REMIND_SECOND] = "low_second",
    [ARREARS_WARN_OVERDRAFT] = "overdraft_notice",  [ARREARS_WARN_FINAL] = "final_notice",
    [ARREARS_CLOSE] = "cut",                        [ARREARS_CUT_CANCELLED] = "cut_cancelled",
    [ARREARS_RESTORE] = "restore",
};

static int refuse(struct timeline *timeline, const char *path)
{
    return rating_case_refuse(timeline->rating_case, path, "形式不对,见价格文件说明", "is not of the form in docs/tariffs.md");
}

static int clock_read(struct timeline *timeline, const json_t *value, const char *path, int32_t *minutes)
{
    int32_t read = clock_text_minutes(json_is_string(value) ? json_string_value(value) : "");

    if (read < 0)
        return refuse(timeline, path);
    *minutes = read;
    return 0;
}

/* "2026-05-26T12:00" in the time line's own time. */
static int moment_read(struct timeline *timeline, const json_t *value, const char *path, int64_t *at_s)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    char full[CALENDAR_TIME_TEXT_LIMIT];

    (void)snprintf(full, sizeof full, "%.16s:00Z", text);
    if (strlen(text) != 16 || calendar_parse_time(span_of_text(full), at_s) < 0)
        return refuse(timeline, path);
    return 0;
}

static int weekdays_read(struct timeline *timeline, const char *text, uint8_t *weekdays)
{
    int32_t days = clock_text_weekdays(text);

    if (days < 0)
        return refuse(timeline, "config.cut_window.days");
    *weekdays = (uint8_t)days;
    return 0;
}

static int cut_window_read(struct timeline *timeline, const json_t *window)
{
    const json_t *days = json_object_get(window, "days");
    struct arrears_policy *policy = &timeline->policy;
    int error = 0;

    if (window == NULL)
        return 0;
    if (days != NULL)
        error = weekdays_read(timeline, json_is_string(days) ? json_string_value(days) : "?", &policy->cut_weekdays);
    if (error == 0)
        error = clock_read(timeline, json_object_get(window, "from"), "config.cut_window.from", &policy->cut_from_min);
    if (error == 0)
        error = clock_read(timeline, json_object_get(window, "to"), "config.cut_window.to", &policy->cut_to_min);
    return error;
}

static int holidays_read(struct timeline *timeline, const json_t *config)
{
    struct arrears_policy *policy = &timeline->policy;
    const json_t *holidays = NULL;
    int error = rating_case_array(timeline->rating_case, config, "holidays", &holidays);

    if (error < 0)
        return error;
    if (json_array_size(holidays) > ARREARS_HOLIDAY_LIMIT)
        return refuse(timeline, "config.holidays");
    for (size_t index = 0; index < json_array_size(holidays); index++) {
        const json_t *date = json_array_get(holidays, index);

        if (!json_is_string(date) ||
            calendar_parse_date(span_of_text(json_string_value(date)), &policy->holidays[index]) < 0)
            return refuse(timeline, "config.holidays");
        policy->holiday_count++;
    }
    return 0;
}

static int hours_read(struct timeline *timeline, const json_t *config)
{
    const json_t *settle = json_object_get(config, "settle");
    const json_t *hours = json_object_get(config, "notice_hours");
    struct arrears_policy *policy = &timeline->policy;
    int error = 0;

    if (settle != NULL)
        error = clock_read(timeline, settle, "config.settle", &timeline->settle_min);
    if (error == 0 && hours != NULL)
        error = clock_read(timeline, json_array_get(hours, 0), "config.notice_hours", &policy->notice_from_min);
    if (error == 0 && hours != NULL)
        error = clock_read(timeline, json_array_get(hours, 1), "config.notice_hours", &policy->notice_to_min);
    return error;
}

static int exempt_read(struct timeline *timeline, const json_t *object)
{
    const json_t *exempt = json_object_get(object, "exempt");

    timeline->is_protected = timeline->is_protected || json_is_true(exempt);
    return exempt == NULL || json_is_boolean(exempt)
               ? 0
               : rating_case_refuse(timeline->rating_case, "exempt", "应为 true 或 false", "must be true or false");
}

static int levels_read(struct timeline *timeline, const json_t *config)
{
    struct rating_case *rating_case = timeline->rating_case;
    int error = rating_case_within(rating_case, config, "overdraft_fen", 0, TIMELINE_FEN_LIMIT, &timeline->overdraft_fen);

    if (error == 0 && timeline->overdraft_fen < 0)
        error = rating_case_refuse(rating_case, "overdraft_fen", "不能为负", "must not be negative");
    if (error == 0)
        error = rating_case_within(rating_case, config, "low_balance_fen", 0, TIMELINE_FEN_LIMIT, &timeline->low_fen);
    return error < 0
               ? error
               : rating_case_within(rating_case, config, "reopen_at_fen", 0, TIMELINE_FEN_LIMIT, &timeline->restore_fen);
}

static int config_read(struct timeline *timeline)
{
    struct rating_case *rating_case = timeline->rating_case;
    const json_t *config = json_object_get(rating_case->root, "config");
    int64_t grace_h = 24;
    int error = levels_read(timeline, config);

    if (error == 0)
        error = rating_case_decimal(rating_case, config, "grace_h", 0, 24, &grace_h);
    if (error == 0 && (grace_h < 0 || grace_h > 24 * TIMELINE_DAYS_LIMIT))
        error = refuse(timeline, "config.grace_h");
    if (error == 0)
        error = hours_read(timeline, config);
    if (error == 0)
        error = cut_window_read(timeline, json_object_get(config, "cut_window"));
    if (error == 0)
        error = holidays_read(timeline, config);
    timeline->grace_s = grace_h * 3600;
    if (error == 0)
        error = exempt_read(timeline, config);
    return error < 0 ? error : exempt_read(timeline, rating_case->input);
}

static int payments_read(struct timeline *timeline)
{
    const json_t *list = NULL;
    int error = rating_case_array(timeline->rating_case, timeline->rating_case->input, "recharge", &list);

    if (error < 0)
        return error;
    if (json_array_size(list) > TIMELINE_PAYMENTS_LIMIT)
        return refuse(timeline, "input.recharge");
    for (size_t index = 0; index < json_array_size(list); index++) {
        const json_t *entry = json_array_get(list, index);
        struct timeline_payment *payment = &timeline->payments[index];

        error = moment_read(timeline, json_object_get(entry, "at"), "input.recharge.at", &payment->at_s);
        if (error < 0)
            return error;
        if (exact_json_decimal(json_object_get(entry, "fen"), 0, &payment->amount_fen) < 0 ||
            payment->amount_fen < 0 || payment->amount_fen > TIMELINE_FEN_LIMIT)
            return refuse(timeline, "input.recharge.fen");
        timeline->payment_count++;
    }
    return 0;
}

static int input_read(struct timeline *timeline)
{
    struct rating_case *rating_case = timeline->rating_case;
    const json_t *input = rating_case->input;
    int error = rating_case_within(rating_case, input, "balance_fen", RATING_CASE_REQUIRED, TIMELINE_FEN_LIMIT,
                                   &timeline->balance_fen);

    if (error == 0)
        error = rating_case_within(rating_case, input, "daily_charge_fen", RATING_CASE_REQUIRED, TIMELINE_FEN_LIMIT,
                                   &timeline->daily_charge_fen);
    if (error == 0 && timeline->daily_charge_fen < 0)
        error = rating_case_refuse(rating_case, "daily_charge_fen", "不能为负", "must not be negative");
    if (error == 0)
        error = rating_case_date(rating_case, input, "from", &timeline->from_day);
    if (error == 0)
        error = rating_case_date(rating_case, input, "to", &timeline->to_day);
    if (error == 0 && (timeline->to_day < timeline->from_day ||
                       timeline->to_day - timeline->from_day >= TIMELINE_DAYS_LIMIT))
        error = RATING_ERR_DATES;
    return error < 0 ? error : payments_read(timeline);
}

static void arrears_walk(struct timeline *timeline, int64_t now_s)
{
    struct arrears_facts facts = {
        .level = arrears_level(timeline->balance_fen, timeline->low_fen, timeline->overdraft_fen,
                               ARREARS_SECOND_PERCENT),
        .restorable = timeline->balance_fen >= timeline->restore_fen,
        .is_protected = timeline->is_protected,
        .may_cut = true,
        .grace_s = timeline->grace_s,
    };
    enum arrears_action action;

    while ((action = arrears_step(&timeline->policy, &facts, &timeline->state, now_s)) != ARREARS_NOTHING &&
           timeline->event_count < TIMELINE_EVENTS_LIMIT)
        timeline->events[timeline->event_count++] = (struct timeline_event){ now_s, action };
}

static void minute_walk(struct timeline *timeline, int64_t day, int32_t minute)
{
    int64_t now_s = day * CALENDAR_DAY_S + minute * MINUTE_S;

    for (size_t index = 0; index < timeline->payment_count; index++) {
        if (timeline->payments[index].at_s == now_s)
            timeline->balance_fen += timeline->payments[index].amount_fen;
    }
    if (minute == timeline->settle_min) {
        timeline->balance_fen -= timeline->daily_charge_fen;
        timeline->balances_fen[timeline->balance_count++] = timeline->balance_fen;
    }
    arrears_walk(timeline, now_s);
}

static void timeline_show(const struct timeline *timeline)
{
    struct rating_case *rating_case = timeline->rating_case;

    rating_case_member_integers(rating_case, "balance_after_settle_fen", timeline->balances_fen,
                                timeline->balance_count);
    rating_case_member(rating_case, "events");
    writer_text(rating_case->out, "[");
    for (size_t index = 0; index < timeline->event_count; index++) {
        char text[CALENDAR_TIME_TEXT_LIMIT];

        (void)calendar_format_time(timeline->events[index].at_s, 0, text, sizeof text);
        writer_format(rating_case->out, "%s[\"%.16s\", \"%s\"]", index > 0 ? ", " : "", text,
                      action_names[timeline->events[index].action]);
    }
    writer_text(rating_case->out, "]");
    rating_case_member_integer(rating_case, "final_balance_fen", timeline->balance_fen);
}

int arrears_case_timeline(struct rating_case *rating_case)
{
    static const struct arrears_policy usual = {
        .notice_from_min = 480, .notice_to_min = 1260, .cut_from_min = 510, .cut_to_min = 960, .cut_weekdays = 0x3e
    };
    struct timeline timeline = { .rating_case = rating_case, .policy = usual, .settle_min = 30 };
    int error = config_read(&timeline);

    if (error == 0)
        error = input_read(&timeline);
    if (error < 0)
        return error;
    for (int64_t day = timeline.from_day; day <= timeline.to_day; day++) {
        for (int32_t minute = 0; minute < MINUTES_A_DAY; minute++)
            minute_walk(&timeline, day, minute);
    }
    timeline_show(&timeline);
    return 0;
}
