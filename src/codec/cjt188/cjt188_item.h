/* The payload of a CJ/T 188 frame as items, and items as payload: one walker over the layouts, both ways. */
#ifndef CODEC_CJT188_ITEM_H
#define CODEC_CJT188_ITEM_H

#include "codec/cjt188/cjt188_layout.h"
#include "codec/item/item.h"

#define CJT188_ITEM_LIMIT 16       /* items of one frame, at most */
#define CJT188_STATUS_ITEM_LIMIT 3 /* items of a status word, at most: itself and what its bits say */

/* What the frame says, in the order of its bytes. A status word gives itself and then the items of its bits.
 * Bytes that are no BCD make ITEM_INVALID, FF in all bytes ITEM_MISSING; the same holds for times, where all zero is
 * missing too. Neither makes the frame wrong.
 * variant  the model's habits; NULL the standard's
 * list     appended to; items point into the frame's bytes
 * returns  0; CODEC_ERR_FULL (what fitted stays in the list) */
int cjt188_items_decode(const struct cjt188_frame *frame, const struct cjt188_variant *variant, struct item_list *list);

/* What an item made from the bits of a status word says: "closed", "battery low", names of faults. Nothing when no map
 * has its quantity; an error byte of a maker (CJT188_SHAPE_ERROR) must not be asked, its bits are the maker's own. */
void cjt188_item_text_write(const struct item *item, bool is_chinese, struct writer *out);

/* Write a payload: each field takes the item of its quantity, tier and storage; one that is not there, or is
 * ITEM_MISSING, is written as FF. Numbers must be exact in the field's scale.
 * items    of the shape's layout, as decoding gives them; others are left out
 * storage  settlements back of the data identifier (cjt188_data.storage)
 * returns  0; CODEC_ERR_RANGE (does not fit the digits, not exact, a unit the protocol does not have, ITEM_INVALID),
 *          CODEC_ERR_FULL. On failure what was written is of no use */
int cjt188_payload_encode(const struct cjt188_layout *layout, uint8_t meter_type, unsigned storage,
                          const struct cjt188_variant *variant, const struct item *items, size_t count,
                          struct writer *out) COMPILER_MUST_CHECK;

/* Whether each field of fixed size has its item. */
bool cjt188_payload_is_complete(const struct cjt188_layout *layout, uint8_t meter_type, unsigned storage,
                                const struct item *items, size_t count);

#endif
