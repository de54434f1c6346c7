/* Random structures for any layout, to prove that what was written is read again. */
#ifndef TESTS_CODEC_LAYOUT_RANDOM_H
#define TESTS_CODEC_LAYOUT_RANDOM_H

#include "base/random.h"
#include "codec/layout/layout.h"

/* Fill a structure (all zero before) with values inside bounds and sets.
 * room  where its spans point into */
void layout_random_fill(const struct layout *layout, const struct layout_set *sets, struct random *random, void *out,
                        struct writer *room);

/* Every member that the layout names is the same. */
bool layout_random_same(const struct layout *layout, const struct layout_set *sets, const void *a, const void *b);

#endif
