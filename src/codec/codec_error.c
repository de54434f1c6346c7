#include "codec/codec_error.h"

const char *codec_error_text(int error)
{
#define CODEC_ERROR_CASE(name, value, text, chinese) \
    case name: \
        return text;
    switch (error) {
        CODEC_ERRORS(CODEC_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef CODEC_ERROR_CASE
}

const char *codec_error_text_chinese(int error)
{
#define CODEC_ERROR_CASE(name, value, text, chinese) \
    case name: \
        return chinese;
    switch (error) {
        CODEC_ERRORS(CODEC_ERROR_CASE)
    default:
        return "未知错误";
    }
#undef CODEC_ERROR_CASE
}
