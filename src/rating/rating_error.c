#include "rating/rating_error.h"

#include <stddef.h>

static const struct error_info rows[] = { RATING_ERRORS(ERROR_INFO_ROW) };

const struct error_info *rating_error_info(int error)
{
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        if (rows[index].error == error)
            return &rows[index];
    }
    return NULL;
}

const char *rating_error_text(int error)
{
    const struct error_info *info = rating_error_info(error);

    return info != NULL ? info->text_en : "unknown rating error";
}

const char *rating_error_text_zh(int error)
{
    const struct error_info *info = rating_error_info(error);

    return info != NULL ? info->text_zh : "未知错误";
}
