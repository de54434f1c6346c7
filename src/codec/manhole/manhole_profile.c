#include "codec/manhole/manhole_profile.h"

uint8_t manhole_code(const struct manhole_profile *profile, enum manhole_set set, unsigned row)
{
    return (uint8_t)profile->sets[set].rows[row].code;
}

uint8_t manhole_row(const struct manhole_profile *profile, enum manhole_set set, unsigned code)
{
    return layout_set_find(&profile->sets[set], code);
}

bool manhole_can_say(const struct manhole_profile *profile, enum manhole_set set, unsigned row)
{
    return row < profile->sets[set].count && profile->sets[set].rows[row].code <= UINT8_MAX;
}

const struct layout_word *manhole_word(const struct manhole_profile *profile, enum manhole_set set, unsigned row)
{
    return row < profile->sets[set].count ? &profile->sets[set].rows[row] : NULL;
}
