/* What the files of this folder share. */
#ifndef CODEC_LAYOUT_INTERNAL_H
#define CODEC_LAYOUT_INTERNAL_H

#include "codec/layout/layout.h"

/* Where a field stands. */
struct layout_extent {
    struct span whole;            /* a count or length in front included */
    struct span content;          /* without it */
    const struct layout *element; /* of a list or record; NULL */
};

/* The size on the wire is not fixed. */
bool layout_form_varies(unsigned form);

/* Take field `index` of the layout; the reader stays where it was on failure.
 * returns  0; CODEC_ERR_SHORT; CODEC_ERR_FORMAT */
int layout_field_take(const struct layout *layout, size_t index, const struct layout *subject, struct reader *reader,
                      struct layout_extent *out);

/* What the row is about; NULL. */
const struct layout *layout_subject_of(const struct layout_set *set, size_t row);

/* Big-endian numbers of 1 to 8 bytes; unsigned ones may be empty (0). */
uint64_t layout_unsigned_of(struct span bytes);
int64_t layout_signed_of(struct span bytes);

#endif
