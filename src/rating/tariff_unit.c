#include "rating/tariff_unit.h"

#include <string.h>

#define USUAL_VALUE 100 /* 1e-4 m3 is 100 ml, 1e-4 kWh is 100 mWh */

struct unit_row {
    const char *utility;
    const char *unit;
    int64_t value;
};

static const struct unit_row rows[] = {
    { "water", "m3", USUAL_VALUE }, { "hot_water", "m3", USUAL_VALUE },
    { "gas", "m3", USUAL_VALUE },   { "electricity", "kWh", USUAL_VALUE },
    { "heat", "kWh", 360 },         { "heat", "MWh", 360000 },
    { "heat", "GJ", 100000 },       { "heat", "MJ", 100 },
};

int64_t tariff_unit_value(const struct tariff *tariff)
{
    bool utility_open = tariff->utility[0] == '\0';
    bool unit_open = tariff->unit[0] == '\0';

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool heat = strcmp(rows[i].utility, "heat") == 0;

        if (heat && (utility_open || unit_open))
            continue;
        if ((utility_open || strcmp(rows[i].utility, tariff->utility) == 0) &&
            (unit_open || strcmp(rows[i].unit, tariff->unit) == 0))
            return rows[i].value;
    }
    return 0;
}
