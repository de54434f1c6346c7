#include "codec/cjt188/cjt188_unit.h"

#include "codec/item/item_quantity.h"

/* By code. "× 100" units lose the two decimals. */
static const struct cjt188_unit units[] = {
    [0x01] = { ITEM_UNIT_J, -2 },    [0x02] = { ITEM_UNIT_WH, -2 },
    [0x05] = { ITEM_UNIT_KWH, -2 },  [0x08] = { ITEM_UNIT_MWH, -2 },
    [0x0a] = { ITEM_UNIT_MWH, 0 }, /* MWh × 100 */
    [0x0b] = { ITEM_UNIT_KJ, -2 },   [0x0e] = { ITEM_UNIT_MJ, -2 },
    [0x11] = { ITEM_UNIT_GJ, -2 },
    [0x13] = { ITEM_UNIT_GJ, 0 }, /* GJ × 100 */
    [0x14] = { ITEM_UNIT_W, -2 },    [0x17] = { ITEM_UNIT_KW, -2 },
    [0x1a] = { ITEM_UNIT_MW, -2 },   [0x29] = { ITEM_UNIT_LITRE, -2 },
    [0x2c] = { ITEM_UNIT_M3, -2 },   [0x32] = { ITEM_UNIT_L_H, -2 },
    [0x35] = { ITEM_UNIT_M3_H, -2 },
};

#define UNIT_COUNT (sizeof units / sizeof units[0])

static const struct cjt188_unit no_unit = { ITEM_UNIT_NONE, -2 };

const struct cjt188_unit *cjt188_unit_find(uint8_t code)
{
    return code < UNIT_COUNT && units[code].unit != ITEM_UNIT_NONE ? &units[code] : &no_unit;
}

int cjt188_unit_code(uint8_t unit, int exponent)
{
    int first = -1;

    if (unit == ITEM_UNIT_NONE)
        return -1;
    for (size_t code = 0; code < UNIT_COUNT; code++) {
        if (units[code].unit != unit)
            continue;
        if (units[code].exponent == exponent)
            return (int)code;
        if (first < 0)
            first = (int)code;
    }
    return first;
}
