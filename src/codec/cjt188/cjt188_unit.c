#include "codec/cjt188/cjt188_unit.h"

#include "codec/item/item_quantity.h"

const struct cjt188_unit cjt188_units[256] = {
    [0x01] = { ITEM_UNIT_J, 0 },     [0x02] = { ITEM_UNIT_WH, 0 },  [0x05] = { ITEM_UNIT_KWH, 0 },
    [0x08] = { ITEM_UNIT_MWH, 0 },   [0x0a] = { ITEM_UNIT_MWH, 2 }, /* MWh × 100 */
    [0x0b] = { ITEM_UNIT_KJ, 0 },    [0x0e] = { ITEM_UNIT_MJ, 0 },  [0x11] = { ITEM_UNIT_GJ, 0 },
    [0x13] = { ITEM_UNIT_GJ, 2 }, /* GJ × 100 */
    [0x14] = { ITEM_UNIT_W, 0 },     [0x17] = { ITEM_UNIT_KW, 0 },  [0x1a] = { ITEM_UNIT_MW, 0 },
    [0x29] = { ITEM_UNIT_LITRE, 0 }, [0x2c] = { ITEM_UNIT_M3, 0 },  [0x32] = { ITEM_UNIT_L_H, 0 },
    [0x35] = { ITEM_UNIT_M3_H, 0 },
};

int cjt188_unit_code(uint8_t unit, int exponent)
{
    int first = -1;

    if (unit == ITEM_UNIT_NONE)
        return -1;
    for (unsigned code = 0; code < 256; code++) {
        if (cjt188_units[code].unit != unit)
            continue;
        if (cjt188_unit_exponent((uint8_t)code) == exponent)
            return (int)code;
        if (first < 0)
            first = (int)code;
    }
    return first;
}
