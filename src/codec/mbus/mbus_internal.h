/* What the files of the record layer share. */
#ifndef CODEC_MBUS_INTERNAL_H
#define CODEC_MBUS_INTERNAL_H

#include "codec/mbus/mbus_record.h"

/* As mbus_record_item, into an item that is all zero. */
void mbus_record_fill(const struct mbus_record *record, struct item *out);

#endif
