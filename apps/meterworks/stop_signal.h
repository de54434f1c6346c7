/* Ctrl-C and the service manager's stop, taken by waiting instead of by interrupting. */
#ifndef APPS_METERWORKS_STOP_SIGNAL_H
#define APPS_METERWORKS_STOP_SIGNAL_H

#include <stdbool.h>

/* Block SIGINT, SIGTERM and SIGHUP in this thread and those it starts, and ignore SIGPIPE and SIGXFSZ, which
 * the calls that meet them report as well. First thing in main. */
void stop_signal_block(void);

/* Wait for one of them. */
void stop_signal_wait(void);

/* Wait for the next of them: true when it asks to read the configuration anew (SIGHUP), false to stop. */
bool stop_signal_wait_or_reload(void);

/* Whether one of them came since stop_signal_block; does not wait, and leaves it to be taken. */
bool stop_signal_came(void);

#endif
