#include "base/error.h"

const char *base_error_text(int error)
{
#define BASE_ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        BASE_ERRORS(BASE_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef BASE_ERROR_CASE
}
