#include "wire/notifier.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "wire/wire_error.h"

int notifier_open(struct notifier *out)
{
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (descriptor < 0)
        return WIRE_ERR_SYSTEM;
    out->descriptor = descriptor;
    return 0;
}

void notifier_signal(const struct notifier *notifier)
{
    uint64_t one = 1;
    /* Fails only when 2^64 - 2 signals wait undrained, and then the reader is awake anyway. */
    ssize_t written = write(notifier->descriptor, &one, sizeof one);
    (void)written;
}

void notifier_drain(const struct notifier *notifier)
{
    uint64_t count;
    /* Nothing to read means nobody signalled: equally fine. */
    ssize_t taken = read(notifier->descriptor, &count, sizeof count);
    (void)taken;
}

void notifier_close(struct notifier *notifier)
{
    if (notifier->descriptor >= 0)
        close(notifier->descriptor);
    notifier->descriptor = -1;
}
