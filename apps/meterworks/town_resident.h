/* The resident of the demonstration: 陈佳怡 has a login for the residents' page. */
#ifndef APPS_METERWORKS_TOWN_RESIDENT_H
#define APPS_METERWORKS_TOWN_RESIDENT_H

#include "apps/meterworks/town_archive.h"

#define TOWN_RESIDENT_LOGIN "chenjiayi" /* with TOWN_PASSWORD */

/* After town_archive_enter, before the core runs. 0; negative with `problem`. */
int town_resident_enter(struct town_archive *archive, int64_t now_s, char problem[256]);

#endif
