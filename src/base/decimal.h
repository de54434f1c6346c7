/* Exact decimal text and scaled integers: 12.34 at scale 2 is 1234. No floating point anywhere. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/span.h"

#define DECIMAL_SCALE_LIMIT 18
/* Sign, 19 digits, a leading zero, the point and the final zero byte always fit. */
#define DECIMAL_TEXT_LIMIT 24

/* Read "-12.5" at a scale: digits with at most one point, one optional sign in front, nothing else.
 * scale    0 to DECIMAL_SCALE_LIMIT digits after the point; more digits than that are accepted only when they are
 *          zeros, because dropping others would not be exact
 * out      value * 10^scale
 * returns  0; BASE_ERR_SYNTAX; BASE_ERR_RANGE for a value beyond int64, a scale beyond the limit, or digits lost */
int decimal_parse(struct span text, int scale, int64_t *out);

/* Write value / 10^scale, zero-terminated.
 * trim      leave out zeros at the end of the fraction, and the point when nothing follows it
 * capacity  of `text`; DECIMAL_TEXT_LIMIT is always enough
 * returns   characters without the zero; BASE_ERR_RANGE for a scale beyond the limit; BASE_ERR_FULL */
int decimal_format(int64_t value, int scale, bool trim, char *text, size_t capacity);

/* "12.34" to 1234 fen (0.01 yuan); errors as decimal_parse. */
int decimal_parse_fen(struct span text, int64_t *amount_fen);

/* 1234 fen to "12.34", always two digits after the point. */
int decimal_format_fen(int64_t amount_fen, char *text, size_t capacity);

#endif
