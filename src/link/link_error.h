/* Errors of the link room (pattern: base/error.h). */
#ifndef LINK_LINK_ERROR_H
#define LINK_LINK_ERROR_H

#define LINK_ERRORS(ROW) \
    ROW(LINK_ERR_TOO_LONG, -1, "a frame longer than any may be") \
    ROW(LINK_ERR_KIND, -2, "a frame of an unknown kind") \
    ROW(LINK_ERR_FORM, -3, "a frame whose size does not fit its kind") \
    ROW(LINK_ERR_BOUND, -4, "a field outside its bounds") \
    ROW(LINK_ERR_VERSION, -5, "the other end speaks another version") \
    ROW(LINK_ERR_MEMORY, -6, "out of memory") \
    ROW(LINK_ERR_FULL, -7, "the window is full")

#define LINK_ERROR_ENUM(name, value, text) name = (value),
enum link_error { LINK_ERRORS(LINK_ERROR_ENUM) };
#undef LINK_ERROR_ENUM

/* English text for one of LINK_ERR_*; "unknown error" for any other number. Never NULL, static lifetime. */
const char *link_error_text(int error);

#endif
