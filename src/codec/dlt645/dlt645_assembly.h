/* Puts the data of an answer with follow-up frames together (读后续数据).
 *
 * The caller asks: "read data" (11H, 01H of 1997), then, while there is more, "read follow-up data" (12H, 02H) with
 * dlt645_assembly.next_sequence, and hands every answer to dlt645_assembly_add(). The bound is the caller's buffer: the
 * standard allows 256 answers of 200 bytes, DLT645_ASSEMBLY_SIZE_MAX; a daily freeze needs about 300, a cover record
 * 60. */
#ifndef CODEC_DLT645_ASSEMBLY_H
#define CODEC_DLT645_ASSEMBLY_H

#include "codec/dlt645/dlt645_items.h"

#define DLT645_ASSEMBLY_SIZE_MAX (256 * DLT645_DATA_LIMIT)

enum dlt645_assembly_state { DLT645_ASSEMBLY_WAITING, DLT645_ASSEMBLY_MORE, DLT645_ASSEMBLY_WHOLE };

struct dlt645_assembly {
    struct dlt645_address asked; /* may have wildcards; the first answer's address replaces it */
    uint32_t identifier;
    uint8_t version;       /* enum dlt645_version */
    uint8_t state;         /* enum dlt645_assembly_state */
    uint8_t next_sequence; /* to ask for, 1 after the first answer; of no matter in 1997 */
    struct writer values;  /* plain data so far, in the caller's buffer */
};

/* Begin with what was asked. `buffer` is borrowed until the end. */
void dlt645_assembly_start(struct dlt645_assembly *assembly, enum dlt645_version version,
                           const struct dlt645_address *asked, uint32_t identifier, void *buffer, size_t capacity);

/* Add an answer.
 * returns  0, see `state`; CODEC_ERR_DUPLICATE (the last one again: nothing changes); CODEC_ERR_ORDER (another
 *          sequence, an answer after the whole, a follow-up before the first); CODEC_ERR_UNKNOWN (no answer to this:
 *          another meter, function or identifier, an echo, an abnormal answer); CODEC_ERR_FULL. Nothing changes on
 *          failure */
int dlt645_assembly_add(struct dlt645_assembly *assembly, const struct dlt645_frame *frame);

/* The items of what is there; of a whole answer as if it had come in one frame.
 * returns  as dlt645_items_decode() */
int dlt645_assembly_items_decode(const struct dlt645_assembly *assembly, struct item_list *list);

#endif
