#include "payment/payment_error.h"

#include <stddef.h>

static const struct error_info rows[] = { PAYMENT_ERRORS(ERROR_INFO_ROW) };

const struct error_info *payment_error_info(int error)
{
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        if (rows[index].error == error)
            return &rows[index];
    }
    return NULL;
}

const char *payment_error_text(int error)
{
    const struct error_info *info = payment_error_info(error);

    return info != NULL ? info->text_en : "unknown payment error";
}
