/* What is said behind the VIF: the combinable extensions of EN 13757-3 table 15, indexed by code. */
#ifndef CODEC_MBUS_VIFE_H
#define CODEC_MBUS_VIFE_H

#include "codec/item/item.h"

enum mbus_vife_effect {
    MBUS_VIFE_NOTHING,     /* reserved, or says nothing about the value */
    MBUS_VIFE_ERROR,       /* the meter could not give the value: number is an item_quality */
    MBUS_VIFE_MULTIPLY,    /* number is a power of ten */
    MBUS_VIFE_MODIFY,      /* number is an item_modifier, as in the next three */
    MBUS_VIFE_MOMENT,      /* the data are a time */
    MBUS_VIFE_DURATION,    /* the data are a duration; the low bits of the code choose s, min, h, d */
    MBUS_VIFE_COUNT,       /* the data are how often */
    MBUS_VIFE_EXTENSION,   /* the next VIFE is of the extended table */
    MBUS_VIFE_PHASE,       /* extended table: number is a phase */
    MBUS_VIFE_MANUFACTURER /* what follows means what the manufacturer likes */
};

struct mbus_vife {
    uint8_t effect; /* enum mbus_vife_effect */
    int8_t number;
};

#define MBUS_VIFE_TABLE_SIZE 128

extern const struct mbus_vife mbus_vife_table[MBUS_VIFE_TABLE_SIZE];
extern const struct mbus_vife mbus_vife_extended[MBUS_VIFE_TABLE_SIZE]; /* behind FCH */

/* The first extension of `vife`, which becomes what follows it: FCH and the code behind it count as one.
 * code     the low seven bits of its first byte
 * returns  its row; NULL when `vife` is empty (code untouched) */
const struct mbus_vife *mbus_vife_next(struct span *vife, uint8_t *code);

/* Record errors, 00H to 1FH, as words: "storage number not implemented"; NULL for those that are none. */
const char *mbus_record_error_text(uint8_t code, bool is_chinese);

#endif
