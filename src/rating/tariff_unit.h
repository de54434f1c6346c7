/* What a tariff's unit is on a register. */
#ifndef RATING_TARIFF_UNIT_H
#define RATING_TARIFF_UNIT_H

#include "rating/tariff.h"

/* What 1e-4 of the tariff's unit is on the main register of its meters (base/quantity.h): ml of water and gas, mWh of
 * electricity, J of heat. A tariff that names no utility or no unit means m3 or kWh, 100 in both; a tariff of heat must
 * name both, because heat is sold by kWh as well as by GJ.
 * returns  0 when no meter of this utility counts in this unit */
int64_t tariff_unit_value(const struct tariff *tariff);

#endif
