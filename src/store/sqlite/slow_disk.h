/* A disk whose sync takes longer than this machine's: measurements of what an installation elsewhere would reach. */
#ifndef STORE_SQLITE_SLOW_DISK_H
#define STORE_SQLITE_SLOW_DISK_H

#include <stdint.h>

/* From now on every sync of a database file or its log that this process opens takes so much longer. Once, before the first store
 * is opened.
 * returns  0; STORE_ERR_* */
int slow_disk_begin(int32_t sync_delay_us);

#endif
