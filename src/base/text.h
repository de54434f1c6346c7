/* Text in bounded buffers: copies, blanks, letters, UTF-8. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/span.h"

/* Copy `from` and a zero into `to`.
 * capacity  of `to`, at least from.size + 1
 * returns   from.size; BASE_ERR_FULL, or BASE_ERR_SYNTAX for a zero inside `from`; `to` untouched on error */
int text_copy(struct span from, char *to, size_t capacity);

/* A blank, tab, carriage return or line feed? */
bool text_blank_is(uint8_t character);

/* The part of `text` without blanks, tabs and line ends at both ends. */
struct span text_trim(struct span text);

/* A to Z become a to z, in place, nothing else changes (UTF-8 stays valid). */
void text_lower_ascii(char *text);

/* Equal but for the case of A to Z. */
bool text_equal_ignoring_case(struct span a, struct span b);

/* Valid UTF-8 in the sense of RFC 3629 (no overlong forms, no surrogates, at most U+10FFFF)?
 * returns  number of code points; BASE_ERR_UTF8; BASE_ERR_RANGE above INT32_MAX code points */
int text_utf8_check(struct span text);

/* Largest size <= limit at which valid UTF-8 `text` may be cut without splitting a code point. */
size_t text_utf8_cut(struct span text, size_t limit);

/* A character that draws nothing itself but breaks, turns round or forbids what stands beside it: a control character, a
 * separator of lines or paragraphs, an embedding, override or isolate of direction, a code point that is no character.
 * text     valid UTF-8; at < text.size, where a character begins
 * returns  its bytes; 0 when the character is an ordinary one */
size_t text_unprintable_at(struct span text, size_t at);

#endif
