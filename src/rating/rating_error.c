#include "rating/rating_error.h"

const char *rating_error_text(int error)
{
#define RATING_ERROR_CASE(name, value, english, chinese) \
    case name: \
        return english;
    switch (error) {
        RATING_ERRORS(RATING_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef RATING_ERROR_CASE
}

const char *rating_error_text_zh(int error)
{
#define RATING_ERROR_CASE(name, value, english, chinese) \
    case name: \
        return chinese;
    switch (error) {
        RATING_ERRORS(RATING_ERROR_CASE)
    default:
        return "未知错误";
    }
#undef RATING_ERROR_CASE
}
