#include "notify/notify_error.h"

#include <stddef.h>

static const struct error_info rows[] = { NOTIFY_ERRORS(ERROR_INFO_ROW) };

const struct error_info *notify_error_info(int error)
{
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        if (rows[index].error == error)
            return &rows[index];
    }
    return NULL;
}

const char *notify_error_text(int error)
{
    const struct error_info *info = notify_error_info(error);

    return info != NULL ? info->text_en : "unknown notify error";
}
