/* Unit codes of CJ/T 188: the byte behind (at some makers before) a value. */
#ifndef CODEC_CJT188_UNIT_H
#define CODEC_CJT188_UNIT_H

#include "base/span.h"

struct cjt188_unit {
    uint8_t unit; /* enum item_unit; ITEM_UNIT_NONE where the code is none of the standard's */
    uint8_t lift; /* power of ten by which the unit is larger than the printed one: "MWh × 100" has 2 */
};

/* By code. */
extern const struct cjt188_unit cjt188_units[256];

/* Values have eight digits, of which two are decimals. */
#define CJT188_VALUE_EXPONENT (-2)

static inline bool cjt188_unit_is_legal(uint8_t code)
{
    return cjt188_units[code].unit != 0;
}

/* The power of ten of a value's last digit. */
static inline int8_t cjt188_unit_exponent(uint8_t code)
{
    return (int8_t)(CJT188_VALUE_EXPONENT + cjt188_units[code].lift);
}

/* The code for a unit and scale. The code whose scale is just that is preferred, else the unit's first.
 * returns  the code; -1 when the protocol has none for this unit */
int cjt188_unit_code(uint8_t unit, int exponent);

#endif
