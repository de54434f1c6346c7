/* The town's past: midnight readings day by day through the core's own uplink path, accounts, settlements and payments
 * as they would have happened, so that a demonstration does not begin with empty pages. */
#ifndef APPS_METERWORKS_TOWN_HISTORY_H
#define APPS_METERWORKS_TOWN_HISTORY_H

#include <stdint.h>

#include "apps/meterworks/town_archive.h"

struct town_history_config {
    struct town_archive *archive;   /* entered by town_history_write */
    const char *database_path;
    int64_t first_day;              /* local days since 1970 */
    int64_t last_day;
    int64_t prepaid_day;            /* platform prepayment is introduced, first_day to last_day */
};

/* Enter the archive on the eve of first_day and write all days; the core's clock ends in the afternoon of last_day.
 * problem  one sentence when it fails
 * returns  0; negative */
int town_history_write(const struct town_history_config *config, char problem[256]);

#endif
