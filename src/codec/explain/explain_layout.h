/* Rows and items for messages that are described by layouts. */
#ifndef CODEC_EXPLAIN_LAYOUT_H
#define CODEC_EXPLAIN_LAYOUT_H

#include "codec/explain/explain_internal.h"
#include "codec/layout/layout.h"

struct explain_layout {
    const struct explain_sink *sink;
    struct span frame;
    struct span fallback; /* where parts are shown that lie outside the frame: the protected bytes they came from */
    unsigned depth;       /* of the outermost parts */
};

/* A visitor that hands every part over; lives as long as `state`. */
struct layout_visitor explain_layout_visitor(struct explain_layout *state);

#endif
