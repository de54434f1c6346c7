#include "security/security_error.h"

#include <stddef.h>

static const struct error_info rows[] = { SECURITY_ERRORS(ERROR_INFO_ROW) };

const struct error_info *security_error_info(int error)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == error)
            return &rows[i];
    return NULL;
}

const char *security_error_text(int error)
{
    const struct error_info *info = security_error_info(error);
    return info ? info->text_en : "unknown security error";
}
