#include "apps/meterworks/log_output.h"

#include <stdio.h>
#include <time.h>

#include "base/calendar.h"
#include "base/log.h"

static void line_write(void *context, enum log_category category, enum log_level level, const char *identity,
                       const char *words)
{
    struct timespec now;
    char time[40];

    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    calendar_format_time(now.tv_sec, 0, time, sizeof time);
    /* One call, so that lines of several threads do not mix. */
    fprintf(stderr, "%s %-7s %-11s %s%s%s\n", time, log_level_name(level), log_category_name(category), identity,
            identity[0] != '\0' ? ": " : "", words);
}

void log_output_open(void)
{
    log_sink_set(line_write, NULL);
}
