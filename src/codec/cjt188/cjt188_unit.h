/* Unit codes of CJ/T 188: the byte behind (at some makers before) a value. */
#ifndef CODEC_CJT188_UNIT_H
#define CODEC_CJT188_UNIT_H

#include "base/span.h"

struct cjt188_unit {
    uint8_t unit;    /* enum item_unit; ITEM_UNIT_NONE where the code is none of the standard's */
    int8_t exponent; /* of the last of the value's eight digits: two decimals, less the factor of the unit */
};

/* Never NULL. */
const struct cjt188_unit *cjt188_unit_find(uint8_t code);

static inline bool cjt188_unit_is_legal(uint8_t code)
{
    return cjt188_unit_find(code)->unit != 0;
}

/* The code for a unit and scale. The code whose scale is just that is preferred, else the unit's first.
 * returns  the code; -1 when the protocol has none for this unit */
int cjt188_unit_code(uint8_t unit, int exponent);

#endif
