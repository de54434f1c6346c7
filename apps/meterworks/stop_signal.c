#include "apps/meterworks/stop_signal.h"

#include <signal.h>
#include <stddef.h>

static sigset_t stop_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

void stop_signal_block(void)
{
    sigset_t set = stop_signals();
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    sigprocmask(SIG_BLOCK, &set, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
}

bool stop_signal_wait_or_reload(void)
{
    sigset_t set = stop_signals();
    int number = 0;

    sigwait(&set, &number);
    return number == SIGHUP;
}

void stop_signal_wait(void)
{
    (void)stop_signal_wait_or_reload();
}

bool stop_signal_came(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0 && (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 ||
                                         sigismember(&pending, SIGHUP) == 1);
}
