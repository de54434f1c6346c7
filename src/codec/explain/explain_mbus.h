/* What the explainers of wired and wireless M-Bus share: the rows of an area of records. */
#ifndef CODEC_EXPLAIN_MBUS_H
#define CODEC_EXPLAIN_MBUS_H

#include "codec/explain/explain_internal.h"
#include "codec/mbus/mbus_record.h"

/* Where rows are put. The records may lie outside the frame (decrypted, or with check sums taken out). */
struct explain_mbus_area {
    struct explain_place place; /* depth of the records' own rows */
    struct span fallback;       /* the part of the frame that stands for bytes outside it */
    /* The part of the frame that holds these bytes, empty when none does; NULL: bytes inside the frame are their own
     * place, all others the fallback. */
    struct span (*locate)(const void *context, struct span bytes);
    const void *context;
};

/* Rows and items of every record that a reader gives: a row for the record, below it one for DIF and DIFE, one for VIF
 * and VIFE, and the value.
 * error_offset  on failure: as mbus_record_next
 * returns       0; errors of mbus_record_next, rows up to there having been handed over */
int explain_mbus_records(const struct explain_mbus_area *area, struct mbus_record_reader reader, size_t *error_offset);

#endif
