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

/* The token of the request: as bearer, or in the cookie of this name. Size 0: none. */
struct span session_token_find(struct exchange *exchange, const char *cookie_name);

/* The value of a cookie in "a=1; meterworks_session=...; b=2", a request's header. Size 0: none. */
struct span session_cookie_find(const char *header, const char *name);

/* Answer with the cookie; lifetime_s 0 takes it away. */
void session_cookie_set(struct exchange *exchange, const char *name, const char *token, int64_t lifetime_s);

int handle_session_open(struct exchange *exchange);
int handle_session_read(struct exchange *exchange);
int handle_session_close(struct exchange *exchange);
int handle_demo_session_open(struct exchange *exchange);

#endif
