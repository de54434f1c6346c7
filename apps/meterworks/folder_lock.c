#include "apps/meterworks/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE (4096 + 16)

int folder_lock_take(const char *folder)
{
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "%s/core.lock", folder);
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0)
        return FOLDER_LOCK_FAILED;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return descriptor;
    int result = errno == EWOULDBLOCK ? FOLDER_LOCK_BUSY : FOLDER_LOCK_FAILED;
    close(descriptor);
    return result;
}

void folder_lock_release(int descriptor)
{
    if (descriptor >= 0)
        close(descriptor);
}
