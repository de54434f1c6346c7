/* The data of DL/T 645 as items, and items as data. */
#ifndef CODEC_DLT645_ITEMS_H
#define CODEC_DLT645_ITEMS_H

#include "codec/dlt645/dlt645_identifier.h"
#include "codec/dlt645/dlt645_message.h"
#include "codec/item/item.h"

/* Everything a frame says as items: the values of its identifier, and what a command or its answer carries (address,
 * time, rate, relay command, error word). Identifiers no table knows, and the data of follow-up frames, give one
 * ITEM_OTHER with the bytes; data of another length than the table's give ITEM_INVALID, not a guess. A block gives one
 * item for each of its members, with the member's own identifier.
 * frame    the items' bytes point into its `data`
 * returns  0; CODEC_ERR_FULL, the list then holding what fitted */
int dlt645_items_decode(const struct dlt645_frame *frame, struct item_list *list);

/* The items of one part of a message of that frame; none for parts that are none.
 * returns  as dlt645_items_decode() */
int dlt645_part_items_decode(const struct dlt645_frame *frame, const struct dlt645_message *message,
                             const struct dlt645_part *part, struct item_list *list);

/* The same for plain data (33H taken off) that came another way: put together from follow-up frames, or out of a file.
 * is_answer  as in dlt645_identifier_find() */
int dlt645_values_decode(enum dlt645_version version, uint32_t identifier, bool is_answer, struct span values,
                         struct item_list *list);

/* The field of the table that item number `index` of these values came from; NULL when it has none.
 * size     bytes of the values, as makers' variants are told by it */
const struct dlt645_field *dlt645_values_field(enum dlt645_version version, uint32_t identifier, bool is_answer,
                                               size_t size, size_t index);

/* The way back: plain data of an identifier from its items, in the order in which decoding gives them.
 * returns  0; CODEC_ERR_UNKNOWN (identifier); CODEC_ERR_UNSUPPORTED (load records, whole freezes,
 *          data that are only bytes); CODEC_ERR_MISSING (fewer items than the record has fields);
 *          CODEC_ERR_TRAILING (more); CODEC_ERR_RANGE; CODEC_ERR_TYPE; CODEC_ERR_FULL. Nothing is written then */
int dlt645_values_encode(enum dlt645_version version, uint32_t identifier, bool is_answer, const struct item *items,
                         size_t count, struct writer *out);

#endif
