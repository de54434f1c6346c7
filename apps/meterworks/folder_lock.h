/* One process serves a data folder at a time: a lock on DATA/core.lock that the kernel takes back when the process ends, however
 * it ends. */
#ifndef APPS_METERWORKS_FOLDER_LOCK_H
#define APPS_METERWORKS_FOLDER_LOCK_H

#define FOLDER_LOCK_NONE (-1)
#define FOLDER_LOCK_BUSY (-2)
#define FOLDER_LOCK_FAILED (-3) /* errno says why */

/* folder   that exists
 * returns  a descriptor, to be given back with folder_lock_release; FOLDER_LOCK_BUSY, FOLDER_LOCK_FAILED */
int folder_lock_take(const char *folder);

/* Accepts FOLDER_LOCK_NONE. */
void folder_lock_release(int descriptor);

#endif
