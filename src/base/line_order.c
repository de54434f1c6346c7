#include "base/line_order.h"

struct problem_row {
    const char *name;
    const char *english;
    const char *chinese;
};

#define PROBLEM_ROW(suffix, number, word, english_text, chinese_text) [number] = { word, english_text, chinese_text },
static const struct problem_row rows[LINE_PROBLEM_COUNT] = { LINE_PROBLEMS(PROBLEM_ROW) };
#undef PROBLEM_ROW

static const struct problem_row unknown = { "unknown", "unknown", "未知" };

static const struct problem_row *row_of(enum line_problem problem)
{
    return (unsigned)problem < LINE_PROBLEM_COUNT ? &rows[problem] : &unknown;
}

const char *line_problem_name(enum line_problem problem)
{
    return row_of(problem)->name;
}

const char *line_problem_text(enum line_problem problem, int is_chinese)
{
    const struct problem_row *row = row_of(problem);
    return is_chinese ? row->chinese : row->english;
}
