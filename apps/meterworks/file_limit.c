#include "apps/meterworks/file_limit.h"

#include <sys/resource.h>

#include "base/log.h"

#define OTHER_FILES 512 /* database, HTTP, devices, serial ports */
#define LEAST 64        /* connections that are tried in any case */

uint32_t file_limit_raise(uint32_t wanted)
{
    rlim_t needed = (rlim_t)wanted + OTHER_FILES;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return wanted;
    if (limit.rlim_max < needed) {
        /* Only a privileged program may raise this one. */
        struct rlimit more = { needed, needed };
        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            return wanted;
    }
    limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return wanted;
    rlim_t left = limit.rlim_cur > OTHER_FILES + LEAST ? limit.rlim_cur - OTHER_FILES : LEAST;
    log_write(LOG_APPLICATION, LOG_WARNING, "",
              "%llu open files are allowed: %llu concentrators can be connected instead of %u. Raise the limit to %llu "
              "(ulimit -n, or LimitNOFILE= of the service)",
              (unsigned long long)limit.rlim_cur, (unsigned long long)left, (unsigned)wanted,
              (unsigned long long)needed);
    return (uint32_t)left;
}
