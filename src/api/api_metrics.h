/* The counters of the process, for people (/health) and for Prometheus (/metrics). Internal to the room. */
#ifndef API_API_METRICS_H
#define API_API_METRICS_H

#include "api/exchange.h"

enum api_counter {
    API_REQUESTS, API_REFUSED, API_FAILED, API_STATIC, API_SIGN_INS_REFUSED, API_LIVE_OPENED, API_READS_GONE,
    API_READS_LATE, API_COUNTER_COUNT
};

void api_count(enum api_counter counter);

/* Members "uptime_s", "listeners" and "counters" of the object that is open. */
void api_metrics_health(struct exchange *exchange, struct json_writer *out);

void api_metrics_prometheus(struct exchange *exchange, struct json_writer *out);

#endif
