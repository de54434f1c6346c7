/* Who asks: from cookie or bearer token to a caller. Internal to the room. */
#ifndef API_SESSION_H
#define API_SESSION_H

#include "api/exchange.h"

#define SESSION_COOKIE "meterworks_session"

/* Find the session that the request names and fill exchange->caller; keeps it awake.
 * returns  0; API_ERR_SIGNED_OUT (no session, over, or its person is disabled); -1 answered with an error */
int session_find(struct exchange *exchange);

/* For methods that change something: does the request carry the session's CSRF token? Bearer tokens need none, because no
 * browser sends them by itself. 0 or API_ERR_CSRF. */
int session_csrf_check(const struct exchange *exchange);

int handle_session_open(struct exchange *exchange);
int handle_session_read(struct exchange *exchange);
int handle_session_close(struct exchange *exchange);
int handle_demo_session_open(struct exchange *exchange);

#endif
