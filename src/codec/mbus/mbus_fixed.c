/* The old fixed structure (EN 1434-3:1997): its own tables of units and media. */
#include "codec/bcd/bcd.h"
#include "codec/mbus/mbus_message.h"

#define UNIT_SAME_STORED 0x3e /* as the other counter, at a fixed date */

struct unit {
    uint16_t quantity;
    uint8_t unit;
    int8_t exponent;
};

#define ONE(quantity, unit, exponent) \
    { \
        ITEM_##quantity, ITEM_UNIT_##unit, (exponent) \
    }
#define THREE(code, quantity, unit, exponent) \
    [code] = ONE(quantity, unit, exponent), [(code) + 1] = ONE(quantity, unit, (exponent) + 1), \
    [(code) + 2] = ONE(quantity, unit, (exponent) + 2)
#define NINE(code, quantity, unit, exponent) \
    THREE(code, quantity, unit, exponent), THREE((code) + 3, quantity, unit, (exponent) + 3), \
        THREE((code) + 6, quantity, unit, (exponent) + 6)

/* 00H and 01H are times, 3AH to 3DH reserved, 3FH is a counter without unit: ITEM_OTHER. */
static const struct unit units[64] = {
    NINE(0x02, ENERGY, WH, 0),
    NINE(0x0b, ENERGY, J, 3),
    NINE(0x14, POWER, W, 0),
    NINE(0x1d, POWER, J_H, 3),
    NINE(0x26, VOLUME, M3, -6),
    NINE(0x2f, VOLUME_FLOW, M3_H, -6),
    [0x38] = ONE(TEMPERATURE, CELSIUS, -3),
    [0x39] = ONE(HEAT_COST_UNITS, NONE, 0),
};

static const char *const media[16][2] = {
    { "Other", "其他" },
    { "Oil", "油" },
    { "Electricity", "电" },
    { "Gas", "燃气" },
    { "Heat", "热" },
    { "Steam", "蒸汽" },
    { "Hot water", "热水" },
    { "Water", "水" },
    { "Heat cost allocator", "热分配表" },
    { "Reserved", "保留" },
    { "Gas, mode 2", "燃气，方式2" },
    { "Heat, mode 2", "热，方式2" },
    { "Hot water, mode 2", "热水，方式2" },
    { "Water, mode 2", "水，方式2" },
    { "Heat cost allocator, mode 2", "热分配表，方式2" },
    { "Reserved", "保留" },
};

const char *mbus_fixed_medium_text(uint8_t medium, bool is_chinese)
{
    return media[medium & 15u][is_chinese];
}

static void counter_put(struct span bytes, bool is_binary, struct item *out)
{
    uint32_t bits = (uint32_t)bytes.bytes[0] | (uint32_t)bytes.bytes[1] << 8 | (uint32_t)bytes.bytes[2] << 16 |
                    (uint32_t)bytes.bytes[3] << 24;
    int64_t value = is_binary ? (int64_t)bits : bcd_word_read(bits);

    if (value < 0)
        out->quality = bits == UINT32_MAX ? ITEM_MISSING : ITEM_INVALID;
    else
        out->value = value;
}

void mbus_fixed_item(const struct mbus_message *message, size_t index, struct item *out)
{
    static const struct item empty;
    const struct mbus_fixed *fixed = &message->fixed;
    bool is_same = fixed->units[index] == UNIT_SAME_STORED;
    struct unit unit = units[fixed->units[is_same ? 1 - index : index]];

    *out = empty;
    out->quantity = unit.quantity;
    out->unit = unit.unit;
    out->exponent = unit.exponent;
    out->storage = is_same || fixed->is_stored ? 1 : 0;
    out->identifier = fixed->units[index];
    out->bytes = fixed->counters[index];
    counter_put(out->bytes, fixed->is_binary, out);
}
