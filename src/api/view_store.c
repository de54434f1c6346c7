#include "api/view_store.h"

#define VIEW_TEXT_ROW(name, text) [VIEW_##name] = text,
static const char *const names[VIEW_COUNT] = { VIEW_LIST(VIEW_TEXT_ROW) };
#undef VIEW_TEXT_ROW

const char *view_name(enum view view)
{
    return view > VIEW_NONE && view < VIEW_COUNT ? names[view] : "unknown";
}

const char *view_error_text(int error)
{
#define VIEW_ERROR_CASE(name, value, text) \
    case name: return text;
    switch (error) {
        VIEW_ERRORS(VIEW_ERROR_CASE)
        default: return "unknown error";
    }
#undef VIEW_ERROR_CASE
}
