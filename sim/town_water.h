/* Water as it runs through one meter: hours of use cut into what people do with it, a kettle, a toilet, a shower, at any moment of
 * the hour. By seed, home and time alone: no other chance of the town is disturbed. */
#ifndef SIM_TOWN_WATER_H
#define SIM_TOWN_WATER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/town_plan.h"

struct town_water {
    int64_t due_ms;     /* next draw */
    int64_t left_ml;    /* wanted and not drawn yet */
    int64_t hour_ms;    /* the hour up to which use is counted in left_ml; 0 not begun */
};

/* Begin at now_ms as if the day's use so far were still to come. */
void town_water_begin(struct town_water *water, const struct town_home *home, int64_t now_ms);

/* What is drawn at water->due_ms, which moves on.
 * supplied  false: the valve is closed, and what was wanted is forgotten
 * returns   whole litres, 0 or more */
int32_t town_water_draw_l(struct town_water *water, const struct town_home *home, bool supplied);

#endif
