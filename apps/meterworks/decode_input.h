/* Where frames come from: arguments, lines of text, streams of bytes. */
#ifndef APPS_METERWORKS_DECODE_INPUT_H
#define APPS_METERWORKS_DECODE_INPUT_H

#include <stdio.h>

#include "apps/meterworks/decode_report.h"

/* The arguments together are one frame, unless one of them looks like a whole frame and all together do not: then each
 * is a frame of its own. One argument may also be several whole frames, one behind the other. Wrong digits are wrong
 * usage.
 * is_stream  the arguments are one stream, in which the frames are found */
void decode_arguments(struct decode_report *report, char *const *arguments, int count, bool is_stream);

/* Everything that can be read from `in`, one frame a line; or a stream of bytes when it is no text.
 * is_stream  find the frames in it, whatever it is: bytes, or one long row of hexadecimal digits over many lines */
void decode_file(struct decode_report *report, FILE *in, const char *name, bool is_stream);

#endif
