#include "billing/case_error.h"

#include <stddef.h>

static const struct error_info rows[] = { CASE_ERRORS(ERROR_INFO_ROW) };

const struct error_info *case_error_info(int error)
{
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++)
        if (rows[index].error == error)
            return &rows[index];
    return NULL;
}
