/* What the parts of the server show one another. Internal to the room. */
#ifndef API_API_SERVER_INTERNAL_H
#define API_API_SERVER_INTERNAL_H

#include "api/api_server.h"

struct live_streams;
struct open_guard;
struct sign_in_guard;
struct books_check;
struct connection_watch;
struct exchange;
struct request;

struct live_streams *api_server_streams(struct api_server *server);

struct open_guard *api_server_guard(struct api_server *server);

struct sign_in_guard *api_server_sign_in_guard(struct api_server *server);

struct books_check *api_server_books_check(struct api_server *server);

struct connection_watch *api_server_watch(struct api_server *server);

/* Seconds since the server began to listen. */
int64_t api_server_uptime_s(const struct api_server *server);

/* Answer the API's part of a request: find the route, the caller, the permission, read the fields, call the handler.
 * Everything that the answer needs is in the exchange afterwards. Calls nothing of libmicrohttpd. */
void api_dispatch(struct exchange *exchange, const char *method);

/* The same for a path below OPEN_ROUTE_PREFIX. */
void open_dispatch(struct exchange *exchange, const char *method);

#endif
