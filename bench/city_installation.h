/* The installation of a city: tenant, administrator, tariff and the laboratory's meters entered through the core, as people would;
 * the city's archive written in bulk. */
#ifndef BENCH_CITY_INSTALLATION_H
#define BENCH_CITY_INSTALLATION_H

#include "bench/city_plan.h"

struct city_installation_figures {
    double archive_s;      /* of writing the city's archive */
    double laboratory_s;   /* of entering the laboratory's meters */
};

/* Into plan->folder, which holds nothing yet.
 * problem  one sentence when it fails; "" when somebody asked to end
 * returns  0; -1 */
int city_installation_make(struct city_plan *plan, struct city_installation_figures *out, char problem[256]);

/* Into plan->folder, where a city was kept: one more laboratory, behind the meters that are there. Fills in what the store knows of
 * the plan: laboratory_after, the tenant and its root.
 * returns  as above; out->archive_s is the start of a core over it */
int city_installation_add(struct city_plan *plan, struct city_installation_figures *out, char problem[256]);

#endif
