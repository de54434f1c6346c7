/* Log lines on standard error: time (UTC), level, category, identity, words. */
#ifndef APPS_METERWORKS_LOG_OUTPUT_H
#define APPS_METERWORKS_LOG_OUTPUT_H

/* Once, before other threads start. */
void log_output_open(void);

#endif
