#include "codec/item/item_modifier.h"

#define ITEM_MODIFIER_ROW(name, text, english, chinese) { text, english, chinese },
static const struct item_modifier_info modifiers[] = { ITEM_MODIFIERS(ITEM_MODIFIER_ROW) };
#undef ITEM_MODIFIER_ROW

const struct item_modifier_info *item_modifier_info(enum item_modifier modifier)
{
    return (unsigned)modifier < ITEM_MODIFIER_COUNT ? &modifiers[modifier] : &modifiers[ITEM_MODIFIER_NONE];
}
