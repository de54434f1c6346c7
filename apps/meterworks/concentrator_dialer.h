/* Many TCP connections to one server, by number, with epoll: what simulated concentrators dial in through. One thread.
 *
 * A connection costs its socket and a few dozen bytes; bytes that have to wait, either way, are allocated as long as
 * they wait. */
#ifndef APPS_METERWORKS_CONCENTRATOR_DIALER_H
#define APPS_METERWORKS_CONCENTRATOR_DIALER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define CONCENTRATOR_DIALER_WAITING_LIMIT 65536 /* bytes that wait for one connection; more closes it */

struct concentrator_dialer_config {
    const char *host;   /* name or address */
    const char *port;   /* number */
    size_t count;       /* connections, numbered from 0 */
    bool minds_signals; /* a signal to stop ends concentrator_dialer_wait(); else signals are somebody else's */
    void *context;
    void (*opened)(void *context, size_t number, bool opened);
    /* returns  bytes that are done with; the rest comes again with what follows */
    size_t (*received)(void *context, size_t number, struct span bytes);
    void (*closed)(void *context, size_t number);
};

struct concentrator_dialer;

/* returns  0 with a dialer to be closed; -1 with a problem (at least 256 bytes) */
int concentrator_dialer_open(const struct concentrator_dialer_config *config, struct concentrator_dialer **dialer,
                             char *problem);
void concentrator_dialer_close(struct concentrator_dialer *dialer);

/* Dial number `number`; config.opened follows from within concentrator_dialer_wait(). */
void concentrator_dialer_dial(struct concentrator_dialer *dialer, size_t number);
/* Send; what the socket does not take waits. */
void concentrator_dialer_send(struct concentrator_dialer *dialer, size_t number, struct span bytes);
/* Hang up; config.closed is not called. */
void concentrator_dialer_hang_up(struct concentrator_dialer *dialer, size_t number);

/* Wait for the network, or for a signal to stop, at most wait_ms.
 * returns  false: asked to stop */
bool concentrator_dialer_wait(struct concentrator_dialer *dialer, int wait_ms);

/* Connections that stand. */
size_t concentrator_dialer_connected(const struct concentrator_dialer *dialer);

#endif
