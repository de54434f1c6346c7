#include "store/store_error.h"

#include <stddef.h>

static const struct error_info rows[] = { STORE_ERRORS(ERROR_INFO_ROW) };

const struct error_info *store_error_info(int error)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == error)
            return &rows[i];
    return NULL;
}

const char *store_error_text(int error)
{
    const struct error_info *info = store_error_info(error);
    return info ? info->text_en : "unknown store error";
}
