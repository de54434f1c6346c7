/* The whole record of a freeze (冻结), 05xxFFnn. */
#ifndef CODEC_DLT645_FREEZE_H
#define CODEC_DLT645_FREEZE_H

#include "codec/dlt645/dlt645_identifier.h"
#include "codec/item/item.h"

/* Stand in the rows of whole records: how many values those hold is only told by their size. */
extern const struct dlt645_record dlt645_freeze_whole_record;
extern const struct dlt645_record dlt645_freeze_hour_record;

/* The values of a whole record: its time, then each energy and demand as total and tariffs, then the variables; of the
 * hourly one the two active totals. With or without AAH between them. Every value has the time of the freeze.
 * used     all bytes, or 0 (and no items) when no number of tariffs gives this size. Always written on success
 * returns  0; CODEC_ERR_FULL */
int dlt645_freeze_decode(const struct dlt645_identity *identity, struct span values, struct item_list *list,
                         size_t *used);

#endif
