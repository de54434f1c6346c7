/* Identities of a simulated town, for a platform that is to know its meters: entered into a data folder, or listed. */
#ifndef APPS_METERWORKS_TOWN_IDENTITIES_H
#define APPS_METERWORKS_TOWN_IDENTITIES_H

#include <stdint.h>

#include "sim/town_plan.h"

/* Enter the plan's archive and accounts into the data folder, made when missing; no platform may be serving it.
 * store    a PostgreSQL server that takes the database, whose address the folder then keeps; NULL: what it keeps, else a file in it
 * returns  0; -1 with `problem`, also when the town is there already */
int town_identities_enter(const struct town_plan *plan, const char *folder, const char *store, int64_t now_s, char problem[256]);

/* One line a meter: number, IMEI, security, district, estate, building, room, customer, phone, payment, start in ml.
 * path     "-": standard output
 * returns  0; -1 with `problem` */
int town_identities_list(const struct town_plan *plan, const char *path, char problem[256]);

#endif
