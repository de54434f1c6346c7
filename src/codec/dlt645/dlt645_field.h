/* One value of DL/T 645 between its bytes and its item. */
#ifndef CODEC_DLT645_FIELD_H
#define CODEC_DLT645_FIELD_H

#include "codec/dlt645/dlt645_identifier.h"
#include "codec/item/item.h"

/* Bytes of the value and its time together. */
static inline size_t dlt645_field_size(const struct dlt645_field *field)
{
    return (size_t)field->size + field->moment_size;
}

/* Fill an item that is all zero. Bytes that are no value of the form make it ITEM_INVALID, FF in all of them
 * ITEM_MISSING; a date of zeros only (nothing happened yet) is missing too.
 * bytes    dlt645_field_size() bytes; the item's bytes point there */
void dlt645_field_decode(const struct dlt645_field *field, struct span bytes, struct item *item);

/* The way back. A missing value is written as FF, a missing time as 0; the weekday of a date is reckoned.
 * returns  0; CODEC_ERR_RANGE (too big, not exact at the field's scale, no legal time); CODEC_ERR_TYPE (another kind of
 *          item, or an invalid one). Nothing is written then */
int dlt645_field_encode(const struct dlt645_field *field, const struct item *item, struct writer *out);

/* Times as they stand on the wire, low unit first, each byte BCD: from the second to the year in 6 bytes, from the
 * minute to the year in 5, from the minute to the month in 4. Years are 2000 to 2099.
 * returns  0; CODEC_ERR_RANGE: no such size, no BCD, no legal time (nothing written) */
int dlt645_time_read(struct span bytes, struct item_time *out);
int dlt645_time_write(const struct item_time *time, size_t size, uint8_t *out);

#endif
