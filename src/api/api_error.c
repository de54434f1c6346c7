#include "api/api_error.h"

#include <stddef.h>

static const struct error_info rows[] = { API_ERRORS(ERROR_INFO_ROW) };

const struct error_info *api_error_info(int error)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == error)
            return &rows[i];
    return NULL;
}
