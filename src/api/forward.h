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

/* Somebody takes a list away: the core notes who, and the list itself is made here. It gets the same request with this header, so
 * that it checks session and rights as if it were to answer, writes the audit, and answers 204. Then this process answers. */
#define FORWARD_NOTE_HEADER "X-Meterworks-Note"

/* An operation of the core in a process without one: the core is asked, unless it has noted what there is to note.
 * returns  0 it has; -1, for handlers to return */
int forward_operation(struct exchange *exchange, enum core_operation operation);

/* At the core: it has noted, and another process answers. -1 */
int forward_note_answer(struct exchange *exchange);

/* After forward_await said 1: has the core noted, so that this process answers now? The forward has been ended then, and the
 * exchange is as before its dispatch. */
bool forward_was_note(struct forward *forward, struct exchange *exchange);

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
