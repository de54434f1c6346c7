#include "codec/item/item_quantity.h"

#define ITEM_QUANTITY_ROW(name, text, english, chinese) { text, english, chinese },
static const struct item_quantity_info quantities[] = { ITEM_QUANTITIES(ITEM_QUANTITY_ROW) };
#undef ITEM_QUANTITY_ROW

#define ITEM_UNIT_ROW(name, text, code) { text, code },
static const struct {
    const char *text;
    const char *code;
} units[] = { ITEM_UNITS(ITEM_UNIT_ROW) };
#undef ITEM_UNIT_ROW

const struct item_quantity_info *item_quantity_info(enum item_quantity quantity)
{
    return (unsigned)quantity < ITEM_QUANTITY_COUNT ? &quantities[quantity] : &quantities[ITEM_OTHER];
}

const char *item_unit_text(enum item_unit unit)
{
    return (unsigned)unit < ITEM_UNIT_COUNT ? units[unit].text : "";
}

const char *item_unit_chinese(enum item_unit unit)
{
    static const char *const words[ITEM_UNIT_COUNT] = {
        [ITEM_UNIT_GALLON] = "加仑",     [ITEM_UNIT_GALLON_MIN] = "加仑/min",
        [ITEM_UNIT_GALLON_H] = "加仑/h", [ITEM_UNIT_MONTH] = "月",
        [ITEM_UNIT_YEAR] = "年",         [ITEM_UNIT_YUAN] = "元",
        [ITEM_UNIT_YUAN_KWH] = "元/kWh", [ITEM_UNIT_YUAN_M3] = "元/m³",
        [ITEM_UNIT_YUAN_L] = "元/L",
    };
    return (unsigned)unit < ITEM_UNIT_COUNT && words[unit] != NULL ? words[unit] : item_unit_text(unit);
}

const char *item_unit_code(enum item_unit unit)
{
    return (unsigned)unit < ITEM_UNIT_COUNT ? units[unit].code : "";
}

int item_quantity_find(struct span name)
{
    for (int i = 0; i < ITEM_QUANTITY_COUNT; i++)
        if (span_equal_text(name, quantities[i].name))
            return i;
    return -1;
}

int item_unit_find(struct span text)
{
    for (int i = 0; i < ITEM_UNIT_COUNT; i++)
        if (span_equal_text(text, units[i].text) || span_equal_text(text, units[i].code))
            return i;
    return -1;
}
