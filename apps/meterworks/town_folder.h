/* The data folder of a demonstration: made fresh at each start, marked, so that nobody's real accounts are ever taken
 * for a demonstration's and removed. */
#ifndef APPS_METERWORKS_TOWN_FOLDER_H
#define APPS_METERWORKS_TOWN_FOLDER_H

#include <stdbool.h>

#define TOWN_FOLDER_SIZE 4000

struct town_folder {
    char path[TOWN_FOLDER_SIZE];
    bool is_temporary; /* removed at the end */
};

/* wanted   a folder, or NULL for a temporary one; what an earlier demonstration left there is removed
 * returns  0; -1 with `problem`, also when the folder holds an installation that is no demonstration */
int town_folder_open(struct town_folder *folder, const char *wanted, char problem[256]);

/* Remove a temporary one. */
void town_folder_close(struct town_folder *folder);

#endif
