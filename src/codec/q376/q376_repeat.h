/* How often a row of a layout stands there: shared by the walker that reads and the one that writes. */
#ifndef CODEC_Q376_REPEAT_H
#define CODEC_Q376_REPEAT_H

#include "codec/q376/q376_layout.h"

/* By the counters kept so far (Q376_COUNTER_COUNT of them); UINT_MAX: while bytes are left. */
unsigned q376_repetitions(const unsigned *counters, const struct q376_field *field);

#endif
