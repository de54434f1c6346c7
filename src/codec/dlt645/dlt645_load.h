/* The blocks of a load record (负荷记录). */
#ifndef CODEC_DLT645_LOAD_H
#define CODEC_DLT645_LOAD_H

#include "codec/dlt645/dlt645_identifier.h"
#include "codec/item/item.h"

/* Stands in the rows of load records: their data are blocks, not fields. */
extern const struct dlt645_record dlt645_load_record;

/* The values of all blocks, each with the time of its block; those of a block that the meter marks as damaged are
 * ITEM_DOUBTED.
 * used     bytes that were blocks of the right form; what follows is something else. Always written on success
 * returns  0; CODEC_ERR_FULL */
int dlt645_load_decode(uint32_t identifier, struct span values, struct item_list *list, size_t *used);

#endif
