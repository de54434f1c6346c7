/* A VFS that is the system's own but for one call: each file it opens gets a copy of the system's methods, in which xSync waits
 * first. The copy lies behind the system's own part of the file. */
#include "store/sqlite/slow_disk.h"

#include <stddef.h>
#include <string.h>

#include "store/sqlite/sqlite_store.h"
#include "store/store_error.h"

struct slow_file {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *system;
};

static sqlite3_vfs *system_vfs;
static sqlite3_vfs slow_vfs;
static int slow_offset; /* of the struct slow_file in a file */
static int32_t delay_us;

static struct slow_file *slow_file_of(sqlite3_file *file)
{
    return (struct slow_file *)(void *)((char *)file + slow_offset);
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)system_vfs->xSleep(system_vfs, delay_us);
    return slow_file_of(file)->system->xSync(file, flags);
}

static int file_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *flags_out)
{
    int result = system_vfs->xOpen(system_vfs, name, file, flags, flags_out);

    (void)vfs;
    if (result != SQLITE_OK || file->pMethods == NULL)
        return result;
    struct slow_file *slow = slow_file_of(file);
    slow->system = file->pMethods;
    slow->methods = *file->pMethods;
    slow->methods.xSync = file_sync;
    file->pMethods = &slow->methods;
    return SQLITE_OK;
}

int slow_disk_begin(int32_t sync_delay_us)
{
    system_vfs = sqlite3_vfs_find(NULL);
    if (system_vfs == NULL)
        return STORE_ERR_OPEN;
    int aligned = (int)_Alignof(max_align_t);
    slow_offset = (system_vfs->szOsFile + aligned - 1) / aligned * aligned;
    delay_us = sync_delay_us;
    slow_vfs = *system_vfs;
    slow_vfs.pNext = NULL;
    slow_vfs.zName = "slow-disk";
    slow_vfs.szOsFile = slow_offset + (int)sizeof(struct slow_file);
    slow_vfs.xOpen = file_open;
    return sqlite_store_error(sqlite3_vfs_register(&slow_vfs, 1));
}
