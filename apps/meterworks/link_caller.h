/* A TLS connection that is being made: dialled, then proved by both ends' key. One thread. Times are ms of a clock that
 * nobody sets. */
#ifndef APPS_METERWORKS_LINK_CALLER_H
#define APPS_METERWORKS_LINK_CALLER_H

#include <stdint.h>

#include "wire/tls_channel.h"

/* What an api says first on the connection that tells it the live events; anything else is a request of HTTP. */
#define LINK_CALLER_FEED "FEED 1\n"

enum link_caller_step { LINK_CALLER_NONE, LINK_CALLER_DIALLING, LINK_CALLER_SHAKING, LINK_CALLER_OPEN };

/* All zeros but descriptor, which is -1: no connection. */
struct link_caller {
    enum link_caller_step step;
    int descriptor; /* while dialling; -1 */
    struct tls_channel *channel;
    int64_t deadline_ms;
};

int64_t link_caller_now_ms(void);

/* Begin, to be open by then. That it cannot be done at all is told by link_caller_work. */
void link_caller_dial(struct link_caller *caller, const char *address, int64_t deadline_ms);

/* Go on.
 * returns  1 it has just become open; 0 wait; -1 it failed or took too long: close it */
int link_caller_work(struct link_caller *caller, struct tls_party *party, int64_t now_ms);

/* Accepts none. */
void link_caller_close(struct link_caller *caller);

#endif
