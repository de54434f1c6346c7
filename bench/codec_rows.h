/* The codecs that codec_bench measures: one function each from a frame's bytes to its items. */
#ifndef BENCH_CODEC_ROWS_H
#define BENCH_CODEC_ROWS_H

#include "base/span.h"

/* Find the frame in its bytes, check it, decode it to items.
 * returns  number of items; negative when it is refused */
typedef int (*codec_row_function)(struct span stream);

/* NULL when there is none of this name. */
codec_row_function codec_row_find(const char *protocol);

#endif
