/* Errors of the base room, and the pattern for every room's errors.
 *
 * A room writes its list once, as a macro of rows (name, value, text). The enum and the text table come from it.
 * Zero or positive is success, negative is a named reason; outputs are untouched on failure. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#define BASE_ERRORS(ROW) \
    ROW(BASE_ERR_SYNTAX, -1, "text is not of the expected form") \
    ROW(BASE_ERR_RANGE, -2, "value is outside the permitted range") \
    ROW(BASE_ERR_FULL, -3, "no room left") \
    ROW(BASE_ERR_EMPTY, -4, "nothing there") \
    ROW(BASE_ERR_SHORT, -5, "input ends too early") \
    ROW(BASE_ERR_DIVISOR, -6, "division by zero or by a negative number") \
    ROW(BASE_ERR_MEMORY, -7, "out of memory") \
    ROW(BASE_ERR_UTF8, -8, "text is not valid UTF-8")

#define BASE_ERROR_ENUM(name, value, text) name = (value),
enum base_error { BASE_ERRORS(BASE_ERROR_ENUM) };
#undef BASE_ERROR_ENUM

/* English text for one of BASE_ERR_*; "unknown error" for any other number. Never NULL, static lifetime. */
const char *base_error_text(int error);

#endif
