#include "apps/meterworks/profile_vocabulary.h"

#include "codec/item/item_quantity.h"
#include "dialog/device_codec.h"
#include "dialog/item_uplink.h"

static const char *quantity_name(int quantity)
{
    return item_quantity_info((enum item_quantity)quantity)->name;
}

static const char *unit_text(int unit)
{
    return item_unit_text((enum item_unit)unit);
}

static enum profile_point_fit point_check(enum device_kind kind, int quantity, int unit)
{
    if (item_uplink_quantity(kind, (enum item_quantity)quantity) == QUANTITY_NONE)
        return PROFILE_POINT_QUANTITY_UNFIT;
    return item_uplink_unit_fits(kind, (enum item_quantity)quantity, (enum item_unit)unit) ? PROFILE_POINT_FITS
                                                                                           : PROFILE_POINT_UNIT_UNFIT;
}

static void units_write(enum device_kind kind, int quantity, struct writer *out)
{
    item_uplink_units_write(kind, (enum item_quantity)quantity, out);
}

struct profile_vocabulary profile_vocabulary_make(void)
{
    return (struct profile_vocabulary){
        .codec_at = device_codec_at,
        .quantity_find = item_quantity_find,
        .unit_find = item_unit_find,
        .quantity_name = quantity_name,
        .unit_text = unit_text,
        .point_check = point_check,
        .units_write = units_write,
    };
}
