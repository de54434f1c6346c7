#include "wire/wire_error.h"

const char *wire_error_text(int error)
{
    switch (error) {
#define WIRE_ERROR_CASE(name, value, text) \
    case name: \
        return text;
        WIRE_ERRORS(WIRE_ERROR_CASE)
#undef WIRE_ERROR_CASE
    default:
        return "unknown error";
    }
}
