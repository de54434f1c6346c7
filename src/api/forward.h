/* A request that a core elsewhere answers, from the side of libmicrohttpd: its connection sleeps until there is something
 * to say. Internal to the room. */
#ifndef API_FORWARD_H
#define API_FORWARD_H

#include <microhttpd.h>

#include "api/exchange.h"

struct forward;

/* Does this process answer changes by asking a core elsewhere? */
bool forward_is_offered(const struct exchange *exchange);

/* Mark the exchange as one for the core: what its handler has answered is not sent.
 * returns  -1, for handlers to return */
int forward_choose(struct exchange *exchange);

/* Send the request.
 * target   path and query as they came
 * returns  0 with *out for forward_end or forward_response; API_ERR_TARGET, API_ERR_NO_CORE, API_ERR_BUSY, API_ERR_MEMORY */
int forward_begin(struct exchange *exchange, const char *method, const char *target, struct MHD_Connection *connection,
    struct forward **out);

/* returns  1 the answer has begun; 0 the connection sleeps, and is asked again when it wakes; API_ERR_NO_CORE,
 *          API_ERR_BUSY, API_ERR_OUTCOME */
int forward_await(struct forward *forward);

/* After forward_await said 1. The forward is the response's from now on, also when NULL (no memory) comes. */
struct MHD_Response *forward_response(struct forward *forward, unsigned *status);

/* Accepts NULL. */
void forward_end(void *forward);

/* Let the core note that the session is used, by a question that nobody waits for.
 * target  a cheap one of the session's kind */
void forward_keep_awake(struct exchange *exchange, const char *target);

#endif
