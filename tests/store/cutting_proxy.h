/* Stands between a program and a PostgreSQL server, and cuts the connection where it is told: the line fails, the server
 * does not. */
#ifndef TESTS_STORE_CUTTING_PROXY_H
#define TESTS_STORE_CUTTING_PROXY_H

#include <stddef.h>

enum proxy_cut {
    PROXY_CUT_BEFORE, /* the request does not arrive */
    PROXY_CUT_WITHIN, /* a part of it does */
    PROXY_CUT_AFTER,  /* it arrives, its answer does not come back */
    PROXY_CUT_COUNT
};

struct cutting_proxy;

/* Listen in a folder of its own and pass everything on to the server whose socket is `server`, from a thread of its own. Ends
 * the test when it cannot. */
struct cutting_proxy *cutting_proxy_open(const char *server);
void cutting_proxy_close(struct cutting_proxy *proxy);

/* The folder that holds its socket: host=... of a path. */
const char *cutting_proxy_host(const struct cutting_proxy *proxy);

/* Cut at the `requests`-th request from now on (1 is the next), once. */
void cutting_proxy_cut(struct cutting_proxy *proxy, unsigned requests, enum proxy_cut cut);

/* Cuts so far. */
unsigned cutting_proxy_cuts(struct cutting_proxy *proxy);

#endif
