/* The estate whose meters hang on lines, brought into the archive: places, concentrators, meters with their transformers,
 * transformer areas for the loss, plans for hourly curves; and the order to download every concentrator's archive, so
 * that the platform does the rest by itself. */
#ifndef APPS_METERWORKS_TOWN_LINES_H
#define APPS_METERWORKS_TOWN_LINES_H

#include "apps/meterworks/town_archive.h"
#include "sim/estate_plan.h"

/* The concentrator of the show flat: real device cores, outside the plan, as the last one. */
#define TOWN_LINES_SHOW_METERS 8
#define TOWN_LINES_SHOW_TERMINAL 10900

/* Enter the plan, after town_archive_enter().
 * installed_s  when the meters were hung up: their registers began at 0
 * now_s        of the calls
 * problem      one sentence when it fails
 * returns      0; negative */
int town_lines_enter(struct town_archive *archive, const struct estate_plan *plan, int64_t installed_s, int64_t now_s,
                     char problem[256]);

#endif
