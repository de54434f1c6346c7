/* Data units: identifiers and, behind each, data by the tables of q376_layout.h. One walker reads, one writes. */
#ifndef CODEC_Q376_DATA_H
#define CODEC_Q376_DATA_H

#include "codec/q376/q376_layout.h"
#include "codec/q376/q376_point.h"

/* Told about a frame's data, in the order of the wire. Every function may be NULL. Depth is 0 for the fields of a
 * function, one more inside each group. A negative answer ends the walk and becomes its result. */
struct q376_visitor {
    void *context;
    /* A unit begins; `bytes` are identifier and data. `data` is empty when there is none. */
    int (*unit)(void *context, struct q376_unit_id id, struct span bytes, struct span data);
    /* The data of one point and one function begin; layout is NULL when they are not known. */
    int (*function)(void *context, int point, unsigned function, const struct q376_layout *layout, struct span data);
    int (*group)(void *context, const struct q376_field *field, struct span bytes, unsigned depth);
    int (*value)(void *context, const struct q376_field *field, const struct item *item, unsigned depth);
    /* Bytes that are not known: of a function without a row, or that do not fit its row. */
    int (*raw)(void *context, const struct item *item);
    /* What is left behind the last unit and begins none. */
    int (*tail)(void *context, struct span bytes);
};

/* Walk all units of a frame. A function that has no row, or whose bytes do not fit it, ends the walk with raw().
 * returns  0; what the visitor answered */
int q376_data_walk(const struct q376_frame *frame, const struct q376_visitor *visitor);

/* Whether every byte of the units is known: each function has a row and its data fit it, nothing is left over. */
bool q376_data_fits(const struct q376_frame *frame);

/* All values as items: identifier is AFN << 16 | Fn, subunit the point, tariff, storage and time as far as known; a
 * field that only the terminal is about is ITEM_PARAMETER, bytes that are not known are one ITEM_OTHER.
 * returns  0; CODEC_ERR_FULL */
int q376_items_decode(const struct q376_frame *frame, struct item_list *list);

/* Write the data of one function (without its identifier) from items in the order in which they are decoded.
 * used     items taken; written on success
 * out      on failure what was written is of no use
 * returns  0; CODEC_ERR_UNKNOWN: no row for the function in this direction; CODEC_ERR_MISSING: too few items;
 *          CODEC_ERR_RANGE, CODEC_ERR_TYPE: an item that its field cannot hold; CODEC_ERR_FULL */
int q376_data_encode(uint8_t afn, bool is_uplink, uint16_t function, const struct item *items, size_t count,
                     size_t *used, struct writer *out);

#endif
