/* The words of what is stored as numbers. */
#include <string.h>

#include "collect/collect.h"

static const struct error_info error_rows[] = { COLLECT_ERRORS(ERROR_INFO_ROW) };

const struct error_info *collect_error_info(int error)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].error == error)
            return &error_rows[i];
    return NULL;
}

static const char *const what_names[COLLECT_WHAT_COUNT] = {
    [COLLECT_CURRENT] = "current",
    [COLLECT_DAILY] = "daily",
    [COLLECT_MONTHLY] = "monthly",
    [COLLECT_CURVE] = "curve",
    [COLLECT_INTERVAL] = "interval",
};

static const char *const unit_names[COLLECT_UNIT_COUNT] = {
    [COLLECT_MINUTE] = "minute", [COLLECT_HOUR] = "hour",   [COLLECT_DAY] = "day",
    [COLLECT_WEEK] = "week",     [COLLECT_MONTH] = "month",
};

static const char *const priority_names[COLLECT_LOW + 1] = {
    [COLLECT_HIGH] = "high",
    [COLLECT_NORMAL] = "normal",
    [COLLECT_LOW] = "low",
};

static const char *name_at(const char *const names[], int count, int number)
{
    return number > 0 && number < count ? names[number] : "unknown";
}

static int name_find(const char *const names[], int count, const char *name)
{
    for (int i = 1; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

const char *collect_what_name(int what)
{
    return name_at(what_names, COLLECT_WHAT_COUNT, what);
}

int collect_what_of_name(const char *name)
{
    return name_find(what_names, COLLECT_WHAT_COUNT, name);
}

const char *collect_unit_name(int unit)
{
    return name_at(unit_names, COLLECT_UNIT_COUNT, unit);
}

int collect_unit_of_name(const char *name)
{
    return name_find(unit_names, COLLECT_UNIT_COUNT, name);
}

const char *collect_priority_name(int priority)
{
    return name_at(priority_names, COLLECT_LOW + 1, priority);
}

int collect_priority_of_name(const char *name)
{
    return name_find(priority_names, COLLECT_LOW + 1, name);
}

struct reason_row {
    int number;
    const char *name;
    const char *english;
    const char *chinese;
};

#define REASON_ROW(suffix, number, word, english_text, chinese_text) { number, word, english_text, chinese_text },
static const struct reason_row reasons[] = { COLLECT_REASONS(REASON_ROW) };
#undef REASON_ROW

static const struct reason_row *reason_find(int problem)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].number == problem)
            return &reasons[i];
    return NULL;
}

const char *collect_problem_name(int problem)
{
    const struct reason_row *row = reason_find(problem);
    return row ? row->name : line_problem_name((enum line_problem)problem);
}

const char *collect_problem_text(int problem, int is_chinese)
{
    const struct reason_row *row = reason_find(problem);
    if (!row)
        return line_problem_text((enum line_problem)problem, is_chinese);
    return is_chinese ? row->chinese : row->english;
}
