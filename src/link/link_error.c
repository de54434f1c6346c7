#include "link/link_error.h"

const char *link_error_text(int error)
{
#define LINK_ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        LINK_ERRORS(LINK_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef LINK_ERROR_CASE
}
