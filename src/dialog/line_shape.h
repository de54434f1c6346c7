/* What damaged bytes looked like before. Internal to the room. */
#ifndef DIALOG_LINE_SHAPE_H
#define DIALOG_LINE_SHAPE_H

#include "base/span.h"

/* Somewhere in the bytes stand a frame's start, its length and, where that leads to, its end: DL/T 645, CJ/T 188 or
 * M-Bus. One frame that was damaged keeps its shape; several that met do not. */
bool line_shape_is_in(struct span bytes);

#endif
