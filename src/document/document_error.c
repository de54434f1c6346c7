#include "document/document_error.h"

#include <stddef.h>
#include <stdio.h>

static const struct error_info rows[] = { DOCUMENT_ERRORS(ERROR_INFO_ROW) };

const struct error_info *document_error_info(int error)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == error)
            return &rows[i];
    return NULL;
}

int document_problem_set(struct document_problem *problem, int error, int line, const char *detail)
{
    const struct error_info *info = document_error_info(error);

    problem->error = error;
    problem->line = line;
    (void)snprintf(problem->text_zh, sizeof problem->text_zh, "%s%s", info->text_zh, detail);
    (void)snprintf(problem->text_en, sizeof problem->text_en, "%s%s", info->text_en, detail);
    return error;
}
