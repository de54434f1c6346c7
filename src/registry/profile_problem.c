#include "registry/profile_problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/span.h"
#include "base/text.h"

size_t profile_problems_kept(const struct profile_problems *problems)
{
    return problems->count < PROFILE_PROBLEM_LIMIT ? problems->count : PROFILE_PROBLEM_LIMIT;
}

/* A text that printf cut in the middle of a character loses that character. */
static void cut_mend(char *text, size_t capacity)
{
    struct span all = span_of_text(text);

    if (all.size + 1 < capacity)
        return;
    while (all.size > 0 && text_utf8_check(all) < 0)
        all.size--;
    text[all.size] = '\0';
}

void profile_problem_add(struct profile_problems *problems, const char *file, uint32_t line, const char *english,
                         const char *chinese, ...)
{
    va_list arguments;

    if (problems->count++ >= PROFILE_PROBLEM_LIMIT)
        return;
    struct profile_problem *row = &problems->rows[problems->count - 1];
    (void)snprintf(row->file, sizeof row->file, "%s", file);
    cut_mend(row->file, sizeof row->file);
    row->line = line;
    va_start(arguments, chinese);
    (void)vsnprintf(row->text_en, sizeof row->text_en, english, arguments);
    va_end(arguments);
    va_start(arguments, chinese);
    (void)vsnprintf(row->text_zh, sizeof row->text_zh, chinese, arguments);
    va_end(arguments);
    cut_mend(row->text_en, sizeof row->text_en);
    cut_mend(row->text_zh, sizeof row->text_zh);
}
