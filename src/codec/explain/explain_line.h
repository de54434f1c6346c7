/* A frame out of one line of text, as people paste it and as logs write it. */
#ifndef CODEC_EXPLAIN_LINE_H
#define CODEC_EXPLAIN_LINE_H

#include "base/span.h"

/* Pairs of hexadecimal digits, together or apart by blanks, ":", "-" or ","; "0x" or "\x" may stand before any group.
 * In front of them a time stamp ("2026-07-09 10:15:30.250", "[10:15:30]", "1783563330.250") and words of direction
 * ("TX", "recv:", "master->meter", "->", "发送") are passed over. A remark begins with "#". A time without a fraction
 * or brackets counts as a time only when the bytes that follow are not apart by ":" themselves.
 * capacity      of `bytes`, which is worth nothing after a failure
 * error_offset  written on failure: where in `line`
 * returns       bytes written, 0 for a line of blanks and remarks; CODEC_ERR_FORMAT for anything else that is no pair
 *               of digits; CODEC_ERR_EMPTY when only a time or a direction stands there; CODEC_ERR_FULL */
int explain_line_decode(struct span line, uint8_t *bytes, size_t capacity, size_t *error_offset);

/* Are these bytes text (UTF-8, no control characters but blanks and line ends), so that lines can be looked for? */
bool explain_is_text(struct span bytes);

#endif
