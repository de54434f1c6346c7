/* Bytes as hexadecimal text and back. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "base/span.h"

/* Lower-case text, zero-terminated.
 * capacity  of `text`, at least 2 * bytes.size + 1
 * returns   characters written without the zero; BASE_ERR_FULL */
int hex_encode(struct span bytes, char *text, size_t capacity);

/* 0 to 15 for a digit of either case, -1 for any other character. */
int hex_digit_value(uint8_t character);

/* Both cases; blanks, tabs and line ends between pairs are passed over, nothing else is.
 * capacity  of `bytes`
 * returns   bytes written; BASE_ERR_SYNTAX for another character or half a pair; BASE_ERR_FULL.
 *           `bytes` is untouched on error */
int hex_decode(struct span text, uint8_t *bytes, size_t capacity);

#endif
