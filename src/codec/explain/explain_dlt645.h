/* What the files that explain DL/T 645 share. */
#ifndef CODEC_EXPLAIN_DLT645_H
#define CODEC_EXPLAIN_DLT645_H

#include "codec/dlt645/dlt645_frame.h"
#include "codec/explain/explain_internal.h"

/* Rows for the data of a frame, part by part.
 * is_believed  the check sum is right: values are handed over as items too, else only shown */
void explain_dlt645_data(const struct explain_place *place, const struct dlt645_frame *frame, bool is_believed);

#endif
