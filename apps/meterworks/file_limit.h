/* How many files, sockets among them, the system lets this program have open. */
#ifndef APPS_METERWORKS_FILE_LIMIT_H
#define APPS_METERWORKS_FILE_LIMIT_H

#include <stdint.h>

/* Ask for room for `wanted` connections beside everything else that is open, and log what to do when it is refused.
 * returns  connections that fit, at most `wanted` */
uint32_t file_limit_raise(uint32_t wanted);

#endif
